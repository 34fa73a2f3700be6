"""P §4.1: what the town measures of its demands, by month and by season (R-64)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from statistics import median
from typing import NamedTuple

from policy.months import Month
from policy.words import Nature

ARTICLE = "P §4.1"
# never a complaint, an access request or a claim: those have registers of their own, read by few.
MEASURED = frozenset({Nature.REQUEST, Nature.INFORMATION, Nature.COMMENT})
NINE_TENTHS = 0.9
DAY = timedelta(days=1)
SEASONS = {12: "hiver", 3: "printemps", 6: "été", 9: "automne"}  # by the month each begins with


class Grain(StrEnum):
    """How long a period is."""

    MONTH = "mois"
    SEASON = "saison"


LOOKED_AT = {Grain.MONTH: 13, Grain.SEASON: 5}  # a year, and the same period a year before


class Count(StrEnum):
    """What one file adds to in one period; the value is its word in an address."""

    RECEIVED = "recues"
    COMPLETED = "completees"
    CLOSED = "cloturees"
    OPEN = "ouvertes"
    FIRST_CONTACT = "premier-contact"
    ON_TARGET = "dans-la-cible"
    LATE = "hors-cible"
    TOLD = "accuses-a-temps"
    UNTOLD = "accuses-hors-delai"
    ANSWERED = "rnc-a-temps"
    UNANSWERED = "rnc-hors-delai"
    THANKS = "remerciements"
    SCORE_1 = "satisfaction-1"
    SCORE_2 = "satisfaction-2"
    SCORE_3 = "satisfaction-3"
    SCORE_4 = "satisfaction-4"
    SCORE_5 = "satisfaction-5"


SCORES = dict(enumerate((Count.SCORE_1, Count.SCORE_2, Count.SCORE_3, Count.SCORE_4, Count.SCORE_5), start=1))


@dataclass(frozen=True)
class Period:
    """A month or a season: both days included, and its French words."""

    first: date
    last: date
    words: str


class Fact(NamedTuple):
    """What is measured of one file, in days of the town; nothing of the citizen nor of what was asked.

    ``took``: working days from reception to completion. ``on_target`` None: no target, or not completed.
    ``acknowledged`` None: none is owed, or not yet. ``answers``: for each list RNC that asked about it and is
    over, the day answers were due and whether one came in time.
    """

    file: str
    department: str | None
    category: str | None
    sector: str
    member: str | None
    received_on: date
    completed_on: date | None
    closed_on: date | None
    took: int
    on_target: bool | None
    first_contact: bool
    acknowledged: bool | None
    answers: tuple[tuple[date, bool], ...] = ()
    thanks: bool = False  # a comment that thanks somebody
    scores: tuple[tuple[date, int], ...] = ()  # the day each answer to the survey came, from 1 to 5


@dataclass(frozen=True)
class Share:
    """So many of so many; with nothing to divide there is no share (« sans objet »)."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None without anything to divide."""
        return self.part / self.whole if self.whole else None


@dataclass
class Measures:
    """R-64: the measures of some files in one period; it grows as they are counted in."""

    counts: Counter[Count] = field(default_factory=Counter)
    delays: list[int] = field(default_factory=list)  # working days, of what was completed

    def count_in(self, fact: Fact, found: Sequence[Count]) -> None:
        """Add what ``counts_of`` found of one file."""
        for each in found:
            self.counts[each] += 1
        if Count.COMPLETED in found:
            self.delays.append(fact.took)

    @property
    def median(self) -> float | None:
        """The median delay, in working days; None when nothing was completed."""
        return median(self.delays) if self.delays else None

    @property
    def ninetieth(self) -> int | None:
        """The 90th percentile: the delay within which nine tenths at least were completed."""
        return percentile(self.delays, NINE_TENTHS)

    @property
    def within_target(self) -> Share:
        """R-10: of what was completed and had a target."""
        return self._share(Count.ON_TARGET, Count.LATE)

    @property
    def at_first_contact(self) -> Share:
        """R-4: of what was received."""
        return Share(self.counts[Count.FIRST_CONTACT], self.counts[Count.RECEIVED])

    @property
    def acknowledged(self) -> Share:
        """R-5: of the acknowledgements owed for what was received, those given within 24 working hours."""
        return self._share(Count.TOLD, Count.UNTOLD)

    @property
    def answered(self) -> Share:
        """R-22: of the files the lists RNC asked about, those answered before the list closed."""
        return self._share(Count.ANSWERED, Count.UNANSWERED)

    @property
    def answers(self) -> int:
        """R-19: how many answers the survey had."""
        return sum(self.counts[count] for count in SCORES.values())

    @property
    def satisfaction(self) -> float | None:
        """R-19: the mean of the answers, from 1 to 5; None without any."""
        total = sum(score * self.counts[count] for score, count in SCORES.items())
        return total / self.answers if self.answers else None

    def _share(self, part: Count, rest: Count) -> Share:
        return Share(self.counts[part], self.counts[part] + self.counts[rest])


