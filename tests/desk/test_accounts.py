"""Accounts (R-62): who may give which role, passwords, closing."""

import pytest

from desk import accounts, sessions
from desk.house import House
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from policy.words import Role
from sync.history import entries
from tests.cast import CAST, PASSWORD, PLANNING, WORKS, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
NEW = "une autre phrase facile"


def test_the_technician_opens_an_ordinary_account_which_can_sign_in(cast: Cast) -> None:
    department = cast.departments[WORKS]
    made = accounts.add(
        cast.visit("technician", NINE), " Ève Roy ", "Eve@Prevost.test", [Role.RESPONSABLE], [department],
        password=NEW,
    )  # fmt: skip
    assert (made.name, made.email, made.departments) == (
        "Ève Roy",
        "eve@prevost.test",
        frozenset({department}),
    )
    assert sessions.sign_in(cast.house, "eve@prevost.test", NEW, "", NINE)


def test_an_account_without_password_cannot_sign_in_by_password(cast: Cast) -> None:
    accounts.add(cast.visit("director", NINE), "Ève Roy", "eve@prevost.test", [Role.EMPLOYEE])
    with pytest.raises(Refused, match="inexact"):
        sessions.sign_in(cast.house, "eve@prevost.test", "", "", NINE)


@pytest.mark.parametrize("giver", ["secretary", "experience", "clerk", "council", "outsider"])
def test_whoever_keeps_no_accounts_opens_none_and_sees_none(cast: Cast, giver: str) -> None:
    with pytest.raises(Refused, match="tenir les comptes"):
        accounts.add(cast.visit(giver, NINE), "Ève Roy", "eve@prevost.test", [Role.EMPLOYEE])
    with pytest.raises(Refused, match="tenir les comptes"):
        accounts.accounts(cast.visit(giver, NINE))


@pytest.mark.parametrize(
    ("giver", "role"),
    [
        ("technician", Role.DIRECTOR),
        ("technician", Role.ADMIN),
        ("director", Role.GENERAL),
        ("admin", Role.DIRECTOR),
    ],
)
def test_nobody_gives_a_role_above_their_own(cast: Cast, giver: str, role: Role) -> None:
    with pytest.raises(Refused, match="ni donner ni retirer"):
        accounts.add(cast.visit(giver, NINE), "Ève Roy", "eve@prevost.test", [role])


def test_every_ground_of_a_new_account_is_named_at_once(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        accounts.add(cast.visit("director", NINE), " ", "pas un courriel", [Role.EMPLOYEE])
    assert [ground.field for ground in refusal.value.grounds] == ["name", "email"]


def test_two_accounts_never_share_an_address(cast: Cast) -> None:
    with pytest.raises(Refused, match="déjà ce courriel"):
        accounts.add(cast.visit("director", NINE), "Ève Roy", CAST["clerk"].email.upper(), [Role.EMPLOYEE])


def test_a_short_password_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="12 caractères"):
        accounts.add(
            cast.visit("director", NINE), "Ève Roy", "e@prevost.test", [Role.EMPLOYEE], password="azerty"
        )


@pytest.mark.parametrize("above", ["director", "general", "admin"])
def test_an_account_above_ones_own_can_be_neither_taken_nor_closed(cast: Cast, above: str) -> None:
    visit, account = cast.visit("technician", NINE), cast.accounts[above]
    for act in (
        lambda: accounts.set_password(visit, account, NEW),
        lambda: accounts.close(visit, account),
        lambda: accounts.reopen(visit, account),
        lambda: accounts.change(visit, account, {"email": CAST[above].email}, {"email": "moi@prevost.test"}),
    ):
        with pytest.raises(Refused, match="n'est pas de votre ressort"):
            act()
    assert sessions.sign_in(cast.house, CAST[above].email, PASSWORD, "", NINE)


def test_nobody_changes_their_own_roles_or_departments(cast: Cast) -> None:
    visit, account = cast.visit("technician", NINE), cast.accounts["technician"]
    with pytest.raises(Refused, match="ses propres rôles"):
        accounts.change(
            visit, account, {"roles": [Role.TECHNICIAN]}, {"roles": [Role.TECHNICIAN, Role.EXPERIENCE]}
        )
    with pytest.raises(Refused, match="ses propres services"):
        accounts.change(visit, account, {"departments": []}, {"departments": [cast.departments[WORKS]]})


def test_a_changed_role_holds_at_once_in_a_session_already_open(cast: Cast) -> None:
    planner = cast.visit("planner", NINE)
    changed = accounts.change(
        cast.visit("director", NINE), cast.accounts["planner"],
        {"departments": [cast.departments[PLANNING]]}, {"departments": [cast.departments[WORKS]]},
    )  # fmt: skip
    assert changed.done
    with planner.reading() as counter:
        assert counter.person.departments == {cast.departments[WORKS]}


