"""The registry of Responsables lived by who keeps it and by who is away (R-60, R-61)."""

import pytest
from playwright.sync_api import expect

from policy.words import Presence
from tests.browser.living import (
    Sit,
    kept_to_themselves,
    seat,
)
from tests.cast import Cast
from tests.desk.filing import kept
from tests.door.serving import Door

pytestmark = [pytest.mark.browser, pytest.mark.long]

ORPHAN = "2026-00020"


def test_a_tap_says_in_a_meeting_and_the_desk_reads_it_before_it_transfers(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    nadia = seat(person, served, "planner", "/aujourdhui")
    nadia.page.get_by_test_id("stButtonGroup").get_by_text("En réunion", exact=True).click()
    expect(nadia.page.get_by_text("On lit : « en réunion ».")).to_be_visible()
    (said,) = kept(served_cast, "presences")
    assert said["presence"] is Presence.MEETING
    luc = seat(person, served, "technician", "/nouvelle-demande")
    luc.choose("Service", "Urbanisme")
    expect(luc.page.locator(".st-key-nd-promise").get_by_text("Nadia Roy (en réunion)")).to_be_visible()
    nadia.page.get_by_test_id("stButtonGroup").get_by_text("Disponible", exact=True).click()
    expect(nadia.page.get_by_text("On lit")).to_have_count(0)
    luc.goto("/responsables")
    expect(luc.page.get_by_text("Nadia Roy").first).to_be_visible()
    expect(luc.page.get_by_text("en réunion")).to_have_count(0)
    kept_to_themselves(nadia, luc)
