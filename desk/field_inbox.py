"""The desk's inbox of field reports (P §4.3): each becomes a file, joins one, or is declined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from desk import attachments, contacts, field_reports
from desk.citizens import Caller
from desk.contacts import Again, Logged
from desk.contents import Content
from desk.demand import Demand
from desk.field_reports import Photo, Report
from desk.field_traces import drop, drop_photos, report_of, token_of
from desk.intake import Opened, open_file
from desk.visits import Counter, Visit
from policy.counter_words import ReportState
from policy.field_reports import ARTICLE
from policy.reasons import Refused, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Channel
from sync import history
from sync.counter_tables import FIELD_REPORTS
from sync.schema import SQL
from sync.store import Row, Writing

__all__ = ["report_of", "token_of"]

_BORNE = frozenset({"token", "author", "sent_at", "state", "judged_at", "judged_by"})  # says nothing noted


@dataclass(frozen=True)
class Arrival:
    """A report that waits: what it says, who noted it, its photographs."""

    report: Report
    author: str
    department: str  # its name
    photos: tuple[Photo, ...]


def waiting(visit: Visit) -> list[Arrival]:
    """The reports that wait, the oldest first; for whoever enters demands, else none."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return []
        rows = counter.tx.find("field_reports", ("sent_at",), state=ReportState.WAITING)
        return [_arrival(counter, row) for row in rows]


def one(visit: Visit, report: str) -> Arrival | None:
    """The report of that id while it waits; ``None`` once it does not, or for who enters no demand."""
    with visit.reading() as counter:
        row = counter.tx.get("field_reports", report)
        if row is None or row["state"] is not ReportState.WAITING:
            return None
        return _arrival(counter, row) if may(counter.person, Deed.ENTER_DEMAND) else None


def count(visit: Visit) -> int:
    """How many wait; 0 for who enters no demand."""
    with visit.reading() as counter:
        return counted(counter)


def counted(counter: Counter[Any]) -> int:
    """The same in an act under way."""
    if not may(counter.person, Deed.ENTER_DEMAND):
        return 0
    reports = SQL["field_reports"]
    return int(counter.tx.scalar(select(func.count()).where(reports.c.state == ReportState.WAITING)))


def prefill(visit: Visit, report: str) -> Demand:
    """R-5: the form of a demand, filled with what was noted; its clock starts when it came to the inbox.

    The token is that of the report: accepting it twice opens one file. Raises ``Refused``.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row = counter.tx.get("field_reports", report)
        if row is None or row["state"] is not ReportState.WAITING:
            raise _settled()
        said = field_reports.noted(row)
        return Demand(
            token=token_of(report),
            channel=Channel.FIELD,
            nature=said.nature,
            department=said.department,
            received_at=row["sent_at"],
            facts=said.facts,
            civic=said.civic,
            street=said.street,
            place_note=said.place_note,
            caller=Caller(
                name=said.name, phone=said.phone, email=said.email, civic=said.home_civic,
                street=said.home_street, city=said.home_city, postal_code=said.home_postal_code,
            ),
        )  # fmt: skip


def accept(visit: Visit, report: str, demand: Demand) -> Opened:
    """P §4.3, R-1: open the file, and give it the photographs, in one transaction.

    A second click returns the file already opened. Raises ``Refused`` as ``desk.intake.open_file`` does, or
    when the report was settled otherwise meanwhile.
    """
    if demand.token != token_of(report):
        raise ValueError("the demand is not the one of this report")

    def tie(counter: Counter[Writing], opened: Opened) -> None:
        row = counter.tx.lock("field_reports", report)
        if row is not None and row["file"] == opened.id:
            return
        _still_waiting(row)
        file = counter.tx.lock("files", opened.id)
        if file is not None:
            _settle(counter, report, ReportState.OPENED, "accueillir le signalement", file=file)

    return open_file(visit, demand, tie)


def join(visit: Visit, report: str, again: Again) -> Logged:
    """R-9, R-18: it is about a file that is open: noted on it, its photographs with it; no other number.

    Twice changes nothing. Raises ``NotFound`` for a file that is not theirs, ``Refused`` as
    ``desk.contacts.note`` does, or when the report was settled otherwise.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row = counter.tx.lock("field_reports", report)
        at = again.at or (row["sent_at"] if row is not None else None)
        call = replace(again, token=token_of(report), channel=Channel.FIELD, at=at)
        noted = contacts.note_in(counter, call)
        if row is not None and row["file"] == noted.file:
            return noted
        row = _still_waiting(row)
        file = counter.tx.lock("files", noted.file)
        _settle(counter, report, ReportState.JOINED, "joindre le signalement à un dossier", file=file)
        drop(counter, row)
        return noted


