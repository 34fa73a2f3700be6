"""The life of a request told by who lives it: it waits, goes astray, comes back, is complex (R-12b-R-14)."""

import pytest
from playwright.sync_api import expect

from policy.words import State
from tests.browser.living import (
    Sit,
    fill,
    gesture,
    kept_to_themselves,
    popped,
    refused,
    seat,
    unfold,
)
from tests.browser.served import file_of
from tests.cast import Cast
from tests.cast import day as a_day
from tests.desk.filing import BY, TEN
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROUTED, TAKEN = "2026-00001", "2026-00003"


def make(someone: Sitter, move: str) -> None:
    """The button of the gesture chosen."""
    someone.page.locator(f".st-key-do-{move} button").click()
    someone.ready()


def test_a_closed_file_is_reopened_with_a_reason_and_keeps_its_first_closing(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    over = {"state": State.DONE, "open": False, "completed_at": TEN, "closed_at": TEN, "first_closed_at": TEN}
    with served_cast.house.store.writing() as tx:
        tx.update("files", file_of(served_cast, TAKEN)["id"], over, BY)
    julie = seat(person, served, "secretary", f"/dossier?numero={TAKEN}")
    gesture(julie, "Rouvrir")
    make(julie, "REOPEN")
    refused(julie, "Écrivez le motif.", "R-13")
    fill(julie, "Pourquoi la rouvrir ?", "La lumière clignote encore.")
    make(julie, "REOPEN")
    expect(
        julie.page.get_by_text(f"Dossier {TAKEN} rouvert : sa cible est comptée à nouveau.")
    ).to_be_visible()
    file = file_of(served_cast, TAKEN)
    assert (file["state"], file["first_closed_at"], file["closed_at"]) == (State.TAKEN, TEN, None)
    assert file["target_on"] == a_day("Fri 2026-12-04")  # ten working days after Friday the 20th
    why = popped(julie, "Pourquoi ?")
    expect(why.get_by_text("vendredi 20 novembre 2026").first).to_be_visible()
    kept_to_themselves(julie)


def test_a_complex_case_is_brought_to_the_director_and_stays_where_it_is(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    julie = seat(person, served, "secretary", f"/dossier?numero={TAKEN}")
    gesture(julie, "Signaler un cas complexe")
    make(julie, "ESCALATE")
    refused(julie, "Écrivez le motif.", "R-13")
    fill(julie, "Qu’est-ce qui rend le cas complexe ?", "Trois services et un avocat.")
    make(julie, "ESCALATE")
    expect(julie.page.get_by_text("signalé au directeur comme cas complexe")).to_be_visible()
    why = unfold(julie, "Pourquoi pas les autres gestes ?")
    expect(why.get_by_text("Ce dossier est déjà signalé comme cas complexe.")).to_be_visible()
    denis = seat(person, served, "director", "/aujourdhui")
    link = denis.page.get_by_role("link", name="1 cas complexe porté à votre attention")
    denis.goto(link.get_attribute("href") or "")
    expect(denis.page.get_by_text("1 dossier", exact=False).first).to_be_visible()
    denis.goto(f"/dossier?numero={TAKEN}")
    expect(denis.page.get_by_text("Trois services et un avocat.").first).to_be_visible()
    file = file_of(served_cast, TAKEN)
    assert (file["complex"], file["state"]) == (True, State.TAKEN)
    luc = seat(person, served, "technician", "/aujourdhui")
    expect(luc.page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    kept_to_themselves(julie, denis, luc)