def percentile(delays: Iterable[int], part: float) -> int | None:
    """The smallest delay that at least that part of them (0 to 1) do not exceed; None without any."""
    ordered = sorted(delays)
    return ordered[max(ceil(part * len(ordered)), 1) - 1] if ordered else None


def counts_of(fact: Fact, period: Period) -> list[Count]:
    """P §4.1 (R-64): what this file adds to in that period.

    Received, and what comes with it (first contact, thanks, acknowledgement), on the day it came in;
    completed and its target on the day the work was done; closed, also without being met, on the day it was;
    open when it still is after the last day of the period; the RNC on the day answers were due; the survey on
    the day its answer came.
    """
    first, last = period.first, period.last
    found: list[Count] = []
    if first <= fact.received_on <= last:
        found.append(Count.RECEIVED)
        if fact.first_contact:
            found.append(Count.FIRST_CONTACT)
        if fact.thanks:
            found.append(Count.THANKS)
        if fact.acknowledged is not None:
            found.append(Count.TOLD if fact.acknowledged else Count.UNTOLD)
    if fact.completed_on is not None and first <= fact.completed_on <= last:
        found.append(Count.COMPLETED)
        if fact.on_target is not None:
            found.append(Count.ON_TARGET if fact.on_target else Count.LATE)
    if fact.closed_on is None:
        if fact.received_on <= last:
            found.append(Count.OPEN)
    elif first <= fact.closed_on <= last:
        found.append(Count.CLOSED)
    elif fact.received_on <= last < fact.closed_on:
        found.append(Count.OPEN)
    for day, in_time in fact.answers:
        if first <= day <= last:
            found.append(Count.ANSWERED if in_time else Count.UNANSWERED)
    found += [SCORES[score] for day, score in fact.scores if first <= day <= last]
    return found


def each_count(
    facts: Iterable[Fact], periods: Sequence[Period]
) -> Iterator[tuple[int, Fact, Sequence[Count]]]:
    """Of every file, for every period it counts in: the rank of the period, the file, what it adds to."""
    firsts = [period.first for period in periods]
    for fact in facts:
        ended = max(fact.closed_on or date.max, fact.received_on, fact.completed_on or fact.received_on,
                    *(day for day, _ in fact.scores))  # fmt: skip
        begins = max(bisect_right(firsts, fact.received_on) - 1, 0)
        for at in range(begins, bisect_right(firsts, ended)):
            if found := counts_of(fact, periods[at]):
                yield at, fact, found


def periods(grain: Grain, day: date) -> tuple[Period, ...]:
    """The period that day lies in, after those of the year before it; oldest first."""
    found = [month_period(Month.of(day)) if grain is Grain.MONTH else season(day)]
    while len(found) < LOOKED_AT[grain]:
        before = found[-1].first - DAY
        found.append(month_period(Month.of(before)) if grain is Grain.MONTH else season(before))
    return tuple(reversed(found))


def month_period(month: Month) -> Period:
    """A month."""
    return Period(month.first, month.last, month.words)


def season(day: date) -> Period:
    """The season of that day: three whole months, winter from December on (« hiver 2026-2027 »)."""
    begins = Month.of(day)
    while begins.month not in SEASONS:
        begins = begins.previous
    ends = begins.next.next
    years = f"{begins.year}-{ends.year}" if ends.year != begins.year else str(begins.year)
    return Period(begins.first, ends.last, f"{SEASONS[begins.month]} {years}")
