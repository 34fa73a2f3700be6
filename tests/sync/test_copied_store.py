"""A copy of the database beside the town's table: silent, or restored, never writing there by itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from sync.store import Store
from tests.desk.demands import opened
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings


def test_a_copy_of_the_database_is_silent_until_a_person_says_that_it_takes_over(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str
) -> None:
    desk.ready()
    copy = copied(store_url, tmp_path)
    opened(desk.cast)
    calls = desk.there.server.calls.total
    monkeypatch.setenv("GUICHET_DATABASE_URL", copy)
    for act in (["run", "--once"], ["check"], ["setup"], ["probe"], ["rebuild", "--yes"]):
        assert desk.sync(*act) == 2, act
        assert "copiée ou déplacée" in desk.complained and "--take-over" in desk.complained
    assert desk.there.server.calls.total == calls, "it does not even read"
    assert desk.figures()["needs_person"] is True
    monkeypatch.setenv("GUICHET_DATABASE_URL", store_url)
    assert desk.tally()["created_there"] == 1, "the one that was copied works on"
    monkeypatch.setenv("GUICHET_DATABASE_URL", copy)
    assert desk.sync("setup", "--take-over") == 0
    desk.tally()
    assert desk.figures()["needs_person"] is False


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a backup is kept: not beside the data."""
    return tmp_path_factory.mktemp("copies") / "copie.zip"


def test_a_copy_restored_elsewhere_at_once_passes_the_numbers_of_the_table_and_waits_to_be_confirmed(
    desk: Desk, sqlite_template: Path, tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(desk.cast)
    desk.ready()
    assert desk.sync("backup", str(copy)) == 0
    last = opened(desk.cast).number
    desk.tally()
    path = tmp_path / "ailleurs.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{path}")
    writes = desk.there.server.calls.writes
    assert desk.sync("restore", str(copy)) == 0, desk.complained
    assert "ne seront pas redonnés" in desk.said
    store = Store.open(f"sqlite:///{path}")
    with store.writing() as tx:
        assert tx.next_number("", 2026) == int(last.removeprefix("2026-")) + 1
    store.close()
    desk.tally()
    assert desk.there.server.calls.writes == writes
    assert desk.sync("confirm") == 0
    assert desk.tally()["created_here"] == 1, "what the copy had lost comes back"


def test_a_restore_says_when_the_numbers_of_the_table_could_not_be_read(desk: Desk, copy: Path) -> None:
    desk.ready()
    assert desk.sync("backup", str(copy)) == 0
    desk.there.break_next("503")
    assert desk.sync("restore", str(copy), "--replace") == 0, desk.complained
    assert "pourrait être redonné" in desk.said and "confirm" in desk.said


def copied(url: str, folder: Path) -> str:
    """Another database that holds the same."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as there:
            there.execute("VACUUM INTO ?", [str(folder / "copie.db")])
        return f"sqlite:///{folder / 'copie.db'}"
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    server = sa.create_engine(
        address.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    name = f"{address.database}_copie"
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.exec_driver_sql(leave, (address.database,))
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {address.database}")
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
