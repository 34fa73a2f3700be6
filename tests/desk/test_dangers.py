"""R-34: an urgent request with the facts and no complainant, and nothing in it of the complaint."""

import pytest

from desk import investigations, routing
from desk.dangers import SAFETY, Danger, danger
from policy.reasons import Refused
from policy.words import Nature, Priority, State
from tests.cast import CAST, Cast
from tests.desk.complaining import NINE, TEN, complaint, deposited, rows

DOG = Danger("danger-1", "Un chien menace les enfants.", street="rue des Pins", civic="12")


def test_a_danger_is_an_urgent_request_of_the_safety_department_without_complainant(cast: Cast) -> None:
    number = deposited(cast, danger=True, danger_words="Un chien").number
    told = danger(cast.visit("technician", NINE), DOG)
    assert told.department_name == SAFETY
    assert told.responsables == ("Yan Proulx",)
    (file,) = rows(cast, "files")
    assert (file["number"], file["nature"], file["priority"]) == (
        told.number,
        Nature.REQUEST,
        Priority.URGENT,
    )
    assert (file["anonymous"], file["citizen"], file["state"]) == (True, None, State.ROUTED)
    kept = complaint(cast, number)
    private = {kept["id"], number, kept["intake_token"], kept["name"], kept["facts"]}
    assert not any(str(secret) in str(file) for secret in private)
    assert not rows(cast, "citizens")
    assert not any(number in str(mail) for mail in rows(cast, "mails"))
    assert not any(file["id"] in str(row) or told.number in str(row) for row in rows(cast, "complaints"))


def test_also_of_a_complaint_refused_or_anonymous(cast: Cast) -> None:
    deposited(cast, anonymous=True, name="", phone="", civic="", street="", city="", postal_code="")
    assert danger(cast.visit("technician", NINE), DOG).number == "2026-00001"


def test_the_same_form_twice_opens_one_request(cast: Cast) -> None:
    visit = cast.visit("technician", NINE)
    first, again = danger(visit, DOG), danger(visit, DOG)
    assert (first.number, first.again, again.again) == (again.number, False, True)
    with pytest.raises(Refused):
        danger(visit, Danger(DOG.token, "Autre chose", street="rue des Pins"))
    assert len(rows(cast, "files")) == 1


def test_what_is_missing_is_told_at_once(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        danger(cast.visit("technician", NINE), Danger("danger-2", " "))
    assert {ground.field for ground in no.value.grounds} == {"facts", "street"}
    assert not rows(cast, "files")


def test_who_investigates_opens_one_whatever_the_role(cast: Cast) -> None:
    number = deposited(cast).number
    clerk = cast.visit("clerk", TEN)
    with pytest.raises(Refused):
        danger(clerk, DOG)
    investigations.name_reader(cast.visit("director", TEN), number, cast.accounts["clerk"], "Avis")
    told = danger(clerk, DOG)
    assert told.department_name == SAFETY
    with pytest.raises(Refused):
        routing.route(clerk, told.id, cast.departments[SAFETY])


@pytest.mark.parametrize("who", [who for who in CAST if who not in ("technician", "director")])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    deposited(cast)
    with pytest.raises(Refused, match="déposer une plainte"):
        danger(cast.visit(who, TEN), DOG)
    assert not rows(cast, "files")
