"""R-20, R-22, R-23, R-25: the days of the monthly lists, every month from 2024 to 2032."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import OfficeCalendar
from policy.monthly import (
    answers_close_at,
    answers_due,
    council_day,
    last_working_day,
    month_days,
    reminder_day,
    rnc_day,
)
from policy.months import Month
from policy.rules import CHOSEN, RncReading, RuleName, Rules
from tests.policy.office import DAY, HOURS_H, any_office, at, closed_between, day, office, spelled

FULL_WEEK, LAST_WEEK = RncReading.FULL_WEEK, RncReading.LAST_WEEK
OFFICE = office()
HOLIDAY_WEEKS = office(closed_between(date(2027, 12, 24), date(2028, 1, 2)))
DECEMBER_CLOSED = office(closed_between(date(2026, 12, 1), date(2026, 12, 31)))
PREVOST = Rules("Ville de Prévost", HOURS_H, date(2026, 1, 1))
EVERY_MONTH = [Month(year, month) for year in range(2024, 2033) for month in range(1, 13)]


def weekdays(month: Month) -> list[date]:
    days = (month.first + n * DAY for n in range(month.last.day))
    return [each for each in days if each.weekday() < 5]


def by_hand(month: Month, calendar: OfficeCalendar, reading: RncReading, min_days: int = 0) -> date | None:
    """R-20 done as one would with a paper calendar: the month's weeks as rows, struck out from the bottom."""
    rows: dict[tuple[int, int], list[date]] = {}
    for each in weekdays(month):
        rows.setdefault(each.isocalendar()[:2], []).append(each)
    weeks = list(rows.values())
    working = [each for each in weekdays(month) if each not in calendar.closings]
    if not working:
        return None
    if reading is FULL_WEEK:
        while len(weeks[-1]) < 5:
            weeks.pop()
    candidates = [
        next(each for each in week if each in working) for week in weeks if set(week) & set(working)
    ]
    long_enough = [
        each for each in candidates if sum(each < other < working[-1] for other in working) >= min_days
    ]
    return (long_enough[-1:] or candidates[:1] or working[:1])[0]


@pytest.mark.parametrize(
    ("month", "calendar", "full_week", "last_week"),
    [
        ("2026-11", OFFICE, "Mon 2026-11-23", "Mon 2026-11-30"),
        ("2026-12", OFFICE, "Mon 2026-12-21", "Mon 2026-12-28"),
        ("2027-05", OFFICE, "Tue 2027-05-25", "Mon 2027-05-31"),  # the 24th is the Patriotes
        ("2027-12", OFFICE, "Mon 2027-12-27", "Mon 2027-12-27"),
        ("2027-12", HOLIDAY_WEEKS, "Mon 2027-12-20", "Mon 2027-12-20"),
        ("2026-08", OFFICE, "Mon 2026-08-24", "Mon 2026-08-31"),
        ("2026-01", OFFICE, "Mon 2026-01-26", "Mon 2026-01-26"),
        ("2026-02", OFFICE, "Mon 2026-02-23", "Mon 2026-02-23"),  # ends on a Saturday
        ("2027-02", OFFICE, "Mon 2027-02-22", "Mon 2027-02-22"),  # ends on a Sunday
        ("2027-01", OFFICE, "Mon 2027-01-25", "Mon 2027-01-25"),
        ("2027-03", OFFICE, "Mon 2027-03-22", "Tue 2027-03-30"),  # the 29th is Easter Monday
        ("2027-07", OFFICE, "Mon 2027-07-26", "Mon 2027-07-26"),  # ends on a Saturday
        ("2027-09", OFFICE, "Mon 2027-09-20", "Mon 2027-09-27"),  # ends on a Thursday
        ("2026-12", DECEMBER_CLOSED, None, None),
    ],
)  # fmt: skip
def test_the_rnc_goes_out_on(
    month: str, calendar: OfficeCalendar, full_week: str | None, last_week: str | None
) -> None:
    about = Month.parse(month)
    assert spelled(rnc_day(about, calendar, FULL_WEEK).day) == full_week
    assert spelled(rnc_day(about, calendar, LAST_WEEK).day) == last_week


