"""The citizens who called: found again as one types, kept up to date, never doubled when chosen."""

from dataclasses import dataclass
from datetime import datetime

from desk.visits import Counter, Visit
from policy.words import State
from sync.store import Writing


@dataclass(frozen=True)
class Caller:
    """Who asks, as typed: ``citizen`` is the id of the person chosen among those already known, or empty."""

    citizen: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    civic: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Earlier:
    """A file that may matter to the demand being typed."""

    id: str
    number: str
    state: State
    category: str
    place: str
    received_at: datetime
    open: bool


@dataclass(frozen=True)
class Known:
    """A citizen already known, with his or her latest files (newest first) and how many there are."""

    id: str
    caller: Caller
    files: int
    latest: tuple[Earlier, ...]


def suggest(visit: Visit, text: str, limit: int = 5) -> list[Known]:
    """P §4.1: the known citizens whose name, telephone or address begins as typed; nobody under 3 characters.

    For whom may see identities; for the others, nobody.
    """
    raise NotImplementedError


def nearby(
    visit: Visit, street: str = "", civic: str = "", category: str = "", citizen: str = "", limit: int = 8
) -> list[Earlier]:
    """R-18: the open files at the same place, on the same street for the same category, or of the same
    category and citizen: the demand may already be known. Most alike first.
    """
    raise NotImplementedError


def put(counter: Counter[Writing], caller: Caller) -> str:
    """The id of the citizen: the one chosen, contact details corrected, or a new one."""
    raise NotImplementedError
