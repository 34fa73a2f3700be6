"""The town of sentinels, planted once on each database: what is tried here only reads."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.letters import environment
from desk.house import House
from sync.store import Store
from tests.conftest import DATABASES, Postgres
from tests.houses import settled
from tests.keys import KEYS
from tests.wall.planted import Town, plant


@pytest.fixture(scope="session")
def sqlite_town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """On SQLite."""
    path = tmp_path_factory.mktemp("mur") / "guichet.db"
    shutil.copy(sqlite_template, path)
    yield from _planted(f"sqlite:///{path}")


@pytest.fixture(scope="session")
def postgresql_town(postgresql: Postgres) -> Iterator[Town]:
    """On PostgreSQL, in a database of its own."""
    address = postgresql.empty_url()
    store = Store.open(address, KEYS)
    store.migrate()
    store.close()
    yield from _planted(address)


@pytest.fixture(params=DATABASES)
def town(request: pytest.FixtureRequest) -> Town:
    """On each in turn."""
    found: Town = request.getfixturevalue(f"{request.param}_town")
    return found


def _planted(address: str) -> Iterator[Town]:
    store = Store.open(address, KEYS)
    yield plant(settled(House(store, environment(), "https://guichet.test", "guichet@test.test")), address)
    store.close()
