"""What every remote promises to reconciliation, in the same sentences: in memory, Airtable, Google Sheets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sync.remote import ID, Failure, RemoteError, Seen
from tests.remotes.sides import SHAPES, SIDES, STAMP, Side, change, creation, deletion

MANY = 500


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    with SIDES[request.param]() as made:
        made.look()
        yield made


# — looking —


def test_when_nothing_moved_a_look_brings_nothing_and_costs_what_it_must(side: Side) -> None:
    side.made("departments", "d1", name="Voirie")
    side.minutes_pass()
    side.look()
    before, turns = side.calls, side.turns
    assert not side.look().tables
    assert side.calls - before == side.turns - turns == side.idle


def test_what_a_person_edits_or_types_is_told_at_the_next_look(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    side.there.edit("departments", keys["d1"], {"name": "Parcs"})
    side.there.add("departments", {"name": "Loisirs"}, form=True)
    rows = side.look().tables["departments"].rows
    assert rows[keys["d1"]].cells["name"] == "Parcs"
    assert [row.cells["name"] for row in rows.values() if not row.id] == ["Loisirs"]


def test_a_whole_look_brings_every_row_though_nothing_moved(side: Side) -> None:
    side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    found = side.look(whole=True).tables["departments"]
    assert found.whole
    assert sorted(row.id for row in found.rows.values()) == ["d1", "d2"]


def test_a_row_that_is_deleted_is_gone_and_a_row_that_is_restored_is_back(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    kept = side.there.delete("departments", keys["d1"])
    found = side.look(whole=not side.tells_deletions).tables["departments"]
    assert keys["d1"] not in found.rows and (found.whole or keys["d1"] in found.gone)
    side.there.restore("departments", keys["d1"], kept)
    assert sorted(side.told("departments")) == ["d1", "d2"]


def test_a_copied_row_bears_the_same_id_under_another_key(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie")
    side.look()
    side.there.copy("departments", keys["d1"])
    rows = side.look(whole=True).tables["departments"].rows
    assert [row.id for row in rows.values()] == ["d1", "d1"]
    assert keys["d1"] in rows


def test_a_row_cut_and_pasted_elsewhere_is_there_once(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    side.there.cut("departments", keys["d1"])
    rows = side.look(whole=True).tables["departments"].rows
    assert sorted(row.id for row in rows.values()) == ["d1", "d2"]


def test_chosen_rows_are_read_as_they_are_now(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", "d3", name="Voirie")
    side.look()
    side.there.edit("departments", keys["d1"], {"name": "Parcs"})
    side.there.delete("departments", keys["d2"])
    found = side.remote.read(side.line, SHAPES[0], side.memory, list(keys.values()))
    assert {row.id: row.cells["name"] for row in found.values()} == {"d1": "Parcs", "d3": "Voirie"}


def test_a_quiet_look_brings_everything_and_writes_nothing(side: Side) -> None:
    """After a restore: rows that a person typed are seen, and nothing is put on them before one confirms."""
    side.made("departments", "d1", name="Voirie")
    side.there.add("departments", {"name": "Loisirs"})
    before = side.there.writes
    found = side.remote.look(replace(side.line, quiet=True), SHAPES, side.memory, whole=True)
    names = [row.cells["name"] for row in found.tables["departments"].rows.values()]
    assert sorted(map(str, names)) == ["Loisirs", "Voirie"]
    assert side.there.writes == before
    assert found.memory == side.memory


def test_where_another_installation_s_stamp_is_a_look_puts_nothing_and_says_so(side: Side) -> None:
    side.there.add("departments", {"name": "Loisirs"})
    before = side.there.writes
    found = side.remote.look(replace(side.line, stamp="une autre"), SHAPES, side.memory, whole=True)
    assert found.stamp == STAMP and side.there.writes == before
    assert not any(row.id for each in found.tables.values() for row in each.rows.values())


# — titles, columns, words —


def test_a_renamed_table_and_a_renamed_column_are_followed(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie")
    side.look()
    side.there.rename_table("departments")
    side.there.rename_column("departments", "name")
    side.there.edit("departments", keys["d1"], {"name": "Parcs"})
    found = side.look(whole=True).tables["departments"]
    assert not found.trouble and not found.paused
    assert found.rows[keys["d1"]].cells["name"] == "Parcs"
    side.write(change("departments", "d1", keys["d1"], name="Loisirs"))
    assert side.row("departments", "d1")["name"] == "Loisirs"


def test_a_missing_column_is_paused_alone_and_said_until_it_is_made_again(side: Side) -> None:
    side.made("departments", "d1", name="Voirie", rank=3)
    side.look()
    side.there.delete_column("departments", "rank")
    found = side.look(whole=True).tables["departments"]
    assert found.paused.keys() == {"rank"}
    assert [row.cells for row in found.rows.values()] == [{"name": "Voirie"}]
    assert "« Ordre »" in "\n".join(side.remote.check(side.line, SHAPES, side.memory))
    side.memory = side.remote.setup(side.line, SHAPES, side.memory, STAMP)[1]
    assert not side.look(whole=True).tables["departments"].paused


def test_columns_that_are_not_ours_are_kept_beside_and_never_written(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie")
    side.there.add_column("departments", "À moi")
    side.there.annotate("departments", keys["d1"], "À moi", "un mot")
    assert side.told("departments")["d1"].extras == {"À moi": "un mot"}
    side.write(change("departments", "d1", keys["d1"], name="Parcs"))
    assert side.told("departments")["d1"].extras == {"À moi": "un mot"}


def test_a_word_that_is_in_no_list_is_told_as_it_was_typed(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie", circuit="B")
    side.look()
    side.there.edit("departments", keys["d1"], {"circuit": "N'importe quoi"})
    assert side.told("departments")["d1"].cells.get("circuit", "") in ("N'importe quoi", "")
    assert side.row("departments", "d1")["circuit"] == "N'importe quoi"


def test_a_word_that_the_service_refuses_stops_no_other_row(side: Side) -> None:
    wrong = creation("departments", "d5", name="S5", circuit="Inconnu")
    rows = side.write(*(creation("departments", f"d{n}", name=f"S{n}") for n in range(5)), wrong)
    assert isinstance(rows["d5"], Failure) is side.refuses
    assert sorted(id for id, row in rows.items() if isinstance(row, Seen))[:5] == [f"d{n}" for n in range(5)]
    assert side.ids("departments")[:5] == [f"d{n}" for n in range(5)]


# — values —


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("departments", "name", "L’été à Prévost : « 0042 »"),
        ("departments", "name", "=A1"),
        ("departments", "rank", 0),
        ("departments", "rank", 42),
        ("departments", "rank", None),
        ("departments", "active", True),
        ("departments", "active", False),
        ("departments", "email", None),
        ("departments", "circuit", "B"),
        ("closings", "day", date(2026, 11, 1)),
        ("closings", "day", date(2028, 2, 29)),
        ("files", "received_at", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("files", "received_at", datetime(2026, 7, 1, 2, 30, tzinfo=UTC)),
        ("files", "citizen_text", "Une ligne,\net une autre."),
    ],
)
def test_a_value_goes_there_and_comes_back_by_the_answer_by_a_look_and_by_a_reading(
    side: Side, table: str, column: str, value: Any
) -> None:
    title = {} if column == "name" else {next(each for each in SHAPES if each.table == table).title: "x"}
    cells = {**(title if table == "departments" else {}), column: side.raw(table, column, value)}
    answer = side.write(creation(table, "r1", **cells))["r1"]
    assert isinstance(answer, Seen)
    shape = next(each for each in SHAPES if each.table == table)
    (read,) = side.remote.read(side.line, shape, side.memory, [answer.key]).values()
    for row in (answer, side.told(table)["r1"], read):
        assert side.value(table, row, column) == value


def test_an_emptied_cell_is_empty_there_and_the_others_are_left_alone(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie", rank=3, email="v@ville.example")
    side.write(change("departments", "d1", keys["d1"], rank=None))
    assert side.told("departments")["d1"].cells == {"name": "Voirie", "email": "v@ville.example"}


def test_a_row_points_to_another_and_is_told_so(side: Side) -> None:
    keys = side.made("departments", "d1", name="Voirie")
    handle = side.handle(keys["d1"], "Voirie")
    cell = side.raw("categories", "department", handle)
    side.write(creation("categories", "c1", name="Nid-de-poule", department=cell))
    assert side.value("categories", side.told("categories")["c1"], "department") == handle


# — writing —


def test_a_new_row_takes_the_id_and_a_typed_row_receives_one(side: Side) -> None:
    side.made("departments", "d1", name="Voirie")
    side.there.add("departments", {"name": "Loisirs"})
    (typed,) = [row for row in side.look().tables["departments"].rows.values() if not row.id]
    side.write(change("departments", "d2", typed.key, **{ID: "d2"}))
    assert side.ids("departments") == ["d1", "d2"]
    assert side.row("departments", "d2")["name"] == "Loisirs"


@pytest.mark.parametrize("count", [1, 10, 11, 25])
def test_writes_leave_in_batches_of_the_services_size_none_forgotten(side: Side, count: int) -> None:
    writes = [creation("departments", f"d{n}", name=f"S{n}") for n in range(count)]
    batches = side.batches(*writes)
    assert len(batches) == -(-count // side.batch)
    assert [write.record for batch in batches for write in batch] == [write.record for write in writes]


@pytest.mark.parametrize("fault", ["lost", "lied"])
def test_a_creation_without_an_answer_is_sent_again_and_makes_one_row(side: Side, fault: str) -> None:
    (batch,) = side.batches(*(creation("departments", f"d{n}", name=f"S{n}") for n in range(5)))
    side.there.fail([fault])
    with pytest.raises(RemoteError) as raised:
        side.send(batch)
    assert raised.value.applied and raised.value.again
    side.there.undisturbed()
    side.remote = side.speak()
    assert [row.id for row in side.send(batch) if isinstance(row, Seen)] == [f"d{n}" for n in range(5)]
    assert side.ids("departments") == [f"d{n}" for n in range(5)]


@pytest.mark.parametrize("fault", ["before", "away"])
def test_a_creation_that_was_not_carried_is_made_when_it_is_sent_again(side: Side, fault: str) -> None:
    (batch,) = side.batches(creation("departments", "d1", name="Voirie"))
    side.there.fail([fault])
    with pytest.raises(RemoteError) as raised:
        side.send(batch)
    assert raised.value.applied is (fault == "before")
    side.there.undisturbed()
    side.send(batch)
    assert side.ids("departments") == ["d1"]


def test_what_another_worker_created_meanwhile_is_not_created_twice(side: Side) -> None:
    """One was so slow that another took its turn, and sent what it knew to be unanswered, with more."""
    (batch,) = side.batches(*(creation("departments", f"d{n}", name=f"S{n}") for n in range(3)))
    more = side.batches(*batch, creation("departments", "d3", name="S3"))
    other, side.remote = side.remote, side.speak()
    for each in more:
        side.send(each)
    side.remote = other
    rows = side.send(batch)
    assert [row.id for row in rows if isinstance(row, Seen)] == ["d0", "d1", "d2"]
    assert side.ids("departments") == ["d0", "d1", "d2", "d3"]


MOVES: dict[str, Callable[[Side, str], object]] = {
    "sorted": lambda side, key: side.there.sort("departments", "name"),
    "a row inserted": lambda side, key: side.there.insert("departments", {"name": "A neuf"}),
    "a row copied": lambda side, key: side.there.copy("departments", key),
    "a row cut and pasted": lambda side, key: side.there.cut("departments", key),
    "a row deleted": lambda side, key: side.there.delete("departments", key),
    "a column renamed": lambda side, key: side.there.rename_column("departments", "email"),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
@pytest.mark.parametrize("which", ["a", "c"])
def test_a_change_lands_on_its_row_whatever_people_do_just_before(
    side: Side, move: Callable[[Side, str], object], which: str
) -> None:
    keys = {id: side.made("departments", id, name=f"S{id}")[id] for id in "cab"}
    side.look()

    def meanwhile() -> None:
        move(side, keys[which])

    side.there.meanwhile(meanwhile)
    rows = side.write(*(change("departments", id, key, email=f"{id}@x") for id, key in keys.items()))
    side.there.undisturbed()
    for id, row in rows.items():
        assert (isinstance(row, Seen) and row.id == id) or (id == which and isinstance(row, Failure)), row
    for there in side.there.rows("departments").values():
        id = str(there.get(ID) or "")
        assert there.get("email") in (None, f"{id}@x"), there
        assert there["name"] in (f"S{id}", "A neuf"), there
    assert {"a", "b", "c"} - {which} <= set(side.ids("departments"))


def test_a_row_that_is_gone_is_said_to_be_and_stops_no_other(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", "d3", name="Voirie")
    side.look()
    side.there.delete("departments", keys["d2"])
    rows = side.write(*(change("departments", id, key, rank=7) for id, key in keys.items()))
    gone = rows["d2"]
    assert isinstance(gone, Failure) and gone.missing
    assert [side.row("departments", id)["rank"] for id in ("d1", "d3")] == [7, 7]


def test_rows_are_deleted_and_what_is_gone_already_is_deleted(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", "d3", name="Voirie")
    side.look()
    side.there.delete("departments", keys["d2"])
    rows = side.write(*(deletion("departments", id, keys[id]) for id in ("d1", "d2")))
    assert rows == {"d1": None, "d2": None}
    assert side.ids("departments") == ["d3"]


def test_a_deletion_without_an_answer_ends_when_it_is_sent_again(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    (batch,) = side.batches(deletion("departments", "d1", keys["d1"]))
    side.there.fail(["lost"])
    with pytest.raises(RemoteError):
        side.send(batch)
    side.there.undisturbed()
    assert side.send(batch) == [None]
    assert side.ids("departments") == ["d2"]


# — setting up —


def test_setting_up_again_touches_nothing_and_nothing_differs(side: Side) -> None:
    side.made("departments", "d1", name="Voirie")
    before = dict(side.there.rows("departments"))
    writes = side.there.writes
    differences = side.remote.check(side.line, SHAPES, side.memory)
    assert not [each for each in differences if "webhook:manage" not in each]
    notes, side.memory = side.remote.setup(side.line, SHAPES, side.memory, STAMP)
    assert not notes
    assert side.there.writes == writes
    assert dict(side.there.rows("departments")) == before


def test_the_stamp_of_another_installation_is_seen_and_replaced_only_knowingly(side: Side) -> None:
    assert side.look(whole=True).stamp == STAMP
    with pytest.raises(RemoteError) as raised:
        side.remote.setup(side.line, SHAPES, side.memory, "une-autre")
    assert raised.value.person and not raised.value.again
    side.remote.setup(side.line, SHAPES, side.memory, "une-autre", take_over=True)
    assert side.look(whole=True).stamp == "une-autre"


# — what it costs, counted at the service —


def test_five_hundred_new_rows_then_five_hundred_changes_cost_their_batches(side: Side) -> None:
    before, turns = side.calls, side.turns
    keys = side.made("departments", *(f"d{n}" for n in range(MANY)), name="x")
    assert side.calls - before == side.turns - turns == MANY // side.batch
    side.look()
    before = side.calls
    rows = side.write(*(change("departments", id, key, name="y") for id, key in keys.items()))
    assert side.calls - before == MANY // side.batch
    assert all(isinstance(row, Seen) for row in rows.values())


def test_an_answer_that_tells_of_another_row_is_not_taken_for_this_one(side: Side) -> None:
    keys = side.made("departments", "d1", "d2", name="Voirie")
    side.look()
    for name in ("Parcs", "Loisirs"):  # its handle, then what it says
        side.there.fail(["other"])
        write = change("departments", "d1", keys["d1"], name=name)
        try:
            told = side.write(write)["d1"]
        except RemoteError as error:
            assert error.again and error.applied
        else:
            assert isinstance(told, Seen) and not (write.is_answered_by(told) and told.id == "d1")
        side.there.undisturbed()
        found = side.look(whole=True).tables["departments"].rows
        assert {row.id: row.cells["name"] for row in found.values()} == {"d1": name, "d2": "Voirie"}
