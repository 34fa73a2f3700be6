"""A choice deleted from a list in Airtable: put back by ``setup`` when that is allowed, else said."""

import pytest

from policy.words import Priority
from tests.desk.demands import opened
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings

LIST = ("Dossiers", "Priorité")
LOW = Priority.LOW.value


pytestmark = pytest.mark.parametrize("desk", ["airtable"], indirect=True)


@pytest.fixture(autouse=True)
def listed(desk: Desk) -> None:
    """A base that holds a demand, with its lists."""
    opened(desk.cast)
    desk.ready()


def server(desk: Desk) -> AirtableServer:
    assert isinstance(desk.there.server, AirtableServer)
    return desk.there.server


def test_setup_puts_back_a_choice_that_was_deleted_and_no_cell_changes(desk: Desk) -> None:
    rows = desk.there.server.rows("Dossiers")
    server(desk).delete_choice(*LIST, LOW)
    assert desk.sync("check") == 1
    assert desk.sync("setup") == 0, desk.complained
    assert f"« {LOW} »" in desk.said and "« Priorité »" in desk.said
    assert sorted(server(desk).choices(*LIST)) == sorted(Priority)
    assert desk.sync("check") == 0
    desk.tally()
    assert desk.there.server.rows("Dossiers") == rows
    assert desk.sync("setup") == 0 and "Tout y était déjà" in desk.said


def test_where_airtable_refuses_setup_says_what_to_add_by_hand_and_where(desk: Desk) -> None:
    server(desk).api.doubts.choices_pass = False
    server(desk).delete_choice(*LIST, LOW)
    for _ in range(2):
        assert desk.sync("setup") == 1
        for said in ("à la main dans Airtable", "« Dossiers »", "« Priorité »", f"« {LOW} »"):
            assert said in desk.complained
        assert desk.said == ""
        assert desk.sync("check") == 1


def test_a_renamed_choice_is_left_to_a_person_and_never_doubled(desk: Desk) -> None:
    server(desk).rename_choice(*LIST, LOW, "Faible")
    assert desk.sync("setup") == 1
    assert "« Faible »" in desk.complained and LOW not in server(desk).choices(*LIST)
    server(desk).rename_choice(*LIST, "Faible", LOW)
    assert desk.sync("setup") == 0
