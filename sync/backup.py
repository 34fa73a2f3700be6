"""A backup of the whole store in one file, taken while people work; keys are never in it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from policy.reasons import Refused, refused
from sync import archive, rotation
from sync.archive import Head, Manifest, Told
from sync.schema import HISTORY, MIGRATIONS, SQL
from sync.store import Reading, Store

TOWN_NAME = "town_name"  # the rule that names the town
_WHY = {
    errno.ENOENT: "ce dossier n'existe pas",
    errno.ENOTDIR: "ce dossier n'en est pas un",
    errno.EACCES: "l'accès est refusé",
    errno.EROFS: "le disque ne fait que se lire",
    errno.ENOSPC: "le disque est plein",
    errno.EISDIR: "c'est un dossier",
}


def back_up(
    store: Store, path: Path, at: datetime, key: bytes | None, told: Told, *, replace: bool = False
) -> Manifest:
    """Write the store as it is at this instant; nobody who works meanwhile waits for it.

    The file has its name once it is whole and on the disk, and only its owner reads it. ``key`` (the seals')
    seals its manifest. Raises ``Refused`` when it cannot be written, or is there already and not ``replace``.
    """
    with store.reading() as tx:
        return keep(tx, path, at, key, told, replace=replace)


def keep(
    tx: Reading, path: Path, at: datetime, key: bytes | None, told: Told, *, replace: bool = False
) -> Manifest:
    """The same, of the picture that this transaction has."""
    if not replace:
        _refuse_over(path)
    with _written(path, replace) as out:
        return archive.write(tx, out, head_of(tx, at), key, told)


def head_of(tx: Reading, at: datetime) -> Head:
    """What a backup of this store says of it."""
    rules = SQL["rules"].c
    town = sa.select(rules.value).where(rules.name == TOWN_NAME).order_by(rules.valid_from.desc()).limit(1)
    return Head(
        at,
        int(tx.scalar(sa.select(sa.func.max(MIGRATIONS.c.number))) or 0),
        tx.connection.dialect.name,
        str(tx.scalar(town) or ""),
        lineage(tx),
        tuple(sorted(rotation.in_use(tx))),
    )


def lineage(tx: Reading) -> str:
    """What tells one town's store from every other, and goes with its copies; empty before its first act."""
    first = tx.scalar(sa.select(HISTORY.c.digest).order_by(HISTORY.c.seq).limit(1))
    return bytes(first).hex() if first else ""


def refuse_place(path: Path, data: Path, keys: Path) -> None:
    """Where a backup would be lost with what it is a copy of, or lie beside the keys it must do without."""
    place = path.resolve()
    if place.is_relative_to(data.resolve()):
        raise refused(
            f"{path} est dans le dossier des données : la copie disparaîtrait avec elles. Donnez "
            "un autre dossier, de préférence sur un autre disque."
        )
    if place.is_relative_to(keys.resolve()):
        raise refused(
            f"{path} est dans le dossier des clés : qui prendrait la copie prendrait aussi de quoi ouvrir "
            "les dossiers privés. Donnez un autre dossier."
        )


@contextmanager
def _written(path: Path, replace: bool) -> Iterator[IO[bytes]]:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        held = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as failure:
        raise _unwritable(path, failure) from None
    try:
        with os.fdopen(held, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if not replace:
            _refuse_over(path)
        beside.replace(path)
        _settle(path.parent)
    except OSError as failure:
        raise _unwritable(path, failure) from None
    finally:
        beside.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)  # its new name too survives a power cut
    finally:
        os.close(held)


def _refuse_over(path: Path) -> None:
    if path.exists():
        raise refused(f"{path} existe déjà : donnez un autre nom, ou --replace pour l'écraser.")


def _unwritable(path: Path, failure: OSError) -> Refused:
    why = _WHY.get(failure.errno or 0, "le disque le refuse")
    return refused(f"{path} ne s'écrit pas : {why}.")
