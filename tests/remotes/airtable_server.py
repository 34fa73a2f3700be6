"""Airtable for the tests, on loopback: its limits, its failures, and a clock that a test moves."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.remotes.airtable_api import Asked
from tests.remotes.airtable_base import BaseThere, Refuse
from tests.remotes.airtable_people import People
from tests.remotes.astray import of_base
from tests.remotes.heard import Heard

TOKEN = "patEssai000000000.jeton-des-tests"
A_SECOND = 5  # requests, for a base
PENALTY = timedelta(seconds=30)
KINDS = ("refuse", "hang", "cut", "429", "500", "503", "other")


@dataclass
class Calls:
    """The requests that came, by what they are; those that were refused too."""

    listings: int = 0
    feed: int = 0
    meta: int = 0
    writes: int = 0

    @property
    def reads(self) -> int:
        return self.listings + self.feed + self.meta

    @property
    def total(self) -> int:
        return self.reads + self.writes

    def clear(self) -> None:
        self.listings = self.feed = self.meta = self.writes = 0


@dataclass
class Fault:
    """What goes wrong with one request; ``after``: once it was carried; ``only``: of that kind."""

    kind: str
    after: bool
    only: str = ""


@dataclass
class Answer:
    """What goes back; ``fault`` says how it gets lost on the way."""

    status: int
    body: Any
    fault: str = ""


class AirtableServer(People):
    """One base behind a real socket. ``tick``: how long each request takes, by the service's clock (seconds).

    ``budget``: requests left this month, or no limit.
    """

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        self.calls = Calls()
        self.tick = 0.25
        self.budget: int | None = None
        self.listing_by_post = 200  # or 404, 405: only the GET is known here
        self.retry_after = ""  # said with each refusal for a while
        self.asked: list[tuple[str, str]] = []  # every request: method and path
        self.heard = Heard()
        self._faults: list[Fault] = []
        self._refusals = 0
        self._before: list[tuple[str, Callable[[], object]]] = []
        self._after: list[tuple[str, Callable[[], object]]] = []
        self._recent: list[datetime] = []
        self._silent_until = self.now
        self._open: set[socket.socket] = set()
        self._listening: socket.socket | None = None
        self._port = 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def begin_again(self, base: BaseThere, now: datetime) -> None:
        """Hold that base, at that moment, as a server that was asked nothing yet."""
        with self.lock:
            self.take_up(base)
            self.api.listings.clear()
            self.now = self._silent_until = now
            self.calls.clear()
            self.heard.clear()
            for kept in (self.asked, self._faults, self._before, self._after, self._recent):
                kept.clear()

    def up(self) -> None:
        """Listen, always on the same port."""
        if self._listening is not None:
            return
        self._refusals = 0
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = int(listening.getsockname()[1])
        self._listening = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def down(self) -> None:
        """Refuse every connection, and drop those that are open."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        with self.lock:
            connections = list(self._open)
        for each in connections:
            _drop(each)

    close = down

    def fail_next(self, kind: str, times: int = 1, after_applying: bool = False, only: str = "") -> None:
        """The next requests go wrong. ``only``: those of a kind (listings, feed, meta, writes).

        « refuse » is true of the connection itself: the server is down until a client made by
        ``tests.remotes.airtable`` was refused that many times, or ``up`` is called.
        """
        assert kind in KINDS, kind
        if kind == "refuse":
            self.down()
            self._refusals = times
            return
        with self.lock:
            self._faults += [Fault(kind, after_applying, only) for _ in range(times)]

    def refused(self) -> None:
        """A client was told that nobody listens."""
        if self._refusals:
            self._refusals -= 1
            if not self._refusals:
                self.up()

    def before_next(self, kind: str, act: Callable[[], object]) -> None:
        """Somebody acts just before the next request of a kind (listings, feed, meta, writes) lands."""
        self._before.append((kind, act))

    def after_next(self, kind: str, act: Callable[[], object]) -> None:
        """Somebody acts when it was carried, before its answer leaves."""
        self._after.append((kind, act))

    def before_next_write(self, act: Callable[[], object]) -> None:
        """Somebody acts just before the next write lands; who was to act and did not yet will not."""
        self._before = [("writes", act)]

    def answer(self, method: str, target: str, token: str, body: bytes) -> Answer:
        """What a request is answered, with what goes wrong on the way."""
        split = urlsplit(target)
        path = unquote(split.path)
        kind = _kind(method, path)
        with self.lock:
            self.asked.append((method, path))
            setattr(self.calls, kind, getattr(self.calls, kind) + 1)
            self.now += timedelta(seconds=self.tick)
            fault = next((each for each in self._faults if each.only in ("", kind)), None)
            if fault is not None:
                self._faults.remove(fault)
        fault = None if fault is not None and fault.kind == "fine" else fault
        if fault is not None and not fault.after:
            return self._failed(fault)
        self._act(self._before, kind)
        with self.lock:
            asked = Asked(
                parse_qs(split.query, keep_blank_values=True), json.loads(body) if body else {}, self.now
            )
            answer = self._limited(token) or self._carried(method, path, asked)
        self._act(self._after, kind)
        if fault is not None and fault.kind == "other":
            if answer.status != 200 or "records" not in (answer.body or {}):
                return answer
            with self.lock:
                body = of_base(self.base, path, answer.body, as_key=bool(self.calls.total % 2))
            return Answer(200, body)
        return answer if fault is None else self._failed(fault, answer)

    def _carried(self, method: str, path: str, asked: Asked) -> Answer:
        if path.endswith("/listRecords") and self.listing_by_post != 200:
            return Answer(self.listing_by_post, {"error": "NOT_FOUND"})
        try:
            return Answer(200, self.api.answer(method, path, asked))
        except Refuse as refusal:
            return Answer(refusal.status, refusal.body)

    def _limited(self, token: str) -> Answer | None:
        if token != f"Bearer {self.token}":
            said = {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}
            return Answer(401, {"error": said})
        if self.budget is not None and self.calls.total > self.budget:
            return _too_many("PUBLIC_API_BILLING_LIMIT_EXCEEDED", "The API billing plan limit was reached")
        if self.now < self._silent_until:
            return _too_many()
        self._recent = [each for each in self._recent if each > self.now - timedelta(seconds=1)]
        self._recent.append(self.now)
        if len(self._recent) > A_SECOND:
            self._silent_until = self.now + PENALTY
            return _too_many()
        return None

    def _failed(self, fault: Fault, carried: Answer | None = None) -> Answer:
        if fault.kind == "429":
            return _too_many()
        if fault.kind == "odd":  # another software answers in its place
            return Answer(200, {"ok": True})
        if fault.kind in ("500", "503"):
            said = {"type": "SERVER_ERROR", "message": "The server had an error"}
            return Answer(int(fault.kind), {"error": said} if fault.kind == "500" else "unavailable")
        return Answer(200, carried.body if carried else {"records": []}, fault.kind)

    def _act(self, acts: list[tuple[str, Callable[[], object]]], kind: str) -> None:
        for each in [each for each in acts if each[0] == kind]:
            acts.remove(each)
            each[1]()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self.lock:
            self._open.add(connection)
        try:
            _handler(self)(connection, ("127.0.0.1", 0), self)  # type: ignore[arg-type]
        except OSError:
            return  # the client, or ``down``, hung up
        finally:
            with self.lock:
                self._open.discard(connection)
            connection.close()


