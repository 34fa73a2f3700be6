"""An investigation (R-30 to R-32): examined, heard, concluded person by person, answered."""

from datetime import timedelta
from typing import Any

import pytest

from desk import complaint_file, complaint_letters, inquiries, investigations
from desk.complaints import Named, listed
from desk.inquiries import Given, conclude_person, note, personnel
from desk.investigations import decide, derogate, mark_answered, take, write_answer
from desk.scope import NotFound
from desk.visits import Visit
from policy.complaints import Signature
from policy.investigation import Conclusion, Turn
from policy.private_words import ComplaintState, Finding, Measure, Part, StepKind
from policy.reasons import Refused
from sync.audit import verify
from sync.history import entries
from tests.cast import CAST, Cast, day
from tests.desk.complaining import PAUL, TEN, complaint, deposited, person, rows
from tests.desk.paper import paper

LEA = Named("Léa Roy", "Commis")
TODAY = day("Tue 2026-11-17")
UNFOUNDED = Conclusion(Finding.UNFOUNDED, "Rien ne l'appuie.")
FOUNDED = Conclusion(
    Finding.FOUNDED, "Deux témoins l'ont entendu.", "Injure au comptoir.", Measure.WRITTEN_NOTICE
)


def director(cast: Cast) -> Visit:
    return cast.visit("director", TEN)


def state(cast: Cast, number: str) -> ComplaintState:
    found: ComplaintState = complaint(cast, number)["state"]
    return found


def investigated(cast: Cast, *people: Named, **more: Any) -> str:
    """A complaint whose investigation is open."""
    number = deposited(cast, *people, **more).number
    decide(director(cast), number)
    take(director(cast), number, Turn.INVESTIGATE)
    return number


def hear(cast: Cast, number: str, name: str = PAUL.name) -> str:
    """The person met today; the id."""
    record = person(cast, number, name)
    note(director(cast), number, Given(StepKind.INTERVIEW, "Rencontre au bureau.", TODAY, record))
    return record


