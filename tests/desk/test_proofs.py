"""« Faire relire »: the file is closed, its text leaves once approved; or comes back with a reason (R-16)."""

from datetime import timedelta

import pytest

from desk import accounts, answer_texts, closing, files, moves, proofs
from desk.scope import NotFound
from desk.today import today
from policy.counter_words import ProofState
from policy.reasons import Refused
from policy.words import State
from sync.states import MailKind
from sync.store import Row
from tests.cast import CAST, Cast
from tests.desk.demands import opened
from tests.desk.filing import BY, NINE, TEN, items, kept

LATER, EVENING = TEN + timedelta(hours=1), TEN + timedelta(hours=5)
TEXT, RIGHT = "Votre lampadère est réparer.", "Votre lampadaire est réparé."


@pytest.fixture
def closed(cast: Cast) -> Row:
    """Marie's file, closed by the secretary who asks that its text be read."""
    file = opened(cast)
    outcome = closing.close(
        cast.visit("secretary", TEN), file.id, items(cast, citizen_text=TEXT), proof_read=True
    )
    assert "relit le texte" in outcome.message
    (row,) = kept(cast, "files")
    return row


def mailed(cast: Cast) -> list[bytes]:
    return [row["message"] for row in kept(cast, "mails", kind=MailKind.CLOSING)]


def waiting(cast: Cast, who: str) -> list[tuple[ProofState, str]]:
    return [(each.state, each.reason) for each in proofs.waiting(cast.visit(who, LATER))]


def counts(cast: Cast, who: str) -> int:
    with cast.visit(who, LATER).reading() as counter:
        return proofs.counted(counter)


def only(cast: Cast, who: str = "technician") -> str:
    (found,) = proofs.waiting(cast.visit(who, LATER))
    return found.id


def test_the_file_is_closed_and_only_its_text_waits(cast: Cast, closed: Row) -> None:
    assert (closed["state"], closed["closed_at"]) == (State.DONE, TEN)
    assert mailed(cast) == []
    assert waiting(cast, "technician") == [(ProofState.TO_READ, "")] == waiting(cast, "director")
    assert files.open(cast.visit("secretary", LATER), closed["number"]).text_waits
    told = [each.words for each in today(cast.visit("technician", LATER)).waiting]
    assert "1 texte à relire avant l’envoi" in told
    for who in ("secretary", "planner", "outsider", "council", "admin"):
        assert waiting(cast, who) == [], who


def test_the_desk_approves_it_corrected_and_it_is_mailed_once(cast: Cast, closed: Row) -> None:
    proof = only(cast)
    for who in ("technician", "director"):
        proofs.approve(cast.visit(who, LATER), proof, "Votre lampadaire est réparé.", TEXT)
    (message,) = mailed(cast)
    assert b"lampad=C3=A8re" not in message and b"lampadaire" in message
    assert kept(cast, "files")[0]["citizen_text"] == "Votre lampadaire est réparé."
    assert waiting(cast, "technician") == []


def test_a_text_sent_back_is_proposed_anew_by_who_wrote_it(cast: Cast, closed: Row) -> None:
    proof, desk = only(cast), cast.visit("technician", LATER)
    with pytest.raises(Refused, match="Écrivez ce qu'il faut reprendre"):
        proofs.send_back(desk, proof, "  ")
    proofs.send_back(desk, proof, "Deux fautes.")
    assert waiting(cast, "secretary") == [(ProofState.SENT_BACK, "Deux fautes.")]
    assert counts(cast, "technician") == 0 and counts(cast, "secretary") == 1 and mailed(cast) == []
    with pytest.raises(NotFound):
        proofs.propose_again(cast.visit("planner", EVENING), proof, "Autre chose", TEXT)
    for _ in range(2):  # a second click changes nothing
        proofs.propose_again(cast.visit("secretary", EVENING), proof, RIGHT, TEXT)
    assert waiting(cast, "secretary") == [] and waiting(cast, "technician") == [(ProofState.TO_READ, "")]
    proofs.approve(cast.visit("technician", EVENING), proof, RIGHT, RIGHT)
    assert len(mailed(cast)) == 1


def test_a_text_that_came_back_is_never_stuck_with_an_author_who_has_left(cast: Cast, closed: Row) -> None:
    proof = only(cast)
    proofs.send_back(cast.visit("technician", LATER), proof, "Deux fautes.")
    back = [(ProofState.SENT_BACK, "Deux fautes.")]
    assert waiting(cast, "other_secretary") == waiting(cast, "technician") == back
    assert waiting(cast, "planner") == waiting(cast, "experience") == []
    assert (counts(cast, "other_secretary"), counts(cast, "technician")) == (1, 0)
    accounts.close(cast.visit("admin", LATER), cast.accounts["secretary"])
    assert counts(cast, "technician") == 1
    proofs.propose_again(cast.visit("other_secretary", EVENING), proof, RIGHT, TEXT)
    assert counts(cast, "other_secretary") == 0


