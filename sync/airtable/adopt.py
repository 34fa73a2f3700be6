"""A table that the town had made in its base before us: what it is made of, its rows, how it becomes ours."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sync.airtable.calls import Calls
from sync.airtable.cells import is_empty, plain
from sync.airtable.listing import Page, listed
from sync.airtable.schema import ID_COLUMN, NOTE_COLUMN, TYPES, Place, find, kept, places
from sync.airtable.setup import definition, own_table
from sync.fields import Kind
from sync.remote import Cells, ColumnThere, Line, Memory, Shape, TableThere, free_header

# A link of the town's leads to a table of the town's: it can hold no reference of ours.
_HELD = {kind: types for kind, types in TYPES.items() if kind is not Kind.REF}


def tables_there(calls: Calls, line: Line, memory: Memory) -> list[TableThere]:
    """Every table of the base but the one that bears the stamp; one request."""
    meta = calls.ask(line, "GET", calls.tables)["tables"]
    own = own_table(meta, memory)
    ours = {place.id: name for name, place in places(memory).items()}
    return [
        TableThere(
            table["id"], table["name"], tuple(map(_column, table["fields"])), ours.get(table["id"], "")
        )
        for table in meta
        if own is None or table["id"] != own["id"]
    ]


def rows_there(calls: Calls, line: Line, table: TableThere) -> list[Cells]:
    """Its rows by header; a hundred a request."""
    headers = {column.key: column.header for column in table.columns}

    def gather(pages: Iterator[Page]) -> list[Cells]:
        found: list[Cells] = []
        for record in (record for page in pages for record in page):
            cells = {headers[key]: plain(raw) for key, raw in record["fields"].items() if key in headers}
            found.append({header: raw for header, raw in cells.items() if not is_empty(raw)})
        return found

    return listed(calls, line, table.key, gather)


def adopt(
    calls: Calls,
    line: Line,
    shapes: Sequence[Shape],
    memory: Memory,
    table: TableThere,
    columns: Mapping[str, str],
) -> tuple[list[str], Memory]:
    """Add the columns that the table lacks, and know it by its id; one request for each column."""
    shape = next(each for each in shapes if each.table == table.ours)
    known, fields = places(memory), dict(columns)
    links = {**known, shape.table: Place(table.key)}
    headers = [column.header for column in table.columns]
    done = []
    for column in (ID_COLUMN, *shape.columns, NOTE_COLUMN):
        if column.name in fields:
            continue
        header = free_header(column.label, headers)
        asked = {**definition(column, links), "name": header}
        made = calls.ask(line, "POST", f"{calls.tables}/{table.key}/fields", json=asked)
        fields[column.name] = made["id"]
        headers.append(header)
        done.append(f"Colonne « {header} » créée dans « {table.title} ».")
    meta = calls.ask(line, "GET", calls.tables)["tables"]
    found = find(meta, [shape], {**known, shape.table: Place(table.key, fields)})
    return done, {**memory, "tables": kept({**known, **found}), "unlisted": True}


def _column(field: Mapping[str, Any]) -> ColumnThere:
    kinds = frozenset(kind for kind, types in _HELD.items() if field["type"] in types)
    listed = tuple(each["name"] for each in field.get("options", {}).get("choices", ()))
    return ColumnThere(field["id"], field["name"], kinds, listed if Kind.CHOICE in kinds else None)
