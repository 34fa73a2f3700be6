"""What a demand is and what it must say to be entered: classification, intake checks, telephone numbers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from policy.reasons import Ground, Refused, refused
from policy.words import Channel, Nature

# P §4.1: what needs a department and a follow-up; the RNC holds these.
FOLLOWED = frozenset({Nature.REQUEST, Nature.CLAIM})
# P §4.1: what is settled at the first contact, without follow-up or intervention.
SETTLED_AT_ONCE = frozenset({Nature.INFORMATION, Nature.COMMENT})

EARLIEST = 2000  # an earlier year of reception is a slip of the pen, and its number would bear it for ever

# Characters a person may type in each field; the tables hold as many.
LONGEST: Mapping[str, int] = {
    "facts": 20_000,
    "place_note": 2_000,
    "answer": 20_000,
    "name": 200,
    "phone": 40,
    "email": 254,
    "civic": 20,
    "street": 200,
    "sector": 100,
    "home_civic": 20,
    "home_street": 200,
    "home_city": 200,
    "home_postal_code": 10,
}

LABELS: Mapping[str, str] = {
    "facts": "L'exposé des faits",
    "place_note": "La précision du lieu",
    "answer": "La réponse donnée",
    "name": "Le nom",
    "phone": "Le téléphone",
    "email": "Le courriel",
    "civic": "Le numéro civique du lieu",
    "street": "La rue ou le lieu",
    "sector": "Le secteur",
    "home_civic": "Le numéro civique du citoyen",
    "home_street": "La rue du citoyen",
    "home_city": "La municipalité",
    "home_postal_code": "Le code postal",
}


@dataclass(frozen=True)
class Stated:
    """A demand as it was stated and typed; ``home_…`` is the citizen's address, the others the place's.

    ``received_at`` is an aware moment; ``forwarded_by`` the member of council (R-2); ``answer`` what was said
    on the spot when ``first_contact`` (R-4).
    """

    nature: Nature | None = None
    channel: Channel | None = None
    received_at: datetime | None = None
    facts: str = ""
    street: str = ""
    civic: str = ""
    sector: str = ""
    place_note: str = ""
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    home_civic: str = ""
    home_street: str = ""
    home_city: str = ""
    home_postal_code: str = ""
    forwarded_by: str | None = None
    first_contact: bool = False
    answer: str = ""


def check_demand(demand: Stated, now: datetime) -> tuple[Ground, ...]:
    """P §1, P §4, P §4.3, SJ (R-1 to R-4): all that keeps a demand from being entered; or nothing."""
    if demand.nature in _LATER:
        return check(demand.nature)
    return (
        *check(demand.nature, demand.first_contact),
        *_channel(demand),
        *_reception(demand, now),
        *_facts(demand),
        *_citizen(demand),
        *_lengths(demand),
    )


def check(nature: Nature | None, first_contact: bool = False) -> tuple[Ground, ...]:
    """P §4.1 (R-3): whether the desk may give a demand this classification, settled on the spot or not."""
    if nature is None:
        return (Ground("Choisissez la nature de la demande.", "P §4.1", "nature"),)
    if nature in _LATER:
        return (_LATER[nature],)
    if nature in SETTLED_AT_ONCE and not first_contact:
        return (
            Ground(
                f"« {nature} » se règle au premier contact : inscrivez la réponse donnée. S'il faut un suivi "
                "ou une intervention, classez la demande comme requête.",
                "P §4.1",
                "first_contact",
            ),
        )
    if nature is Nature.CLAIM and first_contact:
        return (
            Ground(
                "Une réclamation demande un suivi : elle ne se règle pas au premier contact.",
                "P §4.1",
                "first_contact",
            ),
        )
    return ()


def check_brought_in(demand: Stated, closed_at: datetime | None, now: datetime) -> tuple[Ground, ...]:
    """P §4.1, P §4.3, P §4.4, R-1: what keeps a demand of an older register from being brought in.

    It was received long ago, by other people: nobody can be asked again for what was not noted then. What it
    says must be possible all the same, and of a nature that is kept with the demands. ``closed_at``: when it
    was closed, aware; None while it is open.
    """
    if demand.nature is not None and demand.nature in BROUGHT_IN:
        return (BROUGHT_IN[demand.nature],)
    return (
        *check(demand.nature, demand.first_contact),
        *_reception(demand, now),
        *check_particulars(demand),
        *_lengths(demand),
        *_closing(demand, closed_at, now),
    )


def _closing(demand: Stated, closed_at: datetime | None, now: datetime) -> Iterable[Ground]:
    if closed_at is None or closed_at == demand.received_at:
        return
    if closed_at > now:
        yield Ground("La date de fermeture est dans le futur.", "annexe A, point 2", "closed_at")
    elif demand.received_at is not None and closed_at < demand.received_at:
        yield Ground("Elle serait fermée avant d'être reçue.", "annexe A, point 2", "closed_at")


def check_duplicate(file: Mapping[str, Any], original: Mapping[str, Any]) -> tuple[Ground, ...]:
    """R-18: what keeps ``file`` from being linked as a duplicate of ``original`` (both rows of ``files``)."""
    if file["id"] == original["id"]:
        return (Ground("Un dossier n'est pas le doublon de lui-même.", "R-18", "duplicate_of"),)
    if original["duplicate_of"]:
        return (
            Ground(
                f"Le dossier {original['number']} est déjà un doublon : liez celui-ci au dossier d'origine.",
                "R-18",
                "duplicate_of",
            ),
        )
    if Nature(original["nature"]) not in FOLLOWED:
        return (
            Ground(
                f"Le dossier {original['number']} n'appelle aucun suivi : il ne peut pas avoir de doublon.",
                "R-18",
                "duplicate_of",
            ),
        )
    return ()


def tidy(text: str) -> str:
    """What was typed, without blanks around it nor the control characters a paste brings; emoji stay."""
    kept = (sign for sign in unicodedata.normalize("NFC", text) if sign in "\n\t" or not _is_control(sign))
    return "".join(kept).strip()


def normalise_phone(text: str) -> str:
    """The digits of a telephone number, whatever its punctuation: ten, or those after + from abroad.

    An extension (« poste 22 », « x22 ») is left out. Raises ``Refused`` when it is not a telephone number.
    """
    bare = _EXTENSION.sub("", text.strip())
    digits = re.sub(r"[\s().\-\u2010-\u2015\u2212/·+]", "", bare)
    if not digits.isdecimal() or not digits.isascii():
        raise refused(
            f"« {shown(text)} » n'est pas un numéro de téléphone : inscrivez dix chiffres, "
            "par exemple 450 224-8888.",
            "P §4.3",
            "phone",
        )
    if bare.startswith("+") and not digits.startswith("1"):
        if 8 <= len(digits) <= 15:
            return digits
        raise refused("Un numéro de l'étranger compte de 8 à 15 chiffres après le +.", "P §4.3", "phone")
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) == 7:
        raise refused("Il manque l'indicatif régional : par exemple 450 224-8888.", "P §4.3", "phone")
    if len(digits) != 10:
        raise refused(
            f"Ce numéro compte {len(digits)} chiffres : inscrivez-en un seul, de dix chiffres, par exemple "
            "450 224-8888.",
            "P §4.3",
            "phone",
        )
    if digits[0] in "01" or digits[3] in "01":
        raise refused(
            f"« {shown(text)} » n'est pas un numéro d'ici : vérifiez l'indicatif et les chiffres.",
            "P §4.3",
            "phone",
        )
    return digits


def format_phone(digits: str) -> str:
    """A telephone number as people here write it: « 450 224-8888 »; one from abroad after its +."""
    if len(digits) == 10:
        return f"{digits[:3]} {digits[3:6]}-{digits[6:]}"
    return f"+{digits}" if digits else ""


def is_email(text: str) -> bool:
    """Whether the text has the shape of one address that a letter can be sent to."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def shown(text: str, longest: int = 40) -> str:
    """What was typed, short enough to be quoted in a refusal."""
    text = text.strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


