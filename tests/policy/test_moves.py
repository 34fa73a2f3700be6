"""The table of moves and its judge (R-12, R-13): who, from where, with what, and never a dead end."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.circuits import TABLE, Need, default_closer
from policy.closing import Closing, check_closing
from policy.moves import Given, Standing, after, judge, parties, possible, stamps
from policy.reasons import Refused
from policy.roles import System
from policy.words import OPEN_STATES, Circuit, Closer, Move, Nature, State, WaitReason
from tests.policy.people import (
    ADMINISTRATOR,
    CLERK,
    COUNCILLOR,
    DIRECTOR,
    EMPLOYEE,
    EXPERIENCE,
    GENERAL,
    LEISURE,
    OTHER_SECRETARY,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    WORKS,
    Someone,
    system,
)

TODAY = date(2026, 11, 23)  # Mon
SUNDAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WHOLE = Closing("238", True, TODAY, "2243", "Nid-de-poule bouché.")
ALL_GIVEN = Given(LEISURE, "un motif", TODAY, WaitReason.PARTS, "des bordures", Nature.CLAIM, WHOLE)


def a_file(
    state: State, circuit: Circuit = Circuit.B, closer: Closer | None = None, **others: Any
) -> Standing:
    department = None if state is State.NEW else WORKS
    return Standing(
        state, department=department, circuit=circuit, closer=closer or default_closer(circuit), **others
    )


def refusal(move: Move, standing: Standing, asker: Someone, given_: Given = ALL_GIVEN) -> Refused:
    with pytest.raises(Refused) as no:
        judge(move, standing, asker, given_, TODAY)
    return no.value


def allowed(standing: Standing, asker: Someone) -> set[Move]:
    return {one.move for one in possible(standing, asker) if one.allowed}


M = Move
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
        *(system(name) for name in (System.CLOCK, System.SYNC, System.EXPORT, System.SETUP, "inconnu")),
    ],
)
def test_nobody_else_moves_a_file(asker: Someone, state: State) -> None:
    assert allowed(a_file(state), asker) == set()


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
        (M.TAKE, a_file(State.ROUTED, nature=Nature.COMPLAINT), DIRECTOR, "P §4.4", "plaintes"),
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
        (M.PLAN, a_file(State.TAKEN), SECRETARY, {"planned_on": None}, [("annexe A, point 2", "planned_on")]),
        (M.PLAN, a_file(State.TAKEN), SECRETARY, {"planned_on": SUNDAY}, [("annexe A, point 2", "planned_on")]),
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


EMPTY: dict[str, Any] = {"completed_at": None, "closed_at": None, "first_closed_at": None}
EARLIER = NOW - timedelta(days=3)


def test_completed_is_not_closed() -> None:
    handed = stamps(M.HAND_OVER, a_file(State.TAKEN, Circuit.C), EMPTY, EARLIER)
    assert handed == {"state": State.TO_CLOSE, "completed_at": EARLIER}
    closed = stamps(M.CLOSE, a_file(State.TO_CLOSE, Circuit.C), EMPTY | handed, NOW)
    assert closed == {
        "state": State.DONE,
        "completed_at": EARLIER,
        "closed_at": NOW,
        "first_closed_at": NOW,
    }


def test_what_nobody_handed_over_is_completed_when_it_is_closed() -> None:
    closed = stamps(M.CLOSE, a_file(State.TAKEN), EMPTY, NOW)
    assert closed["completed_at"] == closed["closed_at"] == NOW


def test_a_hand_over_taken_back_is_not_completed_any_more() -> None:
    assert stamps(M.RESUME, a_file(State.TO_CLOSE), {"completed_at": EARLIER}, NOW)["completed_at"] is None
    assert stamps(M.ROUTE, a_file(State.TO_CLOSE), {"completed_at": EARLIER}, NOW)["completed_at"] is None
    assert "completed_at" not in stamps(M.ESCALATE, a_file(State.TO_CLOSE), {"completed_at": EARLIER}, NOW)


def test_a_reopened_file_keeps_its_first_closing() -> None:
    closed = EMPTY | stamps(M.CLOSE, a_file(State.TAKEN), EMPTY, EARLIER)
    reopened = closed | stamps(M.REOPEN, a_file(State.DONE), closed, NOW)
    assert (reopened["first_closed_at"], reopened["closed_at"], reopened["completed_at"]) == (
        EARLIER,
        None,
        None,
    )
    assert reopened["reopened_at"] == NOW
    again = stamps(M.CLOSE, a_file(State.TAKEN), reopened, NOW + timedelta(days=1))
    assert again["first_closed_at"] == EARLIER


def test_a_reopened_file_asks_for_its_code_and_date_anew() -> None:
    changes = stamps(M.REOPEN, a_file(State.DONE), EMPTY, NOW)
    assert (changes["code"], changes["done_on"]) == (None, None)


@pytest.mark.parametrize("move", [M.RESUME, M.PLAN, M.HAND_OVER, M.CLOSE, M.CANCEL, M.ROUTE])
def test_a_file_that_leaves_its_wait_leaves_its_reason_there(move: Move) -> None:
    changes = stamps(move, a_file(State.WAITING), EMPTY, NOW)
    assert (changes["wait_reason"], changes["wait_words"]) == (None, None)


def test_a_complex_case_stays_where_it_is_and_is_marked() -> None:
    assert stamps(M.ESCALATE, a_file(State.WAITING), EMPTY, NOW) == {"state": State.WAITING, "complex": True}


def test_a_file_sent_back_is_at_the_desk_again() -> None:
    assert stamps(M.RETURN, a_file(State.ROUTED), EMPTY, NOW) == {"state": State.NEW, "department": None}


CAST = (TECHNICIAN, DIRECTOR, SECRETARY, OTHER_SECRETARY)
DEPARTMENTS = {WORKS: (Circuit.B, Closer.DEPARTMENT), LEISURE: (Circuit.C, Closer.DESK)}
GIVENS = tuple(
    replace(ALL_GIVEN, department=department, nature=nature)
    for department, nature in product(DEPARTMENTS, Nature)
)


def moved(standing: Standing, move: Move, given_: Given) -> Standing:
    """The standing after a move that was judged good, as the counter would write it."""
    changes = stamps(move, standing, EMPTY, NOW)
    standing = replace(standing, state=changes["state"], complex=changes.get("complex", standing.complex))
    if move is M.ROUTE and given_.department is not None:
        circuit, closer = DEPARTMENTS[given_.department]
        return replace(standing, department=given_.department, circuit=circuit, closer=closer)
    if move is M.RETURN:
        return replace(standing, department=None, circuit=None, closer=None)
    if move is M.RECLASSIFY and given_.nature is not None:
        return replace(standing, nature=given_.nature)
    return standing


def steps(standing: Standing) -> set[Standing]:
    """Every standing one judged move away, whoever makes it; a file may also be found to be a duplicate."""
    found = {replace(standing, duplicate=True)} if standing.state in OPEN_STATES else set()
    for asker, one in product(CAST, Move):
        if one in allowed(standing, asker):
            for given_ in GIVENS:
                try:
                    judge(one, standing, asker, given_, TODAY)
                except Refused:
                    continue
                found.add(moved(standing, one, given_))
    return found


def everything() -> dict[Standing, set[Standing]]:
    """All that any sequence of moves can reach from what the desk enters, with what follows each."""
    graph: dict[Standing, set[Standing]] = {}
    waiting = [
        Standing(State.NEW, nature) for nature in Nature if nature not in (Nature.COMPLAINT, Nature.ACCESS)
    ]
    while waiting:
        standing = waiting.pop()
        if standing not in graph:
            graph[standing] = steps(standing)
            waiting.extend(graph[standing])
    return graph


def test_no_sequence_of_moves_reaches_a_dead_end() -> None:
    graph = everything()
    ends = {standing for standing in graph if standing.state is State.DONE}
    while True:
        more = {one for one, following in graph.items() if one not in ends and following & ends}
        if not more:
            break
        ends |= more
    stuck = set(graph) - ends
    # a cancelled duplicate is over: its original goes on; what needs no follow-up may be cancelled for good
    assert all(
        s.state is State.CANCELLED and (s.duplicate or s.nature in (Nature.INFORMATION, Nature.COMMENT))
        for s in stuck
    )
    assert {standing.state for standing in graph} == set(State)


def test_every_line_of_the_table_serves() -> None:
    for line in TABLE:
        for source in line.sources:
            circuit, closer = (*line.circuits, Circuit.B)[0], (*line.closers, None)[0]
            standing = a_file(source, circuit, closer)
            assert any(line.move in allowed(standing, asker) for asker in (TECHNICIAN, SECRETARY)), (
                line,
                source,
            )


@dataclass(frozen=True)
class Step:
    move: Move
    asker: Someone
    given: Given


TEXTS = st.sampled_from(["", "238", "un motif", "2243"])
STEPS = st.builds(
    Step,
    st.sampled_from(Move),
    st.sampled_from([*CAST, CLERK, COUNCILLOR, OUTSIDER, system(System.CLOCK)]),
    st.builds(
        Given,
        department=st.sampled_from([None, WORKS, LEISURE]),
        reason=TEXTS,
        planned_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
        wait_reason=st.none() | st.sampled_from(WaitReason),
        wait_words=TEXTS,
        nature=st.none() | st.sampled_from(Nature),
        closing=st.just(WHOLE) | st.builds(Closing, code=TEXTS, met=st.booleans(), done_on=st.none() | st.just(TODAY),
                                           extension=TEXTS, note=TEXTS, citizen_text=TEXTS),
    ),
)  # fmt: skip


@given(st.sampled_from([Nature.REQUEST, Nature.CLAIM, Nature.INFORMATION]), st.lists(STEPS, max_size=25))
def test_on_any_path_what_is_closed_has_annexe_a_and_what_is_refused_changes_nothing(
    nature: Nature, path: list[Step]
) -> None:
    standing = Standing(State.NEW, nature)
    file = dict(EMPTY)
    closing = Closing()
    for step in path:
        try:
            judge(step.move, standing, step.asker, step.given, TODAY)
        except Refused as no:
            assert all(ground.message and ground.article for ground in no.grounds)
            continue
        assert parties(step.asker, standing)
        if step.move is M.CLOSE:
            closing = step.given.closing
        file |= stamps(step.move, standing, file, NOW)
        standing = moved(standing, step.move, step.given)
        assert standing.state is file["state"]
        assert (file["closed_at"] is not None) is (standing.state is State.DONE)
        if standing.state is State.DONE:
            assert check_closing(closing, TODAY) == ()
            assert file["completed_at"] is not None
        if standing.state not in (State.NEW, State.DONE, State.CANCELLED):
            assert standing.department is not None
            assert standing.nature in (Nature.REQUEST, Nature.CLAIM)
        if standing.state in (State.TAKEN, State.PLANNED, State.WAITING, State.ROUTED):
            assert file["completed_at"] is None
