"""A remote of the tests as the ledger knows it, and rows there."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync import links
from sync.link_tables import LINKS, REMOTES, Tie
from sync.links import Link
from sync.store import Row
from tests.cast import Cast
from tests.desk.filing import NINE


def remote(cast: Cast) -> None:
    """The town has an Airtable base."""
    row = {"name": "airtable", "label": "Airtable", "stamp": "essai", "memory": "{}"}
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.insert(REMOTES).values(row))


def row_there(
    cast: Cast,
    key: str = "rec1",
    tie: Tie = Tie.PROPOSED,
    table: str = "files",
    at: datetime = NINE,
    **more: Any,
) -> str:
    """A row of a table there, as the ledger holds it; the id of its link."""
    link = links.born("airtable", table, at, key=key, tie=tie, **more)
    with cast.house.store.writing() as tx:
        links.add(tx, [link])
    return link.id


def link(cast: Cast, id: str) -> Link:
    """The link of that id."""
    with cast.house.store.reading() as tx:
        found = links.get(tx, id)
    assert found is not None
    return found


def ledger(cast: Cast, table: sa.Table = LINKS) -> list[Row]:
    """The rows of a table of the ledger."""
    with cast.house.store.reading() as tx:
        return tx.rows(sa.select(table))
