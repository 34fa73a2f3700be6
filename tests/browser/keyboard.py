"""A person whose hands are on the keyboard alone: never a click; where they are is always seen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, TimeoutError, expect

from tests.door.serving import Sitter

# Where the keyboard is: what it is called, whether a ring is drawn around it and is in sight.
WHERE = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const words = at.cloneNode(true);
  words.querySelectorAll('[aria-hidden="true"], kbd').forEach((one) => one.remove());
  const name = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || words.textContent || "";
  const rung = [at, at.parentElement].some((one) => {
    const drawn = getComputedStyle(one);
    return drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) >= 2;
  });
  const box = at.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name: name.trim().replace(/\\s+/g, " "), rung, seen, tag: at.tagName, value: at.value};
}"""
MOUSE = """["pointerdown", "mousedown", "touchstart"].forEach((one) =>
  addEventListener(one, () => localStorage.setItem("touched", one), true));"""
FAR = 90  # stops: more than any screen has


class Hands:
    """The hands of somebody at a browser."""

    def __init__(self, someone: Sitter) -> None:
        self.someone, self.page = someone, someone.page
        someone.context.add_init_script(MOUSE)

    @property
    def name(self) -> str:
        """What the keyboard is on, which is in sight, with a ring around it."""
        at = self.page.wait_for_function(WHERE).json_value()  # longer than a moment nowhere: an error
        assert at["rung"], f"nothing shows that the keyboard is on « {at['name']} »"
        assert at["seen"], f"« {at['name']} » is out of sight"
        return str(at["name"])

    def arrived(self) -> None:
        """At a screen just loaded: past its menu."""
        self.someone.ready()
        self.page.keyboard.press("Tab")
        assert self.name == "Aller au contenu"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.tagName") == "MAIN"

    def to(self, words: str, back: bool = False) -> None:
        """Go to what is called so: its name begins with these words."""
        stops: list[str] = []
        for _ in range(FAR):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if "" not in stops and self.page.evaluate(WHERE) is None:
                stops.append("")  # past the end of the page, once: the browser's own bar
                continue
            stops.append(self.name)
            if stops[-1].startswith(words):
                return
        raise AssertionError(f"the keyboard does not reach « {words} »: {stops}")

    def type(self, words: str, into: str = "", back: bool = False) -> None:
        """Type these words, letter by letter, where the keyboard is or in that field; all of them stay."""
        if into:
            self.to(into, back)
        field = self.page.locator(":focus").element_handle()
        self.page.keyboard.type(words)
        assert field is not None
        assert self.page.evaluate("(field) => field === document.activeElement", field), "the field went away"
        assert field.evaluate("(field) => field.value") == words

    def press(self, key: str, then: str) -> str:
        """Press a key; what the keyboard is on afterwards, called as ``then`` says (a regular expression)."""
        self.page.keyboard.press(key)
        there = f"(said) => new RegExp(said).test(({WHERE})()?.name ?? '')"
        try:
            self.page.wait_for_function(there, arg=f"^{then}")
        except TimeoutError:
            raise AssertionError(f"{key} leads to « {self.name} », not « {then} »") from None
        self.someone.ready()
        return self.name

    def choose(self, label: str, words: str) -> None:
        """Choose in a list one types in."""
        self.to(label)
        self.page.keyboard.type(words)
        expect(self.page.get_by_role("option").first).to_have_text(words)
        self.press("Enter", label)
        expect(self.page.locator(":focus")).to_have_value(words)

    def gesture(self, words: str) -> None:
        """Choose one of the gestures, in the order in which the arrows go through them."""
        gestures = self.page.get_by_test_id("stButtonGroup").get_by_role("radio")
        expect(gestures.filter(has_text=re.compile(f"^{words}$"))).to_have_count(1)
        while self.page.evaluate("document.activeElement.getAttribute('role')") != "radio":
            self.page.keyboard.press("Tab")
        for _ in range(gestures.count()):
            if self.name == words:
                break
            self.page.keyboard.press("ArrowRight")
        self.press("Space", words)
        expect(self.page.locator(":focus")).to_have_attribute("aria-checked", "true")

    @contextmanager
    def new_tab(self) -> Iterator["Hands"]:
        """What opens in a tab of its own, which the keyboard is then in."""
        with self.someone.context.expect_page() as opened:
            self.page.keyboard.press("Enter")
        before, self.someone.page = self.someone.page, opened.value
        yield Hands(self.someone)
        self.someone.page = before

    def never_clicked(self, page: Page) -> bool:
        """Whether no mouse and no finger was used since the beginning."""
        return page.evaluate("localStorage.getItem('touched')") is None
