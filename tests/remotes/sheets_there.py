"""A person at a spreadsheet of the tests."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from sync.remote import ID_HEADER, Shape
from tests.remotes.heard import Heard
from tests.remotes.sheets_server import Fault, SheetsServer
from tests.remotes.there import Headers, other_name

DAY_0 = date(1899, 12, 30)
DAYS = ("planned_on", "done_on")  # columns that hold days
FAULTS = {"before": ("503", False), "lost": ("cut", True), "lied": ("500", True), "away": ("429", False)}


class Spreadsheet:
    """See ``tests.remotes.there``. A row is known by its anchor, or by its place when it has none yet."""

    def __init__(self, server: SheetsServer, shapes: Sequence[Shape]) -> None:
        self.server = server
        self._names = Headers(shapes)

    def add(self, table: str, cells: Mapping[str, Any], *, form: bool = False) -> str:
        add = self.server.form_row if form else self.server.add_row
        return add(self._names.label(table), self._names.typed(table, cells))

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.server.edit(self._names.label(table), key, self._names.typed(table, cells))

    def insert(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.server.insert_row(self._names.label(table), 1, self._names.typed(table, cells))

    def copy(self, table: str, key: str) -> str:
        return self.server.copy_row(self._names.label(table), key)

    def cut(self, table: str, key: str) -> str:
        return self.server.cut_row(self._names.label(table), key)

    def delete(self, table: str, key: str) -> Any:
        with self.server.lock:
            sheet = self.server.book.titled(self._names.label(table))
            numbered = f"row-{self.server._row(sheet, key).number}"
        self.server.delete_row(self._names.label(table), key)
        return numbered

    def restore(self, table: str, key: str, kept: Any) -> None:
        with suppress(LookupError):
            self.server.restore_row(self._names.label(table), kept)

    def sort(self, table: str, column: str) -> None:
        self.server.sort(self._names.label(table), self._names.header(table, column))

    def rename_table(self, table: str) -> None:
        self.server.rename_table(*self._names.retitled(table))

    def rename_column(self, table: str, column: str) -> None:
        self.server.rename_column(self._names.label(table), *self._names.renamed(table, column))

    def delete_column(self, table: str, column: str) -> None:
        self.server.delete_column(self._names.label(table), self._names.header(table, column))

    def add_column(self, table: str, header: str) -> None:
        place = len(self.server.book.titled(self._names.label(table)).cols)
        self.server.insert_column(self._names.label(table), place, header)

    def rename_choice(self, table: str, column: str, word: str, *, cells: bool) -> None:
        """In the rule of the column; ``cells``: those that say it are made to follow."""
        self.server.rename_choice(
            self._names.label(table), self._names.header(table, column), word, other_name(word), cells=cells
        )

    def annotate(self, table: str, key: str, header: str, value: str) -> None:
        self.server.edit(self._names.label(table), key, {header: value})

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        names = self._names.names(table)
        found = {}
        with self.server.lock:
            sheet = self.server.book.titled(self._names.label(table))
            header = next(row for row in sheet.rows if row.at(0) == ID_HEADER)
            said = [names.get(str(cell)) for cell in header.cells]
            for row in sheet.rows[sheet.rows.index(header) + 1 :]:
                if row.is_blank:
                    continue
                key = str(min(mark.id for mark in row.marks)) if row.marks else f"row-{row.number}"
                found[key] = {
                    name: _as_iso(cell) if name in DAYS else cell
                    for name, cell in zip(said, row.cells, strict=False)
                    if name and cell not in (None, "")
                }
        return found

    def fail(self, faults: Sequence[str]) -> None:
        self.server._faults.clear()
        only = ""
        for fault in faults:
            if fault == "fine":
                only = "write"
                continue
            if fault == "other":
                self.server._faults.append(Fault("other", 1, after=True, only="write"))
                continue
            kind, after = FAULTS[fault]
            self.server._faults.append(Fault(kind, 1, after, only))

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.server.before_next_write(act)

    def undisturbed(self) -> None:
        self.server._faults.clear()
        self.server._hooks.clear()

    @property
    def heard(self) -> Heard:
        return self.server.heard

    @property
    def reads(self) -> int:
        return self.server.calls.reads

    @property
    def writes(self) -> int:
        return self.server.calls.writes


def _as_iso(cell: Any) -> Any:
    return (DAY_0 + timedelta(days=cell)).isoformat() if isinstance(cell, (int, float)) else cell
