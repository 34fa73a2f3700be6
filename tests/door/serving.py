"""A real door on a free port of this machine, with a clock that tests set; a browser; a bare WebSocket."""

import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager
from websockets.sync.client import ClientConnection, connect

from desk.house import House
from door.app import build, serving
from door.downloads import Act
from door.oidc import Provider
from door.passes import address_of
from door.signin import DemoAccount, FirstCode

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Mon 2026-11-23 09:00 in town
PATIENCE = 30_000  # ms: a busy machine draws slowly; nothing here waits once what is expected is there
SHORT, TRIES = 3_000, 8  # ms for what comes at once, and how often it is tried again
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'
LOADING = '[data-testid="stSkeleton"]'  # a part whose code the browser is still fetching


class Clock:
    """The clock on the wall of a test: it stands still until told."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        """Later, by so much."""
        self.at += by


@dataclass(frozen=True)
class Door:
    """A door that serves: its address, its house (whose ``base_url`` is that address), its clock."""

    url: str
    house: House
    clock: Clock

    @property
    def cookie(self) -> str:
        """The name of the pass."""
        return address_of(self.url).cookie

    def client(self, **options: Any) -> httpx.Client:
        """An HTTP client of this door that follows no redirect and comes from our own pages."""
        headers = {"Origin": self.url, "Accept": "text/html"} | options.pop("headers", {})
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, **options)

    @contextmanager
    def signed_in(self, email: str, password: str) -> Iterator[httpx.Client]:
        """A client that holds a pass."""
        with self.client() as client:
            answer = client.post("/connexion", data={"email": email, "password": password})
            assert answer.status_code == 303, answer.text
            yield client


@contextmanager
def serve(
    house: House,
    clock: Clock | None = None,
    *,
    downloads: Mapping[str, Act] | None = None,
    demo: Sequence[DemoAccount] = (),
    demonstrate: Callable[[datetime], None] | None = None,
    first_code: str = "",
    trusted_proxy: str | None = None,
    provider: Callable[[str], Provider] | None = None,
    glance: float = 15.0,
) -> Iterator[Door]:
    """A door on this house while the block lasts; ``provider`` makes the town's from its address.

    One at a time: Streamlit has one runtime a process.
    """
    clock = clock or Clock()
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{place.getsockname()[1]}"
        house = replace(house, base_url=url)
        app = build(
            house,
            clock,
            downloads=downloads,
            demo=lambda: demo,
            demonstrate=demonstrate,
            first_code=FirstCode(first_code, clock() + timedelta(hours=1)) if first_code else None,
            trusted_proxy=trusted_proxy,
            provider=provider(url) if provider else None,
            glance=glance,
        )
        server = uvicorn.Server(serving(app, "127.0.0.1", place.getsockname()[1]))
        server.config.timeout_graceful_shutdown = 1
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        try:
            _await(lambda: server.started or not thread.is_alive())
            assert server.started, "the door did not open"
            yield Door(url, house, clock)
        finally:
            server.should_exit = True
            thread.join(20)
            Runtime._instance = None
            PagesManager.uses_pages_directory = None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own. Without any: skipped on a desk, a failure in CI."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = found or (str(own) if own.exists() else "")
        if not path:
            words = "no Chromium on this machine: apt install chromium"
            pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
        expect.set_options(timeout=PATIENCE)
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def person(browser: Browser) -> Iterator[Callable[..., "Sitter"]]:
    """Someone at a browser: ``person(door, email, password)``; without a password, not signed in.

    ``at`` is the screen they go to; none, where the software opens.
    """
    opened: list[BrowserContext] = []

    def sit(door: Door, email: str = "", password: str = "", at: str = "", **options: Any) -> Sitter:
        context = browser.new_context(base_url=door.url, **({"locale": "en-US"} | options))
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        sitter = Sitter(door, context, context.new_page())
        if password:
            sitter.sign_in(email, password)
        if at:
            sitter.goto(at)
        return sitter

    yield sit
    for context in opened:
        context.close()


class Sitter:
    """A person at a browser. ``outside`` and ``complaints`` gather what must stay empty."""

    def __init__(self, door: Door, context: BrowserContext, page: Page) -> None:
        self.door, self.context, self.page = door, context, page
        self.outside: list[str] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self._note(request.url))
        context.on("console", self._hear)

    def sign_in(self, email: str, password: str, suite: str = "/") -> None:
        """Fill the form and wait for the screen; ``suite`` is where one goes from there."""
        if "/connexion" not in self.page.url or suite != "/":
            self.page.goto("/connexion" if suite == "/" else f"/connexion?suite={suite}")
        self.page.get_by_label("Courriel").fill(email)
        self.page.get_by_label("Mot de passe").fill(password)
        self.page.get_by_role("button", name="Ouvrir la session", exact=True).click()
        self.ready()

    def goto(self, address: str) -> None:
        """Open an address and wait until its screen is drawn."""
        self.page.goto(address)
        self.ready()

    def ready(self) -> None:
        """Wait until the screen is drawn, each of its parts."""
        self.page.wait_for_selector(READY)
        self.page.wait_for_selector(LOADING, state="detached")
        still(self.page)

    def choose(self, label: str, words: str) -> None:
        """Choose what these words find in a list one types in; done again when the list moved under the hand.

        No person clicks in the instant in which what was typed puts the list in another order.
        """
        field = self.page.get_by_role("combobox", name=label, exact=True)
        several = self.page.get_by_test_id("stMultiSelect").filter(has=field)
        option = self.page.get_by_role("option").filter(has_text=words)
        for _ in range(TRIES):
            field.fill("")
            field.press_sequentially(words)
            with suppress(TimeoutError, AssertionError):
                option.click(timeout=SHORT)
                if several.count():
                    expect(
                        several.get_by_test_id("stMultiSelectTagsContainer").get_by_text(words)
                    ).to_be_visible(timeout=SHORT)
                else:
                    expect(field).to_have_value(re.compile(re.escape(words)), timeout=SHORT)
                return
            self.page.keyboard.press("Escape")
        raise AssertionError(f"« {words} » was not chosen in « {label} »")

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    def _note(self, url: str) -> None:
        if not url.startswith((self.door.url, "data:", "blob:", "about:")):
            self.outside.append(url)


def still(page: Page) -> None:
    """Wait until nothing moves under the hand: what unfolds has unfolded, the letters have their shapes."""
    page.wait_for_function(
        """() => document.fonts.status === 'loaded' && document.getAnimations().every(
            each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)"""
    )


@contextmanager
def line(door: Door, token: str = "", origin: str | None = "", resume: str = "") -> Iterator["Line"]:
    """A WebSocket of Streamlit's, as a tab opens it: ``resume`` is the screen it wants back."""
    cookie = {"Cookie": f"{door.cookie}={token}"} if token else {}
    with websocket(door.url, cookie, door.url if origin == "" else origin, resume) as opened:
        yield opened


