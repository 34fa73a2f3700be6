"""What synchronisation writes comes to the screens that are open, and takes nothing from who types there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from desk import drafts
from policy.words import State
from sync.history import Author, Whence
from sync.link_tables import Tie
from tests.browser.grid import Grid
from tests.browser.reading import english, overflows, serious
from tests.browser.served import BEFORE, file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.outside import hold, remote, row_there
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
TABLE = Author("synchronisation", "Airtable", Whence.TABLE, BEFORE, "corriger")
NEXT = "Prochaine action"


def seated(person: Sit, served: Door, who: str, **more: object) -> Sitter:
    return person(served, CAST[who].email, PASSWORD, **{"viewport": {"width": 2900, "height": 1400}, **more})


def typed_there(cast: Cast, number: str, **values: object) -> None:
    """The director's change, as synchronisation writes it."""
    with cast.house.store.writing() as tx:
        tx.update("files", file_of(cast, number)["id"], values, TABLE)


def test_a_change_of_the_table_comes_to_the_open_queue_under_what_is_being_typed(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = seated(person, served, "secretary")
    someone.goto("/file")
    grid = Grid(someone)
    grid.type(grid.row("2026-00003"), NEXT, "Emprunter la nacelle")
    grid.type(grid.row("2026-00004"), NEXT, "Commander l'amp", leave="")
    typed_there(served_cast, "2026-00005", next_action="Tapé par le directeur")
    grid.shows("2026-00005", NEXT, "Tapé par le directeur")
    grid.shows("2026-00003", NEXT, "Emprunter la nacelle")
    field = someone.page.locator("[id^=gdg-overlay-]").locator("input, textarea").first
    expect(field).to_have_value("Commander l'amp")
    field.press("End")
    field.press_sequentially("oule")
    field.press("Enter")
    grid.shows("2026-00004", NEXT, "Commander l'ampoule")
    grid.save("2 lignes")
    expect(someone.page.get_by_text("2 lignes enregistrées.")).to_be_visible()
    assert [file_of(served_cast, f"2026-0000{n}")["next_action"] for n in (3, 4, 5)] == [
        "Emprunter la nacelle", "Commander l'ampoule", "Tapé par le directeur",
    ]  # fmt: skip


def test_a_change_of_the_table_comes_to_the_open_file_under_what_is_being_typed(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = seated(person, served, "secretary", viewport={"width": 1280, "height": 1600})
    someone.goto("/dossier?numero=2026-00003")
    page = someone.page
    page.get_by_test_id("stButtonGroup").get_by_text("Fermer", exact=True).click()
    note = page.get_by_label("Note interne")
    note.press_sequentially("Ampoule remp")
    typed_there(served_cast, "2026-00003", next_action="Tapé par le directeur")
    expect(page.get_by_text("Tapé par le directeur").first).to_be_visible()
    expect(note).to_have_value("Ampoule remp")
    note.press_sequentially("lacée")
    expect(note).to_have_value("Ampoule remplacée")
    note.blur()
    expect(page.get_by_text("Tapé par le directeur").first).to_be_visible()
    someone.ready()
    begun = drafts.recall(served_cast.visit("secretary", BEFORE), file_of(served_cast, "2026-00003")["id"])
    assert begun["note"].value == "Ampoule remplacée"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_dispute_comes_to_the_open_screen_and_is_settled_there(
    served: Door, served_cast: Cast, person: Sit, clock: Clock, width: int, scheme: str
) -> None:
    remote(served_cast)
    file = file_of(served_cast, "2026-00003")
    row = row_there(
        served_cast, "rec1", Tie.LINKED, record=file["id"], open=False, extras={"Vu par": "Denis"}
    )
    row_there(served_cast, "rec2", agreed={"street": "rue du Lac"}, there={"street": "rue du Lac"})
    someone = seated(
        person, served, "director", viewport={"width": width, "height": 2400}, color_scheme=scheme
    )
    someone.goto("/synchronisation")
    page = someone.page
    page.get_by_role("button", name="Mettre en pause").click()
    page.get_by_label("Motif de la pause").press_sequentially("On dép")
    hold(served_cast, row, "next_action", raw="Rappeler", theirs="Rappeler")
    expect(page.get_by_role("heading", name="Litiges (1)")).to_be_visible()
    expect(page.get_by_label("Motif de la pause")).to_have_value("On dép")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Prendre celle de la table").click()
    expect(page.get_by_text("la valeur de la table est prise")).to_be_visible()
    assert file_of(served_cast, "2026-00003")["next_action"] == "Rappeler"
    for address in ("/synchronisation", "/a-accueillir", "/aujourdhui", "/dossier?numero=2026-00003"):
        someone.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert not english(page) and not serious(page) and not overflows(page), address
    assert file["state"] is State.TAKEN and not someone.outside


def test_a_row_typed_in_the_table_is_accepted_by_the_form_it_opens(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    remote(served_cast)
    typed = {"street": "rue du Lac", "category": served_cast.categories["Nid-de-poule"]}
    row_there(served_cast, "rec2", agreed=typed, there=typed, at=BEFORE)
    someone = seated(person, served, "technician", viewport={"width": 1280, "height": 2000})
    someone.goto("/a-accueillir")
    page = someone.page
    address = page.get_by_test_id("stMain").get_by_role("link", name="Accueillir").get_attribute("href")
    assert address
    someone.goto(address)
    expect(page.get_by_label("Rue ou lieu")).to_have_value("rue du Lac")
    page.get_by_text("La personne veut rester anonyme").click()
    someone.choose("Provenance", "Courriel")
    page.get_by_label("Exposé des faits").fill("Un trou devant le quai.")
    page.get_by_role("button", name="Enregistrer la demande").click()
    expect(page.get_by_text("Numéro à donner à la personne")).to_be_visible()
    someone.goto("/a-accueillir")
    expect(page.get_by_text("Rien n’attend")).to_be_visible()
