"""Accès aux documents: the form that gives a number and no more, the list by its clock, a request's life."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import access, access_intake, access_moves
from desk.access_intake import Asked
from policy.private_words import AccessState, Decision
from policy.words import Channel
from tests.cast import Cast, moment
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Sit, press, run, said

NUMBER = "A2026-0001"
ARRIVED = moment("Fri 2026-11-13 10:00")
ASKED = Asked(
    token="une-saisie", channel=Channel.EMAIL, received_at=ARRIVED, name="Rose Lemieux",
    email="rose@exemple.test", words="Les plans de l'aréna.",
)  # fmt: skip
ORAL = replace(ASKED, channel=Channel.PHONE, written=False)


def received(cast: Cast, asked: Asked = ASKED) -> str:
    return access_intake.receive(cast.visit("technician", NINE), asked).number


def fill(screen: AppTest, form: str, **values: Any) -> AppTest:
    for name, value in values.items():
        kinds = (screen.selectbox, screen.text_input, screen.text_area, screen.date_input, screen.checkbox,
                 screen.number_input)  # fmt: skip
        found = [each for kind in kinds for each in kind if each.key == f"{form}_{name}"]
        assert found, f"{form}_{name} is not on the screen"
        found[0].set_value(value)
        run(screen)
    return screen


def one(sit: Sit, who: str = "general", **more: Any) -> AppTest:
    return sit("acces", who, numero=NUMBER, **more)


def told(screen: AppTest) -> str:
    return said(screen).replace("\\", "")


@pytest.mark.parametrize("who", ["technician", "director"])
def test_the_desk_has_the_form_alone_then_a_number_then_nothing(sit: Sit, cast: Cast, who: str) -> None:
    screen = sit("acces", who)
    assert not list(screen.segmented_control)
    fill(screen, "ac-new", words="Les plans de l'aréna.", name="Rose Lemieux", email="rose@exemple.test")
    press(screen, "ac-save")
    assert screen.metric[0].value == NUMBER
    assert "lundi 4 décembre" not in told(screen)
    assert "vendredi 4 décembre 2026" in told(screen), "the working day on or before Sunday the 6th"
    assert "ne se consulte plus d’ici" in told(screen)
    assert "Rose" not in told(screen)
    hidden = sit("acces", who, numero=NUMBER)
    assert hidden.error[0].value == sit("acces", who, numero="A2026-0099").error[0].value
    assert "aréna" not in told(hidden)
    assert not kept(cast, "drafts")
    press(screen, "ac-another")
    assert screen.text_area(key="ac-new_words").value == ""


def test_a_refusal_names_all_that_is_missing_and_loses_nothing(sit: Sit, cast: Cast) -> None:
    screen = fill(sit("acces"), "ac-new", name="Rose Lemieux")
    press(screen, "ac-save")
    assert "documents demandés" in screen.error[0].value and "adresse postale" in screen.error[0].value
    assert screen.text_input(key="ac-new_name").value == "Rose Lemieux"
    assert not kept(cast, "access_requests")


def test_an_oral_request_is_said_to_have_no_clock(sit: Sit, cast: Cast) -> None:
    screen = fill(
        sit("acces"), "ac-new", channel="En personne", words="Les plans.", name="Rose Lemieux",
        phone="450 555-0188",
    )  # fmt: skip
    assert "aucun délai ne court" in screen.info[0].value
    fill(screen, "ac-new", handed=True)
    assert not screen.info
    fill(screen, "ac-new", handed=False)
    press(screen, "ac-save")
    assert "par écrit" in screen.warning[0].value
    assert kept(cast, "access_requests")[0]["state"] is AccessState.ORAL


def test_the_list_puts_the_silent_first_in_words_and_shape(sit: Sit, cast: Cast) -> None:
    assert "n’attend de réponse" in sit("acces", "clerk").info[0].value
    received(cast)
    received(cast, replace(ASKED, token="b", received_at=moment("Mon 2026-10-19 09:00"), name="Guy Roy"))
    screen = sit("acces", "clerk")
    text = told(screen)
    assert "1 demande sans réponse" in screen.error[0].value and "LAI 52" in screen.error[0].value
    assert ":red-badge[:material/alarm_off: Réputée refusée]" in text
    assert text.index("A2026-0002") < text.index("A2026-0001")
    assert "Rose Lemieux" in text and "/acces?numero=A2026-0001" in text
    screen.segmented_control(key="ac-which").set_value("Terminées")
    assert "terminée" in run(screen).info[0].value


def test_one_request_says_its_clock_and_why_the_rest_cannot_be_done(sit: Sit, cast: Cast) -> None:
    received(cast)
    text = told(one(sit))
    assert "jeudi 3 décembre 2026" in text and "Vingtième jour" in text
    assert "C'est le greffier qui prolonge le délai." in text
    assert "Rose Lemieux" in text and "aréna" in text
    assert "Extend" not in text
    assert "ac-extend" in [button.key for button in one(sit, "clerk").button]
    assert "ac-extend" not in [button.key for button in one(sit).button]


def test_the_writing_of_an_oral_request_starts_the_clock(sit: Sit, cast: Cast) -> None:
    received(cast, ORAL)
    screen = one(sit)
    assert "l’arrivée de l’écrit" in told(screen)
    fill(screen, f"ac-write-{NUMBER}", day=date(2026, 11, 20))
    press(screen, "ac-write")
    assert "est dans le futur" in told(screen)
    fill(screen, f"ac-write-{NUMBER}", day=date(2026, 11, 16))
    press(screen, "ac-write")
    assert screen.success and "vendredi 4 décembre 2026" in told(screen)


def test_the_clerk_prepares_reads_then_extends(sit: Sit, cast: Cast) -> None:
    received(cast)
    screen = one(sit, "clerk")
    press(screen, "ac-prepare")
    assert "nuirait" in screen.error[0].value
    fill(screen, f"ac-extend-{NUMBER}", days=5, ground="Deux ans de registres à relire")
    press(screen, "ac-prepare")
    assert "rien n'est encore prolongé" in screen.success[0].value
    assert kept(cast, "access_requests")[0]["extended_on"] is None
    press(screen, "ac-extend")
    assert screen.success and "mardi 8 décembre 2026" in told(screen)
    assert "ne l'est qu'une fois" in told(screen)
    assert len(kept(cast, "private_documents")) == 1


def test_a_refusal_without_provision_cannot_be_kept_and_what_is_typed_stays(sit: Sit, cast: Cast) -> None:
    received(cast)
    screen = fill(one(sit), f"ac-decide-{NUMBER}", decision="Refus", reason="La sécurité de l'aréna.")
    press(screen, "ac-decide")
    assert "LAI 50" in screen.error[0].value
    assert screen.text_area(key=f"ac-decide-{NUMBER}_reason").value == "La sécurité de l'aréna."
    assert "Inscrivez d'abord la décision" in told(screen)
    fill(screen, f"ac-decide-{NUMBER}", provisions="article 29")
    press(screen, "ac-decide")
    assert "Décision : Refus" in screen.success[0].value
    press(screen, "ac-answer")
    assert "Réponse transmise" in screen.success[0].value
    assert "Révision possible jusqu’au mercredi 16 décembre 2026" in told(screen)
    assert "Plus rien n’est attendu" in told(screen)
    assert not [button for button in screen.button if button.key == "ac-decide"]


def test_a_third_party_is_told_and_heard(sit: Sit, cast: Cast) -> None:
    received(cast)
    screen = fill(one(sit), f"ac-third_party-{NUMBER}", who="Pavage Nord inc.")
    press(screen, "ac-third_party")
    assert "Pavage Nord inc." in told(screen) and "dimanche 6 décembre 2026" in told(screen)
    fill(screen, f"ac-hear-{NUMBER}", words="Secret commercial.")
    press(screen, "ac-hear")
    assert "Secret commercial." in told(screen)


def test_corrections_of_two_people_are_both_shown(sit: Sit, cast: Cast) -> None:
    received(cast)
    screen = fill(one(sit), f"ac-edit-{NUMBER}", phone="450 555-0188")
    visit = cast.visit("clerk", NINE + timedelta(minutes=1))
    seen = access.open(visit, NUMBER).seen
    assert access.edit(visit, NUMBER, {"phone": "450 555-0199"}, seen).done
    press(screen, "ac-edit")
    assert "450 555-0199" in told(screen) and "Choisissez" in told(screen)
    press(screen, f"ac-edit-{NUMBER}-mine-phone")
    press(screen, "ac-edit")
    assert kept(cast, "access_requests")[0]["phone"] == "450 555-0188"


def test_once_answered_only_the_note_is_left(sit: Sit, cast: Cast) -> None:
    received(cast)
    visit = cast.visit("general", NINE)
    assert access_moves.decide(visit, NUMBER, Decision.GRANTED, {}, NINE.date()).done
    assert access_moves.answered(visit, NUMBER, NINE.date()).done
    screen = one(sit)
    assert [each.key for each in screen.text_area] == [f"ac-edit-{NUMBER}_note"]
    fill(screen, f"ac-edit-{NUMBER}", note="Classée.")
    press(screen, "ac-edit")
    assert screen.success
    assert "Sylvie Morin" in told(screen), "who read it is told"
