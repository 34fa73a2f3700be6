"""The registry of Responsables (P annexe C, R-60): who receives what, today and on any day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from desk import presences, printing, town
from desk.visits import Counter, Person, Visit, person_of
from policy import registry as rules
from policy.identity import name_words
from policy.reasons import Ground, refuse_all, refused
from policy.roles import DEEDS, DESK, Deed, may, refuse_unless
from policy.towntime import town_day
from policy.words import Circuit, Duty, Role
from sync.history import Author
from sync.schema import SQL
from sync.states import TaskKind
from sync.store import Reading, Row, Writing
from sync.town_tables import DESIGNATIONS

_PAST = "Le registre ne récrit pas le passé : choisissez aujourd'hui ou un jour à venir."


@dataclass(frozen=True)
class Holder:
    """One designation: who holds which duty, for which department, from which day.

    ``ends_on`` is the last day it really held: the end that was given, or the eve of the next one.
    """

    id: str
    department: str
    duty: Duty
    person: str
    email: str
    extension: str
    director: str
    starts_on: date
    ends_on: date | None
    signed: bool
    opens: bool = True  # whether an account of that person opens the files of the department
    where: str = ""  # P annexe B: « en réunion »…; empty when available, or not known


@dataclass(frozen=True)
class Post:
    """One department on a day: its Responsables in force, and the files that wait there."""

    department: str  # id
    name: str
    circuit: Circuit
    reception: Holder | None
    execution: Holder | None
    substitute: Holder | None
    open_files: int
    orphan: bool  # nobody receives for it that day; its open files are orphaned


@dataclass(frozen=True)
class Designation:
    """What annexe C is filled with. ``ends_on`` only for a substitute.

    ``account``: the id of the one that opens the files of the department while this holds; empty for none.
    """

    department: str
    duty: Duty
    person: str
    email: str
    starts_on: date
    director: str = ""
    extension: str = ""
    ends_on: date | None = None
    signed_on: date | None = None
    employee_signed: bool = False
    director_signed: bool = False
    account: str = ""


def on(visit: Visit, day: date) -> tuple[Post, ...]:
    """R-60: who is Responsable of each department in service on ``day``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_REGISTRY)
        rows = counter.tx.find("designations")
        waiting = _open_files(counter.tx)
        where = presences.beside(counter, [row["person"] for row in rows]) if day == counter.today else {}
        departments = [each for each in town.departments(counter.tx).values() if each.active]
        told = _Told(where, workers(counter.tx))
    orphaned = rules.orphans(rows, [each.id for each in departments], day)
    return tuple(
        Post(
            department=each.id,
            name=each.name,
            circuit=each.circuit,
            reception=_held(rows, each.id, Duty.RECEPTION, day, told),
            execution=_held(rows, each.id, Duty.EXECUTION, day, told) if each.circuit is Circuit.B else None,
            substitute=_standing_in(rows, each.id, day, told),
            open_files=waiting.get(each.id, 0),
            orphan=each.id in orphaned,
        )
        for each in departments
    )


def receiving(visit: Visit, department: str) -> tuple[str, ...]:
    """R-61: who receives today for that department, each with where the person is when not available."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        return presences.named(counter, responsables(counter.tx, department, counter.today))


def openers(visit: Visit) -> tuple[Person, ...]:
    """P annexe C: whose account may be given the files of a department by a designation, by name."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        return workers(counter.tx)


def account_of(visit: Visit, name: str) -> str:
    """The id of the account to propose for that name, among ``openers``; empty when two people bear it."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        whose = rules.bearers(counter.tx.find("accounts", active=True)).get(name_words(name))
        return next((each.id for each in workers(counter.tx) if whose and each.id == whose["id"]), "")


def may_designate(visit: Visit) -> bool:
    """P annexe C: whether this person keeps the registry, or only reads it."""
    with visit.reading() as counter:
        return may(counter.person, Deed.DESIGNATE)


def history(visit: Visit, department: str) -> tuple[Holder, ...]:
    """Every designation of the department, newest first; nothing is ever overwritten."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_REGISTRY)
        rows = counter.tx.find("designations", department=department)
        told = _Told({}, workers(counter.tx))
    held = (tenure for duty in Duty for tenure in rules.tenures(rows, department, duty))
    newest = sorted(held, key=lambda tenure: tenure.starts_on, reverse=True)
    return tuple(_holder(tenure.designation, tenure.ends_on, told) for tenure in newest)


