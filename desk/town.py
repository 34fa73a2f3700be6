"""The town as it is on a day: its rules, its calendar, its departments, its grid, its codes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from policy.calendar import OfficeCalendar
from policy.delays import Delay
from policy.rules import Rules, rules_on
from policy.words import Circuit, Closer, Nature, Priority
from sync.schema import SQL
from sync.store import Reading, Row


@dataclass(frozen=True)
class Department:
    """A row of « Services » (R-11, R-12)."""

    id: str
    name: str
    circuit: Circuit
    closer: Closer
    email: str
    active: bool


@dataclass(frozen=True)
class Category:
    """A row of the grille d'intervention (R-10), with every delay it ever had."""

    id: str
    name: str
    department: str | None
    priority: Priority
    nature: Nature | None
    keywords: str
    active: bool
    delays: tuple[Delay, ...]


@dataclass(frozen=True)
class Code:
    """A row of « Codes d'intervention » (R-16)."""

    id: str
    code: str
    label: str
    met: bool
    active: bool


@dataclass(frozen=True)
class Town:
    """The settings in force on ``day``; departments, categories and codes by id, in their own order."""

    day: date
    rules: Rules
    calendar: OfficeCalendar
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    codes: Mapping[str, Code]

    def code(self, code: str) -> Code | None:
        """The intervention code of that number (« 238 »)."""
        return next((row for row in self.codes.values() if row.code == code), None)


def town(tx: Reading, day: date) -> Town:
    """The town on ``day``: rules and hours are those in force then (R-71), closings those known now."""
    now = rules_in_force(tx, day)
    return Town(
        day=day,
        rules=now,
        calendar=OfficeCalendar(closings(tx), now.opening_hours),
        departments=departments(tx),
        categories=categories(tx),
        codes=codes(tx),
    )


def rules_in_force(tx: Reading, day: date) -> Rules:
    """The dated rules of the town (R-71), as they are on ``day``."""
    return rules_on(rules(tx), day)


def rules(tx: Reading) -> list[Row]:
    """Every value the rules ever had, as ``policy.rules.rules_on`` takes them."""
    columns = SQL["rules"].c
    query = select(columns.name, columns.value, columns.valid_from, columns.article)
    return tx.rows(query.order_by(columns.name, columns.valid_from))


def closings(tx: Reading) -> dict[date, str]:
    """R-70: the days the desk is closed and why, less those marked « Ouvert malgré tout »."""
    days = SQL["closings"].c
    rows = tx.rows(select(days.day, days.label).where(days.open.is_(False)).order_by(days.day))
    return {row["day"]: row["label"] for row in rows}


def missing_years(tx: Reading, years: Iterable[int]) -> tuple[int, ...]:
    """R-70: those of these years of which no closing is known: their dates would be counted wrong."""
    known = {row["day"].year for row in tx.find("closings")}
    return tuple(year for year in sorted(set(years)) if year not in known)


def departments(tx: Reading) -> dict[str, Department]:
    """Every department, also those no longer in service, in the order of the town."""
    rows = tx.find("departments")
    return {row["id"]: _department(row) for row in sorted(rows, key=_rank_then_name)}


def categories(tx: Reading) -> dict[str, Category]:
    """Every category, also those no longer in use, by name."""
    delays: dict[str, list[Delay]] = {}
    for row in tx.rows(_delays()):
        delays.setdefault(row["category"], []).append(_delay(row))
    rows = tx.find("categories", order_by=("name",))
    return {row["id"]: _category(row, delays.get(row["id"], ())) for row in rows}


def category(tx: Reading, category_id: str | None) -> Category | None:
    """One category, by id."""
    row = tx.get("categories", category_id)
    if row is None:
        return None
    return _category(row, map(_delay, tx.rows(_delays().where(SQL["delays"].c.category == category_id))))


def codes(tx: Reading) -> dict[str, Code]:
    """Every intervention code, by number."""
    return {
        row["id"]: Code(row["id"], row["code"], row["label"], row["met"], row["active"])
        for row in tx.find("codes", order_by=("code",))
    }


def _delays() -> Select[Any]:
    delays = SQL["delays"].c
    fields = (delays.category, delays.valid_from, delays.working_days, delays.season_start, delays.season_end)
    return select(*fields).order_by(delays.valid_from, delays.id)


def _delay(row: Row) -> Delay:
    return Delay(row["valid_from"], row["working_days"], row["season_start"], row["season_end"])


def _category(row: Row, delays: Iterable[Delay]) -> Category:
    return Category(
        id=row["id"],
        name=row["name"],
        department=row["department"],
        priority=row["priority"],
        nature=row["nature"],
        keywords=row["keywords"] or "",
        active=row["active"],
        delays=tuple(delays),
    )


def _department(row: Row) -> Department:
    return Department(
        id=row["id"],
        name=row["name"],
        circuit=row["circuit"],
        closer=row["closer"],
        email=row["email"] or "",
        active=row["active"],
    )


def _rank_then_name(row: Row) -> tuple[int, str]:
    return (row["rank"] if row["rank"] is not None else 1_000, row["name"])
