"""Rows prepared out of sight, little by little, then there all at once: nobody sees half of an import."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from sync import history, moved
from sync.history import Author
from sync.schema import HISTORY, SQL, STAGED
from sync.store import Reading, Row, Writing
from sync.tables import TABLES
from sync.values import cleaned

ORDER = ("citizens", "files", "pauses")  # a row points only to tables before its own


def lay(tx: Writing, lot: str, table: str, rows: Sequence[tuple[int, Mapping[str, Any]]], by: Author) -> None:
    """Prepare these new rows of a table, each with its line in the file and its ``id``.

    Raises ``Refused`` as an insertion would: a value missing, too long, unreadable.
    """
    born = [(line, _born(table, row, by)) for line, row in rows]
    if not born:
        return
    laid = [{"lot": lot, "line": line, **row} for line, row in born]
    tx.connection.execute(sa.insert(STAGED[table]), laid)
    if TABLES[table].logged:
        entries = history.beginnings(table, [row for _, row in born], by)
        laid = [{"lot": lot, "line": line, **entry} for (line, _), entry in zip(born, entries, strict=True)]
        tx.connection.execute(sa.insert(STAGED["history"]), laid)


def lines(tx: Reading, lot: str) -> frozenset[int]:
    """The lines of the file whose files are prepared already."""
    staged = STAGED["files"].c
    return frozenset(row["line"] for row in tx.rows(sa.select(staged.line).where(staged.lot == lot)))


def rows(tx: Reading, lot: str, table: str, limit: int | None = None) -> list[Row]:
    """The prepared rows of a table, by line."""
    staged = STAGED[table]
    columns = [staged.c[column.name] for column in SQL[table].columns]
    query = sa.select(*columns).where(staged.c.lot == lot).order_by(staged.c.line, staged.c.id)
    return tx.rows(query.limit(limit))


def publish(tx: Writing, lot: str) -> int:
    """Everything prepared becomes rows like any other, at the end of this transaction; how many files.

    The prepared rows stay, for what is still to be done with them (``forget``). An ``IntegrityError`` when
    one of them cannot be there: a number of origin was borne meanwhile, somebody it points to is gone.
    """
    for table in (*ORDER, "history"):
        staged = STAGED[table]
        names = [column.name for column in staged.columns if column.name not in ("lot", "line")]
        target = HISTORY if table == "history" else SQL[table]
        chosen = sa.select(*(staged.c[name] for name in names)).where(staged.c.lot == lot)
        tx.connection.execute(sa.insert(target).from_select(names, chosen.order_by(staged.c.line)))
    count = 0
    for table in ("citizens", "files"):
        laid = STAGED[table].c
        born = [row["id"] for row in tx.rows(sa.select(laid.id).where(laid.lot == lot))]
        moved.note(tx, table, born)
        count = len(born)
    return count


def forget(tx: Writing, lot: str, table: str | None = None, ids: Sequence[str] | None = None) -> None:
    """Take prepared rows away: all of the import, or these of one table."""
    for name in (table,) if table else tuple(STAGED):
        staged = STAGED[name].c
        which = staged.lot == lot
        if ids is not None:
            which &= staged.id.in_(ids)
        tx.connection.execute(sa.delete(STAGED[name]).where(which))


def forget_some(tx: Writing, lot: str, lines: int) -> bool:
    """Take away what was prepared of so many lines; whether anything is left. A person waits for no more."""
    for name in STAGED:
        staged = STAGED[name].c
        first = tx.scalar(sa.select(sa.func.min(staged.line)).where(staged.lot == lot))
        if first is not None:
            tx.connection.execute(
                sa.delete(STAGED[name]).where(staged.lot == lot, staged.line < first + lines)
            )
            return True
    return False


def _born(table: str, row: Mapping[str, Any], by: Author) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if name != "id"}
    at = by.at.astimezone(UTC)
    born = {"id": row["id"], "version": 1, "created_at": at, "updated_at": at}
    return {**born, **cleaned(TABLES[table], given, whole=True)}
