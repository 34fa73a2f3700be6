"""How what the town's table says reads in French: rows by their name, cells for which we have no value."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from desk import french
from desk.timeline import called
from policy.reasons import Refused
from policy.towntime import from_town
from sync.fields import Field, Kind
from sync.link_tables import LINKS
from sync.outside import TITLES
from sync.store import Reading, Row
from sync.tables import TABLES

# the day 0 of a spreadsheet's dates (Google Sheets, SERIAL_NUMBER)
SPREADSHEET_DAY = datetime.fromisoformat("1899-12-30")


def name_of(tx: Reading, table: str, record: Row) -> str:
    """What people call a record of ours: a number, a name, the day of a closing."""
    field = TABLES[table].field(TITLES[table])
    return words_of(tx, field, record[field.name])


def words_of(tx: Reading, field: Field, value: Any) -> str:
    """A value of ours, a row it points to by its name."""
    if field.kind is Kind.REF and field.ref and value:
        return called(tx, field.ref, value)
    return french.words(value)


def table_said(tx: Reading, remote: str, field: Field, raw: Any) -> str:
    """A cell there as it was typed: a linked row by its name, a day as a day, anything else as it is."""
    if isinstance(raw, list):
        return ", ".join(_linked(tx, remote, field, each) for each in raw) or french.NOTHING
    if field.kind is Kind.REF and isinstance(raw, str):
        return _linked(tx, remote, field, raw)
    if field.kind in (Kind.DATE, Kind.MOMENT):
        return _dated(field, raw)
    return french.words(raw)


def _linked(tx: Reading, remote: str, field: Field, key: Any) -> str:
    query = sa.select(LINKS.c.record).where(
        LINKS.c.remote == remote, LINKS.c.table_name == field.ref, LINKS.c.key == str(key)
    )
    record = tx.scalar(query) if field.ref else None
    return called(tx, str(field.ref), record) if record else french.words(key)


def _dated(field: Field, raw: Any) -> str:
    """ISO text, or the serial number of a spreadsheet; what is neither reads as it was typed."""
    try:
        as_text = isinstance(raw, str)
        wall = datetime.fromisoformat(raw) if as_text else SPREADSHEET_DAY + timedelta(days=raw)
        if field.kind is Kind.DATE:
            return french.words(wall.date())
        return french.words(wall if wall.tzinfo else from_town(wall))
    except (TypeError, ValueError, OverflowError, Refused):
        return french.words(raw)
