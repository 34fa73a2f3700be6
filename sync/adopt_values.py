"""What a cell that is read once says in our words: days however they are written, words by their meaning."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from policy.reasons import Refused
from policy.towntime import from_town, town_day
from policy.wording import MONTHS
from sync.adopt_plan import Decode, Match, folded, shown
from sync.fields import Kind
from sync.remote import Raw, Unreadable
from sync.sheets.cells import written_day

_YES, _NO = {"oui", "vrai", "true", "x", "1", "✓"}, {"non", "faux", "false", "0"}
_WALL = re.compile(
    r"(.+?)(?:T|,?\s+(?:à\s+)?)(\d{1,2})\s?(?::\s?|h\s?)(\d{2})?(?::\d{2}(?:[.,]\d+)?)?(?:\s?([ap])\.?m\.?)?",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"(?:[a-z]+\.?,?\s+)?(?:le\s+)?(\d{1,2})(?:er)?[\s-]+([a-zéû]+)\.?[\s,-]+(\d{4})", re.IGNORECASE
)
_SHORT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")


def value_of(match: Match, raw: Raw, decode: Decode) -> Any:
    """The value of a cell; of a reference, the name it goes by. ``None`` when it says nothing.

    A day without an hour, where a moment is wanted, is midnight in town: nobody knows better. Raises
    ``Unreadable``.
    """
    if raw in (None, "", []):
        return None
    if match.meanings:
        meant = match.meanings.get(shown(raw))
        if meant is None:
            raise Unreadable(f"le sens de « {shown(raw)} » n'est pas dit.")
        return meant or None
    match match.column.kind:
        case Kind.DATE:
            return _found(_day(match, raw, decode), raw, "une date, comme 2025-03-14")
        case Kind.MOMENT:
            return _found(_moment(match, raw, decode), raw, "une date, comme 2025-03-14 ou 2025-03-14 10:30")
        case Kind.BOOL:
            return _found(_yes_or_no(raw), raw, "oui ou non")
        case Kind.INTEGER:
            return decode(match.column, int(raw) if isinstance(raw, str) and raw.strip().isdecimal() else raw)
        case _:
            return shown(raw)


def _day(match: Match, raw: Raw, decode: Decode) -> date | None:
    found = _decoded(match, Kind.DATE, raw, decode)
    if found is None and (moment := _decoded(match, Kind.MOMENT, raw, decode)) is not None:
        return town_day(moment)
    return found or read_day(shown(raw), match.day_first)


def _moment(match: Match, raw: Raw, decode: Decode) -> datetime | None:
    found: datetime | None = _decoded(match, Kind.MOMENT, raw, decode)
    if found is not None:
        return found
    wall = _WALL.fullmatch(shown(raw))
    day = read_day(wall[1], match.day_first) if wall else _day(match, raw, decode)
    if day is None:
        return None
    try:
        hour = _hour(wall) if wall else time()
        return from_town(datetime.combine(day, hour)).astimezone(UTC)
    except (ValueError, Refused):  # no such hour, on that day or any
        return None


def _hour(wall: re.Match[str]) -> time:
    """« 16 h 30 », « 16:30 », « 4:30 PM »; ``ValueError`` when there is no such hour."""
    hours, half = int(wall[2]), (wall[4] or "").lower()
    if half and not 1 <= hours <= 12:
        raise ValueError(wall[0])
    return time(hours % 12 + 12 * (half == "p") if half else hours, int(wall[3] or 0))


def read_day(text: str, day_first: bool | None = None) -> date | None:
    """A day as people write it: « 2025-03-14 », « 14 mars 2025 », « 14-mars-2025 », « 14/03/2025 ».

    « 03/04/2025 », or a year of two digits, is read only where it is said whether the day comes first.
    """
    text = " ".join(text.split())
    if (found := written_day(text)) is not None:
        return found
    try:
        if match := _SPELLED.fullmatch(text):
            month = _month(match[2])
            return date(int(match[3]), month, int(match[1])) if month else None
        if day_first is not None and (match := _SHORT.fullmatch(text)):
            day, month = (int(match[1]), int(match[2])) if day_first else (int(match[2]), int(match[1]))
            year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
            return date(year, month, day)
    except ValueError:
        return None
    return None


def _month(word: str) -> int:
    """The month of a word, whole or shortened; 0 when it is none, or could be two (« jui »)."""
    plain = folded(word)
    known = [
        at for at, name in enumerate(MONTHS, start=1) if len(plain) > 2 and folded(name).startswith(plain)
    ]
    return known[0] if len(known) == 1 else 0


def _decoded(match: Match, kind: Kind, raw: Raw, decode: Decode) -> Any:
    try:
        return decode(replace(match.column, kind=kind), raw)
    except Unreadable:
        return None


def _yes_or_no(raw: Raw) -> bool | None:
    word = shown(raw).casefold()
    return True if word in _YES else False if word in _NO else None


def _found(value: Any, raw: Raw, wanted: str) -> Any:
    if value is None:
        raise Unreadable(f"« {shown(raw)} » devrait être {wanted}.")
    return value
