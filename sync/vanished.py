"""Rows that are no longer there: a disappearance is not an order (invariant 6)."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from sync import ledger, links, orders
from sync.crossing import Crossing
from sync.fields import Leaves
from sync.link_tables import LINKS, TOMBSTONES, Tie
from sync.links import Link
from sync.outside import SETTINGS
from sync.remote import Seen, Shape
from sync.store import Writing
from sync.tables import TABLES

MOST = 5  # rows that may disappear within a day before the table is frozen…
SHARE = 0.10  # …or this share of those that are there
DAY = timedelta(hours=24)
AT_ONCE = 50  # links saved in one transaction
TO_COME = "mise en place:"  # the key of what is told of a table that is not there yet
READS = 2  # reads in a row that must not find a purged row


def note(crossing: Crossing, shape: Shape, keys: Sequence[str]) -> None:
    """These rows, known until now, were not found."""
    with crossing.writing() as tx:
        found = links.of_keys(tx, crossing.name, shape.table, keys)
        missing = []
        for link in found.values():
            match link.tie:
                case Tie.BORN | Tie.PROPOSED | Tie.DECLINED:
                    links.remove(tx, link.id)  # whoever typed the row has taken it back
                case Tie.LEAVING | Tie.PURGED:
                    gone(tx, crossing, link)
                case Tie.LINKED:
                    missing.append(link)
        if missing and not _is_frozen(tx, crossing, shape.table):
            _missing(tx, crossing, shape, missing)


def note_never_seen(crossing: Crossing, table: str) -> None:
    """Purge orders whose row has no handle (created unanswered, if at all): everything was just read."""
    with crossing.store.reading() as tx:
        orders_left = links.of_tie(tx, crossing.name, Tie.PURGED)
    if not any(link.table == table and link.key is None for link in orders_left):
        return
    with crossing.writing() as tx:
        for known in orders_left:
            link = links.held_fast(tx, known.id)
            if link is not None and link.table == table and link.key is None:
                gone(tx, crossing, link)


def gone(tx: Writing, crossing: Crossing, link: Link) -> None:
    """A row that we wanted away was not found by one more read."""
    link.absences += 1
    if link.tie is Tie.PURGED and link.absences < READS:
        links.save(tx, link)
        return
    if link.tie is Tie.LEAVING:
        out(tx, crossing, link)
        return
    links.remove(tx, link.id)
    if link.record:
        buried = sa.update(TOMBSTONES).where(
            TOMBSTONES.c.table_name == link.table, TOMBSTONES.c.record == link.record
        )
        tx.connection.execute(buried.values(gone_at=crossing.clock()))


def out(tx: Writing, crossing: Crossing, link: Link) -> None:
    """The row of a record that left the window is gone; what was held of it stays told."""
    at = crossing.clock()
    for row in orders.active(tx, link.id):
        orders.close(tx, row["id"], "le dossier a quitté la table", crossing.remote.label, at)
    gone_out = links.unseen(link, Tie.OUT, at)
    gone_out.open = False
    links.save(tx, gone_out)


def freeze(tx: Writing, crossing: Crossing, table: str, why: str) -> None:
    """Nothing of the table is exchanged any more until a person says so."""
    at = crossing.clock()
    ledger.of_table(tx, crossing.name, table, frozen_at=at, frozen_why=why)
    label = TABLES[table].label
    orders.tell(tx, crossing.name, f"gel:{table}:{at.isoformat()}", f"« {label} » est gelée : {why}", at)
    crossing.tally.frozen += 1


def note_unready(tx: Writing, crossing: Crossing, unready: Sequence[Shape]) -> None:
    """Tables that ``setup`` has not made yet: said once of each."""
    at = crossing.clock()
    for shape in unready:
        words = (
            f"« {shape.label} » n'est pas encore dans {crossing.remote.label} : relancez « python -m sync "
            "setup », qui la crée avec les colonnes qui manquent. Le reste s'échange déjà."
        )
        orders.tell(tx, crossing.name, f"{TO_COME}{shape.table}", words, at)


def note_paused(
    tx: Writing, crossing: Crossing, shape: Shape, paused: Mapping[str, str], *, to_come: bool = False
) -> None:
    """Columns that are missing or whose choices were renamed: not touched, said once.

    ``to_come``: ``setup`` has yet to be run again, and was said to: those of citizens' identity come with it.
    """
    row = ledger.tables(tx, crossing.name).get(shape.table)
    before = json.loads(row["paused"]) if row else {}
    if row is None or before != dict(paused):
        ledger.of_table(tx, crossing.name, shape.table, paused=json.dumps(paused, ensure_ascii=False))
    silent = _of_identity(shape.table) if to_come else frozenset()
    for name in paused.keys() - before.keys() - silent:
        at = crossing.clock()
        words = f"« {shape.label} » : {paused[name]}"
        orders.tell(tx, crossing.name, f"pause:{shape.table}:{name}:{at.isoformat()}", words, at)


def forget_columns(
    crossing: Crossing, shape: Shape, names: Collection[str], rows: Mapping[str, Seen]
) -> None:
    """Columns that are whole again: an empty cell there is nobody's wish, so ours goes there once more."""
    after = "" if names else None
    while after is not None:
        with crossing.writing() as tx:
            found = links.of_table(tx, crossing.name, shape.table, after, AT_ONCE)
            for link in found:
                cells = rows[link.key].cells if link.key and link.key in rows else link.raw
                for name in [each for each in names if cells.get(each) is None]:
                    for kept in (link.agreed, link.raw, link.sent):
                        kept.pop(name, None)
                link.open = True
                links.save(tx, link)
        after = found[-1].id if len(found) == AT_ONCE else None


