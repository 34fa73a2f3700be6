"""Comptes: requests for an account, closing, opening again, ending every session."""

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from desk import accounts, identities, sessions, trials
from desk.identities import Identity
from policy.reasons import Refused
from policy.words import Role
from sync.states import MailKind
from tests.cast import PLANNING, WORKS, Cast
from tests.desk.filing import kept
from tests.jobs.post import Tray
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


def edited(screen: AppTest, cast: Cast, who: str, **fields: Any) -> AppTest:
    """The form of an account opened, these fields typed in it, and saved."""
    account = cast.accounts[who]
    press(screen, f"co-edit-{account}")
    for name, value in fields.items():
        widget = screen.multiselect if isinstance(value, list) else screen.text_input
        widget(key=f"co_{name}-{account}").set_value(value)
    return press(run(screen), f"co-save-{account}")


def test_roles_and_departments_are_changed_within_what_one_may_give(sit: Sit, cast: Cast) -> None:
    screen = sit("comptes", "technician")
    both = [cast.departments[WORKS], cast.departments[PLANNING]]
    edited(screen, cast, "secretary", roles=[Role.RESPONSABLE, Role.EMPLOYEE], departments=both)
    assert "Julie Gagnon est modifié" in screen.success[0].value
    with cast.house.store.reading() as tx:
        row = tx.get("accounts", cast.accounts["secretary"])
    assert row is not None
    assert row["roles"] == [role.value for role in Role if role in (Role.RESPONSABLE, Role.EMPLOYEE)]
    assert sorted(row["departments"]) == sorted(both)


def test_a_responsable_without_department_and_a_wrong_address_are_refused_and_stay_typed(
    sit: Sit, cast: Cast
) -> None:
    screen = sit("comptes", "technician")
    edited(screen, cast, "secretary", departments=[], email="julie(at)prevost")
    assert "Ce courriel n'en est pas un" in screen.error[0].value
    account = cast.accounts["secretary"]
    assert screen.text_input(key=f"co_email-{account}").value == "julie(at)prevost"
    screen.text_input(key=f"co_email-{account}").set_value("julie@prevost.test")
    press(run(screen), f"co-save-{account}")
    assert "Choisissez le ou les services" in screen.error[0].value


def test_the_roles_of_a_direction_are_neither_offered_nor_taken(sit: Sit, cast: Cast) -> None:
    screen = sit("comptes", "technician")
    press(screen, f"co-edit-{cast.accounts['secretary']}")
    offered = screen.multiselect(key=f"co_roles-{cast.accounts['secretary']}").options
    assert Role.DIRECTOR.value not in offered and Role.ADMIN.value not in offered
    edited(sit("comptes", "technician"), cast, "clerk", roles=[Role.EMPLOYEE])
    with cast.house.store.reading() as tx:
        row = tx.get("accounts", cast.accounts["clerk"])
    assert row is not None and row["roles"] == [Role.CLERK.value]


def test_nobody_changes_their_own_roles_and_the_last_administrator_stays(sit: Sit, cast: Cast) -> None:
    screen = edited(sit("comptes", "admin"), cast, "admin", roles=[Role.EMPLOYEE])
    assert "Personne ne change ses propres rôles" in screen.error[0].value


def test_what_somebody_else_changed_meanwhile_is_not_written_over(sit: Sit, cast: Cast) -> None:
    screen = sit("comptes", "technician")
    account = cast.accounts["secretary"]
    press(screen, f"co-edit-{account}")
    screen.text_input(key=f"co_extension-{account}").set_value("2399")
    run(screen)
    accounts.change(cast.visit("director", NINE), account, {"extension": "2310"}, {"extension": "2377"})
    press(screen, f"co-save-{account}")
    told = screen.error[0].value.replace("\\", "")
    assert "Numéro de poste : 2377" in told and "Rien n’a été enregistré" in told
    assert screen.text_input(key=f"co_extension-{account}").value == "2399"
    with cast.house.store.reading() as tx:
        assert (tx.get("accounts", account) or {})["extension"] == "2377"
    press(screen, f"co-save-{account}")
    with cast.house.store.reading() as tx:
        assert (tx.get("accounts", account) or {})["extension"] == "2399"


def test_an_account_is_opened_within_what_one_may_give_and_its_person_is_mailed_the_way_in(
    sit: Sit, cast: Cast
) -> None:
    screen = sit("comptes", "admin")
    screen.text_input(key="co_new_name").set_value("Rita *Caron*")
    screen.text_input(key="co_new_email").set_value("rita(at)prevost")
    screen.multiselect(key="co_new_roles").set_value([Role.RESPONSABLE.value])
    press(run(screen), "co-open-new")
    assert "Ce courriel n'en est pas un" in screen.error[0].value
    again = sit("comptes", "admin", at=NINE + timedelta(days=1))  # begun, found again in another session
    assert again.text_input(key="co_new_name").value == "Rita *Caron*"
    assert again.multiselect(key="co_new_roles").value == [Role.RESPONSABLE.value]
    again.text_input(key="co_new_email").set_value("rita@prevost.test")
    press(run(again), "co-open-new")
    assert "Choisissez le ou les services" in again.error[0].value
    again.multiselect(key="co_new_departments").set_value([cast.departments[WORKS]])
    press(run(again), "co-open-new")
    assert "est ouvert" in again.success[0].value and again.text_input(key="co_new_name").value == ""
    (account,) = kept(cast, "accounts", email="rita@prevost.test")
    assert account["roles"] == [Role.RESPONSABLE.value] and account["password"] is None
    (mail,) = kept(cast, "mails", to_address="rita@prevost.test")
    assert mail["kind"] is MailKind.RESET and kept(cast, "drafts") == []
    offered = sit("comptes", "technician").multiselect(key="co_new_roles").options
    assert Role.DIRECTOR.value not in offered and Role.ADMIN.value not in offered


def test_who_holds_what_is_read_in_one_place(sit: Sit, cast: Cast) -> None:
    told = said(sit("comptes", "admin"))
    assert "**Greffier** : Paul Lavoie" in told.replace("\\", "")


def test_the_administrator_tries_the_connections_and_nobody_else_is_offered_them(
    sit: Sit, cast: Cast
) -> None:
    screen = sit("comptes", "admin")
    press(screen, "co-try-base")
    assert "répond en" in screen.success[0].value and "Mo" in screen.success[0].value
    press(screen, "co-try-mail")
    assert any("l’horloge essaie" in each.value for each in screen.info)
    trials.carry_out(cast.house, Tray(), None, lambda: NINE)
    assert any("ida@prevost.test" in each.value.replace("\\", "") for each in run(screen).success)
    assert "Essais de connexion" not in said(sit("comptes", "director"))
