"""A spreadsheet of the tests and the remote that speaks to it: the real client, over a real socket."""

import atexit
import copy
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sync.remote import ID, Deed, Failure, Line, Look, Memory, Raw, Seen, Shape, Write
from sync.sheets.remote import Sheets
from tests.remotes.sheets_book import Book
from tests.remotes.sheets_server import SheetsServer

STAMP = "installation-d-essai"
BLANK = 30  # lines left to each tab: a thousand make every copy of the book slow


@dataclass
class Turns:
    """A line that lets everybody through, counts, and gives numbers of its own."""

    taken: int = 0
    given: int = 0
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self._turn, self._reserve)

    def _turn(self) -> None:
        self.taken += 1

    def _reserve(self, count: int) -> int:
        first, self.given = self.given + 1, self.given + count
        return first


@dataclass
class Town:
    """A spreadsheet in place, the remote that speaks to it, and the memory of the last look."""

    server: SheetsServer
    remote: Sheets
    shapes: Sequence[Shape]
    turns: Turns = field(default_factory=Turns)
    memory: Memory = field(default_factory=dict)

    @property
    def line(self) -> Line:
        return self.turns.line

    def look(self, *, whole: bool = False) -> Look:
        """Look, and keep the memory of it as JSON does."""
        found = self.remote.look(self.line, self.shapes, self.memory, whole=whole)
        self.memory = json.loads(json.dumps(found.memory))
        return found

    def rows(self, table: str) -> dict[str, Seen]:
        """The rows of a table, by their ID."""
        return {row.id: row for row in self.look(whole=True).tables[table].rows.values()}

    def write(self, *writes: Write) -> list[Seen | Failure | None]:
        """Carry writes in their batches."""
        answers: list[Seen | Failure | None] = []
        for batch in self.remote.batches(self.line, self.memory, writes):
            answers += self.remote.send(self.line, self.shapes, self.memory, batch).rows
        return answers

    def made(self, table: str, *ids: str, **cells: Raw) -> list[str]:
        """Create rows with the same cells; their keys."""
        rows = self.write(*(creation(table, each, **cells) for each in ids))
        return [row.key for row in rows if isinstance(row, Seen)]

    def restarted(self) -> None:
        """The process starts again: only the memory is left."""
        self.remote = speaking_to(self.server)

    @contextmanager
    def costing(self, reads: int, writes: int) -> Iterator[None]:
        """What is done inside costs that many requests, each of which asked for its turn."""
        calls, taken = self.server.calls, self.turns.taken
        before = (calls.reads, calls.writes)
        yield
        assert (calls.reads - before[0], calls.writes - before[1]) == (reads, writes)
        assert self.turns.taken - taken == reads + writes


def creation(table: str, record: str, **cells: Raw) -> Write:
    """A row to create."""
    return Write(Deed.CREATE, table, record, "", {ID: record, **cells})


def change(table: str, record: str, key: str, **cells: Raw) -> Write:
    """Cells to change."""
    return Write(Deed.CHANGE, table, record, key, cells)


def deletion(table: str, record: str, key: str) -> Write:
    """A row to delete."""
    return Write(Deed.DELETE, table, record, key, {})


@contextmanager
def sheets(
    shapes: Sequence[Shape], *, ready: bool = True, quotas: bool = False, **given: Any
) -> Iterator[Town]:
    """A spreadsheet of its own; ``ready``: with the tabs of ``shapes``. ``given`` sets what it is."""
    server = SheetsServer(quotas)
    turns = Turns()
    memory: Memory = {}
    if ready:
        book, memory, turns.given = _settled(tuple(shapes))
        _filled(server, book)
    for name, value in given.items():
        setattr(server.book if hasattr(server.book, name) else server, name, value)
    try:
        yield Town(server, speaking_to(server), shapes, turns, copy.deepcopy(memory))
    finally:
        server.close()


def speaking_to(server: SheetsServer, time_out: tuple[float, float] = (5, 30)) -> Sheets:
    """The remote of a spreadsheet of the tests, in a process that remembers nothing."""
    key = server.credentials(_folder() / f"{server.spreadsheet_id}.json")
    return Sheets(key, server.spreadsheet_id, server.url, time_out=time_out)


@cache
def _folder() -> Path:
    path = Path(tempfile.mkdtemp(prefix="guichet-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@cache
def _settled(shapes: tuple[Shape, ...]) -> tuple[Book, dict[str, Any], int]:
    """A spreadsheet set up by our own hand, once a process; each test has a copy of it."""
    server, turns = SheetsServer(), Turns()
    try:
        memory = speaking_to(server).setup(turns.line, shapes, {}, STAMP)[1]
    finally:
        server.close()
    for sheet in server.book.sheets:
        del sheet.rows[BLANK:]
    server.changed()
    return server.book, dict(memory), turns.given


def _filled(server: SheetsServer, book: Book) -> None:
    made = book.copy()
    server.book.sheets, server.book.marks, server.book.zone = made.sheets, made.marks, made.zone
    server.book.born = made.born
    server.changed()
