"""What a look brings of a spreadsheet: what it costs, whose row is whose, what no longer reads."""

from collections.abc import Iterator

import pytest

from sync.outside import shapes
from sync.remote import NOTE
from tests.remotes.sheets import Town, creation, sheets

SERVICES, FILES = "Services", "Dossiers"


@pytest.fixture(params=[True, False], ids=["anchors follow a sort", "anchors stay"])
def town(request: pytest.FixtureRequest) -> Iterator[Town]:
    with sheets(shapes(True), sort_moves_marks=request.param) as made:
        made.look()
        made.made("departments", "A", "B", "C", name="x")
        made.look()
        yield made


def keys(town: Town, table: str = "departments") -> dict[str, str]:
    return {id: row.key for id, row in town.rows(table).items()}


def test_a_process_that_starts_again_also_stops_at_the_same_bytes(town: Town) -> None:
    town.restarted()
    with town.costing(reads=1, writes=0):
        assert town.look().tables == {}


def test_typed_rows_are_given_their_anchors_in_one_write(town: Town) -> None:
    for n in range(5):
        town.server.add_row(SERVICES, {"Service": f"Service {n}"})
    with town.costing(reads=2, writes=1):
        rows = town.look().tables["departments"].rows
    typed = {row.cells["name"]: key for key, row in rows.items() if not row.id}
    assert len(set(typed.values())) == 5
    with town.costing(reads=1, writes=0):
        assert town.look().tables == {}


def test_a_row_typed_between_our_read_and_our_anchors_bears_one_too(town: Town) -> None:
    town.server.add_row(SERVICES, {"Service": "premier"})
    town.server.before_next_write(lambda: town.server.insert_row(SERVICES, 1, {"Service": "second"}))
    rows = town.look().tables["departments"].rows
    assert {row.cells["name"] for row in rows.values() if not row.id} == {"premier", "second"}
    assert {row.id for row in rows.values()} == {"A", "B", "C", ""}
    assert all(town.server.marks(SERVICES)[keys(town)[id]] == id for id in "ABC")


def test_a_sort_gives_nobody_the_anchor_of_another(town: Town) -> None:
    before = keys(town)
    town.server.sort(SERVICES, "ID", descending=True)
    assert keys(town) == before
    assert {town.server.marks(SERVICES)[key] for key in before.values()} == {"A", "B", "C"}


def test_a_sort_among_typed_rows_gives_nobody_the_anchor_of_another(town: Town) -> None:
    before = keys(town)
    town.server.add_row(SERVICES, {"Service": "à la main"})
    town.server.sort(SERVICES, "Service")
    after = town.look().tables["departments"].rows
    assert {row.id: key for key, row in after.items() if row.id} == before
    assert [row.cells["name"] for row in after.values() if not row.id] == ["à la main"]


def test_a_sort_while_typed_rows_are_anchored_is_seen_and_mended(town: Town) -> None:
    before = keys(town)
    town.server.add_row(SERVICES, {"Service": "à la main"})
    town.server.before_next_write(lambda: town.server.sort(SERVICES, "Service", descending=True))
    rows = town.look().tables["departments"].rows
    assert {row.id: key for key, row in rows.items() if row.id} == before
    assert len(rows) == 4
    assert town.look().tables == {}


@pytest.mark.parametrize("takes", [True, False], ids=["anchors leave with a cut", "anchors stay at a cut"])
def test_cells_cut_and_pasted_are_still_the_same_row(town: Town, takes: bool) -> None:
    before = keys(town)
    town.server.cut_takes_marks = takes
    town.server.cut_row(SERVICES, "B")
    assert keys(town) == before


@pytest.mark.parametrize("keeps", [True, False])
def test_a_row_that_is_back_is_read_with_its_id(town: Town, keeps: bool) -> None:
    town.server.restore_keeps_marks = keeps
    town.server.delete_row(SERVICES, "B")
    assert set(keys(town)) == {"A", "C"}
    town.server.restore_row(SERVICES, "B")
    assert set(keys(town)) == {"A", "B", "C"}


