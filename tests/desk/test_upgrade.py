"""A town of the release before opens with this one: every row kept, its history true, its screens drawn."""

import lzma
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from config.letters import environment
from desk import files, intake, queue, sessions
from desk.house import House
from desk.intake import Demand
from desk.queue import Query
from desk.visits import Visit
from policy.words import Channel, Nature, Role
from sync import audit
from sync.engine import opened
from sync.migrations import STEPS, migrate
from sync.schema import HISTORY, MIGRATIONS, SEARCH_DOCS
from sync.store import Store
from tests.cast import moment
from tests.keys import KEYS

RELEASES = Path(__file__).parent.parent / "releases"
OLD = sorted(RELEASES.glob("*.xz"))
LATER = moment("Tue 2027-01-05 09:00")

Kept = dict[str, dict[Any, dict[str, Any]]]  # table → the first column of its key → row


@pytest.fixture(params=OLD, ids=lambda path: path.name.partition(".sqlite")[0])
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """The town as that release left it."""
    path = tmp_path / "release.db"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    return opened(f"sqlite:///{path}")


@pytest.fixture
def town(release: Engine, empty_url: str) -> Iterator[tuple[House, Kept]]:
    """That town on each database, not opened by this version yet; and its rows."""
    engine = opened(empty_url)
    with release.connect() as there:
        steps = set(there.scalars(sa.select(MIGRATIONS.c.number)))
        migrate(engine, [step for step in STEPS if step.number in steps])
        kept = moved(there, engine)
    engine.dispose()
    release.dispose()
    store = Store.open(empty_url, KEYS)
    yield House(store, environment(), "https://guichet.prevost.test", "guichet@prevost.test"), kept
    store.close()


def moved(there: Connection, engine: Engine) -> Kept:
    """Every row of one database laid in the other, as the release kept it; what was laid."""
    with engine.begin() as here:
        tables = sa.MetaData()
        tables.reflect(here)
        for table in tables.sorted_tables:
            if table.name == MIGRATIONS.name or table.name.startswith("sqlite_"):
                continue
            old = sa.Table(table.name, sa.MetaData(), autoload_with=there)
            rows = [dict(row) for row in there.execute(sa.select(old)).mappings()]
            if rows:
                here.execute(sa.insert(table), [fitted(table, row) for row in rows])
        if engine.dialect.name == "postgresql":  # its own counters go on where the rows end
            for counted in (HISTORY, SEARCH_DOCS):
                (key,) = counted.primary_key
                last = sa.select(sa.func.max(key)).scalar_subquery()
                counter = sa.func.pg_get_serial_sequence(counted.name, key.name)
                here.execute(sa.select(sa.func.setval(counter, last)))
    return rows_of(engine, tables)


def fitted(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row of SQLite for this database: its moments are in UTC without saying so."""
    return {
        name: value.replace(tzinfo=UTC)
        if isinstance(value, datetime) and getattr(table.c[name].type, "timezone", False)
        else value
        for name, value in row.items()
    }


def rows_of(engine: Engine, tables: sa.MetaData) -> Kept:
    with engine.connect() as connection:
        return {
            table.name: {
                tuple(row[column.name] for column in table.primary_key): dict(row)
                for row in connection.execute(sa.select(table)).mappings()
            }
            for table in tables.sorted_tables
            if table.name != MIGRATIONS.name and not table.name.startswith("sqlite_")
        }


def test_every_row_is_there_afterwards_as_it_was(town: tuple[House, Kept], empty_url: str) -> None:
    house, before = town
    assert len(before["files"]) > 50 and len(before["mails"]) > 30 and before["complaints"]
    house.store.migrate()
    engine = opened(empty_url)
    tables = sa.MetaData()
    tables.reflect(engine)
    after = rows_of(engine, tables)
    engine.dispose()
    for name, rows in before.items():
        assert after[name].keys() >= rows.keys(), name
        for key, row in rows.items():
            assert {column: after[name][key][column] for column in row} == row, name


def test_its_history_holds_and_its_private_files_open(town: tuple[House, Kept]) -> None:
    house, before = town
    house.store.migrate()
    with house.store.reading() as tx:
        assert audit.verify(tx) == []
        number = next(iter(before["complaints"].values()))["number"]
        complaint = tx.first("complaints", number=number)
    assert complaint is not None and complaint["facts"]


def test_whoever_works_there_goes_on_the_next_day(town: tuple[House, Kept]) -> None:
    house, before = town
    house.store.migrate()
    technician = visit(house, Role.TECHNICIAN)
    first = queue.page(technician, Query(size=50)).rows[0]
    assert files.open(technician, first.number).number == first.number
    numbers = {row["number"] for row in before["files"].values()}
    category = next(id for (id,), row in before["categories"].items() if row["active"])
    entered = intake.open_file(technician, Demand(
        token="essai", channel=Channel.PHONE, nature=Nature.REQUEST, facts="Un nid-de-poule.",
        category=category, street="rue Principale", anonymous=True,
    ))  # fmt: skip
    assert entered.number.startswith("2027-") and entered.number not in numbers
    with house.store.reading() as tx:
        assert audit.verify(tx) == []


def visit(house: House, role: Role) -> Visit:
    """A visit of somebody of that role, the day after."""
    with house.store.writing() as tx:
        account = next(row["id"] for row in tx.find("accounts", active=True) if role.value in row["roles"])
        token = sessions.open_session(tx, account, LATER)
    return Visit(house, LATER, session=sessions.hash_token(token))
