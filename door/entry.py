"""What every way in shares: the cookie, whose it is, the forms, where they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk import sessions
from desk.house import House
from door import answers, passes

LONGEST_FORM = 20_000  # an e-mail address, a password and a way back
LASTS = int(sessions.LASTS.total_seconds())


@dataclass(frozen=True)
class Entry:
    """The pass of one house: given, read, taken away."""

    house: House
    clock: Callable[[], datetime]

    async def is_in(self, request: Request) -> bool:
        """Whether the session of this browser lives."""
        token = self.token(request)
        if not token:
            return False
        return await to_thread.run_sync(sessions.session_of, self.house, token, self.clock()) is not None

    async def end(self, request: Request) -> None:
        """End the session of this browser, if any."""
        if token := self.token(request):
            await to_thread.run_sync(sessions.sign_out, self.house, token, self.clock())

    def with_pass(self, suite: str, token: str) -> Response:
        """On to ``suite``, with the pass of a session just opened."""
        response = RedirectResponse(suite, status_code=303)
        self.set(response, "", token, LASTS)
        return response

    def token(self, request: Request, suffix: str = "") -> str:
        """What the cookie of that name holds."""
        name = passes.address_of(self.house.base_url).cookie + suffix
        return passes.cookies(request.scope["headers"]).get(name, "")

    def set(self, response: Response, suffix: str, value: str, lasts: int) -> None:
        """Give a cookie that no script and no other site reaches, for so many seconds (0 takes it away)."""
        address = passes.address_of(self.house.base_url)
        response.set_cookie(
            address.cookie + suffix,
            value,
            max_age=lasts,
            path="/",
            secure=address.secure,
            httponly=True,
            samesite="lax",
        )


async def form_of(request: Request) -> FormData | None:
    """The form posted, or ``None`` when it is longer than any of ours."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LONGEST_FORM:
        return None
    return await request.form(max_files=0, max_fields=20)


def too_long() -> Response:
    """The answer to such a form."""
    return answers.page("Formulaire refusé", "Ce formulaire est trop long ou incomplet. Recommencez.", 413)


def text(given: FormData, name: str) -> str:
    """A field of a form."""
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def caller(request: Request) -> str:
    """The network address it comes from, as the gate read it."""
    return request.client.host if request.client else ""
