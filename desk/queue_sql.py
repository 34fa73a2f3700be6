"""The queue in SQL: filters, order and counts, answered by the indexes of ``files`` alone (R-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
    union_all,
)

from policy.words import State
from sync.schema import SQL
from sync.store import Reading, Row

FILES = SQL["files"]
PAUSES = SQL["pauses"]
OPEN_ORDER = ("queue_rank", "queue_day", "received_at", "id")
CLOSED_ORDER = ("-closed_at", "-id")
COUNTED = 10_000  # files counted one by one; a town with more of them open reads « plus de 10 000 »


@dataclass(frozen=True)
class Asked:
    """What is asked of the queue. ``departments`` None: every one, and what none has received yet."""

    scope: ColumnElement[bool]
    departments: tuple[str, ...] | None
    is_open: bool
    filters: tuple[ColumnElement[bool], ...] = ()

    @property
    def order(self) -> tuple[str, ...]:
        """R-15 for what is open; the last closed first for the rest."""
        return OPEN_ORDER if self.is_open else CLOSED_ORDER

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """All of it but the departments."""
        return (FILES.c.open == (true() if self.is_open else false()), self.scope, *self.filters)


def ids(tx: Reading, asked: Asked, offset: int, size: int) -> list[str]:
    """The files of one page, in order."""
    return [row["id"] for row in tx.rows(page_query(asked, offset, size))]


def page_query(asked: Asked, offset: int, size: int) -> Select[Any]:
    """One page as one walk down an index, without a sort.

    Several departments are as many walks, merged: a single IN would sort them all.
    """
    keys = [FILES.c[name.removeprefix("-")] for name in asked.order]
    if asked.departments is None or len(asked.departments) < 2:
        query = select(*keys).where(*asked.conditions, _department(asked.departments))
        return query.order_by(*_sorted(FILES.c, asked.order)).offset(offset).limit(size)
    walks = []
    for department in asked.departments:
        walk = select(*keys).where(*asked.conditions, FILES.c.department == department)
        walk = walk.order_by(*_sorted(FILES.c, asked.order)).limit(offset + size)
        walks.append(select(walk.subquery()))
    merged = union_all(*walks).subquery()
    return select(merged).order_by(*_sorted(merged.c, asked.order)).offset(offset).limit(size)


def lines(tx: Reading, found: Sequence[str], fields: Sequence[str]) -> list[Row]:
    """Those fields of those files, in the order given."""
    rows = {row["id"]: row for row in tx.rows(_lines(tuple(fields)), {"found": list(found)})}
    return [rows[each] for each in found if each in rows]


@cache
def _lines(fields: tuple[str, ...]) -> Select[Any]:
    columns = [FILES.c[name] for name in ("id", "version", *fields)]
    return select(*columns).where(FILES.c.id.in_(bindparam("found", expanding=True)))


def total(tx: Reading, asked: Asked) -> int:
    """How many files are asked for; past ``COUNTED`` it says one more, whatever they are."""
    found = select(FILES.c.id).where(*asked.conditions, _department(asked.departments)).limit(COUNTED + 1)
    return int(tx.scalar(select(func.count()).select_from(found.subquery())) or 0)


def counts(tx: Reading, asked: Asked, today: date, since: datetime) -> list[tuple[State, int, int, int]]:
    """By state: how many, how many overdue, how many untouched since ``since``; of the first ``COUNTED``."""
    found = (
        select(
            FILES.c.state,
            case((overdue(today), 1), else_=0).label("overdue"),
            case((untouched(since), 1), else_=0).label("untouched"),
        )
        .where(*asked.conditions, _department(asked.departments))
        .limit(COUNTED + 1)
        .subquery()
    )
    query = select(
        found.c.state,
        func.count().label("files"),
        func.sum(found.c.overdue).label("overdue"),
        func.sum(found.c.untouched).label("untouched"),
    ).group_by(found.c.state)
    rows = tx.rows(query)
    return [(row["state"], int(row["files"]), int(row["overdue"]), int(row["untouched"])) for row in rows]


def among(asked: Asked) -> ColumnElement[bool]:
    """All that is asked, as one condition."""
    return and_(*asked.conditions, _department(asked.departments))


def overdue(today: date) -> ColumnElement[bool]:
    """``policy.queue_order.is_overdue`` over ``files``: by the keys of the queue, without opening a row."""
    was_late = exists().where(
        PAUSES.c.file == FILES.c.id, PAUSES.c.ends_on.is_(None), PAUSES.c.starts_on > FILES.c.queue_day
    )
    return and_(
        FILES.c.queue_day < today,
        or_(
            FILES.c.state.in_([State.NEW, State.ROUTED, State.TAKEN, State.PLANNED]),
            and_(FILES.c.state == State.WAITING, was_late),
        ),
    )


def unacknowledged() -> ColumnElement[bool]:
    """R-5: an acknowledgement is owed and nobody has told the person anything yet."""
    return and_(FILES.c.acknowledged_at.is_(None), FILES.c.ack_due_at.is_not(None))


def untouched(since: datetime) -> ColumnElement[bool]:
    """Nobody did anything to the file since then, nor did it come in since."""
    return func.coalesce(FILES.c.moved_at, FILES.c.received_at) < since


def _department(departments: tuple[str, ...] | None) -> ColumnElement[bool]:
    if departments is None:
        return true()
    if len(departments) == 1:
        return FILES.c.department == departments[0]
    return FILES.c.department.in_(departments) if departments else false()


def _sorted(columns: Any, order: Sequence[str]) -> list[Any]:
    return [columns[name[1:]].desc() if name.startswith("-") else columns[name] for name in order]
