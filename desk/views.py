"""The views of the queue in the words of an address: the same on screen, in a mail, in the download."""

from collections.abc import Mapping
from enum import StrEnum

from desk.queue import Query
from policy.words import State

LONGEST = 200  # characters of a text looked for


class View(StrEnum):
    """What ``?voir=`` may say; each narrows the queue, the first does not."""

    OPEN = "ouvertes"
    TO_ANSWER = "repondre"
    OVERDUE = "retard"
    PAUSED = "attente"
    UNCHANGED = "inchangees"
    UNROUTED = "nouvelles"
    TO_TAKE = "prendre"
    TO_ACKNOWLEDGE = "accuser"
    TO_CLOSE = "fermer"
    COMPLEX = "complexes"
    CLOSED = "fermees"


STATES = {View.TO_TAKE: (State.ROUTED,), View.TO_CLOSE: (State.TO_CLOSE,)}


def view(asked: Mapping[str, str]) -> View:
    """The view an address names; what it does not name rightly is all that is open."""
    word = asked.get("voir", "")
    return View(word) if word in set(View) else View.OPEN


def query(asked: Mapping[str, str]) -> Query:
    """What an address asks of the queue: ``voir``, ``service`` (ids), ``categorie``, ``texte``, ``page``.

    An address may be typed by hand or be old: what it says of a thing that is not there finds nothing.
    """
    seen = view(asked)
    page = asked.get("page", "")
    return Query(
        states=STATES.get(seen, ()),
        departments=tuple(one for one in asked.get("service", "").split(",") if one),
        category=asked.get("categorie", ""),
        text=asked.get("texte", "")[:LONGEST],
        overdue=seen is View.OVERDUE,
        paused=seen is View.PAUSED,
        unchanged=seen is View.UNCHANGED,
        unrouted=seen is View.UNROUTED,
        unacknowledged=seen is View.TO_ACKNOWLEDGE,
        complex=seen is View.COMPLEX,
        unanswered=seen is View.TO_ANSWER,
        closed=seen is View.CLOSED,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )
