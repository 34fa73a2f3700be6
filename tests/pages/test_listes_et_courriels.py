"""Listes mensuelles and Courriels: dates with reasons, what was sent to whom, previews, deliberate acts."""

from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from desk import grid, lists, moves
from desk.grid import Edit
from desk.outbox import RemoteError
from desk.sendings import Went
from desk.visits import Visit
from pages import courriels, listes_mensuelles
from policy.reasons import Refused
from policy.roles import System
from policy.words import ListKind, State
from sync.history import Whence
from sync.states import MailKind, MailState, TaskKind
from tests.cast import PLANNING, WORKS, Cast, moment
from tests.desk.answered import brought, listed
from tests.desk.demands import MARIE, opened
from tests.desk.filing import filed, kept
from tests.jobs.post import Tray, begun, look
from tests.pages.conftest import Desk, Sit, press, run, said

MONDAY = moment("Mon 2026-11-23 09:00")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def drawn_up(cast: Cast) -> None:
    """November's RNC is drawn up and waits."""
    lists.draw_due(
        Visit(cast.house, moment("Mon 2026-11-23 08:05"), system=System.CLOCK, whence=Whence.CLOCK)
    )


def sent(cast: Cast) -> None:
    """It has left."""
    look(cast, moment("Mon 2026-11-23 08:05"))


def test_the_next_twelve_months_are_told_with_the_other_reading_where_it_differs(sit: Sit) -> None:
    told = said(sit("listes_mensuelles", at=MONDAY, vue="dates"))
    for words in ("lundi 23 novembre 2026", "vendredi 27 novembre 2026", "lundi 30 novembre 2026",
                  "mardi 1er décembre 2026", "Octobre 2027", "autre lecture",
                  "Aucune liste n’a encore été dressée"):  # fmt: skip
        assert words in told


def test_what_became_of_the_lists_of_the_past_months(sit: Sit, cast: Cast) -> None:
    filed(cast)
    begun(cast)
    look(cast, moment("Tue 2026-11-24 08:05"))
    look(cast, moment("Fri 2027-01-08 08:05"))  # December's list was not sent in its month
    told = said(sit("listes_mensuelles", at=moment("Fri 2027-01-08 09:00"), vue="dates"))
    assert "9 envoyés, 9 envois tardifs" in told
    assert "Sautée : le dernier jour ouvré du mois" in told.replace("\\", "")


def test_what_was_sent_to_whom_narrowed_by_issue_and_opened_as_it_left(sit: Sit, cast: Cast) -> None:
    filed(cast)
    drawn_up(cast)
    screen = sit("listes_mensuelles", at=MONDAY, vue="envois")
    screen.selectbox(key="li_went").set_value(Went.WAITING)
    assert "À envoyer" in run(screen).expander[0].label
    sent(cast)
    assert "Aucun envoi ne correspond." in said(run(screen))
    screen.selectbox(key="li_went").set_value(None)
    screen.text_input(key="li_who").set_value("gagnon")
    (line,) = [each.label for each in run(screen).expander]
    assert "Julie Gagnon" in line and "Envoyé" in line
    (mail,) = kept(cast, "mails", kind=MailKind.RNC, to_address="travaux@prevost.test")
    screen.toggle(key=f"li_open_{mail['id']}").set_value(True)
    assert any(
        f"/telecharger/courriel?id={mail['id']}" in str(each.proto) for each in run(screen).get("iframe")
    )


