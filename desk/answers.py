"""What each Responsable says of the files of the RNC, until the month's last working day (R-22)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from policy.months import Month
from sync.store import Reading, Row, Writing

from desk.visits import Counter
from policy.words import Answer


@dataclass(frozen=True)
class Window:
    """From the day of the RNC to the closing time of the month's last working day."""

    month: Month
    opens_on: date
    closes_at: datetime  # UTC
    sentence: str


def window(counter: Counter[Any]) -> Window | None:
    """P §4.2.3: the window open at this moment; None outside it."""
    raise NotImplementedError


def is_asked(file: Row) -> bool:
    """R-21: whether the file is one the RNC asks about."""
    raise NotImplementedError


def give(counter: Counter[Writing], file: Row, answer: Answer | None, words: str, month: Month) -> None:
    """Write (or take back, with None) the answer about one file, inside the caller's transaction."""
    raise NotImplementedError


def given(counter: Counter[Reading], month: Month, files: list[str]) -> dict[str, Row]:
    """The answers of the month about these files, by file."""
    raise NotImplementedError
