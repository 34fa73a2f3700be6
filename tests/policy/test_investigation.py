"""P §4.4, P §4.4.1 (R-31, R-32): the course of a complaint, who investigates it, what a conclusion needs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.investigation import (
    ANSWERED,
    COURSE,
    OPEN,
    Conclusion,
    Designated,
    Heard,
    Turn,
    check_finding,
    check_named,
    investigator,
    is_named,
    possible,
    turn,
)
from policy.private_words import ComplaintState as S
from policy.private_words import Finding, Measure, Part
from policy.reasons import Refused
from tests.policy.office import day

TODAY = day("Mon 2026-11-30")
PAUL = Heard("p", "Paul Roy", heard_on=day("Fri 2026-11-27"))
UNFOUNDED = Conclusion(Finding.UNFOUNDED, "Rien ne l'appuie.")
FOUNDED = Conclusion(
    Finding.FOUNDED, "Deux témoins l'ont entendu.", "Injure au comptoir.", Measure.WRITTEN_NOTICE
)

# state × turn: where it leads
EXPECTED = {
    (S.RECEIVED, Turn.ADMIT): S.ADMISSIBLE,
    (S.RECEIVED, Turn.REJECT): S.INADMISSIBLE,
    (S.RECEIVED, Turn.WITHDRAW): S.WITHDRAWN,
    (S.INADMISSIBLE, Turn.ADMIT): S.ADMISSIBLE,
    (S.INADMISSIBLE, Turn.DEROGATE): S.ADMISSIBLE,
    (S.ADMISSIBLE, Turn.REJECT): S.INADMISSIBLE,
    (S.ADMISSIBLE, Turn.INVESTIGATE): S.INVESTIGATED,
    (S.ADMISSIBLE, Turn.WITHDRAW): S.WITHDRAWN,
    (S.INVESTIGATED, Turn.CONCLUDE): S.CONCLUDED,
    (S.INVESTIGATED, Turn.WITHDRAW): S.WITHDRAWN,
    (S.CONCLUDED, Turn.REVISE): S.INVESTIGATED,
}


@pytest.mark.parametrize("what", Turn)
@pytest.mark.parametrize("state", S)
def test_the_course_is_this_table_and_a_refusal_has_its_article(state: S, what: Turn) -> None:
    if (state, what) in EXPECTED:
        assert turn(what, state, reason="Motif", answer="Madame,") is EXPECTED[state, what]
        return
    with pytest.raises(Refused) as no:
        turn(what, state, reason="Motif", answer="Madame,")
    assert [ground.article for ground in no.value.grounds] == [COURSE[what].article]
    assert str(state) in str(no.value)


@pytest.mark.parametrize(
    ("what", "state"),
    [(Turn.DEROGATE, S.INADMISSIBLE), (Turn.WITHDRAW, S.INVESTIGATED), (Turn.REVISE, S.CONCLUDED)],
)
@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_derogation_a_withdrawal_and_a_revision_want_a_reason(what: Turn, state: S, reason: str) -> None:
    with pytest.raises(Refused, match="motif"):
        turn(what, state, reason=reason)


PEOPLE = st.lists(
    st.builds(
        Heard,
        st.uuids().map(str),
        st.just("Quelqu'un"),
        st.sampled_from(Part),
        st.none() | st.just(TODAY),
    ),
    max_size=4,
)


@given(PEOPLE, st.lists(st.tuples(st.sampled_from(Turn), st.booleans()), max_size=12), st.booleans())
def test_no_sequence_of_turns_reaches_a_dead_end_nor_concludes_without_hearing(
    people: list[Heard], turns: list[tuple[Turn, bool]], anonymous: bool
) -> None:
    state = S.RECEIVED
    for what, finds in turns:
        if finds:
            people = [_found(state, each) for each in people]
        try:
            state = turn(what, state, people, "Motif", "" if anonymous else "Madame,", anonymous)
        except Refused as no:
            assert all(ground.message and ground.article for ground in no.grounds)
        if state is S.CONCLUDED:
            assert all(each.heard_on and each.finding for each in people if each.part is Part.TARGETED)
    assert state in OPEN | ANSWERED
    if state in OPEN:
        everyone = [_found(S.INVESTIGATED, replace(each, heard_on=TODAY)) for each in people]
        for what in (Turn.ADMIT, Turn.INVESTIGATE, Turn.CONCLUDE):
            if state in COURSE[what].sources:
                state = turn(what, state, everyone, "Motif", "Madame,")
        assert state is S.CONCLUDED


def _found(state: S, person: Heard) -> Heard:
    if check_finding(state, person, UNFOUNDED, TODAY):
        return person
    return replace(person, finding=Finding.UNFOUNDED)


def test_a_conclusion_names_everyone_still_without_a_finding_and_wants_the_answer() -> None:
    people = [PAUL, replace(PAUL, id="q", name="Léa Roy"), Heard("w", "Témoin", Part.WITNESS)]
    with pytest.raises(Refused) as no:
        turn(Turn.CONCLUDE, S.INVESTIGATED, people)
    told = [(ground.article, ground.field) for ground in no.value.grounds]
    assert told == [("P §4.4.1", "people"), ("P §4.4.1", "people"), ("R-32", "answer")]
    assert "Léa Roy" in str(no.value)
    done = [replace(each, finding=Finding.UNFOUNDED) for each in people]
    assert turn(Turn.CONCLUDE, S.INVESTIGATED, done, answer="Madame,") is S.CONCLUDED
    assert turn(Turn.CONCLUDE, S.INVESTIGATED, done, anonymous=True) is S.CONCLUDED


def test_no_target_needs_no_interview() -> None:
    assert turn(Turn.CONCLUDE, S.INVESTIGATED, (), answer="Madame,") is S.CONCLUDED


def test_once_a_finding_is_made_the_complaint_is_neither_withdrawn_nor_rejected() -> None:
    people = [replace(PAUL, finding=Finding.FOUNDED)]
    for what, state in ((Turn.WITHDRAW, S.INVESTIGATED), (Turn.REJECT, S.ADMISSIBLE)):
        with pytest.raises(Refused, match="déjà rendue"):
            turn(what, state, people, reason="Motif")


def test_a_screen_is_told_each_turn_from_here_and_why_not_yet() -> None:
    offered = dict(possible(S.INVESTIGATED, [PAUL]))
    assert set(offered) == {Turn.CONCLUDE, Turn.WITHDRAW}
    assert offered[Turn.WITHDRAW] is None
    assert "Paul Roy" in str(offered[Turn.CONCLUDE])


@pytest.mark.parametrize(
    ("state", "person", "given", "articles"),
    [
        (S.INVESTIGATED, {}, FOUNDED, []),
        (S.INVESTIGATED, {}, UNFOUNDED, []),
        (S.INVESTIGATED, {"heard_on": TODAY}, UNFOUNDED, []),
        (S.INVESTIGATED, {"heard_on": None}, UNFOUNDED, ["P §4.4"]),
        (S.INVESTIGATED, {"heard_on": day("Tue 2026-12-01")}, UNFOUNDED, ["P §4.4"]),
        (S.ADMISSIBLE, {}, UNFOUNDED, ["P §4.4"]),
        (S.CONCLUDED, {}, UNFOUNDED, ["P §4.4"]),
        (S.INVESTIGATED, {"part": Part.WITNESS}, UNFOUNDED, ["P §4.4.1"]),
        (S.INVESTIGATED, {}, Conclusion(), ["P §4.4.1", "R-32"]),
        (S.INVESTIGATED, {}, replace(FOUNDED, measure=None), ["P §4.7"]),
        (S.INVESTIGATED, {}, replace(FOUNDED, incident=" "), ["P §4.4.1"]),
        (S.INVESTIGATED, {}, replace(FOUNDED, measure=Measure.OTHER), ["P §4.7"]),
        (S.INVESTIGATED, {}, replace(FOUNDED, measure=Measure.OTHER, measure_words="Excuses"), []),
        (S.INVESTIGATED, {}, replace(UNFOUNDED, measure=Measure.ORAL_NOTICE), ["P §4.4.1"]),
        (S.INVESTIGATED, {}, replace(UNFOUNDED, incident="Un incident"), ["P §4.4.1"]),
        (S.RECEIVED, {"heard_on": None}, Conclusion(Finding.FOUNDED),
         ["P §4.4", "P §4.4", "R-32", "P §4.4.1", "P §4.7"]),
    ],
)  # fmt: skip
def test_a_finding_is_kept_once_the_person_was_heard_and_it_is_whole(
    state: S, person: dict[str, Any], given: Conclusion, articles: list[str]
) -> None:
    told = check_finding(state, replace(PAUL, **person), given, TODAY)
    assert [ground.article for ground in told] == articles


AWAY = Designated("remplaçant", day("Mon 2026-11-23"), day("Fri 2026-12-04"))
FOR_IT = Designated("greffe", TODAY, None, "c")


@pytest.mark.parametrize(
    ("named", "directors", "designations", "on", "expected"),
    [
        ((), ("directeur",), (), "Mon 2026-11-30", "directeur"),
        (("directeur",), ("directeur",), (), "Mon 2026-11-30", None),
        (("directeur",), ("adjoint", "directeur"), (), "Mon 2026-11-30", None),
        ((), (), (), "Mon 2026-11-30", None),
        ((), ("directeur",), (AWAY,), "Sun 2026-11-22", "directeur"),
        ((), ("directeur",), (AWAY,), "Mon 2026-11-23", "remplaçant"),
        ((), ("directeur",), (AWAY,), "Fri 2026-12-04", "remplaçant"),
        ((), ("directeur",), (AWAY,), "Sat 2026-12-05", "directeur"),
        (("remplaçant",), ("directeur",), (AWAY,), "Mon 2026-11-30", "directeur"),
        (("remplaçant", "directeur"), ("directeur",), (AWAY,), "Mon 2026-11-30", None),
        (("directeur",), ("directeur",), (FOR_IT,), "Mon 2026-11-30", "greffe"),
        ((), ("directeur",), (replace(FOR_IT, complaint="autre"),), "Mon 2026-11-30", "directeur"),
        ((), ("directeur",), (AWAY, FOR_IT), "Mon 2026-11-30", "greffe"),
        ((), ("directeur",), (AWAY, Designated("dernier", TODAY)), "Mon 2026-11-30", "dernier"),
    ],
)  # fmt: skip
def test_who_investigates(
    named: Sequence[str],
    directors: Sequence[str],
    designations: Sequence[Designated],
    on: str,
    expected: str | None,
) -> None:
    found = investigator("c", named, directors, designations, day(on))
    assert found.account == expected
    assert found.why
    assert found.article in ("P §4.4", "R-31")


ACCOUNTS = st.sampled_from(["a", "b", "c", "d"])
DAYS = st.dates(date(2026, 11, 1), date(2026, 12, 31))


@given(
    named=st.sets(ACCOUNTS),
    directors=st.sets(ACCOUNTS),
    designations=st.lists(
        st.builds(Designated, ACCOUNTS, DAYS, DAYS | st.none(), st.sampled_from(["x", "y"]) | st.none())
    ),
    on=DAYS,
)
def test_a_person_the_complaint_names_never_investigates_it_nor_reads_it(
    named: set[str], directors: set[str], designations: list[Designated], on: date
) -> None:
    assigned = investigator("x", named, directors, designations, on)
    assert assigned.account not in named
    for account in "abcd":
        assert bool(check_named(account, named)) is (account in named)


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("J'ai vu Denis Bélanger au comptoir.", "Denis Bélanger", True),
        ("BELANGER, DENIS", "Denis Bélanger", True),
        ("M. Luc St-Onge m'a injuriée", "Luc St-Onge", True),
        ("St-Onge Luc", "Luc St-Onge", True),
        ("Denis m'a dit que Luc Bélanger", "Denis Bélanger", False),
        ("Denise Bélanger", "Denis Bélanger", False),
        ("n'importe quoi", "", False),
        ("", "Denis Bélanger", False),
    ],
)
def test_a_text_names_a_person_however_it_is_typed(text: str, name: str, named: bool) -> None:
    assert is_named(text, name) is named
