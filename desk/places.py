"""The place of a file as others may read it (R-21): the street or the sector, never the civic number."""

import re
from functools import lru_cache

NO_PLACE = "Lieu non précisé"

# Numbers that are part of a name: « 15e Rue », « route 117 », « A-15 », « rue du 8-Mai »; others are civic.
_NUMBERS = re.compile(
    r"\b(?:\d+(?:er|re|ère|ere|e|ième|ieme)\b|(?:route|rte|autoroute|rang)\s+\d{1,3}\b|A-?\d{1,3}\b"
    r"|\d{1,2}-(?!bis\b|ter\b)[^\W\d_]{2,})"
    r"|(?P<civic>(?:\bn[o°]\.?\s*|#\s*)?(?<!\w)\d+(?:\s?[A-Za-z]\b)?(?:\s?[-–/]\s?[A-Za-z0-9]+\b)*)",
    re.IGNORECASE,
)
_HIDDEN = "…"
_SEVERAL_HIDDEN = re.compile(rf"{_HIDDEN}(?:\s*(?:à|et|ou|[-–/,])?\s*{_HIDDEN})+")
_LODGING = re.compile(
    r"[\s,]*\b(?:app(?:artement)?|apt|bureau|unité|suite|local|porte)\b\.?\s*#?\s*\w*\d\w*\b", re.IGNORECASE
)
_TELLS = re.compile(r"@|https?:|(?:\d[\s().-]*){7,}|\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b", re.IGNORECASE)


def place(street: str | None, sector: str | None) -> str:
    """R-21: the street or the sector, without civic number even where one was typed into the street."""
    street = _without_civic(street or "")
    sector = _without_civic(sector or "")
    return ", ".join(part for part in (street, sector) if part) or NO_PLACE


@lru_cache(maxsize=2_000)  # the streets of a town are few, and a list names each of them often
def _without_civic(text: str) -> str:
    text = " ".join(text.split())
    if _TELLS.search(text):  # an address, a telephone, a postal code: not the name of a place
        return ""
    text = _NUMBERS.sub(lambda found: _HIDDEN if found["civic"] else found[0], _LODGING.sub("", text))
    return _SEVERAL_HIDDEN.sub(_HIDDEN, text).strip(f" ,;-–{_HIDDEN}")
