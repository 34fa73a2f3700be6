"""Which private files a visit may see, and the journal of who read them: in this one place (R-33)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from desk.scope import NotFound
from desk.visits import Counter
from policy.confidentiality import BONDS, Bond, PrivateAct, may_private, may_read_by_role
from policy.private_words import PrivateKind
from policy.words import Role
from sync.schema import SQL
from sync.store import Row, Writing

TABLES: Mapping[PrivateKind, str] = {
    PrivateKind.COMPLAINT: "complaints",
    PrivateKind.ACCESS: "access_requests",
    PrivateKind.CLAIM: "claims",
    PrivateKind.SERVICE_REFUSAL: "service_refusals",
    PrivateKind.INCIDENT: "incidents",
    PrivateKind.PERSONNEL: "personnel",
}
ONCE = timedelta(minutes=1)  # two readings of one thing within it are one


@dataclass(frozen=True)
class Read:
    """One line of the journal: who read what, when."""

    who: str
    what: str
    at: datetime


def visible(counter: Counter[Any], kind: PrivateKind) -> ColumnElement[bool]:
    """The condition on the table of that kind: only the rows this visit may read.

    By its roles all of them; else those it has a bond with, which is asked of the database in each act.
    """
    if counter.person.system:
        return false()
    if may_read_by_role(counter.person, kind):
        return true()
    bonds = BONDS.get(kind, {}).get(PrivateAct.READ, frozenset())
    ways = [_bound(counter, kind, bond) for bond in Bond if bond in bonds]
    return or_(*ways) if ways else false()


def bonds(counter: Counter[Any], kind: PrivateKind, record: str) -> frozenset[Bond]:
    """What ties this visit to that file at this moment."""
    table = SQL[TABLES[kind]]
    possible = {bond for found in BONDS.get(kind, {}).values() for bond in found}
    return frozenset(
        bond
        for bond in possible
        if counter.tx.scalar(select(table.c.id).where(table.c.id == record, _bound(counter, kind, bond)))
    )


def may(counter: Counter[Any], act: PrivateAct, kind: PrivateKind, record: str) -> bool:
    """Whether this visit may do that with that file now."""
    return may_private(counter.person, act, kind, bonds(counter, kind, record))


def in_sight(counter: Counter[Any], kind: PrivateKind, row: Row | None) -> Row:
    """The row just read, when this visit may know it exists. Raises ``NotFound``, as for no row at all."""
    if row is None or not may(counter, PrivateAct.READ, kind, row["id"]):
        raise NotFound
    return row


def record(counter: Counter[Writing], kind: PrivateKind, record: str, what: str) -> None:
    """R-33: write in the journal that this visit reads ``what`` of that file; once a minute is enough."""
    asked = SQL["readings"]
    already = counter.tx.scalar(
        select(asked.c.id)
        .where(
            asked.c.kind_of_file == kind,
            asked.c.record == record,
            asked.c.account == counter.person.id,
            asked.c.what == what,
            asked.c.read_at > counter.at - ONCE,
            asked.c.read_at <= counter.at,
        )
        .limit(1)
    )
    if already is None:
        counter.tx.insert(
            "readings",
            {
                "kind_of_file": kind,
                "record": record,
                "account": counter.person.id,
                "who": counter.person.name,
                "what": what,
                "read_at": counter.at,
            },
            counter.by("consulter"),
        )


def readings(counter: Counter[Any], kind: PrivateKind, record: str) -> Sequence[Read]:
    """The journal of a file, the latest first; the caller has judged who may see it."""
    rows = counter.tx.find("readings", ("-read_at",), kind_of_file=kind, record=record)
    return tuple(Read(row["who"], row["what"], row["read_at"]) for row in rows)


def _bound(counter: Counter[Any], kind: PrivateKind, bond: Bond) -> ColumnElement[bool]:
    """Which rows of that kind's table this visit has that bond with."""
    me = counter.person.id
    match kind, bond:
        case PrivateKind.COMPLAINT, Bond.INVESTIGATOR:
            return and_(SQL["complaints"].c.investigator == me, _still_investigates(counter))
        case PrivateKind.COMPLAINT, Bond.READER:
            readers = SQL["complaint_readers"]
            return exists().where(
                readers.c.complaint == SQL["complaints"].c.id,
                readers.c.account == me,
                readers.c.since <= counter.at,
                or_(readers.c.until.is_(None), readers.c.until > counter.at),
            )
        case PrivateKind.PERSONNEL, Bond.AUTHOR:
            return SQL["personnel"].c.entered_by == me
    return false()


def _still_investigates(counter: Counter[Any]) -> ColumnElement[bool]:
    """R-31: the director, as long as he or she is; somebody else, as long as the designation holds."""
    if counter.person.is_one_of(Role.DIRECTOR):
        return true()
    named = SQL["investigators"]
    return exists().where(
        named.c.complaint == SQL["complaints"].c.id,
        named.c.account == counter.person.id,
        named.c.starts_on <= counter.today,
        or_(named.c.ends_on.is_(None), named.c.ends_on >= counter.today),
    )
