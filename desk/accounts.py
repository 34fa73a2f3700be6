"""Who may sign in, with which roles (R-62): adding, changing, closing an account, its password."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.house import House
from desk.visits import Person, Visit
from policy.words import Role
from sync.store import Row


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
) -> Person:
    """R-62: a new account, within the roles the visitor may give. ``departments`` are ids.

    Without a password the account cannot sign in by password. Raises ``Refused`` with every ground.
    """
    raise NotImplementedError


def first(house: House, name: str, email: str, password: str, at: datetime) -> Person:
    """The first administrator of an empty house; refused once there is an account (the door asks a code)."""
    raise NotImplementedError


def is_empty(house: House) -> bool:
    """Whether the house has no account yet."""
    raise NotImplementedError


def change(visit: Visit, account: str, seen: Mapping[str, Any], changes: Mapping[str, Any]) -> Row:
    """Change name, email, extension, roles, departments, within what the visitor may give."""
    raise NotImplementedError


def close(visit: Visit, account: str) -> None:
    """Close an account: every session of it ends at once, in every tab. The last administrator stays."""
    raise NotImplementedError


def reopen(visit: Visit, account: str) -> None:
    """Open a closed account again."""
    raise NotImplementedError


def set_password(visit: Visit, account: str, password: str) -> None:
    """A new password; every session of the account ends, but the visit's own."""
    raise NotImplementedError


def accounts(visit: Visit) -> list[Account]:
    """Every account, open ones first, by name; for whom may manage some."""
    raise NotImplementedError
