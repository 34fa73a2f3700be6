"""Reconciliation when something goes wrong: lost answers, purges, restores, what vanishes there."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from policy.words import State
from sync import ledger, orders, rebuild, welcome, window
from sync.exchange import exchange
from sync.link_tables import HELD, LINKS, MOVED, REMOTE_NOTICES, Tie
from sync.remote import ID, LostTurn, RefersBy, RemoteError
from sync.schema import HISTORY, SQL
from sync.store import Store
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import town
from tests.sync.rows import DESK, file


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


@pytest.mark.parametrize("writes", [0, 1], ids=["its handle", "what it says"])
def test_an_answer_that_tells_of_another_row_is_worth_a_lost_one(store: Store, writes: int) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    with store.writing() as tx:
        born = tx.insert("files", file(4, street="rue Neuve"), DESK)["id"]
    here.change("files", first, street="rue Principale")
    here.service.writes, here.service.faults = writes, ["fine", "other"]
    with pytest.raises(RemoteError, match="une autre ligne"):
        here.run()
    here.run()
    streets = {str(row[ID]): row["street"] for row in here.service.rows("files").values()}
    assert len(streets) == len(here.service.rows("files")) == 4
    assert (streets[first], streets[born]) == ("rue Principale", "rue Neuve")
    assert here.held() == [] and here.get("files", first)["street"] == "rue Principale"
    assert here.run().as_row() == dict.fromkeys(here.run().as_row(), 0) | {"calls": 1}


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


def test_a_row_that_two_workers_took_away_stays_away(store: Store) -> None:
    """One was so slow that another took its turn: what it hears at last is news of nobody's return."""
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, open=False, closed_at=here.now.replace(year=2024), state=State.DONE)

    def another() -> None:
        here.now += timedelta(minutes=5)
        exchange(here.crossing("ailleurs"), again=True)

    here.service.before_next_write = another
    with suppress(LostTurn):
        here.run()
    here.now += timedelta(minutes=5)
    here.run()
    assert here.service.by_id("files", first) == []
    assert here.link(first).tie is Tie.OUT


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


def test_a_closed_file_leaves_the_table_by_the_passing_of_time_alone(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.change("files", first, open=False, closed_at=here.now, state=State.DONE)
    here.run()
    assert len(here.service.by_id("files", first)) == 1
    here.now += timedelta(days=400)
    here.run()
    assert here.service.by_id("files", first) == []
    assert len(here.service.rows("files")) == 2


def test_a_purge_forgets_what_a_person_was_told_of_the_row(store: Store) -> None:
    here, (_, first, second, _) = town(store)
    here.run()
    for record in (first, second):
        with store.writing() as tx:
            key = f"remises:{here.link(record).id}:number:2026-11-23"
            orders.tell(tx, "memory", key, f"de {record}", here.now)
    here.purge("files", first)
    with store.reading() as tx:
        assert list(tx.connection.scalars(sa.select(REMOTE_NOTICES.c.words))) == [f"de {second}"]


def test_what_was_typed_in_a_column_while_it_was_paused_stays_once_it_is_refused(store: Store) -> None:
    here, _ = town(store)
    here.run()
    here.service.rename_choice("files", "state")
    key = here.service.add("files", {"street": "rue Neuve", "state": "N'importe quoi"})
    here.run()
    with store.writing() as tx:
        (waiting,) = welcome.waiting(tx, "files")
        born = tx.insert("files", file(4, street="rue Neuve"), DESK)
        welcome.welcome(tx, waiting.id, born, (), "tech", here.now)
    here.run()
    here.service.rename_choice("files", "state")
    for _ in range(3):
        here.run()
    assert here.service.rows("files")[key]["state"] == "N'importe quoi"
    assert [row["raw"] for row in here.held()] == ['"N\'importe quoi"']
    here.change("files", born["id"], state=State.TAKEN)
    here.run()
    assert here.service.rows("files")[key]["state"] == State.TAKEN.value and here.held() == []


@pytest.mark.parametrize("back", [False, True], ids=["has another name", "has its name again"])
def test_a_row_refused_for_a_choice_that_was_renamed_as_we_wrote_goes_at_the_next_exchange(
    store: Store, back: bool
) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, street="rue Principale", state=State.TAKEN)
    here.service.before_next_write = lambda: here.service.rename_choice("files", "state")
    writes = here.service.writes
    assert here.run().pushed == 0 and here.service.writes == writes + 1  # not tried again before another look
    if back:
        here.service.rename_choice("files", "state")
    assert here.run().pushed == 1
    (row,) = here.service.by_id("files", first)
    assert (row["street"], row["state"]) == ("rue Principale", State.TAKEN.value if back else State.NEW.value)
    assert here.run().as_row() == dict.fromkeys(here.run().as_row(), 0) | {"calls": 1}


def test_a_row_that_is_refused_twice_waits_for_another_change(store: Store) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    here.change("files", first, state=State.TAKEN)
    for _ in range(2):
        here.service.before_next_write = lambda: here.service.rename_choice("files", "state")
        here.run()
        here.service.rename_choice("files", "state")
    writes = here.service.writes
    here.run()
    assert here.service.writes == writes
    here.change("files", first, street="rue Principale")
    here.run()
    assert here.service.by_id("files", first)[0]["state"] == State.TAKEN.value


@pytest.mark.parametrize("refers_by", RefersBy)
@pytest.mark.parametrize("writes", range(3))
def test_first_rows_answered_under_the_handles_of_one_another_are_each_told_once(
    store: Store, refers_by: RefersBy, writes: int
) -> None:
    service = Service(writes=writes)
    here, ids = town(store, remote=InMemory(service, refers_by), service=service)
    service.faults = ["fine", "other", "other"]
    with pytest.raises(RemoteError, match="une autre ligne"):
        here.run()
    service.faults = []
    here.run()
    assert sorted(str(row[ID]) for row in service.rows("files").values()) == sorted(ids[1:])
    assert all(service.key_of("files", id) == here.link(id).key for id in ids[1:])
    assert here.run().as_row() == dict.fromkeys(here.run().as_row(), 0) | {"calls": 1}


def test_what_was_refused_in_a_row_that_is_gone_waits_for_nobody_once_the_row_is_put_back(
    store: Store,
) -> None:
    here, (_, first, *_) = town(store)
    here.run()
    key = here.service.key_of("files", first)
    here.service.edit("files", key, {"planned_on": "bientôt"})
    here.run()
    assert len(here.held()) == 1
    here.service.delete("files", key)
    here.run()
    with store.writing() as tx:
        orders.put_there_again(tx, here.link(first).id, here.now)
    here.run()
    assert here.held() == [] and [row["raw"] for row in here.held(settled=True)] == ['"bientôt"']
    assert "planned_on" not in here.service.by_id("files", first)[0]
