"""Finding a file again: by name, telephone, address, number, words of the facts; accents ignored."""

from dataclasses import dataclass
from datetime import datetime

from desk.visits import Counter, Visit
from policy.words import State
from sync.store import Writing


@dataclass(frozen=True)
class Hit:
    """One file found. ``citizen`` is empty when identities are not theirs to see, or nobody gave a name."""

    id: str
    number: str
    state: State
    category: str
    department: str
    place: str
    received_at: datetime
    citizen: str
    facts: str  # its beginning


def search(visit: Visit, text: str, limit: int = 20) -> list[Hit]:
    """The files this visit may see in which every word of ``text`` begins a word, the newest first.

    Names, telephones and e-mails count only for whom identities are theirs to see.
    """
    raise NotImplementedError


def index(counter: Counter[Writing], file_id: str) -> None:
    """Put a file's words in the index, or put them right: after its facts, place or citizen changed."""
    raise NotImplementedError
