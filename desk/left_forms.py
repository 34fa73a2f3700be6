"""Forms begun and never saved, as conservation sees them (R-81): whose, since when, and how they go.

A call set aside or cut, a field report never sent and its photographs, a line of the watch or a survey pasted
and never entered. What was begun over a record that exists goes with that record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk import drafts, survey_answers, watch
from policy.towntime import town_day
from sync.schema import SQL
from sync.store import Reading, Writing

KINDS: Mapping[str, str] = {  # of a record → what a person calls it
    drafts.NEW: "Appel commencé",
    drafts.FIELD: "Signalement commencé",
    watch.DRAFT: "Veille commencée",
    survey_answers.DRAFT: "Sondage commencé",
}
_DRAFTS, _PHOTOS, _REPORTS = SQL["drafts"].c, SQL["report_photos"].c, SQL["field_reports"].c


@dataclass(frozen=True)
class Form:
    """One form of one account. ``id`` is that of its oldest row: typed anew another day, it is another."""

    id: str
    account: str
    record: str
    begun_at: datetime
    last_at: datetime
    photos: int = 0

    @property
    def kind(self) -> str:
        """Which of ``KINDS`` it is."""
        return self.record.partition(":")[0]

    @property
    def words(self) -> str:
        """« Appel commencé le 2026-03-02 »: nobody is named."""
        return f"{KINDS[self.kind]} le {town_day(self.begun_at)}"


def forms(tx: Reading) -> Iterator[Form]:
    """Every form begun and never saved, of every account, open or closed."""
    found = {(form.account, form.record): form for form in _typed(tx)}
    for photographed in _photographed(tx):
        key = photographed.account, photographed.record
        typed = found.get(key)
        found[key] = photographed if typed is None else _together(typed, photographed)
    yield from found.values()


def fields(tx: Reading, form: Form) -> dict[str, Any]:
    """What was typed in it."""
    query = sa.select(_DRAFTS.field, _DRAFTS.value).where(*_of(form))
    return {row["field"]: row["value"] for row in tx.rows(query)}


def concerned(tx: Reading, id: str) -> list[str]:
    """The records that it names: a citizen who was chosen, a file that it repeats. Their hold is its own."""
    form = next((each for each in forms(tx) if each.id == id), None)
    if form is None:
        return []
    said = fields(tx, form)
    numbers = [said[name] for name in ("again", "duplicate_of") if said.get(name)]
    files = [row["id"] for row in tx.find("files", number=numbers)] if numbers else []
    return [*([said["citizen"]] if said.get("citizen") else []), *files]


def forget(tx: Writing, id: str) -> None:
    """Its fields go, and the photographs of a report that was never sent."""
    form = next((each for each in forms(tx) if each.id == id), None)
    if form is None:
        return
    tx.connection.execute(sa.delete(SQL["drafts"]).where(*_of(form)))
    if form.photos:
        token = form.record.partition(":")[2]
        theirs = (_PHOTOS.token == token, _PHOTOS.added_by == form.account)
        tx.connection.execute(sa.delete(SQL["report_photos"]).where(*theirs, ~_sent()))


def _typed(tx: Reading) -> Iterator[Form]:
    ours = [
        condition
        for kind in KINDS
        for condition in (
            _DRAFTS.record == kind,
            _DRAFTS.record.startswith(f"{kind}:", autoescape=True),
        )
    ]
    query = sa.select(
        _DRAFTS.account, _DRAFTS.record, sa.func.min(_DRAFTS.id).label("id"),
        sa.func.min(_DRAFTS.created_at).label("begun"), sa.func.max(_DRAFTS.typed_at).label("last"),
    ).where(sa.or_(*ours)).group_by(_DRAFTS.account, _DRAFTS.record)  # fmt: skip
    for row in tx.rows(query):
        yield Form(row["id"], row["account"], row["record"], row["begun"], row["last"])


def _photographed(tx: Reading) -> Iterator[Form]:
    """P §4.3: the photographs of reports that were never sent."""
    query = sa.select(
        _PHOTOS.added_by, _PHOTOS.token, sa.func.min(_PHOTOS.id).label("id"),
        sa.func.min(_PHOTOS.added_at).label("begun"), sa.func.max(_PHOTOS.added_at).label("last"),
        sa.func.count().label("photos"),
    ).where(~_sent()).group_by(_PHOTOS.added_by, _PHOTOS.token)  # fmt: skip
    for row in tx.rows(query):
        record = drafts.of_report(row["token"])
        yield Form(row["id"], row["added_by"], record, row["begun"], row["last"], int(row["photos"]))


def _together(typed: Form, photographed: Form) -> Form:
    return replace(
        typed,
        begun_at=min(typed.begun_at, photographed.begun_at),
        last_at=max(typed.last_at, photographed.last_at),
        photos=photographed.photos,
    )


def _sent() -> sa.ColumnElement[bool]:
    return sa.exists().where(_REPORTS.token == _PHOTOS.token, _REPORTS.author == _PHOTOS.added_by)


def _of(form: Form) -> tuple[sa.ColumnElement[bool], ...]:
    return _DRAFTS.account == form.account, _DRAFTS.record == form.record
