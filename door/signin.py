"""Signing in and out: plain pages over HTTP, one server-side session, one cookie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from desk import accounts, attempts, sessions
from desk.house import House
from door import answers, entry, passes
from door.entry import Entry
from policy.reasons import Ground, Refused, refused

FIRST = "premier-compte"  # in the count of attempts


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration town, offered by one click on the sign-in page."""

    name: str
    does: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class FirstCode:
    """The one-time code printed on the console of an empty house, and until when it serves."""

    text: str = field(repr=False)
    until: datetime

    def refuse_unless(self, given: str, at: datetime) -> None:
        """Raise ``Refused`` for another code, or a late one."""
        if not compare_digest(self.text.encode(), given.strip().encode()):
            raise refused("Ce n'est pas le code affiché au démarrage.", field="code")
        if at >= self.until:
            raise refused(
                "Ce code a expiré : redémarrez le logiciel, il en affichera un autre.", field="code"
            )


@dataclass(frozen=True)
class SignIn:
    """The pages by which one comes in and leaves.

    ``code`` is that of an empty house; with it the first administrator makes the first account, or asks for
    the demonstration town, which ``demonstrate`` puts in place where it may be. ``demo`` gives its accounts,
    none of another town. ``provider`` is what its button is called, when the town has one.
    """

    house: House
    clock: Callable[[], datetime]
    town: Callable[[], str]
    demo: Callable[[], Sequence[DemoAccount]] = tuple
    code: FirstCode | None = None
    provider: str = ""
    demonstrate: Callable[[datetime], None] | None = None

    @property
    def entry(self) -> Entry:
        """The pass of this house."""
        return Entry(self.house, self.clock)

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/connexion", self.come_in, methods=["GET"]),
            Route("/connexion", self.sign_in, methods=["POST"]),
            Route("/deconnexion", self.about_to_leave, methods=["GET"]),
            Route("/deconnexion", self.sign_out, methods=["POST"]),
            Route("/session", self.session, methods=["GET"]),
            Route("/premier-compte", self.found, methods=["POST"]),
            Route("/demonstration", self.demonstration, methods=["POST"]),
        ]

    async def come_in(self, request: Request) -> Response:
        """The form; whoever already has a session goes on."""
        suite = passes.way_back(request.query_params.get("suite", passes.HERE))
        if await self.entry.is_in(request):
            return RedirectResponse(suite, status_code=303)
        done = request.query_params.get("fait") == "mot-de-passe"
        return await self._form(suite, away=suite != passes.HERE, done=done)

    async def sign_in(self, request: Request) -> Response:
        """A password against a session. The session of the old cookie, if any, ends."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        suite = passes.way_back(entry.text(given, "suite"))
        email, password = entry.text(given, "email"), entry.text(given, "password")
        try:
            _filled(email, password)
            token = await to_thread.run_sync(
                sessions.sign_in, self.house, email, password, entry.caller(request), self.clock()
            )
        except Refused as refusal:
            return await self._form(suite, email=email, grounds=refusal.grounds, status=422)
        await self.entry.end(request)
        return self.entry.with_pass(suite, token)

    async def about_to_leave(self, request: Request) -> Response:
        """Before leaving: following a link never ends a session, only the button of this page does."""
        if not await self.entry.is_in(request):
            return RedirectResponse("/connexion", status_code=303)
        return answers.rendered("leave.html", {"title": "Fermer la session"})

    async def sign_out(self, request: Request) -> Response:
        """End the session, in every tab, and take the cookie away."""
        await self.entry.end(request)
        response = RedirectResponse("/connexion", status_code=303)
        self.entry.set(response, "", "", 0)
        # What the browser kept of the screens goes too.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def session(self, request: Request) -> Response:
        """Whether the session of this browser still lives: 204, or 401 (asked by the page's own script)."""
        return Response(status_code=204 if await self.entry.is_in(request) else 401)

    async def found(self, request: Request) -> Response:
        """The first account of an empty house, against the code of the console."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        name, email, password = (entry.text(given, what) for what in ("name", "email", "password"))
        try:
            await self._refuse_without_code(request, entry.text(given, "code"))
            await to_thread.run_sync(accounts.first, self.house, name, email, password, self.clock())
            token = await to_thread.run_sync(
                sessions.sign_in, self.house, email, password, entry.caller(request), self.clock()
            )
        except Refused as refusal:
            return await self._form(passes.HERE, email=email, name=name, grounds=refusal.grounds, status=422)
        return self.entry.with_pass(passes.HERE, token)

    async def demonstration(self, request: Request) -> Response:
        """The demonstration town in an empty house, against the same code; never in a real one."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        try:
            await self._refuse_without_code(request, entry.text(given, "code"))
            if self.demonstrate is None:
                raise refused("La ville de démonstration ne s'ouvre pas ici.")
            await to_thread.run_sync(self.demonstrate, self.clock())
        except Refused as refusal:
            return await self._form(passes.HERE, grounds=refusal.grounds, status=422)
        return RedirectResponse("/connexion", status_code=303)

    async def _refuse_without_code(self, request: Request, given: str) -> None:
        """Whoever has not the code; each attempt is counted and braked as a sign-in is."""
        if self.code is None:
            raise refused("Ce n'est pas le code affiché au démarrage.", field="code")
        await to_thread.run_sync(self._counted, entry.caller(request), given)

    def _counted(self, address: str, given: str) -> None:
        at = self.clock()
        with self.house.store.writing() as tx:
            attempt = attempts.begin(tx, FIRST, address, at)
        if self.code is not None:
            self.code.refuse_unless(given, at)
        with self.house.store.writing() as tx:
            attempts.succeeded(tx, attempt, at)

    async def _form(
        self,
        suite: str,
        email: str = "",
        name: str = "",
        grounds: Sequence[Ground] = (),
        status: int = 200,
        away: bool = False,
        done: bool = False,
    ) -> Response:
        empty = self.code is not None and await to_thread.run_sync(accounts.is_empty, self.house)
        given = {
            "title": "Mettre la ville en place" if empty else "Ouvrir une session",
            "town": await to_thread.run_sync(self.town),
            "suite": suite,
            "email": email,
            "name": name,
            "grounds": grounds,
            "wrong": {ground.field for ground in grounds},
            "away": away,
            "done": done,
            "provider": self.provider,
            "demo": () if empty else await to_thread.run_sync(self.demo),
            "demonstrates": self.demonstrate is not None,
        }
        return answers.rendered("first.html" if empty else "signin.html", given, status)


def _filled(email: str, password: str) -> None:
    if not email.strip():
        raise refused("Écrivez votre adresse de courriel.", field="email")
    if not password:
        raise refused("Écrivez votre mot de passe.", field="password")
