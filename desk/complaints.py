"""Complaints (R-29, R-30, R-33): deposited by the desk, then seen by who investigates and by nobody else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import investigators, private, private_documents
from desk.contents import Content, all_checked
from desk.private import Read
from desk.scope import NotFound
from desk.town import town
from desk.visits import Counter, Visit
from policy.classification import LONGEST as WRITTEN
from policy.classification import normalise_phone, tidy
from policy.complaints import Admissibility, Complaint, Signature, admissibility, check_deposit, is_signed
from policy.confidentiality import PrivateAct
from policy.investigation import ANSWERED
from policy.numbering import Series, number, parse
from policy.private_words import ComplaintState, DocumentKind, Part, PrivateKind
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, refuse_unless
from policy.towntime import town_day
from sync.schema import SQL
from sync.store import Row, Writing

KIND = PrivateKind.COMPLAINT
FIELDS = (  # of ``policy.complaints.Complaint`` as of the table
    "channel", "received_at", "facts_on", "facts", "place", "department", "written", "anonymous", "name",
    "phone", "email", "civic", "street", "city", "postal_code", "municipal", "private_dispute", "danger",
    "danger_words",
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A person the complaint names; ``account`` is an account's id when the person has one, else empty."""

    name: str
    post: str = ""
    account: str = ""
    part: Part = Part.TARGETED


@dataclass(frozen=True)
class Deposit:
    """A complaint as the desk types it. ``token`` is made once a form: a second click deposits nothing.

    ``documents`` are what came with it, or the complaint itself scanned: (name, content).
    """

    token: str
    complaint: Complaint
    people: tuple[Named, ...] = ()
    documents: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Deposited:
    """What is told to the desk, once: the number, and yes or every ground. Never told again afterwards."""

    number: str
    admissibility: Admissibility
    again: bool = False


@dataclass(frozen=True)
class Summary:
    """A complaint in the list of those who may read it; of what it says, only whether it is over."""

    id: str
    number: str
    state: ComplaintState
    received_at: datetime
    investigator: str  # name; empty: the direction générale has to designate
    mine: bool  # this visit investigates it
    answered_on: date | None
    over: bool  # answered, or nobody to answer to
    derogated: bool  # admitted by a derogation, so that these can be counted


def preview(visit: Visit, complaint: Complaint) -> Admissibility:
    """R-30: what would be answered to the complaint as typed so far; keeps and refuses nothing of it."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DEPOSIT_COMPLAINT)
        return examined(counter, complaint)


def deposit(visit: Visit, given: Deposit) -> Deposited:
    """P §4.4 (R-29): keep a complaint, number it, say whether it is admissible; the desk sees it no more.

    An inadmissible one is kept as « Irrecevable » with its grounds. One transaction; the same token again
    gives the same number to the same person. Raises ``Refused`` for a form that contradicts itself.
    """
    if not given.token:
        raise ValueError("a complaint needs the token of its form")
    refuse_all(check(visit, given))
    brought = all_checked(given.documents, visit.house.attachment_most)
    try:
        with visit.writing() as counter:
            refuse_unless(counter.person, Deed.DEPOSIT_COMPLAINT)
            return _again(counter, given) or _deposited(counter, given, brought)
    except _AtTheSameTime:
        with visit.reading() as counter:
            there = _again(counter, given)
            if there is None:
                raise
            return there


def check(visit: Visit, given: Deposit) -> tuple[Ground, ...]:
    """What keeps the form from being deposited, each with its field; not what makes it inadmissible."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DEPOSIT_COMPLAINT)
        found = _grounds(counter, given)
    try:
        all_checked(given.documents, visit.house.attachment_most)
    except Refused as no:
        return (*found, *(replace(ground, field="documents") for ground in no.grounds))
    return found


