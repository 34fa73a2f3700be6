"""Retention lived by the clerk, who agrees, and by the desk, which reads what is left (R-80, R-81)."""

import pytest
from playwright.sync_api import Page, expect

from desk import keeping_work
from policy.keeping import KeptKind
from policy.words import State
from sync import audit
from sync.states import KeepingState
from tests.browser.living import (
    Sit,
    card,
    fill,
    gesture,
    kept_to_themselves,
    popped,
    press,
    refused,
    seat,
)
from tests.browser.reading import english, overflows, serious
from tests.browser.served import BEFORE, file_of
from tests.cast import Cast, moment
from tests.desk.demands import MARIE, opened
from tests.desk.filing import BY, TEN, kept
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

NIGHT, MORNING = moment("Mon 2032-01-12 03:00"), moment("Mon 2032-01-12 09:00")
FACTS = "Un nid-de-poule énorme"


@pytest.fixture
def old(served_cast: Cast) -> tuple[str, str]:
    """Two demands of the same day, closed five years ago and more."""
    numbers = [opened(served_cast, at=BEFORE).number for _ in range(2)]
    with served_cast.house.store.writing() as tx:
        for number in numbers:
            (file,) = tx.find("files", number=number)
            over = {"state": State.DONE, "open": False, "completed_at": TEN, "closed_at": TEN}
            tx.update("files", file["id"], over, BY)
    return numbers[0], numbers[1]


def fix_term(paul: Sitter, schedule: str) -> None:
    """The term of requests, as the municipal schedule says it."""
    page = paul.page
    page.get_by_label("Mois après la fermeture (vide : sans limite)").fill("60")
    page.get_by_label("Numéro de la règle au calendrier de conservation").fill(schedule)
    press(paul, "Fixer cette durée")


def hold(sylvie: Sitter, number: str, why: str) -> None:
    fill(sylvie, "Numéro du dossier", number)
    fill(sylvie, "Motif", why)
    press(sylvie, "Suspendre la conservation")


def says(page: Page, number: str) -> None:
    """The file that was forgotten: found by its number, and what became of it is told."""
    expect(page.get_by_role("heading", name=f"Dossier {number}")).to_be_visible()
    expect(page.get_by_text("L'horloge a rendu le dossier anonyme au terme").first).to_be_visible()
    for gone in (MARIE.name, "555-0199", FACTS):
        assert gone not in page.content()


def test_the_clerk_reads_agrees_and_the_night_leaves_an_outline_but_for_what_is_held(
    served: Door, served_cast: Cast, person: Sit, clock: Clock, old: tuple[str, str]
) -> None:
    free, held = old
    clock.at = MORNING
    keeping_work.review(served_cast.house, NIGHT)
    paul = seat(person, served, "clerk", "/conservation")
    page = paul.page
    expect(page.get_by_text("2 dossiers au terme")).to_be_visible()
    expect(page.get_by_text("jusque-là, rien ne s’accepte")).to_be_visible()
    expect(page.get_by_role("button", name="Accepter pour les dossiers cochés")).to_have_count(0)
    fix_term(paul, " ")
    refused(paul, "Inscrivez le numéro de la règle au calendrier de conservation.")
    fix_term(paul, "05-110")
    expect(page.get_by_text("5 ans après la fermeture (règle 05-110").first).to_be_visible()

    sylvie = seat(person, served, "general", "/conservation")
    hold(sylvie, "2026-99999", "Poursuite civile")
    refused(sylvie, "introuvable")
    hold(sylvie, held, "")
    refused(sylvie, "Inscrivez le motif de la suspension.", "R-81")
    hold(sylvie, held, "Poursuite civile")
    expect(sylvie.page.get_by_text(f"La conservation est suspendue : {held}.")).to_be_visible()
    expect(sylvie.page.get_by_label("Numéro du dossier", exact=True)).to_have_value("")

    paul.goto("/conservation")
    expect(page.get_by_text("Conservation suspendue").first).to_be_visible()
    expect(page.get_by_role("checkbox", name=held)).to_have_count(0)
    expect(page.get_by_role("button", name="Accepter pour les dossiers cochés (0)")).to_be_disabled()
    look = popped(paul, "Lire le dossier")
    look.get_by_text("Montrer", exact=True).click()
    expect(look.get_by_text(FACTS)).to_be_visible()
    assert MARIE.name not in page.content()
    page.keyboard.press("Escape")
    page.get_by_test_id("stCheckbox").filter(has_text=free).click()
    paul.ready()
    assert not serious(page) and not english(page) and not overflows(page)
    page.get_by_role("button", name="Accepter pour les dossiers cochés (1)").dblclick()
    expect(page.get_by_text("1 dossier accepté")).to_be_visible()
    assert file_of(served_cast, free)["citizen"] is not None, "nothing is touched by the agreement itself"

    assert keeping_work.carry_out(served_cast.house, clock) == 1
    luc = seat(person, served, "technician", f"/dossier?numero={free}")
    says(luc.page, free)
    luc.goto(f"/dossier?numero={held}")
    expect(luc.page.get_by_text(FACTS).first).to_be_visible()
    expect(luc.page.get_by_text("suspendue depuis").first).to_be_visible()
    assert "Poursuite civile" not in luc.page.content()
    row = file_of(served_cast, free)
    assert (row["number"], row["citizen"], row["street"]) == (free, None, None)
    assert file_of(served_cast, held)["citizen"] is not None
    assert {each["state"] for each in kept(served_cast, "keepings", kind=KeptKind.REQUEST)} == {
        KeepingState.DONE,
        KeepingState.DUE,
    }
    with served_cast.house.store.reading() as tx:
        assert audit.verify(tx) == [], "the chain of the history still holds"
    kept_to_themselves(paul, sylvie, luc)


