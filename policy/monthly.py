"""P §4.1, P §4.2.3: the days of the monthly lists (R-20, R-22, R-23)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from policy.calendar import OfficeCalendar
from policy.months import Month
from policy.reasons import Deadline, Skipped
from policy.rules import RncReading, RuleName, Rules, cited
from policy.towntime import from_town
from policy.wording import day_words, working_days_words

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
TO_FRIDAY = timedelta(days=4)

READINGS = {
    RncReading.FULL_WEEK: (
        "« Dernier lundi d'une semaine complète » : le premier jour ouvré de la dernière semaine "
        "dont les jours, du lundi au vendredi, sont tous dans le mois."
    ),
    RncReading.LAST_WEEK: (
        "« Premier jour ouvré de la dernière semaine » : la semaine, du lundi au vendredi, "
        "du dernier jour de semaine du mois, pour ses jours dans le mois."
    ),
    RncReading.NONE: "La ville n'envoie pas de liste RNC.",
}
RNC_ARTICLES = {
    RncReading.FULL_WEEK: ("P §4.2.3", "P §4.1"),
    RncReading.LAST_WEEK: ("P §4.1",),
    RncReading.NONE: (),
}
ANSWER_ARTICLE = "P §4.2.3"
COUNCIL_ARTICLE = "P §4.1"


@dataclass(frozen=True)
class ListDay:
    """The day a list goes out, or ``None`` when it does not; in either case why."""

    month: Month
    day: date | None
    articles: tuple[str, ...]
    reading: str
    steps: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def deadline(self) -> Deadline | None:
        """The day with its reasons; ``None`` when the list does not go out."""
        if self.day is None:
            return None
        return Deadline(self.day, self.articles, self.reading, self.steps, self.skipped)


def rnc_day(
    month: Month, calendar: OfficeCalendar, reading: RncReading, min_days: int = 0, source: str = ""
) -> ListDay:
    """P §4.1, « premier jour ouvré de la dernière semaine »; P §4.2.3, « lundi d'une semaine complète ».

    R-20: the day each Responsable receives the RNC of the month. Which of the two texts is followed is a
    town value (docs/readings.md, no. 1). The first working day of the last week of the reading; when that
    week has none, or when fewer than ``min_days`` working days lie between that day and the month's last
    working day, the preceding week, and so on within the month. No day when the month has no working day,
    or when the town sends no RNC. ``source`` is what the town's rule gives as its article.
    """
    articles, sentence = cited(RNC_ARTICLES[reading], source), READINGS[reading]
    if reading is RncReading.NONE:
        return ListDay(month, None, articles, sentence)
    last = last_working_day(month, calendar)
    if last is None:
        step = f"Aucun jour ouvré en {month.words} : la liste n'est pas envoyée."
        return ListDay(month, None, articles, sentence, (step,), closed_weekdays(month, calendar))
    day: date | None = None
    steps: list[str] = []
    skipped: list[Skipped] = []
    for begins, ends in _weeks_backward(month, reading):
        first = _first_working_day(begins, ends, calendar)
        skipped += calendar.closed_weekdays(begins, first or ends)
        if first is None:
            steps.append(f"Semaine du {day_words(begins)} : aucun jour ouvré.")
            continue
        day = first
        steps.append(f"Semaine du {day_words(begins)} : premier jour ouvré, le {day_words(day)}.")
        left = calendar.working_days(day + DAY, last)
        if left >= min_days:
            break
        steps.append(
            f"Entre ce jour et le dernier jour ouvré du mois, le {day_words(last)} : "
            f"{working_days_words(left)}, et la ville en demande {min_days}."
        )
    if day is None:
        day = calendar.on_or_after(month.first)
        steps.append(f"Aucune semaine entière n'a de jour ouvré : le premier du mois, le {day_words(day)}.")
    return ListDay(
        month, day, articles, sentence, tuple(steps), tuple(sorted(skipped, key=lambda each: each.day))
    )


def answers_due(month: Month, calendar: OfficeCalendar) -> Deadline | None:
    """P §4.2.3, « jusqu'au dernier jour ouvré du mois » (R-22): the day by which the RNC is answered.

    Until closing time (``answers_close_at``). ``None`` when the month has no working day.
    """
    day = last_working_day(month, calendar)
    if day is None:
        return None
    return Deadline(
        due=day,
        articles=(ANSWER_ARTICLE,),
        reading="Le dernier jour ouvré du mois, jusqu'à l'heure de fermeture.",
        steps=(f"Dernier jour ouvré {month.of_words} : le {day_words(day)}.",),
        skipped=calendar.skipped(day, month.last),
    )


def answers_close_at(month: Month, calendar: OfficeCalendar) -> datetime | None:
    """R-22: the moment (UTC) the answers are due: closing time on the month's last working day."""
    day = last_working_day(month, calendar)
    return None if day is None else from_town(datetime.combine(day, calendar.closing_time(day)))


