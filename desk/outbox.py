"""The outbox (architecture 6): each frozen mail is claimed, carried, marked; a crash repeats safely."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from desk import letters
from desk.account_mails import with_link
from desk.house import House
from desk.ledger import by_the_clock, refuse
from policy.towntime import to_town
from sync import hold
from sync.schema import SQL
from sync.states import MailKind, MailState
from sync.store import Row, Writing

CLAIM = timedelta(hours=1)  # longer than all the time-outs of one mail together (jobs.smtp)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240))
PATIENCE = timedelta(days=5)  # a mail that cannot leave for so long is shown to the desk as refused

_SLUGS = {
    MailKind.ACKNOWLEDGEMENT: "accuse-de-reception",
    MailKind.ROUTING: "avis-d-acheminement",
    MailKind.CLOSING: "avis-de-fermeture",
    MailKind.INFORMATION: "information-au-demandeur",
    MailKind.RNC: "liste-rnc",
    MailKind.REMINDER: "rappel-rnc",
    MailKind.MISSING: "reponses-manquantes",
    MailKind.COUNCIL: "listes-du-conseil",
    MailKind.RESET: "mot-de-passe-a-choisir",
    MailKind.CHANGED: "mot-de-passe-change",
    MailKind.SUBSTITUTE: "remplacement",
}


class RemoteError(Exception):
    """The mail server said no, or nothing. ``again``: whether trying later can help.

    ``doubtful``: the server may have taken the mail all the same. ``everyone``: the fault is the server's or
    the settings', not this recipient's; the round stops.
    """

    def __init__(self, words: str, *, again: bool, doubtful: bool = False, everyone: bool = False) -> None:
        super().__init__(words)
        self.again = again
        self.doubtful = doubtful
        self.everyone = everyone


@dataclass(frozen=True)
class Parcel:
    """A mail on its way: ``name`` is stable, so that carrying it again replaces what was there."""

    name: str
    sender: str
    recipient: str
    message: bytes


class Carrier(Protocol):
    """What takes mails away: an SMTP server, or a folder."""

    def carry(self, parcel: Parcel) -> None:
        """Take one mail away, or raise ``RemoteError``; never longer than ``CLAIM``."""
        ...

    def close(self) -> None:
        """End the connection, if one is open."""
        ...


@dataclass(frozen=True)
class Round:
    """What one round of the outbox did; ``trouble`` is the French sentence when it had to stop."""

    sent: int = 0
    put_off: int = 0
    refused: int = 0
    trouble: str = ""


def deliver(
    house: House, carrier: Carrier, clock: Callable[[], datetime], me: str, is_gone: Callable[[str], bool]
) -> Round:
    """Send what is due, one mail at a time, the oldest first; nothing while a restore is to be confirmed.

    ``me`` names this process in the claims; ``is_gone`` says whether the process another claim names is
    surely dead, so that its mails need not wait for the claim to lapse. The network is never inside a
    transaction.
    """
    done = Round()
    tried: set[str] = set()
    try:
        while not done.trouble and (mail := _claim(house, clock(), me, is_gone, tried)) is not None:
            tried.add(mail["id"])
            try:
                carrier.carry(_parcel(house, mail, clock()))
            except RemoteError as error:
                refused = _failed(house, mail, error, clock(), me)
                done = replace(
                    done,
                    refused=done.refused + refused,
                    put_off=done.put_off + (not refused),
                    trouble=str(error) if error.everyone else "",
                )
            else:
                _mark(house, mail, clock(), me)
                done = replace(done, sent=done.sent + 1)
    finally:
        carrier.close()
    return done


def _claim(
    house: House, now: datetime, me: str, is_gone: Callable[[str], bool], tried: set[str]
) -> Row | None:
    """The next mail that is due, now ours alone; ``None`` when there is none."""
    with house.store.reading() as tx:
        waiting = [row for row in tx.rows(_waiting(now)) if row["id"] not in tried]
    for seen in waiting:
        abandoned = seen["state"] is MailState.CLAIMED
        if abandoned and seen["claimed_until"] > now and not is_gone(seen["claimed_by"]):
            continue
        with house.store.writing() as tx:
            row = tx.lock("mails", seen["id"])
            if row is None or any(row[name] != seen[name] for name in ("state", "claimed_by", "attempts")):
                continue  # another process was quicker
            if hold.since(tx) is not None:  # a restore was, since we looked
                return None
            return tx.update(
                "mails",
                row["id"],
                {
                    "state": MailState.CLAIMED,
                    "claimed_by": me,
                    "claimed_until": now + CLAIM,
                    "attempts": row["attempts"] + 1,
                    # whoever held it may have been cut off after the server's yes
                    "doubtful": row["doubtful"] or abandoned,
                },
                by_the_clock(now, "prendre"),
            )
    return None


def _waiting(now: datetime) -> sa.Select[Any]:
    mails = SQL["mails"].c
    due = sa.or_(
        mails.state.in_([MailState.READY, MailState.CLAIMED]),
        sa.and_(mails.state == MailState.RETRY, mails.next_try_at <= now),
    )
    columns = (mails.id, mails.state, mails.claimed_by, mails.claimed_until, mails.attempts)
    return sa.select(*columns).where(due, ~hold.is_on()).order_by(mails.id)


def _parcel(house: House, mail: Row, now: datetime) -> Parcel:
    born = to_town(mail["created_at"])
    return Parcel(
        name=f"{born:%Y-%m-%d_%H%M}_{_SLUGS[mail['kind']]}_{mail['id']}",
        sender=letters.sender(house),
        recipient=mail["to_address"],
        message=with_link(house, mail, by_the_clock(now, "envoyer"))
        if mail["kind"] is MailKind.RESET
        else mail["message"],
    )


def _mark(house: House, mail: Row, now: datetime, me: str) -> None:
    """The server has it: say so, and what follows from it."""
    with house.store.writing() as tx:
        row = tx.lock("mails", mail["id"])
        if row is None:
            return
        by = by_the_clock(now, "envoyer")
        if row["claimed_by"] != me:  # our claim lapsed and another process has taken the mail since
            tx.update("mails", row["id"], {"doubtful": True}, by)
            return
        tx.update("mails", row["id"], _sent(tx, row, now), by)
        file = tx.lock("files", row["file"]) if row["kind"] is MailKind.ACKNOWLEDGEMENT else None
        if file is not None and file["acknowledged_at"] is None:
            tx.update("files", file["id"], {"acknowledged_at": now}, by_the_clock(now, "accuser réception"))


def _sent(tx: Writing, mail: Row, now: datetime) -> dict[str, Any]:
    run = tx.get("list_runs", mail["run"])
    once = mail["again_of"] is None  # a second sending has no day of its own
    due_on = run["due_on"] if run is not None and once else None
    late = mail["late"] or (due_on is not None and to_town(now).date() > due_on)
    return {
        "state": MailState.SENT,
        "sent_at": now,
        "late": late,
        "error": None,
        "next_try_at": None,
        "claimed_by": None,
        "claimed_until": None,
    }


def _failed(house: House, mail: Row, error: RemoteError, now: datetime, me: str) -> bool:
    """Put the mail off, with growing waits, or keep it as refused; returns whether it was refused."""
    words = str(error).replace(mail["to_address"], "…")  # a server repeats the address; it is an identity
    with house.store.writing() as tx:
        row = tx.lock("mails", mail["id"])
        if row is None or row["claimed_by"] != me:
            return False
        by = by_the_clock(now, "remettre")
        doubtful: Mapping[str, Any] = {"doubtful": row["doubtful"] or error.doubtful}
        if not error.again or now - row["created_at"] > PATIENCE:
            tx.update("mails", row["id"], doubtful, by)
            refuse(tx, row, words, by)
            return True
        wait = WAITS[min(row["attempts"], len(WAITS)) - 1]
        changes = {
            "state": MailState.RETRY,
            "next_try_at": now + wait,
            "error": words[:1_000],
            "claimed_by": None,
            "claimed_until": None,
        }
        tx.update("mails", row["id"], {**changes, **doubtful}, by)
    return False
