"""A base as Airtable keeps it: tables, fields, rows, links held at both ends, feeds told of changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.remotes.airtable_webhooks import Changes, Webhooks

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Refuse(Exception):
    """An answer other than 200: its status, and Airtable's word and sentence."""

    def __init__(self, status: int, kind: str, said: str | None = None) -> None:
        super().__init__(kind)
        self.status = status
        # some answers hold an object, others a bare word
        self.body: dict[str, Any] = {"error": kind if said is None else {"type": kind, "message": said}}


@dataclass
class FieldThere:
    """A column. ``options`` are Airtable's; ``choices`` in them bear an id."""

    id: str
    name: str
    type: str
    options: dict[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "type": self.type} | (
            {"options": self.options} if self.options else {}
        )


@dataclass
class Row:
    """A row: its cells by field id, none empty; a choice is kept by its id, links as a list of ids."""

    id: str
    created: datetime
    modified: datetime | None = None
    cells: dict[str, Any] = field(default_factory=dict)


@dataclass
class TableThere:
    """A table; its first field is the one by which rows are called."""

    id: str
    name: str
    description: str = ""
    fields: dict[str, FieldThere] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    trash: dict[str, Row] = field(default_factory=dict)

    @property
    def primary(self) -> FieldThere:
        return next(iter(self.fields.values()))

    def field(self, id_or_name: str) -> FieldThere | None:
        return self.fields.get(id_or_name) or next(
            (each for each in self.fields.values() if each.name == id_or_name), None
        )

    def described(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "primaryFieldId": self.primary.id,
            "fields": [each.described() for each in self.fields.values()],
            "views": [{"id": f"viw{self.id[3:]}", "name": "Grid view", "type": "grid"}],
        } | ({"description": self.description} if self.description else {})


class BaseThere:
    """One base. Every change is made inside ``change``, which tells the feeds of it at its end."""

    def __init__(self, number: int) -> None:
        self._number = 0
        self._seed = number
        self.id = self.new_id("app")
        self.tables: dict[str, TableThere] = {}
        self.bin: dict[str, TableThere] = {}
        self.webhooks = Webhooks(self)
        self._open: Changes | None = None

    def new_id(self, prefix: str) -> str:
        """Three letters that say of what, and fourteen."""
        self._number += 1
        number, letters = self._number + self._seed * 62**6, ""
        while number:
            number, rest = divmod(number, 62)
            letters = _LETTERS[rest] + letters
        return prefix + letters.rjust(14, "0")

    def table(self, id_or_name: str) -> TableThere | None:
        return self.tables.get(id_or_name) or next(
            (each for each in self.tables.values() if each.name == id_or_name), None
        )

    @contextmanager
    def change(self, source: str, now: datetime) -> Iterator[Changes]:
        """What happens inside is one action of that source (client, publicApi, formSubmission)."""
        if self._open is not None:
            yield self._open
            return
        self._open = Changes(source, now)
        try:
            yield self._open
        finally:
            changes, self._open = self._open, None
            self.webhooks.tell(changes)

    def make_row(self, changes: Changes, table: TableThere, cells: dict[str, Any]) -> Row:
        row = Row(self.new_id("rec"), changes.now)
        table.rows[row.id] = row
        changes.created(table.id, row.id)
        self.put(changes, table, row, cells)
        return row

    def put(self, changes: Changes, table: TableThere, row: Row, cells: dict[str, Any]) -> None:
        """Set cells; a link is set at its other end too."""
        for key, value in cells.items():
            before = row.cells.get(key)
            if value == before:
                continue
            self._set(changes, table, row, key, value)
            there = table.fields[key]
            inverse = there.options.get("inverseLinkFieldId")
            if there.type != "multipleRecordLinks" or inverse is None:
                continue
            other = self.tables[there.options["linkedTableId"]]
            for gone in set(before or []) - set(value or []):
                self._unlink(changes, other, gone, inverse, row.id)
            for new in [each for each in value or [] if each not in (before or [])]:
                far = other.rows[new]
                self._set(changes, other, far, inverse, [*far.cells.get(inverse, []), row.id])

    def remove(self, changes: Changes, table: TableThere, key: str) -> None:
        """To the trash; no link leads to it any more."""
        row = table.rows[key]
        for column in table.fields.values():
            inverse = column.options.get("inverseLinkFieldId")
            if inverse is None:
                continue
            for far in row.cells.get(column.id, []):
                self._unlink(changes, self.tables[column.options["linkedTableId"]], far, inverse, key)
        for near in self.tables.values():  # links to itself have one end only
            for column in near.fields.values():
                if column.options.get("linkedTableId") == table.id and not column.options.get(
                    "inverseLinkFieldId"
                ):
                    for each in list(near.rows):
                        self._unlink(changes, near, each, column.id, key)
        table.trash[key] = table.rows.pop(key)
        changes.destroyed(table.id, key)

    def _unlink(self, changes: Changes, table: TableThere, key: str, column: str, what: str) -> None:
        row = table.rows.get(key)
        if row is not None and what in row.cells.get(column, []):
            left = [each for each in row.cells[column] if each != what]
            self._set(changes, table, row, column, left or None)

    def _set(self, changes: Changes, table: TableThere, row: Row, key: str, value: Any) -> None:
        changes.cell(table.id, row.id, key, self.told(table.fields[key], row.cells.get(key)))
        if value is None:
            row.cells.pop(key, None)
        else:
            row.cells[key] = value
        row.modified = changes.now

    def told(self, column: FieldThere, value: Any) -> Any:
        """A cell as the feed tells it (cell values, version 2)."""
        if column.type == "checkbox":
            return bool(value)
        if value is None:
            return None
        if column.type == "singleSelect":
            return next((each for each in column.options["choices"] if each["id"] == value), None)
        if column.type == "multipleRecordLinks":
            linked = self.tables.get(column.options["linkedTableId"])
            return [{"id": key, "name": title_of(linked, key)} for key in value]
        return value


def title_of(table: TableThere | None, key: str) -> str:
    """What a row is called by where a link leads to it."""
    row = table.rows.get(key) if table else None
    return str(row.cells.get(table.primary.id, "")) if row and table else ""


def shown(table: TableThere, row: Row, *, by_id: bool = True) -> dict[str, Any]:
    """A row as the REST interface tells it: empty cells are left out."""
    fields: dict[str, Any] = {}
    for key, value in row.cells.items():
        column = table.fields.get(key)
        if column is None:
            continue
        if column.type == "singleSelect":
            value = next((each["name"] for each in column.options["choices"] if each["id"] == value), None)
        if value is not None:
            fields[column.id if by_id else column.name] = value
    return {"id": row.id, "createdTime": written(row.created), "fields": fields}


def written(moment: datetime) -> str:
    """An instant as Airtable writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1_000:03d}Z"
