"""Closing a file by annexe A (R-16, R-17), alone or as the end of a first contact."""

from collections.abc import Mapping
from typing import Any

from sync.store import Row, Writing

from desk.acts import Outcome
from desk.visits import Counter, Visit


def close(
    visit: Visit,
    file_id: str,
    items: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    proof_read: bool = False,
) -> Outcome:
    """P annexe A: close with its items; the citizen is told once a text is written.

    ``items``: code (id), done_on, done_extension, note, planned_on, citizen_text. With ``proof_read``
    (« faire relire », annexe A point 5) the file stays open and its text becomes a task of the desk.
    Raises ``Refused`` naming each missing item by its point.
    """
    raise NotImplementedError


def close_in(counter: Counter[Writing], file: Row, items: Mapping[str, Any], act: str = "fermer") -> Row:
    """The same inside the caller's transaction, without its judging of who may: for a first contact (R-4)."""
    raise NotImplementedError
