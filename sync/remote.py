"""What a remote is: the tables where the director works, as reconciliation asks and tells them.

A remote only speaks: it looks, it writes what it is told, it says what came of it. It decides nothing and
keeps nothing but its ``Memory``, which reconciliation stores for it. Three implementations: Airtable,
Google Sheets, and one in memory for the tests.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from sync.fields import Kind, Owner

Raw = Any  # what a cell holds as the service tells it (JSON); None when it is empty
Cells = Mapping[str, Raw]  # by the name of our field
Memory = Mapping[str, Any]  # JSON: a cursor, the service's ids of tables and columns…

BY_HAND = "by_hand"  # in the memory ``setup`` gives back: what it left for a person to do, in French
ID = "id"  # the column of our ids: its name here, its header there
ID_HEADER = "ID"
NOTE = "note_of_sync"  # the column in which a row's refusals are told
NOTE_HEADER = "Synchronisation"


@dataclass(frozen=True)
class Column:
    """One column of a table as it goes out. ``ref`` names the table it points to, when that one goes too."""

    name: str
    label: str
    kind: Kind
    owner: Owner
    choices: tuple[str, ...] = ()
    ref: str | None = None
    required: bool = False

    @property
    def typed_there(self) -> bool:
        """Whether the director may change it."""
        return self.owner is not Owner.DESK


@dataclass(frozen=True)
class Shape:
    """A table as it goes out: its name here, its French title, its columns in order.

    The two columns of the engine (``ID``, ``NOTE``) are not among them: every remote adds them, the first
    at the left, the other at the right.
    """

    table: str
    label: str
    columns: tuple[Column, ...]
    title: str  # the column by which people call a row

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` when it does not go out."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.table}.{name}")


class RefersBy(StrEnum):
    """What a cell that points to another row holds."""

    KEY = "key"  # the service's own id of that row (a link)
    TITLE = "title"  # its name, unique in its table


@dataclass(frozen=True)
class Seen:
    """A row as it was read. ``key`` is the service's handle of the row, ``id`` what its ID cell says.

    ``cells`` holds our columns, the note's too, only those that are not empty; ``extras`` the columns that
    are not ours, by their header. ``before`` tells, where the service does, what a cell held before its
    last change.
    """

    key: str
    id: str
    cells: Cells
    extras: Cells = field(default_factory=dict)
    before: Cells = field(default_factory=dict)


@dataclass(frozen=True)
class TableLook:
    """What a look brings of one table.

    ``whole``: ``rows`` are all there are; else only those that may have moved since the look before, and
    ``gone`` the keys said to be deleted. ``trouble``: a French sentence when the table is missing or its
    headers unreadable; nothing else is then told of it. ``paused``: columns not to be touched, and why.
    """

    rows: Mapping[str, Seen] = field(default_factory=dict)
    whole: bool = False
    gone: frozenset[str] = frozenset()
    trouble: str = ""
    paused: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What a look brings; a table that is not in it has not moved. ``memory`` is for the next one."""

    tables: Mapping[str, TableLook]
    memory: Memory
    stamp: str | None = None  # the installation said there; None when this look did not read it


class Deed(StrEnum):
    """What a write does."""

    CREATE = "création"
    CHANGE = "changement"
    DELETE = "suppression"


@dataclass(frozen=True)
class Write:
    """One row to write. ``cells`` are the cells to change (``None`` empties one); the others are left alone.

    A created row has ``cells[ID]``. ``key`` is empty for a creation until ``batches`` has given one, where
    the service lets us choose it.
    """

    deed: Deed
    table: str
    record: str  # what its ID cell says, or will say
    key: str
    cells: Cells

    def is_answered_by(self, row: Seen) -> bool:
        """Whether that row can be the answer to this write, and not the answer to another."""
        return row.id == self.record if self.deed is Deed.CREATE else row.key == self.key


Batch = tuple[Write, ...]  # what one request carries


@dataclass(frozen=True)
class Failure:
    """A row that was not written. ``missing``: it is no longer there; else the service refuses it."""

    missing: bool
    words: str  # French, without any value of a citizen


@dataclass(frozen=True)
class Written:
    """The answer to a batch, in its order: each row as it is now there, or why not.

    ``None`` for a row that was deleted.
    """

    rows: Sequence[Seen | Failure | None]


@dataclass(frozen=True)
class ColumnThere:
    """A column as a town made it. ``kinds``: what of ours it can hold; ``choices``: its list, when closed."""

    key: str
    header: str
    kinds: frozenset[Kind]
    choices: tuple[str, ...] | None = None


@dataclass(frozen=True)
class TableThere:
    """A table as it is there, whoever made it; ``ours``: the name of the table of ours that it is."""

    key: str
    title: str
    columns: tuple[ColumnThere, ...]
    ours: str = ""


class Unreadable(Exception):
    """What a cell holds is no value of its column; the message is a French sentence for the director."""


@dataclass
class RemoteError(Exception):
    """The remote did not do what it was asked.

    ``again``: asking later may succeed. ``wait``: seconds before which it is useless; ``asked``: or worse,
    the service wants to be left alone.
    ``applied``: ``False`` when the remote surely did nothing; ``True`` when it may have done it all the same.
    ``person``: somebody must do something, said in ``words`` (French, without token nor citizen).
    """

    words: str
    again: bool = True
    wait: float = 0.0
    asked: bool = False
    applied: bool = True
    person: bool = False

    def __post_init__(self) -> None:
        super().__init__(self.words)


def free_header(label: str, taken: Collection[str]) -> str:
    """A header that no column has, whatever its case: ours, else ours with our name after it."""
    used = {header.casefold() for header in taken}
    return label if label.casefold() not in used else f"{label} (Guichet)"


