"""The queue of a department (R-15): paged, filtered and sorted in SQL; edited row by row in the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from desk.acts import Outcome
from desk.answers import Window
from desk.visits import Visit
from policy.words import Answer, Circuit, Closer, Nature, Priority, State, WaitReason


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
    text: str = ""
    closed: bool = False  # what is closed or cancelled, newest first, instead of what is open
    page: int = 1
    size: int = 50


@dataclass(frozen=True)
class Line:
    """One row of the grid. ``seen`` holds the typed values the edits are based on."""

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
    """What stands in the queue before the filters of state: each number opens the files behind it."""

    open: int
    overdue: int
    paused: int
    unchanged: int
    states: Mapping[State, int]


@dataclass(frozen=True)
class Page:
    rows: tuple[Line, ...]
    total: int
    page: int
    pages: int
    counts: Counts
    departments: Mapping[str, str]  # id → name, those this visit may ask for
    categories: Mapping[str, str]
    columns: tuple[str, ...]  # editable now
    window: Window | None  # R-22, when answers are expected today


@dataclass(frozen=True)
class Edit:
    """What was typed in one row: ``seen`` the values it was based on, ``typed`` the new ones."""

    id: str
    seen: Mapping[str, Any]
    typed: Mapping[str, Any]


def page(visit: Visit, query: Query) -> Page:
    """One page of the queue, in the order of R-15."""
    raise NotImplementedError


def save(visit: Visit, edits: Sequence[Edit]) -> tuple[Outcome, ...]:
    """Each row in its own transaction; the outcome of each in the same order.

    The grid is the browser's: columns, values, moves and departments are all judged again here.
    """
    raise NotImplementedError
