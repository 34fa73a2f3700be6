"""A spreadsheet set up for us: what is missing is made, what exists is not touched, what differs is said."""

from collections.abc import Iterator
from typing import Any

import pytest

from sync.outside import shapes
from tests.remotes.sheets import STAMP, Town, sheets

SHAPES = shapes(True)
SERVICES, FILES = "Services", "Dossiers"


@pytest.fixture
def town() -> Iterator[Town]:
    with sheets(SHAPES) as made:
        yield made


@pytest.fixture
def empty() -> Iterator[Town]:
    with sheets(SHAPES, ready=False) as made:
        yield made


def setup(town: Town, stamp: str = STAMP, *, take_over: bool = False) -> list[str]:
    done, town.memory = town.remote.setup(town.line, town.shapes, town.memory, stamp, take_over=take_over)
    return done


def check(town: Town) -> list[str]:
    return town.remote.check(town.line, town.shapes, town.memory)


def dress(town: Town, table: str, header: str) -> dict[str, Any]:
    sheet = town.server.book.titled(table)
    return sheet.cols[sheet.rows[0].cells.index(header)].dress


def as_is(town: Town) -> Any:
    return [(sheet.title, [row.cells for row in sheet.rows], [c.dress for c in sheet.cols], sheet.protections)
            for sheet in town.server.book.sheets]  # fmt: skip


def test_an_empty_spreadsheet_is_made_ready_in_one_read_and_one_write(empty: Town) -> None:
    with empty.costing(reads=1, writes=1):
        done = setup(empty)
    assert [f"Onglet « {shape.label} » créé." for shape in SHAPES] == done[: len(SHAPES)]
    titles = [sheet.title for sheet in empty.server.book.sheets]
    assert titles == ["Feuille 1", *(shape.label for shape in SHAPES)]
    assert empty.server.book.zone == "America/Toronto"
    assert check(empty) == []


def test_the_headers_are_bold_and_frozen_with_our_id_at_the_left_and_the_note_at_the_right(
    town: Town,
) -> None:
    sheet = town.server.book.titled(FILES)
    (files,) = (shape for shape in SHAPES if shape.table == "files")
    assert sheet.rows[0].cells == ["ID", *(each.label for each in files.columns), "Synchronisation"]
    assert sheet.frozen == 1
    assert sheet.header == {"textFormat": {"bold": True}}


def test_cells_offer_their_words_and_show_dates_without_forbidding_anything(town: Town) -> None:
    rule = dress(town, FILES, "Priorité")["dataValidation"]
    assert rule["strict"] is False
    assert {"userEnteredValue": "Urgente"} in rule["condition"]["values"]
    assert [
        each["userEnteredValue"]
        for each in dress(town, FILES, "Anonyme")["dataValidation"]["condition"]["values"]
    ] == ["Oui", "Non"]
    assert dress(town, FILES, "Date prévue")["userEnteredFormat"]["numberFormat"]["type"] == "DATE"
    assert dress(town, FILES, "Reçue le")["userEnteredFormat"]["numberFormat"]["type"] == "DATE_TIME"
    assert dress(town, FILES, "Numéro")["userEnteredFormat"]["numberFormat"]["type"] == "TEXT"


def test_a_reference_offers_the_names_of_the_other_tab(town: Town) -> None:
    (value,) = dress(town, FILES, "Service")["dataValidation"]["condition"]["values"]
    assert value == {"userEnteredValue": "='Services'!$B$2:$B"}
    (value,) = dress(town, "Grille d'intervention", "Service")["dataValidation"]["condition"]["values"]
    assert value == {"userEnteredValue": "='Services'!$B$2:$B"}


def test_what_people_should_not_type_warns_them(town: Town) -> None:
    sheet = town.server.book.titled(FILES)
    headers = sheet.rows[0].cells
    warned = {headers[each["range"]["startColumnIndex"]] for each in sheet.protections}
    assert {"ID", "Numéro", "Synchronisation"} <= warned
    assert "Date prévue" not in warned
    assert all(each["warningOnly"] for each in sheet.protections)


def test_a_store_that_knows_nothing_finds_the_tabs_again(town: Town) -> None:
    known, town.memory = town.memory, {}
    town.server.rename_table(SERVICES, "Directions")
    assert setup(town) == []
    assert town.memory["tabs"] == known["tabs"]


