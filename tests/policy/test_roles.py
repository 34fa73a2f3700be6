"""R-62: who may do what, and who may give which role."""

import pytest

from policy.reasons import Refused
from policy.roles import DEEDS, Deed, System, check_roles, may, may_give, refuse_unless
from policy.words import Role
from tests.policy.people import (
    ADMINISTRATOR,
    DIRECTOR,
    EMPLOYEE,
    GENERAL,
    OUTSIDER,
    SECRETARY,
    TECHNICIAN,
    Someone,
    of,
    system,
)

E, T, D, R, G, A, X, C = (
    Role.EMPLOYEE,
    Role.TECHNICIAN,
    Role.DIRECTOR,
    Role.RESPONSABLE,
    Role.GENERAL,
    Role.ADMIN,
    Role.EXPERIENCE,
    Role.CLERK,
)


@pytest.mark.parametrize(
    ("deed", "roles"),
    [
        (Deed.ENTER_DEMAND, {T, D}),
        (Deed.NOTE_IN_FIELD, {E, T, D, R, G, A, X, C}),
        (Deed.WORK_QUEUE, {T, D, R}),
        (Deed.ANSWER_RNC, {T, D, R}),
        (Deed.SEE_REGISTRY, {T, D, R, X, G, C, A}),
        (Deed.DESIGNATE, {T, D}),
        (Deed.SEE_LISTS, {T, D}),
        (Deed.RESEND_LIST, {T, D}),
        (Deed.SEE_MAILS, {T, D}),
        (Deed.READ_COUNCIL_LISTS, {Role.COUNCIL}),
        (Deed.READ_COMMENTS, {T, D, X}),
        (Deed.CHANGE_SETTINGS, {D}),
        (Deed.KEEP_ACCOUNTS, {T, D, G, A}),
        (Deed.KEEP_CLAIMS, {T, D, C}),
        (Deed.DECIDE_CLAIM, {C}),
        (Deed.REFUSE_SERVICE, {D}),
        (Deed.KEEP_INCIDENTS, {G, C}),
        (Deed.GATHER_PERSON, {D, G, C}),
        (Deed.SEE_REMOTE, {D, A}),
        (Deed.PAUSE_REMOTE, {D, A}),
        (Deed.SETTLE_REMOTE, {D}),
        (Deed.IMPORT_FILES, {D}),
    ],
)
def test_each_deed_is_for_these_roles_and_no_other(deed: Deed, roles: set[Role]) -> None:
    assert {role for role in Role if may(of(role), deed)} == roles


def test_every_deed_is_in_the_table_above() -> None:
    assert set(DEEDS) == set(Deed)


@pytest.mark.parametrize("deed", Deed)
@pytest.mark.parametrize("name", [*System, "inconnu"])
def test_a_system_does_no_deed_of_a_person(deed: Deed, name: str) -> None:
    assert not may(system(name), deed)


def test_a_refused_deed_says_who_may() -> None:
    with pytest.raises(Refused, match=r"désigner un Responsable .* \(Technicien, Directeur\)"):
        refuse_unless(SECRETARY, Deed.DESIGNATE)
    refuse_unless(TECHNICIAN, Deed.DESIGNATE)


ORDINARY = {Role.EMPLOYEE, Role.RESPONSABLE, Role.TECHNICIAN, Role.EXPERIENCE, Role.COUNCIL}


@pytest.mark.parametrize(
    ("giver", "roles"),
    [
        (TECHNICIAN, ORDINARY),
        (DIRECTOR, ORDINARY),
        (GENERAL, {Role.DIRECTOR, Role.GENERAL, Role.CLERK}),
        (ADMINISTRATOR, ORDINARY | {Role.GENERAL, Role.CLERK, Role.ADMIN}),
        (SECRETARY, set()),
        (EMPLOYEE, set()),
        (OUTSIDER, set()),
        (system(System.SETUP), set(Role)),
        (system(System.CLOCK), set()),
        (system(System.SYNC), set()),
    ],
)
def test_each_role_is_given_only_by_who_may(giver: Someone, roles: set[Role]) -> None:
    assert {role for role in Role if may_give(giver, role)} == roles


def test_every_role_can_be_given_by_somebody() -> None:
    assert {role for role in Role for giver in Role if may_give(of(giver), role)} == set(Role)


def test_nobody_changes_their_own_roles() -> None:
    with pytest.raises(Refused, match="ses propres rôles"):
        check_roles(ADMINISTRATOR, ADMINISTRATOR.id, {Role.ADMIN}, {Role.ADMIN, Role.TECHNICIAN})


def test_a_role_taken_back_is_judged_like_a_role_given() -> None:
    with pytest.raises(Refused, match="« Directeur »"):
        check_roles(TECHNICIAN, "other", {Role.DIRECTOR, Role.EMPLOYEE}, {Role.EMPLOYEE})


def test_a_role_that_does_not_change_needs_nobodys_leave() -> None:
    check_roles(TECHNICIAN, "other", {Role.DIRECTOR}, {Role.DIRECTOR, Role.EMPLOYEE})


def test_a_responsable_has_a_department() -> None:
    with pytest.raises(Refused, match="service"):
        check_roles(TECHNICIAN, "other", (), {Role.RESPONSABLE})
    check_roles(TECHNICIAN, "other", (), {Role.RESPONSABLE}, {"travaux"})


def test_an_account_without_role_is_refused() -> None:
    with pytest.raises(Refused, match="au moins un rôle"):
        check_roles(TECHNICIAN, "other", {Role.EMPLOYEE}, ())


def test_every_role_that_may_not_be_given_is_named_at_once() -> None:
    with pytest.raises(Refused) as no:
        check_roles(TECHNICIAN, "other", (), {Role.DIRECTOR, Role.ADMIN, Role.EMPLOYEE})
    assert [ground.field for ground in no.value.grounds] == ["roles", "roles"]
