"""What is typed in the grid of the queue and not saved: found again, saved once, shown beside another's."""

from typing import Any

import pytest

from desk import drafts, queue, unsaved
from desk.drafts import NEW
from desk.queue import Edit
from desk.unsaved import Unsaved
from policy.reasons import Refused
from policy.words import Answer, State
from tests.cast import PLANNING, WORKS, Cast, moment
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands

RNC_DAY = moment("Mon 2026-11-23 08:00")
SEEN = {"state": "Prise en charge", "planned_on": None, "next_action": None}


def begun(cast: Cast, who: str = "secretary", answering: bool = False) -> Unsaved:
    return unsaved.unsaved(cast.visit(who, TEN), answering)


def test_rows_begun_are_listed_by_number_for_their_author_alone(cast: Cast) -> None:
    second, first = filed(cast, "2026-00002"), filed(cast, "2026-00001")
    visit = cast.visit("secretary", TEN)
    drafts.keep_rows(
        visit,
        {
            second["id"]: {"next_action": "Passer"},
            first["id"]: {"planned_on": "2026-11-20", "state": "Planifiée"},
        },
        {},
    )
    rows = begun(cast).rows
    assert [(row.number, sorted(row.cells)) for row in rows] == [
        ("2026-00001", ["planned_on", "state"]),
        ("2026-00002", ["next_action"]),
    ]
    assert begun(cast, "other_secretary").rows == ()
    assert begun(cast).of(second["id"])["next_action"].value == "Passer"
    assert begun(cast).of("inconnu") == {}


def test_a_form_begun_elsewhere_is_no_row_of_the_grid(cast: Cast) -> None:
    file = filed(cast)
    visit = cast.visit("secretary", TEN)
    drafts.keep_all(visit, NEW, {"note": "Réglé au téléphone", "state": "x"})
    drafts.keep_all(visit, file["id"], {"note": "À moitié", "last_reason": "Erreur"})
    assert begun(cast).rows == ()
    assert [sorted(row.cells) for row in begun(cast, answering=True).rows] == [["note"]]


def test_a_file_sent_elsewhere_keeps_what_was_typed_and_loses_its_number(cast: Cast) -> None:
    file = filed(cast)
    drafts.keep(cast.visit("secretary", TEN), file["id"], "next_action", "Passer")
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], {"department": cast.departments[PLANNING]}, BY)
    (row,) = begun(cast).rows
    assert (row.number, row.cells["next_action"].value) == ("", "Passer")
    (saved,) = unsaved.save(cast.visit("secretary", TEN))
    assert [ground.message for ground in saved.grounds] == ["Dossier introuvable."]
    assert begun(cast).rows != ()
    assert stands(cast, file)["next_action"] is None


def test_every_row_begun_is_saved_once_and_what_is_refused_stays_begun(cast: Cast) -> None:
    files = [filed(cast, f"2026-0000{n}", state=State.TAKEN) for n in range(1, 4)]
    visit = cast.visit("secretary", TEN)
    drafts.keep_rows(
        visit,
        {
            files[0]["id"]: {"next_action": "Passer"},
            files[1]["id"]: {"state": "Complétée"},
            files[2]["id"]: {"planned_on": "2026-11-20"},
        },
        {file["id"]: SEEN for file in files},
    )
    saved = unsaved.save(visit)
    assert [(one.number, one.done) for one in saved] == [
        ("2026-00001", True),
        ("2026-00002", False),
        ("2026-00003", True),
    ]
    assert "annexe A, point 1" in {ground.article for ground in saved[1].grounds}
    assert [row.number for row in begun(cast).rows] == ["2026-00002"]
    versions = [stands(cast, file)["version"] for file in files]
    assert [one.number for one in unsaved.save(visit)] == ["2026-00002"]  # a second click
    assert unsaved.save(visit, only=[files[0]["id"]]) == ()
    assert [stands(cast, file)["version"] for file in files] == versions


def test_a_cell_that_someone_else_changed_says_who_and_the_choice_of_ones_own_goes_over_it(
    cast: Cast,
) -> None:
    file = filed(cast, state=State.TAKEN)
    visit = cast.visit("secretary", TEN)
    drafts.keep(visit, file["id"], "next_action", "Emprunter la nacelle", None)
    queue.save(cast.visit("other_secretary", NINE), [Edit(file["id"], SEEN, {"next_action": "Commander"})])
    (saved,) = unsaved.save(visit)
    (clash,) = saved.clashes
    difference = clash.difference
    assert (difference.seen, difference.yours, difference.theirs) == (
        None,
        "Emprunter la nacelle",
        "Commander",
    )
    assert clash.by == "Anne Côté, 16 novembre 2026 à 9 h"
    assert stands(cast, file)["next_action"] == "Commander"

    drafts.rebase(visit, file["id"], "next_action", difference.theirs)
    assert begun(cast).of(file["id"])["next_action"].value == "Emprunter la nacelle"
    assert unsaved.save(visit)[0].done
    assert stands(cast, file)["next_action"] == "Emprunter la nacelle"
    drafts.rebase(visit, file["id"], "next_action", "rien à rebaser")
    assert begun(cast).rows == ()


def test_an_answer_someone_else_gave_meanwhile_is_shown_with_who_gave_it(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    mine, theirs = cast.visit("secretary", RNC_DAY), cast.visit("other_secretary", RNC_DAY)
    drafts.keep_all(mine, file["id"], {"answer": "Complétée", **_plain(items(cast))})
    other = {"answer": "Action à venir", "next_action": "Passer"}
    assert queue.save(theirs, [Edit(file["id"], {}, other)])[0].done
    (saved,) = unsaved.save(mine)
    assert [(clash.difference.theirs, clash.by) for clash in saved.clashes] == [
        (Answer.ACTION, "Anne Côté, 23 novembre 2026 à 8 h")
    ]
    assert kept(cast, "answers")[0]["answer"] is Answer.ACTION


def test_what_may_be_done_changes_with_roles_and_departments(cast: Cast) -> None:
    before = begun(cast).rights
    assert before == begun(cast).rights
    with cast.house.store.writing() as tx:
        tx.update("accounts", cast.accounts["secretary"], {"departments": [cast.departments[PLANNING]]}, BY)
    assert begun(cast).rights != before


def test_who_has_no_queue_has_nothing_begun_in_it(cast: Cast) -> None:
    with pytest.raises(Refused, match="réservé"):
        begun(cast, "outsider")


def test_several_rows_typed_are_kept_together_or_taken_back(cast: Cast) -> None:
    one, other = filed(cast, "2026-00001"), filed(cast, "2026-00002", department=WORKS)
    visit = cast.visit("secretary", TEN)
    typed: dict[str, dict[str, Any]] = {
        one["id"]: {"next_action": "Passer"},
        other["id"]: {"next_action": "Appeler"},
    }
    drafts.keep_rows(visit, typed, {one["id"]: {"next_action": "Rien"}, other["id"]: {"next_action": None}})
    assert len(begun(cast).rows) == 2
    back: dict[str, dict[str, Any]] = {one["id"]: {"next_action": "Rien"}, other["id"]: {"next_action": None}}
    drafts.keep_rows(visit, back, {})
    assert begun(cast).rows == ()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in values.items()}
