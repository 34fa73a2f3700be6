"""R-81: what the clock does of conservation: the review of each night, and what a person agreed to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from desk import field_traces, forgetting, left_forms, private, purged_mails
from desk.house import House
from desk.keeping import held
from desk.keeping_due import Due, due, within
from desk.visits import Counter, Visit
from policy.keeping import KeptKind, Term, terms_on
from policy.months import Month
from policy.private_words import PrivateKind
from policy.roles import System
from policy.towntime import town_day
from sync import hold, nights
from sync.history import Whence
from sync.schema import SQL
from sync.states import KeepingState, NightWork
from sync.store import Reading, Row, Writing

T = TypeVar("T")
ACT = "rendre le dossier anonyme au terme de sa conservation"
SPELL = timedelta(seconds=20)  # of one look: the next one goes on
_WRITTEN, _FORGOTTEN = 500, 10  # lines of one transaction: whoever writes waits no longer than for these
_LINES = SQL["keepings"].c
_PRIVATE = {
    KeptKind.COMPLAINT: PrivateKind.COMPLAINT,
    KeptKind.ACCESS: PrivateKind.ACCESS,
    KeptKind.INCIDENT: PrivateKind.INCIDENT,
}


@dataclass(frozen=True)
class Review:
    """What a night found: lines that are new, and those whose record is not due any more."""

    found: int = 0
    gone: int = 0


def review(house: House, at: datetime) -> Review:
    """The dry run: list what is at the end of its term and by which rule; nothing else is touched.

    Run again, it finds nothing new. A record that is due no more (reopened, its term made longer) is listed
    no more, and the agreement to it is over.
    """
    today = town_day(at)
    with house.store.reading() as tx:
        terms = terms_on(tx.find("keeping_terms"), today)
        over = {term.kind: {each.record: each for each in due(tx, term, today)} for term in terms.values()}
        gone = [row["id"] for row in _standing(tx) if row["record"] not in over.get(row["kind"], {})]
        found = [(term, each) for term in terms.values() for each in _news(tx, over[term.kind], term)]
    for batch in _batches(gone):
        with _visit(house, at).writing() as counter:
            _take_off(counter, batch)
    for lot in _batches(found):
        with _visit(house, at).writing() as counter:
            for term, each in lot:
                _list(counter, term, each)
    return Review(len(found), len(gone))


def carry_out(house: House, clock: Callable[[], datetime]) -> int:
    """Make anonymous what a person agreed to, a few at a time, for a short while; how many.

    Cut off anywhere, the next look goes on. Nothing is done while a restore is to be confirmed. What is held,
    or due no more, waits for a person again.
    """
    began, done = clock(), 0
    while clock() - began < SPELL:
        with _visit(house, clock()).writing() as counter:
            if hold.since(counter.tx) is not None:
                return done
            query = sa.select(_LINES.id).where(_LINES.state == KeepingState.AGREED).order_by(_LINES.id)
            batch = counter.tx.rows(query.limit(_FORGOTTEN))
            for line in batch:
                done += _forget(counter, line["id"])
            if batch:
                nights.ask(counter.tx, NightWork.SWEEP, counter.at)
        if len(batch) < _FORGOTTEN:
            return done
    return done


def _forget(counter: Counter[Writing], id: str) -> int:
    line = counter.tx.lock("keepings", id)
    if line is None or line["state"] is not KeepingState.AGREED:
        return 0
    if held(counter.tx, line):
        back = {"state": KeepingState.DUE, "agreed_at": None, "agreed_by": None,
                "why_not": "Accepté, puis retenu par une suspension de la conservation."}  # fmt: skip
        counter.tx.update("keepings", id, back, counter.by("retenir le dossier"))
        return 0
    term = terms_on(counter.tx.find("keeping_terms"), counter.today).get(line["kind"])
    if not _is_due(counter.tx, term, line, counter.at):
        _take_off(counter, [id])
        return 0
    _make_anonymous(counter, line)
    done = {"state": KeepingState.DONE, "done_at": counter.at, "why_not": None}
    counter.tx.update("keepings", id, done, counter.by(ACT))
    return 1


def _make_anonymous(counter: Counter[Writing], line: Row) -> None:
    kind, record = line["kind"], line["record"]
    if kind is KeptKind.MAILS:
        mails = SQL["mails"]
        of_month = within(mails.c, Month.parse(record))
        rows = counter.tx.rows(sa.select(mails).where(mails.c.file.is_(None), *of_month))
        purged_mails.clear_folder(counter.house, purged_mails.forget_these(counter, rows))
    elif kind is KeptKind.SERVICE_REFUSAL:
        row = counter.tx.hold("service_refusals", record)
        counter.tx.shred("service_refusals", record, counter.by(ACT))
        if row is not None:
            forgetting.citizen(counter, row["citizen"], ACT)
    elif kind is KeptKind.WATCH:
        counter.tx.shred("watch", record, counter.by(ACT))
    elif kind is KeptKind.REPORT:
        report = counter.tx.lock("field_reports", record)
        if report is not None:
            field_traces.drop(counter, report)
            counter.tx.shred("field_reports", record, counter.by(ACT))
    elif kind is KeptKind.FORM:
        left_forms.forget(counter.tx, record)
    elif kind in _PRIVATE:
        of = _PRIVATE[kind]
        forgetting.private(counter, of, private.TABLES[of], record, ACT)
    else:
        file = counter.tx.lock("files", record)
        if file is not None:
            forgetting.outline(counter, file, ACT)


def _standing(tx: Reading) -> list[Row]:
    states = (KeepingState.DUE, KeepingState.AGREED)
    query = sa.select(_LINES.id, _LINES.kind, _LINES.record)
    return tx.rows(query.where(_LINES.state.in_(states)).order_by(_LINES.id))


def _is_due(tx: Reading, term: Term | None, line: Row, at: datetime) -> bool:
    return term is not None and any(True for _ in due(tx, term, town_day(at), line["record"]))


def _news(tx: Reading, over: Mapping[str, Due], term: Term) -> Iterator[Due]:
    """What is due and on no line, or on one that was taken off."""
    listed = (KeepingState.DUE, KeepingState.AGREED, KeepingState.DONE)
    query = sa.select(_LINES.record).where(_LINES.kind == term.kind, _LINES.state.in_(listed))
    known = {row["record"] for row in tx.rows(query)}
    return (each for record, each in over.items() if record not in known)


def _list(counter: Counter[Writing], term: Term, each: Due) -> None:
    values = {
        "number": each.number,
        "closed_on": each.closed_on,
        "rule": term.words[:300],
        "state": KeepingState.DUE,
        "found_on": counter.today,
        "why_not": None,
    }
    key = {"kind": term.kind, "record": each.record}
    there = counter.tx.first("keepings", **key)
    if there is None or there["state"] is KeepingState.GONE:
        counter.tx.put("keepings", key, values, counter.by("dresser la liste du terme"))


def _take_off(counter: Counter[Writing], lines: Sequence[str]) -> None:
    off = {"state": KeepingState.GONE, "agreed_at": None, "agreed_by": None}
    for id in lines:
        counter.tx.update("keepings", id, off, counter.by("retirer de la liste du terme"))


def _batches(all_of_them: Sequence[T]) -> Iterator[Sequence[T]]:
    return (all_of_them[start : start + _WRITTEN] for start in range(0, len(all_of_them), _WRITTEN))


def _visit(house: House, at: datetime) -> Visit:
    return Visit(house, at, system=System.CLOCK, whence=Whence.CLOCK)
