"""Does the store still say what was written in it? Every chain, every record, every seal."""

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from policy.words import Sight
from sync import chain, seals
from sync.fields import Table
from sync.history import Did
from sync.schema import HISTORY, SQL
from sync.seals import streamed
from sync.store import Reading
from sync.tables import TABLES
from sync.values import as_kept

Told = dict[str, tuple[Any, ...]]  # field → its last value, or nothing when it was erased


def verify(tx: Reading, key: bytes | Sequence[bytes] | None = None, witness: str = "") -> list[str]:
    """What does not hold, as French sentences; nothing when all is well.

    Without a key, only what needs none: each record's chain, and that each record is as its history
    says. With the key (or several: the one in use and those before it) the seals too: an entry changed,
    added or removed since. ``witness``: a seal known from outside, which must still be there. Values
    erased by rule are no fault.
    """
    keys = () if key is None else (key,) if isinstance(key, bytes) else tuple(key)
    return [*_chain_faults(tx), *_record_faults(tx), *seals.faults(tx, keys, witness)]


def _chain_faults(tx: Reading) -> Iterator[str]:
    history = HISTORY.c
    query = sa.select(HISTORY).order_by(history.table_name, history.record, history.rank)
    for (table, record), entries in groupby(
        streamed(tx, query), key=lambda row: (row.table_name, row.record)
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
    for definition in TABLES.values():
        if not definition.logged:
            continue
        told = ((record, 0, values) for record, values in _told(tx, definition.name))
        query = sa.select(SQL[definition.name]).order_by(SQL[definition.name].c.id)
        rows = ((row.id, 1, row) for row in streamed(tx, query))
        both = heapq.merge(told, rows, key=lambda side: side[:2])
        for record, sides in groupby(both, key=lambda side: side[0]):
            found = {side[1]: side[2] for side in sides}
            for fault in _faults_between(definition, found.get(0), found.get(1)):
                yield f"{definition.label}, {record} : {fault}"


def _faults_between(definition: Table, told: Told | None, row: Any) -> Iterator[str]:
    if row is None:
        if told is not None:
            yield "la fiche a disparu sans que son historique le dise."
        return
    if told is None:
        yield "la fiche existe, son historique dit le contraire."
        return
    for field in definition.fields:
        said = told.get(field.name, (None,))
        if field.sight is Sight.SECRET or not said:
            continue
        if as_kept(field, said[0]) != getattr(row, field.name):
            yield f"« {field.label} » n'est pas ce que dit son historique."


def _told(tx: Reading, table: str) -> Iterator[tuple[str, Told | None]]:
    """Record by record, what the history says of it now; ``None`` of a deleted one."""
    history = HISTORY.c
    query = (
        sa.select(history.record, history.kind, history.changes, history.remains)
        .where(history.table_name == table)
        .order_by(history.record, history.rank)
    )
    for record, entries in groupby(streamed(tx, query), key=lambda row: row.record):
        values: Told | None = None
        for entry in entries:
            values = _after(values, entry)
        yield record, values


def _after(values: Told | None, entry: Any) -> Told | None:
    if entry.kind == Did.DELETED.value:
        return None
    if entry.kind == Did.ERASED.value:
        return values
    remains = chain.remains_of(entry.remains)
    erased: Mapping[str, bytes] = remains.digests if remains else {}
    changed = {name: (after,) for name, (_, after) in json.loads(entry.changes).items()}
    return {**(values or {}), **dict.fromkeys(erased, ()), **changed}
