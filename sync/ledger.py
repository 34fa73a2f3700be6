"""Where this installation stands with a remote: memory, quota, who may speak, what went wrong."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

import sqlalchemy as sa

from policy.towntime import town_day
from sync import links, orders, patience, window
from sync.link_tables import LINKS, MOVED, REMOTE_CALLS, REMOTE_TABLES, REMOTES, Tie
from sync.outside import CARRIED
from sync.remote import Cells, LostTurn, Memory, RemoteError, Silence, copied
from sync.schema import Moment
from sync.store import Reading, Row, Store, Writing

LEASE = timedelta(seconds=90)  # longer than any request: each one takes it anew before it leaves
STAMP_BYTES = 12

# Asked before each call: composed once.
_NOW = sa.select(sa.type_coerce(sa.func.current_timestamp(), Moment()))
_STATE = sa.select(REMOTES).where(REMOTES.c.name == sa.bindparam("of_remote"))
_HOLDING = _STATE.with_for_update()
_TABLES = sa.select(REMOTE_TABLES).where(REMOTE_TABLES.c.remote == sa.bindparam("of_remote"))
_COUNTING = (
    sa.update(REMOTE_CALLS)
    .where(REMOTE_CALLS.c.remote == sa.bindparam("of_remote"), REMOTE_CALLS.c.day == sa.bindparam("of_day"))
    .values(calls=REMOTE_CALLS.c.calls + 1)
)

Now = Callable[[Reading], datetime]


def database_clock(tx: Reading) -> datetime:
    """The moment as the database has it: the one clock that two workers share."""
    return tx.scalar(_NOW)  # type: ignore[no-any-return]


def state(tx: Reading, remote: str) -> Row | None:
    """The row of a remote; ``None`` before ``setup``."""
    return tx.row(_STATE, {"of_remote": remote})


def enter(store: Store, remote: str, label: str, limit: datetime, **first: Any) -> str:
    """The stamp of this installation with a remote; all that goes out waits to be told, or compared again.

    Said each time: another remote may have been spoken to meanwhile, or more of a record may go out by now.
    ``first``: what else its row holds, the first time.
    """
    with store.writing() as tx:
        there = state(tx, remote)
        stamp = str(there["stamp"]) if there else secrets.token_hex(STAMP_BYTES)
        if there is None:
            values = {"name": remote, "label": label, "stamp": stamp, "memory": "{}", **first}
            tx.connection.execute(sa.insert(REMOTES).values(values))
        tell_all(tx, limit)
        return stamp


def last_named(tx: Reading) -> Row | None:
    """The remote that the settings name, as a worker last saw them; before any did, the last spoken to."""
    latest = (
        REMOTES.c.named_at.is_(None), REMOTES.c.named_at.desc(),
        REMOTES.c.looked_at.is_(None), REMOTES.c.looked_at.desc(), REMOTES.c.name,
    )  # fmt: skip
    return tx.row(sa.select(REMOTES).order_by(*latest).limit(1))


def elsewhere(tx: Writing, remote: str, place: str, at: datetime) -> None:
    """The settings name another base or spreadsheet of that service: no row that we know is there.

    What both sides agreed on is compared again with the rows that bear our ids, if there are any. What waited
    to be welcomed, or was refused, stays where it was typed.
    """
    ours = LINKS.c.remote == remote
    purged = sa.select(sa.func.count()).where(ours, LINKS.c.tie == Tie.PURGED.value)
    if left := int(tx.scalar(purged)):
        words = (
            f"{left} ligne(s) restaient à effacer dans l’ancienne base (ou l’ancien classeur), où le guichet "
            "n’écrit plus : effacez-les-y vous-même, ou supprimez cette base."
        )
        orders.tell(tx, remote, f"ancienne:{at.isoformat()}", words, at)
    tx.connection.execute(
        sa.delete(LINKS).where(ours, sa.or_(LINKS.c.record.is_(None), LINKS.c.tie == Tie.PURGED.value))
    )
    out = LINKS.c.tie.in_([Tie.OUT.value, Tie.LEAVING.value])
    nothing = dict.fromkeys((*links.JSON,), "{}")
    tx.connection.execute(
        sa.update(LINKS).where(ours).values(
            **nothing, key=None, mark="", first_look=0, absences=0, told=None, agreed_at=None,
            tie=sa.case((out, Tie.OUT.value), else_=Tie.LINKED.value), open=sa.not_(out),
        )
    )  # fmt: skip
    tx.connection.execute(sa.delete(REMOTE_TABLES).where(REMOTE_TABLES.c.remote == remote))
    change(tx, remote, place=place, memory="{}", listed_at=None, identity=None, held_since=None)


def tell_all(tx: Writing, limit: datetime) -> None:
    """Every record of the window waits to be told."""
    for table in CARRIED:
        told = [
            {"table_name": table, "record": record, "mark": "tout"}
            for record in window.everything(tx, table, limit)
        ]
        there = sa.delete(MOVED).where(MOVED.c.table_name == table)
        tx.connection.execute(there)
        if told:
            tx.connection.execute(sa.insert(MOVED), told)


def memory(row: Row) -> Memory:
    """What the remote keeps between two looks."""
    return json.loads(row["memory"])  # type: ignore[no-any-return]


def remember(tx: Writing, remote: str, kept: Memory, **values: Any) -> None:
    """Keep the remote's memory, and what else is known of it now."""
    text = json.dumps(kept, ensure_ascii=False)
    change(tx, remote, memory=text, **values)


