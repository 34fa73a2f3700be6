"""After any history of both sides, the invariants hold: Airtable, over a real socket."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import rule

from sync import ledger
from sync.exchange import exchange
from sync.outside import shapes
from sync.remote import ID, ID_HEADER, NOTE, NOTE_HEADER
from sync.store import Store
from tests.keys import KEYS
from tests.remotes.airtable import airtable
from tests.remotes.airtable_api import SCOPES
from tests.remotes.airtable_server import AirtableServer
from tests.sync.crossings import Town, town
from tests.sync.histories import Histories, There
from tests.sync.mortal import MANY, explore

SHAPES = shapes(False)
FAULTS = {"before": "503", "away": "429"}


class AirtableTables:
    """A person at a base, by our names of tables and columns."""

    def __init__(self, server: AirtableServer) -> None:
        self.server = server
        self._running = False
        self._labels = {shape.table: shape.label for shape in SHAPES}
        self._headers = {
            shape.table: {each.name: each.label for each in shape.columns}
            | {ID: ID_HEADER, NOTE: NOTE_HEADER}
            for shape in SHAPES
        }

    def add(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.server.add_row(self._labels[table], self._typed(table, cells))

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.server.edit(self._labels[table], key, self._typed(table, cells))

    def copy(self, table: str, key: str) -> str:
        return self.server.copy_row(self._labels[table], key)

    def delete(self, table: str, key: str) -> Any:
        return self.server.delete_row(self._labels[table], key)

    def restore(self, table: str, key: str, kept: Any) -> None:
        with suppress(KeyError):  # deleted for good by a purge order
            self.server.restore_row(self._labels[table], kept)

    def sort(self, table: str, column: str) -> None:
        self.server.sort(self._labels[table], self._headers[table][column])

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        names = {header: name for name, header in self._headers[table].items()}
        return {
            row["_key"]: {names[header]: value for header, value in row.items() if header in names}
            for row in self.server.rows(self._labels[table])
        }

    def fail(self, faults: list[str]) -> None:
        """Said when a run begins, and when it ends: who was to act while we wrote, and did not, will not."""
        self._running = not self._running
        if not self._running:
            self.server.before_next_write(lambda: None)
        self.server.fail_in_turn([FAULTS.get(fault, fault) for fault in faults])

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.server.before_next_write(act)

    @property
    def writes(self) -> int:
        return self.server.calls.writes

    def _typed(self, table: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        """What the screen lets in: « bientôt » stays out of a column of dates."""
        there = self._headers[table]
        return {
            there[name]: value
            for name, value in cells.items()
            if name != "planned_on" or value is None or value[:1].isdigit()
        }


def opened(stack: ExitStack, scopes: set[str]) -> Callable[[], tuple[Town, There, list[str]]]:
    """A way to open a new town with a base of its own."""

    def make() -> tuple[Town, There, list[str]]:
        base = stack.enter_context(airtable(SHAPES, scopes=scopes))
        folder = Path(tempfile.mkdtemp(prefix="guichet-"))
        store = Store.open(f"sqlite:///{folder / 'g.db'}", KEYS)
        store.migrate()
        made, ids = town(store, remote=base.remote)
        stamp = made.service.stamp or ""
        _, memory = base.remote.setup(base.line, SHAPES, base.memory, stamp, take_over=True)
        with store.writing() as tx:
            ledger.remember(tx, base.remote.name, memory)
        return made, AirtableTables(base.server), ids[1:]

    return make


class Unfed(Histories):
    """Without a feed, only a whole listing tells what was deleted: one is made before the two sides agree."""

    @rule()
    def both_sides_settle(self) -> None:
        self.town.now += timedelta(minutes=3)
        exchange(self.town.crossing(), again=True, whole=True)
        Histories.both_sides_settle(self)


@pytest.mark.parametrize(
    ("feed", "examples", "steps"),
    [
        pytest.param(True, 10, 25, id="by its feed"),
        pytest.param(False, 4, 25, id="without a feed"),
        pytest.param(True, 2 * MANY, 50, id="by its feed, many", marks=pytest.mark.long),
        pytest.param(False, MANY, 50, id="without a feed, many", marks=pytest.mark.long),
    ],
)
def test_after_any_history_nothing_is_lost_doubled_or_left_unsaid(
    feed: bool, examples: int, steps: int
) -> None:
    scopes = set(SCOPES) if feed else set(SCOPES) - {"webhook:manage"}
    with ExitStack() as stack:
        held = {"opened": staticmethod(opened(stack, scopes))}
        explore(type("Machine", (Histories if feed else Unfed,), held), examples, steps)
