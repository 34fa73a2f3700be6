"""Each letter of the town on paper: its words, its address, nothing that it must not say."""

from collections.abc import Mapping
from typing import Any

import pytest

from config.letters import environment
from desk.house import House
from desk.printing import OURS, heading, printed
from policy.access import recourse, silence
from policy.hours import parse_hours
from policy.private_words import Decision
from policy.rules import Rules
from policy.words import Duty
from tests.cast import day
from tests.desk.paper import Paper, paper, where

NOTHING: Any = None
HOUSE = House(NOTHING, environment(), "https://guichet.prevost.test", "guichet@prevost.test")
RULES = Rules("Ville de Prévost", parse_hours("lundi 08:00-16:30"), day("Mon 2026-11-02"))
WRITTEN: Mapping[str, Any] = {
    "town": heading(RULES),
    "date": day("Mon 2026-11-23"),
    "to": {"name": "Léa Côté", "lines": ["12, rue des Érables"]},
    "signatory": {"name": "Denis Bélanger", "title": "Directeur du service aux citoyens"},
    "number": "P2026-0007",
    "received_on": day("Fri 2026-11-06"),
}
GROUNDS = (
    {"message": "La plainte n'est pas signée.", "article": "P §4.1"},
    {"message": "Elle a été faite plus de 15 jours après les faits.", "article": "P §4.4"},
    {"message": "Rien de plus.", "article": ""},
)
ACCESS: dict[str, Any] = {
    "number": "A2026-0003",
    "received_on": day("Sat 2026-12-05"),
    "legal_on": day("Fri 2026-12-25"),
    "silence": silence(day("Fri 2026-12-25")),
    "recourse": recourse(),
}
ANSWER = ACCESS | {
    "decision": Decision.PARTIAL,
    "reason": "Un tiers.\n\nUn avis.",
    "provisions": "LAI 23\nLAI 37",
}
DESIGNATION: Mapping[str, Any] = {
    "department": "Travaux publics",
    "director": "Réal Savard",
    "duty": Duty.RECEPTION,
    "person": "Julie Gagnon",
    "email": "travaux@prevost.test",
    "extension": "2310",
    "starts_on": day("Tue 2026-12-01"),
}
EVERYTHING: Mapping[str, Any] = {
    "person": "Léa Côté",
    "sections": [
        {
            "title": "Demandes",
            "columns": ["Numéro", "Reçue le", "Faits"],
            "rows": [["2026-00001", day("Fri 2026-11-06"), None]],
        },
        {"title": "Courriels", "columns": ["Objet"], "rows": []},
    ],
}
INCIDENT: Mapping[str, Any] = {
    "information": "Nom et adresse.",
    "what": "Un courriel parti à la mauvaise personne.",
    "occurred": "12 novembre 2026",
    "measures": "Le courriel a été détruit.",
    "contact": "Paul Lavoie, greffier.",
}
ORDER = {
    "number": "2026-00042",
    "title": "Nid-de-poule",
    "priority": "Haute",
    "rows": [("Lieu", "88 rue Principale")],
    "facts": "Devant l'église.",
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "accuse": {"rows": [("Service", "Travaux publics")]},
    "plainte_reponse": {"answer": "Nous avons rencontré chacun."},
    "plainte_irrecevable": {"grounds": GROUNDS},
    "acces_avis": ACCESS,
    "acces_prolongation": ACCESS
    | {"first_on": day("Fri 2026-12-25"), "days": 10, "legal_on": day("Mon 2027-01-04")},
    "acces_reponse": ANSWER,
    "annexe_c": DESIGNATION,
    "dossier_personne": EVERYTHING,
    "incident_avis": INCIDENT,
    "bon_travail": {"orders": [ORDER]},
    "mesures": {
        "period": "novembre 2026",
        "about": "Toute la ville",
        "early": True,
        "sections": [{"title": "Par service", "columns": ["Service", "Reçues"], "rows": [["Voirie", "3"]]}],
    },
}
ON_NO_ENVELOPE = {"annexe_c", "dossier_personne", "bon_travail", "mesures"}


def read(template: str, **values: Any) -> Paper:
    return paper(printed(HOUSE, template, {**WRITTEN, **EXAMPLES[template], **values}))


def test_every_template_of_ours_has_its_example() -> None:
    assert {path.stem for path in OURS.glob("*.typ")} - {"lettre"} == set(EXAMPLES)


@pytest.mark.parametrize("template", EXAMPLES)
def test_every_letter_is_tagged_titled_french_and_signed_by_the_town(template: str) -> None:
    found = read(template)
    assert found.tagged and found.universal and found.title and found.language == "fr-CA"
    assert "/H1" in found.roles and "Ville de Prévost" in found.words


@pytest.mark.parametrize("template", sorted(set(EXAMPLES) - ON_NO_ENVELOPE))
def test_every_letter_to_a_person_bears_the_address_for_the_window(template: str) -> None:
    assert "Léa Côté 12, rue des Érables" in read(template).words


