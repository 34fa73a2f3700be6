"""A Sheets API v4 for the tests, on loopback: tokens, quotas, faults on demand, a clock that tests move."""

import hashlib
import json
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from tests.remotes.astray import of_book
from tests.remotes.heard import Heard
from tests.remotes.sheets_api import routed
from tests.remotes.sheets_book import ApiError, Book
from tests.remotes.sheets_people import People

ADDRESS = "guichet@ville-essai.iam.gserviceaccount.com"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever the token_uri: google-auth always says so
START = 1_795_000_000  # seconds; the server's own clock
KINDS = {"refuse", "hang", "503", "429", "cut", "500", "other", "odd"}
_STATUS = {503: "UNAVAILABLE", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


@dataclass
class Calls:
    """How many requests the API was asked (not the tokens)."""

    reads: int = 0
    writes: int = 0
    tokens: int = 0

    @property
    def total(self) -> int:
        return self.reads + self.writes


@dataclass
class Fault:
    """What happens to the next requests, before or after they are carried."""

    kind: str
    times: int
    after: bool
    only: str = ""  # "read", "write", or any


@cache
def key_pair() -> tuple[str, str]:
    """The private and public halves of the service account's key, made once a process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


class SheetsServer(People):
    """One spreadsheet and its API. ``quotas``: the limits by minute hold, on the clock of ``advance``."""

    def __init__(self, quotas: bool = False) -> None:
        super().__init__(Book("classeur-" + secrets.token_hex(8)))
        self.calls = Calls()
        self.quotas = quotas
        self.shared = True  # with the service account
        self.enabled = True  # the API, in the project
        self.retry_after = ""  # said with each refusal for a while
        self.refuses_tokens = False
        self.problems: list[BaseException] = []  # bugs of this server, which tests must not hide
        self.requests: list[tuple[str, str, Any]] = []  # what was asked: method, path, body
        self.heard = Heard()
        self._now = float(START)
        self._tokens: dict[str, float] = {}
        self._spent: dict[tuple[str, int], int] = {}
        self._faults: list[Fault] = []
        self._hooks: dict[str, list[Callable[[], object]]] = {}
        self._answers: dict[str, tuple[int, bytes]] = {}
        self._open: set[socket.socket] = set()
        self._ended = threading.Event()
        self._port = 0
        self._listening: _Listener | None = None
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def spreadsheet_id(self) -> str:
        return self.book.id

    def credentials(self, path: Path) -> Path:
        """Write a service account's file whose tokens are asked here; the same path."""
        told = {
            "type": "service_account",
            "project_id": "ville-essai",
            "private_key_id": "cle-1",
            "private_key": key_pair()[0],
            "client_email": ADDRESS,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(told), encoding="utf-8")
        return path

    def begin_again(self, book: Book) -> None:
        """Hold that book, as a server that was asked nothing yet; its tokens still open it."""
        with self.lock:
            book.version = self.book.version + 1
            self.book = book
            self.calls = Calls()
            self.heard.clear()
            for kept in (self._faults, self._hooks, self._answers, self._spent, self.requests):
                kept.clear()
            self._versions, self._deleted, self._before = [], {}, None
            self.changed()

    def up(self) -> None:
        """Listen, on the same port as before."""
        if self._listening is None:
            self._listening = _Listener(self, self._port)
            self._port = self._listening.server_address[1]

    def down(self) -> None:
        """Stop listening and hang up: connections are refused."""
        listening, self._listening = self._listening, None
        if listening is not None:
            listening.end()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End; a bug of the server met meanwhile is raised here."""
        self._ended.set()
        self.down()
        if self.problems:
            raise self.problems[0]

    def advance(self, seconds: float) -> None:
        """Move the clock of quotas and tokens."""
        self._now += seconds

    def fail_next(self, kind: str, times: int = 1, after_applying: bool = False, only: str = "") -> None:
        """Spoil the next requests. ``only``: ``read`` or ``write``."""
        if kind not in KINDS:
            raise ValueError(kind)
        self._faults.append(Fault(kind, times, after_applying, only))

    def before_next_write(self, act: Callable[[], object]) -> None:
        """Have a person act between our read and our write."""
        self._hooks.setdefault("before write", []).append(act)

    def after_next_write(self, act: Callable[[], object]) -> None:
        """Have a person act once the next write is carried, before anybody reads."""
        self._hooks.setdefault("after write", []).append(act)

    def before_next_read(self, act: Callable[[], object]) -> None:
        """Have a person act just before we read."""
        self._hooks.setdefault("before read", []).append(act)

    def answer(self, method: str, target: str, head: Mapping[str, str], body: bytes) -> "Answer":
        """One request, whatever it is."""
        address = urlsplit(target)
        if address.path == "/token":
            return self._token(body)
        kind = _kind(method, address.path)
        fault = self._fault(kind)
        if fault is not None and not fault.after:
            self._count(kind)
            return _spoiled(fault.kind)
        self._act(f"before {kind}")
        with self.lock:
            told = self._told(kind, method, address.path, parse_qs(address.query), head, body)
        self._act(f"after {kind}")
        if fault is not None and fault.kind == "other":
            with self.lock:
                return Answer(told.code, of_book(self.book, told.body)) if told.code == 200 else told
        if fault is not None:
            return _spoiled(fault.kind, told.body)
        return told

    def _told(
        self,
        kind: str,
        method: str,
        path: str,
        query: dict[str, list[str]],
        head: Mapping[str, str],
        body: bytes,
    ) -> "Answer":
        try:
            self._count(kind)
            self._allowed(kind, head)
            key = hashlib.sha256(repr((method, path, sorted(query.items()), body)).encode()).hexdigest()
            kept = self._answers.get(key)
            if kind == "read" and kept is not None and kept[0] == self.book.version:
                return Answer(200, kept[1])
            asked = json.loads(body) if body else {}
            self.requests.append((method, path, asked))
            told = json.dumps(routed(self.book, method, path, query, asked), separators=(",", ":")).encode()
            if kind == "write":
                self.changed()
            if kind == "read":
                self._answers = {key: (self.book.version, told)}
            return Answer(200, told)
        except ApiError as error:
            return _error(error)
        except Exception as error:  # noqa: BLE001 - told by ``close``; the client must see an answer
            self.problems.append(error)
            return _error(ApiError(500, "INTERNAL", "Internal error encountered."))

    def _token(self, body: bytes) -> "Answer":
        """RFC 7523: a signed assertion for a token of an hour."""
        self.calls.tokens += 1
        given = parse_qs(body.decode())
        try:
            claims = _claims(given["assertion"][0], AUDIENCE)
            wrong = self.refuses_tokens or claims["iss"] != ADDRESS or "spreadsheets" not in claims["scope"]
        except ValueError:
            wrong = True
        if wrong:
            refusal = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            return Answer(400, json.dumps(refusal).encode())
        token = "ya29." + secrets.token_hex(20)
        self._tokens[token] = self._now + 3600
        granted = {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}
        return Answer(200, json.dumps(granted).encode())

    def _allowed(self, kind: str, head: Mapping[str, str]) -> None:
        token = head.get("Authorization", "").removeprefix("Bearer ")
        if self._tokens.get(token, 0) <= self._now:
            raise ApiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if not self.enabled:
            raise ApiError(
                403, "PERMISSION_DENIED", "Google Sheets API has not been used in project 1 before."
            )
        if not self.shared:
            raise ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")
        minute = int(self._now // 60)
        spent = self._spent[kind, minute] = self._spent.get((kind, minute), 0) + 1
        if self.quotas and spent > 60:
            raise ApiError(
                429, "RESOURCE_EXHAUSTED", f"Quota exceeded for quota metric '{kind.title()} requests'"
            )

    def _count(self, kind: str) -> None:
        if kind == "read":
            self.calls.reads += 1
        else:
            self.calls.writes += 1

    def _fault(self, kind: str) -> Fault | None:
        for fault in self._faults:
            if fault.only in ("", kind):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    def _act(self, when: str) -> None:
        for act in self._hooks.pop(when, []):
            act()


@dataclass(frozen=True)
class Answer:
    """What goes out; ``spoiled``: not at all, or half of it."""

    code: int
    body: bytes
    spoiled: str = ""


def _claims(assertion: str, audience: str) -> dict[str, Any]:
    """What a signed assertion says; ``ValueError`` when it was not signed by the service account's key."""
    return dict(jwt.decode(assertion, certs={"cle-1": key_pair()[1]}, audience=audience))  # type: ignore[no-untyped-call]


def _kind(method: str, path: str) -> str:
    reading = method == "GET" or path.endswith((":getByDataFilter", ":batchGetByDataFilter", ":search"))
    return "read" if reading else "write"


def _spoiled(kind: str, body: bytes = b'{"spreadsheetId":"coupe"}') -> Answer:
    if kind.isdigit():
        return _error(ApiError(int(kind), _STATUS[int(kind)], "The service is currently unavailable."))
    if kind == "odd":  # another software answers in its place
        return Answer(200, b"{}")
    return Answer(200, body, kind)


def _error(error: ApiError) -> Answer:
    told = {"error": {"code": error.code, "message": error.words, "status": error.status}}
    return Answer(error.code, json.dumps(told).encode())


class _Listener(ThreadingHTTPServer):
    """The socket and its threads."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, sheets: SheetsServer, port: int) -> None:
        self.sheets = sheets
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self.server.sheets._open.add(self.connection)

    def finish(self) -> None:
        self.server.sheets._open.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is said."""

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        head = {name.title(): value for name, value in self.headers.items()}
        answer = self.server.sheets.answer(self.command, self.path, head, body)
        if answer.spoiled == "refuse":
            self.close_connection = True
            return
        if answer.spoiled == "hang":
            self.server.sheets._ended.wait(30)
            self.close_connection = True
            return
        self.server.sheets.heard.answered(answer.body)
        self.send_response_only(answer.code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(answer.body)))
        if self.server.sheets.retry_after and answer.code in (429, 503):
            self.send_header("Retry-After", self.server.sheets.retry_after)
        self.end_headers()
        half = len(answer.body) // 2
        self.wfile.write(answer.body[:half] if answer.spoiled == "cut" else answer.body)
        self.close_connection = self.close_connection or answer.spoiled == "cut"
        self.wfile.flush()

    do_GET = do_POST = do_PUT = _any
