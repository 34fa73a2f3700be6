"""The nightly seals: with a key kept outside the database, what was changed behind our back shows."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from policy.words import Sight
from sync import chain
from sync.history import Did, read_back
from sync.schema import HISTORY, SEALS, SQL
from sync.store import Reading, Writing
from sync.tables import TABLES

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


def verify(tx: Reading, key: bytes | Sequence[bytes] | None = None, witness: str = "") -> list[str]:
    """What does not hold, as French sentences; nothing when all is well.

    Without a key only what needs none: each record's chain, and that each record is as its history says.
    With the key (or several: the one in use and those before it) the seals too: an entry changed, added or removed
    since. ``witness``: a seal known from outside, which must still be there. Erased values are no fault.
    """
    keys = () if key is None else (key,) if isinstance(key, bytes) else tuple(key)
    return [*_chain_faults(tx), *_record_faults(tx), *_seal_faults(tx, keys, witness)]


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
    for seq, table, record, rank, digest in _streamed(tx, query):
        total.update(f"{seq}|{table}|{record}|{rank}|{digest.hex()}\n".encode())
        count += 1
    return total.digest(), count


def _streamed(tx: Reading, query: sa.Select[Any]) -> Iterator[Any]:
    result = tx.connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for batch in result.partitions(_AT_ONCE):
        yield from batch


def _seal_faults(tx: Reading, keys: Sequence[bytes], witness: str) -> Iterator[str]:
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


def _chain_faults(tx: Reading) -> Iterator[str]:
    history = HISTORY.c
    query = sa.select(HISTORY).order_by(history.table_name, history.record, history.rank)
    for (table, record), entries in groupby(
        _streamed(tx, query), key=lambda row: (row.table_name, row.record)
    ):
        label = TABLES[table].label if table in TABLES else table
        for fault in _faults_of(entries):
            yield f"{label}, {record} : {fault}"


def _faults_of(entries: Iterable[Any]) -> Iterator[str]:
    rank, before = 0, b""
    unexplained: set[str] = set()
    for row in entries:
        rank += 1
        if row.rank != rank:
            yield f"l'inscription no {rank} de son historique manque."
            rank = row.rank
        elif not _holds(row, before):
            yield f"l'inscription no {row.rank} du {row.at:%Y-%m-%d} a été modifiée."
            return
        before = row.digest
        if row.kind == Did.ERASED.value:
            unexplained -= json.loads(row.changes).keys()
        elif row.remains is not None:
            unexplained |= json.loads(row.remains)["digests"].keys()
    for name in sorted(unexplained):
        yield f"le champ {name} a été effacé sans qu'une inscription le dise."


def _holds(row: Any, before: bytes) -> bool:
    header = chain.Header(
        row.table_name,
        row.record,
        row.rank,
        row.kind,
        row.at,
        row.who,
        row.name,
        row.whence,
        row.act,
    )
    try:
        fields = chain.field_digests(json.loads(row.changes), row.salt, chain.remains_of(row.remains))
    except (ValueError, KeyError, TypeError):  # no longer what we wrote
        return False
    return bool(chain.entry_digest(before, header, fields) == row.digest)


def _record_faults(tx: Reading) -> Iterator[str]:
    """Each record against what its history says of it."""
    for name, definition in TABLES.items():
        if definition.logged:
            yield from _table_faults(tx, name)


def _table_faults(tx: Reading, name: str) -> Iterator[str]:
    fields = [field for field in TABLES[name].fields if field.sight is not Sight.SECRET]
    told = _told(tx, name)
    expected = next(told, None)
    for row in _streamed(tx, sa.select(SQL[name]).order_by(SQL[name].c.id)):
        while expected is not None and expected[0] < row.id:
            if expected[1] is not None:
                yield f"{TABLES[name].label}, {expected[0]} : la fiche a disparu sans que l'historique le dise."
            expected = next(told, None)
        if expected is None or expected[0] != row.id or expected[1] is None:
            yield f"{TABLES[name].label}, {row.id} : la fiche n'a pas d'historique."
        else:
            for field in fields:
                said = expected[1].get(field.name, (None,))
                if said and read_back(field, said[0]) != getattr(row, field.name):
                    yield (
                        f"{TABLES[name].label}, {row.id} : « {field.label} » "
                        "n'est pas ce que dit l'historique."
                    )
        if expected is not None and expected[0] == row.id:
            expected = next(told, None)
    while expected is not None:
        if expected[1] is not None:
            yield f"{TABLES[name].label}, {expected[0]} : la fiche a disparu sans que l'historique le dise."
        expected = next(told, None)


def _told(tx: Reading, name: str) -> Iterator[tuple[str, dict[str, tuple[Any, ...]] | None]]:
    """Record by record, the last value of each field (empty when erased), ``None`` for a deleted one."""
    history = HISTORY.c
    query = (
        sa.select(history.record, history.kind, history.changes, history.remains)
        .where(history.table_name == name)
        .order_by(history.record, history.rank)
    )
    owner, values = "", None
    for row in _streamed(tx, query):
        if row.record != owner:
            if owner:
                yield owner, values
            owner, values = row.record, {}
        if row.kind == Did.DELETED.value:
            values = None
        elif row.kind != Did.ERASED.value:
            values = {} if values is None else values
            remains = chain.remains_of(row.remains)
            values.update(dict.fromkeys(remains.digests if remains else (), ()))
            values.update({field: (after,) for field, (_, after) in json.loads(row.changes).items()})
    if owner:
        yield owner, values
