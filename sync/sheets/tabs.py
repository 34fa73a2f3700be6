"""What a spreadsheet was read to hold: its tabs, their columns, their rows and the anchors of these."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.fields import Kind
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER, Cells, Memory, Raw, Seen, Shape
from sync.sheets.cells import settled
from sync.sheets.client import parsed

# Keys of our developer metadata; short, since a tab has room for 30,000 characters of them.
ANCHOR, HEADER, COLUMN, TAB, STAMP = "g", "h", "c", "t", "guichet"
OTHER = "?"  # what begins the name of a column that is not ours
NEAR_THE_TOP = 20  # lines among which the header is looked for

_ERRORS = {"NULL_VALUE": "#NULL!", "DIVIDE_BY_ZERO": "#DIV/0!", "NAME": "#NAME?", "N_A": "#N/A"}


@dataclass(frozen=True)
class Line:
    """One row: where it is, its anchors (lowest first), what its cells hold by name of column."""

    index: int
    keys: tuple[int, ...]
    values: Cells

    @property
    def id(self) -> str:
        """What its ID cell says."""
        return str(self.values.get(ID, ""))

    @property
    def token(self) -> str:
        """What tells this row from the others whatever its place: its ID, else a digest of what it holds."""
        return self.id or "=" + _digest(self.values)


@dataclass(frozen=True, eq=False)
class Tab:
    """One of our tables there. ``names``: for each position, our column or ``?`` and a header.

    ``trouble``, ``paused``: as ``TableLook`` tells them. Only ``by_key`` is put up to date by our writes.
    """

    table: str
    sheet: int
    title: str = ""
    header: int = 0
    heads: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    header_key: int | None = None
    lines: tuple[Line, ...] = ()
    by_key: dict[int, Line] = field(default_factory=dict)
    titles: int | None = None  # where the column is by which people call a row
    trouble: str = ""
    paused: Mapping[str, str] = field(default_factory=dict)

    def line(self, values: Sequence[Any], key: int) -> Line:
        """A row as the values API tells it."""
        told = zip(self.names, values, strict=False)
        raws = {name: settled(self.kinds.get(name, Kind.TEXT), raw) for name, raw in told}
        return Line(-1, (key,), {name: raw for name, raw in raws.items() if raw is not None})

    def tokens(self) -> dict[str, str]:
        """Which row bears which anchor: what the next look is compared with."""
        return {str(key): line.token for key, line in self.by_key.items()}


@dataclass(frozen=True)
class Book:
    """The spreadsheet: our tabs by table, the installation's stamp, every metadata id in use, the answer."""

    tabs: Mapping[str, Tab]
    stamp: str
    zone: str
    marks: frozenset[int]
    body: bytes = field(repr=False)


def seen(line: Line, key: int) -> Seen:
    """The row as reconciliation knows it."""
    cells = {name: raw for name, raw in line.values.items() if name[:1] != OTHER and name != ID}
    extras = {name[1:]: raw for name, raw in line.values.items() if name[:1] == OTHER}
    return Seen(str(key), line.id, cells, extras)


def read(body: bytes, shapes: Sequence[Shape], memory: Memory) -> Book:
    """The answer to a whole reading (or to one of some tabs: the others are then in trouble)."""
    told = parsed(body)
    sheets = told.get("sheets", [])
    marks = {int(mark["metadataId"]) for mark in told.get("developerMetadata", [])}
    for sheet in sheets:
        marks |= _all_marks(sheet)
    stamps = [mark.get("metadataValue", "") for mark in _ours(told, STAMP)]
    tabs = {shape.table: read_tab(shape, found(sheets, shape, memory)) for shape in shapes}
    return Book(
        tabs,
        stamps[0] if stamps else "",
        told.get("properties", {}).get("timeZone", ""),
        frozenset(marks),
        body,
    )


def found(sheets: Sequence[Any], shape: Shape, memory: Memory) -> Any:
    """The tab of a table: the one that ``memory`` knows; on a first meeting, by its metadata or its title."""
    known = memory.get("tabs", {}).get(shape.table)
    if known is not None:
        return next((each for each in sheets if each["properties"].get("sheetId", 0) == known), None)
    marked = [each for each in sheets if any(m.get("metadataValue") == shape.table for m in _ours(each, TAB))]
    titled = [each for each in sheets if each["properties"]["title"] == shape.label]
    return next(iter(marked + titled), None)


def lines_of(sheet: Any) -> tuple[dict[int, list[Raw]], dict[int, list[Any]], dict[int, list[Any]]]:
    """The values of each line, the metadata of each line, those of each column, of a tab or part of it."""
    values: dict[int, list[Raw]] = {}
    rows: dict[int, list[Any]] = {}
    columns: dict[int, list[Any]] = {}
    for grid in sheet.get("data", []):
        top, left = grid.get("startRow", 0), grid.get("startColumn", 0)
        for down, row in enumerate(grid.get("rowData", [])):
            cells = row.get("values")
            if cells:
                values[top + down] = [None] * left + [_raw(cell.get("effectiveValue")) for cell in cells]
        for down, row in enumerate(grid.get("rowMetadata", [])):
            if row:
                rows[top + down] = row.get("developerMetadata", [])
        for along, column in enumerate(grid.get("columnMetadata", [])):
            if column:
                columns[left + along] = column.get("developerMetadata", [])
    return values, rows, columns


