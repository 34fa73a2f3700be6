"""R-71: what would change is what then changes: open files, the last 90 days, the lists."""

from datetime import date, timedelta
from typing import Any

import pytest

from desk import foreseen, recounting, settings_saving, settings_sheet
from desk.foreseen import PROMISE, TARGET, Effect, Shift
from desk.visits import Visit
from policy.roles import System
from policy.words import Nature, State
from tests.cast import PLANNING, Cast, day, moment
from tests.desk.filing import BY, NINE, filed, kept, stands
from tests.desk.test_settings_saving import director, type_

STORM = "2026-11-19"  # a Thursday
LIGHT = "Éclairage de rue"


def begin(cast: Cast, table: str, **cells: Any) -> str:
    return settings_sheet.begin(director(cast), table, cells)


def effect(cast: Cast, table: str) -> Effect:
    return foreseen.foresee(director(cast), table)


def adopt(cast: Cast, table: str) -> None:
    """What was read is adopted, and the clock counts."""
    done = settings_saving.save(director(cast), table, effect(cast, table).stamp)
    assert done and all(one.done for one in done), done
    recounting.recount(Visit(cast.house, NINE, system=System.CLOCK))


@pytest.fixture
def files(cast: Cast) -> dict[str, Any]:
    """An open file that waits for its acknowledgement, one told of, a closed one, one without delay."""
    found = {
        "open": filed(cast, "2026-00001", department=PLANNING),
        "told": filed(cast, "2026-00002", acknowledged_at=NINE),
        "closed": filed(cast, "2026-00003"),
        "free": filed(cast, "2026-00004", category=None, nature=Nature.INFORMATION),
    }
    with cast.house.store.writing() as tx:
        done = {"state": State.DONE, "open": False, "closed_at": NINE}
        found["closed"] = tx.update("files", found["closed"]["id"], done, BY)
    recounting.recount(Visit(cast.house, NINE, system=System.CLOCK))
    return found


def moved(found: Effect, what: str = TARGET) -> dict[str, tuple[Any, Any]]:
    return {shift.number: (shift.before, shift.after) for shift in found.shifts if shift.what == what}


def test_a_closing_added_moves_the_open_files_as_foreseen_and_nothing_before(
    cast: Cast, files: dict[str, Any]
) -> None:
    begin(cast, "closings", day=STORM, label="Tempête")
    found = effect(cast, "closings")
    a_day = {
        number: (day("Mon 2026-11-30"), day("Tue 2026-12-01")) for number in ("2026-00001", "2026-00002")
    }
    assert moved(found) == a_day
    assert (found.open_files, found.moved, found.recent) == (3, 2, None)
    assert kept(cast, "closings", day=day("Thu 2026-11-19")) == []
    assert stands(cast, files["open"]) == files["open"], "reading what would change changes nothing"
    adopt(cast, "closings")
    for name in ("open", "told"):
        assert stands(cast, files[name])["target_on"] == day("Tue 2026-12-01")
    assert stands(cast, files["closed"])["target_on"] == files["closed"]["target_on"]


def test_a_promise_that_moves_is_told_only_while_it_is_owed(cast: Cast, files: dict[str, Any]) -> None:
    begin(cast, "closings", day="2026-11-17", label="Panne")
    found = effect(cast, "closings")
    assert moved(found, PROMISE) == {
        "2026-00001": (moment("Tue 2026-11-17 09:00"), moment("Wed 2026-11-18 09:00"))
    }


def test_a_closing_that_is_removed_or_moved_gives_the_day_back(cast: Cast, files: dict[str, Any]) -> None:
    begin(cast, "closings", day=STORM, label="Tempête")
    adopt(cast, "closings")
    (storm,) = kept(cast, "closings", day=day("Thu 2026-11-19"))
    type_(cast, "closings", storm["id"], day="2026-12-15")
    back = {number: (day("Tue 2026-12-01"), day("Mon 2026-11-30")) for number in ("2026-00001", "2026-00002")}
    assert moved(effect(cast, "closings")) == back
    settings_sheet.forget(director(cast), storm["id"])
    settings_saving.mark_removed(director(cast), "closings", storm["id"])
    assert moved(effect(cast, "closings")) == back
    adopt(cast, "closings")
    assert stands(cast, files["open"])["target_on"] == day("Mon 2026-11-30")


def test_a_closing_far_ahead_moves_no_file_and_tells_the_lists_it_moves(
    cast: Cast, files: dict[str, Any]
) -> None:
    begin(cast, "closings", day="2026-12-21", label="Inventaire")
    found = effect(cast, "closings")
    assert found.shifts == ()
    assert [(each.month, each.what, each.before, each.after) for each in found.lists] == [
        ("décembre 2026", "Liste RNC", day("Mon 2026-12-21"), day("Tue 2026-12-22"))
    ]


