"""A person at the tables in memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.remotes.heard import Heard
from tests.remotes.memory import Service


class InMemoryTables:
    """See ``tests.remotes.there``: our names are those of the tables themselves."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def add(self, table: str, cells: Mapping[str, Any], *, form: bool = False) -> str:
        return self.service.add(table, cells)

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.service.edit(table, key, cells)

    def insert(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.service.add(table, cells)

    def copy(self, table: str, key: str) -> str:
        return self.service.copy(table, key)

    def cut(self, table: str, key: str) -> str:
        """Pasted elsewhere: a row of the same ID under another handle."""
        pasted = self.copy(table, key)
        self.delete(table, key)
        return pasted

    def delete(self, table: str, key: str) -> Any:
        return self.service.delete(table, key)

    def restore(self, table: str, key: str, kept: Any) -> None:
        self.service.restore(table, key, kept)

    def sort(self, table: str, column: str) -> None:
        """Handles follow their rows: nothing is to be seen of it."""

    def rename_table(self, table: str) -> None:
        """Tables are known by our names: nothing is to be seen of it."""

    def rename_column(self, table: str, column: str) -> None:
        """Columns are known by our names: nothing is to be seen of it."""

    def delete_column(self, table: str, column: str) -> None:
        self.service.delete_column(table, column)

    def add_column(self, table: str, header: str) -> None:
        """Any name will do for a cell."""

    def rename_choice(self, table: str, column: str, word: str, *, cells: bool) -> None:
        self.service.rename_choice(table, column)

    def annotate(self, table: str, key: str, header: str, value: str) -> None:
        self.service.edit(table, key, {header: value})

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        return self.service.rows(table)

    def fail(self, faults: Sequence[str]) -> None:
        self.service.faults = list(faults)

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.service.before_next_write = act

    def undisturbed(self) -> None:
        self.service.faults = []
        self.service.before_next_write = None

    @property
    def heard(self) -> Heard:
        return self.service.heard

    @property
    def reads(self) -> int:
        return self.service.reads

    @property
    def writes(self) -> int:
        return self.service.writes