@pytest.mark.parametrize("min_days", [0, 1, 2, 3, 20])
@pytest.mark.parametrize("reading", [FULL_WEEK, LAST_WEEK])
def test_every_month_is_as_counted_by_hand(reading: RncReading, min_days: int) -> None:
    for calendar in (OFFICE, HOLIDAY_WEEKS, DECEMBER_CLOSED, OfficeCalendar({}, HOURS_H)):
        found = {month: rnc_day(month, calendar, reading, min_days).day for month in EVERY_MONTH}
        assert found == {month: by_hand(month, calendar, reading, min_days) for month in EVERY_MONTH}


def test_the_readings_differ_in_seven_months_of_2026() -> None:
    differing = [
        month
        for month in EVERY_MONTH
        if month.year == 2026 and month_days(month, OFFICE, PREVOST).readings_differ
    ]
    assert [str(month) for month in differing] == [
        "2026-03", "2026-04", "2026-06", "2026-08", "2026-09", "2026-11", "2026-12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("month", "min_days", "goes_out"),
    [
        ("2026-08", 0, "Mon 2026-08-31"),  # the last working day itself
        ("2026-08", 1, "Mon 2026-08-24"),
        ("2026-06", 0, "Mon 2026-06-29"),  # Tuesday the 30th is the last: no day between
        ("2026-06", 1, "Mon 2026-06-22"),
        ("2026-09", 1, "Mon 2026-09-28"),  # Wednesday the 30th: one day between
        ("2026-09", 2, "Mon 2026-09-21"),
        ("2026-04", 2, "Mon 2026-04-27"),  # Thursday the 30th: two
        ("2026-04", 3, "Mon 2026-04-20"),
        ("2026-12", 1, "Mon 2026-12-28"),  # Wednesday the 30th is the last: the 31st is closed
        ("2026-12", 2, "Mon 2026-12-21"),
    ],
)  # fmt: skip
def test_too_few_days_to_answer_take_the_preceding_week(month: str, min_days: int, goes_out: str) -> None:
    assert spelled(rnc_day(Month.parse(month), OFFICE, LAST_WEEK, min_days).day) == goes_out


def test_when_no_week_leaves_days_enough_the_first_of_the_month_is_taken() -> None:
    only_two_days = office(
        closed_between(date(2026, 11, 1), date(2026, 11, 25))
        | closed_between(date(2026, 11, 28), date(2026, 11, 30))
    )
    assert spelled(rnc_day(Month(2026, 11), only_two_days, FULL_WEEK, 2).day) == "Thu 2026-11-26"


def test_a_month_open_only_after_its_last_full_week_is_not_forgotten() -> None:
    open_on_the_30th = office(closed_between(date(2026, 11, 1), date(2026, 11, 29)))
    found = rnc_day(Month(2026, 11), open_on_the_30th, FULL_WEEK)
    assert spelled(found.day) == "Mon 2026-11-30"
    assert "Aucune semaine entière" in found.steps[-1]


def test_a_month_open_only_before_its_first_full_week_goes_back_to_it() -> None:
    open_on_the_1st = office(closed_between(date(2026, 10, 3), date(2026, 10, 31)))
    assert spelled(rnc_day(Month(2026, 10), open_on_the_1st, FULL_WEEK).day) == "Thu 2026-10-01"


def test_the_day_says_why() -> None:
    may = rnc_day(Month(2027, 5), OFFICE, FULL_WEEK, source="choisi par la ville")
    assert may.articles == ("P §4.2.3", "P §4.1", CHOSEN)
    assert may.reading.startswith("« Dernier lundi d'une semaine complète »")
    assert may.steps == ("Semaine du lundi 24 mai 2027 : premier jour ouvré, le mardi 25 mai 2027.",)
    assert [(spelled(each.day), each.why) for each in may.skipped] == [
        ("Mon 2027-05-24", "Journée nationale des patriotes")
    ]
    assert may.deadline is not None
    assert may.deadline.due == may.day


def test_a_week_without_a_working_day_is_said_with_its_closings() -> None:
    december = rnc_day(Month(2027, 12), HOLIDAY_WEEKS, FULL_WEEK)
    assert december.steps == (
        "Semaine du lundi 27 décembre 2027 : aucun jour ouvré.",
        "Semaine du lundi 20 décembre 2027 : premier jour ouvré, le lundi 20 décembre 2027.",
    )
    assert [spelled(each.day) for each in december.skipped] == [
        "Mon 2027-12-27", "Tue 2027-12-28", "Wed 2027-12-29", "Thu 2027-12-30", "Fri 2027-12-31",
    ]  # fmt: skip


