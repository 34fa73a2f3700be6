"""A password forgotten: asking for the link, choosing another password with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from anyio import to_thread
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from desk import resets
from door import answers, entry
from door.entry import Entry
from policy.reasons import Ground, Refused, refused

ASKED = (
    "Si un compte a cette adresse, un courriel vient d'y partir, avec un lien qui sert une fois, pendant une "
    "heure. Rien ne vient ? Regardez parmi les indésirables, ou adressez-vous à qui tient les comptes."
)


@dataclass(frozen=True)
class Resets:
    """The pages of a forgotten password."""

    entry: Entry

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/connexion/oubli", self.forgotten, methods=["GET"]),
            Route("/connexion/oubli", self.ask, methods=["POST"]),
            Route("/connexion/choisir", self.about_to_choose, methods=["GET"]),
            Route("/connexion/choisir", self.choose, methods=["POST"]),
        ]

    async def forgotten(self, _request: Request) -> Response:
        """The form that asks for a link."""
        return _forgotten()

    async def ask(self, request: Request) -> Response:
        """The same answer after the same work whoever is asked for; the mail is drawn up once it is given."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        house, at, email = self.entry.house, self.entry.clock(), entry.text(given, "email")
        try:
            if not email.strip():
                raise refused("Écrivez votre adresse de courriel.", field="email")
            await to_thread.run_sync(resets.ask, house, email, entry.caller(request), at)
        except Refused as refusal:
            return _forgotten(email, refusal.grounds, 422)
        response = answers.page("Regardez vos courriels", ASKED)
        response.background = BackgroundTask(resets.write, house, email, at)
        return response

    async def about_to_choose(self, request: Request) -> Response:
        """The form of the link, as long as it serves. Opening it uses nothing up."""
        token = request.query_params.get("jeton", "")
        if not await to_thread.run_sync(resets.is_live, self.entry.house, token, self.entry.clock()):
            return answers.rendered("dead.html", {"title": "Lien expiré", "words": resets.DEAD}, 404)
        return _form(token)

    async def choose(self, request: Request) -> Response:
        """A new password against the link; then one signs in with it."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        token, password = entry.text(given, "token"), entry.text(given, "password")
        try:
            if password != entry.text(given, "again"):
                raise refused("Les deux mots de passe ne sont pas les mêmes.", field="again")
            await to_thread.run_sync(
                resets.choose, self.entry.house, token, password, entry.caller(request), self.entry.clock()
            )
        except Refused as refusal:
            return _form(token, refusal.grounds, 422)
        await self.entry.end(request)
        response = RedirectResponse("/connexion?fait=mot-de-passe", status_code=303)
        self.entry.set(response, "", "", 0)
        return response


def _forgotten(email: str = "", grounds: Sequence[Ground] = (), status: int = 200) -> Response:
    given = {"title": "Mot de passe oublié", "email": email, "grounds": grounds, "wrong": _wrong(grounds)}
    return answers.rendered("forgotten.html", given, status)


def _form(token: str, grounds: Sequence[Ground] = (), status: int = 200) -> Response:
    given = {"title": "Choisir un mot de passe", "token": token, "grounds": grounds, "wrong": _wrong(grounds)}
    return answers.rendered("choose.html", given, status)


def _wrong(grounds: Sequence[Ground]) -> set[str]:
    return {ground.field for ground in grounds}
