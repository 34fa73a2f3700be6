"""R-24: which monthly lists are to be drawn up at a moment. Once, and never forgotten."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from policy.calendar import OfficeCalendar
from policy.monthly import answers_close_at, answers_due, council_day, last_working_day, reminder_day, rnc_day
from policy.months import Month
from policy.reasons import Deadline
from policy.rules import RuleName, Rules
from policy.towntime import from_town, town_day
from policy.wording import day_words
from policy.words import ListKind


@dataclass(frozen=True)
class Run:
    """A line of the ledger: that list of that month was drawn up, or skipped, at that moment."""

    kind: ListKind
    month: Month
    drawn_at: datetime
    skipped: bool = False


@dataclass(frozen=True)
class DueList:
    """A list to draw up now, or to record as skipped.

    ``due_at`` is the moment it was to leave (UTC); ``why`` its day with the reasons; ``late`` when that day
    is over (« envoi tardif »); ``skipped`` says why it is not sent any more, empty when it is.
    """

    kind: ListKind
    month: Month
    due_at: datetime
    why: Deadline
    late: bool = False
    skipped: str = ""

    @property
    def due_on(self) -> date:
        """The day it was to leave, in town."""
        return town_day(self.due_at)


RulesIn = Callable[[Month], Rules]


def lists_due(
    now: datetime, start_date: date, calendar: OfficeCalendar, rules_in: RulesIn, done: Iterable[Run]
) -> tuple[DueList, ...]:
    """P §4.1, P §4.2.3 (R-24): what the clock draws up, or records as skipped, at ``now``; oldest first.

    ``rules_in`` gives the rules a month is under: those in force on its first day (docs/readings.md, no. 11).
    ``done`` is the ledger; what is in it is never given again. Nothing that was due before ``start_date``.
    A list that leaves after its day is late. The RNC never leaves after its month's last working day: older
    ones are skipped. The reminder and the list of missing answers only follow an RNC that left. Every council
    list missed is given.
    """
    ledger = {(run.kind, run.month): run for run in done}
    due: list[DueList] = []
    month = Month.of(start_date).previous  # its council list may be due from the start date on
    while month <= Month.of(town_day(now)):
        waiting = [kind for kind in ListKind if (kind, month) not in ledger]
        planned = _planned(month, waiting, calendar, rules_in) if waiting else ()
        come = (each for each in planned if each.due_at <= now and each.due_on >= start_date)
        due += (decided for each in come if (decided := _decided(each, now, calendar, rules_in, ledger)))
        month = month.next
    return tuple(sorted(due, key=lambda each: each.due_at))


def _planned(
    month: Month, kinds: Iterable[ListKind], calendar: OfficeCalendar, rules_in: RulesIn
) -> Iterator[DueList]:
    """The lists of a month, each at its moment, whatever the time."""
    rules = rules_in(month)
    rnc = rnc_day(month, calendar, rules.rnc_reading, rules.rnc_min_days, rules.source(RuleName.RNC_READING))
    for kind in kinds:
        why: Deadline | None
        match kind:
            case ListKind.RNC:
                why, at = rnc.deadline, rules.sending_hour
            case ListKind.REMINDER:
                why, at = reminder_day(month, calendar, rnc.day), rules.sending_hour
            case ListKind.MISSING:
                why = answers_due(month, calendar) if rnc.day else None
                at = calendar.closing_time(why.due) if why else time()
            case ListKind.COUNCIL:
                why = council_day(month, calendar)
                sending = rules_in(Month.of(why.due))
                why, at = why if sending.council_lists else None, sending.sending_hour
        if why is not None:
            yield DueList(kind, month, from_town(datetime.combine(why.due, at)), why)


def _decided(
    planned: DueList,
    now: datetime,
    calendar: OfficeCalendar,
    rules_in: RulesIn,
    ledger: Mapping[tuple[ListKind, Month], Run],
) -> DueList | None:
    """What becomes of a list whose moment has come: sent, late, skipped; ``None`` when nothing is due."""
    today = town_day(now)
    sent = replace(planned, late=today > planned.due_on)
    if planned.kind is ListKind.COUNCIL:
        return sent
    if planned.kind is ListKind.RNC:
        last = last_working_day(planned.month, calendar) or planned.due_on
        return sent if today <= last else replace(planned, skipped=_after(last))
    rnc = ledger.get((ListKind.RNC, planned.month))
    if rnc is None or rnc.skipped:
        return None
    if planned.kind is ListKind.REMINDER:
        closes = answers_close_at(planned.month, calendar)
        if closes is None or now >= closes:
            return replace(planned, skipped="Sautée : le délai de réponse est passé.")
        return sent if town_day(rnc.drawn_at) < today else None  # the list of the same day is reminder enough
    following = _rnc_on(planned.month.next, calendar, rules_in(planned.month.next))
    if following and today >= following:
        return replace(planned, skipped="Sautée : la liste RNC suivante la remplace.")
    return sent


def _rnc_on(month: Month, calendar: OfficeCalendar, rules: Rules) -> date | None:
    return rnc_day(month, calendar, rules.rnc_reading, rules.rnc_min_days).day


def _after(last: date) -> str:
    return f"Sautée : le dernier jour ouvré du mois, le {day_words(last)}, est passé."
