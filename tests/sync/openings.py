"""A town and its remote put in place once a process: each history begins from a copy of both."""

import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache

from sync import ledger
from sync.airtable.remote import Airtable
from sync.outside import shapes
from sync.remote import Line, RefersBy, Remote, Shape
from sync.sheets.remote import Sheets
from sync.store import Store
from tests.remotes import airtable, sheets
from tests.remotes.airtable_api import SCOPES
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.airtable_there import AirtableTables
from tests.remotes.memory import InMemory, Service
from tests.remotes.memory_there import InMemoryTables
from tests.remotes.sheets_server import SheetsServer
from tests.remotes.sheets_there import Spreadsheet
from tests.remotes.there import There
from tests.sync.crossings import Town, town
from tests.sync.mortal import new_store, path_of, same_ids

# What a history plays with: one table of settings, and of the files a column of each kind and owner.
COLUMNS = {
    "departments": ("name", "circuit", "closer", "active"),
    "files": (
        "number", "department", "received_at", "street", "sector", "state", "planned_on", "done_on",
        "complex", "next_action",
    ),
}  # fmt: skip
SHAPES: tuple[Shape, ...] = tuple(
    replace(shape, columns=tuple(each for each in shape.columns if each.name in COLUMNS[shape.table]))
    for shape in shapes(False)
    if shape.table in COLUMNS
)
FILES = 3


@dataclass
class Opened:
    """A town that told nothing yet, the people at its tables, its files, and how a new process speaks."""

    town: Town
    there: There
    files: list[str]
    speak: Callable[[], Remote]


@dataclass
class Opening:
    """What is copied: a picture of the store, and how the remote is put back as it was."""

    store: Store
    picture: sqlite3.Connection
    files: list[str]
    service: Service
    put_back: Callable[[], tuple[There, Callable[[], Remote]]]

    def __call__(self) -> Opened:
        lay(self.picture, self.store)
        there, speak = self.put_back()
        made = Town(self.store, speak(), self.service, carried=SHAPES)
        return Opened(made, there, list(self.files), speak)


def pictured(store: Store) -> sqlite3.Connection:
    """All that the store holds, in memory."""
    made = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path_of(store))) as there:
        there.backup(made)
    return made


def lay(picture: sqlite3.Connection, store: Store) -> None:
    """Put a picture in the place of what the store holds."""
    with closing(sqlite3.connect(path_of(store))) as there:
        picture.backup(there)


@cache
def in_memory(refers_by: RefersBy) -> Opening:
    """A remote in memory, whose rows are told by handle or by title."""
    service = Service()
    made, files = _town(InMemory(service, refers_by), FILES, service)

    def put_back() -> tuple[There, Callable[[], Remote]]:
        fresh = Service(stamp=service.stamp)
        return InMemoryTables(fresh), lambda: InMemory(fresh, refers_by)

    return Opening(made.store, pictured(made.store), files, service, put_back)


@cache
def at_airtable(feed: bool, count: int = FILES) -> Opening:
    """A base, with its feed or without the right to one; one server a process."""
    server = AirtableServer()
    server.api.scopes = set(SCOPES) if feed else set(SCOPES) - {"webhook:manage"}
    remote = airtable.speaking_to(server)
    made, files = _town(remote, count)
    base, now = pickle.dumps(server.base), server.now

    def put_back() -> tuple[There, Callable[[], Remote]]:
        server.begin_again(pickle.loads(base), now)  # noqa: S301 - ours

        def speak() -> Airtable:
            """A process that begins: its connection alone is the one that was open."""
            fresh = airtable.speaking_to(server)
            fresh._calls.api.session.mount("http://", remote._calls.api.session.get_adapter("http://"))
            return fresh

        return AirtableTables(server, SHAPES), speak

    return Opening(made.store, pictured(made.store), files, made.service, put_back)


@cache
def at_sheets(sort_moves_marks: bool, count: int = FILES) -> Opening:
    """A spreadsheet, whose anchors follow a sort or do not; one server a process."""
    server = SheetsServer()
    server.book.sort_moves_marks = sort_moves_marks
    remote = sheets.speaking_to(server)
    made, files = _town(remote, count)
    for sheet in server.book.sheets:
        del sheet.rows[sheets.BLANK :]
    book = server.book.copy()

    def put_back() -> tuple[There, Callable[[], Remote]]:
        server.begin_again(book.copy())

        def speak() -> Sheets:
            """A process that begins: its connection and its token alone are those that were there."""
            fresh = sheets.speaking_to(server)
            fresh._client = remote._client
            return fresh

        return Spreadsheet(server, SHAPES), speak

    return Opening(made.store, pictured(made.store), files, made.service, put_back)


def _town(remote: Remote, count: int, service: Service | None = None) -> tuple[Town, list[str]]:
    same_ids(1)
    made, ids = town(new_store(), count, remote, service)
    with made.store.writing() as tx:
        tx.jump_past("", 2026, count)
    given = made.crossing()
    line = Line(lambda: None, given.line.reserve, given.line.known)
    _, memory = remote.setup(line, SHAPES, {}, made.service.stamp or "")
    with made.store.writing() as tx:
        ledger.remember(tx, remote.name, memory)
    same_ids(0)
    return made, ids[1:]
