"""A .csv as people save them: its encoding and its separator are found, quoted line breaks kept."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from policy.reasons import Refused, refused

SEPARATORS = (";", ",", "\t", "|")
SAMPLE = 60  # rows looked at to find the separator
_WIDE_SHARE = 0.3  # of empty bytes, in text of two bytes a sign without its mark

Cells = list[str]


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or, as older Windows saves it, Windows-1252.

    Raises ``Refused`` when it is none of them.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif content[:4_000].count(0) > _WIDE_SHARE * len(content[:4_000]):
        tried = ["utf-16-be" if content[:1] == b"\0" else "utf-16-le"]
    else:
        tried = ["utf-8-sig", "cp1252"]
    for encoding in tried:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused("Ce fichier n'est pas un .csv lisible (UTF-8, UTF-16 ou Windows-1252).", field="file")


def rows(text: str, separator: str = "") -> Iterator[tuple[int, Cells]]:
    """Each row that says something, with the line of the file it begins on (from 1).

    ``separator`` is found when it is not given. Raises ``Refused`` where the file is broken: nothing after it
    can be trusted.
    """
    text, skipped, told = _without_its_word(text)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator or told or _separator(text), strict=True
    )
    start = 1 + skipped
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1 + skipped
    except csv.Error as failure:
        raise broken(failure, start) from None


def broken(failure: csv.Error, line: int) -> Refused:
    """Why a .csv cannot be read past a line."""
    return refused(
        f"Ce .csv est brisé à partir de la ligne {line} ({_french(failure)}) : rien n'est importé.",
        field="file",
    )


def _without_its_word(text: str) -> tuple[str, int, str]:
    """Excel may say the separator in a first line, « sep=; »: the rest, the lines taken off, the sign."""
    first, _, rest = text.partition("\n")
    word = first.strip().lower()
    if word.startswith("sep=") and len(word) == len("sep=;"):
        return rest, 1, word[-1]
    return (rest, 1, "\t") if word == "sep=" else (text, 0, "")


def _separator(text: str) -> str:
    """The sign that cuts most of the first rows in the same number of cells."""
    best, found = (0.0, 0), ","
    for sign in SEPARATORS:
        try:
            first = islice(csv.reader(io.StringIO(text, newline=""), delimiter=sign), SAMPLE)
            widths = Counter(len(cells) for cells in first if cells)
        except csv.Error:
            continue
        if not widths:
            continue
        width, times = widths.most_common(1)[0]
        if width > 1 and (score := (times / widths.total(), width)) > best:
            best, found = score, sign
    return found


def _french(failure: csv.Error) -> str:
    said = str(failure)
    if "unexpected end of data" in said:
        return "un guillemet ouvert n'est jamais fermé"
    if "expected after" in said:
        return "un guillemet fermé au milieu d'une valeur"
    return "une valeur trop longue" if "field larger" in said else "ce n'est pas du .csv"
