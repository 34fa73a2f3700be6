"""How a day, a moment and any value of a record read in French."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from policy.towntime import to_town
from policy.wording import day_words, hour_words, moment_words

NOTHING = "—"


def day(value: date, weekday: bool = False) -> str:
    """« 23 novembre 2026 », « lundi 23 novembre 2026 »; the first of a month is « 1er »."""
    text = day_words(value)
    return text if weekday else text.partition(" ")[2]


def day_of(value: date | datetime, weekday: bool = False) -> str:
    """The day in town of a date or of an aware moment, such as what a deadline is due."""
    return day(to_town(value).date() if isinstance(value, datetime) else value, weekday)


def moment(value: datetime) -> str:
    """« 23 novembre 2026 à 8 h 05 », on the town's clock; ``value`` is aware."""
    wall = to_town(value)
    return f"{day(wall.date())} à {hour_words(wall.time())}"


def hour(value: datetime) -> str:
    """« 8 h 05 », on the town's clock; ``value`` is aware."""
    return hour_words(to_town(value).time())


def since(then: datetime, now: datetime) -> str:
    """« à 10 h 12 » the same day in town, else « le 20 novembre 2026 à 10 h 12 »."""
    wall = to_town(then)
    hour = f"à {hour_words(wall.time())}"
    return hour if wall.date() == to_town(now).date() else f"le {day(wall.date())} {hour}"


def number(value: int) -> str:
    """« 1 204 », with the space that a line is not cut at."""
    return f"{value:,}".replace(",", "\u202f")


def words(value: Any) -> str:
    """Any value as people read it; what is empty reads « — »."""
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
