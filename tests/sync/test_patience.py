"""How long a service that failed is left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.patience import LATEST, SOONEST, SPREAD, asked_until, share, until, wished

AT = datetime(2026, 11, 16, 15, 10, tzinfo=UTC)
TOWNS = [f"ville-{n}" for n in range(40)]


@pytest.mark.parametrize(
    ("failing", "wait", "least"),
    [
        (timedelta(0), 0, SOONEST),
        (timedelta(0), 31, timedelta(seconds=31)),
        (timedelta(minutes=4), 31, timedelta(minutes=2)),
        (timedelta(days=1), 0, LATEST / (1 + SPREAD)),
        (timedelta(days=1), 3_600, timedelta(hours=1)),
    ],
)
def test_a_wait_is_what_the_service_asks_or_half_of_the_failure_and_a_share_of_each_town(
    failing: timedelta, wait: float, least: timedelta
) -> None:
    waits = {until(AT, AT - failing, wait, town) - AT for town in TOWNS}
    assert least <= min(waits) and max(waits) <= least * (1 + SPREAD)
    assert len(waits) == len(TOWNS), "no two towns come back at once"


def test_without_a_word_of_the_service_nobody_waits_longer_than_the_longest_wait() -> None:
    assert max(until(AT, AT - timedelta(days=3), 0, town) for town in TOWNS) <= AT + LATEST


def test_a_town_keeps_its_share_so_that_its_waits_only_grow() -> None:
    assert share("a") == share("a") != share("b")
    waits = [until(AT, AT - timedelta(minutes=n), 0, "a") for n in range(20)]
    assert waits == sorted(waits)


def test_only_a_service_that_asked_for_silence_is_left_alone_by_somebody_in_a_hurry() -> None:
    assert asked_until(AT, 31, False, "a") is None
    told = asked_until(AT, 31, True, "a")
    assert told is not None and told >= AT + timedelta(seconds=31)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("5", 31),
        ("86400", 3_600),
        ("", 31),
        ("-5", 31),
        ("1e9", 31),
        ("²", 31),
        ("9" * 5_000, 31),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 31),
    ],
)
def test_the_seconds_of_retry_after_are_believed_within_reason(said: str, seconds: float) -> None:
    assert wished({"Retry-After": said}, 31) == seconds
    assert wished({}, 31) == 31
