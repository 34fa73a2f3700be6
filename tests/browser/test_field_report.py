"""A field report on a telephone, from the pavement to its number; a lost network; a complaint."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import FilePayload, Page, expect

from sync.schema import METADATA
from tests.browser.reading import english, overflows, serious
from tests.browser.served import file_of
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.documents import PDF, PNG
from tests.desk.filing import kept
from tests.door.serving import Door, Sitter

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
PHONE = {"width": 390, "height": 844}
OMAR, LUC = CAST["outsider"].email, CAST["technician"].email


def photograph(page: Page, *names: str) -> None:
    """Choose photographs, and wait until each is kept."""
    before = page.locator("[class*=st-key-te-photo]").count()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="image/png", buffer=PNG + name.encode()) for name in names]
    )
    expect(page.locator("[class*=st-key-te-photo]")).to_have_count(before + len(names))


def kept_of(cast: Cast, word: str) -> list[str]:
    """The columns of the database in which the word lies."""
    with cast.house.store.reading() as tx:
        return sorted(
            {
                f"{table.name}.{name}"
                for table in METADATA.sorted_tables
                for row in tx.connection.execute(sa.select(table)).mappings()
                for name, value in row.items()
                if word in str(value)
            }
        )


def test_a_report_with_photographs_becomes_a_file_and_its_author_reads_so(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    omar = person(served, OMAR, PASSWORD, at="/signalement", viewport=PHONE)
    page = omar.page
    expect(page.get_by_role("heading", name="Signalement terrain", level=1)).to_be_visible()
    assert not overflows(page) and not serious(page) and not english(page)
    page.get_by_label("Rue ou lieu").fill("rue de la Station")
    page.get_by_label("Exposé des faits").fill("Un trou 🕳️ profond")
    photograph(page, "trou été.png", "de près.png")
    expect(page.get_by_role("img", name=re.compile("Photo trou été"))).to_be_visible()
    assert page.get_by_role("img", name=re.compile("Photo trou été")).evaluate("picture => picture.complete")
    page.get_by_text(re.compile(r"^Il manque \d éléments$")).click()
    expect(page.get_by_text("Son adresse complète.")).to_be_visible()
    page.get_by_role("button", name="Envoyer au service aux citoyens").dblclick()
    expect(page.get_by_text("Le service aux citoyens l’a reçu")).to_be_visible()
    assert len(kept(served_cast, "field_reports")) == 1
    luc = person(served, LUC, PASSWORD)
    luc.goto("/a-accueillir")
    expect(luc.page.get_by_text("Omar Haddad")).to_be_visible()
    expect(luc.page.get_by_role("img", name=re.compile("Photo de près"))).to_be_visible()
    (report,) = kept(served_cast, "field_reports")
    luc.goto(f"/nouvelle-demande?saisie=terrain-{report['id']}")
    expect(luc.page.get_by_label("Exposé des faits")).to_have_value("Un trou 🕳️ profond")
    luc.page.get_by_label("Nom et prénom").fill("Rose Lemieux")
    luc.page.get_by_label("Téléphone").fill("450 555-0188")
    luc.choose("Catégorie", "Nid-de-poule")
    luc.page.get_by_role("button", name="Enregistrer la demande").click()
    shown = luc.page.get_by_test_id("stMetricValue")
    expect(shown).to_have_text(re.compile(r"^\s*2026-\d{5}\s*$"))
    number = shown.inner_text().strip()
    assert file_of(served_cast, number)["received_at"] == report["sent_at"]
    luc.goto(f"/dossier?numero={number}")
    expect(luc.page.get_by_role("link", name="de près.png")).to_be_visible()
    omar.goto("/signalement")
    expect(page.get_by_text(f"Dossier {number} : Acheminée")).to_be_visible()
    omar.goto(f"/dossier?numero={number}")
    expect(page.get_by_text("Un trou 🕳️ profond")).to_be_hidden()
    julie = person(served, CAST["secretary"].email, PASSWORD)
    julie.goto("/signalement")
    expect(julie.page.get_by_text("Vous n’en avez envoyé aucun encore.")).to_be_visible()


def test_a_complaint_leaves_nothing_behind_whatever_was_typed_before(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    omar = person(served, OMAR, PASSWORD, at="/signalement", viewport=PHONE)
    page = omar.page
    page.get_by_label("Exposé des faits").fill("sentinellefaits")
    page.get_by_label("Nom et prénom").fill("sentinellenom")
    page.keyboard.press("Tab")
    photograph(page, "sentinellephoto.png")
    assert kept_of(served_cast, "sentinelle") == [
        "drafts.value",
        "report_photos.content",
        "report_photos.name",
    ]
    page.get_by_test_id("stButtonGroup").get_by_text("Plainte", exact=True).click()
    expect(page.get_by_text("Plainte ? Dirigez la personne vers le service aux citoyens")).to_be_visible()
    expect(page.get_by_role("button", name="Envoyer au service aux citoyens")).to_be_hidden()
    expect(page.get_by_label("Exposé des faits")).to_be_hidden()
    omar.ready()
    assert kept_of(served_cast, "sentinelle") == []
    page.get_by_test_id("stButtonGroup").get_by_text("Requête", exact=True).click()
    expect(page.get_by_label("Exposé des faits")).to_have_value("")
    page.reload()
    expect(page.get_by_label("Exposé des faits")).to_have_value("")
    assert kept_of(served_cast, "sentinelle") == [] and kept(served_cast, "field_reports") == []


def test_a_network_that_drops_costs_nothing_that_was_typed_or_taken(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    omar = person(served, OMAR, PASSWORD, at="/signalement", viewport=PHONE)
    page = omar.page
    page.get_by_label("Rue ou lieu").fill("rue du Lac")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Brouillon conservé")).to_be_visible()
    photograph(page, "avant.png")
    there = page.url
    page.close()  # the telephone is lost in the middle of the gesture
    again = omar.context.new_page()
    again.goto(there)
    expect(again.get_by_label("Rue ou lieu")).to_have_value("rue du Lac")
    expect(again.get_by_role("img", name="Photo avant.png")).to_be_visible()
    elsewhere = person(served, OMAR, PASSWORD, at="/signalement")
    elsewhere.page.get_by_role("button", name=re.compile("Reprendre : commencé")).click()
    expect(elsewhere.page.get_by_label("Rue ou lieu")).to_have_value("rue du Lac")
    elsewhere.page.get_by_role("button", name="Envoyer au service aux citoyens").click()
    expect(elsewhere.page.get_by_text("Le service aux citoyens l’a reçu")).to_be_visible()
    again.get_by_role("button", name="Envoyer au service aux citoyens").click()  # and on the first one too
    expect(again.get_by_text("Le service aux citoyens l’a reçu")).to_be_visible()
    assert len(kept(served_cast, "field_reports")) == 1


def test_what_is_no_photograph_and_nothing_at_all_are_refused_in_french(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    omar = person(served, OMAR, PASSWORD, at="/signalement", viewport=PHONE)
    page = omar.page
    page.get_by_role("button", name="Envoyer au service aux citoyens").click()
    expect(page.get_by_text("Rien n'est encore noté")).to_be_visible()
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=PDF)
    )
    expect(page.get_by_text("son contenu n'est pas celui d'un fichier JPEG")).to_be_visible()
    assert kept(served_cast, "report_photos") == [] and kept(served_cast, "field_reports") == []
    assert not english(page)