def articles(no: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [ground.article for ground in no.value.grounds]


def test_a_complaint_goes_from_its_arrival_to_its_written_answer(cast: Cast) -> None:
    number = investigated(cast)
    visit = director(cast)
    assert state(cast, number) is ComplaintState.INVESTIGATED
    with pytest.raises(Refused) as no:
        take(visit, number, Turn.CONCLUDE)
    assert articles(no) == ["P §4.4.1", "R-32"]
    conclude_person(visit, number, hear(cast, number), UNFOUNDED)
    write_answer(visit, number, "Madame, nous avons mené enquête.")
    with pytest.raises(Refused, match="une fois la plainte réglée"):
        mark_answered(visit, number, TODAY)
    outcome = take(visit, number, Turn.CONCLUDE)
    assert outcome.message == f"Plainte {number} : Conclue."
    assert complaint_file.opened(visit, number).to_answer
    with pytest.raises(Refused, match="futur"):
        mark_answered(visit, number, day("Wed 2026-11-18"))
    mark_answered(visit, number, TODAY)
    seen = complaint_file.opened(visit, number)
    assert (seen.answered_on, seen.to_answer, seen.concluded_at) == (TODAY, False, TEN)
    with pytest.raises(Refused, match="déjà transmise"):
        write_answer(visit, number, "Autre chose")
    with cast.house.store.reading() as tx:
        assert not verify(tx)


def test_a_conclusion_without_the_interview_is_refused_with_its_article(cast: Cast) -> None:
    number = investigated(cast)
    with pytest.raises(Refused, match="rencontrée et écoutée") as no:
        conclude_person(director(cast), number, person(cast, number), UNFOUNDED)
    assert articles(no) == ["P §4.4"]
    (row,) = rows(cast, "complaint_people")
    assert row["finding"] is None
    hear(cast, number)
    assert conclude_person(director(cast), number, row["id"], UNFOUNDED).done


def test_no_target_no_interview(cast: Cast) -> None:
    number = investigated(cast, Named("Témoin Unique", part=Part.WITNESS))
    write_answer(director(cast), number, "Madame,")
    take(director(cast), number, Turn.CONCLUDE)
    assert state(cast, number) is ComplaintState.CONCLUDED


def test_unfounded_leaves_nothing_in_the_employees_file(cast: Cast) -> None:
    number = investigated(cast)
    conclude_person(director(cast), number, hear(cast, number), UNFOUNDED)
    assert not rows(cast, "personnel")
    assert not personnel(cast.visit("general", TEN))


def test_founded_enters_the_incident_and_the_measure_of_that_person_alone(cast: Cast) -> None:
    number = investigated(cast, PAUL, LEA)
    conclude_person(director(cast), number, hear(cast, number), FOUNDED)
    conclude_person(director(cast), number, hear(cast, number, LEA.name), UNFOUNDED)
    (entry,) = personnel(cast.visit("general", TEN))
    assert (entry.name, entry.post, entry.incident) == (PAUL.name, PAUL.post, "Injure au comptoir.")
    assert (entry.measure, entry.entered_by) == (Measure.WRITTEN_NOTICE, CAST["director"].name)
    assert number not in str(entry)
    assert personnel(director(cast)) == (entry,), "who entered it reads it too"
    read = {(row["who"], row["record"]) for row in rows(cast, "readings", what="Dossier d'employé")}
    assert read == {(CAST["general"].name, entry.id), (CAST["director"].name, entry.id)}
    by_name = {each.name: each for each in complaint_file.opened(director(cast), number).people}
    assert (by_name[PAUL.name].incident, by_name[LEA.name].incident) == ("Injure au comptoir.", "")


@pytest.mark.parametrize("who", [who for who in CAST if who not in ("general", "director")])
def test_an_employees_file_is_read_by_nobody_else(cast: Cast, who: str) -> None:
    number = investigated(cast)
    conclude_person(director(cast), number, hear(cast, number), FOUNDED)
    assert personnel(cast.visit(who, TEN)) == ()


def test_a_finding_revised_leaves_nothing_of_what_was_entered_not_even_in_the_history(cast: Cast) -> None:
    number = investigated(cast)
    record = hear(cast, number)
    conclude_person(director(cast), number, record, FOUNDED)
    (entered,) = rows(cast, "personnel")
    conclude_person(director(cast), number, record, UNFOUNDED)
    assert not rows(cast, "personnel")
    with cast.house.store.reading() as tx:
        history = entries(tx, "personnel", entered["id"])
        assert history, "that something was there stays told"
        assert "Injure" not in str(history)
        assert not verify(tx)
    conclude_person(director(cast), number, record, FOUNDED)
    (entry,) = personnel(cast.visit("general", TEN))
    assert entry.incident == "Injure au comptoir."


def test_a_concluded_complaint_is_reopened_with_a_reason_to_revise_a_finding(cast: Cast) -> None:
    number = investigated(cast)
    record = hear(cast, number)
    conclude_person(director(cast), number, record, FOUNDED)
    write_answer(director(cast), number, "Madame,")
    take(director(cast), number, Turn.CONCLUDE)
    mark_answered(director(cast), number, TODAY)
    with pytest.raises(Refused, match="pendant l'enquête"):
        conclude_person(director(cast), number, record, UNFOUNDED)
    with pytest.raises(Refused, match="motif"):
        take(director(cast), number, Turn.REVISE)
    take(director(cast), number, Turn.REVISE, "Un témoin s'est rétracté.")
    conclude_person(director(cast), number, record, UNFOUNDED)
    assert not rows(cast, "personnel")
    seen = complaint_file.opened(director(cast), number)
    assert (seen.state, seen.answered_on) == (ComplaintState.INVESTIGATED, None)
    assert any("rétracté" in step.words for step in seen.steps)


def test_a_signature_that_arrives_makes_it_admissible(cast: Cast) -> None:
    number = deposited(cast, signature=Signature.NONE, city="").number
    outcome = decide(director(cast), number, {"city": "Prévost"})
    assert outcome.message == f"Plainte {number} : Irrecevable."
    assert [ground.field for ground in complaint_file.opened(director(cast), number).grounds] == ["signature"]
    decide(director(cast), number, {"signature": Signature.HAND})
    seen = complaint_file.opened(director(cast), number)
    assert (seen.state, seen.grounds, seen.signed) == (ComplaintState.ADMISSIBLE, (), True)
    decide(director(cast), number, {"private_dispute": True})
    assert state(cast, number) is ComplaintState.INADMISSIBLE


def test_the_arrival_is_corrected_by_nobody_and_an_edit_of_two_people_is_shown_to_both(cast: Cast) -> None:
    number = deposited(cast).number
    with pytest.raises(Refused, match="ne se corrige pas"):
        decide(director(cast), number, {"received_at": TEN})
    decide(director(cast), number, {"place": "Au comptoir"}, {"place": ""})
    outcome = decide(director(cast), number, {"place": "Au garage"}, {"place": ""})
    (difference,) = outcome.differences
    assert (difference.yours, difference.theirs) == ("Au garage", "Au comptoir")
    assert complaint(cast, number)["place"] == "Au comptoir"


def test_a_derogation_is_named_as_such_and_has_its_reason(cast: Cast) -> None:
    number = deposited(cast, facts_on=day("Thu 2026-10-01")).number
    with pytest.raises(Refused, match="motif"):
        derogate(director(cast), number, " ")
    derogate(director(cast), number, "Hospitalisée tout le mois.")
    seen = complaint_file.opened(director(cast), number)
    assert (seen.state, seen.derogation) == (ComplaintState.ADMISSIBLE, "Hospitalisée tout le mois.")
    assert [ground.field for ground in seen.grounds] == ["facts_on"], "what it derogates from stays told"
    decide(director(cast), number, {"place": "Au comptoir"})
    assert state(cast, number) is ComplaintState.ADMISSIBLE, "a correction does not undo it"
    assert [line.derogated for line in listed(director(cast))] == [True]
    with pytest.raises(Refused, match="irrecevable"):
        derogate(director(cast), deposited(cast).number, "Motif")


def test_an_inadmissible_complaint_is_answered_in_writing_too(cast: Cast) -> None:
    number = deposited(cast, private_dispute=True).number
    assert complaint_file.opened(director(cast), number).to_answer
    assert "litige privé" in paper(complaint_letters.preview(director(cast), number)).words
    mark_answered(director(cast), number, TODAY)
    assert not complaint_file.opened(director(cast), number).to_answer
    with pytest.raises(Refused, match="déjà transmise"):
        mark_answered(director(cast), number, TODAY)


def test_the_letter_that_left_is_kept_as_it_was(cast: Cast) -> None:
    number = investigated(cast, Named("Témoin", part=Part.WITNESS))
    with pytest.raises(Refused, match="Écrivez d'abord"):
        complaint_letters.preview(director(cast), number)
    write_answer(director(cast), number, "Madame, voici ce que nous avons fait.")
    take(director(cast), number, Turn.CONCLUDE)
    mark_answered(director(cast), number, TODAY)
    (letter,) = complaint_letters.sent(director(cast), number)
    name, content = complaint_letters.read(director(cast), number, letter.id)
    assert (name, letter.sent_on) == (f"Réponse {number}.pdf", TODAY)
    words = paper(content).words
    assert "voici ce que nous avons fait" in words
    assert "Rose Vachon" in words
    assert "injuriée" not in words
    for who in ("technician", "general", "clerk"):
        for act in (complaint_letters.preview, complaint_letters.sent):
            with pytest.raises(NotFound):
                act(cast.visit(who, TEN), number)
        with pytest.raises(NotFound):
            complaint_letters.read(cast.visit(who, TEN), number, letter.id)
    with pytest.raises(NotFound):
        complaint_letters.read(director(cast), deposited(cast).number, letter.id)


def test_a_withdrawal_has_its_reason_and_ends_it(cast: Cast) -> None:
    number = investigated(cast)
    investigations.withdraw(director(cast), number, "Lettre du 17 novembre.")
    assert complaint(cast, number)["withdrawal"] == "Lettre du 17 novembre."
    assert complaint_file.opened(director(cast), number).turns == ()
    with pytest.raises(Refused, match="ne change plus"):
        note(director(cast), number, Given(StepKind.NOTE, "Un mot."))


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (Given(StepKind.NOTE, " "), ["words"]),
        (Given(StepKind.INTERVIEW, "Rencontre."), ["person"]),
        (Given(StepKind.EVIDENCE, "Une photo.", day("Wed 2026-11-18")), ["held_on"]),
    ],
)
def test_a_step_says_what_it_lacks(cast: Cast, given: Given, fields: list[str]) -> None:
    number = investigated(cast)
    with pytest.raises(Refused) as no:
        note(director(cast), number, given)
    assert [ground.field for ground in no.value.grounds] == fields
    assert not rows(cast, "complaint_steps")


