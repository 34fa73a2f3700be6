"""The measures in French, and on paper: one table for the screen, the .xlsx and the PDF (R-64)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk import french, printing
from desk.measures import MINE, Asked, Board, Line, board
from desk.visits import Visit
from policy.measures import Count, Measures, Share
from sync.workbook import Sheet, workbook

NOTHING = "sans objet"
WATCHED = ("Période", "Notées à la veille", "Devenues des demandes")
PRINTED = "mesures"


@dataclass(frozen=True)
class Measure:
    """One measure: its name, its value in words, its figure; ``opens`` says which files are behind it.

    The figure is a number of files, of working days, or a part from 0 to 1; None is « sans objet ». Behind a
    delay are the files whose work was done, behind a share those that are not in it, behind answers none.
    """

    label: str
    words: Callable[[Measures], str]
    figure: Callable[[Measures], float | None]
    opens: Count | None = None

    def behind(self, found: Measures) -> int:
        """How many files are behind it."""
        return found.counts[self.opens] if self.opens else 0

    def told(self, found: Measures) -> tuple[str, int]:
        """Its value in words, and how many files are behind it."""
        return self.words(found), self.behind(found)


def share_words(share: Share) -> str:
    """« 82 % (41 sur 50) », or « sans objet »."""
    if share.value is None:
        return NOTHING
    return f"{percent(share.value)} ({french.number(share.part)} sur {french.number(share.whole)})"


def percent(part: float) -> str:
    """« 82 % »; all is said of all only, and none of none."""
    whole = round(part * 100)
    if part < 1:
        whole = min(whole, 99)
    if part > 0:
        whole = max(whole, 1)
    return f"{whole}\u00a0%"


def days_words(days: float | None) -> str:
    """« 3,5 jours ouvrés », or « sans objet »."""
    if days is None:
        return NOTHING
    figure = f"{days:.1f}".removesuffix(".0").replace(".", ",")
    return f"{figure}\u00a0jour{'s' if days >= 2 else ''} ouvré{'s' if days >= 2 else ''}"


def score_words(found: Measures) -> str:
    """« 4,2 sur 5 (12 réponses) », or « sans objet »."""
    if found.satisfaction is None:
        return NOTHING
    mean = f"{found.satisfaction:.1f}".replace(".", ",")
    return f"{mean} sur 5 ({french.number(found.answers)} réponse{'s' if found.answers > 1 else ''})"


def _counted(label: str, count: Count) -> Measure:
    return Measure(
        label, lambda found: french.number(found.counts[count]), lambda found: found.counts[count], count
    )


def _part(label: str, share: Callable[[Measures], Share], opens: Count) -> Measure:
    return Measure(label, lambda found: share_words(share(found)), lambda found: share(found).value, opens)


RECEIVED = _counted("Reçues", Count.RECEIVED)
COMPLETED = _counted("Complétées", Count.COMPLETED)
CLOSED = _counted("Clôturées", Count.CLOSED)
OPEN = _counted("Ouvertes à la fin", Count.OPEN)
MEDIAN = Measure(
    "Délai médian", lambda found: days_words(found.median), lambda found: found.median, Count.COMPLETED
)
NINETIETH = Measure(
    "Délai de 9 sur 10",
    lambda found: days_words(found.ninetieth),
    lambda found: found.ninetieth,
    Count.COMPLETED,
)
WITHIN = _part("Dans la cible", lambda found: found.within_target, Count.LATE)
FIRST = _part("Réglées au premier contact", lambda found: found.at_first_contact, Count.FIRST_CONTACT)
TOLD = _part("Accusés de réception à temps", lambda found: found.acknowledged, Count.UNTOLD)
ANSWERED = _part("RNC répondue à temps", lambda found: found.answered, Count.UNANSWERED)
THANKED = _counted("Remerciements", Count.THANKS)
SATISFIED = Measure("Satisfaction", score_words, lambda found: found.satisfaction)

ALL = (
    *(RECEIVED, COMPLETED, CLOSED, OPEN, MEDIAN, NINETIETH, WITHIN, FIRST, TOLD, ANSWERED, THANKED),
    SATISFIED,
)
BEHIND: Mapping[Count, str] = {
    Count.RECEIVED: "Reçues",
    Count.COMPLETED: "Complétées",
    Count.CLOSED: "Clôturées",
    Count.OPEN: "Ouvertes à la fin",
    Count.LATE: "Complétées après la cible",
    Count.FIRST_CONTACT: "Réglées au premier contact",
    Count.UNTOLD: "Accusé de réception hors délai",
    Count.UNANSWERED: "Sans réponse à temps à la RNC",
    Count.THANKS: "Remerciements",
}


def filters_words(found: Board) -> str:
    """What the figures are about: « Travaux publics · Nid-de-poule », or the whole town."""
    asked = found.asked
    member = "vous" if asked.member == MINE else found.council.get(asked.member, "un élu inconnu")
    parts = (
        found.services.get(asked.department, "service inconnu") if asked.department else "",
        found.kinds.get(asked.category, "catégorie inconnue") if asked.category else "",
        found.places.get(asked.sector, "secteur inconnu") if asked.sector else "",
        f"transmises par {member}" if asked.member else "",
    )
    return " · ".join(part for part in parts if part) or "Toute la ville"


def compared(found: Board) -> list[list[str]]:
    """Each measure: its name, this period, the one before."""
    return [[each.label, each.words(found.now), each.words(found.before)] for each in ALL]


def by_period(found: Board) -> list[list[str]]:
    """A row a period, the latest first."""
    pairs = reversed(list(zip(found.periods, found.whole, strict=True)))
    return [[period.words, *(each.words(one) for each in ALL)] for period, one in pairs]


def by_line(lines: Sequence[Line]) -> list[list[str]]:
    """A row a department, a category…: this period."""
    return [[line.name, *(each.words(line.now) for each in ALL)] for line in lines]


def watched(found: Board) -> list[list[str]]:
    """R-19: a row a period, the latest first: seen on social networks, of which become demands."""
    pairs = reversed(list(zip(found.periods, found.watched, strict=True)))
    return [[period.words, french.number(seen), french.number(became)] for period, (seen, became) in pairs]


def sections(found: Board) -> list[tuple[str, list[str], list[list[str]]]]:
    """The tables of the paper: title, columns, rows."""
    now, before = found.periods[-1].words, found.periods[-2].words
    labels = [each.label for each in ALL]
    parts = [
        ("Les deux dernières périodes", ["Mesure", now.capitalize(), before.capitalize()], compared(found)),
        ("D’une période à l’autre", ["Période", *labels], by_period(found)),
        ("Par service", ["Service", *labels], by_line(found.departments)),
        ("Par catégorie", ["Catégorie", *labels], by_line(found.categories)),
        ("Par secteur", ["Secteur", *labels], by_line(found.sectors)),
    ]
    if found.members:
        parts.append(("Transmises par un élu", ["Élu", *labels], by_line(found.members)))
    if any(seen for seen, _ in found.watched):
        parts.append(("Veille des réseaux sociaux", list(WATCHED), watched(found)))
    return parts


def as_pdf(visit: Visit, asked: Asked) -> bytes:
    """The measures on paper, as the screen filters them."""
    found = board(visit, asked)
    values = {
        "period": found.periods[-1].words,
        "about": filters_words(found),
        "early": found.ends_early,
        "sections": [
            {"title": title, "columns": columns, "rows": rows} for title, columns, rows in sections(found)
        ],
    }
    with visit.reading() as counter:
        return printing.letter(counter, PRINTED, values)


def as_workbook(visit: Visit, asked: Asked) -> bytes:
    """The same figures as numbers, a sheet each: shares from 0 to 1, delays in working days."""
    found = board(visit, asked)
    sheets = [_sheet("Périodes", "Période", [(period.words, one) for period, one in _pairs(found)])]
    groups = {"Service": found.departments, "Catégorie": found.categories, "Secteur": found.sectors}
    if found.members:
        groups["Élu"] = found.members
    for name, lines in groups.items():
        title = f"{name} - {found.periods[-1].words}"
        sheets.append(_sheet(title, name, [(line.name, line.now) for line in lines]))
    seen = [[period.words, *counts] for period, counts in zip(found.periods, found.watched, strict=True)]
    sheets.append(Sheet("Veille", list(WATCHED), seen))
    return workbook(sheets)


def _pairs(found: Board) -> list[tuple[Any, Measures]]:
    return list(zip(found.periods, found.whole, strict=True))


def _sheet(title: str, first: str, rows: Sequence[tuple[str, Measures]]) -> Sheet:
    cells = [[name, *(each.figure(one) for each in ALL)] for name, one in rows]
    return Sheet(title, [first, *(each.label for each in ALL)], cells)
