"""R-50 to R-53: the dates of a request for access, for every day of a year, and how it stands by them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.access import (
    Standing,
    ThirdParty,
    answer_due,
    days_words,
    due_of,
    light,
    recourse,
    recourse_until,
    silence,
    to_write,
    twentieth_day,
)
from policy.calendar import OfficeCalendar
from policy.private_words import AccessState, Decision, Light
from tests.policy.office import DAY, closed_between, closings, day, office, spelled

TOWN = office()
HOLIDAYS_CLOSED = office(closed_between(date(2026, 12, 24), date(2027, 1, 2)))


def standing(written: str | None = "Mon 2026-11-02", **more: Any) -> Standing:
    received = day("Mon 2026-11-02")
    state = AccessState.RECEIVED if written else AccessState.ORAL
    asked = Standing(state=state, received_on=received, written_on=day(written) if written else None)
    return replace(asked, **more)


@pytest.mark.parametrize(
    ("received", "target", "legal"),
    [
        ("Sat 2026-12-05", "Wed 2026-12-23", "Fri 2026-12-25"),  # the example of R-51
        ("Mon 2026-11-02", "Fri 2026-11-20", "Sun 2026-11-22"),
        ("Fri 2026-11-06", "Thu 2026-11-26", "Thu 2026-11-26"),
        ("Sun 2026-11-08", "Fri 2026-11-27", "Sat 2026-11-28"),
        ("Mon 2026-12-14", "Wed 2026-12-30", "Sun 2027-01-03"),
        ("Sat 2026-12-12", "Wed 2026-12-30", "Fri 2027-01-01"),
        ("Tue 2027-03-09", "Thu 2027-03-25", "Mon 2027-03-29"),  # Easter Monday, closed like Good Friday
        ("Sat 2027-03-06", "Thu 2027-03-25", "Fri 2027-03-26"),  # Good Friday
        ("Tue 2027-05-04", "Fri 2027-05-21", "Mon 2027-05-24"),  # the Patriotes
        ("Fri 2027-06-04", "Wed 2027-06-23", "Thu 2027-06-24"),
        ("Fri 2027-06-11", "Wed 2027-06-30", "Thu 2027-07-01"),
        ("Tue 2028-02-08", "Mon 2028-02-28", "Mon 2028-02-28"),
        ("Wed 2028-02-09", "Tue 2028-02-29", "Tue 2028-02-29"),  # a leap year
        ("Tue 2026-10-13", "Mon 2026-11-02", "Mon 2026-11-02"),  # across the change of clocks
    ],
)
def test_the_answer_is_due_on_the_working_day_on_or_before_the_twentieth(
    received: str, target: str, legal: str
) -> None:
    due = answer_due(day(received), TOWN)
    assert isinstance(due.due, date)
    assert (spelled(due.due), spelled(due.legal)) == (target, legal)
    assert "P §4.6" in due.articles and "LAI 47" in due.articles


@pytest.mark.parametrize("calendar", [TOWN, HOLIDAYS_CLOSED], ids=["holidays", "closed at Christmas"])
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_day_of_a_year_has_its_twentieth_day_and_a_working_day_before_it(
    year: int, calendar: OfficeCalendar
) -> None:
    received = date(year, 1, 1)
    closed = closings()
    while received.year == year:
        due = answer_due(received, calendar)
        assert due.legal == date.fromordinal(received.toordinal() + 20)
        assert isinstance(due.due, date) and received < due.due <= due.legal
        assert due.due.weekday() < 5 and due.due not in closed
        between = [due.due + DAY * n for n in range(1, (due.legal - due.due).days + 1)]
        assert [skipped.day for skipped in due.skipped] == between, "each day given up is told, with why"
        assert all(skipped.why for skipped in due.skipped)
        received += DAY


@pytest.mark.parametrize("days", range(1, 11))
def test_an_extension_is_counted_from_the_twentieth_day_on_every_day_of_a_year(days: int) -> None:
    for n in range(365):
        received = date(2026, 1, 1) + n * DAY
        due = answer_due(received, TOWN, extension_days=days)
        assert due.legal == received + timedelta(days=20 + days)
        assert isinstance(due.due, date) and TOWN.is_working(due.due) and due.due <= due.legal
        assert due.due >= TOWN.on_or_before(twentieth_day(received)), "an extension never brings it forward"
        assert any("Prolongation" in step for step in due.steps)


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 10),
    st.integers(0, 40),
    st.none() | st.integers(0, 40),
)
def test_a_third_party_never_brings_the_last_day_forward(
    received: date, extension: int, told: int, heard: int | None
) -> None:
    told_on = received + told * DAY
    third = ThirdParty(told_on, None if heard is None else told_on + heard * DAY)
    alone = answer_due(received, TOWN, extension).legal
    due = answer_due(received, TOWN, extension, third)
    assert alone is not None and due.legal is not None and due.legal >= alone
    if told > 20:
        assert due.legal == alone, "told too late, the third party moves nothing"
    else:
        assert due.legal <= told_on + 35 * DAY or due.legal == alone
    assert "LAI 49" in due.articles


@pytest.mark.parametrize(
    ("told", "heard", "until", "decision"),
    [
        ("Mon 2026-11-09", None, "Sun 2026-11-29", "Mon 2026-12-14"),
        ("Mon 2026-11-09", "Thu 2026-11-12", "Sun 2026-11-29", "Fri 2026-11-27"),
        ("Mon 2026-11-09", "Sun 2026-11-29", "Sun 2026-11-29", "Mon 2026-12-14"),
        ("Mon 2026-11-09", "Wed 2026-12-02", "Sun 2026-11-29", "Mon 2026-12-14"),  # too late
    ],
)  # fmt: skip
def test_a_third_party_has_twenty_days_and_the_decision_comes_fifteen_days_later(
    told: str, heard: str | None, until: str, decision: str
) -> None:
    third = ThirdParty(day(told), day(heard) if heard else None)
    assert spelled(third.observations_due) == until
    assert spelled(third.decision_due) == decision


def test_a_town_closed_for_a_month_is_still_told_the_day_of_the_law() -> None:
    closed = office(closed_between(date(2026, 7, 1), date(2026, 7, 31)))
    due = answer_due(day("Tue 2026-07-07"), closed)
    assert (spelled(due.legal), due.due) == ("Mon 2026-07-27", due.legal)


def test_an_oral_request_has_no_clock() -> None:
    oral = standing(None)
    assert due_of(oral, TOWN) is None
    assert light(oral, None, None, day("Fri 2027-11-26")) is Light.NONE
    assert recourse_until(oral, None, day("Fri 2027-11-26")) is None


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        ("Mon 2026-11-02", Light.RUNNING),
        ("Fri 2026-11-20", Light.RUNNING),  # the target
        ("Sat 2026-11-21", Light.PRESSING),
        ("Sun 2026-11-22", Light.PRESSING),  # the 20th day
        ("Mon 2026-11-23", Light.SILENT),
    ],
)
def test_silence_past_the_last_day_is_a_refusal(today: str, shown: Light) -> None:
    asked = standing()
    due = due_of(asked, TOWN)
    assert due is not None and isinstance(due.due, date)
    assert light(asked, due.due, due.legal, day(today)) is shown


def test_an_answer_is_in_time_until_the_last_day_and_late_after_it() -> None:
    last = day("Sun 2026-11-22")
    for answered, shown in ((last, Light.ANSWERED), (last + DAY, Light.LATE)):
        asked = standing(answered_on=answered, decided_on=answered, decision=Decision.GRANTED)
        assert asked.ended
        assert light(asked, last, last, day("Mon 2027-02-01")) is shown


def test_who_withdrew_awaits_nothing_and_has_nothing_to_review() -> None:
    withdrawn = standing(decision=Decision.WITHDRAWN, decided_on=day("Mon 2026-11-09"))
    last = day("Sun 2026-11-22")
    assert withdrawn.ended
    assert light(withdrawn, last, last, day("Fri 2027-01-15")) is Light.WITHDRAWN
    assert recourse_until(withdrawn, last, day("Fri 2027-01-15")) is None


def test_thirty_days_of_recourse_count_from_the_decision_or_from_the_silence() -> None:
    last = day("Sun 2026-11-22")
    answered = standing(
        decision=Decision.REFUSED, decided_on=day("Fri 2026-11-13"), answered_on=day("Mon 2026-11-16")
    )
    assert spelled(recourse_until(answered, last, day("Mon 2026-11-16"))) == "Sun 2026-12-13"
    assert recourse_until(standing(), last, last) is None
    assert spelled(recourse_until(standing(), last, last + DAY)) == "Tue 2026-12-22"


def test_the_words_of_the_law_are_told_with_their_articles() -> None:
    told = " ".join(recourse())
    assert "trente (30) jours" in told and "135" in told and "Commission d'accès à l'information" in told
    assert "52" in silence(day("Sun 2026-11-22")) and "22 novembre 2026" in silence(day("Sun 2026-11-22"))
    assert "par écrit" in to_write() and "révisée" in to_write()


def test_a_count_of_days_reads_as_french() -> None:
    assert (days_words(1), days_words(10)) == ("1 jour", "10 jours")