def test_a_text_written_anew_meanwhile_is_not_approved_in_its_old_words(cast: Cast, closed: Row) -> None:
    proof, luc = only(cast), cast.visit("technician", EVENING)
    proofs.send_back(cast.visit("director", LATER), proof, "Deux fautes.")
    proofs.propose_again(cast.visit("secretary", LATER), proof, RIGHT, TEXT)
    with pytest.raises(Refused, match="récrit ce texte entre-temps"):
        proofs.approve(luc, proof, TEXT, TEXT)
    assert mailed(cast) == [] and kept(cast, "files")[0]["citizen_text"] == RIGHT
    with pytest.raises(Refused, match="récrit ce texte entre-temps"):
        proofs.propose_again(cast.visit("other_secretary", EVENING), proof, "Autre chose.", TEXT)
    proofs.approve(luc, proof, RIGHT, RIGHT)
    assert len(mailed(cast)) == 1


def test_a_correction_that_comes_after_the_text_left_is_said_and_given_back(cast: Cast, closed: Row) -> None:
    proof = only(cast)
    proofs.approve(cast.visit("director", LATER), proof, RIGHT, TEXT)
    with pytest.raises(Refused, match=f"{CAST['director'].name} a déjà approuvé.*« Réparé hier. »"):
        proofs.approve(cast.visit("technician", LATER), proof, "Réparé hier.", TEXT)
    assert "déjà fait" in proofs.approve(cast.visit("technician", LATER), proof, TEXT, TEXT).message
    assert len(mailed(cast)) == 1 and kept(cast, "files")[0]["citizen_text"] == RIGHT


@pytest.mark.parametrize("text", ["", "  \n", "x" * 100_000, "Réparé le [date effectuée]."])
def test_a_text_that_no_citizen_should_read_is_not_approved(cast: Cast, closed: Row, text: str) -> None:
    with pytest.raises(Refused):
        proofs.approve(cast.visit("technician", LATER), only(cast), text, TEXT)
    assert mailed(cast) == [] and waiting(cast, "technician") == [(ProofState.TO_READ, "")]


@pytest.mark.parametrize("who", ["secretary", "planner", "outsider", "council"])
def test_nobody_but_the_desk_approves_or_sends_back(cast: Cast, closed: Row, who: str) -> None:
    proof = only(cast)
    visit = cast.visit(who, LATER)
    with pytest.raises(Refused, match="inscrire une demande"):
        proofs.approve(visit, proof, "Bonjour", TEXT)
    with pytest.raises(Refused, match="inscrire une demande"):
        proofs.send_back(visit, proof, "Bonjour")
    assert mailed(cast) == []


def test_a_file_reopened_has_no_text_to_read_any_more(cast: Cast, closed: Row) -> None:
    proof = only(cast)
    moves.reopen(cast.visit("technician", LATER), closed["id"], "Encore éteint")
    assert waiting(cast, "technician") == []
    with pytest.raises(Refused, match="repris entre-temps"):
        proofs.approve(cast.visit("technician", EVENING), proof, TEXT, TEXT)
    assert mailed(cast) == []


def test_a_text_is_needed_to_have_one_read(cast: Cast) -> None:
    file = opened(cast)
    with pytest.raises(Refused, match="texte à relire"):
        closing.close(cast.visit("secretary", TEN), file.id, items(cast), proof_read=True)
    assert kept(cast, "files")[0]["state"] is State.ROUTED


def test_templates_of_the_state_and_category_come_filled_from_the_file(cast: Cast) -> None:
    file = opened(cast)
    secretary = cast.visit("secretary", TEN)
    done = {"done_on": NINE.date()}
    first, *others = answer_texts.templates(secretary, file.number, State.DONE, done)
    assert first.name == "Nid-de-poule réparé"
    assert "(88, rue Principale) a été réparé le 16 novembre 2026" in first.text and file.number in first.text
    assert "Intervention planifiée" not in [each.name for each in others]
    (planned, *_) = answer_texts.templates(secretary, file.number, State.PLANNED, {})
    assert "prévue le [date prévue]" in planned.text
    with pytest.raises(Refused, match=r"garde « \[date prévue\] »"):
        closing.close(secretary, file.id, items(cast, citizen_text=planned.text))
    with pytest.raises(NotFound):
        answer_texts.templates(cast.visit("planner", TEN), file.number, State.DONE, {})


def test_a_no_needs_somewhere_to_turn_to_and_the_guides_offer_it(cast: Cast) -> None:
    file = opened(cast)
    with cast.house.store.writing() as tx:
        unmet = next(row["id"] for row in tx.find("codes") if not row["met"])
        row = {"name": "Routes", "kind": "Hors compétence", "body": "Le ministère", "active": True,
               "keywords": "nid-de-poule église"}  # fmt: skip
        tx.insert("guides", row, BY)
    secretary = cast.visit("secretary", TEN)
    why = "Cette route n'est pas de la ville."
    with pytest.raises(Refused, match="vers qui se tourner"):
        closing.close(secretary, file.id, items(cast, code=unmet, citizen_text=why))
    first, *_ = answer_texts.resources(secretary, file.number)
    assert first.text == "Vers qui vous tourner : Le ministère"
    said = items(cast, code=unmet, citizen_text=f"{why}\n\n{first.text}")
    assert closing.close(secretary, file.id, said).done
    assert "ministère" in files.open(secretary, file.number).citizen_text