def change(tx: Writing, remote: str, **values: Any) -> None:
    """Change the row of a remote."""
    given = {f"new_{name}": value for name, value in values.items()}
    tx.connection.execute(_changing(tuple(values)), {"of_remote": remote, **given})


def tables(tx: Reading, remote: str) -> dict[str, Row]:
    """What is known of each table there, by its name."""
    rows = tx.rows(_TABLES, {"of_remote": remote})
    return {row["table_name"]: row for row in rows}


def paused(row: Row) -> dict[str, str]:
    """The columns of a table that are not touched, and why."""
    return json.loads(row["paused"])  # type: ignore[no-any-return]


def of_table(tx: Writing, remote: str, table: str, **values: Any) -> None:
    """Change what is known of a table there."""
    where = (REMOTE_TABLES.c.remote == remote, REMOTE_TABLES.c.table_name == table)
    if tx.row(sa.select(REMOTE_TABLES.c.remote).where(*where)) is None:
        tx.connection.execute(sa.insert(REMOTE_TABLES).values(remote=remote, table_name=table, **values))
    else:
        tx.connection.execute(sa.update(REMOTE_TABLES).where(*where).values(values))


def take_lease(store: Store, remote: str, me: str, now: Now = database_clock) -> bool:
    """Whether this worker may speak to the remote from now on; another's lease must lapse first."""
    with store.writing() as tx:
        return _lease(tx, remote, me, now(tx))


def let_go(store: Store, remote: str, me: str) -> None:
    """Leave the remote to another worker."""
    with store.writing() as tx:
        where = (REMOTES.c.name == remote, REMOTES.c.leased_to == me)
        tx.connection.execute(sa.update(REMOTES).where(*where).values(leased_to=None, leased_until=None))


def before_a_call(
    store: Store, remote: str, me: str, day: date, most: int, now: Now = database_clock
) -> None:
    """Take the lease anew and count the call. Raises ``RemoteError`` for a worker that lost its turn.

    ``most``: how many calls the month may have, 0 for any number.
    """
    with store.writing() as tx:
        if not _lease(tx, remote, me, now(tx)):
            raise LostTurn("Une autre horloge parle déjà à la table : la sienne suffit.", applied=False)
        if most and calls_of_month(tx, remote, day) >= most:
            raise RemoteError(
                f"Les {most} appels que la ville accorde chaque mois sont faits : la table attendra le mois "
                "prochain, ou un plus grand nombre dans les règles de la ville.",
                again=False, applied=False, person=True,
            )  # fmt: skip
        count_call(tx, remote, day)


def calls_of_month(tx: Reading, remote: str, day: date) -> int:
    """The calls of the month of this day."""
    query = sa.select(sa.func.coalesce(sa.func.sum(REMOTE_CALLS.c.calls), 0)).where(
        REMOTE_CALLS.c.remote == remote,
        REMOTE_CALLS.c.day >= day.replace(day=1),
        REMOTE_CALLS.c.day <= day,
    )
    return int(tx.scalar(query))


