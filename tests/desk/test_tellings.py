"""What a citizen is told while the file is open: once, by mail or by a call, read first if asked (R-16)."""

from datetime import timedelta

import pytest

from desk import closing, contacts, files, letters, moves, person, proofs
from desk.acts import Outcome
from desk.citizens import Caller
from desk.contacts import Again
from desk.moves import Say
from policy.counter_words import ProofState
from policy.reasons import Refused
from policy.words import Channel, State, WaitReason
from sync.states import MailKind, TaskKind
from tests.cast import Cast, day
from tests.desk.demands import MARIE, opened
from tests.desk.filing import TEN, filed, items, kept, stands

LATER, EVENING = TEN + timedelta(hours=1), TEN + timedelta(hours=5)
TEXT = "Nous passerons le 23 novembre."
MONDAY = day("Mon 2026-11-23")
NOTE = "Pas avant que le contremaître revienne."


def plan(cast: Cast, file: str, text: str = TEXT, *, proof_read: bool = False) -> Outcome:
    return moves.plan(cast.visit("secretary", TEN), file, MONDAY, say=Say(text, proof_read))


def told(cast: Cast) -> list[tuple[str, str]]:
    """The address and the words of each mail that informs a citizen."""
    rows = kept(cast, "mails", kind=MailKind.INFORMATION)
    return [(row["to_address"], letters.read(row["message"])[1].text) for row in rows]


def calls(cast: Cast) -> list[str]:
    rows = kept(cast, "tasks", kind=TaskKind.CALL_BACK, done_at=None)
    return [row["words"] for row in rows if "information écrite" in row["words"]]


def test_a_plan_is_told_to_the_citizen_once_by_mail(cast: Cast) -> None:
    file = opened(cast)
    assert "1 adresse" in plan(cast, file.id).message
    ((address, words),) = told(cast)
    assert address == MARIE.email and TEXT in words and "suit son cours" in words and "terminé" not in words
    assert "déjà été transmis" in plan(cast, file.id).message
    assert len(told(cast)) == 1
    view = files.open(cast.visit("technician", LATER), file.number)
    (telling,) = view.tellings
    assert (telling.state, telling.text, telling.sent_at, telling.waits) == (State.PLANNED, TEXT, TEN, False)
    assert any("a écrit au demandeur" in moment.sentence for moment in view.timeline)


def test_a_wait_is_told_and_its_reason_stays_in_the_house(cast: Cast) -> None:
    file = opened(cast)
    secretary = cast.visit("secretary", TEN)
    moves.pause(secretary, file.id, WaitReason.OTHER, NOTE, say=Say("Nous attendons une pièce."))
    ((_, words),) = told(cast)
    assert "une pièce" in words and "contremaître" not in words
    assert files.open(secretary, file.number).state is State.WAITING


def test_nothing_written_is_nothing_sent(cast: Cast) -> None:
    file = opened(cast)
    assert plan(cast, file.id, "  ").done
    assert told(cast) == [] and kept(cast, "tellings") == []


def test_without_an_address_it_is_a_call_to_make(cast: Cast) -> None:
    file = opened(cast, caller=Caller(name="Max Roy", phone="450 555-0166"))
    assert "à rappeler" in plan(cast, file.id).message
    assert told(cast) == [] and len(calls(cast)) == 1 and file.number in calls(cast)[0]


def test_nobody_is_told_of_an_anonymous_demand(cast: Cast) -> None:
    file = filed(cast, anonymous=True)
    assert "anonyme" in plan(cast, file["id"]).message
    assert (told(cast), calls(cast), kept(cast, "tellings")) == ([], [], [])
    assert stands(cast, file)["state"] is State.PLANNED


def test_everyone_linked_is_told_once(cast: Cast) -> None:
    file = opened(cast)
    zoe = Caller(name="Zoé Picard", email="zoe@exemple.test")
    opened(cast, duplicate_of=file.number, caller=zoe)
    again = Again("1", file.number, Channel.PHONE, "Encore là.", Caller(name="Ana", email="ana@exemple.test"))
    contacts.note(cast.visit("technician", TEN), again)
    plan(cast, file.id)
    assert sorted(address for address, _ in told(cast)) == [
        "ana@exemple.test", MARIE.email, "zoe@exemple.test",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Le [date prévue].", "x" * 20_001])
def test_a_text_that_no_citizen_should_read_is_refused_and_nothing_moves(cast: Cast, text: str) -> None:
    file = opened(cast)
    with pytest.raises(Refused):
        plan(cast, file.id, text)
    with pytest.raises(Refused, match="texte à relire"):
        plan(cast, file.id, " ", proof_read=True)
    assert kept(cast, "files")[0]["state"] is State.ROUTED and kept(cast, "tellings") == []


def test_the_desk_reads_it_first_and_the_file_moves_all_the_same(cast: Cast) -> None:
    file, desk = opened(cast), cast.visit("technician", LATER)
    assert "relit le texte" in plan(cast, file.id, "On pase lundi.", proof_read=True).message
    (proof,) = proofs.waiting(desk)
    assert (proof.about, proof.text, proof.state) == (State.PLANNED, "On pase lundi.", ProofState.TO_READ)
    view = files.open(desk, file.number)
    assert view.state is State.PLANNED and view.tellings[0].waits and not view.text_waits
    proofs.send_back(desk, proof.id, "Une faute.")
    proofs.propose_again(cast.visit("secretary", LATER), proof.id, "On passe lundi.", proof.text)
    with pytest.raises(Refused, match="récrit ce texte"):
        proofs.approve(cast.visit("technician", EVENING), proof.id, "Nous passons lundi.", proof.text)
    for who in ("technician", "director"):
        proofs.approve(cast.visit(who, EVENING), proof.id, "Nous passons lundi.", "On passe lundi.")
    ((_, words),) = told(cast)
    assert "Nous passons lundi." in words
    view = files.open(desk, file.number)
    assert (view.tellings[0].text, view.tellings[0].sent_at) == ("Nous passons lundi.", EVENING)
    assert view.citizen_text == "", "the text of the closing is another one"


def test_a_text_being_read_is_moot_once_the_file_moved_on(cast: Cast) -> None:
    file, desk = opened(cast), cast.visit("technician", LATER)
    plan(cast, file.id, proof_read=True)
    (proof,) = proofs.waiting(desk)
    moves.pause(cast.visit("secretary", LATER), file.id, WaitReason.PARTS)
    assert proofs.waiting(desk) == ()
    with pytest.raises(Refused, match="repris entre-temps"):
        proofs.approve(desk, proof.id, TEXT, TEXT)
    assert told(cast) == []
    assert files.open(desk, file.number).tellings[0].text == TEXT, "what was typed is still read"
    plan(cast, file.id)
    assert len(told(cast)) == 1, "the same words, told this time"


def test_the_closing_has_its_own_text(cast: Cast) -> None:
    file = opened(cast)
    plan(cast, file.id)
    closing.close(cast.visit("secretary", LATER), file.id, items(cast))
    assert kept(cast, "mails", kind=MailKind.CLOSING) == []


def test_a_person_reads_what_was_written_to_her(cast: Cast) -> None:
    file = opened(cast)
    plan(cast, file.id)
    found = person.gather(cast.visit("clerk", LATER), [f"citizens.{file.citizen}"])
    assert TEXT in str([part.rows for part in found.parts if part.title == "Informations transmises"])
