"""R-82: the register of confidentiality incidents (LAI 63.8 to LAI 63.11): what it must say, what is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.reasons import Ground
from policy.wording import day_words

YEARS_KEPT = 5  # Règlement sur les incidents de confidentialité, art. 8, from the day the town learned of it
MOST_PEOPLE = 50_000_000
_REGULATION = "Règlement sur les incidents de confidentialité"

# Règlement, art. 7, and LAI 63.10: what each entry of the register holds; field, what is asked, article.
CONTENTS: tuple[tuple[str, str, str], ...] = (
    ("information", "Décrivez les renseignements personnels visés.", f"{_REGULATION}, art. 7"),
    ("what", "Décrivez les circonstances de l'incident.", f"{_REGULATION}, art. 7"),
    ("occurred", "Dites quand l'incident est survenu, ou à peu près.", f"{_REGULATION}, art. 7"),
    ("people", "Dites combien de personnes sont concernées, ou à peu près.", f"{_REGULATION}, art. 7"),
    ("sensitivity", "Évaluez la sensibilité des renseignements.", "LAI 63.10"),
    ("consequences", "Évaluez les conséquences appréhendées de leur utilisation.", "LAI 63.10"),
    ("likelihood", "Évaluez la probabilité qu'ils servent à des fins préjudiciables.", "LAI 63.10"),
    ("serious", "Concluez : y a-t-il un risque de préjudice sérieux ?", "LAI 63.10"),
    ("measures", "Dites les mesures prises pour diminuer les risques.", "LAI 63.8"),
)


@dataclass(frozen=True)
class Due:
    """Something the law asks for « avec diligence »: no number of days, so nothing here is ever late."""

    what: str
    short: str  # for a list
    article: str
    field: str


def missing(incident: Mapping[str, Any]) -> tuple[Ground, ...]:
    """LAI 63.10, LAI 63.11: what the register does not say yet of an incident, each with its field."""
    return tuple(
        Ground(words, article, field) for field, words, article in CONTENTS if _empty(incident.get(field))
    )


def due(incident: Mapping[str, Any]) -> tuple[Due, ...]:
    """LAI 63.8: who must still be told, promptly, of an incident with a risk of serious injury.

    The Commission d'accès à l'information, and each person concerned, unless telling could hinder an
    investigation (then the reason is kept). Nobody without such a risk.
    """
    return tuple(_due(incident))


def _due(incident: Mapping[str, Any]) -> Iterator[Due]:
    if not incident.get("serious"):
        return
    if incident.get("commission_on") is None:
        yield Due(
            "Aviser avec diligence la Commission d'accès à l'information.",
            "Commission à aviser",
            "LAI 63.8",
            "commission_on",
        )
    if incident.get("persons_on") is None and _empty(incident.get("no_notice")):
        yield Due(
            "Aviser les personnes concernées, ou dire pourquoi cela nuirait à une enquête.",
            "Personnes à aviser",
            "LAI 63.8",
            "persons_on",
        )


def check_incident(incident: Mapping[str, Any], today: date) -> tuple[Ground, ...]:
    """LAI 63.11: all that cannot be so in an entry; what is not known yet is no fault."""
    return tuple(_wrong(incident, today))


def _wrong(incident: Mapping[str, Any], today: date) -> Iterator[Ground]:
    found_on = incident.get("found_on")
    if found_on is None:
        yield Ground("Inscrivez le jour où l'incident a été constaté.", "LAI 63.11", "found_on")
    names = {
        "found_on": "Le constat",
        "commission_on": "L'avis à la Commission",
        "persons_on": "L'avis aux personnes",
    }
    for field, name in names.items():
        day = incident.get(field)
        if day is not None and day > today:
            yield Ground(f"{name} : le {day_words(day)} n'est pas encore venu.", "LAI 63.11", field)
        elif day is not None and found_on is not None and day < found_on:
            yield Ground(f"{name} précède le constat du {day_words(found_on)}.", "LAI 63.11", field)
    people = incident.get("people")
    if people is not None and not 0 <= people <= MOST_PEOPLE:
        yield Ground("Ce nombre de personnes ne se peut pas.", "LAI 63.11", "people")
    for field, words in (("what", CONTENTS[1][1]), ("information", CONTENTS[0][1])):
        if _empty(incident.get(field)):
            yield Ground(words, f"{_REGULATION}, art. 7", field)


def check_closing(incident: Mapping[str, Any]) -> tuple[Ground, ...]:
    """LAI 63.8, LAI 63.11: what keeps an entry from being closed: what it does not say, who was not told."""
    return (
        *missing(incident),
        *(Ground(each.what, each.article, each.field) for each in due(incident)),
    )


def kept_until(found_on: date) -> date:
    """Règlement, art. 8: the first day an entry may leave the register, five years after it was found."""
    year = found_on.year + YEARS_KEPT
    leap = (found_on.month, found_on.day) == (2, 29)
    return date(year, 3, 1) if leap else found_on.replace(year=year)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
