"""Plaintes: a deposit that leaves a number and no more, « introuvable » for all others, an inquiry."""

from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import investigations, investigators
from desk.complaints import Named
from policy.investigation import Turn
from policy.private_words import ComplaintState, Finding
from policy.words import Priority
from tests.cast import CAST, Cast, moment
from tests.desk.complaining import NAMES_THE_DIRECTOR, PAUL, TEN, complaint, deposited, person, rows
from tests.pages.conftest import NINE, Sit, press, run, said

NUMBER = "P2026-0001"
GOOD: dict[str, Any] = {
    "channel": "Courrier", "signature": "Signée à la main (sur papier, ou son image)",
    "name": "Rose Vachon", "phone": "450 555-0142", "civic": "12", "street": "rue des Pins",
    "city": "Prévost", "postal_code": "J0R 1T0", "facts_on": date(2026, 11, 6),
    "facts": "Le préposé m'a injuriée devant tout le monde.",
}  # fmt: skip


def fill(screen: AppTest, form: str, **values: Any) -> AppTest:
    for name, value in values.items():
        kinds = (screen.selectbox, screen.text_input, screen.text_area, screen.date_input, screen.checkbox)
        found = [each for kind in kinds for each in kind if each.key == f"{form}_{name}"]
        assert found, f"{form}_{name} is not on the screen"
        found[0].set_value(value)
        run(screen)
    return screen


def told(screen: AppTest) -> str:
    return said(screen).replace("\\", "")


def one(sit: Sit, who: str = "director", number: str = NUMBER) -> AppTest:
    return sit("plaintes", who, TEN, numero=number)


def investigated(cast: Cast, *people: Named) -> str:
    number = deposited(cast, *people).number
    visit = cast.visit("director", TEN)
    investigations.decide(visit, number)
    investigations.take(visit, number, Turn.INVESTIGATE)
    return number


@pytest.mark.parametrize("who", ["technician", "director"])
def test_a_deposit_is_judged_as_it_is_typed_then_gives_a_number_and_no_more(
    sit: Sit, cast: Cast, who: str
) -> None:
    screen = sit("plaintes", who)
    assert "Aucun brouillon n’est conservé." in told(screen)
    fill(screen, "pl-new", facts_on=date(2026, 11, 6), facts="Le préposé m'a injuriée.")
    text = told(screen)
    assert "n'est pas signée." in text and "Il manque" in text and "(P §4.1)" in text
    assert "lundi 23 novembre 2026" in text and "ce jour ne compte pas" in text
    fill(screen, "pl-new", **GOOD, **{"who-0": "Paul Charbonneau"})
    assert "Recevable telle que saisie." in told(screen)
    press(screen, "pl-save")
    assert screen.metric[0].value == NUMBER
    for secret in ("Rose", "Vachon", "injuriée", "Charbonneau", "450", "Pins"):
        assert secret not in told(screen)
    assert "Rose" not in repr(screen.session_state)
    assert not rows(cast, "drafts")
    assert complaint(cast, NUMBER)["name"] == "Rose Vachon"
    press(screen, "pl-another")
    assert screen.text_area(key="pl-new_facts").value == ""


def test_what_is_wrong_is_told_at_once_and_nothing_typed_is_lost(sit: Sit, cast: Cast) -> None:
    screen = press(sit("plaintes"), "pl-save")
    assert "exposé des faits" in screen.error[0].value and "par où" in screen.error[0].value
    long = "Injures. " * 12_000
    fill(screen, "pl-new", channel="Courriel", facts=long, facts_on=date(2026, 11, 20), phone="pas un numéro")
    press(screen, "pl-save")
    words = told(screen)
    assert "le maximum est 20000" in words and "postérieurs à la plainte" in words
    assert "n'est pas un numéro de téléphone" in words
    assert screen.text_area(key="pl-new_facts").value == long
    assert screen.text_input(key="pl-new_phone").value == "pas un numéro"
    assert screen.selectbox(key="pl-new_channel").value == "Courriel"
    assert not rows(cast, "complaints")


