"""A Responsable is told that a file has come (P §2.3 « sans délai », R-12b), at once or by the quarter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from desk import addressees, registry
from desk import town as towns
from desk.house import House
from desk.ledger import by_the_clock, frozen, post
from desk.letters import Recipient, plain_day, render
from desk.places import place
from desk.rnc import category_name
from desk.town import Town
from desk.visits import Counter, Visit
from policy.towntime import town_day
from policy.words import Priority, State
from sync.history import Author
from sync.schema import SQL
from sync.states import MailKind
from sync.store import Reading, Row, Writing

QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Announced:
    """One file as a notice shows it: what may be listed, and no more."""

    number: str
    urgent: bool
    rows: tuple[tuple[str, str], ...]


@dataclass
class Gathered:
    """What one person is told in one mail; ``orphaned`` names the departments nobody is Responsable of."""

    to: Recipient
    notices: list[str] = field(default_factory=list)
    files: list[Announced] = field(default_factory=list)
    orphaned: set[str] = field(default_factory=set)


def notify(counter: Counter[Writing], file: Row) -> tuple[tuple[str, ...], bool]:
    """Have the file's department told, inside the caller's transaction.

    Returns the names of the Responsables in force (none: the director is told instead) and whether the mail
    leaves at once. A notice still waiting for another department is dropped.
    """
    tx, by = counter.tx, counter.by("aviser le service")
    for row in tx.find("notices", file=file["id"], mailed_at=None):
        tx.delete("notices", row["id"])
    department = file["department"]
    if department is None:
        return (), False
    names = registry.responsables(tx, department, counter.today)
    if not names:
        registry.report_orphan(tx, department, by)
    urgent = file["priority"] is Priority.URGENT
    notice = tx.insert(
        "notices",
        {"file": file["id"], "department": department, "urgent": urgent, "routed_at": counter.at},
        by,
    )
    if urgent:
        _mail(counter.house, tx, [notice], counter.at, by)
    return names, urgent


def gather(visit: Visit) -> int:
    """R-12b: what was routed before the present quarter hour, one mail a person; returns how many notices.

    A file that has left the department since, or was cancelled, is not announced; one already dealt with is:
    whoever carries out the work may not be who closed it.
    """
    with visit.house.store.reading() as tx:
        waiting = [row["id"] for row in tx.rows(_waiting(_quarter(visit.at)))]
    if not waiting:
        return 0
    by = by_the_clock(visit.at, "aviser le service")
    with visit.house.store.writing() as tx:
        locked = [row for each in waiting if (row := tx.lock("notices", each)) is not None]
        fresh = [row for row in locked if row["mailed_at"] is None]  # another process may have been quicker
        _mail(visit.house, tx, fresh, visit.at, by)
    return len(fresh)


def _waiting(before: datetime) -> sa.Select[Any]:
    notices = SQL["notices"].c
    query = sa.select(notices.id).where(notices.mailed_at.is_(None), notices.routed_at < before)
    return query.order_by(notices.id)


def _quarter(at: datetime) -> datetime:
    """The last quarter hour that has struck."""
    return at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)


def _mail(house: House, tx: Writing, notices: Sequence[Row], at: datetime, by: Author) -> None:
    """One mail a person for these notices; what needs no telling any more is dropped."""
    if not notices:
        return
    town = towns.town(tx, town_day(at))
    people: dict[str, Gathered] = {}
    for notice in notices:
        file = tx.get("files", notice["file"])
        if file is None or file["department"] != notice["department"] or file["state"] is State.CANCELLED:
            tx.delete("notices", notice["id"])
            continue
        recipients, orphaned = _told(tx, town, notice["department"])
        for to in recipients:
            each = people.setdefault(to.address.casefold(), Gathered(to))
            each.notices.append(notice["id"])
            each.files.append(_announced(town, file))
            each.orphaned |= {orphaned} - {""}
        tx.update("notices", notice["id"], {"mailed_at": at}, by)
    for each in people.values():
        letter = render(
            house,
            town.rules,
            "routing",
            _subject(each.files),
            files=each.files,
            urgent=any(file.urgent for file in each.files),
            orphan=", ".join(sorted(each.orphaned)),
        )
        key = f"avis:{each.notices[0]}:{each.to.address.casefold()}"
        post(tx, frozen(house, town.rules, letter, each.to, MailKind.ROUTING, key, at), by)


def _told(tx: Reading, town: Town, department: str) -> tuple[list[Recipient], str]:
    """R-12b: the Responsables in force; the director, and the name of the department, when there is none."""
    found = registry.told_of_routing(tx, department, town.day)
    if found.orphan:
        return addressees.directors(tx, town), town.departments[department].name
    rows = (*found.to, *found.copies)
    return [Recipient(row["person"], row["email"]) for row in rows], ""


def _announced(town: Town, file: Row) -> Announced:
    department = town.departments.get(file["department"])
    facts = [
        ("Numéro", file["number"]),
        ("Catégorie", category_name(town, file["category"])),
        ("Lieu", place(file["street"], file["sector"])),
        ("Priorité", file["priority"].value),
        ("Service", department.name if department else ""),
    ]
    if file["target_on"] is not None:
        facts.append(("Cible", plain_day(file["target_on"])))
    return Announced(file["number"], file["priority"] is Priority.URGENT, tuple(facts))


def _subject(files: Sequence[Announced]) -> str:
    urgent = "Urgent : " if any(file.urgent for file in files) else ""
    if len(files) == 1:
        return f"{urgent}Dossier {files[0].number} acheminé à votre service"
    return f"{urgent}{len(files)} dossiers acheminés à votre service"
