"""When the worker looks again: the rhythm, the quota spread over the month, the hours of activity."""

from datetime import datetime, time, timedelta

import pytest

from sync.rhythm import HOURLY, Rhythm
from tests.cast import moment

DAYTIME = (time(7), time(19))
FIRST = moment("Sun 2026-11-01 00:00")  # thirty days, of which one has 25 hours
NOON = moment("Mon 2026-11-16 12:00")


def test_without_a_quota_the_next_look_comes_after_the_seconds_of_the_town() -> None:
    assert Rhythm().next_look(NOON, 10**9) == NOON + timedelta(seconds=30)
    assert Rhythm(seconds=300).next_look(NOON, 0) == NOON + timedelta(seconds=300)


def test_a_quota_is_spread_over_what_is_left_of_the_month_and_keeps_a_quarter_for_pushes() -> None:
    gap = Rhythm(quota=100_000).next_look(FIRST, 0) - FIRST
    assert gap == timedelta(seconds=30 * 86_400 / 75_000)
    later = Rhythm(quota=100_000).next_look(moment("Mon 2026-11-30 12:00"), 60_000)
    assert later - moment("Mon 2026-11-30 12:00") == timedelta(seconds=30), "a day, and 15,000 looks left"


def test_a_quota_never_makes_looks_more_frequent_than_the_rhythm_nor_rarer_than_an_hour() -> None:
    assert Rhythm(seconds=60, quota=10_000_000).next_look(NOON, 0) == NOON + timedelta(seconds=60)
    assert Rhythm(quota=1_000).next_look(FIRST, 0) == FIRST + timedelta(seconds=30 * 86_400 / 750)
    assert Rhythm(quota=1_000).next_look(FIRST, 700) == FIRST + HOURLY


@pytest.mark.parametrize("used", [750, 751, 1_000, 5_000])
def test_what_is_left_for_looks_once_spent_they_come_each_hour(used: int) -> None:
    assert Rhythm(quota=1_000).next_look(NOON, used) == NOON + HOURLY


def test_hours_of_activity_leave_more_looks_to_each_of_them() -> None:
    all_day = Rhythm(quota=20_000).next_look(NOON, 0) - NOON
    by_day = Rhythm(quota=20_000, hours=DAYTIME).next_look(NOON, 0) - NOON
    assert by_day == all_day / 2


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("Mon 2026-11-16 18:59", "Tue 2026-11-17 07:00"),
        ("Mon 2026-11-16 23:30", "Tue 2026-11-17 07:00"),
        ("Tue 2026-11-17 03:00", "Tue 2026-11-17 07:00"),
        ("Tue 2026-11-17 06:59", "Tue 2026-11-17 07:00"),
        ("Sat 2026-10-31 20:00", "Sun 2026-11-01 07:00"),
        ("Sat 2027-03-13 20:00", "Sun 2027-03-14 07:00"),
    ],
)
def test_outside_its_hours_a_town_is_looked_at_when_they_begin_also_when_clocks_change(
    last: str, expected: str
) -> None:
    found: datetime = Rhythm(seconds=60, hours=DAYTIME).next_look(moment(last), 0)
    assert found == moment(expected)


def test_a_month_of_looks_never_costs_more_than_its_quota() -> None:
    rhythm, at, used = Rhythm(quota=1_000, hours=DAYTIME), FIRST, 0
    while at < moment("Tue 2026-12-01 00:00"):
        used += 1
        at = rhythm.next_look(at, used)
    assert 600 < used <= 1_000
