"""When the clock looks: often, never in the hours that change, and a trouble is said once."""

import logging
from datetime import datetime, timedelta

import pytest

from jobs.schedule import LOOKS, NIGHTS, QUIET, Watch
from policy.towntime import to_town
from tests.cast import moment

EVES = ("Sat 2026-10-31 23:00", "Sat 2027-03-13 23:00", "Mon 2026-11-23 00:00")


def fires(trigger: object, start: datetime, hours: int) -> list[datetime]:
    found: list[datetime] = []
    now = start
    while (following := trigger.get_next_fire_time(found[-1] if found else None, now)) is not None:  # type: ignore[attr-defined]
        if following > start + timedelta(hours=hours):
            break
        found.append(following)
        now = following + timedelta(seconds=1)
    return found


@pytest.mark.parametrize("night", EVES)
def test_nothing_begins_between_one_and_three_also_when_clocks_change(night: str) -> None:
    looks = fires(LOOKS, moment(night), 8)
    assert looks and not any(to_town(each).hour in QUIET for each in looks)
    assert {to_town(each).hour for each in looks} >= {0, 3, 4}
    assert not any(to_town(each).hour in QUIET for each in fires(NIGHTS, moment(night), 8))


def test_in_the_day_the_clock_looks_three_times_a_minute() -> None:
    assert len(fires(LOOKS, moment("Mon 2026-11-23 08:00"), 1)) in (180, 181)


def test_a_trouble_is_said_when_it_begins_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    troubles = iter([(), ("en panne",), ("en panne",), (), ()])
    watch = Watch(lambda: next(troubles))
    with caplog.at_level(logging.WARNING, logger="guichet.horloge"):
        for _ in range(5):
            watch()
    assert [record.message for record in caplog.records] == ["en panne", "Tout est rentré dans l'ordre."]
