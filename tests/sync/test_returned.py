"""A workbook that comes back is read with care: what it says of itself is not believed."""

import re
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from policy.reasons import Refused
from sync.returned import ROWS, Formula, returned
from sync.workbook import Sheet, workbook

ANY = re.compile("Liste.*")


def book(rows: int = 1, title: str = "Liste") -> bytes:
    return workbook([Sheet(title, ["A", "B"], [["mot", n] for n in range(rows)])])


def swollen(content: bytes, name: str, part: bytes) -> bytes:
    """The same file with one part replaced, or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for each in before.namelist():
            if each != name:
                after.writestr(each, before.read(each))
        after.writestr(name, part)
    return out.getvalue()


def test_text_numbers_formulas_and_places_are_told_apart() -> None:
    made = Workbook()
    page = made.create_sheet("Liste RNC", 0)
    page["A1"], page["B1"], page["A3"], page["B3"] = " titre ", 12, "=1+1", "  "
    out = BytesIO()
    made.save(out)
    found = returned(out.getvalue(), ANY)
    assert found is not None and found.title == "Liste RNC"
    assert [(at, tuple(row[:2])) for at, row in found.rows] == [
        (1, ("titre", 12)),
        (3, (Formula("=1+1"), None)),
    ]
    assert returned(book(title="Autre"), ANY) is None


def test_more_rows_than_any_list_has_are_refused() -> None:
    with pytest.raises(Refused, match="plus de 5000 lignes"):
        returned(book(ROWS), ANY)


@pytest.mark.parametrize(
    ("name", "part", "match"),
    [
        ("xl/vide.bin", b"\0" * 25_000_000, "démesuré"),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet/>', "aucun tableur"),
        ("xl/worksheets/sheet1.xml", '<!DOCTYPE x><worksheet/>'.encode("utf-16"), "aucun tableur"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>", "ne se lit pas"),
    ],
)  # fmt: skip
def test_what_no_spreadsheet_writes_is_not_read(name: str, part: bytes, match: str) -> None:
    with pytest.raises(Refused, match=match):
        returned(swollen(book(), name, part), ANY)


def test_what_is_no_archive_or_is_cut_short_is_refused() -> None:
    for content in (b"", b"PK\x03\x04", book()[:-200], b"Numero;Reponse"):
        with pytest.raises(Refused, match="ne se lit pas"):
            returned(content, ANY)


def test_a_row_said_to_be_the_millionth_costs_nothing() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>titre</t></is></c></row>'
        b'<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>loin</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    found = returned(swollen(book(), "xl/worksheets/sheet1.xml", sheet), ANY)
    assert found is not None and [at for at, _ in found.rows] == [1]
