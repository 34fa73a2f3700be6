"""A browser that lies: messages of the grid forged on a real WebSocket change nothing they should not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from desk import sessions
from policy.words import State
from sync.store import Row
from tests.browser.served import file_of
from tests.cast import Cast
from tests.door.serving import Clock, Door, Line, line

NUMBERS = [f"2026-0000{n}" for n in range(1, 8)]


class Liar:
    """Julie's tab, whose messages are written by hand."""

    def __init__(self, opened: Line) -> None:
        self.line = opened
        self.shown = _shown(opened.run("file"))

    def sends(self, edited: dict[str, Any]) -> None:
        """The grid says that this was typed in it, then « Enregistrer » is pressed."""
        typed = json.dumps({"edited_rows": edited, "added_rows": [], "deleted_rows": []})
        for pressed in (False, True):
            asked = BackMsg()
            grid = asked.rerun_script.widget_states.widgets.add()
            grid.id, grid.string_value = self.shown["grid"], typed
            if pressed:
                button = asked.rerun_script.widget_states.widgets.add()
                button.id, button.trigger_value = self.shown["save"], True
            asked.rerun_script.page_name = "file"
            self.line.socket.send(asked.SerializeToString())
            _until_finished(self.line)


@pytest.fixture
def liar(served: Door, served_cast: Cast, clock: Clock) -> Iterator[Liar]:
    """Julie of Travaux publics, signed in, with her queue open."""
    with served_cast.house.store.writing() as tx:
        token = sessions.open_session(tx, served_cast.accounts["secretary"], clock())
    with line(served, token) as opened:
        opened.socket.close_timeout = 1  # what is left unread is not waited for
        yield Liar(opened)


FORGED: dict[str, dict[str, Any]] = {
    "a column that is shown, not typed in": {"0": {"Numéro": "2026-00099", "Cible": "2030-01-01"}},
    "a column of the table that is not shown": {"0": {"facts": "Rien", "closed_at": "2026-11-20"}},
    "a value outside the choices": {"0": {"state": "Archivée"}, "1": {"wait_reason": "Parce que"}},
    "a state that is not chosen in the grid": {"0": {"state": "Annulée"}, "1": {"state": "Nouvelle"}},
    "a date that is none": {"1": {"planned_on": "demain"}},
    "annexe A outside the window of the RNC": {"1": {"code": "238", "answer": "Complétée", "note": "x"}},
    "a row past the last, another department's": {"6": {"next_action": "Vu"}, "-1": {"next_action": "Vu"}},
    "what is no row at all": {"99999999999999999999": {"next_action": "Vu"}},
    "what is no value at all": {"1": {"next_action": {"$ne": ""}}, "2": {"state": ["Complétée"]}},
    "what is no day at all": {"3": {"planned_on": 5}},
    "what is no edit at all": {"1": "tout", "2": None},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_of_the_grid_changes_nothing(liar: Liar, served_cast: Cast, name: str) -> None:
    before = _standing(served_cast)
    liar.sends(FORGED[name])
    assert _standing(served_cast) == before


def test_the_same_tab_is_believed_when_it_does_not_lie(liar: Liar, served_cast: Cast) -> None:
    liar.sends({"0": {"planned_on": "2026-11-26"}, "1": {"next_action": "Passer mardi"}})
    assert file_of(served_cast, "2026-00001")["state"] is State.PLANNED
    assert file_of(served_cast, "2026-00002")["next_action"] == "Passer mardi"


def test_100_000_characters_are_refused_whole_and_stay_typed(liar: Liar, served_cast: Cast) -> None:
    before = _standing(served_cast)
    liar.sends({"1": {"next_action": "é" * 100_000}})
    assert _standing(served_cast) == before
    with served_cast.house.store.reading() as tx:
        (draft,) = tx.find("drafts")
    assert draft["value"] == "é" * 100_000


def _standing(cast: Cast) -> list[Row]:
    return [file_of(cast, number) for number in NUMBERS]


def _shown(told: list[ForwardMsg]) -> dict[str, str]:
    """The ids of the grid and of its button among what a run drew."""
    found = {}
    for message in told:
        if message.WhichOneof("type") != "delta":
            continue
        element = message.delta.new_element
        if element.WhichOneof("type") == "dataframe":
            found["grid"] = element.dataframe.id
        if element.WhichOneof("type") == "button" and "fi-save" in element.button.id:
            found["save"] = element.button.id
    return found


def _until_finished(opened: Line) -> None:
    message = ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        message.ParseFromString(bytes(opened.socket.recv(20)))  # type: ignore[arg-type]  # always bytes
