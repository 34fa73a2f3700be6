"""The brake on guessing passwords: attempts counted per account, per address, and for the two together.

Three brakes, so that an attacker is slowed and the right person still enters:

- the same address trying the same account: five failures in a quarter of an hour, twenty a day;
- the same address trying any account (one password on every account): thirty in a quarter of an hour.
  An address the account already entered from is spared this one: the town hall has one address for all;
- the same account tried from many addresses: past twenty failures in a quarter of an hour, an address the
  account never entered from has one attempt instead of five. The right person, who knows the password,
  needs no more than one.

An attempt refused by a brake is not counted: whoever waits enters.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from policy.reasons import refused
from sync.history import Author, Whence
from sync.schema import SQL
from sync.store import Writing

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
REMEMBERED = timedelta(days=90)  # how long an address remains one the account enters from

PAIR = ((QUARTER, 5), (DAY, 20))
ADDRESS = ((QUARTER, 30),)
ACCOUNT_UNDER_ATTACK = 20  # failures in a quarter of an hour, from every address together
UNKNOWN_ADDRESS = ((QUARTER, 1),)
_LOCK = 0x51_6E_49_6E  # a number of ours among PostgreSQL's advisory locks


def begin(tx: Writing, email: str, address: str, at: datetime) -> str:
    """Count an attempt, as failed until ``succeeded`` is told its id, which is returned.

    Raises ``Refused``, saying how long to wait, when a brake holds. An unknown account is braked alike.
    """
    address = address[:64] or "inconnue"
    attempts = SQL["sign_ins"]
    _one_at_a_time(tx)
    tx.connection.execute(delete(attempts).where(attempts.c.tried_at < at - REMEMBERED))
    same_account = attempts.c.email == email
    same_address = attempts.c.address == address
    known = _last_success(tx, same_account & same_address)
    pair = _failures(tx, same_account & same_address, max(at - DAY, known or at - DAY))
    under_attack = len(_failures(tx, same_account, at - QUARTER)) >= ACCOUNT_UNDER_ATTACK
    _brake(pair, UNKNOWN_ADDRESS if under_attack and known is None else PAIR, at)
    if known is None:
        _brake(_failures(tx, same_address, at - QUARTER), ADDRESS, at)
    values = {"email": email, "address": address, "succeeded": False, "tried_at": at}
    return str(tx.insert("sign_ins", values, at_the_door(at))["id"])


def succeeded(tx: Writing, attempt: str, at: datetime) -> None:
    """The password of this attempt was right."""
    tx.update("sign_ins", attempt, {"succeeded": True}, at_the_door(at))


def entered(tx: Writing, email: str, address: str, at: datetime) -> None:
    """The person came in from there without a password, or chose a new one: earlier failures are forgiven."""
    values = {"email": email, "address": address[:64] or "inconnue", "succeeded": True, "tried_at": at}
    tx.insert("sign_ins", values, at_the_door(at))


def at_the_door(at: datetime) -> Author:
    """The signature of what the sign-in page writes before anybody is known."""
    return Author(who="porte", name="Porte d'entrée", whence=Whence.SCREEN, at=at, act="Connexion")


def _one_at_a_time(tx: Writing) -> None:
    """A burst of simultaneous attempts is counted one by one; SQLite has one writer at a time already."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _failures(tx: Writing, of: ColumnElement[bool], since: datetime) -> list[datetime]:
    """The moments of the failures since then, newest first; never more than the longest brake looks at."""
    attempts = SQL["sign_ins"]
    failed = of & attempts.c.succeeded.is_(False) & (attempts.c.tried_at > since)
    rows = tx.rows(select(attempts.c.tried_at).where(failed).order_by(attempts.c.tried_at.desc()).limit(50))
    return [row["tried_at"] for row in rows]


def _last_success(tx: Writing, of: ColumnElement[bool]) -> datetime | None:
    attempts = SQL["sign_ins"]
    entered = of & attempts.c.succeeded.is_(True)
    row = tx.row(select(attempts.c.tried_at).where(entered).order_by(attempts.c.tried_at.desc()).limit(1))
    return row["tried_at"] if row is not None else None


def _brake(failures: Sequence[datetime], limits: Sequence[tuple[timedelta, int]], at: datetime) -> None:
    """Refuse when a window already holds its number of failures, until the oldest of them leaves it."""
    free_at = [failures[most - 1] + window for window, most in limits if len(failures) >= most]
    wait = max((moment - at for moment in free_at), default=timedelta(0))
    if wait > timedelta(0):
        raise refused(f"Trop d'essais. Attendez {_minutes(wait)}, puis essayez de nouveau.", field="password")


def _minutes(wait: timedelta) -> str:
    minutes = -(-int(wait.total_seconds()) // 60)
    if minutes > 90:
        return f"{-(-minutes // 60)} heures"
    return "une minute" if minutes <= 1 else f"{minutes} minutes"
