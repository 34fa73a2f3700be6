"""Rows that a sort moved while their handles stayed where they were: the IDs say which is which."""

from collections.abc import Mapping

import pytest

from sync.remote import ID, RefersBy
from sync.store import Store
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import Town, town

STRANGER = {"street": "rue Neuve"}


def three(store: Store) -> tuple[Town, list[str], list[str]]:
    """Files on streets of their own, told; their ids, and the handles of their rows."""
    service = Service()
    here, (_, *files) = town(store, remote=InMemory(service, RefersBy.TITLE), service=service)
    for n, record in enumerate(files):
        here.change("files", record, street=f"rue {n}")
    here.run()
    here.run()
    return here, files, [service.key_of("files", record) for record in files]


@pytest.mark.parametrize(
    "now",
    [
        {0: 1, 1: 2, 2: 0},  # a circle
        {0: 1, 1: 2, 2: "libre"},  # one of them where nobody was
        {0: 1, 1: 2},  # the last one is gone: nobody leaves its place to the second
        {0: 1, 1: 0, 2: 2},
    ],
    ids=["a circle", "a free place", "a chain that ends", "two of them"],
)
@pytest.mark.parametrize("copied", [False, True], ids=["each once", "one twice"])
def test_each_row_is_followed_and_no_record_takes_what_another_says(
    store: Store, now: Mapping[int, int | str], copied: bool
) -> None:
    here, files, keys = three(store)
    rows = here.service.rows("files")
    places = {keys[place] if isinstance(place, int) else place: n for n, place in now.items()}
    moved = {key: dict(STRANGER) for key in keys} | {key: rows[keys[n]] for key, n in places.items()}
    if copied:
        moved["copie"] = dict(rows[keys[1]])
    here.service.tables["files"] = moved
    here.service.version += 1
    for _ in range(3):
        here.run()
    streets = {record: here.get("files", record)["street"] for record in files}
    assert streets == {record: f"rue {n}" for n, record in enumerate(files)}
    there = [row for row in here.service.rows("files").values() if row.get(ID) in files]
    assert len({row[ID] for row in there}) == len(there)
    assert all(row["street"] == streets[str(row[ID])] for row in there)
