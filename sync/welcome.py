"""A row typed in a table outside becomes a record of ours: nothing that was typed in it is lost."""

import json
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from sync import ids, links, orders
from sync.link_tables import HELD, LINKS, REMOTES, Held, Tie
from sync.links import Link
from sync.store import Reading, Row, Writing
from sync.tables import TABLES
from sync.values import written

CORRECTED = "corrigé par le guichet à l'accueil de la demande"
UNREAD = "À corriger : "  # what comes after it, in what is told of a row, does not read


def waiting(tx: Reading, table: str) -> list[Link]:
    """The rows of a table that wait in the desk's inbox, whatever the remote, the oldest first."""
    query = sa.select(LINKS).where(LINKS.c.table_name == table, LINKS.c.tie == Tie.PROPOSED.value)
    return [links.of(row) for row in tx.rows(query.order_by(LINKS.c.since, LINKS.c.id))]


def labels(tx: Reading) -> dict[str, str]:
    """What people call each remote, by its name."""
    return {row["name"]: row["label"] for row in tx.rows(sa.select(REMOTES.c.name, REMOTES.c.label))}


def welcome(tx: Writing, link: str, record: Row, settled: Collection[str], who: str, at: datetime) -> None:
    """Tie the row to the record that a person made of it. Raises ``Refused`` when it waits no more.

    Of the fields the person decided (``settled``) our value goes there, and what had been typed stays told.
    The others that were typed there are offered to the counter at the next exchange, like any change.
    """
    orders.adopt(tx, link, record["id"], at)
    tied = links.get(tx, link)
    if tied is None:
        raise LookupError(link)
    fields = {field.name for field in TABLES[tied.table].fields}  # what the engine itself wrote there stays
    for name in fields & tied.agreed.keys():
        ours = written(record[name])
        if ours == tied.agreed[name]:
            continue
        if name in settled:
            _keep_told(tx, tied, name, ours, who, at)
        else:
            tied.agreed[name] = ours
            tied.raw.pop(name, None)
    links.save(tx, tied)
    orders.wake(tx, at)


def _keep_told(tx: Writing, link: Link, name: str, ours: object, who: str, at: datetime) -> None:
    row = {
        "id": ids.new_id(at),
        "link": link.id,
        "field": name,
        "kind": Held.REJECTED.value,
        "here": json.dumps(ours, ensure_ascii=False),
        "raw": json.dumps(link.there.get(name), ensure_ascii=False),
        "words": CORRECTED,
        "article": "",
        "at": at,
        "settled_at": at,
        "settled_by": who,
        "outcome": "la valeur du guichet est gardée",
    }
    tx.connection.execute(sa.insert(HELD).values(row))
