"""How we speak to the Sheets API: gspread's HTTP client with our pace, our time-outs and our errors."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from google.auth import exceptions as auth_errors
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_URL, SPREADSHEETS_API_V4_BASE_URL
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from sync import patience
from sync.remote import RemoteError

TIME_OUT = (5.0, 30.0)  # seconds: to connect, then for each answer
NEXT_MINUTE = 60.0  # seconds: quotas are by minute
SCOPE = "https://www.googleapis.com/auth/spreadsheets"

_MARK = "developerMetadata(metadataId,metadataKey,metadataValue)"
SHEET_FIELDS = (
    f"properties(sheetId,title,gridProperties(rowCount,columnCount,frozenRowCount)),{_MARK},"
    f"data(startRow,startColumn,rowData.values.effectiveValue,rowMetadata.{_MARK},columnMetadata.{_MARK})"
)
FIELDS = f"properties.timeZone,{_MARK},sheets({SHEET_FIELDS})"

Asked = Mapping[str, Any]


@dataclass
class Misread(RemoteError):
    """The service found the request wrong (400) and did nothing: something is not where we thought."""


class Client(HTTPClient):
    """gspread's client, sent to ``endpoint`` when one is given; ``turn`` is called before each request."""

    def __init__(self, credentials: Path, endpoint: str, time_out: tuple[float, float]) -> None:
        self._signed = _read(credentials)
        self._token_request = _TokenRequest(time_out)
        session = AuthorizedSession(  # type: ignore[no-untyped-call]
            self._signed, max_refresh_attempts=0, auth_request=self._token_request
        )
        super().__init__(self._signed, session)
        self.set_timeout(time_out)
        self.turn: Callable[[], None] = lambda: None
        self._base = endpoint.rstrip("/") + "/v4/spreadsheets" if endpoint else SPREADSHEETS_API_V4_BASE_URL

    @property
    def address(self) -> str:
        """The service account's, with which the spreadsheet is shared."""
        return str(self._signed.service_account_email)

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """One request; a token that the service no longer takes is renewed once. Raises ``RemoteError``."""
        url = endpoint.replace(SPREADSHEETS_API_V4_BASE_URL, self._base, 1)
        answer = self._asked(method, url, *args, **kwargs)
        if answer.status_code == 401:
            self._renew()
            answer = self._asked(method, url, *args, **kwargs)
        if not answer.ok:
            raise _refusal(answer, self.address)
        return answer

    def _asked(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        headers: Any = None,
    ) -> requests.Response:
        self.turn()
        try:
            return self.session.request(
                method, url, params=params, data=data, json=json, headers=headers, timeout=self.timeout
            )
        except (auth_errors.GoogleAuthError, requests.RequestException) as error:
            raise _failure(error, self.address) from None  # the library's words may hold the request

    def _renew(self) -> None:
        try:
            self._signed.refresh(self._token_request)  # type: ignore[no-untyped-call]
        except (auth_errors.GoogleAuthError, requests.RequestException) as error:
            raise _failure(error, self.address) from None


@dataclass(frozen=True)
class Talk:
    """A spreadsheet to speak about, for the time of one call of reconciliation."""

    client: Client
    spreadsheet: str

    def whole(self) -> bytes:
        """Everything of every tab: values, metadata; one read."""
        given = {"fields": FIELDS, "prettyPrint": "false"}
        return self.client.request("get", SPREADSHEET_URL % self.spreadsheet, params=given).content

    def tabs(self, sheets: Sequence[int]) -> bytes:
        """The same, of these tabs only; one read."""
        return self.client.request(
            "post",
            SPREADSHEET_URL % self.spreadsheet + ":getByDataFilter",
            params={"fields": FIELDS, "prettyPrint": "false"},
            json={"dataFilters": [{"gridRange": {"sheetId": sheet}} for sheet in sheets]},
        ).content

    def heads(self, titles: Sequence[str], fields: str) -> Any:
        """The first two lines of these tabs, with other fields; one read."""
        given: dict[str, Any] = {"fields": fields, "prettyPrint": "false"}
        if titles:
            given["ranges"] = ["'" + title.replace("'", "''") + "'!1:2" for title in titles]
        return parsed(self.client.request("get", SPREADSHEET_URL % self.spreadsheet, params=given).content)

    def batch(self, asked: Sequence[Asked], ranges: Sequence[str] = ()) -> Any:
        """Requests carried all together or not at all; what ``ranges`` hold afterwards. One write."""
        body: dict[str, Any] = {"requests": list(asked)}
        given = {"prettyPrint": "false"}
        if ranges:
            body |= {"includeSpreadsheetInResponse": True, "responseRanges": list(ranges)}
            given["fields"] = f"updatedSpreadsheet(sheets({SHEET_FIELDS}))"
        url = SPREADSHEET_URL % self.spreadsheet + ":batchUpdate"
        return parsed(self.client.request("post", url, params=given, json=body).content)

    def put(self, lines: Mapping[int, Sequence[Any]]) -> dict[int, list[Any]]:
        """Write rows through their metadata (``None`` leaves a cell alone); each as it is then. One write.

        A row whose metadata is gone is not in the answer.
        """
        body = {
            "valueInputOption": "RAW",
            "includeValuesInResponse": True,
            "responseValueRenderOption": "UNFORMATTED_VALUE",
            "responseDateTimeRenderOption": "SERIAL_NUMBER",
            "data": [
                {
                    "dataFilter": {"developerMetadataLookup": {"metadataId": mark}},
                    "majorDimension": "ROWS",
                    "values": [list(line)],
                }
                for mark, line in lines.items()
            ],
        }
        url = SPREADSHEET_URL % self.spreadsheet + "/values:batchUpdateByDataFilter"
        told = parsed(self.client.request("post", url, params={"prettyPrint": "false"}, json=body).content)
        return {
            int(each["dataFilter"]["developerMetadataLookup"]["metadataId"]): (
                each.get("updatedData", {}).get("values") or [[]]
            )[0]
            for each in told.get("responses", [])
        }


