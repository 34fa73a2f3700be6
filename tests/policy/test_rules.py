"""R-71: dated rules, and the values a town may give."""

from datetime import date, time
from typing import Any

import pytest

from policy.reasons import Refused
from policy.rules import (
    CHOSEN,
    LABELS,
    READERS,
    AckReading,
    ClaimNotice,
    RncReading,
    RuleName,
    check_rule,
    cited,
    identity_may_leave,
    rules_on,
)
from tests.policy.office import HOURS_H

SET_UP = date(2026, 11, 2)


def row(name: RuleName | str, value: str, since: date = SET_UP, article: str = CHOSEN) -> dict[str, Any]:
    return {"name": str(name), "value": value, "valid_from": since, "article": article}


NEEDED = [
    row(RuleName.TOWN_NAME, "Ville de Prévost"),
    row(RuleName.OPENING_HOURS, "lundi-jeudi 08:00-16:30; vendredi 08:00-12:00"),
    row(RuleName.START_DATE, "2026-11-02"),
]


def test_without_a_row_a_rule_has_its_default() -> None:
    rules = rules_on(NEEDED, SET_UP)
    assert (rules.town_name, rules.opening_hours, rules.start_date) == ("Ville de Prévost", HOURS_H, SET_UP)
    assert (rules.rnc_reading, rules.ack_reading) == (RncReading.FULL_WEEK, AckReading.WORKING_DAY)
    assert (rules.rnc_min_days, rules.sending_hour, rules.council_lists) == (0, time(8), True)
    assert (rules.source(RuleName.TOWN_NAME), rules.source(RuleName.RNC_READING)) == (CHOSEN, "")


@pytest.mark.parametrize(
    ("on", "reading"),
    [
        (date(2026, 10, 1), RncReading.FULL_WEEK),  # before its first date: the first one
        (date(2026, 11, 2), RncReading.FULL_WEEK),
        (date(2026, 12, 31), RncReading.FULL_WEEK),
        (date(2027, 1, 1), RncReading.LAST_WEEK),  # the day it changes
        (date(2027, 6, 30), RncReading.LAST_WEEK),
        (date(2027, 7, 1), RncReading.NONE),
    ],
)
def test_of_each_rule_the_latest_dated_value_is_in_force(on: date, reading: RncReading) -> None:
    dated = [
        row(RuleName.RNC_READING, "aucune", date(2027, 7, 1)),
        row(RuleName.RNC_READING, "semaine_complete"),
        row(RuleName.RNC_READING, "derniere_semaine", date(2027, 1, 1)),
    ]
    assert rules_on(NEEDED + dated, on).rnc_reading is reading


def test_every_missing_rule_and_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(Refused) as no:
        rules_on([row(RuleName.RNC_READING, "lundi"), row(RuleName.RNC_MIN_DAYS, "deux")], SET_UP)
    fields = [ground.field for ground in no.value.grounds]
    assert fields == ["rnc_reading", "rnc_min_days", "town_name", "opening_hours", "start_date"]


def test_a_wrong_value_that_is_not_in_force_stops_nothing() -> None:
    old = row(RuleName.OPENING_HOURS, "n'importe quoi", date(2025, 1, 1))
    assert rules_on([*NEEDED, old], SET_UP).opening_hours == HOURS_H


