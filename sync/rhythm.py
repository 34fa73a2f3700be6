"""When the worker looks again: the town's rhythm, its hours, its quota spread over the month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from policy.towntime import from_town, to_town

RESERVE = 0.25  # of a month's calls, kept for what must be written
HOURLY = timedelta(hours=1)  # at the least, whatever is left


@dataclass(frozen=True)
class Rhythm:
    """A town's values: seconds between two looks, calls a month (0: any number), hours of activity."""

    seconds: int = 30
    quota: int = 0
    hours: tuple[time, time] | None = None

    def next_look(self, last: datetime, used: int) -> datetime:
        """The moment (UTC) of the look after the one at ``last``, when ``used`` calls of the month are gone.

        What is saved on a screen wakes the worker sooner; a person's order too.
        """
        at = last + max(timedelta(seconds=self.seconds), self._spread(last, used))
        return self._within_hours(at)

    def _spread(self, last: datetime, used: int) -> timedelta:
        if not self.quota:
            return timedelta(0)
        left = self.quota * (1 - RESERVE) - used
        wall = to_town(last)
        days = monthrange(wall.year, wall.month)[1] - wall.day + 1
        if left < 1:
            return HOURLY
        return min(timedelta(seconds=days * self._active_seconds() / left), HOURLY)

    def _active_seconds(self) -> float:
        if self.hours is None:
            return timedelta(days=1).total_seconds()
        first, last = (timedelta(hours=hour.hour, minutes=hour.minute) for hour in self.hours)
        return (last - first).total_seconds()

    def _within_hours(self, at: datetime) -> datetime:
        if self.hours is None:
            return at
        first, last = self.hours
        wall = to_town(at)
        if first <= wall.time() < last:
            return at
        day = wall.date() if wall.time() < first else wall.date() + timedelta(days=1)
        return from_town(datetime.combine(day, first))
