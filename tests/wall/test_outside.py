"""From the outside: what a browser, a thief of addresses, a mailbox and a log can get of private files.

Where it looks, for every role of the cast and for nobody, after the words of ``planted.WORDS``:

- every screen, by its address and by the address of each private file, as the messages its browser receives
  (elements, titles, addresses, menus), and the same for a number that does not exist;
- every download route, with the ids of what is private; the queue as .xlsx filtered by each word;
- the search of files, of citizens, of the queue, of a person, by word, by name, by telephone, by number;
- the mails of every look of the clock over the days of the RNC and of the lists of the council;
- time lines of every ordinary file, drafts, what the door answers to nobody, the page of a bug, the logs;
- on the disk (``test_sealed``): every column of every table on both databases, the bytes of the SQLite file
  and of its journal, every history, a copy without the key, the export of every table by every role.
"""

import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import httpx
import pytest
from sqlalchemy import true
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException

from desk import citizens, complaint_file, files, person, private, queue, search, sessions
from desk.drafts import recall_all
from desk.scope import NotFound
from door.files import DOWNLOADS
from door.navigation import SCREENS
from pages.listes_mensuelles import Part
from policy.private_words import PrivateKind
from policy.reasons import Refused
from sync.vault import SEALED
from tests.cast import CAST, moment
from tests.door.serving import Clock, Door, Line, line, serve
from tests.jobs.post import COUNCIL_DAY, RNC_DAY, Tray, look
from tests.jobs.test_sentinels import everything
from tests.wall.planted import NOON, WORDS, Town

# Who may meet the words of a kind on a screen or in a download; nobody else, and nobody at all elsewhere.
# What a conclusion enters in an employee's file is said in the complaint too, which ``planner`` may read.
ENTITLED = {
    PrivateKind.COMPLAINT: {"director", "planner"},
    PrivateKind.PERSONNEL: {"general", "director", "planner"},
    PrivateKind.ACCESS: {"general", "clerk"},
    PrivateKind.CLAIM: {"technician", "director", "clerk"},
    PrivateKind.SERVICE_REFUSAL: {"director"},
    PrivateKind.INCIDENT: {"general", "clerk"},
}
ALL = {word: kind for kind, words in WORDS.items() for word in words}
ABSENT = "2026-09999"


@pytest.fixture(scope="module")
def door(sqlite_town: Town) -> Iterator[Door]:
    """The town behind a real door, at noon."""
    with serve(sqlite_town.cast.house, Clock(NOON), downloads=DOWNLOADS, glance=600) as opened:
        yield opened


def met(told: bytes | str) -> set[PrivateKind]:
    """The kinds of which a word is in there."""
    text = told if isinstance(told, str) else told.decode("utf-8", "replace")
    text = text.casefold().replace("\\", "")
    return {kind for word, kind in ALL.items() if word in text}


def not_theirs(who: str, told: bytes | str) -> set[PrivateKind]:
    return {kind for kind in met(told) if who not in ENTITLED[kind]}


def token(town: Town, who: str) -> str:
    with town.cast.house.store.writing() as tx:
        return sessions.open_session(tx, town.cast.accounts[who], NOON)


@contextmanager
def tab(door: Door, town: Town, who: str) -> Iterator[Line]:
    with line(door, token(town, who)) as opened:
        opened.socket.close_timeout = 1
        yield opened


def asked(opened: Line, page: str, query: str = "", pressed: str = "") -> list[ForwardMsg]:
    """What the browser receives when it asks for that screen, a button pressed or not."""
    message = BackMsg()
    message.rerun_script.page_name, message.rerun_script.query_string = page, query
    if pressed:
        button = message.rerun_script.widget_states.widgets.add()
        button.id, button.trigger_value = pressed, True
    opened.socket.send(message.SerializeToString())
    told = []
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(bytes(opened.socket.recv(20)))  # type: ignore[arg-type]  # always bytes
        told.append(answer)
        kind = answer.WhichOneof("type")
        if kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return told


def drawn(opened: Line, page: str, query: str = "", pressed: str = "") -> bytes:
    """All of it, as bytes."""
    return b"\n".join(each.SerializeToString() for each in asked(opened, page, query, pressed))


def read_on(told: list[ForwardMsg], number: str) -> list[tuple[str, str]]:
    """What a person reads there, element by element, the number asked for left out."""
    elements = [each.delta.new_element for each in told if each.WhichOneof("type") == "delta"]
    kinds = [(each.WhichOneof("type") or "", each) for each in elements]
    return [
        (kind, str(getattr(getattr(each, kind), "body", "")).replace(number, "…"))
        for kind, each in kinds
        if kind
    ]


def addresses(town: Town) -> dict[str, tuple[str, str, PrivateKind]]:
    """The address of each private file: its screen, its question, its kind."""
    return {
        "complaint": ("plaintes", f"numero={town.complaint}", PrivateKind.COMPLAINT),
        "other": ("plaintes", f"numero={town.other}", PrivateKind.COMPLAINT),
        "access": ("acces", f"numero={town.access}", PrivateKind.ACCESS),
        "claim": ("reclamations", f"numero={town.claim}", PrivateKind.CLAIM),
        "incident": ("incidents", f"incident={town.incident}", PrivateKind.INCIDENT),
        "complaint as a file": ("dossier", f"numero={town.complaint}", PrivateKind.COMPLAINT),
        "access as a file": ("dossier", f"numero={town.access}", PrivateKind.ACCESS),
        "claim as a file": ("dossier", f"numero={town.claim}", PrivateKind.CLAIM),
    }


