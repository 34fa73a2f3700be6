"""R-19: the address of the town's survey, who is invited, what an answer must be."""

from datetime import date

import pytest

from policy.reasons import Refused
from policy.rules import RuleName, check_rule, rules_on
from policy.surveys import UNKNOWN, Answer, check_file, invitation, read
from policy.words import Nature, State

FORM = "https://sondage.ville.test/f?lang=fr"
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (FORM, FORM),
        ("https://sondage.ville.test/{numero}/reponse", "https://sondage.ville.test/{numero}/reponse"),
        (f"  {FORM} ", FORM),
        ("non", ""),
        ("", ""),
    ],
)
def test_an_address_over_https_is_kept_and_no_takes_it_away(typed: str, kept: str) -> None:
    assert check_rule(RuleName.SURVEY_URL, typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://sondage.ville.test", "https://"),
        ("sondage.ville.test", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://", "adresse Web"),
        ("https://sondage", "adresse Web"),
        ("https://ville.test@ailleurs.test/", "adresse Web"),
        ("https://ville.test:abc/", "adresse Web"),
        ("https://[ville.test/", "adresse Web"),
        ("https://ville.test/a b", "adresse Web"),
        ('https://ville.test/"><script>', "adresse Web"),
        ("https://ville.test/{numero}/{numero}", "une seule fois"),
        ("https://ville.test/{nom}", "une seule fois"),
        ("https://{numero}.ville.test/", "après le nom du site"),
    ],
)
def test_any_other_is_refused_in_french(typed: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as no:
        check_rule(RuleName.SURVEY_URL, typed)
    assert no.value.grounds[0].field == RuleName.SURVEY_URL


def test_what_an_earlier_version_took_stops_nothing_and_invites_nobody() -> None:
    values = {
        RuleName.TOWN_NAME: "Prévost", RuleName.OPENING_HOURS: "lundi 08:00-16:30",
        RuleName.START_DATE: "2026-01-01", RuleName.SURVEY_URL: "http://sondage.ville.test",
    }  # fmt: skip
    rows = [
        {"name": name.value, "value": value, "valid_from": date(2026, 1, 1), "article": ""}
        for name, value in values.items()
    ]
    assert rules_on(rows, TODAY).survey_url == ""


@pytest.mark.parametrize(
    ("form", "address"),
    [
        (FORM, f"{FORM}&numero=2026-00042"),
        ("https://v.test", "https://v.test?numero=2026-00042"),
        ("https://v.test/#/f", "https://v.test/?numero=2026-00042#/f"),
        ("https://v.test/{numero}?a=1", "https://v.test/2026-00042?a=1"),
        ("", ""),
    ],
)
def test_the_number_is_filled_in(form: str, address: str) -> None:
    assert invitation(form, "2026-00042", Nature.REQUEST, False) == address


def test_only_a_request_that_is_not_anonymous_is_invited() -> None:
    for nature in Nature:
        assert bool(invitation(FORM, "2026-00042", nature, False)) is (nature is Nature.REQUEST)
    assert invitation(FORM, "2026-00042", Nature.REQUEST, True) == ""


def test_a_number_nobody_has_and_a_private_one_are_answered_alike() -> None:
    def words(file: dict[str, object] | None, opens: bool = True) -> list[str]:
        return [ground.message for ground in check_file(file, opens)]

    closed: dict[str, object] = {"number": "2026-00001", "state": State.DONE}
    for nature in set(Nature) - {Nature.REQUEST}:
        assert words(closed | {"nature": nature}) == words(None) == [UNKNOWN]
    assert words({**closed, "nature": Nature.REQUEST}) == []
    for state in set(State) - {State.DONE}:
        still_open = {**closed, "nature": Nature.REQUEST, "state": state}
        assert "n'est pas fermé" in words(still_open)[0]
        assert words(still_open, opens=False) == [UNKNOWN]


@pytest.mark.parametrize(
    ("day", "score", "answer"),
    [
        ("2026-11-20", "4", Answer(date(2026, 11, 20), 4, "Bien")),
        ("2026/11/20 10:22:01 AM", "5,0", Answer(date(2026, 11, 20), 5, "Bien")),
        ("2026-11-20T10:22", "3 / 5", Answer(date(2026, 11, 20), 3, "Bien")),
        (" 2026-1-2 ", "1 - Pas du tout", Answer(date(2026, 1, 2), 1, "Bien")),
    ],
)
def test_an_answer_is_read_as_forms_export_it(day: str, score: str, answer: Answer) -> None:
    assert read(day, score, " Bien\x00 ", TODAY) == answer


def test_what_does_not_read_is_told_all_at_once() -> None:
    for day, score in (
        ("", ""),
        ("20/11/2026", "6"),
        ("2026-02-30", "0"),
        ("hier", "très"),
        ("2027-01-01", "45"),
    ):
        with pytest.raises(Refused) as no:
            read(day, score, "é" * 4_001, TODAY)
        assert [ground.field for ground in no.value.grounds] == ["received_on", "satisfaction", "words"]
