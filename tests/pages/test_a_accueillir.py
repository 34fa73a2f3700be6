"""À accueillir: a row typed in the table becomes a demand in the ordinary form, or is declined."""

from datetime import timedelta

import pytest

from desk import inbox
from policy.words import Priority
from sync.link_tables import Tie
from tests.cast import Cast
from tests.desk.filing import kept
from tests.desk.outside import link, remote, row_there
from tests.pages.conftest import NINE, Sit, press, run, said

LATER = NINE + timedelta(minutes=20)


@pytest.fixture
def row(cast: Cast) -> str:
    remote(cast)
    typed = {"street": "rue du Lac", "category": cast.categories["Nid-de-poule"], "priority": "Haute"}
    extras = {"Vu par": "Denis"}
    return row_there(cast, there=typed, agreed=typed, extras=extras, told="copie de 2026-00003")


def test_nothing_that_waits_says_so(sit: Sit) -> None:
    assert "Rien n’attend" in sit("a_accueillir").success[0].value


def test_a_row_is_shown_as_typed_with_the_door_to_its_form(sit: Sit, row: str) -> None:
    screen = sit("a_accueillir", at=LATER)
    told = said(screen).replace("\\", "")
    for words in ("rue du Lac", "Nid-de-poule", "Vu par", "copie de 2026-00003", "Airtable"):
        assert words in told
    (door,) = screen.get("link_button")
    assert door.proto.url == f"/nouvelle-demande?saisie=table-{row}"


def test_its_form_is_filled_and_gives_it_a_number_once(sit: Sit, cast: Cast, row: str) -> None:
    screen = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    assert screen.text_input(key="nd_street").value == "rue du Lac"
    assert screen.selectbox(key="nd_category").value == cast.categories["Nid-de-poule"]
    assert screen.selectbox(key="nd_priority").value == Priority.HIGH.value
    assert screen.date_input(key="nd_day").value == NINE.date()
    assert "Vu par" in said(screen)
    screen.text_area(key="nd_facts").set_value("Un trou devant le quai.")
    screen.toggle(key="nd_anonymous").set_value(True)
    screen.selectbox(key="nd_channel").set_value("Courriel")
    run(screen)
    press(screen, "nd-save")
    (file,) = kept(cast, "files")
    assert (file["street"], file["priority"], file["received_at"]) == ("rue du Lac", Priority.HIGH, NINE)
    assert (link(cast, row).record, link(cast, row).tie) == (file["id"], Tie.LINKED)
    assert screen.metric[0].value == file["number"]


def test_how_it_came_is_not_guessed(sit: Sit, row: str) -> None:
    screen = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    assert screen.selectbox(key="nd_channel").value is None
    press(screen, "nd-save")
    assert "Rien n’a été enregistré" in screen.error[0].value


def test_what_was_begun_of_a_row_is_found_again_over_what_the_row_says(sit: Sit, row: str) -> None:
    first = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    first.text_area(key="nd_facts").set_value("Un trou devant le quai.")
    run(first)
    again = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    assert again.text_area(key="nd_facts").value == "Un trou devant le quai."
    assert again.text_input(key="nd_street").value == "rue du Lac"


def test_a_row_declined_meanwhile_leaves_what_was_typed_for_another_form(
    sit: Sit, cast: Cast, row: str
) -> None:
    screen = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    screen.text_area(key="nd_facts").set_value("Un trou devant le quai.")
    screen.toggle(key="nd_anonymous").set_value(True)
    screen.selectbox(key="nd_channel").set_value("Courriel")
    run(screen)
    inbox.decline(cast.visit("director", LATER), row, "Déjà connu.")
    press(screen, "nd-save")
    assert "déjà été accueillie ou refusée" in screen.error[0].value
    press(screen, "nd-another")
    press(screen, "nd-save")
    (file,) = kept(cast, "files")
    assert file["facts"] == "Un trou devant le quai." and link(cast, row).tie is Tie.DECLINED


def test_the_address_of_a_row_that_is_gone_opens_an_empty_form_and_says_why(
    sit: Sit, cast: Cast, row: str
) -> None:
    inbox.decline(cast.visit("technician", LATER), row, "Déjà connu.")
    screen = sit("nouvelle_demande", at=LATER, saisie=inbox.token_of(row))
    assert "déjà été accueillie ou refusée" in screen.error[0].value
    assert screen.text_input(key="nd_street").value == ""


def test_a_row_is_declined_with_a_reason_which_the_table_tells(sit: Sit, cast: Cast, row: str) -> None:
    screen = press(sit("a_accueillir"), f"ac-decline-{row}")
    assert "motif" in screen.error[0].value
    screen.text_input(key=f"ac_reason_{row}").set_value("Déjà connu.")
    run(screen)
    press(screen, f"ac-decline-{row}")
    assert "Déjà connu." in (link(cast, row).told or "")
    assert "Rien n’attend" in said(screen)


def test_a_row_that_should_not_be_there_is_erased_from_the_table(sit: Sit, cast: Cast, row: str) -> None:
    screen = press(sit("a_accueillir"), f"ac-erase-{row}")
    assert "s’efface" in screen.success[0].value and "Rien n’attend" in said(screen)
    assert link(cast, row).tie is Tie.PURGED and link(cast, row).there == {}


def test_five_hundred_rows_pasted_together_are_one_thing_to_decline(sit: Sit, cast: Cast) -> None:
    remote(cast)
    rows = [
        row_there(cast, f"rec{n}", at=NINE + timedelta(milliseconds=n), agreed={"street": f"rue {n}"})
        for n in range(500)
    ]
    screen = sit("a_accueillir", at=LATER)
    assert "500 lignes arrivées ensemble" in said(screen)
    assert len(screen.get("link_button")) == 3
    screen.text_input(key=f"ac_reason_{rows[0]}").set_value("Collage par erreur.")
    run(screen)
    press(screen, f"ac-decline-{rows[0]}")
    assert "500 lignes refusées" in screen.success[0].value
    assert {link(cast, each).tie for each in (rows[0], rows[250], rows[-1])} == {Tie.DECLINED}
