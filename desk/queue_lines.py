"""The rows of the queue as its grid shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from desk import answers, contacts, grid, queue_sql
from desk.answers import Window
from desk.town import Town
from desk.visits import Counter
from policy.confidentiality import visible_fields
from policy.delays import Pause, days_late
from policy.queue_order import is_overdue
from policy.words import Answer, Circuit, Closer, Nature, Priority, State, WaitReason
from sync.file_tables import FILES
from sync.store import Reading, Row

READ = (
    *("number", "nature", "category", "department", "priority", "civic", "street", "sector", "state"),
    *("received_at", "target_on", "moved_at", "complex", "duplicate_of", "planned_on", "wait_reason"),
    *("wait_words", "next_action", "code", "done_on", "done_extension", "note", "citizen_text", "closed_at"),
)


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
    closed_at: datetime | None
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
    calls: int = 0  # new calls since it came in


def lines(
    counter: Counter[Reading], settings: Town, found: Sequence[str], since: datetime, window: Window | None
) -> list[Line]:
    """The rows of these files, in the order given; who asks was judged before."""
    rows = queue_sql.lines(counter.tx, found, READ)
    waits = {
        row["file"]: row["starts_on"] for row in counter.tx.find("pauses", file=list(found), ends_on=None)
    }
    given = answers.given(counter, window.month, found) if window else {}
    calls = contacts.counts(counter.tx, found)
    return [
        replace(
            _line(counter, settings, row, waits.get(row["id"]), given.get(row["id"]), since, window),
            calls=calls.get(row["id"], 0),
        )
        for row in _as_seen(counter, rows)
    ]


def _as_seen(counter: Counter[Reading], rows: Sequence[Row]) -> Iterator[Row]:
    """The rows without what this visit may not see; that depends on a file's nature and department alone."""
    hidden: dict[tuple[Nature, str | None], dict[str, None]] = {}
    for row in rows:
        key = (row["nature"], row["department"])
        if key not in hidden:
            seen = {each.name for each in visible_fields(counter.person, "files", FILES.fields, row)}
            hidden[key] = dict.fromkeys(name for name in READ if name not in seen)
        yield {**row, **hidden[key]} if hidden[key] else row


def _line(
    counter: Counter[Reading],
    settings: Town,
    row: Row,
    waiting_since: date | None,
    answered: Row | None,
    since: datetime,
    window: Window | None,
) -> Line:
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
        closed_at=row["closed_at"],
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
        answerable=window is not None and answers.is_asked(row, window.drawn_at),
        seen={**seen, "answer": answer, "words": said} if window else seen,
    )


def place(file: Row) -> str:
    """Where it is, in one line: « 1234, rue Principale (Domaine des Patriarches) »."""
    address = ", ".join(part for part in (file["civic"], file["street"]) if part)
    sector = file["sector"]
    return f"{address} ({sector})" if address and sector else address or sector or ""
