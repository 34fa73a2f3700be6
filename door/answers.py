"""The door's own answers: a page of words, the way to the sign-in page, the way to our own address."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Scope
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from door.passes import Address, header

FOLDER = Path(__file__).parent
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def page(title: str, words: str, status: int = 200) -> Response:
    """A page of the door that says one thing, with a way on."""
    return rendered("words.html", {"title": title, "words": words}, status)


def rendered(template: str, given: dict[str, Any], status: int = 200) -> HTMLResponse:
    """One of the door's templates (autoescaped)."""
    return HTMLResponse(letters().get_template(template).render(given), status_code=status)


def sign_in(scope: Scope) -> Response:
    """To whom has no session: the sign-in page for a person who navigates, 401 for the rest of a page.

    The address asked for goes along, so that signing in leads back to it.
    """
    navigates = b"text/html" in header(scope["headers"], b"accept").encode("latin-1")
    if scope["method"] not in ("GET", "HEAD") or not navigates:
        return PlainTextResponse("Connexion requise.", status_code=401)
    path = quote(scope["path"])
    query = scope["query_string"].decode("latin-1")
    asked = f"{path}?{query}" if query else path
    where = "/connexion" if asked == "/" else f"/connexion?suite={quote(asked, safe='/')}"
    return RedirectResponse(where, status_code=303)


def to_address(scope: Scope, address: Address) -> Response | None:
    """From one name of this machine to the one people are told (``localhost`` or ``127.0.0.1``), or None.

    The pass and the Origin are bound to one name: under the other, signing in would be refused.
    """
    host = header(scope["headers"], b"host").lower()
    name, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
    ours, _, our_port = address.host.rpartition(":") if ":" in address.host else (address.host, "", "")
    if host == address.host or name not in LOOPBACK or ours not in LOOPBACK or port != our_port:
        return None
    query = scope["query_string"].decode("latin-1")
    where = f"{address.origin}{quote(scope['path'])}"
    return RedirectResponse(f"{where}?{query}" if query else where, status_code=307)


def session_in(message: bytes) -> str:
    """The screen's id when this message to the browser is the one that announces it, or nothing."""
    told = ForwardMsg()
    try:
        told.ParseFromString(message)
    except DecodeError:
        return ""
    return told.new_session.initialize.session_id if told.WhichOneof("type") == "new_session" else ""


def is_gesture(message: bytes) -> bool:
    """Whether this message of the browser is a person's doing, and not a screen that draws itself again."""
    told = BackMsg()
    try:
        told.ParseFromString(message)
    except DecodeError:
        return False
    return told.WhichOneof("type") == "rerun_script" and not told.rerun_script.is_auto_rerun


@cache
def letters() -> Environment:
    """The door's templates."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
