"""Which keys the rows are wrapped with, and wrapping them again with the newest: a rotation."""

from collections.abc import Iterable

import sqlalchemy as sa

from sync import vault
from sync.schema import SQL
from sync.store import Reading, Store, Writing
from sync.vault import KEY_COLUMN, SEALED, Keyring

_AT_ONCE = 500  # rows of one transaction: whoever writes waits no longer than for these


def in_use(tx: Reading) -> frozenset[str]:
    """The names of the master keys without which some row does not open."""
    return frozenset(name for table in SEALED for name in _names(tx, table))


def check(tx: Reading) -> None:
    """Raise ``Locked`` when rows are sealed with a key that is not in the keyring of this store."""
    missing = in_use(tx) - set(tx.keys.ids if tx.keys else ())
    if missing:
        raise vault.unknown(missing)


def rotate(store: Store, keys: Keyring) -> int:
    """Wrap the key of every row with the newest master key; how many were wrapped again.

    Batch by batch, each kept when it is done: what was cut short goes on from there, and a second time finds
    nothing. Nothing of what the rows hold is rewritten. A row that another process writes meanwhile with an
    older key is found by one more look, until a look finds none. Raises ``Locked``.
    """
    return sum(_rotated(store, table, keys) for table in SEALED)


def _rotated(store: Store, table: str, keys: Keyring) -> int:
    total = 0
    while True:
        found, last = 0, ""
        while True:
            with store.writing() as tx:
                batch = _batch(tx, table, keys, last)
            if not batch:
                break
            found, last = found + len(batch), batch[-1]
        total += found
        if not found:
            return total


def _batch(tx: Writing, table: str, keys: Keyring, after: str) -> list[str]:
    columns = SQL[table].c
    older = ~columns[KEY_COLUMN].startswith(vault.wrapping(keys.newest), autoescape=True)
    rows = tx.rows(
        sa.select(columns.id, columns[KEY_COLUMN])
        .where(columns.id > after, older)
        .order_by(columns.id)
        .limit(_AT_ONCE)
        .with_for_update()
    )
    if rows:
        change = (
            sa.update(SQL[table])
            .where(columns.id == sa.bindparam("row"))
            .values({KEY_COLUMN: sa.bindparam("wrapped")})
        )
        tx.connection.execute(
            change,
            [
                {"row": row["id"], "wrapped": keys.wrap(vault.key_of(keys, table, row).key, table, row["id"])}
                for row in rows
            ],
        )
    return [row["id"] for row in rows]


def _names(tx: Reading, table: str) -> Iterable[str]:
    start = sa.func.substr(SQL[table].c[KEY_COLUMN], 1, len(vault.wrapping("0" * 8)))
    return (vault.wrapped_by(row["start"]) for row in tx.rows(sa.select(start.label("start")).distinct()))
