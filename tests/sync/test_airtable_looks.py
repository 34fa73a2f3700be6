"""Looking at a base by its feed: what it costs, what it tells, and what is done when it breaks."""

from collections.abc import Iterator

import pytest

from sync.outside import shapes
from tests.remotes.airtable import STAMP, Town, airtable, change, deletion

DAY = 86_400


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True)) as made:
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


def test_the_rows_of_a_table_to_adopt_are_read_again_when_their_pages_went_stale(town: Town) -> None:
    town.made("codes", *(f"c{n}" for n in range(150)), label="Fait")
    tables = town.remote.tables_there(town.line, town.memory)
    town.server.after_next("listings", town.server.api.listings.clear)
    (codes,) = [table for table in tables if table.ours == "codes"]
    assert len(town.remote.rows_there(town.line, codes)) == 150


@pytest.mark.parametrize("status", [404, 405])
def test_a_server_that_lists_by_get_alone_is_asked_so_and_the_other_way_only_once(
    town: Town, status: int
) -> None:
    keys = town.made("codes", *(f"c{n}" for n in range(230)), label="Fait")
    town.look(whole=True)
    town.server.listing_by_post = status
    town.server.asked.clear()
    by_get = town.look(whole=True).tables["codes"].rows
    assert sum(path.endswith("/listRecords") for _, path in town.server.asked) == 1
    town.server.listing_by_post = 200
    town.restarted()
    assert town.look(whole=True).tables["codes"].rows == by_get and set(by_get) == {*keys}


def test_a_formula_of_a_hundred_keys_goes_by_get_too(town: Town) -> None:
    keys = town.made("departments", *(f"d{n}" for n in range(120)), name="Voirie")
    town.server.listing_by_post = 404
    shape = next(s for s in town.shapes if s.table == "departments")
    assert set(town.remote.read(town.line, shape, town.memory, keys)) == {*keys}


def test_a_table_that_is_gone_is_not_taken_for_a_server_of_another_kind(town: Town) -> None:
    town.made("departments", "d1", name="Voirie")
    town.server.delete_table("Dossiers")
    assert town.look(whole=True).tables["files"].trouble
    assert town.remote._calls.lists_by_post


def test_what_happens_during_a_whole_look_is_told_by_the_next_one(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.server.after_next("listings", lambda: town.server.edit("Services", key, {"Service": "Parcs"}))
    assert town.look(whole=True).tables["departments"].rows[key].cells["name"] == "Voirie"
    assert town.look().tables["departments"].rows[key].cells["name"] == "Parcs"


def test_reading_chosen_rows_tells_those_that_are_still_there(town: Town) -> None:
    keys = town.made("departments", "d1", "d2", name="Voirie")
    town.server.delete_row("Services", "d2")
    shape = next(s for s in town.shapes if s.table == "departments")
    assert set(town.remote.read(town.line, shape, town.memory, keys)) == {keys[0]}


def test_a_deletion_of_ours_is_told_as_gone_and_nothing_more(town: Town) -> None:
    (key,) = town.made("departments", "d1", name="Voirie")
    town.look()
    town.write(deletion("departments", "d1", key))
    look = town.look().tables["departments"]
    assert look.gone == {key} and not look.rows
