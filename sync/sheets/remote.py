"""Google Sheets as a remote (sync.remote): one spreadsheet shared with a service account, one tab a table."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.remote import (
    Batch,
    Cells,
    Column,
    Deed,
    Failure,
    Line,
    Look,
    Memory,
    Raw,
    RefersBy,
    RemoteError,
    Seen,
    Shape,
    TableLook,
    TableThere,
    Write,
    Written,
)
from sync.sheets import adopt, cells
from sync.sheets.anchors import Speech, plan, reserved, settle
from sync.sheets.client import TIME_OUT, Client, Talk, parsed
from sync.sheets.leaving import delete
from sync.sheets.probe import answers
from sync.sheets.rows import GONE, Place, change, create
from sync.sheets.setup import differences, prepare
from sync.sheets.tabs import Book, Tab, read, seen
from sync.unexpected import answering

AT_ONCE = 500  # rows a request


@dataclass
class Sheets:
    """The spreadsheet of a town, as reconciliation speaks to it.

    ``endpoint`` stands for Google's address, for a server of tests. Nothing is opened before the first
    request; a credentials file that is no good is then a ``RemoteError`` for a person. What was last read
    is kept in memory: it is what cells written on a wrong row are put back from.
    """

    credentials_file: Path
    spreadsheet_id: str
    endpoint: str = ""
    name: str = "sheets"
    time_out: tuple[float, float] = TIME_OUT
    label: str = field(default="Google Sheets", init=False)
    refers_by: RefersBy = field(default=RefersBy.TITLE, init=False)
    _client: Client | None = field(default=None, init=False, repr=False)
    _body: bytes = field(default=b"", init=False, repr=False)
    _book: Book | None = field(default=None, init=False, repr=False)
    _shapes: tuple[Shape, ...] = field(default=(), init=False, repr=False)

    @property
    def place(self) -> str:
        """See ``Remote``."""
        return self.spreadsheet_id

    @answering
    def look(self, line: Line, shapes: Sequence[Shape], memory: Memory, *, whole: bool = False) -> Look:
        """Everything in one read; the same bytes as last time are not even parsed."""
        speech = self._speech(line, shapes, memory)
        body = speech.talk.whole()
        mark = _mark(body, shapes)
        if not whole and memory.get("mark") == mark:
            if self._body != body:
                self._body, self._book, self._shapes = body, None, tuple(shapes)
            return Look({}, memory, memory.get("stamp"))
        book = read(body, shapes, memory)
        if all(tab.trouble for tab in book.tabs.values()) and not parsed(body).get("sheets"):
            raise LookupError("sheets")  # a spreadsheet always has one
        if line.is_anothers(book.stamp):
            return Look({}, memory, book.stamp)
        if line.quiet:
            return _as_it_is(book, memory)
        settled = settle(speech, _known(memory, self._book), book)
        self._body, self._book, self._shapes = settled.body, settled, tuple(shapes)
        kept = {
            **memory,
            "mark": _mark(settled.body, shapes),
            "stamp": settled.stamp,
            "anchors": {table: tab.tokens() for table, tab in settled.tabs.items() if not tab.trouble},
        }
        tables = {table: _look(tab) for table, tab in settled.tabs.items()}
        return Look(tables, kept, settled.stamp or None)

    @answering
    def read(self, line: Line, shape: Shape, memory: Memory, keys: Sequence[str]) -> Mapping[str, Seen]:
        """These rows now, in one read of their tab."""
        speech = self._speech(line, [shape], memory)
        known = memory.get("tabs", {}).get(shape.table)
        body = speech.talk.tabs([known]) if known is not None else speech.talk.whole()
        book = read(body, [shape], memory)
        tokens = _known(memory, self._book)
        if plan(book.tabs[shape.table], tokens.get(shape.table, {})).moved:
            book = settle(speech, tokens, book)
        found = book.tabs[shape.table].by_key
        return {key: seen(found[int(key)], int(key)) for key in keys if int(key) in found}

    @answering
    def batches(self, line: Line, memory: Memory, writes: Sequence[Write]) -> list[Batch]:
        """The creations, which are given their anchors here, then the changes, then the deletions."""
        found: list[Batch] = []
        born = [write for write in writes if write.deed is Deed.CREATE]
        fresh = sum(not write.key for write in born)
        if fresh:  # one sent before without an answer keeps its anchor: it is not created twice
            there = self._last_read(self._shapes, memory)
            first = reserved(line.reserve, fresh, there.marks if there else frozenset())
            numbers = iter(range(first, first + fresh))
            born = [write if write.key else _keyed(write, next(numbers)) for write in born]
        changed = [write for write in writes if write.deed is Deed.CHANGE]
        leaving = [write for write in writes if write.deed is Deed.DELETE]
        for each in (born, changed, leaving):
            found += [tuple(each[start : start + AT_ONCE]) for start in range(0, len(each), AT_ONCE)]
        return found

    @answering
    def send(self, line: Line, shapes: Sequence[Shape], memory: Memory, batch: Batch) -> Written:
        """One request for the whole batch; more only when somebody moved rows meanwhile."""
        speech = self._speech(line, shapes, memory)
        book = self._seen(speech, batch)
        for write in batch:
            if book.tabs[write.table].trouble:
                raise RemoteError(book.tabs[write.table].trouble, again=False, applied=False, person=True)
        if batch[0].deed is Deed.CREATE:
            rows, self._book = create(speech, book, batch)
            return Written(rows)
        places: dict[Place, Write] = {(write.table, int(write.key)): write for write in batch}
        there = [place for place in places if place[1] in book.tabs[place[0]].by_key]
        if batch[0].deed is Deed.DELETE:
            self._book = delete(speech, book, there)
            return Written([None for _ in batch])
        done, self._book = change(speech, book, {place: places[place].cells for place in there})
        for (table, key), row in done.items():
            self._book.tabs[table].by_key[key] = row
        told: list[Seen | Failure | None] = [
            seen(done[place], place[1]) if place in done else GONE for place in places
        ]
        return Written(told)

    def encode(self, column: Column, value: Any) -> Raw:
        """See ``sync.sheets.cells``."""
        return cells.encode(column, value)

    def decode(self, column: Column, raw: Raw) -> Any:
        """See ``sync.sheets.cells``."""
        return cells.decode(column, raw)

    @answering
    def setup(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, stamp: str, *, take_over: bool = False
    ) -> tuple[list[str], Memory]:
        """Create the tabs and columns that are missing; touch nothing that exists."""
        self._body, self._book = b"", None
        return prepare(self._speech(line, shapes, memory), stamp, take_over)

    @answering
    def check(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> list[str]:
        """What ``setup`` would make otherwise, in French."""
        return differences(self._speech(line, shapes, memory))

    @answering
    def tables_there(self, line: Line, memory: Memory) -> list[TableThere]:
        """See ``sync.sheets.adopt``."""
        return adopt.tables_there(self._speech(line, (), memory))

    @answering
    def rows_there(self, line: Line, table: TableThere) -> list[Cells]:
        """See ``sync.sheets.adopt``."""
        return adopt.rows_there(self._speech(line, (), {}), table)

    @answering
    def adopt(
        self,
        line: Line,
        shapes: Sequence[Shape],
        memory: Memory,
        table: TableThere,
        columns: Mapping[str, str],
    ) -> tuple[list[str], Memory]:
        """See ``sync.sheets.adopt``."""
        self._body, self._book = b"", None
        return adopt.adopt(self._speech(line, shapes, memory), table, columns)

    @answering
    def probe(self, line: Line, memory: Memory) -> Mapping[str, str]:
        """Try on a scratch tab, removed afterwards, what the documentation leaves open."""
        return answers(self._speech(line, (), memory))

    def _speech(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> Speech:
        if self._client is None:
            self._client = Client(self.credentials_file, self.endpoint, self.time_out)
        self._client.turn = line.turn
        return Speech(Talk(self._client, self.spreadsheet_id), shapes, memory, line.reserve)

    def _last_read(self, shapes: tuple[Shape, ...], memory: Memory) -> Book | None:
        """The book of the last look, which is not parsed before somebody asks."""
        if self._book is None and self._body and self._shapes == shapes:
            self._book = read(self._body, shapes, memory)
        return self._book

    def _seen(self, speech: Speech, batch: Batch) -> Book:
        """What was last read; read now when this process has not, or does not know a row of the batch."""
        book = self._last_read(tuple(speech.shapes), speech.memory)
        if book is None or any(not _is_known(book, write) for write in batch):
            book = settle(speech, _known(speech.memory, book), speech.read())
            self._book, self._shapes = book, tuple(speech.shapes)
        return book


def _keyed(write: Write, number: int) -> Write:
    return Write(write.deed, write.table, write.record, str(number), write.cells)


def _is_known(book: Book, write: Write) -> bool:
    tab = book.tabs.get(write.table)
    return tab is not None and (write.deed is Deed.CREATE or int(write.key) in tab.by_key)


def _look(tab: Tab) -> TableLook:
    if tab.trouble:
        return TableLook(trouble=tab.trouble)
    rows = {str(line.keys[0]): seen(line, line.keys[0]) for line in tab.lines if line.keys and line.values}
    return TableLook(rows, whole=True, paused=tab.paused)


def _as_it_is(book: Book, memory: Memory) -> Look:
    """What is there, rows without an anchor too, by their place."""
    tables = {
        table: TableLook(trouble=tab.trouble)
        if tab.trouble
        else TableLook(
            {f"{line.index}": seen(line, line.index) for line in tab.lines if line.values}, whole=True
        )
        for table, tab in book.tabs.items()
    }
    return Look(tables, memory, book.stamp or None)


def _known(memory: Memory, book: Book | None) -> dict[str, dict[str, str]]:
    """Which row each anchor stood for: at the last look, and since by our own writes."""
    known = {table: dict(tokens) for table, tokens in memory.get("anchors", {}).items()}
    for table, tab in book.tabs.items() if book else ():
        known.setdefault(table, {}).update(tab.tokens())
    return known


def _mark(body: bytes, shapes: Sequence[Shape]) -> str:
    """The digest of an answer, for the columns that go out now."""
    asked = repr([(shape.table, [column.name for column in shape.columns]) for shape in shapes])
    return hashlib.sha256(asked.encode() + body).hexdigest()