_EXTENSION = re.compile(r"[\s,;]*(?:poste|p\.|ext\.?|x|#)\s*\d{1,6}\s*$", re.IGNORECASE)
_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]+@(?:[^\W_](?:[^\W_]|-)*\.)+[^\W\d_]{2,}",
)

_LATER: Mapping[Nature, Ground] = {
    Nature.COMPLAINT: Ground(
        "Une plainte ne s'inscrit pas avec les demandes : déposez-la par « Déposer une plainte », où elle "
        "n'est vue que de la personne chargée de l'enquête. N'inscrivez rien de la plainte ici.",
        "P §4.4",
        "nature",
    ),
    Nature.ACCESS: Ground(
        "Une demande d'accès aux documents ne s'inscrit pas avec les autres : inscrivez-la par « Accès aux "
        "documents », avec sa date d'arrivée. Le délai de la Loi court déjà.",
        "P §4.6",
        "nature",
    ),
}


# The same of a file's row: where it says so, nothing was typed yet.
BROUGHT_IN: Mapping[Nature, Ground] = {
    Nature.COMPLAINT: Ground(
        "Une plainte ne s'importe pas : elle se dépose par « Déposer une plainte ».", "P §4.4", "nature"
    ),
    Nature.ACCESS: Ground(
        "Une demande d'accès ne s'importe pas : elle s'inscrit par « Accès aux documents ».",
        "P §4.6",
        "nature",
    ),
}


