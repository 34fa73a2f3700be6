"""One file as its screen shows it: fields by sight, dates with their reasons, moves, time line (Dossier)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from policy.moves import Possible
from sync.versions import Difference

from desk.scope import NotFound as NotFound
from desk.timeline import Moment
from desk.visits import Visit
from policy.reasons import Deadline
from policy.words import Circuit, Closer, State


@dataclass(frozen=True)
class Shown:
    """One field: ``value`` as typed, ``text`` as read in French (« — » when empty)."""

    name: str
    label: str
    value: Any
    text: str


@dataclass(frozen=True)
class Why:
    """One date and the sentences that answer « pourquoi ? »."""

    label: str
    text: str
    sentences: tuple[str, ...]
    deadline: Deadline | None
    late: bool


@dataclass(frozen=True)
class MailTold:
    """One mail about the file, without its text."""

    kind: str
    to: str  # empty when identities are not theirs to see
    subject: str
    state: str
    at: datetime | None
    error: str


@dataclass(frozen=True)
class Twin:
    """A duplicate, or the file it repeats (R-18)."""

    number: str
    state: State
    relation: str


@dataclass(frozen=True)
class View:
    """All that the Dossier screen shows. ``seen`` goes back with each act as what the person saw."""

    id: str
    number: str
    version: int
    state: State
    department: str
    circuit: Circuit | None
    closer: Closer | None
    seen: Mapping[str, Any]
    demand: tuple[Shown, ...]
    citizen: tuple[Shown, ...]
    handling: tuple[Shown, ...]
    closing: tuple[Shown, ...]
    note: str | None  # annexe A point 4, None when not theirs to see
    citizen_text: str
    dates: tuple[Why, ...]
    moves: tuple[Possible, ...]
    closing_items: Mapping[str, Any]  # proposed for annexe A: code 238, today, own extension
    codes: Mapping[str, str]  # id → « 238 Demande complétée »
    departments: Mapping[str, str]
    categories: Mapping[str, str]
    pauses: tuple[tuple[date, date | None], ...]
    mails: tuple[MailTold, ...]
    tasks: tuple[str, ...]
    twins: tuple[Twin, ...]
    timeline: tuple[Moment, ...]
    differences: tuple[Difference, ...]  # between what this person began to type and what stands now


def open(visit: Visit, number: str) -> View:
    """The file of that number (or id). Raises ``NotFound``, alike for unknown and not entitled."""
    raise NotImplementedError
