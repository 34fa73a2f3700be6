"""The paths of the Sheets API that the test server knows, over a book."""

import re
from typing import Any
from urllib.parse import unquote

from tests.remotes.sheets_book import ApiError, Book, invalid
from tests.remotes.sheets_masks import parsed, spreadsheet, told_mark
from tests.remotes.sheets_requests import applied, found_marks
from tests.remotes.sheets_values import area_of, areas_of, named, values, write


def routed(book: Book, method: str, path: str, query: dict[str, list[str]], asked: Any) -> Any:
    """The answer to one request, applied to the book; raises ``ApiError`` when nothing is done."""
    match = re.fullmatch(r"/v4/spreadsheets/([^/:]+)(?:/?(.*))", path)
    if match is None or match.group(1) != book.id:
        raise ApiError(404, "NOT_FOUND", "Requested entity was not found.")
    rest = unquote(match.group(2))
    mask = parsed(query["fields"][0]) if "fields" in query else None
    grid = query.get("includeGridData", ["false"])[0] == "true"
    if method == "GET" and not rest:
        return spreadsheet(book, mask, _windows(book, query.get("ranges", [])), grid)
    if rest == ":getByDataFilter":
        windows: dict[int, list[tuple[int, int, int, int]]] = {}
        for each in asked["dataFilters"]:
            for sheet, *window in areas_of(book, each):
                windows.setdefault(sheet.id, []).append((window[0], window[1], window[2], window[3]))
        return spreadsheet(book, mask, windows, asked.get("includeGridData", False))
    if rest == ":batchUpdate":
        return _batch(book, asked, mask)
    if rest == "values:batchUpdateByDataFilter":
        return _write_by_filter(book, asked)
    if rest == "values:batchGetByDataFilter":
        return {
            "valueRanges": [
                {"valueRange": {"range": named(a), "values": values(a, asked)}, "dataFilters": [each]}
                for each in asked["dataFilters"]
                for a in areas_of(book, each)
            ]
        }
    if rest == "developerMetadata:search":
        found = found_marks(book, asked["dataFilters"])
        return {
            "matchedDeveloperMetadata": [
                {"developerMetadata": told_mark(p.mark, p.sheet, p.kind, p.index)} for p in found
            ]
        }
    return _plain_values(book, method, rest, {name: each[0] for name, each in query.items()}, asked, query)


def _plain_values(
    book: Book, method: str, rest: str, given: dict[str, str], asked: Any, query: dict[str, list[str]]
) -> Any:
    if rest == "values:batchGet":
        areas = [area_of(book, each) for each in query["ranges"]]
        return {"valueRanges": [{"range": named(a), "values": values(a, given)} for a in areas]}
    if rest == "values:batchUpdate":
        for each in asked["data"]:
            write(area_of(book, each["range"]), each["values"], asked["valueInputOption"])
        return {"responses": [{"updatedRange": each["range"]} for each in asked["data"]]}
    if rest.startswith("values/") and not rest.endswith((":append", ":clear")):
        area = area_of(book, rest.removeprefix("values/"))
        if method == "PUT":
            write(area, asked["values"], given.get("valueInputOption", ""))
            return {"range": named(area), "values": values(area, given)}
    raise invalid(f"{method} {rest} is not for records")


def _batch(book: Book, asked: Any, mask: Any) -> Any:
    before = book.copy()
    try:
        replies = applied(book, asked["requests"])
    except BaseException:
        book.sheets, book.marks, book.zone = before.sheets, before.marks, before.zone
        book.found = None
        raise
    told: dict[str, Any] = {"spreadsheetId": book.id, "replies": replies}
    if asked.get("includeSpreadsheetInResponse"):
        below = (mask or {}).get("updatedSpreadsheet") or None
        windows = _windows(book, asked.get("responseRanges", []))
        told["updatedSpreadsheet"] = spreadsheet(
            book, below, windows, asked.get("responseIncludeGridData", False)
        )
    return told


def _write_by_filter(book: Book, asked: Any) -> Any:
    shown = {"valueRenderOption": asked.get("responseValueRenderOption", "FORMATTED_VALUE")}
    found = [(each, area) for each in asked["data"] for area in areas_of(book, each["dataFilter"])]
    for each, area in found:
        write(area, each["values"], asked["valueInputOption"])
    return {
        "spreadsheetId": book.id,
        "responses": [
            {
                "updatedRange": named(area),
                "dataFilter": each["dataFilter"],
                "updatedData": {
                    "range": named(area),
                    "majorDimension": "ROWS",
                    "values": values(area, shown),
                },
            }
            for each, area in found
        ],
    }


def _windows(book: Book, ranges: list[str]) -> dict[int, list[tuple[int, int, int, int]]] | None:
    if not ranges:
        return None
    found: dict[int, list[tuple[int, int, int, int]]] = {}
    for each in ranges:
        sheet, top, bottom, left, right = area_of(book, each)
        found.setdefault(sheet.id, []).append((top, bottom, left, right))
    return found
