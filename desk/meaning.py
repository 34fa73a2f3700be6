"""The move that a row so typed means (R-13), carried out: for the grid, and for the tables outside."""

from collections.abc import Mapping
from typing import Any

from desk.closing import close_file
from desk.moves import amend_in, apply
from desk.visits import Counter
from policy.reasons import refused
from policy.words import Move, State
from sync.store import Row, Writing

# The states a person chooses in a cell; a file enters or leaves the others by an act of its own.
OFFERED = (State.TAKEN, State.PLANNED, State.WAITING, State.TO_CLOSE, State.DONE)

DONE = {
    Move.TAKE: "pris en charge",
    Move.PLAN: "planifié",
    Move.PAUSE: "mis en attente",
    Move.RESUME: "repris",
    Move.HAND_OVER: "remis pour fermeture",
    Move.CANCEL: "annulé",
    Move.REOPEN: "rouvert",
}


def meant(file: Row, changes: Mapping[str, Any], waits: bool = False) -> Move | None:
    """The move that what was typed means; None when it is only a correction. Raises ``Refused``.

    A date typed on a file not yet planned plans it, a reason typed (or ``waits``) puts it on hold: nobody
    types the same thing twice.
    """
    now = file["state"]
    wanted = changes.get("state")
    if wanted is not None:
        return _towards(file, wanted)
    if (waits or changes.get("wait_reason") is not None) and now in _NOT_YET:
        return Move.PAUSE
    if changes.get("planned_on") is not None and now in _NOT_YET:
        return Move.PLAN
    return None


def carry_out(
    counter: Counter[Writing], file: Row, move: Move | None, fields: Mapping[str, Any], reason: str = ""
) -> tuple[Row, list[str]]:
    """Make the move with the fields typed beside it, or only write these; the file, and what was done.

    ``fields`` are values of the file, without its state; what does not belong to the move is an amendment.
    """
    if move is Move.CLOSE:
        reasoned = {"last_reason": reason.strip()} if reason.strip() else {}
        after, mailed = close_file(counter, file, {**fields, **reasoned})
        return after, ["dossier fermé", *([mailed.rstrip(".")] if mailed else [])]
    if move is not None:
        own = _belonging(move, fields)
        after = apply(counter, file, move, own, reason)
        rest = {name: fields[name] for name in fields if name not in own and fields[name] != after[name]}
        return amend_in(counter, after, rest), [DONE[move]]
    if fields:
        return amend_in(counter, file, fields), ["enregistré"]
    return file, []


_NOT_YET = (State.ROUTED, State.TAKEN, State.PLANNED)


def _towards(file: Row, wanted: State) -> Move:
    if wanted not in OFFERED:
        raise refused(f"L'état « {wanted} » ne se choisit pas dans la grille.", "P §4.1", "state")
    if wanted is State.TAKEN:
        return Move.RESUME if file["state"] in (State.WAITING, State.TO_CLOSE) else Move.TAKE
    return {
        State.PLANNED: Move.PLAN,
        State.WAITING: Move.PAUSE,
        State.TO_CLOSE: Move.HAND_OVER,
        State.DONE: Move.CLOSE,
    }[wanted]


def _belonging(move: Move, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed that the move itself writes; a wait that ends keeps no reason."""
    left_out = () if move is Move.PAUSE else ("wait_reason", "wait_words")
    return {name: value for name, value in fields.items() if name not in left_out}
