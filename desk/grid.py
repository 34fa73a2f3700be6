"""What may be typed in the grid of a queue, and the moves that a row so typed means (R-13, R-22)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desk import answers, drafts, typed
from desk.acts import Outcome, held, standing
from desk.answers import Brought, Window
from desk.meaning import OFFERED, carry_out, meant
from desk.town import Code
from desk.visits import Counter, Visit
from policy.moves import possible
from policy.reasons import Refused, refused
from policy.roles import Deed, refuse_unless
from policy.words import Answer, Move, State
from sync.fields import Kind
from sync.file_tables import ANSWERS, FILES
from sync.store import Row, Writing
from sync.versions import merge

HANDLED = ("state", "planned_on", "wait_reason", "wait_words", "next_action")
ANSWERED = ("answer", "words")
NOTHING = "rien à changer"
CLOSED_WITH = ("code", "done_on", "done_extension", "note", "citizen_text")  # annexe A, points 1 to 5


@dataclass(frozen=True)
class Edit:
    """What was typed in one row: ``seen`` the values it was based on, ``typed`` the new ones."""

    id: str
    seen: Mapping[str, Any]
    typed: Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column that may be edited now; ``choices`` value → words, when only those may be typed."""

    name: str
    label: str
    kind: Kind
    longest: int
    choices: Mapping[str, str] = field(default_factory=dict)


def columns(window: Window | None, codes: Mapping[str, Code]) -> tuple[Column, ...]:
    """The columns that may be edited at this moment: those of R-22 only while answers are expected."""
    names = HANDLED + (ANSWERED + CLOSED_WITH if window else ())
    in_use = {code.id: f"{code.code} {code.label}" for code in codes.values() if code.active}
    return tuple(_column(name, in_use) for name in names)


def save_row(visit: Visit, edit: Edit) -> Outcome:
    """One row of the grid, in its own transaction. Raises ``Refused``; what differs comes back untouched."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        file = held(counter, edit.id)
        window = answers.window(counter) if set(edit.typed) - set(HANDLED) else None
        return save_in(counter, file, edit, window)


def save_in(
    counter: Counter[Writing], file: Row, edit: Edit, window: Window | None, brought: Brought | None = None
) -> Outcome:
    """One row in the caller's transaction, on the file held; ``brought``: an answer of somebody else's."""
    new = _read(edit.typed, window)
    answered = _answered(counter, file, window)
    shown = {**file, **answered, **_read_back(edit.seen)}
    merged = merge({**file, **answered}, shown, new)
    if merged.differences:
        return Outcome(edit.id, differences=merged.differences)
    after, told = _apply(counter, file, answered, merged.changes, window, brought)
    drafts.drop_in(counter, edit.id, new)
    said = ", ".join(told) or NOTHING
    return Outcome(edit.id, f"{file['number']} : {said}.", after["version"])


def _apply(
    counter: Counter[Writing],
    file: Row,
    answered: Mapping[str, Any],
    changes: Mapping[str, Any],
    window: Window | None,
    brought: Brought | None,
) -> tuple[Row, list[str]]:
    fields = {name: value for name, value in changes.items() if name not in (*ANSWERED, "state")}
    told: list[str] = []
    replied = {**answered, **{name: changes[name] for name in ANSWERED if name in changes}}
    if window and not set(ANSWERED).isdisjoint(changes):
        refuse_unless(counter.person, Deed.ANSWER_RNC)
        if not answers.is_asked(file, window.drawn_at):
            raise refused("La liste RNC ne demande rien sur ce dossier.", answers.ARTICLE, "answer")
        answers.give(
            counter, {**file, **fields}, replied["answer"], replied["words"] or "", window.month, brought
        )
        told.append("réponse notée" if replied["answer"] else "réponse retirée")
    move = _move(counter, file, changes, replied["answer"] if "answer" in changes else None, brought)
    after, done = carry_out(counter, file, move, fields)
    return after, [*told, *done]


# The states each answer agrees with, where a row says both.
AGREES: Mapping[Answer | None, tuple[State, ...]] = {
    Answer.COMPLETED: (State.DONE, State.TO_CLOSE),
    Answer.WAITING: (State.WAITING,),
    Answer.ACTION: (State.TAKEN, State.PLANNED),
}


def _move(
    counter: Counter[Writing],
    file: Row,
    changes: Mapping[str, Any],
    answer: Answer | None,
    brought: Brought | None,
) -> Move | None:
    """The move that what was typed means; None when it is only a correction.

    « Complétée » closes where the department closes, and hands over where the desk does. What is brought to
    the desk (P §4.2.3, « apporter au Technicien ») is handed over: the desk closes in a pass of its own.
    """
    wanted = changes.get("state")
    if wanted is not None and wanted not in AGREES.get(answer, (wanted,)):
        raise refused(f"La réponse « {answer} » et l'état « {wanted} » se contredisent.", field="answer")
    if answer is Answer.COMPLETED:
        return Move.HAND_OVER if brought else wanted_end(counter, file)
    return meant(file, changes, waits=answer is Answer.WAITING)


def wanted_end(counter: Counter[Any], file: Row) -> Move:
    """P §4.1 against annexe A: what « Complétée » is for this person and this file."""
    may = {each.move for each in possible(standing(counter, file), counter.person) if each.allowed}
    return Move.HAND_OVER if Move.CLOSE not in may and Move.HAND_OVER in may else Move.CLOSE


def _read(values: Mapping[str, Any], window: Window | None) -> dict[str, Any]:
    """The typed values, judged: the grid is the browser's, and its message can be forged."""
    allowed = set(HANDLED) | (set(ANSWERED) | set(CLOSED_WITH) if window else set())
    of_file = {name: value for name, value in values.items() if name not in ANSWERED}
    tidied = {name: value.strip() if isinstance(value, str) else value for name, value in of_file.items()}
    found = typed.read(tidied, frozenset(allowed))
    for name in ANSWERED:
        if name in values:
            if name not in allowed:
                raise refused("Aucune réponse n'est attendue aujourd'hui.", answers.ARTICLE, name)
            found[name] = _answer(name, values[name])
    return found


