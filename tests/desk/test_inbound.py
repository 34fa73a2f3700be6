"""What the director types of a file in a table outside: judged whole, as on screen (R-13, R-16)."""

from typing import Any

import pytest

from desk import citizens, recounting, search
from desk.inbound import Desk
from desk.scope import NotFound
from desk.timeline import sentence
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from policy.words import Channel, Nature, Priority, State, WaitReason
from sync.history import Whence, entries
from sync.states import MailKind
from sync.store import Row
from tests.cast import PLANNING, Cast, day
from tests.desk.demands import opened
from tests.desk.filing import NINE, TEN, filed, items, kept, stands

FRIDAY, YESTERDAY = day("Fri 2026-11-20"), day("Sun 2026-11-15")
DONE = day("Mon 2026-11-16")
WHY = "Le poteau appartient à Hydro-Québec."


def desk(cast: Cast, at: Any = TEN) -> Desk:
    return Desk(cast.house, lambda: at, "Airtable")


def type_(cast: Cast, file: Row, at: Any = TEN, **values: Any) -> Row:
    """What was typed in the row of the file, in a transaction of its own; the file afterwards."""
    with cast.house.store.writing() as tx:
        desk(cast, at).change(tx, "files", file["id"], values)
    return stands(cast, file)


def refusal(cast: Cast, file: Row, **values: Any) -> Refused:
    """The refusal of what was typed; the file is as it was."""
    before = stands(cast, file)
    with pytest.raises(Refused) as no:
        type_(cast, file, **values)
    assert stands(cast, file) == before
    assert no.value.grounds and all(ground.message for ground in no.value.grounds)
    return no.value


def last_act(cast: Cast, file: Row) -> str:
    with cast.house.store.reading() as tx:
        entry = entries(tx, "files", file["id"])[-1]
    assert (entry.whence, entry.who) == (Whence.TABLE, System.SYNC)
    return sentence(entry.name, entry.act)


MEANT: dict[str, tuple[dict[str, Any], dict[str, Any], State, str]] = {
    "taken": ({}, {"state": State.TAKEN}, State.TAKEN, "Airtable a pris en charge le dossier."),
    "planned by its date": (
        {},
        {"planned_on": FRIDAY},
        State.PLANNED,
        "Airtable a planifié l'intervention.",
    ),
    "waiting by its reason": (
        {},
        {"wait_reason": WaitReason.WEATHER},
        State.WAITING,
        "Airtable a mis en attente le dossier.",
    ),
    "resumed": (
        {"state": State.WAITING, "wait_reason": WaitReason.PARTS},
        {"state": State.TAKEN},
        State.TAKEN,
        "Airtable a repris le dossier.",
    ),
    "cancelled": (
        {},
        {"state": State.CANCELLED, "last_reason": WHY},
        State.CANCELLED,
        "Airtable a annulé le dossier.",
    ),
    "reopened": (
        {"state": State.DONE},
        {"state": State.TAKEN, "last_reason": "La lampe s'est éteinte de nouveau."},
        State.TAKEN,
        "Airtable a rouvert le dossier.",
    ),
    "only corrected": ({}, {"next_action": " Appeler "}, State.ROUTED, "Airtable a modifié le dossier."),
}


@pytest.mark.parametrize("name", MEANT)
def test_what_is_typed_in_a_row_is_the_act_it_means(cast: Cast, name: str) -> None:
    before, typed, state, told = MEANT[name]
    file = filed(cast, **before)
    after = type_(cast, file, **typed)
    assert after["state"] is state
    assert last_act(cast, file) == told
    for field, value in typed.items():
        assert after[field] == (value.strip() if field == "next_action" else value)


