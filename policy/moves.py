"""The moves of a file: whether one may be made now, by whom, with what, and what it changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from policy.circuits import OF_A_DUPLICATE, TABLE, Line, Need, Party, destination
from policy.classification import SETTLED_AT_ONCE, check
from policy.closing import Closing, check_closing, check_hand_over
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import DESK as DESK_ROLES
from policy.roles import System, Viewer
from policy.wording import day_words
from policy.words import Circuit, Closer, Move, Nature, Role, State, WaitReason


@dataclass(frozen=True)
class Standing:
    """Where a file stands: all the judge needs of it. ``circuit`` and ``closer`` are its department's."""

    state: State
    nature: Nature = Nature.REQUEST
    department: str | None = None
    circuit: Circuit | None = None
    closer: Closer | None = None
    complex: bool = False
    duplicate: bool = False
    received_on: date | None = None


@dataclass(frozen=True)
class Given:
    """What was given with the move; only what the move needs is looked at."""

    department: str | None = None
    reason: str = ""
    planned_on: date | None = None
    wait_reason: WaitReason | None = None
    wait_words: str = ""
    nature: Nature | None = None
    closing: Closing = field(default_factory=Closing)


@dataclass(frozen=True)
class Possible:
    """A move as a screen offers it: what it needs, where it leads, or why it may not be made."""

    move: Move
    to: State | None
    needs: tuple[Need, ...]
    refusal: Refused | None

    @property
    def allowed(self) -> bool:
        """Whether it may be made, once what it needs is given."""
        return self.refusal is None


def judge(move: Move, standing: Standing, asker: Viewer, given: Given, today: date) -> None:
    """P §4.1, P §4.2 (R-12, R-13): raise ``Refused``, with its article, unless this move may be made now.

    ``today`` is the day in town. The grounds of what is missing come all at once.
    """
    line = _line(move, standing, asker)
    refuse_all(ground for need in line.needs for ground in _NEEDS[need](given, standing, today))


def possible(standing: Standing, asker: Viewer) -> tuple[Possible, ...]:
    """Every move of R-13 in the order of the words, each with why not when it may not be made."""
    return tuple(_possible(move, standing, asker) for move in Move)


def after(move: Move, standing: Standing) -> State:
    """Where a move that was judged good leads. ``ValueError`` when no line of the table leaves from there."""
    for line in TABLE:
        if line.move is move and standing.state in line.sources:
            return destination(line, standing.department) or standing.state
    raise ValueError(f"{move.name} does not leave from {standing.state.name}")


