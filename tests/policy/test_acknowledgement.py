"""R-5: the acknowledgement within 24 working hours, under both readings."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.acknowledgement import acknowledgement_due, is_acknowledged
from policy.calendar import OfficeCalendar
from policy.delays import taken_as_received
from policy.hours import Hours, parse_hours
from policy.reasons import Deadline, Skipped
from policy.rules import CHOSEN, AckReading
from policy.towntime import elapsed, from_town, to_town
from policy.words import Nature
from tests.policy.office import DAY, any_office, at, closed_between, day, office

WORKING_DAY, OPEN_HOURS = AckReading.WORKING_DAY, AckReading.OPEN_HOURS
HOLIDAY_WEEKS = closed_between(date(2026, 12, 24), date(2027, 1, 2))
LUNCH = parse_hours("lundi-vendredi 08:00-12:00 13:00-16:30")
LATE_THURSDAYS = parse_hours(
    "lundi-mercredi 08:00-12:00 13:00-16:30; jeudi 09:00-20:00; vendredi 08:00-12:00"
)
LATE_MONDAYS = parse_hours("lundi 08:00-12:00 13:00-19:00; mardi-vendredi 08:00-12:00 13:00-16:30")
NO_FRIDAYS = parse_hours("lundi-jeudi 08:00-16:30")


def due(received: str, calendar: OfficeCalendar, reading: AckReading) -> Deadline:
    found = acknowledgement_due(at(received), calendar, reading)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("received", "working_day", "open_hours"),
    [
        # the examples of R-5
        ("Fri 2026-11-20 10:00", "Mon 2026-11-23 10:00", "Wed 2026-11-25 13:00"),
        ("Sat 2026-11-21 14:00", "Tue 2026-11-24 08:00", "Wed 2026-11-25 15:00"),
        ("Thu 2026-11-19 15:00", "Fri 2026-11-20 12:00", "Wed 2026-11-25 09:30"),
        ("Thu 2026-11-19 16:30", "Mon 2026-11-23 08:00", "Wed 2026-11-25 11:00"),
        ("Fri 2026-11-20 12:00", "Tue 2026-11-24 08:00", "Wed 2026-11-25 15:00"),
        ("Wed 2026-12-23 16:00", "Mon 2026-12-28 16:00", "Wed 2026-12-30 14:30"),
        # both sides of each opening and closing
        ("Thu 2026-11-19 07:59", "Fri 2026-11-20 08:00", "Tue 2026-11-24 11:00"),
        ("Thu 2026-11-19 08:00", "Fri 2026-11-20 08:00", "Tue 2026-11-24 11:00"),
        ("Thu 2026-11-19 08:01", "Fri 2026-11-20 08:01", "Tue 2026-11-24 11:01"),
        ("Thu 2026-11-19 11:59", "Fri 2026-11-20 11:59", "Tue 2026-11-24 14:59"),
        ("Thu 2026-11-19 12:00", "Fri 2026-11-20 12:00", "Tue 2026-11-24 15:00"),
        ("Thu 2026-11-19 12:01", "Fri 2026-11-20 12:00", "Tue 2026-11-24 15:01"),
        ("Thu 2026-11-19 13:30", "Fri 2026-11-20 12:00", "Tue 2026-11-24 16:30"),  # ends at closing: due then
        ("Thu 2026-11-19 13:31", "Fri 2026-11-20 12:00", "Wed 2026-11-25 08:01"),
        ("Thu 2026-11-19 16:29", "Fri 2026-11-20 12:00", "Wed 2026-11-25 10:59"),
        ("Fri 2026-11-20 11:59", "Mon 2026-11-23 11:59", "Wed 2026-11-25 14:59"),
        ("Mon 2026-11-23 16:29", "Tue 2026-11-24 16:29", "Thu 2026-11-26 14:59"),
        ("Mon 2026-11-23 23:59", "Wed 2026-11-25 08:00", "Thu 2026-11-26 15:00"),
        # closed days on the boundary
        ("Thu 2026-04-02 10:00", "Tue 2026-04-07 10:00", "Thu 2026-04-09 08:30"),  # Easter
        ("Fri 2026-04-03 10:00", "Wed 2026-04-08 08:00", "Thu 2026-04-09 15:00"),  # received on a holiday
        ("Tue 2026-06-23 16:29", "Thu 2026-06-25 16:29", "Tue 2026-06-30 10:59"),  # before Saint-Jean
        # the weekends when the clocks change: clock time, not 24 hours of the sun
        ("Fri 2026-03-06 10:00", "Mon 2026-03-09 10:00", "Wed 2026-03-11 13:00"),
        ("Fri 2026-10-30 10:00", "Mon 2026-11-02 10:00", "Wed 2026-11-04 13:00"),
        ("Sun 2026-11-01 01:30", "Tue 2026-11-03 08:00", "Wed 2026-11-04 15:00"),
    ],
)  # fmt: skip
def test_when_it_is_due_with_hours_h(received: str, working_day: str, open_hours: str) -> None:
    assert due(received, office(), WORKING_DAY).due == at(working_day)
    assert due(received, office(), OPEN_HOURS).due == at(open_hours)


def test_when_it_is_due_around_the_holiday_weeks() -> None:
    closed = office(HOLIDAY_WEEKS)
    assert due("Wed 2026-12-23 16:00", closed, WORKING_DAY).due == at("Mon 2027-01-04 16:00")
    assert due("Wed 2026-12-23 16:00", closed, OPEN_HOURS).due == at("Wed 2027-01-06 14:30")
    assert due("Wed 2026-12-23 16:30", closed, WORKING_DAY).due == at("Tue 2027-01-05 08:00")
    assert due("Tue 2026-12-29 10:00", closed, WORKING_DAY).due == at("Tue 2027-01-05 08:00")


@pytest.mark.parametrize(
    ("received", "hours", "working_day", "open_hours"),
    [
        # several openings a day
        ("Mon 2026-11-23 11:59", LUNCH, "Tue 2026-11-24 11:59", "Thu 2026-11-26 14:29"),
        ("Mon 2026-11-23 12:00", LUNCH, "Tue 2026-11-24 13:00", "Thu 2026-11-26 14:30"),
        ("Mon 2026-11-23 12:30", LUNCH, "Tue 2026-11-24 13:00", "Thu 2026-11-26 14:30"),
        ("Mon 2026-11-23 13:00", LUNCH, "Tue 2026-11-24 13:00", "Thu 2026-11-26 14:30"),
        ("Mon 2026-11-23 09:30", LUNCH, "Tue 2026-11-24 09:30", "Thu 2026-11-26 11:00"),
        # closed at that hour the next day: forward to the next opening, else back to the last closing
        ("Thu 2026-11-19 10:00", LATE_THURSDAYS, "Fri 2026-11-20 10:00", "Tue 2026-11-24 10:30"),
        ("Thu 2026-11-26 12:30", LATE_THURSDAYS, "Fri 2026-11-27 12:00", "Tue 2026-12-01 14:00"),
        ("Wed 2026-11-18 08:30", LATE_THURSDAYS, "Thu 2026-11-19 09:00", "Mon 2026-11-23 10:00"),
        ("Wed 2026-11-18 12:30", LATE_THURSDAYS, "Thu 2026-11-19 13:00", "Mon 2026-11-23 14:30"),
        ("Thu 2026-11-19 19:00", LATE_THURSDAYS, "Fri 2026-11-20 12:00", "Wed 2026-11-25 12:00"),
        ("Mon 2026-11-23 18:00", LATE_MONDAYS, "Tue 2026-11-24 16:30", "Fri 2026-11-27 08:30"),
        # a weekday without hours: the next day the desk opens
        ("Thu 2026-11-19 10:00", NO_FRIDAYS, "Mon 2026-11-23 10:00", "Wed 2026-11-25 08:30"),
    ],
)  # fmt: skip
def test_when_it_is_due_with_other_hours(
    received: str, hours: Hours, working_day: str, open_hours: str
) -> None:
    assert due(received, office(hours=hours), WORKING_DAY).due == at(working_day)
    assert due(received, office(hours=hours), OPEN_HOURS).due == at(open_hours)


def test_it_says_why_with_the_text_the_reading_and_the_days_skipped() -> None:
    why = due("Sat 2026-11-21 14:00", office(), WORKING_DAY)
    assert why.articles == ("SJ",)
    assert why.reading == "24 heures ouvrables : la même heure, le jour ouvré suivant."
    assert why.steps == (
        "Reçue le samedi 21 novembre 2026 à 14 h, hors des heures d'ouverture : "
        "réputée reçue à l'ouverture suivante, le lundi 23 novembre 2026 à 8 h.",
        "Le jour ouvré suivant, à la même heure : mardi 24 novembre 2026 à 8 h.",
    )
    assert why.skipped == (
        Skipped(day("Sat 2026-11-21"), "samedi"),
        Skipped(day("Sun 2026-11-22"), "dimanche"),
    )
    assert (
        "fermé à 15 h, donc à la dernière fermeture"
        in due("Thu 2026-11-19 15:00", office(), WORKING_DAY).steps[1]
    )
    assert "24 heures d'ouverture plus tard" in due("Thu 2026-11-19 15:00", office(), OPEN_HOURS).steps[1]


def test_a_town_that_chose_it_itself_says_so() -> None:
    received = at("Fri 2026-11-20 10:00")
    chosen = acknowledgement_due(received, office(), WORKING_DAY, "choisi par la ville (SJ)")
    adopted = acknowledgement_due(received, office(), WORKING_DAY, "SJ, « Une prise en charge hors pair »")
    assert (chosen and chosen.articles, adopted and adopted.articles) == (("SJ", CHOSEN), ("SJ",))


def test_a_town_that_promises_none_owes_none() -> None:
    assert acknowledgement_due(at("Fri 2026-11-20 10:00"), office(), AckReading.NONE) is None


@pytest.mark.parametrize(
    ("nature", "anonymous", "first_contact", "owed"),
    [
        (Nature.REQUEST, False, False, True),
        (Nature.CLAIM, False, False, True),
        (Nature.REQUEST, True, False, False),
        (Nature.REQUEST, False, True, False),
        (Nature.COMPLAINT, False, False, False),
        (Nature.ACCESS, False, False, False),
        (Nature.INFORMATION, False, True, False),
        (Nature.COMMENT, False, False, False),
    ],
)
def test_to_whom_it_is_owed(nature: Nature, anonymous: bool, first_contact: bool, owed: bool) -> None:
    assert is_acknowledged(nature, anonymous=anonymous, first_contact=first_contact) is owed


FIRST = datetime.fromisoformat("2026-01-01")
received_walls = st.datetimes(FIRST, FIRST + timedelta(days=150)).filter(
    lambda wall: not (wall.month == 3 and wall.hour == 2)
)
readings = st.sampled_from((WORKING_DAY, OPEN_HOURS))


@given(any_office(), received_walls, readings)
def test_it_is_due_after_reception_while_the_desk_is_open_or_as_it_closes(
    calendar: OfficeCalendar, wall: datetime, reading: AckReading
) -> None:
    received = from_town(wall)
    found = acknowledgement_due(received, calendar, reading)
    assert found is not None
    assert isinstance(found.due, datetime)
    assert found.due > received
    assert calendar.is_working(found.due.date())
    assert any(each.opens <= found.due.time() <= each.closes for each in calendar.openings(found.due.date()))
    assert {each.day for each in found.skipped} == {
        wall.date() + n * DAY
        for n in range((found.due.date() - wall.date()).days + 1)
        if not calendar.is_working(wall.date() + n * DAY)
    }


@given(any_office(), received_walls, received_walls, readings)
def test_who_comes_later_is_never_told_sooner(
    calendar: OfficeCalendar, one: datetime, other: datetime, reading: AckReading
) -> None:
    dues = [acknowledgement_due(from_town(wall), calendar, reading) for wall in sorted((one, other))]
    first, second = (each.due for each in dues if each)
    assert first <= second


@given(any_office(), received_walls.map(lambda wall: wall.replace(second=0, microsecond=0)))
@settings(max_examples=60)
def test_both_readings_agree_with_a_count_minute_by_minute(calendar: OfficeCalendar, wall: datetime) -> None:
    received = from_town(wall)
    for reading, slow in ((WORKING_DAY, slow_working_day), (OPEN_HOURS, slow_open_hours)):
        found = acknowledgement_due(received, calendar, reading)
        assert found is not None
        assert to_town(found.due).replace(tzinfo=None) == slow(wall, calendar)  # type: ignore[arg-type]


def minutes_open(calendar: OfficeCalendar, on: date) -> list[int]:
    """The minutes of that day during which the desk is open."""
    if on.weekday() > 4 or on in calendar.closings:
        return []
    return [
        minute
        for each in calendar.hours.week.get(on.weekday(), ())
        for minute in range(
            each.opens.hour * 60 + each.opens.minute, each.closes.hour * 60 + each.closes.minute
        )
    ]


def open_minutes_from(wall: datetime, calendar: OfficeCalendar) -> Iterator[datetime]:
    for n in count():
        on = wall.date() + n * DAY
        for minute in minutes_open(calendar, on):
            moment = datetime.combine(on, time(*divmod(minute, 60)))
            if moment >= wall:
                yield moment


def slow_open_hours(wall: datetime, calendar: OfficeCalendar) -> datetime:
    return next(islice(open_minutes_from(wall, calendar), 24 * 60 - 1, None)) + timedelta(minutes=1)


def slow_working_day(wall: datetime, calendar: OfficeCalendar) -> datetime:
    taken = next(open_minutes_from(wall, calendar))
    on = next(taken.date() + n * DAY for n in count(1) if minutes_open(calendar, taken.date() + n * DAY))
    minutes, same = minutes_open(calendar, on), taken.hour * 60 + taken.minute
    chosen = next((each for each in minutes if each >= same), minutes[-1] + 1)
    return datetime.combine(on, time(0)) + timedelta(minutes=chosen)


@given(any_office(), received_walls)
def test_a_demand_is_taken_as_received_when_it_comes_or_at_the_next_opening(
    calendar: OfficeCalendar, wall: datetime
) -> None:
    received = from_town(wall)
    taken = taken_as_received(received, calendar)
    assert calendar.is_open(taken)
    assert (taken == received) is calendar.is_open(received)
    assert not any(
        from_town(datetime.combine(on, opening.opens)) > received
        for on in (wall.date() + n * DAY for n in range((taken.date() - wall.date()).days))
        for opening in calendar.openings(on)
    )
    assert elapsed(received, taken) >= timedelta(0)
