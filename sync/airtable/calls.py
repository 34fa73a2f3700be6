"""Speaking to Airtable: one request at a time, each at its turn; what fails is told in plain words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
import urllib3
from pyairtable import Api

from sync import patience
from sync.remote import Line, RemoteError

PENALTY = 31.0  # seconds; Airtable keeps silent for 30 after too many requests
PAUSE = 30.0  # seconds left to a service that says it is ill

_BILLING = "PUBLIC_API_BILLING_LIMIT_EXCEEDED"
_KIND = re.compile(r"[A-Z][A-Z_]{2,79}")


@dataclass
class Declined(RemoteError):
    """A request that Airtable understood and did not carry out; whoever asked may know what to do of it.

    ``status`` is HTTP's, ``kind`` Airtable's own word. ``said`` may quote a cell: never shown, never logged.
    """

    status: int = 0
    kind: str = ""
    said: str = field(default="", repr=False)

    @property
    def about_schema(self) -> bool:
        """Whether it may come of a table or a column that is no longer there."""
        return self.kind in ("UNKNOWN_FIELD_NAME", "TABLE_NOT_FOUND") or (
            self.status in (403, 404) and self.kind != "INVALID_PERMISSIONS"
        )


class Calls:
    """The one place from which requests leave for a base.

    ``endpoint`` is the address of the service; ``timeout`` the seconds to connect and to wait for an answer.
    ``clock`` is the service's own, as of its last answer.
    """

    def __init__(self, token: str, base: str, endpoint: str, timeout: tuple[float, float]) -> None:
        # the client's own retries repeat a POST after a drop, and would not ask for their turn
        self.api = Api(
            token,
            endpoint_url=endpoint,
            retry_strategy=None,
            timeout=timeout,  # type: ignore[arg-type]  # parts of a second are understood as well
            use_field_ids=True,
        )
        self.api.session.hooks["response"].append(self._note_clock)
        self.base = self.api.base(base)
        self.clock: datetime | None = None
        self.lists_by_post = True  # until this server says that it does not know how

    def ask(
        self,
        line: Line,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> Any:
        """One request; the answer's JSON. Raises ``Declined`` for a refusal, else ``RemoteError``."""
        line.turn()
        failure: RemoteError
        try:
            return self.api.request(
                method,
                url,
                params=None if params is None else dict(params),
                json=None if json is None else dict(json),
            )
        except requests.HTTPError as error:
            failure = _declined(error.response)
        except (requests.RequestException, ValueError) as error:
            failure = _broken(error)
        raise failure  # out of the handler: the client's own error quotes the request and the answer

    def records(self, table: str) -> str:
        """The address of a table's rows."""
        return str(self.api.build_url(self.base.id, table))

    @property
    def tables(self) -> str:
        """The address of the base's tables and fields."""
        return str(self.base.urls.tables)

    @property
    def webhooks(self) -> str:
        """The address of the base's change feeds."""
        return str(self.base.urls.webhooks)

    def _note_clock(self, response: requests.Response, *_: object, **__: object) -> None:
        said = response.headers.get("Date")
        if said:
            self.clock = parsedate_to_datetime(said).astimezone(UTC)


def _declined(response: requests.Response | None) -> RemoteError:
    if response is None:
        return RemoteError("La réponse d'Airtable s'est rompue en chemin.")
    status, (kind, said) = response.status_code, _error(response)
    told = f" ({kind})" if kind else f" ({status})"
    if status == 429 and kind == _BILLING:
        return RemoteError(
            "Le forfait Airtable de la ville a épuisé ses appels du mois : attendre le mois prochain, "
            "ou changer de forfait dans Airtable.",
            again=False,
            applied=False,
            person=True,
        )
    if status == 429:
        return RemoteError(
            "Airtable demande d'attendre : trop de demandes à la fois.",
            wait=patience.wished(response.headers, PENALTY),
            asked=True,
            applied=False,
        )
    if status >= 500:
        wait, asked = patience.wished(response.headers, PAUSE), patience.HEADER in response.headers
        return RemoteError(f"Airtable est en panne{told}.", wait=wait, asked=asked)
    words = {
        401: "Airtable refuse le jeton d'accès : vérifier qu'il est bien copié et qu'il n'a pas été révoqué",
        403: "Airtable refuse l'accès : vérifier que le jeton ouvre cette base, et qu'il a les droits "
        "data.records:read, data.records:write, schema.bases:read, schema.bases:write et webhook:manage",
        404: "Airtable ne trouve pas ce qui est demandé : vérifier l'identifiant de la base",
    }.get(status, "Airtable n'accepte pas la demande")
    return Declined(
        f"{words}{told}.", again=False, applied=False, person=True, status=status, kind=kind, said=said
    )


def _error(response: requests.Response) -> tuple[str, str]:
    """Airtable's word for what is wrong, and its sentence; ``error`` is an object, a word, or in a list."""
    try:
        body = response.json()
    except ValueError:
        return "", ""
    if isinstance(body, dict) and isinstance(body.get("errors"), list) and body["errors"]:
        body = body["errors"][0]
    error = body.get("error", "") if isinstance(body, dict) else ""
    said = body.get("message", "") if isinstance(body, dict) else ""
    if isinstance(error, dict):
        error, said = error.get("type", ""), error.get("message", "")
    return (error if _KIND.fullmatch(str(error)) else ""), str(said)


def _broken(error: Exception) -> RemoteError:
    """``applied`` is certain only when the connection was never made."""
    if isinstance(error, requests.exceptions.SSLError):
        return RemoteError("Le certificat d'Airtable n'est pas reconnu.", applied=False)
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return RemoteError("Airtable est injoignable : vérifier la ligne Internet.", applied=False)
    if isinstance(error, requests.Timeout):
        return RemoteError("Airtable n'a pas répondu à temps.")
    return RemoteError("La réponse d'Airtable s'est rompue en chemin.")


def _never_connected(error: Exception) -> bool:
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError)
