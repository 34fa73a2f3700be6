"""One act on one file: found, locked, merged with what others did meanwhile, judged, written, dated anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.store import Row, Writing
from sync.versions import Difference

from desk.visits import Counter
from policy.reasons import Ground


@dataclass(frozen=True)
class Outcome:
    """What became of an act on one file.

    ``message`` is the French confirmation when it was done; ``differences`` the fields someone else changed
    meanwhile (nothing was written); ``grounds`` the reasons of a refusal, only where many rows are saved at
    once (a single act raises ``Refused`` instead). ``version`` is the file's version afterwards.
    """

    id: str
    message: str = ""
    version: int = 0
    grounds: tuple[Ground, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the act was carried out."""
        return not self.grounds and not self.differences


def held(counter: Counter[Writing], file_id: str) -> Row:
    """The file, locked for the rest of the transaction. Raises ``NotFound`` (unknown, or not theirs)."""
    raise NotImplementedError


def write(counter: Counter[Writing], file: Row, changes: Mapping[str, Any], act: str) -> Row:
    """Write the changes under the French verb ``act``, with the dates they move. Returns the file afterwards."""
    raise NotImplementedError
