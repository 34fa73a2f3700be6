"""What a field accepts: the value as the store keeps it, or a refusal in words."""

import base64
import json
import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any

from policy.reasons import Ground, Refused
from sync.fields import Field, Kind, Table
from sync.schema import UNWRITABLE, dumped
from sync.tables import TABLES

_FIELDS = {name: {field.name: field for field in table.fields} for name, table in TABLES.items()}
_LARGEST = 2**63 - 1


def cleaned(table: Table, values: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """The values as the store keeps them and as a reading gives them back.

    ``whole``: a whole row, where a required field that is missing is a ground. Empty text is no
    value (``None``). Raises ``Refused`` with every ground at once; an unknown
    field or a value of another type is a bug (``KeyError``, ``TypeError``, ``ValueError``).
    """
    kept: dict[str, Any] = {}
    grounds: list[Ground] = []
    known = _FIELDS[table.name]
    unknown = values.keys() - known.keys()
    if unknown:
        raise KeyError(f"{table.name}: {', '.join(sorted(unknown))}")
    for name in known if whole else values:
        try:
            kept[name] = clean(known[name], values.get(name))
        except Refused as refusal:
            grounds.extend(refusal.grounds)
    if grounds:
        raise Refused(tuple(grounds))
    return kept


def clean(field: Field, value: Any) -> Any:
    """One value of one field, as the store keeps it."""
    if not isinstance(value, (str, bool, NoneType)):
        value = _without_numpy(value)
    elif value == "":
        value = None
    if value is None:
        if field.required:
            raise _no(field, f"« {field.label} » est obligatoire.")
        return None
    return _typed(field, value)


def written(value: Any) -> Any:
    """A value of the store as JSON keeps it."""
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value  # a member of a closed list is spelled as its word


def read_back(field: Field, value: Any) -> Any:
    """The typed value of what was ``written``; a word no longer in its list stays text."""
    if value is None:
        return None
    match field.kind:
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.MOMENT:
            return datetime.fromisoformat(value)
        case Kind.BYTES:
            return base64.b64decode(value)
        case Kind.CHOICE if field.choices is not None:
            return field.choices(value) if value in set(field.choices) else value
        case _:
            return value


def as_kept(field: Field, value: Any) -> Any:
    """What a column holds, from what the history wrote of it: what is sealed stays sealed."""
    return value if field.sealed and field.kind is not Kind.BYTES else read_back(field, value)


def _typed(field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.TEXT | Kind.LONG | Kind.REF:
            return _text(field, value)
        case Kind.INTEGER:
            return _integer(field, value)
        case Kind.BOOL:
            if not isinstance(value, bool):
                raise _wrong(field, value)
            return value
        case Kind.DATE:
            if not isinstance(value, date) or isinstance(value, datetime):
                raise _wrong(field, value)
            return value
        case Kind.MOMENT:
            if not isinstance(value, datetime) or value.tzinfo is None:
                raise _wrong(field, value)
            return value.astimezone(UTC)
        case Kind.CHOICE:
            if field.choices is None:
                raise _wrong(field, value)
            return field.choices(value)
        case Kind.JSON:
            _check_texts(field, value)
            return json.loads(dumped(value))
        case Kind.BYTES:
            return bytes(value)


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value)
    words = str.__str__(value)
    _check_signs(field, words)
    if field.kind is not Kind.REF and len(words) > field.longest:
        raise _no(
            field,
            f"« {field.label} » compte {len(words)} caractères ; {field.longest} au plus sont conservés.",
        )
    return words


def _integer(field: Field, value: Any) -> int:
    if isinstance(value, bool):
        raise _wrong(field, value)
    number = operator.index(value)
    if not -_LARGEST <= number <= _LARGEST:
        raise _no(field, f"« {field.label} » : ce nombre est trop grand.")
    return number


def _check_texts(field: Field, value: Any) -> None:
    if isinstance(value, str):
        _check_signs(field, value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _check_texts(field, key)
            _check_texts(field, inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            _check_texts(field, inner)


def _check_signs(field: Field, value: str) -> None:
    if UNWRITABLE.search(value):
        raise _no(
            field,
            f"« {field.label} » contient un caractère illisible, venu sans doute d'un copier-coller : "
            "retapez le passage ou collez-le sans mise en forme.",
        )


def _without_numpy(value: Any) -> Any:
    if isinstance(value, datetime) and hasattr(value, "to_pydatetime"):  # of pandas; NaT is one too
        return None if value != value else value.to_pydatetime()
    if hasattr(value, "dtype") and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None  # how pandas says "nothing"
    return value


def _no(field: Field, message: str) -> Refused:
    return Refused((Ground(message, field=field.name),))


def _wrong(field: Field, value: Any) -> TypeError:
    return TypeError(f"{field.name} ({field.kind.name}) cannot hold {type(value).__name__}")
