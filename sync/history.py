"""The history of a record: every change of every field, that can show tampering and still forget.

Architecture 11: each record has a chain of salted digests. A value and its salt can be erased; the entry
and the digest of the value stay, so the chain still holds. ``sync.seals`` seals the chains each night
with a key kept outside. The claim is: tampering without the key shows.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from policy.words import Sight
from sync import chain, vault
from sync.fields import Field, Table
from sync.schema import HISTORY, SQL
from sync.tables import TABLES
from sync.values import as_kept, read_back, written

if TYPE_CHECKING:
    from sync.store import Reading, Writing


_FIELDS = {name: {field.name: field for field in table.fields} for name, table in TABLES.items()}
_ADDING = sa.insert(HISTORY)
_LAST = (
    sa.select(HISTORY.c.rank, HISTORY.c.digest)
    .where(HISTORY.c.table_name == sa.bindparam("of_table"), HISTORY.c.record == sa.bindparam("of_record"))
    .order_by(HISTORY.c.rank.desc())
    .limit(1)
)


class Whence(StrEnum):
    """Where a change came from (R-80)."""

    SCREEN = "écran"
    TABLE = "table"
    CLOCK = "horloge"
    IMPORT = "import"
    COMMAND = "commande"


class Did(StrEnum):
    """What an entry tells of its record."""

    CREATED = "création"
    CHANGED = "changement"
    DELETED = "suppression"
    ERASED = "effacement"


@dataclass(frozen=True)
class Author:
    """Who signs a change: an account's id or the name of a system, and the French verb of the act."""

    who: str
    name: str
    whence: Whence
    at: datetime
    act: str


@dataclass(frozen=True)
class Entry:
    """One entry of a record's history. ``changes`` holds (before, after) by field.

    ``erased`` names the fields whose values are gone: they are not in ``changes``. A secret field
    (a password) is there as ``(None, None)``: that it changed is kept, never to what. A sealed one too,
    where its row's key is gone or cannot be opened.
    """

    seq: int
    at: datetime
    who: str
    name: str
    whence: Whence
    act: str
    changes: Mapping[str, tuple[Any, Any]]
    erased: frozenset[str]
    did: Did


def entries(tx: "Reading", table: str, record: str) -> list[Entry]:
    """The history of a record, oldest first."""
    found = tx.rows(
        sa.select(HISTORY)
        .where(HISTORY.c.table_name == table, HISTORY.c.record == record)
        .order_by(HISTORY.c.rank)
    )
    key = _row_key(tx, table, record) if table in vault.SEALED else None
    return [_entry(TABLES[table], row, key) for row in found]


def erase(tx: "Writing", table: str, record: str, fields: Iterable[str] | None, by: Author) -> int:
    """Forget the values that these fields ever had in the history of a record; how many entries held one.

    ``None`` for fields: everything its history holds. The entries and their digests stay, and an entry says
    who had it erased and why. The record itself and the search words are the caller's: change the record
    first, so that its last value goes too.
    """
    names = None if fields is None else set(fields)
    tx.hold(table, record)
    rows = tx.rows(
        sa.select(HISTORY.c.seq, HISTORY.c.changes, HISTORY.c.salt, HISTORY.c.remains)
        .where(HISTORY.c.table_name == table, HISTORY.c.record == record)
        .where(HISTORY.c.kind != Did.ERASED.value)
        .order_by(HISTORY.c.rank)
    )
    touched, said = 0, set(names or ())
    for row in rows:
        held = json.loads(row["changes"])
        gone = held.keys() if names is None else names
        left = chain.forgotten(held, row["salt"], chain.remains_of(row["remains"]), gone)
        if left is None:
            continue
        touched += 1
        said.update(gone)
        changes, remains = left
        tx.connection.execute(
            sa.update(HISTORY)
            .where(HISTORY.c.seq == row["seq"])
            .values(changes=chain.canonical(changes), salt=None, remains=chain.remains_text(remains))
        )
    if touched:
        append(tx, table, record, Did.ERASED, dict.fromkeys(sorted(said), (None, None)), by)
    return touched


