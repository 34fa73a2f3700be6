"""A town put in place for a test: the Prévost preset and the cast, on SQLite and on PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from config.letters import environment
from config.presets import preset
from desk.house import House
from desk.setup import put_in_place
from sync.schema import HISTORY, METADATA, MIGRATIONS
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


Picture = Mapping[str, Sequence[Mapping[str, Any]]]
_settled: list[tuple[Cast, Picture]] = []  # put in place once a process, then laid down row by row


def settled(house: House) -> Cast:
    """Put the town and its cast in place, as the software does it the first time and as a copy afterwards."""
    if not _settled:
        put_in_place(house, preset("prevost"), SETTLED)
        cast = settle(house, SETTLED)
        _settled.append((cast, _picture(house.store)))
        return cast
    cast, picture = _settled[0]
    with house.store.writing() as tx:
        for table in METADATA.sorted_tables:
            if picture.get(table.name):
                tx.connection.execute(sa.insert(table), picture[table.name])
        if house.store.dialect == "postgresql":
            last = sa.select(sa.func.max(HISTORY.c.seq)).scalar_subquery()
            tx.connection.execute(
                sa.select(sa.func.setval(sa.func.pg_get_serial_sequence("history", "seq"), last))
            )
    return replace(cast, house=house, _sessions={})


def _picture(store: Store) -> Picture:
    with store.reading() as tx:
        return {
            table.name: [dict(row) for row in tx.connection.execute(sa.select(table)).mappings()]
            for table in METADATA.sorted_tables
            if table is not MIGRATIONS
        }