def reminder_day(month: Month, calendar: OfficeCalendar, rnc: date | None) -> Deadline | None:
    """P §4.2.3 (R-22): the working day before the last, a reminder to who has not answered.

    Never before the list, nor with it: when the RNC leaves that day or later (``rnc``, its day) there is no
    reminder (docs/readings.md, no. 9).
    """
    last = last_working_day(month, calendar)
    if rnc is None or last is None:
        return None
    day = calendar.on_or_before(last - DAY)
    if day <= rnc:
        return None
    return Deadline(
        due=day,
        articles=(ANSWER_ARTICLE,),
        reading="Rappel la veille ouvrée du dernier jour ouvré du mois, jamais avant la liste.",
        steps=(f"Dernier jour ouvré {month.of_words} : le {day_words(last)}.",),
        skipped=calendar.skipped(day, last),
    )


def council_day(about: Month, calendar: OfficeCalendar) -> Deadline:
    """P §4.1, « chaque premier jour ouvré du mois » (R-23): the day council receives its lists about a month.

    The first working day that follows the month; when the whole next month is closed, the first after it:
    these lists are never dropped (docs/readings.md, no. 10).
    """
    first = about.next.first
    day = calendar.on_or_after(first)
    return Deadline(
        due=day,
        articles=(COUNCIL_ARTICLE,),
        reading="Le premier jour ouvré du mois, au sujet du mois qui vient de se terminer.",
        steps=(f"Premier jour ouvré après {about.words} : le {day_words(day)}.",),
        skipped=calendar.skipped(first, day),
    )


@dataclass(frozen=True)
class MonthDays:
    """All the days of one month, each with its reasons, under the town's reading and the other one."""

    month: Month
    rnc: ListDay
    rnc_other_reading: ListDay
    reminder: Deadline | None
    answers_due: Deadline | None
    council: Deadline | None  # the day the lists *about* this month go out
    closed: tuple[Skipped, ...]  # its weekdays that are closed

    @property
    def readings_differ(self) -> bool:
        """Whether the two readings of R-20 give two days."""
        return self.rnc.day != self.rnc_other_reading.day

    def as_row(self) -> dict[str, Any]:
        """The month as ``jobs calendar`` prints it: ISO dates or ``None``."""
        answers, council = self.answers_due, self.council
        cited_by: list[ListDay | Deadline] = [self.rnc, *(each for each in (answers, council) if each)]
        return {
            "month": str(self.month),
            "rnc": _iso(self.rnc.day),
            "rnc_other_reading": _iso(self.rnc_other_reading.day),
            "answers_due": _iso(answers.due if answers else None),
            "council": _iso(council.due if council else None),
            "closed": [each.day.isoformat() for each in self.closed],
            "articles": list(dict.fromkeys(article for each in cited_by for article in each.articles)),
        }


def month_days(
    month: Month, calendar: OfficeCalendar, rules: Rules, following: Rules | None = None
) -> MonthDays:
    """R-20, R-22, R-23: the days of a month, under the rules in force on its first day.

    ``following`` are those of the next month, in which its council list leaves; the same when not given.
    """
    source = rules.source(RuleName.RNC_READING)
    reading, min_days = rules.rnc_reading, rules.rnc_min_days
    rnc = rnc_day(month, calendar, reading, min_days, source)
    return MonthDays(
        month=month,
        rnc=rnc,
        rnc_other_reading=rnc_day(month, calendar, reading.other, min_days, source),
        reminder=reminder_day(month, calendar, rnc.day),
        answers_due=None if reading is RncReading.NONE else answers_due(month, calendar),
        council=council_day(month, calendar) if (following or rules).council_lists else None,
        closed=closed_weekdays(month, calendar),
    )


def last_working_day(month: Month, calendar: OfficeCalendar) -> date | None:
    """The last working day of the month; ``None`` when it has none."""
    day = calendar.on_or_before(month.last)
    return day if day in month else None


def closed_weekdays(month: Month, calendar: OfficeCalendar) -> tuple[Skipped, ...]:
    """The Mondays to Fridays of the month that are closed, and why."""
    return calendar.closed_weekdays(month.first, month.last)


def _weeks_backward(month: Month, reading: RncReading) -> Iterator[tuple[date, date]]:
    """The reading's last Monday-to-Friday week, then those before it, each cut to its days in the month."""
    monday = month.last - timedelta(days=month.last.weekday())
    if reading is RncReading.FULL_WEEK and monday + TO_FRIDAY not in month:
        monday -= WEEK
    while monday + TO_FRIDAY >= month.first:
        yield max(monday, month.first), min(monday + TO_FRIDAY, month.last)
        monday -= WEEK


def _first_working_day(first: date, last: date, calendar: OfficeCalendar) -> date | None:
    day = calendar.on_or_after(first)
    return day if day <= last else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
