"""Which files a visit may see: ``policy.confidentiality`` turned into SQL, in this one place."""

from typing import Any

from sqlalchemy import ColumnElement
from sync.store import Reading, Row

from desk.visits import Counter
from policy.reasons import Ground, Refused


class NotFound(Refused):
    """« Introuvable »: the same words for a file that is not there and for one that is not theirs (R-1, R-33)."""

    def __init__(self) -> None:
        super().__init__((Ground("Dossier introuvable.", "P §4.5"),))


def visible(counter: Counter[Any]) -> ColumnElement[bool]:
    """The condition on ``files`` every list query carries: only what this visit may see."""
    raise NotImplementedError


def file_in_sight(counter: Counter[Reading], number_or_id: str) -> Row:
    """The file of that id or number. Raises ``NotFound`` when there is none or it is not theirs."""
    raise NotImplementedError
