"""R-71: the rules of the town with their articles: the value of today, those to come, those of the past."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk import french
from desk.settings_sheet import Line, read
from desk.setup import SINCE
from desk.visits import Visit
from policy import acknowledgement, monthly
from policy.hours import parse_hours
from policy.readers import Look, Shape
from policy.reasons import Refused
from policy.rules import (
    CHOSEN,
    LABELS,
    ClaimNotice,
    RuleName,
    SignatureReading,
    check_rule,
    shape_of,
)
from policy.wording import WEEKDAYS

# How a reading is said to who chooses one; a list that is not here is said by its own words.
WORDS: Mapping[str, str] = {
    **{reading.value: words for reading, words in acknowledgement.READINGS.items()},
    **{reading.value: words for reading, words in monthly.READINGS.items()},
    SignatureReading.TYPED_NAME.value: "Le nom écrit au bas vaut signature.",
    SignatureReading.BY_HAND.value: "Il faut une signature à la main, ou son image.",
    ClaimNotice.CITIES.value: "Loi sur les cités et villes, article 585 : 15 jours.",
    ClaimNotice.MUNICIPAL_CODE.value: "Code municipal, article 1112.1 : 60 jours.",
    "aucun": "La ville ne promet pas d'accusé de réception.",
}
WEEK = WEEKDAYS[:5]


@dataclass(frozen=True)
class Dated:
    """One value a rule had, has or will have; ``words`` say it."""

    id: str
    value: str
    words: str
    since: date
    article: str


@dataclass(frozen=True)
class TownValue:
    """One rule. ``today`` is ``None`` while the town has given none (the default of the software holds).

    ``begun`` are the new values that this person has begun and not adopted.
    """

    name: str
    label: str
    shape: Shape
    today: Dated | None
    coming: tuple[Dated, ...]
    past: tuple[Dated, ...]
    begun: tuple[Line, ...]


def values(visit: Visit) -> tuple[TownValue, ...]:
    """Every rule the software knows, in the order of its definition. Raises ``Refused``."""
    with visit.reading() as counter:
        sheet = read(counter, "rules", past=True)
        on = counter.today
    kept = [_dated(line) for line in sheet.lines if not line.new]
    return tuple(_value(name, kept, sheet.lines, on) for name in RuleName)


def is_from_the_start(day: date) -> bool:
    """Whether it is the day that what a town is put in place with bears."""
    return day <= SINCE


def said(name: str, value: str) -> str:
    """A value of a rule in words; as it was written, when it does not read."""
    try:
        shape = shape_of(RuleName(name))
        read_as = check_rule(name, value)
    except (ValueError, Refused):
        return value
    if shape.look is Look.READING:
        return WORDS.get(value, value.replace("_", " "))
    if shape.look is Look.DATE or (shape.look is Look.DATE_OR_NO and read_as is not None):
        return french.day(read_as)
    return value


def week(value: str) -> Mapping[str, str]:
    """The hours of each weekday, Monday to Friday, as one types them (« 08:00-12:00 13:00-16:30 »)."""
    try:
        hours = parse_hours(value)
    except Refused:  # as it was typed, day by day, to be corrected
        parts = dict(part.strip().partition(" ")[::2] for part in value.split(";"))
        return {day: parts.get(day, "") for day in WEEK}
    return {
        day: " ".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in hours.on(at))
        for at, day in enumerate(WEEK)
    }


def hours_text(days: Mapping[str, str]) -> str:
    """The rule's text of these hours; a day left empty is closed."""
    return "; ".join(f"{day} {days[day].strip()}" for day in WEEK if days.get(day, "").strip())


def begun_with(value: TownValue, on: date) -> dict[str, Any]:
    """What a new value of the rule begins with: the one in force, from that day, chosen by the town."""
    return {
        "name": value.name,
        "value": value.today.value if value.today else _first(value.shape),
        "valid_from": on.isoformat(),
        "article": value.today.article if value.today else CHOSEN,
    }


def _value(name: RuleName, kept: list[tuple[str, Dated]], lines: tuple[Line, ...], on: date) -> TownValue:
    mine = sorted((each for rule, each in kept if rule == name.value), key=lambda each: each.since)
    past = [each for each in mine if each.since <= on]
    coming = mine[len(past) :]
    if not past and coming:  # a rule has no time before: its first value holds already
        past, coming = coming[:1], coming[1:]
    begun = tuple(line for line in lines if line.new and line.shown["name"] == name.value)
    return TownValue(
        name=name.value,
        label=LABELS[name],
        shape=shape_of(name),
        today=past[-1] if past else None,
        coming=tuple(coming),
        past=tuple(reversed(past[:-1])),
        begun=begun,
    )


def _dated(line: Line) -> tuple[str, Dated]:
    values = line.values
    name, value = str(values["name"]), str(values["value"])
    since = date.fromisoformat(values["valid_from"])
    return name, Dated(line.id, value, said(name, value), since, str(values["article"] or ""))


def _first(shape: Shape) -> str:
    """Something to begin with where there was nothing."""
    match shape.look:
        case Look.READING:
            return shape.choices[0]
        case Look.NUMBER:
            return str(shape.least)
        case Look.YES_NO | Look.DATE_OR_NO:
            return "non"
        case Look.TIME:
            return "08:00"
        case Look.SPAN:
            return "toujours"
        case _:
            return ""
