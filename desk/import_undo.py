"""An import undone: every file that nobody has touched since is withdrawn, the others stay and are told.

What is withdrawn leaves no citizen's word behind: the entries of its history stay, their values go (R-80).
Its number is never given again (R-1).
"""

from typing import Any

from sqlalchemy import exists, select

from desk.import_turn import Turn
from sync import words
from sync.history import Author, Whence
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Row, Writing
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


def is_touched(tx: Writing, table: str, row: Row) -> bool:
    """Whether anybody changed a record since it was brought in, hung something on it, or types in it now."""
    if row["version"] > 1:
        return True
    drafts = SQL["drafts"].c
    if tx.scalar(select(exists().where(drafts.record == row["id"]))):
        return True
    return any(
        tx.scalar(select(exists().where(SQL[other].c[name] == row["id"])))
        for other, name in _pointing(table)
        if other not in OURS
    )


def _each(turn: Turn, table: str, by: Author, row: Row) -> int:
    """The records of the import, in order; how many were withdrawn."""
    count, after = 0, ""
    columns = SQL[table].c
    while True:
        with turn.writing() as tx:
            query = select(columns.id).where(columns.brought_in == turn.lot, columns.id > after)
            batch = [each["id"] for each in tx.rows(query.order_by(columns.id).limit(AT_ONCE))]
            if not batch:
                return count
            after = batch[-1]
            gone = [record for record in batch if _withdrawn(tx, table, record, by)]
            count += len(gone)
            done = (row["withdrawn"] + count) if table == "files" else row["added"]
            if table == "files":
                tx.update("imports", turn.lot, {"withdrawn": done}, turn.by(ACT))
            turn.tell(tx, done, row["added"])


def _withdrawn(tx: Writing, table: str, record: str, by: Author) -> bool:
    row: Any = tx.lock(table, record)
    if row is None or is_touched(tx, table, row):
        return False
    if table == "files":
        for pause in tx.find("pauses", file=record):
            tx.delete("pauses", pause["id"], by)
    words.index(tx, table, record, {})
    tx.shred(table, record, by)
    return True


def _pointing(table: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (other.name, field.name) for other in TABLES.values() for field in other.fields if field.ref == table
    )
