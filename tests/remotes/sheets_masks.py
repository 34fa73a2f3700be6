"""What the test server answers: spreadsheets as JSON, cut by a ``fields`` mask."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.remotes.sheets_book import Book, Col, ErrorCell, Mark, Row, Sheet, invalid

Mask = dict[str, Any]  # a field → what is asked of it; {} is all of it
Window = tuple[int, int, int, int]  # first row, row after the last, first column, column after the last

_FIELDS = """
spreadsheetId spreadsheetUrl properties title timeZone locale sheets developerMetadata
protectedRanges data sheetId index sheetType gridProperties rowCount columnCount frozenRowCount
startRow startColumn rowData values rowMetadata columnMetadata effectiveValue userEnteredValue
dataValidation userEnteredFormat numberFormat type pattern textFormat bold metadataId metadataKey
metadataValue visibility location protectedRangeId range description warningOnly condition
showCustomUi strict hidden updatedSpreadsheet replies matchedDeveloperMetadata conditionalFormats
basicFilter filterViews
"""
_KNOWN = set(_FIELDS.split())


def parsed(mask: str) -> Mask:
    """A ``fields`` mask as a tree; an unknown field is refused as Google does."""
    words = re.findall(r"[A-Za-z0-9_*]+|[.,/()]", mask)
    tree, rest = _list(words)
    if rest:
        raise invalid(f"Invalid field mask: {mask}")
    return tree


def _list(words: list[str]) -> tuple[Mask, list[str]]:
    tree: Mask = {}
    while words and words[0] != ")":
        path, words = _path(words)
        _merge(tree, path)
        if words and words[0] == ",":
            words = words[1:]
    return tree, words


def _path(words: list[str]) -> tuple[Mask, list[str]]:
    name, words = words[0], words[1:]
    if name not in _KNOWN and name != "*":
        raise invalid(f"Request contains an invalid argument. Invalid field selection {name}")
    below: Mask = {}
    if words and words[0] in "./":
        below, words = _path(words[1:])
    elif words and words[0] == "(":
        below, words = _list(words[1:])
        words = words[1:]
    return {name: below}, words


def _merge(tree: Mask, other: Mask) -> None:
    for name, below in other.items():
        if name in tree and tree[name] and below:
            _merge(tree[name], below)
        else:
            tree[name] = below


def cut(value: Any, mask: Mask) -> Any:
    """The value without what the mask does not ask."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [cut(each, mask) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: cut(value[name], below) for name, below in mask.items() if name in value}


def spreadsheet(
    book: Book, mask: Mask | None, windows: Mapping[int, Sequence[Window]] | None = None, grid: bool = False
) -> dict[str, Any]:
    """The book as the API tells it. ``windows``: only these ranges; ``mask`` wins over ``grid``."""
    tabs = None if mask is None else mask.get("sheets", {})
    wants_data = grid if tabs is None else not tabs or "data" in tabs
    sheets = []
    for place, sheet in enumerate(book.sheets):
        if windows is not None and sheet.id not in windows:
            continue
        told = _tab(sheet, place)
        if tabs:
            told = {name: cut(told[name], below) for name, below in tabs.items() if name in told}
        if wants_data:
            whole = (0, len(sheet.rows), 0, len(sheet.cols))
            wanted = (tabs or {}).get("data", {})
            told["data"] = [_grid(sheet, window, wanted) for window in (windows or {}).get(sheet.id, [whole])]
        sheets.append(told)
    top: dict[str, Any] = {
        "spreadsheetId": book.id,
        "properties": {"title": book.title, "locale": "fr_CA", "timeZone": book.zone},
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{book.id}/edit",
        "sheets": sheets,
    }
    if book.marks:
        top["developerMetadata"] = [told_mark(mark, None, "SPREADSHEET", 0) for mark in book.marks]
    if mask is None:
        return top
    return {
        name: top[name] if name == "sheets" else cut(top[name], below)
        for name, below in mask.items()
        if name in top
    }


