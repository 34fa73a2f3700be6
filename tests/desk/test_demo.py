"""The demonstration town: credible, legal by our own policy, and nobody real in it."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config import demonstration, letters, presets
from desk import sessions
from desk.demo import Scenery, put_in_place
from desk.house import House
from desk.importing import Report
from desk.queue import Query, page
from desk.town import rules_in_force
from desk.visits import Visit
from policy.closing import Closing, check_closing
from policy.private_words import ComplaintState
from policy.queue_order import is_overdue
from policy.reasons import Refused
from policy.towntime import town_day
from policy.words import OPEN_STATES, Nature, Priority, State
from sync.audit import verify
from sync.history import Author, Whence
from sync.store import Row, Store
from tests.cast import moment
from tests.keys import KEYS

NOW = moment("Mon 2026-11-23 10:00")


def scenery() -> Scenery:
    return Scenery(
        presets.preset("prevost"),
        demonstration.people(),
        demonstration.accounts(),
        demonstration.calls(),
        demonstration.tale(),
        demonstration.private(),
        demonstration.listening(),
    )


def opened(path: Path) -> House:
    return House(
        Store.open(f"sqlite:///{path}", KEYS), letters.environment(), "http://localhost:8501", "a@b.ca", True
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The demonstration, put in place once for this module."""
    path = tmp_path_factory.mktemp("demo") / "guichet.db"
    shutil.copy(sqlite_template, path)
    house = opened(path)
    report = put_in_place(house, scenery(), NOW)
    house.store.close()
    assert (report.read, report.added, report.known, len(report.asides)) == (1500, 1439, 0, 61)
    return path


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Iterator[House]:
    """A copy of it, to do with as one likes."""
    path = tmp_path / "guichet.db"
    shutil.copy(made, path)
    house = opened(path)
    yield house
    house.store.close()


def files(house: House) -> list[Row]:
    with house.store.reading() as tx:
        return tx.find("files")


def test_it_ends_today_and_nothing_in_it_is_to_come(demo: House) -> None:
    found = files(demo)
    assert max(town_day(file["received_at"]) for file in found) == town_day(NOW)
    moments = ("received_at", "completed_at", "closed_at", "acknowledged_at", "moved_at", "reopened_at")
    ahead = [file["number"] for file in found for name in moments if file[name] and file[name] > NOW]
    assert not ahead


def test_putting_it_in_place_again_adds_nothing_today_or_later(demo: House) -> None:
    before = files(demo)
    for at in (NOW, NOW + timedelta(days=40)):
        again = put_in_place(demo, scenery(), at)
        assert (again.added, again.known) == (0, 1439)
    assert files(demo) == before
    with demo.store.reading() as tx:
        assert len(tx.find("accounts")) == len(demonstration.accounts())


def test_one_that_was_cut_short_is_completed(demo: House) -> None:
    by = Author("x", "x", Whence.COMMAND, NOW, "retirer")
    with demo.store.writing() as tx:
        last = max(tx.find("files"), key=lambda file: file["id"])
        for pause in tx.find("pauses", file=last["id"]):
            tx.delete("pauses", pause["id"], by)
        tx.delete("files", last["id"], by)
    assert put_in_place(demo, scenery(), NOW) == Report(
        1500, 1, 1438, put_in_place(demo, scenery(), NOW).asides
    )


def test_it_is_refused_to_a_town_that_has_a_real_account(bare_house: House) -> None:
    by = Author("x", "x", Whence.COMMAND, NOW, "ouvrir un compte")
    values = {"name": "Vraie", "email": "vraie@ville.qc.ca", "roles": [], "departments": [], "active": True}
    with bare_house.store.writing() as tx:
        tx.insert("accounts", values, by)
    with pytest.raises(Refused, match="vrais comptes"):
        put_in_place(bare_house, scenery(), NOW)
    assert files(bare_house) == []


def test_everybody_shown_can_sign_in_with_the_password_shown(demo: House) -> None:
    for account in demonstration.accounts()[:2]:
        assert sessions.sign_in(demo, account.email, account.password, "127.0.0.1", NOW)


def test_its_history_holds(demo: House) -> None:
    with demo.store.reading() as tx:
        assert verify(tx) == []


