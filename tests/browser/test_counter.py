"""At the counter in a real browser: a neighbour calls again, the text is read, everyone is told once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from desk.outbox import RemoteError
from sync.states import MailKind
from tests.browser.served import BEFORE
from tests.cast import CAST, PASSWORD, Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.door.serving import Door, Sitter
from tests.jobs.post import Tray, look

pytestmark = [pytest.mark.browser, pytest.mark.long]

Sit = Callable[..., Sitter]
LUC, JULIE = CAST["technician"].email, CAST["secretary"].email
NUMBER = "2026-00003"  # rue des Érables, 1234, taken by Travaux publics


def test_a_neighbour_calls_again_the_text_is_read_and_both_are_told_once(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = person(served, LUC, PASSWORD)
    luc.goto("/nouvelle-demande")
    page = luc.page
    page.get_by_label("Nom et prénom").fill("Zoé Picard")
    page.get_by_label("Courriel", exact=True).fill("zoe@exemple.test")
    page.get_by_label("Numéro civique du lieu").fill("1234")
    page.get_by_label("Rue ou lieu").fill("rue des Erables")
    page.keyboard.press("Tab")
    page.locator("[class*=st-key-nd-again]").first.get_by_role("button").click()
    save = page.get_by_role("button", name=re.compile("Noter l’appel au dossier 2026-0000"))
    number = re.search(r"2026-\d{5}", save.inner_text())
    assert number is not None
    save.click()
    expect(
        page.get_by_role("alert").get_by_text("Écrivez ce que la personne a dit cette fois")
    ).to_be_visible()
    page.get_by_label("Exposé des faits").fill("La lumière clignote encore 💡")
    page.keyboard.press("Tab")
    save.dblclick()
    expect(page.get_by_text("c'est le premier nouvel appel")).to_be_visible()
    assert len(kept(served_cast, "contacts")) == 1

    julie = person(served, JULIE, PASSWORD)
    julie.goto(f"/dossier?numero={number[0]}")
    page = julie.page
    expect(page.get_by_text("La lumière clignote encore 💡").first).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Fermer", exact=True).click()
    page.get_by_label(re.compile("^4. Note interne")).fill("Ampoule changée.")
    page.get_by_role("combobox", name="Insérer un modèle").press("ArrowDown")
    page.get_by_role("option", name="Demande complétée").click()
    expect(page.get_by_label(re.compile("^5. Information"))).to_have_value(re.compile(number[0]))
    page.get_by_role("button", name="Faire relire par le service aux citoyens").dblclick()
    expect(page.get_by_text("Pas encore envoyé.")).to_be_visible()
    assert kept(served_cast, "mails", kind=MailKind.CLOSING) == []

    luc.goto("/relecture")
    text = luc.page.get_by_label("Information pour le demandeur")
    text.fill("")
    luc.page.get_by_role("button", name="Approuver et envoyer").click()
    expect(luc.page.get_by_text("Écrivez le texte pour le citoyen")).to_be_visible()
    text.fill("Le lampadaire éclaire.")
    luc.page.get_by_role("button", name="Approuver et envoyer").dblclick()
    expect(luc.page.get_by_text("Aucun texte n’attend.")).to_be_visible()
    mailed = [row["to_address"] for row in kept(served_cast, "mails", kind=MailKind.CLOSING)]
    assert mailed == ["zoe@exemple.test"]


def test_a_no_without_anywhere_to_turn_is_refused_and_a_resource_completes_it(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    julie = person(served, JULIE, PASSWORD)
    julie.goto(f"/dossier?numero={NUMBER}")
    page = julie.page
    page.get_by_test_id("stButtonGroup").get_by_text("Fermer", exact=True).click()
    julie.choose("1. Code d’intervention", "244 Hors de la compétence de la ville")
    page.get_by_label(re.compile("^4. Note interne")).fill("Route de la province.")
    page.get_by_label(re.compile("^5. Information")).fill("Cette route n'est pas de la ville.")
    close = page.locator(".st-key-do-CLOSE").get_by_role("button")
    close.click()
    expect(page.get_by_text("vers qui se tourner")).to_be_visible()
    page.get_by_role("combobox", name="Ajouter une ressource").press("ArrowDown")
    page.get_by_role("option", name="Autoroute ou route provinciale").click()
    expect(page.get_by_label(re.compile("^5. Information"))).to_have_value(
        re.compile("ministère des Transports")
    )
    close.click()
    expect(page.get_by_text(f"Dossier {NUMBER} fermé.")).to_be_visible()


def test_a_mistyped_address_is_corrected_and_what_was_refused_leaves_again_once(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = opened(served_cast, at=BEFORE).number
    look(served_cast, BEFORE, Tray(refuse=lambda parcel: RemoteError("boîte inconnue", again=False)))
    luc = person(served, LUC, PASSWORD)
    luc.goto(f"/dossier?numero={number}")
    page = luc.page
    expect(page.get_by_role("link", name="Accusé de réception à imprimer")).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("Corriger les coordonnées", exact=True).click()
    page.get_by_label("Courriel", exact=True).fill("marie@")
    page.get_by_label("Courriel", exact=True).press("Tab")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert").get_by_text("n'est pas une adresse courriel")).to_be_visible()
    page.get_by_label("Courriel", exact=True).fill("marie.eve@exemple.test")
    page.get_by_label("Courriel", exact=True).press("Tab")
    page.get_by_role("button", name="Enregistrer").dblclick()
    expect(page.get_by_text("coordonnées corrigées")).to_be_visible()

    luc.goto("/courriels")
    page.locator("[class*=st-key-co_again_task]").first.locator("label").click()
    expect(page.get_by_text("marie.eve@exemple.test").first).to_be_visible()
    page.get_by_role("button", name="Oui, renvoyer").dblclick()
    expect(page.get_by_text("repart à").first).to_be_visible()
    again = [row["to_address"] for row in kept(served_cast, "mails") if row["again_of"]]
    assert again == ["marie.eve@exemple.test"]
