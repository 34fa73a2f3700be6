"""What lies on the disk, as another process reads it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path


def lying(path: Path) -> bytes:
    """The bytes of a database in use.

    Read by a process of its own: whoever closes a file gives up every lock that its process holds on it, and
    SQLite's own connections here would go on without theirs (https://sqlite.org/howtocorrupt.html, 2.2).
    """
    return subprocess.run(["cat", str(path)], check=True, stdout=subprocess.PIPE).stdout


def all_lying(paths: Iterable[Path]) -> bytes:
    """Those of several files, one after the other."""
    return b"".join(lying(path) for path in paths)
