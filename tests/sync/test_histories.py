"""After any history of both sides, the invariants hold: the remote in memory."""

import pytest

from sync.remote import RefersBy
from tests.sync.histories import Histories
from tests.sync.mortal import MANY, play
from tests.sync.openings import in_memory


@pytest.mark.parametrize("refers_by", RefersBy)
@pytest.mark.parametrize("examples", [10, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"])
def test_after_any_history_nothing_is_lost_doubled_or_left_unsaid(refers_by: RefersBy, examples: int) -> None:
    play(type("Machine", (Histories,), {"opened": staticmethod(in_memory(refers_by))}), examples, 50)
