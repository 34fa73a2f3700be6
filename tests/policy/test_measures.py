"""P §4.1 (R-64): the measures, of files told by their days alone."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from policy.measures import (
    Count,
    Fact,
    Grain,
    Measures,
    Period,
    Share,
    counts_of,
    each_count,
    percentile,
    periods,
    season,
)
from tests.cast import day

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30), "novembre 2026")
DECEMBER = Period(date(2026, 12, 1), date(2026, 12, 31), "décembre 2026")


def fact(received: str, **more: Any) -> Fact:
    told: dict[str, Any] = {
        "file": "F",
        "department": None,
        "category": None,
        "sector": "",
        "member": None,
        "received_on": day(received),
        "completed_on": None,
        "closed_on": None,
        "took": 0,
        "on_target": None,
        "first_contact": False,
        "acknowledged": None,
    }
    return Fact(**{**told, **more})


def test_what_is_still_open_after_the_last_day_is_open_and_what_was_closed_that_day_is_not() -> None:
    waiting = fact("Mon 2026-11-30")
    assert counts_of(waiting, NOVEMBER) == [Count.RECEIVED, Count.OPEN]
    assert counts_of(waiting, DECEMBER) == [Count.OPEN]
    closed = waiting._replace(completed_on=day("Mon 2026-11-30"), closed_on=day("Mon 2026-11-30"))
    assert Count.OPEN not in counts_of(closed, NOVEMBER)
    later = waiting._replace(completed_on=day("Mon 2026-11-30"), closed_on=day("Tue 2026-12-01"))
    assert counts_of(later, NOVEMBER) == [Count.RECEIVED, Count.COMPLETED, Count.OPEN]
    assert counts_of(later, DECEMBER) == [Count.CLOSED]


def test_a_file_cancelled_is_closed_and_was_never_completed() -> None:
    cancelled = fact("Mon 2026-11-02", closed_on=day("Tue 2026-11-03"))
    assert counts_of(cancelled, NOVEMBER) == [Count.RECEIVED, Count.CLOSED]


def test_the_acknowledgement_counts_when_the_demand_came_in_and_the_target_when_it_was_done() -> None:
    slow = fact(
        "Mon 2026-11-02", completed_on=day("Wed 2026-12-02"), took=22, on_target=False, acknowledged=False
    )
    assert counts_of(slow, NOVEMBER) == [Count.RECEIVED, Count.UNTOLD, Count.OPEN]
    assert counts_of(slow, DECEMBER) == [Count.COMPLETED, Count.LATE, Count.OPEN]


def test_the_list_counts_on_the_day_its_answers_were_due() -> None:
    asked = fact("Mon 2026-11-02", answers=((day("Mon 2026-11-30"), True), (day("Thu 2026-12-31"), False)))
    assert Count.ANSWERED in counts_of(asked, NOVEMBER)
    assert Count.UNANSWERED in counts_of(asked, DECEMBER)


def test_nothing_to_divide_has_no_share_and_nothing_done_has_no_delay() -> None:
    empty = Measures()
    assert [empty.within_target.value, empty.at_first_contact.value, empty.answered.value] == [None] * 3
    assert (empty.median, empty.ninetieth) == (None, None)
    assert Share(0, 4).value == 0
    only_open = Measures(Counter({Count.OPEN: 3}))
    assert only_open.acknowledged.value is None


@pytest.mark.parametrize(
    ("delays", "expected"),
    [
        ([], None),
        ([4], 4),
        ([9, 1], 9),
        (list(range(1, 11)), 9),
        (list(range(1, 12)), 10),
        ([0] * 99 + [80], 0),
    ],
)
def test_nine_tenths_at_least_were_done_within_the_ninetieth_percentile(
    delays: list[int], expected: int | None
) -> None:
    assert percentile(delays, 0.9) == expected
    if expected is not None:
        assert sum(each <= expected for each in delays) >= 0.9 * len(delays)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    assert Measures(delays=[1, 9, 2, 3]).median == 2.5


@pytest.mark.parametrize(
    ("on", "first", "last", "words"),
    [
        ("Mon 2026-11-30", "2026-09-01", "2026-11-30", "automne 2026"),
        ("Tue 2026-12-01", "2026-12-01", "2027-02-28", "hiver 2026-2027"),
        ("Tue 2028-02-29", "2027-12-01", "2028-02-29", "hiver 2027-2028"),
        ("Fri 2027-01-01", "2026-12-01", "2027-02-28", "hiver 2026-2027"),
        ("Sat 2026-08-15", "2026-06-01", "2026-08-31", "été 2026"),
    ],
)
def test_a_season_is_three_whole_months(on: str, first: str, last: str, words: str) -> None:
    found = season(day(on))
    assert (found.first.isoformat(), found.last.isoformat(), found.words) == (first, last, words)


@pytest.mark.parametrize("grain", Grain)
def test_the_periods_follow_each_other_and_reach_back_to_the_same_one_a_year_before(grain: Grain) -> None:
    found = periods(grain, day("Tue 2026-12-01"))
    assert all((later.first - earlier.last).days == 1 for earlier, later in pairwise(found))
    assert found[0].first == date(2025, 12, 1)
    assert found[-1].first == date(2026, 12, 1)


def test_each_file_is_counted_in_every_period_of_its_life_and_in_no_other() -> None:
    spans = periods(Grain.MONTH, day("Mon 2026-11-30"))
    facts = [
        fact("Mon 2024-01-01"),
        fact("Mon 2024-01-01", closed_on=day("Mon 2024-01-08")),
        fact("Mon 2026-08-31", completed_on=day("Tue 2026-09-01"), closed_on=day("Thu 2026-10-01")),
        fact("Mon 2026-11-30"),
    ]
    quick = sorted((at, spans[at].words, found) for at, _, found in each_count(facts, spans))
    slow = sorted(
        (at, span.words, found)
        for one in facts
        for at, span in enumerate(spans)
        if (found := counts_of(one, span))
    )
    assert quick == slow
