"""The moves of a file (R-13): each an act of its own, judged by ``policy.moves``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk import drafts, proofs, tellings, typed
from desk.acts import Outcome, held, make, merged, standing, write
from desk.visits import Counter, Visit
from policy.circuits import Party
from policy.moves import parties
from policy.reasons import refused
from policy.roles import Viewer
from policy.words import OPEN_STATES, Move, State, WaitReason
from sync.store import Row, Writing

Seen = Mapping[str, Any] | None  # the values shown when typing began; None: whatever stands now


@dataclass(frozen=True)
class Say:
    """P annexe A, point 5: what to tell the citizen with a move; ``proof_read``: once the desk read it."""

    text: str = ""
    proof_read: bool = False


NOTHING = Say()
# How the history signs each move, and how the screen confirms it.
ACTS: Mapping[Move, tuple[str, str]] = {
    Move.ROUTE: ("acheminer le dossier", "Dossier {number} acheminé."),
    Move.RETURN: (
        "signaler le dossier comme mal acheminé",
        "Dossier {number} rendu au service aux citoyens : mal acheminé.",
    ),
    Move.TAKE: ("prendre en charge le dossier", "Dossier {number} pris en charge."),
    Move.PLAN: ("planifier l'intervention", "Dossier {number} planifié."),
    Move.PAUSE: ("mettre en attente le dossier", "Dossier {number} en attente : sa cible est suspendue."),
    Move.RESUME: ("reprendre le dossier", "Dossier {number} repris."),
    Move.HAND_OVER: (
        "remettre le dossier pour fermeture",
        "Dossier {number} complété et remis pour fermeture.",
    ),
    Move.CLOSE: ("fermer le dossier", "Dossier {number} fermé."),
    Move.CANCEL: ("annuler le dossier", "Dossier {number} annulé."),
    Move.REOPEN: ("rouvrir le dossier", "Dossier {number} rouvert : sa cible est comptée à nouveau."),
    Move.ESCALATE: ("signaler un cas complexe", "Dossier {number} signalé au directeur comme cas complexe."),
    Move.RECLASSIFY: ("reclasser le dossier", "Dossier {number} reclassé."),
}

# What can be corrected without a move, by whoever works on the file, and by the desk alone (P §4.1).
HANDLING = frozenset({"planned_on", "wait_reason", "wait_words", "next_action"})
INTAKE = frozenset({"priority", "channel", "civic", "street", "sector", "place_note", "facts"})
AMENDED = "modifier le dossier"


def take(visit: Visit, file_id: str, seen: Seen = None) -> Outcome:
    """P §4.1: Acheminée → Prise en charge."""
    return _act(visit, file_id, Move.TAKE, {}, seen)


def plan(
    visit: Visit, file_id: str, planned_on: date | None, seen: Seen = None, say: Say = NOTHING
) -> Outcome:
    """P annexe A, points 2 and 5: → Planifiée, with its date; what is written for the citizen is told."""
    return _act(visit, file_id, Move.PLAN, {"planned_on": planned_on}, seen, say=say)


def pause(
    visit: Visit,
    file_id: str,
    reason: WaitReason | str | None,
    words: str = "",
    seen: Seen = None,
    say: Say = NOTHING,
) -> Outcome:
    """P §4.2.3 « en attente pour X raison » (R-14): the target moves from today (included).

    ``reason`` as a screen gives it is read; raises ``Refused`` for one that is not offered. What is written
    for the citizen is told (annexe A, point 5); ``words`` stay in the house.
    """
    given = typed.read({"wait_reason": reason, "wait_words": words or None}, HANDLING)
    return _act(visit, file_id, Move.PAUSE, given, seen, say=say)


def resume(visit: Visit, file_id: str, reason: str = "", seen: Seen = None) -> Outcome:
    """R-14: the pause ends today (excluded) and the target is counted anew.

    A file already handed over for closing is taken back with a reason.
    """
    return _act(visit, file_id, Move.RESUME, {}, seen, reason)


def hand_over(visit: Visit, file_id: str, items: Mapping[str, Any], seen: Seen = None) -> Outcome:
    """P §4.1: → À fermer: the department hands its information to the Technicien, who closes."""
    return _act(visit, file_id, Move.HAND_OVER, typed.items(items), seen)


def return_(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """P §4.1: Acheminée → Nouvelle, « mal acheminée », with the reason; the desk routes it again."""
    return _act(visit, file_id, Move.RETURN, {}, seen, reason)


def cancel(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """P §4.1: from any open state → Annulée, with the reason."""
    return _act(visit, file_id, Move.CANCEL, {}, seen, reason)


def reopen(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """R-13: Complétée or Annulée → Prise en charge: the first closing is kept, the target counted anew."""
    return _act(visit, file_id, Move.REOPEN, {}, seen, reason)


def escalate(visit: Visit, file_id: str, reason: str, seen: Seen = None) -> Outcome:
    """P §4.1 « gestion des cas complexes »: brought to the director, stays where it is."""
    return _act(visit, file_id, Move.ESCALATE, {}, seen, reason)


def amend(visit: Visit, file_id: str, values: Mapping[str, Any], seen: Seen = None) -> Outcome:
    """Change fields that are no move: next action, the wait, the planned date; the desk, what came in too."""
    given = typed.read(values, HANDLING | INTAKE)
    with visit.writing() as counter:
        file = held(counter, file_id)
        merge = merged(counter, file, seen, given)
        if merge.differences:
            return Outcome(file_id, differences=merge.differences)
        after = amend_in(counter, file, merge.changes)
        drafts.drop_in(counter, file_id, given)
        return Outcome(file_id, f"Dossier {file['number']} enregistré.", after["version"])


def apply(
    counter: Counter[Writing], file: Row, move: Move, changes: Mapping[str, Any], reason: str = ""
) -> Row:
    """Make the move inside the caller's transaction, with what it always brings; the file afterwards."""
    after = make(counter, file, move, {**changes, **_brings(counter, file, move)}, ACTS[move][0], reason)
    if after["state"] is not file["state"] or move is Move.PLAN:
        proofs.drop(counter, after)
    if move is Move.CANCEL:
        _refuse_leaving_duplicates(counter, file)
    return after


