"""The queue of a department (R-15): paged, filtered and sorted in SQL; edited row by row in the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, true

from desk import answers, grid, queue_sql
from desk.acts import Outcome
from desk.answers import Window
from desk.grid import Column as Column
from desk.grid import Edit as Edit
from desk.rnc import last_list
from desk.scope import visible
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.confidentiality import scope, searchable, visible_fields
from policy.delays import Pause, days_late
from policy.months import Month
from policy.queue_order import is_overdue
from policy.reasons import Refused, refused
from policy.roles import Deed, refuse_unless
from policy.words import Answer, Circuit, Closer, ListKind, Nature, Priority, State, WaitReason
from sync import words
from sync.store import Reading, Row
from sync.tables import FILES

LARGEST = 200  # rows of one page
FOUND = 1_000  # files a text search looks through
MOST = 500  # rows saved at once
READ = (
    *("number", "nature", "category", "department", "priority", "civic", "street", "sector", "state"),
    *("received_at", "target_on", "moved_at", "complex", "duplicate_of", "planned_on", "wait_reason"),
    *("wait_words", "next_action", "code", "done_on", "done_extension", "note", "citizen_text"),
)


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
    text: str = ""
    closed: bool = False  # what is closed or cancelled, the last closed first, instead of what is open
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Line:
    """One row of the grid. ``seen`` holds the editable values as they stand, to give back in an ``Edit``."""

    id: str
    version: int
    number: str
    nature: Nature
    category: str
    department: str  # its name
    circuit: Circuit | None
    closer: Closer | None
    priority: Priority
    place: str
    state: State
    received_at: datetime
    target_on: date | None
    days_late: int  # working days past the target; 0 when none
    overdue: bool
    paused: bool
    unchanged: bool
    complex: bool
    duplicate: bool
    planned_on: date | None
    wait_reason: WaitReason | None
    wait_words: str
    next_action: str
    answer: Answer | None  # in the window of R-22
    words: str
    answerable: bool
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """What stands open in the queue before the filters of state: each number opens the files behind it."""

    open: int
    overdue: int
    paused: int
    unchanged: int
    states: Mapping[State, int]


@dataclass(frozen=True)
class Page:
    """One page of the queue, and what its screen needs around it."""

    rows: tuple[Line, ...]
    total: int
    page: int
    pages: int
    counts: Counts
    departments: Mapping[str, str]  # id → name, those this visit may ask for
    categories: Mapping[str, str]
    columns: tuple[Column, ...]  # those that may be edited now
    window: Window | None  # R-22, while answers are expected


def page(visit: Visit, query: Query) -> Page:
    """One page of the queue, in the order of R-15. Raises ``Refused`` when this visit has no queue."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        settings = town(counter.tx, counter.today)
        since = last_list(counter.tx, ListKind.RNC, Month.of(counter.today))
        departments = _departments(counter, settings)
        base = _asked(counter, query, departments)
        narrower = _filters(query, counter.today, since)
        asked = replace(base, filters=(*base.filters, *narrower))
        counts = _counts(counter.tx, replace(base, is_open=True), counter.today, since)
        total = queue_sql.total(counter.tx, asked) if narrower or query.closed else counts.open
        size = min(max(query.size, 1), LARGEST)
        pages = max(1, -(-total // size))
        number = min(max(query.page, 1), pages)
        found = queue_sql.ids(counter.tx, asked, (number - 1) * size, size)
        window = answers.window(counter, settings)
        return Page(
            rows=tuple(_lines(counter, settings, found, since, window)),
            total=total,
            page=number,
            pages=pages,
            counts=counts,
            departments=departments,
            categories={each.id: each.name for each in settings.categories.values() if each.active},
            columns=grid.columns(window, settings.codes),
            window=window,
        )


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
    if query.unrouted:
        asked = None
        filters.append(queue_sql.FILES.c.department.is_(None))
    if query.category:
        filters.append(queue_sql.FILES.c.category == query.category)
    if query.text.strip():
        filters.append(queue_sql.FILES.c.id.in_(_matching(counter, query.text)))
    return queue_sql.Asked(visible(counter), asked, not query.closed, tuple(filters))


def _matching(counter: Counter[Reading], text: str) -> list[str]:
    return words.find(counter.tx, "files", text, searchable(counter.person), visible(counter), FOUND)


def _filters(query: Query, today: date, since: datetime) -> list[ColumnElement[bool]]:
    files = queue_sql.FILES.c
    states = query.states
    if query.paused:
        states = (*states, State.WAITING)
    asked = {
        "states": files.state.in_(states) if states else None,
        "overdue": queue_sql.overdue(today) if query.overdue else None,
        "unchanged": queue_sql.untouched(since) if query.unchanged else None,
        "complex": files.complex == true() if query.complex else None,
    }
    return [condition for condition in asked.values() if condition is not None]


def _counts(tx: Reading, asked: queue_sql.Asked, today: date, since: datetime) -> Counts:
    by_state = queue_sql.counts(tx, asked, today, since)
    states = {state: files for state, files, _, _ in by_state}
    return Counts(
        open=sum(states.values()),
        overdue=sum(late for _, _, late, _ in by_state),
        paused=states.get(State.WAITING, 0),
        unchanged=sum(untouched for _, _, _, untouched in by_state),
        states=states,
    )


def _lines(
    counter: Counter[Reading], settings: Town, found: Sequence[str], since: datetime, window: Window | None
) -> list[Line]:
    rows = queue_sql.lines(counter.tx, found, READ)
    waits = {
        row["file"]: row["starts_on"] for row in counter.tx.find("pauses", file=list(found), ends_on=None)
    }
    given = answers.given(counter, window.month, found) if window else {}
    return [
        _line(counter, settings, row, waits.get(row["id"]), given.get(row["id"]), since, window)
        for row in rows
    ]


def _line(
    counter: Counter[Reading],
    settings: Town,
    row: Row,
    waiting_since: date | None,
    answered: Row | None,
    since: datetime,
    window: Window | None,
) -> Line:
    shown = {each.name for each in visible_fields(counter.person, "files", FILES.fields, row)}
    row = {name: value if name in (*shown, "id", "version") else None for name, value in row.items()}
    department = settings.departments.get(row["department"] or "")
    category = settings.categories.get(row["category"] or "")
    overdue = is_overdue(row["state"], row["target_on"], counter.today, waiting_since)
    pauses = [Pause(waiting_since)] if waiting_since else []
    late = days_late(row["target_on"], counter.today, pauses, settings.calendar) if overdue else 0
    answer = answered["answer"] if answered else None
    said = answered["words"] if answered else None
    seen = {name: row[name] for name in (*grid.HANDLED, *grid.CLOSED_WITH)}
    return Line(
        id=row["id"],
        version=row["version"],
        number=row["number"],
        nature=row["nature"],
        category=category.name if category else "",
        department=department.name if department else "",
        circuit=department.circuit if department else None,
        closer=department.closer if department else None,
        priority=row["priority"],
        place=place(row),
        state=row["state"],
        received_at=row["received_at"],
        target_on=row["target_on"],
        days_late=max(1, late) if overdue else 0,
        overdue=overdue,
        paused=row["state"] is State.WAITING,
        unchanged=(row["moved_at"] or row["received_at"]) < since,
        complex=row["complex"],
        duplicate=row["duplicate_of"] is not None,
        planned_on=row["planned_on"],
        wait_reason=row["wait_reason"],
        wait_words=row["wait_words"] or "",
        next_action=row["next_action"] or "",
        answer=answer,
        words=said or "",
        answerable=window is not None and answers.is_asked(row),
        seen={**seen, "answer": answer, "words": said} if window else seen,
    )


def place(file: Row) -> str:
    """Where it is, in one line: « 1234, rue Principale (Domaine des Patriarches) »."""
    address = ", ".join(part for part in (file["civic"], file["street"]) if part)
    sector = file["sector"]
    return f"{address} ({sector})" if address and sector else address or sector or ""
