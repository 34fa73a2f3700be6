"""The gate: every HTTP question and every WebSocket passes here before anything else answers."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk import sessions
from desk.house import House
from desk.sessions import hash_token
from desk.visits import Person
from door import answers, headers, incidents, passes

Clock = Callable[[], datetime]

SAFE = frozenset({"GET", "HEAD"})
OPEN = frozenset(
    {
        "/connexion", "/connexion/fournisseur", "/connexion/retour", "/connexion/acces", "/connexion/oubli",
        "/connexion/choisir", "/deconnexion", "/premier-compte", "/demonstration", "/session", "/sante",
        "/sante/tout",
        "/_stcore/health", "/favicon.ico",
    }
)  # fmt: skip
OURS = "/porte/"  # our own style and scripts: no data in them
STREAM = "/_stcore/stream"
STREAMLIT = ("/static/", "/media/", "/component/", "/_stcore/upload_file/", "/_stcore/bidi-components/")
HOST_CONFIG = "/_stcore/host-config"
ENDED = 4401  # close code: the script of the page goes to sign-in
REMEMBERED = 10_000


class Gate:
    """Pure ASGI middleware (Starlette's own would not see the WebSocket).

    ``known`` says whether a path is one of ours; of Streamlit's, only what a screen needs passes: its
    metrics, its agent API and its sign-in routes answer nobody. ``glance`` is how often, in seconds, the
    session of an open WebSocket is read again when nothing comes through it.
    """

    def __init__(
        self,
        app: ASGIApp,
        house: House,
        clock: Clock,
        known: Callable[[str], bool],
        trusted: passes.Networks = (),
        glance: float = 15.0,
    ) -> None:
        self.app, self.house, self.clock, self.known = app, house, clock, known
        self.trusted, self.glance = trusted, glance
        self.address = passes.address_of(house.base_url)
        self.own = headers.security(self.address)
        self.owners: OrderedDict[str, str] = OrderedDict()  # Streamlit's session id → whose pass opened it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass, turn away, or send to the sign-in page."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope = self._plain(scope)
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._websocket(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                raw = [(bytes(name), bytes(value)) for name, value in message.get("headers", [])]
                message = {**message, "headers": headers.dressed(raw, self.own, path)}
            await send(message)

        try:
            answer = await self._turned_away(scope)
            await (answer or self.app)(scope, receive, dressed)
        except Exception as bug:  # noqa: BLE001 (whatever it is: logged without its message, and said calmly)
            sentence = incidents.sentence(bug)
            if not started:
                await answers.page("Un problème est survenu", sentence, 500)(scope, receive, dressed)

    async def _turned_away(self, scope: Scope) -> ASGIApp | None:
        """The answer of the gate itself, or None to let the question through."""
        path, method = scope["path"], scope["method"]
        if not _is_plain(path):
            return answers.page(
                "Adresse refusée", "Cette adresse contient des signes qui ne conviennent pas.", 400
            )
        elsewhere = answers.to_address(scope, self.address)
        if elsewhere is not None and method in SAFE:
            return elsewhere
        origin = passes.header(scope["headers"], b"origin")
        if method not in SAFE and not passes.is_ours(origin, self.address):
            words = f"Cette demande ne vient pas de nos pages. Ouvrez {self.address.origin} et recommencez."
            return answers.page("Demande refusée", words, 403)
        if path in OPEN or path.startswith(OURS):
            return None
        token = self._token(scope)
        known = self.known(path)
        if await (self.gesture(token) if known else self.holder(token)) is None:
            return answers.sign_in(scope)
        if known or path == HOST_CONFIG or path.startswith(STREAMLIT):
            return None
        return answers.page("Page introuvable", "Il n'y a rien à cette adresse.", 404)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = self._token(scope)
        ours = passes.is_ours(passes.header(scope["headers"], b"origin"), self.address)
        if scope["path"] != STREAM or not ours or await self.holder(token) is None:
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": ENDED, "reason": "connexion requise"})
            return
        scope = {**scope, "headers": self._own_thread(scope["headers"], token)}
        line = Line(partial(self.holder, token), partial(self.gesture, token), receive, send)
        line.on_session = partial(self._remember, token)
        watch = asyncio.create_task(line.watch(self.glance))
        try:
            await self.app(scope, line.receive, line.send)
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def holder(self, token: str) -> Person | None:
        """Who holds this pass now, read from the store; None when its session is no more."""
        return await self._ask(sessions.session_of, token)

    async def gesture(self, token: str) -> Person | None:
        """The same, when the person has just done something: the idle time counts from now."""
        return await self._ask(sessions.seen, token)

    async def _ask(self, whose: Callable[[House, str, datetime], Person | None], token: str) -> Person | None:
        return await to_thread.run_sync(whose, self.house, token, self.clock()) if token else None

    def _token(self, scope: Scope) -> str:
        return passes.cookies(scope["headers"]).get(self.address.cookie, "")

    def _plain(self, scope: Scope) -> Scope:
        """The same question, from the caller's own address, without what claims an identity."""
        given: headers.Raw = list(scope["headers"])
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = ",".join(v.decode("latin-1") for n, v in given if n.lower() == b"x-forwarded-for")
        client = (passes.caller(peer, forwarded, self.trusted), 0)
        return {**scope, "headers": headers.without_identity(given), "client": client}

    def _own_thread(self, given: headers.Raw, token: str) -> headers.Raw:
        """A tab that comes back resumes its screen only with the pass that opened it.

        The third word of the subprotocol is the screen to resume. Without this, a tab left open by
        one person, reconnecting after another signed in on the same machine, would hand over what was typed.
        """
        words = passes.header(given, b"sec-websocket-protocol").split(",")
        if len(words) < 3 or self.owners.get(words[2].strip()) == hash_token(token):
            return given
        rest = [(name, value) for name, value in given if name.lower() != b"sec-websocket-protocol"]
        return [*rest, (b"sec-websocket-protocol", ",".join(words[:2]).encode("latin-1"))]

    def _remember(self, token: str, session: str) -> None:
        self.owners[session] = hash_token(token)
        while len(self.owners) > REMEMBERED:
            self.owners.popitem(last=False)


class Line:
    """One open WebSocket: nothing passes on it once its session has ended."""

    def __init__(
        self, holder: Callable[[], Any], gesture: Callable[[], Any], receive: Receive, send: Send
    ) -> None:
        self._holder, self._gesture, self._receive, self._send = holder, gesture, receive, send
        self._closed = False
        self._begun = False
        self.on_session: Callable[[str], None] | None = None

    async def receive(self) -> Message:
        """The next message; the end of the line when the session is no more, and the message is lost."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._alive(self._whose(message)):
            return {"type": "websocket.disconnect", "code": ENDED}
        return message

    def _whose(self, message: Message) -> Callable[[], Any]:
        """A line that opens asks for its screen by itself, also when the network comes back: no gesture."""
        done = answers.is_gesture(message.get("bytes") or b"")
        first, self._begun = not self._begun, self._begun or done
        return self._gesture if done and not first else self._holder

    async def send(self, message: Message) -> None:
        """Pass on, unless the line is cut."""
        if self._closed:
            raise OSError  # what the ASGI specification asks of a closed line
        if self.on_session is not None and message["type"] == "websocket.send" and message.get("bytes"):
            session = answers.session_in(message["bytes"])
            if session:
                self.on_session(session)
                self.on_session = None
        if message["type"] == "websocket.close":
            self._closed = True
        await self._send(message)

    async def watch(self, every: float) -> None:
        """Cut the line soon after its session ended, even if nothing comes through it."""
        while not self._closed:
            await asyncio.sleep(every)
            await self._alive()

    async def _alive(self, asked: Callable[[], Any] | None = None) -> bool:
        if not self._closed and await (asked or self._holder)() is None:
            self._closed = True
            with contextlib.suppress(RuntimeError, OSError):  # the browser left meanwhile
                await self._send({"type": "websocket.close", "code": ENDED, "reason": "session terminée"})
        return not self._closed


def _is_plain(path: str) -> bool:
    return path.startswith("/") and "//" not in path and "\\" not in path and path.isprintable()
