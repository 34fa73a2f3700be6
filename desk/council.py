"""What council receives on the month that ended (P §4.1, R-23); same privacy as the RNC (R-21)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from desk import rnc
from desk.places import place
from desk.town import Town
from policy.months import Month
from policy.towntime import from_town, town_day
from policy.words import State
from sync.schema import SQL
from sync.store import Reading, Row
from sync.workbook import Sheet

HEADERS = ("Service", "Numéro", "Catégorie", "Lieu", "Complétée le", "Durée (jours ouvrés)")
WIDTHS = (30, 13, 32, 34, 14, 12)

_COLUMNS = ("number", "received_at", "category", "department", "street", "sector", "completed_at")


@dataclass(frozen=True)
class Done:
    """One file completed in the month; ``took`` in working days since it came in."""

    number: str
    category: str
    place: str
    completed_on: date
    took: int


@dataclass(frozen=True)
class Counts:
    """What is only counted: cancelled, duplicates, and those settled at first contact among the completed."""

    cancelled: int
    duplicates: int
    first_contact: int


def completed(tx: Reading, town: Town, month: Month) -> dict[str | None, tuple[Done, ...]]:
    """R-23: by department, what was completed in that month of town time and is now À fermer or Complétée."""
    files = SQL["files"].c
    query = (
        sa.select(*rnc.listed_columns(_COLUMNS))
        .where(*_completed_in(month), files.duplicate_of.is_(None))
        .order_by(files.completed_at, files.id)
    )
    found: dict[str | None, list[Done]] = {}
    for row in tx.rows(query):
        found.setdefault(row["department"], []).append(_done(row, town))
    return {department: tuple(lines) for department, lines in found.items()}


def counts(tx: Reading, month: Month) -> Counts:
    """R-4, R-18, R-23: what was cancelled, a duplicate, or settled at first contact in that month."""
    files = SQL["files"].c
    first, after = span(month)
    cancelled = sa.select(sa.func.count()).where(
        files.state == State.CANCELLED,
        files.nature.in_(rnc.ASKED),
        files.closed_at >= first,
        files.closed_at < after,
    )
    completed = sa.select(sa.func.count()).where(*_completed_in(month))
    return Counts(
        cancelled=tx.scalar(cancelled) or 0,
        duplicates=tx.scalar(completed.where(files.duplicate_of.is_not(None))) or 0,
        first_contact=tx.scalar(
            completed.where(files.first_contact == sa.true(), files.duplicate_of.is_(None))
        )
        or 0,
    )


def sheet(title: str, sections: Iterable[tuple[str, Sequence[Done]]]) -> Sheet:
    """The completed files as a sheet."""
    rows: list[tuple[Any, ...]] = []
    for department, lines in sections:
        rows += [
            (department, line.number, line.category, line.place, line.completed_on, line.took)
            for line in lines
        ] or [(department, "", "Aucune", "", "", "")]
    return Sheet(title, HEADERS, rows, WIDTHS)


def span(month: Month) -> tuple[datetime, datetime]:
    """The first moment of the month in town, and the first one after it."""
    return (
        from_town(datetime.combine(month.first, time())),
        from_town(datetime.combine(month.next.first, time())),
    )


def _completed_in(month: Month) -> tuple[sa.ColumnElement[bool], ...]:
    files = SQL["files"].c
    first, after = span(month)
    return (
        files.completed_at >= first,
        files.completed_at < after,
        files.state.in_([State.TO_CLOSE, State.DONE]),
        files.nature.in_(rnc.ASKED),
    )


def _done(row: Row, town: Town) -> Done:
    completed_on = town_day(row["completed_at"])
    return Done(
        number=row["number"],
        category=rnc.category_name(town, row["category"]),
        place=place(row["street"], row["sector"]),
        completed_on=completed_on,
        took=town.calendar.between(town_day(row["received_at"]), completed_on),
    )
