"""Documents of private files: their own people only, sealed where they lie, every reading recorded."""

from datetime import date
from typing import Any

import pytest

from desk import access_intake, attachments, private, private_documents
from desk.contents import checked
from desk.private_documents import READ, Document
from desk.scope import NotFound
from policy.private_words import DocumentKind, PrivateKind
from policy.reasons import Refused
from sync.store import Row
from tests.cast import CAST, Cast, moment
from tests.desk.complaining import complaint, deposited
from tests.desk.documents import PDF, PNG
from tests.desk.filing import filed, kept
from tests.desk.test_access import ASKED

NOON = moment("Mon 2026-12-07 12:00")
LATER = moment("Mon 2026-12-07 15:00")
SECRET = "Sentinelle-7731"
BODY = PDF + f"% {SECRET}\n".encode()
COMPLAINT, ACCESS = PrivateKind.COMPLAINT, PrivateKind.ACCESS


def complained(cast: Cast) -> Row:
    return complaint(cast, deposited(cast).number)


def joined(cast: Cast, record: Row, who: str = "director", kind: PrivateKind = COMPLAINT) -> Document:
    (found,) = private_documents.add(cast.visit(who, NOON), kind, record["id"], [(f"{SECRET}.pdf", BODY)])
    return found


def journal(cast: Cast, kind: PrivateKind, record: Row) -> list[tuple[str, str]]:
    with cast.visit("director", LATER).reading() as counter:
        return [(each.who, each.what) for each in private.readings(counter, kind, record["id"])]


def test_who_investigates_joins_and_reads_and_the_reading_is_recorded_without_its_name(cast: Cast) -> None:
    record = complained(cast)
    found = joined(cast, record)
    visit = cast.visit("director", LATER)
    assert private_documents.listed(visit, COMPLAINT, record["id"]) == (found,)
    assert private_documents.read(visit, found.id) == (found, BODY)
    assert ("Denis Bélanger", READ) in journal(cast, COMPLAINT, record)
    assert SECRET not in str(journal(cast, COMPLAINT, record))


@pytest.mark.parametrize("who", [who for who in CAST if who != "director"])
def test_nobody_else_finds_anything_of_a_complaint(cast: Cast, who: str) -> None:
    record = complained(cast)
    found = joined(cast, record)
    visit = cast.visit(who, LATER)
    acts: list[Any] = [
        lambda: private_documents.listed(visit, COMPLAINT, record["id"]),
        lambda: private_documents.listed(visit, COMPLAINT, "rien"),
        lambda: private_documents.read(visit, found.id),
        lambda: private_documents.read(visit, "rien"),
        lambda: private_documents.remove(visit, found.id, "Motif"),
        lambda: private_documents.add(visit, COMPLAINT, record["id"], [("a.exe", b"MZ")]),
    ]
    words = []
    for act in acts:
        with pytest.raises(NotFound) as no:
            act()
        words.append(str(no.value))
    assert set(words) == {"Dossier introuvable."}
    assert not private_documents.may_handle(visit, COMPLAINT, record["id"])


@pytest.mark.parametrize("who", ["general", "clerk"])
def test_a_request_for_access_has_its_own_people(cast: Cast, who: str) -> None:
    access_intake.receive(cast.visit("technician", NOON), ASKED)
    (record,) = kept(cast, "access_requests")
    found = joined(cast, record, who, ACCESS)
    assert private_documents.read(cast.visit(who, LATER), found.id)[1] == BODY
    for other in ("technician", "director", "council", "admin", "outsider"):
        with pytest.raises(NotFound):
            private_documents.read(cast.visit(other, LATER), found.id)


def test_a_second_click_keeps_one(cast: Cast) -> None:
    record = complained(cast)
    assert joined(cast, record).id == joined(cast, record).id
    assert len(kept(cast, "private_contents")) == 1


def test_nothing_of_a_document_lies_open_anywhere(cast: Cast) -> None:
    record = complained(cast)
    joined(cast, record)
    with cast.house.store.reading() as tx:
        for table in ("private_documents", "private_contents", "history", "readings"):
            rows = tx.connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            assert rows or table == "readings"
            assert SECRET not in "".join(_written(value) for row in rows for value in row)


def test_what_is_removed_is_destroyed_and_its_trace_stays(cast: Cast) -> None:
    record = complained(cast)
    found = joined(cast, record)
    visit = cast.visit("director", LATER)
    with pytest.raises(Refused, match="pourquoi"):
        private_documents.remove(visit, found.id, "")
    private_documents.remove(visit, found.id, "Remis à son auteur")
    assert not private_documents.listed(visit, COMPLAINT, record["id"]) and not kept(cast, "private_contents")
    with pytest.raises(NotFound):
        private_documents.read(visit, found.id)
    (row,) = kept(cast, "private_documents")
    assert (row["removed_at"], row["removed_why"], row["name"]) == (
        LATER,
        "Remis à son auteur",
        f"{SECRET}.pdf",
    )
    assert joined(cast, record).id != found.id


def test_a_letter_that_left_stays(cast: Cast) -> None:
    record = complained(cast)
    with cast.visit("director", NOON).writing() as counter:
        letter = checked("Réponse.pdf", PDF, 1_000)
        row = private_documents.keep(counter, COMPLAINT, record["id"], letter, DocumentKind.LETTER)
    (found,) = private_documents.listed(cast.visit("director", LATER), COMPLAINT, record["id"])
    assert not found.removable
    with pytest.raises(Refused, match="Une lettre transmise reste"):
        private_documents.remove(cast.visit("director", LATER), row["id"], "Motif")


def test_what_is_refused_of_a_request_is_refused_here_too(cast: Cast) -> None:
    record = complained(cast)
    with pytest.raises(Refused, match="est un programme"):
        private_documents.add(
            cast.visit("director", NOON), COMPLAINT, record["id"], [("a.pdf", b"MZ\x90\x00")]
        )


def test_a_kind_without_files_of_its_own_has_no_document(cast: Cast) -> None:
    with pytest.raises(NotFound):
        private_documents.listed(cast.visit("general", NOON), PrivateKind.PERSON, "rien")


def test_the_documents_of_a_demand_that_was_a_complaint_go_where_they_are_sealed(cast: Cast) -> None:
    file, record = filed(cast), complained(cast)
    attachments.add(cast.visit("technician", NOON), file["number"], [(f"{SECRET}.png", PNG)])
    with cast.visit("director", LATER).writing() as counter:
        for each in attachments.take_away(counter, file["id"], counter.by("reclasser")):
            content = checked(each.attachment.name, each.content, 1_000)
            private_documents.keep(counter, COMPLAINT, record["id"], content, DocumentKind.RECEIVED)
    (found,) = private_documents.listed(cast.visit("director", LATER), COMPLAINT, record["id"])
    assert found.name == f"{SECRET}.png" and not kept(cast, "attachments")


def _written(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return value.isoformat() if isinstance(value, date) else str(value)
