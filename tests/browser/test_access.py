"""The whole life of a request for access in a real browser: the desk, the clerk, the direction générale."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from desk.access_letters import NAMES
from policy.private_words import AccessState
from tests.browser.reading import english, overflows, serious
from tests.cast import CAST, PASSWORD, Cast, moment
from tests.desk.filing import kept
from tests.door.serving import Clock, Door, Sitter, still

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
NUMBER = "A2026-0001"
ADDRESS = f"/acces?numero={NUMBER}"
TALL = {"width": 1280, "height": 2_400}  # axe judges only what is in sight
PHONE = {"width": 390, "height": 2_400}


def sitting(person: Sit, served: Door, who: str, address: str, **more: object) -> Sitter:
    someone = person(served, CAST[who].email, PASSWORD, **more)
    someone.goto(address)
    return someone


def unfold(page: Page, title: str) -> None:
    page.get_by_text(title, exact=True).click()
    still(page)


def reads_well(page: Page) -> None:
    assert not english(page)
    assert not serious(page)
    assert not overflows(page)


def deposit(someone: Sitter) -> None:
    page = someone.page
    page.get_by_role("textbox", name="Documents demandés").fill("Les plans de l'aréna.")
    page.get_by_label("Nom et prénom").fill("Rose Lemieux")
    page.get_by_label("Courriel").fill("rose@exemple.test")
    page.get_by_role("button", name="Inscrire la demande d’accès").dblclick()
    expect(page.get_by_test_id("stMetricValue")).to_have_text(re.compile(NUMBER))


def test_a_request_lives_from_the_desk_to_its_answer(
    served: Door, served_cast: Cast, person: Sit, clock: Clock
) -> None:
    desk = sitting(person, served, "technician", "/nouvelle-demande")
    desk.choose("Nature", "Demande d'accès")
    expect(desk.page.get_by_role("link", name="Inscrire la demande d’accès")).to_be_visible()
    desk.goto("/acces")
    deposit(desk)
    assert len(kept(served_cast, "access_requests")) == 1
    expect(desk.page.get_by_text("jeudi 10 décembre 2026").first).to_be_visible()
    refused = desk_sees_nothing(desk)

    general = sitting(person, served, "general", "/acces")
    expect(general.page.get_by_role("link", name=NUMBER)).to_have_attribute("href", ADDRESS)
    general.goto(ADDRESS)
    expect(general.page.get_by_text("Les plans de l'aréna.").first).to_be_visible()
    assert "Rose" not in general.page.title() and "Rose" not in general.page.url
    page = general.page
    assert page.request.get(f"/telecharger/acces-lettre?numero={NUMBER}&lettre=avis").body()[:4] == b"%PDF"
    unfold(page, "Pas maintenant, et pourquoi")
    expect(page.get_by_text("C'est le greffier qui prolonge le délai.")).to_be_visible()
    unfold(page, "Transmettre l’avis de réception")
    page.get_by_role("button", name="L’avis est parti : le garder au dossier").click()
    expect(page.get_by_text("L'avis de réception est au dossier.")).to_be_visible()

    clerk_extends(sitting(person, served, "clerk", ADDRESS), served_cast)

    clock.at = moment("Mon 2026-12-14 09:00")  # the sessions of November have ended
    general = sitting(person, served, "general", ADDRESS)
    page = general.page
    refuse_then_answer(general)
    (row,) = kept(served_cast, "access_requests")
    assert row["state"] is AccessState.ANSWERED
    letters = {row["name"] for row in kept(served_cast, "private_documents")}
    assert letters == {f"{title} {NUMBER}.pdf" for title in NAMES.values()}
    register = load_workbook(BytesIO(page.request.get("/telecharger/acces.xlsx").body()))
    assert [row[0].value for row in register.worksheets[0].iter_rows(min_row=2)] == [NUMBER]
    assert refused == ("Dossier introuvable.", 403)
    for someone in (desk, general):
        assert not someone.outside


def desk_sees_nothing(desk: Sitter) -> tuple[str, int]:
    """What the desk reads at the address of a request, the same as at that of none."""
    words = []
    for number in (NUMBER, "A2026-0099"):
        desk.goto(f"/acces?numero={number}")
        words.append(desk.page.get_by_role("alert").inner_text())
        assert "aréna" not in desk.page.content() and "Rose" not in desk.page.content()
    assert words[0] == words[1]
    statuses = {
        desk.page.request.get(f"/telecharger/{what}").status
        for what in ("acces.xlsx", f"acces-lettre?numero={NUMBER}&lettre=avis")
    }
    (status,) = statuses
    return words[0].strip().splitlines()[-1], status


def clerk_extends(clerk: Sitter, cast: Cast) -> None:
    page = clerk.page
    unfold(page, "Prolonger le délai")
    page.get_by_role("button", name="L’avis est parti : prolonger").click()
    expect(page.get_by_text("des activités de la Ville.")).to_be_visible()
    assert kept(cast, "access_requests")[0]["extended_on"] is None
    page.get_by_label("En quoi répondre en vingt jours nuirait").fill("Deux ans de registres à relire.")
    page.get_by_role("button", name="Préparer l’avis à relire").click()
    expect(page.get_by_role("link", name="Aperçu : avis de prolongation")).to_be_visible()
    clerk.ready()
    page.get_by_role("button", name="L’avis est parti : prolonger").click()
    expect(page.get_by_text("Le délai est prolongé.")).to_be_visible()
    expect(page.get_by_text("dimanche 20 décembre 2026").first).to_be_visible()


def refuse_then_answer(general: Sitter) -> None:
    page = general.page
    unfold(page, "Décider")
    general.choose("Décision", "Refus")
    page.get_by_label("Motifs du refus").fill("La sécurité de l'aréna.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Indiquez la disposition de la loi")).to_be_visible()
    expect(page.get_by_label("Motifs du refus")).to_have_value("La sécurité de l'aréna.")
    page.get_by_role("textbox", name="Dispositions de la loi, avec leur texte").fill("Article 29 : sécurité.")
    page.get_by_role("button", name="Enregistrer la décision").click()
    expect(page.get_by_text("Décision : Refus").first).to_be_visible()
    unfold(page, "Transmettre la réponse")
    page.get_by_role("button", name="La réponse est partie").click()
    expect(page.get_by_text("Réponse transmise le lundi 14 décembre 2026").first).to_be_visible()
    expect(page.get_by_text("Plus rien n’est attendu de la Ville.")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(TALL, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_its_screens_are_readable_by_all_and_in_french(
    served: Door, person: Sit, clock: Clock, viewport: dict[str, int], scheme: str
) -> None:
    desk = sitting(person, served, "technician", "/acces", viewport=viewport, color_scheme=scheme)
    reads_well(desk.page)
    deposit(desk)
    reads_well(desk.page)
    clock.at = moment("Mon 2026-12-14 09:00")  # past the last day of the Law: red, in words too
    general = sitting(person, served, "general", "/acces", viewport=viewport, color_scheme=scheme)
    expect(general.page.get_by_text("Réputée refusée")).to_be_visible()
    reads_well(general.page)
    general.goto(ADDRESS)
    for title in ("Décider", "Pas maintenant, et pourquoi", "Corriger, compléter, noter"):
        unfold(general.page, title)
    general.ready()
    reads_well(general.page)
    assert not general.complaints
