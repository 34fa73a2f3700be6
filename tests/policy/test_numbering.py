"""R-1: the numbers told to citizens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.numbering import Number, Series, number, parse, series_of
from policy.words import Nature


@pytest.mark.parametrize(
    ("series", "n", "told"),
    [
        (Series.REQUEST, 42, "2026-00042"),
        (Series.COMPLAINT, 7, "P2026-0007"),
        (Series.ACCESS, 3, "A2026-0003"),
        (Series.REQUEST, 99_999, "2026-99999"),
        (Series.REQUEST, 100_000, "2026-100000"),
    ],
)
def test_a_number_is_told_as_its_series_has_it(series: Series, n: int, told: str) -> None:
    assert number(series, 2026, n) == told


@given(st.sampled_from(Series), st.integers(2019, 2099), st.integers(1, 9_999_999))
def test_a_number_read_back_is_the_number_given(series: Series, year: int, n: int) -> None:
    assert parse(number(series, year, n)) == Number(series, year, n)


@given(
    st.tuples(st.sampled_from(Series), st.integers(2019, 2099), st.integers(1, 9_999_999)),
    st.tuples(st.sampled_from(Series), st.integers(2019, 2099), st.integers(1, 9_999_999)),
)
def test_two_files_never_have_the_same_number(
    one: tuple[Series, int, int], other: tuple[Series, int, int]
) -> None:
    assert (number(*one) == number(*other)) is (one == other)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-00042",
        "2026-42",
        " 2026-00042 ",
        "no 2026-42",
        "#2026-42",
        "2026 42",
        "2026–00042",
        "N° 2026-42",
    ],
)
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    assert parse(typed) == Number(Series.REQUEST, 2026, 42)


def test_the_letter_of_a_series_may_be_typed_small() -> None:
    assert str(parse("p2026-7")) == "P2026-0007"


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-0", "450 224-8888", "rue 2026-b", "X2026-1", "2026-00042-1"]
)
def test_what_is_no_number_is_not_taken_for_one(typed: str) -> None:
    assert parse(typed) is None


def test_a_series_counts_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        number(Series.REQUEST, 2026, 0)


@pytest.mark.parametrize("nature", Nature)
def test_claims_and_all_but_complaints_and_access_keep_the_series_of_requests(nature: Nature) -> None:
    expected = {Nature.COMPLAINT: Series.COMPLAINT, Nature.ACCESS: Series.ACCESS}.get(nature, Series.REQUEST)
    assert series_of(nature) is expected
