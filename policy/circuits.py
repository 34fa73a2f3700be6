"""The three circuits: the table of moves (state × circuit × role), written here and nowhere else."""
# ruff: noqa: E501  (one line of the table a line)

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from policy.words import OPEN_STATES, Circuit, Closer, Move, State


class Party(StrEnum):
    """In what quality someone acts on a file."""

    DESK = "Technicien, Directeur"
    DEPARTMENT = "Secrétaire ou Responsable du service"


class Need(StrEnum):
    """What must be given with a move."""

    DEPARTMENT = "un service"
    REASON = "un motif"
    PLANNED_ON = "la date prévue"
    WAIT_REASON = "le motif d'attente"
    NATURE = "la nature"
    INFORMATION = "annexe A, points 2 à 4"
    CLOSING = "annexe A"


@dataclass(frozen=True)
class Line:
    """One line of the table; no ``to``: the file stays where it is; no ``circuits`` or ``closers``: all."""

    move: Move
    sources: tuple[State, ...]
    to: State | None
    parties: tuple[Party, ...]
    needs: tuple[Need, ...]
    article: str
    circuits: tuple[Circuit, ...] = ()
    closers: tuple[Closer, ...] = ()
    remark: str = ""


_NEW, _ROUTED, _TAKEN, _PLANNED = State.NEW, State.ROUTED, State.TAKEN, State.PLANNED
_WAITING, _TO_CLOSE, _DONE, _CANCELLED = State.WAITING, State.TO_CLOSE, State.DONE, State.CANCELLED
_WITH_DEPARTMENT = (_ROUTED, _TAKEN, _PLANNED, _WAITING)
_OPEN = (_NEW, *_WITH_DEPARTMENT, _TO_CLOSE)
_DESK, _BOTH, _DEPARTMENT = (Party.DESK,), (Party.DEPARTMENT, Party.DESK), (Party.DEPARTMENT,)
_A, _B, _C = (Circuit.A,), (Circuit.B,), (Circuit.C,)
_THEY, _US = (Closer.DEPARTMENT,), (Closer.DESK,)

# P §4.1, P §4.2. The desk may also note for a department what it says by telephone (P §4.2.3:
# "apporter au Technicien toutes les informations manquantes"); it closes for one that closes its own files
# (annexe A) only what that department has handed over.
# fmt: off
TABLE: tuple[Line, ...] = (
    Line(Move.ROUTE,      (_NEW,),                     _ROUTED,    _DESK,       (Need.DEPARTMENT,),  "P §4.1"),
    Line(Move.ROUTE,      (*_WITH_DEPARTMENT, _TO_CLOSE), _ROUTED, _DESK,       (Need.DEPARTMENT,),  "P §4.1", remark="vers un autre service"),
    Line(Move.RETURN,     (_ROUTED,),                  _NEW,       _DEPARTMENT, (Need.REASON,),      "P §4.1", remark="le Technicien achemine de nouveau"),
    Line(Move.TAKE,       (_ROUTED,),                  _TAKEN,     _BOTH,       (),                  "P §4.1"),
    Line(Move.PLAN,       _WITH_DEPARTMENT,            _PLANNED,   _BOTH,       (Need.PLANNED_ON,),  "annexe A, point 2"),
    Line(Move.PAUSE,      (_ROUTED, _TAKEN, _PLANNED), _WAITING,   _BOTH,       (Need.WAIT_REASON,), "P §4.2.3", remark="« en attente pour X raison »"),
    Line(Move.RESUME,     (_WAITING,),                 _TAKEN,     _BOTH,       (),                  "P §4.2.3"),
    Line(Move.RESUME,     (_TO_CLOSE,),                _TAKEN,     _BOTH,       (Need.REASON,),      "P §4.2.3", remark="il manque une information"),
    Line(Move.HAND_OVER,  _WITH_DEPARTMENT,            _TO_CLOSE,  _BOTH,       (Need.INFORMATION,), "P §4.2.1", circuits=_A, remark="pour relecture"),
    Line(Move.HAND_OVER,  _WITH_DEPARTMENT,            _TO_CLOSE,  _BOTH,       (Need.INFORMATION,), "P §4.2.2", circuits=_B, remark="de l'exécution à la réception"),
    Line(Move.HAND_OVER,  _WITH_DEPARTMENT,            _TO_CLOSE,  _BOTH,       (Need.INFORMATION,), "P §4.2.3", circuits=_C, remark="au Technicien"),
    Line(Move.CLOSE,      (_NEW, _TO_CLOSE),           _DONE,      _DESK,       (Need.CLOSING,),     "P §4.1"),
    Line(Move.CLOSE,      _WITH_DEPARTMENT,            _DONE,      _DESK,       (Need.CLOSING,),     "P §4.1", closers=_US),
    Line(Move.CLOSE,      (*_WITH_DEPARTMENT, _TO_CLOSE), _DONE,   _DEPARTMENT, (Need.CLOSING,),     "P annexe A", closers=_THEY),
    Line(Move.CANCEL,     _OPEN,                       _CANCELLED, _DESK,       (Need.REASON,),      "P §4.1"),
    Line(Move.REOPEN,     (_DONE,),                    _TAKEN,     _BOTH,       (Need.REASON,),      "P §4.1", remark="Nouvelle, s'il n'a jamais eu de service"),
    Line(Move.REOPEN,     (_CANCELLED,),               _TAKEN,     _DESK,       (Need.REASON,),      "P §4.1", remark="Nouvelle, s'il n'a jamais eu de service"),
    Line(Move.ESCALATE,   _OPEN,                       None,       _BOTH,       (Need.REASON,),      "P §4.1", remark="« gestion des cas complexes »"),
    Line(Move.RECLASSIFY, (*_OPEN, _DONE),             None,       _DESK,       (Need.NATURE,),      "P §4.1"),
)
# fmt: on

