"""A person at a base of the tests."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sync.remote import Shape
from tests.remotes.airtable_server import AirtableServer, Fault
from tests.remotes.heard import Heard
from tests.remotes.there import Headers, other_name

FAULTS = {
    "fine": Fault("fine", after=False),
    "before": Fault("503", after=False),
    "lost": Fault("cut", after=True),
    "lied": Fault("500", after=True),
    "other": Fault("other", after=True, only="writes"),
    "away": Fault("429", after=False),
}


class AirtableTables:
    """See ``tests.remotes.there``."""

    def __init__(self, server: AirtableServer, shapes: Sequence[Shape]) -> None:
        self.server = server
        self._names = Headers(shapes)

    def add(self, table: str, cells: Mapping[str, Any], *, form: bool = False) -> str:
        source = "formSubmission" if form else "client"
        return self.server.add_row(self._names.label(table), self._typed(table, cells), source=source)

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.server.edit(self._names.label(table), key, self._typed(table, cells))

    def insert(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.add(table, cells)

    def copy(self, table: str, key: str) -> str:
        return self.server.copy_row(self._names.label(table), key)

    def cut(self, table: str, key: str) -> str:
        """Pasted elsewhere: a row of the same ID under another key."""
        pasted = self.copy(table, key)
        self.delete(table, key)
        return pasted

    def delete(self, table: str, key: str) -> Any:
        return self.server.delete_row(self._names.label(table), key)

    def restore(self, table: str, key: str, kept: Any) -> None:
        with suppress(KeyError):  # deleted for good by a purge order
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
        self.server.add_column(self._names.label(table), header)

    def rename_choice(self, table: str, column: str, word: str, *, cells: bool) -> None:
        """The cells always follow: they hold the choice itself. Two of a name are refused on screen."""
        label, header = self._names.label(table), self._names.header(table, column)
        there = self.server.choices(label, header)
        for old in (other_name(word), word):
            if old in there:
                if other_name(old) not in there:
                    self.server.rename_choice(label, header, old, other_name(old))
                return

    def annotate(self, table: str, key: str, header: str, value: str) -> None:
        self.server.edit(self._names.label(table), key, {header: value})

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        names = self._names.names(table)
        return {
            row["_key"]: {names[header]: value for header, value in row.items() if header in names}
            for row in self.server.rows(self._names.label(table))
        }

    def fail(self, faults: Sequence[str]) -> None:
        with self.server.lock:
            self.server._faults = [FAULTS[fault] for fault in faults]

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.server.before_next_write(act)

    def undisturbed(self) -> None:
        self.server._faults, self.server._before, self.server._after = [], [], []

    @property
    def heard(self) -> Heard:
        return self.server.heard

    @property
    def reads(self) -> int:
        return self.server.calls.reads

    @property
    def writes(self) -> int:
        return self.server.calls.writes

    def _typed(self, table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        """What the screen lets in: « bientôt » stays out of a column of dates."""
        kept = {
            name: value
            for name, value in cells.items()
            if name != "planned_on" or value is None or value[:1].isdigit()
        }
        return self._names.typed(table, kept)
