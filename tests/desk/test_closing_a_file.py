"""Closing by annexe A (R-16), saying no (R-17), proof-reading, reopening, duplicates (R-18)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from desk import closing, moves, routing
from desk.acts import Outcome
from policy.reasons import Refused
from policy.words import State
from sync.states import MailKind
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands


def refusal(act: Callable[[], Outcome]) -> str:
    with pytest.raises(Refused) as no:
        act()
    return str(no.value)


def test_a_department_closes_its_file_by_annexe_a(cast: Cast) -> None:
    file = filed(cast)
    outcome = closing.close(cast.visit("secretary", TEN), file["id"], items(cast), file)
    assert outcome.message.startswith("Dossier 2026-00001 fermé.")
    now = stands(cast, file)
    assert (now["state"], now["open"], now["code"]) == (State.DONE, False, cast.codes["238"])
    assert (now["completed_at"], now["closed_at"], now["first_closed_at"]) == (TEN, TEN, TEN)
    assert (now["closed_by"], now["done_extension"]) == (cast.accounts["secretary"], "2310")


@pytest.mark.parametrize(
    ("missing", "point"),
    [
        ("code", "annexe A, point 1"),
        ("done_on", "annexe A, point 2"),
        ("done_extension", "annexe A, point 3"),
        ("note", "annexe A, point 4"),
    ],
)
def test_a_missing_item_is_named_by_its_point_and_nothing_is_written(
    cast: Cast, missing: str, point: str
) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    no = refusal(lambda: closing.close(secretary, file["id"], items(cast, **{missing: None})))
    assert point in no
    assert no.count("annexe A") == 1
    assert stands(cast, file) == file


def test_all_the_missing_items_come_at_once(cast: Cast) -> None:
    file = filed(cast)
    no = refusal(lambda: closing.close(cast.visit("secretary", TEN), file["id"], {}))
    assert [f"point {n}" in no for n in (1, 2, 3, 4)] == [True] * 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"done_on": "2026-11-17"}, "futur"),
        ({"code": "jamais-vu"}, "code d'intervention en usage"),
        ({"state": "Complétée"}, "ne se modifie pas ici"),
        ({"note": "x" * 100_000}, "caractères"),
        ({"done_on": "hier"}, "n'est pas une date"),
    ],
)
def test_a_wrong_item_is_refused_in_words(cast: Cast, wrong: dict[str, Any], words: str) -> None:
    file = filed(cast)
    assert words in refusal(
        lambda: closing.close(cast.visit("secretary", TEN), file["id"], items(cast, **wrong))
    )
    assert stands(cast, file) == file


def test_a_code_no_longer_in_use_closes_nothing(cast: Cast) -> None:
    file = filed(cast)
    with cast.house.store.writing() as tx:
        tx.update("codes", cast.codes["238"], {"active": False}, BY)
    assert "en usage" in refusal(lambda: closing.close(cast.visit("secretary", TEN), file["id"], items(cast)))


def test_a_no_is_closed_under_another_code_with_its_explanation(cast: Cast) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    with cast.house.store.reading() as tx:
        unmet = next(row["id"] for row in tx.find("codes") if not row["met"])
    no = refusal(lambda: closing.close(secretary, file["id"], items(cast, code=unmet)))
    assert "explication" in no and "SJ" in no
    said = {"code": unmet, "citizen_text": "Ce lampadaire est à Hydro-Québec : 1 800 790-2424."}
    assert closing.close(secretary, file["id"], items(cast, **said)).done


def test_where_the_desk_closes_the_department_hands_over_and_the_desk_ends_it(cast: Cast) -> None:
    file = filed(cast, department=PLANNING)
    planner = cast.visit("planner", NINE)
    assert "remettez le dossier pour fermeture" in refusal(
        lambda: closing.close(planner, file["id"], items(cast))
    )
    handed = {name: value for name, value in items(cast).items() if name != "code"}
    moves.hand_over(planner, file["id"], handed)
    closing.close(cast.visit("technician", TEN), file["id"], {"code": cast.codes["238"]})
    now = stands(cast, file)
    assert (now["state"], now["completed_at"], now["closed_at"]) == (State.DONE, NINE, TEN)
    assert now["note"] == items(cast)["note"]


def test_the_form_proposes_238_today_and_one_s_own_extension(cast: Cast) -> None:
    file = filed(cast)
    with cast.visit("secretary", TEN).reading() as counter:
        proposed = closing.propose(counter, file)
    assert proposed["code"] == cast.codes["238"]
    assert (proposed["done_on"], proposed["done_extension"]) == (day("Mon 2026-11-16"), "2310")


def test_the_citizen_is_mailed_the_text_once_written_and_never_the_note(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        citizen = tx.insert("citizens", {"name": "Rose Bouchard", "email": "rose@exemple.test"}, BY)
    silent = filed(cast, "2026-00001", citizen=citizen["id"])
    told = filed(cast, "2026-00002", citizen=citizen["id"])
    secretary = cast.visit("secretary", TEN)
    closing.close(secretary, silent["id"], items(cast))
    closing.close(secretary, told["id"], items(cast, citizen_text="Votre lampadaire éclaire."))
    assert kept(cast, "mails", file=silent["id"], kind=MailKind.CLOSING) == []
    (mail,) = kept(cast, "mails", file=told["id"], kind=MailKind.CLOSING)
    assert mail["to_address"] == "rose@exemple.test"
    assert b"circuit" not in mail["message"]


def test_reopening_keeps_the_first_closing_and_counts_the_target_anew(cast: Cast) -> None:
    file = filed(cast)
    closing.close(cast.visit("secretary", TEN), file["id"], items(cast))
    december = moment("Tue 2026-12-01 09:00")
    technician = cast.visit("technician", december)
    assert "motif" in refusal(lambda: moves.reopen(technician, file["id"], ""))
    moves.reopen(technician, file["id"], "Éteint de nouveau")
    now = stands(cast, file)
    assert (now["state"], now["first_closed_at"], now["closed_at"]) == (State.TAKEN, TEN, None)
    assert (now["reopened_at"], now["completed_at"], now["code"]) == (december, None, None)
    assert now["target_on"] == day("Tue 2026-12-15")
    again = cast.visit("secretary", december + timedelta(hours=1))
    reclosed = {"code": cast.codes["238"], "done_on": day("Tue 2026-12-01")}
    closing.close(again, file["id"], reclosed)
    assert stands(cast, file)["first_closed_at"] == TEN


def test_a_first_contact_reopened_gets_a_target_but_is_not_to_be_acknowledged_again(cast: Cast) -> None:
    file = filed(cast, state=State.DONE, first_contact=True)
    assert file["target_on"] is None
    moves.reopen(cast.visit("technician", TEN), file["id"], "Il fallait une intervention")
    now = stands(cast, file)
    assert now["target_on"] == day("Mon 2026-11-30")
    assert (now["first_contact"], now["acknowledged_at"]) == (False, NINE)


def test_closing_the_original_closes_its_duplicates(cast: Cast) -> None:
    original, twin = filed(cast, "2026-00001"), filed(cast, "2026-00002")
    routing.link_duplicate(cast.visit("technician", NINE), twin["id"], "2026-00001")
    closing.close(cast.visit("secretary", TEN), original["id"], items(cast))
    now = stands(cast, twin)
    assert (now["state"], now["closed_at"]) == (State.DONE, TEN)
    assert now["note"] == "Fermé avec le dossier 2026-00001, dont celui-ci est le doublon."


def test_two_people_closing_at_once_close_it_once(cast: Cast) -> None:
    file = filed(cast)
    closing.close(cast.visit("secretary", NINE), file["id"], items(cast), file)
    second = closing.close(
        cast.visit("other_secretary", TEN), file["id"], items(cast, note="Ampoule changée."), file
    )
    assert [each.field for each in second.differences] == ["note"]
    same = closing.close(cast.visit("other_secretary", TEN), file["id"], items(cast), file)
    assert same.message == "Dossier 2026-00001 : c'était déjà fait."
    assert stands(cast, file)["closed_by"] == cast.accounts["secretary"]


@pytest.mark.parametrize("who", ["outsider", "council", "admin", "general", "clerk", "experience", "planner"])
def test_whoever_is_not_entitled_closes_nothing(cast: Cast, who: str) -> None:
    file = filed(cast, department=WORKS)
    assert refusal(lambda: closing.close(cast.visit(who, TEN), file["id"], items(cast))) == (
        "Dossier introuvable."
    )
    assert stands(cast, file) == file


def test_the_experience_desk_reads_a_comment_but_moves_nothing(cast: Cast) -> None:
    file = filed(cast, nature="Commentaire")
    no = refusal(lambda: closing.close(cast.visit("experience", TEN), file["id"], items(cast)))
    assert "Vous pouvez lire ce dossier" in no
