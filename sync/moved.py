"""Which records changed here since a remote was last told: written with the change itself (invariant 1).

Nothing is written while the town has no remote.
"""

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from sync.link_tables import MOVED
from sync.outside import CARRIED

if TYPE_CHECKING:
    from sync.store import Reading, Writing

_CARRIED = frozenset(CARRIED)


def note(tx: "Writing", table: str, records: Sequence[str]) -> None:
    """These records of the table have just changed, in this transaction."""
    if table not in _CARRIED or not records:
        return
    mark = secrets.token_hex(8)
    tx.connection.execute(_noting(), [{"t": table, "r": record, "m": mark} for record in records])


def waiting(tx: "Reading", at_most: int) -> list[tuple[str, str, str]]:
    """The records that changed, each as (table, record, mark); those that wait are never forgotten."""
    rows = tx.connection.execute(sa.select(MOVED.c.table_name, MOVED.c.record, MOVED.c.mark).limit(at_most))
    return [(row.table_name, row.record, row.mark) for row in rows]


def is_any(tx: "Reading") -> bool:
    """Whether a record changed that no remote was told of."""
    return tx.connection.execute(sa.select(MOVED.c.record).limit(1)).first() is not None


def forget(tx: "Writing", told: Iterable[tuple[str, str, str]]) -> None:
    """The ledger holds these changes now; a record that changed again since keeps waiting."""
    given = [{"t": table, "r": record, "m": mark} for table, record, mark in told]
    if given:
        query = sa.delete(MOVED).where(
            MOVED.c.table_name == sa.bindparam("t"),
            MOVED.c.record == sa.bindparam("r"),
            MOVED.c.mark == sa.bindparam("m"),
        )
        tx.connection.execute(query, given)


@lru_cache(maxsize=1)
def _noting() -> sa.TextClause:
    return sa.text(
        "INSERT INTO moved (table_name, record, mark) SELECT :t, :r, :m WHERE EXISTS (SELECT 1 FROM remotes) "
        "ON CONFLICT (table_name, record) DO UPDATE SET mark = excluded.mark"
    )