def test_an_emptied_row_is_no_row_and_what_is_typed_there_is_a_new_one(town: Town) -> None:
    before = keys(town)
    town.server.clear_row(SERVICES, "B")
    assert set(keys(town)) == {"A", "C"}
    town.server.insert_row(SERVICES, 2, {"Service": "neuf"})
    new = [key for key, row in town.look().tables["departments"].rows.items() if not row.id]
    assert len(new) == 1
    assert new[0] not in before.values()


def test_pasting_a_row_over_another_makes_a_copy_of_the_first(town: Town) -> None:
    before = keys(town)
    town.server.edit(SERVICES, "B", {"ID": "A"})
    rows = town.look().tables["departments"].rows
    assert before["B"] not in rows
    assert rows[before["A"]].id == "A"
    assert sorted(row.id for row in rows.values()) == ["A", "A", "C"]


def test_two_anchors_on_a_row_are_one_too_many(town: Town) -> None:
    before = keys(town)
    sheet = town.server.book.titled(SERVICES)
    first, second = (row for row in sheet.rows if row.at(0) in ("A", "B"))
    first.marks += second.marks
    second.marks = []
    town.server.changed()
    assert keys(town) == before


def test_a_renamed_or_moved_column_is_followed_and_a_renamed_tab_too(town: Town) -> None:
    town.server.rename_column(SERVICES, "Service", "Direction")
    town.server.insert_column(SERVICES, 1, "Remarques")
    town.server.rename_table(SERVICES, "Directions")
    town.server.edit(SERVICES, "A", {"Direction": "Greffe", "Remarques": "à voir"})
    look = town.look().tables["departments"]
    (row,) = (each for each in look.rows.values() if each.id == "A")
    assert row.cells["name"] == "Greffe"
    assert row.extras == {"Remarques": "à voir"}
    assert not look.paused


def test_a_missing_tab_and_headers_that_do_not_read_are_troubles(town: Town) -> None:
    town.server.delete_table(SERVICES)
    town.server.delete_column(FILES, "ID")
    look = town.look().tables
    assert "introuvable" in look["departments"].trouble
    assert "en-têtes" in look["files"].trouble
    assert not look["council"].trouble


def test_lines_above_the_headers_are_notes(town: Town) -> None:
    before = keys(town)
    town.server.insert_row(SERVICES, 0)
    assert keys(town) == before


def test_a_store_that_begins_its_numbers_again_jumps_past_those_that_are_there(town: Town) -> None:
    town.turns.given = 0
    town.server.add_row(SERVICES, {"Service": "à la main"})
    rows = town.look().tables["departments"].rows
    assert len(rows) == 4


def test_so_does_the_next_process_that_finds_the_same_bytes(town: Town) -> None:
    taken = {int(key) for key in town.server.marks(SERVICES)}
    town.turns.given = min(taken) - 1
    town.restarted()
    assert town.look().tables == {}
    (batch,) = town.remote.batches(town.line, town.memory, [creation("departments", "D", name="Loisirs")])
    assert int(batch[0].key) not in taken


def test_the_note_is_a_column_like_ours_and_no_extra(town: Town) -> None:
    town.server.edit(SERVICES, "A", {"Synchronisation": "Refusé"})
    row = town.rows("departments")["A"]
    assert row.cells[NOTE] == "Refusé"
    assert row.extras == {}


def test_the_same_bytes_are_not_even_parsed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(*given: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr("sync.sheets.remote.read", parse)
    assert town.look().tables == {}


def test_reading_some_rows_brings_those_that_are_there(town: Town) -> None:
    before = keys(town)
    town.server.delete_row(SERVICES, "B")
    (shape,) = (each for each in town.shapes if each.table == "departments")
    with town.costing(reads=1, writes=0):
        found = town.remote.read(town.line, shape, town.memory, list(before.values()))
    assert {row.id for row in found.values()} == {"A", "C"}


def test_creations_that_come_after_a_look_are_known_at_the_next(town: Town) -> None:
    town.write(creation("departments", "D", name="y"))
    town.server.sort(SERVICES, "ID", descending=True)
    assert {row.id for row in town.look().tables["departments"].rows.values()} == set("ABCD")
    assert sorted(town.server.marks(SERVICES).values()) == ["A", "B", "C", "D"]
