"""Writing rows to Airtable: ten a request, nothing twice, and one that cannot be written stops no other."""

from collections.abc import Iterator

import pytest

from sync.airtable.writes import GONE, LOST_LINK, TWICE, batches
from sync.outside import shapes
from sync.remote import Failure, RemoteError, Seen
from tests.remotes.airtable import Town, airtable, change, creation, deletion


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True)) as made:
        made.look()
        made.server.calls.clear()
        yield made


def names(town: Town) -> list[str]:
    return sorted(row["Service"] for row in town.server.rows("Services"))


def test_new_and_changed_rows_of_a_table_share_a_request(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie", rank=1)
    town.server.calls.clear()
    rows = town.write(
        creation("departments", "d2", name="Parcs"), change("departments", "d1", key, name="Loisirs")
    )
    assert town.server.calls.total == 1
    assert [(row.id, row.cells) for row in rows if isinstance(row, Seen)] == [
        ("d2", {"name": "Parcs"}),
        ("d1", {"name": "Loisirs", "rank": 1}),
    ]


def test_an_answer_in_another_order_is_put_back_in_ours(town: Town) -> None:
    town.server.api.doubts.answers_reversed = True
    rows = town.write(*(creation("departments", f"d{n}", name=f"S{n}") for n in range(10)))
    assert [row.id for row in rows if isinstance(row, Seen)] == [f"d{n}" for n in range(10)]


def test_deletions_go_by_ten_and_apart_from_the_rest(town: Town) -> None:
    keys = town.made("departments", *(f"d{n}" for n in range(12)), name="Voirie")
    town.server.calls.clear()
    rows = town.write(
        *(deletion("departments", f"d{n}", key) for n, key in enumerate(keys)),
        creation("departments", "d99", name="Parcs"),
    )
    assert town.server.calls.total == 3
    assert rows[:12] == [None] * 12
    assert names(town) == ["Parcs"]


def test_two_writes_of_one_row_keep_their_order_each_in_its_request() -> None:
    first = change("departments", "d1", "rec1", name="a")
    second = change("departments", "d1", "rec1", name="b")
    gone = deletion("departments", "d1", "rec1")
    anew = creation("departments", "d1", name="c")
    other = change("departments", "d2", "rec2", name="d")
    assert batches([first, second, gone, anew, other]) == [(first, other), (second,), (gone,), (anew,)]


def test_tables_have_their_own_requests() -> None:
    writes = [creation("departments", "d1"), creation("codes", "c1"), creation("departments", "d2")]
    assert batches(writes) == [(writes[0], writes[2]), (writes[1],)]


@pytest.mark.parametrize("kind", ["cut", "hang", "500", "503"])
def test_a_creation_whose_answer_was_lost_is_repeated_and_makes_nothing_twice(kind: str) -> None:
    with airtable(shapes(True), timeout=(1, 0.3)) as town:
        town.look()
        writes = [creation("departments", f"d{n}", name=f"S{n}") for n in range(10)]
        town.server.fail_next(kind, after_applying=True)
        with pytest.raises(RemoteError) as raised:
            town.write(*writes)
        assert raised.value.applied and raised.value.again
        assert len(town.server.rows("Services")) == 10
        rows = town.write(*writes)
        assert all(isinstance(row, Seen) for row in rows)
        assert len(town.server.rows("Services")) == 10


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("ROW_DOES_NOT_EXIST", True), ("ROW_DOES_NOT_EXIST", False), ("NOT_FOUND", False),
        ("INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", False),
    ],
)  # fmt: skip
def test_a_row_that_is_gone_does_not_stop_the_nine_others(town: Town, word: str, named: bool) -> None:
    town.server.api.doubts.absent_change, town.server.api.doubts.absent_is_named = word, named
    keys = town.made("departments", *(f"d{n}" for n in range(10)), name="Voirie")
    town.server.delete_row("Services", "d3")
    town.server.delete_row("Services", "d7")
    rows = town.write(*(change("departments", f"d{n}", key, rank=n + 1) for n, key in enumerate(keys)))
    assert [n for n, row in enumerate(rows) if row == GONE] == [3, 7]
    assert sorted(row["Ordre"] for row in town.server.rows("Services")) == [1, 2, 3, 5, 6, 7, 9, 10]


