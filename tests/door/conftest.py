"""A town with three accounts, and a door on it with screens made to be tried."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from config.letters import environment
from desk.house import House
from desk.sessions import hash_password
from door import navigation
from policy.words import Role
from sync.history import Author, Whence
from sync.store import Store
from tests.door import trial
from tests.door.serving import MONDAY, Clock, Door, serve
from tests.keys import KEYS

TECHNICIAN, RESPONSABLE, COUNCIL = "diane@ville.test", "luc@ville.test", "eve@ville.test"
PASSWORD = "patience et longueur de temps"
PLACED = {"town_name": "Ville", "opening_hours": "lundi-vendredi 08:00-16:00", "start_date": "2026-01-01"}
BY = Author("essai", "Essai", Whence.COMMAND, MONDAY, "ouvrir un compte")


@pytest.fixture(scope="session")
def hashed() -> str:
    """The password of every account here, hashed once."""
    return hash_password(PASSWORD)


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path, hashed: str) -> Iterator[House]:
    """A house with a technician, a secretary and a member of council."""
    path = tmp_path / "guichet.db"
    shutil.copy(sqlite_template, path)
    store = Store.open(f"sqlite:///{path}", KEYS)
    with store.writing() as tx:
        for name, email, role in (
            ("Diane Roy", TECHNICIAN, Role.TECHNICIAN),
            ("Luc Côté", RESPONSABLE, Role.RESPONSABLE),
            ("Ève *Gagnon*", COUNCIL, Role.COUNCIL),
        ):
            account = {"name": name, "email": email, "roles": [role.value], "departments": [], "active": True}
            tx.insert("accounts", {**account, "password": hashed}, BY)
        for name, value in PLACED.items():
            tx.insert(
                "rules", {"name": name, "value": value, "valid_from": date(2026, 1, 1), "article": "-"}, BY
            )
    yield House(store, environment(), "http://localhost", "Guichet <guichet@ville.test>")
    store.close()


@pytest.fixture
def trial_screens(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The screens of the software, replaced by those made to be tried."""
    monkeypatch.setattr(navigation, "SCREENS", trial.SCREENS)
    navigation.screens.cache_clear()
    yield
    navigation.screens.cache_clear()


@pytest.fixture
def clock() -> Clock:
    """Mon 2026-11-23 09:00 in town, until told otherwise."""
    return Clock()


@pytest.fixture
def door(town: House, clock: Clock, trial_screens: None) -> Iterator[Door]:
    """The door of that house. The glance at open lines is slow: what is tried is the answer to a message."""
    with serve(town, clock, glance=600) as opened:
        yield opened
