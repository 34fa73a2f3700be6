"""Looking at a base: what it costs, what it tells, and what is told when the feed cannot."""

from collections.abc import Iterator

import pytest

from sync.airtable import WHOLE_EVERY
from sync.outside import shapes
from sync.remote import NOTE, RemoteError
from tests.remotes.airtable import STAMP, Town, airtable, change, deletion
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


def test_the_first_look_opens_the_feed_then_lists_every_table_and_reads_the_stamp(town: Town) -> None:
    fresh = town.remote.look(town.line, town.shapes, {})
    assert {name: look.whole for name, look in fresh.tables.items()} == {s.table: True for s in town.shapes}
    assert fresh.stamp == STAMP
    asked = [path for _, path in town.server.asked]
    opened = max(n for n, path in enumerate(asked) if path.endswith("/webhooks"))
    assert all(path.endswith("/listRecords") for path in asked[opened + 1 :])
    assert len(asked[opened + 1 :]) == len(town.shapes)


def test_nothing_moved_costs_one_request_for_all_tables(town: Town) -> None:
    for _ in range(3):
        assert town.look().tables == {}
    assert (town.server.calls.feed, town.server.calls.total) == (3, 3)


def test_every_request_asked_for_its_turn(town: Town) -> None:
    before, asked = town.turns.taken, len(town.server.asked)
    town.made("departments", "d1", name="Voirie")
    town.look(whole=True)
    assert town.turns.taken - before == len(town.server.asked) - asked > 10


