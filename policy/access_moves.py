"""P §4.6: what can be done with a request for access, by whom, and what stands in the way (R-50 to R-54)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policy.access import (
    ARTICLE,
    LONGEST_EXTENSION,
    Standing,
    days_words,
    twentieth_day,
)
from policy.confidentiality import PrivateAct, may_private
from policy.private_words import AccessMove, AccessState, Decision, PrivateKind
from policy.reasons import Ground, refuse_all
from policy.roles import Viewer
from policy.wording import day_words
from policy.words import Role

REFUSALS = frozenset({Decision.PARTIAL, Decision.REFUSED})  # LAI 50: whole or partial
ORALLY = frozenset({Decision.GRANTED, Decision.WITHDRAWN})  # LAI 45: nothing of them is to be reviewed
GIVING = frozenset({Decision.GRANTED, Decision.PARTIAL})  # LAI 49: what a third party is heard about


@dataclass(frozen=True)
class Given:
    """What is given with a move; only what the move needs is looked at. ``day`` is when it was done."""

    day: date | None = None
    days: int = 0
    ground: str = ""
    third_party: str = ""
    decision: Decision | None = None
    reason: str = ""
    provisions: str = ""
    other_body: str = ""


@dataclass(frozen=True)
class Possible:
    """A move as a screen offers it, with all that stands in its way now."""

    move: AccessMove
    grounds: tuple[Ground, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it may be made, once what it needs is given."""
        return not self.grounds


def possible(standing: Standing, asker: Viewer) -> tuple[Possible, ...]:
    """P §4.6 (R-50 to R-54): every move in the order of a request's life, each with why not."""
    return tuple(Possible(move, _barred(move, standing, asker)) for move in AccessMove)


def judge(move: AccessMove, standing: Standing, asker: Viewer, given: Given, today: date) -> None:
    """P §4.6 (R-50 to R-53): raise ``Refused`` on every ground at once unless this may be done now."""
    refuse_all(_barred(move, standing, asker))
    refuse_all(_NEEDS[move](standing, given, today))


def state_after(standing: Standing) -> AccessState:
    """R-50 to R-53: the state of a request that stands so."""
    if standing.answered_on is not None:
        return AccessState.ANSWERED
    if standing.decision is not None:
        return AccessState.DECIDED
    if standing.written_on is None:
        return AccessState.ORAL
    return AccessState.EXTENDED if standing.extended_on else AccessState.RECEIVED


def _barred(move: AccessMove, standing: Standing, asker: Viewer) -> tuple[Ground, ...]:
    """What stands in the way whatever is given."""
    return tuple(_bars(move, standing, asker))


def _bars(move: AccessMove, standing: Standing, asker: Viewer) -> Iterable[Ground]:
    if not may_private(asker, PrivateAct.HANDLE, PrivateKind.ACCESS):
        yield Ground("Ces demandes reviennent à la direction générale et au greffier.", ARTICLE)
        return
    if move is AccessMove.EXTEND and Role.CLERK not in asker.roles:
        yield Ground("C'est le greffier qui prolonge le délai.", ARTICLE)
    if standing.answered_on is not None and move is not AccessMove.EDIT:
        yield Ground(f"La réponse est transmise depuis le {day_words(standing.answered_on)}.", "R-53")
        return
    if standing.decision is Decision.WITHDRAWN and move not in (AccessMove.EDIT, AccessMove.DECIDE):
        yield Ground("La personne s'est désistée : plus rien n'est attendu.", "R-53")
        return
    if standing.written_on is None and move not in _WITHOUT_WRITING:
        yield Ground("La demande n'est que verbale : inscrivez d'abord l'arrivée de l'écrit.", "LAI 45")
        return
    yield from _BARS.get(move, _nothing)(standing)


def _nothing(_standing: Standing) -> Iterable[Ground]:
    return ()


def _written(standing: Standing) -> Iterable[Ground]:
    if standing.written_on is not None:
        yield Ground(
            f"L'écrit est arrivé le {day_words(standing.written_on)} ; le délai court depuis.", "LAI 47"
        )


