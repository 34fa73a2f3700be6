"""The mails about one file: acknowledgement (R-5), routing notice (R-12b), closing text (R-16).

Each is drawn up inside the transaction of the act that calls for it and leaves with the clock; nothing here
speaks to a mail server.
"""

from dataclasses import dataclass
from enum import StrEnum

from sync.store import Row, Writing

from desk.visits import Counter, Visit


class How(StrEnum):
    """How a person is told."""

    MAILED = "Courriel"
    CALL = "À rappeler"
    LATER = "Avis regroupé"
    NOBODY = "Personne"


@dataclass(frozen=True)
class Told:
    """How, and the French sentence for the screen (« Un courriel part à l'adresse donnée. »)."""

    how: How
    sentence: str


def acknowledge(counter: Counter[Writing], file: Row) -> Told:
    """SJ « accuser réception » (R-5): number, department, expected delay; once a file, at its first routing.

    Nothing for a complaint, an access request, an anonymous demand or a first contact. Without an address a
    task « À rappeler » bears the clock. ``acknowledged_at`` is written when the mail has left or the call is made.
    """
    raise NotImplementedError


def notify_routing(counter: Counter[Writing], file: Row) -> Told:
    """P §2.3 « sans délai » (R-12b): urgent files are told at once, the others by the quarter hour."""
    raise NotImplementedError


def tell_closing(counter: Counter[Writing], file: Row) -> Told:
    """P annexe A, point 5 (R-16, R-18): the text for the citizen, once written; also to those of its duplicates."""
    raise NotImplementedError


def called_back(visit: Visit, task: str) -> None:
    """The desk made the call: the task is done, and the acknowledgement given (R-5)."""
    raise NotImplementedError