def test_too_few_days_are_said() -> None:
    august = rnc_day(Month(2026, 8), OFFICE, LAST_WEEK, 2)
    assert august.steps[1] == (
        "Entre ce jour et le dernier jour ouvré du mois, le lundi 31 août 2026 : "
        "aucun jour ouvré, et la ville en demande 2."
    )


def test_a_month_fully_closed_sends_no_rnc_and_says_so() -> None:
    december = rnc_day(Month(2026, 12), DECEMBER_CLOSED, FULL_WEEK)
    assert (december.day, december.deadline) == (None, None)
    assert december.steps == ("Aucun jour ouvré en décembre 2026 : la liste n'est pas envoyée.",)
    assert len(december.skipped) == 23
    assert answers_due(Month(2026, 12), DECEMBER_CLOSED) is None
    assert answers_close_at(Month(2026, 12), DECEMBER_CLOSED) is None
    assert reminder_day(Month(2026, 12), DECEMBER_CLOSED, None) is None


@pytest.mark.parametrize(
    ("month", "last", "closes"),
    [
        ("2026-11", "Mon 2026-11-30", "Mon 2026-11-30 16:30"),
        ("2026-12", "Wed 2026-12-30", "Wed 2026-12-30 16:30"),  # the 31st is closed
        ("2026-08", "Mon 2026-08-31", "Mon 2026-08-31 16:30"),
        ("2027-07", "Fri 2027-07-30", "Fri 2027-07-30 12:00"),  # Friday closes at noon
        ("2027-10", "Fri 2027-10-29", "Fri 2027-10-29 12:00"),
    ],
)
def test_answers_are_due_at_closing_time_on_the_last_working_day(month: str, last: str, closes: str) -> None:
    found = answers_due(Month.parse(month), OFFICE)
    assert found is not None
    assert (spelled(found.due), found.articles) == (last, ("P §4.2.3",))
    assert answers_close_at(Month.parse(month), OFFICE) == at(closes)


@pytest.mark.parametrize(
    ("month", "reading", "reminder"),
    [
        ("2026-11", FULL_WEEK, "Fri 2026-11-27"),
        ("2026-12", FULL_WEEK, "Tue 2026-12-29"),
        ("2026-07", FULL_WEEK, "Thu 2026-07-30"),
        ("2026-08", LAST_WEEK, None),  # the list leaves on the last working day
        ("2026-06", LAST_WEEK, None),  # Mon 29 and Tue 30: the list leaves that very day
        ("2026-09", LAST_WEEK, "Tue 2026-09-29"),
    ],
)
def test_the_reminder_comes_the_working_day_before_the_last_never_before_the_list(
    month: str, reading: RncReading, reminder: str | None
) -> None:
    about = Month.parse(month)
    found = reminder_day(about, OFFICE, rnc_day(about, OFFICE, reading).day)
    assert spelled(found.due if found else None) == reminder


@pytest.mark.parametrize(
    ("about", "calendar", "goes_out"),
    [
        ("2026-11", OFFICE, "Tue 2026-12-01"),
        ("2026-12", OFFICE, "Mon 2027-01-04"),  # 1 and 2 January, a weekend
        ("2027-12", OFFICE, "Mon 2028-01-03"),
        ("2027-12", HOLIDAY_WEEKS, "Mon 2028-01-03"),
        ("2026-06", OFFICE, "Thu 2026-07-02"),  # 1 July
        ("2026-10", OFFICE, "Mon 2026-11-02"),
        ("2026-08", OFFICE, "Tue 2026-09-01"),
        (
            "2026-11",
            DECEMBER_CLOSED,
            "Mon 2027-01-04",
        ),  # a whole month closed: the first working day after it
    ],
)
def test_council_receives_the_lists_about_a_month_on(
    about: str, calendar: OfficeCalendar, goes_out: str
) -> None:
    found = council_day(Month.parse(about), calendar)
    assert (spelled(found.due), found.articles) == (goes_out, ("P §4.1",))


def test_every_council_day_is_the_first_working_day_of_the_next_month() -> None:
    for month in EVERY_MONTH:
        working = [each for each in weekdays(month.next) if each not in OFFICE.closings]
        assert council_day(month, OFFICE).due == working[0]


