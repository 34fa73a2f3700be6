"""A store whose process may end at any transaction, on a machine where nothing must survive."""

import atexit
import random
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test
from sqlalchemy import event

from sync import ids
from sync.store import Store, Writing
from tests.keys import KEYS

MANY = 250  # histories from which new ones are wanted each time


def same_ids(chance: int) -> None:
    """Ids of this process follow one another as they would in any other run: a history can be replayed."""
    setattr(ids, "secrets", _Chance(random.Random(chance)) if chance else secrets)  # noqa: B010


class _Chance:
    """What ``sync.ids`` asks of ``secrets``, of a known chance."""

    def __init__(self, chance: random.Random) -> None:
        self.randbits = chance.getrandbits
        self.randbelow = chance.randrange


def new_store() -> Store:
    """A migrated store of its own, in memory as far as the machine allows: nothing here survives anyway."""
    shared = Path("/dev/shm")  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="guichet-", dir=shared if shared.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copyfile(_migrated(), folder / "guichet.db")
    store = Store.open(f"sqlite:///{folder / 'guichet.db'}", KEYS)
    event.listen(store._engine, "connect", _heedless)
    return store


def path_of(store: Store) -> str:
    """The file of a store."""
    return str(store._engine.url.database)


def _heedless(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@cache
def _migrated() -> Path:
    path = Path(tempfile.mkdtemp(prefix="guichet-")) / "guichet.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    store = Store.open(f"sqlite:///{path}", KEYS)
    store.migrate()
    store.settle()
    store.close()
    return path


class Killed(BaseException):
    """The process ended here."""


class Mortal(Store):
    """A store whose process ends at a given transaction, just before it or just after it was kept."""

    def __init__(self, store: Store) -> None:
        self.__dict__.update(store.__dict__)
        self.living = store
        self.left: int | None = None
        self.after = False

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        if self.left is not None:
            self.left -= 1
            if self.left < 0 and not self.after:
                raise Killed
        with super().writing() as tx:
            yield tx
        if self.left is not None and self.left < 0:
            raise Killed


def play(machine: type[RuleBasedStateMachine], examples: int, steps: int, part: int = 0) -> None:
    """Play so many histories: for each change always the same, other ones in each part; new ones if many."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    test = get_state_machine_test(machine, settings=chosen)
    if examples < MANY:
        test = seed(part)(test)
    test()
