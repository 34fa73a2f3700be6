"""The registry of Responsables lived by who keeps it and by who is away (R-60, R-61)."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from policy.words import Duty, Presence
from sync.states import MailKind
from tests.browser.living import (
    Sit,
    bring,
    day,
    fill,
    gesture,
    kept_to_themselves,
    popped,
    press,
    refused,
    seat,
    unfold,
)
from tests.browser.reading import english, overflows, serious
from tests.browser.served import file_of
from tests.cast import CAST, TAXES, WORKS, Cast, moment
from tests.cast import day as a_day
from tests.desk.documents import PDF, PNG
from tests.desk.filing import filed, kept
from tests.desk.paper import paper
from tests.door.serving import Clock, Door, Sitter
from tests.jobs.post import look

pytestmark = [pytest.mark.browser, pytest.mark.long]

ORPHAN = "2026-00020"


def test_annexe_c_is_refused_as_long_as_it_cannot_be_so_then_printed_signed_and_brought_back(
    served: Door, served_cast: Cast, person: Sit, tmp_path: Path
) -> None:
    filed(served_cast, ORPHAN, department=TAXES)
    before = len(kept(served_cast, "designations"))
    denis = seat(person, served, "director", "/responsables")
    page = denis.page
    alone = page.get_by_role("alert").filter(has_text="Sans Responsable")
    expect(alone).to_contain_text(f"{TAXES} — 1 dossier ouvert")

    denis.choose("Service", TAXES)
    fill(denis, "Nom et prénom de la personne désignée", "Rita Caron")
    fill(denis, "Courriel du poste", "rita(at)prevost")
    press(denis, "Désigner")
    refused(denis, "Inscrivez l'adresse courriel du poste", "P annexe C")
    fill(denis, "Courriel du poste", "rita@prevost.test")
    denis.choose("Fonction", Duty.SUBSTITUTE.value)
    day(denis, "À compter du", "2026-11-23")
    day(denis, "Jusqu’au (inclus)", "2026-11-20")
    press(denis, "Désigner")
    refused(denis, "La désignation finit avant d'avoir commencé.", "P annexe C")
    denis.choose("Fonction", Duty.RECEPTION.value)
    denis.choose("Service", WORKS)
    day(denis, "À compter du", "2025-12-01")
    press(denis, "Désigner")
    refused(denis, "Julie Gagnon est déjà désigné(e) depuis le jeudi 1er janvier 2026", "R-60")
    assert len(kept(served_cast, "designations")) == before
    assert not serious(page) and not english(page) and not overflows(page)

    denis.goto("/responsables")  # what was typed is there in another tab too
    expect(page.get_by_label("Courriel du poste", exact=True)).to_have_value("rita@prevost.test")
    denis.choose("Service", TAXES)
    day(denis, "À compter du", "2026-11-20")
    press(denis, "Désigner")
    expect(page.get_by_text("Rita Caron est désigné(e) à compter du 20 novembre 2026.")).to_be_visible()
    expect(alone).to_have_count(0)
    (row,) = kept(served_cast, "designations", department=served_cast.departments[TAXES])
    assert (row["duty"], row["employee_signed"]) == (Duty.RECEPTION, False)
    denis.choose("Service à consulter", TAXES)
    expect(page.get_by_text("non signée").first).to_be_visible()
    _signed_and_brought_back(denis, row["id"], tmp_path)
    (form,) = kept(served_cast, "signed_forms")
    assert (form["name"], form["designation"]) == ("annexe C signée.png", row["id"])
    assert kept(served_cast, "designations", id=row["id"])[0]["director_signed"]
    julie = seat(person, served, "secretary")
    for address in (f"annexe-c-signee?id={form['id']}", f"annexe-c?id={row['id']}"):
        assert julie.context.request.get(f"{served.url}/telecharger/{address}").status == 403
    kept_to_themselves(denis, julie)


def _signed_and_brought_back(denis: Sitter, designation: str, folder: Path) -> None:
    """Printed; a wrong file chosen first, then the photograph of the signed form, which comes back as is."""
    page = denis.page
    link = page.get_by_role("link", name="Imprimer l’annexe C").get_attribute("href") or ""
    assert link.endswith(designation)
    printed = paper(page.request.get(link).body()).words
    assert "Rita Caron" in printed and TAXES in printed and "rita@prevost.test" in printed
    scan = "Joindre le formulaire signé"
    bring(popped(denis, scan), "annexe-c.jpg", PDF)  # renamed by somebody
    refused(denis, "son contenu n'est pas celui d'un fichier JPEG")
    denis.ready()
    shown = popped(denis, scan)
    bring(shown, "lettre.docx", b"PK\x03\x04")
    expect(shown.get_by_test_id("stFileUploader").get_by_text("lettre.docx")).to_be_visible()
    assert not english(page)
    bring(popped(denis, scan), "annexe C signée.png", PNG)
    expect(page.get_by_text("Rita Caron : le formulaire signé est au registre")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as leaving:
        page.get_by_role("link", name="Formulaire signé, numérisé le 20 novembre 2026").click()
    leaving.value.save_as(folder / "annexe.png")
    assert (folder / "annexe.png").read_bytes() == PNG


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

    julie.goto("/aujourdhui")
    expect(page.get_by_text("Anne Côté reçoit à votre place, du 20 novembre 2026")).to_be_visible()
    press(julie, "Je suis de retour")
    page.get_by_role("button", name="Oui, je reçois de nouveau").dblclick()
    expect(page.get_by_text("Vous recevez de nouveau vos requêtes")).to_be_visible()
    expect(page.get_by_text("Anne Côté reçoit à votre place")).to_have_count(0)
    luc.goto("/responsables")
    expect(luc.page.get_by_text("Substitut : Anne Côté")).to_have_count(0)
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
