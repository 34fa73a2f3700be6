"""What people do in a base with their mouse: edit, add, duplicate, delete, restore, rename."""

import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.remotes.airtable_api import WebApi
from tests.remotes.airtable_base import BaseThere, FieldThere, Row, TableThere, shown, title_of, written
from tests.remotes.airtable_columns import accepted

START = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
Values = Mapping[str, Any]


class People:
    """The base as its people see it: tables by their title, columns by their header, rows by key or by ID."""

    def __init__(self) -> None:
        self.base = BaseThere(7)
        self.api = WebApi(self.base)
        self.lock = threading.RLock()
        self.now = START

    def take_up(self, base: BaseThere) -> None:
        """Hold another base from now on."""
        self.base = self.api.base = base

    @property
    def base_id(self) -> str:
        return self.base.id

    def advance(self, seconds: float) -> None:
        """Time passes, for the service only."""
        with self.lock:
            self.now += timedelta(seconds=seconds)

    def edit(self, table: str, row: str, values: Values) -> None:
        """Change cells; ``None`` empties one. A choice that is new is added to its list, as on screen."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            self.base.put(changes, there, self._row(there, row), self._cells(there, values))

    def add_row(self, table: str, values: Values, *, source: str = "client") -> str:
        """Type a new row; its key."""
        with self.lock, self.base.change(source, self.now) as changes:
            there = self._table(table)
            return self.base.make_row(changes, there, self._cells(there, values)).id

    def form_row(self, table: str, values: Values) -> str:
        """A row that comes from a form; its key."""
        return self.add_row(table, values, source="formSubmission")

    def copy_row(self, table: str, row: str) -> str:
        """Duplicate a row, its ID too; the key of the copy."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            return self.base.make_row(changes, there, dict(self._row(there, row).cells)).id

    def delete_row(self, table: str, row: str) -> str:
        """Put a row in the trash; its key."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            key = self._row(there, row).id
            self.base.remove(changes, there, key)
            return key

    def restore_row(self, table: str, row: str) -> None:
        """Take a row back from the trash: it has the same key. Links to rows that are gone stay behind."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            key = row if row in there.trash else self._trashed(there, row)
            back = there.trash.pop(key)
            cells, back.cells = back.cells, {}
            there.rows[key] = back
            changes.created(there.id, key)
            self.base.put(changes, there, back, self._still(there, cells))

    def rename_column(self, table: str, header: str, new: str) -> None:
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            column = self._column(there, header)
            changes.fields_changed[there.id, column.id] = {"name": column.name}
            column.name = new

    def delete_column(self, table: str, header: str) -> None:
        """The cells go with it, and the other end of a link."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            column = self._column(there, header)
            self._drop(there, column.id)
            changes.fields_gone.append((there.id, column.id))
            inverse = column.options.get("inverseLinkFieldId")
            if inverse:
                other = self.base.tables[column.options["linkedTableId"]]
                self._drop(other, inverse)
                changes.fields_gone.append((other.id, inverse))

    def add_column(self, table: str, header: str, kind: str = "singleLineText") -> None:
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            made = FieldThere(self.base.new_id("fld"), header, kind)
            there.fields[made.id] = made
            changes.fields_made.append((there.id, made.id))

    def retype_column(self, table: str, header: str, kind: str) -> None:
        """Give a column another type; cells that do not fit are emptied, here all of them."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            column = self._column(there, header)
            for row in there.rows.values():
                if column.id in row.cells:
                    self.base.put(changes, there, row, {column.id: None})
            changes.fields_changed[there.id, column.id] = {"type": column.type}
            column.type, column.options = kind, {}

    def choices(self, table: str, header: str) -> list[str]:
        """The words of a list."""
        with self.lock:
            options = self._column(self._table(table), header).options
            return [each["name"] for each in options.get("choices", ())]

    def rename_choice(self, table: str, header: str, old: str, new: str) -> None:
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            column = self._column(there, header)
            if self.api.doubts.options_are_told:
                changes.fields_changed[there.id, column.id] = {"name": column.name}
            column.options["choices"] = [
                each | {"name": new} if each["name"] == old else each for each in column.options["choices"]
            ]

    def delete_choice(self, table: str, header: str, word: str) -> None:
        """Remove a choice; the cells that held it are empty."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            column = self._column(there, header)
            gone = next(each for each in column.options["choices"] if each["name"] == word)
            for row in there.rows.values():
                if row.cells.get(column.id) == gone["id"]:
                    self.base.put(changes, there, row, {column.id: None})
            if self.api.doubts.options_are_told:
                changes.fields_changed[there.id, column.id] = {"name": column.name}
            column.options["choices"] = [each for each in column.options["choices"] if each is not gone]

    def rename_table(self, table: str, new: str) -> None:
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            changes.redefined[there.id] = {"name": there.name}
            there.name = new

    def delete_table(self, table: str) -> None:
        with self.lock, self.base.change("client", self.now) as changes:
            there = self._table(table)
            self.base.bin[there.id] = self.base.tables.pop(there.id)
            changes.tables_gone.append(there.id)

    def restore_table(self, table: str) -> None:
        """Take a table back from the trash, as it was."""
        with self.lock, self.base.change("client", self.now) as changes:
            there = next(each for each in self.base.bin.values() if each.name == table)
            self.base.tables[there.id] = self.base.bin.pop(there.id)
            changes.tables_made.append(there.id)

    def sort(self, table: str, header: str) -> None:
        """Sort the rows of the view: the interface gives them in that order."""
        with self.lock:
            there = self._table(table)
            key = self._column(there, header).id
            ordered = sorted(there.rows.values(), key=lambda row: str(row.cells.get(key, "")))
            there.rows = {row.id: row for row in ordered}

    def rows(self, table: str) -> list[dict[str, Any]]:
        """What a table shows, by header; a link shows the titles of its rows, an instant its ISO form."""
        with self.lock:
            there = self._table(table)
            return [self._seen(there, row) for row in there.rows.values()]

    def row(self, table: str, row: str) -> dict[str, Any]:
        """One row as ``rows`` shows it."""
        with self.lock:
            there = self._table(table)
            return self._seen(there, self._row(there, row))

    def headers(self, table: str) -> list[str]:
        """The columns from left to right."""
        with self.lock:
            return [each.name for each in self._table(table).fields.values()]

    def _seen(self, table: TableThere, row: Row) -> dict[str, Any]:
        told: dict[str, Any] = {"_key": row.id}
        for name, value in shown(table, row, by_id=False)["fields"].items():
            column = self._column(table, name)
            if column.type == "multipleRecordLinks":
                linked = self.base.tables.get(column.options["linkedTableId"])
                value = ", ".join(title_of(linked, key) for key in value)
            told[name] = value
        return told

    def _table(self, title: str) -> TableThere:
        there = self.base.table(title)
        assert there is not None, f"no table « {title} »"
        return there

    def _column(self, table: TableThere, header: str) -> FieldThere:
        there = table.field(header)
        assert there is not None, f"no column « {header} »"
        return there

    def _row(self, table: TableThere, row: str) -> Row:
        if row in table.rows:
            return table.rows[row]
        mark = self._column(table, "ID").id
        return next(each for each in table.rows.values() if each.cells.get(mark) == row)

    def _trashed(self, table: TableThere, row: str) -> str:
        mark = self._column(table, "ID").id
        return next(key for key, each in table.trash.items() if each.cells.get(mark) == row)

    def _still(self, table: TableThere, cells: Values) -> dict[str, Any]:
        kept = {}
        for key, value in cells.items():
            column = table.fields.get(key)
            if column is not None and column.type == "multipleRecordLinks":
                rows = self.base.tables[column.options["linkedTableId"]].rows
                value = [each for each in value if each in rows] or None
            if column is not None:
                kept[key] = value
        return kept

    def _drop(self, table: TableThere, column: str) -> None:
        del table.fields[column]
        for row in table.rows.values():
            row.cells.pop(column, None)

    def _cells(self, table: TableThere, values: Values) -> dict[str, Any]:
        found = {}
        for header, value in values.items():
            column = self._column(table, header)
            found[column.id] = accepted(self.base, column, self._typed(column, value))
        return found

    def _typed(self, column: FieldThere, value: Any) -> Any:
        """As the screen takes it: « Oui » ticks a box, a title finds its row, a new word makes a choice."""
        if column.type == "checkbox" and value in ("Oui", "Non"):
            return value == "Oui"
        if column.type == "multipleRecordLinks" and isinstance(value, str):
            linked = self.base.tables[column.options["linkedTableId"]]
            return [value] if value in linked.rows else [self._titled(linked, value)]
        choices = column.options.get("choices", [])
        if column.type == "singleSelect" and value and all(each["name"] != value for each in choices):
            choices.append({"id": self.base.new_id("sel"), "name": value})
        if isinstance(value, datetime):
            return written(value.astimezone(UTC))
        return value.isoformat() if isinstance(value, date) else value

    def _titled(self, table: TableThere, title: str) -> str:
        return next(key for key in table.rows if title_of(table, key) == title)
