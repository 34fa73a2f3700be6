"""R-82: what the register of incidents must say, who must be told, what may not be."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.incidents import CONTENTS, MOST_PEOPLE, check_closing, check_incident, due, kept_until, missing
from tests.cast import day

TODAY = day("Mon 2026-11-16")
WHOLE: dict[str, Any] = {
    "found_on": day("Thu 2026-11-12"),
    "occurred": "Le 10 novembre, en soirée",
    "what": "Une liste envoyée au mauvais destinataire.",
    "information": "Noms et téléphones.",
    "people": 12,
    "sensitivity": "Faible.",
    "consequences": "Sollicitation.",
    "likelihood": "Faible : le destinataire a détruit la liste.",
    "serious": False,
    "measures": "Rappel du courriel.",
}


def test_an_empty_entry_misses_all_that_the_regulation_lists() -> None:
    assert [ground.field for ground in missing({})] == [field for field, _, _ in CONTENTS]


@pytest.mark.parametrize("field", [field for field, _, _ in CONTENTS])
def test_each_thing_that_is_missing_is_named_and_keeps_the_entry_open(field: str) -> None:
    entry = {**WHOLE, field: None}
    assert [ground.field for ground in missing(entry)] == [field]
    assert field in [ground.field for ground in check_closing(entry)]


def test_no_risk_and_nobody_are_answers_and_not_gaps() -> None:
    assert missing({**WHOLE, "serious": False, "people": 0}) == ()


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        ({}, []),
        ({"serious": False}, []),
        ({"serious": True}, ["commission_on", "persons_on"]),
        ({"serious": True, "commission_on": TODAY}, ["persons_on"]),
        ({"serious": True, "persons_on": TODAY}, ["commission_on"]),
        ({"serious": True, "commission_on": TODAY, "no_notice": "Enquête policière."}, []),
        ({"serious": True, "commission_on": TODAY, "no_notice": "  "}, ["persons_on"]),
    ],
)
def test_who_must_be_told_when_the_injury_may_be_serious(entry: dict[str, Any], fields: list[str]) -> None:
    assert [each.field for each in due(entry)] == fields
    assert all(each.article == "LAI 63.8" for each in due(entry))


def test_an_entry_closes_once_it_says_all_and_all_were_told() -> None:
    assert check_closing(WHOLE) == ()
    told = {"commission_on": TODAY, "persons_on": TODAY}
    assert [ground.field for ground in check_closing({**WHOLE, "serious": True})] == list(told)
    assert check_closing({**WHOLE, "serious": True, **told}) == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"found_on": None}, "found_on"),
        ({"found_on": TODAY + timedelta(days=1)}, "found_on"),
        ({"commission_on": day("Wed 2026-11-11")}, "commission_on"),
        ({"persons_on": TODAY + timedelta(days=1)}, "persons_on"),
        ({"people": -1}, "people"),
        ({"people": MOST_PEOPLE + 1}, "people"),
        ({"what": " "}, "what"),
        ({"information": None}, "information"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(wrong: dict[str, Any], field: str) -> None:
    assert [ground.field for ground in check_incident({**WHOLE, **wrong}, TODAY)] == [field]


def test_what_is_not_evaluated_yet_can_be_entered() -> None:
    begun = {name: WHOLE[name] for name in ("found_on", "what", "information")}
    assert check_incident(begun, TODAY) == ()


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_an_entry_is_kept_five_years(found_on: date) -> None:
    until = kept_until(found_on)
    assert until.year == found_on.year + 5
    assert until >= found_on + timedelta(days=5 * 365 + 1)
    assert kept_until(day("Thu 2024-02-29")) == day("Thu 2029-03-01")