def _noticed(standing: Standing) -> Iterable[Ground]:
    if standing.noticed_on is not None:
        yield Ground(f"L'avis de réception est parti le {day_words(standing.noticed_on)}.", "LAI 46")


def _extended(standing: Standing) -> Iterable[Ground]:
    if standing.extended_on is not None:
        yield Ground(
            f"Le délai a déjà été prolongé le {day_words(standing.extended_on)} : il ne l'est qu'une fois.",
            "LAI 47",
        )
    yield from _already_decided(standing)


def _told(standing: Standing) -> Iterable[Ground]:
    if standing.third_party is not None:
        yield Ground(f"Le tiers est avisé depuis le {day_words(standing.third_party.told_on)}.", "LAI 49")
    yield from _already_decided(standing)


def _heard(standing: Standing) -> Iterable[Ground]:
    if standing.third_party is None:
        yield Ground("Aucun tiers n'a été avisé.", "LAI 49")
    elif standing.third_party.observations_on is not None:
        yield Ground(
            f"Ses observations sont inscrites : {day_words(standing.third_party.observations_on)}.", "LAI 49"
        )


def _already_decided(standing: Standing) -> Iterable[Ground]:
    if standing.decision is not None:
        yield Ground(f"La demande est déjà décidée : {standing.decision}.", "R-53")


def _undecided(standing: Standing) -> Iterable[Ground]:
    if standing.decision is None:
        yield Ground("Inscrivez d'abord la décision.", "LAI 47")


_WITHOUT_WRITING = frozenset({AccessMove.EDIT, AccessMove.WRITE, AccessMove.DECIDE, AccessMove.ANSWER})

_BARS: Mapping[AccessMove, Callable[[Standing], Iterable[Ground]]] = {
    AccessMove.WRITE: _written,
    AccessMove.NOTICE: _noticed,
    AccessMove.EXTEND: _extended,
    AccessMove.THIRD_PARTY: _told,
    AccessMove.HEAR: _heard,
    AccessMove.ANSWER: _undecided,
}


# what each move needs


