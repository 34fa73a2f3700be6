"""The mails about one file: acknowledgement (R-5), routing notices (R-12b), closing text (R-16, R-18)."""

from typing import Any

import pytest

from desk import closing_notices, mails, notices, postbook, recounting, registry, routing
from desk.letters import read
from desk.mails import How, Told
from desk.registry import Designation
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from policy.words import Duty, Nature, Priority, State
from sync.history import Whence
from sync.states import MailKind, MailState, TaskKind
from sync.store import Row
from tests.cast import PLANNING, TAXES, WORKS, Cast, day, moment
from tests.desk.filing import BY, NINE, TEN, filed, kept, stands
from tests.desk.paper import paper
from tests.jobs.post import Tray, look

PERSON = {"name": "Rémi Sentinelle", "email": "remi@exemple.test", "phone": "4505550199"}


def known(cast: Cast, **person: Any) -> str:
    with cast.house.store.writing() as tx:
        return str(tx.insert("citizens", {**PERSON, **person}, BY)["id"])


def acknowledged(cast: Cast, file: Row) -> Told:
    with cast.visit("technician", TEN).writing() as counter:
        return mails.acknowledge(counter, file)


def routed(cast: Cast, file: Row, at: Any = TEN) -> Told:
    with cast.visit("technician", at).writing() as counter:
        return mails.notify_routing(counter, stands(cast, file))


def gathered(cast: Cast, at: str) -> int:
    return notices.gather(Visit(cast.house, moment(at), system=System.CLOCK, whence=Whence.CLOCK))


def letter(row: Row) -> str:
    return read(row["message"])[1].text


def test_the_acknowledgement_tells_the_number_the_department_and_the_delay_of_the_category(
    cast: Cast,
) -> None:
    file = filed(cast, citizen=known(cast), category=cast.categories["Nid-de-poule"])
    assert acknowledged(cast, file).how is How.MAILED
    (row,) = kept(cast, "mails", file=file["id"])
    text = letter(row)
    assert (row["kind"], row["to_address"]) == (MailKind.ACKNOWLEDGEMENT, "remi@exemple.test")
    assert "2026-00001" in text and WORKS in text and "16 novembre 2026" in text
    assert file["target_on"] is not None and f"{file['target_on'].day} novembre 2026" in text
    assert "guichet.prevost.test" not in text, "the addresses of the house are not for citizens"


def test_an_acknowledgement_of_a_category_without_delay_promises_none(cast: Cast) -> None:
    acknowledged(cast, filed(cast, citizen=known(cast), category=None))
    assert "aucun délai n'est fixé" in letter(kept(cast, "mails")[0])


def test_the_file_is_acknowledged_once_the_mail_has_left_and_its_version_stays(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast))
    acknowledged(cast, file)
    assert stands(cast, file)["acknowledged_at"] is None
    left = moment("Mon 2026-11-16 10:01")
    look(cast, left, Tray())
    assert stands(cast, file)["acknowledged_at"] == left
    assert stands(cast, file)["version"] == file["version"]


def test_an_acknowledgement_is_given_once_however_often_the_file_is_routed(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast))
    acknowledged(cast, file)
    assert acknowledged(cast, file).how is How.NOBODY
    assert len(kept(cast, "mails", kind=MailKind.ACKNOWLEDGEMENT)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"anonymous": True},
        {"first_contact": True},
        {"nature": Nature.COMPLAINT},
        {"nature": Nature.ACCESS},
    ],
)
def test_no_acknowledgement_where_none_is_owed(cast: Cast, changes: dict[str, Any]) -> None:
    assert acknowledged(cast, filed(cast, citizen=known(cast), **changes)).how is How.NOBODY
    assert not kept(cast, "mails") and not kept(cast, "tasks")


