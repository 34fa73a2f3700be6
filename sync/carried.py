"""Rows of the replaced store that go on in the restored one, as they lie, with their history."""

from collections.abc import Iterator

import sqlalchemy as sa

from policy.private_words import PrivateKind
from sync import history, vault
from sync.history import Author, Did
from sync.schema import HISTORY, METADATA, SQL
from sync.states import KeepingState
from sync.store import Reading, Row, Writing
from sync.tables import TABLES


def carry(new: Writing, old: Reading, table: str, record: str, by: Author) -> bool:
    """Make that row what it was in the old store, its history going on; whether it could be.

    What it refers to and is not there any more is let go, and told; a row that needs it stays out.
    What is sealed stays as it lies: it stays out when the restored store has not its key.
    """
    row = old.row(sa.select(SQL[table]).where(SQL[table].c.id == record))
    if row is None or not _opens(new, table, row):
        return False
    lost = [
        field for field in TABLES[table].fields if field.ref and _is_lost(new, field.ref, row[field.name])
    ]
    if any(field.required for field in lost):
        return False
    values = {**row, **{field.name: None for field in lost}}
    if new.hold(table, record) is None:
        new.connection.execute(sa.insert(SQL[table]), [values])
    else:
        new.connection.execute(sa.update(SQL[table]).where(SQL[table].c.id == record).values(values))
    if TABLES[table].logged:
        _go_on(new, old, table, record)
        if lost:
            told = {field.name: (row[field.name], None) for field in lost}
            history.append(new, table, record, Did.CHANGED, told, by)
    return True


def complaints(new: Writing, old: Reading, at: set[object], by: Author) -> int:
    """R-29: the complaints that files became at these moments, with all that hangs on them; how many.

    Their files are forgotten again: but for this, nothing would be left of what the person said.
    """
    made = SQL["complaints"].c
    found = [
        row["id"]
        for row in old.rows(sa.select(made.id, made.created_at).order_by(made.id))
        if row["created_at"] in at and _is_lost(new, "complaints", row["id"])
    ]
    carried = [each for each in found if carry(new, old, "complaints", each, by)]
    for complaint in carried:
        for table, record in _of(old, complaint):
            carry(new, old, table, record, by)
    return len(carried)


def holds(new: Writing, old: Reading, by: Author) -> int:
    """R-81: holds placed or lifted since the backup; how many. What one agreed to before is asked again."""
    placed = SQL["legal_holds"].c
    known = {row["id"]: row["updated_at"] for row in new.rows(sa.select(placed.id, placed.updated_at))}
    newer = [
        row["id"]
        for row in old.rows(sa.select(placed.id, placed.updated_at).order_by(placed.id))
        if row["id"] not in known or row["updated_at"] > known[row["id"]]
    ]
    for line in new.find("keepings", state=KeepingState.AGREED):
        back = {"state": KeepingState.DUE, "agreed_at": None, "agreed_by": None}
        new.update("keepings", line["id"], back, by)
    return sum(carry(new, old, "legal_holds", each, by) for each in newer)


def _of(old: Reading, complaint: str) -> Iterator[tuple[str, str]]:
    """What hangs on a complaint, in an order in which a row only points to rows before."""
    pointing = {
        table.name: field.name
        for table in TABLES.values()
        for field in table.fields
        if field.ref == "complaints"
    }
    documents = SQL["private_documents"].c
    theirs = [
        row["id"]
        for row in old.rows(
            sa.select(documents.id).where(
                documents.kind_of_file == PrivateKind.COMPLAINT, documents.record == complaint
            )
        )
    ]
    for table in METADATA.sorted_tables:
        if table.name in pointing:
            where = table.c[pointing[table.name]] == complaint
        elif table.name == "private_documents":
            where = table.c.id.in_(theirs)
        elif table.name == "private_contents":
            where = table.c.document.in_(theirs)
        elif table.name == "readings":
            where = sa.and_(table.c.kind_of_file == PrivateKind.COMPLAINT, table.c.record == complaint)
        else:
            continue
        yield from ((table.name, row["id"]) for row in old.rows(sa.select(table.c.id).where(where)))


def _go_on(new: Writing, old: Reading, table: str, record: str) -> None:
    entries = HISTORY.c
    of_record = (entries.table_name == table, entries.record == record)
    last = new.scalar(sa.select(sa.func.max(entries.rank)).where(*of_record)) or 0
    since = old.rows(sa.select(HISTORY).where(*of_record, entries.rank > last).order_by(entries.rank))
    if since:
        rows = [{name: value for name, value in row.items() if name != "seq"} for row in since]
        new.connection.execute(sa.insert(HISTORY), rows)


def _opens(new: Writing, table: str, row: Row) -> bool:
    if table not in vault.SEALED:
        return True
    return new.keys is not None and vault.wrapped_by(row[vault.KEY_COLUMN]) in new.keys.ids


def _is_lost(new: Reading, table: str, record: str | None) -> bool:
    if record is None:
        return False
    return new.scalar(sa.select(SQL[table].c.id).where(SQL[table].c.id == record)) is None