def decline(visit: Visit, report: str, reason: str) -> None:
    """P §4.1: it is not a demand; its author reads why. Raises ``Refused`` without a reason, or when settled.

    Declining twice changes nothing.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        if not reason.strip():
            raise refused("Écrivez le motif : la personne qui a signalé le lira.", "R-6", "reason")
        row = counter.tx.lock("field_reports", report)
        if row is not None and row["state"] is ReportState.DECLINED:
            return
        row = _still_waiting(row)
        _settle(counter, report, ReportState.DECLINED, "refuser le signalement", reason=reason.strip())
        drop(counter, row)


def send_elsewhere(visit: Visit, report: str) -> None:
    """P §4.4, R-29: it was a complaint, or a request for access: nothing that was noted is kept.

    The row says when it came and from whom, its history nothing more. Raises ``Refused`` when settled.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row = counter.tx.lock("field_reports", report)
        if row is not None and row["state"] is ReportState.ELSEWHERE:
            return
        forget(counter, _still_waiting(row))
    visit.house.store.settle()  # what was erased leaves the disk too


def forget(counter: Counter[Writing], row: Row) -> None:
    """R-29, R-33: nothing of what was noted is left, in the row, in its history, in a photograph."""
    by = counter.by("diriger ailleurs le signalement")
    blank = {field.name: None for field in FIELD_REPORTS.fields if field.name not in _BORNE}
    settled = {"state": ReportState.ELSEWHERE, "judged_at": counter.at, "judged_by": counter.person.id}
    counter.tx.update("field_reports", row["id"], {**blank, **settled}, by)
    history.erase(counter.tx, "field_reports", row["id"], None, by)
    drop(counter, row)


def _settle(
    counter: Counter[Writing], report: str, state: ReportState, act: str, file: Row | None = None,
    reason: str | None = None,
) -> None:  # fmt: skip
    changes = {"state": state, "judged_at": counter.at, "judged_by": counter.person.id, "reason": reason}
    if file is not None:
        changes["file"] = file["id"]
        _move_photos(counter, report, file)
    counter.tx.update("field_reports", report, changes, counter.by(act))


def _move_photos(counter: Counter[Writing], report: str, file: Row) -> None:
    """The photographs become documents of the file, brought by who took them."""
    row = counter.tx.get("field_reports", report)
    if row is None:
        return
    for photo in _of(counter, row):
        brought = Content(photo["name"], photo["media_type"], photo["content"], photo["once"][-64:])
        attachments.keep_in(counter, file, brought, photo["added_by"], photo["added_at"])
    drop_photos(counter, row)


def _of(counter: Counter[Any], row: Row) -> Sequence[Row]:
    rows: list[Row] = counter.tx.find("report_photos", ("id",), token=row["token"], added_by=row["author"])
    return rows


def _still_waiting(row: Row | None) -> Row:
    if row is None or row["state"] is not ReportState.WAITING:
        raise _settled()
    return row


def _settled() -> Refused:
    return refused("Ce signalement a déjà été accueilli ou refusé.", ARTICLE)


def _arrival(counter: Counter[Any], row: Row) -> Arrival:
    author = counter.tx.get("accounts", row["author"])
    department = counter.tx.get("departments", row["department"])
    return Arrival(
        report=field_reports.shown(counter, row),
        author=author["name"] if author else "",
        department=department["name"] if department else "",
        photos=tuple(
            Photo(each["id"], each["name"], each["media_type"], each["size"]) for each in _of(counter, row)
        ),
    )
