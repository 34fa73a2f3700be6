"""What a typed column accepts, and how it says no. Source: Airtable's « Field types and cell values »."""

import re
from datetime import UTC, date, datetime
from typing import Any

from tests.remotes.airtable_base import BaseThere, FieldThere, Refuse, written

TEXTS = ("singleLineText", "multilineText", "email", "url", "phoneNumber", "richText")
PRIMARY = (*TEXTS, "number", "date", "dateTime", "currency", "percent", "duration", "barcode")
OPTIONS = {  # what must be said when a field of this type is made
    "number": ("precision",),
    "checkbox": ("icon", "color"),
    "date": ("dateFormat",),
    "dateTime": ("timeZone", "dateFormat", "timeFormat"),
    "singleSelect": ("choices",),
    "multipleRecordLinks": ("linkedTableId",),
}
CREATABLE = (*TEXTS, *OPTIONS, "multipleAttachments")
LONGEST = 100_000  # characters of a text

_RECORD = re.compile(r"rec\w{14}")


def accepted(base: BaseThere, column: FieldThere, value: Any) -> Any:
    """The value as the base keeps it, ``None`` when empty. Raises ``Refuse`` as Airtable would."""
    if value is None:
        return None
    if column.type in TEXTS:
        return _text(column, value)
    if column.type == "number":
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _invalid(column)
        return value
    if column.type == "checkbox":
        if not isinstance(value, bool):
            raise _invalid(column)
        return value or None
    if column.type == "date":
        return _day(column, value)
    if column.type == "dateTime":
        return _moment(column, value)
    if column.type == "singleSelect":
        return _choice(column, value)
    if column.type == "multipleRecordLinks":
        return _links(base, column, value)
    raise Refuse(
        422,
        "INVALID_VALUE_FOR_COLUMN",
        f'Field "{column.name}" cannot accept a value because the field is computed',
    )


def _invalid(column: FieldThere) -> Refuse:
    said = f'Field "{column.name}" cannot accept the provided value'
    return Refuse(422, "INVALID_VALUE_FOR_COLUMN", said)


def _text(column: FieldThere, value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise _invalid(column)
    return value or None


def _day(column: FieldThere, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        raise _unparsed(column, value) from None


def _moment(column: FieldThere, value: Any) -> str:
    try:
        return written(datetime.fromisoformat(str(value)).astimezone(UTC))
    except ValueError:
        raise _unparsed(column, value) from None


def _unparsed(column: FieldThere, value: Any) -> Refuse:
    said = f'Cannot parse date value "{value}" for field {column.name}'
    return Refuse(422, "INVALID_VALUE_FOR_COLUMN", said)


def _choice(column: FieldThere, value: Any) -> Any:
    if not isinstance(value, str):
        raise _invalid(column)
    for each in column.options["choices"]:
        if each["name"] == value:
            return each["id"]
    raise Refuse(
        422,
        "INVALID_MULTIPLE_CHOICE_OPTIONS",
        f'Insufficient permissions to create new select option ""{value}""',
    )


def _links(base: BaseThere, column: FieldThere, value: Any) -> list[str] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _invalid(column)
    rows = base.tables[column.options["linkedTableId"]].rows
    for each in value:
        if not _RECORD.fullmatch(each):
            raise Refuse(422, "INVALID_RECORD_ID", f'Value "{each}" is not a valid record ID.')
        if each not in rows:
            raise Refuse(422, "ROW_DOES_NOT_EXIST", f"Record ID {each} does not exist in this table")
    return list(dict.fromkeys(value)) or None
