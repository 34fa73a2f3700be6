"""After any history of both sides, the invariants hold: Google Sheets, over a real socket."""

import pytest

from tests.sync.histories import Histories
from tests.sync.mortal import MANY, play
from tests.sync.openings import at_sheets

SORTS = pytest.mark.parametrize("follows", [True, False], ids=["followed", "not followed"])


@SORTS
@pytest.mark.parametrize("part", range(2))
def test_after_any_history_at_a_spreadsheet_nothing_is_lost_doubled_or_left_unsaid(
    follows: bool, part: int
) -> None:
    play(type("Machine", (Histories,), {"opened": staticmethod(at_sheets(follows))}), 25, 50, part)


@pytest.mark.long
@SORTS
@pytest.mark.parametrize("time", range(2))
def test_after_many_histories_at_a_spreadsheet(follows: bool, time: int) -> None:
    play(type("Machine", (Histories,), {"opened": staticmethod(at_sheets(follows))}), MANY, 50)
