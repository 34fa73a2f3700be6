"""Some values of a row, forgotten in the row and in its history; that it was done stays told (R-81)."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from sync import history, moved, vault
from sync.fields import Kind
from sync.history import Author
from sync.schema import SQL
from sync.store import Writing
from sync.tables import TABLES
from sync.vault import SEALED

STAND_INS: Mapping[Kind, Any] = {  # of a required field that was emptied
    Kind.TEXT: "—",
    Kind.LONG: "—",
    Kind.BOOL: False,
    Kind.INTEGER: 0,
    Kind.BYTES: b"",
    Kind.JSON: [],
}


def forget(tx: Writing, table: str, record: str, names: Iterable[str], by: Author) -> None:
    """Empty these fields of a row and of its history; a required one holds a stand-in from then on.

    When all that is sealed goes, the row's key goes too. What is not there is left alone. Raises ``Locked``.
    """
    definition, gone = TABLES[table], set(names)
    kept = tx.hold(table, record)
    if kept is None or not gone:
        return
    fields = [definition.field(name) for name in gone]
    emptied = {field.name: STAND_INS[field.kind] if field.required else None for field in fields}
    if table in SEALED:
        emptied = vault.emptied(tx.keys, table, kept, emptied, SEALED[table].keys() <= gone)
    written = {**emptied, "version": kept["version"] + 1, "updated_at": by.at.astimezone(UTC)}
    tx.connection.execute(sa.update(SQL[table]).where(SQL[table].c.id == record).values(written))
    moved.note(tx, table, [record])
    if definition.logged:
        history.erase(tx, table, record, gone, by)
