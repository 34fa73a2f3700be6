"""R-40: the notice of a claim, its amounts, what it waits for."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.calendar import OfficeCalendar
from policy.claims import DAYS, LAWS, MOST_CENTS, Wait, cents, check_claim, dollars, notice_due, waits
from policy.private_words import ClaimDecision, Damage
from policy.reasons import Refused
from policy.rules import CHOSEN, ClaimNotice
from tests.cast import day
from tests.policy.office import HOURS_H

CALENDAR = OfficeCalendar({day("Fri 2026-12-25"): "Noël"}, HOURS_H)
TODAY = day("Mon 2026-11-16")


@pytest.mark.parametrize(
    ("event", "law", "due"),
    [
        ("Tue 2026-11-03", ClaimNotice.CITIES, "Wed 2026-11-18"),
        ("Fri 2026-11-06", ClaimNotice.CITIES, "Mon 2026-11-23"),  # the 15th day is a Saturday
        ("Thu 2026-12-10", ClaimNotice.CITIES, "Mon 2026-12-28"),  # Christmas, then a weekend
        ("Tue 2026-11-03", ClaimNotice.MUNICIPAL_CODE, "Mon 2027-01-04"),  # the 60th day is a Saturday
    ],
)
def test_the_notice_is_expected_so_many_days_after_the_event(event: str, law: ClaimNotice, due: str) -> None:
    deadline = notice_due(day(event), CALENDAR, law)
    assert deadline.due == day(due)
    assert LAWS[law] in deadline.articles
    assert "greffier" in deadline.reading


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(ClaimNotice))
def test_the_day_is_never_before_the_law_s_and_always_a_working_day(event: date, law: ClaimNotice) -> None:
    due = notice_due(event, CALENDAR, law).due
    assert isinstance(due, date)
    assert due >= event + timedelta(days=DAYS[law])
    assert CALENDAR.is_working(due)
    assert due - event <= timedelta(days=DAYS[law] + 4)


def test_bodily_injury_and_a_law_chosen_by_the_town_are_said() -> None:
    plain = notice_due(TODAY, CALENDAR, ClaimNotice.CITIES, Damage.PROPERTY)
    bodily = notice_due(TODAY, CALENDAR, ClaimNotice.CITIES, Damage.BODILY, CHOSEN)
    assert not any("2930" in step for step in plain.steps)
    assert any("2930" in step for step in bodily.steps)
    assert CHOSEN in bodily.articles and CHOSEN not in plain.articles


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234,56", 123456),
        ("1 234.56 $", 123456),
        ("1\u00a0234\u202f567,5 $", 123456750),
        ("0", 0),
        ("12", 1200),
        ("  ", None),
        ("$", None),
        ("100000000", MOST_CENTS),
    ],
)
def test_an_amount_is_read_with_comma_or_point(text: str, amount: int | None) -> None:
    assert cents(text) == amount


@pytest.mark.parametrize(
    "text",
    ["1,234", "1,234.56", "-5", "mille", "1 2", "12,345", "1e5", "٣", "100000000,01", "9" * 5_000, "1,2,3"],
)
def test_what_is_no_amount_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(Refused) as no:
        cents(text, "amount_cents")
    assert [ground.field for ground in no.value.grounds] == ["amount_cents"]
    assert len(str(no.value)) < 200


@given(st.integers(0, MOST_CENTS))
def test_an_amount_shown_reads_as_itself(amount: int) -> None:
    assert cents(dollars(amount)) == amount


def test_no_amount_shows_nothing() -> None:
    assert dollars(None) == ""


WHOLE: dict[str, Any] = {
    "event_on": day("Tue 2026-11-03"),
    "notice_on": day("Thu 2026-11-05"),
    "clerk_on": day("Thu 2026-11-05"),
}


@pytest.mark.parametrize(
    ("claim", "waiting"),
    [
        ({}, (Wait.EVENT, Wait.NOTICE, Wait.CLERK, Wait.DECISION)),
        (WHOLE, (Wait.DECISION,)),
        ({**WHOLE, "insurer_on": TODAY}, (Wait.INSURER, Wait.DECISION)),
        ({**WHOLE, "insurer_on": TODAY, "insurer_number": "AX-1"}, (Wait.DECISION,)),
        ({**WHOLE, "decision": ClaimDecision.ACCEPTED}, (Wait.PAYMENT,)),
        ({**WHOLE, "decision": ClaimDecision.ACCEPTED, "paid_cents": 0}, ()),
        ({"decision": ClaimDecision.REFUSED}, ()),
        ({"decision": ClaimDecision.WITHDRAWN}, ()),
    ],
)
def test_what_a_claim_waits_for(claim: dict[str, Any], waiting: tuple[Wait, ...]) -> None:
    assert waits(claim) == waiting


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"event_on": TODAY + timedelta(days=1)}, "event_on"),
        ({**WHOLE, "notice_on": day("Mon 2026-11-02")}, "notice_on"),
        ({"insurer_on": TODAY + timedelta(days=1)}, "insurer_on"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"paid_cents": 5}, "paid_cents"),
        ({"decision": ClaimDecision.REFUSED, "decided_on": TODAY}, "decision_words"),
        ({"decision": ClaimDecision.PARTIAL, "decided_on": TODAY, "decision_words": " "}, "decision_words"),
        ({"decision": ClaimDecision.WITHDRAWN}, "decided_on"),
        ({"decided_on": TODAY}, "decision"),
        (
            {"decision": ClaimDecision.REFUSED, "decided_on": TODAY, "decision_words": "x", "paid_cents": 1},
            "paid_cents",
        ),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    assert [ground.field for ground in check_claim(wrong, TODAY)] == [field]


def test_the_event_is_not_after_the_town_heard_of_it() -> None:
    assert check_claim(WHOLE, TODAY, day("Tue 2026-11-03")) == ()
    (ground,) = check_claim(WHOLE, TODAY, day("Mon 2026-11-02"))
    assert ground.field == "event_on"


def test_what_is_not_known_yet_is_no_fault() -> None:
    assert check_claim({}, TODAY) == ()
    assert check_claim({**WHOLE, "decision": ClaimDecision.ACCEPTED, "decided_on": TODAY}, TODAY) == ()
