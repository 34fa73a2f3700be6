"""R-71: how a value of a rule is read from its text, and what it looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any, Generic, TypeVar

from policy.hours import parse_hours
from policy.reasons import refused


class Look(StrEnum):
    """What kind of value a rule has."""

    TEXT = "texte"
    NUMBER = "nombre"
    YES_NO = "oui ou non"
    READING = "lecture"  # one of a closed list
    DATE = "date"
    DATE_OR_NO = "date ou non"
    TIME = "heure"
    SPAN = "heures, de et à, ou toujours"
    HOURS = "heures de la semaine"


@dataclass(frozen=True)
class Shape:
    """What a value of a rule looks like; ``choices`` of a reading, ``least`` and ``most`` of a number."""

    look: Look
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


def shape(reader: Callable[[str], Any]) -> Shape:
    """What a value that this reader reads looks like; plain text where nothing else is known."""
    if isinstance(reader, _Reading):
        return Shape(Look.READING, choices=tuple(choice.value for choice in reader.choices))
    if isinstance(reader, _Number):
        return Shape(Look.NUMBER, least=reader.least, most=reader.most)
    looks = {
        day: Look.DATE,
        day_or_no: Look.DATE_OR_NO,
        hour: Look.TIME,
        yes_no: Look.YES_NO,
        between_hours: Look.SPAN,
        parse_hours: Look.HOURS,
    }
    return Shape(looks.get(reader, Look.TEXT))


def text(value: str) -> str:
    """Words, which cannot be empty."""
    if not value:
        raise refused("la valeur est vide.")
    return value


def email(value: str) -> str:
    """An address of electronic mail."""
    local, at, domain = value.partition("@")
    if not (
        local and at and "." in domain.strip(".") and not set(value) & set(" ,;<>\r\n") and "@" not in domain
    ):
        raise refused(f"« {value} » n'est pas une adresse de courriel.")
    return value


def day(value: str) -> date:
    """A day, as 2026-11-23."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refused(f"« {value} » n'est pas une date : écrivez-la comme 2026-11-23.") from None


def day_or_no(value: str) -> date | None:
    """A day, or « non »."""
    return None if value.lower() == "non" else day(value)


def hour(value: str) -> time:
    """A time of day, as 08:00."""
    hours, colon, minutes = value.partition(":")
    if not (colon and value.isascii() and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        raise refused(f"« {value} » n'est pas une heure : écrivez-la comme 08:00.")
    if int(hours) > 23 or int(minutes) > 59:
        raise refused(f"« {value} » n'est pas une heure : écrivez-la comme 08:00.")
    return time(int(hours), int(minutes))


@dataclass(frozen=True)
class _Number:
    least: int
    most: int
    of: str

    def __call__(self, value: str) -> int:
        least, most = self.least, self.most
        if not (value.isascii() and value.isdecimal() and len(value) < 9 and least <= int(value) <= most):
            raise refused(f"« {value} » n'est pas un nombre {self.of} de {least} à {most}.")
        return int(value)


def from_to(least: int, most: int, of: str) -> Callable[[str], int]:
    """A whole number within bounds (both included) ``of`` something, said in refusals."""
    return _Number(least, most, of)


def between_hours(value: str) -> tuple[time, time] | None:
    """Two times of day, as 06:00-22:00, or « toujours »."""
    if value.lower() == "toujours":
        return None
    first, _, last = value.partition("-")
    hours = hour(first.strip()), hour(last.strip())
    if hours[0] >= hours[1]:
        raise refused(f"« {value} » : écrivez les heures comme 06:00-22:00, ou « toujours ».")
    return hours


def yes_no(value: str) -> bool:
    """« oui » or « non »."""
    answers = {"oui": True, "non": False}
    if value.lower() not in answers:
        raise refused(f"« {value} » : répondez oui ou non.")
    return answers[value.lower()]


Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class _Reading(Generic[Choice]):
    choices: type[Choice]

    def __call__(self, value: str) -> Choice:
        try:
            return self.choices(value)
        except ValueError:
            possible = ", ".join(choice.value for choice in self.choices)
            raise refused(f"« {value} » n'est pas une lecture connue ({possible}).") from None


def one_of(choices: type[Choice]) -> Callable[[str], Choice]:
    """A member of a closed list, by its value."""
    return _Reading(choices)
