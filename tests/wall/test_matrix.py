"""The matrix of who gets what of private files, and doors left open on purpose: each must be caught."""

from collections.abc import Callable

import pytest
from sqlalchemy import exists, true

from desk import access, claims, complaints, courtesy, investigators, private, private_documents, scope
from policy import confidentiality, roles
from policy.confidentiality import Bond, PrivateAct
from policy.private_words import PrivateKind
from policy.reasons import Ground, Refused
from policy.roles import Deed
from policy.words import Role
from sync.schema import SQL
from tests.cast import CAST
from tests.wall.matrix import TABLE, Gets, faults
from tests.wall.planted import Town

Patch = pytest.MonkeyPatch


def test_everyone_gets_what_the_table_says_and_nothing_else(town: Town) -> None:
    assert list(faults(town)) == []


def test_the_table_speaks_of_every_kind_and_leaves_nobody_to_see_everything() -> None:
    assert {each.kind for each in TABLE} == set(PrivateKind)
    assert all(each.sees | set(each.besides) <= set(CAST) for each in TABLE)
    assert not any(each.others is Gets.SEES for each in TABLE)
    for who in ("outsider", "council", "admin", "secretary"):
        assert not any(who in each.sees for each in TABLE), who


class Loose(Refused):
    """Another way to say no, which tells that there is something."""

    def __init__(self) -> None:
        super().__init__((Ground("Cette plainte n'est pas à vous."),))


def readable_by_any_role(patch: Patch, kind: PrivateKind, role: Role) -> None:
    acts = confidentiality.PRIVATE[kind]
    patch.setitem(acts, PrivateAct.READ, acts[PrivateAct.READ] | {role})


def readers_never_end(patch: Patch) -> None:
    bound = private._bound

    def open_ended(counter, kind, bond):  # type: ignore[no-untyped-def]
        if bond is not Bond.READER:
            return bound(counter, kind, bond)
        readers = SQL["complaint_readers"].c
        mine = readers.account == counter.person.id
        return exists().where(readers.complaint == SQL["complaints"].c.id, mine)

    patch.setattr(private, "_bound", open_ended)


OPENED: dict[str, Callable[[Patch], None]] = {
    "a secretary reads complaints": lambda patch: readable_by_any_role(
        patch, PrivateKind.COMPLAINT, Role.RESPONSABLE
    ),
    "an administrator reads complaints": lambda patch: readable_by_any_role(
        patch, PrivateKind.COMPLAINT, Role.ADMIN
    ),
    "the direction générale reads complaints": lambda patch: readable_by_any_role(
        patch, PrivateKind.COMPLAINT, Role.GENERAL
    ),
    "the technician still sees what was deposited": lambda patch: readable_by_any_role(
        patch, PrivateKind.COMPLAINT, Role.TECHNICIAN
    ),
    "the technician reads requests for access": lambda patch: readable_by_any_role(
        patch, PrivateKind.ACCESS, Role.TECHNICIAN
    ),
    "a secretary reads the damage of a claim": lambda patch: readable_by_any_role(
        patch, PrivateKind.CLAIM, Role.RESPONSABLE
    ),
    "the director reads incidents": lambda patch: readable_by_any_role(
        patch, PrivateKind.INCIDENT, Role.DIRECTOR
    ),
    "the clerk reads employees' files": lambda patch: readable_by_any_role(
        patch, PrivateKind.PERSONNEL, Role.CLERK
    ),
    "readers never end": readers_never_end,
    "no condition on lists": lambda patch: patch.setattr(private, "visible", lambda counter, kind: true()),
    "every bond is everybody's": lambda patch: patch.setattr(
        private, "bonds", lambda counter, kind, record: frozenset(Bond)
    ),
    "private files are public": lambda patch: patch.setattr(private, "may_private", lambda *asked: True),
    "claims are judged by nobody": lambda patch: patch.setattr(claims, "may_private", lambda *asked: True),
    "not found in other words": lambda patch: patch.setattr(complaints, "NotFound", Loose),
    "an access request not found in other words": lambda patch: patch.setattr(private, "NotFound", Loose),
    "documents open to all": lambda patch: patch.setattr(private_documents, "_seen", lambda *asked: None),
    "documents handled by all": lambda patch: patch.setattr(
        private_documents, "_handled", lambda *asked: None
    ),
    "designation of any complaint": lambda patch: patch.setattr(
        investigators, "_needing", lambda counter: counter.tx.find("complaints")
    ),
    "readers handle": lambda patch: patch.setitem(
        confidentiality.BONDS[PrivateKind.COMPLAINT],
        PrivateAct.HANDLE,
        frozenset({Bond.READER, Bond.INVESTIGATOR}),
    ),
    "anyone keeps incidents": lambda patch: patch.setitem(
        roles.DEEDS,
        Deed.KEEP_INCIDENTS,
        frozenset(Role),
    ),
    "the technician refuses service": lambda patch: patch.setattr(
        courtesy, "refuse_unless", lambda *asked: None
    ),
    "anyone gathers a person": lambda patch: patch.setitem(
        roles.DEEDS,
        Deed.GATHER_PERSON,
        frozenset(Role),
    ),
    "a request for access is anybody's": lambda patch: patch.setattr(
        access, "_theirs", lambda counter, row: row
    ),
}


# Where it shows; elsewhere, among the complaints.
SHOWS = {
    "the technician reads requests for access": PrivateKind.ACCESS,
    "a request for access is anybody's": PrivateKind.ACCESS,
    "an access request not found in other words": PrivateKind.INCIDENT,
    "a secretary reads the damage of a claim": PrivateKind.CLAIM,
    "claims are judged by nobody": PrivateKind.CLAIM,
    "the director reads incidents": PrivateKind.INCIDENT,
    "anyone keeps incidents": PrivateKind.INCIDENT,
    "the clerk reads employees' files": PrivateKind.PERSONNEL,
    "the technician refuses service": PrivateKind.SERVICE_REFUSAL,
    "anyone gathers a person": PrivateKind.PERSON,
}


@pytest.mark.parametrize("opened", OPENED)
def test_a_door_left_open_is_caught(sqlite_town: Town, monkeypatch: Patch, opened: str) -> None:
    kind = SHOWS.get(opened, PrivateKind.COMPLAINT)
    OPENED[opened](monkeypatch)
    assert next(faults(sqlite_town, tuple(each for each in TABLE if each.kind is kind)), "")


def test_not_found_is_the_same_sentence_everywhere() -> None:
    assert str(scope.NotFound()) == "Dossier introuvable."
