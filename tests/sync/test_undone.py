"""Somebody undoes what we just wrote: the remote is again what it was at our last look, and is heard."""

from collections.abc import Callable

import pytest

from sync.link_tables import Tie
from sync.remote import RefersBy
from tests.sync.openings import Opening, at_airtable, at_sheets, in_memory
from tests.sync.rows import DESK, file

OPENINGS = [lambda: at_airtable(True), lambda: at_sheets(True), lambda: in_memory(RefersBy.TITLE)]


@pytest.mark.parametrize("opening", OPENINGS, ids=["airtable", "sheets", "memory"])
@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "another process"])
def test_a_value_put_back_before_the_next_look_is_taken(
    opening: Callable[[], Opening], restarted: bool
) -> None:
    begun = opening()()
    town, there, record = begun.town, begun.there, begun.files[0]
    town.run()
    town.run()
    key = next(key for key, row in there.rows("files").items() if row["id"] == record)
    before = there.rows("files")[key]["street"]
    town.change("files", record, street="rue Neuve")
    town.run()
    assert there.rows("files")[key]["street"] == "rue Neuve"
    there.edit("files", key, {"street": before})
    if restarted:
        town.remote = begun.speak()
    town.run()
    town.run()
    assert town.get("files", record)["street"] == before == there.rows("files")[key]["street"]


@pytest.mark.parametrize("opening", OPENINGS, ids=["airtable", "sheets", "memory"])
def test_a_row_deleted_before_the_look_after_its_creation_is_missed(opening: Callable[[], Opening]) -> None:
    begun = opening()()
    town, there = begun.town, begun.there
    town.run()
    town.run()
    keys = set(there.rows("files"))
    with town.store.writing() as tx:
        born = tx.insert("files", file(9, street="rue Neuve"), DESK)["id"]
    town.run()
    (key,) = set(there.rows("files")) - keys
    there.delete("files", key)
    town.run()
    town.run()
    assert town.link(born).tie is Tie.WITHDRAWN
