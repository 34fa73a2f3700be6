"""A town put in place: the preset's rows once, the days of closing of the years ahead."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest

from config.presets import names, preset
from desk.house import House
from desk.setup import propose_closings, proposed_closings, put_in_place
from desk.town import missing_years, town
from policy.monthly import council_day, rnc_day
from policy.months import Month
from policy.roles import System
from policy.rules import RncReading
from policy.words import Circuit, Closer
from sync.history import Author, Whence
from tests.cast import day, moment

EIGHT = moment("Mon 2026-11-02 08:00")
TOWN_DAYS = preset("prevost")["closings"]


@pytest.mark.parametrize("name", names())
def test_a_preset_is_written_once_however_often_it_is_put_in_place(bare_house: House, name: str) -> None:
    first = put_in_place(bare_house, preset(name), EIGHT, "Ville de l’Essai").added
    assert all(
        first[table] for table in ("departments", "categories", "delays", "codes", "rules", "closings")
    )
    assert set(put_in_place(bare_house, preset(name), EIGHT).added.values()) == {0}


def test_two_setups_at_once_write_the_preset_once(bare_house: House) -> None:
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: put_in_place(bare_house, preset("prevost"), EIGHT).added, range(2)))
    assert sorted(added["departments"] for added in done) == [0, 8]


def test_nothing_the_town_changed_is_put_back(bare_house: House) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    by = Author("x", "x", Whence.TABLE, EIGHT, "modifier")
    with bare_house.store.writing() as tx:
        works = tx.first("departments", name="Travaux publics")
        eve = tx.first("closings", day=day("Thu 2026-12-24"))
        name = tx.first("rules", name="town_name")
        assert works and eve and name
        tx.update("departments", works["id"], {"closer": Closer.DESK}, by)
        tx.update("closings", eve["id"], {"open": True}, by)
        tx.update("rules", name["id"], {"value": "Ville de Saint-Essai"}, by)
    put_in_place(bare_house, preset("prevost"), moment("Fri 2027-01-08 08:00"))
    with bare_house.store.reading() as tx:
        now = town(tx, day("Fri 2027-01-08"))
    assert now.rules.town_name == "Ville de Saint-Essai"
    assert now.rules.start_date == day("Mon 2026-11-02")
    assert day("Thu 2026-12-24") not in now.calendar.closings
    assert {row.closer for row in now.departments.values() if row.name == "Travaux publics"} == {Closer.DESK}


def test_the_town_reads_back_as_the_preset_says(bare_house: House) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    with bare_house.store.reading() as tx:
        now = town(tx, day("Mon 2026-11-02"))
    assert now.rules.start_date == day("Mon 2026-11-02")
    works = next(row for row in now.departments.values() if row.name == "Travaux publics")
    assert works.circuit is Circuit.B
    pothole = next(row for row in now.categories.values() if row.name == "Nid-de-poule")
    assert pothole.department == works.id
    assert {delay.working_days for delay in pothole.delays} == {5, 10}
    done = now.code("238")
    assert done is not None
    assert done.met


def test_no_day_of_the_years_ahead_is_without_closings(bare_house: House) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    with bare_house.store.reading() as tx:
        assert missing_years(tx, range(2024, 2033)) == ()
        assert missing_years(tx, range(2023, 2035)) == (2023, 2033, 2034)


def test_the_years_after_can_be_proposed_later(bare_house: House) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    by = Author(System.SETUP, "Mise en place", Whence.COMMAND, EIGHT, "proposer")
    with bare_house.store.writing() as tx:
        assert propose_closings(tx, [2032, 2033], TOWN_DAYS, by) == 13
        assert propose_closings(tx, [2032, 2033], TOWN_DAYS, by) == 0
        assert missing_years(tx, [2033]) == ()


# R-70's list, day by day: the weekdays on which the town is closed by law.
HOLIDAYS = {
    2026: ("Thu 2026-01-01", "Fri 2026-04-03", "Mon 2026-05-18", "Wed 2026-06-24", "Wed 2026-07-01",
           "Mon 2026-09-07", "Mon 2026-10-12", "Fri 2026-12-25"),
    2027: ("Fri 2027-01-01", "Fri 2027-03-26", "Mon 2027-05-24", "Thu 2027-06-24", "Thu 2027-07-01",
           "Mon 2027-09-06", "Mon 2027-10-11"),  # 25 Dec is a Saturday: Monday the 27th is worked
    2028: ("Fri 2028-04-14", "Mon 2028-05-22", "Mon 2028-09-04", "Mon 2028-10-09", "Mon 2028-12-25"),
    2029: ("Mon 2029-01-01", "Fri 2029-03-30", "Mon 2029-05-21", "Mon 2029-06-25", "Mon 2029-07-02",
           "Mon 2029-09-03", "Mon 2029-10-08", "Tue 2029-12-25"),  # 24 June and 1 July are Sundays
    2033: ("Fri 2033-04-15", "Mon 2033-05-23", "Fri 2033-06-24", "Fri 2033-07-01", "Mon 2033-09-05",
           "Mon 2033-10-10"),  # 1 Jan is a Saturday, 25 Dec a Sunday: neither moves
}  # fmt: skip


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_public_holidays_are_those_of_the_law_and_only_two_move_from_a_sunday(year: int) -> None:
    proposed = [found for found in proposed_closings([year]) if found.weekday() < 5]
    assert proposed == [day(text) for text in HOLIDAYS[year]]


@pytest.mark.parametrize("year", range(2024, 2041))
def test_no_proposed_day_is_an_observed_one_and_each_year_has_its_eight(year: int) -> None:
    proposed = proposed_closings([year])
    assert len(proposed) == 8
    assert not [label for label in proposed.values() if "observé" in label.casefold()]
    assert {found.month for found in proposed} <= {1, 3, 4, 5, 6, 7, 9, 10, 12}


def test_the_towns_own_closings_come_back_each_year() -> None:
    proposed = proposed_closings([2026, 2027], TOWN_DAYS)
    own = {
        "Fri 2026-01-02", "Mon 2026-04-06", "Thu 2026-12-24", "Sat 2026-12-26", "Thu 2026-12-31",
        "Sat 2027-01-02", "Mon 2027-03-29", "Fri 2027-12-24", "Sun 2027-12-26", "Fri 2027-12-31",
    }  # fmt: skip
    law = proposed_closings([2026, 2027])
    assert set(proposed) - set(law) == {day(text) for text in own}
    assert proposed[day("Mon 2027-03-29")] == "Lundi de Pâques"


def test_the_27th_of_december_2027_is_worked(bare_house: House) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    with bare_house.store.reading() as tx:
        calendar = town(tx, date(2027, 12, 1)).calendar
    assert calendar.is_working(day("Mon 2027-12-27"))
    assert not calendar.is_working(day("Fri 2027-12-24"))


def test_a_set_up_late_in_the_evening_starts_on_the_day_in_town(bare_house: House) -> None:
    late: datetime = moment("Mon 2026-11-02 23:30")
    put_in_place(bare_house, preset("prevost"), late)
    with bare_house.store.reading() as tx:
        assert town(tx, late.date()).rules.start_date == day("Mon 2026-11-02")


# month, RNC under « semaine complète », RNC under « dernière semaine », the council's lists.
R_25 = (
    ("2026-11", "Mon 2026-11-23", "Mon 2026-11-30", "Tue 2026-12-01"),
    ("2026-12", "Mon 2026-12-21", "Mon 2026-12-28", "Mon 2027-01-04"),
    ("2027-05", "Tue 2027-05-25", "Mon 2027-05-31", "Tue 2027-06-01"),
    ("2027-12", "Mon 2027-12-27", "Mon 2027-12-27", "Mon 2028-01-03"),
)


@pytest.mark.parametrize(("text", "full", "last", "council"), R_25)
def test_the_closings_put_in_place_give_the_example_dates(
    bare_house: House, text: str, full: str, last: str, council: str
) -> None:
    put_in_place(bare_house, preset("prevost"), EIGHT)
    with bare_house.store.reading() as tx:
        calendar = town(tx, day("Mon 2026-11-02")).calendar
    month = Month.parse(text)
    assert rnc_day(month, calendar, RncReading.FULL_WEEK).day == day(full)
    assert rnc_day(month, calendar, RncReading.LAST_WEEK).day == day(last)
    assert council_day(month, calendar).due == day(council)
