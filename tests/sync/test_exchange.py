"""Reconciliation with a remote in memory: every invariant of the exchange, one history at a time."""

import json

import pytest
import sqlalchemy as sa

from policy.words import State
from sync import ledger, orders, rebuild, window
from sync.link_tables import HELD, LINKS, MOVED, REMOTE_NOTICES, Tie
from sync.remote import ID, NOTE, RefersBy, RemoteError
from sync.schema import HISTORY, SQL
from sync.store import Store
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import town
from tests.sync.rows import DESK


def test_the_first_exchange_tells_everything_and_the_second_nothing(store: Store) -> None:
    here, (roads, *files) = town(store)
    told = here.run()
    assert told.created_there == 4
    assert {row[ID] for row in here.service.rows("files").values()} == set(files)
    assert here.service.by_id("files", files[0])[0]["department"] == here.service.key_of("departments", roads)
    writes, reads = here.service.writes, here.service.reads
    assert here.run().as_row() | {"calls": 0} == dict.fromkeys(told.as_row(), 0)
    assert (here.service.writes, here.service.reads) == (writes, reads + 1)


def test_an_edit_of_each_side_crosses_to_the_other(store: Store) -> None:
    here, (_, first, second, _) = town(store)
    here.run()
    here.change("files", first, street="rue Principale")
    here.service.edit("files", here.service.key_of("files", second), {"street": "rue de la Station"})
    told = here.run()
    assert (told.pulled, told.pushed) == (1, 1)
    assert here.service.by_id("files", first)[0]["street"] == "rue Principale"
    assert here.get("files", second)["street"] == "rue de la Station"
    assert here.run().pushed == 0


def test_edits_of_different_fields_of_one_row_merge(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, sector="Nord")
    here.service.edit("files", here.service.key_of("files", first), {"street": "rue de la Station"})
    here.run()
    row = here.get("files", first)
    assert (row["sector"], row["street"]) == ("Nord", "rue de la Station")
    assert here.service.by_id("files", first)[0]["sector"] == "Nord"


def test_two_edits_of_one_field_are_a_dispute_that_a_person_settles(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.change("files", first, street="rue Principale")
    here.service.edit("files", key, {"street": "rue de la Station"})
    assert here.run().disputed == 1
    assert here.get("files", first)["street"] == "rue Principale"
    assert here.service.rows("files")[key]["street"] == "rue de la Station"
    assert "Litige, « Rue ou lieu »" in here.service.rows("files")[key][NOTE]
    assert here.run().as_row() | {"calls": 0} == dict.fromkeys(here.run().as_row(), 0)
    with store.writing() as tx:
        orders.keep_ours(tx, here.held()[0]["id"], "dir", here.now)
    here.run()
    assert here.service.rows("files")[key]["street"] == "rue Principale"
    assert NOTE not in here.service.rows("files")[key]


def test_a_value_that_does_not_fit_stays_there_with_its_reason_until_its_row_changes(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"planned_on": "bientôt"})
    assert here.run(again=False).rejected == 0, "a person may still be typing"
    assert here.run(again=False).rejected == 1
    assert here.get("files", first)["planned_on"] is None
    row = here.service.rows("files")[key]
    assert row["planned_on"] == "bientôt" and "« bientôt »" in row[NOTE]
    assert here.run().rejected == 0
    here.service.edit("files", key, {"planned_on": "2026-12-01"})
    here.run()
    assert str(here.get("files", first)["planned_on"]) == "2026-12-01"
    assert NOTE not in here.service.rows("files")[key]
    assert here.held() == [] and len(here.held(settled=True)) == 1


def test_what_the_counter_refuses_is_judged_whole(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"state": State.DONE.value, "sector": "Nord"})
    here.run(again=False)
    assert here.get("files", first)["state"] is State.NEW and here.held() == []
    here.service.edit("files", key, {"done_on": "2026-11-20"})
    told = here.run(again=False)
    assert told.pulled == 1 and told.rejected == 0
    row = here.get("files", first)
    assert (row["state"], row["sector"]) == (State.DONE, "Nord")


def test_a_rejected_row_is_tried_again_with_what_it_lacked(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"state": State.DONE.value})
    assert here.run().rejected == 1
    here.service.edit("files", key, {"done_on": "2026-11-20"})
    assert here.run().pulled == 1
    assert here.get("files", first)["state"] is State.DONE
    assert NOTE not in here.service.rows("files")[key]


