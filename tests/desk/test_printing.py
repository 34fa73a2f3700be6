"""Letters on paper: tagged, French, the words as they were typed, the town's own templates first."""

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from config.letters import environment
from desk import printing
from desk.house import House
from desk.printing import OURS, address_block, heading, letter, printed
from policy.hours import parse_hours
from policy.reasons import Refused
from policy.rules import Rules
from tests.cast import Cast, day, moment
from tests.desk.paper import Paper, paper

NOTHING: Any = None
HOUSE = House(NOTHING, environment(), "https://guichet.prevost.test", "guichet@prevost.test")
RULES = Rules(
    "Ville de Prévost",
    parse_hours("lundi 08:00-16:30"),
    day("Mon 2026-11-02"),
    town_address="2870, boulevard du Curé-Labelle, Prévost (Québec)",
    desk_phone="450 555-0199",
)
LEA: Mapping[str, Any] = {"name": "Léa Côté", "lines": ["12, rue des Érables", "Prévost (Québec)"]}
VALUES: Mapping[str, Any] = {
    "town": heading(RULES),
    "date": day("Mon 2026-11-23"),
    "to": LEA,
    "number": "2026-00042",
    "received_on": day("Fri 2026-11-20"),
    "rows": [("Service", "Travaux publics"), ("Délai prévu", "au plus tard le 27 novembre 2026")],
}
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>'
)


def read(template: str = "accuse", house: House = HOUSE, **values: Any) -> Paper:
    return paper(printed(house, template, {**VALUES, **values}))


def with_service(words: str) -> Paper:
    return read(rows=[("Service", words)])


@pytest.fixture
def theirs(tmp_path: Path) -> House:
    return replace(HOUSE, letters_folder=tmp_path)


def test_a_letter_is_tagged_titled_french_and_claims_pdf_ua() -> None:
    found = read()
    assert found.tagged and found.universal
    assert (found.language, found.title) == ("fr-CA", "Votre demande 2026-00042")
    assert {"/H1", "/Table", "/P"} <= found.roles


def test_a_letter_has_its_town_its_date_in_french_its_address_and_its_words() -> None:
    words = read().words
    for expected in (
        "Ville de Prévost",
        "2870, boulevard du Curé-Labelle",
        "450 555-0199",
        "23 novembre 2026",
        "Léa Côté",
        "12, rue des Érables",
        "votre demande du 20 novembre 2026",
        "Travaux publics",
    ):
        assert expected in words


@pytest.mark.parametrize(
    "typed",
    [
        "#eval(\"1+1\") #v.town #read('/etc/passwd')",
        "*gras* _italique_ `code` $x^2$",
        "= Titre",
        "@ref <label> // commentaire",
        "/* caché */ \\ ~ --- ...",
        'guillemets " et \\" et {"a": 1}',
        "#let v = 3",
        "https://exemple.test/#ancre",
    ],
)
def test_what_a_person_typed_is_printed_as_typed(typed: str) -> None:
    assert f"Service {typed} " in with_service(f"{typed} FIN").words


@given(st.text(max_size=60))
def test_no_text_stops_a_letter(typed: str) -> None:
    found = read(number=f"N{typed}", rows=[("Service", f"{typed}FIN")], to={"name": typed, "lines": [typed]})
    assert "FIN" in found.words and found.tagged


def test_what_no_font_can_draw_is_shown_as_such_and_the_rest_stays() -> None:
    words = with_service("avant 😀 漢字 après").words
    assert "avant" in words and "après" in words and "\N{REPLACEMENT CHARACTER}" in words


def test_the_marks_that_turn_the_order_of_reading_are_dropped() -> None:
    assert "ABCD" in with_service("AB\u202e\u2066CD\x00\x07").words


def test_the_same_values_give_the_same_bytes_in_any_thread_and_any_order() -> None:
    with ThreadPoolExecutor(4) as pool:
        several = list(
            pool.map(lambda n: printed(HOUSE, "accuse", {**VALUES, "number": str(n % 4)}), range(24))
        )
    assert several[:4] * 6 == several
    assert len(set(several)) == 4