def test_a_missing_column_is_added_at_the_right_and_the_rest_is_left(town: Town) -> None:
    town.server.add_row(SERVICES, {"Service": "Greffe", "Courriel": "g@ville.example"})
    town.server.delete_column(SERVICES, "Courriel")
    assert check(town) == ["La colonne « Courriel » manque dans l'onglet « Services »."]
    assert setup(town) == ["Colonne « Courriel » ajoutée à l'onglet « Services »."]
    sheet = town.server.book.titled(SERVICES)
    assert sheet.rows[0].cells[-1] == "Courriel"
    assert town.server.rows(SERVICES) == [{"Service": "Greffe"}]
    assert check(town) == []


def test_a_deleted_tab_is_made_again(town: Town) -> None:
    town.server.delete_table(SERVICES)
    assert any("Services" in words and "introuvable" in words for words in check(town))
    assert setup(town) == ["Onglet « Services » créé."]
    assert not town.look(whole=True).tables["departments"].trouble


def test_a_blank_tab_of_that_title_is_taken_up_and_one_that_holds_something_else_is_not(empty: Town) -> None:
    book = empty.server.book
    book.sheets.append(book.sheet_of(7, SERVICES, 10, 3))
    other = book.sheet_of(8, FILES, 10, 3)
    other.rows[0].cells = ["Nos dossiers à nous"]
    book.sheets.append(other)
    empty.server.changed()
    done = setup(empty)
    assert "Colonne « Service » ajoutée à l'onglet « Services »." in done
    assert any(FILES in words and "Rien n'y a été touché" in words for words in done)
    assert other.rows[0].cells == ["Nos dossiers à nous"]
    assert not empty.look().tables["departments"].trouble


def test_what_differs_is_said(town: Town) -> None:
    sheet = town.server.book.titled(SERVICES)
    sheet.protections.clear()
    headers = sheet.rows[0].cells
    sheet.cols[headers.index("Circuit")].dress.clear()
    town.server.book.zone = "Europe/Paris"
    town.server.delete_column(SERVICES, "Synchronisation")
    where = "de l'onglet « Services »"
    assert set(check(town)) == {
        "Le fuseau horaire du classeur n'est pas America/Toronto.",
        f"La liste déroulante de la colonne « Circuit » {where} n'est pas celle qui est prévue.",
        f"Le format de la colonne « Circuit » {where} n'est pas celui qui est prévu.",
        f"La colonne « ID » {where} n'est pas protégée.",
        "La colonne « Synchronisation » manque dans l'onglet « Services ».",
    }


@pytest.mark.parametrize("follows", [True, False])
@pytest.mark.parametrize("refused", [True, False])
def test_probing_tells_what_the_service_does_and_leaves_no_trace(follows: bool, refused: bool) -> None:
    with sheets(SHAPES, sort_moves_marks=follows, no_match_is_refused=refused) as town:
        before = as_is(town)
        told = town.remote.probe(town.line, town.memory)
        assert told["Une métadonnée suit un tri"] == ("oui" if follows else "non")
        assert told["Une ligne introuvable laisse passer les autres"] == ("non" if refused else "oui")
        assert told["Un numéro de métadonnée déjà pris fait échouer le lot"] == "oui"
        assert as_is(town) == before


def test_a_row_of_a_new_tab_wears_what_the_tab_does(town: Town) -> None:
    before = dress(town, FILES, "Date prévue")
    town.made("files", "F", number="2026-00001")
    assert dress(town, FILES, "Date prévue") == before
    formats = [each for _, path, asked in town.server.requests if path.endswith(":batchUpdate")
               for each in asked["requests"] if "repeatCell" in each]  # fmt: skip
    assert any(each["repeatCell"]["range"].get("endRowIndex") == 2 for each in formats)


def test_a_new_tab_takes_no_number_that_a_tab_of_the_town_bears(empty: Town) -> None:
    book = empty.server.book
    book.sheets += [book.sheet_of(number, f"Onglet {number}", 10, 3) for number in (1, 7, 60)]
    setup(empty)
    numbers = [sheet.id for sheet in book.sheets]
    assert len(numbers) == len({*numbers}) == len(SHAPES) + 4
    assert check(empty) == []