def misplaced(label: str) -> RemoteError:
    """The answer to a write tells of another row: it is worth no more than a lost one."""
    return RemoteError(f"{label} a répondu pour une autre ligne que celle écrite : elles seront relues.")


def stranger() -> RemoteError:
    """The remote bears another installation's stamp."""
    return RemoteError(
        "Une autre installation de Guichet parle déjà à cette table (une copie, ou une base restaurée "
        "ailleurs) : rien n'a été lu ni écrit. Si elle ne sert plus : « python -m sync setup --take-over ».",
        again=False, applied=False, person=True,
    )  # fmt: skip


def copied() -> RemoteError:
    """This database is a copy of the one that speaks to the remote, or was moved."""
    return RemoteError(
        "Cette base de données n'est plus à l'endroit d'où elle parlait à la table : elle a été copiée ou "
        "déplacée. Rien n'a été lu ni écrit. Si l'autre ne sert plus : « python -m sync setup --take-over ».",
        again=False, applied=False, person=True,
    )  # fmt: skip


def reread(memory: Memory) -> Memory:
    """The same memory, by which the next look no more believes that nothing moved: we write after the last.

    Whoever undoes what we wrote makes the remote what it was at that look, and is heard all the same.
    """
    return {**memory, "mark": ""} if memory.get("mark") else memory


class Silence(RemoteError):
    """The service asked to be left alone for a while, and is: it was asked nothing."""


class LostTurn(RemoteError):
    """Another worker speaks to the remote: nothing is wrong with it."""


@dataclass(frozen=True)
class Line:
    """What a remote is given to speak with: asked before every request, and for its own numbers.

    ``turn`` is called before each request: it paces, counts, and raises ``RemoteError`` when this worker
    may not speak any more. ``reserve(n)`` gives the first of ``n`` integers never given before, kept before
    it answers. ``known(table, keys)`` gives the rows as they were last read or written, by key: what a feed
    only echoes need not be read again. ``brought(table, part, stamp)`` is told of a part of a long listing
    as it comes, with the stamp there; the look brings it all the same. ``quiet``: a look only reads, and its
    memory is not kept: after a restore, before a person says that this store may write there. ``stamp`` is
    this installation's: where another's is found, a look puts nothing there and brings it alone.
    """

    turn: Callable[[], None]
    reserve: Callable[[int], int]
    known: Callable[[str, Sequence[str]], Mapping[str, Cells]] = lambda table, keys: {}
    brought: Callable[[str, TableLook, str | None], None] = lambda table, part, stamp: None
    quiet: bool = False
    stamp: str = ""

    def is_anothers(self, stamp: str | None) -> bool:
        """Whether the stamp found there is that of another installation."""
        return bool(self.stamp and stamp and stamp != self.stamp)


class Remote(Protocol):
    """A service that holds the tables. What speaks may raise ``RemoteError``; the codec never speaks."""

    @property
    def name(self) -> str:
        """What the ledger calls it: ``airtable``, ``sheets``, ``memory``."""
        ...

    @property
    def label(self) -> str:
        """What people call it: « Airtable », « Google Sheets »."""
        ...

    @property
    def refers_by(self) -> RefersBy: ...

    @property
    def place(self) -> str:
        """Which of the service's bases or spreadsheets it is; another one holds none of the rows we know."""
        ...

    def look(self, line: Line, shapes: Sequence[Shape], memory: Memory, *, whole: bool = False) -> Look:
        """What moved since ``memory``, in as few requests as the service allows; ``whole``: everything.

        Rows typed there that have no handle yet are given one here.
        """
        ...

    def read(self, line: Line, shape: Shape, memory: Memory, keys: Sequence[str]) -> Mapping[str, Seen]:
        """These rows as they are now; a key that is not in the answer is not there any more."""
        ...

    def batches(self, line: Line, memory: Memory, writes: Sequence[Write]) -> list[Batch]:
        """The writes in the service's own batches, in order, each to be sent in one request."""
        ...

    def send(self, line: Line, shapes: Sequence[Shape], memory: Memory, batch: Batch) -> Written:
        """Carry one batch. Sending the same again after a lost answer creates nothing twice."""
        ...

    def encode(self, column: Column, value: Any) -> Raw:
        """What a cell of this column holds for a value of the store (for a ``ref``: the key or the title)."""
        ...

    def decode(self, column: Column, raw: Raw) -> Any:
        """The value of a cell; for a ``ref``, the key or the title. Raises ``Unreadable``."""
        ...

    def setup(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, stamp: str, *, take_over: bool = False
    ) -> tuple[list[str], Memory]:
        """Create what is missing, touch nothing that exists, leave the stamp; what was done, in French.

        Another installation's stamp is only replaced to ``take_over``; else ``RemoteError`` (``stranger``).
        """
        ...

    def check(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> list[str]:
        """What differs from what ``setup`` would make, in French; empty when nothing does."""
        ...

    def tables_there(self, line: Line, memory: Memory) -> list[TableThere]:
        """Every table there, those that are not ours too, but for the engine's own."""
        ...

    def rows_there(self, line: Line, table: TableThere) -> list[Cells]:
        """The rows of a table, whoever made it, by header; empty cells are left out."""
        ...

    def adopt(
        self,
        line: Line,
        shapes: Sequence[Shape],
        memory: Memory,
        table: TableThere,
        columns: Mapping[str, str],
    ) -> tuple[list[str], Memory]:
        """That table is ``table.ours`` from now on, with these columns (their keys, by our names).

        The columns that it lacks are added, under a header that none has there; nothing else is touched.
        The tables that it points to are there already. What was done, in French.
        """
        ...

    def probe(self, line: Line, memory: Memory) -> Mapping[str, str]:
        """Try, on scratch rows removed afterwards, what could not be known without the live service."""
        ...