def test_an_edit_is_told_with_the_row_as_it_is_and_what_it_was(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie", active=True)
    town.look()
    town.server.calls.clear()
    town.server.edit("Services", "d1", {"Service": "Travaux publics", "Ordre": 3})
    look = town.look().tables["departments"]
    row = look.rows[key]
    assert not look.whole
    assert row.cells == {"name": "Travaux publics", "rank": 3, "active": True}
    assert row.before == {"name": "Voirie", "rank": None}
    assert (town.server.calls.feed, town.server.calls.listings, town.server.calls.total) == (1, 1, 2)


def test_rows_of_many_tables_that_moved_cost_one_reading_a_table(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.made("codes", *(f"c{n}" for n in range(101)), label="Fait")
    town.look()
    town.server.calls.clear()
    town.server.edit("Services", "d1", {"Service": "Parcs"})
    for n in range(101):
        town.server.edit("Codes d'intervention", f"c{n}", {"Libellé": "Réglé"})
    found = town.look().tables
    assert len(found["codes"].rows) == 101 and len(found["departments"].rows) == 1
    assert town.server.calls.listings == 3  # one page of a hundred, one of one, one of the other table
    assert town.server.calls.feed == 3  # 102 payloads, fifty a page


def test_a_row_typed_by_a_person_or_a_form_is_told(town: Town) -> None:
    typed = town.server.add_row("Services", {"Service": "Loisirs"})
    sent = town.server.form_row("Services", {"Service": "Culture"})
    rows = town.look().tables["departments"].rows
    assert {key: row.id for key, row in rows.items()} == {typed: "", sent: ""}
    assert rows[sent].cells == {"name": "Culture"}


def test_a_copied_row_bears_the_same_id_under_another_key(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    copy = town.server.copy_row("Services", "d1")
    row = town.look().tables["departments"].rows[copy]
    assert row.id == "d1" and copy != key


def test_a_deleted_row_is_gone_and_a_restored_one_is_back_under_the_same_key(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.delete_row("Services", "d1")
    assert town.look().tables["departments"].gone == {key}
    town.server.restore_row("Services", key)
    assert town.look().tables["departments"].rows[key].cells == {"name": "Voirie"}
    town.server.delete_row("Services", key)
    town.server.restore_row("Services", key)
    look = town.look().tables["departments"]
    assert key in look.rows and not look.gone


def test_a_row_deleted_between_the_feed_and_its_reading_is_gone(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.edit("Services", "d1", {"Service": "Parcs"})
    town.server.before_next("listings", lambda: town.server.delete_row("Services", key))
    assert town.look().tables["departments"].gone == {key}


def test_our_own_writes_come_back_unread(town: Town) -> None:
    keys = town.made("departments", *(f"d{n}" for n in range(25)), name="Voirie", active=True)
    town.write(*(change("departments", f"d{n}", key, rank=n) for n, key in enumerate(keys)))
    town.server.calls.clear()
    assert town.look().tables == {}
    assert (town.server.calls.feed, town.server.calls.total) == (1, 1)


def test_a_link_of_ours_does_not_move_the_row_it_leads_to(town: Town) -> None:
    (department,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.made("categories", "c1", name="Nids-de-poule", department=[department])
    town.restarted()
    assert set(town.look().tables) == {"categories"}


def test_what_the_ledger_does_not_know_of_is_read_though_it_was_written_by_us(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.restarted()
    assert town.look().tables["departments"].rows[key].cells == {"name": "Voirie"}
    assert town.look().tables == {}


def test_a_late_echo_of_an_older_write_tells_the_row_as_it_is_now(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.server.api.doubts.payloads_held_back = 1
    town.write(change("departments", "d1", key, name="Parcs"))
    town.write(change("departments", "d1", key, name="Loisirs"))
    first = town.look().tables.get("departments")
    assert first is None or first.rows[key].cells["name"] == "Loisirs"
    town.server.api.doubts.payloads_held_back = 0
    assert town.look().tables == {}


def test_an_edit_that_we_wrote_over_unseen_is_found_again_in_what_was_before(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.edit("Services", "d1", {"Service": "Typed by the director"})
    town.write(change("departments", "d1", key, name="Parcs"))
    town.write(change("departments", "d1", key, name="Loisirs"))
    row = town.look().tables["departments"].rows[key]
    assert row.cells["name"] == "Loisirs"
    assert row.before["name"] == "Typed by the director"


def test_a_person_who_puts_back_what_we_had_written_is_heard(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.write(change("departments", "d1", key, name="Parcs"))
    town.server.edit("Services", "d1", {"Service": "Voirie"})
    assert town.look().tables["departments"].rows[key].cells["name"] == "Voirie"


def test_a_gap_in_the_feed_lists_everything(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.look()
    town.server.edit("Services", "d1", {"Service": "Parcs"})
    (webhook,) = town.server.base.webhooks.all.values()
    webhook.first += len(webhook.payloads)
    webhook.payloads.clear()
    look = town.look()
    assert all(each.whole for each in look.tables.values())
    assert [row.cells["name"] for row in look.tables["departments"].rows.values()] == ["Parcs"]
    assert town.look().tables == {}
    assert list(town.server.base.webhooks.all) == [webhook.id]


def test_an_error_in_the_feed_makes_a_new_one_and_removes_the_old(town: Town) -> None:
    (old,) = town.server.base.webhooks.all
    town.server.base.webhooks.break_feed("INVALID_HOOK", town.server.now)
    assert all(look.whole for look in town.look().tables.values())
    (new,) = town.server.base.webhooks.all
    assert new != old
    assert town.look().tables == {}


@pytest.mark.parametrize("word", ["NOT_FOUND", "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"])
def test_a_feed_that_is_no_more_is_made_anew(town: Town, word: str) -> None:
    town.server.api.doubts.dead_webhook = word
    town.server.base.webhooks.all.clear()
    town.server.add_row("Services", {"Service": "Loisirs"})
    assert len(town.look().tables["departments"].rows) == 1
    assert len(town.server.base.webhooks.all) == 1


def test_a_feed_that_died_of_a_long_silence_and_still_answers_is_not_believed(town: Town) -> None:
    town.server.advance(8 * DAY)
    town.server.add_row("Services", {"Service": "Loisirs"})
    look = town.look()
    assert look.tables["departments"].whole and len(look.tables["departments"].rows) == 1
    town.server.edit("Services", next(iter(look.tables["departments"].rows)), {"Service": "Parcs"})
    assert len(town.look().tables["departments"].rows) == 1


def test_reading_keeps_the_feed_alive_for_months(town: Town) -> None:
    for _ in range(20):
        town.server.advance(5 * DAY)
        assert town.look().tables == {}
    assert town.server.calls.total == 20


def test_a_listing_whose_pages_went_stale_begins_again(town: Town) -> None:
    town.made("codes", *(f"c{n}" for n in range(150)), label="Fait")
    expired = 0

    def forget() -> None:
        nonlocal expired
        if town.server.api.listings:
            town.server.api.listings.clear()
            expired += 1
        else:
            town.server.after_next("listings", forget)

    town.server.after_next("listings", forget)
    assert len(town.look(whole=True).tables["codes"].rows) == 150
    assert expired == 1


def test_what_happens_during_a_whole_look_is_told_by_the_next_one(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.server.after_next("listings", lambda: town.server.edit("Services", key, {"Service": "Parcs"}))
    assert town.look(whole=True).tables["departments"].rows[key].cells["name"] == "Voirie"
    assert town.look().tables["departments"].rows[key].cells["name"] == "Parcs"


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


def test_reading_chosen_rows_tells_those_that_are_still_there(town: Town) -> None:
    keys = town.made("departments", "d1", "d2", name="Voirie")
    town.server.delete_row("Services", "d2")
    shape = next(s for s in town.shapes if s.table == "departments")
    assert set(town.remote.read(town.line, shape, town.memory, keys)) == {keys[0]}


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


def test_a_deletion_of_ours_is_told_as_gone_and_nothing_more(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.write(deletion("departments", "d1", key))
    look = town.look().tables["departments"]
    assert look.gone == {key} and not look.rows


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
        assert look.stamp == ""
        with pytest.raises(RemoteError, match="mise en place"):
            bare.remote.probe(bare.line, bare.memory)
