"""What passes the gate and what does not: HTTP and WebSocket, on a real server."""

from datetime import timedelta

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from desk import health, sessions
from desk.house import House
from door.gate import ENDED
from tests.door.conftest import BY, COUNCIL, PASSWORD, RESPONSABLE, TECHNICIAN
from tests.door.serving import Clock, Door, left, line, serve, session_of

CLOSED = [
    "/",
    "/essai",
    "/nulle-part",
    "/telecharger/file.xlsx",
    "/static/js/index.js",
    "/media/abc",
    "/component/x",
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/_stcore/script-health-check",
    "/_stcore/agent/openapi.json",
    "/_stcore/bidi-components/x",
    "/_stcore/upload_file/a/b",
    "/oauth2callback",
    "/auth/login",
]


def test_without_a_session_only_the_entrance_answers_on_a_server_just_started(door: Door) -> None:
    with door.client() as client:
        for path in CLOSED:
            answer = client.get(path)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/connexion"), path
        for path in ("/connexion", "/_stcore/health", "/sante", "/porte/door.css"):
            assert client.get(path).status_code == 200, path


def test_what_a_page_asks_for_without_a_session_is_refused_not_sent_elsewhere(door: Door) -> None:
    with door.client(headers={"Accept": "application/json"}) as client:
        assert client.get("/_stcore/host-config").status_code == 401
        assert client.put("/_stcore/upload_file/a/b", files={"f": b"x"}).status_code == 401


def test_with_a_session_streamlit_answers_what_a_screen_needs_and_nothing_else(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        assert client.get("/essai").status_code == 200
        assert client.get("/_stcore/host-config").status_code == 200
        closed = (
            "/_stcore/metrics",
            "/_stcore/agent/openapi.json",
            "/_stcore/agent/mcp",
            "/auth/login",
            "/nulle-part",
        )
        for path in closed:
            assert client.get(path).status_code == 404, path
        assert client.post("/_stcore/agent/interact", json={}).status_code == 404


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "/a%0d%0ab", "/%00", "/essai//", "/%5c%5cevil"]
)
def test_an_address_with_tricks_in_it_goes_nowhere(door: Door, path: str) -> None:
    request = httpx.Request("GET", httpx.URL(door.url).copy_with(raw_path=path.encode()))
    with door.client() as client:
        assert client.send(request).status_code == 400


def test_every_answer_carries_the_headers_of_the_house(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        for path in ("/connexion", "/essai", "/nulle-part", "/_stcore/host-config", "/telecharger/rien"):
            given = client.get(path).headers
            assert "frame-ancestors 'none'" in given["content-security-policy"], path
            assert "unsafe-eval'" not in given["content-security-policy"].replace("wasm-unsafe-eval", "")
            assert given["x-content-type-options"] == "nosniff"
            assert given["referrer-policy"] == "same-origin"
            assert given["cache-control"] == "no-store"
            assert "access-control-allow-origin" not in given
            assert "server" not in given


def test_another_name_of_this_machine_leads_to_the_one_people_are_told(door: Door) -> None:
    with httpx.Client(base_url=door.url.replace("127.0.0.1", "localhost")) as client:
        answer = client.get("/essai?a=1")
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{door.url}/essai?a=1"
        assert client.get("/essai", headers={"Host": "evil.example"}).status_code == 401


def test_the_websocket_is_refused_without_a_session_or_from_another_origin(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client:
        token = client.cookies[door.cookie]
    refused = [("", ""), ("inventé", ""), (token, "https://evil.example"), (token, None)]
    refused += [(token, door.url.replace("127.0.0.1", "localhost"))]
    for carried, origin in refused:
        with pytest.raises(InvalidStatus) as answer, line(door, carried, origin):
            pass
        assert answer.value.response.status_code == 403
    with line(door, token) as open_line:
        assert session_of(open_line.run("essai"))


def test_a_header_that_claims_to_be_somebody_opens_nothing(door: Door) -> None:
    claims = {
        "X-Forwarded-User": TECHNICIAN,
        "Remote-User": TECHNICIAN,
        "Authorization": "Basic ZGlhbmU6eA==",
    }
    with door.client(headers=claims) as client:
        assert client.get("/essai").status_code == 303


def test_a_message_on_a_line_whose_session_ended_does_nothing_and_cuts_it(door: Door, clock: Clock) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client, line(door, client.cookies[door.cookie]) as tab:
        tab.run("essai")
        sessions.sign_out(door.house, client.cookies[door.cookie], clock())
        with pytest.raises(ConnectionClosed) as cut:
            tab.run("essai")
        assert cut.value.rcvd is not None
        assert cut.value.rcvd.code == ENDED
        with pytest.raises(InvalidStatus), line(door, client.cookies[door.cookie]):
            pass


def test_closing_an_account_cuts_all_its_lines_at_once_even_idle_ones(
    town: House, trial_screens: None
) -> None:
    with (
        serve(town, glance=0.02) as door,
        door.signed_in(TECHNICIAN, PASSWORD) as client,
        door.signed_in(RESPONSABLE, PASSWORD) as other,
        line(door, other.cookies[door.cookie]) as kept,
        line(door, client.cookies[door.cookie]) as one,
        line(door, client.cookies[door.cookie]) as two,
    ):
        with town.store.writing() as tx:
            account = tx.first("accounts", email=TECHNICIAN)
            assert account is not None
            tx.update("accounts", account["id"], {"active": False}, BY)
        for tab in (one, two):
            with pytest.raises(ConnectionClosed) as cut:
                tab.socket.recv(20)
            assert cut.value.rcvd is not None
            assert cut.value.rcvd.code == ENDED
        assert session_of(kept.run())


def test_a_session_that_expires_cuts_its_line(door: Door, clock: Clock) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as client, line(door, client.cookies[door.cookie]) as tab:
        clock.advance(timedelta(hours=12))
        with pytest.raises(ConnectionClosed):
            tab.run("essai")


def test_a_tab_that_reconnects_resumes_its_screen_only_with_the_pass_that_opened_it(door: Door) -> None:
    with door.signed_in(TECHNICIAN, PASSWORD) as first, door.signed_in(RESPONSABLE, PASSWORD) as second:
        with line(door, first.cookies[door.cookie]) as tab:
            screen = session_of(tab.run())
        left(screen)
        with line(door, second.cookies[door.cookie], resume=screen) as tab:
            assert session_of(tab.run()) != screen
        with line(door, first.cookies[door.cookie], resume=screen) as tab:
            assert session_of(tab.run()) == screen


def test_attempts_are_counted_by_the_address_the_trusted_proxy_gives(
    town: House, trial_screens: None
) -> None:
    with serve(town, trusted_proxy="127.0.0.1") as door, door.client() as client:
        spoken = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
        client.post("/connexion", data={"email": COUNCIL, "password": "faux"}, headers=spoken)
    with serve(town) as door, door.client() as client:
        client.post("/connexion", data={"email": COUNCIL, "password": "faux"}, headers=spoken)
    with town.store.reading() as tx:
        assert {row["address"] for row in tx.find("sign_ins")} == {"198.51.100.7", "127.0.0.1"}


def test_a_monitor_reads_what_works_without_a_session_and_nothing_of_anybody(
    door: Door, town: House, clock: Clock
) -> None:
    with door.client() as client:
        asked = client.get("/sante/tout")
        assert asked.status_code == 503 and "horloge : n'a encore jamais regardé" in asked.text
        health.beat(town, clock(), ())
        asked = client.get("/sante/tout")
        assert asked.status_code == 200
        assert asked.text == "base : bien\nhorloge : bien\ncourriels : bien\n"
