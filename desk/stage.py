"""Where the stories of the demonstration take place, and the chance they are drawn by."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from desk.town import Town
from policy.reasons import Refused
from policy.towntime import from_town

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Stage:
    """Where the stories take place: the town, what is said there (``config.demonstration.tale``), and now.

    ``shift`` moves the day of a call to the day of its story; ``extensions`` are those of the departments.
    """

    town: Town
    tale: Mapping[str, Any]
    shift: timedelta
    now: datetime
    extensions: Mapping[str, str]


@dataclass(frozen=True)
class Draw:
    """Chance that is always the same for the same call."""

    seed: str

    def share(self, about: str) -> float:
        """A number from 0 to 1."""
        digest = hashlib.sha256(f"{self.seed}|{about}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    def one(self, about: str, among: Sequence[Thing]) -> Thing:
        """One of these."""
        return among[int(self.share(about) * len(among))]

    def days(self, about: str, most: int) -> int:
        """A number of days up to ``most``."""
        return int(self.share(about) * (most + 1))


def wall(day: date, at: time) -> datetime:
    """That time of the town's clock; an hour later where it does not exist."""
    try:
        return from_town(datetime.combine(day, at))
    except Refused:  # the hour that does not exist in spring
        return from_town(datetime.combine(day, at) + timedelta(hours=1))


def in_hours(day: date, share: float) -> datetime:
    """A moment while people work: until noon on Fridays."""
    minutes = 210 if day.weekday() == 4 else 480
    return wall(day, time(8, 15)) + timedelta(minutes=minutes * share)
