"""A row deleted in Airtable empties each cell that led to it: nobody typed that (sync invariant 6)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync import orders
from sync.airtable.remote import WHOLE_EVERY
from tests.cast import PLANNING, WORKS, Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.desk.test_exchanges import Day
from tests.remotes.airtable_api import SCOPES
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.served import served

GRID, POTHOLE = "Grille d'intervention", "Nid-de-poule"


@pytest.fixture(params=[True, False], ids=["fed", "unfed"])
def day(request: pytest.FixtureRequest, cast: Cast, tmp_path: Path) -> Iterator[Day]:
    """A town whose base holds everything, with a feed of changes or, as on some plans, without."""
    with served("airtable", tmp_path) as there:
        assert isinstance(there.server, AirtableServer)
        there.server.api.scopes = set(SCOPES) if request.param else set(SCOPES) - {"webhook:manage"}
        found = Day(cast, there)
        found.post.setup()
        found.settled()
        yield found


def base(day: Day) -> AirtableServer:
    assert isinstance(day.there.server, AirtableServer)
    return day.there.server


def rest(day: Day) -> None:
    """Until nothing moves, and a whole reading took place: without a feed, nothing else tells a deletion."""
    for _ in range(WHOLE_EVERY):
        day.pass_(minutes=1)
        day.post.exchange()
    day.settled()


def row_of(day: Day, table: str, header: str, name: str) -> dict[str, Any]:
    """The only row so called there, as a person reads it."""
    (row,) = [row for row in base(day).rows(table) if row.get(header) == name]
    return row


def departments(cast: Cast) -> dict[str, str | None]:
    return {row["name"]: row["department"] for row in kept(cast, "categories")}


def test_a_department_deleted_there_comes_back_with_all_that_led_to_it(day: Day, cast: Cast) -> None:
    file, before = opened(cast, at=day.now), departments(cast)
    day.settled()
    base(day).delete_row("Services", row_of(day, "Services", "Service", WORKS)["_key"])
    rest(day)
    assert departments(cast) == before
    assert row_of(day, "Services", "Service", WORKS)
    assert row_of(day, GRID, "Catégorie", POTHOLE)["Service"] == WORKS
    assert row_of(day, "Dossiers", "Numéro", file.number)["Service"] == WORKS


def test_a_category_deleted_there_is_refused_to_nobody(day: Day, cast: Cast) -> None:
    file = opened(cast, at=day.now, category=cast.categories[POTHOLE])
    day.settled()
    base(day).delete_row(GRID, row_of(day, GRID, "Catégorie", POTHOLE)["_key"])
    rest(day)
    assert row_of(day, "Dossiers", "Numéro", file.number)["Catégorie"] == POTHOLE
    assert kept(cast, "files")[0]["category"] == cast.categories[POTHOLE]
    assert day.status.rejections == 0


def test_a_frozen_table_keeps_what_led_to_it(day: Day, cast: Cast) -> None:
    before = departments(cast)
    for row in base(day).rows("Services"):
        base(day).delete_row("Services", row["_key"])
    rest(day)
    assert departments(cast) == before and day.status.frozen_tables
    with cast.house.store.writing() as tx:
        orders.thaw(tx, "airtable", "departments", orders.Thaw.PUT_BACK, day.now)
    rest(day)
    assert departments(cast) == before
    assert row_of(day, GRID, "Catégorie", POTHOLE)["Service"] == WORKS


def test_a_link_emptied_by_hand_is_an_edit_like_any_other_one_look_later(day: Day, cast: Cast) -> None:
    key = row_of(day, GRID, "Catégorie", POTHOLE)["_key"]
    base(day).edit(GRID, key, {"Service": None})
    day.pass_(minutes=1)
    day.post.exchange()
    assert departments(cast)[POTHOLE] == cast.departments[WORKS]
    day.settled()
    assert departments(cast)[POTHOLE] is None
    planning = row_of(day, "Services", "Service", PLANNING)["_key"]
    base(day).edit(GRID, key, {"Service": [planning]})
    day.settled()
    assert departments(cast)[POTHOLE] == cast.departments[PLANNING]
