"""R-82: the register of confidentiality incidents, kept by the direction générale and the clerk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk import french, printing, private, private_forms
from desk.acts import Outcome
from desk.town import rules_in_force
from desk.visits import Visit
from policy import incidents as rules
from policy.incidents import Due
from policy.private_words import PrivateKind
from policy.reasons import Ground, refuse_all
from policy.roles import Deed, refuse_unless
from sync import versions
from sync.private_tables import INCIDENTS
from sync.store import Row
from sync.workbook import Sheet, workbook

FIELDS = (
    *("found_on", "occurred", "what", "information", "people", "sensitivity", "consequences", "likelihood"),
    *("serious", "measures", "commission_on", "persons_on", "no_notice"),
)
TOLD = ("information", "what", "occurred", "measures")  # to the persons concerned
NOTICE = "incident_avis"
BEGINNING = 120  # characters of the circumstances in the list


@dataclass(frozen=True)
class Line:
    """One entry of the register."""

    id: str
    found_on: date
    what: str  # its beginning
    people: int | None
    serious: bool | None
    due: tuple[Due, ...]
    missing: int
    closed_on: date | None


@dataclass(frozen=True)
class View:
    """One entry, with what it does not say yet and who must still be told. ``seen`` goes back with an act."""

    id: str
    seen: Mapping[str, Any]
    missing: tuple[Ground, ...]
    due: tuple[Due, ...]
    closed_on: date | None
    kept_until: date


def register(visit: Visit) -> tuple[Line, ...]:
    """Every entry, those still open first, then the newest. Raises ``Refused`` for whoever keeps none."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.KEEP_INCIDENTS)
        rows = counter.tx.find("incidents", order_by=("-found_on",))
    return tuple(sorted(map(_line, rows), key=lambda line: line.closed_on is not None))


def open(visit: Visit, incident: str) -> View:
    """One entry; reading it is recorded. Raises ``NotFound``."""
    with visit.writing() as counter:
        row = private.in_sight(counter, PrivateKind.INCIDENT, counter.tx.get("incidents", incident))
        private.record(counter, PrivateKind.INCIDENT, row["id"], "Incident")
        return _view(row)


def enter(visit: Visit, typed: Mapping[str, Any], token: str) -> str:
    """A new entry, once for a token; its id. Raises ``Refused`` with every ground."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_INCIDENTS)
        counter.tx.alone("inscrire un incident")
        there = counter.tx.first("incidents", intake_token=token)
        if there is not None:
            return str(there["id"])
        given = private_forms.read(INCIDENTS, typed, FIELDS)
        refuse_all(rules.check_incident(given, counter.today))
        row = {**given, "intake_token": token}
        return str(counter.tx.insert("incidents", row, counter.by("inscrire l'incident"))["id"])


def amend(
    visit: Visit, incident: str, typed: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> Outcome:
    """Complete or put right an entry. Raises ``Refused`` with every ground, ``NotFound``.

    One that is closed is opened again by it: what the law asks for is judged anew when it is closed.
    """
    with visit.writing() as counter:
        row = private.in_sight(counter, PrivateKind.INCIDENT, counter.tx.lock("incidents", incident))
        given = private_forms.read(INCIDENTS, typed, FIELDS)
        merged = versions.merge(row, {**row, **(seen or {})}, given)
        if merged.differences:
            return Outcome(row["id"], version=row["version"], differences=merged.differences)
        refuse_all(rules.check_incident({**row, **merged.changes}, counter.today))
        reopened = {"closed_on": None} if merged.changes and row["closed_on"] else {}
        after = counter.tx.update(
            "incidents", row["id"], {**merged.changes, **reopened}, counter.by("compléter l'incident")
        )
        return Outcome(row["id"], "Le registre est à jour.", after["version"])


def close(visit: Visit, incident: str) -> Outcome:
    """Close an entry that says all and whose people were told. Raises ``Refused`` with every ground."""
    with visit.writing() as counter:
        row = private.in_sight(counter, PrivateKind.INCIDENT, counter.tx.lock("incidents", incident))
        refuse_all(rules.check_closing(row))
        if row["closed_on"] is None:
            row = counter.tx.update(
                "incidents", row["id"], {"closed_on": counter.today}, counter.by("fermer l'incident")
            )
        return Outcome(row["id"], "L'incident est fermé ; il reste au registre.", row["version"])


def exported(visit: Visit) -> bytes:
    """The register as a workbook (LAI 63.11: the Commission may ask for it); taking it is recorded."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_INCIDENTS)
        rows = counter.tx.find("incidents", order_by=("found_on",))
        for row in rows:
            private.record(counter, PrivateKind.INCIDENT, row["id"], "Registre exporté")
    names = (*FIELDS, "closed_on")
    cells = [[row[name] for name in names] for row in rows]
    return workbook([Sheet("Registre des incidents", [label(name) for name in names], cells)])


def notice(visit: Visit, incident: str) -> bytes:
    """LAI 63.8: the notice to the persons concerned, as a PDF to address to each; making it is recorded.

    Raises ``Refused`` while the register does not say what the notice tells, ``NotFound``.
    """
    with visit.writing() as counter:
        row = private.in_sight(counter, PrivateKind.INCIDENT, counter.tx.get("incidents", incident))
        refuse_all(ground for ground in rules.missing(row) if ground.field in TOLD)
        private.record(counter, PrivateKind.INCIDENT, row["id"], "Avis aux personnes")
    with visit.reading() as reading:  # nobody waits to write while paper is made
        town = rules_in_force(reading.tx, reading.today)
        reached = " · ".join(part for part in (town.desk_name, town.desk_phone, town.desk_email) if part)
        told = {name: row[name] for name in TOLD}
        return printing.letter(reading, NOTICE, {**told, "contact": reached})


def label(name: str) -> str:
    """What people call a field of the register."""
    return private_forms.label(INCIDENTS, name)


def shown(name: str, value: Any) -> str:
    """A value of the register as people read it."""
    return french.words(value) if value != 0 or isinstance(value, bool) else "0"


def _line(row: Row) -> Line:
    what = " ".join(row["what"].split())
    return Line(
        id=row["id"],
        found_on=row["found_on"],
        what=what if len(what) <= BEGINNING else what[: BEGINNING - 1] + "…",
        people=row["people"],
        serious=row["serious"],
        due=rules.due(row),
        missing=len(rules.missing(row)),
        closed_on=row["closed_on"],
    )


def _view(row: Row) -> View:
    return View(
        id=row["id"],
        seen={name: row[name] for name in FIELDS},
        missing=rules.missing(row),
        due=rules.due(row),
        closed_on=row["closed_on"],
        kept_until=rules.kept_until(row["found_on"]),
    )
