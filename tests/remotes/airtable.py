"""A base of the tests and the remote that speaks to it: the real client, over a real socket."""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from sync.airtable.remote import Airtable
from sync.remote import ID, Cells, Deed, Failure, Line, Look, Memory, Raw, Seen, Shape, Write
from tests.remotes.airtable_base import BaseThere
from tests.remotes.airtable_server import AirtableServer

STAMP = "installation-d-essai"


@dataclass
class Turns:
    """A line that lets everybody through, counts, and knows the rows that were read or written."""

    taken: int = 0
    rows: dict[str, dict[str, Cells]] = field(default_factory=dict)
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self._turn, lambda count: 1, self._known)

    def _turn(self) -> None:
        self.taken += 1

    def note(self, table: str, row: Seen) -> None:
        """Keep a row as the ledger does."""
        self.rows.setdefault(table, {})[row.key] = {**row.cells, ID: row.id} if row.id else row.cells

    def _known(self, table: str, keys: Sequence[str]) -> Mapping[str, Cells]:
        rows = self.rows.get(table, {})
        return {key: rows[key] for key in keys if key in rows}


@dataclass
class Town:
    """A base in place, the remote that speaks to it, and the memory of the last look."""

    server: AirtableServer
    remote: Airtable
    shapes: Sequence[Shape]
    turns: Turns = field(default_factory=Turns)
    memory: Memory = field(default_factory=dict)

    @property
    def line(self) -> Line:
        return self.turns.line

    def look(self, *, whole: bool = False) -> Look:
        """Look, and keep the memory of it."""
        found = self.remote.look(self.line, self.shapes, self.memory, whole=whole)
        self.memory = found.memory
        json.dumps(self.memory)  # it is kept as JSON
        for table, look in found.tables.items():
            for row in look.rows.values():
                self.turns.note(table, row)
        return found

    def write(self, *writes: Write) -> list[Seen | Failure | None]:
        """Carry writes in their batches, and know what was answered."""
        answers = []
        for batch in self.remote.batches(self.line, self.memory, writes):
            for row in self.remote.send(self.line, self.shapes, self.memory, batch).rows:
                answers.append(row)
                if isinstance(row, Seen):
                    self.turns.note(batch[0].table, row)
        return answers

    def made(self, table: str, *ids: str, **cells: Raw) -> list[str]:
        """Create rows with the same cells; their keys."""
        rows = self.write(*(creation(table, each, **cells) for each in ids))
        return [row.key for row in rows if isinstance(row, Seen)]

    def restarted(self) -> None:
        """The process starts again, on a ledger that knows nothing of the rows: only the memory is left."""
        self.remote = speaking_to(self.server)
        self.turns.rows.clear()


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
def airtable(
    shapes: Sequence[Shape], *, ready: bool = True, timeout: tuple[float, float] = (5, 30), **given: Any
) -> Iterator[Town]:
    """A base of its own; ``ready``: with the tables of ``shapes``. ``given`` sets what the server is."""
    server = AirtableServer()
    memory: Memory = {}
    if ready:
        base, memory = copy.deepcopy(_settled(tuple(shapes)))
        server.take_up(base)
    for name, value in given.items():
        setattr(server.api if hasattr(server.api, name) else server, name, value)
    try:
        yield Town(server, speaking_to(server, timeout), shapes, memory=memory)
    finally:
        server.close()


@cache
def _settled(shapes: tuple[Shape, ...]) -> tuple[BaseThere, Memory]:
    """A base set up by our own hand, once a process; each test has a copy of it."""
    server = AirtableServer()
    try:
        memory = speaking_to(server).setup(Turns().line, shapes, {}, STAMP)[1]
    finally:
        server.close()
    return server.base, memory


def speaking_to(server: AirtableServer, timeout: tuple[float, float] = (5, 30)) -> Airtable:
    """The remote of a base of the tests, in a process that remembers nothing."""
    remote = Airtable(server.token, server.base_id, endpoint=server.url, timeout=timeout)
    remote._calls.api.session.mount("http://", _Knocking(server))
    return remote


class _Knocking(HTTPAdapter):
    """A connection that tells the server when it was refused: nothing else can count that."""

    def __init__(self, server: AirtableServer) -> None:
        super().__init__()
        self._server = server

    def send(self, request: Any, *args: Any, **given: Any) -> requests.Response:
        try:
            return super().send(request, *args, **given)
        except requests.ConnectionError:
            self._server.refused()
            raise
