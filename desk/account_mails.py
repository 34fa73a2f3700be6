"""The mails about an account: the link to choose a password, the notice that it changed."""

import secrets
from datetime import datetime, timedelta

from desk import town as towns
from desk.house import House
from desk.ledger import frozen, post
from desk.letters import Letter, Recipient, read, render, reworded
from desk.sessions import hash_token
from policy.reasons import Refused
from policy.rules import Rules
from policy.towntime import town_day
from sync.history import Author
from sync.states import MailKind
from sync.store import Reading, Row, Writing

LIVES = timedelta(hours=1)  # from the moment its mail leaves
UNWRITTEN = "ecrit-au-depart-du-courriel"  # what stands for the token in the ledger


def invite(house: House, tx: Writing, account: Row, reset: Row, by: Author) -> bool:
    """Draw up the mail by which this reset is used; False when the town is not in place yet.

    The token is not in it: ``with_link`` makes it when the mail leaves.
    """
    rules = _rules(tx, by.at)
    if rules is None:
        return False
    letter = render(
        house,
        rules,
        "reset",
        "Choisir un nouveau mot de passe",
        name=account["name"],
        address=f"{house.base_url}/connexion/choisir?jeton={UNWRITTEN}",
    )
    to = Recipient(account["name"], account["email"])
    post(tx, frozen(house, rules, letter, to, MailKind.RESET, _key(reset["id"]), by.at), by)
    return True


def with_link(house: House, mail: Row, by: Author) -> bytes:
    """The bytes of an invitation that is about to leave, with its token: only its hash is kept.

    The ledger, its screen and a copy of the base thus never hold a token that opens anything. A mail carried
    twice has a new one each time: the last one received is the one that opens.
    """
    token = secrets.token_urlsafe(32)
    with house.store.writing() as tx:
        reset = tx.lock("resets", mail["key"].partition(":")[2])
        if reset is not None and reset["used_at"] is None:
            changes = {"token_hash": hash_token(token), "expires_at": by.at + LIVES}
            tx.update("resets", reset["id"], changes, by)
    _, letter = read(mail["message"])
    text, html = (form.replace(UNWRITTEN, token) for form in (letter.text, letter.html))
    return reworded(mail["message"], Letter(letter.subject, text, html))


def tell_changed(house: House, tx: Writing, account: Row, by: Author) -> None:
    """Tell the person that the password of the account has changed: whoever did not do it must know."""
    rules = _rules(tx, by.at)
    if rules is None:
        return
    letter = render(
        house, rules, "password", "Votre mot de passe a changé", name=account["name"], changed_at=by.at
    )
    key = f"mot-de-passe-change:{account['id']}:{by.at:%Y%m%dT%H%M%S%f}"
    to = Recipient(account["name"], account["email"])
    post(tx, frozen(house, rules, letter, to, MailKind.CHANGED, key, by.at), by)


def town_name(tx: Reading, at: datetime) -> str:
    """The town's name, once it is in place."""
    rules = _rules(tx, at)
    return rules.town_name if rules is not None else ""


def _rules(tx: Reading, at: datetime) -> Rules | None:
    try:
        return towns.rules_in_force(tx, town_day(at))
    except Refused:
        return None


def _key(reset: str) -> str:
    return f"mot-de-passe:{reset}"
