"""R-50 to R-54: what can be done with a request for access, by whom, and every refusal with its article."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from policy.access import Standing, ThirdParty
from policy.access_moves import Given, judge, possible, state_after
from policy.private_words import AccessMove, AccessState, Decision
from policy.reasons import Refused
from policy.roles import System
from tests.policy.office import DAY, day
from tests.policy.people import (
    ADMINISTRATOR,
    CLERK,
    COUNCILLOR,
    DIRECTOR,
    EMPLOYEE,
    EXPERIENCE,
    GENERAL,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    Someone,
    system,
)

M, D = AccessMove, Decision
RECEIVED = day("Mon 2026-11-02")
TWENTIETH = day("Sun 2026-11-22")
TODAY = day("Fri 2026-11-13")
WRITTEN = Standing(AccessState.RECEIVED, RECEIVED, RECEIVED)
ORAL = Standing(AccessState.ORAL, RECEIVED)
TOLD = replace(WRITTEN, third_party=ThirdParty(day("Fri 2026-11-06")))
HEARD = replace(WRITTEN, third_party=ThirdParty(day("Fri 2026-11-06"), day("Thu 2026-11-12")))
EXTENDED = replace(WRITTEN, extended_on=day("Tue 2026-11-10"), extension_days=10)
NOTICED = replace(WRITTEN, noticed_on=day("Tue 2026-11-03"))
GRANTED = replace(WRITTEN, decision=D.GRANTED, decided_on=day("Thu 2026-11-12"))
REFUSED = replace(GRANTED, decision=D.REFUSED, reason="Renseignements sur autrui", provisions="article 53")
TRANSFERRED = replace(GRANTED, decision=D.TRANSFERRED, other_body="MRC, Mme Roy")
WITHDRAWN = replace(GRANTED, decision=D.WITHDRAWN, reason="Courriel du 12 novembre")
ANSWERED = replace(GRANTED, answered_on=day("Thu 2026-11-12"))
ALL = Given(
    day=TODAY, days=10, ground="Deux ans de registres papier à relire", third_party="Pavage Nord inc.",
    decision=D.GRANTED, reason="Motif", provisions="article 53", other_body="MRC",
)  # fmt: skip


def grounds(
    move: AccessMove, standing: Standing, given: Given = ALL, who: Someone = CLERK, today: date = TODAY
) -> list[tuple[str, str]]:
    """The articles and fields of the refusal; empty when it may be done."""
    try:
        judge(move, standing, who, given, today)
    except Refused as no:
        assert all(ground.message for ground in no.grounds)
        return [(ground.article, ground.field) for ground in no.grounds]
    return []


@pytest.mark.parametrize(
    ("standing", "moves"),
    [
        (ORAL, {M.EDIT, M.WRITE, M.DECIDE}),
        (WRITTEN, {M.EDIT, M.NOTICE, M.EXTEND, M.THIRD_PARTY, M.DECIDE}),
        (NOTICED, {M.EDIT, M.EXTEND, M.THIRD_PARTY, M.DECIDE}),
        (EXTENDED, {M.EDIT, M.NOTICE, M.THIRD_PARTY, M.DECIDE}),
        (TOLD, {M.EDIT, M.NOTICE, M.EXTEND, M.HEAR, M.DECIDE}),
        (HEARD, {M.EDIT, M.NOTICE, M.EXTEND, M.DECIDE}),
        (GRANTED, {M.EDIT, M.NOTICE, M.DECIDE, M.ANSWER}),
        (WITHDRAWN, {M.EDIT, M.DECIDE}),
        (ANSWERED, {M.EDIT}),
    ],
)
def test_what_can_be_done_in_each_standing_and_why_not_the_rest(
    standing: Standing, moves: set[AccessMove]
) -> None:
    found = possible(standing, CLERK)
    assert [each.move for each in found] == list(AccessMove)
    assert {each.move for each in found if each.allowed} == moves
    assert all(ground.message and ground.article for each in found for ground in each.grounds)
    for each in found:
        if each.allowed and each.move not in (M.DECIDE, M.EDIT):
            assert not grounds(each.move, standing), each.move


def test_the_general_direction_does_all_but_extend() -> None:
    theirs = {each.move for each in possible(WRITTEN, GENERAL) if each.allowed}
    assert theirs == {M.EDIT, M.NOTICE, M.THIRD_PARTY, M.DECIDE}
    assert grounds(M.EXTEND, WRITTEN, who=GENERAL) == [("P §4.6", "")]


@pytest.mark.parametrize(
    "who",
    [TECHNICIAN, DIRECTOR, SECRETARY, EXPERIENCE, COUNCILLOR, ADMINISTRATOR, EMPLOYEE, OUTSIDER,
     *map(system, System)],
    ids=lambda who: who.id,
)  # fmt: skip
@pytest.mark.parametrize("move", AccessMove)
def test_nobody_else_does_anything(who: Someone, move: AccessMove) -> None:
    for standing in (ORAL, WRITTEN, GRANTED):
        assert grounds(move, standing, who=who) == [("P §4.6", "")]
    assert not any(each.allowed for each in possible(WRITTEN, who))


@pytest.mark.parametrize(
    ("move", "standing", "changes", "ground"),
    [
        (M.WRITE, ORAL, {"day": None}, ("LAI 47", "day")),
        (M.WRITE, ORAL, {"day": TODAY + DAY}, ("LAI 47", "day")),
        (M.WRITE, ORAL, {"day": RECEIVED - DAY}, ("LAI 47", "day")),
        (M.WRITE, WRITTEN, {}, ("LAI 47", "")),
        (M.NOTICE, ORAL, {}, ("LAI 45", "")),
        (M.NOTICE, NOTICED, {}, ("LAI 46", "")),
        (M.NOTICE, WRITTEN, {"day": None}, ("LAI 46", "day")),
        (M.NOTICE, WRITTEN, {"day": TODAY + DAY}, ("LAI 46", "day")),
        (M.NOTICE, WRITTEN, {"day": RECEIVED - DAY}, ("LAI 46", "day")),
        (M.EXTEND, ORAL, {}, ("LAI 45", "")),
        (M.EXTEND, EXTENDED, {}, ("LAI 47", "")),
        (M.EXTEND, GRANTED, {}, ("R-53", "")),
        (M.EXTEND, WRITTEN, {"days": 0}, ("LAI 47", "extension_days")),
        (M.EXTEND, WRITTEN, {"days": 11}, ("LAI 47", "extension_days")),
        (M.EXTEND, WRITTEN, {"days": -1}, ("LAI 47", "extension_days")),
        (M.EXTEND, WRITTEN, {"ground": " \n"}, ("P §4.6", "extension_ground")),
        (M.EXTEND, WRITTEN, {"day": None}, ("LAI 47", "day")),
        (M.EXTEND, WRITTEN, {"day": RECEIVED - DAY}, ("LAI 47", "day")),
        (M.THIRD_PARTY, ORAL, {}, ("LAI 45", "")),
        (M.THIRD_PARTY, TOLD, {}, ("LAI 49", "")),
        (M.THIRD_PARTY, GRANTED, {}, ("R-53", "")),
        (M.THIRD_PARTY, WRITTEN, {"third_party": " "}, ("LAI 49", "third_party")),
        (M.THIRD_PARTY, WRITTEN, {"day": TODAY + DAY}, ("LAI 49", "day")),
        (M.HEAR, WRITTEN, {}, ("LAI 49", "")),
        (M.HEAR, HEARD, {}, ("LAI 49", "")),
        (M.HEAR, TOLD, {"day": day("Thu 2026-11-05")}, ("LAI 49", "day")),
        (M.DECIDE, WRITTEN, {"decision": None}, ("LAI 47", "decision")),
        (M.DECIDE, WRITTEN, {"day": None}, ("LAI 47", "day")),
        (M.DECIDE, WRITTEN, {"day": TODAY + DAY}, ("LAI 47", "day")),
        (M.DECIDE, WRITTEN, {"day": RECEIVED - DAY}, ("LAI 47", "day")),
        (M.DECIDE, WRITTEN, {"decision": D.REFUSED, "reason": " "}, ("LAI 50", "reason")),
        (M.DECIDE, WRITTEN, {"decision": D.REFUSED, "provisions": ""}, ("LAI 50", "provisions")),
        (M.DECIDE, WRITTEN, {"decision": D.PARTIAL, "reason": ""}, ("LAI 50", "reason")),
        (M.DECIDE, WRITTEN, {"decision": D.PARTIAL, "provisions": "la loi"}, ("LAI 50", "provisions")),
        (M.DECIDE, WRITTEN, {"decision": D.TRANSFERRED, "other_body": " "}, ("LAI 48", "other_body")),
        (M.DECIDE, WRITTEN, {"decision": D.WITHDRAWN, "reason": ""}, ("R-53", "reason")),
        (M.DECIDE, TOLD, {}, ("LAI 49", "decision")),
        (M.DECIDE, TOLD, {"decision": D.PARTIAL}, ("LAI 49", "decision")),
        (M.DECIDE, ORAL, {"decision": D.REFUSED}, ("LAI 45", "decision")),
        (M.DECIDE, ORAL, {"decision": D.NO_DOCUMENT}, ("LAI 45", "decision")),
        (M.DECIDE, ANSWERED, {}, ("R-53", "")),
        (M.ANSWER, WRITTEN, {}, ("LAI 47", "")),
        (M.ANSWER, WITHDRAWN, {}, ("R-53", "")),
        (M.ANSWER, ANSWERED, {}, ("R-53", "")),
        (M.ANSWER, GRANTED, {"day": None}, ("LAI 47", "day")),
        (M.ANSWER, GRANTED, {"day": TODAY + DAY}, ("LAI 47", "day")),
        (M.ANSWER, GRANTED, {"day": day("Wed 2026-11-11")}, ("LAI 47", "day")),
        (M.ANSWER, replace(REFUSED, provisions=""), {}, ("LAI 50", "provisions")),
        (M.ANSWER, replace(REFUSED, decision=D.PARTIAL, provisions=""), {}, ("LAI 50", "provisions")),
        (M.ANSWER, replace(REFUSED, reason=" "), {}, ("LAI 50", "reason")),
        (M.ANSWER, replace(TRANSFERRED, other_body=""), {}, ("LAI 48", "other_body")),
        (M.EDIT, WRITTEN, {"day": TODAY + DAY}, ("LAI 47", "written_on")),
        (M.EDIT, ORAL, {}, ("LAI 47", "written_on")),
        (M.EDIT, ANSWERED, {}, ("LAI 47", "written_on")),
        (M.EDIT, NOTICED, {"day": day("Wed 2026-11-04")}, ("LAI 47", "written_on")),
        (M.EDIT, EXTENDED, {"day": day("Tue 2026-10-20")}, ("LAI 47", "written_on")),
        (M.EDIT, TOLD, {"day": day("Sat 2026-11-07")}, ("LAI 47", "written_on")),
    ],
)  # fmt: skip
def test_every_refusal_names_its_article_and_its_field(
    move: AccessMove, standing: Standing, changes: dict[str, Any], ground: tuple[str, str]
) -> None:
    assert grounds(move, standing, replace(ALL, **changes)) == [ground]


def test_all_that_is_missing_is_said_at_once() -> None:
    nothing = Given(decision=D.REFUSED)
    assert grounds(M.DECIDE, WRITTEN, nothing) == [
        ("LAI 50", "reason"), ("LAI 50", "provisions"), ("LAI 47", "day"),
    ]  # fmt: skip
    assert len(grounds(M.EXTEND, WRITTEN, Given())) == 3


@pytest.mark.parametrize("mailed", [RECEIVED, TODAY, TWENTIETH])
def test_an_extension_is_mailed_within_the_twenty_days(mailed: date) -> None:
    assert not grounds(M.EXTEND, WRITTEN, replace(ALL, day=mailed), today=TWENTIETH + 5 * DAY)


def test_an_extension_mailed_on_the_twenty_first_day_is_void() -> None:
    late = replace(ALL, day=TWENTIETH + DAY)
    assert grounds(M.EXTEND, WRITTEN, late, today=TWENTIETH + DAY) == [("LAI 47", "day")]


def test_a_request_goes_to_another_body_within_the_twenty_days_even_extended() -> None:
    for standing in (WRITTEN, EXTENDED):
        for on, expected in ((TWENTIETH, []), (TWENTIETH + DAY, [("LAI 48", "day")])):
            given = replace(ALL, decision=D.TRANSFERRED, day=on)
            assert grounds(M.DECIDE, standing, given, today=on) == expected
    assert grounds(M.ANSWER, TRANSFERRED, replace(ALL, day=TWENTIETH + DAY), today=TWENTIETH + DAY) == [
        ("LAI 48", "day")
    ]
    assert not grounds(M.ANSWER, TRANSFERRED, replace(ALL, day=TWENTIETH), today=TWENTIETH)


def test_access_is_decided_once_the_third_party_was_heard_or_their_time_ran_out() -> None:
    last = day("Thu 2026-11-26")
    assert not grounds(M.DECIDE, HEARD)
    assert grounds(M.DECIDE, TOLD, replace(ALL, day=last), today=last) == [("LAI 49", "decision")]
    assert not grounds(M.DECIDE, TOLD, replace(ALL, day=last + DAY), today=last + DAY)
    assert not grounds(M.DECIDE, TOLD, replace(ALL, decision=D.REFUSED))


def test_a_late_answer_still_leaves() -> None:
    assert not grounds(M.ANSWER, REFUSED, replace(ALL, day=TWENTIETH + DAY), today=TWENTIETH + 9 * DAY)


def test_an_oral_request_is_granted_or_withdrawn_without_writing() -> None:
    assert not grounds(M.DECIDE, ORAL)
    assert not grounds(M.DECIDE, ORAL, replace(ALL, decision=D.WITHDRAWN))
    assert not grounds(M.ANSWER, replace(ORAL, decision=D.GRANTED, decided_on=TODAY))


def test_the_day_of_the_writing_is_corrected_until_the_answer_left() -> None:
    assert not grounds(M.EDIT, WRITTEN, replace(ALL, day=RECEIVED - DAY))
    assert not grounds(M.EDIT, ANSWERED, replace(ALL, day=None))
    assert not grounds(M.EDIT, ANSWERED, replace(ALL, day=ANSWERED.written_on))


@pytest.mark.parametrize(
    ("standing", "state"),
    [
        (ORAL, AccessState.ORAL),
        (WRITTEN, AccessState.RECEIVED),
        (TOLD, AccessState.RECEIVED),
        (EXTENDED, AccessState.EXTENDED),
        (replace(EXTENDED, decision=D.GRANTED), AccessState.DECIDED),
        (WITHDRAWN, AccessState.DECIDED),
        (ANSWERED, AccessState.ANSWERED),
    ],
)
def test_the_state_follows_from_what_was_done(standing: Standing, state: AccessState) -> None:
    assert state_after(standing) is state
