"""What the settings of sign-in at the town's provider (OpenID Connect) must be together."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "::1", "localhost")
ENTRA = "login.microsoftonline.com"
GOOGLE = "accounts.google.com"
EVERYBODY = frozenset({"common", "organizations", "consumers"})
NEEDED = ("issuer", "client_id", "client_secret", "name")


def issuer(value: str) -> str:
    """An issuer, kept to the letter. Raises ``ValueError`` when it is no address, or none of https."""
    parts = urlsplit(value)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (plain or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    if "@" in parts.netloc or parts.port == 0:
        raise ValueError
    return value


def problems(given: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """What is missing or does not go together, in French; nothing when no provider is named at all."""
    said = {name: str(given.get(f"oidc_{name}") or "") for name in (*NEEDED, "tenant")}
    if not any(said.values()):
        return
    for name in NEEDED:
        if not said[name]:
            yield f"{prefix}OIDC_{name.upper()} : il manque ; le fournisseur demande tous ces réglages."
    host = urlsplit(said["issuer"]).hostname
    tenant = said["tenant"]
    if host in (ENTRA, GOOGLE) and not tenant:
        what = "le locataire de la ville" if host == ENTRA else "le domaine Workspace de la ville"
        yield f"{prefix}OIDC_TENANT : il faut {what}, sans quoi n'importe qui s'y présenterait."
    if host == ENTRA:
        named = urlsplit(said["issuer"]).path.strip("/").split("/")[0]
        if named in EVERYBODY or (tenant and named != tenant):
            yield (
                f"{prefix}OIDC_ISSUER : il faut l'émetteur du locataire de la ville, "
                f"https://{ENTRA}/LOCATAIRE/v2.0."
            )
