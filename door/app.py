"""The whole door: our routes, the gate, Streamlit behind."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module

import streamlit as st
import uvicorn
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import config as streamlit_config
from streamlit.runtime.pages_manager import PagesManager

from desk import health
from desk.house import House
from desk.town import rules_in_force
from door import answers, behind, callbacks, french, incidents, passes, reception
from door.answers import FOLDER
from door.arrivals import Arrivals
from door.downloads import Act, Counter
from door.gate import Gate
from door.navigation import addresses
from door.oidc import Provider
from door.resets import Resets
from door.signin import DemoAccount, FirstCode, SignIn
from policy.reasons import Refused
from policy.towntime import town_day

SCRIPT = FOLDER.parent / "streamlit_app.py"
OURS = {path.name: path for path in (FOLDER / "static").iterdir()}
LARGEST_MESSAGE = 30 * 1024 * 1024  # what a tab may send at once; Streamlit bounds it further
HEAVY = ("pandas", "pyarrow", "altair", "streamlit.elements.arrow")

# Whatever a file or the environment of the machine says, these hold.
FIRM = {
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.scriptHealthCheckEnabled": False,
    "server.trustedUserHeaders": {},
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "logger.enableRich": False,
    "runner.fastReruns": False,  # no event is forgotten for the next; see door.callbacks
    "runner.postScriptGC": False,  # Python collects by itself when enough was made; see docs/performance.md
    "global.developmentMode": False,
}


def now() -> datetime:
    """The clock on the wall, in UTC."""
    return datetime.now(UTC)


def build(
    house: House,
    clock: Callable[[], datetime] = now,
    *,
    downloads: Mapping[str, Act] | None = None,
    demo: Callable[[], Sequence[DemoAccount]] = tuple,
    demonstrate: Callable[[datetime], None] | None = None,
    first_code: FirstCode | None = None,
    trusted_proxy: str | None = None,
    provider: Provider | None = None,
    glance: float = 15.0,
) -> st.App:
    """The ASGI application of one house.

    ``clock`` gives the moment of every visit; ``downloads`` what can leave by ``/telecharger/…``;
    ``first_code`` lets the first administrator in when there is no account, or has ``demonstrate`` put the
    demonstration town in place, whose accounts ``demo`` gives; ``trusted_proxy`` the networks
    whose ``X-Forwarded-For`` is believed; ``provider`` is the town's, when people sign in there. Raises
    ``ValueError`` when the house's address has a path.
    """
    passes.address_of(house.base_url)
    incidents.hush()
    signin = SignIn(
        house,
        clock,
        lambda: _town_name(house, clock()),
        demo,
        first_code,
        provider.name if provider else "",
        demonstrate,
    )
    ways = [*signin.routes(), *Resets(signin.entry).routes()]
    if provider is not None:
        ways += Arrivals(signin.entry, provider).routes()
    leaving = Counter(house, clock, downloads or {})

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        reception.open_with(house, clock)
        _settle()
        yield
        reception.close()

    app = st.App(
        SCRIPT,
        lifespan=lifespan,
        routes=[*ways, Route("/connexion/{way}", _no_way), *leaving.routes(), *_pages(house, clock)],
        middleware=[
            Middleware(
                Gate,
                house=house,
                clock=clock,
                known=is_known,
                trusted=passes.networks(trusted_proxy),
                glance=glance,
            )
        ],
        on_script_error=behind.escaped,
    )
    for name, value in FIRM.items():
        streamlit_config.set_option(name, value)
    streamlit_config.set_option("server.maxUploadSize", house.attachment_most // (1024 * 1024))
    callbacks.keep_whole()
    # A folder named pages/ would otherwise be executed file by file until a screen has run.
    PagesManager.uses_pages_directory = False
    return app


def serving(app: object, host: str, port: int) -> uvicorn.Config:
    """How it is served. The gate alone reads forwarded addresses, from the proxy named."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application, whatever its class
        host=host,
        port=port,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


def is_known(path: str) -> bool:
    """Whether a path leads to a screen or to one of our routes behind the gate."""
    bare = path.strip("/")
    return bare in addresses() | {"", "accueil"} or bare.startswith("telecharger/")


def _pages(house: House, clock: Callable[[], datetime]) -> list[BaseRoute]:
    """The one page every screen is drawn in, our own files, and the two health questions."""

    async def index(_request: Request) -> Response:
        return HTMLResponse(french.index())

    async def bare(request: Request) -> Response:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{request.path_params['address']}{query}", status_code=308)

    async def ours(request: Request) -> Response:
        name = request.path_params["name"]
        if name == "french.js":
            return Response(
                french.script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"}
            )
        path = OURS.get(name)
        if path is None:
            return PlainTextResponse("Introuvable.", status_code=404)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def favicon(_request: Request) -> Response:
        return FileResponse(OURS["favicon.svg"])

    async def breath(_request: Request) -> Response:
        await to_thread.run_sync(_breathe, house)
        return PlainTextResponse("ok")

    async def signs(_request: Request) -> Response:
        found = await to_thread.run_sync(health.signs, house, clock())
        status = 200 if all(sign.well for sign in found) else 503
        return PlainTextResponse("".join(f"{sign.line}\n" for sign in found), status_code=status)

    screens = [
        Route(f"/{address}", index, methods=["GET"]) for address in ("", "accueil", *sorted(addresses()))
    ]
    return [
        *screens,
        Route("/{address}/", bare, methods=["GET"]),
        Route("/porte/{name}", ours, methods=["GET"]),
        Route("/favicon.ico", favicon, methods=["GET"]),
        Route("/sante", breath, methods=["GET"]),
        Route("/sante/tout", signs, methods=["GET"]),
    ]


async def _no_way(_request: Request) -> Response:
    return answers.page("Page introuvable", "Il n'y a rien à cette adresse.", 404)


def _settle() -> None:
    """What every rerun needs, loaded once and put out of the garbage collector's way.

    Streamlit collects after each rerun: over the objects of pandas that takes a tenth of a second.
    """
    for module in HEAVY:
        import_module(module)
    gc.collect()
    gc.freeze()


def _town_name(house: House, at: datetime) -> str:
    """The town's name, once it is in place."""
    try:
        with house.store.reading() as tx:
            return rules_in_force(tx, town_day(at)).town_name
    except Refused:
        return ""


def _breathe(house: House) -> None:
    with house.store.reading() as tx:
        tx.first("accounts")
