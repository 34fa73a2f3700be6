"""A real provider (OpenID Connect) on this machine, that plays every trick a test asks of it."""

import base64
import hashlib
import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import anyio
import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from door.oidc import Provider
from tests.door.serving import Clock

CLIENT, SECRET, TENANT = "guichet", "un secret entre nous deux seulement", "la-ville"


@dataclass
class Play:
    """What the provider says next. ``claims`` are laid over the true ones; ``None`` takes one away."""

    claims: dict[str, Any] = field(default_factory=dict)
    sign: str = "good"  # or "forged", "none", "shared", "unpublished"
    down: str = ""  # a path that answers 500
    hangs: str = ""  # a path that never answers
    garbage: str = ""  # a path that answers no JSON
    metadata: dict[str, Any] = field(default_factory=dict)
    codes_again: bool = False  # a code serves as often as one likes
    asked: list[dict[str, str]] = field(default_factory=list)


class Town:
    """The provider: who is at the browser is always the same person."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url, self.clock, self.play = url, clock, Play()
        self.published: RSAKey | None = None  # another key than the one that signs
        self.codes: dict[str, dict[str, str]] = {}
        self.rotate()

    def rotate(self) -> None:
        """Another key: the one before is no longer published."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)}, private=True)

    def provider(self, door: str, **more: Any) -> Provider:
        """It, as the door of that address knows it."""
        known = {"issuer": self.url, "client_id": CLIENT, "client_secret": SECRET, "name": "Essai"}
        return Provider(**{**known, "back": f"{door}/connexion/retour", "tenant": TENANT, **more})

    def app(self) -> Starlette:
        """Its pages."""
        pages: dict[str, Callable[[Request], Any]] = {
            "/.well-known/openid-configuration": self._metadata,
            "/authorize": self._authorize,
            "/token": self._token,
            "/keys": self._keys,
        }
        return Starlette(
            routes=[
                Route(path, self._played(path, page), methods=["GET", "POST"]) for path, page in pages.items()
            ]
        )

    def _played(self, path: str, page: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            if path == self.play.down:
                return PlainTextResponse("secret du fournisseur", status_code=500)
            if path == self.play.garbage:
                return PlainTextResponse("<html>pas du JSON</html>")
            if path == self.play.hangs:
                await anyio.sleep_forever()
            return await page(request)  # type: ignore[no-any-return]

        async def any_method(request: Request) -> Response:
            return await answer(request)

        return any_method

    async def _metadata(self, _request: Request) -> Response:
        told = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        return JSONResponse(told | self.play.metadata)

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.play.asked.append(asked)
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [(self.published or self.key).as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        basic = base64.b64decode(request.headers.get("authorization", "Basic ")[6:]).decode()
        asked = self.codes.get(form.get("code", ""))
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or basic.partition(":")[0] != CLIENT
            or proof.decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        if not self.play.codes_again:
            del self.codes[form["code"]]
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked["nonce"])}
        )

    def _id_token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.url,
            "sub": "sujet-1",
            "aud": CLIENT,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            "tid": TENANT,
            "email": "diane@ville.test",
            "email_verified": True,
            "name": "Diane Roy",
            **self.play.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        if self.play.sign == "none":
            return _unsigned(told)
        if self.play.sign == "shared":
            return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(SECRET))
        key = self.key
        if self.play.sign in ("forged", "unpublished"):
            kid = self.key.kid if self.play.sign == "forged" else "autre"
            key = RSAKey.generate_key(2048, {"kid": kid or ""}, private=True)
        return jwt.encode({"alg": "RS256", "kid": key.kid}, told, key)


@contextmanager
def serve_provider(clock: Clock) -> Iterator[Town]:
    """The provider, while the block lasts."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        town = Town(f"http://127.0.0.1:{place.getsockname()[1]}", clock)
        server = uvicorn.Server(uvicorn.Config(town.app(), log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        waiting = threading.Event()
        while not server.started:
            waiting.wait(0.01)
        try:
            yield town
        finally:
            server.should_exit = True
            thread.join(10)


def _unsigned(claims: dict[str, Any]) -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."
