"""The desk's closing, in one pass, of what was answered « complétée » (P §4.1, R-22)."""

import pytest

from desk import closing_pass, grid, moves, taken_back
from desk.grid import Edit
from policy.reasons import Refused
from policy.words import State
from tests.cast import PLANNING, Cast, day, moment
from tests.desk.answered import brought, listed
from tests.desk.filing import filed, items, kept, stands

TUESDAY = moment("Tue 2026-11-24 10:00")
DONE = {
    "answer": "Complétée",
    "done_on": "2026-11-20",
    "done_extension": "2410",
    "note": "Permis remis.",
}


def answered(cast: Cast, *numbers: str, **more: str) -> None:
    """Files of Urbanisme, which the desk closes, answered « complétée » in the grid by its Responsable."""
    for number in numbers:
        file = filed(cast, number, PLANNING)
        grid.save_row(cast.visit("planner", TUESDAY), Edit(file["id"], {}, {**DONE, **more}))


def test_what_was_answered_complete_is_closed_together_by_the_desk(cast: Cast) -> None:
    listed(cast)
    answered(cast, "2026-00001", "2026-00002")
    found = closing_pass.ready(cast.visit("technician", TUESDAY))
    assert [(each.number, each.missing, each.assumed) for each in found] == [
        ("2026-00001", (), True), ("2026-00002", (), True),
    ]  # fmt: skip
    assert found[0].code == "238 Demande complétée" and found[0].done_on == day("Fri 2026-11-20")
    outcomes = closing_pass.close(
        cast.visit("technician", TUESDAY), {each.id: each.version for each in found}
    )
    assert all("fermé." in outcome.message for outcome in outcomes)
    for file in kept(cast, "files"):
        assert (file["state"], file["code"]) == (State.DONE, cast.codes["238"])
        assert file["closed_by"] == cast.accounts["technician"]
    assert closing_pass.ready(cast.visit("technician", TUESDAY)) == ()


def test_a_second_click_closes_nothing_twice(cast: Cast) -> None:
    listed(cast)
    answered(cast, "2026-00001")
    (each,) = closing_pass.ready(cast.visit("technician", TUESDAY))
    closing_pass.close(cast.visit("technician", TUESDAY), {each.id: each.version})
    (before,) = kept(cast, "files")
    (again,) = closing_pass.close(cast.visit("director", TUESDAY), {each.id: each.version})
    assert again.done and "déjà fait" in again.message
    assert kept(cast, "files") == [before]


def test_one_that_lacks_an_item_is_named_by_its_point_and_the_others_are_closed(cast: Cast) -> None:
    listed(cast)
    answered(cast, "2026-00001", "2026-00002")
    bad = kept(cast, "files", number="2026-00002")[0]
    moves.amend(cast.visit("planner", TUESDAY), bad["id"], {"next_action": "Relire."})
    with cast.house.store.writing() as tx:
        from tests.desk.filing import BY

        tx.update("files", bad["id"], {"done_extension": None}, BY)
    good, lacking = closing_pass.ready(cast.visit("technician", TUESDAY))
    assert good.missing == () and [ground.article for ground in lacking.missing] == ["annexe A, point 3"]
    chosen = {lacking.id: lacking.version, good.id: good.version}
    first, second = closing_pass.close(cast.visit("technician", TUESDAY), chosen)
    assert first.grounds[0].article == "annexe A, point 3" and second.done
    assert stands(cast, bad)["state"] is State.TO_CLOSE


def test_a_file_that_somebody_changed_since_it_was_shown_is_left(cast: Cast) -> None:
    listed(cast)
    answered(cast, "2026-00001")
    (each,) = closing_pass.ready(cast.visit("technician", TUESDAY))
    moves.amend(cast.visit("planner", TUESDAY), each.id, {"next_action": "Attendre un appel."})
    (outcome,) = closing_pass.close(cast.visit("technician", TUESDAY), {each.id: each.version})
    assert "a changé depuis l'affichage" in outcome.grounds[0].message
    assert kept(cast, "files")[0]["state"] is State.TO_CLOSE


def test_what_came_back_in_a_workbook_is_closed_in_the_same_pass(cast: Cast) -> None:
    file = filed(cast)
    listed(cast)
    given = brought(cast, TUESDAY, {"number": "2026-00001", **DONE, "code": "242 Confiée"})
    assert taken_back.check(cast.visit("technician", TUESDAY), given).lines[0].verdict.name == "READY"
    taken_back.record(cast.visit("technician", TUESDAY), given)
    (each,) = closing_pass.ready(cast.visit("technician", TUESDAY))
    assert each.code.startswith("242") and not each.assumed
    assert each.missing[0].field == "citizen_text"  # a no is explained
    moves.resume(cast.visit("technician", TUESDAY), file["id"], "Il manque l'explication.")
    assert closing_pass.ready(cast.visit("technician", TUESDAY)) == ()


def test_what_was_handed_over_without_an_answer_to_the_list_is_not_in_the_pass(cast: Cast) -> None:
    listed(cast)
    file = filed(cast, department=PLANNING)
    moves.hand_over(cast.visit("planner", TUESDAY), file["id"], {**items(cast), "code": None})
    assert closing_pass.ready(cast.visit("technician", TUESDAY)) == ()


@pytest.mark.parametrize("who", ["secretary", "planner", "general", "clerk", "council", "admin", "outsider"])
def test_the_pass_is_the_desks(cast: Cast, who: str) -> None:
    listed(cast)
    answered(cast, "2026-00001")
    (file,) = kept(cast, "files")
    with pytest.raises(Refused):
        closing_pass.ready(cast.visit(who, TUESDAY))
    with pytest.raises(Refused):
        closing_pass.close(cast.visit(who, TUESDAY), {file["id"]: file["version"]})
    assert stands(cast, file)["state"] is State.TO_CLOSE