def listed(visit: Visit) -> Sequence[Summary]:
    """R-33: the complaints this visit may read, the latest first; nothing for everybody else."""
    with visit.reading() as counter:
        complaints, accounts = SQL["complaints"], SQL["accounts"]
        rows = counter.tx.rows(
            select(
                complaints.c.id, complaints.c.number, complaints.c.state, complaints.c.received_at,
                complaints.c.investigator, complaints.c.answered_on,
                complaints.c.derogation.is_not(None).label("derogated"), complaints.c.sealed_key,
                complaints.c.anonymous, accounts.c.name.label("investigates"),
            )
            .outerjoin(accounts, complaints.c.investigator == accounts.c.id)
            .where(private.visible(counter, KIND))
            .order_by(complaints.c.received_at.desc(), complaints.c.id.desc())
        )  # fmt: skip
        return tuple(
            Summary(
                id=row["id"],
                number=row["number"],
                state=row["state"],
                received_at=row["received_at"],
                investigator=row["investigates"] or "",
                mine=row["investigator"] == counter.person.id,
                answered_on=row["answered_on"],
                over=row["state"] in ANSWERED and (row["answered_on"] is not None or row["anonymous"]),
                derogated=bool(row["derogated"]),
            )
            for row in counter.tx.unsealed("complaints", rows)
        )


def journal(visit: Visit, typed: str) -> Sequence[Read]:
    """R-33: who read what of this complaint; for who investigates it. Raises ``NotFound``, ``Refused``."""
    with visit.reading() as counter:
        return private.readings(counter, KIND, handled(counter, typed))


def found(counter: Counter[Any], typed: str) -> str:
    """The id of the complaint of that number. Raises ``NotFound``, as for a number that does not exist.

    What is sealed is not opened before it is known that the visit may read it.
    """
    complaints = SQL["complaints"]
    asked = parse(typed)
    record = asked and counter.tx.scalar(
        select(complaints.c.id).where(complaints.c.number == str(asked), private.visible(counter, KIND))
    )
    if not record:
        raise NotFound
    return str(record)


def handled(counter: Counter[Any], typed: str) -> str:
    """The id of a complaint this visit investigates. Raises ``NotFound``, or ``Refused`` for a reader."""
    record = found(counter, typed)
    if not private.may(counter, PrivateAct.HANDLE, KIND, record):
        raise refused("Vous pouvez lire cette plainte ; seule la personne chargée de l'enquête agit.", "R-31")
    return record


def held(counter: Counter[Writing], typed: str) -> Row:
    """The complaint of that number, which this visit investigates, locked. Raises as ``handled``."""
    row = counter.tx.lock("complaints", handled(counter, typed))
    if row is None:
        raise NotFound
    return row


def examined(counter: Counter[Any], complaint: Complaint) -> Admissibility:
    """R-30: the answer by the town's calendar, and its reading of a signature on the day of the arrival."""
    now = town(counter.tx, counter.today)
    arrived = town_day(complaint.received_at) if complaint.received_at else counter.today
    reading = town(counter.tx, arrived).rules.complaint_signature
    return admissibility(complaint, now.calendar, reading)


def columns(counter: Counter[Any], complaint: Complaint, answer: Admissibility) -> dict[str, Any]:
    """The columns of the table that say what the complaint is, and what was answered to it."""
    arrived = town_day(complaint.received_at) if complaint.received_at else counter.today
    texts = {name: tidy(getattr(complaint, name)) for name in FIELDS if _is_text(complaint, name)}
    if texts["phone"]:
        texts["phone"] = normalise_phone(texts["phone"])
    return {
        **{name: getattr(complaint, name) for name in FIELDS},
        **texts,
        "signed": is_signed(complaint, town(counter.tx, arrived).rules.complaint_signature),
        "grounds": as_json(answer.grounds),
    }


