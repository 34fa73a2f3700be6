"""An import undone: every file that nobody has touched since is withdrawn, the others stay and are told.

What is withdrawn leaves no citizen's word behind: the entries of its history stay, their values go (R-80).
Its number is never given again (R-1).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from desk.import_turn import Turn
from sync import words
from sync.history import Author, Whence
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Reading, Row, Writing
from sync.tables import TABLES

ACT = "annuler l'import"
AT_ONCE = 40
OURS = ("pauses",)  # what an import itself hangs on a file


def withdraw(turn: Turn) -> None:
    """Take back, a few at a time, what is still as it was brought in; cut off, it goes on where it was."""
    with turn.house.store.reading() as tx:
        row = tx.get("imports", turn.lot)
    if row is None:
        return
    by = Author(row["undone_by"], row["undone_name"], Whence.IMPORT, row["undone_at"], ACT)
    withdrawn = row["withdrawn"] + _each(turn, "files", by, row)
    _each(turn, "citizens", by, row)
    with turn.writing() as tx:
        turn.become(tx, ImportState.UNDONE, withdrawn=withdrawn)


def touched(tx: Reading, table: str, records: Sequence[Row]) -> frozenset[str]:
    """Those that somebody changed since they were brought in, hung something on, or types in now."""
    ids = [row["id"] for row in records]
    found = {row["id"] for row in records if row["version"] > 1}
    held = SQL["legal_holds"].c.record  # nothing under a hold is forgotten
    holders = [SQL["drafts"].c.record, held, *_pointing(table)]
    for column in holders:
        found |= {row["it"] for row in tx.rows(select(column.label("it")).where(column.in_(ids)).distinct())}
    if table == "files":
        files = SQL["files"].c
        theirs = select(files.id).where(files.id.in_(ids), files.citizen.in_(select(held)))
        found |= {row["id"] for row in tx.rows(theirs)}
    return frozenset(found)


def _each(turn: Turn, table: str, by: Author, row: Row) -> int:
    """The records of the import, in order; how many were withdrawn."""
    count, after = 0, ""
    columns = SQL[table].c
    while True:
        with turn.writing() as tx:
            query = select(columns.id, columns.version).where(columns.brought_in == turn.lot)
            query = query.where(columns.id > after)
            batch = tx.rows(query.order_by(columns.id).limit(AT_ONCE).with_for_update())
            if not batch:
                return count
            after = batch[-1]["id"]
            kept = touched(tx, table, batch)
            gone = [record["id"] for record in batch if record["id"] not in kept]
            words.index_many(tx, table, {record: {} for record in gone})
            for record in gone:
                _withdraw(tx, table, record, by)
            count += len(gone)
            if table == "files":
                tx.update("imports", turn.lot, {"withdrawn": row["withdrawn"] + count}, turn.by(ACT))
            turn.tell(tx, row["withdrawn"] + count if table == "files" else row["added"], row["added"])


def _withdraw(tx: Writing, table: str, record: str, by: Author) -> None:
    if table == "files":
        tx.connection.execute(SQL["pauses"].delete().where(SQL["pauses"].c.file == record))
    tx.shred(table, record, by)


def _pointing(table: str) -> list[ColumnElement[Any]]:
    """The columns by which other records point to one; what the import itself hung on it apart."""
    return [
        SQL[other.name].c[field.name]
        for other in TABLES.values()
        for field in other.fields
        if field.ref == table and other.name not in OURS
    ]
