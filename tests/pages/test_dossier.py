"""Dossier: what can be done now and why not the rest; forms that lose nothing; two people at once."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from desk import coordinates, moves
from policy.words import Move, Priority, State, WaitReason
from sync.link_tables import Tie
from sync.states import MailKind
from tests.cast import Cast
from tests.desk.demands import MARIE, opened
from tests.desk.filing import filed, kept, stands
from tests.desk.outside import hold, remote, row_there
from tests.pages.conftest import NINE, Sit, press, run, said

LATER = NINE + timedelta(hours=1)


def gesture(screen: AppTest, file: str, name: str) -> AppTest:
    """Choose what to do."""
    screen.pills(key=f"do_gesture_{file}").set_value(name)
    return run(screen)


@pytest.mark.parametrize("who", ["outsider", "planner", "council"])
def test_a_file_that_is_not_theirs_and_one_that_is_not_there_are_told_alike(
    sit: Sit, cast: Cast, who: str
) -> None:
    file = filed(cast)
    told = [sit("dossier", who, numero=number).error[0].value for number in (file["number"], "2026-99999")]
    assert told[0] == told[1] == "Dossier introuvable."


def test_every_gesture_opens_its_form(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    for who in ("technician", "secretary", "director"):
        screen = sit("dossier", who, at=LATER, numero=file["number"])
        for name in screen.pills(key=f"do_gesture_{file['id']}").options:
            gesture(screen, file["id"], name)
            assert [each for each in screen.button if (each.key or "").startswith("do-")], (who, name)


def test_a_closing_without_its_note_is_refused_by_the_point_of_annexe_a_and_loses_nothing(
    sit: Sit, cast: Cast
) -> None:
    file = filed(cast, state=State.TAKEN)
    screen = gesture(
        sit("dossier", "secretary", at=LATER, numero=file["number"]), file["id"], Move.CLOSE.value
    )
    screen.text_area(key=f"do_{file['id']}_citizen_text").set_value("Bonjour, c'est réparé.")
    run(screen)
    press(screen, "do-CLOSE")
    assert "annexe A, point 4" in screen.error[0].value
    assert screen.text_area(key=f"do_{file['id']}_citizen_text").value == "Bonjour, c'est réparé."
    assert stands(cast, file)["state"] is State.TAKEN
    screen.text_area(key=f"do_{file['id']}_note").set_value("Ampoule changée.")
    run(screen)
    press(screen, "do-CLOSE")
    assert stands(cast, file)["state"] is State.DONE
    assert screen.success


def test_what_was_typed_is_found_again_in_another_session_and_gone_once_done(sit: Sit, cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    first = gesture(sit("dossier", "secretary", numero=file["number"]), file["id"], Move.CLOSE.value)
    long = "é" * 100_000
    first.text_area(key=f"do_{file['id']}_note").set_value(long)
    run(first)
    again = sit("dossier", "secretary", at=LATER, numero=file["number"])
    gesture(again, file["id"], Move.CLOSE.value)
    note = again.text_area(key=f"do_{file['id']}_note")
    assert note.value == long
    press(again, "do-CLOSE")
    assert again.error and again.text_area(key=f"do_{file['id']}_note").value == long
    note = again.text_area(key=f"do_{file['id']}_note")
    note.set_value("Ampoule changée. 💡")
    run(again)
    press(again, "do-CLOSE")
    assert stands(cast, file)["note"] == "Ampoule changée. 💡"
    assert not kept(cast, "drafts", record=file["id"])


def test_the_desk_corrects_what_was_said(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    screen = gesture(sit("dossier", at=LATER, numero=file["number"]), file["id"], "Corriger la demande")
    screen.selectbox(key=f"do_{file['id']}_priority").set_value(Priority.URGENT.value)
    screen.text_input(key=f"do_{file['id']}_street").set_value("rue des Pins")
    run(screen)
    press(screen, "do-correct")
    now = stands(cast, file)
    assert (now["priority"], now["street"]) == (Priority.URGENT, "rue des Pins")


def test_the_desk_corrects_the_coordinates_and_a_refusal_loses_nothing(sit: Sit, cast: Cast) -> None:
    number = opened(cast).number
    (file,) = kept(cast, "files")
    screen = gesture(sit("dossier", at=LATER, numero=number), file["id"], "Corriger les coordonnées")
    assert screen.text_input(key=f"do_{file['id']}_home_street").value == MARIE.street
    assert screen.text_input(key=f"do_{file['id']}_email").value == MARIE.email
    screen.text_input(key=f"do_{file['id']}_email").set_value("marie@")
    screen.text_input(key=f"do_{file['id']}_home_civic").set_value("12 A")
    run(screen)
    press(screen, "do-who")
    assert "n'est pas une adresse courriel" in screen.error[0].value.replace("\\", "")
    again = gesture(sit("dossier", at=LATER, numero=number), file["id"], "Corriger les coordonnées")
    assert again.text_input(key=f"do_{file['id']}_email").value == "marie@", "kept as a draft"
    screen.text_input(key=f"do_{file['id']}_email").set_value("marie.eve@exemple.test")
    run(screen)
    press(screen, "do-who")
    assert "coordonnées corrigées" in screen.success[0].value
    (citizen,) = kept(cast, "citizens")
    assert (citizen["email"], citizen["civic"]) == ("marie.eve@exemple.test", "12 A")
    assert (file["civic"], stands(cast, file)["civic"]) == ("88", "88"), "the place of the demand is another"
    assert not kept(cast, "drafts", record=file["id"])
    assert "mis à jour les coordonnées" in said(screen)


def test_coordinates_changed_by_another_meanwhile_are_shown_and_one_is_chosen(sit: Sit, cast: Cast) -> None:
    number = opened(cast).number
    (file,) = kept(cast, "files")
    screen = gesture(sit("dossier", at=LATER, numero=number), file["id"], "Corriger les coordonnées")
    screen.text_input(key=f"do_{file['id']}_phone").set_value("450 555-0122")
    run(screen)
    other = {"phone": "450 555-0111"}
    coordinates.correct(cast.visit("director", LATER), number, other, {"phone": "450 555-0199"})
    press(screen, "do-who")
    told = said(screen).replace("\\", "")
    assert "**Téléphone** : quelqu’un d’autre l’a changé" in told and "450 555-0111" in told
    assert kept(cast, "citizens")[0]["phone"] == "450 555-0111"
    press(screen, "do-mine-phone")
    press(screen, "do-who")
    assert kept(cast, "citizens")[0]["phone"] == "450 555-0122"


def test_the_acknowledgement_to_print_is_on_the_file_for_the_desk_alone(sit: Sit, cast: Cast) -> None:
    number = opened(cast).number
    for who, there in (("technician", True), ("secretary", False)):
        links = [str(each.proto) for each in sit("dossier", who, numero=number).get("link_button")]
        assert any(f"/telecharger/accuse?numero={number}" in link for link in links) is there, who


def test_two_people_at_once_see_both_values_and_choose(sit: Sit, cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    screen = gesture(
        sit("dossier", "secretary", at=LATER, numero=file["number"]), file["id"], Move.PLAN.value
    )
    screen.date_input(key=f"do_{file['id']}_planned_on").set_value(date(2026, 11, 25))
    run(screen)
    moves.plan(cast.visit("other_secretary", LATER), file["id"], date(2026, 11, 26), {"planned_on": None})
    press(screen, "do-PLAN")
    assert stands(cast, file)["planned_on"] == date(2026, 11, 26)
    assert "2026" in said(screen) and "quelqu’un d’autre" in said(screen)
    assert screen.date_input(key=f"do_{file['id']}_planned_on").value == date(2026, 11, 25)


def test_what_was_begun_yesterday_does_not_silently_undo_what_another_wrote_since(
    sit: Sit, cast: Cast
) -> None:
    file = filed(cast, state=State.TAKEN)
    planned = f"do_{file['id']}_planned_on"
    first = gesture(sit("dossier", "secretary", numero=file["number"]), file["id"], Move.PLAN.value)
    first.date_input(key=planned).set_value(date(2026, 11, 25))
    run(first)
    moves.plan(cast.visit("other_secretary", LATER), file["id"], date(2026, 11, 26), {"planned_on": None})
    tomorrow = LATER + timedelta(days=1)
    screen = sit("dossier", "secretary", at=tomorrow, numero=file["number"])
    gesture(screen, file["id"], Move.PLAN.value)
    assert screen.date_input(key=planned).value == date(2026, 11, 25)
    press(screen, "do-PLAN")
    assert stands(cast, file)["planned_on"] == date(2026, 11, 26)
    press(screen, "do-mine-planned_on")
    press(screen, "do-PLAN")
    assert stands(cast, file)["planned_on"] == date(2026, 11, 25)


def test_files_are_found_by_the_words_of_who_may_see_them(sit: Sit, cast: Cast) -> None:
    screen = sit("dossier", "secretary")
    screen.text_input(key="do_find").set_value("zzzz")
    run(screen)
    assert "Aucun dossier ne correspond" in screen.info[0].value


def test_the_row_of_the_file_in_the_table_is_one_line_with_its_dispute_and_the_tables_columns(
    sit: Sit, cast: Cast
) -> None:
    file = filed(cast, state=State.TAKEN)
    assert "Airtable" not in said(sit("dossier", "director", numero=file["number"]))
    remote(cast)
    row = row_there(
        cast, "rec1", Tie.LINKED, record=file["id"], open=False, agreed_at=NINE, extras={"Vu par": "Denis"}
    )
    told = said(sit("dossier", "secretary", numero=file["number"])).replace("\\", "")
    assert "Airtable : dans la table depuis 0 s" in told
    assert "Autres colonnes de la table" in told and "Vu par : **Denis**" in told
    hold(cast, row, "next_action", raw="Rappeler", theirs="Rappeler")
    assert "(/synchronisation)" not in said(sit("dossier", "secretary", numero=file["number"]))
    told = said(sit("dossier", "director", numero=file["number"])).replace("\\", "")
    assert "« Rappeler » dans la table" in told and "(/synchronisation)" in told


def test_a_plan_offers_its_templates_and_tells_the_citizen(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    screen = gesture(sit("dossier", "secretary", at=LATER, numero=file.number), file.id, Move.PLAN.value)
    screen.date_input(key=f"do_{file.id}_planned_on").set_value(date(2026, 11, 23))
    run(screen)
    offered = screen.selectbox(key=f"do_insert_template_{file.id}")
    assert offered.options == ["Intervention planifiée"]
    offered.select_index(0)
    run(screen)
    assert "prévue le 23 novembre 2026" in str(screen.text_area(key=f"do_{file.id}_telling").value)
    press(screen, "do-PLAN")
    assert "1 adresse" in screen.success[0].value
    (mail,) = kept(cast, "mails", kind=MailKind.INFORMATION)
    assert mail["to_address"] == MARIE.email
    assert "transmise le" in said(screen)
    assert not kept(cast, "drafts", record=file.id)


def test_a_wait_can_have_its_text_read_first(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    screen = gesture(sit("dossier", "secretary", at=LATER, numero=file.number), file.id, Move.PAUSE.value)
    assert screen.selectbox(key=f"do_insert_template_{file.id}").options == ["En attente"]
    screen.selectbox(key=f"do_{file.id}_wait_reason").set_value(WaitReason.PARTS.value)
    screen.text_area(key=f"do_{file.id}_telling").set_value("Nous attendons une pièce.")
    run(screen)
    press(screen, "do-proof-read")
    assert "relit le texte" in screen.success[0].value
    assert kept(cast, "mails", kind=MailKind.INFORMATION) == []
    desk = sit("relecture", at=LATER)
    assert "En attente" in said(desk)
    press(desk, f"rl-approve-{kept(cast, 'proofs')[0]['id']}")
    assert len(kept(cast, "mails", kind=MailKind.INFORMATION)) == 1


def test_nobody_is_to_be_informed_of_an_anonymous_demand(sit: Sit, cast: Cast) -> None:
    file = filed(cast, anonymous=True)
    screen = gesture(sit("dossier", "secretary", numero=file["number"]), file["id"], Move.PLAN.value)
    assert "personne n’est à informer" in said(screen)
    assert not [area for area in screen.text_area if area.key == f"do_{file['id']}_telling"]
