"""A tab that the town had made in its spreadsheet before us: its columns, its rows, how it becomes ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.fields import Kind
from sync.remote import (
    ID,
    ID_HEADER,
    NOTE,
    NOTE_HEADER,
    Cells,
    ColumnThere,
    Memory,
    Raw,
    TableThere,
    free_header,
)
from sync.sheets.anchors import Speech
from sync.sheets.cells import settled
from sync.sheets.client import parsed
from sync.sheets.setup import take_up
from sync.sheets.tabs import OTHER, TAB, Tab, lines_of

_ANY = frozenset(Kind)  # a cell of a spreadsheet holds whatever is put in it


def tables_there(speech: Speech) -> list[TableThere]:
    """Every tab that has headers; one read."""
    sheets = parsed(speech.talk.whole()).get("sheets", [])
    return [found for sheet in sheets if (found := _table(sheet)).columns]


def rows_there(speech: Speech, table: TableThere) -> list[Cells]:
    """Its rows by header, those under its headers; one read."""
    sheet = _sheet(parsed(speech.talk.tabs([int(table.key)])), table)
    values, header = _lines(sheet)
    headers = {int(column.key): column.header for column in table.columns}
    told = [
        {
            headers[place]: settled(Kind.TEXT, raw)
            for place, raw in enumerate(values[index])
            if place in headers and raw not in (None, "")
        }
        for index in sorted(values)
        if index > header
    ]
    return [row for row in told if row]


def adopt(speech: Speech, table: TableThere, columns: Mapping[str, str]) -> tuple[list[str], Memory]:
    """Mark its headers and these columns, add those it lacks: one read and one write."""
    shape = next(each for each in speech.shapes if each.table == table.ours)
    body = speech.talk.whole()
    sheet = _sheet(parsed(body), table)
    values, header = _lines(sheet)
    heads = _heads(values, header)
    mine = {int(place): name for name, place in columns.items()}
    names = tuple(mine.get(place, OTHER + head) for place, head in enumerate(heads))
    tab = Tab(shape.table, int(table.key), table.title, header, heads, names)
    wanted = {ID: ID_HEADER, **{each.name: each.label for each in shape.columns}, NOTE: NOTE_HEADER}
    labels = {name: label if name in columns else free_header(label, heads) for name, label in wanted.items()}
    done = take_up(speech, shape, body, sheet, tab, labels)
    tabs = {**speech.memory.get("tabs", {}), shape.table: int(table.key)}
    return done, {**speech.memory, "tabs": tabs, "mark": ""}


def _table(sheet: Any) -> TableThere:
    values, header = _lines(sheet)
    heads = _heads(values, header)
    columns = tuple(ColumnThere(str(place), head, _ANY) for place, head in enumerate(heads))
    marks = [m["metadataValue"] for m in sheet.get("developerMetadata", []) if m["metadataKey"] == TAB]
    number = sheet["properties"].get("sheetId", 0)
    return TableThere(str(number), sheet["properties"]["title"], columns, next(iter(marks), ""))


def _lines(sheet: Any) -> tuple[dict[int, list[Raw]], int]:
    """The values by line, and the line of the headers: the first with two words, under a title if any."""
    values, _, _ = lines_of(sheet)
    several = (index for index in sorted(values) if sum(raw not in (None, "") for raw in values[index]) > 1)
    return values, next(several, min(values, default=0))


def _heads(values: Mapping[int, Sequence[Raw]], header: int) -> tuple[str, ...]:
    """The headers as the columns that are not ours are called: each once, none empty."""
    line = values.get(header, ())
    heads: list[str] = []
    for place in range(max(map(len, values.values()), default=0)):
        raw = line[place] if place < len(line) else None
        head = ("" if raw is None else str(raw).strip()) or f"Colonne {place + 1}"
        while head in heads:
            head += " (autre)"
        heads.append(head)
    return tuple(heads)


def _sheet(told: Any, table: TableThere) -> Any:
    return next(each for each in told["sheets"] if each["properties"].get("sheetId", 0) == int(table.key))
