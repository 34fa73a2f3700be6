"""What any employee may note in the field (P §4.3, R-6): what is missing is said, nothing is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from policy.classification import LABELS, LONGEST, is_email, normalise_phone, shown, tidy
from policy.reasons import Ground, Refused
from policy.wording import day_words
from policy.words import Nature

ARTICLE = "P §4.3"
# What can be noted; who classifies is the desk (P §4.1).
NATURES = (Nature.REQUEST, Nature.INFORMATION, Nature.COMMENT, Nature.CLAIM)

# P §4.4, P §4.6: what is said instead, and nothing of it is kept.
ELSEWHERE: Mapping[Nature, Ground] = {
    Nature.COMPLAINT: Ground(
        "Plainte ? Dirigez la personne vers le service aux citoyens. Rien n'en est gardé ici.",
        "P §4.3, P §4.4",
        "nature",
    ),
    Nature.ACCESS: Ground(
        "Demande d'accès à un document ? Dirigez la personne vers le service aux citoyens : elle se fait par "
        "écrit. Rien n'en est gardé ici.",
        "P §4.3, P §4.6",
        "nature",
    ),
}
MOST_PHOTOS = 10


@dataclass(frozen=True)
class Noted:
    """What an employee noted; ``home_…`` is the citizen's address, ``civic`` and ``street`` the place.

    ``received_on`` is the day the citizen spoke, in town; ``department`` an id.
    """

    nature: Nature | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    home_civic: str = ""
    home_street: str = ""
    home_city: str = ""
    home_postal_code: str = ""
    received_on: date | None = None
    department: str = ""
    civic: str = ""
    street: str = ""
    place_note: str = ""
    facts: str = ""


TEXTS = tuple(name for name in LONGEST if name in Noted.__dataclass_fields__)


def missing(noted: Noted, today: date) -> tuple[Ground, ...]:
    """P §4.3: the items that are missing, or that the desk should check, in the order of the article.

    It is a list to show and nothing more: what is missing keeps nobody from sending a report.
    """
    return tuple(_missing(noted, today))


def check_report(noted: Noted, photos: int) -> tuple[Ground, ...]:
    """P §4.3, P §4.4: what cannot be sent: what is not for here, nothing at all, a text too long to keep."""
    if noted.nature is not None and noted.nature in ELSEWHERE:
        return (ELSEWHERE[noted.nature],)
    if not photos and not any(tidy(getattr(noted, name)) for name in TEXTS):
        return (Ground("Rien n'est encore noté : écrivez ce que vous savez, ou joignez une photo.", ARTICLE,
                       "facts"),)  # fmt: skip
    return tuple(
        Ground(
            f"{LABELS[name]} compte {len(getattr(noted, name))} caractères; le maximum est {LONGEST[name]}. "
            "Rien n'est perdu : raccourcissez le texte.",
            ARTICLE,
            name,
        )
        for name in TEXTS
        if len(getattr(noted, name)) > LONGEST[name]
    )


def _missing(noted: Noted, today: date) -> Iterator[Ground]:
    if not tidy(noted.name):
        yield Ground("Le nom de la personne.", ARTICLE, "name")
    if not (tidy(noted.home_civic) and tidy(noted.home_street)):
        yield Ground("Son adresse complète.", ARTICLE, "home_street")
    yield from _phone(noted.phone)
    if tidy(noted.email) and not is_email(tidy(noted.email)):
        yield Ground(f"« {shown(noted.email)} » n'est pas une adresse courriel.", ARTICLE, "email")
    if noted.received_on is None:
        yield Ground("La date de réception.", ARTICLE, "received_on")
    elif noted.received_on > today:
        words = f"La date de réception ({day_words(noted.received_on)}) est dans le futur."
        yield Ground(words, ARTICLE, "received_on")
    if noted.nature is None:
        yield Ground("La nature de la demande.", ARTICLE, "nature")
    if not noted.department:
        yield Ground("Le service concerné.", ARTICLE, "department")
    if not tidy(noted.facts):
        yield Ground("L'exposé des faits.", ARTICLE, "facts")
    if not any(map(tidy, (noted.street, noted.place_note))):
        yield Ground("Le lieu, pour pouvoir intervenir.", ARTICLE, "street")


def _phone(phone: str) -> Iterator[Ground]:
    if not tidy(phone):
        yield Ground("Son numéro de téléphone.", ARTICLE, "phone")
        return
    try:
        normalise_phone(phone)
    except Refused as no:
        yield Ground(no.grounds[0].message, ARTICLE, "phone")
