"""``python -m door``: opens the house its settings name and serves the screens until stopped."""

import socket
import sys
from collections.abc import Sequence
from dataclasses import replace

import uvicorn

from config.letters import environment
from config.settings import Settings, read
from desk.house import House, Unreachable, opened
from door import beginnings
from door.app import build, now, serving
from door.files import DOWNLOADS
from door.oidc import Provider
from door.passes import address_of
from policy.reasons import Refused

WRONG = 2


def main() -> int:
    """Serve. 0 when stopped, 2 when the settings do not allow it (all problems are said first)."""
    settings = read()
    problem = _unservable(settings)
    if problem:
        print(problem, file=sys.stderr)
        return WRONG
    try:
        with opened(settings, environment()) as house:
            return _serve(house, settings)
    except (Refused, Unreachable) as failure:
        print(failure, file=sys.stderr)
        return WRONG


def _serve(house: House, settings: Settings) -> int:
    house = replace(house, presets=beginnings.offers(), first_key=beginnings.first_key(settings))
    code = beginnings.first_code(house, now())
    app = build(
        house,
        downloads=DOWNLOADS,
        demo=beginnings.demo_accounts(house),
        demonstrate=beginnings.demonstrate(house, settings),
        first_code=code,
        trusted_proxy=settings.trusted_proxy,
        provider=_provider(settings),
    )
    said = [f"Le guichet est ouvert à {settings.base_url}"]
    if code:
        minutes = int(beginnings.LASTS.total_seconds()) // 60
        said.append(f"Premier compte : le code à usage unique est {code.text} (il sert {minutes} minutes)")
    server = Speaking(serving(app, settings.host, settings.port), said)
    server.run()
    return 0 if server.started else WRONG


class Speaking(uvicorn.Server):
    """A server that says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, said: Sequence[str]) -> None:
        super().__init__(config)
        self.said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            print(*self.said, sep="\n", flush=True)


def _provider(settings: Settings) -> Provider | None:
    """The town's provider, when the settings name one (they then name all of it)."""
    if not (settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret):
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        name=settings.oidc_name or "",
        back=f"{settings.base_url}/connexion/retour",
        tenant=settings.oidc_tenant or "",
    )


def _unservable(settings: Settings) -> str:
    """What only shows when one tries to open: an address with a path, a port already taken."""
    try:
        address_of(settings.base_url)
    except ValueError:
        return (
            "Guichet ne peut pas démarrer, ses réglages sont à corriger :\n"
            f"  - GUICHET_BASE_URL : « {settings.base_url} » ne convient pas ; il la faut sans chemin."
        )
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return (
                f"Guichet ne peut pas ouvrir à {settings.host}, port {settings.port} : l'adresse n'est pas "
                "celle de cette machine, ou le port est déjà pris (GUICHET_HOST, GUICHET_PORT)."
            )
    return ""


if __name__ == "__main__":
    sys.exit(main())
