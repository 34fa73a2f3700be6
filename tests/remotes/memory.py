"""A remote in memory: rows with handles, people who edit them, answers that get lost."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from sync.fields import Kind
from sync.outside import shapes as public_shapes
from sync.private_shapes import private_shapes
from sync.remote import (
    ID,
    NOTE,
    Batch,
    Cells,
    Column,
    ColumnThere,
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
    Unreadable,
    Write,
    Written,
    stranger,
)
from tests.remotes.heard import Heard


def all_shapes(identity: bool) -> tuple[Shape, ...]:
    """What may be there: the tables of the town, or those of its private base."""
    return (*public_shapes(identity), *private_shapes())


@dataclass
class Service:
    """What a town's tables would hold elsewhere; a person edits it by its methods.

    ``faults`` are taken one by one by the requests that come (``tests.remotes.there``).
    """

    tables: dict[str, dict[str, dict[str, Raw]]] = field(default_factory=dict)
    version: int = 0
    stamp: str | None = None
    faults: list[str] = field(default_factory=list)
    reads: int = 0
    writes: int = 0
    before_next_write: Callable[[], None] | None = None
    missing_tables: set[str] = field(default_factory=set)
    paused: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)  # that ``setup`` made
    renamed: dict[str, set[str]] = field(default_factory=dict)  # columns of which a choice has another name
    heard: Heard = field(default_factory=Heard)
    _handles: Any = field(default_factory=lambda: count(1))

    def add(self, table: str, cells: Mapping[str, Raw]) -> str:
        """A person types a row; its handle."""
        key = f"row{next(self._handles)}"
        self._table(table)[key] = {name: value for name, value in cells.items() if value is not None}
        self.version += 1
        return key

    def edit(self, table: str, key: str, cells: Mapping[str, Raw]) -> None:
        """A person changes cells of a row."""
        row = self._table(table)[key]
        row.update(cells)
        for name in [name for name, value in row.items() if value is None]:
            del row[name]
        self.version += 1

    def copy(self, table: str, key: str) -> str:
        """A person duplicates a row, its ID too."""
        return self.add(table, self._table(table)[key])

    def delete(self, table: str, key: str) -> dict[str, Raw]:
        """A person deletes a row."""
        self.version += 1
        return self._table(table).pop(key)

    def restore(self, table: str, key: str, cells: Mapping[str, Raw]) -> None:
        """A person undoes a deletion."""
        self._table(table)[key] = dict(cells)
        self.version += 1

    def delete_column(self, table: str, column: str) -> None:
        """A person deletes a column; its cells go with it."""
        self.columns[table].remove(column)
        for row in self._table(table).values():
            row.pop(column, None)
        self.paused.setdefault(table, {})[column] = "cette colonne n'y est plus."
        self.version += 1

    def rename_choice(self, table: str, column: str) -> None:
        """A person gives a choice of a list another name, or its own again."""
        self.renamed.setdefault(table, set()).symmetric_difference_update({column})
        self.version += 1

    def pauses(self, table: str) -> dict[str, str]:
        """The columns that are not to be touched, and why."""
        renamed = dict.fromkeys(self.renamed.get(table, ()), "un choix y a un autre nom.")
        return {**self.paused.get(table, {}), **renamed}

    def rows(self, table: str) -> dict[str, dict[str, Raw]]:
        """The rows of a table, by handle."""
        return copy.deepcopy(self._table(table))

    def by_id(self, table: str, record: str) -> list[dict[str, Raw]]:
        """The rows that bear an ID."""
        return [row for row in self.rows(table).values() if row.get(ID) == record]

    def key_of(self, table: str, record: str) -> str:
        """The handle of the row that bears an ID."""
        return next(key for key, row in self._table(table).items() if row.get(ID) == record)

    def _table(self, table: str) -> dict[str, dict[str, Raw]]:
        return self.tables.setdefault(table, {})


class InMemory:
    """The remote that speaks to a ``Service``; as Sheets does, a look brings whole tables or nothing."""

    name = "memory"
    label = "Mémoire"

    def __init__(self, service: Service, refers_by: RefersBy = RefersBy.KEY) -> None:
        self.service = service
        self.refers_by = refers_by
        self.place = "ici"

    def look(self, line: Line, shapes: Sequence[Shape], memory: Memory, *, whole: bool = False) -> Look:
        service = self.service
        with _Request(self, line, reads=True):
            found = service.version
        if memory.get("version") == found and not whole:
            return Look({}, memory, service.stamp)
        tables = {}
        for shape in shapes:
            if shape.table in service.missing_tables:
                tables[shape.table] = TableLook(trouble="la table n'est plus là.")
                continue
            rows = {key: self._seen(shape.table, key, row) for key, row in service.rows(shape.table).items()}
            tables[shape.table] = TableLook(rows, whole=True, paused=service.pauses(shape.table))
        return Look(tables, memory if line.quiet else {**memory, "version": found}, service.stamp)

    def read(self, line: Line, shape: Shape, memory: Memory, keys: Sequence[str]) -> Mapping[str, Seen]:
        with _Request(self, line, reads=True):
            rows = self.service.rows(shape.table)
        return {key: self._seen(shape.table, key, rows[key]) for key in keys if key in rows}

    def batches(self, line: Line, memory: Memory, writes: Sequence[Write]) -> list[Batch]:
        known = [self._with_handle(line, write) for write in writes]
        return [tuple(known[start : start + 10]) for start in range(0, len(known), 10)]

    def send(self, line: Line, shapes: Sequence[Shape], memory: Memory, batch: Batch) -> Written:
        with _Request(self, line, reads=False) as request:
            rows = [self._apply(write) for write in batch]
        return Written(self._of_others(batch, rows) if request.fault == "other" else rows)

    def encode(self, column: Column, value: Any) -> Raw:
        if isinstance(value, (date, datetime)):
            return value.isoformat()
        return None if value is False or value == "" else value  # says nothing of what is empty or false

    def decode(self, column: Column, raw: Raw) -> Any:
        if raw is None:
            return False if column.kind is Kind.BOOL else None
        try:
            match column.kind:
                case Kind.BOOL:
                    return bool(raw)
                case Kind.INTEGER:
                    return int(raw)
                case Kind.DATE:
                    return date.fromisoformat(raw)
                case Kind.MOMENT:
                    return datetime.fromisoformat(raw)
                case _:
                    return str(raw)
        except ValueError as wrong:
            raise Unreadable(f"« {raw} » ne convient pas à « {column.label} ».") from wrong

    def setup(
        self, line: Line, shapes: Sequence[Shape], memory: Memory, stamp: str, *, take_over: bool = False
    ) -> tuple[list[str], Memory]:
        if self.service.stamp not in (None, stamp) and not take_over:
            raise stranger()
        self.service.stamp = stamp
        missing = self.check(line, shapes, memory)
        for shape in shapes if missing else ():
            self.service.columns[shape.table] = {column.name for column in shape.columns}
            self.service.paused.pop(shape.table, None)
            self.service.version += 1
        return missing, memory

    def check(self, line: Line, shapes: Sequence[Shape], memory: Memory) -> list[str]:
        return [
            f"« {shape.label} » : il manque « {column.label} »."
            for shape in shapes
            for column in shape.columns
            if column.name not in self.service.columns.get(shape.table, ())
        ]

    def tables_there(self, line: Line, memory: Memory) -> list[TableThere]:
        with _Request(self, line, reads=True):
            return [self._told(title) for title in self.service.tables]

    def rows_there(self, line: Line, table: TableThere) -> list[Cells]:
        with _Request(self, line, reads=True):
            return list(self.service.rows(table.key).values())

    def adopt(
        self,
        line: Line,
        shapes: Sequence[Shape],
        memory: Memory,
        table: TableThere,
        columns: Mapping[str, str],
    ) -> tuple[list[str], Memory]:
        names = {key: name for name, key in columns.items()}
        with _Request(self, line, reads=False):
            rows = self.service.tables.pop(table.key)
            self.service.tables[table.ours] = {
                key: {names.get(header, header): raw for header, raw in row.items()}
                for key, row in rows.items()
            }
            self.service.version += 1
        return [f"« {table.title} » est adoptée."], memory

    def probe(self, line: Line, memory: Memory) -> Mapping[str, str]:
        return {}

    def _with_handle(self, line: Line, write: Write) -> Write:
        """Where rows are told by title, handles are ours to give, as in a spreadsheet.

        Those that are there already are passed over: a restored store knows nothing of the last ones.
        """
        if self.refers_by is RefersBy.KEY or write.deed is not Deed.CREATE or write.key:
            return write
        taken = {key for rows in self.service.tables.values() for key in rows}
        while (key := f"ours{line.reserve(1)}") in taken:
            pass
        return replace(write, key=key)

    def _told(self, title: str) -> TableThere:
        headers = dict.fromkeys(header for row in self.service.tables[title].values() for header in row)
        ours = title if title in {shape.table for shape in all_shapes(True)} else ""
        return TableThere(
            title, title, tuple(ColumnThere(each, each, frozenset(Kind)) for each in headers), ours
        )

    def _apply(self, write: Write) -> Seen | Failure | None:
        rows = self.service.tables.setdefault(write.table, {})
        if write.cells.keys() & self.service.renamed.get(write.table, set()):
            return Failure(missing=False, words="un choix n'y est plus")
        if write.deed is Deed.DELETE:
            rows.pop(write.key, None)
            self.service.version += 1
            return None
        if write.deed is Deed.CREATE:
            if write.key:  # a handle that is there already was created by this very write
                if write.key not in rows:
                    rows[write.key] = {}
                    self.service.edit(write.table, write.key, write.cells)
                return self._seen(write.table, write.key, rows[write.key])
            born = [key for key, row in rows.items() if row.get(ID) == write.record]
            key = born[0] if born else self.service.add(write.table, {})
        else:
            key = write.key
        if key not in rows:
            return Failure(missing=True, words="cette ligne n'y est plus")
        self.service.edit(write.table, key, write.cells)
        return self._seen(write.table, key, rows[key])

    def _of_others(
        self, batch: Batch, rows: Sequence[Seen | Failure | None]
    ) -> Sequence[Seen | Failure | None]:
        """The answers under the handles of others, or with what others say."""
        return [
            self._of_another(write.table, row, as_handle=bool(n % 2)) if isinstance(row, Seen) else row
            for n, (write, row) in enumerate(zip(batch, rows, strict=True), start=self.service.writes)
        ]

    def _of_another(self, table: str, row: Seen, *, as_handle: bool) -> Seen:
        others = [key for key, each in self.service.rows(table).items() if each.get(ID) and key != row.key]
        if not others:
            return row
        other = self._seen(table, others[0], self.service.rows(table)[others[0]])
        return replace(row, key=other.key) if as_handle else replace(other, key=row.key)

    def _seen(self, table: str, key: str, row: Mapping[str, Raw]) -> Seen:
        self.service.heard.answered(json.dumps(row).encode())
        known = {column.name for shape in all_shapes(True) for column in shape.columns} | {NOTE}
        ours = known - self.service.pauses(table).keys()
        cells = {name: value for name, value in row.items() if name in ours}
        extras = {name: value for name, value in row.items() if name not in known and name != ID}
        return Seen(key, str(row.get(ID) or ""), cells, extras)


class _Request:
    """One request: its turn, its fault, what a person does just before it lands."""

    def __init__(self, remote: InMemory, line: Line, *, reads: bool) -> None:
        self.service = remote.service
        self.reads = reads
        line.turn()

    def __enter__(self) -> "_Request":
        self.fault = self.service.faults.pop(0) if self.service.faults else "fine"
        if self.fault == "away":
            raise RemoteError("ne répond pas", applied=False)
        if self.fault == "before":
            raise RemoteError("a répondu 503")
        if self.reads:
            self.service.reads += 1
            return self
        self.service.writes += 1
        if self.service.before_next_write is not None:
            act, self.service.before_next_write = self.service.before_next_write, None
            act()
        return self

    def __exit__(self, *error: object) -> None:
        if self.fault in ("lost", "lied") and error[0] is None:
            raise RemoteError("la réponse s'est perdue")
