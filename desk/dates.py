"""The computed dates of a file: the one recompute behind every act that moves them (architecture 9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.visits import Counter, Visit
from policy.reasons import Deadline
from sync.store import Reading, Row


@dataclass(frozen=True)
class Moved:
    """A file whose target moves, or would."""

    id: str
    number: str
    before: date | None
    after: date | None


def refresh(counter: Counter[Reading], file: Row) -> dict[str, Any]:
    """R-5, R-10, R-14, R-15: the computed fields of a file as its other fields now stand.

    ``file`` is the row with the changes of the act already laid over it; its pauses are read from the store.
    Returns only what differs from the row: target_on, target_why, ack_due_at, ack_why, open, queue_rank,
    queue_day. The caller writes them in the same update.
    """
    raise NotImplementedError


def recompute_all(visit: Visit) -> tuple[Moved, ...]:
    """R-71: closings have changed: every open file gets its dates anew. Returns those whose target moved."""
    raise NotImplementedError


def what_would_move(visit: Visit, closings: Mapping[date, str]) -> tuple[Moved, ...]:
    """R-71: the open files whose target would move under these closings. Nothing is written."""
    raise NotImplementedError


def as_json(deadline: Deadline | None) -> dict[str, Any] | None:
    """A deadline with its reasons, as a JSON field keeps it (target_why, ack_why, list_runs.why)."""
    raise NotImplementedError


def from_json(kept: Mapping[str, Any] | None) -> Deadline | None:
    """The deadline a JSON field keeps."""
    raise NotImplementedError
