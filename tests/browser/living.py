"""What a person does on any screen: sits, unfolds, chooses a day or a file; and what must stay empty."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import FilePayload, Locator, expect

from desk import outbox
from desk.letters import Letter, read
from desk.outbox import Parcel
from tests.cast import CAST, PASSWORD
from tests.door.serving import Door, Sitter, still

Sit = Callable[..., Sitter]
SIZE = {"width": 1280, "height": 1600}
NOT_YOURS = "Cet écran n'est pas offert à vos rôles."


def seat(person: Sit, served: Door, who: str, at: str = "", **more: Any) -> Sitter:
    """That member of the cast, signed in, at an address."""
    return person(served, CAST[who].email, PASSWORD, at, **{"viewport": SIZE, "locale": "fr-CA", **more})


def unfold(someone: Sitter, title: str, within: Locator | None = None) -> Locator:
    """Open one of the folded parts; the part."""
    summary = someone.page.locator("summary", has_text=title)
    part = (within or someone.page.locator("body")).get_by_test_id("stExpander").filter(has=summary)
    part.locator("summary").click()
    still(someone.page)
    return part


def popped(someone: Sitter, label: str, within: Locator | None = None) -> Locator:
    """What a button that shows more shows: closed if it was open, and opened once the screen is drawn."""
    someone.ready()
    shown = someone.page.get_by_test_id("stPopoverBody")
    if shown.is_visible():
        someone.page.keyboard.press("Escape")
        expect(shown).to_be_hidden()
    (within or someone.page.locator("body")).get_by_role("button", name=label, exact=True).first.click()
    expect(shown).to_be_visible()
    someone.ready()
    return shown


def card(someone: Sitter, heading: str) -> Locator:
    """The block that begins with this heading."""
    found = someone.page.get_by_role("heading", name=heading, exact=True)
    return someone.page.get_by_test_id("stVerticalBlock").filter(has=found).last


def day(someone: Sitter, label: str, iso: str, within: Locator | None = None) -> None:
    """Type a day (« 2026-11-24 ») in a field, and leave it by the keyboard."""
    part = within or someone.page.locator("body")
    part.get_by_role("spinbutton", name=label).first.click()
    someone.page.keyboard.type(iso.replace("-", ""))
    someone.page.keyboard.press("Escape")  # the calendar would take the next click for itself
    someone.page.keyboard.press("Tab")
    someone.ready()


def fill(someone: Sitter, label: str, text: str, within: Locator | None = None) -> None:
    """Type in a field and leave it by the keyboard."""
    field = (within or someone.page.locator("body")).get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    someone.ready()


def press(someone: Sitter, name: str, within: Locator | None = None) -> None:
    """Press a button, and wait for the screen."""
    (within or someone.page.locator("body")).get_by_role("button", name=name, exact=True).last.click()
    someone.ready()


def bring(within: Locator, name: str, content: bytes) -> None:
    """Choose a file in the uploader of this part."""
    within.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    )


def refused(within: Sitter | Locator, *words: str) -> None:
    """Wait until a refusal says all of this."""
    part = within.page.get_by_test_id("stMain") if isinstance(within, Sitter) else within
    alert = part.get_by_role("alert")
    for each in words:
        alert = alert.filter(has_text=each)
    expect(alert.first).to_be_visible()


def gesture(someone: Sitter, name: str) -> None:
    """Choose what is to be done with the file on the screen."""
    someone.page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()
    someone.ready()


def kept_to_themselves(*people: Sitter) -> None:
    """Nothing was asked outside, nothing was complained of in the console."""
    for someone in people:
        assert not someone.outside and not someone.complaints


def delivered(door: Door) -> list[tuple[str, Letter]]:
    """What leaves now: to whom, and what they read."""
    found: list[tuple[str, Letter]] = []

    class Bag:
        def carry(self, parcel: Parcel) -> None:
            found.append((parcel.recipient, read(parcel.message)[1]))

        def close(self) -> None:
            """Nothing is open."""

    outbox.deliver(door.house, Bag(), door.clock, "essai", lambda _: True)
    return found


def called(someone: Sitter, facts: str) -> None:
    """Who calls, and what for."""
    page = someone.page
    page.get_by_label("Nom et prénom", exact=True).fill("Rose Lemieux")
    page.get_by_label("Courriel", exact=True).fill("rose@exemple.test")
    page.get_by_label("Exposé des faits").fill(facts)
    page.keyboard.press("Tab")
    someone.ready()


def save(someone: Sitter) -> None:
    """Enter the call."""
    someone.page.get_by_role("button", name="Enregistrer la demande").click()
    someone.ready()


def number_of(someone: Sitter) -> str:
    """The number it was given."""
    shown = someone.page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*2026-\d{5}\s*$"))
    return shown.inner_text().strip()
