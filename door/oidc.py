"""The town's provider (OpenID Connect): the way there, the way back, and what of it is believed.

Authlib's client asks for the code (with PKCE) and exchanges it; what its token says is checked here, by the
clock of the house: issuer, audience, nonce, expiry, signature by the keys it publishes now, tenant, e-mail.
"""

import logging
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from desk.identities import Identity
from desk.letters import is_address, one_line
from policy.reasons import Ground, Refused

LOG = logging.getLogger("guichet.door")
# Signed by a key that only the provider has: « none », and the secret that we share with it, are not.
SIGNED = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60  # seconds between two clocks
GOOGLE = "accounts.google.com"
LONGEST_SUBJECT = 255
_ODD = (ValueError, TypeError, AttributeError)  # what was sent has not the shape it should have


class Silent(Refused):
    """The provider does not answer, or not as one."""

    def __init__(self) -> None:
        words = "Le fournisseur d'identité ne répond pas comme il le devrait. Réessayez dans un moment."
        super().__init__((Ground(words),))


class Unbelieved(Refused):
    """What came back is not to be believed."""

    def __init__(self) -> None:
        words = "Ce qui revient du fournisseur d'identité n'est pas recevable : recommencez depuis le début."
        super().__init__((Ground(words),))


@dataclass(frozen=True)
class Departure:
    """Somebody sent to the provider: what must come back with them, and what only we know."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Provider:
    """The provider of the settings. ``name`` is on the button; ``tenant`` the town's (``tid``, or ``hd``)."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    back: str  # where it sends people back to
    tenant: str = ""
    patience: float = 10.0  # seconds for each answer

    async def leave(self) -> Departure:
        """The address to send somebody to. Raises ``Silent``."""
        try:
            await self._metadata()
            hints = {"prompt": "select_account"} | ({"hd": self.tenant} if self._is_google else {})
            sent = await self._client.create_authorization_url(self.back, **hints)
            return Departure(sent["url"], sent["state"], sent["nonce"], sent["code_verifier"])
        except _failures() as failure:
            raise _silent(failure) from None

    async def come_back(self, code: str, departure: Departure, at: datetime) -> Identity:
        """Who came back with this code. Raises ``Silent`` or ``Unbelieved``."""
        try:
            await self._metadata()
            token = await self._client.fetch_access_token(
                redirect_uri=self.back, code=code, code_verifier=departure.verifier
            )
            # Asked anew each time: a key just published is known, one just withdrawn no longer signs.
            keys = await self._client.fetch_jwk_set(force=True)
        except _failures() as failure:
            raise _silent(failure) from None
        try:
            return self.believed(token, keys, departure.nonce, at)
        except Unbelieved:
            raise
        except (JoseError, LookupError, *_ODD) as failure:
            _log(failure)
            raise Unbelieved from None

    def believed(self, token: Mapping[str, Any], keys: Any, nonce: str, at: datetime) -> Identity:
        """Who the token names, when all of it can be believed at that moment. Raises otherwise."""
        claims_class = _authlib().CodeIDToken
        registry = JWSRegistry(algorithms=SIGNED, strict_check_header=False)
        told = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)
        claims = claims_class(
            told.claims,
            told.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            {"client_id": self.client_id, "nonce": nonce, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        subject = claims["sub"]
        if not isinstance(subject, str) or len(subject) > LONGEST_SUBJECT:
            raise Unbelieved
        ours = bool(self.tenant) and claims.get("hd" if self._is_google else "tid") == self.tenant
        if self.tenant and not ours:
            raise Unbelieved
        # Entra does not say whether an e-mail was confirmed: the town answers for those of its own tenant.
        verified = claims["email_verified"] is True if "email_verified" in claims else ours
        email = claims.get("email") or (claims.get("preferred_username") if ours else "")
        email = email if isinstance(email, str) and is_address(email) else ""
        name = claims.get("name")
        name = one_line(name)[:200] if isinstance(name, str) else ""
        return Identity(self.issuer, subject, email, name or email, verified and bool(email))

    async def _metadata(self) -> None:
        """What the provider publishes of itself must name the issuer of the settings, and be as safe."""
        told = await self._client.load_server_metadata()
        scheme = urlsplit(self.issuer).scheme
        places = [told[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if told["issuer"] != self.issuer or any(urlsplit(place).scheme != scheme for place in places):
            self._client.server_metadata.clear()
            raise ValueError("metadata")

    @property
    def _is_google(self) -> bool:
        return urlsplit(self.issuer).hostname == GOOGLE

    @cached_property
    def _client(self) -> Any:
        return _authlib().StarletteOAuth2App(
            None,
            name="fournisseur",
            client_id=self.client_id,
            client_secret=self.client_secret,
            server_metadata_url=self.issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "timeout": self.patience,
            },
        )


@dataclass(frozen=True)
class _Authlib:
    StarletteOAuth2App: Any
    CodeIDToken: Any
    AuthlibBaseError: type[Exception]


def _authlib() -> _Authlib:
    """Read when a provider is there: it warns, each time it is read, that httpx has a successor."""
    from authlib.deprecate import AuthlibDeprecationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.common.errors import AuthlibBaseError
        from authlib.integrations.starlette_client import StarletteOAuth2App
        from authlib.oidc.core import CodeIDToken
    return _Authlib(StarletteOAuth2App, CodeIDToken, AuthlibBaseError)


def _failures() -> tuple[type[Exception], ...]:
    """All by which a provider fails: no answer, not the right one, not a sensible one."""
    return (httpx.HTTPError, httpx.InvalidURL, _authlib().AuthlibBaseError, LookupError, *_ODD)


def _silent(failure: Exception) -> Silent:
    _log(failure)
    return Silent()


def _log(failure: Exception) -> None:
    """The kind of failure; never its words, which may quote a token."""
    LOG.warning("fournisseur d'identité : %s.%s", type(failure).__module__, type(failure).__qualname__)
