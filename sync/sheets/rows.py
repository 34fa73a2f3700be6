"""Rows changed and created in a spreadsheet, each proved by the answer (docs/decisions/23-sheets-rows.md)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sync.remote import ID, Cells, Failure, Raw, RemoteError, Seen, Shape, Write, misplaced
from sync.sheets.anchors import ROUNDS, Speech, created, plan, reserved, settle, span
from sync.sheets.client import Misread
from sync.sheets.dress import dressed
from sync.sheets.tabs import Book, Line, Tab, read_tab, seen

Place = tuple[str, int]  # a table and the anchor of a row
Put = dict[Place, dict[str, Raw]]  # what to write, by name of column

GONE = Failure(missing=True, words="La ligne n'est plus dans le classeur.")
RESTLESS = "Le classeur change sans cesse : les lignes seront écrites à la prochaine synchronisation."


def change(speech: Speech, before: Book, wanted: Mapping[Place, Cells]) -> tuple[dict[Place, Line], Book]:
    """Write cells of rows known by their anchors; each row as it is then, and the book as last read.

    One write when nobody moves anything meanwhile. A row that is not in the answer is gone. What landed
    elsewhere is put back from ``before`` and written again. Raises ``RemoteError``.
    """
    book = before
    done: dict[Place, Line] = {}
    todo: Put = {place: dict(cells) for place, cells in wanted.items()}
    for _ in range(ROUNDS):
        if not todo:
            break
        got, shifted = _put(speech, book, todo)
        doubted = {place for place, line in got.items() if not _is_right(before, place, line, todo[place])}
        done |= {place: line for place, line in got.items() if place not in doubted}
        if not doubted and not shifted:
            return done, book
        book, todo = _mended(speech, before, book, wanted, todo, got, doubted)
        if any(_is_misplaced(book, place, got[place]) for place in doubted - todo.keys()):
            raise misplaced("Google Sheets")
        done |= {place: line for place, line in got.items() if place not in todo}
    if todo:
        raise RemoteError(RESTLESS)
    return done, book


def create(
    speech: Speech, book: Book, writes: Sequence[Write], anew: bool = False
) -> tuple[list[Seen | Failure], Book]:
    """Put rows under the headers with their anchors, all or none; one write, whatever the tables.

    The same again after a lost answer is refused by the service, since the anchors exist: what is there is
    told. Raises ``RemoteError``.
    """
    by_table: dict[str, list[Write]] = defaultdict(list)
    for write in writes:
        by_table[write.table].append(write)
    shapes = {shape.table: shape for shape in speech.shapes}
    asked, ranges = [], []
    for table, each in by_table.items():
        asked += _insertion(book, shapes[table], each)
        title = book.tabs[table].title.replace("'", "''")
        ranges.append(f"'{title}'!1:{book.tabs[table].header + len(each) + 1}")
    try:
        told = speech.talk.batch(asked, ranges)
    except Misread:
        return _refused(speech, writes, anew)
    return _checked(speech, book, writes, told)


def _put(speech: Speech, book: Book, todo: Put) -> tuple[dict[Place, Line], set[str]]:
    """Write; the rows of the answer, and the tables whose columns are not where we thought."""
    lines: dict[int, list[Any]] = {}
    for (table, key), cells in todo.items():
        lines[key] = _line(book.tabs[table], cells)
    tables = {table for table, _ in todo}
    for table in tables:
        if (header := book.tabs[table].header_key) is not None:
            lines[header] = [None]  # nothing is written; the answer says which columns there are
    try:
        told = speech.talk.put(lines)
    except Misread:
        there = speech.read()
        left = {place: cells for place, cells in todo.items() if place[1] in there.marks}
        if len(left) == len(todo):
            raise RemoteError(
                "Google Sheets refuse d'écrire ces lignes.", again=False, applied=False, person=True
            ) from None
        return _put(speech, book, left) if left else ({}, set())
    shifted = {table for table in tables if _is_shifted(book.tabs[table], told)}
    got = {(table, key): book.tabs[table].line(told[key], key) for table, key in todo if key in told}
    return got, shifted


def _line(tab: Tab, cells: Cells) -> list[Any]:
    places = {name: place for place, name in enumerate(tab.names)}
    line: list[Any] = [None] * (1 + max((places[name] for name in cells if name in places), default=0))
    for name, raw in cells.items():
        if name in places:
            line[places[name]] = "" if raw is None else raw
    return line


def _is_shifted(tab: Tab, told: Mapping[int, Sequence[Any]]) -> bool:
    heads = told.get(tab.header_key or 0)
    return heads is not None and [str(head).strip() for head in heads] != list(tab.heads)


def _is_right(before: Book, place: Place, got: Line, cells: Cells) -> bool:
    """Whether the row written is the one that was meant: its ID says so, else all that we left alone."""
    expected = before.tabs[place[0]].by_key.get(place[1])
    if expected is None:
        return True
    if ID not in cells and expected.id:
        return got.id == expected.id
    return _others(got, cells) == _others(expected, cells)


def _is_misplaced(book: Book, place: Place, got: Line) -> bool:
    """Whether an answer told of another row than the one that is there under this anchor."""
    there = book.tabs[place[0]].by_key.get(place[1])
    return there is not None and there.id != got.id


def _others(line: Line, cells: Cells) -> Cells:
    return {name: raw for name, raw in line.values.items() if name not in cells}


def _mended(
    speech: Speech,
    before: Book,
    book: Book,
    wanted: Mapping[Place, Cells],
    sent: Put,
    got: Mapping[Place, Line],
    doubted: set[Place],
) -> tuple[Book, Put]:
    """The book read again with its anchors in place, and what is to be written to make every row right."""
    fresh = speech.read()
    victims = {place: _landed_on(before, place, got[place], sent[place]) for place in doubted}
    as_it_was = _undone(fresh, before, sent, got, victims)
    known = {table: tab.tokens() for table, tab in before.tabs.items()}
    astray = {
        (table, key) for table, tab in as_it_was.tabs.items() for key in plan(tab, known.get(table, {})).moved
    }
    settled = settle(speech, known, as_it_was)
    again: Put = defaultdict(dict)
    for place, cells in sent.items():
        table = place[0]
        if place not in got or place[1] not in settled.tabs[table].by_key:
            continue
        landed = victims.get(place) if place in doubted and place in astray else place
        if landed is None:
            landed = _bearer(settled.tabs[table], got[place], table)
        for name, raw in cells.items():
            now = _name_at(settled.tabs[table], book.tabs[table], name)
            if landed == place and now == name:
                continue
            if landed is not None and now is not None:
                again[landed].setdefault(now, _value(before, landed, now))
            again[place][name] = raw
    for place, cells in again.items():  # what is meant wins over what is put back
        cells |= {name: raw for name, raw in wanted.get(place, {}).items() if name in cells}
    return settled, dict(again)


def _landed_on(before: Book, place: Place, got: Line, cells: Cells) -> Place | None:
    """Which row of the last look was written instead; ``None`` when none looks like it."""
    table, meant = place
    lines = before.tabs[table].by_key
    for key, line in lines.items():
        if key != meant and ID not in cells and got.id and line.id == got.id:
            return table, key
    alike = [
        key for key, line in lines.items() if key != meant and _others(line, cells) == _others(got, cells)
    ]
    return (table, alike[0]) if alike else None


def _undone(
    fresh: Book, before: Book, sent: Put, got: Mapping[Place, Line], victims: Mapping[Place, Place | None]
) -> Book:
    """The fresh reading as if nothing had landed elsewhere, so that each row is known by what it was."""
    tabs = dict(fresh.tabs)
    for place, victim in victims.items():
        table, key = place
        if victim is None:
            continue
        was = {name: _value(before, victim, name) for name in sent[place]}
        lines = tuple(
            replace(line, values={n: r for n, r in {**line.values, **was}.items() if r is not None})
            if key in line.keys and line.id == got[place].id
            else line
            for line in tabs[table].lines
        )
        tabs[table] = replace(tabs[table], lines=lines)
    return replace(fresh, tabs=tabs)


def _bearer(tab: Tab, got: Line, table: str) -> Place | None:
    """The row that holds now what the answer showed."""
    for key, line in tab.by_key.items():
        if line.values == got.values:
            return table, key
    return None


def _value(before: Book, place: Place, name: str) -> Raw:
    line = before.tabs[place[0]].by_key.get(place[1])
    return line.values.get(name) if line else None


def _name_at(now: Tab, then: Tab, name: str) -> str | None:
    """The column that is now where ``name`` was written."""
    if name not in then.names:
        return name
    place = then.names.index(name)
    return now.names[place] if place < len(now.names) else None


def _insertion(book: Book, shape: Shape, writes: Sequence[Write]) -> list[Any]:
    tab = book.tabs[shape.table]
    start = tab.header + 1
    rows = [{"values": [_extended(raw) for raw in _line(tab, write.cells)]} for write in writes]
    at = {"sheetId": tab.sheet, "rowIndex": start, "columnIndex": 0}
    return [
        {
            "insertDimension": {
                "range": span(tab.sheet, start, start + len(writes)),
                "inheritFromBefore": False,
            }
        },
        {"updateCells": {"start": at, "rows": rows, "fields": "userEnteredValue"}},
        *dressed(shape, tab, book.tabs, start, start + len(writes)),
        *(created(int(write.key), tab.sheet, start + n) for n, write in enumerate(writes)),
    ]


def _extended(raw: Raw) -> dict[str, Any]:
    if raw is None or raw == "":
        return {}
    if isinstance(raw, bool):
        return {"userEnteredValue": {"boolValue": raw}}
    if isinstance(raw, (int, float)):
        return {"userEnteredValue": {"numberValue": raw}}
    return {"userEnteredValue": {"stringValue": raw}}


def _checked(
    speech: Speech, book: Book, writes: Sequence[Write], told: Any
) -> tuple[list[Seen | Failure], Book]:
    """The rows of the answer; columns that moved since the last look are seen there, and the rows mended."""
    sheets = {each["properties"].get("sheetId", 0): each for each in told["updatedSpreadsheet"]["sheets"]}
    found: dict[Place, Line] = {}
    amiss: Put = {}
    for shape in speech.shapes:
        mine = [write for write in writes if write.table == shape.table]
        if not mine:
            continue
        now = read_tab(shape, sheets.get(book.tabs[shape.table].sheet))
        for write in mine:
            place, line = (write.table, int(write.key)), now.by_key.get(int(write.key))
            meant = {name: raw for name, raw in write.cells.items() if raw is not None and name in now.names}
            if line is None or line.values.keys() != meant.keys():
                blank = dict.fromkeys(line.values) if line else {}
                amiss[place] = {**blank, **meant}
            else:
                found[place] = line
    if amiss:
        mended, book = change(speech, speech.read(), amiss)
        found |= mended
    for (table, key), line in found.items():
        book.tabs[table].by_key[key] = line
    return _told(writes, found), book


def _refused(speech: Speech, writes: Sequence[Write], anew: bool) -> tuple[list[Seen | Failure], Book]:
    """Nothing was done: because it was already, because a number was taken, or for good."""
    book = speech.read()
    found: dict[Place, Line] = {}
    for write in writes:
        tab = book.tabs[write.table]
        alike = [line for line in tab.lines if line.id and line.id == write.cells.get(ID)]
        line = tab.by_key.get(int(write.key))
        if line is not None and line.id != write.cells.get(ID):
            line = None
        if line is not None or alike:
            found[write.table, int(write.key)] = line or alike[0]
    if found:
        return _told(writes, found), book
    if anew:
        raise RemoteError(
            "Google Sheets refuse d'ajouter ces lignes : l'onglet est peut-être plein.",
            again=False,
            applied=False,
            person=True,
        )
    if any(int(write.key) in book.marks for write in writes):
        first = reserved(speech.reserve, len(writes), book.marks)
        writes = [replace(write, key=str(first + n)) for n, write in enumerate(writes)]
    readable = {table for table, tab in book.tabs.items() if not tab.trouble}
    if any(write.table not in readable for write in writes):
        raise RemoteError("Un onglet n'est plus lisible.", applied=False)
    return create(speech, book, writes, anew=True)


def _told(writes: Iterable[Write], found: Mapping[Place, Line]) -> list[Seen | Failure]:
    told: list[Seen | Failure] = []
    for write in writes:
        line = found.get((write.table, int(write.key)))
        told.append(seen(line, line.keys[0] if line.keys else int(write.key)) if line else GONE)
    return told
