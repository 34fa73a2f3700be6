"""Requests for access to documents (R-50 to R-54): opened by those who keep them, put right."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from desk import french, private, private_forms
from desk.acts import Outcome
from desk.scope import NotFound
from desk.town import town
from desk.visits import Counter, Visit
from policy import access as rules
from policy.access import Standing, ThirdParty
from policy.access_moves import Given, Possible, judge, possible, state_after
from policy.calendar import OfficeCalendar
from policy.classification import Stated, check_particulars
from policy.confidentiality import PrivateAct, may_private
from policy.numbering import Series, parse
from policy.private_words import AccessMove, Light, PrivateKind
from policy.reasons import Deadline, Ground, refuse_all
from policy.towntime import town_day
from policy.words import Channel
from sync import versions
from sync.private_tables import ACCESS_REQUESTS
from sync.store import Row, Writing

TABLE = "access_requests"
WHO = ("name", "organisation", "email", "phone", "civic", "street", "city", "postal_code")
EDITED = (*WHO, "channel", "words", "written_on", "note")
ORALLY = frozenset({Channel.PHONE, Channel.IN_PERSON})  # what comes so is oral unless a writing came with it


@dataclass(frozen=True)
class View:
    """One request. ``seen`` are its fields as kept; it goes back with an edit."""

    id: str
    number: str
    version: int
    received_at: datetime
    seen: Mapping[str, Any]
    standing: Standing
    due: Deadline | None
    light: Light
    possible: tuple[Possible, ...]
    twentieth_day: date | None
    recourse_until: date | None
    readings: tuple[private.Read, ...]


def may_keep(visit: Visit) -> bool:
    """Whether this visit may see the requests and handle them."""
    with visit.reading() as counter:
        return may_private(counter.person, PrivateAct.READ, PrivateKind.ACCESS)


def open(visit: Visit, number: str) -> View:
    """The request of that number; reading it is recorded. Raises ``NotFound``."""
    with visit.writing() as counter:
        row = in_sight(counter, number)
        private.record(counter, PrivateKind.ACCESS, row["id"], "Demande d'accès")
        standing, due = standing_of(row), due_of(counter, row)
        legal = due.legal if due else None
        return View(
            id=row["id"],
            number=row["number"],
            version=row["version"],
            received_at=row["received_at"],
            seen={field.name: row[field.name] for field in ACCESS_REQUESTS.fields},
            standing=standing,
            due=due,
            light=light_of(standing, due, counter.today),
            possible=possible(standing, counter.person),
            twentieth_day=rules.twentieth_day(standing.written_on) if standing.written_on else None,
            recourse_until=rules.recourse_until(standing, legal, counter.today),
            readings=tuple(private.readings(counter, PrivateKind.ACCESS, row["id"])),
        )


def edit(visit: Visit, number: str, typed: Mapping[str, Any], seen: Mapping[str, Any]) -> Outcome:
    """Put right what was entered. Once the answer left, only the internal note.

    ``seen`` holds the fields as they were shown: edits of others are kept. Raises ``Refused``, ``NotFound``.
    """
    with visit.writing() as counter:
        row = held(counter, number)
        given = private_forms.read(ACCESS_REQUESTS, typed, EDITED)
        merged = versions.merge(row, {**row, **seen}, given)
        if merged.differences:
            return Outcome(row["id"], version=row["version"], differences=merged.differences)
        changes = dict(merged.changes)
        standing = standing_of(row)
        judge(AccessMove.EDIT, standing, counter.person, Given(day=changes.get("written_on")), counter.today)
        refuse_all(_edit_grounds(row, changes))
        after = write(counter, row, changes, "corriger la demande d'accès")
        return Outcome(row["id"], "La demande est corrigée.", after["version"])


def label(name: str) -> str:
    """What people call a field of a request."""
    return private_forms.label(ACCESS_REQUESTS, name)


def shown(name: str, value: Any) -> str:
    """A value of a request as people read it."""
    return french.words(value)


# for the other modules of access


def in_sight(counter: Counter[Any], number: str) -> Row:
    """The request of that number. Raises ``NotFound``, alike for none and for what is not theirs to see."""
    found = parse(number)
    if found is None or found.series is not Series.ACCESS:
        raise NotFound
    return _theirs(counter, counter.tx.first(TABLE, number=str(found)))


def held(counter: Counter[Writing], number: str) -> Row:
    """The same, locked for the rest of the transaction."""
    row = in_sight(counter, number)
    return _theirs(counter, counter.tx.lock(TABLE, row["id"]))


def standing_of(row: Row) -> Standing:
    """Where the request of this row stands; an extension counts once its notice was mailed."""
    told = row["third_party_told_on"]
    return Standing(
        state=row["state"],
        received_on=town_day(row["received_at"]),
        written_on=row["written_on"],
        noticed_on=row["noticed_on"],
        extended_on=row["extended_on"],
        extension_days=(row["extension_days"] or 0) if row["extended_on"] else 0,
        third_party=ThirdParty(told, row["third_party_answer_on"]) if told else None,
        decision=row["decision"],
        decided_on=row["decided_on"],
        answered_on=row["answered_on"],
        reason=row["reason"] or "",
        provisions=row["provisions"] or "",
        other_body=row["other_body"] or "",
    )


def due_of(counter: Counter[Any], row: Row) -> Deadline | None:
    """When the answer is due, by the closings known now; what was answered keeps the days it was held to."""
    due = rules.due_of(standing_of(row), office(counter))
    if due is None or row["answered_on"] is None:
        return due
    return replace(due, due=row["target_on"] or due.due, legal=row["legal_on"] or due.legal)


def light_of(standing: Standing, due: Deadline | None, today: date) -> Light:
    """How the request stands against its clock today."""
    if due is None:
        return rules.light(standing, None, None, today)
    return rules.light(standing, day_of(due), due.legal, today)


def day_of(due: Deadline) -> date:
    """The target: its clock counts days, never hours."""
    return due.due.date() if isinstance(due.due, datetime) else due.due


def office(counter: Counter[Any]) -> OfficeCalendar:
    """The working days of the town, by the closings known now."""
    return town(counter.tx, counter.today).calendar


def write(counter: Counter[Writing], row: Row, changes: Mapping[str, Any], act: str) -> Row:
    """Write the changes, with the state and the dates that follow, under the French verb ``act``.

    What was answered keeps the dates it was answered under.
    """
    standing = standing_of({**row, **changes})
    computed = {} if row["answered_on"] else dated(rules.due_of(standing, office(counter)))
    changed = {**changes, **computed, "state": state_after(standing)}
    return counter.tx.update(TABLE, row["id"], changed, counter.by(act))


def missing(kept: Mapping[str, Any], written: bool) -> list[Ground]:
    """What answering needs: which documents, who asks, where the answer goes."""
    grounds = []
    if not kept["words"]:
        grounds.append(Ground("Inscrivez les documents demandés.", "P §4.6", "words"))
    if not kept["name"] and not kept["organisation"]:
        grounds.append(Ground("Inscrivez le nom de la personne ou de l'organisme.", "P §4.6", "name"))
    if written and not kept["email"] and not (kept["street"] and kept["city"]):
        grounds.append(
            Ground(
                "La réponse se donne par écrit : inscrivez l'adresse postale ou le courriel.",
                "P §4.6",
                "email",
            )
        )
    elif not any(kept[name] for name in ("email", "phone", "street")):
        grounds.append(Ground("Inscrivez où joindre la personne.", "P §4.6", "phone"))
    grounds += check_particulars(Stated(phone=kept["phone"] or "", email=kept["email"] or ""))
    return grounds


def dated(due: Deadline | None) -> dict[str, Any]:
    """The columns of a deadline."""
    return {
        "target_on": day_of(due) if due else None,
        "legal_on": due.legal if due else None,
    }


def _theirs(counter: Counter[Any], row: Row | None) -> Row:
    return private.in_sight(counter, PrivateKind.ACCESS, row)


def _edit_grounds(row: Row, changes: Mapping[str, Any]) -> list[Ground]:
    if row["answered_on"] is not None and changes.keys() - {"note"}:
        return [Ground("La réponse est transmise : seule la note interne se corrige encore.", "P §4.6")]
    if "written_on" in changes and changes["written_on"] is None:
        return [Ground("Inscrivez la date d'arrivée de l'écrit.", "LAI 47", "written_on")]
    if changes.keys().isdisjoint((*WHO, "words")):
        return []
    return missing({**row, **changes}, row["written_on"] is not None)
