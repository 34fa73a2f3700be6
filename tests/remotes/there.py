"""A person at the tables of a remote, whichever it is: by our names of tables and columns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Shape
from tests.remotes.heard import Heard

# What becomes of a request: it is answered; nothing is done and the service is in trouble; all is done and
# the answer is cut short; all is done and the answer is an error; all is done and the answer is that of
# another row; it is turned away at the door.
FAULTS = ("fine", "before", "lost", "lied", "other", "away")


class There(Protocol):
    """What people do there, and what is seen of it. A row is named by its key."""

    def add(self, table: str, cells: Mapping[str, Any], *, form: bool = False) -> str: ...
    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None: ...
    def insert(self, table: str, cells: Mapping[str, Any]) -> str: ...
    def copy(self, table: str, key: str) -> str: ...
    def cut(self, table: str, key: str) -> str: ...
    def delete(self, table: str, key: str) -> Any: ...
    def restore(self, table: str, key: str, kept: Any) -> None: ...
    def sort(self, table: str, column: str) -> None: ...
    def rename_table(self, table: str) -> None: ...
    def rename_column(self, table: str, column: str) -> None: ...
    def delete_column(self, table: str, column: str) -> None: ...
    def add_column(self, table: str, header: str) -> None: ...
    def rename_choice(self, table: str, column: str, word: str, *, cells: bool) -> None: ...
    def annotate(self, table: str, key: str, header: str, value: str) -> None: ...
    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]: ...
    def fail(self, faults: Sequence[str]) -> None: ...
    def meanwhile(self, act: Callable[[], None]) -> None: ...
    def undisturbed(self) -> None: ...
    @property
    def heard(self) -> Heard: ...
    @property
    def reads(self) -> int: ...
    @property
    def writes(self) -> int: ...


class Headers:
    """What people call our tables and columns there, now."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._labels = {shape.table: shape.label for shape in shapes}
        self._headers = {
            shape.table: {each.name: each.label for each in shape.columns}
            | {ID: ID_HEADER, NOTE: NOTE_HEADER}
            for shape in shapes
        }

    def label(self, table: str) -> str:
        return self._labels[table]

    def header(self, table: str, column: str) -> str:
        return self._headers[table][column]

    def names(self, table: str) -> dict[str, str]:
        """Our names, by header."""
        return {header: name for name, header in self._headers[table].items()}

    def typed(self, table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Cells by header."""
        return {self._headers[table][name]: value for name, value in cells.items()}

    def retitled(self, table: str) -> tuple[str, str]:
        """Another title for a table; the one before, and the new one."""
        old = self._labels[table]
        self._labels[table] = f"{old} (ville)"
        return old, self._labels[table]

    def renamed(self, table: str, column: str) -> tuple[str, str]:
        """Another title for a column, or its first one again; the one before, and the new one."""
        old = self._headers[table][column]
        self._headers[table][column] = other_name(old)
        return old, self._headers[table][column]


def other_name(word: str) -> str:
    """What a town calls it, or what it was called first."""
    return word.removesuffix(" (ville)") if word.endswith(" (ville)") else f"{word} (ville)"
