"""The rows of a table of Airtable, as they are told: by pages, begun again when these went stale.

Source: Airtable's « List records ». Its POST is for what an address is too short for, a formula of a hundred
keys; a server that has only the GET is asked by it, with the same parameters.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sync.airtable.calls import Calls, Declined
from sync.remote import Line

T = TypeVar("T")

PAGE = 100  # rows: the most that Airtable gives at once
RESTARTS = 3  # of one listing, before it is given up until the next look
_EXPIRED = ("LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "INVALID_OFFSET_VALUE")

Record = Mapping[str, Any]
Page = Sequence[Record]


def listed(
    calls: Calls,
    line: Line,
    table: str,
    gather: Callable[[Iterator[Page]], T],
    fields: Sequence[str] | None = None,
    formula: str | None = None,
) -> T:
    """What ``gather`` makes of the pages of a listing, from the first: half of two states is none.

    ``fields``: Airtable's ids of the columns asked, all of them by default.
    """
    asked: dict[str, Any] = {"pageSize": PAGE, "returnFieldsByFieldId": True}
    if fields is not None:
        asked["fields"] = list(fields)
    if formula is not None:
        asked["filterByFormula"] = formula
    for _ in range(RESTARTS):
        try:
            return gather(_pages(calls, line, table, asked))
        except Declined as refusal:
            if refusal.kind not in _EXPIRED:
                raise
            last = refusal
    last.again, last.person = True, False
    raise last


def _pages(calls: Calls, line: Line, table: str, asked: Mapping[str, Any]) -> Iterator[Page]:
    offset: dict[str, Any] = {}
    while True:
        page = _page(calls, line, table, {**asked, **offset})
        yield page["records"]
        if not page.get("offset"):
            return
        offset = {"offset": page["offset"]}


def _page(calls: Calls, line: Line, table: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    url = calls.records(table)
    if calls.lists_by_post:
        try:
            told: Mapping[str, Any] = calls.ask(line, "POST", f"{url}/listRecords", json=asked)
        except Declined as refusal:
            if refusal.status not in (404, 405) or refusal.kind == "TABLE_NOT_FOUND":
                raise
        else:
            return told
    fields = {"fields[]": asked["fields"]} if "fields" in asked else {}
    params = {name: value for name, value in asked.items() if name != "fields"}
    page: Mapping[str, Any] = calls.ask(
        line, "GET", url, params={**params, "returnFieldsByFieldId": 1, **fields}
    )
    calls.lists_by_post = False  # it is there, and was not to be had the other way
    return page