@pytest.mark.parametrize("who", CAST)
def test_no_screen_says_a_word_to_who_is_not_entitled(
    door: Door, sqlite_town: Town, caplog: pytest.LogCaptureFixture, who: str
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = set()
    with tab(door, sqlite_town, who) as opened:
        for screen in SCREENS:
            told = drawn(opened, screen.address)
            assert not not_theirs(who, told), screen.address
            seen |= met(told)
        for part in Part:
            assert not not_theirs(who, drawn(opened, "listes", f"vue={part}")), part
        for name, (page, query, kind) in addresses(sqlite_town).items():
            told = drawn(opened, page, query)
            assert not not_theirs(who, told), name
            seen |= met(told)
            if who in ENTITLED[kind] and name not in ("other",) and not name.endswith("as a file"):
                assert kind in met(told), f"{who} no longer sees {name}: the test would prove nothing"
    assert not met(caplog.text)
    assert seen <= {kind for kind, people in ENTITLED.items() if who in people}


@pytest.mark.parametrize("who", CAST)
def test_what_is_not_theirs_and_what_is_not_there_are_one_screen(
    door: Door, sqlite_town: Town, who: str
) -> None:
    with tab(door, sqlite_town, who) as opened:
        for name, (page, query, kind) in addresses(sqlite_town).items():
            if (who in ENTITLED[kind] and name != "other") or name == "claim as a file":
                continue
            name_of, _, value = query.partition("=")
            absent = value[:1] + "2026-0999" if value[:1] in "PA" else ABSENT
            there, not_there = (
                read_on(asked(opened, page, f"{name_of}={number}"), number) for number in (value, absent)
            )
            assert there and there == not_there, name


def test_a_button_of_another_pressed_by_hand_changes_and_tells_nothing(door: Door, sqlite_town: Town) -> None:
    pages = {(page, query) for page, query, _ in addresses(sqlite_town).values() if page != "dossier"}
    pages |= {
        ("plaintes", ""),
        ("courtoisie", ""),
        ("courtoisie", f"dossier={sqlite_town.file}"),
        ("incidents", ""),
    }
    keys: set[tuple[str, str, str]] = set()
    for who in ("director", "clerk", "general"):
        with tab(door, sqlite_town, who) as opened:
            for page, query in pages:
                keys |= {(page, query, each) for each in _buttons(asked(opened, page, query))}
    assert {page for page, _, _ in keys} >= {"plaintes", "acces", "reclamations", "incidents", "courtoisie"}
    before = _private_rows(sqlite_town)
    for who in ("technician", "secretary", "experience", "council", "admin"):
        with tab(door, sqlite_town, who) as opened:
            for page, query, key in sorted(keys):
                if (who, page) != ("technician", "reclamations"):  # those are the technician's to press
                    assert not not_theirs(who, drawn(opened, page, query, key)), (who, key)
    assert _private_rows(sqlite_town) == before


def _buttons(told: list[ForwardMsg]) -> set[str]:
    elements = [each.delta.new_element for each in told if each.WhichOneof("type") == "delta"]
    return {each.button.id for each in elements if each.WhichOneof("type") == "button"}


def _private_rows(town: Town) -> list[object]:
    with town.cast.house.store.reading() as tx:
        return [row for table in sorted(SEALED) for row in tx.find(table)]


def downloads(town: Town) -> list[tuple[str, dict[str, str], set[str] | None]]:
    """Each route, what is asked of it, and who alone is given something; none: whoever, without a word."""
    room, nobody = {"general", "clerk"}, set[str]()
    documents = {
        PrivateKind.COMPLAINT: {"director", "planner"},
        PrivateKind.ACCESS: room,
        PrivateKind.CLAIM: {"technician", "director", "clerk"},
    }
    return [
        ("acces.xlsx", {}, room),
        ("acces-lettre", {"numero": town.access, "lettre": "reponse"}, room),
        ("plainte-lettre", {"numero": town.complaint}, None),
        ("plainte-lettre", {"numero": town.other}, nobody),
        ("incidents.xlsx", {}, room),
        *(("document-prive", {"id": town.documents[kind]}, people) for kind, people in documents.items()),
        *(("document", {"id": each}, nobody) for each in town.documents.values()),
        ("personne.xlsx", {"de": f"complaints.{town.records[PrivateKind.COMPLAINT]}"}, {"director"}),
        ("personne.xlsx", {"de": f"access_requests.{town.records[PrivateKind.ACCESS]}"}, room),
        ("accuse", {"numero": town.complaint}, nobody),
        ("courriel", {"id": town.records[PrivateKind.COMPLAINT]}, nobody),
        ("conseil", {"id": town.records[PrivateKind.COMPLAINT]}, nobody),
        *(("file.xlsx", {"texte": word}, None) for word in ("zplaintx", "zaccex", "zreclax")),
    ]


@pytest.mark.parametrize("who", [*CAST, "nobody"])
def test_no_download_gives_a_word_to_who_is_not_entitled(door: Door, sqlite_town: Town, who: str) -> None:
    cookie = {} if who == "nobody" else {"Cookie": f"{door.cookie}={token(sqlite_town, who)}"}
    with door.client(headers=cookie) as client:
        for what, asked_of, people in downloads(sqlite_town):
            answer = client.get(f"/telecharger/{what}", params=asked_of)
            given = answer.status_code == 200
            if who == "nobody":  # the way to the sign-in page says what was asked, and nothing else
                assert answer.status_code in (303, 401) and not answer.content
                continue
            assert not not_theirs(who, _read(answer)), (what, asked_of)
            if people is not None:
                assert given is (who in people), (what, asked_of, answer.status_code)
            if not given and "id" in asked_of:
                absent = client.get(f"/telecharger/{what}", params={"id": "jamais-vu"})
                assert (absent.status_code, absent.text) == (answer.status_code, answer.text)


def _read(answer: httpx.Response) -> str:
    told = f"{answer.headers} {answer.text}"
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            told += "\n".join(book.read(name).decode() for name in book.namelist())
    return told


def test_nobody_is_shown_nothing_and_told_nothing_apart(door: Door, sqlite_town: Town) -> None:
    with door.client() as client:
        for screen in SCREENS:
            assert client.get(f"/{screen.address}").status_code == 303
        for page, query, _ in addresses(sqlite_town).values():
            answer = client.get(f"/{page}?{query}")
            assert answer.status_code == 303 and not met(f"{answer.headers}{answer.text}")
    with pytest.raises(WebSocketException), line(door) as opened:
        opened.run("plaintes")


def test_a_bug_in_the_middle_of_a_complaint_says_nothing_of_it(
    door: Door, sqlite_town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(counter: object, row: dict[str, object]) -> None:
        raise RuntimeError(f"{row['facts']} {row['name']}")

    monkeypatch.setattr(complaint_file, "_file", broken)
    with tab(door, sqlite_town, "director") as opened:
        told = drawn(opened, "plaintes", f"numero={sqlite_town.complaint}")
    assert "référence" in told.decode("utf-8", "replace") and not met(told)
    assert not met(caplog.text)


@pytest.mark.parametrize("who", CAST)
def test_no_search_finds_a_private_file(town: Town, who: str) -> None:
    visit = town.cast.visit(who, NOON)
    numbers = (town.complaint, town.other, town.access)
    names = ("zplaintxnom", "zaccexnom", "Zplaintxvise", "450 555-7731", "450 555-7732", "908719087")
    for text in (*ALL, *numbers, *names):
        assert search.search(visit, text) == [], text
        assert citizens.suggest(visit, text) == [], text
        try:
            page = queue.page(visit, queue.Query(text=text))
        except Refused:
            continue
        assert page.rows == () or not list(page.rows), text
    for text in ("zplaintxnom", "zaccexnom", "450 555-7731"):
        try:
            found = person.find(visit, text)
        except Refused:
            continue
        assert not not_theirs(who, str(found)), text


def test_no_mail_of_a_whole_month_says_a_word(town: Town) -> None:
    tray = Tray()
    for at in (NOON, RNC_DAY, moment("Fri 2026-11-27 08:05"), moment("Mon 2026-11-30 16:35"), COUNCIL_DAY):
        look(town.cast, at, tray)
    assert len(tray.parcels) > 10
    for parcel in tray.parcels:
        said = f"{parcel.name} {everything(parcel.message)}"
        assert not met(said) and town.complaint not in said and town.access not in said, parcel.name


@pytest.mark.parametrize("who", CAST)
def test_no_time_line_and_no_ordinary_file_says_a_word(town: Town, who: str) -> None:
    visit = town.cast.visit(who, NOON)
    for number in (town.claim, town.file):
        try:
            told = str(files.open(visit, number))
        except NotFound:
            continue
        assert not met(told)
    assert recall_all(visit, list(town.records.values())) == {}


def test_a_door_left_open_is_met_from_the_outside(
    door: Door, sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = f"numero={sqlite_town.complaint}"
    monkeypatch.setattr(private, "visible", lambda counter, kind: true())
    with tab(door, sqlite_town, "admin") as opened:
        assert not_theirs("admin", drawn(opened, "plaintes", query)) >= {PrivateKind.COMPLAINT}
        there, not_there = (
            read_on(asked(opened, "plaintes", f"numero={number}"), number)
            for number in (sqlite_town.complaint, "P2026-0999")
        )
        assert there != not_there


def test_titles_and_addresses_name_nobody(sqlite_town: Town) -> None:
    said = [f"{screen.address} {screen.title}" for screen in SCREENS]
    assert not met(" ".join(said))
    for (page, query, _), name in product(addresses(sqlite_town).values(), CAST.values()):
        assert name.name.casefold() not in f"{page}?{query}"
