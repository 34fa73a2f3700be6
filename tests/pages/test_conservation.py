"""Conservation: nothing before a person agrees; who agreed to what; holds placed and lifted deliberately."""

import pytest

from desk import keeping, keeping_work
from policy.keeping import KeptKind
from sync import hold
from sync.states import KeepingState, TaskKind
from sync.store import Row
from tests.cast import Cast
from tests.desk.filing import BY
from tests.desk.test_keeping import LATER, NOW, calendar, old
from tests.pages.conftest import Sit, press, run, said

__all__ = ["calendar", "old"]


@pytest.fixture
def listed(cast: Cast, old: Row) -> str:
    """The line of an old request, which the night found."""
    keeping_work.review(cast.house, NOW)
    (line,) = keeping.lines(cast.visit("clerk", LATER), KeptKind.REQUEST, KeepingState.DUE)
    return line.id


def test_the_clerk_reads_agrees_and_takes_back(sit: Sit, cast: Cast, listed: str) -> None:
    screen = sit("conservation", "clerk", LATER)
    told = said(screen).replace("\\", "")
    assert "1 dossier au terme" in told and "règle 05-110" in told
    assert screen.button(key="cv-agree-REQUEST").disabled
    screen.toggle(key=f"cv_look_{listed}").set_value(True)
    assert "Exposé des faits" in said(run(screen))
    screen.checkbox(key=f"cv_pick_{listed}").set_value(True)
    press(run(screen), "cv-agree-REQUEST")
    assert "1 dossier accepté" in screen.success[0].value
    press(screen, "cv-back-REQUEST")
    assert "Accord repris" in screen.success[0].value
    press(screen, "cv-all-REQUEST")
    keeping_work.carry_out(cast.house, lambda: LATER)
    assert "accepté par Paul Lavoie" in said(run(screen)).replace("\\", "")


def test_a_proposed_term_is_said_and_checked_by_the_clerk(sit: Sit, cast: Cast) -> None:
    screen = sit("conservation", "clerk", LATER)
    assert "ne sont encore que des propositions" in said(screen)
    screen.selectbox[0].set_value(KeptKind.REQUEST)
    screen.number_input[0].set_value(36)
    screen.button[0].click()
    assert "numéro de la règle" in run(screen).error[0].value
    screen.text_input[0].set_value("05-110")
    screen.button[0].click()
    assert "3 ans après la fermeture" in run(screen).success[0].value.replace("\\", "")


def test_a_hold_is_placed_shown_on_the_file_and_lifted_with_a_reason(
    sit: Sit, cast: Cast, listed: str
) -> None:
    screen = sit("conservation", "general", LATER)
    press(screen, "cv-hold")
    assert "introuvable" in screen.error[0].value
    screen.text_input(key="cv_hold_number").set_value("2026-00012")
    screen.text_area(key="cv_hold_reason").set_value("Poursuite *civile*")
    press(run(screen), "cv-hold")
    assert "est suspendue" in screen.success[0].value and screen.text_input(key="cv_hold_number").value == ""
    assert "Conservation suspendue" in said(sit("conservation", "clerk", LATER))
    told = said(sit("dossier", "technician", LATER, numero="2026-00012"))
    assert "suspendue depuis" in told and "civile" not in told, "why is for who keeps the holds"
    (lift,) = [button.key for button in screen.button if str(button.key).startswith("cv-lift")]
    press(screen, str(lift))
    assert "pourquoi" in screen.error[0].value.casefold()
    screen.text_input(key=str(lift).replace("cv-lift-", "cv_why_")).set_value("Réglée hors cour")
    press(run(screen), str(lift))
    assert "levée" in screen.success[0].value and "Réglée hors cour" in said(screen)


def test_a_director_with_nothing_to_agree_to_reads_so(sit: Sit, cast: Cast, listed: str) -> None:
    told = said(sit("conservation", "director", LATER))
    assert "Requêtes" not in told and "Suspensions" not in told


def test_after_a_restore_the_desk_is_asked_and_says_so_once(sit: Sit, cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        hold.begin(tx, "Aucun courriel ne part tant que ceci n'est pas fait.", BY)
        (task,) = tx.find("tasks", kind=TaskKind.RESTORED)
    assert "Reprise à confirmer" in said(sit("courriels", "technician", LATER))
    screen = press(sit("courriels", "technician", LATER), f"co-done-{task['id']}")
    assert "Fait : Reprise à confirmer" in screen.success[0].value
    assert "Aucun courriel ne part" not in said(screen)
    with cast.house.store.reading() as tx:
        assert hold.since(tx) is None
