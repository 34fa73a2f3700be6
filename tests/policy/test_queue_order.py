"""R-15: priority; overdue; target date; files without target; paused last; then arrival."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.queue_order import day, is_overdue, rank
from policy.words import OPEN_STATES, Priority, State

TODAY = date(2026, 11, 23)  # Mon
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@dataclass(frozen=True)
class File:
    state: State
    priority: Priority
    target_on: date | None
    arrival: int


def key(file: File) -> tuple[int, date, int]:
    return rank(file.state, file.priority), day(file.target_on), file.arrival


def test_a_queue_is_in_the_order_of_the_policy() -> None:
    expected = [
        File(State.TAKEN, Priority.URGENT, TOMORROW, 9),
        File(State.NEW, Priority.HIGH, None, 2),
        File(State.ROUTED, Priority.NORMAL, YESTERDAY, 8),
        File(State.PLANNED, Priority.NORMAL, TODAY, 7),
        File(State.ROUTED, Priority.NORMAL, TOMORROW, 5),
        File(State.ROUTED, Priority.NORMAL, TOMORROW, 6),
        File(State.ROUTED, Priority.NORMAL, None, 1),
        File(State.ROUTED, Priority.LOW, YESTERDAY, 3),
        File(State.WAITING, Priority.URGENT, YESTERDAY, 0),
        File(State.WAITING, Priority.LOW, YESTERDAY, 4),
    ]
    shuffled = [expected[place] for place in (4, 9, 0, 7, 2, 5, 8, 1, 6, 3)]
    assert sorted(shuffled, key=key) == expected


FILES = st.builds(
    File,
    st.sampled_from(sorted(OPEN_STATES)),
    st.sampled_from(Priority),
    st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 1000),
)


@given(st.lists(FILES, max_size=12))
def test_the_order_holds_between_any_two_neighbours(files: list[File]) -> None:
    queue = sorted(files, key=key)
    places = list(Priority)
    for one, next_ in pairwise(queue):
        paused = (one.state is State.WAITING, next_.state is State.WAITING)
        assert paused != (True, False)
        if paused[0] is not paused[1]:
            continue
        assert places.index(one.priority) <= places.index(next_.priority)
        if one.priority is next_.priority:
            assert not (is_overdue(next_.state, next_.target_on, TODAY) and one.target_on is None)
            assert (one.target_on or date.max) <= (next_.target_on or date.max)
            if one.target_on == next_.target_on:
                assert one.arrival <= next_.arrival


@pytest.mark.parametrize(
    ("state", "target_on", "overdue"),
    [
        (State.ROUTED, YESTERDAY, True),
        (State.ROUTED, TODAY, False),
        (State.ROUTED, None, False),
        (State.NEW, YESTERDAY, True),
        (State.TO_CLOSE, YESTERDAY, False),
        (State.WAITING, YESTERDAY, False),
        (State.DONE, YESTERDAY, False),
        (State.CANCELLED, YESTERDAY, False),
    ],
)
def test_a_file_is_overdue_the_day_after_its_target_while_it_waits_on_its_department(
    state: State, target_on: date | None, overdue: bool
) -> None:
    assert is_overdue(state, target_on, TODAY) is overdue


def test_a_pause_stops_the_clock_but_forgives_nothing() -> None:
    assert is_overdue(State.WAITING, date(2026, 11, 16), TODAY, paused_since=date(2026, 11, 17))  # Mon, Tue
    assert not is_overdue(State.WAITING, date(2026, 11, 17), TODAY, paused_since=date(2026, 11, 17))
