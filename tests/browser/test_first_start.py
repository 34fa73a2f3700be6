"""The first start, in a real browser: from an empty store to the number of the first demand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.letters import environment
from desk.house import House
from door.beginnings import offers
from door.files import DOWNLOADS
from sync.store import Store
from tests.browser.crawl import look
from tests.door.serving import Clock, Door, Sitter, serve

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
CODE, WORD = "ab12", "le canot dort sous la neige"
MOST_GESTURES = 45  # clicks and fields: a few minutes of somebody who knows what to answer


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Door]:
    """A door on a store where nothing is, without a key."""
    key = tmp_path / "cles" / "privees.key"
    store = Store.open(f"sqlite:///{tmp_path / 'guichet.db'}")
    store.migrate()
    house = House(
        store, environment(), "http://localhost", "guichet@adele.test", mail_folder=tmp_path / "mails"
    )
    made = (str(key), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    house = replace(house, presets=offers(), first_key=lambda: made)
    with serve(house, Clock(), first_code=CODE, downloads=DOWNLOADS) as opened:
        yield opened
    store.close()


class Hand:
    """Counts what a person does."""

    def __init__(self, someone: Sitter) -> None:
        self.someone, self.gestures = someone, 0

    def fills(self, label: str, words: str) -> None:
        """One field typed."""
        self.gestures += 1
        self.page.get_by_label(label, exact=True).first.fill(words)

    def presses(self, name: str | re.Pattern[str]) -> None:
        """One button."""
        self.gestures += 1
        self.page.get_by_role("button", name=name).last.click()
        self.someone.ready()

    def is_at(self, title: str) -> None:
        """The step is drawn; it reads well, also in the dark on a telephone."""
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        self.someone.ready()
        assert not look(self.someone), title

    @property
    def page(self) -> Page:
        """The browser's."""
        return self.someone.page


def test_a_town_goes_from_nothing_to_its_first_demand(empty: Door, person: Sit) -> None:
    hand = Hand(person(empty))
    hand.page.goto("/")
    for label, words in (
        ("Code à usage unique", CODE), ("Nom et prénom", "Ida Nguyen"), ("Courriel", "ida@adele.test"),
        ("Mot de passe", WORD),
    ):  # fmt: skip
        hand.fills(label, words)
    hand.presses("Commencer")
    hand.is_at("1. La ville")
    hand.fills("Nom de la ville", "Ville de Sainte-Adèle")
    hand.page.get_by_text("Aucune : le minimum").click()
    hand.gestures += 1
    hand.presses(re.compile("^Continuer"))
    hand.is_at("2. Les heures")
    hand.fills("Vendredi", "midi")
    hand.presses(re.compile("^Continuer"))
    hand.is_at("3. Les services")
    hand.someone.goto("/mise-en-place?etape=verifier")  # left, and found again: what is wrong is named
    expect(hand.page.get_by_text("ne se lit pas comme des heures")).to_be_visible()
    hand.presses(re.compile("Les heures »"))
    hand.is_at("2. Les heures")
    expect(hand.page.get_by_label("Vendredi", exact=True)).to_have_value("midi")
    hand.fills("Vendredi", "8:30-12:00")
    hand.presses("5. Vérifier")
    hand.is_at("5. Vérifier")
    hand.presses("Fabriquer la clé")
    expect(hand.page.get_by_text("MDEyMzQ1Njc4OWFi")).to_be_visible()
    hand.presses(re.compile("recopiée sur papier"))
    expect(hand.page.get_by_text("MDEyMzQ1Njc4OWFi")).to_have_count(0)
    hand.presses("Mettre la ville en place")
    hand.is_at("6. Les premiers comptes")
    password = _seated(hand)
    hand.presses(re.compile("^Continuer"))
    hand.is_at("7. Votre première demande")
    expect(hand.page.get_by_role("link", name="luc@adele.test")).to_be_visible()

    desk = Hand(person(empty, "luc@adele.test", password))
    expect(desk.page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()
    number = _entered(desk)
    assert number == "2026-00001"
    assert hand.gestures + desk.gestures <= MOST_GESTURES
    hand.someone.goto("/aujourdhui")  # the town is at work: there is nothing left to put in place
    expect(hand.page.get_by_role("link", name="Mettre la ville en place")).to_have_count(0)
    assert not hand.someone.outside


def _seated(hand: Hand) -> str:
    """The technician, the director, who receives for each department; the technician's password."""
    people = (("Luc Roy", "luc@adele.test"), ("Denise Cyr", "denise@adele.test"))
    names = hand.page.get_by_label("Nom et prénom", exact=True)
    emails = hand.page.get_by_label(re.compile("^Courriel du poste"))
    for rank in (0, 1, 4, 5, 6, 7):
        name, email = people[min(rank, 1)]
        names.nth(rank).fill(name)
        emails.nth(rank).fill(email)
        emails.nth(rank).press("Tab")
        hand.someone.ready()
        hand.gestures += 2
    hand.presses("Ouvrir les comptes des postes remplis")
    told = hand.page.locator(".st-key-mp-mots-de-passe code")
    expect(told).to_contain_text("luc@adele.test")
    line = next(each for each in told.inner_text().splitlines() if "luc@" in each)
    return line.rpartition(" · ")[2].strip()


def _entered(desk: Hand) -> str:
    """One call; the number that is told."""
    desk.someone.goto("/nouvelle-demande")
    desk.fills("Nom et prénom", "Rose Lemieux")
    desk.fills("Téléphone", "450 555-0188")
    desk.someone.choose("Catégorie", "Voirie, égout, aqueduc")
    desk.fills("Rue ou lieu", "rue de la Station")
    desk.fills("Exposé des faits", "Un nid-de-poule a crevé mon pneu.")
    desk.gestures += 2
    desk.presses("Enregistrer la demande")
    shown = desk.page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*2026-\d{5}\s*$"))
    return shown.inner_text().strip()
