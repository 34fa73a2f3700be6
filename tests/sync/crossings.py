"""A town with a remote: what the tests of reconciliation start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from policy.reasons import refused
from policy.words import State
from sync import ledger, orders, window
from sync.crossing import Crossing, Tally
from sync.exchange import crossing, exchange
from sync.history import Author, Whence
from sync.link_tables import HELD, LINKS
from sync.links import Link, of
from sync.outside import SETTINGS, shapes
from sync.pace import Pace
from sync.remote import Remote, Shape
from sync.schema import SQL
from sync.store import Reading, Row, Store, Writing
from sync.tables import TABLES
from tests.remotes.memory import InMemory, Service
from tests.sync.rows import DESK, NOW, department, file


class Plain:
    """A counter without rules, but for one: nobody completes a file without a date."""

    def __init__(self, by: Author) -> None:
        self.by = by
        self.settled = 0

    def change(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        after = tx.update(table, record, values, self.by)
        if table == "files" and after["state"] is State.DONE and after["done_on"] is None:
            raise refused("Une demande complétée a une date.", "annexe A, point 2", "state")

    def born(self, tx: Writing, table: str, values: Mapping[str, Any]) -> str | None:
        if table in SETTINGS:
            return str(tx.insert(table, {"active": True, **values}, self.by)["id"])
        return None

    def rebuilt(self, tx: Writing, table: str, record: str, values: Mapping[str, Any]) -> None:
        base = {**file(1), "facts": "(perdu)"} if table == "files" else {}
        known = {field.name for field in TABLES[table].fields if field.ref != "accounts"}
        given = {name: value for name, value in values.items() if name in known}
        tx.insert(table, {**base, **given, "id": record}, self.by)

    def namesakes(self, tx: Reading, table: str, values: Mapping[str, Any]) -> list[str]:
        return [row["id"] for row in tx.find(table, name=values["name"])] if table in SETTINGS else []

    def is_in_use(self, tx: Reading, table: str, record: str) -> bool:
        if table != "departments":
            return False
        count = sa.select(sa.func.count()).where(SQL["files"].c.department == record)
        return bool(tx.scalar(count))

    def settle(self) -> None:
        self.settled += 1


@dataclass
class Town:
    """A store, a remote, and the clock between them."""

    store: Store
    remote: Remote
    service: Service = field(default_factory=Service)
    now: datetime = NOW
    inbound: Plain = field(
        default_factory=lambda: Plain(Author("table", "Table", Whence.TABLE, NOW, "modifier"))
    )
    identity: bool = False
    months: int = 12
    carried: tuple[Shape, ...] = ()  # instead of all that goes out

    def crossing(self, me: str = "ici") -> Crossing:
        made = crossing(
            self.store, self.remote, self.inbound, self.carried or shapes(self.identity), lambda: self.now,
            Pace(10**9, 1.0, clock=lambda: 0.0), me, window.since(self.now, self.months),
            now=lambda tx: self.now,
        )  # fmt: skip
        made.rest = lambda seconds: None
        return made

    def run(self, *, again: bool = True, whole: bool = False, rebuilding: bool = False) -> Tally:
        """One exchange, a minute later."""
        self.now += timedelta(minutes=1)
        given = self.crossing()
        given.rebuilding = rebuilding
        return exchange(given, again=again, whole=whole)

    def change(self, table: str, record: str, **values: Any) -> Row:
        """Somebody changes a record at the counter."""
        with self.store.writing() as tx:
            return tx.update(table, record, values, DESK)

    def get(self, table: str, record: str) -> Row:
        with self.store.reading() as tx:
            row = tx.get(table, record)
        assert row is not None
        return row

    def link(self, record: str) -> Link:
        with self.store.reading() as tx:
            return of(tx.rows(sa.select(LINKS).where(LINKS.c.record == record))[0])

    def links(self) -> list[Link]:
        with self.store.reading() as tx:
            return [of(row) for row in tx.rows(sa.select(LINKS).order_by(LINKS.c.id))]

    def held(self, *, settled: bool = False) -> list[Row]:
        with self.store.reading() as tx:
            rows = tx.rows(sa.select(HELD).order_by(HELD.c.id))
        return [row for row in rows if (row["settled_at"] is not None) is settled]

    def purge(self, table: str, record: str) -> bool:
        with self.store.writing() as tx:
            return orders.purge(tx, table, record, self.now)


def town(
    store: Store, files: int = 3, remote: Remote | None = None, service: Service | None = None
) -> tuple[Town, list[str]]:
    """A town of one department and some files, with a remote set up and not told anything yet."""
    service = service or Service()
    with store.writing() as tx:
        roads = tx.insert("departments", department(), DESK)["id"]
        ids = tx.insert_many(
            "files", [file(n, department=roads, street="rue Shaw") for n in range(1, files + 1)], DESK
        )
    made = Town(store, remote or InMemory(service), service)
    service.stamp = ledger.enter(store, made.remote.name, made.remote.label, window.since(NOW, 12))
    return made, [roads, *ids]
