"""What must hold of a town and its remote after any history: what was typed is known, and looked for."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from policy.words import State
from sync import ledger
from sync.compare import PUT_BACKS
from sync.link_tables import HELD, LINKS, REMOTE_NOTICES, REMOTES, TOMBSTONES, Held, Tie
from sync.links import Link, of
from sync.remote import ID, NOTE
from sync.schema import HISTORY, SQL
from sync.store import Reading
from tests.remotes.there import There
from tests.sync.crossings import Town

COMPARED = ("number", "street", "sector", "planned_on", "done_on", "state", "complex", "next_action")
HERE, THERE = "rue Shaw ", "montée Sainte-Thérèse "  # how a street typed at the desk, or there, begins


@dataclass
class Known:
    """What people did, as they remember it. A value typed is like no other: where it is found is no chance.

    ``typed``: value → the record it was typed on (none yet: empty), until whoever typed it, or the director,
    replaces it himself. ``owners``: the records that a value may be seen on. ``erased``: values that a purge
    order wanted nowhere. ``clash``: typed there within our own write of the same cell,
    and gone with it; ``awaited``: so too, but the feed will tell it.
    ``copied`` and ``doubled``: values, and records, of rows that a person copied.
    ``foreign``: values of ours that a restored store does not know.
    """

    typed: dict[str, str] = field(default_factory=dict)
    owners: dict[str, set[str]] = field(default_factory=dict)
    purged: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    clash: set[str] = field(default_factory=set)
    awaited: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    serial: int = 0
    _told: set[str] = field(default_factory=set)  # found in the history, which forgets nothing
    _read: int = 0  # entries of the history

    def new(self, begins: str) -> str:
        """A value like no other."""
        self.serial += 1
        return f"{begins}{self.serial} bis"  # no value begins another

    def keep(self, value: str | None, record: str, *, perhaps: bool = False) -> None:
        """A person typed it on that record, or ``perhaps`` on a row that will be given another ID: a copy, or
        one whose ID a restored store does not know.

        What is not like no other is not followed.
        """
        if not value or not value.startswith((HERE, THERE)):
            return
        self.owners.setdefault(value, set()).update({record, ""} if perhaps else {record})
        if record in self.purged and perhaps:
            return
        if record in self.purged:  # its row is still there: the order to delete it wins
            self.erased.add(value)
        else:
            self.typed[value] = record

    def forget(self, value: object) -> None:
        """Its cell was replaced by a person who saw it."""
        self.typed.pop(str(value), None)

    def purge(self, record: str) -> None:
        """Nothing of the record is ours to keep any more."""
        self.purged.add(record)
        for value, owners in self.owners.items():
            if record not in owners:
                continue
            self.typed.pop(value, None)
            if "" not in owners and value not in self.copied:
                self.erased.add(value)

    def history_is_another(self) -> None:
        """The history was replaced: what it tells is to be read again."""
        self._told, self._read = set(), 0

    def missing(self, town: Town, there: There) -> set[str]:
        """Invariant 1: what was typed and is neither there, nor in the store, its history or its ledger."""
        left = self.typed.keys() - self._told - self.clash - self.awaited
        if left:
            left = _not_in(left, [json.dumps(list(there.rows("files").values()), ensure_ascii=False)])
        if left:
            with town.store.reading() as tx:
                self._hear(tx, left)
                left = _not_in(left - self._told, _kept(tx))
        return left

    def found_here(self, town: Town) -> set[str]:
        """What was typed and is in the store, its history or its ledger."""
        with town.store.reading() as tx:
            told = [*_kept(tx), *_history(tx)]
        return self.typed.keys() - _not_in(set(self.typed), told)

    def _hear(self, tx: Reading, left: Iterable[str]) -> None:
        rows = tx.connection.execute(
            sa.select(HISTORY.c.seq, HISTORY.c.changes).where(HISTORY.c.seq > self._read)
        ).all()
        if rows:
            self._read = max(row.seq for row in rows)
            self._told |= set(self.typed) - _not_in(set(self.typed), [str(row.changes) for row in rows])


def check(town: Town, there: There, known: Known) -> None:
    """Invariants 2, 4 to 9 of two sides that were left alone for two exchanges."""
    with town.store.reading() as tx:
        tables = ledger.tables(tx, town.remote.name)
        links = [of(row) for row in tx.rows(sa.select(LINKS).where(LINKS.c.table_name == "files"))]
        files = {row["id"]: row for row in tx.find("files")}
        stones = set(tx.connection.scalars(sa.select(TOMBSTONES.c.record)))
        held = tx.rows(sa.select(HELD))
        notices = set(tx.connection.scalars(sa.select(REMOTE_NOTICES.c.key)))
    _check_refusals(files)
    _check_disputes(known, held)
    if "files" in tables and tables["files"]["frozen_at"]:
        return
    paused = set(ledger.paused(tables["files"])) if "files" in tables else set()
    _check_paused(paused, notices)
    rows = there.rows("files")
    tied = {link.record: link for link in links if link.table == "files" and link.tie is Tie.LINKED}
    _check_ids(known, rows, stones)
    today = ledger.day_in_town(town.now).isoformat()
    for link in tied.values():
        _check_row(town, link, files[link.record or ""], rows[link.key or ""], today, notices, paused)
    _check_rejections(links, [each for each in held if each["field"] not in paused], rows, files)
    out = {link.record for link in links if link.tie is Tie.WITHDRAWN}
    for id, row in files.items():
        inside = row["open"] and id not in stones
        assert not inside or id in tied or id in out, "an open file is neither there nor withdrawn"
    _check_erased(town, known)


def check_store(town: Town, known: Known) -> None:
    """Invariant 5, at every instant: no record has the value of another."""
    files = SQL["files"].c
    with town.store.reading() as tx:
        rows = tx.rows(sa.select(files.id, files.street))
    for row in rows:
        owners = known.owners.get(row["street"] or "", {row["id"]})
        assert row["id"] in owners or "" in owners, f"{row['street']} of {owners} is on {row['id']}"


def _check_refusals(files: Mapping[str, Mapping[str, Any]]) -> None:
    """Invariant 7: what the desk refuses to whoever types there was not taken."""
    for id, row in files.items():
        assert row["state"] is not State.DONE or row["done_on"] or not row["open"], (
            f"{id}: refused, and taken"
        )


def _check_ids(known: Known, rows: Mapping[str, Mapping[str, Any]], stones: set[str]) -> None:
    """Invariants 2, 5 and 8: an ID is there once, with its own values; a purged one is not there."""
    ids = [str(row[ID]) for row in rows.values() if row.get(ID)]
    assert len(ids) == len(set(ids)), "an ID is there twice"
    assert not stones & set(ids), "a purged record is there"
    for row in rows.values():
        owners = known.owners.get(str(row.get("street")), set())
        if owners & known.doubled or str(row.get("street")) in known.copied:
            continue  # of two rows that bore one ID when they were sorted, nothing says which is the copy
        assert not owners or row.get(ID) in owners or "" in owners, (
            f"{row.get('street')} of {owners} is on the row of {row.get(ID)}"
        )


def _check_paused(paused: set[str], notices: set[str]) -> None:
    """A column that is not touched, for one of its choices has another name, was told."""
    for name in paused:
        assert any(key.startswith(f"pause:files:{name}:") for key in notices), f"{name}: nobody is told"


def _check_row(
    town: Town,
    link: Link,
    ours: Mapping[str, Any],
    row: Mapping[str, Any],
    today: str,
    notices: set[str],
    paused: set[str],
) -> None:
    """Invariants 4 and 9: both sides say the same, but for what is held, paused, put back too often today."""
    for name in COMPARED:
        if name in link.held or name in paused:
            continue
        value = ours[name]
        said = value.isoformat() if isinstance(value, date) else value
        same = (row.get(name) or None) == (said or None)
        if name == "complex":
            same = (row.get(name) in (True, "Oui")) is bool(value)
        if link.put_back.get(name, ["", 0]) == [today, PUT_BACKS] and not same:
            told = any(key.startswith(f"remises:{link.id}:{name}:{today}") for key in notices)
            assert told, f"{name}: paused, and nobody is told"
            continue
        assert same, f"{name}: {row.get(name)!r} there, {said!r} here"


def _check_rejections(
    links: Iterable[Link],
    held: Iterable[Mapping[str, Any]],
    rows: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, Mapping[str, Any]],
) -> None:
    """Invariant 7: what is refused stays where it was typed, with the reason in its row."""
    of_link = {link.id: link for link in links}
    for each in held:
        link = of_link.get(each["link"])
        if each["settled_at"] is not None or link is None or link.tie is not Tie.LINKED:
            continue
        row = rows[link.key or ""]
        assert each["words"] in str(row.get(NOTE)), f"its row does not say why {each['raw']} is held"
        if each["field"] not in link.held:  # our own write replaced it: it is told, and no more in its cell
            assert each["kind"] == Held.DISPUTED.value, f"{each['field']} is held, and judged all the same"
            continue
        typed, cell = json.loads(each["raw"]), row.get(each["field"])
        if each["field"] not in ("planned_on", "done_on"):  # a day is a number in a spreadsheet
            assert (cell or None) == (typed or None), f"{each['kind']}: not {typed!r}, but {cell!r}"
        if each["kind"] == Held.REJECTED.value:
            ours = files[link.record or ""][each["field"]]
            assert typed is None or ours != typed, f"{typed!r} is refused, and taken"


def _check_disputes(known: Known, held: Iterable[Mapping[str, Any]]) -> None:
    """What was sent from here and comes back is no dispute."""
    raws = [json.loads(each["raw"]) for each in held if each["field"] == "street" and each["raw"]]
    ours = [raw for raw in raws if str(raw).startswith(HERE) and raw not in known.foreign]
    assert not ours, f"our own value is disputed: {ours}"


def _check_erased(town: Town, known: Known) -> None:
    """Invariant 8: of a purged record nothing is left in the ledger, the history or the remote's memory."""
    erased = known.erased - known.copied
    if not erased:
        return
    with town.store.reading() as tx:
        told = [*_kept(tx), *_history(tx), *_ledger(tx)]
    left = erased - _not_in(set(erased), told)
    assert not left, f"purged, and still told: {left}"


def _kept(tx: Reading) -> list[str]:
    """The store, the disputes and the rejections: where a value typed may be, but for the history."""
    files = SQL["files"].c
    found: list[Any] = [*tx.connection.scalars(sa.select(files.street))]
    for row in tx.connection.execute(sa.select(HELD.c.raw, HELD.c.here)):
        found += row
    return [str(text) for text in found]


def _ledger(tx: Reading) -> list[str]:
    """All that is remembered of the rows there."""
    columns = LINKS.c
    remembered = (columns.there, columns.agreed, columns.raw, columns.sent, columns.held, columns.over)
    found: list[Any] = []
    for row in tx.connection.execute(sa.select(*remembered)):
        found += row
    found += tx.connection.scalars(sa.select(REMOTES.c.memory))
    found += tx.connection.scalars(sa.select(REMOTE_NOTICES.c.words))
    return [str(text) for text in found]


def _history(tx: Reading) -> list[str]:
    return [str(text) for text in tx.connection.scalars(sa.select(HISTORY.c.changes))]


def _not_in(values: Iterable[str], texts: Iterable[str]) -> set[str]:
    """Those that no text holds."""
    left = set(values)
    for text in texts:
        left -= {value for value in left if value in text}
    return left
