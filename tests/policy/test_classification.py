"""What a demand is and what it must say (R-1 to R-4, R-18)."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.classification import (
    LABELS,
    LONGEST,
    Stated,
    check,
    check_demand,
    check_duplicate,
    format_phone,
    is_email,
    normalise_phone,
    tidy,
)
from policy.reasons import Refused
from policy.words import Channel, Nature
from sync import file_tables as tables

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Mon 10:00 in town
POTHOLE = Stated(
    nature=Nature.REQUEST,
    channel=Channel.PHONE,
    received_at=NOW,
    facts="Nid-de-poule devant l'école.",
    street="rue de la Station",
    name="Rose Tremblay",
    phone="450 224-8888",
)
NAMELESS: dict[str, Any] = {"anonymous": True, "name": "", "phone": ""}
SPOT: dict[str, Any] = {"first_contact": True, "answer": "La collecte est le mardi."}


def grounds(**changes: Any) -> list[tuple[str, str]]:
    return [(g.article, g.field) for g in check_demand(replace(POTHOLE, **changes), NOW)]


def test_a_demand_by_telephone_is_entered() -> None:
    assert grounds() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nature": None}, [("P §4.1", "nature")]),
        ({"nature": Nature.COMPLAINT}, [("P §4.4", "nature")]),
        ({"nature": Nature.ACCESS}, [("P §4.6", "nature")]),
        ({"nature": Nature.COMPLAINT, "facts": "", "name": ""}, [("P §4.4", "nature")]),
        ({"nature": Nature.INFORMATION}, [("P §4.1", "first_contact")]),
        ({"nature": Nature.INFORMATION, **SPOT}, []),
        ({"nature": Nature.COMMENT, **SPOT, "name": "", "phone": ""}, []),
        ({"nature": Nature.CLAIM}, []),
        ({"nature": Nature.CLAIM, **SPOT}, [("P §4.1", "first_contact")]),
        ({"nature": Nature.CLAIM, **NAMELESS}, [("P §4.1", "anonymous")]),
        ({**SPOT}, []),
        ({**SPOT, "answer": " "}, [("annexe A, point 4", "answer")]),
        ({"channel": None}, [("SJ, « Une communication efficace »", "channel")]),
        ({"channel": Channel.COUNCIL}, [("R-2", "forwarded_by")]),
        ({"channel": Channel.COUNCIL, "forwarded_by": "01J"}, []),
        ({"received_at": None}, [("P §4.3", "received_at")]),
        ({"received_at": NOW + timedelta(seconds=1)}, [("P §4.3", "received_at")]),
        ({"received_at": NOW - timedelta(days=400)}, []),
        ({"received_at": NOW.replace(year=2000)}, []),
        ({"received_at": NOW.replace(year=1926)}, [("P §4.3", "received_at")]),
        ({"facts": ""}, [("P §4.3", "facts")]),
        ({"facts": " \n\t"}, [("P §4.3", "facts")]),
        ({"facts": "🕳️"}, []),
        ({"name": ""}, [("P §4.3", "name")]),
        ({"phone": ""}, [("P §4.3", "phone")]),
        ({"phone": "", "email": "rose@exemple.ca"}, []),
        ({"phone": "", "home_street": "rue Principale"}, []),
        ({"phone": "allô"}, [("P §4.3", "phone")]),
        ({"email": "rose@"}, [("P §4.3", "email")]),
        ({**NAMELESS}, []),
        ({**NAMELESS, "street": ""}, [("P §4.3", "street")]),
        ({**NAMELESS, "street": "", "sector": "Lac-Écho"}, []),
        ({**NAMELESS, "name": "Rose"}, [("P §4.3", "anonymous")]),
    ],
)
def test_a_demand_is_refused_for_these_reasons(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert grounds(**changes) == expected


def test_an_empty_form_hears_of_all_that_is_missing_at_once() -> None:
    assert [g.field for g in check_demand(Stated(), NOW)] == [
        "nature",
        "channel",
        "received_at",
        "facts",
        "name",
        "phone",
    ]


def test_the_refusal_of_a_complaint_says_where_to_take_it_and_keeps_nothing() -> None:
    (ground,) = check(Nature.COMPLAINT)
    assert "Déposer une plainte" in ground.message
    assert "N'inscrivez rien de la plainte ici" in ground.message
    (ground,) = check(Nature.ACCESS)
    assert "« Accès aux documents »" in ground.message


def test_a_hundred_thousand_characters_are_refused_with_their_count() -> None:
    (ground,) = check_demand(replace(POTHOLE, facts="x" * 100_000), NOW)
    assert (ground.article, ground.field) == ("P §4.3", "facts")
    assert "100000" in ground.message
    assert "20000" in ground.message


def too_long(name: str, length: int) -> list[str]:
    changes: dict[str, Any] = {name: "x" * length}
    return [g.field for g in check_demand(replace(POTHOLE, **changes), NOW) if "maximum" in g.message]


@pytest.mark.parametrize("name", LONGEST)
def test_each_text_is_accepted_up_to_its_length_and_no_further(name: str) -> None:
    assert too_long(name, LONGEST[name]) == []
    assert too_long(name, LONGEST[name] + 1) == [name]


def test_every_text_of_a_demand_has_a_length_and_a_label() -> None:
    texts = {f.name for f in fields(Stated) if f.default == ""}
    assert texts == set(LONGEST) == set(LABELS)


def test_the_lengths_are_those_of_the_tables() -> None:
    for name, longest in LONGEST.items():
        if name == "answer":
            assert longest == tables.FILES.field("note").longest
        elif name in ("name", "phone", "email") or name.startswith("home_"):
            assert longest == tables.CITIZENS.field(name.removeprefix("home_")).longest
        else:
            assert longest == tables.FILES.field(name).longest


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("450 224-8888", "4502248888"),
        ("(450) 224.8888", "4502248888"),
        ("450.224.8888", "4502248888"),
        ("4502248888", "4502248888"),
        ("1 450 224-8888", "4502248888"),
        ("+1 (450) 224-8888", "4502248888"),
        ("450–224–8888", "4502248888"),
        ("450/224-8888", "4502248888"),
        ("450\u00a0224‑8888", "4502248888"),
        ("450 224-8888 poste 22", "4502248888"),
        ("450 224-8888, x22", "4502248888"),
        ("450 224-8888 #22", "4502248888"),
        ("+33 1 23 45 67 89", "33123456789"),
    ],
)
def test_a_telephone_is_understood_whatever_its_punctuation(typed: str, digits: str) -> None:
    assert normalise_phone(typed) == digits


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "n'est pas un numéro"),
        ("allô", "n'est pas un numéro"),
        ("450 224-888O", "n'est pas un numéro"),
        ("٤٥٠٢٢٤٨٨٨٨", "n'est pas un numéro"),
        ("224-8888", "indicatif régional"),
        ("450 224-888", "9 chiffres"),
        ("450 224-8888 ou 514 555-1234", "n'est pas un numéro"),
        ("450 224-8888 / 514 555-1234", "20 chiffres"),
        ("000 000-0000", "indicatif"),
        ("450 024-8888", "indicatif"),
        ("+33 12", "étranger"),
    ],
)
def test_what_is_no_telephone_is_refused_in_words(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as no:
        normalise_phone(typed)
    assert no.value.grounds[0].field == "phone"


def test_a_long_paste_is_quoted_short() -> None:
    with pytest.raises(Refused) as no:
        normalise_phone("a" * 100_000)
    assert len(str(no.value)) < 200


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_a_telephone_as_we_write_it_is_understood_again(digits: str) -> None:
    assert normalise_phone(format_phone(digits)) == digits


def test_a_number_from_abroad_is_written_after_its_plus() -> None:
    assert normalise_phone(format_phone("33123456789")) == "33123456789"
    assert format_phone("") == ""


@given(st.text(max_size=60))
def test_any_text_is_a_telephone_or_a_refusal(typed: str) -> None:
    try:
        digits = normalise_phone(typed)
    except Refused as no:
        assert no.grounds[0].article == "P §4.3"
    else:
        assert digits.isascii() and digits.isdecimal() and 8 <= len(digits) <= 15


@pytest.mark.parametrize("good", ["rose@exemple.ca", "r.t+ville@mail.exemple.qc.ca", "rosé@exémple.ca"])
def test_an_address_a_letter_can_be_sent_to_is_one(good: str) -> None:
    assert is_email(good)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "rose",
        "rose@",
        "@exemple.ca",
        "rose@exemple",
        "rose exemple@ca.ca",
        "a@b.ca, c@d.ca",
        "a@b.ca\nBcc: x@y.ca",
        "<a@b.ca>",
        "a@b..ca",
        "x" * 250 + "@b.ca",
    ],
)
def test_what_no_letter_could_reach_is_no_address(bad: str) -> None:
    assert not is_email(bad)


def test_pasted_control_characters_go_and_emoji_stay() -> None:
    assert tidy("  Nid\x00-de-poule 🕳️\r\n\tici\x1b \ud800") == "Nid-de-poule 🕳️\n\tici"


@given(st.text(max_size=80))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert "\x00" not in tidy(text)


def a_row(id_: str, **others: Any) -> dict[str, Any]:
    return {"id": id_, "number": f"2026-0000{id_}", "duplicate_of": None, "nature": Nature.REQUEST, **others}


@pytest.mark.parametrize(
    ("original", "words"),
    [
        (a_row("1"), "lui-même"),
        (a_row("2", duplicate_of="3"), "dossier d'origine"),
        (a_row("2", nature=Nature.COMMENT), "aucun suivi"),
    ],
)
def test_a_duplicate_is_linked_to_an_original_that_has_a_follow_up(
    original: dict[str, Any], words: str
) -> None:
    (ground,) = check_duplicate(a_row("1"), original)
    assert ground.article == "R-18"
    assert words in ground.message


def test_a_duplicate_is_linked() -> None:
    assert check_duplicate(a_row("1"), a_row("2")) == ()
