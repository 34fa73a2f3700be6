"""The presets: every value with its article or « choisi par la ville », and one that makes a town."""

import pytest

from config import demonstration, presets
from policy.answer_templates import check_template
from policy.counter_words import GuideKind
from policy.delays import Delay
from policy.rules import RuleName, check_rule
from policy.words import Circuit, Closer, Nature, Priority, Role, State
from tests.cast import day

NAMES = presets.names()
SOURCES = ("P §", "P annexe", "SJ", "choisi par la ville")


def test_there_is_one_preset_for_each_policy_and_one_for_a_town_without_any() -> None:
    assert NAMES == ["prevost", "sainte-julie", "vide"]


def test_the_blank_preset_is_all_chosen_by_the_town_and_gives_no_name() -> None:
    told = presets.articles("vide")
    cited = {article for rows in told.values() for columns in rows.values() for article in columns.values()}
    assert all(article.startswith("choisi par la ville") for article in cited)
    assert "town_name" not in {row["name"] for row in presets.preset("vide")["rules"]}


@pytest.mark.parametrize("name", NAMES)
def test_every_value_says_where_it_comes_from(name: str) -> None:
    told = presets.articles(name)
    said = {"guides", "answer_templates"} if name != "vide" else set()
    needed = {"departments", "rules", "categories", "codes", "closings", "keeping_terms"}
    assert set(told) == needed | said
    strange = [
        (table, row, column, article)
        for table, rows in told.items()
        for row, columns in rows.items()
        for column, article in columns.items()
        if not article.startswith(SOURCES)
    ]
    assert not strange


def test_sainte_julie_cites_no_article_of_prevost() -> None:
    told = presets.articles("sainte-julie")
    cited = {article for rows in told.values() for columns in rows.values() for article in columns.values()}
    assert not [article for article in cited if "P §" in article or "P annexe" in article]


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_one_the_policy_knows(name: str) -> None:
    tables = presets.preset(name)
    departments = {row["name"] for row in tables["departments"]}
    categories = {row["name"] for row in tables["categories"]}
    for row in tables["departments"]:
        assert Circuit(row["circuit"])
        assert Closer(row["closer"])
    for row in tables["categories"]:
        assert Priority(row["priority"])
        assert Nature(row["nature"])
        assert row.get("department") is None or row["department"] in departments
    for row in tables["delays"]:
        assert row["category"] in categories
        given = (row["working_days"], row["season_start"], row["season_end"])
        assert Delay(day("Mon 2026-11-02"), *given).working_days
    for row in tables["rules"]:
        assert row["name"] in set(RuleName)
        check_rule(row["name"], row["value"])
    for row in tables.get("guides", ()):
        assert GuideKind(row["kind"]) is not GuideKind.OUTSIDE or row["body"]
        assert row["keywords"]
    for row in tables.get("answer_templates", ()):
        assert State(row["state"]) and row.get("category", "Nid-de-poule") in categories
        assert check_template(row["words"]) == ()


def test_prevost_has_its_eight_departments_with_their_circuits_and_who_closes() -> None:
    found = {row["name"]: (row["circuit"], row["closer"]) for row in presets.preset("prevost")["departments"]}
    desk, department = Closer.DESK.value, Closer.DEPARTMENT.value
    assert found == {
        "Expérience citoyen": ("C", desk),
        "Travaux publics": ("B", department),
        "Ingénierie": ("B", department),
        "Urbanisme": ("C", desk),
        "Environnement": ("C", desk),
        "Sécurité communautaire": ("C", desk),
        "Loisirs, culture et vie communautaire": ("A", department),
        "Trésorerie / Taxation": ("A", department),
    }


def test_sainte_julie_sends_none_of_prevosts_monthly_lists() -> None:
    rules = {row["name"]: row["value"] for row in presets.preset("sainte-julie")["rules"]}
    assert (rules["rnc_reading"], rules["council_lists"]) == ("aucune", "non")


def test_an_unknown_preset_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        presets.preset("montreal")


def test_the_demonstration_has_one_account_for_each_role_on_the_sign_in_page() -> None:
    shown = [Role(role) for account in demonstration.accounts() if account.shown for role in account.roles]
    assert set(shown) == set(Role)


def test_nobody_real_can_be_reached_from_the_demonstration() -> None:
    people = demonstration.people()
    mails = [row["email"] for table in ("accounts", "designations", "council") for row in people[table]]
    assert all(mail.endswith("@demo.example") for mail in [*mails, people["rules"]["desk_email"]])
    assert people["rules"]["desk_phone"][3:].startswith(" 555-01")  # reaches nobody in any area


def test_the_demonstration_gives_every_department_of_prevost_a_responsable() -> None:
    departments = {row["name"] for row in presets.preset("prevost")["departments"]}
    people = demonstration.people()["designations"]
    receiving = {row["department"] for row in people if row["duty"] == "Responsable de la réception"}
    assert receiving == departments


def test_what_citizens_say_is_about_categories_of_the_grid() -> None:
    categories = {row["name"] for row in presets.preset("prevost")["categories"]}
    tale = demonstration.tale()
    settled = {row["category"] for kind in ("information", "comments") for row in tale[kind]}
    assert set(tale["topics"]) <= categories
    assert settled <= categories
