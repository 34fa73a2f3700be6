"""Screens take turns: in order, never lost, and a slow one stops nobody for long."""

from threading import Event, Thread

import pytest

from door.turns import Turns

LONG = 60.0  # seconds; no test waits for it
SOON = 0.01


def waiting(turns: Turns, went_in: Event) -> Thread:
    def draw() -> None:
        with turns.taken():
            went_in.set()

    thread = Thread(target=draw, daemon=True)
    thread.start()
    return thread


def test_the_next_goes_in_when_the_one_before_is_done() -> None:
    turns, went_in = Turns(patience=LONG), Event()
    with turns.taken():
        thread = waiting(turns, went_in)
        assert not went_in.wait(SOON)
    thread.join(LONG)
    assert went_in.is_set()


def test_a_slow_screen_makes_nobody_wait_longer_than_the_patience() -> None:
    turns, went_in = Turns(patience=SOON), Event()
    with turns.taken():
        waiting(turns, went_in).join(LONG)
        assert went_in.is_set()


def test_a_screen_that_ends_badly_gives_its_turn_back() -> None:
    turns, went_in = Turns(patience=LONG), Event()
    with pytest.raises(RuntimeError), turns.taken():
        raise RuntimeError
    waiting(turns, went_in).join(LONG)
    assert went_in.is_set()


def test_who_went_in_without_a_turn_gives_none_back() -> None:
    turns = Turns(patience=0)
    with turns.taken(), turns.taken():
        pass  # a turn given back twice would raise
    with turns.taken():
        pass


def test_several_lanes_let_as_many_in() -> None:
    turns, went_in = Turns(lanes=2, patience=LONG), Event()
    with turns.taken():
        waiting(turns, went_in).join(LONG)
        assert went_in.is_set()