@pytest.mark.parametrize("template", ["plainte_reponse", "plainte_irrecevable"])
def test_what_shows_of_a_complaint_on_its_letter_is_its_number_only(template: str) -> None:
    found = read(template)
    assert found.title == "Votre dossier P2026-0007"
    assert "Denis Bélanger Directeur du service aux citoyens" in found.words


def test_the_answer_to_a_complaint_holds_what_was_written_and_nothing_else_of_the_file() -> None:
    found = read(
        "plainte_reponse", targeted="Réal Savard", facts="Secret", answer="Premier.\n\nDeuxième *ligne*."
    )
    assert "Premier. Deuxième *ligne*." in found.words
    assert "Savard" not in found.words and "Secret" not in found.words


def test_every_ground_is_told_with_its_article() -> None:
    words = read("plainte_irrecevable").words
    assert "La plainte n'est pas signée (P §4.1)." in words
    assert "plus de 15 jours après les faits (P §4.4)." in words
    assert "Rien de plus." in words


def test_the_notice_of_receipt_gives_the_date_the_delay_the_silence_and_the_recourse() -> None:
    words = read("acces_avis").words
    for expected in ("5 décembre 2026", "25 décembre 2026", "vingt jours", "réputé refusé", "article 135"):
        assert expected in words
    assert "Commission d'accès à l'information" in words


def test_the_extension_gives_its_ground_its_days_and_the_new_last_day() -> None:
    words = read("acces_prolongation").words
    assert "nuire au déroulement normal des activités" in words
    assert "de 10 jours" in words and "4 janvier 2027" in words
    assert "d'un jour" in read("acces_prolongation", days=1).words


@pytest.mark.parametrize("decision", Decision)
def test_every_decision_has_its_letter(decision: Decision) -> None:
    assert f"Décision : {decision.value.lower()}" in read("acces_reponse", decision=decision).words


def test_a_refusal_tells_its_reasons_its_provisions_and_the_recourse() -> None:
    words = read("acces_reponse").words
    for expected in ("Motifs Un tiers. Un avis.", "LAI 23", "LAI 37", "Votre recours", "trente (30) jours"):
        assert expected in words


def test_an_access_granted_without_reasons_has_no_empty_part() -> None:
    words = read("acces_reponse", decision=Decision.GRANTED, reason="", provisions=None, recourse=()).words
    assert "Motifs" not in words and "Dispositions" not in words and "recours" not in words


def test_the_form_of_annexe_c_is_filled_and_waits_for_both_signatures() -> None:
    words = read("annexe_c").words
    for expected in (
        *("Travaux publics", "Réal Savard", "Responsable de la réception", "Julie Gagnon"),
        *("travaux@prevost.test", "2310", "à compter du 1er décembre 2026"),
        *("Signature de l'employé(e)", "Signature de la direction"),
    ):
        assert expected in words
    assert "du 1er décembre 2026 au 4 janvier 2027" in read("annexe_c", ends_on=day("Mon 2027-01-04")).words


def test_what_is_held_about_a_person_is_in_tables_with_their_headings() -> None:
    found = read("dossier_personne")
    assert "Léa" not in found.title and "Léa Côté" in found.words
    assert {"/Table", "/TH", "/H2"} <= found.roles
    assert "2026-00001 6 novembre 2026 —" in found.words and "Courriels Rien n'est détenu." in found.words


def test_every_kind_of_value_reads_in_french() -> None:
    rows = [[True, False], [12, 1.5], [None, ""]]
    words = read("dossier_personne", sections=[{"title": "X", "columns": ["A", "B"], "rows": rows}]).words
    assert "A B oui non 12 1,5 — —" in words


def test_a_long_file_runs_over_numbered_pages_and_repeats_its_headings() -> None:
    rows = [[f"2026-{n:05}", "6 novembre 2026", "Un trou. " * 30] for n in range(60)]
    found = read(
        "dossier_personne",
        sections=[{"title": "Demandes", "columns": ["Numéro", "Reçue", "Faits"], "rows": rows}],
    )
    assert found.pages > 2 and f"Page 2 de {found.pages}" in found.words
    assert found.words.count("Numéro Reçue Faits") == found.pages


@pytest.mark.parametrize("template", sorted(set(EXAMPLES) - ON_NO_ENVELOPE))
def test_four_lines_of_address_fall_in_the_window_of_a_folded_letter(template: str) -> None:
    lines = ["Association du lac", "12, rue des Érables", "Prévost (Québec)  J0R 1T0"]
    values = {**WRITTEN, **EXAMPLES[template], "to": {"name": "Léa Côté", "lines": lines}}
    places = where(printed(HOUSE, template, values), "Léa Côté", *lines)
    left, top, bottom = 0.875, 2.3, 3.3  # inches from the corner of the sheet, which slides a little inside
    assert all(left < x < left + 1 and top < y < bottom for x, y in places), places