def test_there_is_something_of_everything_to_look_at(demo: House) -> None:
    found = files(demo)
    states = Counter(file["state"] for file in found)
    assert set(states) == set(State)
    assert set(OPEN_STATES) <= set(states)
    with demo.store.reading() as tx:
        departments = {row["id"] for row in tx.find("departments")}
        waits = {pause["file"]: pause["starts_on"] for pause in tx.find("pauses", ends_on=None)}
    assert {file["department"] for file in found if file["department"]} == departments
    today = town_day(NOW)
    overdue = [file for file in found if late(file, today, waits.get(file["id"]))]
    closed = states[State.DONE] / len(found)
    assert 0.9 < closed < 0.98
    assert 5 <= len(overdue) <= 0.6 * sum(states[state] for state in OPEN_STATES)
    assert any(file["complex"] for file in found)
    assert any(file["first_closed_at"] and file["reopened_at"] for file in found)
    assert any(file["nature"] is Nature.CLAIM for file in found)
    assert {file["priority"] for file in found} == set(Priority)


def late(file: Row, today: date, paused_since: date | None) -> bool:
    return is_overdue(file["state"], file["target_on"], today, paused_since)


def test_what_is_closed_has_the_items_of_annexe_a(demo: House) -> None:
    with demo.store.reading() as tx:
        codes = {row["id"]: row for row in tx.find("codes")}
        done = tx.find("files", state=State.DONE)
    for file in done:
        code = codes[file["code"]]
        items = Closing(
            code["code"], code["met"], file["done_on"], file["done_extension"], file["note"],
            file["planned_on"], file["citizen_text"] or "",
        )  # fmt: skip
        closed_on = town_day(file["closed_at"])
        assert check_closing(items, closed_on, town_day(file["received_at"])) == (), file["number"]
        assert file["completed_at"] <= file["closed_at"]


def test_most_of_what_is_closed_was_so_within_its_target(demo: House) -> None:
    timed = [file for file in files(demo) if file["completed_at"] and file["target_on"]]
    after = [file for file in timed if town_day(file["completed_at"]) > file["target_on"]]
    assert 0.05 < len(after) / len(timed) < 0.3


def test_nobody_real_is_in_it(demo: House) -> None:
    with demo.store.reading() as tx:
        citizens = tx.find("citizens")
        desk = rules_in_force(tx, town_day(NOW)).desk_phone
    assert len(citizens) > 200
    assert desk not in {row["phone"] for row in citizens}  # every mail bears it
    assert all(re.fullmatch(r"\d{3} 555-01\d\d", row["phone"]) for row in citizens)
    assert all((row["email"] or "x@example.org").endswith("@example.org") for row in citizens)


def test_a_call_tells_the_same_story_wherever_it_is_put_in_place(demo: House, bare_house: House) -> None:
    put_in_place(bare_house, scenery(), NOW)

    def told(house: House) -> list[tuple[str, datetime, State, str]]:
        return [(file["number"], file["received_at"], file["state"], file["facts"]) for file in files(house)]

    assert sorted(told(demo)) == sorted(told(bare_house))


def test_the_secretary_finds_a_queue_to_work_on(demo: House) -> None:
    with demo.store.writing() as tx:
        secretary = tx.first("accounts", email="secretaire@demo.example")
        works = tx.first("departments", name="Travaux publics")
        assert secretary and works
        token = sessions.open_session(tx, secretary["id"], NOW)
    visit = Visit(demo, NOW, session=sessions.hash_token(token))
    assert page(visit, Query(departments=(works["id"],))).total >= 8


def private_rows(house: House) -> dict[str, list[Row]]:
    tables = ("complaints", "complaint_people", "complaint_steps", "access_requests", "claims", "incidents")
    with house.store.reading() as tx:
        return {table: tx.find(table) for table in tables}


def test_its_private_files_lie_with_their_own_people_and_only_once(demo: House) -> None:
    before = private_rows(demo)
    states = Counter(row["state"] for row in before["complaints"])
    assert set(states) == {
        ComplaintState.RECEIVED, ComplaintState.INVESTIGATED, ComplaintState.INADMISSIBLE
    }  # fmt: skip
    assert all(before.values())
    put_in_place(demo, scenery(), NOW + timedelta(days=3))
    assert private_rows(demo) == before


def test_nothing_private_of_it_is_to_come_nor_reaches_anybody(demo: House) -> None:
    found = private_rows(demo)
    moments = [row["received_at"] for table in ("complaints", "access_requests") for row in found[table]]
    assert max(moments) < NOW
    people = [row for table in ("complaints", "access_requests") for row in found[table]]
    assert all(re.sub(r"\D", "", row["phone"]).startswith("45055501") for row in people if row["phone"])
    assert all(row["email"].endswith("@exemple.test") for row in people if row["email"])


def test_nobody_sits_in_a_session_that_putting_it_in_place_opened(demo: House) -> None:
    with demo.store.reading() as tx:
        assert not [row for row in tx.find("sessions") if row["ended_at"] is None]
