"""P annexe B: what is said of one's availability, and how long it holds."""

from datetime import datetime

import pytest

from policy.presence import check, in_force
from policy.reasons import Refused
from policy.words import Presence
from tests.cast import moment

MONDAY, LATER = moment("Mon 2026-11-23 10:00"), moment("Mon 2026-11-23 14:00")


def test_whoever_is_away_says_when_to_come_back() -> None:
    with pytest.raises(Refused, match="de retour"):
        check(Presence.AWAY, None, MONDAY)
    check(Presence.AWAY, LATER, MONDAY)
    check(Presence.MEETING, None, MONDAY)


@pytest.mark.parametrize("until", ["Mon 2026-11-23 10:00", "Mon 2026-11-23 09:00"])
def test_nobody_comes_back_in_the_past(until: str) -> None:
    with pytest.raises(Refused, match="déjà passée"):
        check(Presence.MEETING, moment(until), MONDAY)


@pytest.mark.parametrize(
    ("until", "at", "found"),
    [
        (LATER, "Mon 2026-11-23 13:59", Presence.AWAY),
        (LATER, "Mon 2026-11-23 14:00", Presence.AVAILABLE),
        (None, "Mon 2026-11-23 23:59", Presence.AWAY),
        (None, "Tue 2026-11-24 00:00", Presence.AVAILABLE),
    ],
)
def test_what_is_past_its_hour_or_its_day_says_nothing_any_more(
    until: datetime | None, at: str, found: Presence
) -> None:
    assert in_force(Presence.AWAY, until, MONDAY, moment(at)) is found
