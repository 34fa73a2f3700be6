"""A store put back as a backup of it was, in the middle of a history."""

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zipfile import ZipFile

from sync import backup, restore
from sync.archive import Manifest
from sync.history import Author, Whence
from sync.restore import Order, Prepared
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
    beside = _beside()
    lay(kept.picture, beside)
    kept.picture.close()
    by = Author("mise en place", "Reprise", Whence.COMMAND, town.now, "reprendre")
    with tempfile.TemporaryDirectory(dir=Path("/dev/shm")) as folder:  # noqa: S108
        before = Path(folder) / "avant.zip"
        restore.restore(town.store, Prepared(kept.manifest, beside), Order(by, before), erase, silent)
        with ZipFile(before) as zipped:
            replaced = "\n".join(zipped.read(name).decode() for name in zipped.namelist())
    known.history_is_another()
    known.clash |= known.awaited  # the feed tells what was replaced to a ledger that knows of the write
    here = known.found_here(town)
    streets = {str(row.get("street")) for row in there.rows("files").values()}
    for value in set(known.typed) - here - streets:
        assert value in replaced, f"{value} is nowhere, not even in what was replaced"
        known.forget(value)
    known.foreign |= {value for value in streets if value.startswith(HERE)}
    for owners in known.owners.values():  # a row whose ID the backup did not know is given another
        if not owners <= {*kept.files}:
            owners.add("")
    return [record for record in kept.files if record not in known.purged]


@cache
def _beside() -> Store:
    """Where a backup is put together, once a process."""
    return new_store()
