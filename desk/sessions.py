"""Who is signed in: sign-in with a password, sessions on the server, and the brake on guessing."""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update

from desk import attempts
from desk.house import House
from desk.passwords import LONGEST
from desk.visits import Person, SignedOut, holder, person_of
from policy.reasons import Refused, refused
from sync.schema import SQL
from sync.store import Row, Writing

LASTS = timedelta(hours=12)
KEPT = timedelta(days=30)  # an ended session's row, for whoever asks who was signed in when
GLANCE = timedelta(minutes=1)  # between two writings of a person's last gesture

HASHER = PasswordHasher()
AT_ONCE = BoundedSemaphore(4)  # each verification takes 64 MiB: a burst of sign-ins waits its turn


def sign_in(house: House, email: str, password: str, address: str, at: datetime) -> str:
    """Open a session with a password and return its token (for the cookie; only its hash is stored).

    ``address`` is the network address the attempt comes from. Raises ``Refused``, with the same words and
    the same work whether the account is unknown, closed, without password, or the password is wrong.
    The attempt is counted before the password is looked at, so that a burst of simultaneous attempts
    counts in full; the slow verification happens outside any transaction.
    """
    email = normal_email(email)
    with house.store.writing() as tx:
        attempt = attempts.begin(tx, email, address, at)
    with house.store.reading() as tx:
        account = tx.first("accounts", email=email)
    if not _is_right(account, password):
        raise refused("Courriel ou mot de passe inexact.", field="password")
    with house.store.writing() as tx:
        account = tx.first("accounts", email=email)  # it may have been closed while we verified
        if account is None or not account["active"]:
            raise refused("Courriel ou mot de passe inexact.", field="password")
        attempts.succeeded(tx, attempt, at)
        return open_session(tx, account["id"], at)


def open_session(tx: Writing, account: str, at: datetime) -> str:
    """A new session of an account, for 12 hours; its token. Who calls has verified who it is."""
    token = secrets.token_urlsafe(32)
    tx.connection.execute(delete(SQL["sessions"]).where(SQL["sessions"].c.expires_at < at - KEPT))
    values = {"token_hash": hash_token(token), "account": account, "expires_at": at + LASTS, "seen_at": at}
    tx.insert("sessions", values, attempts.at_the_door(at))
    return token


def hash_token(token: str) -> str:
    """What is stored of a token, and what a ``Visit`` carries."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_of(house: House, token: str, at: datetime) -> Person | None:
    """Whose live session a cookie opens, or None: unknown, expired, idle, ended, or the account is closed."""
    with house.store.reading() as tx, suppress(SignedOut):
        return person_of(holder(house, tx, hash_token(token), at))
    return None


def seen(house: House, token: str, at: datetime) -> Person | None:
    """The same, when the person has just made a gesture: the time without any counts from now.

    Written at most once a minute, so that reading acts stay reads. What the screens ask by themselves
    (a part that draws itself again) is no gesture: who calls knows the difference.
    """
    row: Row | None = None
    with house.store.reading() as tx, suppress(SignedOut):
        row = holder(house, tx, hash_token(token), at)
    if row is None:
        return None
    if row["seen_at"] is None or at - row["seen_at"] >= GLANCE:
        with suppress(Refused):  # the base is busy: the next gesture will say it
            _touch(house, hash_token(token), at)
    return person_of(row)


def _touch(house: House, token_hash: str, at: datetime) -> None:
    sessions = SQL["sessions"]
    with house.store.writing() as tx:
        tx.connection.execute(
            update(sessions)
            .where(sessions.c.token_hash == token_hash, sessions.c.ended_at.is_(None))
            .where(sessions.c.seen_at.is_(None) | (sessions.c.seen_at < at))
            .values(seen_at=at)
        )


def sign_out(house: House, token: str, at: datetime) -> None:
    """End the session of this cookie, in every tab at once. Signing out twice is harmless."""
    with house.store.writing() as tx:
        session = tx.first("sessions", token_hash=hash_token(token))
        if session is not None and session["ended_at"] is None:
            _end(tx, session, at)


def end_all(tx: Writing, account: str, at: datetime, but: str = "") -> int:
    """End every session of an account (closed, or password changed), except the hash ``but``; how many."""
    sessions = SQL["sessions"]
    still = tx.rows(select(sessions).where(sessions.c.account == account, sessions.c.ended_at.is_(None)))
    ended = [session for session in still if session["token_hash"] != but]
    for session in ended:
        _end(tx, session, at)
    return len(ended)


def hash_password(password: str) -> str:
    """argon2id of a password, with the parameters advised by RFC 9106 for little memory."""
    with AT_ONCE:
        return HASHER.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """Whether the password is the one hashed; False also for a stored value that is no argon2 hash."""
    try:
        with AT_ONCE:
            return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def normal_email(email: str) -> str:
    """How an address is compared: without surrounding blanks, in small letters, at most 254 characters."""
    return email.strip().casefold()[:254]


def _is_right(account: Row | None, password: str) -> bool:
    """Constant work: an account that is unknown, closed or without password costs one verification too."""
    usable = account is not None and account["active"] and account["password"]
    stored: Any = account["password"] if account is not None and usable else _nobody()
    matches = verify_password(stored, password[:LONGEST])
    return bool(usable) and matches and len(password) <= LONGEST


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _end(tx: Writing, session: Row, at: datetime) -> None:
    tx.update("sessions", session["id"], {"ended_at": at}, attempts.at_the_door(at))
