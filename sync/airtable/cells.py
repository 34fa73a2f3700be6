"""What a cell of Airtable holds: our values as its REST interface tells them, and the way back."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sync.fields import Kind
from sync.remote import Column, Raw, Unreadable

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def encode(column: Column, value: Any) -> Raw:
    """What a cell of this column holds for a value of the store; for a ``ref``, for the key of a row.

    As Airtable will give it back: what is empty or false is ``None``, for it omits both.
    """
    if value is None or value == "" or value is False:
        return None
    match column.kind:
        case Kind.MOMENT:
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1_000:03d}Z"
        case Kind.DATE:
            return value.isoformat()
        case Kind.REF:
            return [value]
        case Kind.INTEGER | Kind.BOOL:
            return value
        case _:
            return str(value)


def decode(column: Column, raw: Raw) -> Any:
    """The value of a cell; for a ``ref``, the key of the row. Raises ``Unreadable``."""
    if column.kind is Kind.BOOL and is_empty(raw):
        return False
    if is_empty(raw):
        return None
    return _READERS.get(column.kind, _text)(column, raw)


def from_feed(raw: Raw) -> Raw:
    """A cell as the REST interface would tell it, from the other format in which the feed does.

    Source: Airtable's cell values, version 2: a choice is ``{id, name, color}``, links ``[{id, name}]``.
    """
    if isinstance(raw, dict) and "name" in raw:
        return raw["name"]
    if isinstance(raw, list) and raw and all(isinstance(each, dict) and "name" in each for each in raw):
        return [each["id"] if str(each.get("id", "")).startswith("rec") else each["name"] for each in raw]
    return None if is_empty(raw) else raw


def is_empty(raw: Raw) -> bool:
    """Whether Airtable would leave this cell out of a row; a zero stays."""
    return raw is None or raw is False or raw in ("", [])


def plain(raw: Raw) -> Raw:
    """A cell that is not ours, in what stays the same from one reading to the next.

    The address of an attachment changes every two hours; a person is called by the name.
    """
    if isinstance(raw, list):
        return [plain(each) for each in raw]
    if isinstance(raw, dict):
        return raw.get("filename") or raw.get("name") or raw.get("label") or ""
    return raw


def _text(column: Column, raw: Raw) -> str:
    if not isinstance(raw, str):
        raise Unreadable(f"« {column.label} » devrait être un texte.")
    return raw


def _integer(column: Column, raw: Raw) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or raw != raw // 1:
        raise Unreadable(f"« {column.label} » devrait être un nombre entier.")
    return int(raw)


def _bool(column: Column, raw: Raw) -> bool:
    if not isinstance(raw, bool):
        raise Unreadable(f"« {column.label} » devrait être une case à cocher.")
    return raw


def _day(column: Column, raw: Raw) -> date:
    found = _parsed(date.fromisoformat, raw) if isinstance(raw, str) and _DAY.fullmatch(raw) else None
    if found is None:
        raise Unreadable(f"« {column.label} » devrait être une date, sans heure.")
    return found


def _moment(column: Column, raw: Raw) -> datetime:
    found = _parsed(datetime.fromisoformat, raw) if isinstance(raw, str) and "T" in raw else None
    if found is None or found.tzinfo is None:
        raise Unreadable(f"« {column.label} » devrait être une date avec son heure.")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise Unreadable(f"« {column.label} » : cette date est trop loin.") from None


def _parsed(read: Callable[[str], T], raw: str) -> T | None:
    try:
        return read(raw)
    except ValueError:
        return None


def _choice(column: Column, raw: Raw) -> str:
    if not isinstance(raw, str) or raw not in column.choices:
        raise Unreadable(f"« {column.label} » : ce choix n'est pas de ceux que Guichet connaît.")
    return raw


def _link(column: Column, raw: Raw) -> str:
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise Unreadable(f"« {column.label} » devrait mener à une ligne.")
    if len(raw) > 1:
        raise Unreadable(f"« {column.label} » ne peut mener qu'à une seule ligne : en garder une.")
    return str(raw[0])


_READERS: Mapping[Kind, Callable[[Column, Raw], Any]] = {
    Kind.INTEGER: _integer,
    Kind.BOOL: _bool,
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
    Kind.CHOICE: _choice,
    Kind.REF: _link,
}
