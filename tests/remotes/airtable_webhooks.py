"""The change feed of a base: payloads in order, pages of fifty, a week of life.

Source: Airtable's « Webhooks overview », « Create a webhook », « List webhook payloads ».
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.remotes.airtable_base import BaseThere

WEEK = timedelta(days=7)
PAGE = 50
MOST = 10  # webhooks in a base


@dataclass
class Changes:
    """What one action did; cells are kept as they were before it."""

    source: str
    now: datetime
    rows_made: list[tuple[str, str]] = field(default_factory=list)
    rows_gone: list[tuple[str, str]] = field(default_factory=list)
    before: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    fields_made: list[tuple[str, str]] = field(default_factory=list)
    fields_changed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    fields_gone: list[tuple[str, str]] = field(default_factory=list)
    redefined: dict[str, dict[str, str]] = field(default_factory=dict)  # name or description, as it was
    tables_made: list[str] = field(default_factory=list)
    tables_gone: list[str] = field(default_factory=list)

    def created(self, table: str, row: str) -> None:
        self.rows_made.append((table, row))

    def destroyed(self, table: str, row: str) -> None:
        self.before.pop((table, row), None)
        self.rows_gone.append((table, row))

    def cell(self, table: str, row: str, column: str, was: Any) -> None:
        self.before.setdefault((table, row), {}).setdefault(column, was)


@dataclass
class Webhook:
    """One feed; ``first`` is the number of the first payload still kept."""

    id: str
    specification: dict[str, Any]
    made: datetime
    expires: datetime
    payloads: list[dict[str, Any]] = field(default_factory=list)
    first: int = 1


class Webhooks:
    """The feeds of a base. ``rows_a_payload``: an action on more rows is told in several payloads."""

    rows_a_payload = 20

    def __init__(self, base: "BaseThere") -> None:
        self._base = base
        self._number = 0
        self.all: dict[str, Webhook] = {}

    def make(self, specification: dict[str, Any], now: datetime) -> Webhook:
        webhook = Webhook(self._base.new_id("ach"), specification, now, now + WEEK)
        self.all[webhook.id] = webhook
        return webhook

    def page(self, webhook: Webhook, cursor: int, now: datetime, held_back: int = 0) -> dict[str, Any]:
        """What follows ``cursor``; the life of a webhook that still lives is extended.

        ``held_back``: how many of the last payloads are not told yet.
        """
        if now < webhook.expires:
            webhook.expires = now + WEEK
        while webhook.payloads and _at(webhook.payloads[0]) < now - WEEK:
            del webhook.payloads[0]
            webhook.first += 1
        until = max(len(webhook.payloads) - held_back, 0)
        start = max(cursor, webhook.first) - webhook.first
        found = webhook.payloads[start : min(start + PAGE, until)]
        return {
            "payloads": found,
            "cursor": webhook.first + start + len(found),
            "mightHaveMore": start + len(found) < until,
            "payloadFormat": "v0",
        }

    def tell(self, changes: Changes) -> None:
        """Add what an action did to every feed that lives."""
        payloads = list(self._told(changes))
        for webhook in self.all.values():
            if changes.now < webhook.expires:
                webhook.payloads += payloads

    def break_feed(self, code: str, now: datetime) -> None:
        """An error payload: INVALID_FILTERS, INVALID_HOOK, INTERNAL_ERROR."""
        for webhook in self.all.values():
            webhook.payloads.append(self._envelope("system", now) | {"error": True, "code": code})

    def _told(self, changes: Changes) -> Any:
        """Definitions first, then rows, in as many payloads as they need."""
        tables = self._definitions(changes)
        count = 0
        for table, key in changes.rows_made:
            row = self._row(table, key)
            if row is None:
                continue
            there = tables.setdefault(table, {})
            cells = self._cells(table, row, list(row.cells))
            made = {"createdTime": _written(row.created), "cellValuesByFieldId": cells}
            there.setdefault("createdRecordsById", {})[key] = made
            count += 1
            if count % self.rows_a_payload == 0:
                yield self._envelope(changes.source, changes.now) | {"changedTablesById": tables}
                tables = {}
        for (table, key), before in changes.before.items():
            row = self._row(table, key)
            if row is None or (table, key) in changes.rows_made:
                continue
            before = {column: was for column, was in before.items() if column in self._columns(table)}
            there = tables.setdefault(table, {})
            there.setdefault("changedRecordsById", {})[key] = {
                "current": {"cellValuesByFieldId": self._cells(table, row, list(before))},
                "previous": {"cellValuesByFieldId": before},
            }
            count += 1
            if count % self.rows_a_payload == 0:
                yield self._envelope(changes.source, changes.now) | {"changedTablesById": tables}
                tables = {}
        for table, key in changes.rows_gone:
            tables.setdefault(table, {}).setdefault("destroyedRecordIds", []).append(key)
        last = self._envelope(changes.source, changes.now)
        if changes.tables_made:
            last["createdTablesById"] = {
                key: {"metadata": {"name": self._base.tables[key].name}} for key in changes.tables_made
            }
        if changes.tables_gone:
            last["destroyedTableIds"] = changes.tables_gone
        if tables:
            last["changedTablesById"] = tables
        if len(last) > 4:
            yield last

    def _definitions(self, changes: Changes) -> dict[str, Any]:
        tables: dict[str, Any] = {}
        for table, key in changes.fields_made:
            if table not in changes.tables_made:
                column = self._base.tables[table].fields[key]
                made = tables.setdefault(table, {}).setdefault("createdFieldsById", {})
                made[key] = {"name": column.name, "type": column.type}
        for (table, key), was in changes.fields_changed.items():
            column = self._base.tables[table].fields[key]
            changed = tables.setdefault(table, {}).setdefault("changedFieldsById", {})
            changed[key] = {"current": {"name": column.name, "type": column.type}, "previous": was}
        for table, key in changes.fields_gone:
            if table not in changes.tables_gone:
                tables.setdefault(table, {}).setdefault("destroyedFieldIds", []).append(key)
        for table, was in changes.redefined.items():
            now = self._base.tables[table]
            tables.setdefault(table, {})["changedMetadata"] = {
                "current": {name: getattr(now, name) for name in was},
                "previous": was,
            }
        return tables

    def _envelope(self, source: str, now: datetime) -> dict[str, Any]:
        self._number += 1
        who = {"user": {"id": "usr00000000000001", "permissionLevel": "create"}}
        return {
            "timestamp": _written(now),
            "baseTransactionNumber": self._number,
            "payloadFormat": "v0",
            "actionMetadata": {"source": source, "sourceMetadata": who},
        }

    def _row(self, table: str, key: str) -> Any:
        there = self._base.tables.get(table)
        return there.rows.get(key) if there else None

    def _columns(self, table: str) -> dict[str, Any]:
        return dict(self._base.tables[table].fields)

    def _cells(self, table: str, row: Any, keys: list[str]) -> dict[str, Any]:
        columns = self._columns(table)
        return {key: self._base.told(columns[key], row.cells.get(key)) for key in keys if key in columns}


def _at(payload: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(payload["timestamp"])


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1_000:03d}Z"
