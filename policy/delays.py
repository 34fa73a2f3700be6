"""R-10, R-14, R-71: the target of a request, from the grille d'intervention, moved by its pauses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from policy.calendar import OfficeCalendar
from policy.reasons import Deadline, refused
from policy.wording import day_words, working_days_words

ARTICLE = "P §4.1"
SEASONS = "SJ"
LONGEST = 2_000  # working days: eight years
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Delay:
    """R-10: one row of the grid's delays: working days to handle a category, or ``None`` for no delay.

    ``season_start`` and ``season_end`` (« MM-JJ », both included) make it seasonal; the season may cross New
    Year. Raises ``Refused`` for a season that does not read, or a delay outside 0 to 2000.
    """

    valid_from: date
    working_days: int | None
    season_start: str | None = None
    season_end: str | None = None

    def __post_init__(self) -> None:
        if bool(self.season_start) != bool(self.season_end):
            raise refused("Une saison a un début et une fin.", SEASONS, "season_end")
        for name in ("season_start", "season_end"):
            _month_and_day(getattr(self, name) or "01-01", name)
        if self.working_days is not None and not 0 <= self.working_days <= LONGEST:
            raise refused(f"Un délai compte de 0 à {LONGEST} jours ouvrés.", ARTICLE, "working_days")

    @property
    def seasonal(self) -> bool:
        """Whether it holds in one season only."""
        return bool(self.season_start)

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in its season; always, without one."""
        if not (self.season_start and self.season_end):
            return True
        start, end = _month_and_day(self.season_start), _month_and_day(self.season_end)
        of_year = (day.month, day.day)
        return start <= of_year <= end if start <= end else of_year >= start or of_year <= end


@dataclass(frozen=True)
class Pause:
    """R-14: a wait, from its first day (included) to the resumption (excluded); ``None`` while it lasts."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise refused("La reprise ne peut pas précéder la mise en attente.", "R-14", "ends_on")


def target(
    taken_on: date,
    delays: Iterable[Delay],
    pauses: Iterable[Pause],
    calendar: OfficeCalendar,
    opened_on: date | None = None,
) -> Deadline | None:
    """P §4.1, « grille d'intervention préétablie »; SJ, « saisonnalité » (R-10, R-14, R-71): due when.

    The N-th working day after ``taken_on`` (the day taken as received, or the day of the reopening: it does
    not count), N being the delay of the season of that day; moved by the working days of each pause that is
    over. A pause that lasts moves nothing yet: the file waits outside the order of the queue. Of the grid,
    the values in force on ``opened_on`` apply, the day the file was first taken as received; ``taken_on``
    when not given. ``None`` when the category has no delay.
    """
    delay = delay_in_force(taken_on, delays, opened_on or taken_on)
    if delay is None or delay.working_days is None:
        return None
    waited = paused_days(taken_on, pauses, calendar)
    counted = calendar.plus(taken_on, delay.working_days + waited)
    steps = [
        f"Réputée reçue le {day_words(taken_on)}.",
        f"Délai de la grille : {working_days_words(delay.working_days)}{_season(delay)}.",
    ]
    if waited:
        steps.append(f"En attente pendant {working_days_words(waited)}, ajoutés au délai.")
    return Deadline(
        due=counted.day,
        articles=(ARTICLE, SEASONS) if delay.seasonal else (ARTICLE,),
        reading="Délai compté en jours ouvrés ; le jour de la réception ne compte pas.",
        steps=tuple(steps),
        skipped=counted.skipped,
    )


def taken_as_received(received: datetime, calendar: OfficeCalendar) -> datetime:
    """R-5: the moment the clocks start, in town time: ``received``, or the next opening when closed then.

    Opening hours are half-open: at closing time the desk is closed. Raises ``Refused`` when it does not open
    for three years.
    """
    opens, _ = next(calendar.intervals_from(received))
    return opens


def delay_in_force(taken_on: date, delays: Iterable[Delay], opened_on: date) -> Delay | None:
    """R-10, R-71: the row of the grid that applies (docs/readings.md, no. 7).

    Of the rows dated on or before ``opened_on`` and whose season holds on ``taken_on``: the seasonal ones
    before the one of all year, then the latest dated, then the shortest delay. ``None`` without a row.
    """
    candidates = [each for each in delays if each.valid_from <= opened_on and each.holds_on(taken_on)]
    return min(candidates, key=_precedence, default=None)


def paused_days(taken_on: date, pauses: Iterable[Pause], calendar: OfficeCalendar) -> int:
    """R-14: the working days, from ``taken_on`` on, of the pauses that are over; each day counts once."""
    count, reached = 0, taken_on
    for starts_on, ends_on in sorted((each.starts_on, each.ends_on) for each in pauses if each.ends_on):
        count += calendar.working_days(max(starts_on, reached), ends_on)
        reached = max(reached, ends_on)
    return count


def days_late(target_on: date, today: date, pauses: Sequence[Pause], calendar: OfficeCalendar) -> int:
    """R-21: the working days since the target; while a file waits, those when the wait began (R-14)."""
    began = min((each.starts_on for each in pauses if each.ends_on is None), default=None)
    return calendar.between(target_on, today if began is None else min(today, began - DAY))


def _precedence(delay: Delay) -> tuple[bool, int, int]:
    shortest = LONGEST + 1 if delay.working_days is None else delay.working_days
    return not delay.seasonal, -delay.valid_from.toordinal(), shortest


def _season(delay: Delay) -> str:
    return f" (saison du {delay.season_start} au {delay.season_end}, en mois-jour)" if delay.seasonal else ""


def _month_and_day(text: str, field: str = "season_start") -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2})-(\d{2})", text, re.ASCII)
    try:
        # 2024 has a 29 February: a season may begin or end on it
        day = date(2024, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise refused(
            f"« {text} » n'est pas un jour de l'année : écrivez MM-JJ, comme 11-15.", SEASONS, field
        )
    return day.month, day.day
