"""The SQL side of the definitions: one SQLAlchemy table for each table, and the store's own ledgers."""

import json
import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from sync.fields import Field, Kind
from sync.fields import Table as Definition
from sync.tables import TABLES

UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, and neither writes half of a pair

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment must be aware")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Chosen(TypeDecorator[StrEnum]):
    """A member of a closed list, kept as its official French word."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, choices: type[StrEnum]) -> None:
        super().__init__()
        self.choices = choices

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _text_type(dialect.name)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.choices(value)


class Whole(TypeDecorator[int]):
    """A whole number; numpy's are cast, since sqlite3 would keep them as BLOBs."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)


class Text(TypeDecorator[str]):
    """Text that sorts by code point on both databases, so that ids, numbers and prefixes sort alike.

    What neither database can hold never gets in (``sync.values``); asked for, in an address or a forged
    message, it is simply not there.
    """

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return _text_type(dialect.name)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or not UNWRITABLE.search(value) else UNWRITABLE.sub("\ufffd", value)


def text() -> TypeEngine[str]:
    """The type of a column of text."""
    return Text()


def dumped(value: object) -> str:
    """The value as JSON text; dates and moments as ISO text."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"not a value for JSON: {type(value).__name__}")


def _text_type(dialect: str) -> TypeEngine[str]:
    return sa.Text(collation="C") if dialect == "postgresql" else sa.Text()


def _type_of(field: Field) -> TypeEngine[Any]:
    match field.kind:
        case Kind.TEXT | Kind.LONG | Kind.REF:
            return text()
        case Kind.INTEGER:
            return Whole()
        case Kind.BOOL:
            return sa.Boolean()
        case Kind.DATE:
            return sa.Date()
        case Kind.MOMENT:
            return Moment()
        case Kind.CHOICE:
            if field.choices is None:
                raise TypeError(f"{field.name} has no choices")
            return Chosen(field.choices)
        case Kind.JSON:
            return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
        case Kind.BYTES:
            return sa.LargeBinary()


def _column(field: Field) -> sa.Column[Any]:
    if field.sealed:  # encrypted (sync.vault): what is required of it is required of the plain value
        return sa.Column(field.name, sa.LargeBinary() if field.kind is Kind.BYTES else text())
    references = [sa.ForeignKey(f"{field.ref}.id")] if field.ref else []
    return sa.Column(field.name, _type_of(field), *references, nullable=not field.required)


def _table(definition: Definition) -> sa.Table:
    sealed = any(field.sealed for field in definition.fields)
    table = sa.Table(
        definition.name,
        METADATA,
        sa.Column("id", text(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        *([sa.Column("sealed_key", text(), nullable=False)] if sealed else []),  # its row's own, wrapped
        *(_column(field) for field in definition.fields),
    )
    for names in unique_keys(definition):
        table.append_constraint(sa.UniqueConstraint(*names))
    singles = tuple((field.name,) for field in definition.fields if field.indexed)
    for names in singles + definition.indexes:
        sa.Index(None, *(table.c[name] for name in names))
    return table


def unique_keys(definition: Definition) -> tuple[tuple[str, ...], ...]:
    """The sets of fields of which no two rows may have the same values."""
    return tuple((field.name,) for field in definition.fields if field.unique) + definition.unique


SQL: dict[str, sa.Table] = {name: _table(definition) for name, definition in TABLES.items()}

SERIES = sa.Table(  # the last number given in each series
    "series",
    METADATA,
    sa.Column("series", text(), primary_key=True),
    sa.Column("year", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("last", sa.BigInteger(), nullable=False),
)

HISTORY = sa.Table(  # architecture 11; see sync.history
    "history",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("table_name", text(), nullable=False),
    sa.Column("record", text(), nullable=False),
    sa.Column("rank", sa.BigInteger(), nullable=False),  # 1, 2, 3… of the record
    sa.Column("kind", text(), nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("who", text(), nullable=False),
    sa.Column("name", text(), nullable=False),
    sa.Column("whence", text(), nullable=False),
    sa.Column("act", text(), nullable=False),
    sa.Column("changes", text(), nullable=False),  # JSON: field → [before, after]; erasable
    sa.Column("salt", sa.LargeBinary()),  # of all the fields, until one is erased
    sa.Column("remains", text()),  # JSON, once a field is erased: the salts and digests that stay
    sa.Column("digest", sa.LargeBinary(), nullable=False),
    sa.UniqueConstraint("table_name", "record", "rank"),
    sqlite_autoincrement=True,
)

# What an import prepares out of sight, to be there all at once (sync.staging): the same columns, no key.
STAGED: dict[str, sa.Table] = {
    table.name: sa.Table(
        f"staged_{table.name}",
        METADATA,
        sa.Column("lot", text(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        *(sa.Column(column.name, column.type) for column in table.columns if column.name != "seq"),
        sa.Index(None, "lot", "line"),
    )
    for table in (SQL["citizens"], SQL["files"], SQL["pauses"], HISTORY)
}

SEALS = sa.Table(
    "seals",
    METADATA,
    sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("up_to", sa.BigInteger(), nullable=False),  # the last entry it covers
    sa.Column("entries", sa.BigInteger(), nullable=False),  # how many it adds to the seal before
    sa.Column("key_id", text(), nullable=False),
    sa.Column("mac", sa.LargeBinary(), nullable=False),
)

PULSES = sa.Table(  # when what works by itself last did
    "pulses",
    METADATA,
    sa.Column("what", text(), primary_key=True),
    sa.Column("beat_at", Moment(), nullable=False),
    sa.Column("troubled", sa.Boolean(), nullable=False),
)

SEARCH_DOCS = sa.Table(  # what was indexed of a record: one text of words for each sight
    "search_docs",
    METADATA,
    sa.Column("doc", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("table_name", text(), nullable=False),
    sa.Column("record", text(), nullable=False),
    sa.Column("listed", text(), nullable=False),
    sa.Column("work", text(), nullable=False),
    sa.Column("internal", text(), nullable=False),
    sa.Column("identity", text(), nullable=False),
    sa.UniqueConstraint("table_name", "record"),
    sa.Index(None, "table_name", "doc"),
)

SEARCH_WORDS = sa.Table(
    "search_words",
    METADATA,
    sa.Column("table_name", text(), primary_key=True),
    sa.Column("word", text(), primary_key=True),
    sa.Column("doc", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("sight", sa.BigInteger(), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

MIGRATIONS = sa.Table(
    "migrations",
    METADATA,
    sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("name", text(), nullable=False),
    sa.Column("applied_at", Moment(), nullable=False, server_default=sa.func.current_timestamp()),
)
