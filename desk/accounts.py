"""Who may sign in, with which roles (R-62): adding, changing, closing an account, its password."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from desk import resets
from desk.account_mails import tell_changed, town_name
from desk.acts import Outcome
from desk.house import House
from desk.passwords import LONGEST, refuse_weak
from desk.sessions import end_all, hash_password, normal_email, verify_password
from desk.visits import Counter, Person, Visit, person_of
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, System, check_roles, may_give, refuse_unless
from policy.words import Role
from sync.history import Author, Whence
from sync.schema import SQL
from sync.store import Reading, Row, Writing
from sync.versions import merge

CHANGEABLE = frozenset({"name", "email", "extension", "roles", "departments"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class Account:
    """An account as the screen lists it; never its password."""

    person: Person
    active: bool
    has_password: bool
    version: int


def add(
    visit: Visit,
    name: str,
    email: str,
    roles: Iterable[Role],
    departments: Iterable[str] = (),
    extension: str = "",
    password: str = "",
    invited: bool = False,
) -> Person:
    """R-62: a new account, within the roles the visitor may give. ``departments`` are ids.

    Without a password the account cannot sign in by password; ``invited``: a mail brings its person the link
    by which to choose one. Raises ``Refused`` with every ground.
    """
    kept = _hashed(visit.house, password, visit.at, name, email) if password else None
    given = values(name, email, roles, departments) | {"extension": extension.strip(), "password": kept}
    with visit.writing() as counter:
        refuse_unless_keeper(counter)
        row = opened(counter, given)
        if invited:
            resets.invite(visit.house, counter.tx, row, counter.by("inviter"))
        return person_of(row)


def values(name: str, email: str, roles: Iterable[Role], departments: Iterable[str] = ()) -> dict[str, Any]:
    """The values of an account as they are kept: roles in their order, departments once each."""
    return {
        "name": name.strip(),
        "email": normal_email(email),
        "roles": [role.value for role in Role if role in set(roles)],
        "departments": sorted(set(departments)),
        "active": True,
    }


def opened(counter: Counter[Writing], values: Row) -> Row:
    """R-62: the new account, within the roles its giver may give. Raises ``Refused`` with every ground."""
    refuse_all(_wrong(counter.tx, values, ""))
    check_roles(counter.person, "", (), [Role(role) for role in values["roles"]], values["departments"])
    return counter.tx.insert("accounts", values, counter.by("ouvrir un compte"))


def refuse_wrong(tx: Reading, values: Row) -> None:
    """Raise ``Refused`` for a new account without a name or an address, or with another's."""
    refuse_all(_wrong(tx, values, ""))


def first(house: House, name: str, email: str, password: str, at: datetime) -> Person:
    """The first administrator of an empty house; refused once there is an account (the door asks a code)."""
    given = values(name, email, [Role.ADMIN]) | {"password": _hashed(house, password, at, name, email)}
    with house.store.writing() as tx:
        tx.alone("premier compte")
        if not _is_empty(tx):
            raise refused("La ville a déjà un compte : demandez à son administrateur de vous en ouvrir un.")
        refuse_all(_wrong(tx, given, ""))
        by = Author(System.SETUP, "Mise en place", Whence.SCREEN, at, "ouvrir un compte")
        return person_of(tx.insert("accounts", given, by))


def is_empty(house: House) -> bool:
    """Whether the house has no account yet."""
    with house.store.reading() as tx:
        return _is_empty(tx)


def change(visit: Visit, account: str, seen: Mapping[str, Any], changes: Mapping[str, Any]) -> Outcome:
    """Change name, email, extension, roles (``Role`` values), departments, within what the visitor may give.

    ``seen`` holds the values shown. What someone else changed meanwhile comes back as differences.
    """
    typed = {field: value for field, value in changes.items() if field in CHANGEABLE}
    if "email" in typed:
        typed["email"] = normal_email(typed["email"])
    if "roles" in typed:
        typed["roles"] = [role.value for role in Role if role in set(typed["roles"])]
    with visit.writing() as counter:
        row = _keep(counter, account)
        merged = merge(row, seen, typed)
        if merged.differences:
            return Outcome(account, version=row["version"], differences=tuple(merged.differences))
        after = {**row, **merged.changes}
        refuse_all(_wrong(counter.tx, after, account))
        roles_before, roles_after = ([Role(role) for role in each["roles"]] for each in (row, after))
        check_roles(counter.person, account, roles_before, roles_after, after["departments"])
        if counter.person.id == account and after["departments"] != row["departments"]:
            raise refused("Personne ne change ses propres services : demandez à un collègue.", "P §4.1")
        if Role.ADMIN in roles_before and Role.ADMIN not in roles_after:
            _refuse_last(counter.tx, account)
        kept = counter.tx.update("accounts", account, merged.changes, counter.by("modifier un compte"))
        return Outcome(account, "Compte modifié.", kept["version"])


def close(visit: Visit, account: str) -> None:
    """Close an account: every session of it ends at once, in every tab. The last administrator stays."""
    with visit.writing() as counter:
        row = _keep(counter, account)
        if counter.person.id == account:
            raise refused("Personne ne ferme son propre compte : demandez à un collègue.", "P §4.1")
        if Role.ADMIN.value in row["roles"]:
            _refuse_last(counter.tx, account)
        counter.tx.update("accounts", account, {"active": False}, counter.by("fermer un compte"))
        end_all(counter.tx, account, counter.at)


def reopen(visit: Visit, account: str) -> None:
    """Open a closed account again."""
    with visit.writing() as counter:
        _keep(counter, account)
        counter.tx.update("accounts", account, {"active": True}, counter.by("rouvrir un compte"))


