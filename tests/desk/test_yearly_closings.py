"""R-70: the days of next year are proposed from September on, and written once adopted."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, extract

from desk import settings_sheet, yearly_closings
from desk.setup import proposed_closings
from desk.today import today
from desk.visits import Visit
from policy.reasons import Refused
from sync.schema import SQL
from tests.cast import Cast, day, moment
from tests.desk.filing import BY, kept

AUTUMN = moment("Tue 2026-09-01 09:00")
OWN = {"2027-01-02", "2027-03-29", "2027-12-24", "2027-12-26", "2027-12-31"}  # of Prévost; Easter is 28 March


def without(cast: Cast, *years: int) -> None:
    with cast.house.store.writing() as tx:
        closings = SQL["closings"]
        tx.connection.execute(delete(closings).where(extract("year", closings.c.day).in_(years)))


def proposed(cast: Cast, at: datetime = AUTUMN) -> dict[str, bool]:
    found = yearly_closings.proposed(cast.visit("director", at))
    return {each.day.isoformat(): each.public for each in found}


def test_the_public_holidays_of_next_year_are_among_what_is_proposed() -> None:
    """Fails when the library no longer knows the year that comes: looks at today's date, on purpose."""
    year = datetime.now(UTC).year + 1
    assert len(proposed_closings([year])) == 8
    assert year in yearly_closings.years(day("Tue 2026-09-01").replace(year=year - 1))


def test_a_town_put_in_place_lacks_nothing(cast: Cast) -> None:
    assert proposed(cast) == {}


def test_from_september_on_next_year_is_proposed_with_the_days_the_town_always_takes(cast: Cast) -> None:
    without(cast, *range(2027, 2040))
    assert proposed(cast, moment("Mon 2026-08-31 09:00")) == {}
    found = proposed(cast)
    assert {each for each, public in found.items() if not public} == OWN
    assert sum(found.values()) == 8 and found["2027-05-24"]
    assert kept(cast, "closings", day=day("Mon 2027-05-24")) == [], "nothing is written"


def test_a_storm_of_one_year_is_not_taken_for_a_habit(cast: Cast) -> None:
    without(cast, *range(2027, 2040))
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": day("Thu 2026-02-12"), "label": "Tempête", "open": False}, BY)
    assert "2027-02-12" not in proposed(cast)


def test_a_day_the_town_took_out_of_a_year_is_not_proposed_again_but_a_holiday_of_the_law_is(
    cast: Cast,
) -> None:
    with cast.house.store.writing() as tx:
        for text in ("Fri 2027-12-24", "Mon 2027-09-06"):
            tx.connection.execute(delete(SQL["closings"]).where(SQL["closings"].c.day == day(text)))
    assert proposed(cast) == {"2027-09-06": True}


def test_a_day_kept_open_is_known_and_not_proposed(cast: Cast) -> None:
    (labour,) = kept(cast, "closings", day=day("Mon 2027-09-06"))
    with cast.house.store.writing() as tx:
        tx.update("closings", labour["id"], {"open": True}, BY)
    assert proposed(cast) == {}


def test_what_is_already_begun_is_not_proposed_twice(cast: Cast) -> None:
    without(cast, *range(2027, 2040))
    settings_sheet.begin(
        cast.visit("director", AUTUMN), "closings", {"day": "2027-05-24", "label": "Patriotes"}
    )
    assert "2027-05-24" not in proposed(cast)


@pytest.mark.parametrize("who", ["technician", "admin", "outsider"])
def test_only_who_changes_the_settings_is_proposed_days(cast: Cast, who: str) -> None:
    visit: Visit = cast.visit(who, AUTUMN)
    with pytest.raises(Refused, match="modifier les tables"):
        yearly_closings.proposed(visit)


def test_what_is_missing_waits_on_the_directors_first_page_alone(cast: Cast) -> None:
    def told(who: str) -> list[str]:
        waiting = today(cast.visit(who, AUTUMN)).waiting
        return [each.words for each in waiting if each.address == "/tableaux?table=closings"]

    assert told("director") == []
    without(cast, *range(2027, 2040))
    assert told("director") == ["8 jours fériés de 2027 à inscrire"]
    assert told("technician") == []
