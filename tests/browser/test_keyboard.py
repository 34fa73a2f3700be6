"""The main job without a mouse: from the sign-in page to a closed file, by the keyboard alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from policy.words import State
from tests.browser.keyboard import Hands
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
FACTS = "Un nid-de-poule a crevé mon pneu."


def test_without_a_mouse_a_call_is_entered_by_one_and_its_file_closed_by_another(
    served: Door, served_cast: Cast, clock: Clock, person: Sit
) -> None:
    hands = Hands(person(served))
    hands.page.goto("/")
    _signed_in(hands, CAST["technician"].email)
    number = _entered(hands)
    _signed_out(hands)
    clock.advance(timedelta(minutes=20))
    _signed_in(hands, CAST["secretary"].email)
    with _found(hands, number) as at_the_file:
        _worked_on(at_the_file, served_cast, number)
        _closed(at_the_file)
    file = file_of(served_cast, number)
    assert (file["state"], file["facts"]) == (State.DONE, FACTS)
    assert file["note"] == "Asphalte froid, 2 sacs."
    assert hands.never_clicked(hands.page)


def _signed_in(hands: Hands, email: str) -> None:
    """Past a password that is not theirs."""
    assert hands.name == "Courriel"  # where one begins
    hands.type(email)
    hands.type("un autre mot de passe", into="Mot de passe")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("alert")).to_be_visible()
    assert hands.name == "Mot de passe"  # the address stays
    hands.type(PASSWORD)
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("heading", name="Aujourd’hui", level=1)).to_be_visible()
    hands.someone.ready()


def _signed_out(hands: Hands) -> None:
    hands.to("Fermer la session")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()


def _entered(hands: Hands) -> str:
    """The technician types in the order of the call; refused while its facts are missing; the number."""
    page = hands.page
    hands.to("Nouvelle demande")
    hands.press("Enter", "Nouvelle demande")
    expect(page.get_by_role("heading", name="Nouvelle demande", level=1)).to_be_focused()  # past the menu
    hands.type("Rose Lemieux", into="Nom et prénom")
    hands.type("450 555-0188", into="Téléphone")
    hands.type("rose@exemple.test", into="Courriel")
    hands.choose("Catégorie", "Nid-de-poule")
    expect(page.locator(".st-key-nd-promise").get_by_text("vendredi 27 novembre 2026")).to_be_visible()
    hands.type("12", into="Numéro civique du lieu")
    hands.type("rue de la Station", into="Rue ou lieu")
    hands.press("Control+Enter", "Rien n’a été enregistré.*faits")  # out of sight below: one is led to it
    hands.type(FACTS, into="Exposé des faits", back=True)
    hands.to("Enregistrer la demande")
    told = hands.press("Enter", "Numéro à donner à la personne")
    return told.removeprefix("Numéro à donner à la personne").strip()


def _found(hands: Hands, number: str) -> AbstractContextManager[Hands]:
    """By its number, from the menu; it opens in a tab of its own."""
    hands.to("Dossier")
    hands.press("Enter", "Dossier")
    expect(hands.page.get_by_role("heading", name="Dossier", level=1)).to_be_focused()
    hands.type(number, into="Numéro, nom, téléphone")
    expect(hands.page.get_by_role("link", name=number)).to_be_visible()
    hands.to(number)
    return hands.new_tab()


def _worked_on(hands: Hands, cast: Cast, number: str) -> None:
    """Taken in charge, then planned."""
    hands.arrived()
    hands.gesture("Prendre en charge")
    hands.to("Prendre en charge")
    hands.press("Enter", f"Dossier {number} pris en charge.")
    assert file_of(cast, number)["state"] is State.TAKEN
    hands.gesture("Planifier")
    hands.to("année, Date prévue")
    hands.page.keyboard.type("20261125")
    hands.to("Planifier")
    hands.press("Enter", f"Dossier {number} planifié.")
    assert file_of(cast, number)["state"] is State.PLANNED


def _closed(hands: Hands) -> None:
    """Annexe A: refused while the note is missing, then closed."""
    hands.gesture("Fermer")
    hands.type("Bonjour, le nid-de-poule est réparé.", into="5. Information")
    hands.to("Fermer")
    hands.press("Enter", "Fermer")
    refusal = hands.page.get_by_role("alert").filter(has_text="annexe A, point 4")
    expect(refusal).to_be_in_viewport()
    hands.type("Asphalte froid, 2 sacs.", into="4. Note", back=True)
    hands.to("Fermer")
    hands.press("Enter", r"Dossier 2026-\d{5} fermé\.")
