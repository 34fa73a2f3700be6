"""Signing in at the town's provider: there, back, and the request of whoever has no account yet."""

import base64
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from desk import identities
from desk.identities import Identity
from door import answers, entry, passes
from door.entry import Entry
from door.oidc import Departure, Provider, Unbelieved
from policy.reasons import Refused

THERE = "-aller"  # the cookie that binds the way back to the browser that left
LASTS = 600  # seconds: to sign in over there, and to ask for an account
REMEMBERED = 10_000


@dataclass(frozen=True)
class Arrivals:
    """The ways in of a house that has a provider."""

    entry: Entry
    provider: Provider
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict, init=False, repr=False)

    def routes(self) -> list[BaseRoute]:
        """Where they are."""
        return [
            Route("/connexion/fournisseur", self.leave, methods=["GET"]),
            Route("/connexion/retour", self.come_back, methods=["GET"]),
            Route("/connexion/acces", self.ask, methods=["POST"]),
        ]

    async def leave(self, request: Request) -> Response:
        """To the provider, with what must come back sealed in a cookie."""
        suite = passes.way_back(request.query_params.get("suite", passes.HERE))
        try:
            departure = await self.provider.leave()
        except Refused as refusal:
            return _failed(refusal, 502)
        response = RedirectResponse(departure.url, status_code=303)
        kept = self._sealed("aller", {"suite": suite, **asdict(departure), "url": ""})
        self.entry.set(response, THERE, kept, LASTS)
        return response

    async def come_back(self, request: Request) -> Response:
        """From the provider: on to where one was going, or why not. A way back serves once."""
        kept = self._opened("aller", self.entry.token(request, THERE))
        response = await self._back(request, kept)
        self.entry.set(response, THERE, "", 0)
        return response

    async def ask(self, request: Request) -> Response:
        """Whoever the provider named, and nobody here knows, asks for an account."""
        given = await entry.form_of(request)
        if given is None:
            return entry.too_long()
        who = self._opened("demande", entry.text(given, "identity"))
        if who is None:
            return answers.page("Demande expirée", "Recommencez depuis la page d'ouverture de session.", 422)
        words = entry.text(given, "words")
        await to_thread.run_sync(identities.ask, self.entry.house, Identity(**who), words, self.entry.clock())
        said = (
            "Votre demande d'accès est transmise aux personnes qui tiennent les comptes. Elles vous diront "
            "quand vous pourrez entrer."
        )
        return answers.page("Demande transmise", said)

    async def _back(self, request: Request, kept: Mapping[str, Any] | None) -> Response:
        asked, at = request.query_params, self.entry.clock()
        state, code = asked.get("state", ""), asked.get("code", "")
        if (
            kept is None
            or not hmac.compare_digest(state.encode(), kept["state"].encode())
            or not self._new(state)
        ):
            return _failed(Unbelieved())
        if asked.get("iss", self.provider.issuer) != self.provider.issuer:
            return _failed(Unbelieved())
        if asked.get("error") == "access_denied":
            return answers.page("Rien n'est ouvert", "Vous avez renoncé à entrer par le fournisseur.", 403)
        if "error" in asked or not code:
            return _failed(Unbelieved())
        try:
            departure = Departure("", state, kept["nonce"], kept["verifier"])
            who = await self.provider.come_back(code, departure, at)
            token = await to_thread.run_sync(
                identities.enter, self.entry.house, who, entry.caller(request), at
            )
        except Refused as refusal:
            return _failed(refusal)
        if not token:
            sealed = self._sealed("demande", asdict(who))
            given = {"title": "Demandez un accès", "name": who.name, "email": who.email, "identity": sealed}
            return answers.rendered("ask.html", given, 403)
        await self.entry.end(request)
        return self.entry.with_pass(passes.way_back(kept["suite"]), token)

    def _new(self, state: str) -> bool:
        """Whether this is the first time somebody comes back with this state."""
        if state in self._seen:
            return False
        self._seen[state] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _sealed(self, what: str, values: Mapping[str, Any]) -> str:
        """Values that come back to us as they are, or not at all, within ``LASTS``."""
        until = int(self.entry.clock().timestamp()) + LASTS
        body = base64.urlsafe_b64encode(json.dumps([until, values]).encode()).decode()
        return f"{body}.{self._seal(what, body)}"

    def _opened(self, what: str, sealed: str) -> Mapping[str, Any] | None:
        body, _, seal = sealed.partition(".")
        if not hmac.compare_digest(seal.encode(), self._seal(what, body).encode()):
            return None
        until, values = json.loads(base64.urlsafe_b64decode(body))
        still: Mapping[str, Any] | None = values if until > self.entry.clock().timestamp() else None
        return still

    def _seal(self, what: str, body: str) -> str:
        """By what every door of the house knows and nobody else does."""
        key = hashlib.sha256(f"guichet:{what}:{self.provider.client_secret}".encode()).digest()
        return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def _failed(refusal: Refused, status: int = 403) -> Response:
    return answers.rendered("back.html", {"title": "Rien n'est ouvert", "grounds": refusal.grounds}, status)
