"""The cast's town, with files in its queues, behind a real door."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.letters import environment
from config.presets import preset
from desk.house import House
from desk.search import texts
from desk.setup import put_in_place
from door.files import DOWNLOADS
from policy.words import Priority, State
from sync import words
from sync.store import Row, Store
from tests.cast import CAST, PLANNING, Cast, moment, settle
from tests.desk.filing import filed
from tests.door.serving import Clock, Door, serve
from tests.keys import KEYS

SETTLED = moment("Mon 2026-11-02 08:00")
BEFORE = moment("Fri 2026-11-20 09:00")  # the last working day before November's RNC
DURING = moment("Mon 2026-11-23 09:00")  # answers are expected until Mon 2026-11-30


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The cast's town with six files of Travaux publics and one of Urbanisme, to be copied."""
    path = tmp_path_factory.mktemp("ville") / "guichet.db"
    shutil.copy(sqlite_template, path)
    store = Store.open(f"sqlite:///{path}", KEYS)
    house = _house(store)
    put_in_place(house, preset("prevost"), SETTLED)
    fill(settle(house, SETTLED))
    store.close()
    return path


def fill(cast: Cast) -> None:
    """Files in an order of R-15 that their numbers tell."""
    late = moment("Mon 2026-10-05 09:00")
    filed(cast, "2026-00001", priority=Priority.URGENT)
    filed(cast, "2026-00002", received_at=late, state=State.TAKEN)
    for n in range(3, 6):
        received = moment(f"Mon 2026-11-16 09:0{n}")
        filed(cast, f"2026-0000{n}", state=State.TAKEN, street="rue des Érables", received_at=received)
    filed(cast, "2026-00006", priority=Priority.LOW, state=State.TAKEN)
    filed(cast, "2026-00007", department=PLANNING, priority=Priority.HIGH)
    with cast.house.store.writing() as tx:
        for file in tx.find("files"):
            tx.next_number("", 2026)
            words.index(tx, "files", file["id"], texts(file, None))


@pytest.fixture
def served_cast(town_template: Path, tmp_path: Path) -> Iterator[Cast]:
    """The cast in a copy of that town."""
    path = tmp_path / "guichet.db"
    shutil.copy(town_template, path)
    store = Store.open(f"sqlite:///{path}", KEYS)
    yield _cast(_house(store))
    store.close()


@pytest.fixture
def clock() -> Clock:
    """Fri 2026-11-20 09:00 in town, until told otherwise."""
    return Clock(BEFORE)


@pytest.fixture
def served(served_cast: Cast, clock: Clock) -> Iterator[Door]:
    """A door on it."""
    with serve(served_cast.house, clock, downloads=DOWNLOADS, glance=600) as opened:
        yield opened


def file_of(cast: Cast, number: str) -> Row:
    """The file of that number as it stands now."""
    with cast.house.store.reading() as tx:
        found = tx.first("files", number=number)
    assert found is not None
    return found


def _house(store: Store) -> House:
    return House(store, environment(), "http://localhost", "Guichet <guichet@prevost.test>")


def _cast(house: House) -> Cast:
    def named(table: str, field: str) -> dict[str, str]:
        with house.store.reading() as tx:
            return {row[field]: row["id"] for row in tx.find(table)}

    accounts = named("accounts", "email")
    return Cast(
        house=house,
        accounts={who: accounts[player.email] for who, player in CAST.items()},
        departments=named("departments", "name"),
        categories=named("categories", "name"),
        codes=named("codes", "code"),
        council=named("council", "name"),
    )