def parsed(body: bytes) -> Any:
    """The JSON of an answer; half an answer is a failure like another."""
    try:
        return json.loads(body)
    except ValueError:
        raise RemoteError("La réponse de Google Sheets est incomplète.") from None


class _TokenRequest(Request):
    """Asks for tokens with our time-outs; a server in trouble fails at once (google-auth would wait)."""

    def __init__(self, time_out: tuple[float, float]) -> None:
        super().__init__(requests.Session())
        self._time_out = time_out

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = self._time_out
        answer = super().__call__(*args, **kwargs)  # type: ignore[no-untyped-call]
        if answer.status >= 500 or answer.status == 429:
            raise auth_errors.TransportError("token")  # type: ignore[no-untyped-call]
        return answer


def _read(path: Path) -> service_account.Credentials:
    words = "Le fichier du compte de service Google"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise _for_a_person(f"{words} est introuvable ou illisible : {path.name}.") from None
    except ValueError:
        raise _for_a_person(f"{words} n'est pas un fichier JSON : {path.name}.") from None
    if not isinstance(told, dict) or told.get("type") != "service_account":
        raise _for_a_person(f"{path.name} n'est pas la clé d'un compte de service : téléchargez-la en JSON.")
    try:
        return service_account.Credentials.from_service_account_info(told, scopes=[SCOPE])  # type: ignore[no-untyped-call,no-any-return]
    except (ValueError, auth_errors.GoogleAuthError):
        raise _for_a_person(f"{words} est incomplet ou abîmé : {path.name}.") from None


def _for_a_person(words: str) -> RemoteError:
    return RemoteError(words, again=False, applied=False, person=True)


def _failure(error: Exception, address: str) -> RemoteError:
    """What a broken exchange means: only what surely never left is not applied."""
    if isinstance(error, auth_errors.RefreshError):
        return _for_a_person(f"Google refuse la clé du compte de service {address} : créez-en une autre.")
    if isinstance(error, auth_errors.GoogleAuthError):
        return RemoteError("Google ne répond pas à l'identification du compte de service.", applied=False)
    if isinstance(error, requests.exceptions.SSLError):
        return RemoteError("La connexion à Google Sheets n'est pas sûre : certificat refusé.", applied=False)
    if isinstance(error, requests.ConnectionError) and _never_left(error):
        return RemoteError("Google Sheets est injoignable.", applied=False)
    if isinstance(error, requests.Timeout):
        return RemoteError("Google Sheets n'a pas répondu à temps.")
    return RemoteError("La connexion à Google Sheets s'est rompue.")


def _never_left(error: requests.ConnectionError) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def _refusal(answer: requests.Response, address: str) -> RemoteError:
    code, words = answer.status_code, _told(answer)
    if code == 400:
        return Misread("Google Sheets n'a pas compris la demande.", again=False, applied=False)
    if code == 401:
        return _for_a_person(f"Google Sheets ne reconnaît plus le compte de service {address}.")
    if code == 403 and "has not been used" in words:
        return _for_a_person("L'API Google Sheets n'est pas activée dans le projet du compte de service.")
    if code == 403:
        return _for_a_person(
            f"Google Sheets refuse l'accès : partagez le classeur avec {address}, comme éditeur."
        )
    if code == 404:
        return _for_a_person("Le classeur Google Sheets est introuvable : vérifiez son identifiant.")
    asked = patience.HEADER in answer.headers
    if code == 429:
        words = "Le quota de Google Sheets est atteint pour cette minute."
        wait = patience.wished(answer.headers, NEXT_MINUTE)
        return RemoteError(words, wait=wait, asked=asked, applied=False)
    if code == 413:
        return RemoteError("La demande est trop grande pour Google Sheets.", again=False, applied=False)
    wait = patience.wished(answer.headers, 0)
    return RemoteError(f"Google Sheets est en panne (code {code}).", wait=wait, asked=asked)


def _told(answer: requests.Response) -> str:
    """The service's own words, read here only: they may quote what was asked."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(error.get("message", "")) if isinstance(error, dict) else str(error)
