"""The time line of a file: every change as a French sentence (R-80)."""

from dataclasses import dataclass
from datetime import datetime

from sync.store import Reading, Row

from desk.visits import Counter


@dataclass(frozen=True)
class Moment:
    """One sentence: who did what, and the changes beneath it, one sentence each."""

    at: datetime
    who: str
    sentence: str
    changes: tuple[str, ...]
    whence: str


def timeline(counter: Counter[Reading], file: Row) -> tuple[Moment, ...]:
    """The sentences about this file, oldest first; fields this visit may not see are left out."""
    raise NotImplementedError
