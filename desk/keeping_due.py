"""R-81: the records that a term has reached, read as the store holds them; nothing of what they say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from desk import left_forms
from desk.purged_mails import ERASED
from policy.keeping import OF_FILES, KeptKind, Term
from policy.months import Month
from policy.private_words import AccessState, ComplaintState
from policy.towntime import from_town, town_day
from sync.link_tables import TOMBSTONES
from sync.schema import SQL
from sync.store import Reading

_ENDED = (ComplaintState.CONCLUDED, ComplaintState.INADMISSIBLE, ComplaintState.WITHDRAWN)
_SETTLED = (AccessState.ANSWERED, AccessState.DECIDED)


@dataclass(frozen=True)
class Due:
    """One record whose term is over: which, under which number, closed on which day."""

    record: str
    number: str
    closed_on: date


def due(tx: Reading, term: Term, today: date, record: str = "") -> Iterator[Due]:
    """The records of that kind closed long enough; ``record``: only that one, if it is."""
    before = term.closed_before(today)
    if before is None:
        return
    for each in _READERS.get(term.kind, _files)(tx, term.kind, before, record):
        if each.closed_on <= before:
            yield each


def _files(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    files = SQL["files"].c
    closed = sa.func.coalesce(files.closed_at, files.completed_at, files.moved_at, files.received_at)
    query = sa.select(files.id, files.number, closed.label("closed")).where(
        files.nature.in_(sorted(OF_FILES[kind])), files.open.is_(False), closed < _end_of(before),
        ~_forgotten("files", files.id),
    )  # fmt: skip
    for row in _of(tx, query, files.id, record):
        yield Due(row["id"], row["number"], town_day(row["closed"]))


def _complaints(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    rows = SQL["complaints"].c
    query = sa.select(rows.id, rows.number, rows.answered_on, rows.concluded_at, rows.updated_at).where(
        rows.state.in_(_ENDED), ~_forgotten("complaints", rows.id)
    )
    for row in _of(tx, query, rows.id, record):
        closed = row["answered_on"] or town_day(row["concluded_at"] or row["updated_at"])
        yield Due(row["id"], row["number"], closed)


def _access(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    rows = SQL["access_requests"].c
    query = sa.select(rows.id, rows.number, rows.answered_on, rows.decided_on).where(
        rows.state.in_(_SETTLED), ~_forgotten("access_requests", rows.id)
    )
    for row in _of(tx, query, rows.id, record):
        closed = row["answered_on"] or row["decided_on"]
        if closed is not None:
            yield Due(row["id"], row["number"], closed)


def _refusals(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    rows = SQL["service_refusals"].c
    query = sa.select(rows.id, rows.starts_on, rows.ends_on, rows.lifted_at).where(
        ~_forgotten("service_refusals", rows.id)
    )
    for row in _of(tx, query, rows.id, record):
        ended = town_day(row["lifted_at"]) if row["lifted_at"] else row["ends_on"]
        yield Due(row["id"], f"Refus du {row['starts_on']}", min(ended, row["ends_on"]))


def _incidents(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    rows = SQL["incidents"].c
    query = sa.select(rows.id, rows.found_on, rows.closed_on).where(
        rows.closed_on.is_not(None), ~_forgotten("incidents", rows.id)
    )
    for row in _of(tx, query, rows.id, record):
        yield Due(row["id"], f"Incident du {row['found_on']}", row["closed_on"])


def _months(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    """Lists and gathered notices go by whole months: they name many files, and nobody in them."""
    mails = SQL["mails"].c
    first = tx.scalar(sa.select(sa.func.min(mails.created_at)).where(*_whole(mails)))
    month = Month.parse(record) if record else Month.of(town_day(first)) if first else None
    while month is not None and month.last <= before:
        count = tx.scalar(sa.select(sa.func.count()).where(*_whole(mails), *within(mails, month)))
        if count:
            yield Due(str(month), f"{month} ({count})", month.last)
        month = None if record else month.next


def _watched(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    """R-19: what was seen on social networks and became no file."""
    rows = SQL["watch"].c
    query = sa.select(rows.id, rows.seen_on).where(rows.file.is_(None), rows.seen_on <= before)
    for row in _of(tx, query, rows.id, record):
        yield Due(row["id"], f"Vu le {row['seen_on']}", row["seen_on"])


def _reported(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    """R-6: what was noted in the field and not taken as a file; « closed » the day that it was judged."""
    rows = SQL["field_reports"].c
    query = sa.select(rows.id, rows.sent_at, rows.judged_at).where(
        rows.file.is_(None), rows.judged_at < _end_of(before)
    )
    for row in _of(tx, query, rows.id, record):
        yield Due(row["id"], f"Noté le {town_day(row['sent_at'])}", town_day(row["judged_at"]))


def _left(tx: Reading, kind: KeptKind, before: date, record: str) -> Iterator[Due]:
    """R-81: what was begun and never saved; « closed » the day that anything was last typed in it."""
    for form in sorted(left_forms.forms(tx), key=lambda each: each.id):
        if form.last_at < _end_of(before) and record in ("", form.id):
            yield Due(form.id, form.words, town_day(form.last_at))


def within(mails: Any, month: Month) -> tuple[sa.ColumnElement[bool], ...]:
    """Those of a month, in town."""
    return mails.created_at >= _start_of(month.first), mails.created_at < _end_of(month.last)


def _whole(mails: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return mails.file.is_(None), mails.subject != ERASED


_READERS: Mapping[KeptKind, Callable[[Reading, KeptKind, date, str], Iterator[Due]]] = {
    KeptKind.COMPLAINT: _complaints,
    KeptKind.ACCESS: _access,
    KeptKind.SERVICE_REFUSAL: _refusals,
    KeptKind.INCIDENT: _incidents,
    KeptKind.MAILS: _months,
    KeptKind.WATCH: _watched,
    KeptKind.REPORT: _reported,
    KeptKind.FORM: _left,
}


def _forgotten(table: str, id: Any) -> sa.ColumnElement[bool]:
    stones = TOMBSTONES.c
    return sa.exists().where(stones.table_name == table, stones.record == id)


def _of(tx: Reading, query: sa.Select[Any], id: Any, record: str) -> list[Any]:
    return list(tx.rows(query.where(id == record) if record else query.order_by(id)))


def _start_of(day: date) -> datetime:
    return from_town(datetime.combine(day, time(0)))


def _end_of(day: date) -> datetime:
    return _start_of(day + timedelta(days=1))
