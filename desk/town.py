"""The town as it is on a day: its rules, its calendar, its departments, its grid, its codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Connection, Engine

from policy.calendar import OfficeCalendar
from policy.delays import Delay
from policy.rules import Rules, rules_on
from policy.words import Circuit, Closer, Nature, Priority
from sync.schema import HISTORY, SQL
from sync.store import Reading, Row, Writing


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
    return _known(tx).on(day)


def rules_in_force(tx: Reading, day: date) -> Rules:
    """The dated rules of the town (R-71), as they are on ``day``."""
    return _known(tx).on(day).rules


def rules(tx: Reading) -> Sequence[Row]:
    """Every value the rules ever had, as ``policy.rules.rules_on`` takes them."""
    return _known(tx).rules


def closings(tx: Reading) -> Mapping[date, str]:
    """R-70: the days the desk is closed and why, less those marked « Ouvert malgré tout »."""
    return _known(tx).closings


def missing_years(tx: Reading, years: Iterable[int]) -> tuple[int, ...]:
    """R-70: those of these years of which no closing is known: their dates would be counted wrong."""
    known = {row["day"].year for row in tx.find("closings")}
    return tuple(year for year in sorted(set(years)) if year not in known)


def departments(tx: Reading) -> Mapping[str, Department]:
    """Every department, also those no longer in service, in the order of the town."""
    return _known(tx).departments


def categories(tx: Reading) -> Mapping[str, Category]:
    """Every category, also those no longer in use, by name."""
    return _known(tx).categories


def category(tx: Reading, category_id: str | None) -> Category | None:
    """One category, by id."""
    return categories(tx).get(category_id or "")


def codes(tx: Reading) -> Mapping[str, Code]:
    """Every intervention code, by number."""
    return _known(tx).codes


# The tables a town is made of. All are logged: their history tells whether one changed.
SETTINGS = ("departments", "categories", "delays", "codes", "closings", "rules")
_STAMP = select(func.count(), func.max(HISTORY.c.seq)).where(HISTORY.c.table_name.in_(SETTINGS))
_MOST_DAYS = 400


@dataclass(frozen=True)
class _Known:
    """The settings as they stood at ``stamp``: how many changes they had had, and the last of them."""

    stamp: tuple[int, int | None]
    rules: Sequence[Row]
    closings: Mapping[date, str]
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    codes: Mapping[str, Code]
    days: dict[date, Town] = field(default_factory=dict)

    def on(self, day: date) -> Town:
        """The town on a day, put together once."""
        if day not in self.days:
            now = rules_on(self.rules, day)
            if len(self.days) >= _MOST_DAYS:
                self.days.clear()
            calendar = OfficeCalendar(self.closings, now.opening_hours)
            self.days[day] = Town(day, now, calendar, self.departments, self.categories, self.codes)
        return self.days[day]


# The last settings read of each database, and by each writing transaction under way.
_kept: WeakKeyDictionary[Engine | Connection, _Known] = WeakKeyDictionary()


def _known(tx: Reading) -> _Known:
    """The settings as this transaction sees them; read again only when their history has grown.

    A screen asks for them several times and they change a few times a year. Every transaction looks at the
    history, so that a change made by anybody, in any process, is seen by the next one (not one made by hand
    in the database, behind the software: that is seen when it starts again). What a writing transaction sees
    may be undone: only it keeps that.
    """
    row = tx.connection.execute(_STAMP).one()
    stamp = (int(row[0]), row[1])
    mine = tx.connection if isinstance(tx, Writing) else tx.connection.engine
    for place in (tx.connection.engine, mine):
        kept = _kept.get(place)
        if kept is not None and kept.stamp == stamp:
            return kept
    _kept[mine] = kept = _read(tx, stamp)
    return kept


def _read(tx: Reading, stamp: tuple[int, int | None]) -> _Known:
    return _Known(
        stamp=stamp,
        rules=_rules(tx),
        closings=MappingProxyType(_closings(tx)),
        departments=MappingProxyType(_departments(tx)),
        categories=MappingProxyType(_categories(tx)),
        codes=MappingProxyType(_codes(tx)),
    )


def _rules(tx: Reading) -> Sequence[Row]:
    columns = SQL["rules"].c
    query = select(columns.name, columns.value, columns.valid_from, columns.article)
    return tuple(tx.rows(query.order_by(columns.name, columns.valid_from)))


def _closings(tx: Reading) -> dict[date, str]:
    days = SQL["closings"].c
    rows = tx.rows(select(days.day, days.label).where(days.open.is_(False)).order_by(days.day))
    return {row["day"]: row["label"] for row in rows}


def _departments(tx: Reading) -> dict[str, Department]:
    rows = tx.find("departments")
    return {row["id"]: _department(row) for row in sorted(rows, key=_rank_then_name)}


def _categories(tx: Reading) -> dict[str, Category]:
    delays: dict[str, list[Delay]] = {}
    for row in tx.rows(_delays()):
        delays.setdefault(row["category"], []).append(_delay(row))
    rows = tx.find("categories", order_by=("name",))
    return {row["id"]: _category(row, delays.get(row["id"], ())) for row in rows}


def _codes(tx: Reading) -> dict[str, Code]:
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
