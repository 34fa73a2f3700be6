"""A restore: the backup is put together and judged beside, then laid down in one transaction.

Whatever happens before that transaction ends, the store in place is as it was. It may be on either database
and the backup of either, or of an earlier version of the software.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from policy.numbering import Number
from policy.reasons import refused
from sync import archive, backup, cells, epoch, migrations, vault
from sync.archive import Archive, Manifest, Told
from sync.engine import opened
from sync.epoch import Epoch
from sync.history import Author
from sync.schema import METADATA, MIGRATIONS
from sync.store import Reading, Store, Writing
from sync.vault import Keyring

Forget = Callable[[Store, str, str], None]


@dataclass(frozen=True)
class Prepared:
    """A backup read to its end, found whole, and put together as a store of its own."""

    manifest: Manifest
    store: Store


@contextmanager
def prepared(
    path: Path, folder: Path, keys: Keyring | None, seal_key: bytes | None, told: Told
) -> Iterator[Prepared]:
    """The backup in that file, put together in a file of ``folder``, at this version of the software.

    Raises ``Refused``: cut short, altered, of a later version; ``Locked``: the key of its private files is
    not among ``keys``. Nothing but ``folder`` is touched.
    """
    with archive.opened(path, seal_key) as held:
        manifest = held.manifest
        _refuse_unreadable(manifest, keys)
        engine = opened(f"sqlite:///{folder / 'reprise.db'}")
        try:
            steps = [step for step in migrations.STEPS if step.number <= manifest.head.step]
            migrations.migrate(engine, steps)
            store = Store(engine, keys)
            try:
                with store.writing() as tx:
                    _load(tx, held, told)
            except sqlite3.OperationalError:  # what it holds is not in question: the disk is
                raise refused(f"{folder} : la place manque pour remonter la copie.") from None
            except sqlite3.Error:
                raise archive.altered(path) from None
            migrations.migrate(engine)
            yield Prepared(manifest, store)
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Order:
    """How to restore: who signs, at what moment, what is known besides, and where the store that is replaced
    is kept (``None``: it must be empty)."""

    by: Author
    before: Path | None = None
    numbers: Sequence[Number] = ()
    seal_key: bytes | None = None


def restore(target: Store, from_: Prepared, order: Order, forget: Forget, told: Told) -> Epoch:
    """Put the prepared backup in the place of what the target holds: all of it, or nothing when it fails.

    Whoever works meanwhile waits, then finds the restored store and signs in again. What the target holds is
    first written to ``order.before``. ``forget`` is the desk's: erase again, in the store it is given, a
    record that was erased since the backup. Raises ``Refused``.
    """
    with target.writing() as tx:
        _alone(tx)
        old = tx if holds_rows(tx) else None
        if old is not None:
            _refuse_another_town(old, from_.manifest)
            if order.before is None:
                raise refused("La base n'est pas vide : une reprise remplacerait ce qu'elle contient.")
            told(f"Copie de ce qui est remplacé : {order.before}")
            backup.keep(old, order.before, order.by.at, order.seal_key, told)
        with from_.store.writing() as new:
            begun = epoch.begin(new, old, order.numbers, order.by)
        for table, record in begun.forgotten:
            forget(from_.store, table, record)
        with from_.store.writing() as new:
            begun = epoch.held(new, begun, order.by)
        told("Mise en place…")
        with from_.store.reading() as new:
            _lay_down(new, tx)
    target.settle_soon()
    return begun


def holds_rows(tx: Reading) -> bool:
    """Whether anything at all was ever written in that store."""
    return any(tx.connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
               for table in cells.KEPT)  # fmt: skip


def _refuse_unreadable(manifest: Manifest, keys: Keyring | None) -> None:
    if manifest.head.step > max(step.number for step in migrations.STEPS):
        raise archive.newer()
    missing = set(manifest.head.keys) - set(keys.ids if keys else ())
    if missing:
        raise vault.unknown(missing)


def _refuse_another_town(old: Reading, manifest: Manifest) -> None:
    if backup.lineage(old) != manifest.head.lineage:
        town = f" ({manifest.head.town})" if manifest.head.town else ""
        raise refused(
            f"Cette copie est celle d'une autre ville, ou d'une autre mise en place{town} : elle ne remplace "
            "pas ce que contient cette base. Reprenez-la dans une base vide (GUICHET_DATA_DIR ou "
            "GUICHET_DATABASE_URL). Rien n'a été touché."
        )


def _load(tx: Writing, held: Archive, told: Told) -> None:
    looked = sa.inspect(tx.connection)
    there = {
        name: {column["name"] for column in looked.get_columns(name)} for name in looked.get_table_names()
    }
    del there[MIGRATIONS.name]
    if {part.table: set(part.columns) for part in held.manifest.parts} != there:
        raise archive.altered(held.path)
    tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for part in held.manifest.parts:
        cells.lay(tx, part.table, part.columns, held.rows(part))
        archive.progress(told, part.table, part.rows)
    if tx.connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise archive.altered(held.path)


def _alone(tx: Writing) -> None:
    """Nobody else reads or writes before the end: what is kept and taken over is the last there was.

    On SQLite who writes is alone already, and who reads has the picture of before.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql(f"LOCK TABLE {_named()} IN ACCESS EXCLUSIVE MODE")


def _lay_down(new: Reading, tx: Writing) -> None:
    if tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql(f"TRUNCATE {_named()}")
    else:
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in reversed(cells.KEPT):
            tx.connection.execute(sa.delete(table))
    for table in cells.KEPT:
        cells.lay(tx, table.name, cells.columns_of(table), cells.streamed(new, table))
    if tx.connection.dialect.name == "postgresql":
        _go_on_counting(tx)


def _go_on_counting(tx: Writing) -> None:
    """PostgreSQL's own counters start past what was laid down, and never go back."""
    for table, column in (("history", "seq"), ("search_docs", "doc")):
        tx.connection.execute(
            sa.text(
                "SELECT setval(s.name::regclass, greatest(nextval(s.name::regclass), "  # noqa: S608
                f"(SELECT coalesce(max({column}), 0) FROM {table})) + 1, false) "
                "FROM (SELECT pg_get_serial_sequence(:table, :column) AS name) s"
            ),
            {"table": table, "column": column},
        )


def _named() -> str:
    return ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables if table is not MIGRATIONS)