def _channel(demand: Stated) -> Iterable[Ground]:
    if demand.channel is None:
        yield Ground(
            "Indiquez par où la demande est arrivée.", "SJ, « Une communication efficace »", "channel"
        )
    elif demand.channel is Channel.COUNCIL and not demand.forwarded_by:
        yield Ground("Nommez le membre du conseil qui transmet la demande.", "R-2", "forwarded_by")


def _reception(demand: Stated, now: datetime) -> Iterable[Ground]:
    if demand.received_at is None:
        yield Ground("Inscrivez la date et l'heure de réception.", "P §4.3", "received_at")
    elif demand.received_at > now:
        yield Ground("La date de réception est dans le futur.", "P §4.3", "received_at")
    elif demand.received_at.year < EARLIEST:
        yield Ground(
            f"Reçue en {demand.received_at.year} ? Vérifiez l'année de réception.", "P §4.3", "received_at"
        )


def _facts(demand: Stated) -> Iterable[Ground]:
    if not tidy(demand.facts):
        yield Ground("Écrivez l'exposé des faits.", "P §4.3", "facts")
    if demand.first_contact and not tidy(demand.answer):
        yield Ground(
            "Réglée au premier contact : écrivez la réponse donnée, elle devient la note.",
            "annexe A, point 4",
            "answer",
        )


def _citizen(demand: Stated) -> Iterable[Ground]:
    """P §4.3: the citizen's particulars. An answer given on the spot needs none of them (R-4)."""
    yield from _anonymity(demand)
    if not demand.anonymous and not demand.first_contact:
        if not tidy(demand.name):
            yield Ground("Inscrivez le nom, ou cochez « Anonyme ».", "P §4.3", "name")
        if not any(map(tidy, (demand.phone, demand.email, demand.home_street))):
            yield Ground(
                "Pour pouvoir répondre, inscrivez un téléphone, un courriel ou l'adresse; "
                "ou cochez « Anonyme ».",
                "P §4.3",
                "phone",
            )
    yield from check_particulars(demand)


def check_particulars(demand: Stated) -> Iterable[Ground]:
    """P §4.3: a telephone number and an e-mail, when given, that one can be reached at."""
    if demand.phone.strip():
        try:
            normalise_phone(demand.phone)
        except Refused as no:
            yield from no.grounds
    if tidy(demand.email) and not is_email(tidy(demand.email)):
        yield Ground(
            f"« {shown(demand.email)} » n'est pas une adresse courriel (par exemple nom@exemple.ca).",
            "P §4.3",
            "email",
        )


def check_coordinates(person: Stated) -> tuple[Ground, ...]:
    """P §4.3: what keeps the coordinates of somebody known from being corrected so, as at intake.

    Of who was answered on the spot, or brought in from an older register (``first_contact``), nothing was
    asked: nothing is asked again.
    """
    return (*_reach(person), *check_particulars(person), *_lengths(person))


def _reach(person: Stated) -> Iterable[Ground]:
    if person.first_contact:
        return
    if not tidy(person.name):
        yield Ground("Une personne a un nom.", "P §4.3", "name")
    if not any(map(tidy, (person.phone, person.email, person.home_street))):
        yield Ground(
            "Gardez de quoi joindre la personne : un téléphone, un courriel ou l'adresse.", "P §4.3", "phone"
        )


def _anonymity(demand: Stated) -> Iterable[Ground]:
    if not demand.anonymous:
        return
    if any(map(tidy, (demand.name, demand.phone, demand.email, demand.home_street))):
        yield Ground(
            "« Anonyme » est coché mais des coordonnées sont inscrites : effacez-les ou décochez.",
            "P §4.3",
            "anonymous",
        )
    if demand.nature is Nature.CLAIM:
        yield Ground(
            "Une réclamation demande un remboursement ou une assurance : elle ne peut pas être anonyme.",
            "P §4.1",
            "anonymous",
        )
    elif not demand.first_contact and not any(map(tidy, (demand.street, demand.sector, demand.place_note))):
        yield Ground(
            "Personne à rappeler : inscrivez au moins le lieu, sans quoi on ne peut pas intervenir.",
            "P §4.3",
            "street",
        )


def _lengths(demand: Stated) -> Iterable[Ground]:
    for name, longest in LONGEST.items():
        length = len(getattr(demand, name))
        if length > longest:
            yield Ground(
                f"{LABELS[name]} compte {length} caractères; le maximum est {longest}. "
                "Rien n'est perdu : raccourcissez le texte.",
                "P §4.3",
                name,
            )


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs")
