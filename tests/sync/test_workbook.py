"""A workbook holds text as text, dates as dates, and nothing that a spreadsheet would run."""

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from policy.words import State
from sync.workbook import CHOICES, Input, Sheet, workbook


def page(rows: list[list[Any]], headers: tuple[str, ...] = ("A", "B", "C")) -> Any:
    return load_workbook(BytesIO(workbook([Sheet("Liste", headers, rows)])))["Liste"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1 514 555-0101", "-rue", "@rue", "\t=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0",
     "'=1", "＝1+1"],
)  # fmt: skip
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = page([[text]])["A2"]
    assert cell.data_type == "s"
    assert cell.value == text
    if text[0] != "'":
        assert cell.quotePrefix


def test_a_header_that_looks_like_a_formula_stays_text() -> None:
    assert page([], headers=("=A1",))["A1"].data_type == "s"


def test_no_cell_of_the_file_is_a_formula() -> None:
    made = workbook([Sheet("Liste", ["=A"], [["=B", "\r=C", "+D"]])])
    with zipfile.ZipFile(BytesIO(made)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet


def test_dates_are_dates_and_moments_are_in_town_time() -> None:
    sheet = page([[date(2026, 12, 1), datetime(2026, 11, 23, 13, 5, tzinfo=UTC), None]])
    assert (sheet["A2"].value, sheet["B2"].value) == (datetime(2026, 12, 1), datetime(2026, 11, 23, 8, 5))  # noqa: DTZ001
    assert (sheet["A2"].is_date, sheet["B2"].is_date) == (True, True)
    assert "C0C" in sheet["A2"].number_format  # fr-CA
    assert sheet["C2"].value is None


def test_numbers_truth_and_words_of_closed_lists_are_as_read() -> None:
    sheet = page([[12, True, State.WAITING], [1.5, False, ""]])
    assert [cell.value for cell in sheet[2]] == [12, "Oui", "En attente"]
    assert [cell.value for cell in sheet[3]][:2] == [1.5, "Non"]


def test_signs_that_a_workbook_cannot_hold_are_left_out() -> None:
    sheet = page(
        [["avant\x00\x0b\x1faprès", "moitié \ud83d", "🌊 é\nligne"], ["_x0041_", "x" * 40_000, "a\uffffb"]]
    )
    assert [cell.value for cell in sheet[2]] == ["avantaprès", "moitié ", "🌊 é\nligne"]
    assert sheet["B3"].value == "x" * 32_766 + "…"
    assert sheet["C3"].value == "ab"


def test_what_looks_like_an_escape_is_written_so_that_it_reads_as_typed() -> None:
    with zipfile.ZipFile(BytesIO(workbook([Sheet("L", ["A"], [["_x0041_ _x00e9 _x_"]])]))) as archive:
        written = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "_x005F_x0041_ _x00e9 _x_" in written


def test_the_header_stays_in_sight_and_columns_fit_their_words() -> None:
    sheet = page([["x" * 20, "y" * 500, 1]], headers=("Numéro", "Exposé", "N"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C2"
    assert sheet["A1"].font.bold
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [22, 60, 10]


def test_titles_are_what_excel_accepts_and_all_different() -> None:
    names = [
        "Loisirs, culture et vie communautaire",
        "Loisirs, culture et vie communale",
        "a/b[c]:*?",
        "A B C",
        "",
    ]
    book = load_workbook(BytesIO(workbook([Sheet(name, ["A"], []) for name in names])))
    assert book.sheetnames == [
        "Loisirs, culture et vie communa",
        "Loisirs, culture et vie co (2)",
        "a b c",
        "A B C (4)",
        "Feuille 5",
    ]


def test_widths_can_be_given() -> None:
    made = workbook([Sheet("L", ["A", "B"], [], widths=[12, 40])])
    sheet = load_workbook(BytesIO(made))["L"]
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [12, 40]


def test_columns_to_fill_in_offer_their_choices_and_keep_what_is_typed_as_text() -> None:
    inputs = {"Réponse": Input(("Oui, bien sûr", "Non")), "Le": Input(day=True), "Mots": Input()}
    rows: list[list[Any]] = [["2026-00001", None, None, None], ["Rien d'ouvert", "", "", ""]]
    made = workbook([Sheet("Liste", ["Numéro", *inputs], rows, inputs=inputs, fixed=1)])
    book = load_workbook(BytesIO(made))
    sheet, choices = book["Liste"], book[CHOICES]
    assert choices.sheet_state == "hidden"
    assert [cell.value for cell in choices["A"]] == ["Oui, bien sûr", "Non"]
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules == {"B2:B3": ("list", "'Choix'!$A$1:$A$2"), "C2:C3": ("date", "36526")}
    assert sheet["D2"].number_format == "@" and sheet["C2"].is_date
    assert (sheet["B2"].fill.fgColor.rgb, sheet["B3"].fill.fgColor.rgb) == ("00FFF9E3", "00000000")
    assert sheet.freeze_panes == "B2" and sheet.print_area == "'Liste'!$A$1:$A$3"
