"""A director at « Tableaux », from the grid to what changes: wrong input, drafts, somebody else, adoption."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from desk import recounting
from desk.visits import Visit
from policy.roles import System
from tests.browser.reading import english, overflows, serious
from tests.browser.served import BEFORE, file_of
from tests.cast import CAST, PASSWORD, WORKS, Cast, day
from tests.desk.filing import BY, kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
OURS = re.compile("Table du directeur|ne sort")  # labels of rules with words that English has too
TABLES = ("departments", "categories", "delays", "codes", "council", "closings", "rules")


def director(person: Sit, served: Door, **more: object) -> Sitter:
    size = {"viewport": {"width": 1280, "height": 1600}}
    return person(served, CAST["director"].email, PASSWORD, **{**size, **more})


def press(someone: Sitter, name: str) -> None:
    someone.page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()
    someone.ready()


def fill(someone: Sitter, label: str, text: str) -> None:
    """Type in a field of the form and leave it by the keyboard."""
    field = someone.page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    someone.ready()


def test_a_director_changes_the_settings_from_one_end_to_the_other(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    clock = Visit(served_cast.house, BEFORE, system=System.CLOCK)
    recounting.recount(clock)
    someone = director(person, served)
    page = someone.page
    someone.goto("/tableaux?table=departments")

    # a wrong address, refused beside its row; left, found again, corrected
    someone.choose("Ouvrir une ligne", WORKS)
    someone.ready()
    fill(someone, "Courriel", "travaux(at)ville")
    press(someone, "Enregistrer")
    expect(page.get_by_text("n'est pas une adresse courriel")).to_be_visible()
    someone.goto("/listes")
    someone.goto("/tableaux?table=departments")
    expect(page.get_by_role("button", name="Enregistrer (1 ligne)")).to_be_visible()
    someone.choose("Ouvrir une ligne", WORKS)
    someone.ready()
    expect(page.get_by_label("Courriel", exact=True)).to_have_value("travaux(at)ville")
    fill(someone, "Courriel", "travaux@ville.test")
    works = served_cast.departments[WORKS]
    with served_cast.house.store.writing() as tx:
        tx.update("departments", works, {"email": "autre@ville.test"}, BY)
    press(someone, "Enregistrer")
    expect(page.get_by_text("quelqu’un d’autre a changé cette case")).to_be_visible()
    press(someone, "Garder la mienne")
    press(someone, "Enregistrer")
    expect(page.get_by_text("Travaux publics : enregistrée.")).to_be_visible()
    assert kept(served_cast, "departments", id=works)[0]["email"] == "travaux@ville.test"

    # a closing: what would change, the file it opens, adoption, the clock
    before = file_of(served_cast, "2026-00003")["target_on"]
    someone.goto("/tableaux?table=closings")
    press(someone, "Ajouter une ligne")
    press(someone, "Voir ce qui changerait")
    expect(page.get_by_text("« Jour » est obligatoire.").first).to_be_visible()
    page.get_by_role("spinbutton", name="Jour (obligatoire)").first.click()
    page.keyboard.type("20261124")
    page.keyboard.press("Escape")  # the calendar would take the next click for itself
    page.keyboard.press("Tab")
    someone.ready()
    fill(someone, "Motif (obligatoire)", "Panne d’électricité")
    press(someone, "Voir ce qui changerait")
    expect(page.get_by_text(re.compile("dossiers ouverts sur .* changeraient de date"))).to_be_visible()
    link = page.get_by_role("link", name="2026-00003")
    assert (link.first.get_attribute("href") or "").endswith("/dossier?numero=2026-00003")
    assert not english(page) and not serious(page)
    assert kept(served_cast, "closings", day=day("Tue 2026-11-24")) == []
    press(someone, "Adopter")
    expect(page.get_by_text("l’horloge va recalculer")).to_be_visible()
    recounting.recount(clock)
    expect(page.get_by_text("une autre cible")).to_be_visible()
    assert file_of(served_cast, "2026-00003")["target_on"] > before

    # a reading of the lists, dated; the old one stays
    someone.goto("/tableaux?table=rules&regle=rnc_reading")
    press(someone, "Nouvelle valeur")
    page.get_by_text("« Premier jour ouvré de la dernière semaine »").last.click()
    someone.ready()
    press(someone, "Voir ce qui changerait")
    expect(page.get_by_text("des listes mensuelles changeraient")).to_be_visible()
    press(someone, "Adopter")
    expect(page.get_by_text(re.compile("Règles de la ville|ajoutée")).first).to_be_visible()
    assert len(kept(served_cast, "rules", name="rnc_reading")) == 2
    assert not someone.outside and not someone.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_table_reads_well_and_fits_a_telephone(served: Door, person: Sit, scheme: str) -> None:
    someone = director(person, served, viewport={"width": 390, "height": 3_000}, color_scheme=scheme)
    for table in TABLES:
        someone.goto(f"/tableaux?table={table}")
        expect(someone.page.get_by_role("heading", level=1)).to_be_visible()
        assert not overflows(someone.page), table
        assert not [text for text in english(someone.page) if not OURS.search(text)], table
        assert not serious(someone.page), table
