"""The answers to the RNC given in the grid, without opening a file (P §4.2.3, R-22)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from policy.words import Answer, State, WaitReason
from sync.store import Row
from tests.browser.grid import Grid
from tests.browser.served import DURING, file_of
from tests.cast import CAST, PASSWORD, Cast, day, moment
from tests.door.serving import Clock, Door, Sitter

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]


@pytest.mark.long
def test_from_the_day_of_the_rnc_each_file_is_answered_in_the_grid_by_annexe_as_points(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    clock.at = DURING
    someone = person(
        served, CAST["secretary"].email, PASSWORD, viewport={"width": 2900, "height": 900}, locale="fr-CA"
    )
    someone.goto("/file")
    page = someone.page
    expect(page.get_by_text("répondez d'ici le lundi 30 novembre 2026 à 16 h 30")).to_be_visible()
    page.get_by_text("RNC à répondre (6)").click()
    expect(page).to_have_url(f"{served.url}/file?voir=repondre")
    grid = Grid(someone)
    grid.has(*(f"2026-0000{n}" for n in range(1, 7)))

    grid.type(1, "Réponse", "Complétée")
    grid.type(1, "Code d'intervention", "238", sent=served_cast.codes["238"])
    grid.type(1, "Effectuée le", "2026-11-20")
    grid.type(1, "Numéro de poste", "2310")
    grid.type(2, "Réponse", "En attente")
    grid.type(3, "Réponse", "Action à venir")
    grid.type(3, "Prochaine action", "Passer avec la nacelle")
    grid.save("3 lignes")
    refusals = page.get_by_role("alert").filter(has_text="n’est pas enregistré")
    expect(refusals).to_have_count(2)
    expect(refusals.first).to_contain_text("annexe A, point 4")
    expect(refusals.last).to_contain_text("choisissez le motif d'attente")
    assert _answers(served_cast) == {"2026-00004": Answer.ACTION}

    grid.type(1, "Note interne", "Ampoule remplacée, circuit vérifié.")
    grid.type(2, "Motif d'attente", "Pièces ou matériel")
    grid.save("2 lignes")
    expect(page.get_by_text("2 lignes enregistrées.")).to_be_visible()
    assert _answers(served_cast) == {
        "2026-00002": Answer.COMPLETED,
        "2026-00003": Answer.WAITING,
        "2026-00004": Answer.ACTION,
    }
    done, waiting = file_of(served_cast, "2026-00002"), file_of(served_cast, "2026-00003")
    assert (done["state"], done["done_on"]) == (State.DONE, day("Fri 2026-11-20"))
    assert (waiting["state"], waiting["wait_reason"]) == (State.WAITING, WaitReason.PARTS)

    grid.shows("2026-00002", "État", "Complétée")  # what was just answered stays in sight
    page.get_by_role("button", name="Actualiser").click()
    grid.has("2026-00001", "2026-00005", "2026-00006")
    expect(page.get_by_text("RNC à répondre (3)")).to_be_visible()


@pytest.mark.long
def test_after_the_closing_time_of_the_last_working_day_no_answer_is_taken_and_none_is_lost(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    clock.at = moment("Mon 2026-11-30 16:20")
    someone = person(served, CAST["secretary"].email, PASSWORD, viewport={"width": 2900, "height": 900})
    someone.goto("/file")
    grid = Grid(someone)
    grid.type(grid.row("2026-00003"), "Réponse", "Action à venir")
    clock.at = moment("Mon 2026-11-30 16:31")
    grid.save("1 ligne")
    expect(someone.page.get_by_role("alert").filter(has_text="Aucune réponse n'est attendue")).to_be_visible()
    assert _answers(served_cast) == {}
    someone.page.get_by_text("Tapé et pas encore enregistré").click()
    expect(someone.page.get_by_text("2026-00003 — Réponse RNC : — → Action à venir")).to_be_visible()


def _answers(cast: Cast) -> dict[str, Answer]:
    with cast.house.store.reading() as tx:
        rows: list[Row] = tx.find("answers", month="2026-11")
        return {_number(cast, row["file"]): row["answer"] for row in rows}


def _number(cast: Cast, file: str) -> str:
    with cast.house.store.reading() as tx:
        found = tx.get("files", file)
    assert found is not None
    return str(found["number"])