def complaint_of(row: Row) -> Complaint:
    """The complaint a row of the table describes; a signature kept is one, however it was made."""
    values: dict[str, Any] = {name: row[name] for name in FIELDS}
    values |= {name: values[name] or "" for name in _TEXTS}
    return Complaint(**values, signature=Signature.HAND if row["signed"] else Signature.NONE)


def as_json(grounds: Iterable[Ground]) -> list[Mapping[str, str]]:
    """Grounds as they are kept."""
    return [
        {"message": ground.message, "article": ground.article, "field": ground.field} for ground in grounds
    ]


class _AtTheSameTime(Exception):
    """Another transaction has just kept a complaint with this token."""


_TEXTS = frozenset(name for name in FIELDS if isinstance(getattr(Complaint(), name), str))


def _is_text(complaint: Complaint, name: str) -> bool:
    return name in _TEXTS and isinstance(getattr(complaint, name), str)


def _deposited(counter: Counter[Writing], given: Deposit, brought: Iterable[Content]) -> Deposited:
    refuse_all(_grounds(counter, given))
    complaint = given.complaint
    answer = examined(counter, complaint)
    received = complaint.received_at or counter.at
    year = town_day(received).year
    by = counter.by("déposer la plainte")
    row = counter.tx.insert_once(
        "complaints",
        {
            **columns(counter, complaint, answer),
            "number": number(Series.COMPLAINT, year, counter.tx.next_number(Series.COMPLAINT.value, year)),
            "state": ComplaintState.RECEIVED if answer.admissible else ComplaintState.INADMISSIBLE,
            "intake_token": given.token,
            "deposited_by": counter.person.id,
        },
        by,
    )
    if row is None:
        raise _AtTheSameTime
    for person in given.people:
        counter.tx.insert("complaint_people", person_columns(counter, row["id"], person), by)
    for document in brought:
        private_documents.keep(counter, KIND, row["id"], document, DocumentKind.RECEIVED)
    investigators.assign(counter, row)
    return Deposited(row["number"], answer)


def person_columns(counter: Counter[Any], complaint: str, person: Named) -> dict[str, Any]:
    """The columns of a person named; the account is found by the name when it was not chosen."""
    return {
        "complaint": complaint,
        "part": person.part,
        "name": tidy(person.name),
        "post": tidy(person.post),
        "account": person.account or investigators.account_of(counter, person.name) or None,
    }


def check_person(counter: Counter[Any], person: Named) -> tuple[Ground, ...]:
    """P §4.4: what keeps a person from being put on the list of those the complaint names."""
    if not tidy(person.name):
        return (Ground("Inscrivez le nom de la personne.", "P §4.4", "people"),)
    if max(len(person.name), len(person.post)) > WRITTEN["name"]:
        return (Ground("Ce nom ou cette fonction est trop long.", "P §4.4", "people"),)
    if person.account and counter.tx.get("accounts", person.account) is None:
        return (Ground("Ce compte n'existe pas : choisissez-le de nouveau.", "P §4.4", "people"),)
    return ()


def _grounds(counter: Counter[Any], given: Deposit) -> tuple[Ground, ...]:
    of_people = (ground for person in given.people for ground in check_person(counter, person))
    return (*check_deposit(given.complaint, counter.at), *of_people)


def _again(counter: Counter[Any], given: Deposit) -> Deposited | None:
    """What this form deposited already; nothing of it for somebody else or for another text."""
    complaints = SQL["complaints"]
    there = counter.tx.scalar(select(complaints.c.id).where(complaints.c.intake_token == given.token))
    if there is None:
        return None
    row = counter.tx.get("complaints", there)
    typed = tidy(given.complaint.facts), tidy(given.complaint.name)
    if row is None or row["deposited_by"] != counter.person.id or typed != (row["facts"], row["name"] or ""):
        raise refused(
            "Cette saisie est déjà déposée : pour une autre plainte, ouvrez un nouveau formulaire.",
            field="token",
        )
    return Deposited(row["number"], examined(counter, given.complaint), again=True)
