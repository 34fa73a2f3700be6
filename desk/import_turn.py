"""The turn of one process at one import: each batch is written only while the turn is still its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from desk.house import House
from policy.roles import System
from sync.history import Author, Whence
from sync.states import ImportState
from sync.store import Writing

CLAIM = timedelta(minutes=3)  # longer than any batch


class LostTurn(Exception):
    """Another process has taken the import up, or a person gave it up: nothing more is written."""


@dataclass(frozen=True)
class Turn:
    """``me`` holds the import ``lot``; ``clock`` gives the moment (UTC)."""

    house: House
    clock: Callable[[], datetime]
    me: str
    lot: str

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction of ours. Raises ``LostTurn`` when the turn is over."""
        with self.house.store.writing() as tx:
            row = tx.lock("imports", self.lot)
            if row is None or row["claimed_by"] != self.me:
                raise LostTurn(self.lot)
            yield tx

    def tell(self, tx: Writing, done: int, total: int) -> None:
        """How far it is; the claim is renewed, and what failed before is forgotten."""
        changes = {"done": done, "total": total, "claimed_until": self.clock() + CLAIM, "attempts": 0}
        tx.update("imports", self.lot, changes, self.by("avancer"))

    def become(self, tx: Writing, state: ImportState, **changes: Any) -> None:
        """The import stands there now; nobody holds it."""
        free = {"claimed_by": None, "claimed_until": None, "attempts": 0, "done": 0, "total": 0}
        tx.update("imports", self.lot, {**free, "state": state, **changes}, self.by("avancer"))

    def by(self, act: str) -> Author:
        """The import itself signs."""
        return Author(System.IMPORT, System.IMPORT, Whence.IMPORT, self.clock(), act)
