"""Work orders: what a crew needs of a file, and nothing of who asked for it."""

import pytest

from desk import files, moves, work_orders
from desk.scope import NotFound
from policy.reasons import Refused
from tests.cast import Cast
from tests.desk.demands import MARIE, opened
from tests.desk.filing import TEN
from tests.desk.paper import paper


def test_an_order_says_where_and_what_and_nothing_of_the_citizen(cast: Cast) -> None:
    number = opened(cast).number
    read = paper(work_orders.printed(cast.visit("secretary", TEN), [number]))
    assert number in read.words and "88 rue Principale" in read.words and "nid-de-poule" in read.words
    for said in (MARIE.name, MARIE.phone, MARIE.email, "1234", "Érablière"):
        assert said not in read.words
    assert read.tagged and read.language == "fr-CA"


def test_several_are_printed_at_once_in_the_order_asked_each_once(cast: Cast) -> None:
    one, two = opened(cast).number, opened(cast).number
    read = paper(work_orders.printed(cast.visit("secretary", TEN), [two, one, two, ""]))
    assert read.pages == 2 and read.words.index(two) < read.words.index(one)


def test_who_does_not_see_a_file_prints_nothing_of_it(cast: Cast) -> None:
    number = opened(cast).number
    with pytest.raises(NotFound):
        work_orders.printed(cast.visit("planner", TEN), [number])
    with pytest.raises(Refused, match="réservé"):
        work_orders.printed(cast.visit("clerk", TEN), [number])


def test_nothing_chosen_too_many_and_what_is_over_are_refused(cast: Cast) -> None:
    number = opened(cast).number
    technician = cast.visit("technician", TEN)
    with pytest.raises(Refused, match="au moins un"):
        work_orders.printed(technician, [" "])
    with pytest.raises(Refused, match="50 bons"):
        work_orders.printed(technician, [str(n) for n in range(51)])
    moves.cancel(technician, files.open(technician, number).id, "Appelée deux fois")
    with pytest.raises(Refused, match=number):
        work_orders.printed(technician, [number])
