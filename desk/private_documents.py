"""Documents of a private file: sealed, seen by its own people only, every reading of one recorded (R-33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk import private
from desk.contents import Content, all_checked, size_words
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.confidentiality import PrivateAct
from policy.private_words import DocumentKind, PrivateKind
from policy.reasons import refused
from sync.schema import SQL
from sync.store import Row, Writing

MOST = 100  # on one file
READ = "Un document"  # in the journal, which is not sealed: never a name


@dataclass(frozen=True)
class Document:
    """One document of a private file, without its content."""

    id: str
    kind: DocumentKind
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime

    @property
    def size_words(self) -> str:
        """« 1,4 Mo »."""
        return size_words(self.size)

    @property
    def removable(self) -> bool:
        """A letter that left stays."""
        return self.kind is not DocumentKind.LETTER


def add(
    visit: Visit,
    kind: PrivateKind,
    record: str,
    documents: Iterable[tuple[str, bytes]],
    what: DocumentKind = DocumentKind.RECEIVED,
) -> tuple[Document, ...]:
    """Keep documents (name, content) on that file, by its id: all of them, or none; the same one once.

    Raises ``NotFound`` for a file that is not theirs to see, ``Refused`` when it is not theirs to handle or
    with what stands in the way of each document.
    """
    with visit.reading() as counter:
        _handled(counter, kind, record)
    brought = all_checked(documents, visit.house.attachment_most)
    with visit.writing() as counter:
        _handled(counter, kind, record)
        counter.tx.hold(private.TABLES[kind], record)
        return tuple(_shown(counter, keep(counter, kind, record, each, what)) for each in brought)


def listed(visit: Visit, kind: PrivateKind, record: str) -> tuple[Document, ...]:
    """What is on that file, letters included, in the order it came, without any content. ``NotFound``."""
    with visit.reading() as counter:
        _seen(counter, kind, record)
        return tuple(_shown(counter, row) for row in _there(counter, kind, record))


def may_handle(visit: Visit, kind: PrivateKind, record: str) -> bool:
    """Whether this visit may bring documents to that file and take them off."""
    with visit.reading() as counter:
        return private.may(counter, PrivateAct.HANDLE, kind, record)


def read(visit: Visit, id: str) -> tuple[Document, bytes]:
    """One document and its content; the reading is recorded. Raises ``NotFound``, alike for none at all."""
    with visit.writing() as counter:
        row = _in_sight(counter, id)
        held = counter.tx.first("private_contents", document=row["id"])
        if held is None:
            raise NotFound
        private.record(counter, row["kind_of_file"], row["record"], READ)
        return _shown(counter, row), held["content"]


def remove(visit: Visit, id: str, reason: str) -> None:
    """Take a document off its file: content and key are destroyed, that it was there stays told.

    Raises ``Refused`` without a reason, for a letter that left, or when the file is not theirs to handle.
    """
    with visit.writing() as counter:
        row = _in_sight(counter, id)
        _handled(counter, row["kind_of_file"], row["record"])
        if row["kind"] is DocumentKind.LETTER:
            raise refused("Une lettre transmise reste à son dossier.", "R-80")
        if not reason.strip():
            raise refused("Dites pourquoi le document est retiré.", "R-80", "reason")
        gone = {"removed_at": counter.at, "removed_by": counter.person.id, "removed_why": reason.strip()}
        counter.tx.update("private_documents", row["id"], gone, counter.by("retirer un document"))
        held = counter.tx.first("private_contents", document=row["id"])
        if held is not None:
            counter.tx.delete("private_contents", held["id"])


def keep(
    counter: Counter[Writing], kind: PrivateKind, record: str, brought: Content, what: DocumentKind
) -> Row:
    """The row of that content on that file: the one there is, or a new one. The caller has judged who may."""
    there = _there(counter, kind, record)
    same = next((row for row in there if row["digest"] == brought.digest), None)
    if same is not None:
        return same
    if len(there) >= MOST:
        raise refused(f"Ce dossier porte déjà {MOST} documents : retirez-en avant d'en ajouter d'autres.")
    by = counter.by("joindre un document")
    row = counter.tx.insert(
        "private_documents",
        {
            "kind_of_file": kind,
            "record": record,
            "kind": what,
            "size": brought.size,
            "added_by": None if counter.person.system else counter.person.id,
            "added_at": counter.at,
            "name": brought.name,
            "media_type": brought.media_type,
            "digest": brought.digest,
        },
        by,
    )
    counter.tx.insert("private_contents", {"document": row["id"], "content": brought.content}, by)
    return row


def _seen(counter: Counter[Any], kind: PrivateKind, record: str) -> None:
    if kind not in private.TABLES or not private.may(counter, PrivateAct.READ, kind, record):
        raise NotFound
    file = SQL[private.TABLES[kind]]
    if counter.tx.scalar(select(file.c.id).where(file.c.id == record)) is None:
        raise NotFound


def _handled(counter: Counter[Any], kind: PrivateKind, record: str) -> None:
    _seen(counter, kind, record)
    if not private.may(counter, PrivateAct.HANDLE, kind, record):
        raise refused("Seule la personne chargée de ce dossier y ajoute ou en retire des documents.", "R-33")


def _in_sight(counter: Counter[Any], id: str) -> Row:
    """The document of that id; nothing sealed is opened before it is known that the visit may read it."""
    asked = SQL["private_documents"].c
    lies = counter.tx.row(
        select(asked.kind_of_file, asked.record).where(asked.id == id, asked.removed_at.is_(None))
    )
    if lies is None:
        raise NotFound
    _seen(counter, lies["kind_of_file"], lies["record"])
    row: Row | None = counter.tx.get("private_documents", id)
    if row is None:
        raise NotFound
    return row


def _there(counter: Counter[Any], kind: PrivateKind, record: str) -> list[Row]:
    found = counter.tx.find(
        "private_documents", ("added_at",), kind_of_file=kind, record=record, removed_at=None
    )
    return list(found)


def _shown(counter: Counter[Any], row: Row) -> Document:
    account = counter.tx.get("accounts", row["added_by"])
    return Document(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        added_by=account["name"] if account else "",
        added_at=row["added_at"],
    )