def _handler(server: AirtableServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """The requests of one connection."""

        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body leave together

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = self.headers.get("Authorization", "")
            answer = server.answer(self.command, self.path, token, body)
            if answer.fault == "hang":
                self.close_connection = True
                self.connection.recv(1)  # until the client has enough
                return
            sent = b"" if answer.body is None else json.dumps(answer.body).encode()
            server.heard.answered(sent)
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(sent)))
            if server.retry_after and answer.status in (429, 503):
                self.send_header("Retry-After", server.retry_after)
            self.end_headers()
            self.wfile.write(sent[: len(sent) // 2] if answer.fault == "cut" else sent)
            self.wfile.flush()
            if answer.fault == "cut":
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(server.now, usegmt=True)

        def log_message(self, format: str, *args: Any) -> None:
            """Tests are quiet."""

    return Handler


def _kind(method: str, path: str) -> str:
    if path.startswith("/v0/bases/"):
        return "feed"
    if method != "GET" and not path.endswith("/listRecords"):
        return "writes"
    return "meta" if path.startswith("/v0/meta/") else "listings"


def _too_many(kind: str = "RATE_LIMIT_REACHED", said: str = "Rate limit exceeded") -> Answer:
    return Answer(429, {"errors": [{"error": kind, "message": said}]})


def _drop(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it had ended by itself
