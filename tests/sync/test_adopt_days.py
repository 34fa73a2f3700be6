"""Days as people write them in their registers."""

from datetime import date

import pytest

from sync.adopt_values import read_day

MARCH = date(2024, 3, 14)


@pytest.mark.parametrize(
    "text",
    ["2024-03-14", "2024/3/14", "14/03/2024", "03/14/2024", "14 mars 2024", "le 14 mars 2024", "14-mars-2024",
     "jeudi 14 mars 2024", "jeudi, 14 MARS 2024", "14 mar. 2024", " 14  mars  2024 "],
)  # fmt: skip
def test_a_day_that_reads_in_one_way_is_read(text: str) -> None:
    assert read_day(text) == MARCH


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("03/04/2024", None, None),
        ("03/04/2024", True, date(2024, 4, 3)),
        ("03/04/2024", False, date(2024, 3, 4)),
        ("14/03/24", True, MARCH),
        ("14/03/24", None, None),
        ("1er février 2024", None, date(2024, 2, 1)),
        ("3 févr. 2024", None, date(2024, 2, 3)),
        ("2 août 2024", None, date(2024, 8, 2)),
        ("31 décembre 2024", None, date(2024, 12, 31)),
    ],
)
def test_a_day_that_reads_in_two_ways_is_read_as_somebody_said(
    text: str, day_first: bool | None, day: date | None
) -> None:
    assert read_day(text, day_first) == day


@pytest.mark.parametrize(
    "text", ["hier", "31 février 2024", "14 jui 2024", "32/01/2024", "14 mars", "", "2024"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text, True) is None
