"""The course of a complaint: its states, who investigates it, and what a conclusion needs (P §4.4)."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policy.classification import tidy
from policy.private_words import ComplaintState, Finding, Measure, Part
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.spelling import bare


class Turn(StrEnum):
    """What moves a complaint from one state to another (R-31); the value completes « Vous pouvez… »."""

    ADMIT = "Déclarer recevable"
    REJECT = "Déclarer irrecevable"
    DEROGATE = "Accorder une dérogation"
    INVESTIGATE = "Ouvrir l'enquête"
    CONCLUDE = "Conclure"
    REVISE = "Rouvrir l'enquête"
    WITHDRAW = "Consigner le retrait"


@dataclass(frozen=True)
class Line:
    """One line of the course; ``reasoned``: only with a reason."""

    sources: tuple[ComplaintState, ...]
    to: ComplaintState
    article: str
    reasoned: bool = False


_RECEIVED, _ADMISSIBLE = ComplaintState.RECEIVED, ComplaintState.ADMISSIBLE
_INADMISSIBLE, _INVESTIGATED = ComplaintState.INADMISSIBLE, ComplaintState.INVESTIGATED
_CONCLUDED, _WITHDRAWN = ComplaintState.CONCLUDED, ComplaintState.WITHDRAWN

# P §4.4, R-30, R-31. An inadmissible one may be examined again: a signature, an address can still arrive.
COURSE: Mapping[Turn, Line] = {
    Turn.ADMIT: Line((_RECEIVED, _INADMISSIBLE), _ADMISSIBLE, "R-30"),
    Turn.REJECT: Line((_RECEIVED, _ADMISSIBLE), _INADMISSIBLE, "R-30"),
    Turn.DEROGATE: Line((_INADMISSIBLE,), _ADMISSIBLE, "R-30", reasoned=True),
    Turn.INVESTIGATE: Line((_ADMISSIBLE,), _INVESTIGATED, "P §4.4"),
    Turn.CONCLUDE: Line((_INVESTIGATED,), _CONCLUDED, "P §4.4"),
    Turn.REVISE: Line((_CONCLUDED,), _INVESTIGATED, "R-31", reasoned=True),
    Turn.WITHDRAW: Line((_RECEIVED, _ADMISSIBLE, _INVESTIGATED), _WITHDRAWN, "R-31", reasoned=True),
}

OPEN = frozenset({_RECEIVED, _ADMISSIBLE, _INVESTIGATED})
ANSWERED = frozenset({_INADMISSIBLE, _CONCLUDED, _WITHDRAWN})  # the citizen is answered in writing

_WHY_NOT: Mapping[Turn, str] = {
    Turn.ADMIT: "La recevabilité se décide avant l'enquête.",
    Turn.REJECT: "La recevabilité se décide avant l'enquête.",
    Turn.DEROGATE: "Une dérogation ne s'accorde qu'à une plainte déclarée irrecevable.",
    Turn.INVESTIGATE: "L'enquête s'ouvre sur une plainte recevable.",
    Turn.CONCLUDE: "Seule une plainte en enquête se conclut.",
    Turn.REVISE: "Seule une plainte conclue se rouvre.",
    Turn.WITHDRAW: "Seule une plainte en cours peut être retirée.",
}


@dataclass(frozen=True)
class Heard:
    """Of one person of an investigation, what the conclusion depends on."""

    id: str
    name: str
    part: Part = Part.TARGETED
    heard_on: date | None = None
    finding: Finding | None = None


@dataclass(frozen=True)
class Conclusion:
    """What is concluded about one person targeted; ``incident`` and ``measure`` when it is founded."""

    finding: Finding | None = None
    words: str = ""
    incident: str = ""
    measure: Measure | None = None
    measure_words: str = ""


@dataclass(frozen=True)
class Designated:
    """R-31: whom the direction générale designates, for one complaint or for the days of an absence."""

    account: str
    starts_on: date
    ends_on: date | None = None
    complaint: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether that day lies in it, both ends included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Assigned:
    """Who investigates, and by which designation; no account: the direction générale has to designate."""

    account: str | None
    why: str
    article: str = "P §4.4"
    designated: Designated | None = None


def turn(
    what: Turn, state: ComplaintState, people: Sequence[Heard] = (), reason: str = "", answer: str = "",
    anonymous: bool = False,
) -> ComplaintState:  # fmt: skip
    """P §4.4 (R-30, R-31, R-32): where this leads from there. Raises ``Refused`` with every ground.

    ``answer`` is the text of the written answer, which a conclusion needs unless nobody can be answered.
    """
    line = COURSE[what]
    if state not in line.sources:
        raise refused(f"Cette plainte est « {state} » : {_lower(_WHY_NOT[what])}", line.article)
    grounds = [Ground("Écrivez le motif.", line.article, "reason")] * (line.reasoned and not tidy(reason))
    if what is Turn.CONCLUDE:
        grounds += check_conclusion(people, answer, anonymous)
    if what in (Turn.WITHDRAW, Turn.REJECT) and any(person.finding for person in people):
        grounds.append(
            Ground("Une conclusion est déjà rendue pour une personne : menez l'enquête à son terme.", "R-31")
        )
    refuse_all(grounds)
    return line.to


def possible(
    state: ComplaintState, people: Sequence[Heard] = (), answer: str = "", anonymous: bool = False
) -> tuple[tuple[Turn, Refused | None], ...]:
    """R-31: every turn from here in the order of the course, each with why not when it cannot be yet."""
    return tuple(
        (each, _refusal(each, state, people, answer, anonymous))
        for each, line in COURSE.items()
        if state in line.sources
    )


def check_finding(state: ComplaintState, person: Heard, given: Conclusion, today: date) -> tuple[Ground, ...]:
    """P §4.4, P §4.4.1, P §4.7 (R-31, R-32): what keeps this conclusion about this person from being kept.

    The person is met first, whatever the finding (docs/readings.md, no. 29).
    """
    return (*_heard(state, person, today), *_words(given), *_measure(given))


def check_conclusion(people: Iterable[Heard], answer: str, anonymous: bool = False) -> tuple[Ground, ...]:
    """P §4.4, P §4.4.1 (R-32): what is missing to conclude: a finding for each person targeted, the answer.

    A complaint that targets nobody needs no interview.
    """
    found = [
        Ground(f"Concluez d'abord au sujet de {person.name}.", "P §4.4.1", "people")
        for person in people
        if person.part is Part.TARGETED and person.finding is None
    ]
    if not anonymous and not tidy(answer):
        found.append(Ground("Écrivez la réponse au citoyen.", "R-32", "answer"))
    return tuple(found)


def investigator(
    complaint: str | None,
    named: Collection[str],
    directors: Collection[str],
    designations: Iterable[Designated],
    day: date,
) -> Assigned:
    """P §4.4, « Le Directeur du Service aux citoyens est en charge de l'enquête » (R-31): who investigates.

    Whom the direction générale designated for this complaint, else for that day; else the director, unless
    the complaint names the director (docs/readings.md, no. 28). Never a person the complaint names.
    ``named``, ``directors`` and the designations hold ids of accounts.
    """
    able = [each for each in designations if each.account not in named and each.holds_on(day)]
    for scope, why in (
        (complaint, "Désignation de la direction générale pour cette plainte."),
        (None, "Désignation de la direction générale pendant une absence."),
    ):
        found = [each for each in able if each.complaint == scope]
        if found:
            last = max(found, key=lambda each: each.starts_on)
            return Assigned(last.account, why, "R-31", last)
    if not set(directors).isdisjoint(named):
        return Assigned(None, "La plainte nomme le Directeur : la direction générale désigne.", "R-31")
    if not directors:
        return Assigned(None, "Aucun Directeur en fonction : la direction générale désigne.", "R-31")
    return Assigned(min(directors), "Le Directeur du service aux citoyens.")


def is_named(text: str, name: str) -> bool:
    """R-31: whether a text names that person, first or last name first, whatever the accents and capitals."""
    words, sought = _plain_words(text), _plain_words(name)
    if not sought:
        return False
    told = f" {' '.join(words)} "
    turned = [*sought[1:], sought[0]], [sought[-1], *sought[:-1]]
    return any(f" {' '.join(order)} " in told for order in (sought, *turned))


def check_named(account: str, named: Collection[str], field: str = "account") -> tuple[Ground, ...]:
    """R-31: a person the complaint names neither investigates it nor reads it."""
    if account in named:
        # said to who designates, who does not read the complaint: no more than that
        words = "Cette personne ne peut pas être choisie pour cette plainte : choisissez-en une autre."
        return (Ground(words, "R-31", field),)
    return ()


def _heard(state: ComplaintState, person: Heard, today: date) -> Iterable[Ground]:
    if state is not _INVESTIGATED:
        yield Ground(f"Cette plainte est « {state} » : une conclusion se rend pendant l'enquête.", "P §4.4")
    if person.part is not Part.TARGETED:
        yield Ground("Une conclusion ne porte que sur une personne visée par la plainte.", "P §4.4.1")
    elif person.heard_on is None:
        yield Ground(
            f"{person.name} n'a pas encore été rencontrée et écoutée : inscrivez la rencontre d'abord.",
            "P §4.4",
            "heard_on",
        )
    elif person.heard_on > today:
        yield Ground("La rencontre est dans le futur : concluez après.", "P §4.4", "heard_on")


def _words(given: Conclusion) -> Iterable[Ground]:
    if given.finding is None:
        yield Ground("Choisissez la conclusion : fondée ou non fondée.", "P §4.4.1", "finding")
    if not tidy(given.words):
        yield Ground("Écrivez les motifs de la conclusion.", "R-32", "words")


def _measure(given: Conclusion) -> Iterable[Ground]:
    if given.finding is Finding.FOUNDED:
        if not tidy(given.incident):
            yield Ground("Décrivez l'incident à consigner au dossier de l'employé.", "P §4.4.1", "incident")
        if given.measure is None:
            yield Ground("Choisissez la mesure, selon la gravité et la gradation.", "P §4.7", "measure")
        elif given.measure is Measure.OTHER and not tidy(given.measure_words):
            yield Ground("Précisez de quelle mesure il s'agit.", "P §4.7", "measure_words")
    elif given.measure is not None or tidy(given.incident):
        yield Ground(
            "Une plainte non fondée ne laisse ni incident ni mesure au dossier de l'employé.",
            "P §4.4.1",
            "measure",
        )


def _refusal(
    what: Turn, state: ComplaintState, people: Sequence[Heard], answer: str, anonymous: bool
) -> Refused | None:
    try:
        turn(what, state, people, reason="-", answer=answer, anonymous=anonymous)
    except Refused as no:
        return no
    return None


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", bare(text))


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
