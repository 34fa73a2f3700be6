"""Nouvelle demande: the order of the call, drafts that survive everything, refusals beside their fields."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import drafts
from policy.words import Channel, Nature
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Sit, press, run, said

FACTS = "Un nid-de-poule énorme devant l'église. 🕳️"


def field(screen: AppTest, name: str) -> Any:
    """A field, whatever its kind."""
    for kind in (screen.text_input, screen.text_area, screen.selectbox, screen.toggle, screen.date_input):
        found = [each for each in kind if each.key == f"nd_{name}"]
        if found:
            return found[0]
    raise KeyError(name)


def type_in(screen: AppTest, **values: Any) -> AppTest:
    """Type in the fields one after the other, the screen answering each time."""
    for name, value in values.items():
        field(screen, name).set_value(value)
        run(screen)
    return screen


def address_of(screen: AppTest) -> str:
    """The token of its call, as its address bears it."""
    found = screen.query_params["saisie"]
    return found if isinstance(found, str) else found[0]


def pothole(cast: Cast) -> Mapping[str, Any]:
    return {
        "name": "Rose Lemieux",
        "phone": "450 555-0188",
        "category": cast.categories["Nid-de-poule"],
        "street": "rue de la Station",
        "facts": FACTS,
    }


def test_the_number_the_department_and_the_date_with_its_article_are_told(sit: Sit, cast: Cast) -> None:
    screen = type_in(sit("nouvelle_demande"), **pothole(cast))
    assert "lundi 23 novembre 2026" in said(screen)
    press(screen, "nd-save")
    (file,) = kept(cast, "files")
    assert screen.metric[0].value == file["number"]
    told = said(screen)
    for words in ("Travaux publics", "Julie Gagnon, Réal Savard", "lundi 23 novembre 2026", "P §4\\.1"):
        assert words in told
    assert "à rappeler" in told  # no e-mail was given
    assert drafts.calls(cast.visit("technician", NINE)) == ()
    assert file["facts"] == FACTS


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({}, "facts", "Écrivez l'exposé des faits."),
        ({}, "name", "Inscrivez le nom"),
        ({"phone": "12"}, "phone", "Ce numéro compte 2 chiffres"),
        ({"phone": "appeler le soir"}, "phone", "n'est pas un numéro de téléphone"),
        ({"email": "rose chez exemple"}, "email", "n'est pas une adresse courriel"),
        ({"facts": "é" * 100_000}, "facts", "100000 caractères"),
        ({"channel": Channel.COUNCIL.value}, "forwarded_by", "Nommez le membre du conseil"),
        ({"anonymous": True}, "street", "au moins le lieu"),
        ({"nature": Nature.CLAIM.value, "anonymous": True}, "anonymous", "ne peut pas être anonyme"),
        ({"earlier": True, "day": date(2026, 11, 17)}, "day", "dans le futur"),
        ({"earlier": True}, "day", "Inscrivez la date et l’heure"),
        ({"nature": Nature.INFORMATION.value}, "answer", "écrivez la réponse donnée"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_beside_its_field_and_loses_nothing(
    sit: Sit, cast: Cast, typed: dict[str, Any], name: str, words: str
) -> None:
    screen = press(type_in(sit("nouvelle_demande"), **typed), "nd-save")
    assert any("Rien n’a été enregistré" in each.value for each in screen.error)
    marks = [each.value for each in screen.markdown if each.value.startswith(":red[")]
    assert any(words in mark.replace("\\", "") for mark in marks)
    assert name in screen.session_state["nd-marks"]
    for each, value in typed.items():
        assert field(screen, each).value == value
    assert not kept(cast, "files")


def test_a_mark_goes_when_its_field_is_typed_again(sit: Sit) -> None:
    screen = press(type_in(sit("nouvelle_demande"), phone="12"), "nd-save")
    type_in(screen, phone="450 555-0188")
    assert "phone" not in screen.session_state["nd-marks"]
    assert "facts" in screen.session_state["nd-marks"]


def test_a_call_that_was_cut_is_offered_at_the_next_session_and_taken_up_whole(sit: Sit, cast: Cast) -> None:
    cut = type_in(sit("nouvelle_demande"), **pothole(cast), earlier=True, day=date(2026, 11, 13))
    token = address_of(cut)
    later = sit("nouvelle_demande", at=NINE + timedelta(days=1))
    offer = later.button(key=f"nd-resume-{token}")
    assert "le 16 novembre 2026 à 9 h" in offer.label and "Rose Lemieux" in offer.label
    offer.click()
    run(later)
    for name, value in {**pothole(cast), "earlier": True, "day": date(2026, 11, 13)}.items():
        assert field(later, name).value == value


def test_the_address_alone_finds_a_call_again_after_signing_in(sit: Sit) -> None:
    cut = type_in(sit("nouvelle_demande"), facts=FACTS)
    token = address_of(cut)
    back = sit("nouvelle_demande", at=NINE + timedelta(hours=13),
               saisie=token)  # fmt: skip
    assert field(back, "facts").value == FACTS


def test_two_tabs_are_two_calls(sit: Sit, cast: Cast) -> None:
    first = type_in(sit("nouvelle_demande"), name="Rose Lemieux", facts="Un trou")
    second = type_in(sit("nouvelle_demande"), **{**pothole(cast), "name": "Ève Côté"})
    press(second, "nd-save")
    run(first)
    assert field(first, "name").value == "Rose Lemieux" and field(first, "facts").value == "Un trou"
    assert [call.fields["name"] for call in drafts.calls(cast.visit("technician", NINE))] == ["Rose Lemieux"]


def test_a_call_set_aside_for_another_is_kept_and_one_that_leads_nowhere_is_thrown_away(
    sit: Sit, cast: Cast
) -> None:
    screen = type_in(sit("nouvelle_demande"), name="Rose Lemieux")
    press(screen, "nd-aside")
    assert field(screen, "name").value == ""
    (call,) = drafts.calls(cast.visit("technician", NINE))
    press(screen, f"nd-throw-{call.token}")
    assert drafts.calls(cast.visit("technician", NINE)) == ()


def test_a_hidden_field_comes_back_as_it_was(sit: Sit) -> None:
    screen = type_in(sit("nouvelle_demande"), name="Rose Lemieux", anonymous=True)
    type_in(screen, anonymous=False)
    assert field(screen, "name").value == "Rose Lemieux"


def test_a_second_click_in_another_tab_gives_the_same_number(sit: Sit, cast: Cast) -> None:
    first = type_in(sit("nouvelle_demande"), **pothole(cast))
    token = address_of(first)
    second = sit("nouvelle_demande", saisie=token)
    press(first, "nd-save")
    press(second, "nd-save")
    assert len(kept(cast, "files")) == 1
    assert second.metric[0].value == first.metric[0].value
    assert "déjà enregistrée" in said(second)


def test_words_changed_after_the_save_elsewhere_go_to_another_form(sit: Sit, cast: Cast) -> None:
    first = type_in(sit("nouvelle_demande"), **pothole(cast))
    token = address_of(first)
    second = sit("nouvelle_demande", saisie=token)
    press(first, "nd-save")
    type_in(second, facts="Autre chose")
    press(second, "nd-save")
    assert "a déjà le numéro" in said(second).replace("\\", "")
    press(second, "nd-another")
    press(second, "nd-save")
    assert {row["facts"] for row in kept(cast, "files")} == {FACTS, "Autre chose"}


@pytest.mark.parametrize(
    ("nature", "words"), [(Nature.COMPLAINT, "N'inscrivez rien de la plainte ici"), (Nature.ACCESS, "accès")]
)
def test_what_is_not_received_here_is_said_at_once_and_nothing_of_it_is_kept(
    sit: Sit, cast: Cast, nature: Nature, words: str
) -> None:
    screen = type_in(sit("nouvelle_demande"), facts=FACTS)
    type_in(screen, nature=nature.value)
    assert any(words in each.value for each in screen.error)
    assert not list(screen.text_area)
    assert not [each for each in screen.button if each.key == "nd-save"]
    assert drafts.calls(cast.visit("technician", NINE)) == ()
    type_in(screen, nature=Nature.REQUEST.value)  # chosen by mistake: nothing typed is lost
    assert field(screen, "facts").value == FACTS
    assert drafts.calls(cast.visit("technician", NINE))[0].fields["facts"] == FACTS


def test_an_answer_on_the_spot_opens_and_closes_in_one_gesture(sit: Sit, cast: Cast) -> None:
    screen = type_in(
        sit("nouvelle_demande"), nature=Nature.INFORMATION.value, facts="Quand passe le recyclage ?",
        answer="Le mardi.",
    )  # fmt: skip
    press(screen, "nd-save")
    assert "ouvert et fermé" in said(screen)
    assert kept(cast, "files")[0]["note"] == "Le mardi."


def test_a_member_of_council_is_named(sit: Sit, cast: Cast) -> None:
    typed = {**pothole(cast), "channel": Channel.COUNCIL.value}
    screen = type_in(sit("nouvelle_demande"), **typed, forwarded_by=cast.council["Hélène Fortin"])
    press(screen, "nd-save")
    assert kept(cast, "files")[0]["forwarded_by"] == cast.council["Hélène Fortin"]


def test_a_known_person_is_found_as_one_types_shows_earlier_files_and_is_not_doubled(
    sit: Sit, cast: Cast
) -> None:
    before = opened(cast)
    screen = type_in(sit("nouvelle_demande"), name="lefran")
    (known,) = [each for each in screen.button if (each.key or "").startswith("nd-known-")]
    assert "Marie-Ève Lefrançois" in known.label.replace("\\", "")
    known.click()
    run(screen)
    assert field(screen, "phone").value == "450 555-0199"
    assert f"/dossier?numero={before.number}" in said(screen)
    type_in(screen, facts="Autre chose", street="rue Principale", civic="88",
            category=cast.categories["Nid-de-poule"])  # fmt: skip
    press(screen, f"nd-link-{before.id}")
    press(screen, "nd-save")
    assert len(kept(cast, "citizens")) == 1
    assert kept(cast, "files", duplicate_of=before.id)


def test_the_next_demand_of_the_same_person_begins_with_who(sit: Sit, cast: Cast) -> None:
    screen = press(type_in(sit("nouvelle_demande"), **pothole(cast)), "nd-save")
    press(screen, "nd-again")
    assert field(screen, "name").value == "Rose Lemieux" and field(screen, "facts").value == ""
    press(type_in(screen, facts="Le lampadaire est éteint."), "nd-save")
    assert len(kept(cast, "citizens")) == 1 and len(kept(cast, "files")) == 2


def test_the_number_is_told_again_when_the_page_is_loaded_again(sit: Sit, cast: Cast) -> None:
    number = opened(cast).number
    assert sit("nouvelle_demande", inscrite=number).metric[0].value == number
    unknown = sit("nouvelle_demande", inscrite="2026-99999")
    assert not unknown.metric and field(unknown, "facts").value == ""


def test_the_number_stays_when_the_next_event_left_before_it_was_seen(sit: Sit, cast: Cast) -> None:
    screen = type_in(sit("nouvelle_demande"), **pothole(cast))
    token = address_of(screen)
    press(screen, "nd-save")
    (file,) = kept(cast, "files")
    screen.query_params.clear()
    screen.query_params["saisie"] = token
    run(screen)
    assert screen.metric[0].value == file["number"]
    assert file["number"] in screen.query_params["inscrite"]
    assert "saisie" not in screen.query_params


def test_choosing_the_screen_anew_leaves_the_number_for_an_empty_form(sit: Sit, cast: Cast) -> None:
    screen = press(type_in(sit("nouvelle_demande"), **pothole(cast)), "nd-save")
    screen.query_params.clear()
    run(screen)
    assert not screen.metric
    assert not field(screen, "facts").value


def test_the_facts_propose_a_category_that_one_click_takes_and_none_is_chosen_by_itself(
    sit: Sit, cast: Cast
) -> None:
    screen = type_in(sit("nouvelle_demande"), facts="Un nid de poule devant l'église.")
    assert field(screen, "category").value is None
    category = cast.categories["Nid-de-poule"]
    press(screen, f"nd-category-{category}")
    assert field(screen, "category").value == category
    assert "lundi 23 novembre 2026" in said(screen)
    assert not [each for each in screen.button if (each.key or "").startswith("nd-category-")]