@contextmanager
def websocket(url: str, headers: Mapping[str, str], origin: str | None, resume: str = "") -> Iterator["Line"]:
    """The same, from anywhere and to any Streamlit server."""
    words = ["streamlit", "-", resume] if resume else ["streamlit"]
    with connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        origin=origin,  # type: ignore[arg-type]  # a str is an Origin
        additional_headers=headers,
        subprotocols=words,  # type: ignore[arg-type]
        open_timeout=20,
    ) as opened:
        yield Line(opened)


@dataclass
class Line:
    """An open WebSocket."""

    socket: ClientConnection

    def run(self, page: str = "") -> list[ForwardMsg]:
        """Ask for a run of a screen; what came back until it ended."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        self.socket.send(asked.SerializeToString())
        told: list[ForwardMsg] = []
        while not _is_over(told):
            message = ForwardMsg()
            message.ParseFromString(bytes(self.socket.recv(20)))  # type: ignore[arg-type]  # always bytes
            told.append(message)
        return told


def _is_over(told: list[ForwardMsg]) -> bool:
    """Whether a run began and ended; one that gave way to another is not the end."""
    if not told or told[-1].WhichOneof("type") != "script_finished":
        return False
    ended = told[-1].script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
    return ended and any(message.WhichOneof("type") == "new_session" for message in told)


def session_of(told: list[ForwardMsg]) -> str:
    """The screen's id among what a run said."""
    return next(m.new_session.initialize.session_id for m in told if m.WhichOneof("type") == "new_session")


def left(session: str) -> None:
    """Wait until the server knows that the tab of this screen has gone."""
    _await(lambda: not Runtime.instance().is_active_session(session))


def _await(happened: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(3_000):
        if happened():
            return
        waiting.wait(0.01)
