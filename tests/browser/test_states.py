"""The life of a request told by who lives it: it waits, goes astray, comes back, is complex (R-12b-R-14)."""

import pytest
from playwright.sync_api import expect

from policy.words import State, WaitReason
from tests.browser.living import (
    Sit,
    day,
    fill,
    gesture,
    kept_to_themselves,
    popped,
    press,
    refused,
    seat,
    unfold,
)
from tests.browser.reading import english, serious
from tests.browser.served import BEFORE, file_of
from tests.cast import Cast, moment
from tests.cast import day as a_day
from tests.desk.demands import MARIE, opened
from tests.desk.filing import BY, TEN, kept
from tests.desk.paper import paper
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

ROUTED, TAKEN = "2026-00001", "2026-00003"


def make(someone: Sitter, move: str) -> None:
    """The button of the gesture chosen."""
    someone.page.locator(f".st-key-do-{move} button").click()
    someone.ready()


def test_a_wait_has_its_reason_and_the_target_moves_by_its_working_days_and_says_why(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    before = file_of(served_cast, TAKEN)["target_on"]
    julie = seat(person, served, "secretary", f"/dossier?numero={TAKEN}")
    gesture(julie, "Mettre en attente")
    make(julie, "PAUSE")
    refused(julie, "Choisissez le motif d'attente", "P §4.2.3")
    reason = julie.page.get_by_role("combobox", name="Motif d’attente")
    reason.click()
    julie.page.get_by_role("option", name="Autre", exact=True).click()
    expect(reason).to_have_value("Autre")
    julie.ready()
    make(julie, "PAUSE")
    refused(julie, "Motif « Autre » : précisez ce qu'on attend.", "P §4.2.3")
    assert kept(served_cast, "pauses") == []
    fill(julie, "Précision", "La nacelle est au garage.")
    julie.page.locator(".st-key-do-PAUSE button").dblclick()
    expect(julie.page.get_by_text(f"Dossier {TAKEN} en attente : sa cible est suspendue.")).to_be_visible()
    file = file_of(served_cast, TAKEN)
    assert (file["state"], file["wait_reason"]) == (State.WAITING, WaitReason.OTHER)
    assert file["target_on"] == before, "a pause that lasts moves nothing yet"

    clock.at = moment("Wed 2026-11-25 10:00")
    again = seat(person, served, "secretary", f"/dossier?numero={TAKEN}")
    gesture(again, "Reprendre")
    make(again, "RESUME")
    expect(again.page.get_by_text(f"Dossier {TAKEN} repris.")).to_be_visible()
    # Fri 20, Mon 23, Tue 24 waited; the day it is taken up again counts
    assert (before, file_of(served_cast, TAKEN)["target_on"]) == (
        a_day("Mon 2026-11-30"),
        a_day("Thu 2026-12-03"),
    )
    expect(again.page.get_by_text("jeudi 3 décembre 2026").first).to_be_visible()
    why = popped(again, "Pourquoi ?")
    expect(why.get_by_text("En attente pendant 3 jours ouvrés, ajoutés au délai.")).to_be_visible()
    expect(why.get_by_text("Articles : P §4.1")).to_be_visible()
    assert not serious(again.page) and not english(again.page)
    kept_to_themselves(julie, again)


def test_a_file_gone_astray_goes_back_with_its_reason_and_its_first_department_sees_it_no_more(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    julie = seat(person, served, "secretary", f"/dossier?numero={ROUTED}")
    gesture(julie, "Signaler « mal acheminée »")
    make(julie, "RETURN")
    refused(julie, "Écrivez le motif.", "R-13")
    fill(julie, "Pourquoi est-elle mal acheminée ?", "C'est une enseigne privée.")
    make(julie, "RETURN")
    expect(julie.page.get_by_text("Dossier introuvable.").first).to_be_visible()
    file = file_of(served_cast, ROUTED)
    assert (file["state"], file["department"]) == (State.NEW, None)

    luc = seat(person, served, "technician", f"/dossier?numero={ROUTED}")
    expect(luc.page.get_by_text("C'est une enseigne privée.").first).to_be_visible()
    gesture(luc, "Acheminer")
    make(luc, "ROUTE")
    refused(luc, "Choisissez un service", "P §4.1")
    luc.choose("Service", "Urbanisme")
    make(luc, "ROUTE")
    expect(luc.page.get_by_text(f"Dossier {ROUTED} acheminé : Urbanisme.")).to_be_visible()
    nadia = seat(person, served, "planner", f"/dossier?numero={ROUTED}")
    expect(nadia.page.get_by_role("heading", name=f"Dossier {ROUTED}")).to_be_visible()
    assert file_of(served_cast, ROUTED)["department"] == served_cast.departments["Urbanisme"]
    kept_to_themselves(julie, luc, nadia)


def test_a_date_already_past_is_no_plan_and_what_cannot_be_done_says_why(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    julie = seat(person, served, "secretary", f"/dossier?numero={TAKEN}")
    gesture(julie, "Planifier")
    make(julie, "PLAN")
    refused(julie, "Inscrivez la date prévue de l'intervention.", "annexe A, point 2")
    day(julie, "Date prévue de l’intervention", "2026-11-19")
    make(julie, "PLAN")
    refused(julie, "La date prévue (jeudi 19 novembre 2026) est déjà passée.", "annexe A, point 2")
    julie.goto(f"/dossier?numero={TAKEN}")  # found again, to be corrected
    gesture(julie, "Planifier")
    day(julie, "Date prévue de l’intervention", "2026-11-24")
    make(julie, "PLAN")
    expect(julie.page.get_by_text(f"Dossier {TAKEN} planifié.")).to_be_visible()
    why = unfold(julie, "Pourquoi pas les autres gestes ?")
    for words in (
        "Seul le service aux citoyens annule un dossier.",
        "Le service a déjà pris ce dossier en charge",
        "Ce dossier est encore ouvert : il n'y a rien à rouvrir.",
        "Ce dossier n'est pas en attente : il n'y a rien à reprendre.",
    ):
        expect(why.get_by_text(words)).to_be_visible()
    expect(why.get_by_text("(P §4.1)").first).to_be_visible()
    luc = seat(person, served, "technician", f"/dossier?numero={ROUTED}")
    why = unfold(luc, "Pourquoi pas les autres gestes ?")
    expect(why.get_by_text("Ce service ferme lui-même ses dossiers.")).to_be_visible()
    expect(why.get_by_text("C'est le service qui signale « mal acheminée ».")).to_be_visible()
    assert file_of(served_cast, TAKEN)["planned_on"] == a_day("Tue 2026-11-24")
    kept_to_themselves(julie, luc)


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


def test_the_crew_s_work_order_says_where_and_what_and_nothing_of_who_asked(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = opened(served_cast, at=BEFORE).number
    julie = seat(person, served, "secretary", f"/dossier?numero={number}")
    expect(julie.page.get_by_text(MARIE.name).locator("visible=true").first).to_be_visible()
    link = julie.page.get_by_role("link", name="Bon de travail").get_attribute("href") or ""
    words = paper(julie.page.request.get(link).body()).words
    assert number in words and "88 rue Principale" in words and "nid-de-poule" in words
    for said in (MARIE.name, "555-0199", MARIE.email, "1234", "Érablière"):
        assert said not in words
    julie.goto("/file")
    part = unfold(julie, "Imprimer des bons de travail")
    for each in (number, TAKEN):
        julie.choose("Dossiers à imprimer", each)
        julie.page.keyboard.press("Escape")
    both = part.get_by_role("link", name="Imprimer 2 bons").get_attribute("href") or ""
    printed = paper(julie.page.request.get(both).body())
    assert printed.pages == 2 and MARIE.name not in printed.words
    nadia = seat(person, served, "planner")
    answer = nadia.context.request.get(f"{served.url}{link}")
    assert answer.status in (403, 404) and "introuvable" in answer.text()
    with served.client() as nobody:
        assert nobody.get(link).status_code == 303
    luc = seat(person, served, "technician", f"/dossier?numero={number}")
    gesture(luc, "Annuler")
    press(luc, "Annuler")
    refused(luc, "Écrivez le motif.", "R-13")
    fill(luc, "Pourquoi l’annuler ?", "Appelée deux fois.")
    press(luc, "Annuler")
    expect(luc.page.get_by_text(f"Dossier {number} annulé.")).to_be_visible()
    gone = julie.context.request.get(f"{served.url}{link}")
    assert gone.status == 403 and "dossier fermé ou annulé" in gone.text()
    assert file_of(served_cast, number)["state"] is State.CANCELLED
    kept_to_themselves(julie, nadia, luc)
