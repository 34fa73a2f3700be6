"""New calls about an open file: noted, counted, told at the closing; once each (R-9, R-18)."""

from datetime import timedelta

import pytest

from desk import closing, contacts, field_inbox, field_reports, files, moves, purge, queue, routing
from desk.citizens import Caller
from desk.contacts import Again, Logged
from desk.scope import NotFound
from policy.counter_words import ReportState
from policy.field_reports import Noted
from policy.reasons import Refused
from policy.words import Channel, State
from sync.states import MailKind, TaskKind
from sync.store import Row
from tests.cast import PLANNING, Cast
from tests.desk.demands import MARIE, opened
from tests.desk.documents import PNG
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands

LATER = TEN + timedelta(hours=1)
ZOE = Caller(name="Zoé Picard", phone="450 555-0177", email="zoe@exemple.test")
MAX = Caller(name="Max Roy", phone="450 555-0166")


def again(number: str, form: str = "appel", **more: object) -> Again:
    said: dict[str, object] = {"channel": Channel.PHONE, "words": "C'est encore plus profond."}
    return Again(form, number, **{**said, **more})  # type: ignore[arg-type]  # any field of any kind


def noted(cast: Cast, number: str, who: str = "technician", **more: object) -> Logged:
    return contacts.note(cast.visit(who, TEN), again(number, **more))  # type: ignore[arg-type]


def mailed(cast: Cast) -> list[tuple[str, str]]:
    return sorted((row["to_address"], row["subject"]) for row in kept(cast, "mails", kind=MailKind.CLOSING))


def close(cast: Cast, file: Row | str, text: str = "Réparé.") -> str:
    id = file if isinstance(file, str) else file["id"]
    return closing.close(cast.visit("secretary", LATER), id, items(cast, citizen_text=text)).message