def _arrival(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    yield from _day("l'arrivée de l'écrit", given, standing.received_on, today, "LAI 47")


def _correction(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    """The day of the writing may be corrected, never past what was done by it."""
    if given.day is None or given.day == standing.written_on:
        return
    if standing.written_on is None or standing.answered_on is not None:
        yield Ground("La date de l'écrit ne se corrige pas ici.", "LAI 47", "written_on")
        return
    if given.day > today:
        yield Ground("L'arrivée de l'écrit est dans le futur.", "LAI 47", "written_on")
    told = standing.third_party.told_on if standing.third_party else None
    done = [
        ("L'avis de réception", standing.noticed_on),
        ("L'avis de prolongation", standing.extended_on),
        ("L'avis au tiers", told),
        ("La décision", standing.decided_on),
    ]
    for what, on in done:
        if on is not None and on < given.day:
            yield Ground(f"{what} porte une date antérieure ({day_words(on)}).", "LAI 47", "written_on")
    if standing.extended_on is not None and standing.extended_on > twentieth_day(given.day):
        yield Ground(
            f"L'avis de prolongation du {day_words(standing.extended_on)} serait parti après le vingtième "
            "jour.",
            "LAI 47",
            "written_on",
        )


def _notice(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    yield from _day("l'envoi de l'avis de réception", given, standing.written_on, today, "LAI 46")


def _extension(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    if not 1 <= given.days <= LONGEST_EXTENSION:
        yield Ground(
            f"La prolongation compte de 1 à {days_words(LONGEST_EXTENSION)}.", "LAI 47", "extension_days"
        )
    if not given.ground.strip():
        yield Ground(
            "Écrivez en quoi répondre dans les vingt jours nuirait au déroulement normal des activités de la "
            "Ville.",
            ARTICLE,
            "extension_ground",
        )
    yield from _day("l'envoi de l'avis de prolongation", given, standing.written_on, today, "LAI 47")
    yield from _within_twenty(standing, given.day, "L'avis de prolongation part", "LAI 47")


def _notice_to_third_party(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    if not given.third_party.strip():
        yield Ground("Nommez le tiers.", "LAI 49", "third_party")
    yield from _day("l'envoi de l'avis au tiers", given, standing.written_on, today, "LAI 49")


def _observations(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    told = standing.third_party.told_on if standing.third_party else None
    yield from _day("la réception des observations", given, told, today, "LAI 49")


def _decision(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    if given.decision is None:
        yield Ground("Choisissez la décision.", "LAI 47", "decision")
        return
    if standing.written_on is None and given.decision not in ORALLY:
        yield Ground(
            "La demande n'est que verbale : cette décision demande un écrit, seul à pouvoir être révisé.",
            "LAI 45",
            "decision",
        )
    yield from _complete(given.decision, given.reason, given.provisions, given.other_body)
    first = standing.written_on or standing.received_on
    yield from _day("la décision", given, first, today, "LAI 47")
    if given.decision is Decision.TRANSFERRED:
        yield from _within_twenty(standing, given.day, "La demande est transmise", "LAI 48")
    heard = standing.third_party
    if heard is None or heard.observations_on is not None or given.decision not in GIVING:
        return
    if given.day is not None and given.day <= heard.observations_due:
        yield Ground(
            f"Le tiers a jusqu'au {day_words(heard.observations_due)} pour présenter ses observations : "
            "l'accès ne se décide pas avant, à moins qu'elles soient arrivées.",
            "LAI 49",
            "decision",
        )


def _answer(standing: Standing, given: Given, today: date) -> Iterable[Ground]:
    if standing.decision is None:
        return
    yield from _complete(standing.decision, standing.reason, standing.provisions, standing.other_body)
    yield from _day("l'envoi de la réponse", given, standing.decided_on, today, "LAI 47")
    if standing.decision is Decision.TRANSFERRED:
        yield from _within_twenty(standing, given.day, "La demande est transmise", "LAI 48")


def _complete(decision: Decision, reason: str, provisions: str, other_body: str) -> Iterable[Ground]:
    """LAI 48, LAI 50 (R-52, R-53): what a decision may not be without."""
    if decision in REFUSALS:
        if not reason.strip():
            yield Ground("Motivez le refus : en quoi l'accès ne peut être donné.", "LAI 50", "reason")
        if not re.search(r"\d", provisions):
            yield Ground(
                "Indiquez la disposition de la loi sur laquelle le refus s'appuie, par son numéro d'article.",
                "LAI 50",
                "provisions",
            )
    if decision is Decision.TRANSFERRED and not other_body.strip():
        yield Ground(
            "Nommez l'organisme compétent et la personne qui y est responsable de l'accès.",
            "LAI 48",
            "other_body",
        )
    if decision is Decision.WITHDRAWN and not reason.strip():
        yield Ground("Notez quand et comment la personne s'est désistée.", "R-53", "reason")


def _within_twenty(standing: Standing, day: date | None, what: str, article: str) -> Iterable[Ground]:
    if standing.written_on is None or day is None:
        return
    last = twentieth_day(standing.written_on)
    if day > last:
        yield Ground(f"{what} dans les vingt jours : le dernier était le {day_words(last)}.", article, "day")


def _day(what: str, given: Given, earliest: date | None, today: date, article: str) -> Iterable[Ground]:
    if given.day is None:
        yield Ground(f"Inscrivez la date : {what}.", article, "day")
    elif given.day > today:
        yield Ground(f"{what[0].upper()}{what[1:]} est dans le futur.", article, "day")
    elif earliest is not None and given.day < earliest:
        yield Ground(
            f"{what[0].upper()}{what[1:]} ne peut pas précéder le {day_words(earliest)}.", article, "day"
        )


_NEEDS: Mapping[AccessMove, Callable[[Standing, Given, date], Iterable[Ground]]] = {
    AccessMove.EDIT: _correction,
    AccessMove.WRITE: _arrival,
    AccessMove.NOTICE: _notice,
    AccessMove.EXTEND: _extension,
    AccessMove.THIRD_PARTY: _notice_to_third_party,
    AccessMove.HEAR: _observations,
    AccessMove.DECIDE: _decision,
    AccessMove.ANSWER: _answer,
}
