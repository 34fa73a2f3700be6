"""After any history of both sides, the invariants hold: Airtable, over a real socket."""

import pytest

from tests.sync.histories import Histories, Unfed
from tests.sync.mortal import MANY, play
from tests.sync.openings import at_airtable


class Fed(Histories):
    """The feed tells what our own writes replaced."""

    feed_tells = True


@pytest.mark.parametrize("part", range(4))
def test_after_any_history_at_a_base_nothing_is_lost_doubled_or_left_unsaid(part: int) -> None:
    play(type("Machine", (Fed,), {"opened": staticmethod(at_airtable(True))}), 20, 50, part)


def test_nor_at_a_base_without_a_feed() -> None:
    play(type("Machine", (Unfed,), {"opened": staticmethod(at_airtable(False))}), 20, 50)


@pytest.mark.long
@pytest.mark.parametrize("feed", [True, True, True, False], ids=["fed", "fed again", "fed anew", "unfed"])
def test_after_many_histories_at_a_base(feed: bool) -> None:
    held = {"opened": staticmethod(at_airtable(feed))}
    play(type("Machine", (Fed if feed else Unfed,), held), MANY, 50)
