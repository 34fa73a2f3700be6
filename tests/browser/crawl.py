"""All the screens one person can come to: looked at wide, in the dark on a telephone, enlarged."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from tests.browser.reading import english, overflows, serious
from tests.door.serving import Sitter, still

TALL = 3_000  # pixels: axe judges only what is in sight
WIDE, PHONE, ENLARGED = 1280, 390, 640  # the last: 1280 at 200 %
PARTS = ("vue", "table", "etape")  # what of an address says which part of a screen is drawn
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
        for folded in self.page.locator("details:not([open]) > summary").all()[:12]:
            folded.click()
        still(self.page)

    def _look(self, where: str) -> None:
        page = self.page
        if page.get_by_text("Un problème imprévu est survenu").count():
            self.troubles.append(f"{where}: a bug")
        self._note(where, "in English", english(page))
        self._note(where, "hard to read", serious(page))
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": PHONE, "height": TALL})
        self.someone.ready()
        self._note(where, "hard to read in the dark", serious(page))
        for width in (PHONE, ENLARGED):
            page.set_viewport_size({"width": width, "height": TALL})
            self.someone.ready()
            if overflows(page):
                self.troubles.append(f"{where}: scrolls sideways at {width} px")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": WIDE, "height": TALL})
        self.someone.ready()

    def _note(self, where: str, how: str, found: list[str]) -> None:
        self.troubles.extend(f"{where}: {how}: {each}" for each in found)


def _kind(address: str) -> str:
    """An address without what only says which record is shown."""
    split = urlsplit(address)
    asked = [f"{name}={value if name in PARTS else ''}" for name, value in sorted(parse_qsl(split.query))]
    return f"{split.path}?{'&'.join(asked)}"
