"""Why a date, why a refusal: every answer of the policy carries its articles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


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


def as_json(deadline: Deadline) -> dict[str, Any]:
    """A deadline as plain JSON values, for a column; ``from_json`` gives it back."""
    return {
        "due": deadline.due.isoformat(),
        "articles": list(deadline.articles),
        "reading": deadline.reading,
        "steps": list(deadline.steps),
        "skipped": [[skipped.day.isoformat(), skipped.why] for skipped in deadline.skipped],
        "legal": deadline.legal.isoformat() if deadline.legal else None,
    }


def from_json(kept: Mapping[str, Any]) -> Deadline:
    """The deadline ``as_json`` described; a moment comes back at its own offset from UTC."""
    due = kept["due"]
    return Deadline(
        due=datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due),
        articles=tuple(kept["articles"]),
        reading=kept["reading"],
        steps=tuple(kept["steps"]),
        skipped=tuple(Skipped(date.fromisoformat(day), why) for day, why in kept["skipped"]),
        legal=date.fromisoformat(kept["legal"]) if kept["legal"] else None,
    )


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
