"""The grid, the closings and the dated rules, typed wrong then right by a director (R-10, R-70, R-71)."""

import pytest
from playwright.sync_api import Locator, expect

from desk import recounting
from desk.visits import Visit
from policy.roles import System
from tests.browser.living import NOT_YOURS, Sit, day, kept_to_themselves, refused, seat
from tests.browser.reading import serious
from tests.browser.served import BEFORE, file_of
from tests.cast import Cast
from tests.cast import day as a_day
from tests.desk.filing import kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]


def look(denis: Sitter) -> None:
    """« Voir ce qui changerait »."""
    denis.page.locator(".st-key-ta-foresee button").click()
    denis.ready()


def adopt(denis: Sitter) -> None:
    denis.page.get_by_role("button", name="Adopter", exact=True).click()
    denis.ready()


def line(denis: Sitter, table: str) -> Locator:
    """A new line of that table, its form open."""
    denis.goto(f"/tableaux?table={table}")
    denis.page.get_by_role("button", name="Ajouter une ligne").click()
    form = denis.page.locator(".st-key-ta-fiche")
    expect(form).to_be_visible()
    denis.ready()
    return form


def typed(denis: Sitter, form: Locator, label: str, text: str) -> None:
    field = form.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")
    denis.ready()


def test_a_season_that_does_not_read_is_refused_and_one_across_the_new_year_is_taken(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    before = len(kept(served_cast, "delays"))
    denis = seat(person, served, "director")
    form = line(denis, "delays")
    denis.choose("Catégorie (obligatoire)", "Éclairage de rue")
    day(denis, "En vigueur le", "2026-11-20", form)
    typed(denis, form, "Délai (jours ouvrés)", "3")
    typed(denis, form, "Début de saison (MM-JJ)", "15-11")
    look(denis)
    refused(denis, "Une saison a un début et une fin.", "SJ")
    typed(denis, form, "Fin de saison (MM-JJ)", "04-15")
    look(denis)
    refused(denis, "« 15-11 » n'est pas un jour de l'année : écrivez MM-JJ, comme 11-15.", "SJ")
    typed(denis, form, "Début de saison (MM-JJ)", "02-30")
    look(denis)
    refused(denis, "« 02-30 » n'est pas un jour de l'année", "SJ")
    typed(denis, form, "Début de saison (MM-JJ)", "11-15")
    typed(denis, form, "Délai (jours ouvrés)", "-1")
    look(denis)
    refused(denis, "Un délai compte de 0 à 2000 jours ouvrés.", "P §4.1")
    assert len(kept(served_cast, "delays")) == before
    typed(denis, form, "Délai (jours ouvrés)", "3")
    look(denis)
    expect(denis.page.get_by_text("Si cela avait été en vigueur")).to_be_visible()
    target = file_of(served_cast, "2026-00003")["target_on"]
    adopt(denis)
    expect(denis.page.get_by_text("ajoutée").first).to_be_visible()
    recounting.recount(Visit(served_cast.house, BEFORE, system=System.CLOCK))
    assert file_of(served_cast, "2026-00003")["target_on"] == target, (
        "a delay is for files opened from its day"
    )
    (new,) = kept(served_cast, "delays", valid_from=a_day("Fri 2026-11-20"))
    assert (new["season_start"], new["season_end"]) == ("11-15", "04-15")

    denis.goto("/nouvelle-demande")
    denis.choose("Catégorie", "Éclairage de rue")
    expect(denis.page.locator(".st-key-nd-promise").get_by_text("mercredi 25 novembre 2026")).to_be_visible()
    kept_to_themselves(denis)


def test_a_closing_already_past_moves_the_open_files_and_a_day_twice_is_refused(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    clock = Visit(served_cast.house, BEFORE, system=System.CLOCK)
    recounting.recount(clock)
    denis = seat(person, served, "director")
    form = line(denis, "closings")
    day(denis, "Jour (obligatoire)", "2026-12-25", form)
    typed(denis, form, "Motif (obligatoire)", "Noël, encore")
    look(denis)
    refused(denis, "déjà")
    day(denis, "Jour (obligatoire)", "2026-11-19", form)  # yesterday: the storm nobody had foreseen
    typed(denis, form, "Motif (obligatoire)", "Tempête")
    look(denis)
    effect = denis.page.locator(".st-key-ta-effet")
    expect(effect.get_by_text("changeraient de date")).to_be_visible()
    expect(effect.get_by_role("link", name="2026-00003").first).to_be_visible()
    assert kept(served_cast, "closings", day=a_day("Thu 2026-11-19")) == []
    assert not serious(denis.page)
    adopt(denis)
    expect(denis.page.get_by_text("l’horloge va recalculer")).to_be_visible()
    recounting.recount(clock)
    assert file_of(served_cast, "2026-00003")["target_on"] == a_day("Tue 2026-12-01")
    denis.goto("/dossier?numero=2026-00003")
    denis.page.get_by_role("button", name="Pourquoi ?").first.click()
    expect(denis.page.get_by_text("jeudi 19 novembre 2026 (Tempête)")).to_be_visible()
    kept_to_themselves(denis)


def test_a_rule_keeps_its_past_and_hours_that_do_not_read_are_refused(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    denis = seat(person, served, "director", "/tableaux?table=rules&regle=opening_hours")
    page = denis.page
    page.get_by_role("button", name="Nouvelle valeur").click()
    form = page.locator(".st-key-ta-regle")
    typed(denis, form, "Vendredi", "de 8 h à midi")
    day(denis, "En vigueur le", "2026-12-01", form)
    look(denis)
    refused(denis, "ne se lit pas comme des heures")
    expect(form.get_by_label("Vendredi", exact=True)).to_have_value("de 8 h à midi")
    assert len(kept(served_cast, "rules", name="opening_hours")) == 1
    typed(denis, form, "Vendredi", "08:00-16:00")
    look(denis)
    adopt(denis)
    expect(page.get_by_text("À venir, le 1er décembre 2026").first).to_be_visible()
    rows = {row["valid_from"]: row["value"] for row in kept(served_cast, "rules", name="opening_hours")}
    assert len(rows) == 2 and "16:00" in rows[a_day("Tue 2026-12-01")]
    luc = seat(person, served, "technician", "/tableaux")
    expect(luc.page.get_by_text(NOT_YOURS)).to_be_visible()
    kept_to_themselves(denis, luc)
