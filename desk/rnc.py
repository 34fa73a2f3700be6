"""What the lists say of a file still open (P §4.1, R-21): coded words and dates, no free text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from desk.places import place
from desk.queue_sql import untouched
from desk.town import Town
from desk.visits import Person
from policy.confidentiality import visible_fields
from policy.delays import Pause, days_late
from policy.months import Month
from policy.queue_order import is_overdue
from policy.roles import System
from policy.towntime import from_town, town_day
from policy.words import ListKind, Nature, State
from sync.file_tables import FILES
from sync.schema import SQL
from sync.store import Reading, Row
from sync.workbook import Input, Sheet

ASKED = (Nature.REQUEST, Nature.CLAIM)
NO_CATEGORY = "Sans catégorie"
HEADERS = (
    "Service",
    "Numéro",
    "Catégorie",
    "Lieu",
    "Âge (jours ouvrés)",
    "État",
    "Motif d'attente",
    "Cible",
    "Retard (jours ouvrés)",
    "Inchangée depuis le mois dernier",
)
WIDTHS = (30, 13, 32, 34, 12, 16, 22, 12, 12, 16)
INPUT_WIDTH = 20
NO_INPUTS: Mapping[str, Input] = {}

_COLUMNS = (
    "id",
    "number",
    "nature",
    "received_at",
    "category",
    "department",
    "street",
    "sector",
    "state",
    "wait_reason",
    "target_on",
)


@dataclass(frozen=True)
class Line:
    """One open file as listed; ``age`` and ``late`` in working days, ``waiting`` a coded reason."""

    file: str
    number: str
    category: str
    place: str
    age: int
    state: State
    waiting: str
    target: date | None
    late: int
    unchanged: bool


def outstanding(
    tx: Reading, town: Town, since: datetime, *narrow: sa.ColumnElement[bool]
) -> dict[str | None, tuple[Line, ...]]:
    """R-21: by department, the requêtes and réclamations still open on ``town.day``, in the order of R-15.

    Neither what is handed over (À fermer) nor duplicates; ``None`` holds what no department has received yet.
    ``since``: a file nobody touched since then is « inchangée ». ``narrow`` asks for fewer of them. Only
    fields that may be listed are read.
    """
    waits = _waits(tx)
    found: dict[str | None, list[Line]] = {}
    for row in tx.rows(_query(since).where(*narrow)):
        found.setdefault(row["department"], []).append(_line(row, town, waits.get(row["id"])))
    return {department: tuple(lines) for department, lines in found.items()}


def last_list(tx: Reading, kind: ListKind, month: Month) -> datetime:
    """Since when a file is « inchangée depuis le mois dernier »: the last such list, or the 1st."""
    run = tx.first("list_runs", kind=kind, month=str(month.previous))
    return run["drawn_at"] if run else from_town(datetime.combine(month.first, time()))


def sheet(
    title: str, sections: Iterable[tuple[str, Sequence[Line]]], inputs: Mapping[str, Input] = NO_INPUTS
) -> Sheet:
    """The same lines as a sheet; a department with nothing open has its line too.

    ``inputs``: the columns in which whoever receives it may answer, beside each file.
    """
    rows: list[tuple[Any, ...]] = []
    for department, lines in sections:
        rows += [(*_cells(department, line), *[None] * len(inputs)) for line in lines] or [
            (department, "", "Rien d'ouvert", *[""] * (7 + len(inputs)))
        ]
    widths = (*WIDTHS, *[INPUT_WIDTH] * len(inputs))
    return Sheet(title, (*HEADERS, *inputs), rows, widths, inputs, fixed=2 if inputs else 0)


def listed_columns(names: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    """These columns of ``files``; an error when one of them may not be listed (policy.confidentiality)."""
    clock = Person(id=System.CLOCK, name=System.CLOCK, system=True)
    allowed = {"id"} | {field.name for field in visible_fields(clock, "files", FILES.fields)}
    if kept_back := set(names) - allowed:
        raise LookupError(f"the clock may not list {', '.join(sorted(kept_back))}")
    return [SQL["files"].c[name] for name in names]


def category_name(town: Town, category: str | None) -> str:
    """The name the grid gives it."""
    found = town.categories.get(category) if category else None
    return found.name if found else NO_CATEGORY


def _query(since: datetime) -> sa.Select[Any]:
    files = SQL["files"].c
    return (
        sa.select(*listed_columns(_COLUMNS), untouched(since).label("unchanged"))
        .where(
            files.open == sa.true(),
            files.nature.in_(ASKED),
            files.state != State.TO_CLOSE,
            files.duplicate_of.is_(None),
        )
        .order_by(files.queue_rank, files.queue_day, files.received_at, files.id)
    )


def _waits(tx: Reading) -> Mapping[str, date]:
    """When each wait that lasts began, by file."""
    pauses = SQL["pauses"].c
    query = (
        sa.select(pauses.file, sa.func.min(pauses.starts_on).label("since"))
        .where(pauses.ends_on.is_(None))
        .group_by(pauses.file)
    )
    return {row["file"]: row["since"] for row in tx.rows(query)}


def _line(row: Row, town: Town, waiting_since: date | None) -> Line:
    late = 0
    if is_overdue(row["state"], row["target_on"], town.day, waiting_since):
        pauses = [Pause(waiting_since)] if waiting_since else []
        late = max(1, days_late(row["target_on"], town.day, pauses, town.calendar))
    waits = row["state"] is State.WAITING and row["wait_reason"]
    return Line(
        file=row["id"],
        number=row["number"],
        category=category_name(town, row["category"]),
        place=place(row["street"], row["sector"]),
        age=town.calendar.between(town_day(row["received_at"]), town.day),
        state=row["state"],
        waiting=str(row["wait_reason"]) if waits else "",
        target=row["target_on"],
        late=late,
        unchanged=bool(row["unchanged"]),
    )


def _cells(department: str, line: Line) -> tuple[Any, ...]:
    return (
        department,
        line.number,
        line.category,
        line.place,
        line.age,
        line.state.value,
        line.waiting,
        line.target,
        line.late or "",
        "Oui" if line.unchanged else "",
    )
