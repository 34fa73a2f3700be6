"""Mettre la ville en place on a screen: kept, seen by two, adopted whole; the first holders of its posts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from config.presets import preset
from desk import accounts, seats, sessions, settling, setup
from desk.house import House
from desk.town import town
from desk.visits import Visit
from door.beginnings import offers
from policy.reasons import Refused
from policy.words import Duty, Role
from sync.store import Store
from tests.cast import Cast, day, moment
from tests.conftest import Sqlite
from tests.desk.filing import filed

EIGHT = moment("Mon 2026-11-02 08:00")
PASSWORD = "le canot dort sous la neige"


@pytest.fixture
def empty(bare_house: House) -> House:
    """A house with its first administrator, where no town is in place."""
    house = replace(bare_house, presets=offers())
    accounts.first(house, "Ida Nguyen", "ida@adele.test", PASSWORD, EIGHT)
    return house


def visit(house: House, email: str = "ida@adele.test") -> Visit:
    with house.store.writing() as tx:
        account = tx.first("accounts", email=email)
        assert account is not None
        token = sessions.open_session(tx, account["id"], EIGHT)
    return Visit(house, EIGHT, session=sessions.hash_token(token))


def typed(house: House, **fields: object) -> None:
    """Typed by the administrator, over what stands."""
    with house.store.reading() as tx:
        seen = {row["field"]: row["value"] for row in tx.find("settling")}
    assert (
        settling.keep(visit(house), {name.replace("__", "."): each for name, each in fields.items()}, seen)
        == ()
    )


def named(house: House, **fields: object) -> None:
    typed(house, town_name="Ville de Sainte-Adèle", preset="prevost", **fields)


def placed(house: House) -> None:
    named(house)
    assert settling.adopt(visit(house)) == "La ville est en place."


def test_what_was_typed_is_found_again_from_another_session(empty: House) -> None:
    typed(empty, town_name="Ville de Sainte-Adèle", hours__0="9:00-12:00, 13:00-17:00")
    found = settling.settling(visit(empty))
    assert found.plan.value("town_name") == "Ville de Sainte-Adèle"
    assert found.plan.value("hours.0") == "9:00-12:00, 13:00-17:00"
    assert not found.placed


def test_a_preset_proposes_the_address_of_its_town_to_that_town_only(empty: House) -> None:
    named(empty)
    assert settling.settling(visit(empty)).plan.value("town_address") == ""
    typed(empty, town_name="ville de Prévost")
    assert "Curé-Labelle" in settling.settling(visit(empty)).plan.value("town_address")


def test_what_is_adopted_is_what_the_command_writes(empty: House, sqlite: Sqlite, tmp_path: object) -> None:
    placed(empty)
    by_screen = _rows(empty)
    other = Store.open(sqlite.url())
    by_command = replace(empty, store=other)
    if other.dialect == empty.store.dialect:  # the same file, emptied
        with other.reading() as tx:
            assert tx.find("rules") == []
    setup.put_in_place(by_command, preset("prevost"), EIGHT, "Ville de Sainte-Adèle")
    expected = _rows(by_command)
    for contact in ("town_address", "town_phone"):  # Prévost's own, which another town does not take
        expected["rules"].pop(contact)
    assert by_screen == expected
    other.close()


def _rows(house: House) -> dict[str, dict[str, tuple[object, ...]]]:
    with house.store.reading() as tx:
        names = {row["id"]: row["name"] for row in tx.find("departments")}
        hours = town(tx, day("Mon 2026-11-02")).rules.opening_hours
        services, grid = tx.find("departments"), tx.find("categories")
        return {
            "departments": {row["name"]: (row["circuit"], row["closer"], row["active"]) for row in services},
            "categories": {row["name"]: (names.get(row["department"]), row["priority"]) for row in grid},
            "delays": {str(len(tx.find("delays"))): ()},
            "codes": {row["code"]: (row["label"], row["met"]) for row in tx.find("codes")},
            "rules": {
                row["name"]: (str(hours) if row["name"] == "opening_hours" else row["value"], row["article"])
                for row in tx.find("rules")
            },
            "closings": {row["day"].isoformat(): (row["label"], row["open"]) for row in tx.find("closings")},
        }  # fmt: skip


def test_departments_renamed_and_switched_off_take_their_categories_along(empty: House) -> None:
    kept = {"circuit": "C", "closer": "Le service aux citoyens"}
    named(
        empty,
        service__prevost__1={"name": "Voirie", **kept, "active": True},
        service__prevost__2={"name": "Ingénierie", **kept, "active": False},
        service__prevost__100={"name": "Bibliothèque", **kept, "active": True},
    )
    settling.adopt(visit(empty))
    with empty.store.reading() as tx:
        now = town(tx, day("Mon 2026-11-02"))
    by_name = {each.name: each.id for each in now.departments.values()}
    assert {"Voirie", "Bibliothèque"} <= by_name.keys()
    assert not {"Travaux publics", "Ingénierie"} & by_name.keys()
    grid = {each.name: each.department for each in now.categories.values()}
    assert grid["Nid-de-poule"] == by_name["Voirie"]
    orphans = {
        row["name"] for row in preset("prevost")["categories"] if row.get("department") == "Ingénierie"
    }
    assert orphans and {grid[name] for name in orphans} == {None}


def test_a_closing_unticked_is_worked_and_another_day_is_closed(empty: House) -> None:
    named(empty, **{"closing__2026-12-24": {"open": True}})
    settling.close(visit(empty), day("Mon 2026-12-28"), "Pont de Noël")
    settling.adopt(visit(empty))
    with empty.store.reading() as tx:
        calendar = town(tx, day("Mon 2026-11-02")).calendar
    assert calendar.is_working(day("Thu 2026-12-24"))
    assert calendar.why_closed(day("Mon 2026-12-28")) == "Pont de Noël"
    assert not calendar.is_working(day("Fri 2026-12-25"))


def test_nothing_is_adopted_while_something_is_missing_and_all_of_it_is_named(empty: House) -> None:
    with pytest.raises(Refused) as no:
        settling.adopt(visit(empty))
    assert {each.field for each in no.value.grounds} == {"preset"}
    named(
        empty, hours__0="midi", hours__1="9:00-8:00", desk_email="adele", start_date="demain",
        service__prevost__1={"name": "Urbanisme", "circuit": "B", "closer": "Le service", "active": True},
    )  # fmt: skip
    with pytest.raises(Refused) as no:
        settling.adopt(visit(empty))
    assert {each.field for each in no.value.grounds} == {
        "hours.0", "hours.1", "desk_email", "start_date", "service.prevost.1", "service.prevost.3",
    }  # fmt: skip
    with empty.store.reading() as tx:
        assert tx.find("rules") == [] and tx.find("departments") == []


def test_of_two_who_adopt_at_once_one_does_and_the_other_is_told(empty: House) -> None:
    named(empty)
    visits = [visit(empty), visit(empty)]
    with ThreadPoolExecutor(2) as both:
        said = list(both.map(settling.adopt, visits))
    assert sorted(said) == ["La ville est déjà en place.", "La ville est en place."]
    with empty.store.reading() as tx:
        assert len(tx.find("departments")) == 8


def test_of_two_who_type_in_one_field_the_second_is_shown_the_other(empty: House) -> None:
    first, second = visit(empty), visit(empty)
    assert settling.keep(first, {"town_name": "Ville de Sainte-Adèle"}, {}) == ()
    (difference,) = settling.keep(second, {"town_name": "Sainte-Adèle", "desk_phone": "450 555-0100"}, {})
    assert (difference.yours, difference.theirs) == ("Sainte-Adèle", "Ville de Sainte-Adèle")
    plan = settling.settling(second).plan
    assert plan.value("town_name") == "Ville de Sainte-Adèle"
    assert plan.value("desk_phone") == "450 555-0100"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service.prevost.1", {"circuit": "Z"}),
        ("service.prevost.1", "Voirie"),
        ("closing.demain", {"label": "x"}),
        ("town_name", ["x"]),
        ("town_name", "x" * 5_000),
        ("pas.un.champ", {"x": 1}),
    ],
)
def test_what_no_form_sends_is_refused(empty: House, field: str, value: object) -> None:
    with pytest.raises(Refused):
        settling.keep(visit(empty), {field: value}, {})


def test_once_in_place_nothing_is_typed_there_any_more(empty: House) -> None:
    placed(empty)
    with pytest.raises(Refused, match="est en place"):
        settling.keep(visit(empty), {"town_name": "Ailleurs"}, {})
    assert settling.adopt(visit(empty)) == "La ville est déjà en place."


def test_only_an_administrator_puts_a_town_in_place(cast: Cast) -> None:
    at = moment("Mon 2026-11-16 09:00")
    for who in (
        "technician",
        "director",
        "general",
        "clerk",
        "council",
        "secretary",
        "outsider",
        "experience",
    ):
        for act in (settling.settling, settling.adopt, settling.make_key, settling.copied, seats.seats):
            with pytest.raises(Refused):
                act(cast.visit(who, at))
        with pytest.raises(Refused):
            seats.seat(cast.visit(who, at), "greffier", "X", "x@y.test")
    assert settling.settling(cast.visit("admin", at)).placed


def test_the_key_is_made_once_shown_until_it_is_copied_and_taken_up(
    sqlite: Sqlite, bare_house: House
) -> None:
    made = []

    def make() -> tuple[str, str]:
        made.append(1)
        return "/srv/cles/privees.key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    store = Store.open(sqlite.url())
    house = replace(bare_house, store=store, presets=offers(), first_key=make)
    accounts.first(house, "Ida Nguyen", "ida@adele.test", PASSWORD, EIGHT)
    named(house)
    assert {each.field for each in settling.settling(visit(house)).problems} == {"key"}
    for _ in range(2):
        settling.make_key(visit(house))
    assert made == [1]
    shown = settling.settling(visit(house)).key
    assert shown.text == make()[1] and shown.file == "/srv/cles/privees.key"
    with pytest.raises(Refused, match="Recopiez"):
        settling.adopt(visit(house))
    settling.copied(visit(house))
    assert settling.settling(visit(house)).key.text == ""
    settling.adopt(visit(house))
    with store.reading() as tx:
        assert tx.keys is not None
    store.close()


def test_a_post_is_given_with_an_account_that_opens_and_a_designation(empty: House) -> None:
    placed(empty)
    made = seats.seat(visit(empty), "technicien", "Luc Roy", "Luc@adele.test")
    assert sessions.sign_in(empty, "luc@adele.test", made.password, "127.0.0.1", EIGHT)
    works = next(
        each for each in seats.seats(visit(empty)) if each.title.startswith("Travaux publics : Resp")
    )
    again = seats.seat(visit(empty), works.key, "Luc Roy", "luc@adele.test")
    assert again.again and again.password == ""
    with empty.store.reading() as tx:
        account = tx.first("accounts", email="luc@adele.test")
        (designation,) = tx.find("designations", department=works.department)
    assert account is not None and set(account["roles"]) == {Role.TECHNICIAN, Role.RESPONSABLE}
    assert account["departments"] == [works.department]
    assert designation["duty"] is Duty.RECEPTION and designation["person"] == "Luc Roy"
    with pytest.raises(Refused, match="c'est déjà Luc Roy"):
        seats.seat(visit(empty), works.key, "Anne Côté", "anne@adele.test")


def test_a_link_is_mailed_instead_of_a_password(empty: House) -> None:
    placed(empty)
    made = seats.seat(visit(empty), "directeur", "Denis Roy", "denis@adele.test", mailed=True)
    assert made.mailed and made.password == ""
    with empty.store.reading() as tx:
        (mail,) = tx.find("mails")
    assert mail["to_address"] == "denis@adele.test"


def test_nobody_seats_themselves_nor_an_administrator_nor_before_the_town_is(empty: House) -> None:
    with pytest.raises(Refused):
        seats.seat(visit(empty), "reception:x", "Luc Roy", "luc@adele.test")
    placed(empty)
    with pytest.raises(Refused, match="ses propres rôles"):
        seats.seat(visit(empty), "technicien", "Ida Nguyen", "ida@adele.test")
    with pytest.raises(Refused, match="courriel"):
        seats.seat(visit(empty), "technicien", "Luc Roy", "pas un courriel")
    assert Role.ADMIN not in {each.role for each in seats.seats(visit(empty))}


def test_after_the_first_demand_posts_are_given_as_everywhere_else(cast: Cast) -> None:
    at = moment("Mon 2026-11-16 09:00")
    filed(cast)
    admin = cast.visit("admin", at)
    vacant = next(each for each in seats.seats(admin) if not each.email)
    with pytest.raises(Refused, match="est à l'œuvre"):
        seats.seat(admin, vacant.key, "Luc Roy", "luc.roy@prevost.test")
    with admin.reading() as counter:
        assert settling.is_over(counter)
