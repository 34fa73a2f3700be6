"""The people of an investigation (P §4.4, P §4.4.1): named, met and heard, concluded about one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import investigators, private
from desk.acts import Outcome
from desk.complaint_file import heard
from desk.complaints import Named, check_person, held, person_columns
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.investigation import OPEN, Conclusion, check_finding
from policy.private_words import Finding, Measure, PrivateKind, StepKind
from policy.reasons import Ground, refuse_all, refused
from sync import versions
from sync.schema import SQL
from sync.store import Row, Writing


@dataclass(frozen=True)
class Given:
    """A meeting, a piece of evidence or a note as typed; ``person`` is the id of whom it is about."""

    kind: StepKind
    words: str
    held_on: date | None = None
    person: str = ""


@dataclass(frozen=True)
class Entry:
    """What a founded complaint entered in an employee's file; nothing of it leads back to the complaint."""

    id: str
    name: str
    post: str
    incident: str
    measure: Measure
    measure_words: str
    entered_at: datetime
    entered_by: str


def add_person(visit: Visit, number: str, person: Named) -> str:
    """P §4.4: somebody the complaint names. From then on that person neither reads nor investigates it."""
    with visit.writing() as counter:
        row = held(counter, number)
        _refuse_when_over(row)
        refuse_all(check_person(counter, person))
        by = counter.by("nommer une personne")
        counter.tx.insert("complaint_people", person_columns(counter, row["id"], person), by)
        told = f"{tidy(person.name)} : {person.part}."
        if investigators.strip_named(counter, row):
            return f"{told} C'est vous : la direction générale désignera qui enquête."
        return told


def remove_person(visit: Visit, number: str, person: str) -> str:
    """P §4.5: somebody entered by mistake leaves nothing; not once a conclusion was reached."""
    with visit.writing() as counter:
        row = held(counter, number)
        _refuse_when_over(row)
        there = _person(counter, row, person)
        if there["finding"] is not None:
            raise refused("Une conclusion est rendue au sujet de cette personne.", "P §4.4.1")
        by = counter.by("retirer une personne")
        for step in counter.tx.find("complaint_steps", person=person):
            counter.tx.update("complaint_steps", step["id"], {"person": None}, by)
        counter.tx.shred("complaint_people", person, by)
        return "Cette personne n'est plus au dossier."


def note(visit: Visit, number: str, given: Given) -> str:
    """P §4.4: put a meeting, a piece of evidence or a note on the file; a meeting makes the person heard."""
    with visit.writing() as counter:
        row = held(counter, number)
        _refuse_when_over(row)
        person = _person(counter, row, given.person) if given.person else None
        refuse_all(_of_step(given, person, counter.today))
        by = counter.by("consigner une étape de l'enquête")
        held_on = given.held_on or counter.today
        counter.tx.insert(
            "complaint_steps",
            {
                "complaint": row["id"],
                "person": person["id"] if person else None,
                "kind": given.kind,
                "noted_by": counter.person.id,
                "noted_at": counter.at,
                "held_on": held_on,
                "words": tidy(given.words),
            },
            by,
        )
        if given.kind is StepKind.INTERVIEW and person and person["heard_on"] is None:
            counter.tx.update("complaint_people", person["id"], {"heard_on": held_on}, by)
        return f"{given.kind} : consigné au dossier."


def conclude_person(
    visit: Visit, number: str, person: str, given: Conclusion, seen: Mapping[str, Any] | None = None
) -> Outcome:
    """P §4.4.1 (R-32): what is concluded about one person, heard first; again to revise it.

    Founded, the incident and the measure are entered in the employee's file; unfounded, nothing is, and what
    an earlier finding entered is removed with every value of its history. ``seen`` are the fields
    ``finding``, ``finding_words``, ``measure`` and ``measure_words`` when typing began.
    """
    with visit.writing() as counter:
        row = held(counter, number)
        there = _person(counter, row, person)
        refuse_all(check_finding(row["state"], heard([there])[0], given, counter.today))
        typed = {
            "finding": given.finding,
            "finding_words": tidy(given.words),
            "measure": given.measure,
            "measure_words": tidy(given.measure_words),
        }
        now = {name: there[name] for name in typed}
        merge = versions.merge(now, {**now, **(seen or {})}, typed)
        if merge.differences:
            return Outcome(there["id"], version=there["version"], differences=merge.differences)
        by = counter.by("conclure au sujet d'une personne")
        changes = {**merge.changes, "concluded_at": counter.at}
        after = counter.tx.update("complaint_people", person, changes, by)
        _enter(counter, row, after, tidy(given.incident))
        return Outcome(person, f"{there['name']} : {given.finding}.", after["version"])


def personnel(visit: Visit) -> Sequence[Entry]:
    """P §4.4.1 (R-32): the employees' files, for the direction générale; else what one entered oneself."""
    kind = PrivateKind.PERSONNEL
    with visit.writing() as counter:
        table = SQL["personnel"]
        asked = select(table).where(private.visible(counter, kind)).order_by(table.c.entered_at.desc())
        rows = counter.tx.unsealed("personnel", counter.tx.rows(asked))
        names = {row["id"]: row["name"] for row in counter.tx.find("accounts")}
        for row in rows:
            private.record(counter, kind, row["id"], "Dossier d'employé")
        return tuple(
            Entry(
                id=row["id"],
                name=row["name"],
                post=row["post"] or "",
                incident=row["incident"],
                measure=row["measure"],
                measure_words=row["measure_words"] or "",
                entered_at=row["entered_at"],
                entered_by=names.get(row["entered_by"] or "", ""),
            )
            for row in rows
        )


def _enter(counter: Counter[Writing], complaint: Row, person: Row, incident: str) -> None:
    """P §4.4.1: the employee's file after a finding: what an earlier one entered leaves without a trace."""
    for earlier in counter.tx.find("personnel", person=person["id"]):
        counter.tx.shred("personnel", earlier["id"], counter.by("retirer du dossier de l'employé"))
    if person["finding"] is not Finding.FOUNDED:
        return
    entry = {
        "complaint": complaint["id"],
        "person": person["id"],
        "entered_at": counter.at,
        "entered_by": counter.person.id,
        "name": person["name"],
        "post": person["post"],
        "incident": incident,
        "measure": person["measure"],
        "measure_words": person["measure_words"],
    }
    by = counter.by("consigner au dossier de l'employé")
    counter.tx.insert("personnel", entry, by)


def _of_step(given: Given, person: Row | None, today: date) -> Sequence[Ground]:
    grounds = []
    if not tidy(given.words):
        grounds.append(Ground("Écrivez ce qu'il y a à consigner.", "P §4.4", "words"))
    if given.held_on is not None and given.held_on > today:
        grounds.append(Ground("La date est dans le futur : consignez ce qui a eu lieu.", "P §4.4", "held_on"))
    if given.kind is StepKind.INTERVIEW and person is None:
        grounds.append(Ground("Choisissez la personne rencontrée.", "P §4.4", "person"))
    return grounds


def _refuse_when_over(row: Row) -> None:
    if row["state"] not in OPEN:
        raise refused(f"Cette plainte est « {row['state']} » : son dossier ne change plus.", "R-31")


def _person(counter: Counter[Writing], complaint: Row, person: str) -> Row:
    row: Row | None = counter.tx.lock("complaint_people", person)
    if row is None or row["complaint"] != complaint["id"]:
        raise NotFound
    return row
