"""Which records a remote holds: everything of the town's tables, open files and those closed not long ago."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from policy import confidentiality
from policy.roles import System
from policy.words import Role
from sync.link_tables import TOMBSTONES
from sync.schema import SQL
from sync.store import Reading

AT_ONCE = 500
DAYS_OF_A_MONTH = 31


class _Sync:
    """Who carries: a system, that sees of the files what the policy says."""

    id = System.SYNC.value
    roles: frozenset[Role] = frozenset()
    departments: frozenset[str] = frozenset()
    system = True


def since(now: datetime, months: int) -> datetime:
    """The moment before which a closed file has left the window, ``months`` being a value of the town."""
    return now - timedelta(days=months * DAYS_OF_A_MONTH)


def inside(tx: Reading, table: str, records: Sequence[str], limit: datetime) -> set[str]:
    """Those among the records that a remote holds; purged ones never."""
    found: set[str] = set()
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        rows = SQL[table]
        found |= set(tx.connection.scalars(_query(table, limit).where(rows.c.id.in_(some))))
        gone = sa.select(TOMBSTONES.c.record).where(
            TOMBSTONES.c.table_name == table, TOMBSTONES.c.record.in_(some)
        )
        found -= set(tx.connection.scalars(gone))
    return found


def everything(tx: Reading, table: str, limit: datetime) -> list[str]:
    """The ids of all the records of a table that a remote holds, in order."""
    gone = sa.select(TOMBSTONES.c.record).where(TOMBSTONES.c.table_name == table)
    rows = SQL[table]
    query = _query(table, limit).where(rows.c.id.not_in(gone)).order_by(rows.c.id)
    return list(tx.connection.scalars(query))


def _query(table: str, limit: datetime) -> sa.Select[tuple[str]]:
    rows, files = SQL[table], SQL["files"]
    query = sa.select(rows.c.id)
    if table == "files":
        return query.where(_file(limit))
    if table == "answers":
        return query.join(files, files.c.id == rows.c.file).where(_file(limit))
    if table == "citizens":
        return query.where(rows.c.id.in_(sa.select(files.c.citizen).where(_file(limit))))
    return query


def _file(limit: datetime) -> sa.ColumnElement[bool]:
    files = SQL["files"].c
    seen = confidentiality.scope(_Sync()).natures
    return sa.and_(files.nature.in_(sorted(seen)), sa.or_(files.open.is_(True), files.closed_at >= limit))
