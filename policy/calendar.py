"""R-70: the days the town works, and the hours the desk is open on them."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from policy.hours import Hours, Opening, parse_hours
from policy.reasons import Skipped, refused
from policy.towntime import from_town, to_town
from policy.wording import WEEKDAYS

__all__ = ["Counted", "Hours", "OfficeCalendar", "Opening", "parse_hours"]

DAY = timedelta(days=1)
FARTHEST = 3 * 366  # days an opening is looked for: past that the hours or the closings are wrong


@dataclass(frozen=True)
class Counted:
    """Where a count of working days ended, and the days that did not count on the way."""

    day: date
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True)
class OfficeCalendar:
    """R-70: Monday to Friday, less the days of the closings table.

    ``closings`` gives for each closed day its reason, already net of « Ouvert malgré tout »; ``hours`` the
    opening hours of the desk. A weekday on which the desk keeps no hours is still a working day
    (docs/readings.md, no. 12): the hours say when a demand is taken as received, not which days count.
    """

    closings: Mapping[date, str]
    hours: Hours

    # days

    def is_working(self, day: date) -> bool:
        """Whether the town works that day."""
        return day.weekday() < 5 and day not in self.closings

    def why_closed(self, day: date) -> str | None:
        """Why the town does not work that day (« samedi », « Fête du Travail »); ``None`` when it does."""
        if day.weekday() >= 5:
            return WEEKDAYS[day.weekday()]
        return self.closings.get(day)

    def on_or_before(self, day: date) -> date:
        """That day, or the last working day before it."""
        while not self.is_working(day):
            day -= DAY
        return day

    def on_or_after(self, day: date) -> date:
        """That day, or the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def plus(self, day: date, working_days: int) -> Counted:
        """The ``working_days``-th working day after ``day``, which itself does not count.

        Zero gives ``day``, or the first working day after it. Raises ``ValueError`` for a negative count.
        """
        if working_days < 0:
            raise ValueError("working days are counted forward")
        reached = self.on_or_after(day) if working_days == 0 else day
        for _ in range(working_days):
            reached = self.on_or_after(reached + DAY)
        return Counted(reached, self.skipped(day, reached))

    def between(self, earlier: date, later: date) -> int:
        """The working days after ``earlier`` up to ``later`` (included); 0 when ``later`` is not after."""
        return self.working_days(earlier + DAY, later + DAY)

    def working_days(self, first: date, until: date) -> int:
        """The working days from ``first`` (included) to ``until`` (excluded); 0 when there are none."""
        if until <= first:
            return 0
        closed = bisect_left(self._closed_weekdays, until) - bisect_left(self._closed_weekdays, first)
        return _weekdays_before(until) - _weekdays_before(first) - closed

    def skipped(self, first: date, last: date) -> tuple[Skipped, ...]:
        """The days from ``first`` to ``last`` (both included) on which the town does not work, and why."""
        days = ((day, self.why_closed(day)) for day in _days(first, last))
        return tuple(Skipped(day, why) for day, why in days if why is not None)

    def closed_weekdays(self, first: date, last: date) -> tuple[Skipped, ...]:
        """The Mondays to Fridays from ``first`` to ``last`` (both included) that are closed, and why."""
        return tuple(skipped for skipped in self.skipped(first, last) if skipped.day.weekday() < 5)

    @cached_property
    def _closed_weekdays(self) -> tuple[date, ...]:
        return tuple(sorted(day for day in self.closings if day.weekday() < 5))

    # hours

    def openings(self, day: date) -> tuple[Opening, ...]:
        """The intervals [opening, closing) during which the desk is open that day, in order."""
        return self.hours.on(day.weekday()) if self.is_working(day) else ()

    def is_open(self, moment: datetime) -> bool:
        """Whether the desk is open at that (aware) moment; at closing time it no longer is."""
        wall = to_town(moment)
        return any(opening.holds(wall.time()) for opening in self.openings(wall.date()))

    def closing_time(self, day: date) -> time:
        """When the desk closes that day; the week's latest closing when it keeps no hours that day."""
        openings = self.openings(day)
        return openings[-1].closes if openings else self.hours.latest_closing

    def intervals_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The open intervals from that moment on, in town time; the first begins there if the desk is open.

        Raises ``Refused`` when the desk does not open for three years.
        """
        start = to_town(moment)
        empty = 0
        day = start.date()
        while empty < FARTHEST:
            empty += 1
            for opening in self.openings(day):
                opens, closes = (
                    from_town(datetime.combine(day, at)) for at in (opening.opens, opening.closes)
                )
                if closes > moment:
                    empty = 0
                    yield to_town(max(opens, moment)), to_town(closes)
            day += DAY
        raise refused(
            "Le service n'ouvre aucun jour d'ici trois ans : vérifiez les heures et les fermetures.", "R-70"
        )

    def next_opening_day(self, after: date) -> date:
        """The first working day after ``after`` on which the desk opens."""
        for days in range(1, FARTHEST):
            if self.openings(after + days * DAY):
                return after + days * DAY
        raise refused(
            "Le service n'ouvre aucun jour d'ici trois ans : vérifiez les heures et les fermetures.", "R-70"
        )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + days * DAY for days in range((last - first).days + 1))


def _weekdays_before(day: date) -> int:
    """How many Mondays to Fridays come before ``day`` since the first Monday of the calendar."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)  # 0001-01-01 is a Monday
    return weeks * 5 + min(weekday, 5)
