"""Airtable's Web API over a base: rows, tables and fields, webhooks. Written from its public reference."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.remotes.airtable_base import BaseThere, FieldThere, Refuse, Row, TableThere, shown, written
from tests.remotes.airtable_columns import CREATABLE, OPTIONS, PRIMARY, accepted
from tests.remotes.airtable_doubts import Doubts
from tests.remotes.airtable_fields import change_field
from tests.remotes.airtable_formulas import holds, named
from tests.remotes.airtable_webhooks import MOST, WEEK

MOST_ROWS = 10
PAGE = 100
SCOPES = frozenset(
    ("data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write", "webhook:manage")
)


@dataclass(frozen=True)
class Asked:
    """One request, past the door: its query by name, its JSON."""

    query: dict[str, list[str]]
    json: dict[str, Any]
    now: datetime

    def one(self, name: str) -> Any:
        """A parameter, wherever it was put."""
        return self.json.get(name, self.query.get(name, [None])[0])

    def many(self, name: str) -> list[Any]:
        return list(self.json.get(name) or self.query.get(f"{name}[]", []))

    @property
    def by_id(self) -> bool:
        return str(self.one("returnFieldsByFieldId")).lower() in ("1", "true")


@dataclass
class WebApi:
    """The interface of one base. ``creator``: whether the token's owner may make webhooks and tables."""

    base: BaseThere
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    creator: bool = True
    doubts: Doubts = field(default_factory=Doubts)
    listings: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    def answer(self, method: str, path: str, asked: Asked) -> Any:
        """The JSON of an answer. Raises ``Refuse``."""
        for kind, verb, pattern, act, scope in _ROUTES:
            found = re.fullmatch(pattern, path) if verb == method else None
            if found and found[1] == self.base.id:
                if scope not in self.scopes or (kind == "creator" and not self.creator):
                    raise _forbidden()
                return act(self, asked, *found.groups()[1:])
        raise _forbidden()

    # rows

    def list_rows(self, asked: Asked, table: str) -> Any:
        there, offset = self._table(table), asked.one("offset")
        wanted = {self._column(there, name).id for name in asked.many("fields")}
        if offset is None:
            keys = self._filtered(there, asked.one("filterByFormula"))
        elif offset in self.listings:
            keys = self.listings.pop(offset)[1]
        else:
            raise Refuse(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE")
        size = min(int(asked.one("pageSize") or PAGE), PAGE)
        rows = [there.rows[key] for key in keys[:size] if key in there.rows]
        answer: dict[str, Any] = {"records": [self._shown(there, row, asked, wanted) for row in rows]}
        if len(keys) > size:
            offset = f"itr{self.base.new_id('itr')[3:]}/{keys[size - 1]}"
            self.listings[offset] = (there.id, keys[size:])
            answer["offset"] = offset
        return answer

    def get_row(self, asked: Asked, table: str, key: str) -> Any:
        there = self._table(table)
        if key not in there.rows:
            raise Refuse(404, "NOT_FOUND")
        return self._shown(there, there.rows[key], asked)

    def make_rows(self, asked: Asked, table: str) -> Any:
        there = self._table(table)
        cells = [self._accepted(there, each["fields"]) for each in self._ten(asked)]
        with self.base.change("publicApi", asked.now) as changes:
            rows = [self.base.make_row(changes, there, each) for each in cells]
        return self._answered(there, rows, asked)

    def change_rows(self, asked: Asked, table: str) -> Any:
        """All or nothing: everything is judged before anything is written."""
        there, records = self._table(table), self._ten(asked)
        merge = [
            self._column(there, each).id
            for each in (asked.json.get("performUpsert") or {}).get("fieldsToMergeOn", ())
        ]
        if "performUpsert" in asked.json and not 1 <= len(merge) <= 3:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: fieldsToMergeOn")
        keys = [each["id"] for each in records if "id" in each]
        if len(set(keys)) < len(keys):
            raise Refuse(422, "INVALID_RECORDS", "You cannot update the same record multiple times.")
        judged = [self._judged(there, each, merge) for each in records]
        with self.base.change("publicApi", asked.now) as changes:
            rows, made = [], []
            for row, cells in judged:
                if row is None:
                    row = self.base.make_row(changes, there, cells)
                    made.append(row.id)
                else:
                    self.base.put(changes, there, row, cells)
                rows.append(row)
        answer = self._answered(there, rows, asked)
        if merge:
            answer["createdRecords"] = made
            answer["updatedRecords"] = [row.id for row in rows if row.id not in made]
        return answer

    def delete_rows(self, asked: Asked, table: str) -> Any:
        there, keys = self._table(table), asked.query.get("records[]", [])
        if not 1 <= len(keys) <= MOST_ROWS:
            raise _too_many()
        for key in keys:
            if key not in there.rows:
                raise self._absent_deletion(key)
        with self.base.change("publicApi", asked.now) as changes:
            for key in keys:
                self.base.remove(changes, there, key)
        return {"records": [{"id": key, "deleted": True} for key in keys]}

    # tables and fields

    def list_tables(self, asked: Asked) -> Any:
        return {"tables": [each.described() for each in self.base.tables.values()]}

    def make_table(self, asked: Asked) -> Any:
        name, fields = asked.json.get("name", ""), asked.json.get("fields", [])
        if not name or self._taken(self.base.tables.values(), name):
            raise Refuse(422, "DUPLICATE_TABLE_NAME", f"Duplicate table name: {name}")
        if not fields or fields[0]["type"] not in PRIMARY:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid primary field")
        if asked.json.get("description") == "":
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: description")
        names = [each["name"].casefold() for each in fields]
        if len(set(names)) < len(names):
            raise Refuse(422, "DUPLICATE_OR_EMPTY_FIELD_NAME", "Duplicate field name")
        for each in fields:
            self._judge_field(each)
        table = TableThere(self.base.new_id("tbl"), name, asked.json.get("description", ""))
        with self.base.change("publicApi", asked.now) as changes:
            self.base.tables[table.id] = table
            changes.tables_made.append(table.id)
            for each in fields:
                self.add_field(table, each, asked.now)
        return table.described()

    def describe_table(self, asked: Asked, table: str) -> Any:
        there = self._table(table)
        with self.base.change("publicApi", asked.now) as changes:
            changes.redefined[there.id] = {"name": there.name, "description": there.description}
            there.name = asked.json.get("name", there.name)
            there.description = asked.json.get("description", there.description)
        return there.described()

    def make_field(self, asked: Asked, table: str) -> Any:
        there = self._table(table)
        if self._taken(there.fields.values(), asked.json.get("name", "")):
            raise Refuse(422, "DUPLICATE_OR_EMPTY_FIELD_NAME", "Duplicate or empty field name")
        self._judge_field(asked.json)
        return self.add_field(there, asked.json, asked.now).described()

    def add_field(self, table: TableThere, asked: dict[str, Any], now: datetime) -> FieldThere:
        """A field, and the other end of a link in the table it leads to."""
        made = FieldThere(
            self.base.new_id("fld"), asked["name"], asked["type"], dict(asked.get("options", {}))
        )
        if made.type == "singleSelect":
            made.options["choices"] = [
                {"id": self.base.new_id("sel"), "name": each["name"], "color": "blueLight2"}
                for each in made.options["choices"]
            ]
        with self.base.change("publicApi", now) as changes:
            table.fields[made.id] = made
            changes.fields_made.append((table.id, made.id))
            linked = self.base.tables.get(made.options.get("linkedTableId", ""))
            if linked is not None:
                made.options |= {"isReversed": False, "prefersSingleRecordLink": False}
            if linked is not None and linked is not table:
                name, n = table.name, 1
                while self._taken(linked.fields.values(), name):
                    n += 1
                    name = f"{table.name} {n}"
                back = {"linkedTableId": table.id, "inverseLinkFieldId": made.id, "isReversed": False}
                inverse = FieldThere(self.base.new_id("fld"), name, made.type, back)
                linked.fields[inverse.id] = inverse
                made.options["inverseLinkFieldId"] = inverse.id
                changes.fields_made.append((linked.id, inverse.id))
        return made

    # webhooks

    def make_webhook(self, asked: Asked) -> Any:
        filters = asked.json.get("specification", {}).get("options", {}).get("filters", {})
        kinds = set(filters.get("dataTypes", ()))
        if not kinds or not kinds <= {"tableData", "tableFields", "tableMetadata"}:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: specification")
        if "notificationUrl" in asked.json and asked.json["notificationUrl"] is None:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: notificationUrl")
        if len(self.base.webhooks.all) >= MOST:
            raise Refuse(422, "TOO_MANY_WEBHOOKS_IN_BASE", "Too many webhooks")
        made = self.base.webhooks.make(asked.json["specification"], asked.now)
        return {"id": made.id, "macSecretBase64": "c2VjcmV0", "expirationTime": written(made.expires)}

    def list_webhooks(self, asked: Asked) -> Any:
        return {
            "webhooks": [
                {
                    "id": each.id,
                    "specification": each.specification,
                    "cursorForNextPayload": each.first + len(each.payloads),
                    "isHookEnabled": asked.now < each.expires,
                    "areNotificationsEnabled": False,
                    "notificationUrl": None,
                    "lastNotificationResult": None,
                    "lastSuccessfulNotificationTime": None,
                    "expirationTime": written(each.expires),
                }
                for each in self.base.webhooks.all.values()
            ]
        }

    def delete_webhook(self, asked: Asked, webhook: str) -> Any:
        self._webhook(webhook, asked.now)
        del self.base.webhooks.all[webhook]
        return None

    def list_payloads(self, asked: Asked, webhook: str) -> Any:
        there, cursor = self._webhook(webhook, asked.now), int(asked.one("cursor") or 1)
        if cursor < 1:
            raise Refuse(422, "INVALID_CURSOR", "Invalid cursor")
        return self.base.webhooks.page(there, cursor, asked.now, self.doubts.payloads_held_back)

    # what they share

    def _webhook(self, key: str, now: datetime) -> Any:
        there = self.base.webhooks.all.get(key)
        if there is None or now >= there.expires + WEEK:
            if self.doubts.dead_webhook == "NOT_FOUND":
                raise Refuse(404, "NOT_FOUND")
            raise _forbidden()
        return there

    def _table(self, id_or_name: str) -> TableThere:
        there = self.base.table(id_or_name)
        if there is None:
            raise _forbidden()
        return there

    def _column(self, table: TableThere, id_or_name: str) -> FieldThere:
        there = table.field(id_or_name)
        if there is None:
            raise Refuse(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{id_or_name}"')
        return there

    def _filtered(self, table: TableThere, formula: str | None) -> list[str]:
        if formula is None:
            return list(table.rows)
        only = named(formula)
        if only is not None:
            return [key for key in table.rows if key in only]
        return [key for key, row in table.rows.items() if holds(formula, table, row)]

    def _ten(self, asked: Asked) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = asked.json.get("records", [])
        if not 1 <= len(records) <= MOST_ROWS:
            raise _too_many()
        return records

    def _accepted(self, table: TableThere, cells: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in cells.items():
            column = self._column(table, name)
            if self.doubts.rounds_numbers and isinstance(value, float):
                value = round(value)
            if self.doubts.trims_text and isinstance(value, str):
                value = value.strip()
            found[column.id] = accepted(self.base, column, value)
        return found

    def _judged(
        self, table: TableThere, record: dict[str, Any], merge: list[str]
    ) -> tuple[Row | None, dict[str, Any]]:
        cells = self._accepted(table, record["fields"])
        if "id" in record:
            if record["id"] not in table.rows:
                if self.doubts.absent_change == "NOT_FOUND":
                    raise Refuse(404, "NOT_FOUND")
                if self.doubts.absent_change != "ROW_DOES_NOT_EXIST":
                    raise _forbidden()
                named_row = (
                    f"Record ID {record['id']} does" if self.doubts.absent_is_named else "A record does"
                )
                raise Refuse(422, "ROW_DOES_NOT_EXIST", f"{named_row} not exist in this table")
            return table.rows[record["id"]], cells
        if not merge:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Invalid request: id")
        found = [
            row for row in table.rows.values() if all(row.cells.get(key) == cells.get(key) for key in merge)
        ]
        if len(found) > 1:
            raise Refuse(422, "INVALID_REQUEST_UNKNOWN", "Multiple records match the merge fields")
        return (found[0] if found else None), cells

    def _absent_deletion(self, key: str) -> Refuse:
        if self.doubts.absent_deletion == "NOT_FOUND":
            return Refuse(404, "NOT_FOUND")
        if self.doubts.absent_deletion == "ROW_DOES_NOT_EXIST":
            return Refuse(422, "ROW_DOES_NOT_EXIST", f"Record ID {key} does not exist in this table")
        return _forbidden()

    def _shown(
        self, table: TableThere, row: Row, asked: Asked, wanted: set[str] | None = None
    ) -> dict[str, Any]:
        told = shown(table, row, by_id=asked.by_id)
        if wanted:
            names = wanted if asked.by_id else {table.fields[key].name for key in wanted}
            told["fields"] = {key: value for key, value in told["fields"].items() if key in names}
        return told

    def _answered(self, table: TableThere, rows: list[Row], asked: Asked) -> dict[str, Any]:
        told = [self._shown(table, row, asked) for row in rows]
        return {"records": told[::-1] if self.doubts.answers_reversed else told}

    def _judge_field(self, asked: dict[str, Any]) -> None:
        kind, options = asked.get("type"), asked.get("options", {})
        if kind not in CREATABLE:
            raise Refuse(422, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE", f"Creating {kind} fields is not supported")
        if set(OPTIONS.get(kind, ())) - options.keys() or options.keys() - set(OPTIONS.get(kind, ())):
            raise Refuse(422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", f"Invalid options for {asked['name']}")
        if kind == "multipleRecordLinks":
            self._table(options["linkedTableId"])
        words = [each["name"] for each in options.get("choices", ())]
        if len(set(words)) < len(words):
            raise Refuse(422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", "Duplicate choice name")

    @staticmethod
    def _taken(those: Any, name: str) -> bool:
        return not name or any(each.name.casefold() == name.casefold() for each in those)


def _forbidden() -> Refuse:
    return Refuse(
        403,
        "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND",
        "Invalid permissions, or the requested model was not found. Check that both your user and your token "
        "have the required permissions, and that the model names and/or ids are correct.",
    )


def _too_many() -> Refuse:
    return Refuse(422, "INVALID_RECORDS_COUNT", "You can only handle 10 records per request")


Act = Callable[..., Any]
_META, _HOOKS = r"/v0/meta/bases/(app\w+)/tables", r"/v0/bases/(app\w+)/webhooks"
_ROWS = r"/v0/(app\w+)/([^/]+)"
_ROUTES: tuple[tuple[str, str, str, Act, str], ...] = (
    ("user", "GET", _META, WebApi.list_tables, "schema.bases:read"),
    ("creator", "POST", _META, WebApi.make_table, "schema.bases:write"),
    ("creator", "PATCH", rf"{_META}/(\w+)", WebApi.describe_table, "schema.bases:write"),
    ("creator", "POST", rf"{_META}/(\w+)/fields", WebApi.make_field, "schema.bases:write"),
    ("creator", "PATCH", rf"{_META}/(\w+)/fields/(\w+)", change_field, "schema.bases:write"),
    ("user", "GET", _HOOKS, WebApi.list_webhooks, "webhook:manage"),
    ("creator", "POST", _HOOKS, WebApi.make_webhook, "webhook:manage"),
    ("creator", "DELETE", rf"{_HOOKS}/(\w+)", WebApi.delete_webhook, "webhook:manage"),
    ("user", "GET", rf"{_HOOKS}/(\w+)/payloads", WebApi.list_payloads, "webhook:manage"),
    ("user", "GET", _ROWS, WebApi.list_rows, "data.records:read"),
    ("user", "POST", rf"{_ROWS}/listRecords", WebApi.list_rows, "data.records:read"),
    ("user", "GET", rf"{_ROWS}/(rec\w+)", WebApi.get_row, "data.records:read"),
    ("user", "POST", _ROWS, WebApi.make_rows, "data.records:write"),
    ("user", "PATCH", _ROWS, WebApi.change_rows, "data.records:write"),
    ("user", "DELETE", _ROWS, WebApi.delete_rows, "data.records:write"),
)
