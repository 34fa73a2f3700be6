"""A password forgotten: a link mailed once, that opens for an hour and is used once."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from desk import account_mails, attempts
from desk.house import House
from desk.passwords import refuse_weak
from desk.sessions import end_all, hash_password, hash_token, normal_email
from policy.reasons import refused
from sync.history import Author
from sync.schema import SQL
from sync.store import Reading, Row, Writing

MOST = 3  # mails an account is sent in an hour, whoever asks
KEPT = timedelta(days=30)
DEAD = "Ce lien ne sert plus : il a servi, ou il date de plus d'une heure. Demandez-en un autre."


def ask(house: House, email: str, address: str, at: datetime) -> None:
    """Somebody asks for a link: counted and braked like a sign-in, whether the address is known or not.

    Nothing here looks at the accounts, so that the answer tells nothing, by its words or its time; the
    door answers, then calls ``write``. Raises ``Refused`` when a brake holds.
    """
    with house.store.writing() as tx:
        attempts.begin(tx, f"oubli:{normal_email(email)}"[:254], address, at)


def write(house: House, email: str, at: datetime) -> None:
    """Draw up the mail, when there is somebody to write to.

    Not for an account that is closed, or that enters by the town's provider alone: a mailed link would be
    an easier way in than the one the town chose for it.
    """
    by = attempts.at_the_door(at)
    resets = SQL["resets"]
    with house.store.writing() as tx:
        tx.connection.execute(delete(resets).where(resets.c.expires_at < at - KEPT))
        account = tx.first("accounts", email=normal_email(email))
        if account is None or not account["active"] or _enters_elsewhere(tx, account):
            return
        lately = (resets.c.account == account["id"]) & (resets.c.asked_at > at - account_mails.LIVES)
        if tx.scalar(select(func.count()).where(lately)) >= MOST:
            return
        invite(house, tx, account, by)


def invite(house: House, tx: Writing, account: Row, by: Author) -> bool:
    """Draw up the mail by which the person of that account chooses a password; False before the town is."""
    values = {
        "token_hash": hash_token(secrets.token_urlsafe(32)),  # of nothing anybody holds, until it leaves
        "account": account["id"],
        "asked_at": by.at,
        "expires_at": by.at + account_mails.LIVES,
    }
    return account_mails.invite(house, tx, account, tx.insert("resets", values, by), by)


def is_live(house: House, token: str, at: datetime) -> bool:
    """Whether this link still opens. Looking does not use it: machines open the links of a mail too."""
    with house.store.reading() as tx:
        return _account(tx, token, at) is not None


def choose(house: House, token: str, password: str, address: str, at: datetime) -> str:
    """The new password of whoever holds the link; every session of the account ends, its person is told.

    Returns the e-mail to sign in with. Raises ``Refused``: the link is dead, or the password is weak (the
    link then still serves). The person is as good as signed in from there: earlier failures are forgiven.
    """
    with house.store.reading() as tx:
        account = _account(tx, token, at)
        town = account_mails.town_name(tx, at)
    if account is None:
        raise refused(DEAD, field="token")
    refuse_weak(password, account["name"], account["email"], town)
    kept = hash_password(password)
    by = attempts.at_the_door(at)
    with house.store.writing() as tx:
        reset = tx.first("resets", token_hash=hash_token(token))
        still = tx.lock("resets", reset["id"]) if reset is not None else None
        account = _account(tx, token, at)
        if still is None or account is None:
            raise refused(DEAD, field="token")
        for other in tx.find("resets", account=account["id"], used_at=None):
            tx.update("resets", other["id"], {"used_at": at}, by)
        tx.update("accounts", account["id"], {"password": kept}, by)
        end_all(tx, account["id"], at)
        attempts.entered(tx, account["email"], address, at)
        account_mails.tell_changed(house, tx, account, by)
        return str(account["email"])


def _account(tx: Reading, token: str, at: datetime) -> Row | None:
    """The open account this link opens now."""
    reset = tx.first("resets", token_hash=hash_token(token)) if token else None
    if reset is None or reset["used_at"] is not None or reset["expires_at"] <= at:
        return None
    account = tx.get("accounts", reset["account"])
    return account if account is not None and account["active"] else None


def _enters_elsewhere(tx: Reading, account: Row) -> bool:
    return not account["password"] and tx.first("identities", account=account["id"]) is not None
