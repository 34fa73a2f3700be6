"""What a person typed in the form of a private record, read into the values of its table."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from policy.reasons import Ground, Refused, refuse_all, refused
from sync.fields import Field, Kind, Table
from sync.values import clean


def read(table: Table, values: Mapping[str, Any], allowed: Collection[str]) -> dict[str, Any]:
    """The values of these fields, as the store keeps them; blanks around a text are nothing.

    Raises ``Refused`` with every ground at once: a field that is not ``allowed``, a choice that is not
    offered, a date or a number that is none, a text too long.
    """
    refuse_all(
        Ground(f"« {label(table, name)} » ne se modifie pas ici.", field=name)
        for name in values
        if name not in allowed
    )
    found: dict[str, Any] = {}
    grounds: list[Ground] = []
    for name, value in values.items():
        try:
            found[name] = _value(table.field(name), value)
        except Refused as no:
            grounds += no.grounds
    refuse_all(grounds)
    return found


def label(table: Table, name: str) -> str:
    """What people call a field; of an unknown one, its beginning."""
    return next((field.label for field in table.fields if field.name == name), name[:40])


def _value(field: Field, value: Any) -> Any:
    if isinstance(value, str):
        value = _from_text(field, value.strip())
    try:
        return clean(field, value)
    except (TypeError, ValueError) as error:
        raise refused(f"« {field.label} » : cette valeur ne se lit pas.", field=field.name) from error


def _from_text(field: Field, text: str) -> Any:
    if field.kind is Kind.DATE and text:
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise refused(f"« {text[:40]} » n'est pas une date (AAAA-MM-JJ).", field=field.name) from error
    if field.kind is Kind.INTEGER and text:
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise refused(f"« {text[:40]} » n'est pas un nombre.", field=field.name)
        return int(text)
    if field.choices is not None and text and text not in set(field.choices):
        raise refused(f"« {text[:40]} » n'est pas un choix offert.", field=field.name)
    return text
