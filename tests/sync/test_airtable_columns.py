"""Tables, columns and choices that change under us, and a base that has no feed."""

from collections.abc import Iterator

import pytest

from sync.airtable.remote import WHOLE_EVERY
from sync.outside import shapes
from sync.remote import NOTE, RemoteError
from tests.remotes.airtable import Town, airtable
from tests.remotes.airtable_api import SCOPES

DAY = 86_400


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True)) as made:
        made.look()
        made.server.calls.clear()
        yield made


@pytest.fixture
def poor() -> Iterator[Town]:
    """A base whose token may not make a webhook."""
    with airtable(shapes(True), scopes=set(SCOPES) - {"webhook:manage"}) as made:
        made.look()
        made.server.calls.clear()
        yield made


def test_a_renamed_table_column_or_unknown_column_is_followed(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.server.rename_column("Services", "Service", "Nom du service")
    town.server.rename_table("Services", "Nos services")
    town.server.add_column("Nos services", "Budget", "number")
    assert town.look().tables == {}
    town.server.edit("Nos services", "d1", {"Nom du service": "Parcs", "Budget": 12.5})
    (row,) = town.look().tables["departments"].rows.values()
    assert (row.cells["name"], row.extras) == ("Parcs", {"Budget": 12.5})
    town.server.rename_column("Nos services", "Budget", "Budget 2026")
    town.look()
    town.server.edit("Nos services", "d1", {"Budget 2026": 13})
    (row,) = town.look().tables["departments"].rows.values()
    assert row.extras == {"Budget 2026": 13}


def test_a_missing_column_is_paused_and_what_it_held_is_not_emptied(town: Town) -> None:
    town.made("departments", "d1", name="Voirie", rank=3)
    town.look()
    town.server.delete_column("Services", "Ordre")
    look = town.look().tables["departments"]
    assert set(look.paused) == {"rank"} and "Ordre" in look.paused["rank"]
    town.server.add_column("Services", "Ordre", "number")
    assert set(town.look().tables["departments"].paused) == {"rank"}


def test_a_column_deleted_while_its_rows_are_read_is_never_taken_for_empty(town: Town) -> None:
    town.made("departments", "d1", name="Voirie", rank=3)
    town.look()
    town.server.edit("Services", "d1", {"Service": "Parcs"})
    town.server.before_next("listings", lambda: town.server.delete_column("Services", "Ordre"))
    look = town.look().tables["departments"]
    assert "rank" in look.paused
    assert [row.cells for row in look.rows.values()] == [{"name": "Parcs"}]


@pytest.mark.parametrize("act", ["rename", "delete"])
def test_a_choice_renamed_or_removed_pauses_its_column_until_it_is_put_right(town: Town, act: str) -> None:
    word = next(s for s in town.shapes if s.table == "departments").column("circuit").choices[0]
    town.made("departments", "d1", name="Voirie", circuit=word)
    town.look()
    if act == "rename":
        town.server.rename_choice("Services", "Circuit", word, "Autre mot")
    else:
        town.server.delete_choice("Services", "Circuit", word)
    look = town.look().tables["departments"]
    assert word in look.paused["circuit"]
    assert all("circuit" not in row.cells for row in look.rows.values())
    if act == "rename":
        assert "Autre mot" in look.paused["circuit"]
        town.server.rename_choice("Services", "Circuit", "Autre mot", word)
        back = town.look().tables["departments"]
        assert back.whole and back.paused == {}
        assert [row.cells["circuit"] for row in back.rows.values()] == [word]


@pytest.mark.parametrize("act", ["rename", "delete"])
def test_a_choice_that_changes_without_a_word_is_noticed_by_the_cells_that_show_it(
    town: Town, act: str
) -> None:
    word, other = next(s for s in town.shapes if s.table == "departments").column("circuit").choices[:2]
    town.made("departments", "d1", name="Voirie", circuit=word)
    town.look()
    town.server.api.doubts.options_are_told = False
    if act == "rename":
        town.server.rename_choice("Services", "Circuit", word, "Autre mot")
        town.server.edit("Services", "d1", {"Circuit": other})
        town.look()
        town.server.edit("Services", "d1", {"Circuit": "Autre mot"})
    else:
        town.server.delete_choice("Services", "Circuit", word)
    look = town.look().tables["departments"]
    assert "circuit" in look.paused
    assert all("circuit" not in row.cells for row in look.rows.values())
    if act == "rename":
        town.server.rename_choice("Services", "Circuit", "Autre mot", word)
        assert any(not town.look().tables["departments"].paused for _ in range(WHOLE_EVERY))


def test_a_new_choice_of_the_old_word_does_not_hide_that_the_cells_show_another(town: Town) -> None:
    word = next(s for s in town.shapes if s.table == "departments").column("circuit").choices[0]
    town.made("departments", "d1", name="Voirie", circuit=word)
    town.made("departments", "d2", name="Parcs")
    town.look()
    town.server.rename_choice("Services", "Circuit", word, "Autre mot")
    town.server.edit("Services", "d2", {"Circuit": word})  # whoever picks it in a list adds it again
    for _ in range(2):
        look = town.look().tables["departments"]
        assert f"un nouveau « {word} »" in look.paused["circuit"]
        assert all("circuit" not in row.cells for row in look.rows.values())
        town.server.edit("Services", "d2", {"Ordre": 3})
    town.server.edit("Services", "d1", {"Circuit": word})
    town.server.delete_choice("Services", "Circuit", "Autre mot")
    back = town.look().tables["departments"]
    assert back.whole and back.paused == {}
    assert [row.cells["circuit"] for row in back.rows.values()] == [word, word]


def test_a_column_of_another_type_is_paused(town: Town) -> None:
    town.server.retype_column("Services", "Ordre", "singleLineText")
    assert "type" in town.look().tables["departments"].paused["rank"]


def test_the_column_of_refusals_may_be_missing(town: Town) -> None:
    town.server.delete_column("Services", "Synchronisation")
    assert set(town.look().tables["departments"].paused) == {NOTE}
    assert town.made("departments", "d1", name="Voirie", **{NOTE: "refusé"})


def test_a_missing_table_is_in_trouble_and_lists_whole_when_it_is_back(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.delete_table("Services")
    look = town.look().tables
    assert "Services" in look["departments"].trouble and not look["departments"].rows
    town.server.restore_table("Services")
    back = town.look().tables["departments"]
    assert back.whole and len(back.rows) == 1


def test_a_table_without_our_ids_is_in_trouble(town: Town) -> None:
    town.server.delete_column("Services", "ID")
    assert "ID" in town.look().tables["departments"].trouble


def test_without_the_right_to_a_feed_each_table_is_asked_what_changed(poor: Town) -> None:
    assert poor.memory["webhook"] is None
    poor.server.advance(600)
    assert poor.look().tables == {}
    assert poor.server.calls.total == len(poor.shapes)
    key = poor.server.add_row("Services", {"Service": "Loisirs"})
    assert poor.look().tables["departments"].rows[key].cells == {"name": "Loisirs"}
    poor.server.advance(600)
    poor.look()
    poor.server.edit("Services", key, {"Service": "Parcs"})
    assert poor.look().tables["departments"].rows[key].cells == {"name": "Parcs"}
    assert poor.look().tables["departments"].rows  # two minutes are asked twice, for clocks that disagree


def test_without_a_feed_a_deletion_is_known_by_a_whole_listing_now_and_then(poor: Town) -> None:
    key = poor.server.add_row("Services", {"Service": "Loisirs"})
    poor.look()
    poor.server.delete_row("Services", key)
    looks = [poor.look() for _ in range(WHOLE_EVERY)]
    whole = [look.tables["departments"] for look in looks if "departments" in look.tables]
    whole = [look for look in whole if look.whole]
    assert len(whole) == 1 and not whole[0].rows


def test_without_a_feed_a_missing_column_or_table_is_noticed(poor: Town) -> None:
    poor.server.add_row("Services", {"Service": "Loisirs"})
    poor.server.delete_column("Services", "Ordre")
    assert "rank" in poor.look().tables["departments"].paused
    poor.server.delete_table("Services")
    assert poor.look().tables["departments"].trouble


def test_without_a_feed_a_renamed_choice_is_noticed_with_the_first_row_that_moves(poor: Town) -> None:
    column = next(s for s in poor.shapes if s.table == "departments").column("circuit")
    poor.server.rename_choice("Services", "Circuit", column.choices[0], "Autre mot")
    poor.server.add_row("Services", {"Circuit": "Autre mot"})
    assert "circuit" in poor.look().tables["departments"].paused


def test_a_feed_that_becomes_allowed_is_taken_up_at_the_next_whole_look(poor: Town) -> None:
    poor.server.api.scopes.add("webhook:manage")
    poor.look(whole=True)
    poor.server.calls.clear()
    poor.look()
    assert poor.server.calls.total == 1


def test_a_base_that_is_full_of_feeds_is_asked_table_by_table(town: Town) -> None:
    for _ in range(10):
        town.server.base.webhooks.make({}, town.server.now)
    fresh = town.remote.look(town.line, town.shapes, {})
    assert fresh.memory["webhook"] is None


def test_columns_that_go_out_from_now_on_are_looked_for_at_once() -> None:
    with airtable(shapes(True)) as town:
        town.shapes = shapes(False)
        town.look()
        (key,) = town.made("files", "f1", number="2026-001")
        town.server.edit("Dossiers", "f1", {"Exposé des faits": "Un nid-de-poule"})
        row = town.look().tables["files"].rows[key]
        assert "facts" not in row.cells
        town.shapes = shapes(True)
        look = town.look().tables["files"]
        assert look.whole and look.rows[key].cells["facts"] == "Un nid-de-poule"
        town.shapes = shapes(False)
        narrow = town.look().tables["files"]
        assert narrow.whole and not narrow.paused
        assert narrow.rows[key].cells == {"number": "2026-001"} and narrow.rows[key].extras == {}


def test_a_town_that_was_never_set_up_is_told_so(town: Town) -> None:
    with airtable(shapes(True), ready=False) as bare:
        look = bare.look()
        assert all(each.trouble for each in look.tables.values())
        assert look.stamp is None
        with pytest.raises(RemoteError, match="mise en place"):
            bare.remote.probe(bare.line, bare.memory)
