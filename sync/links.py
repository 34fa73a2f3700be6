"""A link: one record and its row there, with what each side was known to hold."""

import json
import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from sync import ids
from sync.link_tables import LINKS, Tie
from sync.remote import NOTE, Raw, Seen, Shape
from sync.store import Reading, Writing

JSON = ("there", "extras", "agreed", "raw", "sent", "held", "over", "put_back")
AT_ONCE = 500  # ids of one question


@dataclass
class Link:
    """One row of the ledger, open for change; ``save`` writes it back.

    ``agreed`` holds our values as JSON, ``raw`` the cells that say the same there; ``sent`` what was sent and
    not yet confirmed, as [value, raw] pairs; ``held`` the cells that wait for a person or another change, as
    [kind, raw]; ``over`` the raws that our own writes replaced, the last ones.
    """

    id: str
    remote: str
    table: str
    record: str | None
    key: str | None
    tie: Tie
    since: datetime
    there: dict[str, Raw] = field(default_factory=dict)
    mark: str = ""
    extras: dict[str, Raw] = field(default_factory=dict)
    agreed: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, Raw] = field(default_factory=dict)
    sent: dict[str, list[list[Any]]] = field(default_factory=dict)
    held: dict[str, list[Any]] = field(default_factory=dict)
    over: dict[str, list[Raw]] = field(default_factory=dict)
    put_back: dict[str, list[Any]] = field(default_factory=dict)
    first_look: int = 0
    open: bool = True
    told: str | None = None
    agreed_at: datetime | None = None
    absences: int = 0

    @property
    def shown_id(self) -> str:
        """What its ID cell must say: our record's id; of a row that has none yet, that of the link."""
        return self.record or self.id


def born(remote: str, table: str, at: datetime, **given: Any) -> Link:
    """A link that is not in the ledger yet (``add``)."""
    given.setdefault("record", None)
    given.setdefault("key", None)
    return Link(id=ids.new_id(at), remote=remote, table=table, since=at, **given)


def unseen(link: Link, tie: Tie, at: datetime) -> Link:
    """The same link without a row there; what both sides last agreed on is kept, should its row come back."""
    return Link(
        link.id, link.remote, link.table, link.record, None, tie, at,
        agreed=link.agreed, raw=link.raw, over=link.over,
    )  # fmt: skip


def add(tx: Writing, links: Iterable[Link]) -> None:
    """Enter new links."""
    rows = [_row(link) for link in links]
    if rows:
        tx.connection.execute(_ADDING, rows)


def save(tx: Writing, link: Link) -> None:
    """Write a link back."""
    save_all(tx, [link])


def save_all(tx: Writing, links: Iterable[Link]) -> None:
    """Write these links back."""
    rows = [{f"new_{name}": value for name, value in _row(link).items()} for link in links]
    if rows:
        tx.connection.execute(_SAVING, rows)


def remove(tx: Writing, link: str) -> None:
    """Forget a link and all it held."""
    tx.connection.execute(sa.delete(LINKS).where(LINKS.c.id == link))


def get(tx: Reading, link: str) -> Link | None:
    """The link of that id."""
    row = tx.row(sa.select(LINKS).where(LINKS.c.id == link))
    return None if row is None else of(row)


def of_record(tx: Reading, remote: str, table: str, record: str) -> Link | None:
    """The link of a record on that remote."""
    return next(iter(of_records(tx, remote, table, [record]).values()), None)


def of_records(tx: Reading, remote: str, table: str, records: Sequence[str]) -> dict[str, Link]:
    """The links of these records, by record."""
    return {link.record: link for link in _among(tx, remote, table, "record", records) if link.record}


def of_keys(tx: Reading, remote: str, table: str, keys: Sequence[str]) -> dict[str, Link]:
    """The links of these rows there, by key."""
    return {link.key: link for link in _among(tx, remote, table, "key", keys) if link.key}


def held_fast(tx: Writing, link: str) -> Link | None:
    """The link of that id, which nobody else changes before the end of this transaction."""
    return all_held_fast(tx, [link]).get(link)


def all_held_fast(tx: Writing, links: Sequence[str]) -> dict[str, Link]:
    """The links of these ids, as ``held_fast``, by id."""
    return _held(tx, _HOLDING, links)


def those_free(tx: Writing, links: Sequence[str]) -> dict[str, Link]:
    """As ``all_held_fast``, without those that somebody else holds: nobody is waited for."""
    return _held(tx, _HOLDING_FREE, links)


