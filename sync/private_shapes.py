"""What the private base holds (R-33): complaints, the people named and the steps, as a copy to read.

Every column is the store's: what is typed there never comes in. No document, no reader, no journal.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from policy.private_words import ComplaintState
from policy.towntime import town_day
from sync.compare import ID_COLUMN, NOTE_COLUMN
from sync.fields import Field, Kind, Owner, Table
from sync.link_tables import TOMBSTONES
from sync.remote import ID, NOTE, Column, Shape
from sync.schema import SQL
from sync.store import Reading, Row
from sync.tables import TABLES

PRIVATELY = ("complaints", "complaint_people", "complaint_steps")
TITLES = {"complaints": "number", "complaint_people": "name", "complaint_steps": "complaint"}
LEFT_OUT = ("intake_token", "account")  # a token of a form; an id, of a person whose name is there
NOTICE = "Copie à lire : ce qui est tapé ici est remplacé et n'entre pas au guichet."
OVER = (ComplaintState.CONCLUDED, ComplaintState.INADMISSIBLE)

Told = Mapping[str, Mapping[str, Mapping[str, Any]]]  # table → record → column → typed value


@cache
def private_shapes() -> tuple[Shape, ...]:
    """The tables of the private base; what points elsewhere is told in words."""
    return tuple(
        Shape(name, TABLES[name].label, tuple(map(_column, _fields(TABLES[name]))), TITLES[name])
        for name in PRIVATELY
    )


def columns(shape: Shape) -> tuple[Column, ...]:
    """Its columns with the two of the engine."""
    return (ID_COLUMN, *shape.columns, NOTE_COLUMN)


def told(tx: Reading, limit: datetime) -> Told:
    """What the base is to hold now. ``limit``: complaints over before it have left. Raises ``Locked``.

    A complaint that was withdrawn, or made anonymous at its term (R-81), is not there, nor anything of it.
    """
    names = {row["id"]: str(row["name"]) for row in tx.find("accounts")}
    erased = _erased(tx, "complaints")
    complaints = {row["id"]: row for row in tx.find("complaints")
                  if row["id"] not in erased and _is_there(row, limit)}  # fmt: skip
    numbers = {id: str(row["number"]) for id, row in complaints.items()}
    people = _of(tx, "complaint_people", numbers)
    steps = _of(tx, "complaint_steps", numbers)
    words = {"accounts": names, "complaints": numbers,
             "complaint_people": {id: str(row["name"] or "") for id, row in people.items()}}  # fmt: skip
    rows = {"complaints": complaints, "complaint_people": people, "complaint_steps": steps}
    return {
        table: {id: _values(TABLES[table], row, words) for id, row in found.items()}
        for table, found in rows.items()
    }


def known(tx: Reading, table: str) -> set[str]:
    """The ids that the store knows in a table, erased ones too."""
    return {*tx.connection.scalars(sa.select(SQL[table].c.id)), *_erased(tx, table)}


def _erased(tx: Reading, table: str) -> set[str]:
    query = sa.select(TOMBSTONES.c.record).where(TOMBSTONES.c.table_name == table)
    return set(tx.connection.scalars(query))


def _is_there(row: Row, limit: datetime) -> bool:
    if row["state"] is ComplaintState.WITHDRAWN:
        return False
    if row["state"] not in OVER:
        return True
    last = [row["received_at"], *(at for at in (row["concluded_at"],) if at is not None)]
    if row["answered_on"] is not None and row["answered_on"] >= town_day(limit):
        return True
    return bool(max(last) >= limit)


def _of(tx: Reading, table: str, complaints: Mapping[str, str]) -> dict[str, Row]:
    return {row["id"]: row for row in tx.find(table) if row["complaint"] in complaints}


def _values(table: Table, row: Row, words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    values: dict[str, Any] = {ID: row["id"], NOTE: NOTICE}
    for field in _fields(table):
        value = row[field.name]
        if value is not None and field.ref:
            value = words[field.ref].get(value, "") or None
        values[field.name] = value.value if isinstance(value, StrEnum) else value
    return values


def _fields(table: Table) -> tuple[Field, ...]:
    return tuple(
        field
        for field in table.fields
        if field.name not in LEFT_OUT and field.kind not in (Kind.JSON, Kind.BYTES)
    )


def _column(field: Field) -> Column:
    kind = Kind.TEXT if field.kind is Kind.REF else field.kind
    choices = tuple(member.value for member in field.choices) if field.choices else ()
    return Column(field.name, field.label, kind, Owner.DESK, choices)
