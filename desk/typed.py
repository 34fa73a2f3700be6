"""What a person typed, as a browser or a draft sends it, read into the values of a file."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from policy.reasons import Ground, Refused, refuse_all, refused
from policy.words import Channel, Priority, State, WaitReason
from sync.fields import Kind
from sync.file_tables import FILES
from sync.values import clean

# Annexe A, points 1 to 5.
ITEMS = frozenset({"code", "done_on", "done_extension", "note", "planned_on", "citizen_text"})

CHOICES: Mapping[str, type[StrEnum]] = {
    "state": State,
    "wait_reason": WaitReason,
    "priority": Priority,
    "channel": Channel,
}


def read(values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """The values of these fields of a file, as the store keeps them.

    Raises ``Refused`` with every ground at once: a field that is not ``allowed`` here, a choice that is not
    offered, a date that is none, a text too long.
    """
    refuse_all(
        Ground(f"« {label(name)} » ne se modifie pas ici.", field=name)
        for name in values
        if name not in allowed
    )
    found: dict[str, Any] = {}
    grounds: list[Ground] = []
    for name, value in values.items():
        try:
            found[name] = _read(name, value)
        except Refused as no:
            grounds += no.grounds
    refuse_all(grounds)
    return found


def items(values: Mapping[str, Any]) -> dict[str, Any]:
    """Annexe A's items as typed, read. Blanks around a text are nothing."""
    tidied = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    return read(tidied, ITEMS)


def chosen(value: Any, choices: type[StrEnum], field: str) -> Any:
    """The member of a closed list. Raises ``Refused`` for what is not offered."""
    if value in (None, ""):
        return None
    try:
        return choices(value)
    except ValueError as error:
        raise refused(f"« {str(value)[:40]} » n'est pas un choix offert.", field=field) from error


def _read(name: str, value: Any) -> Any:
    field = FILES.field(name)
    if name in CHOICES:
        value = chosen(value, CHOICES[name], name)
    elif field.kind is Kind.DATE and isinstance(value, str):
        value = day(name, value)
    try:
        return clean(field, value)
    except TypeError as error:
        raise refused(f"« {field.label} » : cette valeur ne se lit pas.", field=name) from error


def day(name: str, text: str) -> date | None:
    """A day as a draft keeps it, or as the grid sends it (ISO text, perhaps with a midnight behind)."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise refused(f"« {text[:40]} » n'est pas une date (AAAA-MM-JJ).", field=name) from error


def label(name: str) -> str:
    found = [field.label for field in FILES.fields if field.name == name]
    return found[0] if found else name[:40]
