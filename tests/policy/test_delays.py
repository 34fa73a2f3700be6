"""R-10, R-14, R-71: targets, seasons, pauses, dated delays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import OfficeCalendar
from policy.delays import Delay, Pause, days_late, taken_as_received, target
from policy.reasons import Refused
from tests.policy.office import DAY, any_office, at, day, office, spelled

OFFICE = office()
SINCE = date(2020, 1, 1)
TEN_DAYS = Delay(SINCE, 10)
WINTER = Delay(SINCE, 20, "11-15", "04-15")
SUMMER = Delay(SINCE, 3, "06-01", "08-31")
LEAP = Delay(SINCE, 1, "02-10", "02-29")


def target_day(taken: str, *delays: Delay, pauses: tuple[Pause, ...] = (), opened: str = "") -> str | None:
    found = target(day(taken), delays, pauses, OFFICE, day(opened) if opened else None)
    assert found is None or isinstance(found.due, date)
    return spelled(found.due) if found else None


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("Fri 2026-11-20 10:00", 5, "Fri 2026-11-27"),  # the day itself does not count
        ("Fri 2026-11-20 11:59", 1, "Mon 2026-11-23"),
        ("Fri 2026-11-20 12:00", 1, "Tue 2026-11-24"),  # closed: taken as received on Monday
        ("Sat 2026-11-21 14:00", 1, "Tue 2026-11-24"),
        ("Thu 2026-11-19 16:30", 1, "Mon 2026-11-23"),
        ("Wed 2026-12-23 10:00", 1, "Mon 2026-12-28"),
        ("Thu 2026-12-24 10:00", 1, "Tue 2026-12-29"),  # a closing: taken as received on the 28th
        ("Wed 2026-12-30 10:00", 1, "Mon 2027-01-04"),
        ("Fri 2026-11-20 10:00", 0, "Fri 2026-11-20"),
    ],
)
def test_the_target_is_the_nth_working_day_after_the_day_taken_as_received(
    received: str, days: int, due: str
) -> None:
    taken = taken_as_received(at(received), OFFICE).date()
    found = target(taken, [Delay(SINCE, days)], (), OFFICE)
    assert found is not None
    assert spelled(found.due) == due


@pytest.mark.parametrize(
    ("taken", "working_days"),
    [
        ("Fri 2026-11-13", 10),
        ("Mon 2026-11-16", 20),  # the 15th, a Sunday, has passed
        ("Wed 2026-12-30", 20),
        ("Mon 2027-01-04", 20),  # across New Year
        ("Thu 2027-04-15", 20),  # the last day is in
        ("Fri 2027-04-16", 10),
        ("Mon 2026-06-01", 3),
        ("Mon 2026-08-31", 3),
        ("Tue 2026-09-01", 10),
    ],
)
def test_the_season_of_the_day_taken_decides(taken: str, working_days: int) -> None:
    expected = spelled(OFFICE.plus(day(taken), working_days).day)
    assert target_day(taken, TEN_DAYS, WINTER, SUMMER) == expected


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Fri 2026-11-13", False),
        ("Sat 2026-11-14", False),
        ("Sun 2026-11-15", True),
        ("Thu 2026-12-31", True),
        ("Fri 2027-01-01", True),
        ("Tue 2028-02-29", True),
        ("Thu 2027-04-15", True),
        ("Fri 2027-04-16", False),
    ],
)
def test_a_season_may_cross_new_year(text: str, inside: bool) -> None:
    assert WINTER.holds_on(day(text)) is inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Tue 2028-02-29", True),  # the year has it
        ("Wed 2028-03-01", False),
        ("Sun 2027-02-28", True),  # it does not: the 28th ends the season
        ("Mon 2027-03-01", False),
    ],
)
def test_a_season_may_end_on_29_february(text: str, inside: bool) -> None:
    assert LEAP.holds_on(day(text)) is inside


def test_a_season_that_begins_on_29_february_begins_on_1_march_in_other_years() -> None:
    spring = Delay(SINCE, 1, "02-29", "05-31")
    days = ("Mon 2028-02-28", "Tue 2028-02-29", "Sun 2027-02-28", "Mon 2027-03-01")
    assert [spring.holds_on(day(text)) for text in days] == [False, True, False, True]


def test_a_season_of_one_day_is_that_day() -> None:
    assert [Delay(SINCE, 1, "06-24", "06-24").holds_on(date(2026, 6, n)) for n in (23, 24, 25)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("11-15", None),
        (None, "04-15"),
        ("11-15", ""),
        ("11/15", "04-15"),
        ("02-30", "04-15"),
        ("13-01", "04-15"),
        ("1-5", "04-15"),
        ("2026-11-15", "04-15"),
        ("00-10", "04-15"),
    ],
)
def test_a_season_that_does_not_read_is_refused(start: str | None, end: str | None) -> None:
    with pytest.raises(Refused):
        Delay(SINCE, 10, start, end)


@pytest.mark.parametrize("working_days", [-1, 2_001])
def test_a_delay_out_of_bounds_is_refused(working_days: int) -> None:
    with pytest.raises(Refused, match="de 0 à 2000"):
        Delay(SINCE, working_days)


def test_an_empty_season_is_none() -> None:
    assert not Delay(SINCE, 10, "", "").seasonal


def test_a_category_without_a_delay_has_no_target() -> None:
    assert target_day("Mon 2026-11-23") is None
    assert target_day("Mon 2026-11-23", Delay(SINCE, None)) is None
    assert target_day("Mon 2026-11-23", TEN_DAYS, Delay(SINCE, None, "11-15", "04-15")) is None


@pytest.mark.parametrize(
    ("taken", "opened", "due"),
    [
        ("Fri 2026-10-30", "", "Fri 2026-11-13"),  # the day before: ten days still
        ("Mon 2026-11-02", "", "Mon 2026-11-09"),  # the day it changes: five
        ("Mon 2026-11-23", "Fri 2026-10-30", "Mon 2026-12-07"),  # reopened: the delay of its first opening
    ],
)
def test_a_changed_delay_applies_to_files_opened_from_its_date(taken: str, opened: str, due: str) -> None:
    assert target_day(taken, TEN_DAYS, Delay(date(2026, 11, 2), 5), opened=opened) == due


def test_a_delay_not_yet_in_force_is_none() -> None:
    assert target_day("Mon 2026-11-23", Delay(date(2026, 11, 24), 5)) is None


def test_a_later_delay_of_all_year_leaves_the_seasons_alone() -> None:
    assert target_day("Tue 2026-12-01", TEN_DAYS, WINTER, Delay(date(2026, 11, 1), 5)) == spelled(
        OFFICE.plus(day("Tue 2026-12-01"), 20).day
    )


def test_of_two_seasons_the_latest_dated_holds_then_the_shortest() -> None:
    later = Delay(date(2026, 11, 1), 30, "12-01", "12-31")
    assert target_day("Tue 2026-12-01", TEN_DAYS, WINTER, later) == spelled(
        OFFICE.plus(day("Tue 2026-12-01"), 30).day
    )
    same_date = Delay(SINCE, 2, "12-01", "12-31")
    assert target_day("Tue 2026-12-01", TEN_DAYS, WINTER, same_date) == "Thu 2026-12-03"


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        # taken Mon 23 Nov, ten days: Mon 7 Dec
        ([], "Mon 2026-12-07"),
        ([("Tue 2026-11-24", "Tue 2026-11-24")], "Mon 2026-12-07"),  # resumed the same day
        ([("Tue 2026-11-24", "Wed 2026-11-25")], "Tue 2026-12-08"),  # first day in, resumption out
        ([("Mon 2026-11-23", "Wed 2026-11-25")], "Wed 2026-12-09"),  # the very day it was taken
        ([("Fri 2026-11-27", "Mon 2026-11-30")], "Tue 2026-12-08"),  # a weekend counts for nothing
        ([("Sat 2026-11-28", "Mon 2026-11-30")], "Mon 2026-12-07"),
        ([("Mon 2026-12-07", "Tue 2026-12-08")], "Tue 2026-12-08"),  # on the target itself
        ([("Wed 2026-12-09", "Fri 2026-12-11")], "Wed 2026-12-09"),  # once late: later still, by as much
        ([("Tue 2026-11-24", "Thu 2026-11-26"), ("Wed 2026-11-25", "Fri 2026-11-27")], "Thu 2026-12-10"),
        ([("Tue 2026-11-24", "Fri 2026-11-27"), ("Wed 2026-11-25", "Thu 2026-11-26")], "Thu 2026-12-10"),
        ([("Wed 2026-12-23", "Mon 2027-01-04")], "Fri 2026-12-11"),  # 23, 28, 29 and 30
        ([("Mon 2026-11-16", "Wed 2026-11-18")], "Mon 2026-12-07"),  # before a reopening
        ([("Mon 2026-11-16", "Wed 2026-11-25")], "Wed 2026-12-09"),  # only from the reopening on
    ],
)
def test_a_pause_moves_the_target_by_its_working_days(pauses: list[tuple[str, str]], due: str) -> None:
    waits = tuple(Pause(day(starts), day(ends)) for starts, ends in pauses)
    assert target_day("Mon 2026-11-23", TEN_DAYS, pauses=waits) == due


def test_a_pause_that_lasts_moves_nothing_yet() -> None:
    lasting = (Pause(day("Tue 2026-11-24")),)
    assert target_day("Mon 2026-11-23", TEN_DAYS, pauses=lasting) == "Mon 2026-12-07"


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(Refused, match="reprise"):
        Pause(day("Tue 2026-11-24"), day("Mon 2026-11-23"))


@pytest.mark.parametrize(
    ("today", "paused_since", "late"),
    [
        ("Fri 2026-12-04", None, 0),
        ("Mon 2026-12-07", None, 0),  # the target itself
        ("Tue 2026-12-08", None, 1),
        ("Mon 2026-12-14", None, 5),
        ("Mon 2026-12-14", "Wed 2026-12-09", 1),  # stopped the day the wait began
        ("Mon 2026-12-14", "Mon 2026-12-07", 0),
        ("Mon 2026-12-14", "Fri 2026-11-27", 0),
    ],
)
def test_the_days_late_stop_while_a_file_waits(today: str, paused_since: str | None, late: int) -> None:
    pauses = [Pause(day(paused_since))] if paused_since else []
    assert days_late(day("Mon 2026-12-07"), day(today), pauses, OFFICE) == late


def test_a_target_says_why() -> None:
    why = target(
        day("Wed 2026-12-23"),
        [TEN_DAYS, WINTER],
        [Pause(day("Mon 2026-12-28"), day("Wed 2026-12-30"))],
        OFFICE,
    )
    assert why is not None
    assert why.articles == ("P §4.1", "SJ")
    assert why.steps == (
        "Réputée reçue le mercredi 23 décembre 2026.",
        "Délai de la grille : 20 jours ouvrés (saison du 11-15 au 04-15, en mois-jour).",
        "En attente pendant 2 jours ouvrés, ajoutés au délai.",
    )
    assert [each.why for each in why.skipped][:4] == ["Fermeture de la ville", "Noël", "samedi", "dimanche"]


@st.composite
def some_pauses(draw: st.DrawFn) -> list[Pause]:
    """Up to five pauses, in any order, overlapping or not."""
    lengths = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5))
    first = date(2026, 1, 1)
    return [Pause(first + start * DAY, first + (start + length) * DAY) for start, length in lengths]


taken_days = st.dates(date(2026, 1, 1), date(2026, 2, 15))


@given(any_office(), taken_days, st.integers(1, 30), some_pauses())
def test_a_target_counts_its_delay_and_each_paused_day_once(
    calendar: OfficeCalendar, taken: date, working_days: int, pauses: list[Pause]
) -> None:
    taken = calendar.on_or_after(taken)
    found = target(taken, [Delay(SINCE, working_days)], pauses, calendar)
    assert found is not None
    waited = {
        each.starts_on + timedelta(n)
        for each in pauses
        if each.ends_on
        for n in range((each.ends_on - each.starts_on).days)
    }
    counted = sum(1 for each in waited if each >= taken and calendar.is_working(each))
    assert isinstance(found.due, date)
    assert calendar.is_working(found.due)
    assert calendar.between(taken, found.due) == working_days + counted


@given(any_office(), taken_days, st.integers(0, 30), some_pauses())
def test_a_pause_never_brings_a_target_forward(
    calendar: OfficeCalendar, taken: date, working_days: int, pauses: list[Pause]
) -> None:
    delays = [Delay(SINCE, working_days)]
    with_pauses, without = target(taken, delays, pauses, calendar), target(taken, delays, (), calendar)
    assert with_pauses is not None
    assert without is not None
    assert with_pauses.due >= without.due >= taken