def test_a_desk_edit_replaces_a_rejected_value_which_stays_told(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"planned_on": "bientôt"})
    here.run()
    here.change("files", first, planned_on=here.now.date())
    here.run()
    assert here.service.rows("files")[key]["planned_on"] == here.now.date().isoformat()
    assert [row["raw"] for row in here.held(settled=True)] == ['"bientôt"']
    assert here.held() == [] and here.run().pushed == 0


def test_a_value_of_the_desk_is_put_back_three_times_a_day_then_a_person_is_told(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    for _ in range(3):
        here.service.edit("files", key, {"number": "42"})
        here.run()
        assert here.service.rows("files")[key]["number"] == "2026-00001"
    here.service.edit("files", key, {"number": "43"})
    assert here.run().pushed == 0
    assert here.service.rows("files")[key]["number"] == "43"
    assert here.get("files", first)["number"] == "2026-00001"


@pytest.mark.parametrize("fault", ["before", "lost", "away"])
def test_a_creation_that_is_not_answered_creates_one_row(store: Store, fault: str) -> None:
    here, ids = town(store)
    here.service.faults = ["fine", fault]
    with pytest.raises(RemoteError):
        here.run()
    here.run()
    for id in ids[1:]:
        assert len(here.service.by_id("files", id)) == 1
    assert len(here.service.rows("departments")) == 1
    assert here.run().created_there == 0


@pytest.mark.parametrize("fault", ["before", "lost", "away"])
def test_an_edit_there_after_a_change_without_an_answer_is_no_dispute(store: Store, fault: str) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.change("files", first, street="rue Principale")
    here.service.faults = ["fine", fault]
    with pytest.raises(RemoteError):
        here.run()
    here.service.edit("files", key, {"street": "rue de la Station"})
    told = here.run()
    if fault == "away":  # it surely was not written: both changed
        assert told.disputed == 1
    else:
        assert (told.disputed, told.pulled) == (0, 1)
        assert here.get("files", first)["street"] == "rue de la Station"


def test_a_deleted_row_is_withdrawn_and_links_again_when_it_comes_back(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    cells = here.service.delete("files", key)
    assert here.run().withdrawn == 1
    assert here.get("files", first)["state"] is State.NEW
    assert here.run().withdrawn == 0
    here.change("files", first, street="rue Principale")
    here.run()
    assert here.service.by_id("files", first) == []
    here.service.restore("files", key, cells)
    here.run()
    assert here.link(first).tie is Tie.LINKED
    assert here.service.by_id("files", first)[0]["street"] == "rue Principale"


def test_a_row_of_settings_in_use_comes_back(store: Store) -> None:
    here, (roads, *_) = town(store)
    here.run()
    here.service.delete("departments", here.service.key_of("departments", roads))
    here.run()
    here.run()
    assert len(here.service.by_id("departments", roads)) == 1


def test_many_disappearances_freeze_the_table_until_a_person_says_so(store: Store) -> None:
    here, (_, *files) = town(store, files=20)
    here.run()
    for id in files[:6]:
        here.service.delete("files", here.service.key_of("files", id))
    told = here.run()
    assert (told.frozen, told.withdrawn) == (1, 0)
    here.change("files", files[10], street="rue Principale")
    assert here.run().pushed == 0
    with store.writing() as tx:
        orders.thaw(tx, "memory", "files", orders.Thaw.PUT_BACK, here.now)
    here.run()
    assert len(here.service.rows("files")) == 20
    assert here.service.by_id("files", files[10])[0]["street"] == "rue Principale"


def test_a_row_typed_there_waits_for_the_desk_and_a_row_of_settings_does_not(store: Store) -> None:
    here, _ = town(store)
    here.run()
    typed = here.service.add("files", {"street": "rue de la Station", "extra": "Vu en passant"})
    here.service.add("departments", {"name": "Loisirs", "circuit": "B", "closer": "Le service"})
    here.run(again=False)
    assert here.service.rows("files")[typed].get(ID) is None
    told = here.run(again=False)
    assert told.created_here == 2
    link = next(link for link in here.links() if link.tie is Tie.PROPOSED)
    assert link.agreed["street"] == "rue de la Station" and link.extras == {"extra": "Vu en passant"}
    assert here.service.rows("files")[typed][ID] == link.id
    with store.reading() as tx:
        assert tx.first("departments", name="Loisirs") is not None
    assert here.run().created_here == 0


def test_a_copied_row_is_told_as_a_copy_and_gets_an_id_of_its_own(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    copied = here.service.copy("files", here.service.key_of("files", first))
    here.run()
    link = next(link for link in here.links() if link.key == copied)
    assert (link.tie, link.told) == (Tie.PROPOSED, "copie de 2026-00001")
    assert here.service.rows("files")[copied][ID] == link.id
    assert len(here.service.by_id("files", first)) == 1


def test_a_purge_wins_over_everything(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    cells = here.service.rows("files")[key]
    assert here.purge("files", first)
    here.run()
    assert here.service.by_id("files", first) == []
    here.service.restore("files", key, cells)
    here.run()
    assert here.service.by_id("files", first) == []
    here.run()
    here.run()
    assert [link for link in here.links() if link.tie is Tie.PURGED] == []
    here.service.restore("files", key, cells)
    here.run()
    here.run()
    assert here.service.by_id("files", first) == []


def test_another_installation_is_not_spoken_to(store: Store) -> None:
    here, _ = town(store)
    here.service.stamp = "une autre"
    with pytest.raises(RemoteError) as refused:
        here.run()
    assert refused.value.person and here.service.writes == 0


def test_a_file_closed_long_ago_leaves_the_table_and_comes_back_when_it_is_reopened(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, open=False, closed_at=here.now.replace(year=2024), state=State.DONE)
    here.run()
    assert here.service.by_id("files", first) == []
    here.change("files", first, open=True, closed_at=None, state=State.TAKEN)
    here.run()
    assert len(here.service.by_id("files", first)) == 1


def test_two_workers_never_speak_at_once(store: Store) -> None:
    here, _ = town(store)
    here.run()
    there = here.crossing("ailleurs")
    with pytest.raises(RemoteError):
        there.line.turn()


@pytest.mark.parametrize("refers_by", RefersBy)
def test_a_store_that_lost_everything_is_rebuilt_from_the_remote(store: Store, refers_by: RefersBy) -> None:
    service = Service()
    here, (roads, first, second, _) = town(store, remote=InMemory(service, refers_by), service=service)
    here.change("files", first, duplicate_of=second, planned_on=here.now.date())
    here.run()
    before = here.get("files", first)
    with store.writing() as tx:
        tx.connection.execute(sa.text("UPDATE files SET duplicate_of = NULL"))
        for table in (HELD, LINKS, MOVED, HISTORY, SQL["files"], SQL["departments"]):
            tx.connection.execute(sa.delete(table))
    told = here.run(whole=True, rebuilding=True)
    assert told.created_here == 4
    after = here.get("files", first)
    assert {
        name: after[name] for name in ("number", "street", "planned_on", "duplicate_of", "department")
    } == {name: before[name] for name in ("number", "street", "planned_on", "duplicate_of", "department")}
    assert here.get("departments", roads)["name"] == "Travaux publics"
    here.run()
    assert here.run().as_row() | {"calls": 0} == dict.fromkeys(told.as_row(), 0)
    assert len(service.rows("files")) == 3


def test_a_remote_that_was_emptied_is_frozen_then_filled_again_on_a_persons_word(store: Store) -> None:
    here, (_, *files) = town(store, files=20)
    here.run()
    for key in list(here.service.rows("files")):
        here.service.delete("files", key)
    assert here.run().frozen == 1
    assert here.run().created_there == 0
    assert rebuild.refill(here.crossing()) == 20
    assert here.run().created_there == 20
    assert {row[ID] for row in here.service.rows("files").values()} == set(files)


def test_after_a_restore_nothing_is_written_until_a_person_says_so_and_no_number_comes_back(
    store: Store,
) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.service.edit("files", here.service.key_of("files", first), {"number": "2026-00777"})
    with store.writing() as tx:
        ledger.change(tx, "memory", restored_at=here.now)
    here.change("files", first, street="rue Principale")
    assert here.run().pushed == 0
    with store.writing() as tx:
        assert tx.next_number("", 2026) == 778
        orders.confirm(tx, "memory")
    assert here.run().pushed == 1


def test_handles_that_a_sort_did_not_move_are_followed_by_the_ids(store: Store) -> None:
    here, (_, first, second, third) = town(store)
    here.run()
    rows = here.service.tables["files"]
    one, two, three = (here.service.key_of("files", id) for id in (first, second, third))
    rows[one], rows[two], rows[three] = rows[two], rows[three], rows[one]
    here.service.version += 1
    writes = here.service.writes
    here.change("files", first, street="rue Principale")
    here.run()
    assert here.service.by_id("files", first)[0]["street"] == "rue Principale"
    assert {row["street"] for row in here.service.rows("files").values()} == {"rue Shaw", "rue Principale"}
    assert here.service.writes == writes + 1


def test_a_column_that_is_missing_there_is_left_alone_and_said_once(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.service.paused = {"files": {"street": "la colonne « Rue ou lieu » n'est plus là."}}
    here.service.version += 1
    here.change("files", first, street="rue Principale", sector="Nord")
    here.run()
    row = here.service.by_id("files", first)[0]
    assert (row["street"], row["sector"]) == ("rue Shaw", "Nord")
    here.service.paused = {}
    here.service.version += 1
    here.run()
    assert here.service.by_id("files", first)[0]["street"] == "rue Principale"
    with store.reading() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(REMOTE_NOTICES)) == 1


def test_a_column_made_anew_there_empties_nothing_here(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.service.paused = {"files": {"street": "la colonne « Rue ou lieu » n'est plus là."}}
    for key in here.service.rows("files"):
        here.service.edit("files", key, {"street": None})
    here.run()
    here.service.paused = {}
    here.service.version += 1
    here.run()
    assert here.get("files", first)["street"] == "rue Shaw"
    assert {row["street"] for row in here.service.rows("files").values()} == {"rue Shaw"}


def test_a_table_that_is_gone_is_frozen(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.service.missing_tables = {"files"}
    here.service.version += 1
    assert here.run().frozen == 1
    here.service.missing_tables = set()
    here.service.version += 1
    here.change("files", first, street="rue Principale")
    assert here.run().pushed == 0, "only a person thaws it"


def test_no_identity_leaves_before_the_assessment_is_dated(store: Store) -> None:
    here, (_, first, *_) = town(store)
    with store.writing() as tx:
        citizen = tx.insert("citizens", {"name": "Aline Sentinelle", "phone": "450 555-0101"}, DESK)["id"]
        tx.update(
            "files", first, {"citizen": citizen, "facts": "Sentinelle des faits", "note": "Sentinelle"}, DESK
        )
    here.run()
    assert "Sentinelle" not in json.dumps(here.service.tables, ensure_ascii=False)
    here.identity = True
    with store.writing() as tx:
        ledger.tell_all(tx, window.since(here.now, 12))
    here.run()
    said = json.dumps(here.service.tables, ensure_ascii=False)
    assert "Aline Sentinelle" in said and "Sentinelle des faits" in said
    assert here.service.by_id("files", first)[0].get("note") is None


def test_a_row_that_waits_is_still_judged_after_a_cell_of_it_was_put_back(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"state": State.DONE.value, "number": "42"})
    here.run(again=False)
    assert here.service.rows("files")[key]["number"] == "2026-00001"
    assert here.run(again=False).rejected == 1


def test_what_was_typed_in_a_row_that_leaves_the_table_is_judged_before_it_leaves(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.change("files", first, open=False, closed_at=here.now.replace(year=2024), state=State.TAKEN)
    here.service.edit("files", key, {"street": "rue de la Station", "planned_on": "bientôt"})
    here.run()
    assert here.service.by_id("files", first) == []
    assert here.get("files", first)["street"] == "rue de la Station"
    assert [row["raw"] for row in here.held(settled=True)] == ['"bientôt"']


def test_a_purge_of_a_row_whose_creation_was_not_answered_ends(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.service.faults = ["fine", "fine", "lost"]
    with pytest.raises(RemoteError):
        here.run()
    here.purge("files", first)
    for _ in range(4):
        here.run()
    assert here.service.by_id("files", first) == []
    assert [link for link in here.links() if link.tie is Tie.PURGED] == []
    assert here.run().as_row() == dict.fromkeys(here.run().as_row(), 0) | {"calls": 1}
