"""R-70: working days, closings, opening intervals."""

from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import OfficeCalendar
from policy.hours import parse_hours
from policy.reasons import Refused, Skipped
from tests.policy.office import DAY, HOURS_H, any_office, at, day, office, public_holidays, spelled

days = st.dates(date(2025, 12, 1), date(2026, 8, 1))
OFFICE = office()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Thu 2026-01-01", "Jour de l'An"),
        ("Fri 2026-01-02", "Fermeture de la ville"),
        ("Mon 2026-01-05", None),
        ("Thu 2026-04-02", None),
        ("Fri 2026-04-03", "Vendredi saint"),
        ("Mon 2026-04-06", "Fermeture de la ville"),
        ("Tue 2026-04-07", None),
        ("Mon 2026-05-18", "Journée nationale des patriotes"),
        ("Mon 2026-05-25", None),  # the Monday *before* 25 May, never the 25th itself
        ("Wed 2026-06-24", "Fête nationale du Québec"),
        ("Sun 2029-06-24", "dimanche"),
        ("Mon 2029-06-25", "Fête nationale du Québec"),  # a Sunday moves to the 25th
        ("Wed 2026-07-01", "Fête du Canada"),
        ("Mon 2029-07-02", "Fête du Canada"),
        ("Mon 2028-06-26", None),  # a Saturday moves nothing
        ("Mon 2028-07-03", None),
        ("Mon 2026-09-07", "Fête du Travail"),
        ("Mon 2026-10-12", "Action de grâce"),
        ("Thu 2026-12-24", "Fermeture de la ville"),
        ("Fri 2026-12-25", "Noël"),
        ("Mon 2026-12-28", None),  # no other shift
        ("Mon 2027-12-27", None),
        ("Sat 2026-11-21", "samedi"),
        ("Sun 2026-11-22", "dimanche"),
        ("Mon 2026-11-23", None),
    ],
)
def test_each_day_is_working_or_says_why_not(text: str, why: str | None) -> None:
    assert OFFICE.why_closed(day(text)) == why
    assert OFFICE.is_working(day(text)) == (why is None)


@pytest.mark.parametrize(
    ("start", "count", "reached"),
    [
        ("Fri 2026-11-20", 0, "Fri 2026-11-20"),
        ("Sat 2026-11-21", 0, "Mon 2026-11-23"),
        ("Fri 2026-11-20", 1, "Mon 2026-11-23"),
        ("Sat 2026-11-21", 1, "Mon 2026-11-23"),
        ("Fri 2026-11-20", 5, "Fri 2026-11-27"),
        ("Fri 2026-11-20", 6, "Mon 2026-11-30"),
        ("Wed 2026-12-23", 1, "Mon 2026-12-28"),
        ("Wed 2026-12-30", 1, "Mon 2027-01-04"),
        ("Thu 2026-04-02", 1, "Tue 2026-04-07"),
    ],
)
def test_the_nth_working_day_after_a_day(start: str, count: int, reached: str) -> None:
    assert spelled(OFFICE.plus(day(start), count).day) == reached


def test_the_days_skipped_on_the_way_are_named() -> None:
    assert OFFICE.plus(day("Wed 2026-12-30"), 1).skipped == (
        Skipped(day("Thu 2026-12-31"), "Fermeture de la ville"),
        Skipped(day("Fri 2027-01-01"), "Jour de l'An"),
        Skipped(day("Sat 2027-01-02"), "samedi"),
        Skipped(day("Sun 2027-01-03"), "dimanche"),
    )


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        OFFICE.plus(day("Fri 2026-11-20"), -1)


@pytest.mark.parametrize(
    ("earlier", "later", "count"),
    [
        ("Mon 2026-11-23", "Mon 2026-11-23", 0),
        ("Mon 2026-11-23", "Tue 2026-11-24", 1),
        ("Fri 2026-11-20", "Mon 2026-11-23", 1),
        ("Fri 2026-11-20", "Sun 2026-11-22", 0),
        ("Wed 2026-12-23", "Mon 2026-12-28", 1),
        ("Tue 2026-11-24", "Mon 2026-11-23", 0),
    ],
)
def test_between_two_days_the_first_does_not_count(earlier: str, later: str, count: int) -> None:
    assert OFFICE.between(day(earlier), day(later)) == count


