"""Whether a row of settings still counts: what is in use cannot be withdrawn (sync invariant 6)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from desk.visits import Counter
from policy.registry import in_force
from policy.towntime import town_day
from policy.words import Duty
from sync.schema import SQL
from sync.store import Reading, Row
from sync.tables import TABLES


def is_in_use(counter: Counter[Any], table: str, record: str) -> bool:
    """Whether a record of any table points to this one, or its own values still decide something.

    These do: a member of council in office, a closing or a dated value that an open file is counted with or
    that is still to come, a designation in force or to come. False for a row that is not there.
    """
    row = counter.tx.get(table, record)
    if row is None:
        return False
    counts = _COUNTS.get(table)
    return is_pointed_to(counter.tx, table, record) or (counts is not None and counts(counter, row))


def is_pointed_to(tx: Reading, table: str, record: str) -> bool:
    """Whether a record of any table, or an account, points to this one."""
    for pointing, name in _POINTING[table]:
        columns = SQL[pointing].c
        if tx.row(select(columns.id).where(columns[name] == record).limit(1)) is not None:
            return True
    if table != "departments":
        return False
    return any(record in account["departments"] for account in tx.find("accounts"))


_POINTING: Mapping[str, Sequence[tuple[str, str]]] = {
    table: tuple(
        (definition.name, field.name)
        for definition in TABLES.values()
        for field in definition.fields
        if field.ref == table and not field.sealed
    )
    for table in TABLES
}


def _in_office(counter: Counter[Any], member: Row) -> bool:
    return member["ends_on"] is None or bool(member["ends_on"] >= counter.today)


def _still_closes(counter: Counter[Any], closing: Row) -> bool:
    return bool(closing["day"] >= _since(counter))


def _in_force_of_rule(counter: Counter[Any], rule: Row) -> bool:
    others = counter.tx.find("rules", name=rule["name"])
    return not _is_replaced(rule, others, _since(counter))


def _in_force_of_delay(counter: Counter[Any], delay: Row) -> bool:
    season = {name: delay[name] for name in ("category", "season_start", "season_end")}
    return not _is_replaced(delay, counter.tx.find("delays", **season), _since(counter))


def _holds(counter: Counter[Any], row: Row) -> bool:
    """R-60: the past of the registry stays in the store; what holds today, or will, may not disappear."""
    if row["starts_on"] > counter.today:
        return True
    if row["duty"] is Duty.SUBSTITUTE:
        return bool(row["ends_on"] is None or row["ends_on"] >= counter.today)
    rows = counter.tx.find("designations", department=row["department"])
    holder = in_force(rows, row["department"], counter.today, row["duty"])
    return holder is not None and holder["id"] == row["id"]


def _since(counter: Counter[Any]) -> date:
    """The first day that still matters: that of the oldest open file, today when there is none."""
    files = SQL["files"].c
    oldest = counter.tx.scalar(select(func.min(files.received_at)).where(files.open.is_(True)))
    return min(counter.today, town_day(oldest)) if oldest is not None else counter.today


def _is_replaced(row: Row, others: Sequence[Row], day: date) -> bool:
    """R-71: whether another value took its place on that day or before."""
    return any(row["valid_from"] < other["valid_from"] <= day for other in others)


_COUNTS: Mapping[str, Callable[[Counter[Any], Row], bool]] = {
    "council": _in_office,
    "closings": _still_closes,
    "rules": _in_force_of_rule,
    "delays": _in_force_of_delay,
    "designations": _holds,
}