@pytest.mark.parametrize(
    "word", ["NOT_FOUND", "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "ROW_DOES_NOT_EXIST"]
)
def test_a_row_that_was_to_be_deleted_and_is_gone_already_is_deleted(town: Town, word: str) -> None:
    town.server.api.doubts.absent_deletion = word
    keys = town.made("departments", "d1", "d2", "d3", name="Voirie")
    town.server.delete_row("Services", "d2")
    rows = town.write(*(deletion("departments", f"d{n}", key) for n, key in enumerate(keys, 1)))
    assert rows == [None, None, None]
    assert town.server.rows("Services") == []


def test_a_value_that_is_refused_fails_its_row_only(town: Town) -> None:
    writes = [creation("departments", f"d{n}", name=f"S{n}", circuit=None) for n in range(10)]
    writes[6] = creation("departments", "d6", name="S6", circuit="Un mot inconnu")
    rows = town.write(*writes)
    assert [n for n, row in enumerate(rows) if isinstance(row, Failure)] == [6]
    assert isinstance(rows[6], Failure)
    assert not rows[6].missing
    assert "Un mot inconnu" not in rows[6].words
    assert len(town.server.rows("Services")) == 9


def test_a_word_that_left_its_list_without_notice_pauses_it_once_it_was_refused(town: Town) -> None:
    word = next(s for s in town.shapes if s.table == "departments").column("circuit").choices[0]
    town.server.api.doubts.options_are_told = False
    town.server.delete_choice("Services", "Circuit", word)
    (row,) = town.write(creation("departments", "d1", name="Voirie", circuit=word))
    assert isinstance(row, Failure)
    assert word in town.look().tables["departments"].paused["circuit"]


def test_no_choice_is_ever_added_by_writing(town: Town) -> None:
    before = town.remote.check(town.line, town.shapes, town.memory)
    town.write(creation("departments", "d1", circuit="Un mot inconnu"))
    assert town.remote.check(town.line, town.shapes, town.memory) == before


def test_two_rows_of_the_same_id_are_told_and_neither_is_touched(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.server.copy_row("Services", "d1")
    rows = town.write(
        creation("departments", "d1", name="Parcs"), creation("departments", "d2", name="Loisirs")
    )
    assert rows[0] == TWICE
    assert names(town) == ["Loisirs", "Voirie", "Voirie"]


def test_two_rows_of_the_same_id_fail_in_words_though_the_column_was_renamed(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.server.copy_row("Services", "d1")
    town.server.rename_column("Services", "ID", "Identifiant")
    (row,) = town.write(creation("departments", "d1", name="Parcs"))
    assert isinstance(row, Failure)
    assert not row.missing


def test_a_link_to_a_row_that_is_gone_fails_its_row_only(town: Town) -> None:
    (department,) = town.made("departments", "d1", name="Voirie")
    (parks,) = town.made("departments", "d2", name="Parcs")
    town.server.delete_row("Services", department)
    rows = town.write(
        creation("categories", "c1", name="Nids-de-poule", department=[department]),
        creation("categories", "c2", name="Bancs", department=[parks]),
    )
    assert rows[0] == LOST_LINK
    assert isinstance(rows[1], Seen)
    assert rows[1].cells["department"] == [parks]


def test_a_write_to_a_column_that_is_gone_asks_to_look_again(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.delete_column("Services", "Ordre")
    with pytest.raises(RemoteError) as raised:
        town.write(change("departments", "d1", key, rank=3))
    assert (raised.value.again, raised.value.applied, raised.value.person) == (True, False, False)
    assert "rank" in town.look().tables["departments"].paused
    assert town.write(change("departments", "d1", key, rank=3, name="Parcs"))
    assert names(town) == ["Parcs"]


def test_a_write_to_a_table_that_is_gone_asks_to_look_again(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.server.delete_table("Services")
    for write in (change("departments", "d1", key, rank=3), deletion("departments", "d1", key)):
        with pytest.raises(RemoteError) as raised:
            town.write(write)
        assert raised.value.again
        assert not raised.value.applied
    assert town.look().tables["departments"].trouble


def test_a_token_that_may_not_write_is_told_to_a_person(town: Town) -> None:
    town.server.api.scopes.discard("data.records:write")
    with pytest.raises(RemoteError, match=r"data\.records:write") as raised:
        town.write(creation("departments", "d1", name="Voirie"))
    assert raised.value.person
    assert not raised.value.again


def test_a_failure_after_a_part_was_written_says_that_it_may_be(town: Town) -> None:
    writes = [creation("departments", f"d{n}", name=f"S{n}") for n in range(9)]
    writes.append(creation("departments", "d9", circuit="Un mot inconnu"))
    # the ten are refused, then the first five pass, then the service asks to wait
    town.server.after_next("writes", lambda: town.server.after_next("writes", stop))

    def stop() -> None:
        town.server.fail_next("429")

    with pytest.raises(RemoteError) as raised:
        town.write(*writes)
    assert raised.value.applied
    assert raised.value.wait > 30
    assert len(town.server.rows("Services")) == 5
    town.server.advance(31)
    assert len(town.write(*writes)) == 10
    assert len(town.server.rows("Services")) == 9


def test_an_edit_just_before_our_write_of_another_cell_survives(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie", rank=1)
    town.server.before_next_write(lambda: town.server.edit("Services", "d1", {"Service": "Parcs"}))
    (row,) = town.write(change("departments", "d1", key, rank=2))
    assert isinstance(row, Seen)
    assert row.cells == {"name": "Parcs", "rank": 2}
    assert town.look().tables["departments"].rows[key].before["name"] == "Voirie"


def test_rows_sorted_on_screen_change_nothing(town: Town) -> None:
    keys = town.made("departments", *(f"d{n}" for n in range(5)), name="Voirie")
    town.look()
    town.server.sort("Services", "ID")
    assert town.look().tables == {}
    town.write(change("departments", "d3", keys[3], name="Parcs"))
    assert town.server.row("Services", "d3")["Service"] == "Parcs"
