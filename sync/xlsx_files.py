"""An .xlsx as people save them, read row by row: days as ISO text, the values of formulas."""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from policy.reasons import refused

MB = 1024 * 1024
MOST_OPENED = 300 * MB  # of the sheets, once unzipped; they are read as they come
MOST_TEXTS = 60 * MB  # of the texts that the sheets share, which are held whole
MOST_EMPTY = 2_000  # rows in a row without a value: past them nothing more is looked for
_TEXTS = "xl/sharedStrings.xml"
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (
    BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError,
    EOFError, OSError, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip  # what openpyxl raises of a document that was tampered with

Cells = list[str]


def sheets(content: bytes) -> tuple[str, ...]:
    """The titles of its sheets. Raises ``Refused`` for what is no workbook, or opens to too much."""
    _check(content)
    with _book(content) as book:
        return tuple(str(sheet.title) for sheet in book.worksheets)


def rows(content: bytes, sheet: str) -> Iterator[tuple[int, Cells]]:
    """Each row of a sheet that says something, with its number there (from 1). Raises ``Refused``."""
    _check(content)
    with _book(content) as book:
        titles = [each.title for each in book.worksheets]
        if sheet not in titles:
            raise refused(f"La feuille « {sheet} » n'est pas dans ce classeur.", field="sheet")
        page = book.worksheets[titles.index(sheet)]
        page.reset_dimensions()  # what it says of its own size may be anything
        empty = 0
        for line, values in enumerate(page.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if any(cells):
                empty = 0
                yield line, cells
                continue
            empty += 1
            if empty > MOST_EMPTY:
                return


@contextmanager
def _book(content: bytes) -> Iterator[Any]:
    """The workbook, its values; what is broken in it is one refusal, wherever it shows."""
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()
    except _BROKEN:
        raise refused(
            "Ce classeur ne se lit pas : ouvrez-le dans Excel et enregistrez-le de nouveau en .xlsx.",
            field="file",
        ) from None


def _check(content: bytes) -> None:
    """What it opens to, before it is opened: a small file may hold a very large one."""
    try:
        with ZipFile(BytesIO(content)) as zipped:
            parts = zipped.infolist()
            opened = sum(part.file_size for part in parts)
            texts = sum(part.file_size for part in parts if part.filename == _TEXTS)
            declared = any(
                _DECLARED.search(zipped.open(part).read(4_096))
                for part in parts
                if part.filename.endswith((".xml", ".rels"))
            )
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise refused(
            "Ce fichier n'est pas un classeur .xlsx. Un ancien .xls ou un classeur protégé par un mot de "
            "passe s'enregistre d'abord en .xlsx, sans mot de passe.",
            field="file",
        ) from None
    if opened > MOST_OPENED or texts > MOST_TEXTS:
        raise refused(
            f"Une fois ouvert, ce classeur pèserait {opened // MB} Mo : {MOST_OPENED // MB} Mo au plus, dont "
            f"{MOST_TEXTS // MB} Mo de textes.",
            field="file",
        )
    if declared:
        raise refused("Ce classeur n'est pas de ceux qu'Excel enregistre : il n'est pas lu.", field="file")


def _text(value: Any) -> str:
    """A value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, datetime):
        wall = (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{wall:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    return str(value)
