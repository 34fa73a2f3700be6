"""Why a date, why a refusal: every answer of the policy carries its articles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Skipped:
    """A day that did not count, and why (« Action de grâce », « samedi »)."""

    day: date
    why: str


@dataclass(frozen=True)
class Deadline:
    """A date with its reasons.

    ``due`` is a day, or an aware moment in town time for clocks in hours. ``legal`` is the last day
    the law gives when ``due`` was brought forward. ``reading`` is the French sentence of the reading applied.
    ``steps`` are the French sentences that led there, in order.
    """

    due: date | datetime
    articles: tuple[str, ...]
    reading: str = ""
    steps: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    legal: date | None = None


@dataclass(frozen=True)
class Ground:
    """One thing that stands in the way: which article, which field of the form, in French words."""

    message: str
    article: str = ""
    field: str = ""


@dataclass
class Refused(Exception):
    """The policy (or a person's rights) says no. All the grounds at once; shown on screen as they are."""

    grounds: tuple[Ground, ...] = field(default=())

    def __post_init__(self) -> None:
        super().__init__("; ".join(ground.message for ground in self.grounds))

    def __str__(self) -> str:
        return "\n".join(
            f"{ground.message} ({ground.article})" if ground.article else ground.message
            for ground in self.grounds
        )


def refused(message: str, article: str = "", field: str = "") -> Refused:
    """A refusal on a single ground."""
    return Refused((Ground(message, article, field),))


def refuse_all(grounds: Iterable[Ground]) -> None:
    """Raise ``Refused`` when there is at least one ground; all of them are named."""
    found = tuple(grounds)
    if found:
        raise Refused(found)
