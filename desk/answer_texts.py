"""What may be inserted in a text for a citizen: templates filled from the file, resources to turn to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk import french, guides
from desk.rnc import category_name
from desk.scope import file_in_sight
from desk.town import town
from desk.visits import Counter, Visit
from policy.answer_templates import filled
from policy.closing import RESOURCES
from policy.towntime import town_day
from policy.words import State
from sync.store import Row


@dataclass(frozen=True)
class Offered:
    """Something to insert: ``name`` is what one chooses, ``text`` what is inserted."""

    id: str
    name: str
    text: str


def templates(visit: Visit, number: str, state: State, given: Mapping[str, Any]) -> tuple[Offered, ...]:
    """R-16: the templates of that state, those of the file's own category first, filled.

    ``given`` are the dates being typed, over those of the file. Raises ``NotFound``.
    """
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        said = dict(_said(counter, {**file, **{name: each for name, each in given.items() if each}}))
        rows = [
            row
            for row in counter.tx.find("answer_templates", ("name",), active=True)
            if row["state"] in (state, None) and row["category"] in (file["category"], None)
        ]
        rows.sort(key=lambda row: (row["category"] is None, row["name"]))
        return tuple(Offered(row["id"], row["name"], filled(row["words"], said)) for row in rows)


def resources(visit: Visit, number: str) -> tuple[Offered, ...]:
    """R-17: to whom the citizen can turn, those that the demand calls for first."""
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        told = (file["facts"], file["category"] or "", file["department"] or "")
    called = guides.beside(visit, *told)
    every = guides.search(visit, "", 100)
    found = {guide.id: guide for guide in (*called, *every)}
    return tuple(Offered(each.id, each.name, f"{RESOURCES} {each.as_text}") for each in found.values())


def _said(counter: Counter[Any], file: Row) -> Iterator[tuple[str, str]]:
    now = town(counter.tx, counter.today)
    department = now.departments.get(file["department"] or "")
    place = ", ".join(part for part in (file["civic"], file["street"]) if part)
    yield "numéro", file["number"]
    yield "catégorie", category_name(now, file["category"])
    yield "service", department.name if department else ""
    yield "rue", file["street"] or ""
    yield "lieu", place or file["sector"] or ""
    yield "date de réception", french.day(town_day(file["received_at"]))
    yield "date effectuée", french.day(file["done_on"]) if file["done_on"] else ""
    yield "date prévue", french.day(file["planned_on"]) if file["planned_on"] else ""
    yield "aujourd'hui", french.day(counter.today)