def test_steps_are_read_in_their_order_with_who_noted_them(cast: Cast) -> None:
    number = investigated(cast)
    hear(cast, number)
    later = cast.visit("director", TEN + timedelta(hours=1))
    note(later, number, Given(StepKind.EVIDENCE, "Une photo."))
    steps = complaint_file.opened(director(cast), number).steps
    assert [(step.kind, step.person_name, step.noted_by) for step in steps] == [
        (StepKind.INTERVIEW, PAUL.name, CAST["director"].name),
        (StepKind.EVIDENCE, "", CAST["director"].name),
    ]


def test_a_person_entered_by_mistake_leaves_nothing_but_not_once_concluded_about(cast: Cast) -> None:
    number = investigated(cast, PAUL, LEA)
    lea = hear(cast, number, LEA.name)
    inquiries.remove_person(director(cast), number, lea)
    seen = complaint_file.opened(director(cast), number)
    assert [each.name for each in seen.people] == [PAUL.name]
    assert [step.person for step in seen.steps] == [""]
    with cast.house.store.reading() as tx:
        assert LEA.name not in str(entries(tx, "complaint_people", lea))
    paul = hear(cast, number)
    conclude_person(director(cast), number, paul, UNFOUNDED)
    with pytest.raises(Refused, match="conclusion est rendue"):
        inquiries.remove_person(director(cast), number, paul)


