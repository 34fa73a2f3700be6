"""Workbooks (.xlsx) for mails and exports: what a person typed stays text, dates are dates."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO
from itertools import zip_longest
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from policy.towntime import to_town

_DAY = "[$-C0C]yyyy\\-mm\\-dd"  # C0C is fr-CA: the forms of the region, whatever the machine's
_MOMENT = "[$-C0C]yyyy\\-mm\\-dd\\ hh:mm"
_LONGEST_CELL = 32_767
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")  # Excel would read « _x0041_ » as « A »
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SAMPLE = 500
_NARROWEST, _WIDEST = 8, 60
_LINE, _BOLD = 15, 1.2  # points of a line; how much wider the words of a header are
_SIDE = Side("hair", "B9A96A")
_THIN = Border(_SIDE, _SIDE, _SIDE, _SIDE)
CHOICES = "Choix"  # the hidden sheet of the choices


@dataclass(frozen=True)
class Input:
    """A column that whoever receives the workbook fills in: one of ``choices``, a ``day``, or free words."""

    choices: Sequence[str] = ()
    day: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, its headers, its rows of plain values; ``widths`` in characters.

    ``inputs`` by header: where a row has None in such a column the cell is one to fill in. The ``fixed``
    first columns stay in sight.
    """

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float] | None = None
    inputs: Mapping[str, Input] = field(default_factory=dict)
    fixed: int = 0


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The .xlsx of these sheets.

    Text is written as text whatever it begins with; moments are shown in town time, truth values as
    Oui and Non; signs that a workbook cannot hold are left out, text past a cell's 32,767 is cut with « … ».
    """
    book = Workbook(write_only=True)
    book.properties.creator = "Guichet"
    book.properties.language = "fr-CA"
    offered = _Offered()
    for sheet, title in zip(sheets, _titles(sheets), strict=True):
        _write(book, sheet, title, offered)
    offered.write(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class _Offered:
    """The choices of the inputs, on a hidden sheet of their own: the rule of a cell holds few."""

    lists: list[Sequence[str]] = field(default_factory=list)

    def source(self, choices: Sequence[str]) -> str:
        """Where these choices are, for the rule of a column."""
        if choices not in self.lists:
            self.lists.append(choices)
        column = get_column_letter(self.lists.index(choices) + 1)
        return f"'{CHOICES}'!${column}$1:${column}${len(choices)}"

    def write(self, book: Workbook) -> None:
        """The sheet, when there is any choice."""
        if not self.lists:
            return
        page = book.create_sheet(CHOICES)
        page.sheet_state = "hidden"
        for row in zip_longest(*self.lists):
            page.append([None if value is None else _cell(page, value) for value in row])


def _write(book: Workbook, sheet: Sheet, title: str, offered: _Offered) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = f"{get_column_letter(sheet.fixed + 1)}2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for at, width in enumerate(sheet.widths or _fitting(sheet), start=1):
        page.column_dimensions[get_column_letter(at)].width = width
    if sheet.widths:
        shares = (len(label) / width for label, width in zip(sheet.headers, sheet.widths, strict=True))
        page.row_dimensions[1].height = _LINE * ceil(max(shares, default=1) * _BOLD)
    page.append([_header(page, label, label in sheet.inputs) for label in sheet.headers])
    if sheet.headers:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headers))}{len(sheet.rows) + 1}"
    asked = [sheet.inputs.get(label) for label in sheet.headers]
    if not sheet.inputs:
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
        return
    known = max(at for at, ask in enumerate(asked, start=1) if ask is None)
    page.print_area = f"A1:{get_column_letter(known)}{len(sheet.rows) + 1}"  # one fills in on a screen
    for row in sheet.rows:
        page.append([_filled(page, ask, value) for ask, value in zip(asked, row, strict=True)])
    for at, ask in enumerate(asked, start=1):
        if ask and (ask.choices or ask.day) and sheet.rows:
            column = get_column_letter(at)
            page.data_validations.append(_rule(ask, offered, f"{column}2:{column}{len(sheet.rows) + 1}"))


def _filled(page: Any, ask: Input | None, value: Any) -> Any:
    """A cell; one to fill in, when it has none of its own: words typed there stay words."""
    if ask is None or value is not None:
        return _cell(page, value)
    cell = WriteOnlyCell(page)
    cell.number_format = _DAY if ask.day else "@"
    cell.fill = PatternFill("solid", fgColor="FFF9E3")
    cell.border = _THIN
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _rule(ask: Input, offered: _Offered, where: str) -> DataValidation:
    """What the spreadsheet itself says of a wrong value; ours is judged again when it comes back."""
    if ask.choices:
        rule = DataValidation(
            "list", offered.source(ask.choices), error="Choisissez une des valeurs de la liste."
        )
    else:  # 36526 is the 1st of January 2000
        rule = DataValidation("date", "36526", operator="greaterThan", error="Inscrivez une date.")
    rule.errorTitle, rule.showErrorMessage, rule.allow_blank = "À remplir", True, True
    rule.add(where)
    return rule


def _header(page: Any, label: str, filled_in: bool) -> Any:
    cell = _text_cell(page, _text(label))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FBE7A1" if filled_in else "E4EAF0")
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
