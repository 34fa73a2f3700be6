"""The numbered steps make what the definition says, once, and keep what a town has written."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from policy.reasons import Refused
from sync import audit, migrations
from sync.engine import opened
from sync.migrations import (
    STEPS,
    Step,
    m0001_first_release,
    m0002_private_half,
    m0003_remotes,
    m0004_whole_town,
    migrate,
)
from sync.schema import METADATA, MIGRATIONS
from sync.store import Store
from tests.sync import freeze
from tests.sync.rows import DESK, NOW, department, file


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = opened(empty_url)
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """All that the database knows of its tables."""
    looked = sa.inspect(engine)
    return {
        table: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"])
                for column in looked.get_columns(table)
            },
            "key": looked.get_pk_constraint(table)["constrained_columns"],
            "unique": sorted(key["column_names"] for key in looked.get_unique_constraints(table)),
            "references": sorted(
                (key["constrained_columns"], key["referred_table"]) for key in looked.get_foreign_keys(table)
            ),
            "indexes": sorted(
                [name or "" for name in index["column_names"]] for index in looked.get_indexes(table)
            ),
        }
        for table in sorted(looked.get_table_names())
    }


def test_the_steps_make_the_tables_of_the_definition(engine: Engine) -> None:
    assert migrate(engine) == [step.number for step in STEPS]
    migrated = shape(engine)
    with engine.begin() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(sa.schema.DropTable(table))
        METADATA.create_all(connection)
    assert migrated == shape(engine), (
        "write a new step (before the release of step 4: python -m tests.sync.freeze)"
    )
    assert set(migrated) == set(METADATA.tables)


@pytest.mark.parametrize("dialect", freeze.DIALECTS)
def test_the_steps_are_whole_statements_that_take_nothing_away(dialect: str) -> None:
    first, second = m0001_first_release.statements(dialect), m0002_private_half.statements(dialect)
    assert {statement.split()[0] for statement in first} == {"CREATE"}
    assert {tuple(statement.split()[:2]) for statement in second} == {
        ("CREATE", "TABLE"),
        ("CREATE", "INDEX"),
        ("ALTER", "TABLE"),
    }
    third, fourth = m0003_remotes.statements(dialect), m0004_whole_town.statements(dialect)
    assert {statement.split()[0] for statement in third} == {"CREATE"}
    assert {statement.split()[0] for statement in fourth} <= {"CREATE", "ALTER"}
    tables = [s for s in (*first, *second, *third, *fourth) if s.startswith("CREATE TABLE")]
    assert len(tables) == len(METADATA.tables) - 1  # the ledger of the steps is made before them


RELEASED = {
    m0001_first_release: {"sqlite": "958670aa5e73b27e", "postgresql": "35136d95c76985f1"},
    m0002_private_half: {"sqlite": "adb1f4ca3ae19c54", "postgresql": "a401b67f53e7e108"},
    m0003_remotes: {"sqlite": "3c8570ac97f51119", "postgresql": "22e91dc8e3f02d7e"},
}


@pytest.mark.parametrize("step", RELEASED, ids=lambda step: step.__name__.rpartition(".")[2])
def test_a_released_step_is_for_ever_what_it_was(step: Any) -> None:
    marks = {
        dialect: sha256("\n".join(step.statements(dialect)).encode()).hexdigest()[:16]
        for dialect in freeze.DIALECTS
    }
    assert marks == RELEASED[step]


def test_a_town_of_the_first_release_keeps_its_rows_and_gets_the_rest(engine: Engine) -> None:
    assert migrate(engine, STEPS[:1]) == [1]
    with engine.begin() as connection:
        first = sa.MetaData()
        first.reflect(connection)
        kept = {}
        for table in first.sorted_tables:
            if table.name == MIGRATIONS.name:
                continue
            row = {column.name: invented(column) for column in table.columns if not column.nullable}
            connection.execute(sa.insert(table), [row])
            kept[table.name] = dict(connection.execute(sa.select(table)).mappings().one())
    assert migrate(engine) == [2, 3, 4]
    with engine.begin() as connection:
        for name, row in kept.items():
            now = dict(connection.execute(sa.select(first.tables[name])).mappings().one())
            assert now == row
        assert connection.scalar(sa.text("SELECT count(*) FROM sessions WHERE seen_at IS NULL")) == 1


def invented(column: sa.Column[Any]) -> Any:
    """A value that the column takes; every row bears the same id, so that references hold."""
    if isinstance(column.type, sa.JSON):
        return []
    return {bool: True, int: 1, bytes: b"x", datetime: NOW, date: NOW.date()}.get(
        column.type.python_type, "x"
    )


def test_a_second_time_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    assert migrate(engine) == []


def widen(connection: Connection) -> None:
    """A step as a later release may have: a new column, filled from what is there."""
    connection.exec_driver_sql("ALTER TABLE departments ADD COLUMN motto TEXT")
    connection.exec_driver_sql("UPDATE departments SET motto = 'Devise : ' || name")


def rebuild(connection: Connection) -> None:
    """SQLite alters a table by making it anew, while other rows point at its rows."""
    connection.exec_driver_sql("CREATE TABLE spare AS SELECT * FROM departments")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TABLE departments")
        (made,) = [s for s in m0001_first_release.statements("sqlite") if "TABLE departments " in s]
        connection.exec_driver_sql(made)
        connection.exec_driver_sql("ALTER TABLE departments ADD COLUMN motto TEXT")
        connection.exec_driver_sql("INSERT INTO departments SELECT * FROM spare")
    connection.exec_driver_sql("DROP TABLE spare")


def fail(connection: Connection) -> None:
    """A step that dies half way."""
    connection.exec_driver_sql("ALTER TABLE departments ADD COLUMN lost TEXT")
    connection.exec_driver_sql("DELETE FROM files")
    raise ConnectionAbortedError


def test_an_upgrade_keeps_what_a_town_has_written(empty_url: str, engine: Engine) -> None:
    store = Store.open(empty_url)
    store.migrate()
    with store.writing() as tx:
        made = tx.insert("departments", department(), DESK)
        tx.insert_many("files", [file(number, department=made["id"]) for number in range(1, 6)], DESK)
        assert tx.next_numbers("", 2026, 5) == range(1, 6)
        before = tx.find("files")
    later = (*STEPS, Step(901, "devise", widen), Step(902, "refaite", rebuild))
    assert migrate(engine, later) == [901, 902]
    with store.writing() as tx:
        assert tx.find("files") == before
        assert tx.get("departments", made["id"]) == made
        assert tx.connection.scalar(sa.text("SELECT motto FROM departments")) == "Devise : Travaux publics"
        assert tx.next_number("", 2026) == 6
        assert audit.verify(tx) == []
        assert list(tx.connection.scalars(sa.select(MIGRATIONS.c.number))) == [
            *(step.number for step in STEPS),
            901,
            902,
        ]
    store.close()


def test_a_step_that_dies_half_way_has_done_nothing(empty_url: str, engine: Engine) -> None:
    store = Store.open(empty_url)
    store.migrate()
    with store.writing() as tx:
        tx.insert("files", file(1), DESK)
    before = shape(engine)
    with pytest.raises(ConnectionAbortedError):
        migrate(engine, (*STEPS, Step(901, "devise", fail)))
    engine.dispose()
    assert shape(engine) == before
    with store.writing() as tx:
        assert len(tx.find("files")) == 1
        assert list(tx.connection.scalars(sa.select(MIGRATIONS.c.number))) == [step.number for step in STEPS]
        with pytest.raises(sa.exc.IntegrityError):  # references are watched again
            tx.connection.execute(sa.text("UPDATE files SET department = 'nobody'"))
            tx.connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
        tx.connection.rollback()
    store.close()


def test_a_step_may_not_lose_what_rows_point_at(engine: Engine, empty_url: str) -> None:
    store = Store.open(empty_url)
    store.migrate()
    with store.writing() as tx:
        made = tx.insert("departments", department(), DESK)
        tx.insert("files", file(1, department=made["id"]), DESK)

    def empty(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM departments")

    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        migrate(engine, (*STEPS, Step(901, "vide", empty)))
    with store.reading() as reader:
        assert len(reader.find("departments")) == 1
    store.close()


def test_a_database_of_a_newer_version_is_not_opened(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(MIGRATIONS).values(number=999, name="demain"))
    with pytest.raises(Refused, match="plus récente"):
        migrate(engine)


def test_two_processes_that_start_at_once_migrate_once(empty_url: str, engine: Engine) -> None:
    code = "import sys; from sync.store import Store; Store.open(sys.argv[1]).migrate()"
    started = [subprocess.Popen([sys.executable, "-c", code, empty_url]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    assert set(shape(engine)) == set(METADATA.tables)


def test_steps_are_numbered_in_order_and_each_has_its_module() -> None:
    numbers = [step.number for step in STEPS]
    assert numbers == list(range(1, len(STEPS) + 1))
    files = sorted(path.name for path in Path(migrations.__file__).parent.glob("m*.py"))
    assert [int(name[1:5]) for name in files] == numbers