def test_a_rule_of_a_later_version_is_passed_over() -> None:
    assert rules_on([*NEEDED, row("claim_notice_days", "15")], SET_UP).town_name == "Ville de Prévost"


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        (RuleName.TOWN_NAME, " Sainte-Julie ", "Sainte-Julie"),
        (RuleName.DESK_EMAIL, "clientele@saintejulie.ca", "clientele@saintejulie.ca"),
        (RuleName.DESK_PHONE, "", ""),
        (RuleName.START_DATE, "2026-11-23", date(2026, 11, 23)),
        (RuleName.SENDING_HOUR, "08:00", time(8)),
        (RuleName.SENDING_HOUR, "7:30", time(7, 30)),
        (RuleName.ACK_READING, "heures_ouverture", AckReading.OPEN_HOURS),
        (RuleName.ACK_READING, "aucun", AckReading.NONE),
        (RuleName.RNC_READING, "derniere_semaine", RncReading.LAST_WEEK),
        (RuleName.RNC_MIN_DAYS, "0", 0),
        (RuleName.RNC_MIN_DAYS, "2", 2),
        (RuleName.COUNCIL_LISTS, "Oui", True),
        (RuleName.COUNCIL_LISTS, "non", False),
        (RuleName.DONE_CODE, "238", "238"),
        (RuleName.CLAIM_NOTICE, "code_municipal", ClaimNotice.MUNICIPAL_CODE),
        (RuleName.ACCESS_OFFICER, " Ève Simard, archiviste ", "Ève Simard, archiviste"),
    ],
)
def test_a_value_that_reads(name: RuleName, value: str, typed: object) -> None:
    assert check_rule(name, value) == typed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (RuleName.TOWN_NAME, "  "),
        (RuleName.DESK_EMAIL, "clientele"),
        (RuleName.DESK_EMAIL, "@saintejulie.ca"),
        (RuleName.DESK_EMAIL, "a@b@c.ca"),
        (RuleName.DESK_EMAIL, "a b@c.ca"),
        (RuleName.DESK_EMAIL, "a@c.ca\nBcc: x@y.ca"),
        (RuleName.START_DATE, "23 novembre"),
        (RuleName.START_DATE, "2026-11-31"),
        (RuleName.OPENING_HOURS, "toujours"),
        (RuleName.SENDING_HOUR, "8"),
        (RuleName.SENDING_HOUR, "24:00"),
        (RuleName.SENDING_HOUR, "08:60"),
        (RuleName.ACK_READING, "24 heures"),
        (RuleName.RNC_READING, ""),
        (RuleName.RNC_MIN_DAYS, "-1"),
        (RuleName.RNC_MIN_DAYS, "²"),
        (RuleName.RNC_MIN_DAYS, "21"),
        (RuleName.COUNCIL_LISTS, "peut-être"),
        (RuleName.DONE_CODE, ""),
        (RuleName.CLAIM_NOTICE, "15"),
        ("inconnue", "1"),
    ],
)
def test_a_value_that_does_not_read_is_refused_in_the_name_of_its_rule(name: str, value: str) -> None:
    with pytest.raises(Refused) as no:
        check_rule(name, value)
    assert [ground.field for ground in no.value.grounds] == [str(name)]


def test_every_rule_has_a_label_and_a_reader() -> None:
    assert set(LABELS) == set(READERS) == set(RuleName)


def test_a_date_says_when_the_town_chose_its_reading() -> None:
    assert cited(("SJ",), "choisi par la ville (SJ)") == ("SJ", CHOSEN)
    assert cited(("SJ",), "SJ, « Une prise en charge hors pair »") == ("SJ",)
    assert cited(("SJ",), "") == ("SJ",)


def test_the_reading_compared_with_is_the_other_one() -> None:
    assert [reading.other for reading in RncReading] == [
        RncReading.LAST_WEEK,
        RncReading.FULL_WEEK,
        RncReading.NONE,
    ]


ASSESSED = RuleName.PRIVACY_ASSESSMENT


@pytest.mark.parametrize(
    ("rows", "leaves"),
    [
        ([], False),
        ([row(ASSESSED, "2026-10-30")], True),
        ([row(ASSESSED, "2026-11-02")], True),  # the very day
        ([row(ASSESSED, "2026-11-03")], False),  # an assessment to come
        ([row(ASSESSED, "2026-10-30", date(2026, 11, 3))], False),  # not in force yet
        ([row(ASSESSED, "2026-10-30", date(2026, 10, 30)), row(ASSESSED, "Non")], False),  # closed again
        ([row(RuleName.START_DATE, "2026-10-30")], False),
    ],
)
def test_no_identity_leaves_before_the_privacy_assessment_is_dated(
    rows: list[dict[str, Any]], leaves: bool
) -> None:
    assert identity_may_leave(rows, SET_UP) is leaves


def test_an_assessment_is_a_date_or_no() -> None:
    assert rules_on([*NEEDED, row(ASSESSED, "2026-10-30")], SET_UP).privacy_assessment == date(2026, 10, 30)
    assert rules_on(NEEDED, SET_UP).privacy_assessment is None
    with pytest.raises(Refused):
        check_rule(ASSESSED, "faite")
