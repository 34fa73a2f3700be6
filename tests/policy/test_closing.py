"""Annexe A: what a closing must give, each missing item named by its point (R-16, R-17, R-4)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.closing import (
    Closing,
    check_closing,
    check_hand_over,
)

TODAY = date(2026, 11, 23)  # Mon
WHOLE = Closing("238", True, TODAY, "2243", "Nid-de-poule bouché à l'asphalte froid.")


def points(items: Closing, today: date = TODAY, received_on: date | None = None) -> list[str]:
    return [ground.article for ground in check_closing(items, today, received_on)]


def test_a_closing_with_all_its_items_is_accepted() -> None:
    assert points(WHOLE) == []


@pytest.mark.parametrize(
    ("changes", "article", "field"),
    [
        ({"code": ""}, "annexe A, point 1", "code"),
        ({"code": "  "}, "annexe A, point 1", "code"),
        ({"done_on": None}, "annexe A, point 2", "done_on"),
        ({"done_on": date(2026, 11, 24)}, "annexe A, point 2", "done_on"),  # Tue, tomorrow
        ({"extension": ""}, "annexe A, point 3", "done_extension"),
        ({"extension": "accueil"}, "annexe A, point 3", "done_extension"),
        ({"note": ""}, "annexe A, point 4", "note"),
        ({"note": " \n "}, "annexe A, point 4", "note"),
        ({"met": False}, "SJ, « Le respect et la courtoisie »", "citizen_text"),
    ],
)
def test_each_missing_item_is_named_by_its_point(changes: dict[str, Any], article: str, field: str) -> None:
    (ground,) = check_closing(replace(WHOLE, **changes), TODAY)
    assert (ground.article, ground.field) == (article, field)


def test_all_that_is_missing_is_said_at_once_in_the_order_of_the_points() -> None:
    assert points(Closing()) == [f"annexe A, point {n}" for n in (1, 2, 3, 4)]


def test_the_day_of_the_closing_itself_may_be_the_day_it_was_done() -> None:
    assert points(replace(WHOLE, done_on=TODAY)) == []


def test_work_done_the_friday_before_the_call_may_be_closed() -> None:
    assert points(replace(WHOLE, done_on=date(2026, 11, 20)), received_on=date(2026, 11, 23)) == []


def test_a_year_typed_wrong_is_noticed() -> None:
    (ground,) = check_closing(replace(WHOLE, done_on=date(2006, 11, 20)), TODAY, date(2026, 11, 20))
    assert "vérifiez l'année" in ground.message


def test_the_planned_date_is_asked_of_nobody() -> None:
    assert points(replace(WHOLE, planned_on=None)) == points(replace(WHOLE, planned_on=TODAY)) == []


def test_a_no_with_its_explanation_may_be_closed() -> None:
    no = replace(WHOLE, code="240", met=False, citizen_text="La rue est au MTQ : composez le 511.")
    assert points(no) == []


def test_a_no_without_a_code_first_asks_for_the_code() -> None:
    assert points(replace(WHOLE, code="", met=False)) == ["annexe A, point 1"]


def test_what_is_handed_over_is_annexe_a_less_its_code() -> None:
    articles = [ground.article for ground in check_hand_over(Closing(), TODAY)]
    assert articles == ["annexe A, point 2", "annexe A, point 3", "annexe A, point 4"]


def test_each_ground_says_in_words_what_to_write() -> None:
    words = [ground.message for ground in check_closing(Closing(), TODAY)]
    for expected, message in zip(("code", "date", "numéro de poste", "note interne"), words, strict=True):
        assert expected in message


CALL = "Appelez la MRC au 450 555-0199."
TEXTS = st.sampled_from(["", " ", "238", "2243", "note", "\n", CALL])


@given(
    st.builds(
        Closing,
        code=TEXTS,
        met=st.booleans(),
        done_on=st.none() | st.dates(),
        extension=TEXTS,
        note=TEXTS,
        planned_on=st.none() | st.dates(),
        citizen_text=TEXTS,
    )
)
def test_whatever_is_accepted_has_every_item_of_annexe_a(items: Closing) -> None:
    accepted = not check_closing(items, TODAY)
    whole = bool(
        items.code.strip()
        and items.done_on is not None
        and items.done_on <= TODAY
        and any(map(str.isdigit, items.extension))
        and items.note.strip()
        and (items.met or items.citizen_text == CALL)
    )
    assert accepted is whole
