"""How the town's table elsewhere goes: its health, what waits for a person, its pause, its thaw."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk.town import rules_in_force
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from sync import ledger, orders
from sync.link_tables import LINKS, MOVED, REMOTE_NOTICES, Tie
from sync.orders import Thaw as Thaw
from sync.outside import CARRIED
from sync.status import Status, status
from sync.store import Reading, Row
from sync.tables import TABLES
from sync.vanished import TO_COME

# What is told of a whole table names no row of it: who keeps the machine may read it.
OF_TABLES = ("gel:", "pause:", TO_COME)


@dataclass(frozen=True)
class TableHealth:
    """One table there. ``exchanged_at``: the last exchange that went to its end, when it was part of it.

    ``rows`` are tied to a record here, ``waiting`` still have something to tell or to take, ``missing`` are
    those whose disappearance froze it (``frozen_at``, ``frozen_why``). ``paused``: label of a column → why.
    """

    table: str
    label: str
    exchanged_at: datetime | None
    rows: int
    waiting: int
    withdrawn: int
    missing: int
    frozen_at: datetime | None
    frozen_why: str
    paused: Mapping[str, str]


@dataclass(frozen=True)
class Notice:
    """What a person is told once."""

    key: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Health(Status):
    """How it goes with the town's table, as this visit may know it. ``quota``: calls a month, 0 for any."""

    quota: int
    tables: tuple[TableHealth, ...]
    notices: tuple[Notice, ...]
    settles: bool  # whether this visit may settle disputes and thaw tables

    @property
    def frozen(self) -> tuple[TableHealth, ...]:
        """The tables that wait for a person's word."""
        return tuple(table for table in self.tables if table.frozen_at is not None)

    @property
    def is_well(self) -> bool:
        """Whether both sides agree and nobody has anything to do."""
        ill = (self.error, self.paused_at, self.restored_at, self.frozen, self.disputes, self.rejections)
        paused = any(table.paused for table in self.tables)
        return self.agreed_at is not None and not any(ill) and not paused and not self.waiting


def summary(visit: Visit) -> Health | None:
    """How it goes, for the director and who keeps the machine; ``None`` when the town has no table elsewhere.

    No value of a record is in it. Raises ``Refused``.
    """
    with visit.reading() as counter:
        return health(counter)


def health(counter: Counter[Reading]) -> Health | None:
    """The same in an act under way. Raises ``Refused``."""
    refuse_unless(counter.person, Deed.SEE_REMOTE)
    row = current(counter.tx)
    return None if row is None else _health(counter, row)


def current(tx: Reading) -> Row | None:
    """The row of the remote that the settings name; ``None`` when there never was one."""
    return ledger.last_named(tx)


def pause(visit: Visit, remote: str, reason: str) -> str:
    """Stop speaking to the remote until ``resume``; what is said. Raises ``Refused`` without a reason."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.PAUSE_REMOTE)
        row = _known(counter.tx, remote)
        if row["paused_at"] is not None:
            return f"Déjà en pause, par {row['paused_by']}."
        if not reason.strip():
            raise refused("Écrivez le motif de la pause.", "", "reason")
        orders.pause(counter.tx, remote, counter.person.name, reason.strip(), counter.at)
        return f"{row['label']} est en pause : rien n'y est lu ni écrit avant la reprise."


def resume(visit: Visit, remote: str) -> str:
    """Speak to the remote again, at once; what is said. Raises ``Refused``."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.PAUSE_REMOTE)
        row = _known(counter.tx, remote)
        orders.resume(counter.tx, remote)
        orders.wake(counter.tx, counter.at)
        return f"Les échanges avec {row['label']} reprennent."


def wake(visit: Visit) -> str:
    """Ask for an exchange at once: the worker, not this screen, speaks to the remote; what is said."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.PAUSE_REMOTE)
        orders.wake(counter.tx, counter.at)
        return "Demandé : l'échange commence dans quelques secondes."


def confirm(visit: Visit, remote: str) -> str:
    """After a restore: the director says that this store may write there again; what is said."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_REMOTE)
        row = _known(counter.tx, remote)
        orders.confirm(counter.tx, remote)
        orders.wake(counter.tx, counter.at)
        return f"Confirmé : le guichet écrit de nouveau dans {row['label']}."