def test_a_new_call_is_noted_with_its_date_channel_and_words_and_counts(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    assert noted(cast, file["number"]).count == 1
    assert noted(cast, file["number"], form="autre", channel=Channel.EMAIL, words="Toujours là ?").count == 2
    view = files.open(cast.visit("secretary", LATER), file["number"])
    assert {(call.at, call.channel, call.words, call.who) for call in view.contacts} == {
        (TEN, Channel.PHONE, "C'est encore plus profond.", "Luc Tremblay"),
        (TEN, Channel.EMAIL, "Toujours là ?", "Luc Tremblay"),
    }
    told = [each for each in view.timeline if each.sentence.startswith("Nouvel appel")]
    assert sorted(each.changes for each in told) == [("C'est encore plus profond.",), ("Toujours là ?",)]
    (line,) = queue.page(cast.visit("secretary", LATER), queue.Query()).rows
    assert line.calls == 2
    assert stands(cast, file)["version"] == file["version"]  # nobody's edit is disturbed by it


def test_a_second_click_notes_one_call_and_a_form_is_of_one_file(cast: Cast) -> None:
    filed(cast)
    filed(cast, "2026-00002")
    assert noted(cast, "2026-00001") == noted(cast, "2026-00001")
    with pytest.raises(Refused, match="déjà noté à un autre dossier"):
        noted(cast, "2026-00002")
    assert len(kept(cast, "contacts")) == 1


def test_what_is_missing_is_said_all_at_once_and_a_closed_file_is_not_called_about(cast: Cast) -> None:
    file = filed(cast, state=State.DONE)
    with pytest.raises(Refused) as no:
        noted(cast, file["number"], channel=None, words=" \t ")
    assert [ground.field for ground in no.value.grounds] == ["again", "channel", "facts"]
    with pytest.raises(Refused, match="le maximum est 20000"):
        noted(cast, filed(cast, "2026-00002")["number"], words="a" * 100_000)
    with pytest.raises(NotFound):
        noted(cast, "2026-99999")
    assert kept(cast, "contacts") == []


@pytest.mark.parametrize("who", ["planner", "outsider", "council", "admin", "general"])
def test_nobody_notes_a_call_on_a_file_that_is_not_theirs(cast: Cast, who: str) -> None:
    file = filed(cast)
    with pytest.raises(NotFound):
        noted(cast, file["number"], who=who)


def test_a_department_notes_the_call_it_received_and_links_nobody(cast: Cast) -> None:
    file = filed(cast)
    assert not noted(cast, file["number"], who="secretary", caller=ZOE).linked
    (call,) = kept(cast, "contacts")
    assert call["citizen"] is None and kept(cast, "citizens") == []


def test_another_citizen_who_calls_is_linked_and_the_one_of_the_file_is_not(cast: Cast) -> None:
    number = opened(cast).number
    assert not noted(cast, number, form="1", caller=MARIE).linked
    assert not noted(cast, number, form="2", caller=Caller(name="marie-ève lefrançois")).linked
    assert noted(cast, number, form="3", caller=ZOE).linked
    with pytest.raises(Refused, match="n'est pas un numéro de téléphone"):
        noted(cast, number, form="4", caller=Caller(name="Rose", phone="beaucoup"))
    named = [call.citizen for call in files.open(cast.visit("technician", LATER), number).contacts]
    assert sorted(named) == ["", "", "Zoé Picard"]


def test_everyone_linked_is_told_of_the_closing_once_with_their_own_number(cast: Cast) -> None:
    first = opened(cast)
    twin = opened(cast, duplicate_of=first.number, caller=ZOE)
    mine = opened(cast, duplicate_of=first.number, caller=Caller(citizen=first.citizen, **_of(MARIE)))
    for form, caller in enumerate((ZOE, MAX, MAX, Caller(name="Ana", email="ANA@exemple.test"))):
        noted(cast, first.number, form=str(form), caller=caller)
    assert files.open(cast.visit("technician", LATER), first.number).to_tell == 4
    message = close(cast, first.id)
    assert mailed(cast) == [
        ("ANA@exemple.test", f"Votre demande {first.number}"),
        ("marie@exemple.test", f"Votre demande {first.number} et {mine.number}"),
        ("zoe@exemple.test", f"Votre demande {twin.number} et {first.number}"),
    ]
    calls = [row["words"] for row in kept(cast, "tasks", kind=TaskKind.CALL_BACK, done_at=None)]
    assert [words for words in calls if "fermé" in words and "Max Roy" in words and "0166" in words]
    assert "3 adresses" in message and "rappeler" in message


def _of(caller: Caller) -> dict[str, str]:
    return {name: getattr(caller, name) for name in ("name", "phone", "email", "civic", "street", "city")}


def test_a_duplicate_that_was_cancelled_is_told_nothing(cast: Cast) -> None:
    first = opened(cast)
    twin = opened(cast, duplicate_of=first.number, caller=ZOE)
    moves.cancel(cast.visit("technician", TEN), twin.id, "Inscrite par erreur.")
    close(cast, first.id)
    assert [address for address, _ in mailed(cast)] == ["marie@exemple.test"]


def test_a_call_about_a_duplicate_is_noted_where_the_work_is_done(cast: Cast) -> None:
    first = opened(cast)
    twin = opened(cast, duplicate_of=first.number, caller=ZOE)
    assert noted(cast, twin.number).number == first.number


def test_a_call_of_another_department_stays_out_of_its_queue(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    noted(cast, file["number"])
    assert queue.page(cast.visit("secretary", LATER), queue.Query()).rows == ()
    assert queue.page(cast.visit("planner", LATER), queue.Query()).rows[0].calls == 1


def test_a_field_report_joins_an_open_file_with_its_photographs(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    field_reports.add_photos(cast.visit("outsider", NINE), "jeton", [("trou.png", PNG)])
    report = field_reports.send(cast.visit("outsider", NINE), "jeton", Noted(facts="Un trou", name="Zoé"))
    desk = cast.visit("technician", TEN)
    with pytest.raises(NotFound):
        field_inbox.join(desk, report.id, again("2026-99999"))
    assert field_inbox.count(desk) == 1
    call = again(file["number"], words="Un trou")
    assert field_inbox.join(desk, report.id, call) == field_inbox.join(desk, report.id, call)
    (contact,) = kept(cast, "contacts")
    assert (contact["at"], contact["channel"], contact["file"]) == (NINE, Channel.FIELD, file["id"])
    assert [row["name"] for row in kept(cast, "attachments", file=file["id"])] == ["trou.png"]
    (became,) = field_reports.mine(cast.visit("outsider", LATER))
    assert (became.state, became.number) == (ReportState.JOINED, file["number"])
    assert kept(cast, "files") == [stands(cast, file)]


def test_what_becomes_a_complaint_takes_its_calls_and_callers_with_it(cast: Cast) -> None:
    file = filed(cast)
    noted(cast, file["number"], caller=ZOE, words="sentinelleappel")
    purge.become_complaint(cast.visit("technician", LATER), file["id"], "C'est une plainte.")
    assert kept(cast, "contacts") == [] and kept(cast, "citizens") == []
    with cast.house.store.reading() as tx:
        assert "sentinelleappel" not in str(tx.find("drafts")) and tx.find("contacts") == []


def test_linking_a_duplicate_keeps_the_calls_where_they_were_noted(cast: Cast) -> None:
    file, other = filed(cast), filed(cast, "2026-00002")
    with cast.house.store.writing() as tx:
        person = tx.insert("citizens", {"name": "Zoé", "email": "zoe@exemple.test"}, BY)["id"]
        tx.update("files", other["id"], {"citizen": person}, BY)
    noted(cast, other["number"])
    routing.link_duplicate(cast.visit("technician", TEN), other["id"], file["number"])
    close(cast, file)
    assert mailed(cast) == [("zoe@exemple.test", "Votre demande 2026-00002")]