@pytest.mark.parametrize(
    "address", ["", "remi", "remi@exemple.test\nBcc: autre@exemple.test", "é@exemple.test"]
)
def test_without_an_address_the_desk_calls_back_and_that_acknowledges(cast: Cast, address: str) -> None:
    file = filed(cast, citizen=known(cast, email=address or None))
    assert acknowledged(cast, file).how is How.CALL
    (task,) = kept(cast, "tasks", kind=TaskKind.CALL_BACK)
    assert task["due_at"] == file["ack_due_at"] and "2026-00001" in task["words"]
    later = moment("Mon 2026-11-16 11:00")
    postbook.settle(cast.visit("technician", later), task["id"])
    assert stands(cast, file)["acknowledged_at"] == later
    assert postbook.tasks(cast.visit("technician", later)) == ()


def test_a_call_still_to_be_made_says_what_stands_now(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast, email=None))
    acknowledged(cast, file)
    desk = cast.visit("technician", moment("Mon 2026-11-16 11:00"))
    routing.route(desk, file["id"], cast.departments[PLANNING])
    (task,) = kept(cast, "tasks", kind=TaskKind.CALL_BACK)
    assert PLANNING in task["words"] and "30 novembre 2026" in task["words"]
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": day("Tue 2026-11-17"), "label": "Panne", "open": False}, BY)
    recounting.recount(desk)
    (task,) = kept(cast, "tasks", kind=TaskKind.CALL_BACK)
    assert "1er décembre 2026" in task["words"]
    assert task["due_at"] == stands(cast, file)["ack_due_at"] == moment("Wed 2026-11-18 09:00")


def test_the_acknowledgement_can_be_printed_by_the_desk_when_nobody_can_be_written_to(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast, email=""))
    printed = paper(mails.printable(cast.visit("technician", TEN), file["number"]))
    assert file["number"] in printed.words and WORKS in printed.words
    assert printed.title == f"Votre demande {file['number']}"
    with pytest.raises(Refused, match=r"P §4\.1"):
        mails.printable(cast.visit("secretary", TEN), file["number"])
    anonymous = filed(cast, "2026-00002", anonymous=True)
    with pytest.raises(Refused, match="Aucun accusé de réception n'est dû"):
        mails.printable(cast.visit("technician", TEN), anonymous["number"])


def test_an_urgent_file_is_announced_at_once_to_reception_and_execution(cast: Cast) -> None:
    told = routed(cast, filed(cast, priority=Priority.URGENT, citizen=known(cast)))
    assert told.how is How.MAILED and "Julie Gagnon" in told.sentence
    rows = kept(cast, "mails", kind=MailKind.ROUTING)
    assert sorted(row["to_address"] for row in rows) == ["surintendant@prevost.test", "travaux@prevost.test"]
    for row in rows:
        text = letter(row)
        assert row["subject"].startswith("Urgent : ") and "rue Principale" in text
        assert "dossier?numero=2026-00001" in text
        for secret in ("Sentinelle", "remi@", "0199", "1234", "lampadaire"):
            assert secret not in text and secret not in row["subject"]


def test_the_others_are_gathered_when_the_quarter_hour_strikes_one_mail_a_person(cast: Cast) -> None:
    for n in (1, 2, 3):
        told = routed(cast, filed(cast, f"2026-0000{n}"), moment("Mon 2026-11-16 10:14"))
        assert told.how is How.LATER
    assert gathered(cast, "Mon 2026-11-16 10:14") == 0
    assert gathered(cast, "Mon 2026-11-16 10:15") == 3
    assert gathered(cast, "Mon 2026-11-16 10:30") == 0
    rows = kept(cast, "mails", kind=MailKind.ROUTING)
    assert [row["subject"] for row in rows] == ["3 dossiers acheminés à votre service"] * 2
    assert all(f"2026-0000{n}" in letter(rows[0]) for n in (1, 2, 3))


def test_a_file_that_has_left_the_department_or_is_closed_is_not_announced(cast: Cast) -> None:
    away, closed = filed(cast), filed(cast, "2026-00002")
    for file in (away, closed):
        routed(cast, file)
    with cast.house.store.writing() as tx:
        tx.update("files", away["id"], {"department": cast.departments[PLANNING]}, BY)
        tx.update("files", closed["id"], {"state": State.CANCELLED}, BY)
    routed(cast, away)
    gathered(cast, "Mon 2026-11-16 10:15")
    rows = kept(cast, "mails", kind=MailKind.ROUTING)
    assert [row["to_address"] for row in rows] == ["urbanisme@prevost.test"]


