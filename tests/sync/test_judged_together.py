"""Rows judged many at a time: on PostgreSQL, what somebody holds waits, and nobody waits for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from sync import links, together
from tests.conftest import Postgres
from tests.sync.crossings import Town, town
from tests.sync.rows import DESK

PATIENCE = 20  # seconds after which one of the two was waited for


@pytest.fixture
def here(postgresql: Postgres) -> Town:
    """A town on PostgreSQL of which the table says the same: sixty files."""
    postgresql.url()
    made, _ = town(postgresql.store, files=60)
    made.run()
    return made


def test_two_workers_that_take_links_at_once_share_them_and_neither_waits(here: Town) -> None:
    wanted = [link.id for link in here.links() if link.table == "files"]
    both_begin, both_have = Barrier(2), Barrier(2)

    def take(_: int) -> set[str]:
        with here.store.writing() as tx:
            both_begin.wait(PATIENCE)
            taken = set(links.those_free(tx, wanted))
            both_have.wait(PATIENCE)  # neither has ended when the other has its own
            return taken

    with ThreadPoolExecutor(2) as workers:
        one, other = workers.map(take, range(2))
    assert one.isdisjoint(other) and one | other == set(wanted)
    with here.store.writing() as tx:
        assert set(links.those_free(tx, wanted)) == set(wanted)


def test_a_file_that_somebody_is_saving_is_left_for_later(here: Town) -> None:
    found = [link for link in here.links() if link.table == "files"]
    saved = found[7]
    with here.store.writing() as tx, ThreadPoolExecutor(1) as worker:
        tx.update("files", saved.record or "", {"sector": "Nord"}, DESK)
        left, _ = worker.submit(together.judged, here.crossing(), found).result(PATIENCE)
    assert [link.id for link in left] == [saved.id]
    assert here.run().pushed == 1
    assert here.service.by_id("files", saved.record or "")[0]["sector"] == "Nord"