def designate(visit: Visit, designation: Designation) -> Holder:
    """P annexe C: a designation starts on a day and replaces the one before it.

    Raises ``Refused`` with everything that is missing, each with its field.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = designate_in(counter, {**asdict(designation), "account": designation.account or None})
        return _holder(row, row["ends_on"], _Told({}, workers(counter.tx)))


def designate_in(counter: Counter[Writing], designation: Mapping[str, Any]) -> Row:
    """P annexe C: the same inside the caller's transaction, who has judged who asks; the row added."""
    new = {
        **designation,
        "email": (designation["email"] or "").strip(),
        "person": (designation["person"] or "").strip(),
    }
    _check(counter, new)
    if new.get("account") and not any(each.id == new["account"] for each in workers(counter.tx)):
        raise refused("Ce compte n'ouvre pas de file : choisissez-en un autre, ou aucun.", "R-62", "account")
    row = counter.tx.insert("designations", new, counter.by("désigner"))
    _no_longer_orphaned(counter, row)
    return row


def correct_in(counter: Counter[Writing], designation: str, changes: Mapping[str, Any]) -> Row:
    """R-60: correct a designation inside the caller's transaction; the row afterwards.

    Who holds what, for whom and from which day is history once it has begun, and a last day is today at the
    earliest: raises ``Refused``, one designates anew.
    """
    row = counter.tx.lock("designations", designation)
    if row is None:
        raise refused("Cette désignation n'existe pas.", "P annexe C")
    news = {name: value for name, value in changes.items() if value != row[name]}
    if "person" in news:
        news["account"] = None  # it was given to somebody else
    refuse_all(_rewritten(row, news, counter.today))
    after = {**row, **news}
    if _HELD.isdisjoint(news):
        refuse_all(rules.check_particulars(after))
    else:
        _check(counter, after)
    return counter.tx.update("designations", designation, news, counter.by("corriger la désignation"))


def sign(
    visit: Visit, designation: str, employee: bool, director: bool, signed_on: date | None = None
) -> Holder:
    """P annexe C: the signatures came in, on ``signed_on`` (today if not said), or had not after all."""
    day = (signed_on or town_day(visit.at)) if employee or director else None
    changes = {"employee_signed": employee, "director_signed": director, "signed_on": day}
    return _amended(visit, designation, changes, "signer" if day else "retirer les signatures")


def end(visit: Visit, designation: str, last_day: date) -> Holder:
    """R-60: a substitute stops earlier or later than was said; a Responsable leaves without a successor yet.

    The days already past are not rewritten: the last day is today at the earliest.
    """
    if last_day < town_day(visit.at):
        raise refused(_PAST, "R-60", "ends_on")
    return _amended(visit, designation, {"ends_on": last_day}, "fixer la fin")