def _tab(sheet: Sheet, place: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "properties": {
            "sheetId": sheet.id,
            "title": sheet.title,
            "index": place,
            "sheetType": "GRID",
            "gridProperties": {
                "rowCount": len(sheet.rows),
                "columnCount": len(sheet.cols),
                **({"frozenRowCount": sheet.frozen} if sheet.frozen else {}),
            },
        }
    }
    if sheet.marks:
        told["developerMetadata"] = [told_mark(mark, sheet, "SHEET", 0) for mark in sheet.marks]
    if sheet.protections:
        told["protectedRanges"] = sheet.protections
    return told


def _grid(sheet: Sheet, window: Window, mask: Mask) -> dict[str, Any]:
    top, bottom, left, right = window
    bottom, right = min(bottom, len(sheet.rows)), min(right, len(sheet.cols))
    told: dict[str, Any] = {}
    if top:
        told["startRow"] = top
    if left:
        told["startColumn"] = left
    wanted = mask.get("rowData", {}).get("values", {})
    if not mask or "rowData" in mask:
        told["rowData"] = _lines(sheet, top, bottom, left, right, wanted)
    if not mask or "rowMetadata" in mask:
        told["rowMetadata"] = [
            _dimension(row.marks, sheet, "ROW", top + n, mask.get("rowMetadata", {}))
            for n, row in enumerate(sheet.rows[top:bottom])
        ]
    if not mask or "columnMetadata" in mask:
        told["columnMetadata"] = [
            _dimension(col.marks, sheet, "COLUMN", left + n, mask.get("columnMetadata", {}))
            for n, col in enumerate(sheet.cols[left:right])
        ]
    return told


def _lines(sheet: Sheet, top: int, bottom: int, left: int, right: int, wanted: Mask) -> list[dict[str, Any]]:
    dressed = not wanted or bool(wanted.keys() & {"dataValidation", "userEnteredFormat"})
    lines: list[dict[str, Any]] = []
    for index in range(top, bottom):
        row = sheet.rows[index]
        values: list[dict[str, Any]]
        if dressed:
            values = [_cell(row, sheet.cols[n], sheet, index, n, wanted) for n in range(left, right)]
        else:
            values = [{} if cell is None else {name: extended(cell) for name in wanted} for cell in row.cells]
            values = values[left:right]
        while values and not values[-1]:
            values.pop()
        lines.append({"values": values} if values else {})
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _cell(row: Row, col: Col, sheet: Sheet, index: int, place: int, wanted: Mask) -> dict[str, Any]:
    told: dict[str, Any] = {}
    value = row.at(place)
    if value is not None:
        told["effectiveValue"] = told["userEnteredValue"] = extended(value)
    if index == 0:
        told |= {"userEnteredFormat": sheet.header} if sheet.header else {}
    else:
        told |= col.dress
    return cut(told, wanted) if wanted else told


def _dimension(marks: list[Mark], sheet: Sheet, kind: str, index: int, mask: Mask) -> dict[str, Any]:
    if not marks:
        return {}
    return dict(cut({"developerMetadata": [told_mark(mark, sheet, kind, index) for mark in marks]}, mask))


def extended(value: Any) -> dict[str, Any]:
    """A value as ``ExtendedValue``."""
    if isinstance(value, ErrorCell):
        return {"errorValue": {"type": value.type, "message": "…"}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": value}
    return {"stringValue": value}


def told_mark(mark: Mark, sheet: Sheet | None, kind: str, index: int) -> dict[str, Any]:
    """A metadata as the API tells it."""
    location: dict[str, Any] = {"locationType": kind}
    if kind == "SPREADSHEET" or sheet is None:
        location["spreadsheet"] = True
    elif kind == "SHEET":
        location["sheetId"] = sheet.id
    else:
        location["dimensionRange"] = {
            "sheetId": sheet.id,
            "dimension": "ROWS" if kind == "ROW" else "COLUMNS",
            "startIndex": index,
            "endIndex": index + 1,
        }
    told = {"metadataId": mark.id, "metadataKey": mark.key, "location": location, "visibility": "DOCUMENT"}
    return told | ({"metadataValue": mark.value} if mark.value else {})
