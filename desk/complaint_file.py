"""One complaint opened (R-33): what who investigates it, or is admitted to it, reads; and that they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk import private
from desk.complaints import KIND, complaint_of, examined, found
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import format_phone
from policy.complaints import Complaint
from policy.confidentiality import PrivateAct
from policy.investigation import ANSWERED, Heard, Turn, possible
from policy.private_words import ComplaintState, Finding, Measure, Part, StepKind
from policy.reasons import Deadline, Ground, Refused
from sync.store import Reading, Row

READ = "Plainte"  # what the journal says was read


@dataclass(frozen=True)
class Person:
    """Somebody the complaint names. ``incident`` is what was entered in the employee's file, if anything."""

    id: str
    version: int
    name: str
    post: str
    account: str
    part: Part
    heard_on: date | None
    finding: Finding | None
    finding_words: str
    incident: str
    measure: Measure | None
    measure_words: str


@dataclass(frozen=True)
class Step:
    """A meeting, a piece of evidence or a note; ``person`` is the id of whom it is about, if anybody."""

    id: str
    kind: StepKind
    person: str
    person_name: str
    held_on: date | None
    words: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True)
class Reader:
    """Somebody who investigates let read; ``until`` once that is over."""

    id: str
    name: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class ComplaintFile:
    """A complaint as its reader sees it.

    ``turns`` are the moves from here, each with why not yet; empty for who may only read. ``grounds`` are
    those found when it was last examined. ``to_answer``: the citizen still waits for a written answer.
    """

    id: str
    number: str
    version: int
    state: ComplaintState
    complaint: Complaint
    signed: bool
    deadline: Deadline | None
    grounds: tuple[Ground, ...]
    derogation: str
    withdrawal: str
    answer: str
    answered_on: date | None
    concluded_at: datetime | None
    investigator: str
    mine: bool
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    readers: tuple[Reader, ...]
    turns: tuple[tuple[Turn, Refused | None], ...]

    @property
    def to_answer(self) -> bool:
        """R-32: whether a written answer is still owed."""
        return self.state in ANSWERED and self.answered_on is None and not self.complaint.anonymous

    @property
    def phone(self) -> str:
        """The telephone as people read it."""
        return format_phone(self.complaint.phone)


def opened(visit: Visit, number: str) -> ComplaintFile:
    """R-33: the complaint of that number, its reading recorded. Raises ``NotFound``."""
    with visit.writing() as counter:
        record = found(counter, number)
        row = counter.tx.get("complaints", record)
        if row is None:
            raise NotFound
        private.record(counter, KIND, record, READ)
        return _file(counter, row)


def heard(people: Sequence[Row]) -> list[Heard]:
    """The people of an investigation as ``policy.investigation`` judges them."""
    return [Heard(row["id"], row["name"], row["part"], row["heard_on"], row["finding"]) for row in people]


def people_of(counter: Counter[Reading], complaint: str) -> list[Row]:
    """The rows of those the complaint names, in the order they were."""
    return counter.tx.find("complaint_people", complaint=complaint)


def _file(counter: Counter[Any], row: Row) -> ComplaintFile:
    people = people_of(counter, row["id"])
    accounts = {each["id"]: each["name"] for each in counter.tx.find("accounts")}
    complaint = complaint_of(row)
    mine = private.may(counter, PrivateAct.HANDLE, KIND, row["id"])
    turns = possible(row["state"], heard(people), row["answer"] or "", complaint.anonymous) if mine else ()
    return ComplaintFile(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        state=row["state"],
        complaint=complaint,
        signed=row["signed"],
        deadline=examined(counter, complaint).deadline,
        grounds=tuple(Ground(**each) for each in row["grounds"] or ()),
        derogation=row["derogation"] or "",
        withdrawal=row["withdrawal"] or "",
        answer=row["answer"] or "",
        answered_on=row["answered_on"],
        concluded_at=row["concluded_at"],
        investigator=accounts.get(row["investigator"] or "", ""),
        mine=mine,
        people=tuple(_person(counter, each) for each in people),
        steps=_steps(counter, row["id"], {each["id"]: each["name"] for each in people}, accounts),
        readers=_readers(counter, row["id"], accounts) if mine else (),
        turns=turns,
    )


def _person(counter: Counter[Any], row: Row) -> Person:
    entry = counter.tx.first("personnel", person=row["id"])
    return Person(
        id=row["id"],
        version=row["version"],
        name=row["name"],
        post=row["post"] or "",
        account=row["account"] or "",
        part=row["part"],
        heard_on=row["heard_on"],
        finding=row["finding"],
        finding_words=row["finding_words"] or "",
        incident=entry["incident"] if entry else "",
        measure=row["measure"],
        measure_words=row["measure_words"] or "",
    )


def _steps(
    counter: Counter[Any], complaint: str, names: dict[str, str], accounts: dict[str, str]
) -> tuple[Step, ...]:
    rows = counter.tx.find("complaint_steps", ("noted_at",), complaint=complaint)
    return tuple(
        Step(
            id=row["id"],
            kind=row["kind"],
            person=row["person"] or "",
            person_name=names.get(row["person"] or "", ""),
            held_on=row["held_on"],
            words=row["words"],
            noted_by=accounts.get(row["noted_by"] or "", ""),
            noted_at=row["noted_at"],
        )
        for row in rows
    )


def _readers(counter: Counter[Any], complaint: str, accounts: dict[str, str]) -> tuple[Reader, ...]:
    rows = counter.tx.find("complaint_readers", ("since",), complaint=complaint)
    return tuple(
        Reader(row["id"], accounts.get(row["account"], ""), row["reason"] or "", row["since"], row["until"])
        for row in rows
    )