def form(visit: Visit, designation: str) -> bytes:
    """P annexe C: the form filled from this designation, on paper (PDF), for both signatures.

    Raises ``Refused`` for who does not keep the registry, or when there is no such designation.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = counter.tx.get("designations", designation)
        if row is None:
            raise refused("Cette désignation n'existe pas.", "P annexe C")
        department = counter.tx.get("departments", row["department"]) or {}
        asked = ("director", "duty", "person", "email", "extension", "starts_on", "ends_on", "signed_on")
        values = {"department": department.get("name"), **{name: row[name] for name in asked}}
        return printing.letter(counter, "annexe_c", values)


def workers(tx: Reading) -> tuple[Person, ...]:
    """Those whose account may open the files of a department that is theirs, by name."""
    rows = tx.find("accounts", order_by=("name",), active=True)
    return tuple(
        person_of(row) for row in rows if not DEEDS[Deed.WORK_QUEUE].isdisjoint(map(Role, row["roles"]))
    )


def told_of_routing(tx: Reading, department: str, day: date) -> rules.Recipients:
    """R-12b: who is told that day that a file has come to the department."""
    row = tx.get("departments", department)
    if row is None:
        return rules.Recipients()
    rows = tx.find("designations", department=department)
    return rules.routing_recipients(rows, department, row["circuit"], day)


def responsables(tx: Reading, department: str, day: date) -> tuple[str, ...]:
    """The names of those who are told for the department that day; empty when it is orphaned."""
    found = told_of_routing(tx, department, day)
    return () if found.orphan else tuple(row["person"] for row in (*found.to, *found.copies))


def orphans(tx: Reading, day: date) -> tuple[str, ...]:
    """R-24, R-60: the ids of the departments in service that have no Responsable that day."""
    departments = [each.id for each in town.departments(tx).values() if each.active]
    return rules.orphans(tx.find("designations"), departments, day)


def directors(tx: Reading) -> tuple[Row, ...]:
    """P §4.1: the accounts of the director of citizen service, who receives what nobody else does (R-24)."""
    accounts = tx.find("accounts", order_by=("name",), active=True)
    return tuple(row for row in accounts if Role.DIRECTOR in row["roles"])


def report_orphan(tx: Writing, department: str, by: Author) -> None:
    """R-24, R-60: the home page says that a department has no Responsable, until one is designated."""
    row = tx.get("departments", department)
    tx.put(
        "tasks",
        {"key": f"orphelin:{department}"},
        {
            "kind": TaskKind.NO_RESPONSABLE,
            "words": f"{row['name'] if row else department} : aucun Responsable n'est désigné.",
            "due_at": by.at,
            "done_at": None,
            "done_by": None,
        },
        by,
    )


def _amended(visit: Visit, designation: str, changes: Mapping[str, Any], act: str) -> Holder:
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = counter.tx.lock("designations", designation)
        if row is None:
            raise refused("Cette désignation n'existe pas.", "P annexe C")
        ends_on = changes.get("ends_on")
        if ends_on is not None and ends_on < row["starts_on"]:
            raise refused("La désignation finit avant d'avoir commencé.", "P annexe C", "ends_on")
        after = counter.tx.update("designations", designation, changes, counter.by(act))
        return _holder(after, after["ends_on"], _Told({}, workers(counter.tx)))


_HELD = frozenset({"department", "duty", "person", "starts_on"})


def _check(counter: Counter[Writing], new: Row) -> None:
    department = counter.tx.lock("departments", new["department"]) if new["department"] else None
    if department is None or not department["active"]:
        raise refused("Choisissez un service.", "P annexe C", "department")
    others = counter.tx.find("designations", department=department["id"])
    existing = [row for row in others if row["id"] != new.get("id")]
    refuse_all(rules.check_designation(new, existing, department["circuit"]))


def _rewritten(row: Row, news: Mapping[str, Any], today: date) -> Iterator[Ground]:
    """R-60: what of the past these changes would rewrite."""
    for name in sorted(_HELD & news.keys()):
        if row["starts_on"] < today:
            label = DESIGNATIONS.field(name).label
            yield Ground(
                f"« {label} » d'une désignation déjà commencée ne change pas : désignez à nouveau.",
                "R-60",
                name,
            )
        elif name == "starts_on" and news[name] is not None and news[name] < today:
            yield Ground(_PAST, "R-60", name)
    if "ends_on" in news and any(
        day is not None and day < today for day in (row["ends_on"], news["ends_on"])
    ):
        yield Ground(_PAST, "R-60", "ends_on")


def _no_longer_orphaned(counter: Counter[Writing], designation: Row) -> None:
    task = counter.tx.first("tasks", key=f"orphelin:{designation['department']}", done_at=None)
    if task is not None and designation["duty"] is not Duty.EXECUTION:
        done = {"done_at": counter.at, "done_by": None if counter.person.system else counter.person.id}
        counter.tx.update("tasks", task["id"], done, counter.by("désigner"))


def _open_files(tx: Reading) -> dict[str, int]:
    files = SQL["files"].c
    query = (
        sa.select(files.department, sa.func.count().label("waiting"))
        .where(files.open.is_(True), files.department.is_not(None))
        .group_by(files.department)
    )
    return {row["department"]: row["waiting"] for row in tx.rows(query)}


@dataclass(frozen=True)
class _Told:
    """What is said beside a name: where the person is, and whether an account of hers opens the files."""

    where: Mapping[str, str]
    workers: Sequence[Person]

    def opens(self, row: Row) -> bool:
        named = name_words(row["person"])
        return any(
            each.id == row["account"]
            or (
                name_words(each.name) == named
                and (row["department"] in each.departments or each.is_one_of(*DESK))
            )
            for each in self.workers
        )


def _held(rows: list[Row], department: str, duty: Duty, day: date, told: _Told) -> Holder | None:
    row = rules.in_force(rows, department, day, duty)
    return None if row is None else _holder(row, row["ends_on"], told)


def _standing_in(rows: list[Row], department: str, day: date, told: _Told) -> Holder | None:
    found = rules.substitutes(rows, department, day)
    return _holder(found[0], found[0]["ends_on"], told) if found else None


def _holder(row: Row, ends_on: date | None, told: _Told) -> Holder:
    return Holder(
        id=row["id"],
        department=row["department"],
        duty=row["duty"],
        person=row["person"],
        email=row["email"],
        extension=row["extension"] or "",
        director=row["director"] or "",
        starts_on=row["starts_on"],
        ends_on=ends_on,
        signed=rules.is_signed(row),
        opens=told.opens(row),
        where=told.where.get(row["person"], ""),
    )
