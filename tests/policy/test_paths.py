"""What a move changes (completed is not closed), and that no sequence of moves reaches a dead end (R-13)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.circuits import TABLE
from policy.closing import Closing, check_closing
from policy.moves import Given, Standing, judge, parties, stamps
from policy.reasons import Refused
from policy.roles import System
from policy.words import OPEN_STATES, Circuit, Closer, Move, Nature, State, WaitReason
from tests.policy.people import (
    CLERK,
    COUNCILLOR,
    DIRECTOR,
    LEISURE,
    OTHER_SECRETARY,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    WORKS,
    Someone,
    system,
)
from tests.policy.standings import ALL_GIVEN, TODAY, WHOLE, a_file, allowed

M = Move

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
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
CLOSINGS = st.builds(
    Closing,
    code=TEXTS,
    met=st.booleans(),
    done_on=st.none() | st.just(TODAY),
    extension=TEXTS,
    note=TEXTS,
    citizen_text=TEXTS,
)
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
        closing=st.just(WHOLE) | CLOSINGS,
    ),
)


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
