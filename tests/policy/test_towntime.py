"""R-70: town time, and the two nights the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.reasons import Refused
from policy.towntime import TOWN, elapsed, from_town, to_town, town_day


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-01-15 08:00", "2026-01-15 13:00"),  # winter: five hours behind
        ("2026-07-15 08:00", "2026-07-15 12:00"),  # summer: four
        ("2026-03-08 01:59", "2026-03-08 06:59"),  # the last minute before the clocks go forward
        ("2026-03-08 03:00", "2026-03-08 07:00"),  # the minute after
        ("2026-11-01 00:59", "2026-11-01 04:59"),
        ("2026-11-01 01:00", "2026-11-01 05:00"),  # lived twice: the first, still in summer time
        ("2026-11-01 01:59", "2026-11-01 05:59"),
        ("2026-11-01 02:00", "2026-11-01 07:00"),  # lived once again
    ],
)
def test_a_wall_time_is_one_moment(wall: str, utc: str) -> None:
    assert from_town(datetime.fromisoformat(wall)) == datetime.fromisoformat(f"{utc}+00:00")


def test_the_second_passage_of_a_doubled_hour_is_never_meant() -> None:
    assert from_town(datetime.fromisoformat("2026-11-01 01:30").replace(fold=1)) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "wall", ["2026-03-08 02:00", "2026-03-08 02:30", "2026-03-08 02:59", "2027-03-14 02:15"]
)
def test_a_time_in_the_hour_that_does_not_exist_is_refused(wall: str) -> None:
    with pytest.raises(Refused, match="n'existe pas") as no:
        from_town(datetime.fromisoformat(wall))
    assert no.value.grounds[0].article == "R-70"


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        to_town(datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="naive"):
        from_town(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("utc", "town"),
    [
        ("2026-11-23T04:59", date(2026, 11, 22)),  # 23:59 the day before
        ("2026-11-23T05:00", date(2026, 11, 23)),  # midnight
        ("2026-07-01T03:59", date(2026, 6, 30)),
        ("2026-07-01T04:00", date(2026, 7, 1)),
    ],
)
def test_the_day_in_town_is_not_the_day_in_utc(utc: str, town: date) -> None:
    assert town_day(datetime.fromisoformat(f"{utc}+00:00")) == town


def test_the_hour_lived_twice_lasts_two_hours() -> None:
    assert elapsed(
        datetime(2026, 11, 1, 0, 30, tzinfo=TOWN), datetime(2026, 11, 1, 2, 30, tzinfo=TOWN)
    ) == timedelta(hours=3)


@given(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")))
def test_a_wall_time_that_exists_comes_back(wall: datetime) -> None:
    try:
        moment = from_town(wall)
    except Refused:
        assert wall.month == 3
        assert wall.hour == 2
    else:
        assert to_town(moment).replace(tzinfo=None) == wall
