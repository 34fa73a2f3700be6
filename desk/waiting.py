"""What may wait for somebody: the shape in which each subject of the house tells it (« Aujourd'hui »)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from desk.visits import Counter
from policy.words import Role
from sync.store import Reading


class Pressure(IntEnum):
    """How pressing it is: what a page says first."""

    LATE = 1  # a promise or a date of the law is past
    NOW = 2  # today, or somebody waits at this moment
    NEXT = 3  # to be done
    KNOWN = 4  # good to know


@dataclass(frozen=True)
class Waiting:
    """So many of something; ``address`` opens them. ``detail`` is one short sentence more, in French.

    ``at_least``: there may be more. A count of nothing is shown to nobody.
    """

    count: int
    one: str
    many: str
    address: str
    at_least: bool = False
    pressure: Pressure = Pressure.NEXT
    detail: str = ""

    @property
    def words(self) -> str:
        """« 3 dossiers en retard »."""
        number = f"{self.count:,}".replace(",", "\u202f")
        least = "au moins " if self.at_least else ""
        return f"{least}{number} {self.many if self.count > 1 else self.one}"


@dataclass(frozen=True)
class Subject:
    """One subject of the house: for whom, and what waits of it.

    ``told`` is asked only for who holds one of ``roles``, in the one transaction of the page: it counts by
    indexes, within a bound, and only what this visit may see. Where a bond and no role gives sight (R-33),
    ``roles`` are all of them and ``told`` asks ``desk.private``.
    """

    roles: frozenset[Role]
    told: Callable[[Counter[Reading]], Iterable[Waiting]]
