"""Complaints (R-29, R-30, R-33): deposited once, told every ground, then seen by nobody but their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desk import (
    complaint_file,
    complaints,
    drafts,
    inquiries,
    investigations,
    investigators,
    private_documents,
)
from desk.complaints import KIND, Deposit, Named, check, deposit, listed, preview
from desk.inquiries import Given
from desk.scope import NotFound
from desk.visits import SignedOut, Visit
from policy.complaints import Complaint, Signature
from policy.investigation import Conclusion, Turn
from policy.private_words import ComplaintState, Part, StepKind
from policy.reasons import Refused
from policy.words import Channel, Role
from sync.history import Author, Whence
from tests.cast import CAST, Cast, day, moment
from tests.desk.complaining import (
    COMPLAINT,
    NAMES_THE_DIRECTOR,
    NINE,
    PAUL,
    TEN,
    complaint,
    deposited,
    rows,
    typed,
)

Act = Callable[[Visit, str], object]

# every act on one complaint, for the matrix and for the numbers that do not exist
READING: dict[str, Act] = {"open": complaint_file.opened}
HANDLING: dict[str, Act] = {
    "journal": complaints.journal,
    "decide": investigations.decide,
    "derogate": lambda visit, number: investigations.derogate(visit, number, "Motif"),
    "withdraw": lambda visit, number: investigations.withdraw(visit, number, "Motif"),
    "investigate": lambda visit, number: investigations.take(visit, number, Turn.INVESTIGATE),
    "answer": lambda visit, number: investigations.write_answer(visit, number, "Madame,"),
    "answered": lambda visit, number: investigations.mark_answered(visit, number, day("Tue 2026-11-17")),
    "reader": lambda visit, number: investigations.name_reader(visit, number, "x", "Motif"),
    "no reader": lambda visit, number: investigations.withdraw_reader(visit, number, "x"),
    "recuse": lambda visit, number: investigations.recuse(visit, number, "Motif"),
    "person": lambda visit, number: inquiries.add_person(visit, number, PAUL),
    "no person": lambda visit, number: inquiries.remove_person(visit, number, "x"),
    "note": lambda visit, number: inquiries.note(visit, number, Given(StepKind.NOTE, "Un mot.")),
    "conclude": lambda visit, number: inquiries.conclude_person(visit, number, "x", Conclusion()),
}


def test_a_complaint_gets_its_number_and_its_answer_and_goes_to_the_director(cast: Cast) -> None:
    told = deposited(cast)
    assert told.number == "P2026-0001"
    assert told.admissibility.admissible
    assert told.admissibility.deadline is not None
    assert told.admissibility.deadline.due == day("Mon 2026-11-23")
    row = complaint(cast, told.number)
    assert row["state"] is ComplaintState.RECEIVED
    assert row["investigator"] == cast.accounts["director"]
    assert (row["name"], row["phone"], row["signed"]) == ("Rose Vachon", "4505550142", True)
    assert [line.number for line in listed(cast.visit("director", NINE))] == [told.number]


def test_numbers_follow_each_other_in_the_year_of_the_arrival(cast: Cast) -> None:
    assert [deposited(cast).number for _ in range(3)] == ["P2026-0001", "P2026-0002", "P2026-0003"]
    visit = cast.visit("technician", moment("Fri 2027-01-01 10:00"))
    assert deposit(visit, typed(received_at=moment("Fri 2027-01-01 09:00"))).number == "P2027-0001"
    assert deposit(visit, typed(received_at=moment("Thu 2026-12-31 23:00"))).number == "P2026-0004"


def test_an_unsigned_complaint_is_kept_with_its_ground(cast: Cast) -> None:
    told = deposited(cast, signature=Signature.NONE)
    (ground,) = told.admissibility.grounds
    assert (ground.field, ground.article) == ("signature", "P §4.1")
    row = complaint(cast, told.number)
    assert row["state"] is ComplaintState.INADMISSIBLE
    assert row["grounds"] == [{"message": ground.message, "article": ground.article, "field": ground.field}]
    assert preview(cast.visit("technician", NINE), typed(signature=Signature.NONE).complaint).grounds


def test_with_a_danger_it_is_received(cast: Cast) -> None:
    told = deposited(cast, signature=Signature.NONE, danger=True, danger_words="Un chien menace les enfants.")
    assert told.admissibility.admissible
    assert [ground.field for ground in told.admissibility.by_danger] == ["signature"]
    assert complaint(cast, told.number)["state"] is ComplaintState.RECEIVED


def test_the_signature_is_read_by_the_rule_in_force_on_the_day_of_the_arrival(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        by = Author("x", "x", Whence.COMMAND, NINE, "changer la règle")
        tx.insert(
            "rules",
            {"name": "complaint_signature", "value": "a_la_main", "valid_from": day("Tue 2026-11-17"),
             "article": "choisi par la ville"},
            by,
        )  # fmt: skip
    by_mail = {"channel": Channel.EMAIL, "signature": Signature.TYPED}
    assert deposited(cast, **by_mail).admissibility.admissible
    later = deposit(cast.visit("technician", TEN), typed(received_at=TEN, **by_mail))
    assert [ground.field for ground in later.admissibility.grounds] == ["signature"]


def test_a_form_that_contradicts_itself_is_told_everything_and_uses_up_no_number(cast: Cast) -> None:
    wrong = Deposit("vide", Complaint(danger=True), (Named(" "), Named("X", account="inconnu")))
    visit = cast.visit("technician", NINE)
    fields = [ground.field for ground in check(visit, wrong)]
    assert fields == ["channel", "received_at", "facts", "danger_words", "people", "people"]
    with pytest.raises(Refused) as no:
        deposit(visit, wrong)
    assert len(no.value.grounds) == len(fields)
    assert not rows(cast, "complaints")
    assert deposited(cast).number == "P2026-0001"


def test_the_same_form_twice_deposits_one_complaint(cast: Cast) -> None:
    form = typed()
    visit = cast.visit("technician", NINE)
    first = deposit(visit, form)
    again = deposit(visit, form)
    assert (again.number, again.again, first.again) == (first.number, True, False)
    assert len(rows(cast, "complaints")) == len(rows(cast, "complaint_people")) == 1
    with pytest.raises(Refused, match="déjà déposée") as no:
        deposit(visit, replace(form, complaint=replace(COMPLAINT, facts="Autre chose")))
    assert first.number not in str(no.value)
    with pytest.raises(Refused, match="déjà déposée") as no:
        deposit(cast.visit("director", NINE), form)
    assert first.number not in str(no.value)


def test_the_same_form_at_the_same_time_deposits_one_complaint(cast: Cast) -> None:
    form = typed()
    visits = [cast.visit("technician", NINE) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        numbers = set(pool.map(lambda visit: deposit(visit, form).number, visits))
    assert numbers == {"P2026-0001"}
    assert len(rows(cast, "complaints")) == 1


def test_nothing_of_it_stays_in_drafts_in_the_search_or_among_citizens(cast: Cast) -> None:
    deposited(cast)
    visit = cast.visit("technician", NINE)
    assert not drafts.recall(visit, drafts.NEW)
    for table in ("drafts", "citizens", "files", "mails", "tasks"):
        assert not rows(cast, table)


@pytest.mark.parametrize("who", [who for who in CAST if who not in ("technician", "director")])
def test_only_the_desk_deposits(cast: Cast, who: str) -> None:
    visit = cast.visit(who, NINE)
    for act in (check, deposit):
        with pytest.raises(Refused, match="déposer une plainte") as no:
            act(visit, typed())
        assert [ground.article for ground in no.value.grounds] == ["P §4.4"]
    with pytest.raises(Refused, match="déposer une plainte"):
        preview(visit, COMPLAINT)


def attempt(act: Act, visit: Visit, number: str) -> tuple[type, str]:
    try:
        act(visit, number)
    except Refused as no:
        return type(no), str(no)
    return type(None), ""


@pytest.mark.parametrize("who", [who for who in CAST if who != "director"])
def test_to_everyone_else_its_number_is_a_number_that_does_not_exist(cast: Cast, who: str) -> None:
    number = deposited(cast).number
    visit = cast.visit(who, TEN)
    assert not listed(visit)
    for act in {**READING, **HANDLING}.values():
        there = attempt(act, visit, number)
        assert there == attempt(act, visit, "P2026-9999") == attempt(act, visit, "n'importe quoi")
        assert there == (NotFound, "Dossier introuvable.")
    assert not rows(cast, "readings")


def test_a_director_who_is_named_finds_nothing_and_the_general_direction_designates(cast: Cast) -> None:
    number = deposited(cast, NAMES_THE_DIRECTOR).number
    assert complaint(cast, number)["investigator"] is None
    director = cast.visit("director", TEN)
    assert not listed(director)
    for act in {**READING, **HANDLING}.values():
        assert attempt(act, director, number) == (NotFound, "Dossier introuvable.")
    general = cast.visit("general", TEN)
    (waiting,) = investigators.needing(general)
    assert (waiting.number, waiting.received_at) == (number, NINE)
    assert set(vars(waiting)) == {"number", "received_at"}, "number and date, and no more"
    with pytest.raises(Refused, match="ne peut pas être choisie"):
        investigators.designate(general, number, cast.accounts["director"])
    investigators.designate(general, number, cast.accounts["clerk"])
    assert not investigators.needing(general)
    assert complaint_file.opened(cast.visit("clerk", TEN), number).mine
    for who in ("director", "general"):
        assert attempt(READING["open"], cast.visit(who, TEN), number)[0] is NotFound
    with pytest.raises(NotFound):
        investigators.designate(general, number, cast.accounts["clerk"])


@pytest.mark.parametrize(
    ("people", "facts"),
    [
        ((Named("BELANGER Denis"),), "Des faits."),
        ((Named("D. B.", account="director"),), "Des faits."),
        ((Named("Denis Bélanger", part=Part.WITNESS),), "Des faits."),
        ((PAUL,), "C'est Denis Bélanger lui-même qui me l'a dit."),
    ],
)
def test_the_director_is_named_however_the_complaint_does_it(
    cast: Cast, people: tuple[Named, ...], facts: str
) -> None:
    named = tuple(replace(each, account=cast.accounts.get(each.account, "")) for each in people)
    number = deposited(cast, *named, facts=facts).number
    assert complaint(cast, number)["investigator"] is None
    assert attempt(READING["open"], cast.visit("director", TEN), number)[0] is NotFound


def test_who_is_away_is_replaced_for_what_comes_in_meanwhile(cast: Cast) -> None:
    before = deposited(cast).number
    general = cast.visit("general", NINE)
    clerk = cast.accounts["clerk"]
    investigators.replace_director(general, clerk, day("Tue 2026-11-17"), day("Thu 2026-11-19"), "Vacances")
    (absence,) = investigators.absences(general)
    assert (absence.name, absence.reason) == (CAST["clerk"].name, "Vacances")
    assert not investigators.needing(general), "not before its first day"
    during = deposit(cast.visit("technician", TEN), typed(received_at=TEN)).number
    assert [line.number for line in listed(cast.visit("clerk", TEN))] == [during]
    assert [line.number for line in listed(cast.visit("director", TEN))] == [before]
    # what was with the director may be given to somebody else while the director is away
    assert [each.number for each in investigators.needing(cast.visit("general", TEN))] == [before]
    after = moment("Fri 2026-11-20 09:00")
    last = deposit(cast.visit("technician", after), typed(received_at=after)).number
    assert [line.number for line in listed(cast.visit("director", after))] == [last, before]
    assert [line.number for line in listed(cast.visit("clerk", after))] == [during], "begun, so finished"


def test_an_absence_ends_the_day_the_director_is_back(cast: Cast) -> None:
    general = cast.visit("general", NINE)
    investigators.replace_director(general, cast.accounts["clerk"], day("Mon 2026-11-16"))
    (absence,) = investigators.absences(general)
    investigators.end_absence(cast.visit("general", TEN), absence.id)
    number = deposit(cast.visit("technician", TEN), typed(received_at=TEN)).number
    assert [line.number for line in listed(cast.visit("director", TEN))] == [number]
    with pytest.raises(NotFound):
        investigators.end_absence(general, "inconnue")


@pytest.mark.parametrize("who", [who for who in CAST if who != "general"])
def test_only_the_general_direction_designates(cast: Cast, who: str) -> None:
    number = deposited(cast, NAMES_THE_DIRECTOR).number
    visit = cast.visit(who, TEN)
    today = day("Tue 2026-11-17")
    acts: list[Callable[[], object]] = [
        lambda: investigators.needing(visit),
        lambda: investigators.absences(visit),
        lambda: investigators.designate(visit, number, cast.accounts[who]),
        lambda: investigators.replace_director(visit, cast.accounts[who], today),
        lambda: investigators.end_absence(visit, "x"),
    ]
    for act in acts:
        with pytest.raises(Refused, match="réservé") as no:
            act()
        assert no.value.grounds[0].article == "R-31"


def test_whom_the_investigator_admits_reads_and_does_nothing_else_until_it_is_withdrawn(cast: Cast) -> None:
    number = deposited(cast).number
    director, clerk = cast.visit("director", TEN), cast.visit("clerk", TEN)
    with pytest.raises(Refused) as no:
        investigations.name_reader(director, number, cast.accounts["clerk"], " ")
    assert [ground.article for ground in no.value.grounds] == ["P §4.5"]
    investigations.name_reader(director, number, cast.accounts["clerk"], "Pour un avis de droit")
    investigations.name_reader(director, number, cast.accounts["clerk"], "Encore")
    assert len(rows(cast, "complaint_readers")) == 1
    seen = complaint_file.opened(clerk, number)
    assert (seen.mine, seen.turns, seen.readers) == (False, (), ())
    assert seen.complaint.name == "Rose Vachon"
    assert [line.mine for line in listed(clerk)] == [False]
    for act in HANDLING.values():
        kind, words = attempt(act, clerk, number)
        assert kind is Refused
        assert "chargée de l'enquête" in words
    (reader,) = complaint_file.opened(director, number).readers
    assert reader.name == CAST["clerk"].name
    investigations.withdraw_reader(director, number, reader.id)
    assert attempt(READING["open"], clerk, number)[0] is NotFound
    assert not listed(clerk)


def test_a_person_it_names_is_never_admitted_and_loses_it_when_named_later(cast: Cast) -> None:
    number = deposited(cast, Named("Paul Lavoie")).number
    director = cast.visit("director", TEN)
    with pytest.raises(Refused, match="ne peut pas être choisie"):
        investigations.name_reader(director, number, cast.accounts["clerk"], "Motif")
    investigations.name_reader(director, number, cast.accounts["experience"], "Motif")
    assert listed(cast.visit("experience", TEN))
    inquiries.add_person(director, number, Named("Marc Dubé", part=Part.WITNESS))
    assert not listed(cast.visit("experience", TEN))
    told = inquiries.add_person(director, number, NAMES_THE_DIRECTOR)
    assert "désignera" in told
    assert not listed(cast.visit("director", TEN))
    assert [each.number for each in investigators.needing(cast.visit("general", TEN))] == [number]


def test_who_investigates_may_withdraw(cast: Cast) -> None:
    number = deposited(cast).number
    director = cast.visit("director", TEN)
    with pytest.raises(Refused, match="motif"):
        investigations.recuse(director, number, "")
    investigations.recuse(director, number, "C'est mon voisin.")
    assert attempt(READING["open"], director, number)[0] is NotFound
    assert [each.number for each in investigators.needing(cast.visit("general", TEN))] == [number]


def test_roles_and_sessions_are_read_again_in_each_act(cast: Cast) -> None:
    number = deposited(cast).number
    director = cast.visit("director", TEN)
    assert complaint_file.opened(director, number).mine
    by = Author("x", "x", Whence.COMMAND, TEN, "changer les rôles")
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["director"], {"roles": [Role.EXPERIENCE.value]}, by)
    assert attempt(READING["open"], director, number)[0] is NotFound
    assert [each.number for each in investigators.needing(cast.visit("general", TEN))] == [number]
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["director"], {"active": False}, by)
    with pytest.raises(SignedOut):
        complaint_file.opened(director, number)


def test_reading_is_recorded_once_a_minute_and_the_journal_is_for_who_investigates(cast: Cast) -> None:
    number = deposited(cast).number
    director = cast.visit("director", TEN)
    for at in (TEN, TEN + timedelta(seconds=30), TEN + timedelta(minutes=5)):
        complaint_file.opened(cast.visit("director", at), number)
    investigations.name_reader(director, number, cast.accounts["clerk"], "Motif")
    complaint_file.opened(cast.visit("clerk", TEN), number)
    later = cast.visit("director", TEN + timedelta(hours=1))
    read = [(line.who, line.what) for line in complaints.journal(later, number)]
    assert sorted(read) == [("Denis Bélanger", "Plainte")] * 2 + [("Paul Lavoie", "Plainte")]


@pytest.mark.parametrize("who", CAST)
def test_colleagues_are_offered_to_who_has_to_choose_one(cast: Cast, who: str) -> None:
    visit = cast.visit(who, NINE)
    if who in ("technician", "director", "general"):
        assert len(investigators.colleagues(visit)) == len(CAST)
        return
    with pytest.raises(Refused):
        investigators.colleagues(visit)


def test_a_list_says_nothing_of_what_a_complaint_holds(cast: Cast) -> None:
    deposited(cast)
    (line,) = listed(cast.visit("director", NINE))
    told: dict[str, Any] = vars(line)
    days = {"received_at", "answered_on"}
    assert set(told) == {"id", "number", "state", "investigator", "mine", "over", "derogated"} | days
    assert (line.mine, line.investigator) == (True, CAST["director"].name)


def test_what_came_with_it_is_kept_with_it_and_read_by_who_investigates(cast: Cast) -> None:
    form = replace(typed(), documents=(("plainte signée.txt", "Signé : Rose".encode()),))
    told = deposit(cast.visit("technician", NINE), form)
    record = complaint(cast, told.number)["id"]
    (document,) = private_documents.listed(cast.visit("director", TEN), KIND, record)
    assert (document.name, document.added_by) == ("plainte signée.txt", CAST["technician"].name)
    assert private_documents.read(cast.visit("director", TEN), document.id)[1] == "Signé : Rose".encode()
    for who in ("technician", "general", "admin"):
        with pytest.raises(NotFound):
            private_documents.listed(cast.visit(who, TEN), KIND, record)
        with pytest.raises(NotFound):
            private_documents.read(cast.visit(who, TEN), document.id)


def test_a_document_that_may_not_be_kept_is_told_with_the_rest(cast: Cast) -> None:
    form = replace(typed(facts=""), documents=(("virus.exe", b"MZ"),))
    with pytest.raises(Refused) as no:
        deposit(cast.visit("technician", NINE), form)
    assert [ground.field for ground in no.value.grounds] == ["facts", "documents"]
    assert not rows(cast, "complaints")
