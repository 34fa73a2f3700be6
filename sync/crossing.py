"""What one exchange with a remote is made of: who speaks, to whom, under which rules, and what came of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Protocol

from sync.inbound import Inbound
from sync.remote import Line, Remote, Shape
from sync.store import Store, Writing

LONGEST_REST = 0.05  # seconds after each transaction; as long as it took, at most


@dataclass
class Tally:
    """What an exchange did, in records; ``calls`` in requests."""

    pulled: int = 0
    pushed: int = 0
    created_here: int = 0
    created_there: int = 0
    disputed: int = 0
    rejected: int = 0
    withdrawn: int = 0
    frozen: int = 0
    calls: int = 0

    def as_row(self) -> dict[str, int]:
        """As ``python -m sync run --once --json`` prints it."""
        return asdict(self)


class Waiting(Protocol):
    """What is done while we wait for our turn (``sync.meanwhile``)."""

    def begin(self, crossing: "Crossing", stamp: str) -> None:
        """A look begins, whose rows may be noted as they come."""
        ...

    def end(self) -> None:
        """The look is whole, or failed."""
        ...


@dataclass
class Crossing:
    """One exchange under way. ``limit``: files closed before it are not held there any more.

    ``rebuilding``: a person said that what the store lost is to be taken back from the remote; ``patient``:
    rows that point to others not taken back yet wait for them. ``number`` is that of its last look;
    ``rest`` waits some seconds.
    """

    store: Store
    remote: Remote
    inbound: Inbound
    shapes: tuple[Shape, ...]
    line: Line
    clock: Callable[[], datetime]
    limit: datetime
    rebuilding: bool = False
    patient: bool = True
    number: int = 0
    rest: Callable[[float], None] = time.sleep
    meanwhile: Waiting | None = None
    tally: Tally = field(default_factory=Tally)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A short transaction, after which whoever waits to save at a screen goes first."""
        began = time.monotonic()
        with self.store.writing() as tx:
            yield tx
        self.rest(min(time.monotonic() - began, LONGEST_REST))

    @property
    def name(self) -> str:
        """What the ledger calls the remote."""
        return self.remote.name

    def shape(self, table: str) -> Shape:
        """The shape of a table that goes out; ``KeyError`` when it does not."""
        for shape in self.shapes:
            if shape.table == table:
                return shape
        raise KeyError(table)
