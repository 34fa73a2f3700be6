"""Which records a remote holds: everything of the town's tables, open files and those closed not long ago."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa

from policy import confidentiality
from policy.roles import System
from policy.words import Role
from sync.link_tables import TOMBSTONES
from sync.schema import SQL
from sync.store import Reading

AT_ONCE = 500
DAYS_OF_A_MONTH = 31
DATED = ("files", "answers", "citizens")  # what a file's closing takes out with it
_PURGED = sa.select(TOMBSTONES.c.record).where(
    TOMBSTONES.c.table_name == sa.bindparam("of_table"),
    TOMBSTONES.c.record.in_(sa.bindparam("asked", expanding=True)),
)


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
        some = list(records[start : start + AT_ONCE])
        given = {"asked": some, "since": limit} if table in DATED else {"asked": some}
        found |= set(tx.connection.scalars(_among(table), given))
        found -= set(tx.connection.scalars(_PURGED, {"asked": some, "of_table": table}))
    return found


def everything(tx: Reading, table: str, limit: datetime) -> list[str]:
    """The ids of all the records of a table that a remote holds, in order."""
    gone = sa.select(TOMBSTONES.c.record).where(TOMBSTONES.c.table_name == table)
    rows = SQL[table]
    query = _query(table).where(rows.c.id.not_in(gone)).order_by(rows.c.id)
    return list(tx.connection.scalars(query, {"since": limit} if table in DATED else {}))


def entered(tx: Reading, table: str, limit: datetime, before: datetime) -> list[str]:
    """The records of a dated table that are in the window for a file closed since ``limit``, before that."""
    files = SQL["files"].c
    closed = sa.and_(_file(), files.open.is_(False), files.closed_at < before)
    query = _query(table, closed).order_by(SQL[table].c.id)
    return list(tx.connection.scalars(query, {"since": limit}))


@cache
def _among(table: str) -> sa.Select[tuple[str]]:
    return _query(table).where(SQL[table].c.id.in_(sa.bindparam("asked", expanding=True)))


def _query(table: str, which: sa.ColumnElement[bool] | None = None) -> sa.Select[tuple[str]]:
    rows, files = SQL[table], SQL["files"]
    held = _file() if which is None else which
    query = sa.select(rows.c.id)
    if table == "files":
        return query.where(held)
    if table == "answers":
        return query.join(files, files.c.id == rows.c.file).where(held)
    if table == "citizens":
        return query.where(rows.c.id.in_(sa.select(files.c.citizen).where(held)))
    return query


def _file() -> sa.ColumnElement[bool]:
    files = SQL["files"].c
    seen = confidentiality.scope(_Sync()).natures
    recent = files.closed_at >= sa.bindparam("since", type_=files.closed_at.type)
    return sa.and_(files.nature.in_(sorted(seen)), sa.or_(files.open.is_(True), recent))
