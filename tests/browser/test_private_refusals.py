"""What is typed wrong of a claim, an incident, a person's file, and what is answered (R-8, R-40, R-82)."""

import pytest
from playwright.sync_api import expect

from policy.private_words import ClaimDecision
from policy.words import Nature
from tests.browser.living import NOT_YOURS, Sit, day, fill, kept_to_themselves, press, refused, seat
from tests.browser.served import BEFORE
from tests.cast import Cast
from tests.cast import day as a_day
from tests.desk.demands import opened
from tests.desk.filing import filed, kept
from tests.door.serving import Door

pytestmark = [pytest.mark.browser, pytest.mark.long]

CLAIM = "2026-00500"


def test_a_claim_says_no_impossible_date_nor_amount_and_the_clerk_s_no_has_its_reasons(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    filed(served_cast, CLAIM, nature=Nature.CLAIM)
    luc = seat(person, served, "technician", f"/reclamations?numero={CLAIM}")
    day(luc, "Date de l'événement", "2026-11-18")  # the town heard of it on the 16th
    fill(luc, "Montant réclamé", "1,234.56")
    press(luc, "Enregistrer")
    refused(luc, "« 1,234.56 » n'est pas un montant : écrivez-le comme 1234,56.", "P §4.1")
    fill(luc, "Montant réclamé", "1 234,56 $")
    press(luc, "Enregistrer")
    refused(luc, "L'événement ne suit pas la réception de la demande", "P §4.1")
    day(luc, "Date de l'événement", "2026-11-06")
    day(luc, "Avis écrit reçu le", "2026-11-24")
    press(luc, "Enregistrer")
    refused(luc, "L'avis écrit : le mardi 24 novembre 2026 n'est pas encore venu.", "P §4.1")
    day(luc, "Avis écrit reçu le", "2026-11-05")
    press(luc, "Enregistrer")
    refused(luc, "L'avis écrit précède l'événement du vendredi 6 novembre 2026.", "P §4.1")
    assert kept(served_cast, "claims") == []
    day(luc, "Avis écrit reçu le", "2026-11-19")
    press(luc, "Enregistrer")
    expect(luc.page.get_by_text("La réclamation est enregistrée.")).to_be_visible()
    expect(
        luc.page.get_by_text("Cette date ne s’oppose pas à la personne : le greffier décide.")
    ).to_be_visible()
    expect(luc.page.get_by_role("combobox", name="Décision")).to_have_count(0)

    paul = seat(person, served, "clerk", f"/reclamations?numero={CLAIM}")
    paul.choose("Décision", ClaimDecision.REFUSED.value)
    fill(paul, "Montant payé", "500")
    press(paul, "Enregistrer")
    refused(paul, "Un refus, même en partie, dit ses motifs.", "R-17")
    refused(paul, "Rien ne se paie d'une réclamation qui n'est pas acceptée", "P §4.1")
    fill(paul, "Montant payé", "")
    fill(paul, "Motifs de la décision", "La niveleuse n'est pas passée là.")
    day(paul, "Décidée le", "2026-11-20")
    press(paul, "Enregistrer")
    expect(paul.page.get_by_text("La réclamation est enregistrée.")).to_be_visible()
    (claim,) = kept(served_cast, "claims")
    assert (claim["amount_cents"], claim["decision"], claim["paid_cents"]) == (
        123_456,
        ClaimDecision.REFUSED,
        None,
    )
    kept_to_themselves(luc, paul)


def test_an_incident_is_entered_once_it_says_what_happened_and_is_closed_once_all_are_told(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    paul = seat(person, served, "clerk", "/incidents?incident=nouveau")
    page = paul.page
    press(paul, "Inscrire au registre")
    refused(paul, "Inscrivez le jour où l'incident a été constaté.", "LAI 63.11")
    refused(paul, "Décrivez les circonstances de l'incident.", "art. 7")
    day(paul, "Constaté le", "2026-11-25")
    fill(paul, "Circonstances", "Une liste oubliée au comptoir.")
    fill(paul, "Renseignements visés", "Des noms et des téléphones.")
    fill(paul, "Nombre de personnes concernées", "une douzaine")
    press(paul, "Inscrire au registre")
    refused(paul, "« une douzaine » n'est pas un nombre.")
    fill(paul, "Nombre de personnes concernées", "12")
    press(paul, "Inscrire au registre")
    refused(paul, "Le constat : le mercredi 25 novembre 2026 n'est pas encore venu.", "LAI 63.11")
    assert kept(served_cast, "incidents") == []
    day(paul, "Constaté le", "2026-11-19")
    page.get_by_role("button", name="Inscrire au registre").dblclick()
    expect(page.get_by_text("L’incident est inscrit au registre.")).to_be_visible()
    assert len(kept(served_cast, "incidents")) == 1
    expect(page.get_by_text("Le registre ne dit pas encore :")).to_be_visible()
    expect(page.get_by_role("button", name="Fermer l’incident")).to_have_count(0)

    paul.choose("Risque de préjudice sérieux", "Oui")
    for label in (
        "Quand il est survenu", "Sensibilité des renseignements",
        "Conséquences appréhendées", "Probabilité d'une utilisation préjudiciable", "Mesures prises",
    ):  # fmt: skip
        fill(paul, label, "Noté.")
    day(paul, "Commission d'accès avisée le", "2026-11-18")
    press(paul, "Enregistrer")
    refused(paul, "L'avis à la Commission précède le constat du jeudi 19 novembre 2026.", "LAI 63.11")
    day(paul, "Commission d'accès avisée le", "2026-11-20")
    press(paul, "Enregistrer")
    expect(page.get_by_text("Aviser les personnes concernées, ou dire pourquoi")).to_be_visible()
    expect(page.get_by_role("button", name="Fermer l’incident")).to_have_count(0)
    day(paul, "Personnes avisées le", "2026-11-20")
    press(paul, "Enregistrer")
    press(paul, "Fermer l’incident")
    expect(page.get_by_text("Fermé le vendredi 20 novembre 2026.")).to_be_visible()
    assert kept(served_cast, "incidents")[0]["closed_on"] == a_day("Fri 2026-11-20")
    luc = seat(person, served, "technician", "/incidents")
    expect(luc.page.get_by_text(NOT_YOURS)).to_be_visible()
    kept_to_themselves(paul, luc)


def test_service_is_refused_by_the_director_with_a_reason_and_an_end_to_come(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    number = opened(served_cast, at=BEFORE).number
    denis = seat(person, served, "director", "/courtoisie")
    page = denis.page
    page.get_by_label("Nom, téléphone ou adresse de la personne").fill("zzzz inconnue")
    expect(page.get_by_text("Personne ne correspond.")).to_be_visible()
    denis.goto("/courtoisie?dossier=2026-99999")
    refused(denis, "introuvable")
    denis.goto(f"/courtoisie?dossier={number}")
    press(denis, "Refuser le service")
    refused(denis, "motif", "SJ")
    page.get_by_label("Motif : ce qui s’est passé, et quand").fill("Menaces au comptoir.")
    day(denis, "Dernier jour du refus", "2026-11-19")
    press(denis, "Refuser le service")
    refused(denis, "SJ, « Le respect et la courtoisie »")
    assert kept(served_cast, "service_refusals") == []
    day(denis, "Dernier jour du refus", "2026-12-16")
    page.get_by_role("button", name="Refuser le service").dblclick()
    expect(page.get_by_text("Le service est refusé jusqu’au 16 décembre 2026 (inclus).")).to_be_visible()
    (row,) = kept(served_cast, "service_refusals")
    assert row["ends_on"] == a_day("Wed 2026-12-16")
    julie = seat(person, served, "secretary", f"/dossier?numero={number}")
    expect(julie.page.get_by_role("heading", name=f"Dossier {number}")).to_be_visible()
    assert "refusé" not in julie.page.get_by_test_id("stMain").inner_text()
    press(denis, "Lever le refus")
    expect(page.get_by_text("Le refus est levé")).to_be_visible()
    kept_to_themselves(denis, julie)


def test_a_person_s_file_is_asked_with_a_name_that_is_known_and_by_who_may(
    served: Door, served_cast: Cast, person: Sit
) -> None:
    file = opened(served_cast, at=BEFORE)
    paul = seat(person, served, "clerk", "/personne")
    page = paul.page
    page.get_by_label("Nom, téléphone ou adresse").fill("zzzz inconnue")
    expect(page.get_by_text("Aucune autre fiche ne correspond.")).to_be_visible()
    expect(page.get_by_role("button", name="Réunir le dossier")).to_have_count(0)
    page.get_by_label("Nom, téléphone ou adresse").fill("450 555-0199")
    page.get_by_role("button", name="Marie-Ève Lefrançois").click()
    press(paul, "Retirer")
    expect(page.get_by_role("button", name="Réunir le dossier")).to_have_count(0)
    page.get_by_role("button", name="Marie-Ève Lefrançois").click()
    press(paul, "Réunir le dossier")
    expect(page.get_by_role("heading", name="Ce qui est détenu")).to_be_visible()
    seed = f"citizens.{file.citizen}"
    bad = paul.context.request.get(f"{served.url}/telecharger/personne.pdf?de=citizens.jamais-vu")
    assert bad.status in (403, 404) and not bad.body().startswith(b"%PDF")
    luc = seat(person, served, "technician", "/personne")
    expect(luc.page.get_by_text(NOT_YOURS)).to_be_visible()
    assert luc.context.request.get(f"{served.url}/telecharger/personne.xlsx?de={seed}").status == 403
    kept_to_themselves(paul, luc)
