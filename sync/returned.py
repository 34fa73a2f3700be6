"""A workbook that comes back: its rows read with care, since what is in it is whoever sent it's."""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from policy.reasons import Refused, refused

OPENED = 20 * 1024 * 1024  # bytes of all its parts, once opened
PARTS = 300
ROWS, COLUMNS = 5_000, 60
ENTITIES = tuple("<!DOCTYPE".encode(name) for name in ("ascii", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True)
class Formula:
    """What stands in a cell that computes: nobody wrote its value."""

    text: str


@dataclass(frozen=True)
class Returned:
    """One sheet: its title, and each row that holds something, by its number from 1."""

    title: str
    rows: Sequence[tuple[int, Sequence[Any]]]


def returned(content: bytes, title: re.Pattern[str]) -> Returned | None:
    """The first sheet of an .xlsx whose title is such a one; None when there is none.

    Values are text, numbers, moments without a zone, truth values, None, or a ``Formula``. Raises ``Refused``
    for what is no workbook, what would unfold beyond ``OPENED``, and what has more than ``ROWS`` rows.
    """
    _refuse_bomb(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
        page = next((each for each in book.worksheets if title.fullmatch(each.title.strip())), None)
        return None if page is None else Returned(page.title.strip(), tuple(_rows(page)))
    except Refused:
        raise
    except Exception as error:  # a broken workbook makes the library raise whatever comes first
        raise refused("Ce fichier ne se lit pas comme un classeur Excel (.xlsx).") from error


def _rows(page: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    page.reset_dimensions()  # what the sheet says of its own size is not believed
    for at, cells in enumerate(page.iter_rows(max_col=COLUMNS), start=1):
        row = [_value(cell) for cell in cells]
        if all(value is None for value in row):
            if at > ROWS * 4:  # a sheet can be empty without end
                break
            continue
        if at > ROWS:
            raise refused(f"Ce classeur a plus de {ROWS} lignes.")
        yield at, row


def _value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    return (value.strip() or None) if isinstance(value, str) else value


def _refuse_bomb(content: bytes) -> None:
    """Little that unfolds into much: by what its parts say they hold, which reading holds them to."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > OPENED:
                raise refused("Ce classeur est démesuré une fois ouvert : il n'est pas lu.")
            for part in parts:
                if any(sign in archive.read(part) for sign in ENTITIES):
                    raise refused("Ce classeur contient ce qu'aucun tableur n'écrit : il n'est pas lu.")
    except (BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise refused("Ce fichier ne se lit pas comme un classeur Excel (.xlsx).") from error