def test_a_weekday_without_hours_is_still_a_working_day() -> None:
    closed_fridays = OfficeCalendar({}, parse_hours("lundi-jeudi 08:00-16:30"))
    assert closed_fridays.is_working(day("Fri 2026-11-20"))
    assert closed_fridays.openings(day("Fri 2026-11-20")) == ()
    assert closed_fridays.closing_time(day("Fri 2026-11-20")).hour == 16
    assert spelled(closed_fridays.next_opening_day(day("Thu 2026-11-19"))) == "Mon 2026-11-23"


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("Fri 2026-11-20 07:59", False),
        ("Fri 2026-11-20 08:00", True),
        ("Fri 2026-11-20 11:59", True),
        ("Fri 2026-11-20 12:00", False),
        ("Sat 2026-11-21 10:00", False),
        ("Fri 2026-12-25 10:00", False),
    ],
)
def test_the_desk_is_open_from_opening_to_before_closing(text: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(text)) is is_open


def test_the_open_intervals_begin_now_when_the_desk_is_open() -> None:
    lunch = office(hours=parse_hours("lundi-vendredi 08:00-12:00 13:00-16:30"))
    assert list(islice(lunch.intervals_from(at("Fri 2026-11-20 11:00")), 3)) == [
        (at("Fri 2026-11-20 11:00"), at("Fri 2026-11-20 12:00")),
        (at("Fri 2026-11-20 13:00"), at("Fri 2026-11-20 16:30")),
        (at("Mon 2026-11-23 08:00"), at("Mon 2026-11-23 12:00")),
    ]


def test_an_office_that_never_opens_is_refused_rather_than_searched_for_ever() -> None:
    never = OfficeCalendar({date(2026, 1, 5) + n * DAY: "Fermeture" for n in range(2_000)}, HOURS_H)
    with pytest.raises(Refused, match="trois ans"):
        next(never.intervals_from(at("Mon 2026-01-05 10:00")))
    with pytest.raises(Refused, match="trois ans"):
        never.next_opening_day(day("Mon 2026-01-05"))


def test_the_holidays_of_each_year_are_eight() -> None:
    assert {year: len(public_holidays(year)) for year in range(2024, 2033)} == dict.fromkeys(
        range(2024, 2033), 8
    )


@given(any_office(), days, st.integers(0, 60))
def test_the_nth_working_day_is_a_working_day_with_n_up_to_it(
    calendar: OfficeCalendar, start: date, count: int
) -> None:
    counted = calendar.plus(start, count)
    assert calendar.is_working(counted.day)
    assert len(
        [
            start + n * DAY
            for n in range(1, (counted.day - start).days + 1)
            if calendar.is_working(start + n * DAY)
        ]
    ) == (calendar.between(start, counted.day))
    if count:
        assert calendar.between(start, counted.day) == count
    walked = {start + n * DAY for n in range((counted.day - start).days + 1)}
    assert {each.day for each in counted.skipped} == {
        each for each in walked if not calendar.is_working(each)
    }


@given(any_office(), days, days)
def test_working_days_are_counted_as_on_the_fingers(
    calendar: OfficeCalendar, first: date, until: date
) -> None:
    on_fingers = sum(calendar.is_working(first + timedelta(n)) for n in range((until - first).days))
    assert calendar.working_days(first, until) == on_fingers


@given(any_office(), days)
def test_the_nearest_working_days_enclose_a_day(calendar: OfficeCalendar, any_day: date) -> None:
    before, after = calendar.on_or_before(any_day), calendar.on_or_after(any_day)
    assert before <= any_day <= after
    assert calendar.working_days(before, after + DAY) == (1 if before == after else 2)
