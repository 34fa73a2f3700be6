"""Reconciliation with a remote in memory: every invariant of the exchange, one history at a time."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from policy.words import State
from sync import orders
from sync.link_tables import LINKS, Tie
from sync.remote import ID, NOTE, RefersBy, RemoteError
from sync.store import Store
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import town


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


def test_a_refused_value_that_is_put_back_as_it_was_is_refused_no_more(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    before = here.service.rows("files")[key]["state"]
    here.service.edit("files", key, {"state": "N'importe quoi"})
    here.run()
    assert NOTE in here.service.rows("files")[key]
    here.service.edit("files", key, {"state": before})
    here.run()
    assert here.held() == [] and len(here.held(settled=True)) == 1
    assert NOTE not in here.service.rows("files")[key]
    writes = here.service.writes
    here.run()
    assert here.service.writes == writes


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


def test_a_row_that_waits_is_still_judged_after_a_cell_of_it_was_put_back(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"state": State.DONE.value, "number": "42"})
    here.run(again=False)
    assert here.service.rows("files")[key]["number"] == "2026-00001"
    assert here.run(again=False).rejected == 1


@pytest.mark.parametrize("fault", ["before", "lost", "away"])
def test_a_row_put_there_again_without_an_answer_is_no_row_that_somebody_emptied(
    store: Store, fault: str
) -> None:
    service = Service()
    here, (_, first, *_) = town(store, remote=InMemory(service, RefersBy.TITLE), service=service)
    here.run()
    here.service.delete("files", here.service.key_of("files", first))
    here.run()
    with store.writing() as tx:
        orders.put_there_again(tx, here.link(first).id, here.now)
    here.service.faults = ["fine", fault]
    with pytest.raises(RemoteError):
        here.run()
    here.service.faults = ["fine", fault]
    with suppress(RemoteError):
        here.run()
    here.service.faults = []
    here.run()
    assert here.get("files", first)["street"] == here.service.by_id("files", first)[0]["street"] != ""
    assert here.held() == [] and len(here.service.by_id("files", first)) == 1


def test_a_row_of_a_file_closed_long_ago_that_the_ledger_lost_leaves_and_is_no_copy(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    with store.writing() as tx:
        tx.connection.execute(sa.delete(LINKS).where(LINKS.c.record == first))
    long_ago = here.now - timedelta(days=900)
    here.change("files", first, open=False, closed_at=long_ago, state=State.DONE)
    here.run(whole=True)
    here.run()
    assert here.service.by_id("files", first) == [] and len(here.service.rows("files")) == 2
    assert here.link(first).tie is Tie.OUT and not [link for link in here.links() if link.record is None]


def test_what_was_refused_over_a_write_without_an_answer_stays_where_it_was_typed(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, planned_on=date(2026, 12, 1))
    here.service.faults = ["fine", "lost"]
    with pytest.raises(RemoteError):
        here.run()
    here.service.edit("files", here.service.key_of("files", first), {"planned_on": "bientôt"})
    here.run()
    here.run()
    assert here.service.by_id("files", first)[0]["planned_on"] == "bientôt"
    assert [row["raw"] for row in here.held()] == ['"bientôt"']
    here.change("files", first, planned_on=date(2026, 12, 8))
    here.run()
    assert here.service.by_id("files", first)[0]["planned_on"] == "2026-12-08" and here.held() == []


def test_a_file_that_left_the_window_while_it_was_withdrawn_is_not_put_there_again(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.service.delete("files", here.service.key_of("files", first))
    here.run()
    here.change("files", first, open=False, closed_at=here.now - timedelta(days=900), state=State.DONE)
    here.run()
    with store.writing() as tx:
        orders.put_there_again(tx, here.link(first).id, here.now)
    writes = here.service.writes
    here.run()
    assert here.service.by_id("files", first) == [] and here.link(first).tie is Tie.OUT
    assert here.service.writes == writes
