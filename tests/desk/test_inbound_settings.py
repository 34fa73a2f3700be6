"""The town's settings as the director keeps them in a table outside (R-10, R-60, R-70, R-71, R-83)."""

from collections.abc import Mapping
from typing import Any

import pytest

from desk import registry, town
from desk.inbound import Desk, identity_may_leave
from policy.counter_words import GuideKind
from policy.reasons import Refused
from policy.rules import CHOSEN
from policy.words import Circuit, Closer, Duty, Nature, Priority
from sync.history import entries
from sync.outside import SETTINGS
from sync.store import Row
from tests.cast import PLANNING, SINCE, TAXES, WORKS, Cast, day
from tests.desk.filing import BY, TEN, filed, kept

TODAY, FRIDAY, EVE = day("Mon 2026-11-16"), day("Fri 2026-11-20"), day("Sun 2026-11-15")
YEAR = day("Fri 2027-01-01")


def change(cast: Cast, table: str, record: str, **values: Any) -> Row:
    with cast.house.store.writing() as tx:
        Desk(cast.house, lambda: TEN, "Google Sheets").change(tx, table, record, values)
    (row,) = kept(cast, table, id=record)
    return row


def born(cast: Cast, table: str, **values: Any) -> Row:
    with cast.house.store.writing() as tx:
        record = Desk(cast.house, lambda: TEN, "Google Sheets").born(tx, table, values)
    assert record is not None
    (row,) = kept(cast, table, id=record)
    return row


def is_in_use(cast: Cast, table: str, record: str) -> bool:
    with cast.house.store.reading() as tx:
        return Desk(cast.house, lambda: TEN, "Google Sheets").is_in_use(tx, table, record)


def one(cast: Cast, table: str, **equals: Any) -> Row:
    return kept(cast, table, **equals)[0]


def holder(cast: Cast, department: str, duty: Duty = Duty.RECEPTION) -> Row:
    return one(cast, "designations", department=cast.departments[department], duty=duty)


def test_a_setting_is_written_at_once_and_signed_by_the_table(cast: Cast) -> None:
    department = cast.departments[WORKS]
    row = change(cast, "departments", department, email=" voirie@prevost.test ", active=None)
    assert (row["email"], row["active"]) == ("voirie@prevost.test", False)
    with cast.house.store.reading() as tx:
        last = entries(tx, "departments", department)[-1]
        assert town.departments(tx)[department].email == "voirie@prevost.test"
    assert (last.name, last.whence, last.act) == ("Google Sheets", "table", "modifier la ligne dans la table")


BORN: Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]] = {
    "a department": (
        "departments",
        {"name": "Parcs", "circuit": Circuit.C},
        {"active": True, "closer": Closer.DESK},
    ),
    "a department out of service": (
        "departments",
        {"name": "Parcs", "circuit": Circuit.A, "active": False},
        {"active": False, "closer": Closer.DEPARTMENT},
    ),
    "a category": ("categories", {"name": "Graffiti"}, {"active": True, "priority": Priority.NORMAL}),
    "a code": ("codes", {"code": "999", "label": "Autre"}, {"active": True, "met": True}),
    "a closing": ("closings", {"day": FRIDAY, "label": "Tempête"}, {"open": False}),
    "a member of council": ("council", {"name": "Zoé", "email": "zoe@prevost.test"}, {"ends_on": None}),
    "a guide": (
        "guides",
        {"name": "Écocentre", "kind": GuideKind.OUTSIDE, "body": "La MRC"},
        {"active": True, "department": None},
    ),
    "a template": ("answer_templates", {"name": "Reçu", "words": "Reçu : {numéro}."}, {"active": True}),
    "a rule": (
        "rules",
        {"name": "sending_hour", "value": "09:00", "valid_from": YEAR},
        {"article": CHOSEN},
    ),
}


@pytest.mark.parametrize("name", BORN)
def test_a_new_row_is_a_setting_at_once_what_is_empty_at_its_default(cast: Cast, name: str) -> None:
    table, typed, expected = BORN[name]
    row = born(cast, table, **typed)
    assert {each: row[each] for each in (*typed, *expected)} == {**typed, **expected}


def test_a_delay_is_dated_and_may_have_a_season(cast: Cast) -> None:
    category = cast.categories["Nid-de-poule"]
    typed = {"category": category, "valid_from": YEAR, "season_start": "11-15", "season_end": "04-15"}
    assert born(cast, "delays", working_days=3, **typed)["working_days"] == 3


