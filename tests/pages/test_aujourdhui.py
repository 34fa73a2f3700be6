"""Aujourd'hui: what waits for each person, with the address of what is behind each number."""

import pytest

from desk import absences, confided, presences
from policy.words import Presence, State
from sync.link_tables import Tie
from tests.cast import CAST, Cast
from tests.desk.filing import NINE, filed
from tests.desk.outside import hold, remote, row_there
from tests.desk.test_people_here import ANNE
from tests.pages.conftest import Sit, press, run, said


@pytest.fixture
def busy(cast: Cast) -> None:
    """A file to route, one taken, a row that waits, a dispute."""
    filed(cast, "2026-00001", department=None)
    taken = filed(cast, "2026-00002", state=State.TAKEN)
    remote(cast)
    row_there(cast, "rec1", agreed={"street": "rue du Lac"})
    held = row_there(cast, "rec2", Tie.LINKED, record=taken["id"], open=False)
    hold(cast, held, "next_action", raw="Rappeler", theirs="Rappeler")


@pytest.mark.parametrize("who", [who for who in CAST if who not in ("technician", "director")])
def test_nothing_to_do_says_so_to_every_role(sit: Sit, who: str) -> None:
    screen = sit("aujourdhui", who)
    assert screen.success[0].value == "Rien ne vous attend."


def test_a_department_without_responsable_is_told_to_the_desk(sit: Sit) -> None:
    told = said(sit("aujourdhui", "technician")).replace("\\", "")
    assert "[1 service sans Responsable](/responsables)** — Trésorerie / Taxation" in told


def test_each_number_opens_what_is_behind_it(sit: Sit, busy: None) -> None:
    told = said(sit("aujourdhui", "director")).replace("\\", "")
    for line in (
        "[1 dossier à acheminer](/file?voir=nouvelles)",
        "[2 dossiers ouverts](/file)",
        "[1 ligne de la table à accueillir](/a-accueillir)",
        "[1 litige avec la table](/synchronisation)",
    ):
        assert line in told
    assert "La table de la ville" in told


def test_a_secretary_reads_neither_the_desks_inbox_nor_the_tables_health(sit: Sit, busy: None) -> None:
    told = said(sit("aujourdhui", "secretary"))
    assert "1 dossier ouvert" in told
    assert "accueillir" not in told and "synchronisation" not in told.casefold()


def test_who_keeps_the_machine_reads_the_health_and_no_file(sit: Sit, busy: None) -> None:
    told = said(sit("aujourdhui", "admin"))
    assert "Airtable" in told and "litige" not in told and "/file" not in told


def test_what_is_confided_is_shown_and_taken_back_by_two_gestures(sit: Sit, cast: Cast) -> None:
    absences.confide(cast.visit("secretary", NINE), ANNE)
    screen = sit("aujourdhui", "secretary")
    (seen,) = confided.mine(cast.visit("secretary", NINE))
    assert "**Anne Côté** recevra à votre place, du 7 décembre 2026 au 11 décembre 2026 inclus" in said(
        screen
    )
    press(screen, f"pr-take-{seen.designations[0]}")
    assert "Vous recevez de nouveau vos requêtes" in said(screen) and "Anne Côté" not in said(screen)


def test_the_desk_sees_who_is_here_and_nobody_else_does(sit: Sit, cast: Cast) -> None:
    presences.say(cast.visit("clerk", NINE), Presence.MEETING)
    screen = sit("aujourdhui", "technician")
    screen.text_input(key="pr_sought").set_value("lavoie")
    (table,) = run(screen).table
    assert table.value.values.tolist() == [["Paul Lavoie", "2110", "", "en réunion"]]
    screen.text_input(key="pr_sought").set_value("personne")
    assert "Personne de ce nom" in said(run(screen))
    for who in ("secretary", "general", "outsider", "council"):
        assert len(sit("aujourdhui", who).table) == 0
