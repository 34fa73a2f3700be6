"""Writing in a spreadsheet: what it costs, whose row it lands on whatever people do, answers lost."""

from collections.abc import Callable, Iterator

import pytest

from sync.outside import shapes
from sync.remote import ID, NOTE, Failure, RemoteError, Seen
from tests.remotes.sheets import Town, change, creation, deletion, sheets

SERVICES, COUNCIL = "Services", "Conseil"
PEOPLE = {"A": "a@ville.example", "B": "b@ville.example", "C": "c@ville.example"}


@pytest.fixture(params=[True, False], ids=["anchors follow a sort", "anchors stay"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with sheets(shapes(True), sort_moves_marks=request.param) as made:
        made.look()
        made.write(*(creation("departments", id, name=f"Service {id}", email=PEOPLE[id]) for id in "ABC"))
        made.look()
        yield made


def keys(town: Town) -> dict[str, str]:
    return {id: row.key for id, row in town.rows("departments").items()}


def there(town: Town, header: str = "Courriel") -> dict[str, str]:
    return {row["ID"]: row.get(header, "") for row in town.server.rows(SERVICES) if "ID" in row}


# — what it costs —


def test_five_hundred_new_rows_are_one_write_whatever_their_tables(town: Town) -> None:
    writes = [creation("departments", f"D{n}", name="x") for n in range(250)]
    writes += [creation("council", f"E{n}", name="y", email="y@ville.example") for n in range(250)]
    with town.costing(reads=0, writes=1):
        rows = town.write(*writes)
    assert [row.id for row in rows if isinstance(row, Seen)] == [write.record for write in writes]
    assert len(town.server.rows(SERVICES)) == 253
    assert len(town.server.rows(COUNCIL)) == 250


def test_changes_on_any_tables_are_one_write(town: Town) -> None:
    (member,) = town.made("council", "M", name="M")
    known = keys(town)
    with town.costing(reads=0, writes=1):
        rows = town.write(
            *(change("departments", id, key, email="neuf@ville.example") for id, key in known.items()),
            change("council", "M", member, name="N"),
        )
    assert [row.id for row in rows if isinstance(row, Seen)] == [*known, "M"]
    assert set(there(town).values()) == {"neuf@ville.example"}


def test_typed_rows_cost_two_writes_in_all_their_anchors_and_their_ids(town: Town) -> None:
    for n in range(4):
        town.server.add_row(SERVICES, {"Service": f"À la main {n}"})
    with town.costing(reads=2, writes=2):
        typed = [row for row in town.look().tables["departments"].rows.values() if not row.id]
        town.write(*(change("departments", f"T{n}", row.key, **{ID: f"T{n}"}) for n, row in enumerate(typed)))
    assert {"T0", "T1", "T2", "T3"} < set(there(town))


def test_a_cell_that_is_not_written_is_left_alone_and_none_empties_one(town: Town) -> None:
    town.server.edit(SERVICES, "A", {"Ordre": 7})
    town.write(change("departments", "A", keys(town)["A"], email=None))
    (row,) = (each for each in town.server.rows(SERVICES) if each["ID"] == "A")
    assert row == {"ID": "A", "Service": "Service A", "Ordre": 7}


def test_what_looks_like_a_number_or_a_formula_stays_the_text_it_is(town: Town) -> None:
    (row,) = town.write(change("departments", "A", keys(town)["A"], name="0042", email="=A1"))
    assert isinstance(row, Seen)
    assert (row.cells["name"], row.cells["email"]) == ("0042", "=A1")


def test_the_batches_are_creations_then_changes_then_deletions() -> None:
    with sheets(shapes(True)) as town:
        writes = [
            change("departments", "A", "1", name="x"),
            creation("departments", "B"),
            deletion("council", "C", "3"),
            creation("council", "D"),
        ]
        batches = town.remote.batches(town.line, town.memory, writes)
    assert [[write.record for write in batch] for batch in batches] == [["B", "D"], ["A"], ["C"]]
    assert all(write.key for batch in batches for write in batch)


# — people who move rows meanwhile —


MOVES: dict[str, Callable[[Town], object]] = {
    "sort": lambda town: town.server.sort(SERVICES, "ID", descending=True),
    "insert a row": lambda town: town.server.insert_row(SERVICES, 1, {"Service": "Z"}),
    "insert a blank row": lambda town: town.server.insert_row(SERVICES, 1),
    "move a row": lambda town: town.server.move_row(SERVICES, "A", 4),
    "insert a column": lambda town: town.server.insert_column(SERVICES, 2, "Neuf"),
    "rename a column": lambda town: town.server.rename_column(SERVICES, "Courriel", "Adresse"),
    "rename the tab": lambda town: town.server.rename_table(SERVICES, "Directions"),
    "edit another cell": lambda town: town.server.edit(SERVICES, "A", {"Ordre": 3}),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_change_lands_on_its_row_whatever_is_done_meanwhile(
    town: Town, move: Callable[[Town], object]
) -> None:
    known = keys(town)
    town.server.before_next_write(lambda: move(town))
    rows = town.write(change("departments", "A", known["A"], email="neuf"))
    assert [row.id for row in rows if isinstance(row, Seen)] == ["A"]
    after = town.rows("departments")
    assert {id: after[id].cells["email"] for id in "ABC"} == {**PEOPLE, "A": "neuf"}
    assert {id: after[id].key for id in "ABC"} == known
    assert all("neuf" not in row.extras.values() for row in after.values())


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_many_changes_each_land_on_their_row_whatever_is_done_meanwhile(
    town: Town, move: Callable[[Town], object]
) -> None:
    known = keys(town)
    town.server.before_next_write(lambda: move(town))
    town.write(
        change("departments", "A", known["A"], email="pour A"),
        change("departments", "C", known["C"], email="pour C", name="Nom de C"),
    )
    after = town.rows("departments")
    assert {id: after[id].cells["email"] for id in "ABC"} == {
        "A": "pour A",
        "B": PEOPLE["B"],
        "C": "pour C",
    }
    assert {id: after[id].cells["name"] for id in "ABC"} == {
        "A": "Service A",
        "B": "Service B",
        "C": "Nom de C",
    }


def test_an_id_written_on_a_typed_row_during_a_sort_is_that_row_s(town: Town) -> None:
    town.server.add_row(SERVICES, {"Service": "0 à la main"})
    (typed,) = (row for row in town.look().tables["departments"].rows.values() if not row.id)
    town.server.before_next_write(lambda: town.server.sort(SERVICES, "Service"))
    town.write(change("departments", "T", typed.key, **{ID: "T", NOTE: "Reçue"}))
    after = town.rows("departments")
    assert {id: row.cells["name"] for id, row in after.items()} == {
        "T": "0 à la main",
        "A": "Service A",
        "B": "Service B",
        "C": "Service C",
    }
    assert [id for id, row in after.items() if NOTE in row.cells] == ["T"]


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_new_rows_are_whole_whatever_is_done_meanwhile(town: Town, move: Callable[[Town], object]) -> None:
    town.server.before_next_write(lambda: move(town))
    rows = town.write(creation("departments", "D", name="Service D", email="d", circuit="B"))
    assert [row.id for row in rows if isinstance(row, Seen)] == ["D"]
    after = town.rows("departments")
    assert after["D"].cells == {"name": "Service D", "email": "d", "circuit": "B"}
    assert {id: after[id].cells["email"] for id in "ABC"} == PEOPLE


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("late", [False, True], ids=["before the emptying", "before the deletion"])
def test_a_deletion_takes_its_row_and_no_other(
    town: Town, move: Callable[[Town], object], late: bool
) -> None:
    key = keys(town)["B"]
    if late:
        town.server.before_next_write(lambda: town.server.after_next_write(lambda: None))
        town.server.after_next_write(lambda: town.server.before_next_write(lambda: move(town)))
    else:
        town.server.before_next_write(lambda: move(town))
    assert town.write(deletion("departments", "B", key)) == [None]
    after = town.rows("departments")
    assert {id: after[id].cells["email"] for id in "AC"} == {id: PEOPLE[id] for id in "AC"}
    assert "B" not in after


def test_what_somebody_types_in_a_row_that_is_being_emptied_is_told_before_it_leaves(town: Town) -> None:
    leaving = deletion("departments", "B", keys(town)["B"])
    town.server.after_next_write(lambda: town.server.edit(SERVICES, "B", {"Service": "Loisirs"}))
    with pytest.raises(RemoteError) as error:
        town.write(leaving)
    assert error.value.again
    assert town.rows("departments")["B"].cells == {"name": "Loisirs"}
    assert town.write(leaving) == [None]
    assert sorted(town.rows("departments")) == ["A", "C"]


def test_deletions_cost_two_writes_when_nobody_moves_anything(town: Town) -> None:
    known = keys(town)
    with town.costing(reads=2, writes=2):
        assert town.write(*(deletion("departments", id, known[id]) for id in "AC")) == [None, None]
    assert list(there(town)) == ["B"]


def test_a_typed_row_without_id_can_be_deleted(town: Town) -> None:
    town.server.add_row(SERVICES, {"Service": "à la main"})
    (typed,) = (row for row in town.look().tables["departments"].rows.values() if not row.id)
    assert town.write(deletion("departments", "", typed.key)) == [None]
    assert set(there(town)) == {"A", "B", "C"}
    assert len(town.server.rows(SERVICES)) == 3


def test_a_row_that_is_gone_is_said_to_be_and_the_others_are_written(town: Town) -> None:
    for refused in (False, True):
        town.server.book.no_match_is_refused = refused
        known = keys(town)
        gone = "A" if not refused else "B"
        town.server.before_next_write(lambda row=gone: town.server.delete_row(SERVICES, row))  # type: ignore[misc]
        rows = town.write(
            change("departments", gone, known[gone], email="x"),
            change("departments", "C", known["C"], email="pour C"),
        )
        assert isinstance(rows[0], Failure)
        assert rows[0].missing
        assert isinstance(rows[1], Seen)
    assert there(town) == {"C": "pour C"}


def test_an_id_that_a_person_changed_stays_with_its_row(town: Town) -> None:
    known = keys(town)
    town.server.before_next_write(lambda: town.server.edit(SERVICES, "A", {"ID": "n'importe quoi"}))
    town.write(change("departments", "A", known["A"], email="pour A"))
    assert there(town) == {"n'importe quoi": "pour A", "B": PEOPLE["B"], "C": PEOPLE["C"]}


def test_a_process_that_starts_again_knows_what_to_put_back(town: Town) -> None:
    known = keys(town)
    town.restarted()
    town.look()
    town.server.before_next_write(lambda: town.server.sort(SERVICES, "ID", descending=True))
    town.write(change("departments", "A", known["A"], email="pour A"))
    assert there(town) == {**PEOPLE, "A": "pour A"}


# — answers that are lost —


def test_a_created_row_deleted_before_the_answer_came_is_gone(town: Town) -> None:
    writes = [creation("departments", id, name="x") for id in ("D", "E")]
    (batch,) = town.remote.batches(town.line, town.memory, writes)
    town.server.fail_next("cut", after_applying=True)
    with pytest.raises(RemoteError):
        town.remote.send(town.line, town.shapes, town.memory, batch)
    town.server.delete_row(SERVICES, "D")
    gone, there_still = town.remote.send(town.line, town.shapes, town.memory, batch).rows
    assert isinstance(gone, Failure)
    assert gone.missing
    assert isinstance(there_still, Seen)


def test_numbers_that_another_store_had_given_are_replaced(town: Town) -> None:
    town.restarted()
    town.turns.given = 0
    rows = town.write(creation("departments", "D", name="x"))
    assert [row.id for row in rows if isinstance(row, Seen)] == ["D"]
    assert len(town.rows("departments")) == 4


@pytest.mark.parametrize("lost", [1, 2])
def test_a_deletion_whose_answer_was_lost_ends_when_sent_again(town: Town, lost: int) -> None:
    (batch,) = town.remote.batches(town.line, town.memory, [deletion("departments", "B", keys(town)["B"])])
    lose: Callable[[], None] = lambda: town.server.fail_next("cut", after_applying=True, only="write")  # noqa: E731
    if lost == 1:
        lose()
    else:
        town.server.after_next_write(lose)
    with pytest.raises(RemoteError):
        town.remote.send(town.line, town.shapes, town.memory, batch)
    town.look()
    assert town.remote.send(town.line, town.shapes, town.memory, batch).rows == [None]
    assert sorted(there(town)) == ["A", "C"]
