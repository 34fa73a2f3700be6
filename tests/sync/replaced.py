"""A store put back as a backup of it was, in the middle of a history."""

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import sqlalchemy as sa

from sync import backup, restore
from sync.archive import Manifest
from sync.history import Author, Whence
from sync.link_tables import TOMBSTONES
from sync.restore import Order, Prepared
from sync.schema import SQL
from sync.store import Store
from tests.remotes.there import There
from tests.sync.backups import silent
from tests.sync.crossings import Town
from tests.sync.invariants import HERE, Known
from tests.sync.mortal import new_store
from tests.sync.openings import lay, pictured


@dataclass(frozen=True)
class Backup:
    """A picture of the store, and the files that were followed."""

    picture: sqlite3.Connection
    manifest: Manifest
    files: tuple[str, ...]


def taken(town: Town, files: list[str]) -> Backup:
    """The store as it is. The file of a backup is tried elsewhere (``test_backup``): here, its content."""
    with town.store.reading() as tx:
        manifest = Manifest(backup.head_of(tx, town.now), ())
    return Backup(pictured(town.store), manifest, tuple(files))


def restored(
    town: Town, there: There, known: Known, kept: Backup, erase: Callable[[Store, str, str], None]
) -> list[str]:
    """Restore it by our own act; the files that are followed from then on.

    What was typed after the backup is then on the remote, where it stays or comes back from, or it is in the
    file of what was replaced, which the restore itself writes: it is looked for there, and followed no more.
    What a purge order wanted nowhere since the backup is erased again.
    """
    beside = _beside(kept)
    by = _by(town)
    with tempfile.TemporaryDirectory(dir=Path("/dev/shm")) as folder:  # noqa: S108
        before = Path(folder) / "avant.zip"
        restore.restore(town.store, Prepared(kept.manifest, beside), Order(by, before), erase, silent)
        with ZipFile(before) as zipped:
            replaced = "\n".join(zipped.read(name).decode() for name in zipped.namelist())
    for value in _nowhere(town, there, known, kept):
        assert value in replaced, f"{value} is nowhere, not even in what was replaced"
        known.forget(value)
    return [record for record in kept.files if record not in known.purged]


def restored_elsewhere(
    town: Town, there: There, known: Known, kept: Backup, erase: Callable[[Store, str, str], None]
) -> list[str]:
    """Restore it on another machine, into an empty store; the one that the town had is no more.

    What was typed after the backup is on the remote or lost with that machine, and so are the purge orders
    given since. The files that are followed from then on.
    """
    beside, by = _beside(kept), _by(town)
    town.store = next(store for store in _empty() if store is not town.store)
    lay(_blank(), town.store)
    restore.restore(town.store, Prepared(kept.manifest, beside), Order(by), erase, silent)
    with town.store.reading() as tx:
        stones = set(tx.connection.scalars(sa.select(TOMBSTONES.c.record)))
        numbers = set(tx.connection.scalars(sa.select(SQL["files"].c.number)))
    known.numbers = numbers | {str(row.get("number")) for row in there.rows("files").values()}
    known.purged &= stones
    known.erased = {value for value in known.erased if known.owners[value] & stones}
    for value in _nowhere(town, there, known, kept):
        known.forget(value)
    return list(kept.files)


def _nowhere(town: Town, there: There, known: Known, kept: Backup) -> set[str]:
    """What is neither in the restored store nor on the remote, nor went with our own write of its cell."""
    known.history_is_another()
    known.clash |= known.awaited  # the feed tells what was replaced to a ledger that knows of the write
    here = known.found_here(town)
    streets = {str(row.get("street")) for row in there.rows("files").values()}
    known.foreign |= {value for value in streets if value.startswith(HERE)}
    for owners in known.owners.values():  # a row whose ID the backup did not know is given another
        if not owners <= {*kept.files}:
            owners.add("")
    return set(known.typed) - known.clash - here - streets


def _by(town: Town) -> Author:
    return Author("mise en place", "Reprise", Whence.COMMAND, town.now, "reprendre")


def _beside(kept: Backup) -> Store:
    """The backup put together, in a store that there is once a process."""
    beside = _aside()
    lay(kept.picture, beside)
    kept.picture.close()
    return beside


@cache
def _aside() -> Store:
    return new_store()


@cache
def _empty() -> tuple[Store, Store]:
    """Two: a town that was restored into one may be restored elsewhere again."""
    return new_store(), new_store()


@cache
def _blank() -> sqlite3.Connection:
    return pictured(new_store())
