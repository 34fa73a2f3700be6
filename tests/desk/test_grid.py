"""The grid of the queue (R-13, R-22): many rows at once, each alone; nothing forged gets through."""

from collections.abc import Mapping
from typing import Any

import pytest

from desk import drafts, queue
from desk.acts import Outcome
from desk.queue import Edit, Query
from desk.visits import SignedOut, Visit
from policy.words import Answer, State, WaitReason
from sync.history import entries
from sync.store import Row
from tests.cast import PLANNING, Cast, day, moment
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands

FRIDAY = day("Fri 2026-11-20")
RNC_DAY = moment("Mon 2026-11-23 08:00")  # P §4.2.3: the Monday of November's last whole week


def save(cast: Cast, who: str, file: Row, typed: Mapping[str, Any], at: Any = TEN) -> Outcome:
    seen = line(cast, who, file, at).seen if file["open"] else file
    return queue.save(cast.visit(who, at), [Edit(file["id"], seen, typed)])[0]


def line(cast: Cast, who: str, file: Row, at: Any = TEN) -> queue.Line:
    page = queue.page(cast.visit(who, at), Query())
    return next(each for each in page.rows if each.id == file["id"])


def says(outcome: Outcome) -> str:
    return " ".join(f"{ground.message} {ground.article}" for ground in outcome.grounds)


MEANT: dict[str, tuple[dict[str, Any], dict[str, Any], State, str]] = {
    "taken": ({}, {"state": "Prise en charge"}, State.TAKEN, "pris en charge"),
    "planned by its date": ({}, {"planned_on": "2026-11-20"}, State.PLANNED, "planifié"),
    "planned in so many words": (
        {},
        {"state": "Planifiée", "planned_on": FRIDAY},
        State.PLANNED,
        "planifié",
    ),
    "waiting by its reason": ({}, {"wait_reason": "Météo ou saison"}, State.WAITING, "mis en attente"),
    "waiting, with a date": (
        {"state": State.TAKEN},
        {"wait_reason": "Entrepreneur", "planned_on": "2026-11-20"},
        State.WAITING,
        "mis en attente",
    ),
    "resumed": (
        {"state": State.WAITING, "wait_reason": WaitReason.PARTS},
        {"state": "Prise en charge"},
        State.TAKEN,
        "repris",
    ),
    "planned out of a wait": (
        {"state": State.WAITING, "wait_reason": WaitReason.PARTS},
        {"state": "Planifiée", "planned_on": "2026-11-20", "wait_reason": None},
        State.PLANNED,
        "planifié",
    ),
    "only corrected": (
        {"state": State.PLANNED, "planned_on": FRIDAY},
        {"next_action": "Appeler Hydro-Québec"},
        State.PLANNED,
        "enregistré",
    ),
    "as it was": ({"state": State.TAKEN}, {"state": "Prise en charge"}, State.TAKEN, "rien à changer"),
}


@pytest.mark.parametrize("name", MEANT)
def test_what_is_typed_in_a_row_is_the_move_it_means(cast: Cast, name: str) -> None:
    before, typed, state, told = MEANT[name]
    file = filed(cast, **before)
    outcome = save(cast, "secretary", file, typed)
    assert outcome.message == f"2026-00001 : {told}."
    now = stands(cast, file)
    assert now["state"] is state
    assert (now["wait_reason"] is not None) == (state is State.WAITING)
    for field in ("planned_on", "next_action"):
        if field in typed:
            assert str(now[field]) == str(typed[field])


def test_many_rows_are_saved_at_once_each_with_its_own_outcome(cast: Cast) -> None:
    files = [filed(cast, f"2026-0000{n}") for n in range(1, 5)]
    seen = {"planned_on": None, "state": "Acheminée"}
    outcomes = queue.save(
        cast.visit("secretary", TEN),
        [
            Edit(files[0]["id"], seen, {"planned_on": "2026-11-20"}),
            Edit(files[1]["id"], seen, {"state": "Planifiée"}),  # without a date
            Edit(files[2]["id"], {**seen, "next_action": "autre chose"}, {"next_action": "Passer"}),
            Edit(files[3]["id"], seen, {"state": "Prise en charge"}),
        ],
    )
    assert [outcome.done for outcome in outcomes] == [True, False, False, True]
    assert "annexe A, point 2" in says(outcomes[1])
    assert [each.field for each in outcomes[2].differences] == ["next_action"]
    assert [stands(cast, file)["state"] for file in files] == [
        State.PLANNED,
        State.ROUTED,
        State.ROUTED,
        State.TAKEN,
    ]