def read_tab(shape: Shape, sheet: Any) -> Tab:
    """One tab, or the part of it that was asked; ``None``: it is not there."""
    if sheet is None:
        return Tab(shape.table, 0, trouble=f"L'onglet « {shape.label} » est introuvable.")
    number, title = sheet["properties"].get("sheetId", 0), sheet["properties"]["title"]
    values, rows, columns = lines_of(sheet)
    marked = _marked_columns(columns)
    header, header_key = _header(values, rows, marked)
    heads = tuple("" if raw is None else str(raw).strip() for raw in values.get(header, []))
    names = _names(shape, heads, marked, max((len(line) for line in values.values()), default=0))
    if ID not in names or not heads:
        words = f"Les en-têtes de l'onglet « {title} » ne se lisent plus : la colonne « {ID_HEADER} » manque."
        return Tab(shape.table, number, title, trouble=words)
    kinds = {column.name: column.kind for column in shape.columns}
    lines = []
    for index in sorted(values.keys() | rows.keys()):
        keys = tuple(sorted(int(mark["metadataId"]) for mark in _of_key(rows.get(index, []), ANCHOR)))
        if index == header or (index < header and not keys):
            continue
        held = {
            name: raw
            for name, told in zip(names, values.get(index, []), strict=False)
            if told is not None and (raw := settled(kinds.get(name, Kind.TEXT), told)) is not None
        }
        if held or keys:
            lines.append(Line(index, keys, held))
    missing = [column for column in shape.columns if column.name not in names]
    paused = {c.name: f"La colonne « {c.label} » manque dans l'onglet « {title} »." for c in missing}
    by_key = {key: line for line in lines for key in line.keys if line.values}
    titles = names.index(shape.title) if shape.title in names else None
    return Tab(
        shape.table,
        number,
        title,
        header,
        heads,
        names,
        kinds,
        header_key,
        tuple(lines),
        by_key,
        titles,
        "",
        paused,
    )


def _header(
    values: Mapping[int, list[Raw]], rows: Mapping[int, Any], marked: Mapping[str, int]
) -> tuple[int, int | None]:
    """The line of the headers: the one we marked, else the first that says « ID », else the first."""
    for index, marks in rows.items():
        for mark in _of_key(marks, HEADER):
            return index, int(mark["metadataId"])
    for index in sorted(values):
        if index < NEAR_THE_TOP and ID_HEADER in values[index]:
            return index, None
    return min(values, default=0) if ID in marked else 0, None


def _names(shape: Shape, heads: Sequence[str], marked: Mapping[str, int], width: int) -> tuple[str, ...]:
    labels = {column.name: column.label for column in shape.columns} | {ID: ID_HEADER, NOTE: NOTE_HEADER}
    places = {place: name for name, place in marked.items() if name in labels}
    taken = set(places.values())
    by_label = {label.casefold(): name for name, label in labels.items() if name not in taken}
    names: list[str] = []
    for place in range(max(width, len(heads), *(n + 1 for n in places), 0)):
        head = heads[place] if place < len(heads) else ""
        name = places.get(place) or by_label.pop(head.casefold(), None)
        if name is None:
            name = OTHER + (head or f"Colonne {place + 1}")
            while name in names:
                name += " (autre)"
        names.append(name)
    return tuple(names)


def _marked_columns(columns: Mapping[int, list[Any]]) -> dict[str, int]:
    """Where each of our columns is; of two that bear the same name (a copy), the one we marked first."""
    told = [
        (int(m["metadataId"]), m.get("metadataValue", ""), n)
        for n, ms in columns.items()
        for m in _of_key(ms, COLUMN)
    ]
    return {name: place for _, name, place in sorted(told, reverse=True)}


def _of_key(marks: Sequence[Any], key: str) -> list[Any]:
    return [mark for mark in marks if mark.get("metadataKey") == key]


def _ours(holder: Any, key: str) -> list[Any]:
    return _of_key(holder.get("developerMetadata", []), key)


def _all_marks(sheet: Any) -> set[int]:
    marks = list(sheet.get("developerMetadata", []))
    for grid in sheet.get("data", []):
        for each in (*grid.get("rowMetadata", []), *grid.get("columnMetadata", [])):
            marks += each.get("developerMetadata", [])
    return {int(mark["metadataId"]) for mark in marks}


def _raw(told: Any) -> Raw:
    """An ``ExtendedValue`` as the values API would tell it."""
    if not told:
        return None
    ((kind, value),) = told.items()
    if kind == "errorValue":
        name = value.get("type", "ERROR")
        return _ERRORS.get(name, f"#{name}!")
    return value


def _digest(values: Cells) -> str:
    told = repr(sorted(values.items(), key=lambda each: each[0]))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
