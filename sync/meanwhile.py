"""What is done while the remote's pace makes us wait: the parts of a long listing are noted as they come.

Only rows that the ledger does not know, and whose place nothing else of the listing can change: the look,
once it is whole, is noted as if this had not been, and finds them done. Still one worker, and no network in
any transaction: the waiting was there anyway.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sync import gather, ledger, together
from sync.crossing import Crossing
from sync.links import Link
from sync.remote import Seen, TableLook


@dataclass
class Meanwhile:
    """What waits to be done while we wait for our turn. ``clock`` is that of the pace, in seconds.

    Nothing comes before ``begin``, which says for which exchange and under which stamp.
    """

    clock: Callable[[], float]
    _crossing: Crossing | None = None
    _stamp: str = ""
    _parts: deque[tuple[str, list[Seen]]] = field(default_factory=deque)
    _noted: deque[list[Link]] = field(default_factory=deque)

    def begin(self, crossing: Crossing, stamp: str) -> None:
        """A look begins, whose rows may be noted as they come."""
        self.end()
        self._crossing, self._stamp = crossing, stamp

    def end(self) -> None:
        """The look is whole, or failed: what is left of it is not for us."""
        self._crossing = None
        self._parts.clear()
        self._noted.clear()

    def brought(self, table: str, part: TableLook, stamp: str | None) -> None:
        """A part of a listing came."""
        if self._crossing is None or stamp != self._stamp or not self._may(self._crossing, table, part):
            return
        rows = list(part.rows.values())
        for start in range(0, len(rows), gather.AT_ONCE):
            self._parts.append((table, rows[start : start + gather.AT_ONCE]))

    def work(self, seconds: float) -> None:
        """Do what can be done in so many seconds."""
        until = self.clock() + seconds
        while self._crossing is not None and (self._parts or self._noted) and self.clock() < until:
            if self._noted:
                together.agreed(self._crossing, self._noted.popleft())
            else:
                table, rows = self._parts.popleft()
                fresh = gather.note_unknown(self._crossing, self._crossing.shape(table), rows)
                if fresh:
                    self._noted.append(fresh)

    def _may(self, crossing: Crossing, table: str, part: TableLook) -> bool:
        """Whether the table is as it was: what froze it or paused a column is told before its rows."""
        with crossing.store.reading() as tx:
            row = ledger.tables(tx, crossing.name).get(table)
        if row is None:
            return not part.paused and not part.trouble
        return row["frozen_at"] is None and ledger.paused(row) == dict(part.paused)
