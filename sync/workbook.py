"""Workbooks (.xlsx) for mails and exports: what a person typed stays text, dates are dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from policy.towntime import to_town

_DAY = "[$-C0C]yyyy\\-mm\\-dd"  # C0C is fr-CA: the forms of the region, whatever the machine's
_MOMENT = "[$-C0C]yyyy\\-mm\\-dd\\ hh:mm"
_LONGEST_CELL = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")  # Excel would read « _x0041_ » as « A »
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SAMPLE = 500
_NARROWEST, _WIDEST = 8, 60


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its headers, its rows of plain values; ``widths`` in characters."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float] | None = None


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The .xlsx of these sheets.

    Text is written as text whatever it begins with; moments are shown in town time, truth values as
    Oui and Non; signs that a workbook cannot hold are left out, text past a cell's 32,767 is cut with « … ».
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Guichet"
    book.properties.language = "fr-CA"
    for sheet, title in zip(sheets, _titles(sheets), strict=True):
        _write(book, sheet, title)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: Workbook, sheet: Sheet, title: str) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for at, width in enumerate(sheet.widths or _fitting(sheet), start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    page.append([_header(page, label) for label in sheet.headers])
    if sheet.headers:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headers))}{len(sheet.rows) + 1}"
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])


def _header(page: Any, label: str) -> Any:
    cell = _text_cell(page, _text(label))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E4EAF0")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Any) -> Any:
    if isinstance(value, StrEnum):
        value = value.value
    if isinstance(value, str):
        words = _text(value)
        return _text_cell(page, words) if words.startswith(FORMULA_SIGNS) else words
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, to_town(value).replace(tzinfo=None))
        cell.number_format = _MOMENT
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(page, datetime.combine(value, time.min))
        cell.number_format = _DAY
        return cell
    return value


def _text_cell(page: Any, words: str) -> Any:
    cell = WriteOnlyCell(page, words)
    cell.data_type = "s"  # openpyxl takes « = » for a formula
    cell.quotePrefix = True  # and Excel would, as soon as a person edits the cell
    return cell


def _text(value: str) -> str:
    if len(value) <= _LONGEST_CELL and value.isprintable() and "_x" not in value:
        return value  # most of them
    words = _ESCAPE.sub("_x005F_x", _UNWRITABLE.sub("", value).replace("\r\n", "\n"))
    return words if len(words) <= _LONGEST_CELL else words[: _LONGEST_CELL - 1] + "…"


def _fitting(sheet: Sheet) -> Iterator[float]:
    for at, label in enumerate(sheet.headers):
        shown = [label, *(_shown(row[at]) for row in sheet.rows[:_SAMPLE] if at < len(row))]
        yield min(_WIDEST, max(_NARROWEST, *(len(words) for words in shown)) + 2)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return "2026-11-23 08:00"
    return max(str(value).splitlines() or [""], key=len)


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    # Excel: at most 31 signs, none of []:*?/\, no apostrophe at an end, no two alike
    titles: list[str] = []
    for at, sheet in enumerate(sheets, start=1):
        wished = re.sub(r"[\[\]:*?/\\]", " ", _text(sheet.title)).strip("' ")[:31] or f"Feuille {at}"
        title = wished
        while title.casefold() in {other.casefold() for other in titles}:
            title = f"{wished[:26]} ({at})"
        titles.append(title)
    return titles