def _of_identity(table: str) -> frozenset[str]:
    """R-83: the columns that go out only once the assessment is dated."""
    return frozenset(field.name for field in TABLES[table].fields if field.leaves is Leaves.IDENTITY)


def _missing(tx: Writing, crossing: Crossing, shape: Shape, missing: Sequence[Link]) -> None:
    at = crossing.clock()
    there = _count(tx, crossing, shape.table, LINKS.c.tie == Tie.LINKED.value, LINKS.c.key.is_not(None))
    row = ledger.tables(tx, crossing.name).get(shape.table)
    since = max(at - DAY, row["thawed_at"]) if row and row["thawed_at"] else at - DAY
    lately = _count(tx, crossing, shape.table, LINKS.c.tie == Tie.WITHDRAWN.value, LINKS.c.since > since)
    if lately + len(missing) > max(MOST, SHARE * (there + lately)):
        for link in missing:
            link.absences += 1
            links.save(tx, link)
        count = lately + len(missing)
        freeze(tx, crossing, shape.table, f"{count} lignes en ont disparu en moins de 24 heures.")
        return
    for link in missing:
        _withdraw(tx, crossing, shape, link)


def _withdraw(tx: Writing, crossing: Crossing, shape: Shape, link: Link) -> None:
    at = crossing.clock()
    name = link.there.get(shape.title) or ""
    if shape.table in SETTINGS and link.record and crossing.inbound.is_in_use(tx, shape.table, link.record):
        orders.anew(tx, link, at)
        words = f"« {shape.label} » : {name} a été remise dans la table, car elle sert encore."
        orders.tell(tx, crossing.name, f"remise:{link.id}:{at.isoformat()}", words, at)
        return
    link.tie, link.since, link.open, link.absences = Tie.WITHDRAWN, at, False, link.absences + 1
    links.save(tx, link)
    crossing.tally.withdrawn += 1


def _count(tx: Writing, crossing: Crossing, table: str, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).where(
        LINKS.c.remote == crossing.name, LINKS.c.table_name == table, *conditions
    )
    return int(tx.scalar(query))


def _is_frozen(tx: Writing, crossing: Crossing, table: str) -> bool:
    row = ledger.tables(tx, crossing.name).get(table)
    return row is not None and row["frozen_at"] is not None
