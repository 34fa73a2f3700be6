"""The table of moves and its judge (R-12, R-13): who, from where, with what, and never a dead end."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from policy.circuits import Need, default_closer
from policy.closing import Closing
from policy.moves import Given, Standing, after, judge, parties, possible
from policy.reasons import Refused
from policy.roles import System
from policy.words import Circuit, Closer, Move, Nature, State, WaitReason
from tests.policy.people import (
    ADMINISTRATOR,
    CLERK,
    COUNCILLOR,
    DIRECTOR,
    EMPLOYEE,
    EXPERIENCE,
    GENERAL,
    OTHER_SECRETARY,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    WORKS,
    Someone,
    system,
)
from tests.policy.standings import ALL_GIVEN, TODAY, a_file, allowed

SUNDAY = date(2026, 11, 22)


def refusal(move: Move, standing: Standing, asker: Someone, given_: Given = ALL_GIVEN) -> Refused:
    with pytest.raises(Refused) as no:
        judge(move, standing, asker, given_, TODAY)
    return no.value


M = Move
PLANNED = ("annexe A, point 2", "planned_on")
POINTS = [
    ("annexe A, point 1", "code"),
    ("annexe A, point 2", "done_on"),
    ("annexe A, point 3", "done_extension"),
    ("annexe A, point 4", "note"),
]
OTHER_WAIT = {"wait_reason": WaitReason.OTHER, "wait_words": ""}
DESK_ALWAYS = {M.ROUTE, M.CANCEL, M.ESCALATE, M.RECLASSIFY}
WORK = {M.PLAN, M.PAUSE, M.HAND_OVER}


@pytest.mark.parametrize(
    ("state", "circuit", "desk", "department"),
    [
        (State.NEW, Circuit.B, DESK_ALWAYS | {M.CLOSE}, set()),
        (
            State.ROUTED,
            Circuit.A,
            DESK_ALWAYS | WORK | {M.TAKE},
            WORK | {M.TAKE, M.RETURN, M.CLOSE, M.ESCALATE},
        ),
        (
            State.ROUTED,
            Circuit.B,
            DESK_ALWAYS | WORK | {M.TAKE},
            WORK | {M.TAKE, M.RETURN, M.CLOSE, M.ESCALATE},
        ),
        (
            State.ROUTED,
            Circuit.C,
            DESK_ALWAYS | WORK | {M.TAKE, M.CLOSE},
            WORK | {M.TAKE, M.RETURN, M.ESCALATE},
        ),
        (State.TAKEN, Circuit.A, DESK_ALWAYS | WORK, WORK | {M.CLOSE, M.ESCALATE}),
        (State.TAKEN, Circuit.C, DESK_ALWAYS | WORK | {M.CLOSE}, WORK | {M.ESCALATE}),
        (State.PLANNED, Circuit.B, DESK_ALWAYS | WORK, WORK | {M.CLOSE, M.ESCALATE}),
        (
            State.WAITING,
            Circuit.B,
            DESK_ALWAYS | {M.PLAN, M.RESUME, M.HAND_OVER},
            {M.PLAN, M.RESUME, M.HAND_OVER, M.CLOSE, M.ESCALATE},
        ),
        (State.TO_CLOSE, Circuit.A, DESK_ALWAYS | {M.RESUME, M.CLOSE}, {M.RESUME, M.CLOSE, M.ESCALATE}),
        (State.TO_CLOSE, Circuit.C, DESK_ALWAYS | {M.RESUME, M.CLOSE}, {M.RESUME, M.ESCALATE}),
        (State.DONE, Circuit.B, {M.REOPEN, M.RECLASSIFY}, {M.REOPEN}),
        (State.CANCELLED, Circuit.B, {M.REOPEN}, set()),
    ],
)
def test_each_state_offers_these_moves(
    state: State, circuit: Circuit, desk: set[Move], department: set[Move]
) -> None:
    standing = a_file(state, circuit)
    assert allowed(standing, TECHNICIAN) == allowed(standing, DIRECTOR) == desk
    assert allowed(standing, SECRETARY) == department


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    "asker",
    [
        OTHER_SECRETARY,
        EXPERIENCE,
        CLERK,
        GENERAL,
        COUNCILLOR,
        ADMINISTRATOR,
        EMPLOYEE,
        OUTSIDER,
        *(system(name) for name in (System.CLOCK, System.EXPORT, System.SETUP, "inconnu")),
    ],
)
def test_nobody_else_moves_a_file(asker: Someone, state: State) -> None:
    assert allowed(a_file(state), asker) == set()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("nature", [Nature.REQUEST, Nature.COMPLAINT])
def test_the_director_at_a_table_acts_for_the_desk_and_for_the_departments(
    state: State, nature: Nature
) -> None:
    standing = a_file(state, Circuit.A, nature=nature)
    both = allowed(standing, DIRECTOR) | allowed(standing, SECRETARY)
    assert allowed(standing, system(System.SYNC)) == both
    assert bool(both) is (nature is Nature.REQUEST)


def test_every_move_is_offered_with_its_refusal_or_what_it_needs() -> None:
    offered = possible(a_file(State.ROUTED), SECRETARY)
    assert [one.move for one in offered] == list(Move)
    for one in offered:
        assert one.allowed or all(g.article and g.message for g in one.refusal.grounds)  # type: ignore[union-attr]
    (pause,) = (one for one in offered if one.move is Move.PAUSE)
    assert (pause.to, pause.needs) == (State.WAITING, (Need.WAIT_REASON,))


@pytest.mark.parametrize(
    ("move", "standing", "asker", "article", "words"),
    [
        (M.CLOSE, a_file(State.TAKEN, Circuit.C), SECRETARY, "P §4.1", "remettez le dossier pour fermeture"),
        (M.CLOSE, a_file(State.TAKEN, Circuit.A), TECHNICIAN, "P annexe A", "ferme lui-même"),
        (M.CLOSE, a_file(State.DONE), SECRETARY, "P §4.1", "déjà fermé"),
        (M.CANCEL, a_file(State.TAKEN), SECRETARY, "SJ, « Le respect et la courtoisie »", "autre code"),
        (M.RETURN, a_file(State.TAKEN), SECRETARY, "P §4.1", "déjà pris ce dossier en charge"),
        (M.RETURN, a_file(State.ROUTED), TECHNICIAN, "P §4.1", "Acheminez"),
        (M.TAKE, a_file(State.NEW), TECHNICIAN, "P §4.1", "pas encore acheminé"),
        (M.TAKE, a_file(State.PLANNED), SECRETARY, "P §4.1", "déjà pris en charge"),
        (M.PLAN, a_file(State.TO_CLOSE), SECRETARY, "annexe A, point 2", "remis pour fermeture"),
        (M.PLAN, a_file(State.DONE), SECRETARY, "annexe A, point 2", "rouvrez-le"),
        (M.TAKE, a_file(State.CANCELLED), SECRETARY, "P §4.1", "annulé"),
        (M.PAUSE, a_file(State.WAITING), SECRETARY, "P §4.2.3", "déjà en attente"),
        (M.RESUME, a_file(State.TAKEN), SECRETARY, "P §4.2.3", "pas en attente"),
        (M.REOPEN, a_file(State.TAKEN), SECRETARY, "P §4.1", "encore ouvert"),
        (M.ROUTE, a_file(State.TAKEN), SECRETARY, "P §4.1", "service aux citoyens"),
        (M.ESCALATE, a_file(State.TAKEN, complex=True), SECRETARY, "P §4.1", "déjà signalé"),
        (M.TAKE, a_file(State.ROUTED, duplicate=True), SECRETARY, "R-18", "dossier d'origine"),
        (M.TAKE, a_file(State.ROUTED, nature=Nature.COMPLAINT), DIRECTOR, "P §4.4", "plainte"),
        (M.TAKE, a_file(State.ROUTED), CLERK, "P §4.1", "lire ce dossier"),
    ],
)
def test_a_refused_move_says_why(
    move: Move, standing: Standing, asker: Someone, article: str, words: str
) -> None:
    (ground,) = refusal(move, standing, asker).grounds
    assert ground.article == article
    assert words in ground.message


@pytest.mark.parametrize(
    ("move", "standing", "asker", "missing", "expected"),
    [
        (M.ROUTE, a_file(State.NEW), TECHNICIAN, {"department": None}, [("P §4.1", "department")]),
        (M.ROUTE, a_file(State.TAKEN), TECHNICIAN, {"department": WORKS}, [("P §4.1", "department")]),
        (M.RETURN, a_file(State.ROUTED), SECRETARY, {"reason": " "}, [("R-13", "last_reason")]),
        (M.PLAN, a_file(State.TAKEN), SECRETARY, {"planned_on": None}, [PLANNED]),
        (M.PLAN, a_file(State.TAKEN), SECRETARY, {"planned_on": SUNDAY}, [PLANNED]),
        (M.PAUSE, a_file(State.TAKEN), SECRETARY, {"wait_reason": None}, [("P §4.2.3", "wait_reason")]),
        (M.PAUSE, a_file(State.TAKEN), SECRETARY, OTHER_WAIT, [("P §4.2.3", "wait_words")]),
        (M.RESUME, a_file(State.TO_CLOSE), SECRETARY, {"reason": ""}, [("R-13", "last_reason")]),
        (M.CANCEL, a_file(State.NEW), TECHNICIAN, {"reason": ""}, [("R-13", "last_reason")]),
        (M.REOPEN, a_file(State.DONE), SECRETARY, {"reason": ""}, [("R-13", "last_reason")]),
        (M.ESCALATE, a_file(State.TAKEN), SECRETARY, {"reason": ""}, [("R-13", "last_reason")]),
        (M.RECLASSIFY, a_file(State.NEW), TECHNICIAN, {"nature": None}, [("P §4.1", "nature")]),
        (M.RECLASSIFY, a_file(State.NEW), TECHNICIAN, {"nature": Nature.REQUEST}, [("P §4.1", "nature")]),
        (M.RECLASSIFY, a_file(State.NEW), TECHNICIAN, {"nature": Nature.COMPLAINT}, [("P §4.4", "nature")]),
        (M.RECLASSIFY, a_file(State.NEW), TECHNICIAN, {"nature": Nature.ACCESS}, [("P §4.6", "nature")]),
        (M.RECLASSIFY, a_file(State.TAKEN), TECHNICIAN, {"nature": Nature.COMMENT}, [("P §4.1", "nature")]),
        (
            M.HAND_OVER,
            a_file(State.TAKEN),
            SECRETARY,
            {"closing": Closing()},
            POINTS[1:],
        ),
        (
            M.CLOSE,
            a_file(State.TAKEN),
            SECRETARY,
            {"closing": Closing()},
            POINTS,
        ),
    ],
)  # fmt: skip
def test_what_a_move_needs_is_asked_all_at_once(
    move: Move, standing: Standing, asker: Someone, missing: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    grounds = refusal(move, standing, asker, replace(ALL_GIVEN, **missing)).grounds
    assert [(ground.article, ground.field) for ground in grounds] == expected
    judge(move, standing, asker, ALL_GIVEN, TODAY)


def test_the_day_itself_may_be_planned() -> None:
    judge(M.PLAN, a_file(State.TAKEN), SECRETARY, replace(ALL_GIVEN, planned_on=TODAY), TODAY)


@pytest.mark.parametrize("circuit", Circuit)
@pytest.mark.parametrize("closer", Closer)
def test_who_closes_is_what_the_department_says_whatever_its_circuit(
    circuit: Circuit, closer: Closer
) -> None:
    taken = a_file(State.TAKEN, circuit, closer)
    assert (M.CLOSE in allowed(taken, SECRETARY)) is (closer is Closer.DEPARTMENT)
    assert (M.CLOSE in allowed(taken, TECHNICIAN)) is (closer is Closer.DESK)


def test_the_desk_closes_what_any_department_has_handed_over() -> None:
    for circuit, closer in product(Circuit, Closer):
        assert M.CLOSE in allowed(a_file(State.TO_CLOSE, circuit, closer), TECHNICIAN)


def test_circuits_a_and_b_close_their_own_files_and_c_leaves_it_to_the_desk() -> None:
    assert [default_closer(circuit) for circuit in Circuit] == [
        Closer.DEPARTMENT,
        Closer.DEPARTMENT,
        Closer.DESK,
    ]


@pytest.mark.parametrize("nature", [Nature.INFORMATION, Nature.COMMENT])
def test_what_needs_no_follow_up_is_neither_routed_nor_reopened(nature: Nature) -> None:
    assert "requête" in str(refusal(M.ROUTE, a_file(State.NEW, nature=nature), TECHNICIAN))
    assert "requête" in str(refusal(M.REOPEN, a_file(State.DONE, nature=nature), TECHNICIAN))
    judge(M.CLOSE, a_file(State.NEW, nature=nature), TECHNICIAN, ALL_GIVEN, TODAY)


def test_an_information_that_turns_out_to_need_work_becomes_a_request() -> None:
    settled = Standing(State.DONE, Nature.INFORMATION)
    judge(M.RECLASSIFY, settled, TECHNICIAN, replace(ALL_GIVEN, nature=Nature.REQUEST), TODAY)
    request = replace(settled, nature=Nature.REQUEST)
    judge(M.REOPEN, request, TECHNICIAN, ALL_GIVEN, TODAY)
    assert after(M.REOPEN, request) is State.NEW


def test_a_file_reopens_with_its_department() -> None:
    assert after(M.REOPEN, a_file(State.DONE)) is State.TAKEN
    (offer,) = (one for one in possible(Standing(State.CANCELLED), TECHNICIAN) if one.move is M.REOPEN)
    assert offer.to is State.NEW


def test_a_move_the_table_does_not_have_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="PLAN does not leave from DONE"):
        after(M.PLAN, a_file(State.DONE))


def test_an_import_moves_files_as_the_desk_and_the_department_would() -> None:
    assert parties(system(System.IMPORT), a_file(State.TAKEN)) == parties(
        TECHNICIAN, a_file(State.TAKEN)
    ) | parties(SECRETARY, a_file(State.TAKEN))