def test_unsigned_is_refused_with_its_ground_and_a_danger_lifts_it(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("plaintes"), "pl-new", **{**GOOD, "signature": "Aucune signature"})
    assert "pour un motif" in screen.warning[0].value and "P §4" in screen.warning[0].value
    fill(screen, "pl-new", danger=True, danger_words="Un chien menace les enfants.")
    assert not screen.warning and "Levé par le danger" in screen.info[0].value
    fill(screen, "pl-new", danger=False)
    press(screen, "pl-save")
    assert "Irrecevable" in screen.warning[0].value
    assert complaint(cast, NUMBER)["state"] is ComplaintState.INADMISSIBLE
    assert complaint(cast, NUMBER)["danger_words"] in ("", None)


def test_a_danger_opens_an_urgent_request_also_after_a_refusal(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("plaintes"), "pl-new", **{**GOOD, "signature": "Aucune signature"})
    press(screen, "pl-save")
    press(screen, "pl-danger-open")
    assert "Rien n’a été enregistré" in screen.error[0].value
    fill(screen, "pl-danger", facts="Un chien menace les enfants.", street="rue des Pins")
    press(screen, "pl-danger-open")
    assert [each.value for each in screen.metric] == [NUMBER, "2026-00001"]
    (file,) = rows(cast, "files")
    assert (file["priority"], file["anonymous"], file["citizen"]) == (Priority.URGENT, True, None)
    assert file["department"] == cast.departments["Sécurité communautaire"]
    press(screen, "pl-danger-another")
    assert screen.text_area(key="pl-danger_facts").value == ""


def test_intake_keeps_nothing_of_a_complaint_and_leads_to_its_form(sit: Sit, cast: Cast) -> None:
    screen = sit("nouvelle_demande")
    nature = next(each for each in screen.selectbox if each.label == "Nature")
    nature.set_value("Plainte")
    run(screen)
    assert "N'inscrivez rien de la plainte ici" in told(screen)
    assert [each.proto.url for each in screen.get("link_button")] == ["/plaintes"]
    assert not rows(cast, "drafts")


def test_several_people_are_named_and_an_account_tells_the_name(sit: Sit, cast: Cast) -> None:
    screen = press(sit("plaintes"), "pl-more")
    fill(screen, "pl-new", **GOOD, **{"who-0": "Paul Charbonneau", "account-1": cast.accounts["secretary"]})
    fill(screen, "pl-new", **{"part-1": "Témoin"})
    press(screen, "pl-save")
    people = {(row["name"], row["part"].value) for row in rows(cast, "complaint_people")}
    assert people == {("Paul Charbonneau", "Visée par la plainte"), (CAST["secretary"].name, "Témoin")}


@pytest.mark.parametrize("who", [who for who in CAST if who != "director"])
def test_to_all_but_its_own_it_is_a_number_that_does_not_exist(sit: Sit, cast: Cast, who: str) -> None:
    deposited(cast)
    there, nowhere = one(sit, who), one(sit, who, "P2026-0999")
    assert said(there) == said(nowhere)
    assert there.error[0].value == "Dossier introuvable."
    assert not (there.button or there.expander or there.text_area)
    assert not rows(cast, "readings")
    assert NUMBER not in told(sit("plaintes", who, TEN))


def test_who_is_admitted_reads_and_does_nothing_until_it_is_over(sit: Sit, cast: Cast) -> None:
    deposited(cast)
    screen = fill(one(sit), f"pl-reader-{NUMBER}", account=cast.accounts["clerk"])
    press(screen, "pl-reader")
    assert "pourquoi" in screen.error[0].value
    fill(screen, f"pl-reader-{NUMBER}", why="Avis juridique")
    press(screen, "pl-reader")
    reader = one(sit, "clerk")
    assert "injuriée" in told(reader) and "En lecture" in told(reader)
    assert [button.key for button in reader.button] == ["pl-danger-open"]
    assert NUMBER in told(sit("plaintes", "clerk", TEN)) and "en lecture" in told(
        sit("plaintes", "clerk", TEN)
    )
    (admitted,) = rows(cast, "complaint_readers")
    press(screen, f"pl-unread-{admitted['id']}")
    assert one(sit, "clerk").error[0].value == "Dossier introuvable."
    assert f"{CAST['clerk'].name} : Plainte" in told(one(sit))


