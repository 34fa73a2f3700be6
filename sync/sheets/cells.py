"""What a cell of Google Sheets holds for a value of ours, and the value it holds for us.

Days are serial numbers (whole days since 1899-12-30), moments the town's wall clock to the minute as a
fraction of one: nothing depends on the language of the spreadsheet.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from policy.reasons import Refused
from policy.towntime import from_town, to_town
from sync.fields import Kind
from sync.remote import Column, Raw, Unreadable

ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock
MINUTES = 1_440  # a day
DIGITS = 6  # of a serial number: a tenth of a second
YES, NO = "Oui", "Non"
MIDNIGHT = 1 / 86_400  # a second: what tells midnight from a day without an hour

_YES = {"oui", "vrai", "true", "x", "✓", "1"}
_NO = {"non", "faux", "false", "0"}
_ERROR = re.compile(r"#(REF|DIV/0|VALUE|NAME|NUM|N/A|NULL|ERROR)[!?]?|#N/A")


def encode(column: Column, value: Any) -> Raw:
    """The raw of a value of the store; for a reference, of the title it shows. ``None`` empties the cell."""
    if value is None or value == "":
        return None
    match column.kind:
        case Kind.BOOL:
            return YES if value else NO
        case Kind.DATE:
            return (value - ORIGIN.date()).days
        case Kind.MOMENT:
            return _serial(to_town(value).replace(tzinfo=None, second=0, microsecond=0))
        case Kind.INTEGER:
            return int(value)
        case _:
            return str(value)


def decode(column: Column, raw: Raw) -> Any:
    """The value of a cell. Raises ``Unreadable``, in French; an empty yes-or-no is no."""
    if raw is None or raw == "":
        return False if column.kind is Kind.BOOL else None
    if isinstance(raw, str) and _ERROR.fullmatch(raw):
        raise Unreadable(f"« {column.label} » contient une formule en erreur.")
    readers: dict[Kind, Callable[[Column, Raw], Any]] = {
        Kind.BOOL: _yes_or_no,
        Kind.DATE: _day,
        Kind.MOMENT: _moment,
        Kind.INTEGER: _integer,
        Kind.CHOICE: _choice,
    }
    return readers.get(column.kind, _text)(column, raw)


def settled(kind: Kind, raw: Raw) -> Raw:
    """A raw as it is kept and compared: whole numbers without a fraction, moments without noise."""
    if isinstance(raw, float):
        if kind is Kind.MOMENT:
            raw = round(raw, DIGITS)
        if raw.is_integer() and abs(raw) < 2**53:
            return int(raw)
    return None if isinstance(raw, str) and raw == "" else raw


def _serial(wall: datetime) -> float:
    gone = (wall - ORIGIN) / timedelta(days=1)
    return round(gone + MIDNIGHT if gone.is_integer() else gone, DIGITS)


def _text(column: Column, raw: Raw) -> str | None:
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, (int, float)):
        return str(int(raw)) if float(raw).is_integer() and abs(raw) < 2**53 else repr(raw)
    return str(raw) or None


def _integer(column: Column, raw: Raw) -> int:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and float(raw).is_integer():
        return int(raw)
    if isinstance(raw, str):
        digits = re.sub(r"[\s\u00a0\u202f]", "", raw)
        if re.fullmatch(r"[-+]?[0-9]{1,18}", digits):
            return int(digits)
    raise Unreadable(f"« {column.label} » attend un nombre entier.")


def _yes_or_no(column: Column, raw: Raw) -> bool:
    word = str(settled(Kind.INTEGER, raw)).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"« {column.label} » attend Oui ou Non.")


def _choice(column: Column, raw: Raw) -> str:
    word = " ".join(str(settled(Kind.INTEGER, raw)).split())
    for choice in column.choices:
        if word == choice or word.casefold() == choice.casefold():
            return choice
    listed = ", ".join(column.choices)
    raise Unreadable(f"« {column.label} » attend un mot de sa liste : {listed}.")


def _day(column: Column, raw: Raw) -> date:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if not float(raw).is_integer():
            raise Unreadable(f"« {column.label} » attend une date sans heure.")
        return _wall(column, float(raw)).date()
    found = written_day(str(raw).strip())
    if found is None:
        raise Unreadable(f"« {column.label} » attend une date écrite ainsi : 2026-11-22.")
    return found


def _moment(column: Column, raw: Raw) -> datetime:
    wanted = f"« {column.label} » attend une date et une heure écrites ainsi : 2026-11-22 10:30."
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if float(raw).is_integer():
            raise Unreadable(wanted)  # a date alone never becomes an instant
        wall = _wall(column, float(raw))
    else:
        match = re.fullmatch(r"(\S+?)(?:T|\s+)(\d{1,2})\s?[:h]\s?(\d{2})(?::\d{2})?", str(raw).strip())
        day = written_day(match.group(1)) if match else None
        if match is None or day is None or int(match.group(2)) > 23 or int(match.group(3)) > 59:
            raise Unreadable(wanted)
        wall = datetime(day.year, day.month, day.day, int(match.group(2)), int(match.group(3)))  # noqa: DTZ001
    try:
        return from_town(wall).astimezone(UTC)
    except OverflowError:
        raise Unreadable(f"« {column.label} » : cette date est trop loin.") from None
    except Refused as refusal:
        raise Unreadable(f"« {column.label} » : {refusal.grounds[0].message}") from None


def _wall(column: Column, serial: float) -> datetime:
    """The wall clock of a serial number, to the nearest minute."""
    try:
        minutes = round(serial * MINUTES) if math.isfinite(serial) else None
        return ORIGIN + timedelta(minutes=minutes) if minutes is not None else ORIGIN.replace(year=10_000)
    except (OverflowError, ValueError):
        raise Unreadable(f"« {column.label} » : ce nombre n'est pas une date.") from None


def written_day(text: str) -> date | None:
    """A day typed as text: year first, or day and month when only one order makes sense."""
    try:
        if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
            year, month, day = map(int, match.groups())
            return date(year, month, day)
        if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
            first, second, year = map(int, match.groups())
            if first > 12 or first == second:
                return date(year, second, first)
            if second > 12:
                return date(year, first, second)
    except ValueError:
        return None
    return None