def amend_in(counter: Counter[Writing], file: Row, changes: Mapping[str, Any]) -> Row:
    """Write changes that are no move, judged: who may, and whether the file still makes sense with them."""
    if not changes:
        return file
    refuse_amendment(counter.person, counter, file, changes)
    return write(counter, file, changes, AMENDED)


def refuse_amendment(person: Viewer, counter: Counter[Any], file: Row, changes: Mapping[str, Any]) -> None:
    """P §4.1: raise ``Refused`` unless this person may so change these fields of the file as it stands."""
    mine = parties(person, standing(counter, file))
    after = {**file, **changes}
    if not mine:
        raise refused("Vous pouvez lire ce dossier, mais il revient au service aux citoyens ou au service "
                      "qui l'a reçu.", "P §4.1")  # fmt: skip
    if Party.DESK not in mine and not INTAKE.isdisjoint(changes):
        raise refused("Seul le service aux citoyens corrige ce que la personne a dit.", "P §4.1")
    if file["state"] not in OPEN_STATES:
        raise refused("Ce dossier est fermé : rouvrez-le d'abord, avec un motif.", "P §4.1", "state")
    if "planned_on" in changes and after["planned_on"] is not None and after["planned_on"] < counter.today:
        raise refused("La date prévue est déjà passée.", "annexe A, point 2", "planned_on")
    if after["state"] is State.PLANNED and after["planned_on"] is None:
        raise refused("Une demande planifiée a une date prévue.", "annexe A, point 2", "planned_on")
    if after["state"] is State.WAITING and after["wait_reason"] is None:
        raise refused("Choisissez le motif d'attente.", "P §4.2.3", "wait_reason")
    if (
        after["state"] is State.WAITING
        and after["wait_reason"] is WaitReason.OTHER
        and not after["wait_words"]
    ):
        raise refused("Motif « Autre » : précisez ce qu'on attend.", "P §4.2.3", "wait_words")
    if after["state"] is not State.WAITING and after["wait_reason"] is not None:
        raise refused("Un motif d'attente va avec l'état « En attente ».", "P §4.2.3", "wait_reason")


def _act(
    visit: Visit,
    file_id: str,
    move: Move,
    given: Mapping[str, Any],
    seen: Seen,
    reason: str = "",
    say: Say = NOTHING,
) -> Outcome:
    with visit.writing() as counter:
        file = held(counter, file_id)
        merge = merged(counter, file, seen, given, move)
        if merge.differences:
            return Outcome(file_id, differences=merge.differences)
        changes = {name: value for name, value in merge.changes.items() if name != "state"}
        if already(file, seen, merge.changes):
            return Outcome(file_id, f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        after = apply(counter, file, move, changes, reason)
        drafts.drop_in(counter, file_id, {*given, "state", tellings.FIELD})
        told = _tell(counter, after, say)
        return Outcome(file_id, f"{ACTS[move][1].format(number=file['number'])}{told}", after["version"])


def _tell(counter: Counter[Writing], file: Row, say: Say) -> str:
    """P annexe A, point 5: tell everyone linked, or have the text read first; what the screen adds."""
    text = tellings.check(say.text)
    if not text:
        if say.proof_read:
            raise refused("Écrivez le texte à relire.", tellings.ARTICLE, tellings.FIELD)
        return ""
    if not tellings.reaches(counter.tx, file):
        return " Demande anonyme : rien n'est envoyé."
    telling = tellings.keep(counter, file, text)
    if telling is None:
        return " Ce texte a déjà été transmis aujourd'hui."
    if say.proof_read:
        proofs.ask(counter, file, telling)
        return " Le service aux citoyens relit le texte : il part une fois approuvé."
    return f" {tellings.send(counter, file, telling).sentence}"


def already(file: Row, seen: Seen, changes: Mapping[str, Any]) -> bool:
    """Whether somebody (or one's own first click) has just done this very thing."""
    return not changes and seen is not None and "state" in seen and State(seen["state"]) is not file["state"]


def _brings(counter: Counter[Writing], file: Row, move: Move) -> dict[str, Any]:
    match move:
        case Move.RETURN:
            return {"department": None, "planned_on": None}
        case Move.CANCEL:
            return {"closed_at": counter.at}
        case Move.REOPEN if file["first_contact"]:  # what was answered on the spot needs no acknowledgement
            told = file["acknowledged_at"] or file["received_at"]
            return {"first_contact": False, "acknowledged_at": told}
        case _:
            return {}


def _refuse_leaving_duplicates(counter: Counter[Writing], file: Row) -> None:
    """R-18: a duplicate waits on its original; were it cancelled, no list would hold either any more."""
    left = [row for row in counter.tx.find("files", ("number",), duplicate_of=file["id"]) if row["open"]]
    if left:
        raise refused(
            f"D'autres dossiers en sont les doublons ({', '.join(row['number'] for row in left[:5])}) : "
            "annulez-les ou déliez-les d'abord.",
            "R-18",
        )
