"""Exports: what may leave, as a person reads it, and never a formula."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from desk.exporting import export
from desk.house import House
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from policy.words import Channel, Nature, Priority, State
from sync.history import Author, Whence
from tests.cast import Cast, day, moment

NOW = moment("Mon 2026-11-23 10:00")
SENTINELS = {"name": "Zénobie Sentinelle", "phone": "450 555-0199", "email": "sentinelle@example.org"}


def out(house: House) -> Visit:
    return Visit(house, NOW, system=System.EXPORT, whence=Whence.COMMAND)


@pytest.fixture
def filed(cast: Cast) -> Cast:
    """A town with one file, of a citizen whose words look like formulas."""
    by = Author("x", "x", Whence.COMMAND, NOW, "inscrire")
    with cast.house.store.writing() as tx:
        citizen = tx.insert("citizens", SENTINELS, by)
        tx.insert(
            "files",
            {
                "number": "2026-00042",
                "nature": Nature.REQUEST,
                "channel": Channel.PHONE,
                "received_at": moment("Fri 2026-11-20 10:00"),
                "category": cast.categories["Nid-de-poule"],
                "department": cast.departments["Travaux publics"],
                "priority": Priority.HIGH,
                "facts": '=HYPERLINK("http://x";"cliquez")',
                "place_note": "@SUM(A1)",
                "street": "+rue",
                "citizen": citizen["id"],
                "anonymous": False,
                "first_contact": False,
                "state": State.PLANNED,
                "planned_on": day("Tue 2026-11-24"),
                "complex": False,
                "note": "NOTE-INTERNE",
                "open": True,
                "queue_rank": 1,
                "queue_day": day("Fri 2026-11-27"),
            },
            by,
        )
    return cast


def test_a_csv_says_names_and_town_time_and_no_formula(filed: Cast) -> None:
    content = export(out(filed.house), "files", ".csv")
    assert content.startswith("\ufeff".encode())
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert (row["Numéro"], row["Service"], row["Catégorie"]) == (
        "2026-00042",
        "Travaux publics",
        "Nid-de-poule",
    )
    assert (row["Reçue le"], row["Date prévue"], row["Anonyme"]) == ("2026-11-20 10:00", "2026-11-24", "Non")
    assert row["Exposé des faits"].startswith("'=")
    assert (row["Précision du lieu"], row["Rue ou lieu"]) == ("'@SUM(A1)", "'+rue")


def test_a_workbook_holds_the_same_as_text_and_real_dates(filed: Cast) -> None:
    sheet = load_workbook(io.BytesIO(export(out(filed.house), "Dossiers", ".xlsx"))).worksheets[0]
    cells = {header.value: cell for header, cell in zip(sheet[1], sheet[2], strict=True)}
    assert cells["Exposé des faits"].data_type == "s"
    assert cells["Reçue le"].value == datetime.fromisoformat("2026-11-20 10:00")
    assert cells["Service"].value == "Travaux publics"


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
@pytest.mark.parametrize("table", ["files", "designations", "departments", "council"])
def test_neither_the_citizen_nor_the_internal_note_leaves(filed: Cast, table: str, form: str) -> None:
    content = export(out(filed.house), table, form)
    if form == ".xlsx":
        book = load_workbook(io.BytesIO(content))
        content = repr([[cell.value for cell in row] for sheet in book for row in sheet]).encode()
    for secret in (*SENTINELS.values(), "NOTE-INTERNE"):
        assert secret.encode() not in content


@pytest.mark.parametrize("table", ["citizens", "sessions", "sign_ins", "drafts", "mails", "accounts"])
def test_a_table_of_which_nothing_may_leave_is_refused(filed: Cast, table: str) -> None:
    with pytest.raises(Refused, match="ne s'exporte pas"):
        export(out(filed.house), table, ".csv")


def test_an_unknown_table_or_form_is_refused_in_words(filed: Cast) -> None:
    with pytest.raises(Refused, match="n'existe pas"):
        export(out(filed.house), "dossier", ".csv")
    with pytest.raises(Refused, match=r"\.xlsx ou \.csv"):
        export(out(filed.house), "files", ".pdf")


def test_an_unknown_visit_exports_nothing(filed: Cast) -> None:
    with pytest.raises(Refused):
        export(Visit(filed.house, NOW, system="quelqu'un"), "files", ".csv")


def test_a_complaint_never_leaves(filed: Cast) -> None:
    by = Author("x", "x", Whence.COMMAND, NOW, "reclasser")
    with filed.house.store.writing() as tx:
        file = tx.first("files", number="2026-00042")
        assert file
        tx.update("files", file["id"], {"nature": Nature.COMPLAINT}, by)
        tx.insert("pauses", {"file": file["id"], "starts_on": day("Mon 2026-11-23")}, by)
    for table in ("files", "pauses"):
        content = export(out(filed.house), table, ".csv").decode("utf-8-sig")
        assert len(content.splitlines()) == 1
