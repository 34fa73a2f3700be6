"""Aujourd'hui: what waits for each person, with the address of what is behind each number."""

import pytest

from policy.words import State
from sync.link_tables import Tie
from tests.cast import CAST, Cast
from tests.desk.filing import filed
from tests.desk.outside import hold, remote, row_there
from tests.pages.conftest import Sit, said


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
