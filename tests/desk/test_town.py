"""The town's settings: read once, and again as soon as anybody changed them."""

import pytest

from desk.house import House
from desk.town import SETTINGS, town
from policy.words import Closer
from sync.history import Author, Whence
from sync.store import Store
from sync.tables import TABLES
from tests.cast import WORKS, Cast, day, moment

NOON = moment("Mon 2026-11-23 12:00")
BY = Author("x", "x", Whence.TABLE, NOON, "modifier")
MONDAY = day("Mon 2026-11-23")


def closer(house: House, department: str) -> Closer:
    with house.store.reading() as tx:
        return town(tx, MONDAY).departments[department].closer


def test_what_anybody_changes_is_seen_by_whoever_reads_next(cast: Cast, store_url: str) -> None:
    works = cast.departments[WORKS]
    assert closer(cast.house, works) is Closer.DEPARTMENT
    other = Store.open(store_url)  # another process of the same town
    with other.writing() as tx:
        tx.update("departments", works, {"closer": Closer.DESK}, BY)
    other.close()
    assert closer(cast.house, works) is Closer.DESK


def test_a_closing_exchanged_for_another_at_the_same_moment_is_seen(cast: Cast) -> None:
    first, second = day("Tue 2026-11-24"), day("Wed 2026-11-25")
    with cast.house.store.writing() as tx:
        row = tx.insert("closings", {"day": first, "label": "Tempête", "open": False}, BY)
    with cast.house.store.reading() as tx:
        assert town(tx, MONDAY).calendar.why_closed(first) == "Tempête"
    with cast.house.store.writing() as tx:
        tx.delete("closings", row["id"], BY)
        tx.insert("closings", {"day": second, "label": "Tempête", "open": False}, BY)
    with cast.house.store.reading() as tx:
        seen = town(tx, MONDAY).calendar
    assert (seen.why_closed(first), seen.why_closed(second)) == (None, "Tempête")


def test_a_change_that_is_undone_is_seen_inside_and_forgotten(cast: Cast) -> None:
    works = cast.departments[WORKS]
    with pytest.raises(RuntimeError, match="undone"), cast.house.store.writing() as tx:
        tx.update("departments", works, {"closer": Closer.DESK}, BY)
        assert town(tx, MONDAY).departments[works].closer is Closer.DESK
        raise RuntimeError("undone")
    with cast.house.store.writing() as tx:
        tx.insert("codes", {"code": "999", "label": "Autre", "met": True, "active": True}, BY)
    assert closer(cast.house, works) is Closer.DEPARTMENT


def test_every_table_of_the_settings_tells_its_changes() -> None:
    assert all(TABLES[name].logged for name in SETTINGS)
