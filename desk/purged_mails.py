"""The mails of a file that is to be forgotten: emptied, never sent again; what had left is counted."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import sqlalchemy as sa

from desk import letters
from desk.dates import from_json
from desk.house import House
from desk.list_letters import compose
from desk.visits import Counter
from policy.months import Month
from policy.sending import DueList
from sync.schema import SQL
from sync.states import MailKind, MailState
from sync.store import Row, Writing

ERASED = "effacé"  # not an address: nothing is sent to it
_AWAY = (MailState.SENT, MailState.CLAIMED)  # one on its way at this moment may have left


@dataclass(frozen=True)
class Gone:
    """What had left: notices to departments, lists (« RNC 2026-11 »), letters to the person."""

    notices: int
    lists: tuple[str, ...]
    letters: int
    emptied: tuple[str, ...]  # the ids of the lines emptied


def forget(counter: Counter[Writing], file: Row) -> Gone:
    """Empty what was written about this file, once its row says nothing any more.

    The lines of the ledger stay with their keys, so that nothing is written twice. A list not sent yet is
    composed anew without it; a list that left stays as it left: it holds nobody's identity (R-21).
    """
    told = forget_own(counter, file)
    emptied = list(told.emptied)
    notices, lists = 0, []
    for mail in _that_name(counter, file):
        if mail["run"] is None:
            notices += _emptied(counter, mail)
            emptied.append(mail["id"])
            _announce_the_others_again(counter, mail)
        elif mail["state"] in _AWAY:
            run = counter.tx.get("list_runs", mail["run"]) or {}
            lists.append(f"{run.get('kind')} {run.get('month')}")
        else:
            _compose_again(counter, mail)
    return Gone(notices, tuple(dict.fromkeys(lists)), told.letters, tuple(emptied))


def forget_own(counter: Counter[Writing], file: Row) -> Gone:
    """Empty what was written to this person, or to a colleague, about this file alone (R-81)."""
    about = counter.tx.find("mails", file=file["id"])
    away = [_emptied(counter, each) for each in about]
    return Gone(0, (), sum(away), tuple(each["id"] for each in about))


def forget_these(counter: Counter[Writing], mails: Sequence[Row]) -> Gone:
    """Empty lists and notices that were sent long ago (R-81): the ledger keeps when, to which key."""
    away = [_emptied(counter, each) for each in mails]
    return Gone(0, (), sum(away), tuple(each["id"] for each in mails))


def clear_folder(house: House, gone: Gone) -> None:
    """Where mails are kept in a folder for want of a server, take these out of it."""
    if house.mail_folder is None:
        return
    for id in gone.emptied:
        for left in house.mail_folder.glob(f"*_{id}.eml"):
            left.unlink(missing_ok=True)


def _that_name(counter: Counter[Writing], file: Row) -> Iterator[Row]:
    """The notices for several files, and the lists, in which its number is written."""
    mails = SQL["mails"]
    query = sa.select(mails).where(
        mails.c.file.is_(None),
        sa.or_(mails.c.run.is_not(None), mails.c.kind == MailKind.ROUTING),
        mails.c.created_at >= file["received_at"],
    )
    for mail in counter.tx.rows(query.order_by(mails.c.id)):
        if file["number"] in _said(mail["message"]):
            yield mail


def _said(message: bytes) -> str:
    _, letter = letters.read(message)
    parts = [letter.subject, letter.text, letter.html]
    for attachment in letter.attachments:
        with zipfile.ZipFile(BytesIO(attachment.content)) as book:
            parts += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    return "\n".join(parts)


def _emptied(counter: Counter[Writing], mail: Row) -> bool:
    """Take everything out of that line but its key; whether it had left."""
    away = mail["state"] in _AWAY
    changes: dict[str, Any] = {
        "file": None,
        "subject": ERASED,
        "message": b"",
        "error": None,
        "next_try_at": None,
        "claimed_by": None,
        "claimed_until": None,
        "state": MailState.SENT if mail["state"] is MailState.SENT else MailState.REFUSED,
    }
    if mail["kind"] is not MailKind.ROUTING:  # that one is written to a colleague
        changes |= {"to_name": None, "to_address": ERASED}
    counter.tx.update("mails", mail["id"], changes, counter.by("effacer un courriel"))
    return away


def _announce_the_others_again(counter: Counter[Writing], mail: Row) -> None:
    """R-12b: a notice that had not left told of other files too: they are announced at the next quarter."""
    if mail["state"] in _AWAY:
        return
    said = _said(mail["message"])
    for notice in counter.tx.find("notices", mailed_at=mail["created_at"]):
        other = counter.tx.get("files", notice["file"])
        if other is not None and other["number"] in said:
            counter.tx.update("notices", notice["id"], {"mailed_at": None}, counter.by("aviser le service"))


def _compose_again(counter: Counter[Writing], mail: Row) -> None:
    run = counter.tx.get("list_runs", mail["run"])
    why = from_json(run["why"]) if run is not None else None
    if run is not None and why is not None:
        due = DueList(run["kind"], Month.parse(run["month"]), run["drawn_at"], why, late=mail["late"])
        address = mail["to_address"].casefold()
        for draft in compose(counter.house, counter.tx, due, counter.at).drafts:
            if draft.to.address.casefold() == address:
                again = {
                    "subject": draft.letter.subject[:300],
                    "message": letters.reworded(mail["message"], draft.letter),
                }
                counter.tx.update("mails", mail["id"], again, counter.by("dresser la liste"))
                return
    _emptied(counter, mail)  # nothing is left to tell this person
