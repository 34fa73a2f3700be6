"""After any history of both sides, the invariants hold: Google Sheets, over a real socket."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync import ledger
from sync.outside import shapes
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Line
from sync.sheets.remote import Sheets
from tests.remotes.sheets_server import Fault, SheetsServer
from tests.sync.crossings import Town, town
from tests.sync.histories import Histories, There
from tests.sync.mortal import MANY, explore, new_store

SHAPES = shapes(False)
DAY_0 = date(1899, 12, 30)
FAULTS = {"before": ("503", False), "lost": ("cut", True), "away": ("429", False)}


class Spreadsheet:
    """A person at a spreadsheet, by our names of tables and columns; a row by its anchor, or by its place."""

    def __init__(self, server: SheetsServer) -> None:
        self.server = server
        self._labels = {shape.table: shape.label for shape in SHAPES}
        self._headers = {
            shape.table: {each.name: each.label for each in shape.columns}
            | {ID: ID_HEADER, NOTE: NOTE_HEADER}
            for shape in SHAPES
        }

    def add(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.server.add_row(self._labels[table], self._typed(table, cells))

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.server.edit(self._labels[table], key, self._typed(table, cells))

    def copy(self, table: str, key: str) -> str:
        return self.server.copy_row(self._labels[table], key)

    def delete(self, table: str, key: str) -> Any:
        numbered = self._number(table, key)
        self.server.delete_row(self._labels[table], key)
        return numbered

    def restore(self, table: str, key: str, kept: Any) -> None:
        with suppress(LookupError):
            self.server.restore_row(self._labels[table], kept)

    def sort(self, table: str, column: str) -> None:
        self.server.sort(self._labels[table], self._headers[table][column])

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        names = {header: name for name, header in self._headers[table].items()}
        found = {}
        with self.server.lock:
            sheet = self.server.book.titled(self._labels[table])
            header = next(row for row in sheet.rows if row.at(0) == ID_HEADER)
            for row in sheet.rows[sheet.rows.index(header) + 1 :]:
                if row.is_blank:
                    continue
                key = str(min(mark.id for mark in row.marks)) if row.marks else f"row-{row.number}"
                said = {names.get(str(header.at(n)), ""): cell for n, cell in enumerate(row.cells)}
                found[key] = {
                    name: _as_iso(cell) if name == "planned_on" else cell
                    for name, cell in said.items()
                    if name and cell not in (None, "")
                }
        return found

    def fail(self, faults: list[str]) -> None:
        self.server._faults.clear()
        only = ""
        for fault in faults:
            if fault == "fine":
                only = "write"
                continue
            kind, after = FAULTS[fault]
            self.server._faults.append(Fault(kind, 1, after, only))

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.server._hooks.clear()
        self.server.before_next_write(act)

    @property
    def writes(self) -> int:
        return self.server.calls.writes

    def _number(self, table: str, key: str) -> str:
        with self.server.lock:
            sheet = self.server.book.titled(self._labels[table])
            return f"row-{self.server._row(sheet, key).number}"

    def _typed(self, table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        there = self._headers[table]
        return {there[name]: value for name, value in cells.items()}


def _as_iso(cell: Any) -> Any:
    return (DAY_0 + timedelta(days=cell)).isoformat() if isinstance(cell, (int, float)) else cell


def opened(stack: ExitStack, sort_moves_marks: bool) -> Callable[[], tuple[Town, There, list[str]]]:
    """A way to open a new town with a spreadsheet of its own."""

    def make() -> tuple[Town, There, list[str]]:
        server = stack.enter_context(closing(SheetsServer()))
        server.quotas = False
        server.book.sort_moves_marks = sort_moves_marks
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        remote = Sheets(server.credentials(folder / "compte.json"), server.spreadsheet_id, server.url)
        made, ids = town(new_store(), remote=remote)
        given = made.crossing()
        line = Line(lambda: None, given.line.reserve, given.line.known)
        _, memory = remote.setup(line, SHAPES, {}, made.service.stamp or "")
        with made.store.writing() as tx:
            ledger.remember(tx, remote.name, memory)
        return made, Spreadsheet(server), ids[1:]

    return make


@pytest.mark.parametrize("follows", [True, False], ids=["sorts are followed", "sorts are not followed"])
@pytest.mark.parametrize(
    ("examples", "steps"), [(8, 25), pytest.param(MANY, 50, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_after_any_history_nothing_is_lost_doubled_or_left_unsaid(
    follows: bool, examples: int, steps: int
) -> None:
    with ExitStack() as stack:
        held = {"opened": staticmethod(opened(stack, follows))}
        explore(type("Machine", (Histories,), held), examples, steps)