def test_a_wrong_row_is_refused_beside_what_the_others_would_change(
    cast: Cast, files: dict[str, Any]
) -> None:
    begin(cast, "closings", day=STORM, label="Tempête")
    wrong = begin(cast, "closings", day="2026-11-31", label="Jamais")
    found = effect(cast, "closings")
    assert [one.id for one in found.refused] == [wrong]
    assert found.rows == 2 and found.moved == 2


def test_a_delay_tells_what_the_files_of_ninety_days_would_have_had_and_moves_none_opened_before(
    cast: Cast, files: dict[str, Any]
) -> None:
    filed(cast, "2026-00005", received_at=NINE - timedelta(days=200))
    light = cast.categories[LIGHT]
    begin(cast, "delays", category=light, valid_from="2026-12-01", working_days=5)
    found = effect(cast, "delays")
    assert found.shifts == ()
    assert found.recent is not None
    assert (found.recent.files, found.recent.sooner, found.recent.later, found.recent.same) == (3, 3, 0, 0)
    assert found.recent.shifts[0] == Shift("2026-00001", TARGET, day("Mon 2026-11-30"), day("Mon 2026-11-23"))
    adopt(cast, "delays")
    assert stands(cast, files["open"])["target_on"] == day("Mon 2026-11-30")
    after = filed(cast, "2026-00006", received_at=moment("Tue 2026-12-01 09:00"))
    assert after["target_on"] == day("Tue 2026-12-08")


def test_a_delay_dated_back_moves_the_files_opened_since(cast: Cast, files: dict[str, Any]) -> None:
    begin(cast, "delays", category=cast.categories[LIGHT], valid_from="2026-11-16", working_days=12)
    found = effect(cast, "delays")
    assert set(moved(found)) == {"2026-00001", "2026-00002"}
    assert found.recent is not None and found.recent.later == 3
    adopt(cast, "delays")
    assert stands(cast, files["open"])["target_on"] == day("Wed 2026-12-02")


def test_a_category_that_would_lose_its_delay_is_counted_as_later(cast: Cast, files: dict[str, Any]) -> None:
    begin(cast, "delays", category=cast.categories[LIGHT], valid_from="2026-12-01")
    recent = effect(cast, "delays").recent
    assert recent is not None
    assert (recent.sooner, recent.later) == (0, 3) and recent.shifts[0].after is None


def test_a_reading_of_the_acknowledgement_tells_what_would_have_been_promised(
    cast: Cast, files: dict[str, Any]
) -> None:
    cells = {"name": "ack_reading", "value": "heures_ouverture", "valid_from": "2026-12-01", "article": "SJ"}
    begin(cast, "rules", **cells)
    recent = effect(cast, "rules").recent
    assert recent is not None
    assert (recent.files, recent.later, recent.same) == (4, 3, 1)
    assert recent.shifts[0].what == PROMISE
    assert recent.shifts[0].after == moment("Wed 2026-11-18 16:00")


def test_a_reading_of_the_lists_shows_twelve_months_under_it(cast: Cast) -> None:
    cells = {
        "name": "rnc_reading",
        "value": "derniere_semaine",
        "valid_from": "2026-12-01",
        "article": "P §4.1",
    }
    begin(cast, "rules", **cells)
    lists = [each for each in effect(cast, "rules").lists if each.what == "Liste RNC"]
    assert len(lists) == 12
    assert not lists[0].moves, "November is under the reading of its first day"
    december = lists[1]
    assert (december.before, december.after) == (day("Mon 2026-12-21"), day("Mon 2026-12-28"))


def test_a_rule_without_dates_changes_none(cast: Cast, files: dict[str, Any]) -> None:
    cells = {"name": "desk_phone", "value": "450 555-0100", "valid_from": "2026-12-01", "article": "choisi"}
    begin(cast, "rules", **cells)
    found = effect(cast, "rules")
    assert (found.shifts, found.recent, found.lists, found.refused) == ((), None, (), ())


def test_private_files_are_in_no_count(cast: Cast) -> None:
    filed(cast, "P2026-0001", nature=Nature.COMPLAINT)
    begin(cast, "closings", day=STORM, label="Tempête")
    found = effect(cast, "closings")
    assert (found.open_files, found.shifts) == (0, ())


def test_what_is_tried_leaves_no_trace_in_the_history(cast: Cast, files: dict[str, Any]) -> None:
    with cast.house.store.reading() as tx:
        before = recounting.is_owed(tx)
    begin(cast, "closings", day=STORM, label="Tempête")
    effect(cast, "closings")
    with cast.house.store.reading() as tx:
        assert (before, recounting.is_owed(tx)) == (False, False)
        assert date(2026, 11, 19) not in {row["day"] for row in tx.find("closings")}
