"""Small valid rows and authors for the tests of the store."""

from datetime import UTC, datetime
from typing import Any

from policy.words import Channel, Circuit, Closer, Nature, Priority, State
from sync.history import Author, Whence

NOW = datetime(2026, 11, 23, 13, 5, 7, 250_000, tzinfo=UTC)  # Mon 2026-11-23 08:05 in town
DESK = Author(who="tech", name="Théa Technicienne", whence=Whence.SCREEN, at=NOW, act="a modifié")


def at(moment: datetime, act: str = "a modifié") -> Author:
    """The technician, at that moment."""
    return Author(DESK.who, DESK.name, Whence.SCREEN, moment, act)


def department(**values: Any) -> dict[str, Any]:
    """A department; ``values`` take the place of its own."""
    return {
        "name": "Travaux publics",
        "circuit": Circuit.B,
        "closer": Closer.DEPARTMENT,
        "active": True,
        **values,
    }


def file(number: int, **values: Any) -> dict[str, Any]:
    """A file; ``values`` take the place of its own."""
    return {
        "number": f"2026-{number:05d}",
        "nature": Nature.REQUEST,
        "channel": Channel.PHONE,
        "received_at": NOW,
        "priority": Priority.NORMAL,
        "facts": "Un nid-de-poule.",
        "anonymous": False,
        "first_contact": False,
        "state": State.NEW,
        "complex": False,
        "open": True,
        "queue_rank": 3,
        "queue_day": NOW.date(),
        **values,
    }
