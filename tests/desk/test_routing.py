"""Routing, rerouting, reclassifying, duplicates (R-3, R-12b, R-18)."""

from collections.abc import Callable
from functools import partial

import pytest

from desk import moves, routing
from desk.acts import Outcome
from policy.reasons import Refused
from policy.words import Nature, Priority, State
from tests.cast import PLANNING, WORKS, Cast, day
from tests.desk.filing import BY, NINE, TEN, filed, kept, stands


def refusal(act: Callable[[], Outcome]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return str(no.value)


def test_the_desk_routes_and_the_responsable_is_to_be_told(cast: Cast) -> None:
    file = filed(cast, department=None)
    works = cast.departments[WORKS]
    outcome = routing.route(cast.visit("technician", TEN), file["id"], works, seen=file)
    assert outcome.message.startswith("Dossier 2026-00001 acheminé : Travaux publics.")
    now = stands(cast, file)
    assert (now["state"], now["department"]) == (State.ROUTED, works)
    (notice,) = kept(cast, "notices", file=file["id"])
    assert (notice["department"], notice["urgent"]) == (works, False)


def test_another_department_plans_anew(cast: Cast) -> None:
    file = filed(cast, state=State.PLANNED, planned_on=day("Fri 2026-11-20"))
    planning = cast.departments[PLANNING]
    routing.route(cast.visit("technician", TEN), file["id"], planning, "Permis requis")
    now = stands(cast, file)
    assert (now["state"], now["department"], now["planned_on"]) == (State.ROUTED, planning, None)
    assert now["last_reason"] == "Permis requis"
    assert now["target_on"] == file["target_on"]  # the citizen's delay does not start again


def test_routing_where_it_is_or_to_no_department_is_refused(cast: Cast) -> None:
    file = filed(cast)
    technician = cast.visit("technician", TEN)
    assert "déjà dans ce service" in refusal(
        lambda: routing.route(technician, file["id"], cast.departments[WORKS])
    )
    assert "service en activité" in refusal(lambda: routing.route(technician, file["id"], "nulle-part"))
    with cast.house.store.writing() as tx:
        tx.update("departments", cast.departments[PLANNING], {"active": False}, BY)
    assert "service en activité" in refusal(
        lambda: routing.route(technician, file["id"], cast.departments[PLANNING])
    )


def test_a_secretary_does_not_route(cast: Cast) -> None:
    file = filed(cast)
    no = refusal(lambda: routing.route(cast.visit("secretary", TEN), file["id"], cast.departments[PLANNING]))
    assert "service aux citoyens" in no
    assert stands(cast, file) == file


def test_several_files_are_rerouted_each_with_its_own_outcome(cast: Cast) -> None:
    files = [filed(cast, "2026-00001"), filed(cast, "2026-00002", department=PLANNING)]
    outcomes = routing.reroute(
        cast.visit("technician", TEN),
        [files[0]["id"], files[1]["id"], "jamais-vu"],
        cast.departments[PLANNING],
        "Réorganisation",
    )
    assert [outcome.done for outcome in outcomes] == [True, False, False]
    assert [outcomes[n].grounds[0].message for n in (1, 2)] == [
        "Le dossier est déjà dans ce service.",
        "Dossier introuvable.",
    ]
    assert stands(cast, files[0])["department"] == cast.departments[PLANNING]


def test_what_was_badly_routed_can_be_routed_again_to_the_same_department(cast: Cast) -> None:
    file = filed(cast)
    moves.return_(cast.visit("secretary", NINE), file["id"], "Pas à nous")
    routing.route(cast.visit("technician", TEN), file["id"], cast.departments[WORKS], "C'est bien à vous")
    assert stands(cast, file)["state"] is State.ROUTED


def test_another_category_brings_its_priority_and_its_delay(cast: Cast) -> None:
    file = filed(cast)
    hole = cast.categories["Nid-de-poule"]
    technician = cast.visit("technician", TEN)
    outcome = routing.reclassify(technician, file["id"], Nature.REQUEST, hole, "C'est un trou", file)
    assert outcome.message == "Dossier 2026-00001 reclassé."
    now = stands(cast, file)
    with cast.house.store.reading() as tx:
        category = tx.get("categories", hole)
    assert category is not None
    assert (now["category"], now["priority"]) == (hole, category["priority"])
    assert now["target_on"] != file["target_on"]
    assert now["last_reason"] == "C'est un trou"


def test_a_request_becomes_a_claim_and_a_secretary_may_not_say_so(cast: Cast) -> None:
    file = filed(cast)
    assert "service aux citoyens" in refusal(
        lambda: routing.reclassify(cast.visit("secretary", TEN), file["id"], Nature.CLAIM)
    )
    routing.reclassify(cast.visit("technician", TEN), file["id"], Nature.CLAIM)
    assert stands(cast, file)["nature"] is Nature.CLAIM


def test_nothing_becomes_an_access_request_here(cast: Cast) -> None:
    file = filed(cast)
    no = refusal(lambda: routing.reclassify(cast.visit("technician", TEN), file["id"], Nature.ACCESS))
    assert "Accès aux documents" in no
    assert stands(cast, file) == file


def test_a_forged_nature_or_category_is_refused(cast: Cast) -> None:
    file = filed(cast)
    technician = cast.visit("technician", TEN)
    forged: object = "Pétition"
    assert "choix offert" in refusal(
        lambda: routing.reclassify(technician, file["id"], forged)  # type: ignore[arg-type]
    )
    assert "grille d'intervention" in refusal(
        lambda: routing.reclassify(technician, file["id"], Nature.REQUEST, "jamais-vue")
    )


def test_a_duplicate_is_linked_moves_with_its_original_alone_and_is_unlinked(cast: Cast) -> None:
    filed(cast, "2026-00001")
    twin = filed(cast, "2026-00002")
    technician = cast.visit("technician", TEN)
    linked = routing.link_duplicate(technician, twin["id"], " 2026-00001 ")
    assert linked.message == "Dossier 2026-00002 lié au dossier 2026-00001 comme doublon."
    assert "doublon" in refusal(lambda: moves.take(cast.visit("secretary", TEN), twin["id"]))
    routing.unlink_duplicate(technician, twin["id"])
    assert moves.take(cast.visit("secretary", TEN), twin["id"]).done


def test_an_original_is_not_cancelled_while_others_wait_on_it(cast: Cast) -> None:
    original = filed(cast)
    twin = filed(cast, "2026-00002", duplicate_of=original["id"])
    desk = cast.visit("technician", TEN)
    with pytest.raises(Refused, match="2026-00002"):
        moves.cancel(desk, original["id"], "Inscrite par erreur.")
    assert stands(cast, original) == original
    routing.unlink_duplicate(desk, twin["id"])
    moves.cancel(desk, original["id"], "Inscrite par erreur.")
    assert stands(cast, original)["state"] is State.CANCELLED


def test_a_link_that_makes_no_sense_is_refused(cast: Cast) -> None:
    original, twin, third = (filed(cast, f"2026-0000{n}") for n in (1, 2, 3))
    closed = filed(cast, "2026-00004", state=State.DONE)
    technician = cast.visit("technician", TEN)
    routing.link_duplicate(technician, twin["id"], original["number"])
    refused = {
        "lui-même": (third, third["number"]),
        "déjà un doublon": (third, twin["number"]),
        "déjà liés à celui-ci": (original, third["number"]),
        "est fermé": (third, closed["number"]),
        "rouvrez-le d'abord": (closed, original["number"]),
        "introuvable": (third, "2026-09999"),
    }
    for words, (file, number) in refused.items():
        assert words in refusal(partial(routing.link_duplicate, technician, file["id"], number)), words
    assert "Seul le service aux citoyens" in refusal(
        lambda: routing.link_duplicate(cast.visit("secretary", TEN), third["id"], original["number"])
    )


def test_an_urgent_file_keeps_its_priority_when_routed(cast: Cast) -> None:
    file = filed(cast, department=None, priority=Priority.URGENT)
    routing.route(cast.visit("technician", TEN), file["id"], cast.departments[WORKS])
    now = stands(cast, file)
    assert (now["priority"], now["queue_rank"]) == (Priority.URGENT, 0)
