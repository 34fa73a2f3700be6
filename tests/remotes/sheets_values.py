"""The values part of the Sheets API, for the test server: A1 ranges, data filters, RAW and USER_ENTERED."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.remotes.sheets_book import Book, ErrorCell, Row, Sheet, invalid
from tests.remotes.sheets_requests import found_marks

Area = tuple[Sheet, int, int, int, int]  # first row, row after the last, first column, column after the last
EPOCH = date(1899, 12, 30)


def area_of(book: Book, a1: str) -> Area:
    """A range in A1 notation (``'Onglet'!A1:C3``, ``'Onglet'!2:5``, ``'Onglet'``); 400 when there is none."""
    title, _, cells = a1.rpartition("!") if "!" in a1 else (a1, "", "")
    name = title.removeprefix("'").removesuffix("'").replace("''", "'")
    sheet = next((each for each in book.sheets if each.title == name), None)
    match = re.fullmatch(r"([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?", cells)
    if sheet is None or match is None:
        raise invalid(f"Unable to parse range: {a1}")
    left, top, right, bottom = match.groups()
    if ":" not in cells:
        right, bottom = left, top
    return (
        sheet,
        int(top) - 1 if top else 0,
        int(bottom) if bottom else len(sheet.rows),
        number(left) if left else 0,
        number(right) + 1 if right else len(sheet.cols),
    )


def number(letters: str) -> int:
    """The index of a column by its letters."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def letters(index: int) -> str:
    """The letters of a column."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


def areas_of(book: Book, each: Mapping[str, Any]) -> list[Area]:
    """What a data filter designates; nothing when its metadata is not there any more."""
    if "a1Range" in each:
        return [area_of(book, each["a1Range"])]
    if "gridRange" in each:
        grid = each["gridRange"]
        sheet = book.sheet(grid.get("sheetId", 0))
        return [
            (
                sheet,
                grid.get("startRowIndex", 0),
                grid.get("endRowIndex", len(sheet.rows)),
                grid.get("startColumnIndex", 0),
                grid.get("endColumnIndex", len(sheet.cols)),
            )
        ]
    found = []
    for place in found_marks(book, [each]):
        sheet = place.sheet or book.sheets[0]
        if place.kind == "ROW":
            found.append((sheet, place.index, place.index + 1, 0, len(sheet.cols)))
        elif place.kind == "COLUMN":
            found.append((sheet, 0, len(sheet.rows), place.index, place.index + 1))
        else:
            found.append((sheet, 0, len(sheet.rows), 0, len(sheet.cols)))
    if not found and book.no_match_is_refused:
        raise invalid("No data matches the data filter.")
    return found


def named(area: Area) -> str:
    """The range as the answers name it."""
    sheet, top, bottom, left, right = area
    return f"'{sheet.title}'!{letters(left)}{top + 1}:{letters(right - 1)}{bottom}"


def values(area: Area, asked: Mapping[str, Any]) -> list[list[Any]]:
    """The values of a range without what is empty at its ends."""
    sheet, top, bottom, left, right = area
    shown = asked.get("valueRenderOption", "FORMATTED_VALUE") == "FORMATTED_VALUE"
    lines = []
    for row in sheet.rows[top:bottom]:
        line = [_told(cell, shown) for cell in row.cells[left:right]]
        while line and line[-1] == "":
            line.pop()
        lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def write(area: Area, lines: list[list[Any]], option: str) -> None:
    """Put values at the top left of a range; ``None`` leaves a cell alone."""
    if option not in ("RAW", "USER_ENTERED"):
        raise invalid("valueInputOption is required.")
    sheet, top, bottom, left, right = area
    for down, line in enumerate(lines):
        if top + down >= bottom or left + len(line) > right:
            raise invalid("Requested writing within range, but tried writing outside of it.")
        for along, value in enumerate(line):
            _put(sheet.rows[top + down], left + along, value, option)


def _put(row: Row, column: int, value: Any, option: str) -> None:
    if value is None:
        return
    if isinstance(value, (dict, list)):
        raise invalid("Invalid values: struct_value")
    row.put(column, typed(value) if option == "USER_ENTERED" else value)


def typed(value: Any) -> Any:
    """What a person's keyboard makes of a text: numbers, dates, TRUE, formulas (here always in error)."""
    if not isinstance(value, str):
        return value
    if value.startswith("="):
        return ErrorCell("NAME")
    if value.upper() in ("TRUE", "VRAI", "FALSE", "FAUX"):
        return value.upper() in ("TRUE", "VRAI")
    if re.fullmatch(r"-?\d+([.,]\d+)?", value):
        found = float(value.replace(",", "."))
        return int(found) if found.is_integer() else found
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) - EPOCH).days
    return value


def _told(cell: Any, shown: bool) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, ErrorCell):
        return cell.shown
    return str(cell) if shown else cell
