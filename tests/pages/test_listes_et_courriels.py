"""Listes mensuelles and Courriels: dates with reasons, what was sent to whom, previews, deliberate acts."""

from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from desk import lists
from desk.visits import Visit
from pages import courriels, listes_mensuelles
from policy.reasons import Refused
from policy.roles import System
from policy.words import ListKind
from sync.history import Whence
from sync.states import MailKind, MailState, TaskKind
from tests.cast import WORKS, Cast, moment
from tests.desk.demands import MARIE, opened
from tests.desk.filing import filed, kept
from tests.jobs.post import look
from tests.pages.conftest import Desk, Sit, press, run, said

MONDAY = moment("Mon 2026-11-23 09:00")


def drawn_up(cast: Cast) -> None:
    """November's RNC is drawn up and waits."""
    lists.draw_due(
        Visit(cast.house, moment("Mon 2026-11-23 08:05"), system=System.CLOCK, whence=Whence.CLOCK)
    )


def sent(cast: Cast) -> None:
    """It has left."""
    look(cast, moment("Mon 2026-11-23 08:05"))


def test_the_next_twelve_months_are_told_with_the_other_reading_where_it_differs(sit: Sit) -> None:
    told = said(sit("listes_mensuelles", at=MONDAY))
    for words in ("lundi 23 novembre 2026", "lundi 30 novembre 2026", "mardi 1er décembre 2026",
                  "Octobre 2027", "autre lecture"):  # fmt: skip
        assert words in told


def test_what_waits_and_what_was_sent_to_whom(sit: Sit, cast: Cast) -> None:
    filed(cast)
    drawn_up(cast)
    waiting = sit("listes_mensuelles", at=MONDAY)
    assert "Ce qui attend" in said(waiting)
    sent(cast)
    after = sit("listes_mensuelles", at=MONDAY)
    assert "Ce qui attend" not in said(after)
    assert any("RNC — novembre 2026 : " in each.label and "envoyé" in each.label for each in after.expander)
    assert "travaux@prevost.test" in said(after).replace("\\", "")


def test_each_kind_of_list_is_shown_as_it_would_leave_to_each_recipient(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("listes_mensuelles", at=MONDAY)
    for kind in (ListKind.COUNCIL, ListKind.REMINDER, ListKind.MISSING, ListKind.RNC):
        screen.button_group(key="li_kind").set_value(kind)
        run(screen)
        if who := [each for each in screen.selectbox if each.label == "Destinataire"]:
            who[0].set_value(len(who[0].options) - 1)
            run(screen)
            assert "Objet" in said(screen)


def test_a_list_leaves_once_more_only_by_a_deliberate_act_and_to_a_corrected_address(
    sit: Sit, cast: Cast
) -> None:
    filed(cast)
    drawn_up(cast)
    sent(cast)
    before = len(kept(cast, "mails"))
    (mail,) = kept(cast, "mails", kind=MailKind.RNC, to_address="travaux@prevost.test")
    screen = sit("listes_mensuelles", at=MONDAY)
    screen.text_input(key=f"li_address_{mail['id']}").set_value("pas une adresse")
    run(screen)
    press(screen, f"li-resend-{mail['id']}")
    assert "adresse de courriel" in screen.error[0].value and len(kept(cast, "mails")) == before
    screen.text_input(key=f"li_address_{mail['id']}").set_value("julie@prevost.test")
    run(screen)
    press(screen, f"li-resend-{mail['id']}")
    assert "julie@prevost.test" in screen.success[0].value and len(kept(cast, "mails")) == before + 1


def test_while_answers_are_expected_what_is_missing_is_shown(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("listes_mensuelles", at=MONDAY)
    assert "30 novembre 2026" in screen.info[0].value
    assert any(WORKS in each.proto.text for each in screen.get("progress"))


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


@pytest.mark.parametrize("module", [listes_mensuelles, courriels])
def test_these_screens_are_the_desks(cast: Cast, module: ModuleType) -> None:
    with pytest.raises(Refused, match="Vous ne pouvez pas consulter les"):
        module.screen(Desk(cast, "secretary", MONDAY))


def _choose(screen: AppTest, key: str, value: object) -> None:
    screen.selectbox(key=key).set_value(value)
    run(screen)
