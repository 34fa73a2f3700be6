"""Files of the tests, put straight where a test wants them."""

from datetime import datetime
from typing import Any

from desk import dates
from desk.visits import Visit
from policy.roles import System
from policy.words import Channel, Nature, Priority, State
from sync.history import Author, Whence
from sync.store import Row
from tests.cast import WORKS, Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
TEN = moment("Mon 2026-11-16 10:00")
BY = Author("essai", "Essai", Whence.COMMAND, NINE, "préparer")


def filed(cast: Cast, number: str = "2026-00001", department: str | None = WORKS, **more: Any) -> Row:
    """A request about a street light, received on Monday 16 November at 9:00 and sent to the department."""
    received_at: datetime = more.get("received_at", NINE)
    row: dict[str, Any] = {
        "number": number,
        "nature": Nature.REQUEST,
        "channel": Channel.PHONE,
        "received_at": received_at,
        "category": cast.categories["Éclairage de rue"],
        "department": cast.departments[department] if department else None,
        "priority": Priority.NORMAL,
        "civic": "1234",
        "street": "rue Principale",
        "facts": "Le lampadaire est éteint.",
        "anonymous": False,
        "first_contact": False,
        "state": State.ROUTED if department else State.NEW,
        "complex": False,
        "moved_at": received_at,
        **more,
    }
    desk = Visit(cast.house, received_at, system=System.IMPORT, whence=Whence.IMPORT)
    with desk.writing() as counter:
        row |= dates.computed(dates.Settings.read(counter.tx), row)
        return counter.tx.insert("files", row, counter.by("inscrire la demande"))


def stands(cast: Cast, file: Row) -> Row:
    """The file as it stands now."""
    with cast.house.store.reading() as tx:
        found = tx.get("files", file["id"])
    assert found is not None
    return found


def kept(cast: Cast, table: str, **equals: Any) -> list[Row]:
    """The rows of a table."""
    with cast.house.store.reading() as tx:
        return tx.find(table, **equals)


def items(cast: Cast, **more: Any) -> dict[str, Any]:
    """Annexe A's items, complete, on the 16th."""
    return {
        "code": cast.codes["238"],
        "done_on": NINE.date(),
        "done_extension": "2310",
        "note": "Ampoule remplacée, circuit vérifié.",
        **more,
    }
