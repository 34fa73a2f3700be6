"""Coming in, in a real browser: the provider, a first access, a forgotten password, being away."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from desk import outbox, resets
from desk.letters import read
from desk.outbox import Parcel
from tests.browser.reading import english, overflows, serious
from tests.cast import CAST, PASSWORD, Cast
from tests.door.provider import Play, Town, serve_provider
from tests.door.serving import Clock, Door, Sitter, serve

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
DESK = CAST["technician"].email
NEW = "le lac gèle en décembre"
NAME = {"name": "Microsoft"}


@pytest.fixture
def provider(clock: Clock) -> Iterator[Town]:
    with serve_provider(clock) as town:
        yield town


@pytest.fixture
def opened(served_cast: Cast, clock: Clock, provider: Town) -> Iterator[Door]:
    """The town's door, with its provider."""
    with serve(
        served_cast.house, clock, provider=lambda url: provider.provider(url, **NAME), glance=600
    ) as door:
        yield door


def link(door: Door) -> str:
    """The address in the mail that leaves now."""
    found: list[str] = []

    class Bag:
        def carry(self, parcel: Parcel) -> None:
            found.extend(re.findall(r"/connexion/choisir\?jeton=[\w-]+", read(parcel.message)[1].text))

        def close(self) -> None:
            pass

    resets.write(door.house, DESK, door.clock())
    outbox.deliver(door.house, Bag(), door.clock, "essai", lambda _: True)
    return found[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_way_in_read_well_on_a_telephone_and_ask_nothing_outside(
    opened: Door, provider: Town, person: Sit, scheme: str
) -> None:
    provider.play = Play({"sub": "sujet-9", "email": "zoe@prevost.test", "name": "Zoé Nadeau"})
    someone = person(opened, viewport={"width": 360, "height": 900}, color_scheme=scheme)
    page = someone.page
    for address in ("/connexion?suite=/file", "/connexion/oubli", link(opened), "/connexion/choisir?jeton=x"):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not (overflows(page) or serious(page) or english(page)), address
    assert not someone.outside
    page.goto("/connexion")
    page.get_by_role("link", name="Continuer avec Microsoft").click()
    expect(page.get_by_role("heading", name="Demandez un accès")).to_be_visible()
    assert not (overflows(page) or serious(page) or english(page))
    assert all(url.startswith(f"{provider.url}/authorize?") for url in someone.outside)
    assert len(someone.outside) == 1  # the way there itself


def test_somebody_new_asks_is_given_an_account_and_comes_in_where_they_were_going(
    opened: Door, provider: Town, person: Sit
) -> None:
    provider.play = Play({"sub": "sujet-9", "email": "zoe@prevost.test", "name": "Zoé Nadeau"})
    zoe, luc = person(opened), person(opened, DESK, PASSWORD)
    zoe.page.goto("/connexion?suite=/file")
    zoe.page.get_by_role("link", name="Continuer avec Microsoft").click()
    zoe.page.get_by_label("Votre service, ce que vous y faites").fill("Travaux publics")
    zoe.page.get_by_role("button", name="Demander un accès").dblclick()
    expect(zoe.page.get_by_role("heading", name="Demande transmise")).to_be_visible()
    luc.goto("/comptes")
    expect(luc.page.get_by_text("« Travaux publics »")).to_be_visible()
    assert not serious(luc.page)
    assert not english(luc.page)
    luc.choose("Rôles", "Secrétaire")
    luc.page.keyboard.press("Escape")
    luc.choose("Services", "Travaux publics")
    luc.page.keyboard.press("Escape")
    luc.page.get_by_role("button", name="Ouvrir le compte").click()
    expect(luc.page.get_by_text("Le compte de Zoé Nadeau est ouvert.")).to_be_visible()
    zoe.page.goto("/connexion?suite=/file")
    zoe.page.get_by_role("link", name="Continuer avec Microsoft").click()
    zoe.ready()
    expect(zoe.page.get_by_role("heading", name="File du service")).to_be_visible()
    assert zoe.page.url == f"{opened.url}/file"


def test_a_forgotten_password_is_chosen_by_the_link_of_a_mail(opened: Door, person: Sit) -> None:
    someone = person(opened)
    page = someone.page
    page.goto("/connexion")
    page.get_by_role("link", name="Mot de passe oublié ?").click()
    page.get_by_label("Courriel").fill(DESK)
    page.get_by_role("button", name="Envoyer le lien").click()
    expect(page.get_by_text("Si un compte a cette adresse")).to_be_visible()
    page.goto(link(opened))
    page.get_by_label("Nouveau mot de passe").fill("motdepasse1234")
    page.get_by_label("Le même, encore une fois").fill("motdepasse1234")
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("trop facile à deviner")
    page.get_by_label("Nouveau mot de passe").fill(NEW)
    page.get_by_label("Le même, encore une fois").fill(NEW)
    page.get_by_role("button", name="Changer le mot de passe").click()
    expect(page.get_by_text("Votre mot de passe est changé.")).to_be_visible()
    someone.sign_in(DESK, NEW)
    expect(page.get_by_role("heading", name="Aujourd’hui")).to_be_visible()


def test_somebody_away_too_long_is_led_to_the_form_and_finds_what_was_begun(
    opened: Door, clock: Clock, person: Sit
) -> None:
    someone = person(opened, DESK, PASSWORD, at="/nouvelle-demande")
    page = someone.page
    page.get_by_label("Exposé des faits").fill("Un arbre tombé")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Brouillon conservé")).to_be_visible()
    clock.advance(timedelta(minutes=31))
    page.get_by_label("Téléphone", exact=True).fill("450 555-0188")
    page.keyboard.press("Tab")
    expect(page.get_by_role("heading", name="Ouvrir une session")).to_be_visible()
    someone.sign_in(DESK, PASSWORD)
    expect(page.get_by_label("Exposé des faits")).to_have_value("Un arbre tombé")
