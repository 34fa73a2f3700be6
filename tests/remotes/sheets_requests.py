"""The requests of ``spreadsheets:batchUpdate`` that the test server knows, each applied to a book."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.remotes.sheets_book import (
    MARKS_ROOM,
    TEN_MILLIONS,
    Book,
    Col,
    ErrorCell,
    Mark,
    Place,
    Row,
    Sheet,
    invalid,
)
from tests.remotes.sheets_masks import told_mark

Asked = Mapping[str, Any]


def applied(book: Book, requests: list[Asked]) -> list[dict[str, Any]]:
    """All of them in order, each one's reply; raises ``ApiError`` (the caller puts the book back)."""
    replies = []
    for place, request in enumerate(requests):
        ((name, asked),) = request.items()
        if name not in _KNOWN:
            raise invalid(f"Invalid JSON payload received. Unknown name \"{name}\" at 'requests[{place}]'")
        replies.append(_KNOWN[name](book, asked) or {})
        if name not in _STILL:
            book.found = None
    for sheet in book.sheets if any("createDeveloperMetadata" in request for request in requests) else []:
        if sheet.marks_used() > MARKS_ROOM:
            raise invalid("The sheet has exceeded the limit of developer metadata.")
    return replies


def _add_sheet(book: Book, asked: Asked) -> dict[str, Any]:
    given = asked["properties"]
    if any(sheet.title == given["title"] for sheet in book.sheets):
        raise invalid(f'A sheet with the name "{given["title"]}" already exists. Please enter another name.')
    grid = given.get("gridProperties", {})
    id = given.get("sheetId", random.randrange(1, 2**31))
    if any(sheet.id == id for sheet in book.sheets):
        raise invalid(f"Sheet with id {id} already exists.")
    sheet = book.sheet_of(id, given["title"], grid.get("rowCount", 1000), grid.get("columnCount", 26))
    sheet.frozen = grid.get("frozenRowCount", 0)
    book.sheets.append(sheet)
    _fits(book)
    return {"addSheet": {"properties": {"sheetId": id, "title": sheet.title}}}


def _delete_sheet(book: Book, asked: Asked) -> None:
    book.sheets.remove(book.sheet(asked["sheetId"]))


def _sheet_properties(book: Book, asked: Asked) -> None:
    given = asked["properties"]
    sheet = book.sheet(given.get("sheetId", 0))
    if "title" in asked["fields"]:
        sheet.title = given["title"]
    if "frozenRowCount" in asked["fields"]:
        sheet.frozen = given["gridProperties"]["frozenRowCount"]


def _spreadsheet_properties(book: Book, asked: Asked) -> None:
    if "timeZone" in asked["fields"]:
        book.zone = asked["properties"]["timeZone"]


def _insert(book: Book, asked: Asked) -> None:
    sheet, start, end = _span(book, asked["range"])
    if asked["range"]["dimension"] == "ROWS":
        if start > len(sheet.rows):
            raise invalid("range.startIndex is beyond the grid")
        sheet.rows[start:start] = book.blank(end - start)
    else:
        sheet.cols[start:start] = [Col() for _ in range(end - start)]
        for row in sheet.rows:
            if len(row.cells) > start:
                row.cells[start:start] = [None] * (end - start)
    _fits(book)


def _append_dimension(book: Book, asked: Asked) -> None:
    sheet = book.sheet(asked.get("sheetId", 0))
    if asked["dimension"] == "ROWS":
        sheet.rows.extend(book.blank(asked["length"]))
    else:
        sheet.cols.extend(Col() for _ in range(asked["length"]))
    _fits(book)


def _delete(book: Book, asked: Asked) -> None:
    sheet, start, end = _span(book, asked["range"])
    if asked["range"]["dimension"] == "ROWS":
        if end > len(sheet.rows):
            raise invalid("range.endIndex is beyond the grid")
        if len(sheet.rows) - (end - start) <= sheet.frozen:
            raise invalid("It is not possible to delete all the non-frozen rows.")
        del sheet.rows[start:end]
    else:
        del sheet.cols[start:end]
        for row in sheet.rows:
            del row.cells[start:end]