def test_the_fonts_of_the_machine_are_not_looked_at() -> None:
    content = printed(HOUSE, "accuse", VALUES)
    fonts = PdfReader(BytesIO(content)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert fonts and all("LibertinusSerif" in font.get_object()["/BaseFont"] for font in fonts)


def test_no_connection_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    assert read().pages == 1


def test_a_template_of_the_town_wins_over_ours(theirs: House, tmp_path: Path) -> None:
    (tmp_path / "accuse.typ").write_text(
        '#import "lettre.typ": *\n#show: corps => lettre("Le nôtre", corps)\nBonjour de la ville, #v.number.'
    )
    found = read(house=theirs)
    assert "Bonjour de la ville, 2026-00042." in found.words
    assert found.title == "Le nôtre"
    assert "2870, boulevard" in found.words


def test_the_letterhead_of_the_town_serves_our_letters(theirs: House, tmp_path: Path) -> None:
    ours = (OURS / "lettre.typ").read_text(encoding="utf-8")
    (tmp_path / "lettre.typ").write_text(
        ours.replace("Page #counter", "Feuille #counter").replace("Objet~:", "Concerne~:"), encoding="utf-8"
    )
    assert "Concerne : Votre demande" in read(house=theirs).words.replace("\xa0", " ")


def test_the_logo_of_the_town_is_at_the_top_with_its_words(theirs: House, tmp_path: Path) -> None:
    assert "/Figure" not in read(house=theirs).roles
    (tmp_path / "logo.svg").write_bytes(LOGO)
    assert "/Figure" in read(house=theirs).roles


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("Bonjour,\n\n#inconnu\n", 3),
        ('#import "lettre.typ": *\n#show: corps => lettre("x", corps\n', 2),
        ('#set document(title: "x")\n#v.rien', 2),
    ],
)
def test_a_broken_template_is_said_with_its_line_and_ours_is_not_used(
    theirs: House, tmp_path: Path, source: str, line: int
) -> None:
    (tmp_path / "accuse.typ").write_text(source)
    with pytest.raises(
        Refused, match=rf"Le modèle « accuse\.typ » de la ville est à corriger, ligne {line} :"
    ):
        printed(theirs, "accuse", VALUES)


def test_a_broken_letterhead_is_said_by_its_own_name(theirs: House, tmp_path: Path) -> None:
    (tmp_path / "lettre.typ").write_text("\n#rien_de_tel\n")
    with pytest.raises(Refused, match=r"« lettre\.typ » de la ville est à corriger, ligne 2 "):
        printed(theirs, "accuse", VALUES)


def test_a_template_that_asks_the_internet_is_refused_with_its_line(theirs: House, tmp_path: Path) -> None:
    (tmp_path / "accuse.typ").write_text('Bonjour\n#import "@preview/cetz:0.3.0"\n')
    with pytest.raises(Refused, match=r"ligne 2 : il demande un paquet d'Internet"):
        printed(theirs, "accuse", VALUES)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../settings.py", "../../pyproject.toml", "{cwd}/secret.typ"]
)
def test_a_template_reads_no_file_of_the_house(
    theirs: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    elsewhere = tmp_path.parent / "ailleurs"
    elsewhere.mkdir(exist_ok=True)
    monkeypatch.chdir(elsewhere)
    (elsewhere / "secret.typ").write_text("SECRET")
    asked = path.format(cwd=elsewhere)
    (tmp_path / "accuse.typ").write_text(f'#set document(title: "x")\n#read("{asked}")')
    with pytest.raises(Refused, match="ligne 2"):
        printed(theirs, "accuse", VALUES)


def test_a_folder_that_went_away_is_said(theirs: House, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="GUICHET_LETTERS_DIR"):
        printed(replace(theirs, letters_folder=tmp_path / "parti"), "accuse", VALUES)


def test_a_value_that_ours_needs_and_nobody_gave_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="number"):
        printed(HOUSE, "accuse", {name: value for name, value in VALUES.items() if name != "number"})


def test_our_folder_holds_templates_and_nothing_else() -> None:
    assert {path.suffix for path in OURS.iterdir()} == {".typ"}


def test_a_letter_of_today_takes_its_heading_from_the_rules_of_the_town(cast: Cast) -> None:
    visit = cast.visit("technician", moment("Mon 2026-11-23 09:00"))
    with visit.reading() as counter:
        given = {name: value for name, value in VALUES.items() if name not in ("town", "date")}
        found = paper(letter(counter, "accuse", given))
    assert "2870, boulevard du Curé-Labelle" in found.words and "23 novembre 2026" in found.words


def test_an_address_block_holds_what_is_known_of_a_person() -> None:
    known = {
        "name": "Léa Côté",
        "civic": "12",
        "street": "rue des Érables",
        "city": None,
        "postal_code": "J0R 1T0",
    }
    assert address_block(known) == {"name": "Léa Côté", "lines": ["12 rue des Érables", "J0R 1T0"]}
    assert address_block({}) == {"name": "", "lines": []}
    assert printing.UNDRAWN not in read(to=address_block({})).words
