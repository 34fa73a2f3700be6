"""P §4.3: what is missing of a field report is listed, nothing of it refuses; a complaint is not noted."""

from dataclasses import replace

import pytest

from policy.field_reports import ELSEWHERE, NATURES, Noted, check_report, missing
from policy.words import Nature
from tests.cast import day

TODAY = day("Mon 2026-11-16")
WHOLE = Noted(
    nature=Nature.REQUEST,
    name="Rose Lemieux",
    phone="450 555-0188",
    home_civic="12",
    home_street="rue du Lac",
    received_on=TODAY,
    department="voirie",
    street="rue de la Station",
    facts="Un trou.",
)


def lacking(noted: Noted) -> list[str]:
    return [ground.field for ground in missing(noted, TODAY)]


def test_a_whole_report_lacks_nothing() -> None:
    assert missing(WHOLE, TODAY) == ()


def test_everything_that_is_missing_is_listed_in_the_order_of_the_article() -> None:
    assert lacking(Noted()) == [
        "name", "home_street", "phone", "received_on", "nature", "department", "facts", "street",
    ]  # fmt: skip
    assert {ground.article for ground in missing(Noted(), TODAY)} == {"P §4.3"}


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "pas un numéro ☎️"),
        ("phone", "555-0188"),
        ("email", "rose chez exemple"),
        ("received_on", day("Tue 2026-11-17")),
        ("name", "  \u0007 "),
        ("facts", "\n\t"),
    ],
)
def test_what_cannot_be_right_is_listed_too_and_refuses_nothing(field: str, typed: object) -> None:
    noted = replace(WHOLE, **{field: typed})  # type: ignore[arg-type]  # any field of any kind
    assert lacking(noted) == [field]
    assert check_report(noted, 0) == ()


def test_a_place_said_in_words_is_a_place() -> None:
    assert lacking(replace(WHOLE, street="", place_note="derrière l'aréna")) == []


def test_half_an_address_is_not_a_full_one() -> None:
    assert lacking(replace(WHOLE, home_civic="")) == ["home_street"]


@pytest.mark.parametrize("nature", ELSEWHERE)
def test_a_complaint_and_a_request_for_access_are_sent_elsewhere_whatever_is_written(nature: Nature) -> None:
    (ground,) = check_report(replace(WHOLE, nature=nature), 3)
    assert ground.field == "nature" and "Dirigez la personne vers le service aux citoyens" in ground.message


def test_every_nature_is_noted_here_or_sent_elsewhere() -> None:
    assert {*NATURES, *ELSEWHERE} == set(Nature)


def test_nothing_at_all_is_not_sent_but_one_photograph_is() -> None:
    assert [ground.field for ground in check_report(Noted(received_on=TODAY), 0)] == ["facts"]
    assert check_report(Noted(), 1) == ()


def test_a_text_too_long_to_keep_is_refused_by_its_length() -> None:
    (ground,) = check_report(replace(WHOLE, facts="a" * 20_001), 0)
    assert (ground.field, "20001" in ground.message) == ("facts", True)
