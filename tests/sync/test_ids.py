"""Ids sort by moment of birth and never meet."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sync.ids import LENGTH, is_id, new_id, new_ids

MORNING = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


def test_an_id_born_later_sorts_after() -> None:
    born = [new_id(MORNING + timedelta(milliseconds=at)) for at in range(200)]
    assert born == sorted(born)


def test_ids_of_one_moment_are_all_different() -> None:
    assert len({new_id(MORNING) for _ in range(10_000)}) == 10_000


def test_ids_born_together_keep_their_order() -> None:
    born = new_ids(MORNING, 5_000)
    assert born == sorted(set(born))
    assert new_id(MORNING - timedelta(milliseconds=1)) < born[0]
    assert born[-1] < new_id(MORNING + timedelta(milliseconds=1))


def test_an_id_is_26_signs_and_says_so() -> None:
    born = new_id(MORNING)
    assert len(born) == LENGTH == 26
    assert is_id(born)
    assert not is_id(born.lower())
    assert not is_id(born[:-1])
    assert not is_id("' OR 1=1 --" + born[:15])


def test_the_same_moment_told_in_another_zone_sorts_alike() -> None:
    town = MORNING.astimezone(timezone(timedelta(hours=-5)))
    assert new_id(town)[:10] == new_id(MORNING)[:10]


def test_a_moment_without_a_zone_bears_no_id() -> None:
    with pytest.raises(TypeError):
        new_id(MORNING.replace(tzinfo=None))