def _move(book: Book, asked: Asked) -> None:
    sheet, start, end = _span(book, asked["source"])
    target = asked["destinationIndex"]
    target -= (end - start) if target >= end else 0
    if asked["source"]["dimension"] == "ROWS":
        moved_rows = sheet.rows[start:end]
        del sheet.rows[start:end]
        sheet.rows[target:target] = moved_rows
        return
    moved = sheet.cols[start:end]
    del sheet.cols[start:end]
    sheet.cols[target:target] = moved
    for row in sheet.rows:
        row.cells.extend([None] * (len(sheet.cols) - len(row.cells)))
        cells = row.cells[start:end]
        del row.cells[start:end]
        row.cells[target:target] = cells


def _update_cells(book: Book, asked: Asked) -> None:
    if asked["fields"] != "userEnteredValue":
        raise invalid("Only userEnteredValue is written here.")
    start = asked["start"]
    sheet = book.sheet(start.get("sheetId", 0))
    for down, line in enumerate(asked["rows"]):
        index = start.get("rowIndex", 0) + down
        for right, cell in enumerate(line.get("values", [])):
            place = start.get("columnIndex", 0) + right
            if index >= len(sheet.rows) or place >= len(sheet.cols):
                raise invalid("Attempting to write past the end of the grid.")
            ((_, value),) = cell.get("userEnteredValue", {"": None}).items()
            sheet.rows[index].put(place, value)


def _repeat_cell(book: Book, asked: Asked) -> None:
    for sheet, is_header, col in _dressed(book, asked["range"]):
        shape = asked["cell"].get("userEnteredFormat", {})
        (sheet.header if is_header else col.dress.setdefault("userEnteredFormat", {})).update(shape)


def _validate(book: Book, asked: Asked) -> None:
    for _, _, col in _dressed(book, asked["range"]):
        if "rule" in asked:
            col.dress["dataValidation"] = asked["rule"]
        else:
            col.dress.pop("dataValidation", None)


def _dressed(book: Book, area: Asked) -> list[tuple[Sheet, bool, Col]]:
    sheet = book.sheet(area.get("sheetId", 0))
    columns = sheet.cols[area.get("startColumnIndex", 0) : area.get("endColumnIndex", len(sheet.cols))]
    if not columns:
        raise invalid("The range is outside the grid.")
    return [(sheet, area.get("startRowIndex", 0) == 0, col) for col in columns]


def _protect(book: Book, asked: Asked) -> dict[str, Any]:
    given = dict(asked["protectedRange"])
    given["protectedRangeId"] = random.randrange(1, 2**31)
    book.sheet(given["range"].get("sheetId", 0)).protections.append(given)
    return {"addProtectedRange": {"protectedRange": given}}


def sort(book: Book, sheet: Sheet, start: int, end: int, column: int, descending: bool = False) -> None:
    """Sort lines as the service does: numbers, texts, then what is empty; metadata follows, or does not."""

    def order(row: Row) -> tuple[int, float, str]:
        value = row.at(column)
        if value is None or isinstance(value, ErrorCell):
            return (3, 0.0, "")
        if isinstance(value, bool):
            return (2, float(value), "")
        return (0, float(value), "") if isinstance(value, (int, float)) else (1, 0.0, value.casefold())

    lines = sheet.rows[start:end]
    full = sorted((row for row in lines if row.at(column) is not None), key=order, reverse=descending)
    new = full + [row for row in lines if row.at(column) is None]
    if book.sort_moves_marks:
        sheet.rows[start:end] = new
        return
    contents = [(row.number, row.cells) for row in new]
    for row, (number, cells) in zip(lines, contents, strict=True):
        row.number, row.cells = number, cells


def _sort_range(book: Book, asked: Asked) -> None:
    area, spec = asked["range"], asked["sortSpecs"][0]
    sheet = book.sheet(area.get("sheetId", 0))
    end = area.get("endRowIndex", len(sheet.rows))
    descending = spec.get("sortOrder") == "DESCENDING"
    sort(book, sheet, area.get("startRowIndex", 0), end, spec.get("dimensionIndex", 0), descending)