def thaw(visit: Visit, remote: str, table: str, how: Thaw) -> str:
    """Invariant 6: the director says what becomes of the rows that disappeared; what is said."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_REMOTE)
        found = ledger.tables(counter.tx, remote).get(table)
        if found is None or found["frozen_at"] is None:
            return f"« {TABLES[table].label} » n'est plus gelée : quelqu'un l'a déjà dégelée."
        orders.thaw(counter.tx, remote, table, how, counter.at, counter.person.name)
        return f"« {TABLES[table].label} » est dégelée : ses échanges reprennent."


def heard(visit: Visit, remote: str, key: str) -> None:
    """A notice was read. Reading it twice changes nothing."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SEE_REMOTE)
        if not _may_read(counter, key):
            refuse_unless(counter.person, Deed.SETTLE_REMOTE)
        unread = sa.select(REMOTE_NOTICES.c.seen_at).where(
            REMOTE_NOTICES.c.remote == remote, REMOTE_NOTICES.c.key == key
        )
        row = counter.tx.row(unread)
        if row is not None and row["seen_at"] is None:
            orders.heard(counter.tx, remote, key, counter.person.name, counter.at)


def _known(tx: Reading, remote: str) -> Row:
    row = ledger.state(tx, remote)
    if row is None:
        raise refused("La ville ne parle plus à cette table.")
    return row


def _health(counter: Counter[Reading], row: Row) -> Health:
    tx, name = counter.tx, str(row["name"])
    found = status(tx, name, counter.at)
    if found is None:
        raise LookupError(name)
    return Health(
        **vars(found),
        quota=rules_in_force(tx, counter.today).remote_quota,
        tables=_tables(tx, row, _ties(tx, name)),
        notices=_notices(counter, name),
        settles=may(counter.person, Deed.SETTLE_REMOTE),
    )


def _ties(tx: Reading, remote: str) -> dict[tuple[str, str], int]:
    query = sa.select(LINKS.c.table_name, LINKS.c.tie, sa.func.count().label("count"))
    left_out = sa.and_(LINKS.c.tie == Tie.WITHDRAWN.value, LINKS.c.told.is_not(None))
    rows = tx.rows(
        query.where(LINKS.c.remote == remote, sa.not_(left_out)).group_by(LINKS.c.table_name, LINKS.c.tie)
    )
    return {(row["table_name"], row["tie"]): row["count"] for row in rows}


def _counts(tx: Reading, column: Any, *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    query = sa.select(column.label("name"), sa.func.count().label("count")).where(*conditions)
    return {row["name"]: row["count"] for row in tx.rows(query.group_by(column))}


def _tables(tx: Reading, remote: Row, ties: Mapping[tuple[str, str], int]) -> tuple[TableHealth, ...]:
    name = remote["name"]
    ours = LINKS.c.remote == name
    left = _counts(tx, LINKS.c.table_name, ours, LINKS.c.open.is_(True))
    moved = _counts(tx, MOVED.c.table_name)
    missing = _counts(tx, LINKS.c.table_name, ours, LINKS.c.absences > 0, LINKS.c.tie == Tie.LINKED.value)
    known = ledger.tables(tx, name)
    carried = {table for table, _ in ties} | known.keys()
    return tuple(
        _table(remote, table, known.get(table), ties, left.get(table, 0) + moved.get(table, 0), missing)
        for table in CARRIED
        if table in carried
    )


def _table(
    remote: Row,
    table: str,
    row: Row | None,
    ties: Mapping[tuple[str, str], int],
    waiting: int,
    missing: Mapping[str, int],
) -> TableHealth:
    frozen_at = row["frozen_at"] if row else None
    paused = json.loads(row["paused"]) if row else {}
    labels = {field.name: field.label for field in TABLES[table].fields}
    return TableHealth(
        table=table,
        label=TABLES[table].label,
        exchanged_at=None if frozen_at else remote["agreed_at"],
        rows=ties.get((table, Tie.LINKED.value), 0),
        waiting=waiting,
        withdrawn=ties.get((table, Tie.WITHDRAWN.value), 0),
        missing=missing.get(table, 0),
        frozen_at=frozen_at,
        frozen_why=(row["frozen_why"] or "") if row else "",
        paused={labels.get(column, column): why for column, why in paused.items()},
    )


def _notices(counter: Counter[Reading], remote: str) -> tuple[Notice, ...]:
    query = sa.select(REMOTE_NOTICES).where(
        REMOTE_NOTICES.c.remote == remote, REMOTE_NOTICES.c.seen_at.is_(None)
    )
    rows = counter.tx.rows(query.order_by(REMOTE_NOTICES.c.at.desc(), REMOTE_NOTICES.c.key))
    return tuple(
        Notice(row["key"], row["words"], row["at"]) for row in rows if _may_read(counter, row["key"])
    )


def _may_read(counter: Counter[Any], key: str) -> bool:
    """A notice about one row names it: it is the director's."""
    return key.startswith(OF_TABLES) or may(counter.person, Deed.SETTLE_REMOTE)
