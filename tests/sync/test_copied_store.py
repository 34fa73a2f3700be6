"""A copy of the database beside the town's table: silent, or restored, never writing there by itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

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
