"""One file as its screen shows it: fields by sight, dates with their reasons, moves, time line (Dossier)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import closing_notices, contacts, coordinates, dates, french, proofs, tellings, thanks
from desk.acts import standing
from desk.closing import propose
from desk.contacts import Contact
from desk.coordinates import Coordinates
from desk.mails import is_printable
from desk.scope import NotFound as NotFound
from desk.scope import file_in_sight, visible
from desk.tellings import Telling
from desk.thanks import Mark
from desk.timeline import Moment, called, timeline
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.confidentiality import may_see, may_see_file, visible_fields
from policy.moves import Possible, Standing, possible
from policy.queue_order import is_overdue
from policy.reasons import Deadline
from policy.wording import day_words, moment_words
from policy.words import Circuit, Closer, Sight, State
from sync.fields import Field, Kind
from sync.file_tables import CITIZENS, FILES
from sync.schema import SQL
from sync.store import Reading, Row
from sync.versions import Difference, merge

DEMAND = (
    *("number", "nature", "channel", "forwarded_by", "received_at", "category", "priority", "civic"),
    *("street", "sector", "place_note", "facts", "anonymous", "first_contact"),
)
HANDLING = (
    *("state", "department", "planned_on", "wait_reason", "wait_words", "next_action", "complex"),
    *("last_reason", "reopened_at"),
)
CLOSING = ("code", "done_on", "done_extension", "completed_at", "closed_at", "first_closed_at", "closed_by")
CITIZEN = ("name", "phone", "email", "civic", "street", "city", "postal_code")
SEEN = (
    *("state", "nature", "category", "department", "priority", "channel", "civic", "street", "sector"),
    *("place_note", "facts", "planned_on", "wait_reason", "wait_words", "next_action", "code", "done_on"),
    *("done_extension", "note", "citizen_text"),
)


@dataclass(frozen=True)
class Shown:
    """One field: ``value`` as kept, ``text`` as read in French (« — » when empty)."""

    name: str
    label: str
    value: Any
    text: str


@dataclass(frozen=True)
class Why:
    """One date and the sentences that answer « pourquoi ? »."""

    label: str
    text: str
    sentences: tuple[str, ...]
    deadline: Deadline | None
    late: bool


@dataclass(frozen=True)
class MailTold:
    """One mail about the file, without its text."""

    kind: str
    to: str  # empty when identities are not theirs to see
    subject: str
    state: str
    at: datetime | None
    error: str


@dataclass(frozen=True)
class Twin:
    """A duplicate, or the file it repeats (R-18)."""

    number: str
    state: State
    relation: str


@dataclass(frozen=True)
class View:
    """All that the Dossier screen shows. ``seen`` goes back with each act as what the person saw."""

    id: str
    number: str
    version: int
    state: State
    department: str
    circuit: Circuit | None
    closer: Closer | None
    seen: Mapping[str, Any]
    coordinates: Coordinates  # of who asks, for who may put them right
    demand: tuple[Shown, ...]
    citizen: tuple[Shown, ...]
    handling: tuple[Shown, ...]
    closing: tuple[Shown, ...]
    note: str | None  # annexe A point 4, None when not theirs to see
    citizen_text: str
    dates: tuple[Why, ...]
    moves: tuple[Possible, ...]
    closing_items: Mapping[str, Any]  # proposed for annexe A: code 238, today, own extension
    codes: Mapping[str, str]  # id → « 238 Demande complétée »
    departments: Mapping[str, str]  # those it can be sent to
    categories: Mapping[str, str]
    pauses: tuple[tuple[date, date | None], ...]
    mails: tuple[MailTold, ...]
    tasks: tuple[str, ...]
    letter: bool  # the acknowledgement can be printed
    twins: tuple[Twin, ...]
    contacts: tuple[Contact, ...]  # the new calls
    tellings: Sequence[Telling]  # annexe A, point 5, while it was open
    thanks: str  # whom the comment thanks; empty when it is no thanks
    mark: Mark | None  # of a comment, for who may put right whom it thanks
    text_waits: bool  # annexe A, point 5: it is being read, nobody was told yet
    to_tell: int  # how many persons are told of what is written for the citizen
    timeline: tuple[Moment, ...]
    differences: tuple[Difference, ...]  # between what this person began to type and what stands now


def open(visit: Visit, number: str) -> View:
    """The file of that number (or id). Raises ``NotFound``, alike for unknown and not entitled."""
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        settings = town(counter.tx, counter.today)
        stands = standing(counter, file)
        shown = {each.name: each for each in visible_fields(counter.person, "files", FILES.fields, file)}
        pauses = counter.tx.find("pauses", order_by=("starts_on",), file=file["id"])
        return View(
            id=file["id"],
            number=file["number"],
            version=file["version"],
            state=file["state"],
            department=_name(settings, stands),
            circuit=stands.circuit,
            closer=stands.closer,
            seen={name: file[name] for name in SEEN if name in shown},
            coordinates=coordinates.of_file(counter, file),
            demand=_shown(counter.tx, file, DEMAND, shown),
            citizen=_citizen(counter, file),
            handling=_shown(counter.tx, file, HANDLING, shown),
            closing=_shown(counter.tx, file, CLOSING, shown),
            note=(file["note"] or "") if "note" in shown else None,
            citizen_text=(file["citizen_text"] or "") if "citizen_text" in shown else "",
            dates=_dates(counter, file, shown, pauses),
            moves=possible(stands, counter.person),
            closing_items={name: value for name, value in propose(counter, file).items() if name in shown},
            codes={each.id: f"{each.code} {each.label}" for each in settings.codes.values() if each.active},
            departments={
                each.id: each.name
                for each in settings.departments.values()
                if each.active and each.id != file["department"]
            },
            categories={each.id: each.name for each in settings.categories.values() if each.active},
            pauses=tuple((each["starts_on"], each["ends_on"]) for each in pauses),
            mails=_mails(counter, file),
            tasks=_tasks(counter, file),
            letter=is_printable(counter, file),
            twins=_twins(counter, file),
            contacts=contacts.listed(counter, file),
            tellings=tellings.listed(counter, file),
            thanks=thanks.of_file(counter, file),
            mark=thanks.mark(counter, file),
            text_waits=proofs.is_waiting(counter, file),
            to_tell=len(closing_notices.linked(counter.tx, file)),
            timeline=timeline(counter, file),
            differences=_differences(counter, file, shown),
        )


def versions(visit: Visit, ids: Sequence[str]) -> dict[str, int]:
    """The versions of these files as they stand, those this visit may see: whether a screen is still true."""
    files = SQL["files"].c
    with visit.reading() as counter:
        query = select(files.id, files.version).where(files.id.in_(ids), visible(counter))
        return {row["id"]: row["version"] for row in counter.tx.rows(query)}


def _name(settings: Town, stands: Standing) -> str:
    found = settings.departments.get(stands.department or "")
    return found.name if found else ""


def _shown(tx: Reading, row: Row, names: Sequence[str], allowed: Mapping[str, Field]) -> tuple[Shown, ...]:
    return tuple(
        Shown(name, allowed[name].label, row[name], _text(tx, allowed[name], row[name]))
        for name in names
        if name in allowed
    )


def _text(tx: Reading, field: Field, value: Any) -> str:
    return (
        called(tx, field.ref, value)
        if field.kind is Kind.REF and field.ref and value
        else french.words(value)
    )


def _citizen(counter: Counter[Reading], file: Row) -> tuple[Shown, ...]:
    """The citizen's identity, for whom it is theirs to see (P §2.3); nothing for an anonymous demand."""
    allowed = {each.name: each for each in visible_fields(counter.person, "citizens", CITIZENS.fields, file)}
    if not allowed or not file["citizen"]:
        return ()
    citizen = counter.tx.get("citizens", file["citizen"])
    return _shown(counter.tx, citizen, CITIZEN, allowed) if citizen else ()


