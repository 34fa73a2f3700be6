"""Every remote behind one face, for the one suite of what they promise (``tests/sync/test_contract.py``)."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sync.outside import shapes
from sync.remote import (
    ID,
    Cells,
    Column,
    Deed,
    Failure,
    Line,
    Look,
    Memory,
    Raw,
    RefersBy,
    Remote,
    Seen,
    Shape,
    Write,
)
from tests.remotes import airtable, sheets
from tests.remotes.airtable_api import SCOPES
from tests.remotes.airtable_there import AirtableTables
from tests.remotes.memory import InMemory, Service
from tests.remotes.memory_there import InMemoryTables
from tests.remotes.sheets_there import Spreadsheet
from tests.remotes.there import There

STAMP = "installation-d-essai"
TABLES = (
    "departments",
    "categories",
    "closings",
    "files",
)  # a cell of each kind, and rows that point to others
SHAPES: tuple[Shape, ...] = tuple(
    replace(shape, columns=tuple(each for each in shape.columns if each.ref in (None, *TABLES)))
    for shape in shapes(False)
    if shape.table in TABLES
)


@dataclass
class Side:
    """One remote, the people at its tables, and what a ledger would remember of it.

    ``batch``: rows a request; ``idle``: requests of a look that finds nothing, some minutes after the last
    change; ``tells_deletions``: without being asked for everything; ``refuses``: the service itself refuses a
    word that is in no list.
    """

    remote: Remote
    there: There
    speak: Callable[[], Remote]
    batch: int
    minutes_pass: Callable[[], None] = lambda: None
    idle: int = 1
    tells_deletions: bool = True
    refuses: bool = False
    memory: Memory = field(default_factory=dict)
    turns: int = 0
    given: int = 0
    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)

    @property
    def line(self) -> Line:
        """A line that lets everybody through, counts, and knows what was read or written."""
        return Line(self._turn, self._reserve, self._known)

    @property
    def calls(self) -> int:
        """The requests that came to the service."""
        return self.there.reads + self.there.writes

    def look(self, *, whole: bool = False) -> Look:
        """Look, and keep the memory of it as JSON does."""
        found = self.remote.look(self.line, SHAPES, self.memory, whole=whole)
        self.memory = json.loads(json.dumps(found.memory))
        for table, look in found.tables.items():
            for row in look.rows.values():
                self._note(table, row)
        return found

    def told(self, table: str) -> dict[str, Seen]:
        """The rows of a table that bear an ID, by it, as a whole look brings them."""
        return {row.id: row for row in self.look(whole=True).tables[table].rows.values() if row.id}

    def batches(self, *writes: Write) -> list[tuple[Write, ...]]:
        """The writes, as they leave."""
        return [tuple(each) for each in self.remote.batches(self.line, self.memory, writes)]

    def send(self, batch: Sequence[Write]) -> list[Seen | Failure | None]:
        """One batch, as it was prepared."""
        answers = list(self.remote.send(self.line, SHAPES, self.memory, tuple(batch)).rows)
        for write, row in zip(batch, answers, strict=True):
            if isinstance(row, Seen):
                self._note(write.table, row)
        return answers

    def write(self, *writes: Write) -> dict[str, Seen | Failure | None]:
        """Carry writes in their batches; what came of each, by record."""
        answers = {}
        for batch in self.batches(*writes):
            for write, row in zip(batch, self.send(batch), strict=True):
                answers[write.record] = row
        return answers

    def made(self, table: str, *ids: str, **cells: Raw) -> dict[str, str]:
        """Create rows with the same cells; their keys, by ID."""
        rows = self.write(*(creation(table, each, **cells) for each in ids))
        return {id: row.key for id, row in rows.items() if isinstance(row, Seen)}

    def ids(self, table: str) -> list[str]:
        """The IDs that the rows of a table bear there."""
        return sorted(str(row[ID]) for row in self.there.rows(table).values() if row.get(ID))

    def row(self, table: str, record: str) -> Mapping[str, Any]:
        """The one row that bears an ID, as people see it."""
        (found,) = [row for row in self.there.rows(table).values() if row.get(ID) == record]
        return found

    def handle(self, key: str, title: str) -> str:
        """What a cell says to point to a row."""
        return key if self.remote.refers_by is RefersBy.KEY else title

    def raw(self, table: str, column: str, value: Any) -> Raw:
        """The cell for a value."""
        return self.remote.encode(column_of(table, column), value)

    def value(self, table: str, row: Seen, column: str) -> Any:
        """The value of a cell."""
        return self.remote.decode(column_of(table, column), row.cells.get(column))

    def _note(self, table: str, row: Seen) -> None:
        self.rows.setdefault(table, {})[row.key] = {**row.cells, ID: row.id} if row.id else row.cells

    def _turn(self) -> None:
        self.turns += 1

    def _reserve(self, count: int) -> int:
        first, self.given = self.given + 1, self.given + count
        return first

    def _known(self, table: str, keys: Sequence[str]) -> Mapping[str, Cells]:
        rows = self.rows.get(table, {})
        return {key: rows[key] for key in keys if key in rows}


def creation(table: str, record: str, **cells: Raw) -> Write:
    """A row to create."""
    return Write(Deed.CREATE, table, record, "", {ID: record, **cells})


def change(table: str, record: str, key: str, **cells: Raw) -> Write:
    """Cells to change."""
    return Write(Deed.CHANGE, table, record, key, cells)


def deletion(table: str, record: str, key: str) -> Write:
    """A row to delete."""
    return Write(Deed.DELETE, table, record, key, {})


def column_of(table: str, name: str) -> Column:
    """A column of the suite's tables."""
    return next(shape for shape in SHAPES if shape.table == table).column(name)


@contextmanager
def _memory() -> Iterator[Side]:
    service = Service()
    side = Side(InMemory(service), InMemoryTables(service), lambda: InMemory(service), batch=10)
    side.memory = side.remote.setup(side.line, SHAPES, {}, STAMP)[1]
    yield side


def _base(feed: bool) -> Callable[[], AbstractContextManager[Side]]:
    @contextmanager
    def opened() -> Iterator[Side]:
        scopes = set(SCOPES) if feed else set(SCOPES) - {"webhook:manage"}
        with airtable.airtable(SHAPES, scopes=scopes) as town:
            yield Side(
                town.remote,
                AirtableTables(town.server, SHAPES),
                lambda: airtable.speaking_to(town.server),
                batch=10,
                minutes_pass=lambda: town.server.advance(300),
                idle=1 if feed else len(SHAPES),
                tells_deletions=feed,
                refuses=True,
                memory=dict(town.memory),
            )

    return opened


def _book(follows: bool) -> Callable[[], AbstractContextManager[Side]]:
    @contextmanager
    def opened() -> Iterator[Side]:
        with sheets.sheets(SHAPES, sort_moves_marks=follows) as town:
            there = Spreadsheet(town.server, SHAPES)
            side = Side(town.remote, there, lambda: sheets.speaking_to(town.server), batch=500)
            side.memory, side.given = dict(town.memory), town.turns.given
            yield side

    return opened


SIDES: Mapping[str, Callable[[], AbstractContextManager[Side]]] = {
    "memory": _memory,
    "airtable": _base(True),
    "airtable without a feed": _base(False),
    "sheets": _book(True),
    "sheets whose anchors stay": _book(False),
}
