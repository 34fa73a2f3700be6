"""The nightly seals: with a key kept outside the database, what was changed behind our back shows."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync import chain
from sync.schema import HISTORY, SEALS
from sync.store import Reading, Writing

_AT_ONCE = 2_000


@dataclass(frozen=True)
class Seal:
    """One seal. ``witness`` is what to keep outside (on paper, beside the key) to see a truncation."""

    number: int
    at: datetime
    up_to: int
    entries: int
    witness: str


def seal(tx: Writing, key: bytes, at: datetime) -> Seal:
    """Seal every entry written since the last seal, and so the head of every record's chain."""
    if tx.connection.dialect.name == "postgresql":  # an entry with a lower number may not come later
        tx.connection.exec_driver_sql("LOCK TABLE history IN SHARE ROW EXCLUSIVE MODE")
    last = tx.row(sa.select(SEALS).order_by(SEALS.c.number.desc()).limit(1))
    number, since, before = (last["number"] + 1, last["up_to"], last["mac"]) if last else (1, 0, b"")
    up_to = tx.scalar(sa.select(sa.func.max(HISTORY.c.seq))) or 0
    up_to = max(up_to, since)
    digest, count = _digest(tx, since, up_to)
    row = {
        "number": number,
        "at": at,
        "up_to": up_to,
        "entries": count,
        "key_id": chain.key_id(key),
        "mac": chain.seal_mac(key, before, number, at, up_to, digest),
    }
    tx.connection.execute(sa.insert(SEALS), [row])
    return _seal(row)


def latest(tx: Reading) -> Seal | None:
    """The last seal, if there is one."""
    row = tx.row(sa.select(SEALS).order_by(SEALS.c.number.desc()).limit(1))
    return _seal(row) if row else None


def _seal(row: Mapping[str, Any]) -> Seal:
    return Seal(
        row["number"], row["at"], row["up_to"], row["entries"], f"{row['number']}-{row['mac'].hex()[:32]}"
    )


def _digest(tx: Reading, since: int, up_to: int) -> tuple[bytes, int]:
    history = HISTORY.c
    total, count = hashlib.sha256(), 0
    query = (
        sa.select(history.seq, history.table_name, history.record, history.rank, history.digest)
        .where(history.seq > since, history.seq <= up_to)
        .order_by(history.seq)
    )
    for seq, table, record, rank, digest in streamed(tx, query):
        total.update(f"{seq}|{table}|{record}|{rank}|{digest.hex()}\n".encode())
        count += 1
    return total.digest(), count


def streamed(tx: Reading, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of a query without ever holding them all."""
    result = tx.connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for batch in result.partitions(_AT_ONCE):
        yield from batch


def faults(tx: Reading, keys: Sequence[bytes], witness: str) -> Iterator[str]:
    """What does not hold of the seals, as French sentences; without a key, only a seal that is missing."""
    known = {chain.key_id(key): key for key in keys}
    number, since, before = 0, 0, b""
    witnessed = not witness
    for row in tx.rows(sa.select(SEALS).order_by(SEALS.c.number)):
        name = f"Sceau no {row['number']} du {row['at']:%Y-%m-%d}"
        number += 1
        if row["number"] != number:
            yield f"{name} : le sceau no {number} manque."
            number = row["number"]
        witnessed = witnessed or _seal(row).witness == witness
        if keys:
            key = known.get(row["key_id"])
            digest, _ = _digest(tx, since, row["up_to"])
            if key is None:
                yield f"{name} : la clé {row['key_id']} qui l'a posé n'est pas celle qui est fournie."
            elif chain.seal_mac(key, before, row["number"], row["at"], row["up_to"], digest) != row["mac"]:
                yield f"{name} : l'historique qu'il couvre a été modifié après sa pose."
        since, before = row["up_to"], row["mac"]
    if not witnessed:
        yield f"Le sceau témoin {witness} n'est plus dans la base : l'historique a été tronqué ou remplacé."
