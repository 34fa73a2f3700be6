"""Being away: what a person does keeps a session alive, what a screen does by itself does not."""

from datetime import timedelta

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed

from door import answers
from door.gate import ENDED
from tests.door.conftest import COUNCIL, PASSWORD, TECHNICIAN
from tests.door.serving import Clock, Door, Line, line

TEN = timedelta(minutes=10)


def by_itself(opened: Line) -> None:
    """What a part drawn again every so many seconds sends."""
    asked = BackMsg()
    asked.rerun_script.is_auto_rerun = True
    opened.socket.send(asked.SerializeToString())
    heard(opened)


def heard(opened: Line) -> None:
    """Wait for the end of the run that was asked for."""
    message = ForwardMsg()
    while message.WhichOneof("type") != "script_finished":
        message.ParseFromString(bytes(opened.socket.recv(20)))  # type: ignore[arg-type]


def test_after_half_an_hour_away_one_is_led_to_the_form_and_back(door: Door, clock: Clock) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        clock.advance(timedelta(minutes=30))
        answer = client.get("/essai?numero=1")
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            "/connexion?suite=/essai%3Fnumero%3D1",
        )
        given = {"email": TECHNICIAN, "password": PASSWORD, "suite": "/essai?numero=1"}
        assert client.post("/connexion", data=given).headers["location"] == "/essai?numero=1"
        assert client.get("/essai?numero=1").status_code == 200


def test_somebody_who_sees_no_private_file_may_be_away_longer(door: Door, clock: Clock) -> None:
    with door.signed_in(COUNCIL, PASSWORD) as client:
        clock.advance(timedelta(hours=3, minutes=59))
        assert client.get("/session").status_code == 204
        clock.advance(timedelta(minutes=1))
        assert client.get("/session").status_code == 401


def test_asking_whether_the_session_lives_and_fetching_parts_of_a_page_keep_nothing_alive(
    door: Door, clock: Clock
) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        for _ in range(2):
            clock.advance(TEN)
            assert client.get("/session").status_code == 204
            assert client.get("/_stcore/host-config").status_code == 200
        clock.advance(TEN)
        assert client.get("/session").status_code == 401


def test_clicks_keep_a_session_alive(door: Door, clock: Clock) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        with line(door, client.cookies[door.cookie]) as opened:
            opened.run("essai")
            for _ in range(5):
                clock.advance(TEN)
                opened.run("essai")
        assert client.get("/session").status_code == 204


def test_a_screen_that_draws_itself_again_does_not(door: Door, clock: Clock) -> None:
    with (
        door.signed_in(TECHNICIAN, PASSWORD) as client,
        line(door, client.cookies[door.cookie]) as opened,
    ):
        opened.run("essai")
        for _ in range(2):
            clock.advance(TEN)
            by_itself(opened)
        clock.advance(TEN)
        with pytest.raises(ConnectionClosed) as cut:
            by_itself(opened)
            while True:  # what was still on its way from the runs before comes first
                opened.socket.recv(20)
        assert cut.value.rcvd is not None
        assert cut.value.rcvd.code == ENDED


def test_a_tab_that_comes_back_by_itself_when_the_network_does_is_no_gesture(
    door: Door, clock: Clock
) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        for _ in range(2):
            clock.advance(TEN)
            with line(door, client.cookies[door.cookie]) as opened:
                opened.run("essai")
        clock.advance(TEN)
        assert client.get("/session").status_code == 401


def test_what_is_no_message_of_a_screen_is_no_gesture() -> None:
    beat = BackMsg()
    beat.app_heartbeat = True
    assert not answers.is_gesture(beat.SerializeToString())
    assert not answers.is_gesture(b"\xff\xff not a message")
    assert not answers.is_gesture(b"")