def test_the_director_who_is_named_finds_nothing_and_the_general_direction_designates(
    sit: Sit, cast: Cast
) -> None:
    deposited(cast, NAMES_THE_DIRECTOR)
    assert one(sit).error[0].value == "Dossier introuvable."
    screen = sit("plaintes", "general", TEN)
    text = told(screen)
    assert NUMBER in text and "lundi 16 novembre 2026" in text
    assert not [secret for secret in ("Rose", "injuriée", "Bélanger") if secret in text]
    fill(screen, f"pl-des-{NUMBER}", account=cast.accounts["director"])
    press(screen, f"pl-designate-{NUMBER}")
    assert "ne peut pas être choisie" in told(screen) and "(R-31)" in told(screen)
    fill(screen, f"pl-des-{NUMBER}", account=cast.accounts["clerk"])
    press(screen, f"pl-designate-{NUMBER}")
    assert "confiée à Paul Lavoie" in screen.success[0].value
    assert "n’attend une désignation" in told(screen)
    assert "injuriée" in told(one(sit, "clerk"))
    assert one(sit, "general").error[0].value == "Dossier introuvable."


def test_an_absence_has_its_dates_and_ends(sit: Sit, cast: Cast) -> None:
    screen = fill(
        sit("plaintes", "general"), "pl-absence", account=cast.accounts["clerk"],
        starts_on=date(2026, 11, 17), ends_on=date(2026, 11, 16),
    )  # fmt: skip
    press(screen, "pl-replace")
    assert "La fin précède le début." in told(screen)
    fill(screen, "pl-absence", ends_on=date(2026, 11, 20), reason="Vacances")
    press(screen, "pl-replace")
    assert "17 novembre 2026 au 20 novembre 2026" in told(screen) and "Vacances" in told(screen)
    (absence,) = investigators.absences(cast.visit("general", NINE))
    press(screen, f"pl-back-{absence.id}")
    assert "L'absence est terminée." in told(screen)


def test_a_conclusion_without_the_interview_is_refused_with_its_article(sit: Sit, cast: Cast) -> None:
    investigated(cast)
    who = person(cast, NUMBER)
    screen = fill(one(sit), f"pl-find-{who}", finding="Non fondée", finding_words="Rien ne le montre.")
    press(screen, f"pl-find-{who}-save")
    assert "n'a pas encore été rencontrée" in screen.error[0].value and "P §4" in screen.error[0].value
    assert screen.text_area(key=f"pl-find-{who}_finding_words").value == "Rien ne le montre."
    fill(screen, f"pl-step-{NUMBER}", person=who, step="Entendu à la mairie.")
    press(screen, "pl-step")
    assert "Rencontrée le mardi 17 novembre 2026" in told(screen)
    press(screen, f"pl-find-{who}-save")
    assert "Non fondée" in told(screen) and "Rien au dossier de l’employé" in told(screen)
    assert not rows(cast, "personnel")
    assert "Aucun incident" in told(run(_choose(sit("plaintes", "general", TEN), "Dossiers d’employés")))


