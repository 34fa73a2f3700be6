"""Screens take turns: Python draws one at a time anyway, and going to and fro makes all of them late."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

PATIENCE = 0.3  # seconds: a slow screen makes the others wait no longer than this
LANES = {"sqlite": 1, "postgresql": 3}  # while one waits for a server of databases another can be drawn


class Turns:
    """Whose turn it is. Thirty people who click every two seconds then wait for whoever came before them.

    Without it their threads share the interpreter in slices, each switch costs, and all of them end late
    (docs/performance.md).
    """

    def __init__(self, lanes: int = 1, patience: float = PATIENCE) -> None:
        self._lanes = BoundedSemaphore(lanes)
        self.patience = patience

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn, for the block; whoever has waited ``patience`` goes in without one."""
        mine = self._lanes.acquire(timeout=self.patience)
        try:
            yield
        finally:
            if mine:
                self._lanes.release()