def set_password(visit: Visit, account: str, password: str) -> None:
    """A new password for somebody else, who is told; every session of the account ends."""
    with visit.reading() as looking:
        known = looking.tx.get("accounts", account) or {"name": "", "email": ""}
    kept = _hashed(visit.house, password, visit.at, known["name"], known["email"])
    with visit.writing() as counter:
        row = _keep(counter, account)
        if counter.person.id == account:
            raise refused("Pour changer votre propre mot de passe, tapez aussi l'ancien.", "", "password")
        counter.tx.update("accounts", account, {"password": kept}, counter.by("changer un mot de passe"))
        end_all(counter.tx, account, counter.at)
        tell_changed(visit.house, counter.tx, row, counter.by("aviser du mot de passe"))


def end_sessions(visit: Visit, account: str) -> int:
    """End every session of an account, one's own too, in every tab (a computer lost); how many."""
    with visit.writing() as counter:
        _keep(counter, account)
        return end_all(counter.tx, account, counter.at)


def change_own_password(visit: Visit, old: str, new: str) -> None:
    """One's own password, given the old one; every other session of the account ends."""
    with visit.reading() as counter:
        person, stored = counter.person, _stored_password(counter.tx, counter.person)
    kept = _hashed(visit.house, new, visit.at, person.name, person.email)
    if not stored or not verify_password(stored, old[:LONGEST]):
        raise refused("L'ancien mot de passe est inexact.", "", "old")
    with visit.writing() as writing:
        account = writing.person.id
        if _stored_password(writing.tx, writing.person) != stored:
            raise refused("Le mot de passe vient d'être changé ailleurs. Recommencez.", "", "old")
        writing.tx.update("accounts", account, {"password": kept}, writing.by("changer un mot de passe"))
        end_all(writing.tx, account, writing.at, but=visit.session)
        row = {"id": account, "name": person.name, "email": person.email}
        tell_changed(visit.house, writing.tx, row, writing.by("aviser du mot de passe"))


def accounts(visit: Visit) -> list[Account]:
    """Every account, open ones first, by name; for whom may keep accounts."""
    with visit.reading() as counter:
        refuse_unless_keeper(counter)
        rows = counter.tx.find("accounts", order_by=("name", "id"))
    return [
        Account(person_of(row), row["active"], bool(row["password"]), row["version"])
        for row in sorted(rows, key=lambda row: not row["active"])
    ]


def givable(visit: Visit) -> tuple[Role, ...]:
    """The roles this visitor may give to somebody else."""
    with visit.reading() as counter:
        refuse_unless_keeper(counter)
        return tuple(role for role in Role if may_give(counter.person, role))


def departments(visit: Visit) -> Mapping[str, str]:
    """The departments an account may be given: id and name, by name."""
    with visit.reading() as counter:
        refuse_unless_keeper(counter)
        return {row["id"]: row["name"] for row in counter.tx.find("departments", order_by=("name",))}


def refuse_unless_keeper(counter: Counter[Reading] | Counter[Writing]) -> None:
    """Whoever keeps accounts; the set-up does too, before anybody can sign in."""
    if not (counter.person.system and counter.person.id in (System.SETUP, System.IMPORT)):
        refuse_unless(counter.person, Deed.KEEP_ACCOUNTS)


def _keep(counter: Counter[Writing], account: str) -> Row:
    """P §4.1, R-62: the account, locked, when the visitor may give each role it holds.

    Else whoever gives ordinary roles could take the director's account by giving it a password.
    """
    refuse_unless_keeper(counter)
    row = counter.tx.lock("accounts", account)
    if row is None:
        raise refused("Compte introuvable.")
    if counter.person.id != account:
        refuse_all(
            Ground(f"Ce compte a le rôle « {role} » : il n'est pas de votre ressort.", "P §4.1", "roles")
            for role in row["roles"]
            if not may_give(counter.person, Role(role))
        )
    return row


def _wrong(tx: Reading, values: Row, account: str) -> Iterator[Ground]:
    if not values["name"].strip():
        yield Ground("Donnez le nom de la personne.", "", "name")
    if not _EMAIL.fullmatch(values["email"]):
        yield Ground("Ce courriel n'en est pas un : il s'écrit nom@domaine.", "", "email")
        return
    same = tx.first("accounts", email=values["email"])
    if same is not None and same["id"] != account:
        yield Ground("Un compte a déjà ce courriel.", "", "email")
    known = {row["id"] for row in tx.find("departments")}
    if not known.issuperset(values["departments"]):
        yield Ground("Un de ces services n'existe pas.", "", "departments")


def _hashed(house: House, password: str, at: datetime, *own: str) -> str:
    """A password that is not too easy to guess, hashed: slow on purpose, so outside a transaction."""
    with house.store.reading() as tx:
        town = town_name(tx, at)
    refuse_weak(password, *own, town)
    return hash_password(password)


def _stored_password(tx: Reading, person: Person) -> str:
    row = tx.get("accounts", person.id)
    return str(row["password"] or "") if row is not None else ""


def _is_empty(tx: Reading) -> bool:
    return not tx.scalar(select(func.count()).select_from(SQL["accounts"]))


def _refuse_last(tx: Reading, account: str) -> None:
    others = [
        row
        for row in tx.find("accounts", active=True)
        if row["id"] != account and Role.ADMIN.value in row["roles"]
    ]
    if not others:
        raise refused(
            "C'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre.", "P §4.1"
        )
