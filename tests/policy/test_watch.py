"""R-19: what a line of the watch on social networks must say."""

from dataclasses import replace
from datetime import date

import pytest

from policy.watch import Done, Network, Seen, check_seen

TODAY = date(2026, 11, 16)
SEEN = Seen(TODAY, Network.FACEBOOK, "https://exemple.test/1", "Un nid-de-poule.", Done.ANSWERED)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"address": ""}, []),
        ({"words": ""}, []),
        ({"address": " ", "words": " "}, ["words"]),
        ({"on": None, "network": None}, ["on", "network"]),
        ({"on": date(2026, 11, 17)}, ["on"]),
        ({"address": "javascript:alert(1)"}, ["address"]),
        ({"address": "https://" + "e" * 500, "words": "e" * 4_001}, ["address", "words"]),
        ({"done": Done.DEMAND}, ["done"]),
    ],
)
def test_every_ground_is_told_at_once(change: dict[str, object], fields: list[str]) -> None:
    found = check_seen(replace(SEEN, **change), TODAY)  # type: ignore[arg-type]
    assert [ground.field for ground in found] == fields
