"""Who comes from the town's provider (OpenID Connect): whose account it is, or a request for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from desk import accounts, attempts
from desk.house import House
from desk.letters import one_line
from desk.sessions import normal_email, open_session
from desk.visits import Counter, Person, Visit, person_of
from policy.reasons import refused
from policy.words import Role
from sync.schema import SQL
from sync.store import Reading, Row, Writing

CLOSED = "Votre compte est fermé. Adressez-vous à la personne qui tient les comptes du guichet."
TAKEN = (
    "Un autre identifiant du fournisseur entre déjà dans le compte qui a cette adresse. Adressez-vous à la "
    "personne qui tient les comptes du guichet."
)
UNCONFIRMED = (
    "Le fournisseur ne confirme pas que cette adresse de courriel est la vôtre : personne n'entre ainsi."
)


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider names them. ``verified``: whether it answers for the e-mail."""

    issuer: str
    subject: str
    email: str
    name: str
    verified: bool


@dataclass(frozen=True)
class Asked:
    """A request for an account, waiting for whoever keeps them."""

    id: str
    name: str
    email: str
    words: str
    asked_at: datetime


def enter(house: House, who: Identity, address: str, at: datetime) -> str:
    """Open a session for this identity; its token, or nothing when nobody here is known by it.

    The first time, an identity whose e-mail the provider confirms is linked to the open account of that
    e-mail. From then on its subject alone says whose it is: an e-mail that changes, or is given to somebody
    else, opens nothing. Raises ``Refused``: account closed, e-mail not confirmed, account linked already.
    """
    with house.store.writing() as tx:
        tx.alone("identités")
        known = tx.first("identities", issuer=who.issuer, subject=who.subject)
        account = tx.get("accounts", known["account"]) if known is not None else _by_email(tx, who)
        if account is None:
            return ""
        if not account["active"]:
            raise refused(CLOSED)
        if known is None:
            _link(tx, who, account, at)
        attempts.entered(tx, account["email"], address, at)
        return open_session(tx, account["id"], at)


def ask(house: House, who: Identity, words: str, at: datetime) -> None:
    """Ask for an account: one request an identity, so that a second click is harmless."""
    values = {
        "name": one_line(who.name)[:200],
        "email": normal_email(who.email),
        "issuer": who.issuer,
        "subject": who.subject,
        "words": words.strip()[:2_000],
        "asked_at": at,
    }
    with house.store.writing() as tx:
        tx.insert_once("account_requests", values, attempts.at_the_door(at))


def waiting(visit: Visit) -> tuple[Asked, ...]:
    """The requests nobody settled yet, oldest first; for whom keeps accounts."""
    with visit.reading() as counter:
        accounts.refuse_unless_keeper(counter)
        rows = counter.tx.find("account_requests", settled_at=None, order_by=("asked_at",))
    return tuple(
        Asked(row["id"], row["name"] or "", row["email"], row["words"] or "", row["asked_at"]) for row in rows
    )


def counted(counter: Counter[Reading]) -> int:
    """How many of them; the caller has judged who asks."""
    requests = SQL["account_requests"].c
    return int(counter.tx.scalar(select(func.count()).where(requests.settled_at.is_(None))))


def accept(visit: Visit, request: str, roles: Iterable[Role], departments: Iterable[str] = ()) -> Person:
    """R-62: open the account asked for, within the roles the visitor may give; its identity is linked."""
    given = accounts.values(name="", email="", roles=roles, departments=departments)
    with visit.writing() as counter:
        accounts.refuse_unless_keeper(counter)
        row = _unsettled(counter.tx, request)
        named = {"name": row["name"] or row["email"], "email": row["email"]}
        account = accounts.opened(counter, given | named)
        linked = {"account": account["id"], "issuer": row["issuer"], "subject": row["subject"]}
        by = counter.by("accorder un compte")
        counter.tx.insert("identities", linked, by)
        settled = {"settled_at": counter.at, "settled_by": counter.person.id, "granted": True}
        counter.tx.update("account_requests", request, settled, by)
        return person_of(account)


def decline(visit: Visit, request: str) -> None:
    """Settle a request without opening an account; it is not asked again."""
    with visit.writing() as counter:
        accounts.refuse_unless_keeper(counter)
        _unsettled(counter.tx, request)
        settled = {"settled_at": counter.at, "settled_by": counter.person.id, "granted": False}
        counter.tx.update("account_requests", request, settled, counter.by("refuser un compte"))


def linked(visit: Visit) -> frozenset[str]:
    """The accounts that enter by the provider; for whom keeps accounts."""
    with visit.reading() as counter:
        accounts.refuse_unless_keeper(counter)
        return frozenset(row["account"] for row in counter.tx.find("identities"))


def _by_email(tx: Writing, who: Identity) -> Row | None:
    if not who.verified:
        raise refused(UNCONFIRMED)
    return tx.first("accounts", email=normal_email(who.email)) if who.email else None


def _link(tx: Writing, who: Identity, account: Row, at: datetime) -> None:
    identities = SQL["identities"]
    same = (identities.c.account == account["id"]) & (identities.c.issuer == who.issuer)
    if tx.scalar(select(func.count()).where(same)):
        raise refused(TAKEN)
    by = attempts.at_the_door(at)
    tx.insert("identities", {"account": account["id"], "issuer": who.issuer, "subject": who.subject}, by)
    asked = tx.first("account_requests", issuer=who.issuer, subject=who.subject, settled_at=None)
    if asked is not None:
        tx.update("account_requests", asked["id"], {"settled_at": at, "granted": True}, by)


def _unsettled(tx: Writing, request: str) -> Row:
    row = tx.lock("account_requests", request)
    if row is None or row["settled_at"] is not None:
        raise refused("Cette demande de compte est déjà réglée.")
    return row
