"""Comptes: requests for an account, closing, opening again, ending every session."""

import pytest

from desk import accounts, identities, sessions
from desk.identities import Identity
from policy.reasons import Refused
from policy.words import Role
from tests.cast import WORKS, Cast
from tests.pages.conftest import NINE, Sit, press, run, said

ZOE = Identity("https://fournisseur.test", "sujet-9", "zoe@prevost.test", "Zoé *Nadeau*", verified=True)


def asked(cast: Cast) -> str:
    identities.ask(cast.house, ZOE, "Loisirs", NINE)
    identities.ask(cast.house, ZOE, "Loisirs", NINE)
    with cast.house.store.reading() as tx:
        [row] = tx.find("account_requests")
    return str(row["id"])


def token(cast: Cast, who: str) -> str:
    with cast.house.store.writing() as tx:
        return sessions.open_session(tx, cast.accounts[who], NINE)


def test_a_request_is_accepted_with_roles_and_its_person_comes_in(sit: Sit, cast: Cast) -> None:
    request = asked(cast)
    screen = sit("comptes", "technician")
    assert "zoe@prevost.test" in said(screen).replace("\\", "")
    press(screen, f"co-accept-{request}")
    assert "au moins un rôle" in screen.error[0].value
    screen.multiselect(key=f"co_roles_{request}").set_value([Role.RESPONSABLE])
    screen.multiselect(key=f"co_departments_{request}").set_value([cast.departments[WORKS]])
    press(run(screen), f"co-accept-{request}")
    assert "est ouvert" in screen.success[0].value
    assert "Demandes d’accès" not in said(screen)
    key = identities.enter(cast.house, ZOE, "", NINE)
    person = sessions.session_of(cast.house, key, NINE)
    assert person is not None
    assert (person.name, person.roles) == ("Zoé *Nadeau*", frozenset({Role.RESPONSABLE}))


def test_only_the_roles_one_may_give_are_offered(sit: Sit, cast: Cast) -> None:
    request = asked(cast)
    for who, given in (("technician", Role.EMPLOYEE), ("general", Role.CLERK)):
        offered = sit("comptes", who).multiselect(key=f"co_roles_{request}").options
        assert given.value in offered
        assert Role.ADMIN.value not in offered


def test_a_request_declined_waits_no_more_and_is_not_asked_again(sit: Sit, cast: Cast) -> None:
    request = asked(cast)
    screen = press(sit("comptes", "admin"), f"co-decline-{request}")
    assert "déclinée" in screen.success[0].value
    asked(cast)
    assert "Demandes d’accès" not in said(sit("comptes", "admin"))
    assert identities.enter(cast.house, ZOE, "", NINE) == ""


def test_closing_opening_again_and_ending_sessions(sit: Sit, cast: Cast) -> None:
    account, key = cast.accounts["secretary"], token(cast, "secretary")
    screen = press(sit("comptes", "director"), f"co-end-{account}")
    assert "sont terminées" in screen.success[0].value
    assert sessions.session_of(cast.house, key, NINE) is None
    press(screen, f"co-close-{account}")
    assert "Fermé" in said(screen)
    press(screen, f"co-reopen-{account}")
    assert "rouvert" in screen.success[0].value


def test_the_account_of_a_direction_is_not_the_desks_to_close(sit: Sit, cast: Cast) -> None:
    key = token(cast, "general")
    screen = sit("comptes", "technician")
    for act in ("close", "end"):
        press(screen, f"co-{act}-{cast.accounts['general']}")
        assert "pas de votre ressort" in screen.error[0].value
    assert sessions.session_of(cast.house, key, NINE) is not None


@pytest.mark.parametrize("who", ["secretary", "clerk", "council", "outsider"])
def test_nobody_else_sees_an_account_or_a_request(cast: Cast, who: str) -> None:
    request = asked(cast)
    for ask in (identities.waiting, identities.linked, accounts.accounts, accounts.givable):
        with pytest.raises(Refused, match="tenir les comptes"):
            ask(cast.visit(who, NINE))
    with pytest.raises(Refused, match="tenir les comptes"):
        identities.accept(cast.visit(who, NINE), request, [Role.EMPLOYEE])