def stamps(move: Move, standing: Standing, file: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """P §4.1: the columns of ``files`` that the move itself sets, ``state`` among them.

    "Complétée" is not "clôturée": ``completed_at`` is the moment the information was handed over, or of the
    closing when nothing was handed over before. Reopening keeps the first closing (R-13) and asks for annexe
    A's code and date anew; a file that leaves its wait leaves its reason there.
    """
    state = after(move, standing)
    changes: dict[str, Any] = {"state": state}
    if move is Move.HAND_OVER:
        changes["completed_at"] = at
    elif move is Move.CLOSE:
        changes |= {"completed_at": file["completed_at"] or at, "closed_at": at}
        changes["first_closed_at"] = file["first_closed_at"] or at
    elif move is Move.REOPEN:
        changes |= {"completed_at": None, "closed_at": None, "closed_by": None, "reopened_at": at}
        changes |= {"code": None, "done_on": None}
    elif standing.state is State.TO_CLOSE and state not in (State.TO_CLOSE, State.CANCELLED):
        changes["completed_at"] = None
    if move is Move.ESCALATE:
        changes["complex"] = True
    if move is Move.RETURN:
        changes["department"] = None
    if standing.state is State.WAITING and state is not State.WAITING:
        changes |= {"wait_reason": None, "wait_words": None}
    return changes


def parties(asker: Viewer, standing: Standing) -> frozenset[Party]:
    """P §4.1, R-62: in what quality this visit acts on the file; empty when it may only read it.

    What is typed in a table outside is typed by the director, who acts for the desk and for the departments.
    """
    if asker.system:
        return frozenset(Party) if asker.id in (System.IMPORT, System.SYNC) else frozenset()
    found = set()
    if not asker.roles.isdisjoint(DESK_ROLES):
        found.add(Party.DESK)
    if Role.RESPONSABLE in asker.roles and standing.department in asker.departments:
        found.add(Party.DEPARTMENT)
    return frozenset(found)


def _possible(move: Move, standing: Standing, asker: Viewer) -> Possible:
    try:
        line = _line(move, standing, asker)
    except Refused as refusal:
        return Possible(move, None, (), refusal)
    return Possible(move, destination(line, standing.department), line.needs, None)


def _line(move: Move, standing: Standing, asker: Viewer) -> Line:
    """The line that lets this be done; raises ``Refused`` for the first thing that does not."""
    later = check(standing.nature, first_contact=standing.nature in SETTLED_AT_ONCE)
    if standing.nature in (Nature.COMPLAINT, Nature.ACCESS):
        raise Refused(later)
    leaving = [line for line in TABLE if line.move is move and standing.state in line.sources]
    if not leaving:
        raise refused(*_why_not_from(move, standing.state))
    own = parties(asker, standing)
    for line in leaving:
        if not own.isdisjoint(line.parties) and _is_for(line, standing):
            refuse_all(_guards(move, standing))
            return line
    raise refused(*_why_not_you(move, standing, own))


def _is_for(line: Line, standing: Standing) -> bool:
    circuit_fits = not line.circuits or standing.circuit in line.circuits
    return circuit_fits and (not line.closers or standing.closer in line.closers)


def _guards(move: Move, standing: Standing) -> Iterable[Ground]:
    if standing.nature in SETTLED_AT_ONCE and move in (Move.ROUTE, Move.REOPEN):
        yield Ground(
            f"« {standing.nature} » n'appelle ni suivi ni intervention : reclassez-le d'abord en requête.",
            "P §4.1",
        )
    if standing.duplicate and move not in OF_A_DUPLICATE:
        yield Ground("Ce dossier est un doublon : ce geste se fait sur le dossier d'origine.", "R-18")
    if move is Move.ESCALATE and standing.complex:
        yield Ground("Ce dossier est déjà signalé comme cas complexe.", "P §4.1")


def _why_not_from(move: Move, state: State) -> tuple[str, str]:
    """The words, and the article, of a move that does not leave from this state."""
    article = next(line.article for line in TABLE if line.move is move)
    match move, state:
        case Move.CLOSE, State.DONE:
            return "Ce dossier est déjà fermé.", article
        case Move.CANCEL, State.CANCELLED:
            return "Ce dossier est déjà annulé.", article
        case _, State.DONE:
            return "Ce dossier est fermé : rouvrez-le d'abord, avec un motif.", article
        case _, State.CANCELLED:
            return "Ce dossier est annulé : le service aux citoyens peut le rouvrir, avec un motif.", article
        case Move.REOPEN, _:
            return "Ce dossier est encore ouvert : il n'y a rien à rouvrir.", article
        case Move.RESUME, _:
            return "Ce dossier n'est pas en attente : il n'y a rien à reprendre.", article
        case Move.RETURN, State.NEW:
            return "Ce dossier n'est acheminé à aucun service.", article
        case _, State.NEW:
            return (
                "Ce dossier n'est pas encore acheminé : le service aux citoyens l'achemine d'abord.",
                article,
            )
        case Move.RETURN, _:
            return (
                "Le service a déjà pris ce dossier en charge : "
                "demandez au service aux citoyens de l'acheminer ailleurs.",
                article,
            )
        case _, State.TO_CLOSE:
            return (
                "Ce dossier est remis pour fermeture : reprenez-le d'abord s'il manque quelque chose.",
                article,
            )
        case Move.PAUSE, State.WAITING:
            return "Ce dossier est déjà en attente.", article
        case Move.TAKE, _:
            return "Ce dossier est déjà pris en charge.", article
    return f"« {move} » n'est pas possible à l'état « {state} ».", article


def _why_not_you(move: Move, standing: Standing, own: frozenset[Party]) -> tuple[str, str]:
    """The words, and the article, of a move that leaves from here, but not by the hand of who asks."""
    if not own:
        return (
            "Vous pouvez lire ce dossier; ce geste revient au service du dossier ou au service aux citoyens.",
            "P §4.1",
        )
    if move is Move.CLOSE and Party.DEPARTMENT in own:
        return (
            "Pour ce service, c'est le service aux citoyens qui ferme : remettez le dossier pour fermeture.",
            "P §4.1",
        )
    if move is Move.CLOSE:
        return (
            "Ce service ferme lui-même ses dossiers. S'il vous a dit que c'est fait, inscrivez d'abord "
            "ce qu'il a transmis (« Remettre pour fermeture »).",
            "P annexe A",
        )
    if move is Move.CANCEL:
        return (
            "Seul le service aux citoyens annule un dossier. Pour dire non à une demande, fermez-la "
            "sous un autre code, avec l'explication pour le citoyen.",
            "SJ, « Le respect et la courtoisie »",
        )
    if move is Move.RETURN:
        return (
            "C'est le service qui signale « mal acheminée ». Acheminez plutôt le dossier ailleurs.",
            "P §4.1",
        )
    return "Ce geste revient au service aux citoyens.", "P §4.1"


def _department(given: Given, standing: Standing, _today: date) -> Iterable[Ground]:
    if not given.department:
        yield Ground("Choisissez le service à qui acheminer.", "P §4.1", "department")
    elif given.department == standing.department and standing.state is not State.NEW:
        yield Ground("Le dossier est déjà dans ce service.", "P §4.1", "department")


def _reason(given: Given, _standing: Standing, _today: date) -> Iterable[Ground]:
    if not given.reason.strip():
        yield Ground("Écrivez le motif.", "R-13", "last_reason")


def _planned_on(given: Given, _standing: Standing, today: date) -> Iterable[Ground]:
    if given.planned_on is None:
        yield Ground("Inscrivez la date prévue de l'intervention.", "annexe A, point 2", "planned_on")
    elif given.planned_on < today:
        yield Ground(
            f"La date prévue ({day_words(given.planned_on)}) est déjà passée.",
            "annexe A, point 2",
            "planned_on",
        )


def _wait_reason(given: Given, _standing: Standing, _today: date) -> Iterable[Ground]:
    if given.wait_reason is None:
        yield Ground(
            "Choisissez le motif d'attente (« en attente pour X raison »).", "P §4.2.3", "wait_reason"
        )
    elif given.wait_reason is WaitReason.OTHER and not given.wait_words.strip():
        yield Ground("Motif « Autre » : précisez ce qu'on attend.", "P §4.2.3", "wait_words")


def _nature(given: Given, standing: Standing, _today: date) -> Iterable[Ground]:
    settled_at_once = given.nature in SETTLED_AT_ONCE
    yield from check(given.nature, first_contact=settled_at_once)
    if given.nature is standing.nature:
        yield Ground(f"Ce dossier est déjà classé « {standing.nature} ».", "P §4.1", "nature")
    elif settled_at_once and standing.state not in (State.NEW, State.DONE):
        yield Ground(
            f"Un service s'occupe de ce dossier : « {given.nature} » n'appelle aucun suivi. "
            "Fermez-le d'abord.",
            "P §4.1",
            "nature",
        )


def _information(given: Given, standing: Standing, today: date) -> Iterable[Ground]:
    return check_hand_over(given.closing, today, standing.received_on)


def _closing(given: Given, standing: Standing, today: date) -> Iterable[Ground]:
    return check_closing(given.closing, today, standing.received_on)


_NEEDS: Mapping[Need, Callable[[Given, Standing, date], Iterable[Ground]]] = {
    Need.DEPARTMENT: _department,
    Need.REASON: _reason,
    Need.PLANNED_ON: _planned_on,
    Need.WAIT_REASON: _wait_reason,
    Need.NATURE: _nature,
    Need.INFORMATION: _information,
    Need.CLOSING: _closing,
}