def test_founded_enters_incident_and_measure_and_the_answer_leaves(sit: Sit, cast: Cast) -> None:
    investigated(cast)
    who = person(cast, NUMBER)
    screen = fill(one(sit), f"pl-step-{NUMBER}", person=who, step="Entendu.")
    press(screen, "pl-step")
    fill(screen, f"pl-find-{who}", finding="Fondée", finding_words="Deux témoins.")
    press(screen, f"pl-find-{who}-save")
    assert "P §4.7" in told(screen) and "P §4.4.1" in told(screen)
    fill(screen, f"pl-find-{who}", incident="Injures au comptoir.", measure="Avis écrit")
    press(screen, f"pl-find-{who}-save")
    assert [row["incident"] for row in rows(cast, "personnel")] == ["Injures au comptoir."]
    assert "Écrivez la réponse au citoyen." in told(screen), "why it cannot be concluded yet"
    fill(screen, f"pl-answer-{NUMBER}", answer="Madame, votre plainte est fondée.")
    press(screen, "pl-answer")
    press(screen, "pl-conclude")
    assert complaint(cast, NUMBER)["state"] is ComplaintState.CONCLUDED
    press(screen, "pl-sent")
    assert "Transmise le mardi 17 novembre 2026" in told(screen)
    assert len(rows(cast, "private_documents")) == 1
    assert "Injures au comptoir." in told(
        run(_choose(sit("plaintes", "general", TEN), "Dossiers d’employés"))
    )


def test_a_derogation_is_named_as_such_and_an_address_that_arrives_admits(sit: Sit, cast: Cast) -> None:
    deposited(cast, city="")
    screen = one(sit)
    assert "la municipalité" in told(screen) and "Irrecevable" in told(screen)
    press(screen, "pl-derogate")
    assert "Écrivez le motif." in told(screen)
    fill(screen, f"pl-derogate-{NUMBER}", reason="Personne bien connue du service.")
    press(screen, "pl-derogate")
    assert "Dérogation]" in told(screen) and "Personne bien connue" in told(screen)
    assert "Dérogation]" in told(_choose_run(sit("plaintes", "director", TEN)))
    other = deposited(cast, city="").number
    screen = fill(one(sit, number=other), f"pl-exam-{other}", city="Prévost")
    press(screen, "pl-exam")
    assert complaint(cast, other)["state"] is ComplaintState.ADMISSIBLE


def test_corrections_of_two_people_are_both_shown(sit: Sit, cast: Cast) -> None:
    deposited(cast)
    screen = fill(one(sit), f"pl-exam-{NUMBER}", phone="450 555-0188")
    investigations.decide(
        cast.visit("director", moment("Tue 2026-11-17 10:05")), NUMBER, {"phone": "450 555-0199"}
    )
    press(screen, "pl-exam")
    assert "Choisissez" in told(screen)
    press(screen, f"pl-exam-{NUMBER}-mine-phone")
    press(screen, "pl-exam")
    assert complaint(cast, NUMBER)["phone"] == "4505550188"


def test_who_steps_aside_finds_it_no_more(sit: Sit, cast: Cast) -> None:
    deposited(cast)
    screen = fill(one(sit), f"pl-recuse-{NUMBER}", reason="C'est ma voisine.")
    press(screen, "pl-recuse")
    assert "ne vous est plus visible" in screen.success[0].value
    assert screen.error[0].value == "Dossier introuvable."
    assert NUMBER in told(sit("plaintes", "general", TEN))


def test_a_person_named_by_mistake_leaves_and_another_is_added(sit: Sit, cast: Cast) -> None:
    deposited(cast)
    who = person(cast, NUMBER)
    screen = press(one(sit), f"pl-remove-{who}")
    assert PAUL.name not in told(screen)
    fill(screen, f"pl-person-{NUMBER}", who="Lise Roy", part="Témoin")
    press(screen, "pl-person")
    assert "Lise Roy" in told(screen)
    assert Finding.FOUNDED.value not in told(screen)


def _choose(screen: AppTest, words: str) -> AppTest:
    screen.segmented_control(key="pl-which").set_value(words)
    return screen


def _choose_run(screen: AppTest) -> AppTest:
    return run(_choose(screen, "Plaintes confiées"))


def test_the_list_says_that_an_anonymous_complaint_awaits_no_answer(sit: Sit, cast: Cast) -> None:
    nobody = dict.fromkeys(("name", "phone", "civic", "street", "city", "postal_code"), "")
    deposited(cast, anonymous=True, **nobody)
    screen = _choose_run(sit("plaintes", "director", TEN))
    assert "Terminée : la personne n’a pas dit qui elle est" in said(screen)
    assert "La réponse est à transmettre" not in said(screen)
