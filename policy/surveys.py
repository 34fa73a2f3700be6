"""P §4.1, Niveau 2 (R-19): satisfaction surveys: who is invited to the town's form, what an answer is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from policy.classification import tidy
from policy.reasons import Ground, Refused, refused
from policy.words import Nature, State

ARTICLE = "P §4.1"
PLACE = "{numero}"  # where the file's number goes in the address of the form
ASKED = "numero"  # the parameter that says it otherwise
LOWEST, HIGHEST = 1, 5
LONGEST = 4_000  # characters of the words; the table holds as many

# Who asked for something is invited; never who complains, claims or asks for access.
INVITED = frozenset({Nature.REQUEST})
# The same sentence for a number that is nobody's and for one that is private.
UNKNOWN = "Ce numéro n'est pas celui d'une requête fermée."

_SCORE = re.compile(r"([1-5])(?:[.,]0+)?(?:\s*(?:/|sur)\s*5)?(?:\s*[-–—:(].*)?", re.DOTALL)
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T\s].*)?", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """One answer to the survey, read: the day it came, a satisfaction from 1 to 5, the words."""

    received_on: date
    satisfaction: int
    words: str


def form_address(value: str) -> str:
    """The address of the town's survey form, over https, with at most one ``{numero}``; empty for « non ».

    Raises ``Refused`` in French for anything a citizen's browser could not safely open.
    """
    if value.lower() in ("", "non"):
        return ""
    try:
        parts = urlsplit(value)
        host, user, _ = parts.hostname or "", parts.username, parts.port
    except ValueError:
        raise refused(_wrong(value)) from None
    if parts.scheme != "https":
        raise refused(f"« {value[:60]} » : l'adresse du sondage commence par https://.")
    if "." not in host.strip(".") or user is not None or re.search(r"[\s\"<>\\^`|\x00-\x1f\x7f]", value):
        raise refused(_wrong(value))
    rest = value.replace(PLACE, "", 1)
    if set("{}") & set(rest) or PLACE in parts.netloc:
        raise refused(f"« {value[:60]} » : le numéro du dossier se place une seule fois, où est {PLACE}, "
                      "après le nom du site.")  # fmt: skip
    return value


def invitation(form: str, number: str, nature: Nature, anonymous: bool) -> str:
    """P §4.1 (R-19): the address of the survey for that closed file, its number filled in; empty for none.

    ``form`` as ``form_address`` gives it. A request is invited, never a complaint, a claim, a request for
    access nor an anonymous demand.
    """
    if not form or nature not in INVITED or anonymous:
        return ""
    said = quote(number, safe="")
    if PLACE in form:
        return form.replace(PLACE, said)
    parts = urlsplit(form)
    query = f"{parts.query}&{ASKED}={said}" if parts.query else f"{ASKED}={said}"
    return urlunsplit(parts._replace(query=query))


def check_file(file: Mapping[str, Any] | None, opens: bool) -> tuple[Ground, ...]:
    """R-19, R-33: what keeps an answer from being entered for that file (a row of ``files``, or none).

    ``opens``: whether who enters it may open the file, and so be told where it stands.
    """
    if file is not None and Nature(file["nature"]) in INVITED:
        if file["state"] is State.DONE:
            return ()
        if opens:
            return (Ground(f"Le dossier {file['number']} n'est pas fermé.", ARTICLE, "number"),)
    return (Ground(UNKNOWN, ARTICLE, "number"),)


def check_day(answer: Answer, demanded_on: date) -> tuple[Ground, ...]:
    """R-19: an answer about a demand does not come before it."""
    if answer.received_on < demanded_on:
        return (Ground("Cette réponse viendrait avant la demande.", ARTICLE, "received_on"),)
    return ()


def read(received_on: str, satisfaction: str, words: str, today: date) -> Answer:
    """An answer from its texts, as a form's own export gives them. Raises ``Refused`` with every ground."""
    found = []
    on = _day(received_on)
    if on is None:
        found.append(Ground(f"« {received_on[:40]} » n'est pas une date : écrivez-la comme 2026-11-23.",
                            ARTICLE, "received_on"))  # fmt: skip
    elif on > today:
        found.append(Ground("La date de réception est dans le futur.", ARTICLE, "received_on"))
    score = _SCORE.fullmatch(satisfaction.strip())
    if score is None:
        told = f"« {satisfaction[:40]} » : la satisfaction est un nombre de {LOWEST} à {HIGHEST}."
        found.append(Ground(told, ARTICLE, "satisfaction"))
    if len(words) > LONGEST:
        found.append(Ground(f"Le commentaire compte {len(words)} caractères; le maximum est {LONGEST}.",
                            ARTICLE, "words"))  # fmt: skip
    if found or on is None or score is None:
        raise Refused(tuple(found))
    return Answer(on, int(score[1]), tidy(words))


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _wrong(value: str) -> str:
    return (
        f"« {value[:60]} » n'est pas une adresse Web (par exemple https://sondage.ville.qc.ca/?no={PLACE})."
    )
