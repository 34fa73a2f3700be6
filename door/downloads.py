"""Files that leave by the door: each asked of the desk anew by whoever holds the pass, and never kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from desk.house import House
from desk.sessions import hash_token
from desk.visits import SignedOut, Visit
from door import answers, headers, passes
from policy.reasons import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EML = "message/rfc822"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
PDF = "application/pdf"
SHOWN = frozenset({HTML, TEXT, PDF})  # in the page; the rest is saved
PICTURE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
READER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@dataclass(frozen=True)
class Leaving:
    """What goes out: its name, its kind, its bytes; ``saved``, never shown, when brought in."""

    name: str
    kind: str
    content: bytes
    saved: bool = False


Act = Callable[[Visit, Mapping[str, str]], Leaving]


@dataclass(frozen=True)
class Counter:
    """The downloads of this house: ``acts`` by the word of their address, ``/telecharger/<word>?…``.

    An act asks the desk with the visit it is given and raises ``Refused`` as the desk does; what it is
    asked for (a file number, a mail) is in the question of the address.
    """

    house: House
    clock: Callable[[], datetime]
    acts: Mapping[str, Act]

    def routes(self) -> list[BaseRoute]:
        """One route for all."""
        return [Route("/telecharger/{what}", self.hand_over, methods=["GET"])]

    async def hand_over(self, request: Request) -> Response:
        """The file, or why not."""
        act = self.acts.get(request.path_params["what"])
        if act is None:
            return answers.page("Introuvable", "Il n'y a rien à télécharger à cette adresse.", 404)
        address = passes.address_of(self.house.base_url)
        token = passes.cookies(request.scope["headers"]).get(address.cookie, "")
        visit = Visit(self.house, self.clock(), hash_token(token) if token else "")
        try:
            leaving = await to_thread.run_sync(act, visit, dict(request.query_params))
        except SignedOut:
            return answers.sign_in(request.scope)
        except Refused as refusal:
            return answers.page("Téléchargement refusé", str(refusal), 403)
        return Response(leaving.content, media_type=leaving.kind, headers=_said(leaving, address))


def _said(leaving: Leaving, address: passes.Address) -> dict[str, str]:
    """How the browser must treat it. A page shown in our screens is a picture: no script, no form.

    A PDF of ours is shown by the browser's own reader, which does not open in a sandbox.
    """
    how = "inline" if leaving.kind in SHOWN and not leaving.saved else "attachment"
    said = {"Content-Disposition": f"{how}; filename*=UTF-8''{quote(leaving.name)}"}
    if how == "inline":
        said["Content-Security-Policy"] = READER if leaving.kind == PDF else PICTURE
        said["X-Frame-Options"] = "SAMEORIGIN"
    else:
        said["Content-Security-Policy"] = headers.policy(address)
    return said
