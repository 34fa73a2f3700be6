"""The exchange with the town's table, as the ways in begin it: which remote, under which of its values."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from desk import inbound, town
from desk.house import House
from desk.services import Named, spoken_to
from policy.reasons import Refused
from policy.rules import Rules, identity_may_leave
from policy.towntime import town_day
from sync import ledger, moved, orders, outside, rebuild, window
from sync.crossing import Crossing, Tally
from sync.exchange import crossing, exchange
from sync.pace import Pace
from sync.remote import BY_HAND, LostTurn, Memory, Remote, RemoteError
from sync.rhythm import Rhythm
from sync.store import Reading

Clock = Callable[[], datetime]

MONTHS = 12  # a closed file stays there, until the town says otherwise
PREPARING = "mise en place"  # who paused what ``setup`` has not finished
NOT_READY = "la mise en place n'est pas finie : « python -m sync setup »."
MOVED_AWAY = (
    "les réglages nomment une autre base (ou un autre classeur) qu'avant, qui n'est pas prête : "
    "« python -m sync setup »."
)


class Chosen(Protocol):
    """What of the settings a remote is made of."""

    @property
    def remote(self) -> str: ...
    @property
    def airtable_token(self) -> SecretStr | None: ...
    @property
    def airtable_base(self) -> str | None: ...
    @property
    def airtable_endpoint(self) -> str: ...
    @property
    def sheets_credentials(self) -> Path | None: ...
    @property
    def sheets_id(self) -> str | None: ...
    @property
    def sheets_endpoint(self) -> str | None: ...


class Post:
    """Where this process speaks to the town's table: the remote, its pace, the name of this worker."""

    def __init__(self, house: House, remote: Remote, of: Pace, clock: Clock, me: str) -> None:
        self.house = house
        self.remote = remote
        self._pace = of
        self._clock = clock
        self._me = me
        self._inbound = inbound.Desk(house, clock, remote.label)
        self._is_named = False
        self.by_hand: list[str] = []  # what the last ``setup`` left for a person to do there, in French

    @property
    def label(self) -> str:
        """What people call the remote."""
        return self.remote.label

    def crossing(self, *, identity: bool = False) -> Crossing:
        """An exchange about to begin, under what the town has decided today.

        ``identity``: it decided that citizens' identity goes out, whatever the store says of it (R-83).
        """
        at = self._clock()
        rules, decided = self._values(town_day(at))
        identity = identity or decided
        months, quota = (rules.remote_months, rules.remote_quota) if rules else (MONTHS, 0)
        return crossing(
            self.house.store, self.remote, self._inbound, outside.shapes(identity), self._clock, self._pace,
            self._me, window.since(at, months), quota,
        )  # fmt: skip

    def exchange(self, *, whole: bool = False, again: bool = False, rebuilding: bool = False) -> Tally:
        """Do all that is due, once. Raises ``RemoteError``, also when another worker speaks to the remote."""
        self.name()
        with self.house.store.reading() as tx:
            row = ledger.state(tx, self.remote.name)
        if row is not None and row["paused_by"] == PREPARING:
            why = f"{self.remote.label} : {row['paused_why']}"
            raise RemoteError(why, again=False, applied=False, person=True)
        with self.turn() as (given, _):
            if rebuilding and self._decided_there(given):
                given = self.crossing(identity=True)
            given.rebuilding = rebuilding
            return exchange(given, whole=whole, again=again)

    def _decided_there(self, given: Crossing) -> bool:
        """R-83: whether the table says that the town lets identity out, while a store that was lost does not.

        It is asked before the exchange: what goes with identity would else not come back.
        """
        day = town_day(self._clock())
        if self._values(day)[1]:
            return False
        return identity_may_leave(rebuild.rules_there(given), day)

    def setup(self, *, take_over: bool = False) -> list[str]:
        """Make there what is missing, under this installation's stamp; what was done, in French.

        ``take_over``: a person says that no other installation speaks there any more.
        """
        name, store = self.remote.name, self.house.store
        stamp = self.enter()
        with self.turn(take_over=take_over) as (given, memory):
            done, kept = self.remote.setup(given.line, given.shapes, memory, stamp, take_over=take_over)
            self.by_hand = list(kept.get(BY_HAND, ()))
            with store.writing() as tx:
                anew = dict.fromkeys(("silent_until", "asked_until", "listed_at"))
                ledger.remember(tx, name, kept, needs_person=False, **anew)
                row = ledger.state(tx, name)
                if row is not None and row["paused_by"] == PREPARING:
                    orders.resume(tx, name)
        return done

    def enter(self) -> str:
        """The stamp of this installation. A remote new to the ledger is paused until ``setup`` is through.

        Tables that are not there yet would else be taken for tables that a person deleted.
        """
        name, label, given = self.remote.name, self.remote.label, self.crossing()
        store, place, at = self.house.store, self.remote.place, self._clock()
        paused = {"paused_at": at, "paused_by": PREPARING, "paused_why": NOT_READY}
        stamp = ledger.enter(store, name, label, given.limit, **paused, named_at=at, place=place)
        with store.writing() as tx:
            row = ledger.state(tx, name)
            if row is not None and row["place"] not in (None, place):
                ledger.elsewhere(tx, name, place, at)
        return stamp

    def name(self) -> None:
        """Keep which table the settings name, once: one not ready is said to be so, wherever one looks.

        One that this installation spoke to before, and that it left for another, is told of everything again.
        """
        if self._is_named:
            return
        store, name, place, at = self.house.store, self.remote.name, self.remote.place, self._clock()
        with store.reading() as tx:
            row, last = ledger.state(tx, name), ledger.last_named(tx)
        if row is None:
            self.enter()
        elif row["place"] not in (None, place):
            with store.writing() as tx:
                paused = {
                    "paused_at": row["paused_at"] or at,
                    "paused_by": PREPARING,
                    "paused_why": MOVED_AWAY,
                }
                ledger.change(tx, name, **paused, named_at=at)
        else:
            again = last is not None and last["name"] != name
            if again:
                ledger.enter(store, name, self.remote.label, self.crossing().limit)
            with store.writing() as tx:
                ledger.change(tx, name, named_at=at, place=place, **({"listed_at": None} if again else {}))
        if last is not None and last["name"] != name:
            with store.writing() as tx:
                ledger.change(tx, last["name"], error=None, failing_since=None, needs_person=False)
        self._is_named = True

    def check(self) -> list[str]:
        """What differs there from what ``setup`` would make, in French."""
        with self.turn() as (given, memory):
            return self.remote.check(given.line, given.shapes, memory)

    def probe(self) -> Mapping[str, str]:
        """What the service does, tried on scratch rows; the answers are kept."""
        with self.turn() as (given, memory):
            answers = self.remote.probe(given.line, memory)
            with self.house.store.writing() as tx:
                ledger.remember(tx, self.remote.name, {**memory, "probe": dict(answers)})
        return answers

    def rebuild(self) -> Tally:
        """Fill again, on a person's word, whichever side was emptied; what was done."""
        given = self.crossing()
        rebuild.refill(given)
        return self.exchange(whole=True, again=True, rebuilding=True)

    def pause(self) -> str:
        """Why a person paused the exchange; empty when nobody did."""
        with self.house.store.reading() as tx:
            row = ledger.state(tx, self.remote.name)
        return str(row["paused_why"]) if row is not None and row["paused_at"] is not None else ""

    def is_due(self) -> bool:
        """Whether there is something to do now: the rhythm of the town, a save, or a person's order."""
        self.name()
        at = self._clock()
        rules, _ = self._values(town_day(at))
        with self.house.store.reading() as tx:
            row = ledger.state(tx, self.remote.name)
            if row is None or row["paused_at"] is not None:
                return False
            if row["silent_until"] is not None and at < row["silent_until"]:
                return False
            if row["woken_at"] is not None or row["looked_at"] is None:
                return True
            if at >= _next(tx, self.remote.name, row["looked_at"], rules):
                return True
            return row["restored_at"] is None and not row["needs_person"] and moved.is_any(tx)

    @contextmanager
    def turn(self, *, take_over: bool = False) -> Iterator[tuple[Crossing, Memory]]:
        """This worker's turn to speak, and what the remote remembers. Raises ``RemoteError``.

        A copy of the database that speaks there has none, unless a person lets it ``take_over``.
        """
        name, store = self.remote.name, self.house.store
        with store.reading() as tx:
            row = ledger.state(tx, name)
        if row is None:
            raise RemoteError("Rien n'est préparé : « python -m sync setup » d'abord.", applied=False)
        ledger.refuse_too_soon(row, self.label, self._clock())
        ledger.stay(store, row, self._clock(), take_over=take_over)
        if not ledger.take_lease(store, name, self._me):
            raise LostTurn("Une autre horloge parle déjà à la table : la sienne suffit.", applied=False)
        try:
            yield self.crossing(), ledger.memory(row)
        finally:
            ledger.let_go(store, name, self._me)

    def _values(self, day: date) -> tuple[Rules | None, bool]:
        """What the town decided; a store that lost everything has no rules yet, and lets no identity out."""
        with self.house.store.reading() as tx:
            try:
                return town.rules_in_force(tx, day), identity_may_leave(town.rules(tx), day)
            except Refused:
                return None, False


def post(house: House, chosen: Chosen, clock: Clock, me: str) -> Post | None:
    """The post of these settings; ``None`` when the town has no table elsewhere.

    Raises ``RemoteError`` when what a service needs (a key's file) does not read.
    """
    named = Named(
        chosen.remote, chosen.airtable_token, chosen.airtable_base, chosen.airtable_endpoint,
        chosen.sheets_credentials, chosen.sheets_id, chosen.sheets_endpoint,
    )  # fmt: skip
    spoken = spoken_to(named)
    return Post(house, *spoken, clock, me) if spoken else None


def _next(tx: Reading, remote: str, last: datetime, rules: Rules | None) -> datetime:
    used = ledger.calls_of_month(tx, remote, town_day(last))
    rhythm = Rhythm(rules.remote_rhythm, rules.remote_quota, rules.remote_hours) if rules else Rhythm()
    return rhythm.next_look(last, used)
