"""The table of what leaves by the door, asked of a town on both databases."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from desk import attachments, private_documents
from door import files
from door.downloads import PDF, TEXT
from policy.private_words import PrivateKind
from policy.reasons import Refused
from tests.cast import PLANNING, Cast, moment
from tests.desk.complaining import complaint, deposited
from tests.desk.documents import PDF as PDF_FILE
from tests.desk.filing import filed, kept
from tests.desk.paper import paper

TEN = moment("Mon 2026-11-16 10:00")


def test_the_workbook_of_the_queue_holds_what_the_screen_shows_of_ones_own_departments(cast: Cast) -> None:
    filed(cast, "2026-00001")
    filed(cast, "2026-00002", street="=rue(1)", received_at=TEN)
    filed(cast, "2026-00003", PLANNING)
    leaving = files.queue_export(cast.visit("secretary", TEN), {})
    rows = list(load_workbook(BytesIO(leaving.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == files.HEADERS
    assert [row[0] for row in rows[1:]] == ["2026-00001", "2026-00002"]
    assert "=rue(1)" in str(rows[2][5])


def test_the_workbook_follows_the_filters_of_the_address(cast: Cast) -> None:
    filed(cast, "2026-00001")
    filed(cast, "2026-00003", PLANNING)
    asked = {"service": cast.departments[PLANNING], "page": "9", "voir": "n'importe quoi"}
    leaving = files.queue_export(cast.visit("technician", TEN), asked)
    rows = list(load_workbook(BytesIO(leaving.content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[0] for row in rows[1:]] == ["2026-00003"]


@pytest.mark.parametrize("who", ["council", "admin", "outsider", "general"])
def test_who_has_no_queue_gets_no_workbook(cast: Cast, who: str) -> None:
    filed(cast)
    with pytest.raises(Refused):
        files.queue_export(cast.visit(who, TEN), {})


@pytest.mark.parametrize("who", ["secretary", "council", "admin", "outsider"])
def test_mails_and_lists_leave_for_the_desk_only(cast: Cast, who: str) -> None:
    visit = cast.visit(who, TEN)
    for act in (files.mail, files.mail_attachment, files.list_preview, files.list_attachment):
        with pytest.raises(Refused):
            act(visit, {"id": "x", "liste": "RNC", "mois": "2026-10"})


def test_a_preview_is_the_mail_of_that_recipient(cast: Cast) -> None:
    filed(cast)
    visit = cast.visit("technician", TEN)
    asked = {"liste": "RNC", "mois": "2026-11", "no": "0"}
    assert b"<html" in files.list_preview(visit, asked).content
    words = files.list_preview(visit, {**asked, "forme": "texte"})
    assert words.kind == TEXT and "Bonjour" in words.content.decode() and b"<html" not in words.content
    assert files.list_attachment(visit, asked).content.startswith(b"PK")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"liste": "autre", "mois": "2026-11"},
        {"liste": "RNC", "mois": "novembre"},
        {"liste": "RNC", "mois": "2026-11", "no": "99"},
        {"liste": "RNC", "mois": "2026-11", "no": "-1"},
        {"liste": "RNC", "mois": "2026-11", "no": "²"},
    ],
)
def test_an_address_that_names_nothing_is_refused(cast: Cast, asked: dict[str, str]) -> None:
    filed(cast)
    with pytest.raises(Refused):
        files.list_preview(cast.visit("technician", TEN), asked)


def test_the_acknowledgement_leaves_as_a_pdf(cast: Cast) -> None:
    file = filed(cast)
    leaving = files.acknowledgement(cast.visit("technician", TEN), {"numero": file["number"]})
    assert (leaving.kind, leaving.name) == (PDF, "accuse-de-reception.pdf")
    assert file["number"] in paper(leaving.content).words


def test_annexe_c_leaves_filled_for_who_keeps_the_registry_only(cast: Cast) -> None:
    (designation,) = kept(cast, "designations", department=cast.departments[PLANNING])
    asked = {"id": designation["id"]}
    found = paper(files.designation_form(cast.visit("technician", TEN), asked).content)
    for expected in ("Urbanisme", "Nadia Roy", "urbanisme@prevost.test", "Signature de l'employé(e)"):
        assert expected in found.words
    for who in ("secretary", "council", "outsider", "admin"):
        with pytest.raises(Refused):
            files.designation_form(cast.visit(who, TEN), asked)
    with pytest.raises(Refused, match="n'existe pas"):
        files.designation_form(cast.visit("technician", TEN), {})


def test_what_was_joined_leaves_as_it_came_for_who_sees_the_file_only(cast: Cast) -> None:
    file = filed(cast)
    (joined,) = attachments.add(cast.visit("technician", TEN), file["number"], [("avis.pdf", PDF_FILE)])
    leaving = files.attachment(cast.visit("secretary", TEN), {"id": joined.id})
    assert (leaving.name, leaving.kind, leaving.content, leaving.saved) == ("avis.pdf", PDF, PDF_FILE, True)
    for who in ("planner", "council", "admin", "outsider"):
        with pytest.raises(Refused, match="introuvable"):
            files.attachment(cast.visit(who, TEN), {"id": joined.id})


def test_a_private_document_leaves_for_its_own_people_only_and_the_reading_is_recorded(cast: Cast) -> None:
    record = complaint(cast, deposited(cast).number)
    director = cast.visit("director", TEN)
    (joined,) = private_documents.add(director, PrivateKind.COMPLAINT, record["id"], [("avis.pdf", PDF_FILE)])
    leaving = files.private_document(director, {"id": joined.id})
    assert (leaving.name, leaving.content, leaving.saved) == ("avis.pdf", PDF_FILE, True)
    assert [row["who"] for row in kept(cast, "readings", what=private_documents.READ)] == ["Denis Bélanger"]
    for who in ("technician", "general", "clerk", "admin", "council", "outsider"):
        with pytest.raises(Refused, match="introuvable"):
            files.private_document(cast.visit(who, TEN), {"id": joined.id})
