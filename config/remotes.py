"""What the settings of the remote (Airtable, Google Sheets) must be, one by one and together."""

import json
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.commandline import why_unreadable

LOOPBACK = ("127.0.0.1", "::1", "localhost")
AIRTABLE_ENDPOINT = "https://api.airtable.com"
OF_AN_ACCOUNT = ("client_email", "private_key", "token_uri")  # what we read of a service account's file

AN_ENDPOINT = "une adresse https ; http ne vaut que pour cette machine"
A_TOKEN = "un jeton d'accès personnel, d'un seul tenant"  # noqa: S105
A_BASE = "l'identifiant de la base, qui commence par « app », ou son adresse copiée du navigateur"
A_SPREADSHEET = "l'identifiant de la feuille de calcul, ou son adresse copiée du navigateur"


class Remote(StrEnum):
    """Where the town also works."""

    NONE = "none"
    AIRTABLE = "airtable"
    SHEETS = "sheets"


NEEDED = {
    Remote.AIRTABLE: {
        "airtable_token": "le jeton d'accès personnel",
        "airtable_base": "l'identifiant de la base",
    },
    Remote.SHEETS: {
        "sheets_credentials": "le fichier du compte de service",
        "sheets_id": "l'identifiant de la feuille de calcul",
    },
}


def endpoint(value: str) -> str:
    """An address to which a secret is sent, without a final slash. Raises ``ValueError``."""
    parts = urlsplit(value)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (plain or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    if "@" in parts.netloc or parts.port == 0:  # reading it also raises ValueError for one past 65535
        raise ValueError
    return value.rstrip("/")


def token(value: str) -> str:
    """A token that a header can carry. Raises ``ValueError``."""
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError
    return value


def base(value: str) -> str:
    """The id of an Airtable base, alone or in an address copied from the browser. Raises ``ValueError``."""
    if "/" in value:
        parts = urlsplit(value)
        if parts.hostname not in ("airtable.com", "www.airtable.com"):
            raise ValueError
        value = parts.path.strip("/").split("/")[0]
    if not re.fullmatch(r"app[A-Za-z0-9]+", value):
        raise ValueError
    return value


def spreadsheet(value: str) -> str:
    """The id of a spreadsheet, alone or in an address copied from the browser. Raises ``ValueError``.

    The address of a published copy (…/d/e/…) bears another id, which opens nothing: it is refused.
    """
    if "/" in value:
        parts = urlsplit(value)
        found = re.match(r"/(?:a/[^/]+/)?spreadsheets/(?:u/\d+/)?d/(?!e/)([^/]+)", parts.path)
        if parts.hostname != "docs.google.com" or found is None:
            raise ValueError
        value = found[1]
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError
    return value


def address(remote: Remote, base: str | None, spreadsheet: str | None) -> str:
    """The address of the base or of the spreadsheet in a browser; empty when the town has no table."""
    if remote is Remote.AIRTABLE and base:
        return f"https://airtable.com/{base}"
    if remote is Remote.SHEETS and spreadsheet:
        return f"https://docs.google.com/spreadsheets/d/{spreadsheet}/edit"
    return ""


def problems(given: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """What the chosen remote lacks, in French. What is given for another is left for the day it is chosen."""
    needed: Mapping[str, str] = next((NEEDED[each] for each in NEEDED if each == given.get("remote")), {})
    for name, what in needed.items():
        if not given.get(name):
            yield f"{prefix}{name.upper()} : il faut {what}."
    if "sheets_credentials" in needed and given.get("sheets_credentials"):
        path = Path(str(given["sheets_credentials"]))
        if wrong := _wrong_account(path):
            yield f"{prefix}SHEETS_CREDENTIALS : {path} {wrong}."


def _wrong_account(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as failure:
        return f"ne se lit pas ({why_unreadable(failure)})"
    except ValueError:
        return "n'est pas du JSON"
    if not isinstance(held, dict) or held.get("type") != "service_account":
        return "n'est pas le fichier d'un compte de service"
    missing = [name for name in OF_AN_ACCOUNT if not isinstance(held.get(name), str) or not held[name]]
    if missing:
        return f"n'est pas entier : il y manque {', '.join(missing)}"
    try:
        endpoint(held["token_uri"])
    except ValueError:
        return f"donne une adresse « token_uri » qui ne convient pas ; il faut {AN_ENDPOINT}"
    return ""
