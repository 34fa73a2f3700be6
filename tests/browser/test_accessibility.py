"""Every screen and what opens on it: readable by all, in French, without a word to any outside address."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config.demonstration import Account, accounts
from config.letters import environment
from desk import demo
from desk.house import House
from door import beginnings
from door.files import DOWNLOADS
from jobs.__main__ import main as jobs
from sync.store import Store
from tests.browser.crawl import PHONE, TALL, WIDE, Crawl
from tests.browser.reading import english, overflows, serious
from tests.browser.served import DURING
from tests.cast import CAST, PASSWORD, Cast
from tests.door.serving import Clock, Door, Sitter, serve, still
from tests.keys import KEYS

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]
EVERY_DAY = ("/nouvelle-demande", "/file", "/dossier?numero=2026-00002")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """The demonstration town, where every screen has something to show; put in place once."""
    path = tmp_path_factory.mktemp("demonstration") / "guichet.db"
    shutil.copy(sqlite_template, path)
    house = House(
        Store.open(f"sqlite:///{path}", KEYS), environment(), "http://localhost", "guichet@prevost.test"
    )
    demo.put_in_place(house, beginnings.scenery(), DURING)
    yield house
    house.store.close()


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


def test_the_screens_of_every_day_are_readable_by_all_in_french_and_fit_a_telephone(
    served: Door, person: Sit
) -> None:
    someone = person(served, CAST["technician"].email, PASSWORD, viewport={"width": WIDE, "height": TALL})
    for address in EVERY_DAY:
        someone.goto(address)
        expect(someone.page.get_by_role("heading", level=1)).to_be_visible()
        _reads_well(someone.page, address)
        someone.page.set_viewport_size({"width": PHONE, "height": TALL})
        someone.ready()
        assert not overflows(someone.page), address
        someone.page.set_viewport_size({"width": WIDE, "height": TALL})
    assert not someone.outside


@pytest.mark.long
@pytest.mark.parametrize("account", accounts(), ids=lambda account: account.roles[0])
def test_all_that_one_can_come_to_is_readable_by_all_in_french_and_fits(
    demonstration: House, clock: Clock, person: Sit, account: Account
) -> None:
    clock.at = DURING
    with serve(demonstration, clock, downloads=DOWNLOADS, glance=600) as door:
        someone = person(door, account.email, account.password, viewport={"width": WIDE, "height": TALL})
        crawl = Crawl(someone)
        crawl.walk()
        assert not crawl.troubles, "\n".join(crawl.troubles)
        assert not someone.outside
        assert not someone.complaints


@pytest.mark.long
def test_every_screen_and_what_opens_on_it_is_readable_by_all_and_in_french(
    november: Door, person: Sit
) -> None:
    someone = person(november, CAST["technician"].email, PASSWORD, viewport={"width": WIDE, "height": TALL})
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
