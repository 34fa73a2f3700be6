"""The requests for access, those that wait first, and the register the town can be asked for (R-53)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import access, private
from desk.visits import Counter, Visit
from policy.confidentiality import PrivateAct, may_private
from policy.private_words import AccessState, Decision, Light, PrivateKind
from policy.reasons import Deadline, refused
from policy.towntime import town_day
from policy.words import Role
from sync.schema import SQL
from sync.store import Row
from sync.workbook import Sheet, workbook

BEGINNING = 110  # characters of what is asked, in the list
SIZE = 25  # requests of one page
LISTED = "Liste des demandes d'accès"


@dataclass(frozen=True)
class Line:
    """One request of the list; ``words`` is the beginning of what is asked."""

    number: str
    state: AccessState
    received_on: date
    who: str
    words: str
    due: Deadline | None
    light: Light
    decision: Decision | None
    answered_on: date | None


@dataclass(frozen=True)
class Page:
    """One page of the list; ``silent`` counts, on every page, those past the last day of the Law."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int
    silent: int


def page(visit: Visit, done: bool = False, number: int = 1) -> Page:
    """R-52: the requests that wait, by their last day, those without a clock last; or those that ended.

    What the list shows of each is a reading, recorded once a day. Raises ``Refused`` for who keeps none.
    """
    with visit.reading() as counter:
        _refuse_unless_keeping(counter)
        lying = [row for row in counter.tx.rows(select(SQL[access.TABLE])) if _ended(row) is done]
        total, pages = len(lying), max(1, -(-len(lying) // SIZE))
        at = min(max(number, 1), pages)
        first, last = (at - 1) * SIZE, at * SIZE
        if done:  # its order needs nothing sealed: only what is shown is opened
            rows = counter.tx.unsealed(access.TABLE, sorted(lying, key=_latest)[first:last])
            lines = [_line(counter, row) for row in rows]
        else:
            rows = counter.tx.unsealed(access.TABLE, lying)
            lines = sorted((_line(counter, row) for row in rows), key=_soonest)
        silent = sum(line.light is Light.SILENT for line in lines)
        shown = lines if done else lines[first:last]
        ids = {row["number"]: row["id"] for row in rows}
        unread = _unread(counter, [ids[line.number] for line in shown])
    if unread:
        with visit.writing() as writing:
            for record in unread:
                private.record(writing, PrivateKind.ACCESS, record, LISTED)
    return Page(tuple(shown), at, pages, total, silent)


def exported(visit: Visit) -> bytes:
    """R-53: the register as a workbook, in the order of the numbers; taking it is recorded of each request.

    Text that begins like a formula stays text. Raises ``Refused`` for who keeps none.
    """
    with visit.writing() as counter:
        _refuse_unless_keeping(counter)
        rows = counter.tx.find(access.TABLE, order_by=("number",))
        for row in rows:
            private.record(counter, PrivateKind.ACCESS, row["id"], "Registre exporté")
        cells = [[_cell(counter, row, name) for name in _COLUMNS] for row in rows]
    headers = [_COMPUTED.get(name) or access.label(name) for name in _COLUMNS]
    return workbook([Sheet("Demandes d'accès", headers, cells)])


def _line(counter: Counter[Any], row: Row) -> Line:
    standing, due = access.standing_of(row), access.due_of(counter, row)
    words = " ".join(row["words"].split())
    return Line(
        number=row["number"],
        state=row["state"],
        received_on=standing.written_on or standing.received_on,
        who=row["name"] or row["organisation"] or "",
        words=words if len(words) <= BEGINNING else f"{words[: BEGINNING - 1]}…",
        due=due,
        light=access.light_of(standing, due, counter.today),
        decision=row["decision"],
        answered_on=row["answered_on"],
    )


def _soonest(line: Line) -> tuple[date, date, str]:
    legal = line.due.legal if line.due else None
    return legal or date.max, line.received_on, line.number


def _ended(row: Row) -> bool:
    """Whether nothing is awaited of the town any more, by what lies open."""
    return row["answered_on"] is not None or row["decision"] is Decision.WITHDRAWN


def _latest(row: Row) -> tuple[int, str]:
    ended_on: date = row["answered_on"] or row["decided_on"]
    return -ended_on.toordinal(), row["number"]


def _unread(counter: Counter[Any], records: Sequence[str]) -> list[str]:
    """Of these, those this person has not seen in a list today."""
    readings = SQL["readings"]
    query = select(readings.c.record, readings.c.read_at).where(
        readings.c.kind_of_file == PrivateKind.ACCESS,
        readings.c.record.in_(records),
        readings.c.account == counter.person.id,
        readings.c.what == LISTED,
    )
    seen = {row["record"] for row in counter.tx.rows(query) if town_day(row["read_at"]) == counter.today}
    return [record for record in records if record not in seen]


def _refuse_unless_keeping(counter: Counter[Any]) -> None:
    if not may_private(counter.person, PrivateAct.READ, PrivateKind.ACCESS):
        raise refused(
            "Vous ne pouvez pas consulter les demandes d'accès : elles sont réservées "
            f"({Role.GENERAL}, {Role.CLERK}).",
            "P §4.6",
        )


_COLUMNS = (
    *("number", "received_at", "written_on", "channel", "name", "organisation", "words", "state"),
    *("target_on", "legal_on", "noticed_on", "extended_on", "extension_days", "extension_ground"),
    *("third_party", "third_party_told_on", "third_party_answer_on"),
    *("decision", "decided_on", "reason", "provisions", "other_body", "answered_on", "days", "light"),
)
_COMPUTED = {"days": "Jours pour répondre", "light": "Délai"}


def _cell(counter: Counter[Any], row: Row, name: str) -> str | int | date | datetime | None:
    standing, due = access.standing_of(row), access.due_of(counter, row)
    if name == "days":
        written, answered = standing.written_on, standing.answered_on
        return (answered - written).days if written and answered else None
    if name == "light":
        return access.light_of(standing, due, counter.today).value
    if name == "target_on":
        return access.day_of(due) if due else None
    if name == "legal_on":
        return due.legal if due else None
    if name == "extension_days":
        return standing.extension_days or None
    value: str | int | date | datetime | None = row[name]
    return value
