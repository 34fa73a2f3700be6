"""Complaints as the technician of the tests deposits them, and as they are investigated."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from desk.complaints import Deposit, Deposited, Named, deposit
from policy.complaints import Complaint, Signature
from policy.words import Channel
from sync.store import Row
from tests.cast import Cast, day, moment

NINE = moment("Mon 2026-11-16 09:00")
TEN = moment("Tue 2026-11-17 10:00")
PAUL = Named("Paul Charbonneau", "Préposé au comptoir")
NAMES_THE_DIRECTOR = Named("Denis Bélanger", "Directeur")
_TOKENS: Iterator[int] = count(1)

COMPLAINT = Complaint(
    channel=Channel.MAIL,
    received_at=NINE,
    facts_on=day("Fri 2026-11-06"),
    facts="Le préposé m'a injuriée devant tout le monde.",
    signature=Signature.HAND,
    name="Rose Vachon",
    phone="450 555-0142",
    civic="12",
    street="rue des Pins",
    city="Prévost",
    postal_code="J0R 1T0",
)


def typed(*people: Named, **more: Any) -> Deposit:
    """A good complaint of Rose Vachon about Paul Charbonneau, each call a form of its own."""
    return Deposit(f"plainte-{next(_TOKENS)}", replace(COMPLAINT, **more), people or (PAUL,))


def deposited(cast: Cast, *people: Named, **more: Any) -> Deposited:
    """That complaint, deposited by the technician on Monday 16 November at 9:00."""
    return deposit(cast.visit("technician", NINE), typed(*people, **more))


def rows(cast: Cast, table: str, **equals: Any) -> list[Row]:
    """The rows of a table, opened."""
    with cast.house.store.reading() as tx:
        return tx.find(table, **equals)


def complaint(cast: Cast, number: str) -> Row:
    """The row of that number."""
    (row,) = rows(cast, "complaints", number=number)
    return row


def person(cast: Cast, number: str, name: str = PAUL.name) -> str:
    """The id of a person that complaint names."""
    people = rows(cast, "complaint_people", complaint=complaint(cast, number)["id"])
    return next(str(row["id"]) for row in people if row["name"] == name)