def test_a_person_of_another_complaint_is_not_found(cast: Cast) -> None:
    one, other = investigated(cast), investigated(cast)
    record = hear(cast, other)
    for act in (
        lambda: conclude_person(director(cast), one, record, UNFOUNDED),
        lambda: inquiries.remove_person(director(cast), one, record),
        lambda: note(director(cast), one, Given(StepKind.INTERVIEW, "Rencontre.", TODAY, record)),
    ):
        with pytest.raises(NotFound):
            act()


def test_two_findings_at_once_are_both_shown(cast: Cast) -> None:
    number = investigated(cast)
    record = hear(cast, number)
    seen = {"finding": None, "finding_words": None, "measure": None, "measure_words": None}
    assert conclude_person(director(cast), number, record, UNFOUNDED, seen).done
    outcome = conclude_person(director(cast), number, record, FOUNDED, seen)
    assert {each.field for each in outcome.differences} >= {"finding", "finding_words"}
    assert not rows(cast, "personnel")


def test_the_account_of_a_person_is_found_by_the_name(cast: Cast) -> None:
    number = deposited(cast, Named("GAGNON, Julie")).number
    (row,) = rows(cast, "complaint_people", complaint=complaint(cast, number)["id"])
    assert row["account"] == cast.accounts["secretary"]
