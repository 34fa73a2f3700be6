"""All the screens one person can come to: looked at wide, in the dark on a telephone, enlarged."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from tests.browser.reading import english, overflows, serious
from tests.door.serving import Sitter

TALL = 3_000  # pixels: axe judges only what is in sight
WIDE, PHONE, ENLARGED = 1280, 390, 640  # the last: 1280 at 200 %
PARTS = ("vue", "table", "etape")  # what of an address says which part of a screen is drawn
# The same, of less.
FILTERS = ("voir", "texte", "par", "mois", "quand", "service", "categorie", "secteur", "elu")
NOT_SCREENS = re.compile(r"/(telecharger|deconnexion|connexion|porte)\b")
CHOICES = '[data-testid="stMain"] [data-testid="stButtonGroup"] [role="radio"]'
CHOOSERS = re.compile(r"st-key-(ac-which|do_gesture|li_|me_par|pl-which|rc-which|ta)")  # of parts of a screen


class Crawl:
    """One person's way through the software; ``troubles`` is what is wrong on it, one line each."""

    def __init__(self, someone: Sitter) -> None:
        self.someone, self.page = someone, someone.page
        self.seen: set[str] = set()
        self.troubles: list[str] = []

    def walk(self, *also: str) -> None:
        """Every screen of the menu, every kind of address they lead to, and these."""
        waiting = ["/", *also]
        while waiting:
            address = waiting.pop(0)
            if (kind := _kind(address)) in self.seen:
                continue
            self.seen.add(kind)
            self.someone.goto(address)
            expect(self.page.locator("h1").first).to_be_visible()
            self._unfold()
            self._look(address)
            waiting.extend(self._links())
            for part in self._parts():
                self._look(f"{address}, {part}")
                waiting.extend(self._links())

    def _links(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('a[href^=\"/\"], [data-testid=stSidebarNavLink]')]"
            ".map((link) => link.pathname + link.search)"
        )
        return [address for address in found if not NOT_SCREENS.match(address)]

    def _parts(self) -> Iterator[str]:
        """Each choice of the screen, once chosen."""
        choices = self.page.locator(CHOICES)
        for at in range(choices.count()):
            choice = choices.nth(at)
            of = choice.evaluate("(one) => one.closest('[class*=st-key-]')?.className ?? ''")
            if not CHOOSERS.search(of) or choice.get_attribute("aria-checked") == "true":
                continue
            words = choice.inner_text()
            choice.click()
            self.someone.ready()
            self._unfold()
            yield words

    def _unfold(self) -> None:
        self.page.evaluate(
            "() => [...document.querySelectorAll('details:not([open]) > summary')].slice(0, 12)"
            ".forEach((folded) => folded.click())"
        )
        self.someone.ready()

    def _look(self, where: str) -> None:
        self.troubles.extend(f"{where}: {each}" for each in look(self.someone))


def look(someone: Sitter) -> list[str]:
    """What is wrong with the screen as it stands: wide, in the dark on a telephone, and enlarged."""
    page = someone.page
    before = page.viewport_size
    found = ["a bug"] if page.get_by_text("Un problème imprévu est survenu").count() else []
    found += [f"in English: {each}" for each in english(page)]
    found += [f"hard to read: {each}" for each in serious(page)]
    page.emulate_media(color_scheme="dark")
    for width in (PHONE, ENLARGED):
        page.set_viewport_size({"width": width, "height": TALL})
        someone.ready()
        found += [f"scrolls sideways at {width} px"] if overflows(page) else []
        if width == PHONE:
            found += [f"hard to read in the dark: {each}" for each in serious(page)]
    page.emulate_media(color_scheme="light")
    if before is not None:
        page.set_viewport_size(before)
    someone.ready()
    return found


def _kind(address: str) -> str:
    """An address without what only says which record is shown, or how many."""
    split = urlsplit(address)
    asked = [
        f"{name}={value if name in PARTS else ''}"
        for name, value in sorted(parse_qsl(split.query))
        if name not in FILTERS
    ]
    return f"{split.path}?{'&'.join(asked)}"