def test_what_is_there_already_writes_nothing(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    values = {"state": State.TAKEN, "street": "rue Principale", "complex": None, "next_action": ""}
    assert type_(cast, file, **values) == file


def test_complete_closes_with_annexe_a_and_tells_the_citizen(cast: Cast) -> None:
    file = {"id": opened(cast).id}
    typed = {
        **{name: value for name, value in items(cast).items() if name != "note"},
        "citizen_text": "Le trou est bouché.",
        "last_reason": "Asphalte froid, une tonne.",
    }
    type_(cast, file, state=State.TAKEN)
    after = type_(cast, file, at=NINE.replace(hour=15), state=State.DONE, **typed)
    assert (after["state"], after["code"], after["closed_by"]) == (State.DONE, cast.codes["238"], None)
    assert after["note"] == after["last_reason"] == "Asphalte froid, une tonne."
    (mail,) = kept(cast, "mails", kind=MailKind.CLOSING)
    assert mail["to_address"] == "marie@exemple.test"


def test_what_annexe_a_lacks_is_named_and_the_note_is_asked_for_where_it_can_be_typed(cast: Cast) -> None:
    no = refusal(cast, filed(cast, state=State.TAKEN), state=State.DONE)
    assert [ground.field for ground in no.grounds] == ["code", "done_on", "done_extension", "last_reason"]
    assert "Motif du dernier geste" in str(no)


def test_a_note_handed_over_is_not_replaced_by_the_reason(cast: Cast) -> None:
    file = filed(cast, state=State.TO_CLOSE, **items(cast))
    after = type_(cast, file, state=State.DONE, last_reason="Vu sur place.")
    assert (after["note"], after["last_reason"]) == (items(cast)["note"], "Vu sur place.")


def test_a_file_may_be_cancelled_by_the_reason_typed_a_moment_before(cast: Cast) -> None:
    file = filed(cast)
    assert refusal(cast, file, state=State.CANCELLED).grounds[0].field == "last_reason"
    type_(cast, file, last_reason=WHY)
    assert type_(cast, file, state=State.CANCELLED)["state"] is State.CANCELLED


def test_the_reason_of_an_earlier_act_does_not_serve_twice(cast: Cast) -> None:
    file = filed(cast, state=State.DONE)
    type_(cast, file, state=State.TAKEN, last_reason="Rouvert : la lampe s'est éteinte.")
    assert refusal(cast, file, state=State.CANCELLED).grounds[0].field == "last_reason"


@pytest.mark.parametrize(
    ("before", "typed", "article", "words"),
    [
        ({}, {"state": State.NEW}, "P §4.1", "à l'écran"),
        ({"state": State.TAKEN}, {"state": State.ROUTED}, "P §4.1", "à l'écran"),
        ({}, {"state": State.PLANNED}, "annexe A, point 2", "date prévue"),
        ({}, {"planned_on": YESTERDAY}, "annexe A, point 2", "passée"),
        ({}, {"wait_reason": WaitReason.OTHER}, "P §4.2.3", "précisez"),
        ({"state": State.DONE}, {"street": "rue du Lac"}, "P §4.1", "rouvrez-le"),
        ({"state": State.DONE}, {"citizen_text": "Autre chose"}, "P §4.1", "rouvrez-le"),
        ({"state": State.DONE}, {"last_reason": "Autre chose"}, "P §4.1", "rouvrez-le"),
        ({"state": State.DONE}, {"complex": True}, "P §4.1", "rouvrez-le"),
        ({"state": State.DONE}, {"state": State.TAKEN}, "R-13", "motif"),
        ({"state": State.DONE}, {"state": State.CANCELLED, "last_reason": "x"}, "P §4.1", "rouvrez-le"),
        ({}, {"channel": Channel.COUNCIL}, "R-2", "membre du conseil"),
        ({}, {"forwarded_by": "personne"}, "R-2", "pas dans la liste"),
        ({}, {"category": None}, "P §4.1", "catégorie"),
        ({}, {"category": "nulle part"}, "P §4.1", "catégorie"),
        ({}, {"code": "nulle part"}, "annexe A, point 1", "en usage"),
        ({}, {"facts": ""}, "", "obligatoire"),
    ],
)
def test_what_the_screen_would_refuse_is_refused(
    cast: Cast, before: dict[str, Any], typed: dict[str, Any], article: str, words: str
) -> None:
    no = refusal(cast, filed(cast, **before), **typed)
    assert article in [ground.article for ground in no.grounds]
    assert words in str(no)


@pytest.mark.parametrize("name", ["number", "department", "nature", "target_on", "note", "citizen", "open"])
def test_what_is_the_desks_is_not_taken_from_a_table(cast: Cast, name: str) -> None:
    assert refusal(cast, filed(cast), **{name: "autre"}).grounds[0].field == name


def test_a_row_is_all_carried_out_or_not_at_all(cast: Cast) -> None:
    file = filed(cast)
    refusal(cast, file, street="rue du Lac", complex=True, state=State.PLANNED)
    after = type_(cast, file, street="rue du Lac", complex=True, state=State.PLANNED, planned_on=FRIDAY)
    assert (after["street"], after["complex"], after["state"]) == ("rue du Lac", True, State.PLANNED)


def test_another_category_brings_its_priority_and_its_dates_but_not_its_department(cast: Cast) -> None:
    file = filed(cast)
    after = type_(cast, file, category=cast.categories["Nid-de-poule"])
    assert after["department"] == file["department"]
    assert after["target_on"] != file["target_on"]
    with cast.house.store.reading() as tx:
        category = tx.get("categories", cast.categories["Nid-de-poule"])
    assert category is not None and after["priority"] is category["priority"]
    again = type_(cast, file, category=file["category"], priority=Priority.LOW)
    assert (again["priority"], again["target_on"]) == (Priority.LOW, file["target_on"])


def test_a_member_of_council_is_named_with_the_channel(cast: Cast) -> None:
    member = cast.council["Guy Ouellet"]
    after = type_(cast, filed(cast), channel=Channel.COUNCIL, forwarded_by=member)
    assert (after["channel"], after["forwarded_by"]) == (Channel.COUNCIL, member)


def test_a_complex_case_is_ticked_then_settled(cast: Cast) -> None:
    file = filed(cast)
    ticked = type_(cast, file, complex=True)
    assert ticked["complex"] and "Airtable" in ticked["last_reason"]
    assert not type_(cast, file, complex=None)["complex"]
    assert last_act(cast, file) == "Airtable a réglé le cas complexe."


def test_a_corrected_place_is_found_again(cast: Cast) -> None:
    file = filed(cast, street="rue Principale")
    type_(cast, file, street="chemin du Lac-Écho")
    found = search.search(cast.visit("technician", TEN), "lac echo")
    assert [hit.id for hit in found] == [file["id"]]


@pytest.mark.parametrize("nature", [Nature.COMPLAINT, Nature.ACCESS])
def test_a_private_nature_is_introuvable_to_the_table(cast: Cast, nature: Nature) -> None:
    file = filed(cast, nature=nature)
    with pytest.raises(NotFound):
        type_(cast, file, next_action="lire")


def test_a_citizen_is_corrected_in_the_search_too(cast: Cast) -> None:
    person = opened(cast).citizen
    with cast.house.store.writing() as tx:
        desk(cast).change(tx, "citizens", person, {"name": "Marie Lefrançois-Roy", "phone": "450-555-0142"})
    (row,) = kept(cast, "citizens", id=person)
    assert (row["phone"], row["phone_digits"], row["city"]) == ("450 555-0142", "4505550142", "Prévost")
    assert [each.id for each in citizens.suggest(cast.visit("technician", TEN), "lefrancois-roy")] == [person]
    assert len(search.search(cast.visit("technician", TEN), "5550142")) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"phone": "555"}, "phone"), ({"email": "marie@"}, "email")],
)
def test_a_wrong_particular_of_a_citizen_changes_nothing(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    person = opened(cast).citizen
    before = kept(cast, "citizens", id=person)
    with pytest.raises(Refused) as no, cast.house.store.writing() as tx:
        desk(cast).change(tx, "citizens", person, {"city": "Ailleurs", **typed})
    assert [ground.field for ground in no.value.grounds] == [field]
    assert kept(cast, "citizens", id=person) == before


def test_a_row_born_there_goes_to_the_inbox_when_it_says_something(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        assert desk(cast).born(tx, "files", {"street": "rue du Lac", "priority": Priority.HIGH}) is None
    for empty in ({}, {"street": "  "}, {"priority": Priority.HIGH, "complex": True}):
        with pytest.raises(Refused) as no, cast.house.store.writing() as tx:
            desk(cast).born(tx, "files", empty)
        assert "Rien n'y dit" in str(no.value)
    assert kept(cast, "files") == []


@pytest.mark.parametrize("table", ["citizens", "answers"])
def test_citizens_and_answers_are_born_on_screen_only(cast: Cast, table: str) -> None:
    with pytest.raises(Refused), cast.house.store.writing() as tx:
        desk(cast).born(tx, table, {"name": "Marie"})
    assert kept(cast, table) == []


def test_an_answer_is_not_changed_in_a_table(cast: Cast) -> None:
    with pytest.raises(Refused, match="grille"), cast.house.store.writing() as tx:
        desk(cast).change(tx, "answers", "n'importe", {"words": "oui"})


def test_dates_are_counted_anew_once_closings_changed(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    recounting.recount(Visit(cast.house, NINE, system=System.CLOCK))
    counter = desk(cast)
    counter.settle()
    before = stands(cast, file)
    with cast.house.store.writing() as tx:
        counter.born(tx, "closings", {"day": day("Tue 2026-11-17"), "label": "Tempête"})
    assert stands(cast, file) == before
    counter.settle()
    assert stands(cast, file)["target_on"] > before["target_on"]
    assert last_act(cast, file) == "La synchronisation a recalculé les dates."


def test_what_a_dead_process_left_uncounted_is_counted_by_the_next(cast: Cast) -> None:
    file = filed(cast)
    with cast.house.store.writing() as tx:
        desk(cast).born(tx, "closings", {"day": day("Tue 2026-11-17"), "label": "Tempête"})
    desk(cast).settle()  # another process
    assert stands(cast, file)["target_on"] > file["target_on"]
