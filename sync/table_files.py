"""A table that somebody brings in a file, .csv or .xlsx: its sheets, its header, its rows, as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from openpyxl.utils import get_column_letter

from policy.reasons import refused
from sync import csv_files, xlsx_files
from sync.schema import UNWRITABLE

MB = 1024 * 1024
MOST_BYTES = 25 * MB
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST = 20_000  # signs of one cell
CSV, XLSX = "csv", "xlsx"
LOOKED_AT = 30  # rows among which the header is sought: a title and a blank often stand above it
UNREADABLE = "\ufffd"  # stands for a sign that cannot be kept, so that its row is told

Cells = list[str]


@dataclass(frozen=True)
class Opened:
    """A table about to be read: its headers, none twice; the line they stand on; its rows, as they come."""

    headers: tuple[str, ...]
    header_line: int
    rows: Iterator[tuple[int, Cells]]


def kind(name: str, content: bytes) -> str:
    """``csv`` or ``xlsx``, by its content and its name. Raises ``Refused``: neither, empty, too large."""
    if not content:
        raise refused("Ce fichier est vide : rien n'est importé.", field="file")
    if len(content) > MOST_BYTES:
        raise refused(
            f"Ce fichier pèse {len(content) // MB} Mo : {MOST_BYTES // MB} Mo au plus. "
            "Partagez-le en plusieurs, par année par exemple.",
            field="file",
        )
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise refused(
            "Ce n'est ni un .csv ni un .xlsx. Un ancien .xls ou un classeur protégé par un mot de passe "
            "s'enregistre d'abord en .xlsx, sans mot de passe.",
            field="file",
        )
    if content.startswith(b"PK"):
        return XLSX
    if name.lower().endswith((".xlsx", ".xls", ".ods")):
        raise refused("Le contenu de ce fichier n'est pas celui d'un classeur .xlsx.", field="file")
    return CSV


def sheets(name: str, content: bytes) -> tuple[str, ...]:
    """The titles of a workbook's sheets; none for a .csv. Raises ``Refused``."""
    if kind(name, content) == CSV:
        return ()
    found = xlsx_files.sheets(content)
    if not found:
        raise refused("Ce classeur n'a aucune feuille de cellules.", field="file")
    return found


def opened(name: str, content: bytes, sheet: str = "", header_line: int = 0) -> Opened:
    """The table of a file. ``sheet``: the first when it is not said; ``header_line``: found when it is 0.

    Raises ``Refused``, also while the rows come: too many, too wide, broken.
    """
    is_csv = kind(name, content) == CSV
    if is_csv:
        raw = csv_files.rows(csv_files.decoded(content))
    else:
        raw = xlsx_files.rows(content, sheet or sheets(name, content)[0])
    read = _kept(raw)
    first = list(islice(read, LOOKED_AT))
    if not first:
        raise refused("Ce fichier est vide : rien n'est importé.", field="file")
    at = _header_at(first, header_line)
    line, cells = first[at]
    # past its headers, a row of a .csv was cut where it should not; a column of a workbook lacks its title
    width = len(cells) if is_csv else max(len(each) for _, each in first[at:])
    return Opened(headers_of(cells, width), line, chain(first[at + 1 :], read))


def headers_of(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """The headers of a table so wide: one that is empty is called by its letter, one borne twice numbered."""
    found: list[str] = []
    for at in range(width):
        wished = " ".join(cells[at].split())[:120] if at < len(cells) else ""
        wished = wished or f"Colonne {get_column_letter(at + 1)}"
        title, rank = wished, 1
        while title in found:
            rank += 1
            title = f"{wished} ({rank})"
        found.append(title)
    return tuple(found)


def _header_at(first: Sequence[tuple[int, Cells]], asked: int) -> int:
    """Where the header stands: the first row that fills as many cells as most do, or the line asked for."""
    if asked:
        for at, (line, _) in enumerate(first):
            if line == asked:
                return at
        raise refused(f"La ligne {asked} ne peut pas être celle des en-têtes.", field="header_line")
    filled = [sum(1 for cell in cells if cell) for _, cells in first]
    enough = max(filled) * 0.6
    return next(at for at, count in enumerate(filled) if count >= enough)


def _kept(raw: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """The rows as they are kept: blanks around a cell dropped, empty cells at the end too, within bounds."""
    for count, (line, cells) in enumerate(raw, start=1):
        if count > MOST_ROWS + LOOKED_AT:
            raise refused(
                f"Ce fichier a plus de {MOST_ROWS} lignes. Partagez-le en plusieurs, par année par exemple.",
                field="file",
            )
        kept = [UNWRITABLE.sub(UNREADABLE, cell).strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if len(kept) > MOST_COLUMNS:
            raise refused(f"La ligne {line} a {len(kept)} colonnes : {MOST_COLUMNS} au plus.", field="file")
        if any(len(cell) > LONGEST for cell in kept):
            raise refused(f"Une cellule de la ligne {line} dépasse {LONGEST} caractères.", field="file")
        if kept:
            yield line, kept
