"""Anchors: the developer metadata by which a row is known; put where missing, brought back when astray.

docs/decisions/23-sheets-rows.md says why each row has one, and what moves or loses them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.remote import Memory, Shape
from sync.sheets.client import Misread, Talk
from sync.sheets.tabs import ANCHOR, Book, Line, Tab, read

FAR = 1_000_000  # numbers beyond are the service's own, drawn at random
ROUNDS = 5  # reads after which what still moves is left to the next look

Known = Mapping[str, Mapping[str, str]]  # table → anchor → token of its row when last read
Reserve = Callable[[int], int]


@dataclass(frozen=True)
class Plan:
    """What makes each row of a tab bear one anchor, its own. Indices of rows are those just read."""

    moved: Mapping[int, int]
    fresh: tuple[int, ...]
    removed: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.moved or self.fresh or self.removed)


@dataclass(frozen=True)
class Speech:
    """What a call of reconciliation is carried with: whom we speak to, of which tables, our numbers."""

    talk: Talk
    shapes: Sequence[Shape]
    memory: Memory
    reserve: Reserve

    def read(self) -> Book:
        """Everything there is; one read."""
        return read(self.talk.whole(), self.shapes, self.memory)


def settle(speech: Speech, known: Known, book: Book) -> Book:
    """The book once each row that holds something bears its own anchor. One write and one read, or nothing.

    An anchor that lands on another row, because somebody sorted or inserted meanwhile, is seen at the read
    that follows and brought back: it names nothing before reconciliation is told of it.
    """
    refused = 0
    for _ in range(ROUNDS):
        plans = [(tab, plan(tab, known.get(tab.table, {}))) for tab in _readable(book)]
        fresh = sum(len(each.fresh) for _, each in plans)
        asked = _requests(plans, reserved(speech.reserve, fresh, book.marks) if fresh else 0, refused > 1)
        if not asked:
            break
        try:
            speech.talk.batch(asked)
        except Misread:  # a row left, or a number was taken, since it was read
            refused += 1
        book = speech.read()
    return book


def plan(tab: Tab, known: Mapping[str, str]) -> Plan:
    """Which anchor each row should bear; pure. ``known``: the token of the row that each anchor stood for."""
    rows = [line for line in tab.lines if line.values]
    owner: dict[int, int] = {}  # index of a row → its anchor
    for line in rows:
        own = [key for key in line.keys if known.get(str(key)) == line.token]
        if own:
            owner[line.index] = own[0]
    moved = _astray(tab, rows, known, owner)
    taken, told = set(owner.values()), set(known.values())
    for line in rows:
        mine = [key for key in line.keys if key not in taken and not _is_anothers(key, line, known, told)]
        if line.index not in owner and mine:
            owner[line.index] = mine[0]
    kept = set(owner.values())
    removed = tuple(key for line in tab.lines for key in line.keys if key not in kept)
    return Plan(moved, tuple(line.index for line in rows if line.index not in owner), removed)


def reserved(reserve: Reserve, count: int, taken: frozenset[int]) -> int:
    """The first of ``count`` numbers that no metadata of the spreadsheet bears.

    A store that meets a spreadsheet filled by another begins its numbers again: it jumps past those there.
    """
    first = reserve(count)
    while any(number in taken for number in range(first, first + count)):
        last = max(number for number in taken if number < first + FAR)
        if last >= first + count:
            reserve(last - first - count + 1)
        first = reserve(count)
    return first


def created(
    key: int, sheet: int, index: int, dimension: str = "ROWS", name: str = ANCHOR, value: str = ""
) -> Any:
    """The request that puts a metadata of ours on a row or a column."""
    mark: dict[str, Any] = {
        "metadataId": key,
        "metadataKey": name,
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": span(sheet, index, index + 1, dimension)},
    }
    return {
        "createDeveloperMetadata": {"developerMetadata": mark | ({"metadataValue": value} if value else {})}
    }


def span(sheet: int, start: int, end: int, dimension: str = "ROWS") -> dict[str, Any]:
    """A ``DimensionRange``."""
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start, "endIndex": end}


def by_key(key: int) -> dict[str, Any]:
    """The data filter that finds one metadata."""
    return {"developerMetadataLookup": {"metadataId": key}}


def _astray(
    tab: Tab, rows: Sequence[Line], known: Mapping[str, str], owner: dict[int, int]
) -> dict[int, int]:
    """The anchors whose row is elsewhere (a sort they did not follow, cells cut and pasted), and where."""
    waiting: dict[str, list[Line]] = defaultdict(list)
    for line in rows:
        if line.index not in owner:
            waiting[line.token].append(line)
    moved: dict[int, int] = {}
    placed = set(owner.values())
    for line in tab.lines:
        for key in line.keys:
            token = known.get(str(key))
            if key in placed or token is None or token == line.token or not waiting.get(token):
                continue
            target = waiting[token].pop(0).index
            owner[target] = key
            moved[key] = target
    return moved


def _is_anothers(key: int, line: Line, known: Mapping[str, str], told: set[str]) -> bool:
    """Whether a row bears the ID of a record known elsewhere: its anchor stood for something else."""
    token = known.get(str(key))
    return token is not None and bool(line.id) and line.id != token and line.id in told


def _requests(plans: Sequence[tuple[Tab, Plan]], first: int, anew: bool) -> list[Any]:
    """``anew``: the service does not move a metadata; it is taken away and put again under its number."""
    asked: list[Any] = []
    for tab, each in plans:
        asked += [{"deleteDeveloperMetadata": {"dataFilter": by_key(key)}} for key in each.removed]
        for key, index in each.moved.items():
            if anew:
                asked.append({"deleteDeveloperMetadata": {"dataFilter": by_key(key)}})
                asked.append(created(key, tab.sheet, index))
                continue
            place = {"location": {"dimensionRange": span(tab.sheet, index, index + 1)}}
            filters = {"dataFilters": [by_key(key)], "developerMetadata": place, "fields": "location"}
            asked.append({"updateDeveloperMetadata": filters})
    for tab, each in plans:
        for index in each.fresh:
            asked.append(created(first, tab.sheet, index))
            first += 1
    return asked


def _readable(book: Book) -> list[Tab]:
    return [tab for tab in book.tabs.values() if not tab.trouble]
