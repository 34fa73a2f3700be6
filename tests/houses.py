"""A town put in place for a test: the Prévost preset and the cast, on SQLite and on PostgreSQL."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from config.letters import environment
from config.presets import preset
from desk.house import House
from desk.setup import put_in_place
from sync.schema import METADATA, MIGRATIONS
from sync.store import Store
from tests.cast import Cast, moment, settle

SETTLED = moment("Mon 2026-11-02 08:00")


@pytest.fixture
def bare_house(store: Store) -> House:
    """A house whose store has no row yet."""
    return House(store, environment(), "https://guichet.prevost.test", "guichet@prevost.test")


@pytest.fixture
def cast(bare_house: House) -> Cast:
    """The cast of the tests, in a house put in place on Monday 2 November 2026."""
    return settled(bare_house)


@pytest.fixture
def house(cast: Cast) -> House:
    """That house."""
    return cast.house


Lay = Callable[[Store], None]  # puts the rows of a picture in an empty store
_settled: dict[str, tuple[Cast, Lay]] = {}  # by kind of database: put in place once, then laid down


def settled(house: House) -> Cast:
    """Put the town and its cast in place, as the software does it the first time and as a copy afterwards."""
    dialect = house.store.dialect
    if dialect not in _settled:
        put_in_place(house, preset("prevost"), SETTLED)
        cast = settle(house, SETTLED)
        _settled[dialect] = cast, _PICTURES[dialect](house.store)
        return cast
    cast, lay = _settled[dialect]
    lay(house.store)
    return replace(cast, house=house, _sessions={})


def _sqlite_picture(store: Store) -> Lay:
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(_path(store))) as there:
        there.backup(kept)

    def lay(empty: Store) -> None:
        with closing(sqlite3.connect(_path(empty))) as there:
            kept.backup(there)

    return lay


def _path(store: Store) -> str:
    with store.reading() as tx:
        return str(tx.connection.engine.url.database)


def _postgresql_picture(store: Store) -> Lay:
    """The rows of every table as JSON, laid down by one statement."""
    laid: list[str] = []
    kept: dict[str, Any] = {}
    with store.reading() as tx:
        for table in METADATA.sorted_tables:
            rows = tx.scalar(
                sa.select(
                    sa.cast(sa.func.jsonb_agg(sa.func.to_jsonb(sa.literal_column(table.name))), sa.Text)
                ).select_from(table)
            )
            if rows is not None and table is not MIGRATIONS:
                names = ", ".join(column.name for column in table.columns)
                kept[table.name] = rows
                source = f"jsonb_populate_recordset(NULL::{table.name}, CAST(:{table.name} AS jsonb))"
                laid.append(
                    f"_{table.name} AS (INSERT INTO {table.name} ({names}) SELECT {names} FROM {source})"  # noqa: S608
                )
    statement = sa.text(
        f"WITH {', '.join(laid)} "  # noqa: S608
        "SELECT setval(pg_get_serial_sequence('history', 'seq'), (SELECT max(seq) FROM "
        "jsonb_populate_recordset(NULL::history, CAST(:history AS jsonb))))"
    )

    def lay(empty: Store) -> None:
        with empty.writing() as tx:
            tx.connection.execute(statement, kept)

    return lay


_PICTURES: Mapping[str, Callable[[Store], Lay]] = {
    "sqlite": _sqlite_picture,
    "postgresql": _postgresql_picture,
}