def _create_mark(book: Book, asked: Asked) -> dict[str, Any]:
    given = asked["developerMetadata"]
    places = book.places()
    id = given.get("metadataId") or random.randrange(1, 2**31)
    if id in places:
        raise invalid(f"A metadata entry already exists with id: {id}")
    if given.get("visibility") not in ("DOCUMENT", "PROJECT") or not given.get("metadataKey"):
        raise invalid("developerMetadata.visibility and metadataKey must be set.")
    mark = Mark(id, given["metadataKey"], given.get("metadataValue", ""))
    sheet, kind, index, holder = _located(book, given["location"])
    holder.append(mark)
    places[id] = Place(mark, sheet, kind, index, holder)
    return {"createDeveloperMetadata": {"developerMetadata": told_mark(mark, sheet, kind, index)}}


def _update_mark(book: Book, asked: Asked) -> None:
    given = asked["developerMetadata"]
    for place in found_marks(book, asked["dataFilters"]):
        place.holder.remove(place.mark)
        holder = place.holder
        if "location" in asked["fields"]:
            _, _, _, holder = _located(book, given["location"])
        holder.append(Mark(place.mark.id, place.mark.key, given.get("metadataValue", place.mark.value)))


def _delete_mark(book: Book, asked: Asked) -> None:
    for place in found_marks(book, [asked["dataFilter"]]):
        place.holder.remove(place.mark)


def found_marks(book: Book, filters: list[Asked]) -> list[Place]:
    """The metadata that these filters find, in the order of the filters."""
    places = book.places()
    found = []
    for each in filters:
        lookup = each["developerMetadataLookup"]
        if "metadataId" in lookup:
            found += [places[lookup["metadataId"]]] if lookup["metadataId"] in places else []
        else:
            found += [p for p in places.values() if p.mark.key == lookup.get("metadataKey", p.mark.key)]
    return found


def _located(book: Book, location: Asked) -> tuple[Sheet | None, str, int, list[Mark]]:
    if location.get("spreadsheet"):
        return None, "SPREADSHEET", 0, book.marks
    if "sheetId" in location:
        sheet = book.sheet(location["sheetId"])
        return sheet, "SHEET", 0, sheet.marks
    sheet, start, end = _span(book, location["dimensionRange"])
    rows = location["dimensionRange"]["dimension"] == "ROWS"
    if end != start + 1 or end > len(sheet.rows if rows else sheet.cols):
        raise invalid("developerMetadata.location.dimensionRange must be one row or column of the grid.")
    if rows:
        return sheet, "ROW", start, sheet.rows[start].marks
    return sheet, "COLUMN", start, sheet.cols[start].marks


def _span(book: Book, area: Asked) -> tuple[Sheet, int, int]:
    start, end = area.get("startIndex", 0), area["endIndex"]
    if not 0 <= start < end:
        raise invalid("range.startIndex must be before range.endIndex")
    return book.sheet(area.get("sheetId", 0)), start, end


def _fits(book: Book) -> None:
    if book.cells() > TEN_MILLIONS:
        raise invalid("This action would increase the number of cells in the workbook above the limit.")


_STILL = {"createDeveloperMetadata", "updateCells", "repeatCell", "setDataValidation"}  # nothing moves

_KNOWN: dict[str, Callable[[Book, Asked], dict[str, Any] | None]] = {
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "updateSheetProperties": _sheet_properties,
    "updateSpreadsheetProperties": _spreadsheet_properties,
    "insertDimension": _insert,
    "appendDimension": _append_dimension,
    "deleteDimension": _delete,
    "moveDimension": _move,
    "updateCells": _update_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _validate,
    "addProtectedRange": _protect,
    "sortRange": _sort_range,
    "createDeveloperMetadata": _create_mark,
    "updateDeveloperMetadata": _update_mark,
    "deleteDeveloperMetadata": _delete_mark,
}