WRONG: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "a department without a circuit": ("departments", {"name": "Parcs"}, "circuit"),
    "a department that is there": ("departments", {"name": "travaux PUBLICS", "circuit": Circuit.A}, "name"),
    "a wrong address": ("departments", {"name": "Parcs", "circuit": Circuit.A, "email": "parcs"}, "email"),
    "a rank below 0": ("departments", {"name": "Parcs", "circuit": Circuit.A, "rank": -1}, "rank"),
    "a category of nobody": ("categories", {"name": "Graffiti", "department": "nulle part"}, "department"),
    "a category of complaints": ("categories", {"name": "Graffiti", "nature": Nature.COMPLAINT}, "nature"),
    "a code that is there": ("codes", {"code": "238", "label": "Encore"}, "code"),
    "a guide that is there": ("guides", {"name": "PORTER plainte", "kind": GuideKind.LINK}, "name"),
    "a guide to nobody": ("guides", {"name": "Écocentre", "kind": GuideKind.OUTSIDE}, "body"),
    "a guide to a trap": (
        "guides",
        {"name": "Écocentre", "kind": GuideKind.LINK, "link": "javascript:alert(1)"},
        "link",
    ),
    "a template that names nothing": ("answer_templates", {"name": "x", "words": "À {monsieur}"}, "words"),
    "a template offered nowhere": (
        "answer_templates",
        {"name": "x", "words": "x", "state": "Annulée"},
        "state",
    ),
    "a closing without a reason": ("closings", {"day": FRIDAY}, "label"),
    "a closing that is there": ("closings", {"day": day("Fri 2026-12-25"), "label": "Noël"}, "day"),
    "a member who leaves before coming": (
        "council",
        {"name": "Zoé", "email": "zoe@prevost.test", "starts_on": FRIDAY, "ends_on": TODAY},
        "ends_on",
    ),
    "an unknown rule": ("rules", {"name": "couleur", "value": "bleu", "valid_from": YEAR}, "name"),
    "a rule that does not read": (
        "rules",
        {"name": "sending_hour", "value": "8 h", "valid_from": YEAR},
        "value",
    ),
    "a rule without a date": ("rules", {"name": "sending_hour", "value": "08:00"}, "valid_from"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_new_row_that_does_not_hold_together_is_refused_by_its_field(cast: Cast, name: str) -> None:
    table, typed, field = WRONG[name]
    before = kept(cast, table)
    with pytest.raises(Refused) as no:
        born(cast, table, **typed)
    assert field in [ground.field for ground in no.value.grounds]
    assert kept(cast, table) == before


@pytest.mark.parametrize(
    ("season", "field"),
    [
        ({"season_start": "15-11", "season_end": "04-15"}, "season_start"),
        ({"season_start": "11-15"}, "season_end"),
        ({"working_days": -1}, "working_days"),
    ],
)
def test_a_delay_that_does_not_read_is_refused(cast: Cast, season: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as no:
        born(cast, "delays", category=cast.categories["Nid-de-poule"], valid_from=YEAR, **season)
    assert [ground.field for ground in no.value.grounds] == [field]


def test_a_wrong_value_of_a_rule_leaves_the_town_as_it_was(cast: Cast) -> None:
    hours = one(cast, "rules", name="opening_hours")
    with pytest.raises(Refused, match="Heures d'ouverture"):
        change(cast, "rules", hours["id"], value="toujours")
    assert one(cast, "rules", name="opening_hours") == hours


def test_a_rule_the_town_needs_is_not_renamed_away(cast: Cast) -> None:
    hours = one(cast, "rules", name="opening_hours")
    with pytest.raises(Refused, match="besoin de cette règle"):
        change(cast, "rules", hours["id"], name="sending_hour", value="08:00")
    with cast.house.store.reading() as tx:
        assert town.town(tx, TODAY).rules.opening_hours


def test_a_successor_is_designated_in_the_table_as_on_screen(cast: Cast) -> None:
    typed = {"department": cast.departments[TAXES], "duty": Duty.RECEPTION, "person": "Zoé Lavoie"}
    with cast.house.store.writing() as tx:
        registry.report_orphan(tx, cast.departments[TAXES], BY)
    row = born(cast, "designations", email="zoe@prevost.test", starts_on=TODAY, **typed)
    assert row["person"] == "Zoé Lavoie"
    assert one(cast, "tasks", key=f"orphelin:{cast.departments[TAXES]}")["done_at"] == TEN
    with pytest.raises(Refused) as no:
        born(cast, "designations", department=cast.departments[TAXES], duty=Duty.SUBSTITUTE)
    assert {ground.field for ground in no.value.grounds} == {"person", "email", "starts_on"}


def test_the_past_of_the_registry_is_not_rewritten(cast: Cast) -> None:
    row = holder(cast, PLANNING)
    for name, value in {
        "person": "Zoé Lavoie",
        "department": cast.departments[WORKS],
        "duty": Duty.SUBSTITUTE,
        "starts_on": FRIDAY,
        "ends_on": EVE,
    }.items():
        with pytest.raises(Refused) as no:
            change(cast, "designations", row["id"], **{name: value})
        assert [(ground.field, ground.article) for ground in no.value.grounds] == [(name, "R-60")]
    assert holder(cast, PLANNING) == row


def test_what_of_a_designation_may_be_corrected_is(cast: Cast) -> None:
    row = holder(cast, PLANNING)
    typed = {"email": "nadia@prevost.test", "extension": "2411", "ends_on": FRIDAY, "director_signed": None}
    after = change(cast, "designations", row["id"], **typed)
    assert (after["email"], after["extension"]) == ("nadia@prevost.test", "2411")
    assert (after["ends_on"], after["director_signed"]) == (FRIDAY, False)
    with pytest.raises(Refused, match="adresse courriel"):
        change(cast, "designations", row["id"], email="nadia")


def test_a_designation_to_come_may_still_be_anybody_s(cast: Cast) -> None:
    typed = {"department": cast.departments[PLANNING], "duty": Duty.RECEPTION, "email": "zoe@prevost.test"}
    row = born(cast, "designations", person="Zoé Lavoie", starts_on=FRIDAY, **typed)
    assert change(cast, "designations", row["id"], person="Zoé Roy", starts_on=TODAY)["person"] == "Zoé Roy"
    with pytest.raises(Refused) as no:
        change(cast, "designations", row["id"], starts_on=EVE)
    assert no.value.grounds[0].article == "R-60"


def test_what_records_point_to_is_in_use_and_what_nothing_does_is_not(cast: Cast) -> None:
    filed(cast)
    assert is_in_use(cast, "categories", cast.categories["Éclairage de rue"])
    assert is_in_use(cast, "departments", cast.departments[WORKS])
    assert not is_in_use(cast, "codes", cast.codes["238"])
    assert not is_in_use(cast, "categories", born(cast, "categories", name="Graffiti")["id"])
    assert not is_in_use(cast, "departments", "personne")
    lone = born(cast, "departments", name="Parcs", circuit=Circuit.C)["id"]
    assert not is_in_use(cast, "departments", lone)
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["outsider"], {"departments": [lone]}, BY)
    assert is_in_use(cast, "departments", lone)


def test_a_dated_value_counts_until_it_was_replaced_for_every_open_file(cast: Cast) -> None:
    first = one(cast, "rules", name="sending_hour")
    later = born(cast, "rules", name="sending_hour", value="09:00", valid_from=TODAY)
    assert is_in_use(cast, "rules", later["id"]) and not is_in_use(cast, "rules", first["id"])
    filed(cast, received_at=TEN.replace(day=5))  # received under the first
    assert is_in_use(cast, "rules", first["id"])
    delay = one(cast, "delays", category=cast.categories["Nid-de-poule"])
    assert is_in_use(cast, "delays", delay["id"])


def test_closings_council_and_registry_count_from_today(cast: Cast) -> None:
    past, coming = day("Mon 2026-10-12"), day("Fri 2026-12-25")
    assert not is_in_use(cast, "closings", one(cast, "closings", day=past)["id"])
    assert is_in_use(cast, "closings", one(cast, "closings", day=coming)["id"])
    filed(cast, received_at=TEN.replace(month=10, day=5))  # counted with that day
    assert is_in_use(cast, "closings", one(cast, "closings", day=past)["id"])
    member = cast.council["Guy Ouellet"]
    assert is_in_use(cast, "council", member)
    change(cast, "council", member, ends_on=EVE)
    assert not is_in_use(cast, "council", member)
    row = holder(cast, PLANNING)
    typed = {"department": row["department"], "duty": row["duty"], "email": "zoe@prevost.test"}
    coming_one = born(cast, "designations", person="Zoé", starts_on=FRIDAY, **typed)
    assert is_in_use(cast, "designations", row["id"]) and is_in_use(cast, "designations", coming_one["id"])
    change(cast, "designations", coming_one["id"], starts_on=TODAY)
    assert not is_in_use(cast, "designations", row["id"])
    assert row["starts_on"] == SINCE


def test_identity_leaves_once_the_town_has_dated_its_assessment(cast: Cast) -> None:
    def leaves() -> bool:
        with cast.house.store.reading() as tx:
            return identity_may_leave(tx, TODAY)

    assert not leaves()
    born(cast, "rules", name="privacy_assessment", value="2026-11-10", valid_from=TODAY, article="R-83")
    assert leaves()


def test_every_table_of_settings_takes_new_rows(cast: Cast) -> None:
    assert {table for table, _, _ in BORN.values()} | {"delays"} == set(SETTINGS)