# What may still be done with a duplicate: the work is done, and the waiting counted, on the original.
OF_A_DUPLICATE = frozenset(
    {Move.RETURN, Move.RESUME, Move.HAND_OVER, Move.CLOSE, Move.CANCEL, Move.RECLASSIFY}
)
# P §4.1: what the RNC holds: open, and not handed over.
OUTSTANDING = OPEN_STATES - {State.TO_CLOSE}


def as_markdown() -> str:
    """The table as ``docs/policy.md`` prints it: its lines, then each role's moves by state and circuit."""
    return "\n".join((*_lines(), "", *_matrix()))


def destination(line: Line, department: str | None) -> State | None:
    """Where the line leads; a file that never had a department reopens at the desk. None: it stays."""
    if line.move is Move.REOPEN and department is None:
        return State.NEW
    return line.to


def default_closer(circuit: Circuit) -> Closer:
    """P §4.1 against P annexe A (R-12, docs/readings.md): who closes when the town has not said."""
    return Closer.DESK if circuit is Circuit.C else Closer.DEPARTMENT


def _lines() -> Iterable[str]:
    yield "| Geste | De | Vers | Circuit | Qui ferme | Qui peut | Il faut | Article |"
    yield "|---|---|---|---|---|---|---|---|"
    for line in TABLE:
        cells = (
            f"**{line.move}**" + (f" ({line.remark})" if line.remark else ""),
            ", ".join(line.sources),
            line.to or "(reste où il est)",
            ", ".join(line.circuits) or "tous",
            ", ".join(line.closers) or "peu importe",
            "; ".join(line.parties),
            ", ".join(line.needs) or "rien",
            line.article,
        )
        yield f"| {' | '.join(cells)} |"


def _matrix() -> Iterable[str]:
    yield "| État | Circuit (qui ferme) | " + " | ".join(Party) + " |"
    yield "|---|---|---|---|"
    for state in State:
        for circuit in Circuit:
            closer = default_closer(circuit)
            cells = (
                ", ".join(
                    move.value
                    for move in Move
                    if any(_fits(line, move, state, party, circuit, closer) for line in TABLE)
                )
                or "rien"
                for party in Party
            )
            yield f"| {state} | {circuit} ({closer}) | {' | '.join(cells)} |"


def _fits(line: Line, move: Move, state: State, party: Party, circuit: Circuit, closer: Closer) -> bool:
    return (
        line.move is move
        and state in line.sources
        and party in line.parties
        and (not line.circuits or circuit in line.circuits)
        and (not line.closers or closer in line.closers)
    )