def test_the_row_of_a_month_for_the_calendar() -> None:
    assert month_days(Month(2026, 12), OFFICE, PREVOST).as_row() == {
        "month": "2026-12",
        "rnc": "2026-12-21",
        "rnc_other_reading": "2026-12-28",
        "answers_due": "2026-12-30",
        "council": "2027-01-04",
        "closed": ["2026-12-24", "2026-12-25", "2026-12-31"],
        "articles": ["P §4.2.3", "P §4.1"],
    }


def test_the_row_of_a_month_fully_closed() -> None:
    row = month_days(Month(2026, 12), DECEMBER_CLOSED, PREVOST).as_row()
    assert (row["rnc"], row["rnc_other_reading"], row["answers_due"]) == (None, None, None)
    assert row["council"] == "2027-01-04"
    assert len(row["closed"]) == 23


def test_the_row_of_a_town_that_sends_no_lists() -> None:
    none = Rules(
        "Ville de Sainte-Julie", HOURS_H, date(2026, 1, 1), rnc_reading=RncReading.NONE, council_lists=False,
        sources={RuleName.RNC_READING: "choisi par la ville (SJ n'en prévoit pas)"},
    )  # fmt: skip
    row = month_days(Month(2026, 11), OFFICE, none).as_row()
    assert [row[name] for name in ("rnc", "rnc_other_reading", "answers_due", "council")] == [None] * 4
    assert row["articles"] == [CHOSEN]


def test_a_council_list_is_under_the_rules_of_the_month_it_leaves_in() -> None:
    without = Rules("Prévost", HOURS_H, date(2026, 1, 1), council_lists=False)
    assert month_days(Month(2026, 11), OFFICE, without, PREVOST).as_row()["council"] == "2026-12-01"
    assert month_days(Month(2026, 11), OFFICE, PREVOST, without).as_row()["council"] is None


def test_the_other_reading_is_that_of_the_town_reversed() -> None:
    reversed_rules = Rules("Prévost", HOURS_H, date(2026, 1, 1), rnc_reading=LAST_WEEK)
    row = month_days(Month(2026, 11), OFFICE, reversed_rules).as_row()
    assert (row["rnc"], row["rnc_other_reading"]) == ("2026-11-30", "2026-11-23")


months = st.builds(Month, st.just(2026), st.integers(1, 4))
any_reading = st.sampled_from((FULL_WEEK, LAST_WEEK))


@given(any_office(), months, any_reading, st.integers(0, 5))
def test_a_list_goes_out_on_a_working_day_of_its_month_or_the_month_has_none(
    calendar: OfficeCalendar, month: Month, reading: RncReading, min_days: int
) -> None:
    found = rnc_day(month, calendar, reading, min_days)
    last = last_working_day(month, calendar)
    assert found.day == by_hand(month, calendar, reading, min_days)
    assert (found.day is None) == (last is None)
    if found.day and last:
        assert month.first <= found.day <= last
        assert calendar.is_working(found.day)
    assert all(calendar.why_closed(each.day) == each.why for each in found.skipped)
    assert list(found.skipped) == sorted(set(found.skipped), key=lambda each: each.day)


@given(any_office(), months, any_reading, st.integers(0, 5))
def test_asking_for_more_days_never_sends_later(
    calendar: OfficeCalendar, month: Month, reading: RncReading, min_days: int
) -> None:
    fewer, more = (rnc_day(month, calendar, reading, n).day for n in (min_days, min_days + 1))
    assert fewer == more or (fewer is not None and more is not None and more < fewer)


@given(any_office(), months, any_reading)
def test_list_reminder_and_answers_come_in_order(
    calendar: OfficeCalendar, month: Month, reading: RncReading
) -> None:
    rnc = rnc_day(month, calendar, reading).day
    reminder, answers = reminder_day(month, calendar, rnc), answers_due(month, calendar)
    if reminder:
        assert rnc is not None
        assert answers is not None
        assert rnc < reminder.due < answers.due
        assert calendar.between(reminder.due, answers.due) == 1
    council = council_day(month, calendar).due
    assert isinstance(council, date)
    assert council > month.last
    assert calendar.is_working(council)
    assert calendar.working_days(month.last + timedelta(days=1), council) == 0


def test_a_day_is_a_weekday_spelled_right() -> None:
    with pytest.raises(AssertionError, match="is a Mon"):
        day("Tue 2026-11-23")