def test_a_hold_is_lifted_with_a_reason_and_who_keeps_no_records_reads_nothing_there(
    served: Door, served_cast: Cast, person: Sit, clock: Clock, old: tuple[str, str]
) -> None:
    clock.at = MORNING
    keeping_work.review(served_cast.house, NIGHT)
    sylvie = seat(person, served, "general", "/conservation")
    hold(sylvie, old[0], "Poursuite civile")
    block = card(sylvie, "Suspensions de la conservation")
    lift = "Lever la suspension"
    popped(sylvie, lift, block).get_by_role("button", name="Lever", exact=True).click()
    refused(sylvie, "Inscrivez pourquoi la suspension est levée.")
    sylvie.ready()
    shown = popped(sylvie, lift, block)
    shown.get_by_label("Pourquoi").fill("Réglée hors cour")
    shown.get_by_label("Pourquoi").press("Tab")
    shown.get_by_role("button", name="Lever", exact=True).click()
    expect(sylvie.page.get_by_text(f"La suspension est levée : {old[0]}.")).to_be_visible()
    (row,) = kept(served_cast, "legal_holds")
    assert row["lifted_at"] == clock()
    people = [seat(person, served, who, "/conservation") for who in ("technician", "secretary")]
    for someone in people:  # an investigator may have a complaint there, so the screen is drawn for all
        expect(someone.page.get_by_text("Aucun dossier de votre ressort")).to_be_visible()
    people.append(seat(person, served, "director", "/conservation"))  # who keeps refusals of service
    assert not any(old[0] in someone.page.content() for someone in people)
    kept_to_themselves(sylvie, *people)


def test_every_change_of_a_file_says_who_made_it_when_and_what_it_was_before(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = opened(served_cast, at=BEFORE).number
    luc = seat(person, served, "technician", f"/dossier?numero={number}")
    gesture(luc, "Corriger la demande")
    fill(luc, "Rue ou lieu", "rue de la Station")
    press(luc, "Enregistrer")
    expect(luc.page.get_by_text(f"Dossier {number} enregistré.")).to_be_visible()
    expect(luc.page.get_by_role("radio", name="Corriger la demande")).not_to_be_checked()
    told = luc.page.get_by_test_id("stMarkdown").filter(has_text="Luc Tremblay a modifié le dossier.")
    expect(told.first).to_contain_text("20 novembre 2026")
    expect(told.first).to_contain_text("rue de la Station (avant : rue Principale)")
    assert file_of(served_cast, number)["street"] == "rue de la Station"
    kept_to_themselves(luc)
