"""A spreadsheet as Google keeps it: tabs, cells, developer metadata; the state behind the test server."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TEN_MILLIONS = 10_000_000  # cells a spreadsheet
MARKS_ROOM = 30_000  # characters of metadata keys and values a tab


class ApiError(Exception):
    """What the service answers instead of doing it; nothing was done."""

    def __init__(self, code: int, status: str, words: str) -> None:
        super().__init__(words)
        self.code, self.status, self.words = code, status, words


def invalid(words: str) -> ApiError:
    """The answer to a request that makes no sense."""
    return ApiError(400, "INVALID_ARGUMENT", words)


@dataclass(frozen=True)
class ErrorCell:
    """A formula that gives no value: ``REF``, ``DIVIDE_BY_ZERO``…"""

    type: str

    @property
    def shown(self) -> str:
        """What the values API tells of it."""
        return {"DIVIDE_BY_ZERO": "#DIV/0!", "N_A": "#N/A", "NAME": "#NAME?"}.get(self.type, f"#{self.type}!")


@dataclass(frozen=True)
class Mark:
    """One developer metadata."""

    id: int
    key: str
    value: str = ""


@dataclass(eq=False)
class Row:
    """One line of the grid; ``number`` follows its content wherever it goes, for the tests."""

    number: int
    cells: list[Any] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def at(self, column: int) -> Any:
        """The value there, ``None`` when empty."""
        return self.cells[column] if column < len(self.cells) else None

    def put(self, column: int, value: Any) -> None:
        """Write one cell; an empty text empties it."""
        self.cells.extend([None] * (column + 1 - len(self.cells)))
        self.cells[column] = None if value == "" and isinstance(value, str) else value

    @property
    def is_blank(self) -> bool:
        return all(cell is None for cell in self.cells)


@dataclass(eq=False)
class Col:
    """One column; ``dress``: the format and the validation of its cells under the header."""

    marks: list[Mark] = field(default_factory=list)
    dress: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class Sheet:
    """One tab; ``born`` is the title it had first, by which tests go on calling it."""

    id: int
    title: str
    born: str
    rows: list[Row]
    cols: list[Col]
    frozen: int = 0
    marks: list[Mark] = field(default_factory=list)
    protections: list[dict[str, Any]] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)  # the format of the first line

    def shift_protections(self, place: int, by: int) -> None:
        """A column was inserted (1) or deleted (-1) there: protected columns follow, or go with it."""
        kept = []
        for each in self.protections:
            area = each["range"]
            start, end = area.get("startColumnIndex", 0), area.get("endColumnIndex", len(self.cols))
            if by < 0 and start == place and end == place + 1:
                continue
            shifted = {"startColumnIndex": start + by * (start > place or (by > 0 and start == place)),
                       "endColumnIndex": end + by * (end > place)}  # fmt: skip
            kept.append({**each, "range": {**area, **shifted}})
        self.protections = kept

    def marks_used(self) -> int:
        """The characters of metadata on this tab."""
        return sum(len(mark.key) + len(mark.value) for mark, _, _ in self.placed())

    def placed(self) -> Iterator[tuple[Mark, str, int]]:
        """Every metadata of the tab: where it is (``SHEET``, ``ROW``, ``COLUMN``) and at which index."""
        for mark in self.marks:
            yield mark, "SHEET", 0
        for index, row in enumerate(self.rows):
            for mark in row.marks:
                yield mark, "ROW", index
        for index, col in enumerate(self.cols):
            for mark in col.marks:
                yield mark, "COLUMN", index


@dataclass(frozen=True)
class Place:
    """Where a metadata is."""

    mark: Mark
    sheet: Sheet | None
    kind: str
    index: int
    holder: list[Mark]


@dataclass(eq=False)
class Book:
    """One spreadsheet. The switches are the facts that the documentation leaves open."""

    id: str
    title: str = "Classeur d'essai"
    zone: str = "Etc/GMT"
    sheets: list[Sheet] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    version: int = 0
    born: int = 0  # rows so far
    sort_moves_marks: bool = True
    no_match_is_refused: bool = False  # a data filter that finds nothing fails the whole request
    found: dict[int, "Place"] | None = field(default=None, repr=False)  # ``places``, until something moves

    def __post_init__(self) -> None:
        if not self.sheets:
            self.sheets.append(self.sheet_of(0, "Feuille 1", 1000, 26))

    def sheet_of(self, id: int, title: str, rows: int, columns: int) -> Sheet:
        """A blank tab, not yet in the book."""
        return Sheet(id, title, title, self.blank(rows), [Col() for _ in range(columns)])

    def blank(self, count: int) -> list[Row]:
        """New empty lines."""
        self.born += count
        return [Row(self.born - count + n) for n in range(count)]

    def sheet(self, id: int) -> Sheet:
        """The tab of that id."""
        for sheet in self.sheets:
            if sheet.id == id:
                return sheet
        raise invalid(f"No grid with id: {id}")

    def titled(self, title: str) -> Sheet:
        """The tab that is called so, or was."""
        for sheet in self.sheets:
            if sheet.title == title:
                return sheet
        for sheet in self.sheets:
            if sheet.born == title:
                return sheet
        raise LookupError(title)

    def places(self) -> dict[int, Place]:
        """Every metadata by its id; the answer is kept until ``found`` is put back to ``None``."""
        if self.found is not None:
            return self.found
        found = {mark.id: Place(mark, None, "SPREADSHEET", 0, self.marks) for mark in self.marks}
        for sheet in self.sheets:
            for mark, kind, index in sheet.placed():
                holders: dict[str, list[Mark]] = {"SHEET": sheet.marks}
                if kind == "ROW":
                    holders["ROW"] = sheet.rows[index].marks
                elif kind == "COLUMN":
                    holders["COLUMN"] = sheet.cols[index].marks
                found[mark.id] = Place(mark, sheet, kind, index, holders[kind])
        self.found = found
        return found

    def cells(self) -> int:
        """How many cells the grids have."""
        return sum(len(sheet.rows) * len(sheet.cols) for sheet in self.sheets)

    def copy(self) -> "Book":
        """The same, apart: what is put back when a batch fails or a person undoes."""
        sheets = [
            Sheet(
                sheet.id,
                sheet.title,
                sheet.born,
                [Row(row.number, row.cells[:], row.marks[:]) for row in sheet.rows],
                [Col(col.marks[:], dict(col.dress)) for col in sheet.cols],
                sheet.frozen,
                sheet.marks[:],
                [dict(each) for each in sheet.protections],
                dict(sheet.header),
            )
            for sheet in self.sheets
        ]
        return Book(
            self.id,
            self.title,
            self.zone,
            sheets,
            self.marks[:],
            self.version,
            self.born,
            self.sort_moves_marks,
            self.no_match_is_refused,
        )
