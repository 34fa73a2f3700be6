"""Rows of Airtable, read whole or by their keys, in our columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sync.airtable.calls import Calls
from sync.airtable.cells import is_empty, plain
from sync.airtable.listing import PAGE, Page, Record, listed
from sync.airtable.schema import Place
from sync.remote import ID, Line, Seen

Brought = Callable[[Mapping[str, Seen]], None]


def every(calls: Calls, line: Line, place: Place, brought: Brought | None = None) -> dict[str, Seen]:
    """All the rows of a table, by key; ``brought`` is told of each page as it comes."""
    return _listed(calls, line, place, None, brought)


def since(calls: Calls, line: Line, place: Place, moment: str) -> dict[str, Seen]:
    """The rows that were changed or made after a moment of the service's clock (ISO 8601)."""
    after = f'DATETIME_PARSE("{moment}")'
    formula = f"OR(IS_AFTER(LAST_MODIFIED_TIME(), {after}), IS_AFTER(CREATED_TIME(), {after}))"
    return _listed(calls, line, place, formula)


def chosen(calls: Calls, line: Line, place: Place, keys: Sequence[str]) -> dict[str, Seen]:
    """The rows of these keys, those that are still there."""
    found: dict[str, Seen] = {}
    for start in range(0, len(keys), PAGE):
        same = (f"RECORD_ID()='{key}'" for key in keys[start : start + PAGE])
        found |= _listed(calls, line, place, f"OR({', '.join(same)})")
    return found


def bearing(calls: Calls, line: Line, place: Place, header: str, ours: str) -> int:
    """How many rows bear one of our ids."""
    return len(_listed(calls, line, place, f'{{{header}}}="{ours}"'))


def seen(place: Place, record: Record) -> Seen:
    """A row in our columns."""
    return _seen(place, place.usable(), record)


def _seen(place: Place, usable: Mapping[str, str], record: Record) -> Seen:
    cells = record["fields"]
    ours = {name: cells[key] for key, name in usable.items() if not is_empty(cells.get(key))}
    return Seen(
        key=record["id"],
        id=str(ours.pop(ID, "")),
        cells=ours,
        extras={
            header: plain(cells[key]) for key, header in place.extras.items() if not is_empty(cells.get(key))
        },
    )


def with_before(place: Place, row: Seen, before: Mapping[str, Any]) -> Seen:
    """The row with what its cells held, told by Airtable's ids."""
    usable = place.usable()
    ours = {usable[key]: raw for key, raw in before.items() if usable.get(key, ID) != ID}
    return replace(row, before=ours)


def _listed(
    calls: Calls, line: Line, place: Place, formula: str | None, brought: Brought | None = None
) -> dict[str, Seen]:
    usable = place.usable()

    def gather(pages: Iterator[Page]) -> dict[str, Seen]:
        rows: dict[str, Seen] = {}
        for page in pages:
            part = {record["id"]: _seen(place, usable, record) for record in page}
            rows |= part
            if brought is not None:
                brought(part)
        return rows

    return listed(calls, line, place.id, gather, place.read(), formula)
