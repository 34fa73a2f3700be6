"""A table as a workbook or a .csv, with what the visit may see of it and nothing more."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from desk.scope import visible
from desk.timeline import called
from desk.visits import Counter, Visit
from policy.confidentiality import OF_A_FILE, visible_fields
from policy.reasons import refused
from policy.towntime import to_town
from sync.fields import Field, Kind, Leaves, Table
from sync.schema import SQL
from sync.store import Reading
from sync.tables import TABLES
from sync.vault import SEALED
from sync.workbook import FORMULA_SIGNS, Sheet, workbook

FORMS = (".xlsx", ".csv")


def export(visit: Visit, table: str, form: str) -> bytes:
    """The table (its name, or its French label) as the bytes of a ``.xlsx`` or a ``.csv``.

    References are told by name, moments in town time, and what a spreadsheet would take for a formula stays
    text. What never leaves the house is left out. Raises ``Refused`` for an unknown table or form, or a table
    of which this visit may see nothing.
    """
    if form not in FORMS:
        raise refused(f"« {form or 'sans extension'} » : le fichier finit par {' ou '.join(FORMS)}.")
    definition = _known(table)
    if definition.name in SEALED:
        raise refused(f"« {definition.label} » ne s'exporte pas : ce qui est privé ne sort pas de la maison.")
    with visit.reading() as counter:
        shown = [
            field
            for field in visible_fields(counter.person, definition.name, definition.fields)
            if field.leaves is not Leaves.NEVER
        ]
        if not shown:
            raise refused(f"« {definition.label} » ne s'exporte pas : rien n'y est visible hors de l'écran.")
        rows = counter.tx.rows(_query(counter, definition))
        told = _Told(counter.tx)
        cells = [[row["id"], *(told.value(field, row[field.name]) for field in shown)] for row in rows]
    headers = ["Identifiant", *(field.label for field in shown)]
    if form == ".xlsx":
        return workbook([Sheet(definition.label, headers, cells)])
    return _csv(headers, cells)


def _known(name: str) -> Table:
    found = TABLES.get(name) or next((each for each in TABLES.values() if each.label == name), None)
    if found is None:
        raise refused(f"La table « {name} » n'existe pas. Tables : {', '.join(TABLES)}.")
    return found


def _query(counter: Counter[Reading], table: Table) -> Select[Any]:
    rows, files = SQL[table.name], SQL["files"]
    query = select(rows).order_by(rows.c.id)
    if table.name == "files":
        return query.where(visible(counter))
    if table.name in OF_A_FILE:
        link = rows.c.file if "file" in rows.c else None
        if link is None:  # citizens: seen through the files they are in
            return query.where(rows.c.id.in_(select(files.c.citizen).where(visible(counter))))
        return query.join(files, files.c.id == link).where(visible(counter))
    return query


class _Told:
    """Values as people read them; the names of the rows pointed to are looked up once."""

    def __init__(self, tx: Reading) -> None:
        self.tx = tx
        self.names: dict[tuple[str, str], str] = {}

    def value(self, field: Field, value: Any) -> Any:
        """What a cell holds."""
        if field.kind is Kind.REF and field.ref and value:
            return self._name(field.ref, value)
        if field.name == "departments" and isinstance(value, list):
            return ", ".join(self._name("departments", each) for each in value)
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return ", ".join(value)
        if isinstance(value, (list, Mapping)):
            return json.dumps(value, ensure_ascii=False)
        return value

    def _name(self, table: str, record: str) -> str:
        key = (table, record)
        if key not in self.names:
            self.names[key] = called(self.tx, table, record)
        return self.names[key]


def _csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # so that a spreadsheet sees that it is UTF-8


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        return to_town(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        value = value.value
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value
