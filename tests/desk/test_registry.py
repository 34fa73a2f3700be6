"""The registry of Responsables at the counter (P annexe C, R-60)."""

from dataclasses import replace
from typing import Any

import pytest

from desk import registry
from desk.registry import Designation, Post
from policy.reasons import Refused
from policy.words import Duty
from tests.cast import PLANNING, SINCE, TAXES, WORKS, Cast, day, moment
from tests.desk.filing import NINE, filed

MONDAY, FRIDAY = day("Mon 2026-11-16"), day("Fri 2026-11-20")
EVE = day("Wed 2025-12-31")  # of the day the others began


def post(cast: Cast, department: str, on: Any) -> Post:
    return next(each for each in registry.on(cast.visit("technician", NINE), on) if each.name == department)


def successor(cast: Cast, **more: Any) -> Designation:
    return replace(
        Designation(cast.departments[PLANNING], Duty.RECEPTION, "Zoé Lavoie", "zoe@prevost.test", FRIDAY),
        **more,
    )


def test_who_receives_what_on_any_day(cast: Cast) -> None:
    registry.designate(cast.visit("director", NINE), successor(cast))
    before, after = post(cast, PLANNING, day("Thu 2026-11-19")), post(cast, PLANNING, FRIDAY)
    assert before.reception is not None and before.reception.person == "Nadia Roy"
    assert after.reception is not None and after.reception.person == "Zoé Lavoie"
    assert not after.reception.signed and not after.orphan
    works = post(cast, WORKS, MONDAY)
    assert works.execution is not None and works.execution.person == "Réal Savard"


def test_nothing_is_overwritten_the_one_replaced_ends_on_the_eve(cast: Cast) -> None:
    registry.designate(cast.visit("technician", NINE), successor(cast))
    newest, oldest = registry.history(cast.visit("technician", NINE), cast.departments[PLANNING])
    assert (newest.person, newest.starts_on, newest.ends_on) == ("Zoé Lavoie", FRIDAY, None)
    assert (oldest.person, oldest.starts_on, oldest.ends_on) == ("Nadia Roy", SINCE, day("Thu 2026-11-19"))


def test_open_files_follow_the_department_and_without_anyone_are_orphaned(cast: Cast) -> None:
    filed(cast, department=TAXES)
    orphan = post(cast, TAXES, MONDAY)
    assert orphan.orphan and orphan.open_files == 1 and orphan.reception is None
    registry.designate(
        cast.visit("technician", NINE), successor(cast, department=cast.departments[TAXES], starts_on=MONDAY)
    )
    assert not post(cast, TAXES, MONDAY).orphan


def test_a_designation_lacks_nothing_and_each_ground_names_its_field(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        registry.designate(
            cast.visit("technician", NINE), successor(cast, person=" ", email="zoe", starts_on=EVE)
        )
    assert {ground.field for ground in no.value.grounds} == {"person", "email", "starts_on"}
    with pytest.raises(Refused, match="service"):
        registry.designate(cast.visit("technician", NINE), successor(cast, department="inconnu"))


@pytest.mark.parametrize("who", ["secretary", "council", "outsider", "admin"])
def test_only_the_desk_designates(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="réservé"):
        registry.designate(cast.visit(who, NINE), successor(cast))


def test_the_signatures_come_in_afterwards(cast: Cast) -> None:
    made = registry.designate(cast.visit("technician", NINE), successor(cast))
    assert registry.sign(cast.visit("technician", NINE), made.id, True, False).signed is False
    assert registry.sign(cast.visit("technician", NINE), made.id, True, True).signed is True


def test_a_substitution_is_cut_short_but_never_in_the_past(cast: Cast) -> None:
    made = registry.designate(
        cast.visit("technician", NINE),
        successor(cast, duty=Duty.SUBSTITUTE, starts_on=MONDAY, ends_on=FRIDAY),
    )
    wednesday = moment("Wed 2026-11-18 09:00")
    registry.end(cast.visit("director", wednesday), made.id, day("Wed 2026-11-18"))
    assert post(cast, PLANNING, day("Thu 2026-11-19")).substitute is None
    assert post(cast, PLANNING, day("Wed 2026-11-18")).substitute is not None
    with pytest.raises(Refused, match="passé"):
        registry.end(cast.visit("director", wednesday), made.id, day("Tue 2026-11-17"))
