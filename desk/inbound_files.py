"""A row of a file as the director typed it in a table outside, judged whole (R-13, R-16)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desk import typed
from desk.acts import held, write
from desk.closing import refuse_unknown_code
from desk.meaning import carry_out, meant
from desk.moves import INTAKE, amend_in, apply, refuse_amendment
from desk.routing import recategorise
from desk.visits import Counter
from policy.classification import tidy
from policy.reasons import Ground, Refused, refused
from policy.words import OPEN_STATES, Channel, Move, State
from sync.fields import Kind, Leaves, Owner
from sync.file_tables import FILES
from sync.history import entries
from sync.store import Row, Writing

# What may be typed there; the rest is the desk's.
TYPED = frozenset(
    field.name for field in FILES.fields if field.owner is not Owner.DESK and field.leaves is not Leaves.NEVER
)
TELLING = ("facts", "street", "civic", "sector", "place_note", "category", "next_action")
NOTED = "noter un motif"
_CAME_IN = INTAKE | {"forwarded_by"}
_ALONE = ("state", "category", "priority", "complex", "last_reason")  # each has its own part below


def change(counter: Counter[Writing], record: str, values: Mapping[str, Any]) -> Row:
    """P §4.1: carry out what was typed in one row, or nothing; the file afterwards.

    ``last_reason`` is the reason of the act typed with it. A row may mean several acts: what came in is
    corrected first, while the file is open, and its state moves last. Raises ``Refused``, ``NotFound``.
    """
    file = held(counter, record)
    given = read(values)
    news = {name: value for name, value in given.items() if value != file[name]}
    reason = news.get("last_reason") or ""
    move = _move(file, news)
    reason = reason or (_noted(counter, file) if move or news.get("complex") else "")
    before = file
    if move is Move.REOPEN:
        file, move = apply(counter, file, move, {}, reason), None
    file = _corrected(counter, file, news)
    file = _complex(counter, file, news, reason)
    rest = {name: news[name] for name in news if name not in _CAME_IN and name not in _ALONE}
    file = _carried_out(counter, file, move, rest, reason)
    if "last_reason" in news and file["last_reason"] != news["last_reason"]:
        refuse_amendment(counter.person, counter, before, {})
        file = write(counter, file, {"last_reason": news["last_reason"]}, NOTED)
    return file


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, without blanks around it, as the store keeps it; a box left empty is not ticked.

    Raises ``Refused`` with every ground at once.
    """
    tidied = {name: tidy(value) if type(value) is str else value for name, value in values.items()}
    return typed.read({name: _ticked(name, value) for name, value in tidied.items()}, TYPED)


def refuse_unusable(values: Mapping[str, Any]) -> None:
    """P §4.3: raise ``Refused`` when a row typed there says nothing that a demand can be made of."""
    if not any(read({name: values[name] for name in TELLING if values.get(name)}).values()):
        raise refused(
            "Rien n'y dit de quoi il s'agit : inscrivez au moins la catégorie, la rue ou le lieu.",
            "P §4.3",
            "street",
        )


def _move(file: Row, news: Mapping[str, Any]) -> Move | None:
    """The move of the state typed; the table also cancels and reopens, but routes nothing."""
    match news.get("state"):
        case State.NEW | State.ROUTED as wanted:
            raise refused(
                f"« {wanted} » ne se choisit pas dans la table : un dossier s'achemine, ou se rend au "
                "service aux citoyens, à l'écran.",
                "P §4.1",
                "state",
            )
        case State.CANCELLED:
            return Move.CANCEL
        case State.TAKEN if file["state"] not in OPEN_STATES:
            return Move.REOPEN
    return meant(file, news)


def _noted(counter: Counter[Writing], file: Row) -> str:
    """The reason that was typed there alone, a moment before the act it explains."""
    told = [each for each in entries(counter.tx, "files", file["id"]) if "last_reason" in each.changes]
    return str(file["last_reason"] or "") if told and told[-1].act == NOTED else ""


def _corrected(counter: Counter[Writing], file: Row, news: Mapping[str, Any]) -> Row:
    if "category" in news:
        if news["category"] is None:
            raise refused("Choisissez une catégorie de la grille d'intervention.", "P §4.1", "category")
        file = recategorise(counter, file, news["category"], news.get("priority"))
    corrections = {name: news[name] for name in news if name in _CAME_IN and news[name] != file[name]}
    if corrections:
        _check_forwarding(counter, {**file, **corrections}, corrections)
        file = amend_in(counter, file, corrections)
    return file


def _check_forwarding(counter: Counter[Writing], after: Row, corrections: Mapping[str, Any]) -> None:
    """R-2: who forwards is a member of council, and is named when the demand came that way."""
    if "forwarded_by" in corrections and after["forwarded_by"]:
        if counter.tx.get("council", after["forwarded_by"]) is None:
            raise refused("Ce membre du conseil n'est pas dans la liste.", "R-2", "forwarded_by")
    elif after["channel"] is Channel.COUNCIL and not after["forwarded_by"]:
        raise refused("Nommez le membre du conseil qui transmet la demande.", "R-2", "forwarded_by")


def _complex(counter: Counter[Writing], file: Row, news: Mapping[str, Any], reason: str) -> Row:
    """P §4.1 « gestion des cas complexes »: ticked, it is signalled; unticked, settled."""
    match news.get("complex"):
        case True:
            ticked = reason or f"Coché par la direction ({counter.person.name})."
            return apply(counter, file, Move.ESCALATE, {}, ticked)
        case False:
            refuse_amendment(counter.person, counter, file, {"complex": False})
            return write(counter, file, {"complex": False}, "régler le cas complexe")
    return file


def _carried_out(
    counter: Counter[Writing], file: Row, move: Move | None, rest: dict[str, Any], reason: str
) -> Row:
    """The move and the fields beside it. Annexe A's note has no column there: the reason stands for it."""
    refuse_unknown_code(counter, rest)
    if move in (Move.CLOSE, Move.HAND_OVER) and reason and not file["note"]:
        rest["note"] = reason
    try:
        return carry_out(counter, file, move, rest, reason)[0]
    except Refused as no:
        raise Refused(tuple(map(_of_the_table, no.grounds))) from None


def _of_the_table(ground: Ground) -> Ground:
    if ground.field != "note":
        return ground
    words = (
        "Écrivez ce qui a été fait sous « Motif du dernier geste » (ce sera la note interne, qui n'a pas de "
        "colonne dans la table), ou fermez le dossier à l'écran."
    )
    return replace(ground, message=words, field="last_reason")


def _ticked(name: str, value: Any) -> Any:
    known = name in TYPED and FILES.field(name).kind is Kind.BOOL
    return False if known and value is None else value
