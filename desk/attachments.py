"""Attachments of a request: what was brought in, kept in the database, seen as its file is (R-80)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from desk.contents import Content, all_checked, size_words
from desk.scope import NotFound, file_in_sight, in_sight
from desk.visits import Counter, Visit
from policy.reasons import refused
from sync.history import Author
from sync.schema import SQL
from sync.store import Reading, Row, Writing

MOST = 50  # on one file


@dataclass(frozen=True)
class Attachment:
    """One document on a file, without its content."""

    id: str
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime

    @property
    def size_words(self) -> str:
        """« 1,4 Mo »."""
        return size_words(self.size)


@dataclass(frozen=True)
class Brought:
    """An attachment and its content."""

    attachment: Attachment
    content: bytes


def add(visit: Visit, number: str, documents: Iterable[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Keep documents (name, content) on the file of that number (or id): all of them, or none.

    The same content a second time changes nothing. Raises ``NotFound`` for a file that is not theirs to see,
    ``Refused`` with what stands in the way of each document that may not be kept.
    """
    with visit.reading() as counter:  # nothing is said of the documents before the file is known to be theirs
        file_in_sight(counter, number)
    brought = all_checked(documents, visit.house.attachment_most)
    with visit.writing() as counter:
        # judged again once held: it may have become a private file meanwhile
        file = in_sight(counter, counter.tx.lock("files", file_in_sight(counter, number)["id"]))
        mine = None if counter.person.system else counter.person.id
        kept = [keep_in(counter, file, each, mine, counter.at) for each in brought]
        return tuple(_shown(counter.tx, row) for row in kept)


def listed(visit: Visit, number: str) -> tuple[Attachment, ...]:
    """What is on the file, in the order it came, without any content. Raises ``NotFound``."""
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        return tuple(_shown(counter.tx, row) for row in _there(counter.tx, file["id"]))


def read(visit: Visit, id: str) -> Brought:
    """One document and its content. Raises ``NotFound``, alike when it is removed or never was."""
    with visit.reading() as counter:
        row = _in_sight(counter, id)
        held = counter.tx.first("attachment_contents", attachment=row["id"])
        if held is None:
            raise NotFound
        return Brought(_shown(counter.tx, row), held["content"])


def remove(visit: Visit, id: str, reason: str) -> None:
    """Take a document off its file: its content is erased, that it was there and why it went stays told.

    Raises ``Refused`` without a reason, ``NotFound`` for one that is not theirs to see or is gone already.
    """
    with visit.writing() as counter:
        row = _in_sight(counter, id)
        if not reason.strip():
            raise refused("Dites pourquoi la pièce est retirée.", "R-80", "reason")
        gone = {
            "once": None,
            "removed_at": counter.at,
            "removed_by": None if counter.person.system else counter.person.id,
            "removed_why": reason.strip(),
        }
        counter.tx.update("attachments", row["id"], gone, counter.by("retirer une pièce jointe"))
        _erase(counter.tx, row["id"])


def take_away(counter: Counter[Writing], file_id: str, by: Author) -> tuple[Brought, ...]:
    """All that is on a file, taken out of the ordinary tables for good, its history's values included.

    For a demand that becomes a private file: what is given back is kept there, or nowhere.
    """
    taken = []
    for row in counter.tx.find("attachments", order_by=("added_at", "name"), file=file_id):
        held = counter.tx.first("attachment_contents", attachment=row["id"])
        if held is not None:
            taken.append(Brought(_shown(counter.tx, row), held["content"]))
        _erase(counter.tx, row["id"])
        counter.tx.shred("attachments", row["id"], by)
    return tuple(taken)


def keep_in(counter: Counter[Writing], file: Row, brought: Content, by_whom: str | None, at: datetime) -> Row:
    """Keep a content that was checked on that file, inside the caller's transaction, who holds the file.

    ``by_whom`` is the account that brought it, ``at`` when. The same content twice is kept once. Raises
    ``Refused`` when the file bears as many as it can.
    """
    once = f"{file['id']}:{brought.digest}"
    there: Row | None = counter.tx.first("attachments", once=once)
    if there is not None:
        return there
    rows = SQL["attachments"]
    count = counter.tx.scalar(
        select(func.count()).where(rows.c.file == file["id"], rows.c.removed_at.is_(None))
    )
    if count >= MOST:
        raise refused(
            f"Ce dossier porte déjà {MOST} pièces jointes : retirez-en avant d'en joindre d'autres."
        )
    by = counter.by("joindre une pièce")
    row: Row = counter.tx.insert(
        "attachments",
        {
            "file": file["id"],
            "name": brought.name,
            "media_type": brought.media_type,
            "size": brought.size,
            "added_by": by_whom,
            "added_at": at,
            "once": once,
        },
        by,
    )
    counter.tx.insert("attachment_contents", {"attachment": row["id"], "content": brought.content}, by)
    return row


def _there(tx: Reading, file_id: str) -> list[Row]:
    return tx.find("attachments", order_by=("added_at", "name"), file=file_id, removed_at=None)


def _in_sight(counter: Counter[Any], id: str) -> Row:
    row: Row | None = counter.tx.get("attachments", id)
    if row is None or row["removed_at"] is not None:
        raise NotFound
    file_in_sight(counter, row["file"])
    return row


def _erase(tx: Writing, id: str) -> None:
    held = tx.first("attachment_contents", attachment=id)
    if held is not None:
        tx.delete("attachment_contents", held["id"])


def _shown(tx: Reading, row: Row) -> Attachment:
    account = tx.get("accounts", row["added_by"])
    return Attachment(
        id=row["id"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        added_by=account["name"] if account else "",
        added_at=row["added_at"],
    )
