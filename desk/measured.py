"""What is read of the files to measure them (R-64): days and coded words, by the indexes, in a few walks."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, String, false, func, select, true, type_coerce

from desk.places import place
from desk.town import Town
from policy.circuits import OUTSTANDING
from policy.measures import MEASURED, Fact, Period
from policy.monthly import answers_close_at
from policy.months import Month
from policy.towntime import from_town, town_day
from policy.words import ListKind, Nature
from sync.schema import HISTORY, SQL
from sync.states import RunOutcome
from sync.store import Reading

FILES, ANSWERS, RUNS, THANKS = SQL["files"].c, SQL["answers"].c, SQL["list_runs"].c, SQL["thanks"].c
SURVEY = SQL["survey_answers"].c
_READ = (
    FILES.id,
    FILES.department,
    FILES.category,
    FILES.sector,
    FILES.forwarded_by,
    type_coerce(FILES.nature, String),  # thousands of rows: as they are kept, which compares alike
    type_coerce(FILES.state, String),
    FILES.received_at,
    FILES.completed_at,
    FILES.closed_at,
    FILES.target_on,
    FILES.first_contact,
    FILES.ack_due_at,
    FILES.acknowledged_at,
)


Listed = tuple[str, date, datetime, datetime]  # month, day answers were due, drawn up at, closed at
# What was last read of each database, and when: a filter of the screen asks for the same files again.
_kept: WeakKeyDictionary[Engine, tuple[object, tuple[Fact, ...]]] = WeakKeyDictionary()


def facts(tx: Reading, settings: Town, spans: Sequence[Period], now: datetime) -> tuple[Fact, ...]:
    """Every file that counts in one of the periods: received in them, or open at some time of them.

    Duplicates are not counted (R-18: the file they are linked to is), nor what is private (R-33). Read again
    once anything was written, by whatever process, or a minute has passed (an acknowledgement may be late).
    """
    lists = _lists(tx, settings, spans, now)
    written = tx.scalar(select(func.max(HISTORY.c.seq)))
    stamp = (written, tuple(spans), tuple(lists), now.replace(second=0, microsecond=0))
    kept = _kept.get(tx.connection.engine)
    if kept is None or kept[0] != stamp:
        kept = _kept[tx.connection.engine] = (stamp, tuple(_read(tx, settings, spans, lists, now)))
    return kept[1]


def _read(
    tx: Reading, settings: Town, spans: Sequence[Period], lists: Sequence[Listed], now: datetime
) -> Iterator[Fact]:
    start, end = _midnight(spans[0].first), _midnight(Month.of(spans[-1].last).next.first)
    replies = _replies(tx, lists)
    scores = _scores(tx, spans)
    thanks = {file for (file,) in tx.connection.execute(select(THANKS.file))}
    calendar, days, places = settings.calendar, _Days(), {None: "", "": ""}
    for query in _walks(start, end, spans):
        for row in tx.connection.execute(query):
            (id, department, category, sector, member, nature, state, received_at, completed_at, closed_at,
             target_on, first_contact, ack_due_at, acknowledged_at) = row  # fmt: skip
            received = days.of(received_at)
            completed = days.of(completed_at) if completed_at is not None else None
            closed = days.of(closed_at) if closed_at is not None else None
            on_target = None if completed is None or target_on is None else completed <= target_on
            acknowledged = None
            if ack_due_at is not None:
                if acknowledged_at is not None:
                    acknowledged = acknowledged_at <= ack_due_at
                elif ack_due_at < now:
                    acknowledged = False
            if sector not in places:  # without a civic number, even where one was typed into it
                places[sector] = place(None, sector)
            answers: tuple[tuple[date, bool], ...] = ()
            if lists and nature == Nature.REQUEST:
                ended = completed_at or closed_at
                answers = tuple(
                    (due, replies[id, month] < closes) if (id, month) in replies else (due, False)
                    for month, due, drawn_at, closes in lists
                    if (id, month) in replies
                    or (
                        department is not None
                        and received_at < drawn_at
                        and (ended >= closes if ended is not None else state in OUTSTANDING)
                    )
                )
            took = calendar.between(received, completed) if completed is not None else 0
            yield Fact(
                id, department, category, places[sector], member, received, completed, closed, took,
                on_target, first_contact, acknowledged, answers,
                nature == Nature.COMMENT and id in thanks, tuple(scores.get(id, ())),
            )  # fmt: skip


def _walks(start: datetime, end: datetime, spans: Sequence[Period]) -> Iterable[Select[Any]]:
    """Received meanwhile; before and still open; before and closed since; closed before, answered about."""
    before = FILES.received_at < start
    answered = select(_OF).select_from(_SURVEYED).where(*_within(spans))
    ways: tuple[tuple[ColumnElement[bool], ...], ...] = (
        (FILES.received_at >= start, FILES.received_at < end),
        (FILES.open == true(), before),
        (FILES.open == false(), FILES.closed_at >= start, before),
        (FILES.open == false(), FILES.closed_at < start, FILES.id.in_(answered)),
    )
    for way in ways:
        yield select(*_READ).where(*way, FILES.nature.in_(sorted(MEASURED)), FILES.duplicate_of.is_(None))


def _lists(tx: Reading, settings: Town, spans: Sequence[Period], now: datetime) -> list[Listed]:
    """The lists RNC of these periods that are over."""
    first, last = str(Month.of(spans[0].first)), str(Month.of(spans[-1].last))
    query = select(RUNS.month, RUNS.drawn_at).where(
        RUNS.kind == ListKind.RNC, RUNS.outcome == RunOutcome.DRAWN, RUNS.month >= first, RUNS.month <= last
    )
    found = []
    for row in tx.rows(query):
        closes = answers_close_at(Month.parse(row["month"]), settings.calendar)
        if closes is not None and closes <= now:
            found.append((row["month"], town_day(closes), row["drawn_at"], closes))
    return found


def _replies(tx: Reading, lists: Sequence[Listed]) -> dict[tuple[str, str], datetime]:
    """When each file was answered of, by list."""
    if not lists:
        return {}
    query = select(ANSWERS.file, ANSWERS.month, ANSWERS.answered_at).where(
        ANSWERS.month.in_([month for month, *_ in lists])
    )
    return {(file, month): at for file, month, at in tx.connection.execute(query)}


# what is answered of a duplicate is said of the file it is linked to.
_SURVEYED = SQL["survey_answers"].join(SQL["files"], SURVEY.file == FILES.id)
_OF = func.coalesce(FILES.duplicate_of, FILES.id)


def _scores(tx: Reading, spans: Sequence[Period]) -> dict[str, list[tuple[date, int]]]:
    """R-19: the answers to the survey in these periods, by file."""
    found: dict[str, list[tuple[date, int]]] = {}
    query = select(_OF, SURVEY.received_on, SURVEY.satisfaction).select_from(_SURVEYED)
    for file, day, score in tx.connection.execute(query.where(*_within(spans))):
        found.setdefault(file, []).append((day, score))
    return found


def _within(spans: Sequence[Period]) -> tuple[ColumnElement[bool], ...]:
    return SURVEY.received_on >= spans[0].first, SURVEY.received_on <= spans[-1].last


class _Days:
    """The day in town of a moment, worked out once an hour of UTC: the town's clock moves by whole hours."""

    def __init__(self) -> None:
        self.known: dict[tuple[date, int], date] = {}

    def of(self, moment: datetime) -> date:
        """The day."""
        key = (moment.date(), moment.hour)
        day = self.known.get(key)
        if day is None:
            day = self.known[key] = town_day(moment.astimezone(UTC))
        return day


def _midnight(day: date) -> datetime:
    return from_town(datetime.combine(day, time()))
