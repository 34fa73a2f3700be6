"""A visit: who asks, and when. Session and roles are re-read in the transaction of each act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from sqlalchemy import bindparam, exists, select

from desk import refusals
from desk.house import House
from policy.reasons import Refused, refused
from policy.registry import entrusted
from policy.towntime import town_day
from policy.words import Role
from sync.history import Author, Whence
from sync.schema import SQL
from sync.store import Reading, Row, Writing

_outermost: ContextVar[bool] = ContextVar("outermost", default=True)
Access = TypeVar("Access", bound=Reading, covariant=True)


@dataclass(frozen=True)
class Person:
    """Who stands at the counter. A system (clock, import) has no role and a ``system`` name."""

    id: str
    name: str
    email: str = ""
    extension: str = ""
    roles: frozenset[Role] = frozenset()
    departments: frozenset[str] = frozenset()
    system: bool = False

    def is_one_of(self, *roles: Role) -> bool:
        """Whether the person holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Counter(Generic[Access]):
    """What an act holds while its transaction is open."""

    house: House
    tx: Access
    person: Person
    at: datetime  # UTC
    whence: Whence

    @property
    def today(self) -> date:
        """The day in town."""
        return town_day(self.at)

    def by(self, act: str) -> Author:
        """The signature of a change in the history; ``act`` is the French verb of a time line."""
        return Author(who=self.person.id, name=self.person.name, whence=self.whence, at=self.at, act=act)


@dataclass(frozen=True)
class Visit:
    """One request of one person at one moment: never kept, made anew by a visit factory for each act.

    ``session`` is the hash of the session's token; a system visit has a name in ``system`` instead.
    """

    house: House
    at: datetime
    session: str = ""
    system: str = ""
    whence: Whence = Whence.SCREEN

    @contextmanager
    def reading(self) -> Iterator[Counter[Reading]]:
        """A counter that only reads. Raises ``SignedOut`` when the session is no longer live."""
        with self._noted(), self.house.store.reading() as tx:
            yield Counter(self.house, tx, self._person(tx), self.at, self.whence)

    @contextmanager
    def writing(self) -> Iterator[Counter[Writing]]:
        """A counter that writes, in one transaction: an exception undoes all of it."""
        with self._noted(), self.house.store.writing() as tx:
            yield Counter(self.house, tx, self._person(tx), self.at, self.whence)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Every refusal is kept, here and nowhere else: each act of a person opens a visit."""
        outermost = _outermost.get()
        mark = _outermost.set(False)
        try:
            yield
        except (Refused, SignedOut) as refusal:
            if outermost and self.session:
                refusals.note(self.house, self.session, self.at, refusal)
            raise
        finally:
            _outermost.reset(mark)

    def _person(self, tx: Reading) -> Person:
        if self.system:
            return Person(id=self.system, name=self.system, system=True)
        return person_of(holder(self.house, tx, self.session, self.at))


class SignedOut(Exception):
    """The session of this visit has ended; the screen goes to the sign-in page."""

    def __str__(self) -> str:
        return "Votre session est terminée. Ouvrez-en une nouvelle : ce que vous avez tapé est conservé."


_SESSIONS, _ACCOUNTS, _DESIGNATED = SQL["sessions"], SQL["accounts"], SQL["designations"]
_ASKED = ("active", "id", "name", "email", "extension", "roles", "departments")
_ENDS = ("expires_at", "ended_at", "seen_at")
_HOLDER = (  # asked in every act: composed once, in one question
    select(
        *(_SESSIONS.c[name] for name in _ENDS),
        *(_ACCOUNTS.c[name] for name in _ASKED),
        exists().where(_DESIGNATED.c.account == _ACCOUNTS.c.id).label("designated"),
    )
    .join_from(_SESSIONS, _ACCOUNTS)
    .where(_SESSIONS.c.token_hash == bindparam("token_hash"))
)


def holder(house: House, tx: Reading, token_hash: str, at: datetime) -> Row:
    """The account whose live session has that hash, and ``seen_at``. Raises ``SignedOut``.

    Among its departments, those that a designation entrusts to it that day (R-60).

    A session lives until it is ended, its account closed, its hours over, or nobody made a gesture for as
    long as the roles of the account allow (``policy.idle``).
    """
    if not token_hash:
        raise SignedOut
    found = tx.connection.execute(_HOLDER, {"token_hash": token_hash}).mappings().first()
    if found is None or found["ended_at"] is not None or found["expires_at"] <= at or not found["active"]:
        raise SignedOut
    roles = frozenset(Role(role) for role in found["roles"])
    if found["seen_at"] is not None and found["seen_at"] + house.idle.after(roles) <= at:
        raise SignedOut
    row = dict(found)
    if row.pop("designated"):
        row["departments"] = sorted({*row["departments"], *_entrusted(tx, row["id"], town_day(at))})
    return row


def _entrusted(tx: Reading, account: str, day: date) -> frozenset[str]:
    named = select(_DESIGNATED.c.department).where(_DESIGNATED.c.account == account)
    rows = tx.rows(select(_DESIGNATED).where(_DESIGNATED.c.department.in_(named)))
    return entrusted(rows, account, day)


def person_of(account: Row) -> Person:
    """The person an account row describes."""
    return Person(
        id=account["id"],
        name=account["name"],
        email=account["email"],
        extension=account["extension"] or "",
        roles=frozenset(Role(role) for role in account["roles"]),
        departments=frozenset(account["departments"]),
    )


def require(person: Person, *roles: Role, article: str = "") -> None:
    """Refuse whoever holds none of the roles."""
    if not person.is_one_of(*roles):
        names = " ou ".join(role.value for role in roles)
        raise refused(f"Ce geste est réservé : {names}.", article)
