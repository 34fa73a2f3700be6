"""What an address asks of the queue (the same on the screen, in a mail and in the download)."""

import pytest

from desk import views
from desk.queue import Query
from desk.views import View

ASKED: dict[str, tuple[dict[str, str], Query]] = {
    "nothing": ({}, Query()),
    "all that is open, said": ({"voir": "ouvertes"}, Query()),
    "a view": ({"voir": "retard"}, Query(overdue=True)),
    "what waits": ({"voir": "attente"}, Query(paused=True)),
    "what has not moved": ({"voir": "inchangees"}, Query(unchanged=True)),
    "what is to be routed": ({"voir": "nouvelles"}, Query(unrouted=True)),
    "the answers": ({"voir": "repondre"}, Query(unanswered=True)),
    "what is closed": ({"voir": "fermees"}, Query(closed=True)),
    "a view that is none": ({"voir": "tout", "lang": "en"}, Query()),
    "filters": (
        {"service": "a,b", "categorie": "c", "texte": "rue", "page": "3"},
        Query(departments=("a", "b"), category="c", text="rue", page=3),
    ),
    "no department between commas": ({"service": ",,"}, Query()),
    "a page that is none": ({"page": "-1"}, Query()),
    "a page in words": ({"page": "deux"}, Query()),
    "a page in other digits": ({"page": "٣"}, Query()),
    "a page past all pages": ({"page": "9" * 40}, Query()),
    "a text without end": ({"texte": "x" * 100_000}, Query(text="x" * views.LONGEST)),
}


@pytest.mark.parametrize("name", ASKED)
def test_an_address_asks_what_it_says_and_nothing_it_does_not(name: str) -> None:
    asked, expected = ASKED[name]
    assert views.query(asked) == expected


def test_every_view_but_the_first_narrows_the_queue() -> None:
    asked = {view: views.query({"voir": view.value}) for view in View}
    assert asked.pop(View.OPEN) == Query()
    assert len(set(asked.values())) == len(asked)
    assert Query() not in asked.values()
