"""What the town decides anew: how long files stay there, whether identity may; a ledger that is lost."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from policy.words import State
from sync import ledger, orders, together
from sync.link_tables import LINKS, MOVED, REMOTE_NOTICES, REMOTES, Tie
from sync.remote import RefersBy, RemoteError
from sync.store import Store
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import Town, town
from tests.sync.rows import DESK


def closed(here: Town, record: str, days: int) -> None:
    """Somebody closed that file so many days ago."""
    at = here.now - timedelta(days=days)
    here.change("files", record, open=False, closed_at=at, state=State.DONE)


def quiet(here: Town) -> bool:
    done = here.run().as_row()
    return not any(count for name, count in done.items() if name != "calls")


def with_a_citizen(store: Store, first: str) -> str:
    with store.writing() as tx:
        citizen = tx.insert("citizens", {"name": "Aline Sentinelle", "phone": "450 555-0101"}, DESK)["id"]
        tx.update("files", first, {"citizen": citizen, "facts": "Sentinelle des faits"}, DESK)
    return str(citizen)


def said(here: Town) -> str:
    return json.dumps(here.service.tables, ensure_ascii=False)


def test_files_that_enter_a_longer_window_come_back_though_nobody_touches_them(store: Store) -> None:
    here, (_, first, second, third) = town(store)
    closed(here, first, 300)
    closed(here, second, 600)
    here.run()
    assert len(here.service.rows("files")) == 2
    here.months = 6
    here.run()
    assert len(here.service.rows("files")) == 1, "a shorter one is kept at once as well"
    here.months = 12
    here.run()
    assert here.service.by_id("files", first) and not here.service.by_id("files", second)
    here.months = 24
    here.run()
    assert all(len(here.service.by_id("files", record)) == 1 for record in (first, second, third))
    assert quiet(here)


def test_a_longer_window_brings_back_no_row_that_was_purged_or_withdrawn(store: Store) -> None:
    here, (_, first, second, _) = town(store)
    closed(here, first, 300)
    closed(here, second, 300)
    here.run()
    here.service.delete("files", here.service.key_of("files", second))
    here.run()
    here.purge("files", first)
    here.run()
    here.months = 24
    here.run()
    assert here.service.by_id("files", first) == here.service.by_id("files", second) == []


@pytest.mark.parametrize("refers_by", RefersBy)
def test_identity_is_emptied_there_once_the_assessment_is_no_longer_in_force(
    store: Store, refers_by: RefersBy
) -> None:
    service = Service()
    here, (_, first, *_) = town(store, remote=InMemory(service, refers_by), service=service)
    citizen = with_a_citizen(store, first)
    here.identity = True
    here.run()
    assert "Aline Sentinelle" in said(here) and "Sentinelle des faits" in said(here)
    here.service.edit("files", here.service.key_of("files", first), {"place_note": "Près de la gare"})
    here.identity = False
    here.run()
    assert "Sentinelle" not in said(here) and "Près de la gare" not in said(here)
    assert not here.service.rows("citizens") and len(here.service.rows("files")) == 3
    assert here.get("files", first)["place_note"] == "Près de la gare", "what was typed there is not lost"
    assert (here.get("files", first)["citizen"], here.get("citizens", citizen)["name"]) == (
        citizen, "Aline Sentinelle",
    )  # fmt: skip
    with store.reading() as tx:
        (notice,) = tx.rows(sa.select(REMOTE_NOTICES.c.words))
    assert "R-83" in notice["words"] and "historique des versions" in notice["words"]
    assert quiet(here)


def test_identity_goes_back_there_when_the_assessment_is_dated_again(store: Store) -> None:
    here, (_, first, *_) = town(store)
    with_a_citizen(store, first)
    for identity in (True, False, True):
        here.identity = identity
        here.run()
    assert "Aline Sentinelle" in said(here) and "Sentinelle des faits" in said(here)
    assert len(here.service.rows("citizens")) == 1 and quiet(here)


@pytest.mark.parametrize("calls", range(1, 6))
def test_an_emptying_cut_short_goes_on_with_the_next_exchange(store: Store, calls: int) -> None:
    here, (_, first, *_) = town(store)
    with_a_citizen(store, first)
    here.identity = True
    here.run()
    here.identity = False
    here.service.faults = ["fine"] * calls + ["lost"]
    for _ in range(3):
        try:
            here.run()
        except RemoteError:
            continue
    assert "Sentinelle" not in said(here) and quiet(here)


def test_a_frozen_table_is_emptied_of_identity_once_it_is_thawed(store: Store) -> None:
    here, (_, first, *_) = town(store)
    with_a_citizen(store, first)
    here.identity = True
    here.run()
    with store.writing() as tx:
        ledger.of_table(tx, here.remote.name, "files", frozen_at=here.now, frozen_why="essai")
    here.identity = False
    here.run()
    assert "Sentinelle des faits" in said(here) and "Aline" not in said(here)
    with store.writing() as tx:
        orders.thaw(tx, here.remote.name, "files", orders.Thaw.PUT_BACK, here.now)
    here.run()
    assert "Sentinelle" not in said(here) and quiet(here)


def test_a_ledger_that_is_lost_is_written_again_and_nothing_there_is(store: Store) -> None:
    here, (_, first, *_) = town(store, files=120)
    here.change("files", first, moved_at=here.now + timedelta(microseconds=123_456))
    here.run()
    with store.writing() as tx:
        tx.connection.execute(sa.delete(LINKS))
        tx.connection.execute(sa.delete(MOVED))
        tx.connection.execute(sa.update(REMOTES).values(memory="{}", listed_at=None))
    writes = here.service.writes
    here.run()
    assert here.service.writes == writes and quiet(here)
    assert {link.tie for link in here.links()} == {Tie.LINKED} and len(here.links()) == 121
    assert not any(link.open for link in here.links())


def test_rows_judged_together_are_those_that_ask_nothing_of_the_desk(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, (_, first, second, third) = town(store)
    here.run()
    here.service.edit("files", here.service.key_of("files", first), {"street": "rue de la Gare"})
    here.change("files", second, street="rue Principale")
    left: list[str | None] = []
    judged = together.judged

    def watched(*given: object) -> object:
        found, waiting = judged(*given)  # type: ignore[arg-type]
        left.extend(link.record for link in found)
        return found, waiting

    monkeypatch.setattr(together, "judged", watched)
    done = here.run()
    assert left == [first] and (done.pulled, done.pushed) == (1, 1)
    assert here.get("files", first)["street"] == "rue de la Gare"
    assert here.service.by_id("files", second)[0]["street"] == "rue Principale"
    assert here.link(third).open is False
