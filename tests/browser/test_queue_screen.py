"""The queue as it is looked at and gone through in a real browser."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from policy.words import Priority, State
from tests.browser.grid import HEADER, Grid
from tests.browser.reading import english, overflows, serious
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast, moment
from tests.desk.filing import filed
from tests.door.serving import Door, Sitter

pytestmark = pytest.mark.browser

Sit = Callable[..., Sitter]


def test_at_1280_pixels_what_one_works_with_is_in_sight_without_scrolling(served: Door, person: Sit) -> None:
    someone = person(served, CAST["secretary"].email, PASSWORD, viewport={"width": 1280, "height": 900})
    someone.goto("/file")
    headings = Grid(someone).headings()
    assert headings[:9] == [
        "Numéro", "Fiche", "Priorité", "Catégorie", "Lieu", "Cible", "Retard", "État", "Date prévue",
    ]  # fmt: skip
    assert "Motif d'attente" in headings  # its edge is in sight: what is before it is whole
    assert not overflows(someone.page)


def test_a_file_opens_beside_the_list_and_what_is_done_there_is_seen_in_its_row(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = person(served, CAST["secretary"].email, PASSWORD, viewport={"width": 2000, "height": 900})
    someone.goto("/file")
    grid, page = Grid(someone), someone.page
    grid.type(grid.row("2026-00003"), "Prochaine action", "Pas encore enregistré")
    grid.select(0, "Fiche")
    grid.canvas.click(position={"x": 130, "y": HEADER + 17}, force=True)
    beside = page.get_by_role("dialog")
    expect(beside.get_by_role("heading", name="Dossier 2026-00001")).to_be_visible()
    expect(beside.get_by_text("Le lampadaire est éteint.")).to_be_visible()
    expect(beside.get_by_text("lundi 30 novembre 2026")).to_be_visible()
    assert not serious(page)
    assert not english(page)
    beside.get_by_test_id("stButtonGroup").get_by_text("Prendre en charge").click()
    beside.locator(".st-key-do-TAKE button").click()
    expect(beside.get_by_text("Dossier 2026-00001 pris en charge.")).to_be_visible()
    someone.ready()
    page.keyboard.press("Escape")
    expect(beside).to_have_count(0)
    grid.shows("2026-00001", "État", "Prise en charge")
    grid.shows("2026-00003", "Prochaine action", "Pas encore enregistré")
    assert file_of(served_cast, "2026-00001")["state"] is State.TAKEN


@pytest.mark.long
def test_pages_and_views_are_addresses_the_browser_goes_back_to_and_excel_holds_what_they_show(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    for n in range(10, 62):
        filed(
            served_cast,
            f"2026-{n:05}",
            priority=Priority.LOW,
            received_at=moment(f"Mon 2026-11-16 10:{n - 10:02}"),
        )
    someone = person(served, CAST["secretary"].email, PASSWORD, viewport={"width": 1280, "height": 900})
    someone.goto("/file")
    grid, page = Grid(someone), someone.page
    page.get_by_role("button", name="Page suivante").click()
    expect(page).to_have_url(f"{served.url}/file?page=2")
    grid.has(*(f"2026-{n:05}" for n in range(54, 62)))
    page.get_by_text("En retard (1)").click()
    expect(page).to_have_url(f"{served.url}/file?voir=retard")
    grid.has("2026-00002")
    assert _downloaded(someone) == ["2026-00002"]
    page.go_back()
    expect(page).to_have_url(f"{served.url}/file?page=2")
    grid.has(*(f"2026-{n:05}" for n in range(54, 62)))
    every = _downloaded(someone)
    assert len(every) == 58
    assert every[-8:] == grid.numbers()


@pytest.mark.long
def test_the_technician_sends_several_files_elsewhere_at_once(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = person(served, CAST["technician"].email, PASSWORD, viewport={"width": 1600, "height": 1200})
    someone.goto("/file")
    page = someone.page
    page.get_by_text("Acheminer plusieurs dossiers ailleurs").click()
    for number in ("2026-00003", "2026-00004"):
        someone.choose("Dossiers", number)
        page.keyboard.press("Escape")  # the list stays open for one more
    someone.choose("Vers le service", "Urbanisme")
    page.get_by_label("Motif", exact=True).fill("C'est une enseigne, pas un lampadaire.")
    page.get_by_role("button", name="Acheminer", exact=True).dblclick()
    expect(page.get_by_text("Dossier 2026-00003 acheminé : Urbanisme.")).to_be_visible()
    expect(page.get_by_text("Dossier 2026-00004 acheminé : Urbanisme.")).to_be_visible()
    urban = served_cast.departments["Urbanisme"]
    assert [file_of(served_cast, f"2026-0000{n}")["department"] == urban for n in (3, 4, 5)] == [
        True,
        True,
        False,
    ]


def _downloaded(someone: Sitter) -> list[str]:
    address = someone.page.get_by_role("link", name="Excel").get_attribute("href")
    answer = someone.context.request.get(address or "")
    assert answer.ok
    assert re.match("attachment", answer.headers["content-disposition"])
    rows = load_workbook(BytesIO(answer.body())).active
    assert rows is not None
    return [str(row[0].value) for row in rows.iter_rows(min_row=2)]
