"""Annexe C: who is in force on a day, who is told, who follows whom (R-12b, R-21, R-60)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy import registry
from policy.identity import name_words
from policy.words import Circuit, Duty

WORKS, LEISURE = "travaux", "loisirs"
RECEPTION, EXECUTION, SUBSTITUTE = Duty.RECEPTION, Duty.EXECUTION, Duty.SUBSTITUTE


def row(
    person: str,
    starts_on: date,
    ends_on: date | None = None,
    duty: Duty = RECEPTION,
    department: str = WORKS,
    **others: Any,
) -> dict[str, Any]:
    return {
        "id": f"{starts_on}-{person}",
        "department": department,
        "duty": duty,
        "person": person,
        "email": f"{person.lower()}@ville.qc.ca",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "employee_signed": None,
        "director_signed": None,
        **others,
    }


JULIE = row("Julie", date(2026, 1, 5))  # Mon
MARC = row("Marc", date(2026, 9, 1))  # Tue
CHIEF = row("Roger", date(2026, 1, 5), duty=EXECUTION)
ANNE = row("Anne", date(2026, 11, 16), date(2026, 11, 27), duty=SUBSTITUTE)  # Mon to Fri, two weeks
ROWS = [MARC, CHIEF, ANNE, JULIE, row("Luc", date(2026, 1, 5), department=LEISURE)]


@pytest.mark.parametrize(
    ("day", "person"),
    [
        (date(2026, 1, 4), None),  # Sun
        (date(2026, 1, 5), "Julie"),  # Mon, its first day
        (date(2026, 8, 31), "Julie"),  # Mon, its last
        (date(2026, 9, 1), "Marc"),  # Tue
        (date(2030, 1, 1), "Marc"),  # Tue, until replaced
    ],
)
def test_who_was_responsable_on_any_day_can_be_asked(day: date, person: str | None) -> None:
    found = registry.in_force(ROWS, WORKS, day, RECEPTION)
    assert (found and found["person"]) == person


def test_an_unsigned_designation_is_in_force_and_says_so() -> None:
    assert registry.in_force([JULIE], WORKS, date(2026, 1, 5), RECEPTION) is JULIE
    assert not registry.is_signed(JULIE)
    assert not registry.is_signed(JULIE | {"employee_signed": True})
    assert registry.is_signed(JULIE | {"employee_signed": True, "director_signed": True})


def test_who_left_without_successor_leaves_the_department_orphaned() -> None:
    left = [JULIE, row("Marc", date(2026, 9, 1), date(2026, 10, 30))]  # Fri
    assert registry.in_force(left, WORKS, date(2026, 10, 30), RECEPTION) is left[1]
    assert registry.in_force(left, WORKS, date(2026, 10, 31), RECEPTION) is None
    assert registry.orphans(left, [WORKS], date(2026, 10, 31)) == (WORKS,)
    assert registry.list_recipients(left, WORKS, Circuit.C, date(2026, 10, 31)).orphan


def test_a_designation_made_again_on_its_day_corrects_the_first() -> None:
    again = row("Zoé", date(2026, 9, 1))
    assert registry.in_force([again, MARC], WORKS, date(2026, 9, 1), RECEPTION) is again
    assert [t.designation["person"] for t in registry.tenures([again, MARC], WORKS, RECEPTION)] == ["Zoé"]


@pytest.mark.parametrize(
    ("day", "stands_in"),
    [
        (date(2026, 11, 15), False),  # Sun, the eve
        (date(2026, 11, 16), True),  # Mon
        (date(2026, 11, 27), True),  # Fri, the last day
        (date(2026, 11, 28), False),  # Sat
    ],
)
def test_the_substitute_is_told_of_routing_while_the_responsable_is_away(day: date, stands_in: bool) -> None:
    told = registry.routing_recipients(ROWS, WORKS, Circuit.A, day)
    assert [one["person"] for one in told.to] == (["Anne"] if stands_in else ["Marc"])


def test_the_list_goes_to_the_responsable_and_by_copy_to_the_execution_and_the_substitute() -> None:
    told = registry.list_recipients(ROWS, WORKS, Circuit.B, date(2026, 11, 23))  # Mon
    assert [one["person"] for one in told.to] == ["Marc"]
    assert [one["person"] for one in told.copies] == ["Roger", "Anne"]


def test_outside_circuit_b_nobody_is_told_for_the_execution() -> None:
    told = registry.list_recipients(ROWS, WORKS, Circuit.C, date(2026, 12, 1))  # Tue
    assert (len(told.to), told.copies) == (1, ())


def test_in_circuit_b_the_execution_is_told_of_routing() -> None:
    told = registry.routing_recipients(ROWS, WORKS, Circuit.B, date(2026, 12, 1))
    assert [one["person"] for one in told.copies] == ["Roger"]


def test_without_responsable_the_substitute_receives_the_list() -> None:
    told = registry.list_recipients([ANNE], WORKS, Circuit.A, date(2026, 11, 23))
    assert [one["person"] for one in told.to] == ["Anne"]
    assert told.copies == ()


def test_a_department_with_only_an_execution_has_no_responsable() -> None:
    told = registry.list_recipients([CHIEF], WORKS, Circuit.B, date(2026, 11, 23))
    assert told.orphan
    assert [one["person"] for one in told.copies] == ["Roger"]


def test_one_address_is_told_once_however_it_is_written() -> None:
    same = row("Roger", date(2026, 1, 5), email="ROGER@ville.qc.ca")
    told = registry.list_recipients([same, CHIEF], WORKS, Circuit.B, date(2026, 11, 23))
    assert (len(told.to), told.copies) == (1, ())


def test_the_registry_tells_who_followed_whom() -> None:
    held = [
        (t.designation["person"], t.starts_on, t.ends_on) for t in registry.tenures(ROWS, WORKS, RECEPTION)
    ]
    assert held == [("Julie", date(2026, 1, 5), date(2026, 8, 31)), ("Marc", date(2026, 9, 1), None)]
    (away,) = registry.tenures(ROWS, WORKS, SUBSTITUTE)
    assert away.ends_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (date(2026, 1, 5), date(2026, 1, 8), ["Zoé"]),
        (date(2026, 1, 9), date(2026, 1, 12), ["Zoé", "Luc"]),
        (date(2026, 1, 10), date(2026, 1, 11), []),
        (date(2026, 1, 1), date(2026, 1, 31), ["Zoé", "Luc"]),
    ],
)
def test_substitutes_overlap_from_the_first_to_the_last_of_their_days(
    first: date, last: date, names: list[str]
) -> None:
    rows = [
        row("Zoé", date(2026, 1, 5), date(2026, 1, 9), duty=SUBSTITUTE),
        row("Luc", date(2026, 1, 12), date(2026, 1, 16), duty=SUBSTITUTE),
        row("Anne", date(2026, 1, 12), date(2026, 1, 11), duty=SUBSTITUTE),  # taken back: it holds no day
        row("Marc", date(2026, 1, 5)),
        row("Ève", date(2026, 1, 5), date(2026, 1, 30), duty=SUBSTITUTE, department=LEISURE),
    ]
    assert [each["person"] for each in registry.overlapping(rows, WORKS, first, last)] == names


def test_a_name_is_one_account_s_whatever_its_order_accents_and_capitals() -> None:
    accounts = [{"name": each} for each in ("Ève St-Onge", "Julie Gagnon", "GAGNON, Julie", "")]
    whose = registry.bearers(accounts)
    assert whose[name_words("ST ONGE, eve")] == accounts[0]
    assert name_words("Julie Gagnon") not in whose and name_words("") not in whose


def grounds(new: Mapping[str, Any], circuit: Circuit = Circuit.B) -> list[tuple[str, str]]:
    return [(g.article, g.field) for g in registry.check_designation(new, ROWS, circuit)]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (row("Zoé", date(2026, 12, 1)), []),
        (row("Zoé", date(2026, 9, 1)), []),
        (row("Zoé", date(2026, 8, 31)), [("R-60", "starts_on")]),
        (row(" ", date(2026, 12, 1)), [("P annexe C", "person"), ("P annexe C", "email")]),
        (row("Zoé", date(2026, 12, 1), email="zoe"), [("P annexe C", "email")]),
        (row("Zoé", date(2026, 12, 1), date(2026, 11, 1)), [("P annexe C", "ends_on")]),
        (row("Zoé", date(2026, 12, 1), duty=SUBSTITUTE), [("R-60", "ends_on")]),
        (row("Zoé", date(2026, 1, 5), date(2026, 1, 9), duty=SUBSTITUTE), []),
        (row("Zoé", date(2026, 12, 1)) | {"starts_on": None}, [("P annexe C", "starts_on")]),
    ],
)
def test_a_designation_is_refused_for_these_reasons(
    new: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert grounds(new) == expected


def test_only_circuit_b_names_an_execution() -> None:
    new = row("Zoé", date(2026, 12, 1), duty=EXECUTION)
    assert grounds(new, Circuit.B) == []
    assert grounds(new, Circuit.C) == [("P §4.2.2", "duty")]


DAYS = st.integers(0, 60).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
NAMES = st.sampled_from(["Julie", "Marc", "Anne", "Zoé"])


@given(st.lists(st.tuples(NAMES, DAYS, st.none() | DAYS), max_size=6), DAYS)
def test_the_tenures_and_who_is_in_force_agree_on_every_day(
    designations: list[tuple[str, date, date | None]], day: date
) -> None:
    rows = [row(person, starts, ends) for person, starts, ends in designations]
    found = registry.in_force(rows, WORKS, day, RECEPTION)
    holding = [
        t.designation["person"]
        for t in registry.tenures(rows, WORKS, RECEPTION)
        if t.starts_on <= day and (t.ends_on is None or day <= t.ends_on)
    ]
    assert holding == ([found["person"]] if found else [])
