"""The moves of a file at the counter (R-13, R-14): done, refused with a reason, merged, or both shown."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from desk import drafts, moves, routing, search
from desk.acts import Outcome
from desk.scope import NotFound
from desk.visits import SignedOut, Visit
from policy.reasons import Refused
from policy.words import Priority, State, WaitReason
from sync.history import entries
from sync.store import Row
from tests.cast import PLANNING, Cast, day, moment
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands

FRIDAY = day("Fri 2026-11-20")


def refusal(act: Callable[[], Outcome]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return str(no.value)


def test_a_secretary_takes_then_plans_and_each_act_is_signed(cast: Cast) -> None:
    file = filed(cast)
    taken = moves.take(cast.visit("secretary", TEN), file["id"])
    assert taken.message == "Dossier 2026-00001 pris en charge."
    planned = moves.plan(cast.visit("secretary", TEN), file["id"], FRIDAY)
    assert planned.version == taken.version + 1
    now = stands(cast, file)
    assert (now["state"], now["planned_on"], now["moved_at"]) == (State.PLANNED, FRIDAY, TEN)
    with cast.house.store.reading() as tx:
        last = entries(tx, "files", file["id"])[-1]
    assert (last.name, last.act) == ("Julie Gagnon", "planifier l'intervention")
    assert last.changes["planned_on"] == (None, FRIDAY)


def test_a_refused_move_writes_nothing_and_names_what_is_missing(cast: Cast) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    assert "date prévue" in refusal(lambda: moves.plan(secretary, file["id"], None))
    assert "motif d'attente" in refusal(lambda: moves.pause(secretary, file["id"], None))
    assert "précisez" in refusal(lambda: moves.pause(secretary, file["id"], WaitReason.OTHER))
    assert "précisez" in refusal(lambda: moves.pause(secretary, file["id"], "Autre"))  # as a screen gives it
    assert "n'est pas un choix" in refusal(lambda: moves.pause(secretary, file["id"], "Plus tard"))
    assert "motif" in refusal(lambda: moves.return_(secretary, file["id"], "  "))
    assert "service aux citoyens" in refusal(lambda: moves.cancel(secretary, file["id"], "Trop loin"))
    assert stands(cast, file) == file


def test_a_pause_stops_the_clock_and_the_resumption_moves_the_target_by_its_working_days(cast: Cast) -> None:
    file = filed(cast)
    assert file["target_on"] == day("Mon 2026-11-30")
    tuesday, friday = moment("Tue 2026-11-17 09:00"), moment("Fri 2026-11-20 09:00")
    moves.pause(cast.visit("secretary", tuesday), file["id"], WaitReason.PARTS, "Ampoule en commande")
    assert stands(cast, file)["queue_rank"] > file["queue_rank"]
    moves.resume(cast.visit("secretary", friday), file["id"])
    now = stands(cast, file)
    assert now["target_on"] == day("Thu 2026-12-03")  # Tuesday, Wednesday and Thursday did not count
    assert (now["state"], now["wait_reason"], now["wait_words"]) == (State.TAKEN, None, None)
    assert [(each["starts_on"], each["ends_on"]) for each in kept(cast, "pauses")] == [
        (day("Tue 2026-11-17"), day("Fri 2026-11-20"))
    ]


@pytest.mark.parametrize("leave", ["plan", "hand over", "cancel", "route"])
def test_whatever_ends_a_wait_ends_its_pause(cast: Cast, leave: str) -> None:
    file = filed(cast)
    moves.pause(cast.visit("secretary", NINE), file["id"], WaitReason.WEATHER)
    later = NINE + timedelta(days=2)
    if leave == "plan":
        moves.plan(cast.visit("secretary", later), file["id"], FRIDAY)
    elif leave == "hand over":
        moves.hand_over(cast.visit("secretary", later), file["id"], hand_over_items(cast))
    elif leave == "cancel":
        moves.cancel(cast.visit("technician", later), file["id"], "Inscrite deux fois")
    else:
        routing.route(cast.visit("technician", later), file["id"], cast.departments[PLANNING])
    assert [each["ends_on"] for each in kept(cast, "pauses")] == [day("Wed 2026-11-18")]
    assert stands(cast, file)["wait_reason"] is None


def hand_over_items(cast: Cast) -> dict[str, object]:
    return {name: value for name, value in items(cast).items() if name != "code"}


def test_handing_over_completes_without_closing(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    planner = cast.visit("planner", TEN)
    assert "annexe A, point 4" in refusal(
        lambda: moves.hand_over(planner, file["id"], {**hand_over_items(cast), "note": " "})
    )
    moves.hand_over(planner, file["id"], hand_over_items(cast))
    now = stands(cast, file)
    assert (now["state"], now["completed_at"], now["closed_at"]) == (State.TO_CLOSE, TEN, None)


def test_what_is_handed_over_and_taken_back_is_no_longer_completed(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    moves.hand_over(cast.visit("planner", TEN), file["id"], hand_over_items(cast))
    moves.resume(cast.visit("technician", TEN), file["id"], "Il manque l'adresse visitée")
    now = stands(cast, file)
    assert (now["state"], now["completed_at"]) == (State.TAKEN, None)
    assert now["last_reason"] == "Il manque l'adresse visitée"


def test_badly_routed_goes_back_to_the_desk_and_out_of_the_department_s_sight(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    moves.return_(cast.visit("planner", TEN), file["id"], "C'est un lampadaire")
    now = stands(cast, file)
    assert (now["state"], now["department"], now["last_reason"]) == (
        State.NEW,
        None,
        "C'est un lampadaire",
    )
    with pytest.raises(NotFound):
        moves.take(cast.visit("planner", TEN), file["id"])


def test_a_cancelled_file_leaves_the_queue_and_can_come_back(cast: Cast) -> None:
    file = filed(cast)
    moves.cancel(cast.visit("technician", TEN), file["id"], "Réglée par un voisin")
    now = stands(cast, file)
    assert (now["state"], now["open"], now["closed_at"], now["completed_at"]) == (
        State.CANCELLED,
        False,
        TEN,
        None,
    )
    moves.reopen(cast.visit("technician", TEN), file["id"], "Le voisin s'est trompé")
    assert stands(cast, file)["state"] is State.TAKEN


def test_a_complex_case_stays_where_it_is(cast: Cast) -> None:
    file = filed(cast)
    moves.escalate(cast.visit("secretary", TEN), file["id"], "Trois services concernés")
    now = stands(cast, file)
    assert (now["state"], now["complex"]) == (State.ROUTED, True)
    assert "déjà signalé" in refusal(lambda: moves.escalate(cast.visit("secretary", TEN), file["id"], "Oui"))


def test_two_people_editing_different_fields_lose_nothing(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    moves.amend(cast.visit("secretary", NINE), file["id"], {"next_action": "Appeler Hydro"}, file)
    other = moves.plan(cast.visit("other_secretary", TEN), file["id"], FRIDAY, file)
    assert other.done
    now = stands(cast, file)
    assert (now["next_action"], now["planned_on"]) == ("Appeler Hydro", FRIDAY)


def test_two_people_editing_the_same_field_are_both_shown_and_nothing_is_written(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    moves.amend(cast.visit("secretary", NINE), file["id"], {"next_action": "Appeler Hydro"}, file)
    before = stands(cast, file)
    other = moves.amend(
        cast.visit("other_secretary", TEN),
        file["id"],
        {"next_action": "Passer mardi", "wait_words": None, "planned_on": FRIDAY},
        file,
    )
    assert [(each.field, each.yours, each.theirs) for each in other.differences] == [
        ("next_action", "Passer mardi", "Appeler Hydro")
    ]
    assert stands(cast, file) == before


def test_a_state_moved_meanwhile_comes_back_as_a_difference(cast: Cast) -> None:
    file = filed(cast)
    moves.pause(cast.visit("secretary", NINE), file["id"], WaitReason.PARTS)
    other = moves.plan(cast.visit("other_secretary", TEN), file["id"], FRIDAY, file)
    assert [(each.field, each.yours, each.theirs) for each in other.differences] == [
        ("state", State.PLANNED, State.WAITING)
    ]
    assert stands(cast, file)["planned_on"] is None


def test_a_second_click_does_nothing_and_says_so(cast: Cast) -> None:
    file = filed(cast)
    moves.take(cast.visit("secretary", NINE), file["id"], file)
    again = moves.take(cast.visit("secretary", NINE), file["id"], file)
    assert again.message == "Dossier 2026-00001 : c'était déjà fait."
    with cast.house.store.reading() as tx:
        assert len(entries(tx, "files", file["id"])) == 2


def test_merged_edits_are_judged_again_together(cast: Cast) -> None:
    file = filed(cast, state=State.PLANNED, planned_on=FRIDAY)
    moves.pause(cast.visit("secretary", NINE), file["id"], WaitReason.PARTS)
    paused = stands(cast, file)
    no = refusal(
        lambda: moves.amend(cast.visit("other_secretary", TEN), file["id"], {"wait_reason": None}, paused)
    )
    assert "motif d'attente" in no
    assert stands(cast, file) == paused


def test_only_the_desk_corrects_what_came_in_and_the_dates_follow(cast: Cast) -> None:
    file = filed(cast)
    assert "Seul le service aux citoyens" in refusal(
        lambda: moves.amend(cast.visit("secretary", TEN), file["id"], {"priority": Priority.URGENT})
    )
    moves.amend(cast.visit("technician", TEN), file["id"], {"priority": "Urgente", "street": "rue Maple"})
    now = stands(cast, file)
    assert (now["priority"], now["street"], now["queue_rank"]) == (Priority.URGENT, "rue Maple", 0)
    assert [hit.number for hit in search.search(cast.visit("technician", TEN), "maple")] == ["2026-00001"]


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "2026-99999"},
        {"closed_at": None},
        {"queue_rank": -1},
        {"priority": "Suprême"},
        {"planned_on": "demain"},
        {"next_action": "x" * 100_000},
        {"next_action": ["une", "liste"]},
        {"planned_on": "2020-01-01"},
    ],
)
def test_a_field_that_is_not_typed_there_or_a_value_that_does_not_fit_changes_nothing(
    cast: Cast, typed: dict[str, object]
) -> None:
    file = filed(cast)
    assert refusal(lambda: moves.amend(cast.visit("technician", TEN), file["id"], typed))
    assert stands(cast, file) == file


def test_a_closed_file_is_not_amended(cast: Cast) -> None:
    file = filed(cast, state=State.DONE)
    assert "rouvrez-le" in refusal(
        lambda: moves.amend(cast.visit("technician", TEN), file["id"], {"next_action": "Encore"})
    )


def test_a_saved_field_leaves_no_draft_and_a_refused_one_keeps_its_own(cast: Cast) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    drafts.keep_all(secretary, file["id"], {"planned_on": "2026-11-20", "next_action": "Appeler"})
    moves.plan(secretary, file["id"], FRIDAY)
    assert set(drafts.recall(secretary, file["id"])) == {"next_action"}
    refusal(lambda: moves.amend(secretary, file["id"], {"next_action": "x" * 3_000}))
    assert set(drafts.recall(secretary, file["id"])) == {"next_action"}


@pytest.mark.parametrize("who", ["outsider", "council", "admin", "general", "planner", "experience", "clerk"])
def test_who_may_not_see_a_file_cannot_tell_it_from_one_that_never_was(cast: Cast, who: str) -> None:
    file: Row = filed(cast)
    there = refusal(lambda: moves.take(cast.visit(who, TEN), file["id"]))
    never = refusal(lambda: moves.take(cast.visit(who, TEN), "01ABSENT"))
    assert there == never == "Dossier introuvable."
    assert stands(cast, file) == file


def test_a_revoked_session_writes_nothing(cast: Cast) -> None:
    file = filed(cast)
    visit = cast.visit("secretary", TEN)
    with cast.house.store.writing() as tx:
        session = tx.first("sessions", token_hash=visit.session)
        assert session is not None
        tx.update("sessions", session["id"], {"ended_at": TEN}, BY)
    with pytest.raises(SignedOut):
        moves.take(Visit(cast.house, TEN, session=visit.session), file["id"])
    assert stands(cast, file) == file


def test_a_role_taken_away_counts_at_once(cast: Cast) -> None:
    file = filed(cast)
    visit = cast.visit("secretary", TEN)
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["secretary"], {"departments": []}, BY)
    assert refusal(lambda: moves.take(visit, file["id"])) == "Dossier introuvable."
