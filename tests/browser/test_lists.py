"""The monthly lists in a browser: a workbook answered and taken back, closings, a list sent again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from desk import grid
from desk.grid import Edit
from policy.words import Answer, ListKind, State
from sync.states import MailKind
from tests.browser.living import card
from tests.browser.reading import english, serious
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast, moment
from tests.desk.answered import brought, listed
from tests.desk.filing import kept
from tests.door.serving import Clock, Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
TUESDAY = moment("Tue 2026-11-24 10:00")
DONE = {
    "answer": "Complétée",
    "done_on": "2026-11-20",
    "done_extension": "2310",
    "note": "Ampoule remplacée.",
}


def drop(page: Page, name: str, content: bytes) -> None:
    """Choose the workbook, and wait until it is there."""
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="application/octet-stream", buffer=content)]
    )
    expect(page.get_by_test_id("stFileUploader").get_by_text(name)).to_be_visible()


def seat(person: Sit, served: Door, who: str = "technician") -> Sitter:
    return person(served, CAST[who].email, PASSWORD, viewport={"width": 1280, "height": 1600}, locale="fr-CA")


def test_a_workbook_is_taken_back_its_wrong_lines_told_and_what_was_done_is_closed_in_one_pass(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    listed(served_cast)
    clock.at = TUESDAY
    given = brought(
        served_cast, TUESDAY,
        {"number": "2026-00002", **DONE},
        {"number": "2026-00003", "answer": "Action à venir", "words": "Passer jeudi."},
        {"number": "2026-00004", "answer": "En attente"},
        {"number": "2026-00005", "answer": "Complétée", "done_on": "hier"},
    )  # fmt: skip
    someone = seat(person, served)
    someone.goto("/listes")
    page = someone.page
    expect(page.get_by_text("7 réponses manquent.")).to_be_visible()
    drop(page, "autre.xlsx", b"PK\x03\x04 pas un classeur")
    page.get_by_role("button", name="Vérifier le classeur").click()
    expect(page.get_by_text("son contenu n'est pas celui d'un fichier Excel")).to_be_visible()
    page.get_by_role("button", name=re.compile("autre.xlsx")).click()  # taken off
    drop(page, "rnc-2026-11.xlsx", given.content)
    page.get_by_role("button", name="Vérifier le classeur").click()
    expect(page.get_by_text("Choisissez au nom de qui")).to_be_visible()
    someone.choose("Au nom de", "Julie Gagnon")
    page.get_by_role("button", name="Vérifier le classeur").click()
    expect(page.get_by_text("Seront enregistrées (2)")).to_be_visible()
    expect(page.get_by_text("Refusées (2)")).to_be_visible()
    expect(page.get_by_text("choisissez le motif d'attente")).to_be_visible()
    expect(page.get_by_text("« hier » n'est pas une date")).to_be_visible()
    assert kept(served_cast, "answers") == []
    someone.ready()
    assert not serious(page) and not english(page)
    page.get_by_role("button", name="Enregistrer 2 réponses").dblclick()
    expect(page.get_by_text("2 réponses enregistrées au nom de Julie Gagnon.")).to_be_visible()
    expect(page.get_by_text("5 réponses manquent.")).to_be_visible()
    assert {row["answer"] for row in kept(served_cast, "answers")} == {Answer.COMPLETED, Answer.ACTION}

    page.get_by_role("button", name="Fermer 1 dossier").dblclick()
    expect(page.get_by_text("1 dossier fermé sur 1.")).to_be_visible()
    assert file_of(served_cast, "2026-00002")["state"] is State.DONE
    assert not someone.outside and not someone.complaints


def test_the_director_sends_a_list_again_by_a_deliberate_act_and_sees_it_as_it_left(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    listed(served_cast)
    clock.at = TUESDAY
    someone = seat(person, served, "director")
    someone.goto("/listes?vue=envois")
    page = someone.page
    page.get_by_label("Destinataire").fill("gagnon")
    page.get_by_label("Destinataire").press("Enter")
    line = page.get_by_test_id("stExpander")
    expect(line).to_have_count(1)
    line.get_by_text("Julie Gagnon").click()
    page.get_by_text("Voir le courriel tel qu’il est parti").click()
    frame = page.frame_locator("iframe[src*='/telecharger/courriel']")
    expect(frame.get_by_text("Bonjour Julie Gagnon,")).to_be_visible()
    assert not frame.get_by_text("1234").count()
    page.get_by_role("button", name="Renvoyer").click()
    page.get_by_role("button", name="Renvoyer", exact=True).last.click()
    expect(page.get_by_text("Confirmez que la liste doit repartir")).to_be_visible()
    assert len(kept(served_cast, "mails", to_address="travaux@prevost.test")) == 1


def test_the_secretary_has_no_such_screen_and_her_answers_in_the_grid_are_seen_by_the_desk(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    listed(served_cast)
    clock.at = TUESDAY
    julie = seat(person, served, "secretary")
    julie.goto("/listes")
    expect(julie.page.get_by_text("Cet écran n'est pas offert à vos rôles.")).to_be_visible()
    expect(julie.page.get_by_test_id("stFileUploader")).to_have_count(0)
    file = file_of(served_cast, "2026-00003")
    grid.save_row(
        served_cast.visit("secretary", TUESDAY),
        Edit(file["id"], {}, {"answer": "Action à venir", "words": "Passer jeudi."}),
    )
    luc = seat(person, served)
    luc.goto("/listes")
    luc.page.get_by_text("Travaux publics : le détail").click()
    expect(luc.page.get_by_text("« Passer jeudi. », par Julie Gagnon")).to_be_visible()


def test_the_next_twelve_months_are_told_under_both_readings_each_with_its_article(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = seat(person, served, "director")
    someone.goto("/listes?vue=dates")
    page = someone.page
    expect(page.get_by_text(re.compile(r"diffèrent \d+ mois sur 12"))).to_be_visible()
    months = page.get_by_test_id("stMain").get_by_role("heading", level=3)
    expect(months).to_have_count(12)
    assert (months.first.inner_text(), months.last.inner_text()) == ("Novembre 2026", "Octobre 2027")
    november = card(someone, "Novembre 2026")
    expect(november.get_by_text("lundi 23 novembre 2026")).to_be_visible()
    expect(november.get_by_text("autre lecture : 30 novembre 2026")).to_be_visible()
    expect(november.get_by_text("mardi 1er décembre 2026")).to_be_visible()  # the council's
    for door, article, words in (
        ("Pourquoi ?", "P §4.2.3", "« Dernier lundi d'une semaine complète »"),
        ("Pourquoi l’autre ?", "P §4.1", "« Premier jour ouvré de la dernière semaine »"),
    ):
        november.get_by_role("button", name=door).first.click()
        shown = page.get_by_test_id("stPopoverBody")
        expect(shown.get_by_text(article).first).to_be_visible()
        expect(shown.get_by_text(words)).to_be_visible()
        page.keyboard.press("Escape")
        expect(shown).to_have_count(0)
    december = card(someone, "Décembre 2026")
    expect(december.get_by_text("lundi 21 décembre 2026")).to_be_visible()
    someone.ready()
    assert not serious(page) and not english(page)
    assert kept(served_cast, "list_runs") == [], "looking draws nothing up"
    assert not someone.outside and not someone.complaints


def test_the_council_s_list_is_read_as_it_would_leave_without_a_citizen_nor_an_address(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    someone = seat(person, served)
    someone.goto("/listes?vue=apercu")
    page = someone.page
    page.get_by_test_id("stButtonGroup").get_by_text(ListKind.COUNCIL.value, exact=True).click()
    expect(page.get_by_text("Cette liste n’est pas encore dressée")).to_be_visible()
    page.get_by_role("combobox", name="Destinataire").click()
    told = ("Guy Ouellet", "Hélène Fortin", "Denis Bélanger")  # council, and its copy
    expect(page.get_by_role("option")).to_have_text([re.compile(who) for who in told])
    page.keyboard.press("Escape")
    frame = page.frame_locator("iframe[src*='/telecharger/apercu']")
    expect(frame.get_by_text("Travaux publics").first).to_be_visible()
    expect(frame.get_by_text("rue des Érables").first).to_be_visible()
    said = frame.locator("body").inner_text()
    assert "1234" not in said and "Le lampadaire est éteint." not in said
    helene = seat(person, served, "council")
    helene.goto("/listes?vue=apercu")
    expect(helene.page.get_by_text("Cet écran n'est pas offert à vos rôles.")).to_be_visible()
    assert kept(served_cast, "mails", kind=MailKind.COUNCIL) == []
    assert not someone.outside and not helene.outside