def test_each_kind_of_list_is_shown_as_it_would_leave_to_each_recipient(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("listes_mensuelles", at=MONDAY, vue="apercu")
    for kind in (ListKind.COUNCIL, ListKind.REMINDER, ListKind.MISSING, ListKind.RNC):
        screen.button_group(key="li_kind").set_value(kind)
        run(screen)
        if who := [each for each in screen.selectbox if each.label == "Destinataire"]:
            who[0].set_value(len(who[0].options) - 1)
            run(screen)
            assert "Objet" in said(screen) and "pas encore dressée" in said(screen)


def test_a_list_that_left_is_shown_as_it_left(sit: Sit, cast: Cast) -> None:
    filed(cast)
    sent(cast)
    filed(cast, "2026-00002")
    screen = sit("listes_mensuelles", at=MONDAY, vue="apercu")
    assert "dressée le 23 novembre 2026 à 8 h 05" in said(screen)
    (frame,) = screen.get("iframe")
    assert "/telecharger/courriel?id=" in str(frame.proto)


def test_a_list_leaves_once_more_only_by_a_deliberate_act_and_to_a_corrected_address(
    sit: Sit, cast: Cast
) -> None:
    filed(cast)
    sent(cast)
    before = len(kept(cast, "mails"))
    (mail,) = kept(cast, "mails", kind=MailKind.RNC, to_address="travaux@prevost.test")
    screen = sit("listes_mensuelles", at=MONDAY, vue="envois")
    press(screen, f"li-resend-{mail['id']}")
    assert "Confirmez" in screen.error[0].value
    screen.checkbox(key=f"li_sure_{mail['id']}").set_value(True)
    screen.text_input(key=f"li_address_{mail['id']}").set_value("pas une adresse")
    press(screen, f"li-resend-{mail['id']}")
    assert "adresse de courriel" in screen.error[0].value
    screen.text_input(key=f"li_address_{mail['id']}").set_value("julie@prevost.test")
    press(screen, f"li-resend-{mail['id']}")
    assert "Écrivez pourquoi" in screen.error[0].value and len(kept(cast, "mails")) == before
    screen.text_input(key=f"li_why_{mail['id']}").set_value("Adresse fautive.")
    press(screen, f"li-resend-{mail['id']}")
    assert "julie" in screen.success[0].value and len(kept(cast, "mails")) == before + 1
    assert any("(renvoi)" in each.label for each in screen.expander)


def test_while_answers_are_expected_what_is_missing_is_shown(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("listes_mensuelles", at=MONDAY)
    assert "30 novembre 2026" in screen.info[0].value and "1 réponse manque." in screen.info[0].value
    assert any(
        WORKS in each.proto.text and "Julie Gagnon" in each.proto.text for each in screen.get("progress")
    )


def test_a_workbook_is_checked_shown_and_recorded_and_a_second_click_records_nothing(
    sit: Sit, cast: Cast
) -> None:
    filed(cast)
    filed(cast, "2026-00002")
    listed(cast)
    given = brought(
        cast, MONDAY,
        {"number": "2026-00001", "answer": "Action à venir", "words": "Passer *jeudi*."},
        {"number": "2026-00002", "answer": "En attente"},
    )  # fmt: skip
    screen = sit("listes_mensuelles", at=MONDAY)
    screen.file_uploader(key="li_book_0").set_value(("rnc-2026-11.xlsx", given.content, XLSX))
    press(run(screen), "li-check")
    assert "Choisissez au nom de qui" in screen.error[0].value
    people = screen.selectbox(key="li_in_name_of")
    people.select_index(next(at for at, each in enumerate(people.options) if "Julie Gagnon" in each))
    press(run(screen), "li-check")
    told = said(screen)
    assert "Seront enregistrées (1)" in told and "Refusées (1)" in told and "motif d'attente" in told
    assert kept(cast, "answers") == []
    press(screen, "li-record")
    assert "1 réponse enregistrée au nom de Julie Gagnon" in screen.success[0].value
    assert "2026-00002" in screen.success[0].value
    assert [row["words"] for row in kept(cast, "answers")] == ["Passer *jeudi*."]
    assert not [each for each in screen.button if each.key == "li-record"]


def test_a_stale_answer_says_what_changed_and_is_recorded_only_when_it_is_chosen(
    sit: Sit, cast: Cast
) -> None:
    file = filed(cast)
    listed(cast)
    moves.take(cast.visit("secretary", moment("Mon 2026-11-23 08:30")), file["id"])
    given = brought(cast, MONDAY, {"number": "2026-00001", "answer": "Action à venir", "words": "Jeudi."})
    screen = sit("listes_mensuelles", at=MONDAY)
    screen.file_uploader(key="li_book_0").set_value(("rnc-2026-11.xlsx", given.content, XLSX))
    people = screen.selectbox(key="li_in_name_of")
    people.select_index(next(at for at, each in enumerate(people.options) if "Julie Gagnon" in each))
    press(run(screen), "li-check")
    told = said(screen).replace("\\", "")
    assert "Périmées" in told and "Julie Gagnon — État : Prise en charge (avant : Acheminée)" in told
    assert not [each for each in screen.button if each.key == "li-record"]
    screen.multiselect(key="li_stale").select("2026-00001")
    press(run(screen), "li-record")
    assert "1 réponse enregistrée au nom de Julie Gagnon" in screen.success[0].value
    assert [row["words"] for row in kept(cast, "answers")] == ["Jeudi."]


def test_a_workbook_that_is_none_says_so_and_leaves_the_choice_as_it_was(sit: Sit, cast: Cast) -> None:
    filed(cast)
    listed(cast)
    screen = sit("listes_mensuelles", at=MONDAY)
    screen.file_uploader(key="li_book_0").set_value(("autre.xlsx", b"PK rien du tout", XLSX))
    screen.selectbox(key="li_in_name_of").select_index(0)
    press(run(screen), "li-check")
    assert "contenu n'est pas" in screen.error[0].value
    assert screen.selectbox(key="li_in_name_of").value is not None


def test_what_was_answered_complete_is_closed_in_one_gesture(sit: Sit, cast: Cast) -> None:
    done = {"answer": "Complétée", "done_on": "2026-11-20", "done_extension": "2410", "note": "Fait."}
    for number in ("2026-00001", "2026-00002"):
        file = filed(cast, number, PLANNING)
        grid.save_row(cast.visit("planner", MONDAY), Edit(file["id"], {}, done))
    screen = sit("listes_mensuelles", at=MONDAY)
    assert "238 Demande complétée" in screen.checkbox[0].label
    screen.checkbox[1].set_value(False)
    press(run(screen), "li-close")
    assert "1 dossier fermé sur 1." in screen.success[0].value
    assert sorted(row["state"] for row in kept(cast, "files")) == [State.DONE, State.TO_CLOSE]


def test_who_is_to_be_called_back_is_a_task_until_it_is_done(sit: Sit, cast: Cast) -> None:
    number = opened(cast, caller=type(MARIE)(name="Rose Roy", phone="450 555-0188")).number
    screen = sit("courriels")
    assert number in said(screen)
    (task,) = kept(cast, "tasks", kind=TaskKind.CALL_BACK)
    press(screen, f"co-done-{task['id']}")
    assert "Fait : À rappeler" in screen.success[0].value
    assert kept(cast, "tasks", kind=TaskKind.CALL_BACK)[0]["done_at"] is not None


def test_the_book_tells_each_mail_by_its_state_and_can_be_narrowed(sit: Sit, cast: Cast) -> None:
    opened(cast)
    screen = sit("courriels")
    (label,) = [each.label for each in screen.expander]
    assert MailKind.ACKNOWLEDGEMENT.value in label and MailState.READY.value in label
    _choose(screen, "co_state", MailState.SENT)
    assert not list(screen.expander) and "Aucun courriel ne correspond" in said(screen)
    _choose(screen, "co_state", None)
    _choose(screen, "co_kind", MailKind.ACKNOWLEDGEMENT)
    assert len(screen.expander) == 1


def test_a_refused_mail_leaves_again_from_its_task_once_and_says_to_whom_and_when(
    sit: Sit, cast: Cast
) -> None:
    opened(cast)
    look(cast, MONDAY, Tray(refuse=lambda parcel: RemoteError("boîte inconnue", again=False)))
    (task,) = kept(cast, "tasks", kind=TaskKind.MAIL_REFUSED, words="Accusé de réception : boîte inconnue")
    screen = sit("courriels", at=MONDAY)
    links = [str(each.proto) for each in screen.get("link_button")]
    assert any("/telecharger/accuse?numero=2026-00001" in link for link in links)
    screen.toggle(key=f"co_again_task_{task['id']}").set_value(True)
    told = said(run(screen)).replace("\\", "")
    assert MARIE.email in told and "au prochain passage de l'horloge" in told
    press(screen, f"co-resend-task_{task['id']}")
    assert MARIE.email in screen.success[0].value.replace("\\", "")
    assert len(kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)) == 2
    assert not [each for each in screen.toggle if each.key == f"co_again_task_{task['id']}"]


def test_a_mail_with_nothing_to_send_again_says_why(sit: Sit, cast: Cast) -> None:
    opened(cast)
    sent(cast)
    (mail,) = kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)
    screen = sit("courriels", at=MONDAY)
    screen.toggle(key=f"co_again_{mail['id']}").set_value(True)
    assert "parti à cette même adresse" in said(run(screen)).replace("\\", "")
    assert not [each for each in screen.button if (each.key or "").startswith("co-resend")]


@pytest.mark.parametrize("module", [listes_mensuelles, courriels])
def test_these_screens_are_the_desks(cast: Cast, module: ModuleType) -> None:
    with pytest.raises(Refused, match="Vous ne pouvez pas consulter les"):
        module.screen(Desk(cast, "secretary", MONDAY))


def _choose(screen: AppTest, key: str, value: object) -> None:
    screen.selectbox(key=key).set_value(value)
    run(screen)
