"""What a click begins is finished, whatever comes next."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.door import trial
from tests.door.conftest import PASSWORD, TECHNICIAN
from tests.door.serving import Door, Sitter

pytestmark = pytest.mark.browser


@pytest.mark.long
def test_another_event_does_not_cut_a_click_short(door: Door, person: Callable[..., Sitter]) -> None:
    page = person(door, TECHNICIAN, PASSWORD).page
    trial.HALF_SAID.clear()
    page.get_by_role("button", name="Deux mots").click()
    assert trial.HALF_SAID.wait(20)
    page.get_by_label("Poste", exact=True).fill("4021")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Dit : un deux")).to_be_visible()
    expect(page.get_by_text("Tapé : 4021")).to_be_visible()
