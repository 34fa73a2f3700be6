"""The grid of the queue in a real browser: what is typed stays, wherever one goes, until it is saved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from desk import drafts, sessions
from policy.words import State
from tests.browser.grid import Grid
from tests.browser.served import BEFORE, file_of
from tests.cast import CAST, PASSWORD, Cast, day
from tests.door.serving import Clock, Door, Sitter

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]
WIDE = {"viewport": {"width": 2000, "height": 900}}  # every column in sight
NEXT, NEXT_FIELD = "Prochaine action", "next_action"


def seated(person: Sit, door: Door, who: str = "secretary", address: str = "/file") -> Grid:
    """That member of the cast at the grid of the queue."""
    someone = person(door, CAST[who].email, PASSWORD, **WIDE)
    someone.goto(address)
    return Grid(someone)


def test_what_is_typed_survives_filters_a_reload_a_sign_out_and_is_there_in_another_browser(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    grid = seated(person, served)
    page = grid.page
    grid.type(grid.row("2026-00003"), NEXT, "Commander l'ampoule 🕯️")
    expect(page.get_by_text("Brouillon conservé")).to_be_visible()
    grid.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")

    page.get_by_role("searchbox", name="Chercher").fill("Érables")  # found as one types, without a key
    grid.has("2026-00003", "2026-00004", "2026-00005")
    expect(page).to_have_url(f"{served.url}/file?texte=%C3%89rables")
    grid.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")

    page.reload()
    grid.has("2026-00003", "2026-00004", "2026-00005")
    grid.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")

    page.get_by_role("link", name="Dossier", exact=True).click()
    expect(page.get_by_role("heading", name="Dossier")).to_be_visible()
    page.get_by_role("link", name="File du service").click()
    grid.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")

    page.get_by_role("link", name="Fermer la session").click()
    expect(page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    grid.someone.sign_in(CAST["secretary"].email, PASSWORD, suite="/file")
    grid.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")

    elsewhere = seated(person, served)
    elsewhere.shows("2026-00003", NEXT, "Commander l'ampoule 🕯️")
    assert file_of(served_cast, "2026-00003")["next_action"] is None


@pytest.mark.long
def test_one_save_takes_every_row_typed_also_those_of_another_filter_and_a_second_click_does_nothing(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    grid = seated(person, served)
    page = grid.page
    grid.type(grid.row("2026-00006"), NEXT, "Passer mardi")
    expect(page.get_by_role("button", name="Enregistrer (1 ligne)")).to_be_visible()
    page.get_by_role("searchbox", name="Chercher").fill("Érables")
    grid.has("2026-00003", "2026-00004", "2026-00005")
    grid.type(0, "Date prévue", "2026-11-26")
    grid.type(1, NEXT, "Pas encore quittée", leave="")  # the cell is still open when Save is pressed
    page.get_by_role("button", name="Enregistrer (2 lignes)").dblclick()
    said = page.get_by_text("3 lignes enregistrées.")
    expect(said).to_be_visible()
    expect(said).to_contain_text("2026-00003 : planifié. 2026-00004 : enregistré. 2026-00006 : enregistré.")
    expect(page.get_by_role("button", name="Enregistrer", exact=True)).to_be_visible()
    grid.shows("2026-00003", "État", "Planifiée")  # the rows stay where they were
    assert grid.numbers() == ["2026-00003", "2026-00004", "2026-00005"]
    assert file_of(served_cast, "2026-00003")["planned_on"] == day("Thu 2026-11-26")
    assert file_of(served_cast, "2026-00004")["next_action"] == "Pas encore quittée"
    assert file_of(served_cast, "2026-00006")["next_action"] == "Passer mardi"
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    grid.someone.ready()
    assert file_of(served_cast, "2026-00003")["version"] == 2


@pytest.mark.long
def test_a_refused_row_stays_typed_with_annexe_as_points_and_the_others_are_saved(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    grid = seated(person, served)
    page = grid.page
    grid.type(grid.row("2026-00003"), "État", "Complétée")
    grid.type(grid.row("2026-00004"), "État", "En attente")
    grid.type(grid.row("2026-00005"), NEXT, "Passer mardi")
    grid.save("3 lignes")
    refusals = page.get_by_role("alert").filter(has_text="n’est pas enregistré")
    expect(refusals).to_have_count(2)
    for point in range(1, 5):
        expect(refusals.first).to_contain_text(f"annexe A, point {point}")
    expect(refusals.first.get_by_role("link", name="2026-00003")).to_have_attribute(
        "href", "/dossier?numero=2026-00003"
    )
    expect(refusals.last).to_contain_text("motif d'attente")
    grid.shows("2026-00003", "État", "Complétée")
    assert [file_of(served_cast, f"2026-0000{n}")["state"] for n in (3, 4)] == [State.TAKEN, State.TAKEN]
    assert file_of(served_cast, "2026-00005")["next_action"] == "Passer mardi"

    grid.type(grid.row("2026-00004"), "Motif d'attente", "Météo ou saison")
    grid.save("2 lignes")
    expect(page.get_by_text("1 ligne enregistrée. 2026-00004 : mis en attente.")).to_be_visible()
    expect(refusals).to_have_count(1)
    assert file_of(served_cast, "2026-00004")["state"] is State.WAITING


@pytest.mark.long
def test_a_cell_typed_is_taken_back_by_typing_or_by_a_button(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    grid = seated(person, served)
    page = grid.page
    grid.type(grid.row("2026-00003"), NEXT, "Une erreur")
    expect(page.get_by_role("button", name="Enregistrer (1 ligne)")).to_be_visible()
    grid.type(grid.row("2026-00003"), NEXT, "")
    expect(page.get_by_role("button", name="Enregistrer", exact=True)).to_be_visible()

    grid.type(grid.row("2026-00003"), NEXT, "Une autre")
    grid.type(grid.row("2026-00004"), "État", "Planifiée")
    expect(page.get_by_role("button", name="Enregistrer (2 lignes)")).to_be_visible()
    page.get_by_text("Tapé et pas encore enregistré").click()
    listed = page.get_by_test_id("stExpander").filter(has_text="Ce brouillon est conservé")
    expect(listed).to_contain_text("2026-00004 — État : Prise en charge → Planifiée")
    listed.get_by_role("button", name="Annuler").last.click()
    expect(page.get_by_role("button", name="Enregistrer (1 ligne)")).to_be_visible()
    grid.shows("2026-00004", "État", "Prise en charge")
    grid.shows("2026-00003", NEXT, "Une autre")
    listed.get_by_role("button", name="Tout abandonner").click()
    page.get_by_role("button", name="Oui, tout abandonner").click()
    expect(page.get_by_role("button", name="Enregistrer", exact=True)).to_be_visible()
    grid.shows("2026-00003", NEXT, "")


def test_two_secretaries_lose_nothing_in_different_cells_nor_in_the_same_one(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    julie, anne = seated(person, served), seated(person, served, "other_secretary")
    row = julie.row("2026-00003")
    julie.type(row, NEXT, "Emprunter la nacelle")
    anne.type(row, "Date prévue", "2026-11-26")
    anne.save("1 ligne")
    expect(anne.page.get_by_text("1 ligne enregistrée.")).to_be_visible()
    anne.type(row, NEXT, "Commander l'ampoule")  # before what Julie keeps comes to Anne's open screen
    expect(anne.page.get_by_text("Brouillon conservé")).to_be_visible()
    julie.save("1 ligne")
    expect(julie.page.get_by_text("1 ligne enregistrée.")).to_be_visible()
    now = file_of(served_cast, "2026-00003")
    assert (now["planned_on"], now["next_action"]) == (day("Thu 2026-11-26"), "Emprunter la nacelle")
    julie.shows("2026-00003", "État", "Planifiée")  # what the other did is seen at once

    anne.type(anne.row("2026-00004"), NEXT, "Passer mardi")
    anne.save("2 lignes")
    choice = anne.page.get_by_text("quelqu’un d’autre a changé cette case entre-temps")
    expect(choice).to_be_visible()
    for words in ("Au départ", "Commander l'ampoule", "Celle de Julie Gagnon", "Emprunter la nacelle"):
        expect(anne.page.locator("[class*=st-key-fi-choix]")).to_contain_text(words)
    assert file_of(served_cast, "2026-00003")["next_action"] == "Emprunter la nacelle"
    assert file_of(served_cast, "2026-00004")["next_action"] == "Passer mardi"
    anne.shows("2026-00003", NEXT, "Commander l'ampoule")
    julie.type(row, NEXT, "Attendre l'électricien")  # before what Anne keeps comes to Julie's open screen
    expect(julie.page.get_by_text("Brouillon conservé")).to_be_visible()
    anne.page.get_by_role("button", name="Garder la mienne").click()
    expect(anne.page.get_by_text("2026-00003 : enregistré.")).to_be_visible()
    assert file_of(served_cast, "2026-00003")["next_action"] == "Commander l'ampoule"

    julie.save("1 ligne")
    julie.page.get_by_role("button", name="Garder l’autre").click()
    expect(julie.page.get_by_text("2026-00003 : l’autre valeur est gardée.")).to_be_visible()
    julie.shows("2026-00003", NEXT, "Commander l'ampoule")
    assert file_of(served_cast, "2026-00003")["next_action"] == "Commander l'ampoule"


@pytest.mark.long
def test_after_a_revoked_session_save_writes_nothing_and_what_was_typed_comes_back(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    grid = seated(person, served)
    grid.type(grid.row("2026-00003"), NEXT, "Passer mardi")
    expect(grid.page.get_by_text("Brouillon conservé")).to_be_visible()
    with served_cast.house.store.writing() as tx:
        sessions.end_all(tx, served_cast.accounts["secretary"], clock())
    grid.save("1 ligne")
    expect(grid.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    assert file_of(served_cast, "2026-00003")["next_action"] is None
    grid.someone.sign_in(CAST["secretary"].email, PASSWORD)
    expect(grid.page).to_have_url(f"{served.url}/file")
    grid.shows("2026-00003", NEXT, "Passer mardi")
    begun = drafts.recall(served_cast.visit("secretary", BEFORE), file_of(served_cast, "2026-00003")["id"])
    assert begun[NEXT_FIELD].value == "Passer mardi"
