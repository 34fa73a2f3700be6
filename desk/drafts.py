"""What a person has begun to type, kept on the server until it is saved (architecture 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.visits import Counter, Visit
from sync.store import Writing

NEW = "nouvelle"  # the record of a demand not yet saved


@dataclass(frozen=True)
class Draft:
    """One field as typed, the value shown when typing began, and when it was typed.

    Values are what JSON can hold: text, number, true or false, none, and lists; a date is its ISO text.
    """

    value: Any
    based_on: Any
    typed_at: datetime


def keep(visit: Visit, record: str, field: str, value: Any, based_on: Any = None) -> None:
    """Keep one field; see ``keep_all``."""
    raise NotImplementedError


def keep_all(
    visit: Visit, record: str, typed: Mapping[str, Any], based_on: Mapping[str, Any] | None = None
) -> None:
    """Keep several fields of one record (a file's id, or ``NEW``); what was kept of them before is replaced.

    ``based_on`` is kept from the first time the field was typed: it stays what the person saw.
    Raises ``Refused`` for what is too large to keep.
    """
    raise NotImplementedError


def recall(visit: Visit, record: str) -> dict[str, Draft]:
    """What this person's account has begun on a record, from whatever session."""
    raise NotImplementedError


def recall_all(visit: Visit, records: Iterable[str]) -> dict[str, dict[str, Draft]]:
    """The same for the rows of a grid: by record, then by field; records without a draft are left out."""
    raise NotImplementedError


def drop(visit: Visit, record: str, fields: Iterable[str] | None = None) -> None:
    """Forget a record's draft, or only some fields of it."""
    raise NotImplementedError


def drop_in(counter: Counter[Writing], record: str, fields: Iterable[str] | None = None) -> None:
    """The same in the transaction of the save that makes the draft useless."""
    raise NotImplementedError