def test_the_substitute_is_told_in_place_of_the_absent(cast: Cast) -> None:
    registry.designate(
        cast.visit("director", NINE),
        Designation(
            cast.departments[PLANNING],
            Duty.SUBSTITUTE,
            "Ian Ross",
            "ian@prevost.test",
            day("Mon 2026-11-16"),
            ends_on=day("Fri 2026-11-20"),
        ),
    )
    routed(cast, filed(cast, department=PLANNING, priority=Priority.URGENT))
    assert [row["to_address"] for row in kept(cast, "mails")] == ["ian@prevost.test"]


def test_a_department_without_responsable_is_announced_to_the_director_and_becomes_a_task(cast: Cast) -> None:
    told = routed(cast, filed(cast, department=TAXES, priority=Priority.URGENT))
    assert told.how is How.NOBODY
    (row,) = kept(cast, "mails")
    assert row["to_address"] == "denis@prevost.test" and TAXES in letter(row)
    assert len(kept(cast, "tasks", kind=TaskKind.NO_RESPONSABLE)) == 1


def closing(cast: Cast, file: Row, at: Any = TEN) -> Told:
    with cast.visit("secretary", at).writing() as counter:
        return closing_notices.tell(counter, file)


def test_the_text_for_the_citizen_leaves_once_written_and_never_the_note(cast: Cast) -> None:
    silent = filed(cast, citizen=known(cast), note="NOTE-INTERNE")
    assert closing(cast, silent).how is How.NOBODY and not kept(cast, "mails")
    told = filed(
        cast,
        "2026-00002",
        citizen=known(cast),
        note="NOTE-INTERNE",
        citizen_text="Réparé.\n\nMerci <b>à vous</b>.",
    )
    assert closing(cast, told).how is How.MAILED
    (row,) = kept(cast, "mails")
    shown = read(row["message"])[1]
    assert "Réparé." in shown.text and "Merci &lt;b&gt;à vous&lt;/b&gt;." in shown.html
    assert "NOTE-INTERNE" not in shown.text + shown.html


def test_a_file_closed_again_tells_again(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast), citizen_text="Fait.")
    closing(cast, file)
    closing(cast, file, moment("Tue 2026-11-17 10:00"))
    assert len(kept(cast, "mails", kind=MailKind.CLOSING)) == 2


def test_who_asked_the_same_is_told_too_under_his_own_number(cast: Cast) -> None:
    file = filed(cast, citizen=known(cast), citizen_text="Fait.")
    filed(cast, "2026-00002", citizen=known(cast, email="zoe@exemple.test"), duplicate_of=file["id"])
    filed(cast, "2026-00003", citizen=known(cast, email=None), duplicate_of=file["id"])
    told = closing(cast, file)
    rows = {row["to_address"]: row for row in kept(cast, "mails")}
    assert "2026-00002" in letter(rows["zoe@exemple.test"]) and "2026-00001" in letter(
        rows["remi@exemple.test"]
    )
    assert len(kept(cast, "tasks", kind=TaskKind.CALL_BACK)) == 1 and "1 à rappeler" in told.sentence


def test_the_book_shows_each_mail_as_it_leaves_to_the_desk_only(cast: Cast) -> None:
    acknowledged(cast, filed(cast, citizen=known(cast)))
    technician = cast.visit("technician", TEN)
    (line,) = postbook.page(technician)
    assert (line.state, line.kind) == (MailState.READY, MailKind.ACKNOWLEDGEMENT)
    opened = postbook.read(technician, line.mail)
    assert opened.headers["Subject"] == "Votre demande 2026-00001"
    assert "Votre numéro de demande : 2026-00001" in opened.letter.text
    assert postbook.health(cast.visit("admin", TEN)).waiting == 1
    for who in ("secretary", "admin", "council", "outsider"):
        with pytest.raises(Exception, match="réservé"):
            postbook.page(cast.visit(who, TEN))
        with pytest.raises(Exception, match="réservé"):
            postbook.read(cast.visit(who, TEN), line.mail)
