"""What may happen to a town and its remote, in any order: the machine that looks for a broken invariant.

One machine for every remote: a ``Bench`` says how to make one and how a person edits there.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from policy.reasons import Refused
from policy.words import State
from sync import orders
from sync.exchange import exchange
from sync.link_tables import HELD, LINKS, TOMBSTONES, Tie
from sync.links import of
from sync.remote import ID, RemoteError
from sync.schema import HISTORY
from sync.store import Reading, Writing
from tests.sync.crossings import Town
from tests.sync.mortal import Killed, Mortal, same_ids
from tests.sync.rows import DESK, file


class There(Protocol):
    """What a person does in the tables of the remote, by our names of tables and columns."""

    def add(self, table: str, cells: Mapping[str, Any]) -> str: ...
    def edit(self, table: str, key: str, cells: Mapping[str, Any]) -> None: ...
    def copy(self, table: str, key: str) -> str: ...
    def delete(self, table: str, key: str) -> Any: ...
    def restore(self, table: str, key: str, kept: Any) -> None: ...
    def sort(self, table: str, column: str) -> None: ...
    def rows(self, table: str) -> Mapping[str, Mapping[str, Any]]: ...
    def fail(self, faults: list[str]) -> None: ...
    def meanwhile(self, act: Callable[[], None]) -> None: ...
    @property
    def writes(self) -> int: ...


HERE = ("rue Shaw", "rue Neuve", "rue du Guichet", "")  # typed at the desk alone
THERE = ("rue Principale", "rue de la Station", "montée Sainte-Thérèse", "")  # and in the table alone
SECTORS = ("Nord", "Sud", "Lac")
DAYS = ("2026-12-01", "2026-12-15", "bientôt", "")
FAULTS = ("fine", "before", "lost", "away")
NAMES = ("street", "sector", "planned_on", "state")


@dataclass(frozen=True)
class Typed:
    """A value that somebody typed, and that must be found somewhere for ever."""

    record: str
    field: str
    value: str


class Histories(RuleBasedStateMachine):
    """Any history of both sides; ``opened`` gives a town with its remote, told nothing yet."""

    opened: Callable[[], tuple[Town, There, list[str]]]
    identity_by_id = True

    def __init__(self) -> None:
        super().__init__()
        same_ids(True)
        self.town, self.there, self.files = type(self).opened()
        self.mortal = Mortal(self.town.store)
        self.gone: list[tuple[str, Any]] = []
        self.purged: set[str] = set()
        self.typed: set[Typed] = set()
        self.clash: set[Typed] = set()
        self.serial = 0

    @initialize()
    def first(self) -> None:
        """Half of the histories begin with two sides that agree."""
        self._run([])

    # — the desk —

    @rule(at=st.integers(0, 20), street=st.sampled_from(HERE), sector=st.sampled_from(SECTORS))
    def desk_edits(self, at: int, street: str, sector: str) -> None:
        record = self._file(at)
        if record is not None:
            self.town.change("files", record, street=street or None, sector=sector)
            self._keep(record, "street", street)

    @rule(at=st.integers(0, 20), day=st.sampled_from((None, date(2026, 12, 1), date(2026, 12, 20))))
    def desk_plans(self, at: int, day: date | None) -> None:
        record = self._file(at)
        if record is not None:
            self.town.change("files", record, planned_on=day)

    @rule()
    def desk_enters(self) -> None:
        self.serial += 1
        with self.town.store.writing() as tx:
            self.files.append(
                str(tx.insert("files", file(100 + self.serial, street="rue Neuve"), DESK)["id"])
            )

    @rule(at=st.integers(0, 20), closed=st.booleans())
    def desk_closes_long_ago(self, at: int, closed: bool) -> None:
        record = self._file(at)
        if record is not None:
            long_ago = self.town.now - timedelta(days=900)
            state = State.DONE if closed else State.TAKEN
            self.town.change(
                "files", record, open=not closed, closed_at=long_ago if closed else None, state=state
            )

    @rule(at=st.integers(0, 20))
    def desk_purges(self, at: int) -> None:
        record = self._file(at)
        if record is not None and len(self.files) > 1:
            with self.town.store.writing() as tx:
                tx.update("files", record, {"street": None, "sector": None, "planned_on": None}, DESK)
                orders.purge(tx, "files", record, self.town.now)
            self.purged.add(record)
            self.files.remove(record)

    @rule(ours=st.booleans())
    def desk_settles(self, ours: bool) -> None:
        for held in self.town.held():
            with self.town.store.writing() as tx:
                if ours or orders.is_rejection(held):
                    orders.keep_ours(tx, held["id"], "dir", self.town.now)
                else:
                    self._take_theirs(tx, held)
            return

    @rule(how=st.sampled_from(orders.Thaw))
    def desk_thaws(self, how: orders.Thaw) -> None:
        for table in ("files", "departments"):
            try:
                with self.town.store.writing() as tx:
                    orders.thaw(tx, self.town.remote.name, table, how, self.town.now)
            except Refused:
                continue

    @rule()
    def desk_puts_withdrawn_ones_back(self) -> None:
        for link in self.town.links():
            if link.tie is Tie.WITHDRAWN:
                with self.town.store.writing() as tx:
                    orders.put_there_again(tx, link.id, self.town.now)
                return

    # — the director —

    @rule(
        at=st.integers(0, 20),
        street=st.sampled_from(THERE),
        day=st.sampled_from(DAYS),
        both=st.booleans(),
    )
    def director_edits(self, at: int, street: str, day: str, both: bool) -> None:
        key = self._key("files", at)
        if key is not None:
            cells = {"street": street or None} | ({"planned_on": day or None} if both else {})
            record = self._id(key)  # a row of which the only cell is emptied is none any more
            self._forget_there("files", key, cells)
            self.there.edit("files", key, cells)
            self._keep(record, "street", street)

    @rule(
        at=st.integers(0, 20), state=st.sampled_from((State.DONE.value, State.TAKEN.value, "N'importe quoi"))
    )
    def director_moves(self, at: int, state: str) -> None:
        key = self._key("files", at)
        if key is not None:
            self.there.edit("files", key, {"state": state})

    @rule(at=st.integers(0, 20), number=st.sampled_from(("42", "2026-00001", None)))
    def director_changes_what_is_not_his(self, at: int, number: str | None) -> None:
        key = self._key("files", at)
        if key is not None:
            self.there.edit("files", key, {"number": number})

    @rule(street=st.sampled_from(THERE[:3]), day=st.sampled_from(DAYS))
    def director_types_a_row(self, street: str, day: str) -> None:
        self.there.add("files", {"street": street, "planned_on": day or None})

    @rule()
    def director_types_a_department(self) -> None:
        self.serial += 1
        self.there.add(
            "departments", {"name": f"Service {self.serial}", "circuit": "B", "closer": "Le service"}
        )

    @rule(at=st.integers(0, 20))
    def director_copies(self, at: int) -> None:
        key = self._key("files", at)
        if key is not None:
            self.there.copy("files", key)

    @rule(at=st.integers(0, 20))
    def director_deletes(self, at: int) -> None:
        key = self._key("files", at)
        if key is not None:
            self._forget_there("files", key, dict.fromkeys(NAMES))
            self.gone.append((key, self.there.delete("files", key)))

    @precondition(lambda self: self.gone)
    @rule()
    def director_restores(self) -> None:
        key, kept = self.gone.pop()
        self.there.restore("files", key, kept)

    @rule(column=st.sampled_from(("street", "number")))
    def director_sorts(self, column: str) -> None:
        self.there.sort("files", column)

    # — the worker —

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=6), again=st.booleans())
    def worker_runs(self, faults: list[str], again: bool) -> None:
        self._run(faults, again=again)

    @rule(left=st.integers(0, 25), after=st.booleans(), faults=st.lists(st.sampled_from(FAULTS), max_size=3))
    def worker_is_killed(self, left: int, after: bool, faults: list[str]) -> None:
        self.mortal.left, self.mortal.after = left, after
        try:
            self._run(faults)
        finally:
            self.mortal.left = None

    @rule(at=st.integers(0, 20), street=st.sampled_from(THERE[:3]))
    def director_edits_while_we_write(self, at: int, street: str) -> None:
        key = self._key("files", at)
        if key is None:
            return
        clash = Typed(self._id(key), "street", street)

        def meanwhile() -> None:
            if key in self.there.rows("files"):
                self._forget_there("files", key, {"street": street})
                self.there.edit("files", key, {"street": street})
                self.clash.add(clash)

        self.there.meanwhile(meanwhile)
        self._run([])

    @rule(takes_over=st.booleans())
    def another_worker_speaks(self, takes_over: bool) -> None:
        """One that waits its turn, or one that takes the turn of a worker that was slow."""

        def meanwhile() -> None:
            if takes_over:
                self.town.now += timedelta(minutes=5)
            with suppress(RemoteError):
                exchange(self.town.crossing("ailleurs"), again=True)

        self.there.meanwhile(meanwhile)
        self._run([])

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)

    # — what must hold —

    @rule()
    def both_sides_settle(self) -> None:
        """Invariants 2, 3, 4, 8: two undisturbed runs agree, the second writes nothing."""
        self._run([])
        before = self.there.writes
        self._run([])
        assert self.there.writes == before, "the second undisturbed run wrote"
        self._check_agreement()
        self._check_disputes()

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        """Invariant 1."""
        if not self.typed:
            return
        with self.town.store.reading() as tx:
            told = _everything(tx)
        there = json.dumps([dict(row) for row in self.there.rows("files").values()], ensure_ascii=False)
        for typed in self.typed - self.clash:
            if typed.record in self.purged:
                continue
            needle = json.dumps(typed.value, ensure_ascii=False)
            assert needle in there or any(needle in text for text in told), f"lost: {typed}"

    def teardown(self) -> None:
        self.there.meanwhile(lambda: None)
        try:
            self.both_sides_settle()
        finally:
            self.town.store.close()
            same_ids(False)

    # — by hand —

    def _run(self, faults: list[str], *, again: bool = True) -> None:
        self.there.fail(faults)
        self.town.now += timedelta(minutes=3)
        crossing = self.town.crossing()
        crossing.store = self.mortal
        try:
            exchange(crossing, again=again)
        except (RemoteError, Killed):
            pass
        finally:
            self.there.fail([])
            self.there.meanwhile(lambda: None)  # whoever was to act while we wrote does not act later

    def _check_disputes(self) -> None:
        """What was sent from here and comes back is no dispute."""
        with self.town.store.reading() as tx:
            raws = tx.connection.scalars(sa.select(HELD.c.raw).where(HELD.c.field == "street"))
            ours = [raw for raw in raws if raw and json.loads(raw) in HERE[:-1]]
        assert not ours, f"our own value is disputed: {ours}"

    def _check_agreement(self) -> None:
        frozen = self._frozen()
        with self.town.store.reading() as tx:
            links = [of(row) for row in tx.rows(sa.select(LINKS))]
            files = {row["id"]: row for row in tx.find("files")}
            stones = set(tx.connection.scalars(sa.select(TOMBSTONES.c.record)))
        rows = self.there.rows("files")
        ids = [row.get(ID) for row in rows.values() if row.get(ID)]
        if "files" in frozen:
            return
        assert len(ids) == len(set(ids)), "an ID is there twice"
        assert not stones & set(ids), "a purged record is there"
        tied = {link.record: link for link in links if link.table == "files" and link.tie is Tie.LINKED}
        for link in tied.values():
            row = rows[link.key or ""]
            ours = files[link.record or ""]
            for name in ("street", "sector", "planned_on", "state", "number"):
                if name in link.held or link.put_back.get(name, ["", 0])[1] >= 3:
                    continue
                value = ours[name]
                said = value.isoformat() if isinstance(value, date) else value
                assert (row.get(name) or None) == (said or None), (
                    f"{name}: {row.get(name)} there, {said} here"
                )
        out = {link.record for link in links if link.tie is Tie.WITHDRAWN}
        for id, row in files.items():
            inside = row["open"] and id not in stones
            assert not inside or id in tied or id in out, "an open file is neither there nor withdrawn"

    def _frozen(self) -> set[str]:
        from sync import ledger

        with self.town.store.reading() as tx:
            known = ledger.tables(tx, self.town.remote.name)
        return {name for name, row in known.items() if row["frozen_at"]}

    def _take_theirs(self, tx: Writing, held: Mapping[str, Any]) -> None:
        row = tx.row(sa.select(LINKS).where(LINKS.c.id == held["link"]))
        if row is None or held["field"] != "street" or row["record"] is None:
            return
        value = json.loads(held["raw"])
        tx.update("files", row["record"], {"street": value}, DESK)
        orders.keep_theirs(tx, held["id"], value, "dir", self.town.now)

    def _keep(self, record: str, field: str, value: str) -> None:
        if value and record:
            self.typed.add(Typed(record, field, value))

    def _forget_there(self, table: str, key: str, cells: Mapping[str, Any]) -> None:
        """The director himself replaces what the cell held: that value is no longer ours to keep."""
        row = self.there.rows(table)[key]
        for name in cells:
            self.typed.discard(Typed(str(row.get(ID) or ""), name, str(row.get(name))))

    def _file(self, at: int) -> str | None:
        return self.files[at % len(self.files)] if self.files else None

    def _key(self, table: str, at: int) -> str | None:
        keys = sorted(self.there.rows(table))
        return keys[at % len(keys)] if keys else None

    def _id(self, key: str) -> str:
        return str(self.there.rows("files")[key].get(ID) or "")


def _everything(tx: Reading) -> list[str]:
    """Every text in which a value may be: the store, its history, what is held, the ledger."""
    found = []
    found += [json.dumps([row.street, row.sector], ensure_ascii=False)
              for row in tx.connection.execute(sa.text("SELECT street, sector FROM files"))]  # fmt: skip
    found += tx.connection.scalars(sa.select(HISTORY.c.changes))
    found += tx.connection.scalars(sa.select(sa.func.coalesce(HELD.c.raw, "")))
    found += tx.connection.scalars(sa.select(sa.func.coalesce(HELD.c.here, "")))
    found += tx.connection.scalars(sa.select(LINKS.c.there))
    return [str(text) for text in found]
