"""A stale write overwrites nothing: different fields merge, the same field comes back as a difference."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.words import State
from sync.versions import Difference, Merge, merge


def test_edits_of_different_fields_merge() -> None:
    current = {"state": "Planifiée", "planned_on": None, "note": "vu"}
    seen = {"state": "Acheminée", "planned_on": None, "note": "vu"}
    assert merge(current, seen, {"planned_on": date(2026, 12, 1), "note": "vu"}) == Merge(
        {"planned_on": date(2026, 12, 1)}, ()
    )


def test_edits_of_the_same_field_come_back_as_a_difference() -> None:
    merged = merge({"note": "la leur"}, {"note": "avant"}, {"note": "la mienne"})
    assert merged == Merge({}, (Difference("note", "avant", "la mienne", "la leur"),))


def test_one_field_in_dispute_does_not_hold_the_others() -> None:
    merged = merge({"a": "2", "b": "1"}, {"a": "1", "b": "1"}, {"a": "3", "b": "2"})
    assert merged == Merge({"b": "2"}, (Difference("a", "1", "3", "2"),))


def test_two_people_who_typed_the_same_do_not_disagree() -> None:
    assert merge({"note": "fait"}, {"note": None}, {"note": "fait"}) == Merge({}, ())


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        (None, ""),
        (State.NEW, "Nouvelle"),
        (date(2026, 12, 1), "2026-12-01"),
        (datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "2026-11-23T13:05:00+00:00"),
        ("une ligne\r\nune autre", "une ligne\nune autre"),
    ],
)
def test_a_value_as_the_screen_showed_it_is_the_value(now: Any, seen: Any) -> None:
    assert merge({"field": now}, {"field": seen}, {"field": "changé"}).changes == {"field": "changé"}
    assert merge({"field": now}, {"field": seen}, {"field": seen}) == Merge({}, ())


def test_a_field_that_was_not_shown_was_shown_empty() -> None:
    assert merge({"note": None}, {}, {"note": "x"}).changes == {"note": "x"}
    assert merge({"note": "déjà"}, {}, {"note": "x"}).differences == (Difference("note", None, "x", "déjà"),)


def test_emptying_a_field_is_an_edit() -> None:
    assert merge({"note": "x"}, {"note": "x"}, {"note": None}).changes == {"note": None}
    assert merge({"note": "y"}, {"note": "x"}, {"note": ""}).differences[0].theirs == "y"


VALUES = st.sampled_from(["1", "2", "3", None])
ROWS = st.fixed_dictionaries(dict.fromkeys("abcd", VALUES))


@given(current=ROWS, seen=ROWS, yours=ROWS)
def test_nothing_anyone_typed_is_ever_lost(
    current: dict[str, Any], seen: dict[str, Any], yours: dict[str, Any]
) -> None:
    merged = merge(current, seen, yours)
    after = {**current, **merged.changes}
    disputed = {difference.field for difference in merged.differences}
    assert not disputed & merged.changes.keys()
    for name in current:
        mine, theirs = yours[name] != seen[name], current[name] != seen[name]
        if theirs:
            assert after[name] == current[name]
        if mine and name not in disputed:
            assert after[name] == yours[name]
        if not mine:
            assert after[name] == current[name]