def test_two_secretaries_in_the_same_grid_lose_nothing_of_different_cells(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    seen = line(cast, "secretary", file).seen
    for who, typed in (
        ("secretary", {"next_action": "Commander l'ampoule"}),
        ("other_secretary", {"planned_on": "2026-11-20"}),
    ):
        assert queue.save(cast.visit(who, TEN), [Edit(file["id"], seen, typed)])[0].done
    now = stands(cast, file)
    assert (now["next_action"], now["planned_on"], now["state"]) == (
        "Commander l'ampoule",
        FRIDAY,
        State.PLANNED,
    )


def test_two_secretaries_in_the_same_cell_both_see_both(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    seen = line(cast, "secretary", file).seen
    assert save(cast, "secretary", file, {"next_action": "Commander l'ampoule"}).done
    other = cast.visit("other_secretary", TEN)
    drafts.keep(other, file["id"], "next_action", "Emprunter la nacelle", seen["next_action"])
    outcome = queue.save(other, [Edit(file["id"], seen, {"next_action": "Emprunter la nacelle"})])[0]
    assert [(each.yours, each.theirs) for each in outcome.differences] == [
        ("Emprunter la nacelle", "Commander l'ampoule")
    ]
    assert stands(cast, file)["next_action"] == "Commander l'ampoule"
    assert drafts.recall(other, file["id"])["next_action"].value == "Emprunter la nacelle"
    chosen = {**seen, "next_action": "Commander l'ampoule"}  # having seen theirs, one's own is kept
    assert queue.save(other, [Edit(file["id"], chosen, {"next_action": "Emprunter la nacelle"})])[0].done
    assert drafts.recall(other, file["id"]) == {}


FORGED: dict[str, dict[str, Any]] = {
    "a column that is shown, not edited": {"number": "2026-00099"},
    "a column of another screen": {"facts": "Rien"},
    "a computed column": {"target_on": "2030-01-01"},
    "an owner's column": {"closed_at": "2026-11-16"},
    "the version": {"version": 99},
    "the id": {"id": "autre"},
    "a column that is not there": {"'; drop table files; --": 1},
    "a department": {"department": "autre"},
    "a state outside the choices": {"state": "Terminée"},
    "a state nobody chooses": {"state": "Annulée"},
    "a state of the desk": {"state": "Nouvelle"},
    "a reason outside the choices": {"wait_reason": "Vacances"},
    "a date that is none": {"planned_on": "bientôt"},
    "a date of another type": {"planned_on": 20261120},
    "a date gone by": {"planned_on": "2026-11-02"},
    "a text too long": {"next_action": "x" * 100_000},
    "a text that is none": {"next_action": {"$ne": ""}},
    "an answer out of season": {"answer": "Complétée"},
    "annexe A out of season": {"note": "Fait"},
    "a wait without its reason": {"state": "En attente"},
    "a closing without its items": {"state": "Complétée"},
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_changes_nothing(cast: Cast, name: str) -> None:
    file = filed(cast)
    outcome = save(cast, "secretary", file, {"next_action": "Vrai geste", **FORGED[name]})
    assert outcome.grounds
    assert stands(cast, file) == file


@pytest.mark.parametrize("who", ["planner", "outsider", "council", "admin", "general", "clerk", "experience"])
def test_the_row_of_another_department_answers_as_one_that_never_was(cast: Cast, who: str) -> None:
    file = filed(cast)
    forged = [Edit(file["id"], {}, {"state": "Prise en charge"}), Edit("jamais", {}, {"state": "Prise"})]
    there, never = queue.save(cast.visit(who, TEN), forged)
    assert there.grounds == never.grounds
    assert stands(cast, file) == file


def test_a_forged_seen_does_not_hide_what_stands(cast: Cast) -> None:
    file = filed(cast)
    outcome = queue.save(
        cast.visit("secretary", TEN), [Edit(file["id"], {"planned_on": "n'importe"}, {"state": "Planifiée"})]
    )[0]
    assert "actualisez" in says(outcome)


def test_a_session_revoked_before_the_save_writes_nothing(cast: Cast) -> None:
    file = filed(cast)
    visit = cast.visit("secretary", TEN)
    with cast.house.store.writing() as tx:
        session = tx.first("sessions", token_hash=visit.session)
        assert session is not None
        tx.update("sessions", session["id"], {"ended_at": TEN}, BY)
    with pytest.raises(SignedOut):
        queue.save(
            Visit(cast.house, TEN, session=visit.session),
            [Edit(file["id"], {}, {"state": "Prise en charge"})],
        )
    assert stands(cast, file) == file


def test_the_answers_are_columns_only_from_the_rnc_to_the_month_s_last_closing_time(cast: Cast) -> None:
    filed(cast)
    windows = {
        "Fri 2026-11-20 16:00": False,
        "Mon 2026-11-23 08:00": True,
        "Mon 2026-11-30 11:00": True,
        "Mon 2026-11-30 17:00": False,  # the last working day, after closing time
        "Tue 2026-12-01 09:00": False,
    }
    for at, expected in windows.items():
        page = queue.page(cast.visit("secretary", moment(at)), Query())
        assert (page.window is not None) is expected, at
        assert ("answer" in {column.name for column in page.columns}) is expected, at


ANSWERED: dict[str, tuple[dict[str, Any], State]] = {
    "En attente": ({"answer": "En attente", "wait_reason": "Pièces ou matériel"}, State.WAITING),
    "Action à venir": ({"answer": "Action à venir", "next_action": "Nacelle jeudi"}, State.ROUTED),
    "Action à venir, datée": ({"answer": "Action à venir", "planned_on": "2026-11-27"}, State.PLANNED),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_the_rnc_is_answered_in_the_grid(cast: Cast, name: str) -> None:
    typed, state = ANSWERED[name]
    file = filed(cast)
    outcome = save(cast, "secretary", file, {**typed, "words": "Vu avec l'équipe"}, RNC_DAY)
    assert outcome.message.startswith("2026-00001 : réponse notée")
    assert stands(cast, file)["state"] is state
    (answer,) = kept(cast, "answers", file=file["id"])
    assert (answer["month"], answer["answer"], answer["words"]) == (
        "2026-11",
        Answer(typed["answer"]),
        "Vu avec l'équipe",
    )
    assert answer["answered_by"] == cast.accounts["secretary"]
    again = line(cast, "secretary", file, RNC_DAY)
    assert (again.answer, again.words) == (Answer(typed["answer"]), "Vu avec l'équipe")


def test_an_answer_says_what_it_says_or_is_refused_with_all_of_its_row(cast: Cast) -> None:
    file = filed(cast)
    bare = {
        "En attente": "motif d'attente",
        "Action à venir": "écrivez laquelle",
        "Complétée": "annexe A, point 2",
    }
    for answer, missing in bare.items():
        outcome = save(cast, "secretary", file, {"answer": answer}, RNC_DAY)
        assert missing in says(outcome)
    against = save(cast, "secretary", file, {"answer": "Complétée", "state": "Prise en charge"}, RNC_DAY)
    assert "se contredisent" in says(against)
    assert stands(cast, file) == file
    assert kept(cast, "answers") == []


def test_an_answer_is_taken_back(cast: Cast) -> None:
    file = filed(cast)
    save(cast, "secretary", file, {"answer": "Action à venir", "next_action": "Nacelle"}, RNC_DAY)
    outcome = save(cast, "secretary", file, {"answer": None}, RNC_DAY)
    assert outcome.message == "2026-00001 : réponse retirée."
    assert kept(cast, "answers") == []


def test_completed_closes_where_the_department_closes(cast: Cast) -> None:
    file = filed(cast)
    typed = {"answer": "Complétée", **items(cast)}
    outcome = save(cast, "secretary", file, typed, RNC_DAY)
    assert "dossier fermé" in outcome.message
    now = stands(cast, file)
    assert (now["state"], now["completed_at"], now["closed_by"]) == (
        State.DONE,
        RNC_DAY,
        cast.accounts["secretary"],
    )


def test_completed_hands_over_where_the_desk_closes(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    typed = {"answer": "Complétée", **items(cast)}
    assert save(cast, "planner", file, typed, RNC_DAY).message == (
        "2026-00001 : réponse notée, remis pour fermeture."
    )
    now = stands(cast, file)
    assert (now["state"], now["completed_at"], now["closed_at"]) == (State.TO_CLOSE, RNC_DAY, None)


@pytest.mark.parametrize(
    "asked_nothing", [{"state": State.TO_CLOSE}, {"nature": "Commentaire"}, {"duplicate_of": "original"}]
)
def test_the_rnc_asks_nothing_of_what_it_does_not_hold(cast: Cast, asked_nothing: dict[str, Any]) -> None:
    if "duplicate_of" in asked_nothing:
        asked_nothing = {"duplicate_of": filed(cast, "2026-00002")["id"]}
    file = filed(cast, **asked_nothing)
    assert not line(cast, "secretary", file, RNC_DAY).answerable
    outcome = save(cast, "secretary", file, {"answer": "Action à venir", "words": "Bientôt"}, RNC_DAY)
    assert "ne demande rien" in says(outcome)


def test_what_the_grid_saves_is_signed_in_the_history(cast: Cast) -> None:
    file = filed(cast)
    save(cast, "secretary", file, {"planned_on": "2026-11-20"})
    with cast.house.store.reading() as tx:
        last = entries(tx, "files", file["id"])[-1]
    assert (last.who, last.act, last.at) == (cast.accounts["secretary"], "planifier l'intervention", TEN)
    assert last.at > NINE
