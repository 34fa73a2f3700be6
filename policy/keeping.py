"""R-81: how long each kind of file is kept after it is closed, who agrees that it is made anonymous."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from policy.reasons import Ground, refuse_all
from policy.roles import Viewer
from policy.words import Nature, Role

ARTICLE = "R-81"
SHORTEST, LONGEST = 1, 1_200  # months


class KeptKind(StrEnum):
    """What the calendar of the town tells apart; the value is what a screen says."""

    REQUEST = "Requêtes"
    INFORMATION = "Information et commentaires"
    CLAIM = "Réclamations"
    ACCESS = "Demandes d'accès"
    COMPLAINT = "Plaintes"
    SERVICE_REFUSAL = "Refus de service"
    INCIDENT = "Incidents de confidentialité"
    MAILS = "Listes et avis envoyés"
    WATCH = "Veille des réseaux sociaux"  # what became a demand is kept as its file is
    REPORT = "Signalements non retenus"  # R-6; what became a file is kept as it is
    FORM = "Saisies jamais enregistrées"  # a call cut, a report never sent


OF_FILES: Mapping[KeptKind, frozenset[Nature]] = {
    KeptKind.REQUEST: frozenset({Nature.REQUEST}),
    KeptKind.INFORMATION: frozenset({Nature.INFORMATION, Nature.COMMENT}),
    KeptKind.CLAIM: frozenset({Nature.CLAIM}),
}

# retention is the clerk's. What only the director may read, only the director can judge; a
# complaint is agreed to by who investigates it, since nobody else may know of it.
AGREES: Mapping[KeptKind, frozenset[Role]] = {
    **dict.fromkeys(
        (KeptKind.REQUEST, KeptKind.INFORMATION, KeptKind.CLAIM, KeptKind.ACCESS, KeptKind.INCIDENT,
         KeptKind.MAILS, KeptKind.WATCH, KeptKind.REPORT, KeptKind.FORM),
        frozenset({Role.CLERK}),
    ),
    KeptKind.SERVICE_REFUSAL: frozenset({Role.DIRECTOR}),
    KeptKind.COMPLAINT: frozenset(),
}  # fmt: skip


def may_agree(viewer: Viewer, kind: KeptKind, investigates: bool = False) -> bool:
    """R-62, R-33: whether this visit may see what is due of that kind, and agree to it.

    ``investigates``: whether it handles the complaint in question.
    """
    if viewer.system:
        return False
    return investigates if kind is KeptKind.COMPLAINT else not viewer.roles.isdisjoint(AGREES[kind])


def kind_of(nature: Nature) -> KeptKind | None:
    """The kind of an ordinary file; ``None`` for one that is nobody's to see (R-33)."""
    return next((kind for kind, natures in OF_FILES.items() if nature in natures), None)


@dataclass(frozen=True)
class Term:
    """How long one kind is kept: ``months`` after closing (none: for ever), by which schedule number."""

    kind: KeptKind
    months: int | None
    schedule: str
    article: str
    valid_from: date

    @property
    def words(self) -> str:
        """« 24 mois après la fermeture (règle 05-110, choisi par la ville) »."""
        number = f"règle {self.schedule}, " if self.schedule else ""
        if self.months is None:
            return f"conservé sans limite ({number}{self.article})"
        since = "la dernière saisie" if self.kind is KeptKind.FORM else "la fermeture"
        return f"{length_words(self.months)} après {since} ({number}{self.article})"

    def closed_before(self, today: date) -> date | None:
        """A record closed on that day or before is due today; ``None`` when none ever is."""
        return None if self.months is None else months_before(today, self.months)


def terms_on(rows: Iterable[Mapping[str, Any]], day: date) -> Mapping[KeptKind, Term]:
    """R-71, R-81: the terms in force on ``day``; a kind without any, or whose first is to come, has none."""
    found: dict[KeptKind, Term] = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if row["valid_from"] <= day:
            kind = KeptKind(row["kind"])
            found[kind] = Term(kind, row["months"], row["schedule"] or "", row["article"], row["valid_from"])
    return found


def check_term(months: int | None, schedule: str, starts_on: date | None, today: date) -> None:
    """R-71, R-81: raise ``Refused`` with every ground against that term."""
    grounds = []
    if months is not None and not SHORTEST <= months <= LONGEST:
        grounds.append(Ground(f"La durée va de {SHORTEST} à {LONGEST} mois.", ARTICLE, "months"))
    if not schedule.strip():
        grounds.append(
            Ground("Inscrivez le numéro de la règle au calendrier de conservation.", ARTICLE, "schedule")
        )
    if starts_on is None or starts_on < today:
        grounds.append(Ground("Une durée vaut d'aujourd'hui ou d'un jour à venir.", "R-71", "valid_from"))
    refuse_all(grounds)


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of its month when there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    year = max(year, 1)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def length_words(months: int) -> str:
    """« 5 ans », « 18 mois »."""
    if months % 12:
        return f"{months} mois"
    years = months // 12
    return f"{years} an{'s' if years > 1 else ''}"
