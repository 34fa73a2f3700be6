"""Answers that tell of another row than the one that was written, as no service should give them."""

import copy
import json
from typing import Any

from tests.remotes.airtable_base import BaseThere, shown
from tests.remotes.sheets_book import Book
from tests.remotes.sheets_requests import found_marks
from tests.remotes.sheets_values import values


def of_base(base: BaseThere, path: str, body: Any, *, as_key: bool) -> Any:
    """The answer with the keys of other rows of ours, or with their cells."""
    table = base.tables.get(path.split("/")[3])
    told = copy.deepcopy(body)
    mark = table.field("ID") if table is not None else None
    if table is None or mark is None:
        return told
    for record in told["records"]:
        others = [row for row in table.rows.values() if row.id != record["id"] and mark.id in row.cells]
        if "fields" in record and others:
            record |= {"id": others[0].id} if as_key else {"fields": shown(table, others[0])["fields"]}
    return told


def of_book(book: Book, body: bytes) -> bytes:
    """The answer with the cells of other rows of ours."""
    told = json.loads(body)
    for each in told.get("responses", ()):
        line = (each["updatedData"].get("values") or [[]])[0]
        place = next(iter(found_marks(book, [each["dataFilter"]])), None)
        if place is None or place.sheet is None or place.kind != "ROW" or line[:1] == ["ID"]:
            continue
        others = [
            n for n, row in enumerate(place.sheet.rows)
            if n != place.index and row.at(0) not in (None, "ID", *line[:1])
        ]  # fmt: skip
        if others:
            area = (place.sheet, others[0], others[0] + 1, 0, len(place.sheet.cols))
            each["updatedData"]["values"] = values(area, {"valueRenderOption": "UNFORMATTED_VALUE"})
    return json.dumps(told).encode()
