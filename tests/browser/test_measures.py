"""The measures of the town lived by a director, a member of council and who has none (R-64)."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from policy.words import State
from tests.browser.living import NOT_YOURS, Sit, kept_to_themselves, press, refused, seat
from tests.browser.reading import english, overflows, serious
from tests.cast import PLANNING, Cast, moment
from tests.desk.filing import filed
from tests.desk.paper import paper
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

HERS, HIS = "2026-00021", "2026-00022"  # forwarded by Hélène Fortin, by Guy Ouellet


@pytest.fixture(autouse=True)
def november(served_cast: Cast, clock: Clock) -> None:
    """The last day of a month, with a file that each of two members of council forwarded."""
    received, done = moment("Mon 2026-11-02 09:00"), moment("Tue 2026-11-03 09:00")
    over: dict[str, Any] = {"closed_at": done, "completed_at": done, "state": State.DONE, "open": False}
    filed(served_cast, HERS, received_at=received, forwarded_by=served_cast.council["Hélène Fortin"], **over)
    filed(served_cast, HIS, received_at=received, forwarded_by=served_cast.council["Guy Ouellet"])
    clock.at = moment("Mon 2026-11-30 09:00")


def behind(someone: Sitter, measure: str) -> str:
    """The address that the number of this measure leads to, this period."""
    row = someone.page.get_by_role("table").first.get_by_role("row").filter(has_text=measure).first
    return row.get_by_role("link").first.get_attribute("href") or ""


def test_a_director_changes_the_period_and_the_filters_opens_the_files_and_takes_the_figures_away(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    denis = seat(person, served, "director", "/mesures")
    page = denis.page
    expect(page.get_by_role("heading", name="Novembre 2026 et octobre 2026")).to_be_visible()
    denis.goto(behind(denis, "Reçues"))
    expect(page.get_by_role("heading", name="Reçues, novembre 2026 : 8")).to_be_visible()
    numbers = page.locator(".st-key-me-derriere").get_by_role("link").all_inner_texts()
    assert numbers == [f"2026-0000{n}" for n in (1, 3, 4, 5, 6, 7)] + [HERS, HIS]
    address = page.locator(".st-key-me-derriere").get_by_role("link", name=HERS).get_attribute("href")
    denis.goto(address or "")
    expect(page.get_by_role("heading", name=f"Dossier {HERS}")).to_be_visible()

    denis.goto("/mesures")
    denis.choose("Service", PLANNING)
    expect(page.get_by_text("Rien à mesurer")).to_have_count(0)
    denis.choose("Mois regardé", "Octobre 2026")
    expect(page.get_by_text("Rien à mesurer pour ces filtres")).to_be_visible()
    denis.choose("Mois regardé", "Novembre 2026")
    page.get_by_test_id("stButtonGroup").get_by_text("Par saison", exact=True).click()
    expect(page.get_by_role("heading", name="Automne 2026 et été 2026")).to_be_visible()
    denis.ready()
    assert not serious(page) and not english(page) and not overflows(page)
    sheet = page.get_by_role("link", name="Excel").get_attribute("href") or ""
    book = load_workbook(BytesIO(page.request.get(sheet).body()))
    said = [str(cell.value) for each in book.worksheets for row in each.iter_rows() for cell in row]
    assert any(PLANNING in each for each in said) and not any("Travaux publics" in each for each in said)
    printed = page.get_by_role("link", name="Imprimer").get_attribute("href") or ""
    words = paper(page.request.get(printed).body()).words
    assert PLANNING in words and "utomne 2026" in words
    assert "2026-0000" not in words and not any("2026-0000" in each for each in said)  # figures, no file

    denis.goto("/mesures?mois=2026-99&par=siecle&service=nulle-part")  # an old address, typed by hand
    expect(page.get_by_text("Rien à mesurer pour ces filtres")).to_be_visible()
    kept_to_themselves(denis)


def test_a_member_of_council_reads_what_she_forwarded_and_nothing_of_another_s(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    helene = seat(person, served, "council", "/mesures")
    page = helene.page
    mine = page.get_by_test_id("stVerticalBlock").filter(
        has=page.get_by_role("heading", name="Ce que vous avez transmis")
    )
    expect(mine.last.get_by_role("row").filter(has_text="Reçues")).to_contain_text("1")
    page.get_by_role("combobox", name="Transmises").click()
    expect(page.get_by_role("option")).to_have_text(["Par qui que ce soit", "Par moi"])
    page.keyboard.press("Escape")
    helene.choose("Transmises", "Par moi")
    expect(page.get_by_text("transmises par vous").first).to_be_visible()
    helene.ready()
    assert not serious(page) and not english(page) and not overflows(page)

    guy = served_cast.council["Guy Ouellet"]
    helene.goto(f"/mesures?elu={guy}")
    refused(helene, "Vous voyez ce que vous avez vous-même transmis", "R-62")
    expect(page.get_by_role("table")).to_have_count(0)
    for what in ("mesures.xlsx", "mesures.pdf"):
        assert helene.context.request.get(f"{served.url}/telecharger/{what}?elu={guy}").status == 403
    press(helene, "Voir toute la ville")
    expect(page.get_by_role("heading", name="Novembre 2026 et octobre 2026")).to_be_visible()
    helene.goto("/mesures?derriere=recues")
    expect(page.get_by_role("heading", name="Novembre 2026 et octobre 2026")).to_be_visible()
    assert "/dossier" not in page.get_by_test_id("stMain").inner_html()
    helene.goto(f"/dossier?numero={HERS}")
    expect(page.get_by_text(NOT_YOURS)).to_be_visible()
    kept_to_themselves(helene)


def test_a_secretary_is_told_that_the_measures_are_not_hers(served: Door, person: Sit) -> None:
    julie = seat(person, served, "secretary", "/mesures")
    expect(julie.page.get_by_text(NOT_YOURS)).to_be_visible()
    expect(julie.page.get_by_role("link", name="Mesures")).to_have_count(0)
    for what in ("mesures.xlsx", "mesures.pdf"):
        assert julie.context.request.get(f"{served.url}/telecharger/{what}").status == 403
    assert not julie.outside
