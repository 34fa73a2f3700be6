"""Opening hours as a town writes them."""

from datetime import time

import pytest
from hypothesis import given

from policy.hours import Hours, Opening, parse_hours
from policy.reasons import Refused
from tests.policy.office import HOURS_H, any_hours

MORNING, AFTERNOON = Opening(time(8), time(12)), Opening(time(13), time(16, 30))


def test_hours_are_read_day_by_day() -> None:
    hours = parse_hours("lundi-jeudi 08:00-12:00 13:00-16:30; vendredi 08:00-12:00")
    assert [hours.on(weekday) for weekday in range(7)] == [(MORNING, AFTERNOON)] * 4 + [(MORNING,), (), ()]
    assert hours.latest_closing == time(16, 30)


@pytest.mark.parametrize(
    "text",
    [
        "lundi 08:00-12:00 13:00-16:30",
        "lundi 13:00-16:30 08:00-12:00",  # in any order
        "Lundi 8h-12h, 13h-16h30",
        "lundi 8 h à 12 h et 13 h à 16 h 30",
        "lundi: 8:00–12:00 13:00–16:30",
        " ;lundi 08:00-12:00 13:00-16:30; \n",
        "lundi 08:00-10:00 10:00-12:00 13:00-16:30",  # one opening where another ends is one
    ],
)
def test_the_same_monday_may_be_written_in_many_ways(text: str) -> None:
    assert parse_hours(text) == Hours({0: (MORNING, AFTERNOON)})


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        ("lundi, mercredi", [0, 2]),
        ("lundi à jeudi", [0, 1, 2, 3]),
        ("mardi et jeudi", [1, 3]),
        ("lundi-mercredi, vendredi", [0, 1, 2, 4]),
    ],
)
def test_days_come_alone_in_ranges_or_in_lists(days: str, weekdays: list[int]) -> None:
    assert list(parse_hours(f"{days} 08:00-12:00").week) == weekdays


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "vides"),
        (" ; ", "vides"),
        ("lundi", "ne se lit pas"),
        ("08:00-12:00", "ne se lit pas"),
        ("lundi 08:00", "ne se lit pas"),
        ("lundi 08:00-12:00 fermé le midi", "ne se lit pas"),
        ("monday 08:00-12:00", "ne se lit pas"),
        ("lundi 08:00-24:00", "n'est pas une heure"),
        ("lundi 08:60-12:00", "n'est pas une heure"),
        ("lundi 12:00-08:00", "n'est pas avant"),
        ("lundi 08:00-08:00", "n'est pas avant"),
        ("lundi 08:00-12:00 11:59-13:00", "se chevauchent"),
        ("lundi 08:00-12:00; lundi 13:00-16:00", "deux fois"),
        ("lundi-mercredi 08:00-12:00; mardi 08:00-12:00", "deux fois"),
        ("vendredi-lundi 08:00-12:00", "à rebours"),
        ("samedi 09:00-12:00", "lundi au vendredi"),
        ("lundi-dimanche 09:00-12:00", "lundi au vendredi"),
    ],
)
def test_what_does_not_read_as_hours_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_hours(text)


def test_the_desk_is_closed_at_closing_time() -> None:
    assert [MORNING.holds(time(*clock)) for clock in ((7, 59), (8, 0), (11, 59), (12, 0))] == [
        False,
        True,
        True,
        False,
    ]


def test_hours_are_written_back_as_they_are_read() -> None:
    assert str(HOURS_H) == (
        "lundi 08:00-16:30; mardi 08:00-16:30; mercredi 08:00-16:30; jeudi 08:00-16:30; vendredi 08:00-12:00"
    )


@given(any_hours())
def test_any_hours_come_back_from_their_text(hours: Hours) -> None:
    assert parse_hours(str(hours)).week == dict(sorted(hours.week.items()))