def _answer(name: str, value: Any) -> Any:
    if name == "answer":
        return typed.chosen(value, Answer, name)
    if value is not None and not isinstance(value, str):
        raise refused("Cette précision ne se lit pas.", field=name)
    words = (value or "").strip()
    longest = ANSWERS.field(name).longest
    if len(words) > longest:
        raise refused(f"La précision compte {len(words)} caractères ; {longest} au plus.", field=name)
    return words or None


def _read_back(seen: Mapping[str, Any]) -> dict[str, Any]:
    """The values shown when typing began, as a draft or a browser gives them back."""
    known = (*HANDLED, *CLOSED_WITH)
    try:
        found = typed.read({name: seen[name] for name in known if name in seen}, frozenset(known))
    except Refused as error:
        raise refused("La ligne affichée ne se lit plus : actualisez la page.") from error
    return found | {name: _answer(name, seen[name]) for name in ANSWERED if name in seen}


def _answered(counter: Counter[Any], file: Row, window: Window | None) -> dict[str, Any]:
    kept = answers.given(counter, window.month, [file["id"]]).get(file["id"]) if window else None
    return {"answer": kept["answer"] if kept else None, "words": kept["words"] if kept else None}


def _column(name: str, codes: Mapping[str, str]) -> Column:
    found = (ANSWERS if name in ANSWERED else FILES).field(name)
    choices: dict[str, str] = {}
    if found.choices is not None:
        members: tuple[StrEnum, ...] = tuple(found.choices)
        choices = {member.value: member.value for member in members}
    if name == "state":
        choices = {state.value: state.value for state in OFFERED}
    if name == "code":
        choices = dict(codes)
    label = f"{found.label} (RNC)" if name == "words" else found.label
    return Column(name, label, found.kind, found.longest, choices)
