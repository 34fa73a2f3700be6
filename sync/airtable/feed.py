"""The change feed of a base: which rows moved, in one request for all its tables.

A webhook that nobody calls, whose payloads are read. Source: Airtable's « Webhooks overview », « List webhook
payloads », « Webhooks payload ». A payload lives a week; so does the webhook, which each reading extends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sync.airtable.calls import Calls, Declined
from sync.airtable.cells import from_feed, is_empty
from sync.airtable.schema import Place
from sync.remote import Line

SILENCE = timedelta(days=6)  # since the last reading: beyond it the webhook may have died unheard
_SPECIFICATION = {
    "options": {
        "filters": {"dataTypes": ["tableData", "tableFields", "tableMetadata"]},
        "includes": {"includePreviousCellValues": True},
    }
}


class Broken(Exception):
    """The feed misses something or is no more: only a whole listing says what there is.

    ``dead``: the webhook must be made anew, and the old one removed if it ``remains``; else the feed goes
    on at ``cursor``.
    """

    def __init__(self, *, dead: bool, remains: bool = False, cursor: int = 1) -> None:
        super().__init__("the feed is broken")
        self.dead = dead
        self.remains = remains
        self.cursor = cursor


@dataclass
class Moved:
    """What happened to a row, by Airtable's ids of the columns.

    ``before``: what a cell held before the person's last change, or before ours when we wrote last: there an
    edit that we had not seen yet is found again. ``now``: what it holds since. ``last``: whether the last to
    change it wrote as we do, through the interface; ``ours``: whether all did.
    """

    before: dict[str, Any] = field(default_factory=dict)
    now: dict[str, Any] = field(default_factory=dict)
    last: dict[str, bool] = field(default_factory=dict)
    ours: bool = True


@dataclass
class News:
    """What a reading of the feed says: the rows that moved and those deleted, by Airtable's id of the table.

    ``redefined``: a table, a field or a choice changed. ``cursor``: where the next reading begins.
    """

    cursor: int
    moved: dict[str, dict[str, Moved]] = field(default_factory=dict)
    gone: dict[str, set[str]] = field(default_factory=dict)
    redefined: bool = False


def open_feed(calls: Calls, line: Line) -> str | None:
    """Make a webhook that sends nothing; its id, or ``None`` when this token may not (Creator)."""
    try:
        made = calls.ask(line, "POST", calls.webhooks, json={"specification": _SPECIFICATION})
    except Declined as refusal:
        if refusal.status not in (403, 404, 422):
            raise
        return None
    return str(made["id"])


def close_feed(calls: Calls, line: Line, webhook: str) -> None:
    """Remove a webhook that is of no more use: a base holds ten."""
    try:
        calls.ask(line, "DELETE", f"{calls.webhooks}/{webhook}")
    except Declined as refusal:
        if refusal.status not in (403, 404, 422):
            raise


def read_feed(
    calls: Calls,
    line: Line,
    webhook: str,
    cursor: int,
    heard: datetime | None,
    places: Mapping[str, Place],
) -> News:
    """Everything since ``cursor``. Raises ``Broken``.

    ``heard``: when the feed was last read, by the service's clock. Columns that are in no place (the other
    ends of our links) do not make a row move.
    """
    news = News(cursor)
    watched = {place.id: {*place.fields.values(), *place.extras} for place in places.values()}
    while True:
        page = _page(calls, line, webhook, news.cursor)
        if heard is not None and calls.clock is not None and calls.clock - heard > SILENCE:
            raise Broken(dead=True, remains=True)
        if page["cursor"] - len(page["payloads"]) > news.cursor:
            raise Broken(dead=False, cursor=page["cursor"])
        for payload in page["payloads"]:
            if payload.get("error"):
                raise Broken(dead=True, remains=True)
            _take(news, payload, watched)
        news.cursor = page["cursor"]
        if not page.get("mightHaveMore"):
            break
    for name, place in places.items():
        _drop_echoes(line, name, place, news.moved.get(place.id, {}))
    return news


def choices_in_doubt(news: News, places: Iterable[Place]) -> bool:
    """Whether a list may have lost or renamed a choice, which the feed is not said to tell (?).

    A cell shows a word that the list had not, or lost the one it had.
    """
    for place in places:
        usable = place.usable()
        for row in news.moved.get(place.id, {}).values():
            for column, raw in row.now.items():
                words = place.choices.get(usable.get(column, ""))
                if words is not None and (
                    row.before.get(column) if raw is None else raw not in words.values()
                ):
                    return True
    return False


def _drop_echoes(line: Line, table: str, place: Place, moved: dict[str, Moved]) -> None:
    """A row is not read again when all that happened to it came by the interface and left it as we know it.

    By value and not by source alone: what another tool writes, and an answer of ours that was lost, are read.
    """
    ours = [key for key, row in moved.items() if row.ours]
    known = line.known(table, ours) if ours else {}
    usable = place.usable()
    for key in ours:
        cells = known.get(key)
        if cells is not None and all(
            column in usable and _same(cells.get(usable[column]), raw)
            for column, raw in moved[key].now.items()
        ):
            del moved[key]


def _same(known: Any, raw: Any) -> bool:
    return bool((None if is_empty(known) else known) == raw)


def _page(calls: Calls, line: Line, webhook: str, cursor: int) -> Mapping[str, Any]:
    try:
        page: Mapping[str, Any] = calls.ask(
            line, "GET", f"{calls.webhooks}/{webhook}/payloads", params={"cursor": cursor}
        )
    except Declined as refusal:
        if refusal.status not in (403, 404, 422):
            raise
        raise Broken(dead=True) from refusal
    return page


def _take(news: News, payload: Mapping[str, Any], watched: Mapping[str, set[str]]) -> None:
    """Add what one payload says. Unknown sources and keys may appear in it any day: they are ignored."""
    ours = payload.get("actionMetadata", {}).get("source") == "publicApi"
    if payload.get("createdTablesById") or payload.get("destroyedTableIds"):
        news.redefined = True
    for table, changes in payload.get("changedTablesById", {}).items():
        if any(
            changes.get(key)
            for key in ("createdFieldsById", "changedFieldsById", "destroyedFieldIds", "changedMetadata")
        ):
            news.redefined = True
        moved, gone = news.moved.setdefault(table, {}), news.gone.setdefault(table, set())
        for key, made in changes.get("createdRecordsById", {}).items():
            gone.discard(key)
            _add(moved.setdefault(key, Moved()), _cells(made), None, ours)
        for key, change in changes.get("changedRecordsById", {}).items():
            now, then = _cells(change.get("current")), change.get("previous")
            if table not in watched or now.keys() & watched[table]:
                before = None if then is None else _cells(then)
                _add(moved.setdefault(key, Moved()), now, before, ours)
        for key in changes.get("destroyedRecordIds", ()):
            moved.pop(key, None)
            gone.add(key)


def _add(row: Moved, now: Mapping[str, Any], then: Mapping[str, Any] | None, ours: bool) -> None:
    for column in now if then is not None else ():
        if not (ours and row.last.get(column)):
            row.before[column] = (then or {}).get(column)
        row.last[column] = ours
    row.now |= now
    row.ours = row.ours and ours


def _cells(part: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: from_feed(raw) for key, raw in (part or {}).get("cellValuesByFieldId", {}).items()}