def reserve(store: Store, remote: str, count: int) -> int:
    """The first of ``count`` integers that this remote was never given."""
    with store.writing() as tx:
        raised = sa.update(REMOTES).where(REMOTES.c.name == remote)
        raised = raised.values(reserved=REMOTES.c.reserved + count).returning(REMOTES.c.reserved)
        last: int = tx.connection.execute(raised).scalar_one()
        return last - count + 1


def known(store: Store, remote: str, table: str, keys: Sequence[str]) -> Mapping[str, Cells]:
    """The rows there as they were last read or written, by key."""
    with store.reading() as tx:
        return {key: link.there for key, link in links.of_keys(tx, remote, table, keys).items()}


def failed(store: Store, remote: str, error: RemoteError, at: datetime) -> None:
    """Keep what went wrong, since when, and until when it is useless to ask again."""
    with store.writing() as tx:
        row = state(tx, remote)
        if row is None:
            return
        since = row["failing_since"] or at
        change(
            tx,
            remote,
            error=error.words,
            failing_since=since,
            silent_until=patience.until(at, since, error.wait, row["stamp"]),
            asked_until=patience.asked_until(at, error.wait, error.asked, row["stamp"]),
            needs_person=error.person,
        )


def stay(
    store: Store,
    row: Row,
    at: datetime,
    *,
    take_over: bool = False,
    fail: Callable[[Store, str, RemoteError, datetime], None] = failed,
    keep: Callable[..., None] = change,
) -> None:
    """Speak from where this database lives; a copy of the one that speaks is refused with ``RemoteError``.

    ``take_over``: a person says that the other does not serve any more. ``fail`` and ``keep`` write in the
    ledger that ``row`` is of.
    """
    if row["home"] == store.home:
        return
    if row["home"] is not None and not take_over:
        fail(store, row["name"], copied(), at)
        raise copied()
    with store.writing() as tx:
        keep(tx, row["name"], home=store.home)


def went_well(store: Store, remote: str, at: datetime) -> None:
    """An exchange went to its end."""
    with store.writing() as tx:
        change(
            tx, remote, agreed_at=at, error=None, failing_since=None, silent_until=None, asked_until=None,
            needs_person=False,
        )  # fmt: skip


def refuse_too_soon(row: Row, label: str, at: datetime) -> None:
    """Raise ``Silence`` while the service asked to be left alone, whoever is in a hurry."""
    if row["asked_until"] is not None and at < row["asked_until"]:
        left = (row["asked_until"] - at).total_seconds()
        told = f"{ceil(left)} secondes" if left <= 90 else f"{ceil(left / 60)} minutes"
        words = f"{label} a demandé d'attendre, encore {told} : rien ne lui a été demandé."
        raise Silence(words, wait=left, applied=False)


def waiting(tx: Reading, remote: str) -> int:
    """How many records have something that the other side was not told yet."""
    moved = tx.scalar(sa.select(sa.func.count()).select_from(MOVED))
    open_ones = sa.select(sa.func.count()).where(LINKS.c.remote == remote, LINKS.c.open.is_(True))
    return int(moved) + int(tx.scalar(open_ones))


def _lease(tx: Writing, remote: str, me: str, moment: datetime) -> bool:
    row = tx.row(_HOLDING, {"of_remote": remote})
    if row is None:
        return False
    if row["leased_to"] not in (None, me) and row["leased_until"] > moment:
        return False
    change(tx, remote, leased_to=me, leased_until=moment + LEASE)
    return True


def count_call(tx: Writing, remote: str, day: date) -> None:
    """One call more that day."""
    done = tx.connection.execute(_COUNTING, {"of_remote": remote, "of_day": day})
    if not done.rowcount:
        tx.connection.execute(sa.insert(REMOTE_CALLS).values(remote=remote, day=day, calls=1))


@lru_cache(maxsize=50)
def _changing(names: tuple[str, ...]) -> sa.Update:
    values = {name: sa.bindparam(f"new_{name}", type_=REMOTES.c[name].type) for name in names}
    return sa.update(REMOTES).where(REMOTES.c.name == sa.bindparam("of_remote")).values(values)


def day_in_town(at: datetime) -> date:
    """The day by which calls and put-backs are counted."""
    return town_day(at)
