"""R-31, R-33: whatever is done in whatever order, nobody a complaint names reads it or investigates it."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest

from desk import complaint_file, inquiries, investigations, investigators
from desk.complaints import Named
from desk.visits import Visit
from policy.private_words import Part
from policy.reasons import Refused
from policy.towntime import town_day
from tests.cast import CAST, Cast
from tests.desk.complaining import NINE, complaint, deposited, rows

STEPS = 14


@pytest.mark.parametrize("seed", range(3))
def test_nobody_named_ever_reads_or_investigates(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    first = chance.choice(list(CAST))
    number = deposited(cast, Named(CAST[first].name)).number
    named, admitted = {first}, 0
    for step in range(1, STEPS + 1):
        at = NINE + timedelta(hours=6 * step)
        who = chance.choice(list(CAST))
        visits = {each: cast.visit(each, at) for each in CAST}
        handler = _investigator(cast, number)
        with suppress(Refused):
            act = chance.choice((_name, _admit, _admit, _designate, _designate, _absence, _recuse))
            act(cast, visits[handler] if handler else visits["general"], visits["general"], number, who)
            if act is _name and handler:
                named.add(who)
        for each in CAST:
            reads = _reads(visits[each], number)
            admitted += reads
            assert not (reads and each in named), f"{each} is named and reads at step {step}"
        assert _investigator(cast, number) not in named
    assert admitted or len(named) > 1, "something happened"


def _investigator(cast: Cast, number: str) -> str | None:
    account = complaint(cast, number)["investigator"]
    return next((key for key, found in cast.accounts.items() if found == account), None)


def _reads(visit: Visit, number: str) -> bool:
    try:
        complaint_file.opened(visit, number)
    except Refused:
        return False
    return True


def _name(cast: Cast, handler: Visit, _: Visit, number: str, who: str) -> None:
    inquiries.add_person(handler, number, Named(CAST[who].name, part=Part.WITNESS))


def _admit(cast: Cast, handler: Visit, _: Visit, number: str, who: str) -> None:
    investigations.name_reader(handler, number, cast.accounts[who], "Motif")


def _designate(cast: Cast, _: Visit, general: Visit, number: str, who: str) -> None:
    investigators.designate(general, number, cast.accounts[who], "Motif")


def _absence(cast: Cast, _: Visit, general: Visit, number: str, who: str) -> None:
    today = town_day(general.at)
    investigators.replace_director(general, cast.accounts[who], today, today + timedelta(days=1))


def _recuse(cast: Cast, handler: Visit, _: Visit, number: str, who: str) -> None:
    investigations.recuse(handler, number, "Motif")


def test_a_refused_designation_leaves_nothing(cast: Cast) -> None:
    number = deposited(cast, Named("Denis Bélanger"), Named("Paul Lavoie")).number
    with pytest.raises(Refused):
        investigators.designate(cast.visit("general", NINE), number, cast.accounts["clerk"])
    assert not rows(cast, "investigators")
    assert complaint(cast, number)["investigator"] is None
