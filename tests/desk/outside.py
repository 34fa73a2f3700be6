"""A remote of the tests as the ledger knows it, and rows there."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from desk.inbound import Desk
from sync import ids, links, window
from sync import ledger as ledger_of
from sync.crossing import Tally
from sync.exchange import crossing, exchange
from sync.link_tables import HELD, LINKS, REMOTES, Held, Tie
from sync.links import Link
from sync.outside import shapes
from sync.pace import Pace
from sync.store import Row
from tests.cast import Cast
from tests.desk.filing import NINE, TEN
from tests.remotes.memory import InMemory, Service


def remote(cast: Cast) -> None:
    """The town has an Airtable base."""
    row = {"name": "airtable", "label": "Airtable", "stamp": "essai", "memory": "{}"}
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.insert(REMOTES).values(row))


@dataclass
class Table:
    """The tables of the town as a service in memory holds them, and the exchanges with it."""

    cast: Cast
    service: Service = field(default_factory=Service)
    now: datetime = TEN
    identity: bool = True

    def __post_init__(self) -> None:
        self.desk = Desk(self.cast.house, lambda: self.now, "Airtable")
        since = window.since(self.now, 12)
        self.service.stamp = ledger_of.enter(self.cast.house.store, InMemory.name, "Airtable", since)

    def run(self, rebuilding: bool = False) -> Tally:
        """One exchange, a minute later, that waits for no second look."""
        self.now += timedelta(minutes=1)
        given = crossing(
            self.cast.house.store, InMemory(self.service), self.desk, shapes(self.identity),
            lambda: self.now, Pace(10**9, 1.0, clock=lambda: 0.0), "essai", window.since(self.now, 12),
            now=lambda tx: self.now,
        )  # fmt: skip
        return exchange(replace(given, rebuilding=rebuilding), again=True)

    def type(self, table: str, record: str, **cells: Any) -> dict[str, Any]:
        """The director fills cells of a row, and the exchange takes place; the row afterwards."""
        self.service.edit(table, self.service.key_of(table, record), cells)
        self.run()
        return self.row(table, record)

    def row(self, table: str, record: str) -> dict[str, Any]:
        """The one row that bears this ID."""
        (found,) = self.service.by_id(table, record)
        return found

    def key(self, table: str, record: str) -> str:
        """What points to that record there."""
        return self.service.key_of(table, record)


def row_there(
    cast: Cast,
    key: str | None = "rec1",
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


def insert(cast: Cast, table: sa.Table, **values: Any) -> None:
    """A row of a table of the ledger."""
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.insert(table).values(values))


def hold(
    cast: Cast,
    link: str,
    field: str,
    kind: Held = Held.DISPUTED,
    raw: Any = None,
    theirs: Any = None,
    words: str = "changé ici et dans la table, en deux valeurs différentes",
) -> str:
    """A value of that row that waits for a person; its id."""
    id = ids.new_id(NINE)
    read = None if theirs is None else json.dumps(theirs)
    insert(
        cast, HELD, id=id, link=link, field=field, kind=kind.value, here="null", raw=json.dumps(raw),
        theirs=read, words=words, article="", at=NINE,
    )  # fmt: skip
    return id
