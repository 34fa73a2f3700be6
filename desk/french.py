"""How any value of a record reads in French."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from policy.wording import day_words, moment_words

NOTHING = "—"


def words(value: Any) -> str:
    """A value as people read it, moments on the town's clock; what is empty reads « — »."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return day_words(value)
    return str(value)
