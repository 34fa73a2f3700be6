"""A demand classified at the desk: by whom it came, what it is, settled at once, a twin (R-2 to R-4)."""

import pytest
from playwright.sync_api import expect

from policy.words import Channel, Nature, State
from sync.history import entries
from tests.browser.living import (
    Sit,
    called,
    fill,
    gesture,
    kept_to_themselves,
    number_of,
    press,
    refused,
    save,
    seat,
)  # fmt: skip
from tests.browser.served import file_of
from tests.cast import Cast
from tests.desk.filing import filed, kept
from tests.door.serving import Door

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_what_a_member_of_council_forwards_names_the_member(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    called(luc, "Un banc cassé au parc.")
    luc.choose("Provenance", Channel.COUNCIL.value)
    luc.choose("Catégorie", "Nid-de-poule")
    before = len(kept(served_cast, "files"))
    save(luc)
    refused(luc, "Nommez le membre du conseil qui transmet la demande.", "R-2")
    assert len(kept(served_cast, "files")) == before
    luc.choose("Transmise par", "Hélène Fortin")
    luc.page.get_by_role("button", name="Enregistrer la demande").dblclick()
    file = file_of(served_cast, number_of(luc))
    assert (file["channel"], file["forwarded_by"]) == (Channel.COUNCIL, served_cast.council["Hélène Fortin"])
    assert len(kept(served_cast, "files")) == before + 1
    kept_to_themselves(luc)


def test_an_information_is_settled_at_once_with_its_answer_and_nobody_is_written_to(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    called(luc, "À quelle heure ferme l'écocentre ?")
    luc.choose("Nature", Nature.INFORMATION.value)
    save(luc)
    refused(luc, "écrivez la réponse donnée", "annexe A, point 4")
    luc.page.get_by_role("textbox", name="Réponse donnée").fill("À 16 h, sauf le dimanche.")
    luc.page.keyboard.press("Tab")
    expect(luc.page.get_by_text("Réglée au premier contact : aucune date à promettre.")).to_have_count(0)
    save(luc)
    expect(luc.page.get_by_text("le dossier est ouvert et fermé.")).to_be_visible()
    file = file_of(served_cast, number_of(luc))
    assert (file["state"], file["first_contact"], file["note"]) == (
        State.DONE,
        True,
        "À 16 h, sauf le dimanche.",
    )
    assert file["code"] == served_cast.codes["238"] and file["done_extension"] == "2201"
    assert kept(served_cast, "mails", file=file["id"]) == [] and kept(served_cast, "tasks") == []

    luc.goto(f"/dossier?numero={file['number']}")
    expect(luc.page.get_by_text("Réglée au premier contact").first).to_be_visible()
    luc.page.locator("summary", has_text="Pourquoi pas les autres gestes ?").click()
    expect(luc.page.get_by_text("n'appelle ni suivi ni intervention : reclassez-le d'abord")).to_be_visible()
    kept_to_themselves(luc)


def test_a_request_answered_on_the_spot_is_one_gesture_and_a_claim_never_is(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    called(luc, "Un lampadaire clignote.")
    luc.choose("Nature", Nature.CLAIM.value)
    settled, anonymous = "Réglée au premier contact", "La personne veut rester anonyme"
    for label in (settled, anonymous):
        luc.page.get_by_text(label, exact=True).click()
        luc.ready()
    fill(luc, "Réponse donnée", "Redémarré à distance.")
    save(luc)
    refused(luc, "Une réclamation")
    before = len(kept(served_cast, "files"))
    luc.page.get_by_text(anonymous, exact=True).click()
    luc.ready()
    expect(luc.page.get_by_label("Nom et prénom", exact=True)).to_have_value("Rose Lemieux")
    luc.choose("Nature", Nature.REQUEST.value)
    luc.choose("Catégorie", "Nid-de-poule")
    save(luc)
    file = file_of(served_cast, number_of(luc))
    assert len(kept(served_cast, "files")) == before + 1
    assert (file["state"], file["first_contact"], file["anonymous"]) == (State.DONE, True, False)
    (citizen,) = kept(served_cast, "citizens", id=file["citizen"])
    assert (citizen["name"], citizen["email"]) == ("Rose Lemieux", "rose@exemple.test")
    kept_to_themselves(luc)


def test_a_request_becomes_an_information_once_no_department_follows_it_and_the_history_stays(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    filed(served_cast, "2026-00040", department=None)
    luc = seat(person, served, "technician", "/dossier?numero=2026-00003")
    gesture(luc, "Reclasser")
    press(luc, "Reclasser")
    expect(luc.page.get_by_text("Dossier 2026-00003 : c'était déjà fait.")).to_be_visible()
    gesture(luc, "Reclasser")
    luc.choose("Nature", Nature.INFORMATION.value)
    press(luc, "Reclasser")
    refused(luc, "Un service s'occupe de ce dossier", "P §4.1")
    luc.choose("Nature", Nature.ACCESS.value)
    press(luc, "Reclasser")
    refused(luc, "Une demande d'accès aux documents ne s'inscrit pas avec les autres", "P §4.6")
    assert file_of(served_cast, "2026-00003")["nature"] is Nature.REQUEST

    luc.goto("/dossier?numero=2026-00040")
    gesture(luc, "Reclasser")
    luc.choose("Nature", Nature.INFORMATION.value)
    fill(luc, "Motif", "Une question, rien à faire sur place.")
    press(luc, "Reclasser")
    expect(luc.page.get_by_text("Dossier 2026-00040 reclassé.")).to_be_visible()
    file = file_of(served_cast, "2026-00040")
    assert (file["nature"], file["target_on"]) == (Nature.INFORMATION, None)
    expect(luc.page.get_by_text("Luc Tremblay a reclassé le dossier.").first).to_be_visible()
    with served_cast.house.store.reading() as tx:
        told = [
            each.changes["nature"] for each in entries(tx, "files", file["id"]) if "nature" in each.changes
        ]
    assert list(told[-1]) == [Nature.REQUEST, Nature.INFORMATION]
    kept_to_themselves(luc)


def test_what_is_not_the_town_s_is_said_beside_the_facts_as_they_are_typed(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    luc = seat(person, served, "technician", "/nouvelle-demande")
    called(luc, "Une chicane de clôture avec mon voisin.")
    warned = luc.page.get_by_role("alert").filter(has_text="Hors compétence : Litige entre voisins")
    expect(warned).to_contain_text("Un notaire, un avocat ou un service de médiation")
    luc.page.get_by_label("Chercher un guide, une personne-ressource").fill("xyzzy")
    expect(luc.page.get_by_text("Aucun guide ne correspond.")).to_be_visible()
    luc.page.get_by_label("Chercher un guide, une personne-ressource").fill("911")
    expect(luc.page.get_by_text("Danger immédiat")).to_be_visible()
    expect(luc.page.get_by_label("Exposé des faits")).to_have_value("Une chicane de clôture avec mon voisin.")
    assert not kept(served_cast, "citizens")
    kept_to_themselves(luc)


def test_a_file_is_the_duplicate_of_another_that_is_open_and_of_nothing_else(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number, original = "2026-00003", "2026-00004"
    luc = seat(person, served, "technician", f"/dossier?numero={number}")
    gesture(luc, "Lier comme doublon")
    for typed, words in (
        ("2026-99999", "introuvable"),
        (number, "Un dossier n'est pas le doublon de lui-même."),
    ):
        fill(luc, "Numéro du dossier d’origine", typed)
        press(luc, "Lier comme doublon")
        refused(luc, words)
    assert file_of(served_cast, number)["duplicate_of"] is None
    fill(luc, "Numéro du dossier d’origine", original)
    press(luc, "Lier comme doublon")
    expect(luc.page.get_by_text(f"Dossier {number} lié au dossier {original} comme doublon.")).to_be_visible()
    assert file_of(served_cast, number)["duplicate_of"] == file_of(served_cast, original)["id"]
    luc.goto("/dossier?numero=2026-00005")
    gesture(luc, "Lier comme doublon")
    fill(luc, "Numéro du dossier d’origine", number)
    press(luc, "Lier comme doublon")
    refused(luc, f"Le dossier {number} est déjà un doublon", "R-18")

    julie = seat(person, served, "secretary", f"/dossier?numero={number}")
    julie.page.locator("summary", has_text="Pourquoi pas les autres gestes ?").click()
    expect(julie.page.get_by_text("Ce dossier est un doublon").first).to_be_visible()
    kept_to_themselves(luc, julie)
