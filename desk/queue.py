"""The queue of a department (R-15): paged, filtered and sorted in SQL; edited row by row in the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, true

from desk import answers, grid, queue_sql
from desk.acts import Outcome
from desk.answers import Window
from desk.grid import Column as Column
from desk.grid import Edit as Edit
from desk.queue_lines import Line as Line
from desk.queue_lines import lines
from desk.rnc import last_list
from desk.scope import visible
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.confidentiality import scope, searchable
from policy.months import Month
from policy.reasons import Refused, refused
from policy.roles import Deed, refuse_unless
from policy.words import ListKind, State
from sync import words
from sync.store import Reading

LARGEST = 200  # rows of one page
FOUND = 1_000  # closed files a text search gives
MOST = 500  # rows saved at once


@dataclass(frozen=True)
class Query:
    """What of the queue is asked. Empty tuples and strings: no filter. ``page`` counts from 1."""

    departments: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    category: str = ""
    overdue: bool = False
    paused: bool = False
    unchanged: bool = False  # « inchangée depuis le mois dernier »
    complex: bool = False
    unrouted: bool = False  # what no department has received yet
    unacknowledged: bool = False  # whom nobody has told anything yet
    unanswered: bool = False  # what the RNC of this month asks and nobody has answered
    text: str = ""
    closed: bool = False  # what is closed or cancelled, the last closed first, instead of what is open
    page: int = 1
    size: int = 50
    only: tuple[str, ...] = ()  # instead of a page: these rows in this order, wherever they stand now


@dataclass(frozen=True)
class Counts:
    """What stands open in the queue before the filters of state: each number opens the files behind it.

    ``at_least``: past ``queue_sql.COUNTED`` files the numbers are « au moins ».
    """

    open: int
    overdue: int
    paused: int
    unchanged: int
    states: Mapping[State, int]
    unanswered: int = 0  # while answers to the RNC are expected
    at_least: bool = False


@dataclass(frozen=True)
class Page:
    """One page of the queue, and what its screen needs around it."""

    rows: tuple[Line, ...]
    total: int
    page: int
    pages: int
    counts: Counts
    departments: Mapping[str, str]  # id → name, those this visit may ask for
    whole: bool  # whether that is the town's whole queue, with what no department has received yet
    categories: Mapping[str, str]
    columns: tuple[Column, ...]  # those that may be edited now
    window: Window | None  # R-22, while answers are expected


def page(visit: Visit, query: Query) -> Page:
    """One page of the queue, in the order of R-15. Raises ``Refused`` when this visit has no queue."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        settings = town(counter.tx, counter.today)
        since = last_list(counter.tx, ListKind.RNC, Month.of(counter.today))
        window = answers.window(counter, settings)
        if window is None:  # nothing is asked of anybody: all that is open
            query = replace(query, unanswered=False)
        departments = _departments(counter, settings)
        base = _asked(counter, query, departments)
        narrower = _filters(query, counter.today, since, window)
        asked = replace(
            base, filters=(*base.filters, *narrower), departments=None if query.unrouted else base.departments
        )
        counts = _counts(counter.tx, replace(base, is_open=True), counter.today, since, window)
        total = queue_sql.total(counter.tx, asked) if narrower or query.closed else counts.open
        size = min(max(query.size, 1), LARGEST)
        pages = max(1, -(-total // size))
        number = min(max(query.page, 1), pages)
        found = (
            _only(counter, query.only)
            if query.only
            else queue_sql.ids(counter.tx, asked, (number - 1) * size, size)
        )
        return Page(
            rows=tuple(lines(counter, settings, found, since, window)),
            total=total,
            page=number,
            pages=pages,
            counts=counts,
            departments=departments,
            whole=bool(scope(counter.person).natures),
            categories={each.id: each.name for each in settings.categories.values() if each.active},
            columns=grid.columns(window, settings.codes),
            window=window,
        )


def counts(counter: Counter[Reading], settings: Town) -> Counts:
    """What stands open in the whole of this visit's queue. Raises ``Refused`` when it has none."""
    refuse_unless(counter.person, Deed.WORK_QUEUE)
    since = last_list(counter.tx, ListKind.RNC, Month.of(counter.today))
    asked = _asked(counter, Query(), _departments(counter, settings))
    return _counts(counter.tx, asked, counter.today, since, answers.window(counter, settings))


def save(visit: Visit, edits: Sequence[Edit]) -> tuple[Outcome, ...]:
    """Each row in its own transaction; the outcome of each in the same order.

    The grid is the browser's: columns, values, moves and departments are all judged again here. What is
    refused, or was changed by someone else meanwhile, leaves its record untouched and the others saved.
    """
    if len(edits) > MOST:
        raise refused(f"Enregistrez au plus {MOST} lignes à la fois.")
    outcomes = []
    for edit in edits:
        try:
            outcomes.append(grid.save_row(visit, edit))
        except Refused as no:
            outcomes.append(Outcome(edit.id, grounds=no.grounds))
    return tuple(outcomes)


def _departments(counter: Counter[Reading], settings: Town) -> dict[str, str]:
    """The departments whose queue this visit may ask for."""
    mine = scope(counter.person)
    every = {each.id: each.name for each in settings.departments.values()}
    return every if mine.natures else {id: name for id, name in every.items() if id in mine.departments}


def _asked(counter: Counter[Reading], query: Query, departments: Mapping[str, str]) -> queue_sql.Asked:
    """The files of the departments asked for, by text and category, before any filter of state."""
    asked: tuple[str, ...] | None = tuple(
        each for each in dict.fromkeys(query.departments) if each in departments
    )
    if not query.departments:
        asked = None if scope(counter.person).natures else tuple(departments)
    filters: list[ColumnElement[bool]] = []
    if query.category:
        filters.append(queue_sql.FILES.c.category == query.category)
    base = queue_sql.Asked(visible(counter), asked, not query.closed, tuple(filters))
    if query.text.strip():
        found = _matching(counter, query, base)
        base = replace(base, filters=(*base.filters, queue_sql.FILES.c.id.in_(found)))
    return base


def _matching(counter: Counter[Reading], query: Query, base: queue_sql.Asked) -> list[str]:
    """Of what is open every file that holds the words; of what is closed the newest of them."""
    conditions = queue_sql.among(replace(base, departments=None) if query.unrouted else base)
    few = None if query.closed else select(queue_sql.FILES.c.id).where(conditions).limit(queue_sql.COUNTED)
    sights, limit = searchable(counter.person), FOUND if query.closed else queue_sql.COUNTED
    return words.find(counter.tx, "files", query.text, sights, conditions, limit, few)


def _filters(query: Query, today: date, since: datetime, window: Window | None) -> list[ColumnElement[bool]]:
    files = queue_sql.FILES.c
    states = query.states
    if query.paused:
        states = (*states, State.WAITING)
    asked = {
        "states": files.state.in_(states) if states else None,
        "overdue": queue_sql.overdue(today) if query.overdue else None,
        "unchanged": queue_sql.untouched(since) if query.unchanged else None,
        "complex": files.complex == true() if query.complex else None,
        "unacknowledged": queue_sql.unacknowledged() if query.unacknowledged else None,
        "unrouted": files.department.is_(None) if query.unrouted else None,
        "unanswered": _lacking(window) if query.unanswered and window else None,
    }
    return [condition for condition in asked.values() if condition is not None]


def _counts(
    tx: Reading, asked: queue_sql.Asked, today: date, since: datetime, window: Window | None
) -> Counts:
    by_state = queue_sql.counts(tx, asked, today, since)
    states = {state: files for state, files, _, _ in by_state}
    return Counts(
        open=sum(states.values()),
        overdue=sum(late for _, _, late, _ in by_state),
        paused=states.get(State.WAITING, 0),
        unchanged=sum(untouched for _, _, _, untouched in by_state),
        states=states,
        unanswered=_unanswered(tx, asked, window),
        at_least=sum(states.values()) > queue_sql.COUNTED,
    )


def _unanswered(tx: Reading, asked: queue_sql.Asked, window: Window | None) -> int:
    if window is None:
        return 0
    filters = (*asked.filters, _lacking(window))
    return queue_sql.total(tx, replace(asked, filters=filters))


def _lacking(window: Window) -> ColumnElement[bool]:
    return answers.unanswered(window.month, window.drawn_at)


def _only(counter: Counter[Reading], wanted: Sequence[str]) -> list[str]:
    """Those of the rows asked for by name that are still this visit's to see, in the order given."""
    files = queue_sql.FILES.c
    found = counter.tx.rows(select(files.id).where(files.id.in_(wanted[:LARGEST]), visible(counter)))
    still = {row["id"] for row in found}
    return [each for each in wanted if each in still]
