"""Every screen and what opens on it: readable by all, in French, without a word to any outside address."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jobs.__main__ import main as jobs
from tests.browser.reading import english, overflows, serious
from tests.browser.served import DURING
from tests.cast import CAST, PASSWORD, Cast
from tests.door.serving import Clock, Door, Sitter, still

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]
TALL = 3_000  # pixels: axe judges only what is in sight
SCREENS = (
    "/nouvelle-demande", "/file", "/dossier", "/dossier?numero=2026-00002", "/responsables", "/listes",
    "/listes?vue=dates", "/listes?vue=envois", "/listes?vue=apercu", "/courriels",
)  # fmt: skip


@pytest.fixture
def november(
    served_cast: Cast, served: Door, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Door]:
    """The town on the day of November's RNC, its lists sent."""
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{tmp_path / 'guichet.db'}")
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUICHET_MAIL_DIR", str(tmp_path / "courriels"))
    assert jobs(("tick", "--now", "2026-11-23T08:05")) == 0
    clock.at = DURING
    yield served


def test_every_screen_and_what_opens_on_it_is_readable_by_all_and_in_french(
    november: Door, person: Sit
) -> None:
    someone = person(november, CAST["technician"].email, PASSWORD, viewport={"width": 1280, "height": TALL})
    page = someone.page
    for address, openings in OPENED.items():
        someone.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        _reads_well(page, address)
        for what, opened in openings.items():
            opened(page)
            someone.ready()
            _reads_well(page, f"{address}, {what}")
            page.keyboard.press("Escape")
    assert not someone.outside
    assert not someone.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_fits_a_telephone(november: Door, person: Sit, scheme: str) -> None:
    someone = person(
        november, CAST["technician"].email, PASSWORD,
        viewport={"width": 390, "height": TALL}, color_scheme=scheme,
    )  # fmt: skip
    for address in SCREENS:
        someone.goto(address)
        expect(someone.page.get_by_role("heading", level=1)).to_be_visible()
        assert not overflows(someone.page), address
        assert not serious(someone.page), address
    assert not someone.outside


def _reads_well(page: Page, where: str) -> None:
    assert not page.get_by_text("Un problème imprévu est survenu").count(), where
    assert not english(page), where
    assert not serious(page), where


def _refusal(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer la demande").click()
    expect(page.get_by_text("Rien n’a été enregistré")).to_be_visible()


def _menu(label: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.get_by_role("combobox", name=label, exact=True).press("ArrowDown")
        expect(page.get_by_role("option").first).to_be_visible()

    return opened


def _no_result(page: Page) -> None:
    page.get_by_label("Catégorie", exact=True).press_sequentially("zzzz")
    expect(page.get_by_text(re.compile("Aucun (choix|résultat)")).first).to_be_visible()


def _calendar(page: Page) -> None:
    page.get_by_role("button", name="Choisir la date").first.click()
    expect(page.get_by_role("grid").or_(page.locator("[data-baseweb=calendar]")).first).to_be_visible()


def _earlier(page: Page) -> None:
    page.get_by_text("Reçue plus tôt").click()
    expect(page.get_by_label("Reçue le").first).to_be_visible()
    _calendar(page)


def _why(page: Page) -> None:
    page.get_by_role("button", name="Pourquoi ?").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()


def _gesture(name: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()
        expect(page.locator("[class*='st-key-do-'] button").first).to_be_visible()

    return opened


def _search(text: str, answer: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.get_by_role("searchbox").first.fill(text)
        expect(page.get_by_text(answer).first).to_be_visible()

    return opened


def _unfold(page: Page) -> None:
    page.get_by_test_id("stExpander").first.locator("summary").click()
    still(page)


def _mail(page: Page) -> None:
    _unfold(page)
    page.get_by_text("Voir le courriel comme son lecteur").first.click()
    expect(page.frame_locator("iframe").first.get_by_text("Bonjour").first).to_be_visible()


def _sending(page: Page) -> None:
    _unfold(page)
    page.get_by_role("button", name="Renvoyer").first.click()
    expect(page.get_by_text("sera inscrit comme un renvoi")).to_be_visible()


def _preview(page: Page) -> None:
    expect(page.frame_locator("iframe").get_by_text("Requêtes non complétées").first).to_be_visible()


# What opens on each screen, in words, and how.
OPENED: dict[str, dict[str, Callable[[Page], None]]] = {
    "/nouvelle-demande": {
        "refusée": _refusal,
        "un choix": _menu("Nature"),
        "un choix sans résultat": _no_result,
        "reçue plus tôt": _earlier,
    },
    "/file": {"un choix": _menu("Catégorie"), "rien trouvé": _search("zzzz", "Aucun dossier")},
    "/dossier": {
        "rien trouvé": _search("zzzz", "Aucun dossier ne correspond"),
        "trouvé": _search("Érables", "2026-00003"),
    },
    "/dossier?numero=2026-00002": {
        "pourquoi": _why,
        "fermer": _gesture("Remettre pour fermeture"),
        "corriger": _gesture("Corriger la demande"),
        "annuler": _gesture("Annuler"),
    },
    "/responsables": {"une date": _calendar, "un choix": _menu("Service")},
    "/listes": {"le détail": _unfold},
    "/listes?vue=dates": {"pourquoi": _why},
    "/listes?vue=envois": {"un envoi": _sending},
    "/listes?vue=apercu": {"un aperçu": _preview},
    "/courriels": {"un courriel": _mail, "un choix": _menu("Sorte")},
}
