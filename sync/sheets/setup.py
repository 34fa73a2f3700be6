"""The tabs, columns, drop-downs and protections of a spreadsheet: made once, then only said to differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sync.fields import Owner
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Memory, Shape, stranger
from sync.sheets.anchors import Speech, by_key, created, reserved
from sync.sheets.client import parsed
from sync.sheets.dress import area_of, dressed, format_of, rule_of
from sync.sheets.tabs import COLUMN, HEADER, STAMP, TAB, Book, Tab, found, read, read_tab

ZONE = "America/Toronto"
LINES = 1_000  # of a new tab
AT_ONCE = 50  # numbers reserved in one go
PROTECTED = "Tenu par Guichet"
WORN = (
    "sheets(properties(sheetId,title),protectedRanges(range,description),"
    "data(startRow,startColumn,rowData.values(dataValidation,userEnteredFormat.numberFormat)))"
)


@dataclass
class _Plan:
    """What is to be asked, and what is said of it."""

    asked: list[Any] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def prepare(speech: Speech, stamp: str, take_over: bool) -> tuple[list[str], Memory]:
    """Create the tabs and columns that are missing, mark those that exist; what was done, what to remember.

    Nothing that exists is changed: neither a cell, a format nor a drop-down. One read; one write or none.
    Another installation's stamp is replaced only to ``take_over``.
    """
    body = speech.talk.whole()
    book, told = read(body, speech.shapes, speech.memory), parsed(body)
    if book.stamp not in ("", stamp) and not take_over:
        raise stranger()
    plan = _Plan()
    theirs = {each["properties"].get("sheetId", 0) for each in told.get("sheets", [])}
    numbers = _Numbers(speech, book.marks | theirs)  # a tab is called by a number too
    tabs: dict[str, Tab] = {}
    adding: list[tuple[Shape, Tab, frozenset[str]]] = []
    for shape in speech.shapes:
        sheet = found(told.get("sheets", []), shape, speech.memory)
        if sheet is None and speech.memory.get("tabs", {}).get(shape.table) is not None:
            forgotten = {**speech.memory, "tabs": {}}  # it was deleted: another one may bear its title
            sheet = found(told.get("sheets", []), shape, forgotten)
        tab, added = _tab(plan, numbers, shape, sheet)
        if tab is not None:
            tabs[shape.table] = tab
            adding.append((shape, tab, added))
    for shape, tab, added in adding:  # once every tab is known: drop-downs point from one to the other
        plan.asked += dressed(shape, tab, tabs, tab.header + 1, None, added)
        plan.asked += [_protection(tab, names) for name in added if (names := _kept(shape, name))]
    _own(plan, numbers, book, stamp)
    if plan.asked:
        speech.talk.batch(plan.asked)
    return plan.said, {**speech.memory, "tabs": {table: tab.sheet for table, tab in tabs.items()}}


def take_up(
    speech: Speech, shape: Shape, body: bytes, sheet: Any, tab: Tab, labels: Mapping[str, str]
) -> list[str]:
    """Make ours a tab that the town had made: mark it, add what it lacks of ``labels``; one write.

    Its ``names`` say which columns are ours. What was done, in French.
    """
    book = read(body, speech.shapes, speech.memory)
    plan = _Plan()
    complete, added = _completed(plan, _Numbers(speech, book.marks), shape, sheet, tab, labels)
    tabs = {**book.tabs, shape.table: complete}
    plan.asked += dressed(shape, complete, tabs, complete.header + 1, None, added)
    plan.asked += [_protection(complete, names) for name in added if (names := _kept(shape, name))]
    speech.talk.batch(plan.asked)
    return plan.said


def differences(speech: Speech) -> list[str]:
    """What differs from what ``prepare`` would make, in French. Two reads."""
    book = read(speech.talk.whole(), speech.shapes, speech.memory)
    said = [] if book.zone == ZONE else [f"Le fuseau horaire du classeur n'est pas {ZONE}."]
    if not book.stamp:
        said.append("Le classeur n'est pas lié à cette installation.")
    titles = [tab.title for tab in book.tabs.values() if not tab.trouble]
    worn = speech.talk.heads(titles, WORN) if titles else {"sheets": []}
    sheets = {each["properties"].get("sheetId", 0): each for each in worn["sheets"]}
    for shape in speech.shapes:
        tab = book.tabs[shape.table]
        if tab.trouble:
            said.append(tab.trouble)
            continue
        said += list(tab.paused.values())
        if NOTE not in tab.names:
            said.append(f"La colonne « {NOTE_HEADER} » manque dans l'onglet « {tab.title} ».")
        said += _undressed(shape, tab, book, sheets.get(tab.sheet, {}))
    return said


class _Numbers:
    """Metadata numbers in one sequence, reserved some at a time; those left over are never given."""

    def __init__(self, speech: Speech, taken: frozenset[int]) -> None:
        self._speech, self._taken = speech, taken
        self._left = iter(range(0))

    def next(self) -> int:
        for number in self._left:
            return number
        first = reserved(self._speech.reserve, AT_ONCE, self._taken)
        self._left = iter(range(first + 1, first + AT_ONCE))
        return first


def _tab(plan: _Plan, numbers: _Numbers, shape: Shape, sheet: Any) -> tuple[Tab | None, frozenset[str]]:
    """A tab as it will be, and the names of the columns that it is given."""
    labels = {ID: ID_HEADER} | {c.name: c.label for c in shape.columns} | {NOTE: NOTE_HEADER}
    if sheet is None:
        return _new_tab(plan, numbers, shape, labels), frozenset(labels)
    tab = read_tab(shape, sheet)
    if tab.trouble and _holds_something(sheet):
        plan.said.append(f"{tab.trouble} Rien n'y a été touché.")
        return None, frozenset()
    return _completed(plan, numbers, shape, sheet, tab, labels)


def _holds_something(sheet: Any) -> bool:
    return any(row.get("values") for grid in sheet.get("data", []) for row in grid.get("rowData", []))


def _new_tab(plan: _Plan, numbers: _Numbers, shape: Shape, labels: Mapping[str, str]) -> Tab:
    number = numbers.next()
    grid = {"rowCount": LINES, "columnCount": len(labels), "frozenRowCount": 1}
    properties = {"sheetId": number, "title": shape.label, "gridProperties": grid}
    plan.asked.append({"addSheet": {"properties": properties}})
    tab = Tab(
        shape.table,
        number,
        shape.label,
        names=tuple(labels),
        heads=tuple(labels.values()),
        titles=list(labels).index(shape.title),
    )
    _headed(plan, numbers, tab, labels, frozenset(labels))
    plan.asked.append(_tab_mark(numbers.next(), tab))
    plan.asked.append(created(numbers.next(), number, 0, name=HEADER))
    plan.said.append(f"Onglet « {shape.label} » créé.")
    return tab


def _completed(
    plan: _Plan, numbers: _Numbers, shape: Shape, sheet: Any, tab: Tab, labels: Mapping[str, str]
) -> tuple[Tab, frozenset[str]]:
    """An existing tab: the columns it lacks are added at its right, the others are only marked."""
    number, title = sheet["properties"].get("sheetId", 0), sheet["properties"]["title"]
    lacking = [name for name in labels if name not in tab.names]
    names = (*tab.names, *lacking)
    heads = tuple(labels.get(name, name[1:]) for name in names)
    complete = replace(
        tab, sheet=number, title=title, names=names, heads=heads, trouble="", titles=names.index(shape.title)
    )
    width = sheet["properties"]["gridProperties"]["columnCount"]
    if lacking and len(names) > width:
        length = len(names) - width
        plan.asked.append({"appendDimension": {"sheetId": number, "dimension": "COLUMNS", "length": length}})
    _headed(plan, numbers, complete, labels, frozenset(lacking))
    marked = _marks_of(sheet, COLUMN)
    for place, name in enumerate(tab.names):
        if name in labels and name not in marked:
            plan.asked.append(created(numbers.next(), number, place, "COLUMNS", COLUMN, name))
    if shape.table not in {m.get("metadataValue") for m in sheet.get("developerMetadata", [])}:
        plan.asked.append(_tab_mark(numbers.next(), complete))
    if complete.header_key is None:
        plan.asked.append(created(numbers.next(), number, complete.header, name=HEADER))
    plan.said += [f"Colonne « {labels[name]} » ajoutée à l'onglet « {title} »." for name in lacking]
    return complete, frozenset(lacking)


def _headed(
    plan: _Plan, numbers: _Numbers, tab: Tab, labels: Mapping[str, str], added: frozenset[str]
) -> None:
    """The headers of these columns, in bold, each with its metadata."""
    for place, name in enumerate(tab.names):
        if name not in added:
            continue
        cell = {"userEnteredValue": {"stringValue": labels[name]}}
        start = {"sheetId": tab.sheet, "rowIndex": tab.header, "columnIndex": place}
        rows = [{"values": [cell]}]
        plan.asked.append({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})
        area = area_of(tab.sheet, place, tab.header, tab.header + 1)
        bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
        fields = "userEnteredFormat.textFormat.bold"
        plan.asked.append({"repeatCell": {"range": area, "cell": bold, "fields": fields}})
        plan.asked.append(created(numbers.next(), tab.sheet, place, "COLUMNS", COLUMN, name))


def _own(plan: _Plan, numbers: _Numbers, book: Book, stamp: str) -> None:
    """What belongs to the spreadsheet itself: its zone, in which serial numbers are read, and our stamp."""
    if book.zone != ZONE:
        properties = {"properties": {"timeZone": ZONE}, "fields": "timeZone"}
        plan.asked.append({"updateSpreadsheetProperties": properties})
        plan.said.append(f"Fuseau horaire du classeur : {ZONE}.")
    if book.stamp == stamp:
        return
    if book.stamp:
        key = int(_stamp_of(book)["metadataId"])
        change = {
            "dataFilters": [by_key(key)],
            "developerMetadata": {"metadataValue": stamp},
            "fields": "metadataValue",
        }
        plan.asked.append({"updateDeveloperMetadata": change})
    else:
        mark = {"metadataId": numbers.next(), "metadataKey": STAMP, "metadataValue": stamp}
        where = {"visibility": "DOCUMENT", "location": {"spreadsheet": True}}
        plan.asked.append({"createDeveloperMetadata": {"developerMetadata": mark | where}})
    plan.said.append("Classeur lié à cette installation.")


def _stamp_of(book: Book) -> Any:
    return next(m for m in parsed(book.body)["developerMetadata"] if m["metadataKey"] == STAMP)


def _kept(shape: Shape, name: str) -> str:
    """The name of a column that people should not type in, or nothing."""
    ours = {c.name for c in shape.columns if c.owner is Owner.DESK} | {ID, NOTE}
    return name if name in ours else ""


def _protection(tab: Tab, name: str) -> Any:
    area = area_of(tab.sheet, tab.names.index(name), 0)
    return {
        "addProtectedRange": {
            "protectedRange": {"range": area, "description": PROTECTED, "warningOnly": True}
        }
    }


def _tab_mark(number: int, tab: Tab) -> Any:
    mark = {"metadataId": number, "metadataKey": TAB, "metadataValue": tab.table}
    where = {"visibility": "DOCUMENT", "location": {"sheetId": tab.sheet}}
    return {"createDeveloperMetadata": {"developerMetadata": mark | where}}


def _marks_of(sheet: Any, key: str) -> set[str]:
    return {
        mark.get("metadataValue", "")
        for grid in sheet.get("data", [])
        for column in grid.get("columnMetadata", [])
        for mark in column.get("developerMetadata", [])
        if mark["metadataKey"] == key
    }


def _undressed(shape: Shape, tab: Tab, book: Book, sheet: Any) -> list[str]:
    """The drop-downs, formats and protections that are not as ``prepare`` makes them."""
    said = []
    cells = _second_line(sheet)
    protected = {
        each["range"].get("startColumnIndex", 0)
        for each in sheet.get("protectedRanges", [])
        if each.get("description") == PROTECTED
    }
    for place, name in enumerate(tab.names):
        where = f"« {tab.heads[place] if place < len(tab.heads) else ''} » de l'onglet « {tab.title} »"
        column = next((each for each in shape.columns if each.name == name), None)
        worn = cells[place] if place < len(cells) else {}
        rule = rule_of(column, book.tabs) if column else None
        if rule and _condition(worn.get("dataValidation")) != _condition(rule):
            said.append(f"La liste déroulante de la colonne {where} n'est pas celle qui est prévue.")
        wanted = format_of(column) if column or name in (ID, NOTE) else None
        if wanted and worn.get("userEnteredFormat", {}).get("numberFormat", {}).get("type") != wanted["type"]:
            said.append(f"Le format de la colonne {where} n'est pas celui qui est prévu.")
        if _kept(shape, name) and place not in protected:
            said.append(f"La colonne {where} n'est pas protégée.")
    return said


def _second_line(sheet: Any) -> list[Any]:
    lines = [row.get("values", []) for grid in sheet.get("data", []) for row in grid.get("rowData", [])]
    return list(lines[1]) if len(lines) > 1 else []


def _condition(rule: Any) -> tuple[str, tuple[str, ...]]:
    told = (rule or {}).get("condition", {})
    return told.get("type", ""), tuple(value["userEnteredValue"] for value in told.get("values", []))