def append(
    tx: "Writing",
    table: str,
    record: str,
    did: Did,
    changes: Mapping[str, tuple[Any, Any]],
    by: Author,
) -> None:
    """Add an entry to a record's chain; the caller holds the record's lock."""
    last = tx.row(_LAST, {"of_table": table, "of_record": record})
    before, rank = (last["digest"], last["rank"] + 1) if last else (b"", 1)
    row = _made(TABLES[table], record, rank, before, did, changes, by)
    tx.connection.execute(_ADDING, [row])


def begin(tx: "Writing", table: str, rows: Sequence[Mapping[str, Any]], by: Author) -> None:
    """Open the chains of rows that were just born."""
    tx.connection.execute(_ADDING, beginnings(table, rows, by))


def beginnings(table: str, rows: Sequence[Mapping[str, Any]], by: Author) -> list[dict[str, Any]]:
    """The first entries of the chains of new rows, not yet written."""
    definition = TABLES[table]
    return [
        _made(definition, row["id"], 1, b"", Did.CREATED, _from_nothing(definition, row), by) for row in rows
    ]


def _from_nothing(table: Table, row: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = [field.name for field in table.fields if row[field.name] is not None]
    return {name: (None, row[name]) for name in names}


def _made(
    table: Table,
    record: str,
    rank: int,
    before: bytes,
    did: Did,
    changes: Mapping[str, tuple[Any, Any]],
    by: Author,
) -> dict[str, Any]:
    header = chain.Header(
        table.name, record, rank, did.value, by.at, by.who, by.name, by.whence.value, by.act
    )
    kept: chain.Changes = {}
    known = _FIELDS[table.name]
    for name, (old, new) in changes.items():
        field = known[name]
        secret = field.sight is Sight.SECRET
        kept[name] = [None, None] if secret else [written(old), written(new)]
    salt = secrets.token_bytes(chain.SALT_BYTES)
    return {
        "table_name": table.name,
        "record": record,
        "rank": rank,
        "kind": header.kind,
        "at": header.at,
        "who": header.who,
        "name": header.name,
        "whence": header.whence,
        "act": header.act,
        "changes": chain.canonical(kept),
        "salt": salt,
        "remains": None,
        "digest": chain.entry_digest(before, header, chain.field_digests(kept, salt, None)),
    }


def _row_key(tx: "Reading", table: str, record: str) -> vault.RowKey | None:
    columns = SQL[table].c
    kept = tx.row(sa.select(columns.id, columns[vault.KEY_COLUMN]).where(columns.id == record))
    try:
        return vault.key_of(tx.keys, table, kept) if kept else None
    except vault.Locked:
        return None


def _told(field: Field, value: Any, key: vault.RowKey | None) -> Any:
    if not field.sealed:
        return read_back(field, value)
    try:
        return key.opened(field, as_kept(field, value)) if key else None
    except vault.Locked:
        return None


def _entry(table: Table, row: Mapping[str, Any], key: vault.RowKey | None) -> Entry:
    known = _FIELDS[table.name]
    changes: dict[str, tuple[Any, Any]] = {}
    for name, (old, new) in json.loads(row["changes"]).items():
        if name in known:
            changes[name] = (_told(known[name], old, key), _told(known[name], new, key))
        else:  # a field of an earlier version of the definition
            changes[name] = (old, new)
    remains = chain.remains_of(row["remains"])
    return Entry(
        seq=row["seq"],
        at=row["at"],
        who=row["who"],
        name=row["name"],
        whence=Whence(row["whence"]),
        act=row["act"],
        changes=changes,
        erased=frozenset(remains.digests) if remains else frozenset(),
        did=Did(row["kind"]),
    )