def _dates(
    counter: Counter[Reading], file: Row, shown: Mapping[str, Field], pauses: Sequence[Row]
) -> tuple[Why, ...]:
    found = []
    if "target_on" in shown:
        since = next((each["starts_on"] for each in pauses if each["ends_on"] is None), None)
        late = is_overdue(file["state"], file["target_on"], counter.today, since)
        found.append(_why("Cible", dates.from_json(file["target_why"]), late))
    if "ack_due_at" in shown and file["ack_due_at"] is not None:
        late = file["acknowledged_at"] is None and file["ack_due_at"] < counter.at
        due = dates.from_json(file["ack_why"])
        found.append(_why("Accusé de réception dû", due, late))
    return tuple(found)


def _why(label: str, deadline: Deadline | None, late: bool) -> Why:
    if deadline is None:
        return Why(label, french.NOTHING, ("Aucun délai n'est fixé pour cette demande.",), None, False)
    due = deadline.due
    text = moment_words(due) if isinstance(due, datetime) else day_words(due)
    skipped = tuple(f"Ne compte pas : {day_words(each.day)} ({each.why})." for each in deadline.skipped)
    articles = f"Articles : {', '.join(deadline.articles)}."
    reading = (deadline.reading,) if deadline.reading else ()
    return Why(label, text, (*deadline.steps, *reading, *skipped, articles), deadline, late)


def _mails(counter: Counter[Reading], file: Row) -> tuple[MailTold, ...]:
    """The mails about this file, without the bytes of any."""
    mails = SQL["mails"]
    columns = (mails.c.kind, mails.c.to_name, mails.c.subject, mails.c.state, mails.c.sent_at, mails.c.error)
    rows = counter.tx.rows(select(*columns).where(mails.c.file == file["id"]).order_by(mails.c.id))
    named = may_see(counter.person, Sight.IDENTITY, file)
    return tuple(
        MailTold(
            kind=row["kind"].value,
            to=(row["to_name"] or "") if named else "",
            subject=row["subject"],
            state=row["state"].value,
            at=row["sent_at"],
            error=row["error"] or "",
        )
        for row in rows
    )


def _tasks(counter: Counter[Reading], file: Row) -> tuple[str, ...]:
    """What is still to be done about the file; the words, which may name the citizen, for whom may see it."""
    named = may_see(counter.person, Sight.IDENTITY, file)
    return tuple(
        f"{task['kind'].value}"
        + (f" : {task['words']}" if task["words"] and named else "")
        + (f" (pour le {moment_words(task['due_at'])})" if task["due_at"] else "")
        for task in counter.tx.find("tasks", order_by=("due_at",), file=file["id"], done_at=None)
    )


def _twins(counter: Counter[Reading], file: Row) -> tuple[Twin, ...]:
    original = counter.tx.get("files", file["duplicate_of"])
    related = [("Doublon de", original)] if original else []
    related += [("A pour doublon", each) for each in counter.tx.find("files", duplicate_of=file["id"])]
    return tuple(
        Twin(each["number"], each["state"], relation)
        for relation, each in related
        if may_see_file(counter.person, each)
    )


def _differences(counter: Counter[Reading], file: Row, shown: Mapping[str, Field]) -> tuple[Difference, ...]:
    """What this person began to type, where someone else has changed it meanwhile (architecture 10)."""
    begun = [
        each
        for each in counter.tx.find("drafts", account=counter.person.id, record=file["id"])
        if each["field"] in shown
    ]
    based_on = {each["field"]: each["based_on"] for each in begun}
    return merge(file, based_on, {each["field"]: each["value"] for each in begun}).differences
