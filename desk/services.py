"""The service that settings name: a base of Airtable or a spreadsheet, and how often it may be asked."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from sync import pace
from sync.airtable.remote import Airtable
from sync.pace import Pace
from sync.remote import Remote
from sync.sheets.remote import Sheets


@dataclass(frozen=True)
class Named:
    """What settings say of one place outside: which service, and what it needs."""

    service: str
    token: SecretStr | None
    base: str | None
    airtable_endpoint: str
    credentials: Path | None
    spreadsheet: str | None
    sheets_endpoint: str | None


def spoken_to(named: Named) -> tuple[Remote, Pace] | None:
    """How it is spoken to; ``None`` when nothing is named, which is the default.

    Raises ``RemoteError`` when what a service needs (a key's file) does not read.
    """
    if named.service == "airtable" and named.token and named.base:
        remote = Airtable(named.token.get_secret_value(), named.base, named.airtable_endpoint)
        return remote, Pace(*pace.AIRTABLE)
    if named.service == "sheets" and named.credentials and named.spreadsheet:
        return Sheets(named.credentials, named.spreadsheet, named.sheets_endpoint or ""), Pace(*pace.SHEETS)
    return None
