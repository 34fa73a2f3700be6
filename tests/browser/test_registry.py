"""The registry of Responsables lived by who keeps it and by who is away (R-60, R-61)."""

import pytest
from playwright.sync_api import expect

from policy.words import Duty, Presence
from sync.states import MailKind
from tests.browser.living import (
    Sit,
    day,
    fill,
    gesture,
    kept_to_themselves,
    press,
    refused,
    seat,
    unfold,
)
from tests.browser.served import file_of
from tests.cast import CAST, WORKS, Cast, moment
from tests.cast import day as a_day
from tests.desk.filing import kept
from tests.door.serving import Clock, Door
from tests.jobs.post import look

pytestmark = [pytest.mark.browser, pytest.mark.long]

ORPHAN = "2026-00020"


def test_whoever_is_away_confides_what_comes_and_the_substitute_is_written_to_meanwhile(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    julie = seat(person, served, "secretary", "/aujourdhui")
    page = julie.page
    part = unfold(julie, "Je m’absente : confier ce que je reçois")
    expect(part.get_by_role("button", name="Confier")).to_be_disabled()
    julie.choose("Qui vous remplace", "Anne Côté")
    press(julie, "Confier")
    refused(part, "Inscrivez le premier et le dernier jour de l'absence.", "R-60")
    day(julie, "Dernier jour", "2026-11-18")
    press(julie, "Confier")
    refused(part, "Travaux publics : La désignation finit avant d'avoir commencé.", "P annexe C")
    day(julie, "Premier jour", "2026-11-16")
    press(julie, "Confier")
    refused(part, "L'absence commence aujourd'hui ou un jour à venir.", "R-60")
    assert kept(served_cast, "designations", duty=Duty.SUBSTITUTE) == []
    day(julie, "Premier jour", "2026-11-20")
    day(julie, "Dernier jour", "2026-11-27")
    part.get_by_role("button", name="Confier").dblclick()
    expect(page.get_by_text("Anne Côté reçoit les requêtes de Travaux publics du")).to_be_visible()
    (stands_in,) = kept(served_cast, "designations", duty=Duty.SUBSTITUTE)
    assert stands_in["ends_on"] == a_day("Fri 2026-11-27")
    page.get_by_test_id("stButtonGroup").get_by_text("Absent", exact=True).click()
    expect(page.get_by_text("On lit : « absent du bureau, de retour à 23 h 59 ».")).to_be_visible()

    luc = seat(person, served, "technician", "/responsables")
    expect(luc.page.get_by_text("Substitut : Anne Côté")).to_be_visible()
    expect(luc.page.get_by_text("absent du bureau").first).to_be_visible()
    luc.goto("/dossier?numero=2026-00007")
    gesture(luc, "Acheminer")
    luc.choose("Service", WORKS)
    expect(luc.page.get_by_text("Reçoit : Anne Côté, Réal Savard")).to_be_visible()
    fill(luc, "Motif", "C'est un lampadaire.")
    luc.page.locator(".st-key-do-ROUTE button").dblclick()
    expect(luc.page.get_by_text("Dossier 2026-00007 acheminé : Travaux publics.")).to_be_visible()
    assert file_of(served_cast, "2026-00007")["department"] == served_cast.departments[WORKS]
    clock.at = moment("Fri 2026-11-20 09:20")
    look(served_cast, clock())
    told = {row["to_address"] for row in kept(served_cast, "mails", kind=MailKind.ROUTING)}
    assert told == {CAST["other_secretary"].email, "surintendant@prevost.test"}
    kept_to_themselves(julie, luc)


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
