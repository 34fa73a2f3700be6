"""After any history of both sides, the invariants hold: the remote in memory."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sync.remote import RefersBy
from tests.remotes.memory import InMemory, Service
from tests.sync.crossings import Town, town
from tests.sync.histories import Histories, There
from tests.sync.mortal import MANY, explore, new_store


class InMemoryTables:
    """A person at the tables in memory."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def add(self, table: str, cells: Mapping[str, Any]) -> str:
        return self.service.add(table, cells)

    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        self.service.edit(table, key, cells)

    def copy(self, table: str, key: str) -> str:
        return self.service.copy(table, key)

    def delete(self, table: str, key: str) -> Any:
        return self.service.delete(table, key)

    def restore(self, table: str, key: str, kept: Any) -> None:
        self.service.restore(table, key, kept)

    def sort(self, table: str, column: str) -> None:
        """Handles follow their rows: nothing is to be seen of it."""

    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]:
        return self.service.rows(table)

    def fail(self, faults: list[str]) -> None:
        self.service.faults = faults

    def meanwhile(self, act: Callable[[], None]) -> None:
        self.service.before_next_write = act

    @property
    def writes(self) -> int:
        return self.service.writes


def opened(refers_by: RefersBy) -> Callable[[], tuple[Town, There, list[str]]]:
    """A way to open a new town with a remote in memory."""

    def make() -> tuple[Town, There, list[str]]:
        service = Service()
        made, ids = town(new_store(), remote=InMemory(service, refers_by), service=service)
        return made, InMemoryTables(service), ids[1:]

    return make


@pytest.mark.parametrize("refers_by", RefersBy)
@pytest.mark.parametrize(
    ("examples", "steps"), [(10, 30), pytest.param(MANY, 50, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_after_any_history_nothing_is_lost_doubled_or_left_unsaid(
    refers_by: RefersBy, examples: int, steps: int
) -> None:
    explore(type("Machine", (Histories,), {"opened": staticmethod(opened(refers_by))}), examples, steps)
