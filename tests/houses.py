"""A town put in place for a test: the Prévost preset and the cast, on SQLite and on PostgreSQL."""

import pytest

from config.letters import environment
from config.presets import preset
from desk.house import House
from desk.setup import put_in_place
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
    put_in_place(bare_house, preset("prevost"), SETTLED)
    return settle(bare_house, SETTLED)


@pytest.fixture
def house(cast: Cast) -> House:
    """That house."""
    return cast.house
