"""What an exchange asks of a service, counted at the service."""

from collections.abc import Callable

import pytest

from tests.sync.openings import Opening, at_airtable, at_sheets

MANY = 500


@pytest.mark.parametrize(
    ("opening", "batch", "reads"), [(at_airtable, 10, 2), (at_sheets, 500, 1)], ids=["airtable", "sheets"]
)
def test_idle_is_one_request_and_five_hundred_rows_are_their_batches(
    opening: Callable[[bool, int], Opening], batch: int, reads: int
) -> None:
    begun = opening(True, MANY)()
    town, there, files = begun.town, begun.there, begun.files
    town.run()
    assert there.writes == -(-(MANY + 1) // batch)  # the files and their one department
    town.run()  # where a row is told by its key, what it points to was created first
    before = (there.reads, there.writes)
    town.run()
    assert (there.reads - before[0], there.writes - before[1]) == (1, 0)
    for record in files:
        town.change("files", record, street="rue Neuve")
    before = (there.reads, there.writes)
    town.run()
    assert there.writes - before[1] == MANY // batch
    assert there.reads - before[0] <= reads
