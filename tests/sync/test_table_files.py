"""Tables brought in a file: read as they were written; what would break a reader is refused."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from policy.reasons import Refused
from sync import csv_files, table_files, xlsx_files
from sync.table_files import opened, sheets
from sync.workbook import Sheet, workbook

TEXT = 'No;Reçu le;Demande\r\n1;2024-03-14;"Nid-de-poule\nprofond"\r\n2;2024-03-15;L’eau, « rouge »\r\n'
ROWS = [(2, ["1", "2024-03-14", "Nid-de-poule\nprofond"]), (4, ["2", "2024-03-15", "L’eau, « rouge »"])]


def rows(name: str, content: bytes, sheet: str = "") -> list[tuple[int, list[str]]]:
    return list(opened(name, content, sheet).rows)


def book(*pages: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    made = Workbook()
    for at, (title, lines) in enumerate(pages):
        page = made.active if at == 0 else made.create_sheet()
        assert page is not None
        page.title = title
        for line in lines:
            page.append(list(line))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_whatever_wrote_it(encoding: str) -> None:
    found = opened("registre.csv", TEXT.encode(encoding))
    assert (found.headers, found.header_line) == (("No", "Reçu le", "Demande"), 1)
    assert list(found.rows) == ROWS


@pytest.mark.parametrize("separator", csv_files.SEPARATORS)
def test_the_separator_is_found(separator: str) -> None:
    text = TEXT.replace(";", separator).replace("L’eau,", "L’eau" if separator == "," else "L’eau,")
    found = rows("registre.csv", text.encode())
    assert [cells[:2] for _, cells in found] == [["1", "2024-03-14"], ["2", "2024-03-15"]]


def test_excel_may_say_its_separator_first() -> None:
    found = opened("registre.csv", b"sep=|\nNo|Demande\n1|a;b;c\n")
    assert (found.headers, found.header_line, list(found.rows)) == (
        ("No", "Demande"),
        2,
        [(3, ["1", "a;b;c"])],
    )


def test_a_title_above_the_headers_is_no_header_and_a_person_may_say_otherwise() -> None:
    content = b"Registre 2024\n\nNo;Date;Demande\n1;2024-03-14;Eau\n"
    assert opened("r.csv", content).headers == ("No", "Date", "Demande")
    assert opened("r.csv", content, header_line=1).headers == ("Registre 2024",)
    with pytest.raises(Refused, match="en-têtes"):
        opened("r.csv", content, header_line=2)


def test_headers_that_are_empty_or_alike_are_told_apart() -> None:
    found = opened("r.csv", b"Date;;Date;Note\n1;2;3;4\n")
    assert found.headers == ("Date", "Colonne B", "Date (2)", "Note")


def test_a_workbook_gives_values_not_formulas_and_days_as_days() -> None:
    content = book(
        ("2024", [["No", "Reçu", "Jour", "Heure", "Oui", "Prix"],
                  [7, datetime.fromisoformat("2024-03-14T14:30"), date(2024, 3, 14), time(9), True, 2.5]]),
        ("Notes", [["rien"]]),
    )  # fmt: skip
    assert sheets("r.xlsx", content) == ("2024", "Notes")
    assert rows("r.xlsx", content) == [(2, ["7", "2024-03-14 14:30", "2024-03-14", "09:00", "Oui", "2.5"])]
    with pytest.raises(Refused, match="Notes 2"):
        rows("r.xlsx", content, "Notes 2")


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip)
tables = st.lists(st.lists(texts, min_size=3, max_size=3), min_size=1, max_size=6)


def _said(lines: list[list[str]]) -> list[list[str]]:
    kept = []
    for line in lines:
        cells = list(line)
        while cells and not cells[-1]:
            cells.pop()
        kept += [cells] if cells else []
    return kept


@given(tables, st.sampled_from((";", ",", "\t")), st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))
def test_a_csv_that_was_written_gives_back_its_values(
    lines: list[list[str]], separator: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([["un", "deux", "trois"], *lines])
    found = opened("r.csv", out.getvalue().encode(encoding), header_line=1)
    assert found.headers == ("un", "deux", "trois")
    assert [cells for _, cells in found.rows] == _said(lines)


@given(tables)
def test_a_workbook_of_ours_gives_back_its_values(lines: list[list[str]]) -> None:
    content = workbook([Sheet("Registre", ("un", "deux", "trois"), lines)])
    found = opened("r.xlsx", content, header_line=1)
    written = [[xlsx_kept(cell) for cell in line] for line in lines]
    assert [cells for _, cells in found.rows] == _said(written)


def xlsx_kept(text: str) -> str:
    """What a workbook can hold of a text."""
    return "".join(sign for sign in text if sign not in "\ufffe\uffff").strip()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("vide.csv", b"", "vide"),
        ("vide.csv", b"\r\n;;;\r\n", "vide"),
        ("vieux.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 512, "mot de passe"),
        ("faux.xlsx", b"No;Date\n1;2\n", "classeur .xlsx"),
        ("brisé.xlsx", b"PK\x03\x04" + b"\0" * 200, "classeur .xlsx"),
        ("ouvert.csv", b'No;Date\n1;"hier\n2;3\n', "jamais ferm"),
        ("collé.csv", b'No;Date\n1;"hier" soir;\n', "au milieu"),
        ("illisible.csv", b"No;Date\n1;\x81\x8d\x9d\n", "lisible"),
        ("long.csv", b"No;Date\n1;" + b"a" * 20_001 + b"\n", "20000"),
        ("large.csv", b"No;Date\n" + b"1;" * 200 + b"1\n", "100 au plus"),
        ("lourd.csv", b"a" * (table_files.MOST_BYTES + 1), "25 Mo"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        sheets(name, content)
        rows(name, content)


def test_more_rows_than_are_taken_are_refused_before_all_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MOST_ROWS", 40)
    content = b"No;Date\n" + b"1;2024-03-14\n" * 200
    with pytest.raises(Refused, match="plus de 40 lignes"):
        rows("r.csv", content)


def test_a_small_workbook_that_opens_to_a_large_one_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    content = book(("A", [["x" * 1_000] * 20] * 20))
    monkeypatch.setattr(xlsx_files, "MOST_OPENED", 10_000)
    with pytest.raises(Refused, match="Une fois ouvert"):
        sheets("bombe.xlsx", content)


def test_a_workbook_that_declares_entities_is_not_read() -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book(("A", [["No"]])))) as given, zipfile.ZipFile(out, "w") as made:
        for part in given.namelist():
            text = given.read(part)
            if part == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text
            made.writestr(part, text)
    with pytest.raises(Refused, match="n'est pas lu"):
        sheets("bombe.xlsx", out.getvalue())


@given(st.binary(max_size=300), st.sampled_from(("r.csv", "r.xlsx")))
def test_any_bytes_are_a_table_or_a_refusal(noise: bytes, name: str) -> None:
    for content in (noise, b"PK\x03\x04" + noise):
        try:
            sheets(name, content)
            rows(name, content)
        except Refused as no:
            assert no.grounds
