"""What people do in the spreadsheet of the test server, while nobody asks them not to."""

import threading
from collections.abc import Mapping
from typing import Any

from tests.remotes.sheets_book import Book, Col, Row, Sheet
from tests.remotes.sheets_requests import sort
from tests.remotes.sheets_values import typed

Values = Mapping[str, Any]


class People:
    """Acts of a person. A row is named by its ID, by its metadata, or by what ``add_row`` gave."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.lock = threading.RLock()
        self.restore_keeps_marks = False  # does a restored version bring the metadata back?
        self.cut_takes_marks = False  # does the metadata leave with the cells that were cut?
        self._versions: list[Book] = []
        self._deleted: dict[tuple[str, str], Row] = {}
        self._before: Book | None = None

    def changed(self) -> None:
        """The book is not what it was: answers kept aside are worth nothing."""
        self.book.version += 1
        self.book.found = None

    def edit(self, table: str, row: str, values: Values) -> None:
        """Put values in cells, by header, as the grid keeps them; ``None`` empties one."""
        with self._acting():
            sheet = self.book.titled(table)
            found = self._row(sheet, row)
            for header, value in values.items():
                found.put(self._column(sheet, header), "" if value is None else value)

    def type_in(self, table: str, row: str, header: str, text: str) -> None:
        """The same with a keyboard: the service makes numbers and dates of what looks like one."""
        self.edit(table, row, {header: typed(text)})

    def add_row(self, table: str, values: Values) -> str:
        """Type a row in the first empty line under the others; what names it from then on."""
        with self._acting():
            sheet = self.book.titled(table)
            used = [n for n, row in enumerate(sheet.rows) if not row.is_blank]
            place = (used[-1] if used else 0) + 1
            if place >= len(sheet.rows):
                sheet.rows.extend(self.book.blank(1))
            return self._filled(sheet, sheet.rows[place], values)

    def form_row(self, table: str, values: Values) -> str:
        """A form's answer: the service inserts a line under the last one that is used."""
        with self._acting():
            sheet = self.book.titled(table)
            used = [n for n, row in enumerate(sheet.rows) if not row.is_blank]
            new = self.book.blank(1)
            sheet.rows[(used[-1] if used else 0) + 1 : (used[-1] if used else 0) + 1] = new
            return self._filled(sheet, new[0], values)

    def insert_row(self, table: str, place: int, values: Values | None = None) -> str:
        """Insert a line before the ``place``-th of the grid (0 is the header's)."""
        with self._acting():
            sheet = self.book.titled(table)
            new = self.book.blank(1)
            sheet.rows[place:place] = new
            return self._filled(sheet, new[0], values or {})

    def insert_column(self, table: str, place: int, header: str = "") -> None:
        """Insert a column before the ``place``-th."""
        with self._acting():
            sheet = self.book.titled(table)
            sheet.cols.insert(place, Col())
            sheet.shift_protections(place, 1)
            for row in sheet.rows:
                if len(row.cells) > place:
                    row.cells.insert(place, None)
            if header:
                self._header(sheet).put(place, header)

    def copy_row(self, table: str, row: str) -> str:
        """Copy a line and paste it under the others: the same cells, no metadata."""
        with self._acting():
            sheet = self.book.titled(table)
            copied = self._row(sheet, row).cells[:]
            new = self.book.blank(1)
            last = max(n for n, each in enumerate(sheet.rows) if not each.is_blank)
            sheet.rows[last + 1 : last + 1] = new
            new[0].cells = copied
            return f"row-{new[0].number}"

    def cut_row(self, table: str, row: str) -> str:
        """Cut the cells of a line and paste them under the others; the line itself stays, empty."""
        with self._acting():
            sheet = self.book.titled(table)
            source = self._row(sheet, row)
            place = max(n for n, each in enumerate(sheet.rows) if not each.is_blank) + 1
            if place >= len(sheet.rows):
                sheet.rows.extend(self.book.blank(1))
            target = sheet.rows[place]
            source.number, target.number = target.number, source.number
            target.cells, source.cells = source.cells, []
            if self.cut_takes_marks:
                target.marks, source.marks = source.marks, []
            return f"row-{target.number}"

    def move_row(self, table: str, row: str, place: int) -> None:
        """Drag a line elsewhere; its metadata goes with it."""
        with self._acting():
            sheet = self.book.titled(table)
            found = self._row(sheet, row)
            sheet.rows.remove(found)
            sheet.rows.insert(place, found)

    def delete_row(self, table: str, row: str) -> None:
        """Delete a line of the grid."""
        with self._acting():
            sheet = self.book.titled(table)
            found = self._row(sheet, row)
            sheet.rows.remove(found)
            for name in {row, f"row-{found.number}", str(found.at(0) or "")}:
                self._deleted[sheet.born, name] = found

    def clear_row(self, table: str, row: str) -> None:
        """Empty every cell of a line; the line stays, with its metadata."""
        with self._acting():
            self._row(self.book.titled(table), row).cells = []

    def restore_row(self, table: str, row: str) -> None:
        """Undo a deletion: the line is back under the others, with or without its metadata."""
        with self._acting():
            sheet = self.book.titled(table)
            found = self._deleted[sheet.born, row]
            if not self.restore_keeps_marks:
                found.marks = []
            last = max(n for n, each in enumerate(sheet.rows) if not each.is_blank)
            sheet.rows.insert(last + 1, found)

    def sort(self, table: str, header: str, descending: bool = False) -> None:
        """Sort everything under the frozen lines."""
        with self._acting():
            sheet = self.book.titled(table)
            column = self._column(sheet, header)
            sort(self.book, sheet, max(sheet.frozen, 1), len(sheet.rows), column, descending)

    def rename_column(self, table: str, header: str, new: str) -> None:
        """Type another header."""
        with self._acting():
            sheet = self.book.titled(table)
            self._header(sheet).put(self._column(sheet, header), new)

    def rename_choice(self, table: str, header: str, one: str, other: str, *, cells: bool) -> None:
        """One word for the other in the list of a column; ``cells``: in those under it that say it, too."""
        with self._acting():
            sheet = self.book.titled(table)
            place = self._column(sheet, header)
            rule = sheet.cols[place].dress["dataValidation"]
            words = [each["userEnteredValue"] for each in rule["condition"]["values"]]
            old, new = (other, one) if other in words else (one, other)
            values = [{"userEnteredValue": new if word == old else word} for word in words]
            listed = {**rule["condition"], "values": values}
            sheet.cols[place].dress["dataValidation"] = {**rule, "condition": listed}
            for row in sheet.rows if cells else ():
                if row.at(place) == old:
                    row.put(place, new)

    def delete_column(self, table: str, header: str) -> None:
        """Delete a column of the grid."""
        with self._acting():
            sheet = self.book.titled(table)
            place = self._column(sheet, header)
            del sheet.cols[place]
            sheet.shift_protections(place, -1)
            for row in sheet.rows:
                del row.cells[place : place + 1]

    def rename_table(self, table: str, new: str) -> None:
        """Rename a tab; it can still be called by its first title."""
        with self._acting():
            self.book.titled(table).title = new

    def delete_table(self, table: str) -> None:
        """Delete a tab."""
        with self._acting():
            self.book.sheets.remove(self.book.titled(table))

    def remember(self) -> int:
        """The version of the history as it is now, to be restored by ``restore_version``."""
        with self.lock:
            self._versions.append(self.book.copy())
            return len(self._versions) - 1

    def restore_version(self, version: int) -> None:
        """« Restaurer cette version »: the cells of then; the metadata of then, or none on rows."""
        with self._acting():
            old = self._versions[version].copy()
            if not self.restore_keeps_marks:
                for sheet in old.sheets:
                    for row in sheet.rows:
                        row.marks = []
            self._put_back(old)

    def undo(self) -> None:
        """Undo the last act of a person, metadata included."""
        with self.lock:
            if self._before is None:
                raise LookupError("nothing to undo")
            self._put_back(self._before)
            self._before = None
            self.changed()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The lines that hold something, by header; cells that are empty are left out."""
        with self.lock:
            sheet = self.book.titled(table)
            header = self._header(sheet)
            start = sheet.rows.index(header) + 1
            return [
                {
                    str(header.at(n)): cell
                    for n, cell in enumerate(row.cells)
                    if cell is not None and header.at(n) is not None
                }
                for row in sheet.rows[start:]
                if not row.is_blank
            ]

    def marks(self, table: str) -> dict[str, str]:
        """The ID of each line that bears a metadata, by the id of that metadata."""
        with self.lock:
            sheet = self.book.titled(table)
            return {
                str(mark.id): str(row.at(0) or "")
                for row in sheet.rows
                for mark in row.marks
                if row is not self._header(sheet)
            }

    def _put_back(self, old: Book) -> None:
        self.book.sheets, self.book.marks, self.book.zone = old.sheets, old.marks, old.zone

    def _filled(self, sheet: Sheet, row: Row, values: Values) -> str:
        for header, value in values.items():
            row.put(self._column(sheet, header), "" if value is None else value)
        return f"row-{row.number}"

    def _row(self, sheet: Sheet, name: str) -> Row:
        for row in sheet.rows:
            if name in (f"row-{row.number}", row.at(0)) or any(str(mark.id) == name for mark in row.marks):
                return row
        raise LookupError(f"no row {name}")

    @staticmethod
    def _header(sheet: Sheet) -> Row:
        return next((row for row in sheet.rows[:20] if row.at(0) == "ID"), sheet.rows[0])

    def _column(self, sheet: Sheet, header: str) -> int:
        cells = self._header(sheet).cells
        if header not in cells:
            raise LookupError(f"no column {header}")
        return cells.index(header)

    def _acting(self) -> "_Act":
        return _Act(self)

    def _keep(self) -> None:
        self._before = self.book.copy()


class _Act:
    """Holds the lock for the time of an act, keeps what can be undone, and says that the book changed."""

    def __init__(self, people: People) -> None:
        self.people = people

    def __enter__(self) -> None:
        self.people.lock.acquire()
        self.people._keep()

    def __exit__(self, *problem: object) -> None:
        self.people.changed()
        self.people.lock.release()
