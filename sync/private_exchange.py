"""One passage over the private base (R-33): it is made to say what the store says, and is never believed.

A copy to read: what was changed there is put back, what was deleted is written again, three times a day and
then no more that day; a row typed there is left alone. What is to leave is written down before anything is
said, and two whole looks confirm it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.reasons import Refused
from sync import ledger, private_ledger
from sync.compare import PUT_BACKS
from sync.exchange import AUDIT
from sync.private_ledger import PrivateLink, Seal
from sync.private_shapes import Told, columns, known, private_shapes, told
from sync.remote import (
    ID,
    Column,
    Deed,
    Failure,
    Line,
    Look,
    LostTurn,
    Raw,
    Remote,
    RemoteError,
    Seen,
    Shape,
    TableLook,
    Write,
    reread,
    stranger,
)
from sync.store import Row, Store
from sync.unexpected import unforeseen

NOT_READY = "Rien n'est préparé : « python -m sync setup --private » d'abord."
READS = 2  # whole looks without a row that was to leave


@dataclass
class Passage:
    """One exchange under way. ``limit``: complaints over before it have left."""

    store: Store
    remote: Remote
    line: Line
    clock: Callable[[], datetime]
    limit: datetime

    @property
    def base(self) -> str:
        """What the ledger calls the base."""
        return self.remote.name


@dataclass
class _Work:
    """What is known on both sides, and what is to be written."""

    seal: Seal
    ours: Told
    links: dict[tuple[str, str], PrivateLink]
    known: Mapping[str, set[str]]
    today: str
    writes: list[Write] = field(default_factory=list)
    values: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def digest(self, link: PrivateLink, name: str, side: str, value: Any) -> str:
        return self.seal.digest(link.table, link.record, name, side, value=value)

    def pair(self, link: PrivateLink, name: str, value: Any, raw: Raw) -> list[str]:
        return [self.digest(link, name, "ici", value), self.digest(link, name, "là", raw)]

    def of(self, table: str) -> list[PrivateLink]:
        return [link for link in self.links.values() if link.table == table]


def pass_over(given: Passage, *, whole: bool = False) -> None:
    """Make the base say what the store says. Raises ``RemoteError``, kept in the ledger, or ``Locked``."""
    try:
        _pass(given, whole)
    except (LostTurn, Refused):
        raise
    except RemoteError as error:
        private_ledger.failed(given.store, given.base, error, given.clock())
        raise
    except Exception as fault:  # noqa: BLE001 - as of the town's own table
        stopped = unforeseen(fault)
        private_ledger.failed(given.store, given.base, stopped, given.clock())
        raise stopped from None
    private_ledger.went_well(given.store, given.base, given.clock())


def _pass(given: Passage, whole: bool) -> None:
    work, row, kept = _begun(given)
    memory = kept.get("memory", {})
    audit = whole or row["listed_at"] is None or given.clock() - row["listed_at"] > AUDIT
    audit = audit or any(_waits(link, work.today) for link in work.links.values())
    look = given.remote.look(given.line, private_shapes(), memory, whole=audit)
    if look.stamp is not None and look.stamp != row["stamp"]:
        raise stranger()
    held = {name: dict(kept.get(name, {})) for name in ("paused", "trouble")}
    for shape in private_shapes():
        _judge(given, work, shape, _seen(look, shape, held))
    _keep(given, work, look, held, audit)
    _carry(given, work, look)
    if work.troubles:
        raise RemoteError(" ".join(work.troubles), again=False, person=True)


def _waits(link: PrivateLink, today: str) -> bool:
    return link.absences < READS if link.leaving else link.waits(today, PUT_BACKS)


def _begun(given: Passage) -> tuple[_Work, Row, dict[str, Any]]:
    """Both sides as the store knows them; what is to leave is written down first, and nothing of it kept."""
    with given.store.reading() as tx:
        row = private_ledger.state(tx, given.base)
        if row is None:
            raise RemoteError(NOT_READY, applied=False)
        seal, ours = Seal.of(tx.keys), told(tx, given.limit)
        links = private_ledger.links(tx, given.base)
        changed = []
        for (table, record), link in links.items():
            if link.leaving is (record in ours[table]):
                link.leaving, link.absences, link.open = not link.leaving, 0, True
                link.told, link.put_back = {}, {}
                changed.append(link)
        there = {shape.table: known(tx, shape.table) for shape in private_shapes()}
    if changed:
        with given.store.writing() as tx:
            private_ledger.save(tx, given.base, changed)
    today = ledger.day_in_town(given.clock()).isoformat()
    return _Work(seal, ours, links, there, today), row, seal.opened(row["memory"])


def _seen(look: Look, shape: Shape, held: dict[str, dict[str, Any]]) -> TableLook:
    """A table as the look tells it, with what an earlier one said of a table that has not moved since."""
    found = look.tables.get(shape.table)
    if found is None:
        trouble, paused = held["trouble"].get(shape.table, ""), held["paused"].get(shape.table, {})
        return TableLook(trouble=trouble, paused=paused)
    held["trouble"][shape.table], held["paused"][shape.table] = found.trouble, dict(found.paused)
    return found


def _judge(given: Passage, work: _Work, shape: Shape, look: TableLook) -> None:
    if look.trouble:
        work.troubles.append(f"« {shape.label} » : {look.trouble}")
        return
    seen = _matched(work, shape.table, look)
    for link in work.of(shape.table):
        if link.leaving and link.key is not None:
            work.writes.append(Write(Deed.DELETE, link.table, link.record, link.key, {}))
    compared = tuple(column for column in columns(shape) if column.name not in look.paused)
    for record, values in work.ours[shape.table].items():
        link = work.links.setdefault((shape.table, record), PrivateLink(shape.table, record))
        _one(given, work, compared, link, values, seen.get(record))


def _matched(work: _Work, table: str, look: TableLook) -> dict[str, Seen]:
    """The rows there that are ours, by record; the links follow them. What must not be there is deleted."""
    by_key = {link.key: link for link in work.of(table) if link.key is not None}
    gone = by_key.keys() - look.rows.keys() if look.whole else look.gone
    lost = {key for key, link in by_key.items() if key in gone and (link.told or link.leaving)}
    found: dict[str, Seen] = {}
    for key, row in look.rows.items():
        link = by_key.get(key) or work.links.get((table, row.id))
        if link is None and row.id in work.ours[table]:
            link = work.links[table, row.id] = PrivateLink(table, row.id, key)
        if link is None or (link.leaving and link.key != key):
            if link is not None or row.id in work.known[table]:
                work.writes.append(Write(Deed.DELETE, table, row.id, key, {}))
            if link is not None:
                link.absences = 0
            continue
        if link.key != key and link.key is not None and link.key not in lost:
            continue  # a copy that a person made
        lost.discard(link.key or "")
        link.key, link.absences = key, 0
        found[link.record] = row
    for link in work.of(table):
        if link.leaving and look.whole and link.record not in found:
            link.key, link.absences = None, link.absences + 1
        elif link.key in lost:
            link.key, link.told, link.open = None, {}, True
            link.may_put_back(ID, work.today, PUT_BACKS)
    return found


def _one(
    given: Passage, work: _Work, compared: Sequence[Column], link: PrivateLink, values: Mapping[str, Any],
    row: Seen | None,
) -> None:  # fmt: skip
    link.open = link.has_given_up(PUT_BACKS)
    if not link.told and row is None:
        day, times = link.put_back.get(ID, [work.today, 0])
        if day == work.today and times > PUT_BACKS:
            link.open = True
            return
        names = [column.name for column in compared if values[column.name] is not None]
        deed = Deed.CREATE
    else:
        names, deed = [], Deed.CHANGE
        for column in compared:
            if _differs(given, work, link, column, values[column.name], row):
                names.append(column.name)
    if not names:
        return
    cells = {column.name: given.remote.encode(column, values[column.name])
             for column in compared if column.name in names}  # fmt: skip
    told_now = [column.name for column in compared] if deed is Deed.CREATE else names
    work.writes.append(Write(deed, link.table, link.record, link.key or "", cells))
    work.values[link.table, link.record] = {name: values[name] for name in told_now}
    link.open = True


def _differs(
    given: Passage, work: _Work, link: PrivateLink, column: Column, value: Any, row: Seen | None
) -> bool:
    """Whether a cell is to be written: ours moved, or theirs did and may still be put back today."""
    was = link.told.get(column.name)
    if row is not None:
        raw = _cell(row, column.name)
        if raw == given.remote.encode(column, value):
            link.told[column.name] = work.pair(link, column.name, value, raw)
            link.agree(column.name, PUT_BACKS)
            return False
        moved_there = was is None or was[1] != work.digest(link, column.name, "là", raw)
    else:
        moved_there = False
    if was is None or was[0] != work.digest(link, column.name, "ici", value):
        return True
    if not moved_there:
        return False
    if link.may_put_back(column.name, work.today, PUT_BACKS):
        return True
    link.open = True
    return False


def _cell(row: Seen, name: str) -> Raw:
    return (row.id or None) if name == ID else row.cells.get(name)


def _keep(given: Passage, work: _Work, look: Look, held: Mapping[str, Any], audit: bool) -> None:
    """What the look brought; its memory with it, since a link that is open has everything read again."""
    at = given.clock()
    listed = {"listed_at": at} if audit else {}
    gone = [link for link in work.links.values() if _has_left(work, link)]
    for link in gone:
        del work.links[link.table, link.record]
    with given.store.writing() as tx:
        private_ledger.forget(tx, given.base, gone)
        private_ledger.save(tx, given.base, work.links.values())
        kept = reread(look.memory) if work.writes else look.memory
        memory = work.seal.sealed({"memory": dict(kept), **held})
        private_ledger.change(tx, given.base, memory=memory, looked_at=at, **listed)


def _has_left(work: _Work, link: PrivateLink) -> bool:
    """Two looks confirmed it, and the store itself knows that ID: a copy restored later is known by it."""
    return link.leaving and link.absences >= READS and link.record in work.known[link.table]


def _carry(given: Passage, work: _Work, look: Look) -> None:
    order = {shape.table: rank for rank, shape in enumerate(private_shapes())}
    work.writes.sort(key=lambda write: (order[write.table], write.deed is not Deed.DELETE, write.record))
    for batch in given.remote.batches(given.line, look.memory, work.writes):
        _keyed(given, work, batch)
        answer = given.remote.send(given.line, private_shapes(), look.memory, batch)
        changed = [_answered(work, write, row) for write, row in zip(batch, answer.rows, strict=True)]
        with given.store.writing() as tx:
            private_ledger.save(tx, given.base, [link for link in changed if link is not None])


def _keyed(given: Passage, work: _Work, batch: Iterable[Write]) -> None:
    """A handle that we give is kept before it leaves: a lost answer makes no second row."""
    born = [write for write in batch if write.deed is Deed.CREATE and write.key]
    for write in born:
        work.links[write.table, write.record].key = write.key
    if born:
        with given.store.writing() as tx:
            some = [work.links[write.table, write.record] for write in born]
            private_ledger.save(tx, given.base, some)


def _answered(work: _Work, write: Write, row: Seen | Failure | None) -> PrivateLink | None:
    """The link as the answer leaves it; deletions are believed only when a look confirms them."""
    link = work.links.get((write.table, write.record))
    if link is None or write.deed is Deed.DELETE:
        return None
    if isinstance(row, Seen) and not _is_of(work, write, row):
        work.troubles.append("Le service a répondu pour une autre ligne que celle écrite.")
        link.told, link.open = {}, True
    elif isinstance(row, Seen):
        link.key, link.open = row.key, link.has_given_up(PUT_BACKS)
        for name, value in work.values[write.table, write.record].items():
            link.told[name] = work.pair(link, name, value, _cell(row, name))
    elif isinstance(row, Failure) and not row.missing:
        work.troubles.append("Le service refuse une ligne de la base privée.")
    else:
        link.key, link.told, link.open = None, {}, True
    return link


def _is_of(work: _Work, write: Write, row: Seen) -> bool:
    """Whether an answer is that of this row, and no other's."""
    others = [each for each in work.of(write.table) if each.record != write.record]
    return write.is_answered_by(row) and not any(
        row.key == each.key or row.id == each.record for each in others
    )
