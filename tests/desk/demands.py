"""Demands as the technician of the tests types them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from desk.citizens import Caller
from desk.intake import Demand, Opened, open_file
from policy.words import Channel, Nature
from tests.cast import Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
MARIE = Caller(
    name="Marie-Ève Lefrançois",
    phone="(450) 555-0199",
    email="marie@exemple.test",
    civic="1234",
    street="rue de l'Érablière",
    city="Prévost",
    postal_code="j0r 1t0",
)
_TOKENS: Iterator[int] = count(1)


def demand(cast: Cast, **more: Any) -> Demand:
    """A pothole on rue Principale, told by telephone by Marie-Ève Lefrançois; each call a form of its own."""
    typed = Demand(
        token=f"formulaire-{next(_TOKENS)}",
        channel=Channel.PHONE,
        nature=Nature.REQUEST,
        facts="Un nid-de-poule énorme devant l'église.",
        caller=MARIE,
        category=cast.categories["Nid-de-poule"],
        civic="88",
        street="rue Principale",
    )
    return replace(typed, **more)


def opened(cast: Cast, **more: Any) -> Opened:
    """The file of such a demand, opened by the technician on Monday 16 November at 9:00."""
    at = more.pop("at", NINE)
    return open_file(cast.visit("technician", at), demand(cast, **more))