def test_a_change_made_meanwhile_by_someone_else_comes_back_as_a_difference(cast: Cast) -> None:
    account, seen = cast.accounts["outsider"], {"extension": "2500", "name": "Omar Haddad"}
    accounts.change(cast.visit("director", NINE), account, seen, {"extension": "2501"})
    outcome = accounts.change(
        cast.visit("technician", NINE), account, seen, {"extension": "2502", "name": "O. Haddad"}
    )
    assert [(found.field, found.theirs) for found in outcome.differences] == [("extension", "2501")]
    assert accounts.change(cast.visit("technician", NINE), account, seen, {"name": "O. Haddad"}).done


def test_a_forged_change_of_password_or_state_is_passed_over(cast: Cast) -> None:
    account = cast.accounts["outsider"]
    accounts.change(
        cast.visit("director", NINE), account, {}, {"password": "x", "active": False, "id": "y", "version": 9}
    )
    assert sessions.sign_in(cast.house, CAST["outsider"].email, PASSWORD, "", NINE)


def test_the_last_administrator_stays(cast: Cast) -> None:
    made = accounts.add(cast.visit("admin", NINE), "Ève Roy", "eve@prevost.test", [Role.ADMIN], password=NEW)
    second = Visit(
        cast.house,
        NINE,
        session=sessions.hash_token(sessions.sign_in(cast.house, made.email, NEW, "", NINE)),
    )
    accounts.close(second, cast.accounts["admin"])
    with pytest.raises(Refused, match="propre compte"):
        accounts.close(second, made.id)
    setup = Visit(cast.house, NINE, system=System.SETUP)
    with pytest.raises(Refused, match="dernier administrateur"):
        accounts.close(setup, made.id)
    with pytest.raises(Refused, match="dernier administrateur"):
        accounts.change(setup, made.id, {"roles": [Role.ADMIN]}, {"roles": [Role.EMPLOYEE]})


def test_a_new_password_ends_the_sessions_of_the_account(cast: Cast) -> None:
    token = sessions.sign_in(cast.house, CAST["secretary"].email, PASSWORD, "", NINE)
    accounts.set_password(cast.visit("technician", NINE), cast.accounts["secretary"], NEW)
    assert sessions.session_of(cast.house, token, NINE) is None
    assert sessions.sign_in(cast.house, CAST["secretary"].email, NEW, "", NINE)


def test_ones_own_password_asks_the_old_one_and_ends_the_other_sessions(cast: Cast) -> None:
    elsewhere = sessions.sign_in(cast.house, CAST["secretary"].email, PASSWORD, "", NINE)
    here = cast.visit("secretary", NINE)
    with pytest.raises(Refused, match="inexact"):
        accounts.change_own_password(here, "pas le bon", NEW)
    with pytest.raises(Refused, match="tapez aussi l'ancien"):
        accounts.set_password(cast.visit("technician", NINE), cast.accounts["technician"], NEW)
    accounts.change_own_password(here, PASSWORD, NEW)
    assert sessions.session_of(cast.house, elsewhere, NINE) is None
    with here.reading() as counter:
        assert counter.person.name == CAST["secretary"].name


def test_no_history_and_no_list_holds_a_password(cast: Cast) -> None:
    accounts.set_password(cast.visit("technician", NINE), cast.accounts["secretary"], NEW)
    with cast.house.store.reading() as tx:
        told = repr(entries(tx, "accounts", cast.accounts["secretary"]))
    assert "password" in told
    assert "argon2" not in told + repr(accounts.accounts(cast.visit("admin", NINE)))


def test_the_first_administrator_is_made_once_in_an_empty_house(bare_house: House) -> None:
    assert accounts.is_empty(bare_house)
    made = accounts.first(bare_house, "Ida Nguyen", "ida@prevost.test", NEW, NINE)
    assert made.roles == {Role.ADMIN}
    assert not accounts.is_empty(bare_house)
    with pytest.raises(Refused, match="déjà un compte"):
        accounts.first(bare_house, "Intrus", "intrus@prevost.test", NEW, NINE)


def test_the_set_up_opens_any_account_and_no_other_system_does(cast: Cast) -> None:
    setup = Visit(cast.house, NINE, system=System.SETUP)
    assert accounts.add(setup, "Ève Roy", "eve@prevost.test", [Role.DIRECTOR]).roles == {Role.DIRECTOR}
    clock = Visit(cast.house, NINE, system=System.CLOCK)
    with pytest.raises(Refused, match="tenir les comptes"):
        accounts.add(clock, "Ève Roy", "eve2@prevost.test", [Role.DIRECTOR])
