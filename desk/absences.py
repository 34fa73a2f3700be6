"""R-60: somebody who goes away names who receives in the meantime, for all that person receives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk import french, registry, substitute_mails, town
from desk.visits import Counter, Person, Visit
from policy import registry as rules
from policy.identity import name_words
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Duty
from sync.store import Reading, Row


@dataclass(frozen=True)
class Absence:
    """From a day to another, both included, and who stands in: a name, the e-mail of a post, an extension.

    ``account``: the id of the one by which that person opens the files meanwhile.
    """

    starts_on: date | None
    ends_on: date | None
    person: str
    email: str
    extension: str = ""
    account: str = ""


@dataclass(frozen=True)
class Confided:
    """One department that is confided to somebody for some days."""

    department: str
    person: str
    starts_on: date
    ends_on: date


def receives_for(visit: Visit) -> Sequence[str]:
    """The departments for which this person is Responsable de la réception today, by name; none: nothing to
    confide."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.NAME_SUBSTITUTE):
            return ()
        names = town.departments(counter.tx)
        return [names[row["department"]].name for row in held(counter, counter.today)]


def colleagues(visit: Visit) -> Mapping[str, Person]:
    """Who may be proposed as a substitute, by the id of the account, by name; without whoever asks."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.NAME_SUBSTITUTE)
        found = registry.workers(counter.tx)
    return {person.id: person for person in found if person.id != counter.person.id}


def confide(visit: Visit, absence: Absence) -> tuple[Confided, ...]:
    """R-60: a substitute for each department that this person receives for, all of them or none.

    Who stands in is told by mail. Saying the same again changes nothing. Raises ``Refused`` with all that is
    missing, when some of these days are confided already, and when this person receives for no department.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.NAME_SUBSTITUTE)
        if not held(counter, absence.starts_on or counter.today):
            raise refused(
                "Vous n'êtes Responsable de la réception d'aucun service : rien n'est à confier.", "R-60"
            )
        refuse_all(_missing(counter, absence))
        first, last = absence.starts_on, absence.ends_on
        if first is None or last is None:
            raise LookupError("checked just above")
        receptions = held(counter, first)
        refuse_all(_already(counter, receptions, absence, first, last))
        done = [_confided(counter, row, absence, first, last) for row in receptions]
        substitute_mails.tell_confided(counter, [row for _, row in done if row is not None])
        return tuple(each for each, _ in done)


def _already(
    counter: Counter[Any], receptions: Sequence[Row], absence: Absence, first: date, last: date
) -> Iterator[Ground]:
    """R-60: to whom these days are confided already; the same said again is no ground."""
    asked = (absence.person.strip(), absence.email.strip(), first, last)
    for reception in receptions:
        department = counter.tx.lock("departments", reception["department"]) or {}
        rows = counter.tx.find("designations", department=reception["department"])
        for row in rules.overlapping(rows, reception["department"], first, last):
            if (row["person"], row["email"], row["starts_on"], row["ends_on"]) != asked:
                until = f" au {french.day(row['ends_on'])} inclus" if row["ends_on"] else ""
                yield Ground(
                    f"{department['name']} : déjà confié à {row['person']} du {french.day(row['starts_on'])}"
                    f"{until}. Choisissez d'autres jours, ou reprenez-le d'abord.",
                    "R-60",
                    "starts_on",
                )


def _confided(
    counter: Counter[Any], reception: Row, absence: Absence, first: date, last: date
) -> tuple[Confided, Row | None]:
    """What is confided, and its designation unless it was there already."""
    department = town.departments(counter.tx)[reception["department"]].name
    asked = {
        "department": reception["department"], "duty": Duty.SUBSTITUTE, "person": absence.person.strip(),
        "email": absence.email.strip(), "starts_on": first, "ends_on": last,
    }  # fmt: skip
    row = None
    if counter.tx.first("designations", **asked) is None:
        more = {"extension": absence.extension, "director": reception["director"]}
        try:
            account = absence.account or None
            row = registry.designate_in(counter, {**asked, **more, "account": account})
        except Refused as refusal:
            refuse_all(
                Ground(f"{department} : {each.message}", each.article, each.field) for each in refusal.grounds
            )
    return Confided(department, asked["person"], first, last), row


def _missing(counter: Counter[Reading], absence: Absence) -> list[Ground]:
    grounds = []
    if absence.starts_on is None or absence.ends_on is None:
        grounds.append(Ground("Inscrivez le premier et le dernier jour de l'absence.", "R-60", "starts_on"))
    elif absence.starts_on < counter.today:
        grounds.append(Ground("L'absence commence aujourd'hui ou un jour à venir.", "R-60", "starts_on"))
    themselves = (
        absence.account == counter.person.id
        if absence.account
        else (name_words(absence.person) == name_words(counter.person.name))
    )
    if themselves:
        grounds.append(Ground("Choisissez quelqu'un d'autre que vous.", "R-60", "person"))
    return grounds


def held(counter: Counter[Any], day: date) -> list[Row]:
    """What this person receives on that day: by the account of the designation, else by the name it bears.

    Of two accounts that bear the name, it is the one whose e-mail is that of the designation.
    """
    rows = counter.tx.find("designations")
    active = [each.id for each in town.departments(counter.tx).values() if each.active]
    found = (rules.in_force(rows, department, day, Duty.RECEPTION) for department in active)
    alone = name_words(counter.person.name) in rules.bearers(counter.tx.find("accounts", active=True))
    return [dict(row) for row in found if row is not None and _is_mine(counter.person, row, alone)]


def _is_mine(person: Person, row: Mapping[str, Any], alone: bool) -> bool:
    if row["account"]:
        return bool(row["account"] == person.id)
    if name_words(row["person"]) != name_words(person.name):
        return False
    return alone or bool(row["email"].casefold() == person.email.casefold())
