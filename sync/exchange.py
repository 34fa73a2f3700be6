"""One exchange with a remote: gather what moved on both sides, judge, carry (sync invariants 1 to 10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from policy.reasons import Refused
from sync import gather, ledger, links, push, take, withheld
from sync.crossing import Crossing, Tally
from sync.inbound import Inbound
from sync.link_tables import Tie
from sync.meanwhile import Meanwhile
from sync.pace import Pace
from sync.remote import Line, Look, LostTurn, Remote, RemoteError, Shape, stranger
from sync.store import Row, Store
from sync.unexpected import unforeseen

A_DAY = timedelta(days=1)
AUDIT = timedelta(days=30)  # between two full readings, whatever the feed says


def crossing(
    store: Store,
    remote: Remote,
    inbound: Inbound,
    shapes: tuple[Shape, ...],
    clock: Callable[[], datetime],
    pace: Pace,
    me: str,
    limit: datetime,
    most: int = 0,
    now: ledger.Now = ledger.database_clock,
) -> Crossing:
    """An exchange about to begin. ``me`` names this worker; ``most`` bounds a month's calls (0: none)."""
    tally, meanwhile = Tally(), Meanwhile(pace.clock)

    def turn() -> None:
        pace.turn(meanwhile.work)
        ledger.before_a_call(store, remote.name, me, ledger.day_in_town(clock()), most, now)
        tally.calls += 1

    line = Line(
        turn,
        lambda count: ledger.reserve(store, remote.name, count),
        lambda table, keys: ledger.known(store, remote.name, table, keys),
        meanwhile.brought,
    )
    return Crossing(store, remote, inbound, shapes, line, clock, limit, tally=tally, meanwhile=meanwhile)


def exchange(given: Crossing, *, whole: bool = False, again: bool = False) -> Tally:
    """Do all that is due, once; what it did. ``whole``: read everything, not only what moved.

    ``again``: whatever waits for a second look gets it at once. Nothing is done while the remote is paused.
    Raises ``RemoteError``, kept in the ledger: doing it again is harmless.
    """
    with given.store.reading() as tx:
        row = ledger.state(tx, given.name)
    if row is None:
        raise RemoteError(
            "Rien n'est encore préparé de ce côté : « python -m sync setup » d'abord.",
            again=False, applied=False, person=True,
        )  # fmt: skip
    if row["paused_at"] is not None:
        return given.tally
    try:
        _exchange(given, row, whole, again)
    except (LostTurn, Refused):
        raise
    except RemoteError as error:
        ledger.failed(given.store, given.name, error, given.clock())
        raise
    except Exception as fault:  # noqa: BLE001 - else it would be tried again each second, told to nobody
        stopped = unforeseen(fault)
        ledger.failed(given.store, given.name, stopped, given.clock())
        raise stopped from None
    ledger.went_well(given.store, given.name, given.clock())
    return given.tally


def _exchange(given: Crossing, row: Row, whole: bool, again: bool) -> None:
    audit = whole or row["listed_at"] is None or given.clock() - row["listed_at"] > AUDIT or _seeks(given)
    if row["restored_at"] is not None and not given.rebuilding:
        gather.jump_past_numbers(given, looked(given, True, quiet=True))
        return
    kept_here = withheld.fields(given.shapes)
    if kept_here and row["identity"] and not given.rebuilding:
        before = withheld.begun(given)
        withheld.empty(before, looked(before, True), kept_here)
        audit = True  # the columns are others
    elif not kept_here and not row["identity"]:
        with given.writing() as tx:
            ledger.change(tx, given.name, identity=True)
            if row["identity"] is not None:  # it was emptied there once
                ledger.tell_all(tx, given.limit)
    look = looked(given, audit, early=not given.rebuilding)
    gather.note(given, look, whole=audit)
    _window(given, row, audit)
    take.enter_moved(given)
    waiting = take.all_open(given)
    if waiting and again:
        given.patient = False
        gather.note(given, looked(given, False), whole=False)
        take.all_open(given)
    given.inbound.settle()
    take.enter_moved(given)
    push.all_open(given)
    push.confirm_purged(given)


def _window(given: Crossing, row: Row, audit: bool) -> None:
    """What leaves the window and, when the town made it longer, what enters it."""
    since = row["held_since"] or given.limit
    shorter, longer = given.limit - since > A_DAY, since - given.limit > A_DAY
    if audit or shorter or _is_first_of_the_day(given, row):
        take.open_those_that_leave(given)
    if longer:
        take.open_those_that_enter(given, since + 2 * A_DAY)  # what was kept may be a day old
    if row["held_since"] is None or shorter or longer:
        with given.writing() as tx:
            ledger.change(tx, given.name, held_since=given.limit)


def _is_first_of_the_day(given: Crossing, row: Row) -> bool:
    last = row["looked_at"]
    return last is None or ledger.day_in_town(last) != ledger.day_in_town(given.clock())


def _seeks(given: Crossing) -> bool:
    """Whether a purge order looks for a row that nothing but a full reading would find."""
    with given.store.reading() as tx:
        return any(link.key is None for link in links.of_tie(tx, given.name, Tie.PURGED))


def looked(given: Crossing, whole: bool, *, early: bool = False, quiet: bool = False) -> Look:
    """What a look brings. Raises ``RemoteError``, also for a remote of another installation.

    ``early``: rows may be noted as they come, while we wait for our turn. ``quiet``: it only reads.
    """
    with given.store.reading() as tx:
        row = ledger.state(tx, given.name)
        memory, stamp = (ledger.memory(row), row["stamp"]) if row else ({}, "")
        given.number = (row["looks"] if row else 0) + 1
    line = replace(given.line, quiet=quiet, stamp=stamp)
    if early and given.meanwhile is not None:
        given.meanwhile.begin(given, stamp)
    try:
        look = given.remote.look(line, given.shapes, memory, whole=whole)
    finally:
        if given.meanwhile is not None:
            given.meanwhile.end()
    if look.stamp is not None and look.stamp != stamp:
        raise stranger()
    return look
