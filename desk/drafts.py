"""What a person has begun to type, kept on the server until it is saved (architecture 10)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from desk.visits import Counter, Visit
from policy.reasons import Ground, refuse_all, refused
from policy.words import Nature
from sync.schema import SQL, UNWRITABLE
from sync.store import Reading, Row, Writing

NEW = "nouvelle"  # the kind of record of a demand not yet saved: « nouvelle:<its token> »
FIELD = "terrain"  # of a field report not yet sent

LARGEST = 200_000  # characters of one field: what a form refuses as too long is still worth keeping
MOST = 5_000  # fields begun and never saved, for one account


@dataclass(frozen=True)
class Draft:
    """One field as typed, the value shown when typing began, and when it was typed.

    Values are what JSON can hold: text, number, true or false, none, and lists; a date is its ISO text.
    """

    value: Any
    based_on: Any
    typed_at: datetime


@dataclass(frozen=True)
class Call:
    """A demand begun and not saved: the token of its form, when it was begun, its fields as typed."""

    token: str
    begun_at: datetime
    fields: Mapping[str, Any]


def of_call(token: str) -> str:
    """The record of the demand whose form has that token: two calls at once are two records."""
    return f"{NEW}:{token}"


def of_report(token: str) -> str:
    """The record of the field report whose form has that token."""
    return f"{FIELD}:{token}"


def calls(visit: Visit, kind: str = NEW) -> tuple[Call, ...]:
    """The demands this person's account has begun and not saved, from whatever session, newest first.

    With ``FIELD``, the field reports begun and not sent.
    """
    drafts = SQL["drafts"]
    query = select(drafts).where(drafts.c.record.startswith(f"{kind}:", autoescape=True))
    with visit.reading() as counter:
        rows = counter.tx.rows(query.where(drafts.c.account == counter.person.id))
    begun: dict[str, list[Row]] = {}
    for row in rows:
        begun.setdefault(row["record"], []).append(row)
    found = (
        Call(
            record.partition(":")[2],
            min(row["created_at"] for row in fields),
            {row["field"]: row["value"] for row in fields},
        )
        for record, fields in begun.items()
    )
    return tuple(sorted(found, key=lambda call: call.begun_at, reverse=True))


def keep(visit: Visit, record: str, field: str, value: Any, based_on: Any = None) -> None:
    """Keep one field; see ``keep_all``."""
    keep_all(visit, record, {field: value}, {field: based_on})


def keep_all(
    visit: Visit, record: str, typed: Mapping[str, Any], based_on: Mapping[str, Any] | None = None
) -> None:
    """Keep several fields of one record (a file's id, or ``of_call``), replacing what was kept of them.

    ``based_on`` is kept from the first time the field was typed: it stays what the person saw. A field typed
    back to that is forgotten. Raises ``Refused`` for the fields too large to keep, after keeping the others.
    """
    keep_rows(visit, {record: typed}, {record: based_on or {}})


def keep_rows(
    visit: Visit,
    typed: Mapping[str, Mapping[str, Any]],
    based_on: Mapping[str, Mapping[str, Any]],
) -> None:
    """The same for several records at once (the rows of a grid), in one transaction."""
    too_large = {
        (record, field)
        for record, fields in typed.items()
        for field, value in fields.items()
        if _size(value) > LARGEST
    }
    with visit.writing() as counter:
        typed = {record: typed[record] for record in typed.keys() - _private(counter, list(typed))}
        kept = _of(counter, list(typed))
        new = {
            (record, field)
            for record in typed
            for field in typed[record].keys() - kept.get(record, {}).keys()
        }
        _refuse_too_many(counter, new=len(new))
        for record, fields in typed.items():
            begun = kept.get(record, {})
            for field, value in fields.items():
                if (record, field) in too_large:
                    continue
                first = begun[field]["based_on"] if field in begun else based_on.get(record, {}).get(field)
                if value == first:
                    _forget(counter, record, [field])
                else:
                    _write(counter, record, field, value, first)
    refuse_all(
        Ground(
            f"Ce texte est trop long pour être gardé en brouillon ({LARGEST} caractères au plus).", "", field
        )
        for field in sorted({field for _, field in too_large})
    )


def rebase(visit: Visit, record: str, field: str, based_on: Any) -> None:
    """Keep what was typed, now as an answer to ``based_on``: the person has seen what another wrote."""
    with visit.writing() as counter:
        begun = _of(counter, [record]).get(record, {})
        if field in begun:
            _write(counter, record, field, begun[field]["value"], based_on)


def recall(visit: Visit, record: str) -> dict[str, Draft]:
    """What this person's account has begun on a record, from whatever session."""
    return recall_all(visit, [record]).get(record, {})


def recall_all(visit: Visit, records: Iterable[str]) -> dict[str, dict[str, Draft]]:
    """The same for the rows of a grid: by record, then by field; records without a draft are left out."""
    with visit.reading() as counter:
        begun = _of(counter, list(records))
    return {
        record: {
            field: Draft(row["value"], row["based_on"], row["typed_at"]) for field, row in fields.items()
        }
        for record, fields in begun.items()
    }


def drop(visit: Visit, record: str, fields: Iterable[str] | None = None) -> None:
    """Forget a record's draft, or only some fields of it."""
    with visit.writing() as counter:
        drop_in(counter, record, fields)


def drop_in(counter: Counter[Writing], record: str, fields: Iterable[str] | None = None) -> None:
    """The same in the transaction of the save that makes the draft useless."""
    _forget(counter, record, None if fields is None else list(fields))


def _of(counter: Counter[Reading] | Counter[Writing], records: list[str]) -> dict[str, dict[str, Row]]:
    drafts = SQL["drafts"]
    begun: dict[str, dict[str, Row]] = {}
    query = select(drafts).where(drafts.c.account == counter.person.id, drafts.c.record.in_(records))
    for row in counter.tx.rows(query.order_by(drafts.c.record, drafts.c.field)):
        begun.setdefault(row["record"], {})[row["field"]] = row
    return begun


def _private(counter: Counter[Writing], records: list[str]) -> set[str]:
    """The files among these that have become private ones while a tab was still open on them (R-29)."""
    files = SQL["files"]
    found = select(files.c.id).where(files.c.id.in_(records), files.c.nature == Nature.COMPLAINT)
    return {row["id"] for row in counter.tx.rows(found)}


def _write(counter: Counter[Writing], record: str, field: str, value: Any, based_on: Any) -> None:
    key = {"account": counter.person.id, "record": record, "field": field}
    # a sign that no database holds, out of some paste, must not cost the rest of what was typed
    kept = UNWRITABLE.sub("", value) if isinstance(value, str) else value
    values = {"value": kept, "based_on": based_on, "typed_at": counter.at}
    counter.tx.put("drafts", key, values, counter.by("brouillon"))


def _forget(counter: Counter[Writing], record: str, fields: list[str] | None) -> None:
    drafts = SQL["drafts"]
    which = (drafts.c.account == counter.person.id) & (drafts.c.record == record)
    if fields is not None:
        which &= drafts.c.field.in_(fields)
    counter.tx.connection.execute(delete(drafts).where(which))


def _refuse_too_many(counter: Counter[Writing], new: int) -> None:
    drafts = SQL["drafts"]
    mine = select(func.count()).select_from(drafts).where(drafts.c.account == counter.person.id)
    if new and int(counter.tx.scalar(mine)) + new > MOST:
        raise refused(f"Vous avez plus de {MOST} saisies commencées : enregistrez-en ou effacez-en d'abord.")


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))
