"""How long a service that failed is left alone: longer and longer, and each town at a pace of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=5)  # before one that failed is asked, spread or not
HEADER = "Retry-After"
LONGEST = 3_600.0  # seconds: a service that wishes for more is asked again all the same
SPREAD = 0.2  # of a wait, at most: towns turned away together do not come back together


def until(at: datetime, since: datetime, wait: float, stamp: str) -> datetime:
    """When to ask again, after a failure at ``at`` of a service that fails ``since``.

    ``wait``: the seconds before which it is useless. ``stamp``: the installation's, drawn at random when it
    was made; its share of ``SPREAD`` comes of it, the same at each failure, so that waits only grow.
    """
    patience = min(max((at - since) / 2, SOONEST), LATEST / (1 + SPREAD))
    return at + max(timedelta(seconds=wait), patience) * (1 + SPREAD * share(stamp))


def asked_until(at: datetime, wait: float, asked: bool, stamp: str) -> datetime | None:
    """Until when the service itself asked to be left alone, whoever is in a hurry; ``None``: it did not."""
    return until(at, at, wait, stamp) if asked else None


def share(stamp: str) -> float:
    """A number from 0 to 1 that two installations do not share."""
    return int.from_bytes(sha256(stamp.encode()).digest()[:4]) / 2**32


def wished(headers: Mapping[str, str], least: float) -> float:
    """The seconds that an answer asks to wait (its ``Retry-After``), at least ``least``, never too many.

    Source: RFC 9110, 10.2.3. A date there, which neither service sends, is not read.
    """
    said = headers.get(HEADER, "").strip()
    seconds = float(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0.0
    return max(least, min(seconds, LONGEST))
