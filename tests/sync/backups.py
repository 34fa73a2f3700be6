"""Backups of the tests: taken, taken back, altered, on either database."""

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from sync import backup, restore
from sync.archive import MANIFEST, Manifest
from sync.epoch import Epoch
from sync.history import Author, Whence
from sync.restore import Order, Prepared
from sync.schema import METADATA, MIGRATIONS
from sync.store import Store
from sync.vault import Keyring
from tests.keys import KEYS
from tests.sync.rows import NOW

LATER = NOW + timedelta(days=1)
BY = Author("mise en place", "Reprise", Whence.COMMAND, LATER, "reprendre")


def silent(line: str) -> None:
    """Nobody looks on."""


def nothing(store: Store, table: str, record: str) -> None:
    """No record was erased since."""


def taken(store: Store, path: Path, key: bytes | None = None) -> Manifest:
    """A backup of the store in that file."""
    return backup.back_up(store, path, NOW, key, silent)


@contextmanager
def read(path: Path, keys: Keyring | None = KEYS, key: bytes | None = None) -> Iterator[Prepared]:
    """That backup, put together beside."""
    with TemporaryDirectory() as folder, restore.prepared(path, Path(folder), keys, key, silent) as ready:
        yield ready


def back(
    store: Store, path: Path, forget: Callable[[Store, str, str], None] = nothing, **order: Any
) -> Epoch:
    """The store restored from that file; what it held goes to a file beside."""
    order = {"before": path.with_name("avant.zip"), **order}
    (path.with_name("avant.zip")).unlink(missing_ok=True)
    with read(path) as ready:
        return restore.restore(store, ready, Order(BY, **order), forget, silent)


def contents(store: Store, *besides: str) -> dict[str, list[Any]]:
    """Every row of every table, in the order of its key."""
    found = {}
    with store.reading() as tx:
        for table in METADATA.sorted_tables:
            if table is not MIGRATIONS and table.name not in besides:
                rows = tx.connection.execute(sa.select(table).order_by(*table.primary_key))
                found[table.name] = [tuple(map(_plain, row)) for row in rows]
    return found


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A file with the members of that one, changed; the zip itself is sound."""
    with zipfile.ZipFile(path) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    change(members)
    made = path.with_name(f"altered-{path.name}")
    with zipfile.ZipFile(made, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return made


def manifest_of(members: dict[str, bytes]) -> Any:
    """Its manifest, as JSON."""
    return json.loads(members[MANIFEST])


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
