"""``python -m benchmarks.pushing DATABASE``: an exchange of thousands of rows, beside which people click.

The other side is a service in memory that answers at once, without any limit: no real one makes us work
as hard. Says « begins » when the first row is about to leave.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from benchmarks import town
from benchmarks.stored import ROOT, house_of
from desk.exchanges import Post
from sync.pace import Pace
from sync.store import Store
from tests.remotes.memory import InMemory, Service

NO_LIMIT = (10**9, 1.0)


@contextmanager
def pushing(database: str) -> Iterator[Callable[[], bool]]:
    """That exchange under way in a process of its own; whether it still is."""
    command = [sys.executable, "-m", "benchmarks.pushing", database]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != "begins\n":
            raise RuntimeError("the exchange beside which people click did not begin")
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        process.communicate()


def main() -> int:
    """One exchange, from nothing there to everything."""
    shift = town.NOW - datetime.now(UTC)
    store = Store.open(sys.argv[1])
    remote = InMemory(Service(before_next_write=lambda: print("begins", flush=True)))
    post = Post(house_of(store), remote, Pace(*NO_LIMIT), lambda: datetime.now(UTC) + shift, "mesure")
    post.setup()
    post.exchange()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
