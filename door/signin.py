"""Signing in and out: plain pages over HTTP, one server-side session, one cookie."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from desk import accounts, sessions
from desk.house import House
from door import answers, passes
from policy.reasons import Ground, Refused, refused

LONGEST_FORM = 20_000  # an e-mail address, a password and a way back
LASTS = int(sessions.LASTS.total_seconds())


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration town, offered by one click on the sign-in page."""

    name: str
    does: str
    email: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class SignIn:
    """The pages by which one comes in and leaves.

    ``code`` is the one-time code printed on the console of an empty house; with it the first administrator
    makes the first account.
    """

    house: House
    clock: Callable[[], datetime]
    town: Callable[[], str]
    demo: Sequence[DemoAccount] = ()
    code: str = ""

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/connexion", self.come_in, methods=["GET"]),
            Route("/connexion", self.sign_in, methods=["POST"]),
            Route("/deconnexion", self.about_to_leave, methods=["GET"]),
            Route("/deconnexion", self.sign_out, methods=["POST"]),
            Route("/session", self.session, methods=["GET"]),
            Route("/premier-compte", self.found, methods=["POST"]),
        ]

    async def come_in(self, request: Request) -> Response:
        """The form; whoever already has a session goes on."""
        suite = passes.way_back(request.query_params.get("suite", passes.HERE))
        if await self._is_in(request):
            return RedirectResponse(suite, status_code=303)
        return await self._form(suite, away=suite != passes.HERE)

    async def sign_in(self, request: Request) -> Response:
        """A password against a session. The session of the old cookie, if any, ends."""
        given = await _form_of(request)
        if given is None:
            return _too_long()
        suite = passes.way_back(_text(given, "suite"))
        email, password = _text(given, "email"), _text(given, "password")
        try:
            _filled(email, password)
            token = await to_thread.run_sync(
                sessions.sign_in, self.house, email, password, _caller(request), self.clock()
            )
        except Refused as refusal:
            return await self._form(suite, email=email, grounds=refusal.grounds, status=422)
        await self._end(request)
        return self._with_pass(suite, token)

    async def about_to_leave(self, request: Request) -> Response:
        """Before leaving: following a link never ends a session, only the button of this page does."""
        if not await self._is_in(request):
            return RedirectResponse("/connexion", status_code=303)
        return answers.rendered("leave.html", {"title": "Fermer la session"})

    async def sign_out(self, request: Request) -> Response:
        """End the session, in every tab, and take the cookie away."""
        await self._end(request)
        response = RedirectResponse("/connexion", status_code=303)
        self._set(response, "", 0)
        # What the browser kept of the screens goes too.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    async def session(self, request: Request) -> Response:
        """Whether the session of this browser still lives: 204, or 401 (asked by the page's own script)."""
        return Response(status_code=204 if await self._is_in(request) else 401)

    async def found(self, request: Request) -> Response:
        """The first account of an empty house, against the code of the console."""
        given = await _form_of(request)
        if given is None:
            return _too_long()
        name, email, password = (_text(given, what) for what in ("name", "email", "password"))
        try:
            if not self.code or not compare_digest(self.code.encode(), _text(given, "code").strip().encode()):
                raise refused("Ce n'est pas le code affiché au démarrage.", field="code")
            await to_thread.run_sync(accounts.first, self.house, name, email, password, self.clock())
            token = await to_thread.run_sync(
                sessions.sign_in, self.house, email, password, _caller(request), self.clock()
            )
        except Refused as refusal:
            return await self._form(passes.HERE, email=email, name=name, grounds=refusal.grounds, status=422)
        return self._with_pass(passes.HERE, token)

    async def _form(
        self,
        suite: str,
        email: str = "",
        name: str = "",
        grounds: Sequence[Ground] = (),
        status: int = 200,
        away: bool = False,
    ) -> Response:
        empty = bool(self.code) and await to_thread.run_sync(accounts.is_empty, self.house)
        given = {
            "title": "Premier compte" if empty else "Ouvrir une session",
            "town": await to_thread.run_sync(self.town),
            "suite": suite,
            "email": email,
            "name": name,
            "grounds": grounds,
            "wrong": {ground.field for ground in grounds},
            "away": away,
            "demo": self.demo,
        }
        return answers.rendered("first.html" if empty else "signin.html", given, status)

    async def _is_in(self, request: Request) -> bool:
        token = self._token(request)
        if not token:
            return False
        return await to_thread.run_sync(sessions.session_of, self.house, token, self.clock()) is not None

    async def _end(self, request: Request) -> None:
        if token := self._token(request):
            await to_thread.run_sync(sessions.sign_out, self.house, token, self.clock())

    def _with_pass(self, suite: str, token: str) -> Response:
        response = RedirectResponse(suite, status_code=303)
        self._set(response, token, LASTS)
        return response

    def _set(self, response: Response, token: str, lasts: int) -> None:
        address = passes.address_of(self.house.base_url)
        response.set_cookie(
            address.cookie,
            token,
            max_age=lasts,
            path="/",
            secure=address.secure,
            httponly=True,
            samesite="lax",
        )

    def _token(self, request: Request) -> str:
        address = passes.address_of(self.house.base_url)
        return passes.cookies(request.scope["headers"]).get(address.cookie, "")


async def _form_of(request: Request) -> FormData | None:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST_FORM:
        return None
    return await request.form(max_files=0, max_fields=20)


def _too_long() -> Response:
    return answers.page("Formulaire refusé", "Ce formulaire est trop long ou incomplet. Recommencez.", 413)


def _text(given: FormData, name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _filled(email: str, password: str) -> None:
    if not email.strip():
        raise refused("Écrivez votre adresse de courriel.", field="email")
    if not password:
        raise refused("Écrivez votre mot de passe.", field="password")


def _caller(request: Request) -> str:
    return request.client.host if request.client else ""