def open_ones(
    tx: Reading,
    remote: str,
    tables: Sequence[str],
    after: str,
    at_most: int,
    ties: Iterable[Tie],
    *,
    there: bool = False,
) -> list[Link]:
    """Links with something left to do, in the order of their ids, those after ``after``.

    ``there``: only those that have a row there.
    """
    query = (
        sa.select(LINKS)
        .where(LINKS.c.remote == remote, LINKS.c.open.is_(True), LINKS.c.id > after)
        .where(LINKS.c.table_name.in_(tables), LINKS.c.tie.in_([tie.value for tie in ties]))
        .order_by(LINKS.c.id)
        .limit(at_most)
    )
    if there:
        query = query.where(LINKS.c.key.is_not(None))
    return [of(row) for row in tx.rows(query)]


def of_table(tx: Reading, remote: str, table: str, after: str, at_most: int) -> list[Link]:
    """Links of a table, in the order of their ids, those after ``after``."""
    query = sa.select(LINKS).where(LINKS.c.remote == remote, LINKS.c.table_name == table, LINKS.c.id > after)
    return [of(row) for row in tx.rows(query.order_by(LINKS.c.id).limit(at_most))]


def open_tables(tx: Reading, remote: str) -> set[str]:
    """The tables that have links with something left to do."""
    query = sa.select(LINKS.c.table_name).distinct().where(LINKS.c.remote == remote, LINKS.c.open.is_(True))
    return set(tx.connection.scalars(query))


def of_tie(tx: Reading, remote: str, tie: Tie) -> list[Link]:
    """Every link that is tied so."""
    query = sa.select(LINKS).where(LINKS.c.remote == remote, LINKS.c.tie == tie.value)
    return [of(row) for row in tx.rows(query.order_by(LINKS.c.id))]


def of(row: Mapping[str, Any]) -> Link:
    """The link that a row of the ledger is."""
    values = {**row, "tie": Tie(row["tie"]), "table": row["table_name"]}
    del values["table_name"]
    for name in JSON:
        text = values[name]
        values[name] = json.loads(text) if text != "{}" else {}
    return Link(**values)


def mark_of(names: Sequence[str], row: Seen) -> str:
    """A digest of all that a row there says; equal for equal rows, whatever the order of its cells.

    ``names`` are the columns, in a fixed order (``columns_of``). Another version of Python may digest
    otherwise: its rows are then compared once, and nothing differs.
    """
    cells = row.cells
    said = (row.id, [cells.get(name) for name in names], sorted(row.extras.items()) if row.extras else None)
    return blake2b(marshal.dumps(said, 0), digest_size=12).hexdigest()


def columns_of(shape: Shape) -> tuple[str, ...]:
    """The names whose cells make a row's mark."""
    return (*(column.name for column in shape.columns), NOTE)


def _held(tx: Writing, query: sa.Select[Any], links: Sequence[str]) -> dict[str, Link]:
    held: dict[str, Link] = {}
    for start in range(0, len(links), AT_ONCE):
        rows = tx.rows(query, {"asked": list(links[start : start + AT_ONCE])})
        held |= {row["id"]: of(row) for row in rows}
    return held


def _among(tx: Reading, remote: str, table: str, column: str, values: Sequence[str]) -> Iterable[Link]:
    for start in range(0, len(values), AT_ONCE):
        given = {"of_remote": remote, "of_table": table, "asked": list(values[start : start + AT_ONCE])}
        yield from (of(row) for row in tx.rows(_query_among(column), given))


@lru_cache(maxsize=2)
def _query_among(column: str) -> sa.Select[Any]:
    return sa.select(LINKS).where(
        LINKS.c.remote == sa.bindparam("of_remote"),
        LINKS.c.table_name == sa.bindparam("of_table"),
        LINKS.c[column].in_(sa.bindparam("asked", expanding=True)),
    )


def _row(link: Link) -> dict[str, Any]:
    row = {**vars(link), "table_name": link.table, "tie": link.tie.value}
    del row["table"]
    for name in JSON:
        row[name] = _dumped(row[name]) if row[name] else "{}"
    return row


_dumped = json.JSONEncoder(ensure_ascii=False).encode

# Composed once: SQLAlchemy takes longer to compose these than a database to carry them out.
_ADDING = sa.insert(LINKS)
_SAVING = (
    sa.update(LINKS)
    .where(LINKS.c.id == sa.bindparam("new_id"))
    .values(
        {
            each.name: sa.bindparam(f"new_{each.name}", type_=each.type)
            for each in LINKS.c
            if each.name != "id"
        }
    )
)
_ASKED = sa.select(LINKS).where(LINKS.c.id.in_(sa.bindparam("asked", expanding=True))).order_by(LINKS.c.id)
_HOLDING = _ASKED.with_for_update()
_HOLDING_FREE = _ASKED.with_for_update(skip_locked=True)
