"""What a cell that is read once says in our words: days however they are written, words by their meaning."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from policy.reasons import Refused
from policy.towntime import from_town, town_day
from sync.adopt_plan import Decode, Match, shown
from sync.fields import Kind
from sync.remote import Raw, Unreadable
from sync.sheets.cells import written_day

_YES, _NO = {"oui", "vrai", "true", "x", "1", "✓"}, {"non", "faux", "false", "0"}
_WALL = re.compile(r"(\S+?)(?:T|,?\s+)(\d{1,2})\s?[:h]\s?(\d{2})(?::\d{2})?")


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
    return found or written_day(shown(raw))


def _moment(match: Match, raw: Raw, decode: Decode) -> datetime | None:
    found: datetime | None = _decoded(match, Kind.MOMENT, raw, decode)
    if found is not None:
        return found
    wall = _WALL.fullmatch(shown(raw))
    day = written_day(wall[1]) if wall else _day(match, raw, decode)
    if day is None:
        return None
    try:
        hour = time(int(wall[2]), int(wall[3])) if wall else time()
        return from_town(datetime.combine(day, hour)).astimezone(UTC)
    except (ValueError, Refused):  # no such hour, on that day or any
        return None


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
