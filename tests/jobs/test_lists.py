"""The monthly lists: who receives what, on which day, once (R-20 to R-25)."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from desk import answers, lists, postbook, registry
from desk.registry import Designation
from policy.months import Month
from policy.reasons import Refused
from policy.words import Answer, Duty, ListKind, Nature, Priority, State, WaitReason
from sync.states import MailKind, MailState, TaskKind
from tests.cast import PLANNING, TAXES, WORKS, Cast, moment
from tests.desk.filing import BY, filed, kept
from tests.jobs.post import RESPONSABLES, RNC_DAY, Tray, begun, cells, look

NOVEMBER = Month(2026, 11)


def test_on_monday_23_november_each_responsable_receives_the_rnc_once(cast: Cast) -> None:
    begun(cast)
    tray = Tray()
    assert not look(cast, moment("Mon 2026-11-23 07:59"), tray).drawn
    look(cast, RNC_DAY, tray)
    look(cast, RNC_DAY, tray)
    look(cast, moment("Tue 2026-11-24 08:05"), tray)
    assert tray.recipients == RESPONSABLES
    assert {row["state"] for row in kept(cast, "mails", kind=MailKind.RNC)} == {MailState.SENT}


def test_the_rnc_has_a_section_for_each_department_and_a_line_for_an_empty_one(cast: Cast) -> None:
    begun(cast)
    filed(cast, "2026-00007")
    tray = Tray()
    look(cast, RNC_DAY, tray)
    letters = tray.letters("rnc")
    for address in ("travaux@prevost.test", "surintendant@prevost.test"):
        letter = letters[address]
        assert "2026-00007" in letter.text and "2026-00007" in letter.html
        assert "https://guichet.prevost.test/dossier?numero=2026-00007" in letter.html
        assert [row[:2] for row in cells(letter)] == [(WORKS, "2026-00007")]
    assert "Rien d'ouvert" in letters["urbanisme@prevost.test"].text
    assert cells(letters["urbanisme@prevost.test"])[0][:3] == (PLANNING, None, "Rien d'ouvert")
    assert "au plus tard le lundi 30 novembre 2026 à 16 h 30" in letters["travaux@prevost.test"].text


def test_a_copy_says_so_and_the_reception_knows_who_has_one(cast: Cast) -> None:
    begun(cast)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    letters = tray.letters("rnc")
    assert "Copie, à titre de Responsable de l'exécution." in letters["surintendant@prevost.test"].text
    assert "Copie : Réal Savard (Responsable de l'exécution)." in letters["travaux@prevost.test"].text


def test_a_person_with_two_departments_receives_one_mail_with_two_sections(cast: Cast) -> None:
    begun(cast)
    registry.designate(
        cast.visit("technician", moment("Tue 2026-11-10 09:00")),
        Designation(cast.departments["Environnement"], Duty.RECEPTION, "Nadia Roy", "Urbanisme@prevost.test",
                    date(2026, 11, 11)),
    )  # fmt: skip
    tray = Tray()
    look(cast, RNC_DAY, tray)
    mine = [parcel for parcel in tray.parcels if parcel.recipient.casefold() == "urbanisme@prevost.test"]
    assert len(mine) == 1
    text = tray.letters("rnc")[mine[0].recipient].text
    assert "URBANISME" in text and "ENVIRONNEMENT" in text
    assert "environnement@prevost.test" not in tray.recipients


def test_the_substitute_in_force_has_a_copy_on_that_day_only(cast: Cast) -> None:
    begun(cast)
    registry.designate(
        cast.visit("technician", moment("Tue 2026-11-10 09:00")),
        Designation(cast.departments[PLANNING], Duty.SUBSTITUTE, "Ian Ross", "ian@prevost.test",
                    date(2026, 11, 16), ends_on=date(2026, 11, 23)),
    )  # fmt: skip
    tray = Tray()
    look(cast, RNC_DAY, tray)
    assert sorted({*RESPONSABLES, "ian@prevost.test"}) == tray.recipients
    assert "Ian Ross (substitut)" in tray.letters("rnc")["urbanisme@prevost.test"].text


def test_a_department_without_responsable_goes_to_the_director_and_is_a_task_until_someone_is_named(
    cast: Cast,
) -> None:
    begun(cast)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    text = tray.letters("rnc")["denis@prevost.test"].text
    assert TAXES.upper() in text and "Aucun Responsable n'est désigné" in text
    (task,) = kept(cast, "tasks", kind=TaskKind.NO_RESPONSABLE, done_at=None)
    assert TAXES in task["words"]
    registry.designate(
        cast.visit("technician", RNC_DAY),
        Designation(cast.departments[TAXES], Duty.RECEPTION, "Lou", "taxes@prevost.test", date(2026, 11, 23)),
    )
    assert not kept(cast, "tasks", kind=TaskKind.NO_RESPONSABLE, done_at=None)


def test_changing_people_or_closings_after_the_sending_sends_nothing_again(cast: Cast) -> None:
    begun(cast)
    look(cast, RNC_DAY)
    registry.designate(
        cast.visit("technician", RNC_DAY),
        Designation(
            cast.departments[PLANNING], Duty.RECEPTION, "Neuf", "neuf@prevost.test", date(2026, 11, 23)
        ),
    )
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": date(2026, 11, 23), "label": "Tempête", "open": False}, BY)
    tray = Tray()
    look(cast, moment("Tue 2026-11-24 08:05"), tray)
    assert tray.parcels == []


@pytest.mark.parametrize(
    ("changes", "listed"),
    [
        ({}, True),
        ({"nature": Nature.CLAIM}, True),
        ({"nature": Nature.COMMENT}, False),
        ({"nature": Nature.COMPLAINT}, False),
        ({"state": State.TO_CLOSE}, False),
        ({"state": State.DONE}, False),
        ({"state": State.CANCELLED}, False),
        ({"state": State.WAITING, "wait_reason": WaitReason.PARTS}, True),
    ],
)
def test_the_rnc_holds_open_requests_and_claims_that_wait_on_the_department(
    cast: Cast, changes: dict[str, Any], listed: bool
) -> None:
    begun(cast)
    filed(cast, **changes)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    letter = tray.letters("rnc")["travaux@prevost.test"]
    assert ("2026-00001" in letter.text) is listed
    if "wait_reason" in changes:
        assert "En attente (Pièces ou matériel)" in letter.text


def test_a_duplicate_is_not_in_the_rnc(cast: Cast) -> None:
    begun(cast)
    first = filed(cast)
    filed(cast, "2026-00002", duplicate_of=first["id"])
    tray = Tray()
    look(cast, RNC_DAY, tray)
    assert "2026-00002" not in tray.letters("rnc")["travaux@prevost.test"].text


def test_age_lateness_and_unchanged_are_said_in_working_days(cast: Cast) -> None:
    begun(cast)
    filed(cast, received_at=moment("Thu 2026-10-15 09:00"), priority=Priority.HIGH)
    filed(cast, "2026-00002", received_at=moment("Fri 2026-11-20 09:00"))
    with cast.house.store.writing() as tx:
        late = tx.first("files", number="2026-00001")
        assert late is not None
        tx.update("files", late["id"], {"target_on": date(2026, 11, 18)}, BY)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    rows = {row[1]: row for row in cells(tray.letters("rnc")["travaux@prevost.test"])}
    assert rows["2026-00001"][4] == 27 and rows["2026-00001"][8] == 3 and rows["2026-00001"][9] == "Oui"
    assert rows["2026-00002"][4] == 1 and rows["2026-00002"][8:10] == (None, None)


def test_what_was_typed_stays_text_in_the_workbook(cast: Cast) -> None:
    begun(cast)
    filed(cast, street="=HYPERLINK(A1)", sector="+Nord")
    tray = Tray()
    look(cast, RNC_DAY, tray)
    book = load_workbook(BytesIO(tray.letters("rnc")["travaux@prevost.test"].attachments[0].content))
    cell = book.worksheets[0]["D2"]
    assert cell.data_type == "s" and cell.value.startswith("=HYPERLINK")


def test_the_reminder_goes_to_who_has_not_answered_and_only_about_what_is_missing(cast: Cast) -> None:
    begun(cast)
    answered, missing = filed(cast), filed(cast, "2026-00002")
    other = filed(cast, "2026-00003", PLANNING)
    look(cast, RNC_DAY)
    with cast.visit("secretary", RNC_DAY).writing() as counter:
        answers.give(counter, answered, Answer.ACTION, "Demain.", NOVEMBER)
    with cast.visit("planner", RNC_DAY).writing() as counter:
        answers.give(counter, other, Answer.ACTION, "Demain.", NOVEMBER)
    tray = Tray()
    look(cast, moment("Thu 2026-11-26 08:05"), tray)
    assert tray.parcels == []
    look(cast, moment("Fri 2026-11-27 08:05"), tray)
    look(cast, moment("Fri 2026-11-27 09:05"), tray)
    assert tray.recipients == ["travaux@prevost.test"]
    text = tray.letters("rappel")["travaux@prevost.test"].text
    assert missing["number"] in text and answered["number"] not in text


def test_at_closing_time_on_the_last_working_day_the_technicien_learns_what_is_missing(cast: Cast) -> None:
    begun(cast)
    filed(cast)
    look(cast, RNC_DAY)
    look(cast, moment("Fri 2026-11-27 08:05"))
    tray = Tray()
    look(cast, moment("Mon 2026-11-30 16:29"), tray)
    assert tray.parcels == []
    look(cast, moment("Mon 2026-11-30 16:30"), tray)
    (parcel,) = tray.parcels
    text = tray.letters("manquantes")[parcel.recipient].text
    assert "2026-00001" in text and "Julie Gagnon" in text


def test_nothing_is_reminded_when_everything_is_answered(cast: Cast) -> None:
    begun(cast)
    look(cast, RNC_DAY)
    tray = Tray()
    report = look(cast, moment("Fri 2026-11-27 08:05"), tray)
    assert tray.parcels == [] and report.drawn[0].note == "Aucune réponse ne manque : pas de rappel."


def test_the_preview_is_the_mail_that_leaves(cast: Cast) -> None:
    begun(cast)
    filed(cast)
    shown = {
        d.to.address: d.letter
        for d in lists.preview(cast.visit("technician", RNC_DAY), ListKind.RNC, NOVEMBER)
    }
    tray = Tray()
    look(cast, RNC_DAY, tray)
    left = tray.letters("rnc")
    assert shown.keys() == left.keys()
    for address, letter in left.items():
        assert letter.subject == shown[address].subject
        assert letter.text.split() == shown[address].text.split()
        assert letter.html.split() == shown[address].html.split()
        assert cells(letter) == cells(shown[address])


def test_the_screen_says_what_was_sent_to_whom_and_only_to_the_desk(cast: Cast) -> None:
    begun(cast)
    look(cast, RNC_DAY)
    (newest, *_) = lists.runs(cast.visit("technician", RNC_DAY))
    assert (newest.list, newest.month) == (ListKind.RNC, NOVEMBER)
    assert sorted(mail.to_address for mail in newest.mails) == RESPONSABLES
    assert lists.waiting(cast.visit("director", RNC_DAY)) == ()
    for who in ("secretary", "council", "outsider", "admin"):
        with pytest.raises(Refused):
            lists.runs(cast.visit(who, RNC_DAY))
        with pytest.raises(Refused):
            lists.preview(cast.visit(who, RNC_DAY), ListKind.RNC, NOVEMBER)


def test_sending_again_to_one_person_is_a_deliberate_act_of_the_desk(cast: Cast) -> None:
    begun(cast)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    (row,) = kept(cast, "mails", to_address="urbanisme@prevost.test")
    visit = cast.visit("technician", moment("Mon 2026-11-23 09:00"))
    lists.resend(visit, row["id"], "corrigee@prevost.test", "Adresse corrigée.", sure=True)
    with pytest.raises(Refused, match="encore à envoyer"):
        lists.resend(visit, row["id"], "", "Encore.", sure=True)
    again = Tray()
    look(cast, moment("Mon 2026-11-23 09:01"), again)
    assert again.recipients == ["corrigee@prevost.test"]
    assert again.letters()["corrigee@prevost.test"].text == tray.letters()["urbanisme@prevost.test"].text
    assert again.parcels[0].message.count(b"Message-ID") == 1
    with pytest.raises(Refused):
        postbook.resend(cast.visit("secretary", RNC_DAY), row["id"])
