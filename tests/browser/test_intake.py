"""A call in a real browser: by keyboard alone, twice at once, cut in the middle, with what nobody expects."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk import sessions
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.filing import kept
from tests.desk.paper import paper
from tests.door.serving import Clock, Door, Sitter

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]
DESK = CAST["technician"].email


def number_of(page: Page) -> str:
    """The number just given."""
    shown = page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*2026-\d{5}\s*$"))
    return shown.inner_text().strip()


def facts(page: Page) -> str:
    """What stands in the field of the facts."""
    return page.get_by_label("Exposé des faits").input_value()


def test_a_call_is_entered_by_keyboard_alone_in_the_order_of_the_call(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    page = person(served, DESK, PASSWORD, at="/nouvelle-demande").page
    page.get_by_label("Nom et prénom").focus()
    press, tell = page.keyboard.press, page.keyboard.type
    for words in ("Rose Lemieux", "450 555-0188", "rose@exemple.test"):
        tell(words)
        press("Tab")
    expect(page.get_by_label("Numéro civique", exact=True)).to_be_focused()
    for _ in range(4):  # civic number, street, town, postal code: not asked of her
        press("Tab")
    expect(page.get_by_label("Nature")).to_be_focused()
    press("Tab")
    press("Tab")
    expect(page.get_by_label("Catégorie")).to_be_focused()
    tell("nid-de")
    expect(page.get_by_role("option", name="Nid-de-poule")).to_be_visible()
    press("Enter")
    expect(page.locator(".st-key-nd-promise").get_by_text("Travaux publics")).to_be_visible()
    for _ in range(6):
        if page.get_by_label("Numéro civique du lieu").evaluate("field => field === document.activeElement"):
            break
        press("Tab")
    for words in ("12", "rue de la Station"):
        tell(words)
        press("Tab")
    press("Tab")
    press("Tab")
    expect(page.get_by_label("Exposé des faits")).to_be_focused()
    tell("Un nid-de-poule a crevé mon pneu.")
    press("Control+Enter")
    file = file_of(served_cast, number_of(page))
    assert (file["civic"], file["street"]) == ("12", "rue de la Station")
    assert file["facts"] == "Un nid-de-poule a crevé mon pneu."
    (citizen,) = kept(served_cast, "citizens")
    assert (citizen["name"], citizen["phone"]) == ("Rose Lemieux", "450 555-0188")


def test_an_empty_form_and_a_hundred_thousand_signs_are_refused_and_nothing_is_lost(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    page = person(served, DESK, PASSWORD, at="/nouvelle-demande").page
    save = page.get_by_role("button", name="Enregistrer la demande")
    save.click()
    expect(page.get_by_role("alert").filter(has_text="Écrivez l'exposé des faits.")).to_be_visible()
    before = len(kept(served_cast, "files"))
    long = "Trou 🕳️ devant l'église. " * 4_200
    assert len(long) > 100_000
    page.get_by_label("Exposé des faits").fill(long)
    page.get_by_label("Téléphone").fill("pas un numéro ☎️")
    save.click()
    refusal = page.get_by_role("alert").filter(has_text="le maximum est 20000")
    expect(refusal).to_be_visible()
    expect(refusal.get_by_text("n'est pas un numéro de téléphone")).to_be_visible()
    assert facts(page) == long
    expect(page.get_by_label("Téléphone")).to_have_value("pas un numéro ☎️")
    page.reload()
    expect(page.get_by_label("Téléphone")).to_have_value("pas un numéro ☎️")
    assert facts(page) == long
    assert len(kept(served_cast, "files")) == before


@pytest.mark.long
def test_two_tabs_are_two_calls_and_a_look_at_another_screen_loses_nothing(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = person(served, DESK, PASSWORD, at="/nouvelle-demande")
    first, second = someone.page, someone.context.new_page()
    second.goto("/nouvelle-demande")
    first.get_by_label("Exposé des faits").fill("Un arbre tombé")
    second.get_by_label("Exposé des faits").fill("Un chien errant")
    for page in (first, second):
        page.keyboard.press("Tab")
        expect(page.get_by_text("Brouillon conservé")).to_be_visible()
    first.get_by_role("link", name="Responsables").click()
    expect(first.get_by_role("heading", name="Responsables", level=1)).to_be_visible()
    first.get_by_role("link", name="Nouvelle demande").click()
    expect(first.get_by_label("Exposé des faits")).to_have_value("Un arbre tombé")
    expect(second.get_by_label("Exposé des faits")).to_have_value("Un chien errant")


@pytest.mark.long
def test_a_call_cut_by_the_end_of_the_session_is_there_after_signing_in(
    served: Door, served_cast: Cast, clock: Clock, person: Sit
) -> None:
    someone = person(served, DESK, PASSWORD, at="/nouvelle-demande")
    page = someone.page
    page.get_by_label("Exposé des faits").fill("Un arbre tombé")
    page.get_by_label("Nom et prénom").fill("Rose Lemieux")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Brouillon conservé")).to_be_visible()
    token = next(each["value"] for each in someone.context.cookies() if each["name"] == served.cookie)
    sessions.sign_out(served.house, token, clock())
    page.get_by_label("Téléphone").fill("450 555-0188")
    page.get_by_role("button", name="Enregistrer la demande").click()
    expect(page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    someone.sign_in(DESK, PASSWORD)
    expect(page.get_by_label("Exposé des faits")).to_have_value("Un arbre tombé")
    expect(page.get_by_label("Nom et prénom")).to_have_value("Rose Lemieux")
    other = person(served, DESK, PASSWORD, at="/nouvelle-demande")  # and at another post
    other.page.get_by_role("button", name=re.compile("Reprendre la demande commencée à 9 h")).click()
    expect(other.page.get_by_label("Exposé des faits")).to_have_value("Un arbre tombé")
    assert not kept(served_cast, "citizens")


def test_a_second_click_opens_one_file_and_the_acknowledgement_can_be_printed(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = person(served, DESK, PASSWORD, at="/nouvelle-demande")
    page = someone.page
    before = len(kept(served_cast, "files"))
    page.get_by_label("Nom et prénom").fill("Rose Lemieux")
    page.get_by_label("Téléphone").fill("450 555-0188")
    someone.choose("Catégorie", "Nid-de-poule")
    page.get_by_label("Exposé des faits").fill("Un trou")
    page.get_by_role("button", name="Enregistrer la demande").dblclick()
    number = number_of(page)
    assert len(kept(served_cast, "files")) == before + 1
    expect(page.get_by_text("la personne est à rappeler")).to_be_visible()
    link = page.get_by_role("link", name="Accusé de réception à imprimer").get_attribute("href")
    words = paper(someone.context.request.get(f"{served.url}{link}").body()).words
    assert number in words and "Travaux publics" in words and "Rose Lemieux" in words
    page.get_by_role("button", name="Une autre pour la même personne").click()
    expect(page.get_by_label("Téléphone")).to_have_value("450 555-0188")
