"""Putting a town in place: the tables of a preset, the days of closing for the years ahead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from holidays import country_holidays

from desk.house import House
from desk.offers import Preset
from desk.town import rules_in_force
from policy.counter_words import GuideKind
from policy.keeping import KeptKind
from policy.reasons import Refused, refused
from policy.roles import System
from policy.rules import CHOSEN, RuleName
from policy.towntime import town_day
from policy.words import Circuit, Closer, Nature, Priority, State
from sync.history import Author, Whence
from sync.store import Reading, Row, Writing

SINCE = date(2000, 1, 1)  # a backlog typed with its real dates is counted by the values the town starts with
YEARS_BEFORE, YEARS_AHEAD = 2, 6
GOOD_FRIDAY = "Vendredi saint"


@dataclass(frozen=True)
class Start:
    """What of a start is not in a preset. ``on``: nothing that was due before it is ever sent (R-24).

    ``open_days`` are proposed closings on which the town works all the same, ``closed`` further closings.
    """

    on: date
    open_days: frozenset[date] = frozenset()
    closed: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PutInPlace:
    """How many rows were added, by table; a second call adds none."""

    added: Mapping[str, int]


def put_in_place(house: House, preset: Preset, at: datetime, name: str = "") -> PutInPlace:
    """Write what the preset has and the store has not; nothing already there is touched.

    ``preset`` gives rows by table name, references by the name of the row (``config.presets.preset``);
    ``closings`` are the yearly ones, ``on`` being ``MM-DD`` or ``easter+1``. The days of closing are proposed
    (R-70) for two years back, this one and six ahead. R-24: the start date is the day of set-up. ``name`` is
    the town's, instead of the preset's. Raises ``Refused`` when the town would have no name.
    """
    with house.store.writing() as tx:
        by = Author(System.SETUP, "Mise en place", Whence.COMMAND, at, "mettre en place")
        return write(tx, _named(preset, name), Start(town_day(at)), by)


def write(tx: Writing, preset: Preset, start: Start, by: Author) -> PutInPlace:
    """The same in a transaction under way: whoever puts the same town in place meanwhile waits."""
    tx.alone("mise en place")
    if RuleName.TOWN_NAME not in {row["name"] for row in (*preset["rules"], *tx.find("rules"))}:
        raise refused("La ville n'a pas encore de nom : donnez-le.", "R-71", RuleName.TOWN_NAME.value)
    add = _Adding(tx, by)
    departments = add.missing("departments", "name", map(_department, preset.get("departments", ())))
    categories = add.missing(
        "categories", "name", (_category(row, departments) for row in preset.get("categories", ()))
    )
    delays = [row for row in preset.get("delays", ()) if row["category"] in add.new["categories"]]
    add.all("delays", ({**row, "category": categories[row["category"]], **_since(row)} for row in delays))
    add.missing("codes", "code", preset.get("codes", ()))
    add.missing("guides", "name", (_guide(row, departments) for row in preset.get("guides", ())))
    templates = preset.get("answer_templates", ())
    add.missing("answer_templates", "name", (_template(row, categories) for row in templates))
    add.missing("rules", "name", [*_rules(preset.get("rules", ())), _start_date(start.on)])
    add.missing("keeping_terms", "kind", map(_term, preset.get("keeping_terms", ())))
    closings = _closings(town_day(by.at).year, preset.get("closings", ()), start)
    add.missing("closings", "day", closings)
    return PutInPlace({table: len(rows) for table, rows in add.new.items()})


def is_in_place(tx: Reading, day: date) -> bool:
    """Whether the town has what everything else needs: its name, its hours, its start (R-71)."""
    try:
        rules_in_force(tx, day)
    except Refused:
        return False
    return True


def propose_closings(
    tx: Writing, years: Iterable[int], yearly: Sequence[Mapping[str, Any]], by: Author
) -> int:
    """R-70: write the closings of these years that are not there yet; how many. Nothing there is touched."""
    add = _Adding(tx, by)
    add.missing("closings", "day", _closing_rows(proposed_closings(years, yearly)))
    return len(add.new["closings"])


def proposed_closings(years: Iterable[int], yearly: Sequence[Mapping[str, Any]] = ()) -> dict[date, str]:
    """R-70: the public holidays of Québec for these years, and the town's own yearly closings.

    From the ``holidays`` library, without its « observed » days: 24 June moves to the 25th and 1 July to the
    2nd when a Sunday (Loi sur la fête nationale 2, Loi sur les normes du travail 60); nothing else.
    """
    years = sorted(set(years))
    days: dict[date, str] = {}
    for day, label in country_holidays("CA", subdiv="QC", years=years, observed=False, language="fr").items():
        days[_moved_from_sunday(day)] = label
    easters = [day + timedelta(days=2) for day, label in days.items() if label == GOOD_FRIDAY]
    for closing in yearly:
        for day in _each_year(closing["on"], years, easters):
            days.setdefault(day, closing["label"])
    return dict(sorted(days.items()))


class _Adding:
    """Adds rows to tables and remembers which were new, by their key."""

    def __init__(self, tx: Writing, by: Author) -> None:
        self.tx, self.by = tx, by
        self.new: dict[str, list[Any]] = {}

    def missing(self, table: str, key: str, rows: Iterable[Row]) -> dict[Any, str]:
        """Add the rows whose key is not there yet; the ids of all rows of the table, by key."""
        there = {row[key]: row["id"] for row in self.tx.find(table)}
        wanted = {row[key]: row for row in rows}
        new = [value for value in wanted if value not in there]
        ids = self.tx.insert_many(table, [wanted[value] for value in new], self.by)
        self.new[table] = new
        return there | dict(zip(new, ids, strict=True))

    def all(self, table: str, rows: Iterable[Row]) -> None:
        """Add all the rows."""
        self.new[table] = list(self.tx.insert_many(table, list(rows), self.by))


def _department(row: Row) -> Row:
    return {**row, "circuit": Circuit(row["circuit"]), "closer": Closer(row["closer"])}


def _category(row: Row, departments: Mapping[str, str]) -> Row:
    department, nature = row.get("department"), row.get("nature")
    return {
        "name": row["name"],
        "department": departments[department] if department else None,
        "priority": Priority(row["priority"]),
        "nature": Nature(nature) if nature else None,
        "keywords": row.get("keywords", ""),
        "active": row.get("active", True),
    }


def _guide(row: Row, departments: Mapping[str, str]) -> Row:
    department = row.get("department")
    return {
        **row,
        "kind": GuideKind(row["kind"]),
        "department": departments[department] if department else None,
    }


def _template(row: Row, categories: Mapping[str, str]) -> Row:
    category, state = row.get("category"), row.get("state")
    return {
        **row,
        "category": categories[category] if category else None,
        "state": State(state) if state else None,
        "words": row["words"].strip(),
    }


def _rules(rows: Iterable[Row]) -> list[Row]:
    return [{**row, **_since(row)} for row in rows if row["value"]]


def _term(row: Row) -> Row:
    """R-81: a term the town has to check before anything is done by it (``desk.keeping.TO_CHECK``)."""
    return {**row, "kind": KeptKind(row["kind"]), **_since(row)}


def _since(row: Row) -> dict[str, Any]:
    return {"valid_from": row.get("valid_from") or SINCE}


def _start_date(day: date) -> Row:
    """R-24: nothing that was due before this day is ever sent."""
    return {
        "name": RuleName.START_DATE.value,
        "value": day.isoformat(),
        "valid_from": SINCE,
        "article": "R-24",
    }


def _named(preset: Preset, name: str) -> Preset:
    if not name.strip():
        return preset
    row = {"name": RuleName.TOWN_NAME.value, "value": name.strip(), "article": CHOSEN}
    others = (each for each in preset.get("rules", ()) if each["name"] != RuleName.TOWN_NAME)
    return {**preset, "rules": [*others, row]}


def _closings(year: int, yearly: Sequence[Row], start: Start) -> list[Row]:
    days = proposed_closings(range(year - YEARS_BEFORE, year + YEARS_AHEAD + 1), yearly)
    rows = _closing_rows({**days, **start.closed})
    return [{**row, "open": row["day"] in start.open_days} for row in rows]


def _closing_rows(days: Mapping[date, str]) -> list[Row]:
    return [{"day": day, "label": label, "open": False} for day, label in days.items()]


def _moved_from_sunday(day: date) -> date:
    shifts = (day.month, day.day) in {(6, 24), (7, 1)} and day.weekday() == 6
    return day + timedelta(days=1) if shifts else day


def _each_year(on: str, years: Sequence[int], easters: Sequence[date]) -> list[date]:
    if on.startswith("easter"):
        return [easter + timedelta(days=int(on.removeprefix("easter") or 0)) for easter in easters]
    return [date.fromisoformat(f"{year}-{on}") for year in years]
