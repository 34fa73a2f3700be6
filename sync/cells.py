"""The rows of a table as SQLite keeps them, taken from either database and laid down in either.

What a backup holds: text, numbers, bytes, nothing else; moments and JSON as text. Rows stream: a large
document is in memory alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from sync.fields import Kind
from sync.schema import METADATA, MIGRATIONS, Moment, dumped
from sync.store import Reading, Writing
from sync.tables import TABLES

Cells = Sequence[Any]

# Every table, in an order in which a row only points to rows before its own or of its own table.
KEPT = tuple(table for table in METADATA.sorted_tables if table is not MIGRATIONS)

_SQLITE = sqlite.dialect(json_serializer=dumped)
_AT_ONCE, _HEAVY_AT_ONCE = 2_000, 4  # rows fetched together; a document may weigh 100 MB


def columns_of(table: sa.Table) -> tuple[str, ...]:
    """The names of its columns, in the order of its rows."""
    return tuple(column.name for column in table.columns)


def bytes_of(table: sa.Table) -> tuple[str, ...]:
    """The names of its columns that hold bytes."""
    return tuple(column.name for column in table.columns if isinstance(column.type, sa.LargeBinary))


def streamed(tx: Reading, table: sa.Table) -> Iterator[Cells]:
    """Every row of a table, in no promised order."""
    if tx.connection.dialect.name == "sqlite":
        cursor = _driver(tx).execute(f"SELECT {_listed(columns_of(table))} FROM {_quoted(table.name)}")  # noqa: S608
        try:
            yield from cursor
        finally:
            cursor.close()
        return
    shapers = [_shaper(column) for column in table.columns]
    definition = TABLES.get(table.name)
    heavy = definition is not None and any(field.kind is Kind.BYTES for field in definition.fields)
    query = sa.select(table).execution_options(yield_per=_HEAVY_AT_ONCE if heavy else _AT_ONCE)
    for row in tx.connection.execute(query):
        yield [None if value is None else shape(value) for shape, value in zip(shapers, row, strict=True)]


def lay(tx: Writing, table: str, columns: Sequence[str], rows: Iterable[Cells]) -> None:
    """Insert these rows, which have these columns, whatever this version of the table has besides.

    On SQLite a row may point to one that is laid later in the transaction. A row that does not fit is a
    ``sqlite3.IntegrityError``, or a ``RuntimeError`` without its values.
    """
    if tx.connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {_quoted(table)} ({_listed(columns)}) VALUES ({places})"  # noqa: S608
        _driver(tx).executemany(statement, rows)
        return
    moments = {name for name in columns if isinstance(METADATA.tables[table].c[name].type, Moment)}
    at = [place for place, name in enumerate(columns) if name in moments]
    try:
        with (
            _driver(tx).cursor() as cursor,
            cursor.copy(f"COPY {_quoted(table)} ({_listed(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(_with_zone(row, at))
    except psycopg.Error as failure:  # its context quotes the row
        raise RuntimeError(f"{table}: {failure.diag.message_primary}") from None


def _with_zone(row: Cells, moments: Sequence[int]) -> Cells:
    cells = list(row)
    for place in moments:
        if cells[place] is not None:
            cells[place] = f"{cells[place]}+00"
    return cells


def _shaper(column: sa.Column[Any]) -> Callable[[Any], Any]:
    found = column.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
    return found or (lambda value: value)


def _driver(tx: Reading) -> Any:
    """The driver's own connection, in the transaction that is open."""
    return tx.connection.connection.driver_connection


def _quoted(name: str) -> str:
    return f'"{name}"'


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))
