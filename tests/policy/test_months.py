"""Months: order, edges, and what is not one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.months import Month
from policy.reasons import Refused

months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


def test_a_month_is_written_and_read() -> None:
    november = Month.parse("2026-11")
    assert (str(november), november.words) == ("2026-11", "novembre 2026")
    said = [Month(2026, n).of_words for n in (4, 8, 10, 11)]
    assert said == ["d'avril 2026", "d'août 2026", "d'octobre 2026", "de novembre 2026"]
    assert (november.first, november.last) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (november.next, Month(2026, 12).next) == (Month(2026, 12), Month(2027, 1))
    assert (november.previous, Month(2027, 1).previous) == (Month(2026, 10), Month(2026, 12))


@pytest.mark.parametrize(
    ("month", "last"), [("2027-02", 28), ("2028-02", 29), ("2100-02", 28), ("2026-12", 31)]
)
def test_a_month_knows_its_last_day(month: str, last: int) -> None:
    assert Month.parse(month).last.day == last


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-00", "2026-1", "26-11", "2026-11-01", "0000-01", "２０２６-11", "novembre"],
)
def test_what_is_not_a_month_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="n'est pas un mois"):
        Month.parse(text)


def test_a_thirteenth_month_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no such month"):
        Month(2026, 13)


@given(months)
def test_months_follow_each_other_without_a_gap(month: Month) -> None:
    assert month.last + timedelta(days=1) == month.next.first
    assert month.next.previous == month == Month.parse(str(month))
    assert month < month.next
    assert month.first in month
    assert month.last in month
    assert month.next.first not in month
    assert Month.of(month.last) == month
