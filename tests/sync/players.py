"""Who plays a history: a town, the people at its tables, and what they remember having done."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import event
from hypothesis.stateful import RuleBasedStateMachine

from policy import numbering
from policy.words import State
from sync import history, orders
from sync.exchange import exchange
from sync.link_tables import HELD, LINKS, REMOTE_TABLES
from sync.remote import ID, RemoteError
from sync.store import Store, Writing
from sync.unexpected import Unexpected
from tests.sync.invariants import Known
from tests.sync.mortal import Killed, Mortal, same_ids
from tests.sync.openings import Opened
from tests.sync.replaced import Backup
from tests.sync.rows import DESK, file


class Players(RuleBasedStateMachine):
    """What the rules of ``tests.sync.histories`` are made of. ``feed_tells``: the remote tells what our own
    writes replaced."""

    opened: Callable[[], Opened]
    feed_tells = False

    def __init__(self) -> None:
        super().__init__()
        same_ids(2)
        begun = type(self).opened()
        self.town, self.there, self.files, self.speak = begun.town, begun.there, begun.files, begun.speak
        self.mortal = Mortal(self.town.store)
        self.known = Known(numbers={f"2026-{n:05d}" for n in range(1, len(self.files) + 1)})
        self.gone: list[tuple[str, Any, Mapping[str, Any]]] = []
        self.backup: Backup | None = None
        self.unconfirmed = False
        self.waiting: set[str] = set()  # what a person could settle, when the last exchange ended
        self.seen: list[str] = []  # by whoever acts in the middle of a request: told at its end

    def _undisturbed(self) -> None:
        self._run([])

    def _run(self, faults: list[str], *, again: bool = True) -> bool:
        """One exchange; whether it was killed."""
        self.there.fail(faults)
        self.town.now += timedelta(minutes=3)
        town, self.town.store = self.town, self.mortal
        try:
            exchange(town.crossing(), again=again)
        except Unexpected:
            raise
        except RemoteError:
            event("an exchange failed")
        except Killed:
            return True
        finally:
            town.store = self.mortal.living
            self.there.undisturbed()  # whoever was to act while we wrote does not act later
            while self.seen:
                event(self.seen.pop())
            self.waiting = self._what_waits()
        return False

    def _before_write(self, nth: int, act: Callable[[], None]) -> None:
        """Somebody acts just before that write of the next exchange lands."""
        self.there.meanwhile(act if nth == 1 else lambda: self._before_write(nth - 1, act))

    def _what_waits(self) -> set[str]:
        with self.town.store.reading() as tx:
            found = set(tx.connection.scalars(sa.select(LINKS.c.tie).distinct()))
            if tx.scalar(sa.select(HELD.c.id).where(HELD.c.settled_at.is_(None)).limit(1)):
                found.add("held")
            if tx.scalar(sa.select(REMOTE_TABLES.c.table_name).where(REMOTE_TABLES.c.frozen_at.is_not(None))):
                found.add("frozen")
        return found

    def _change(self, record: str, street: str | None, sector: str) -> None:
        self.town.change("files", record, street=street, sector=sector)
        self.known.keep(street, record)

    def _enter(self, tx: Writing, street: str | None) -> Mapping[str, Any]:
        """A new file, with a number that nobody was ever given."""
        number = numbering.number(numbering.Series.REQUEST, 2026, tx.next_number("", 2026))
        assert number not in self.known.numbers, f"{number} is given twice"
        self.known.numbers.add(number)
        row = tx.insert("files", {**file(1, street=street), "number": number}, DESK)
        self.files.append(str(row["id"]))
        self.known.keep(street, str(row["id"]))
        return row

    def _take_theirs(self, tx: Writing, held: Mapping[str, Any]) -> None:
        row = tx.row(sa.select(LINKS).where(LINKS.c.id == held["link"]))
        if row is None or held["field"] != "street" or row["record"] is None:
            return
        typed = None if held["theirs"] is None else json.loads(held["theirs"])
        tx.update("files", row["record"], {"street": typed}, DESK)
        orders.keep_theirs(tx, held["id"], typed, "dir", self.town.now)

    def _add(self, street: str | None, day: str, form: bool) -> None:
        self.there.add("files", {"street": street or "rue Neuve", "planned_on": day or None}, form=form)
        self.known.keep(street, "")

    def _edit(self, key: str, cells: Mapping[str, Any]) -> None:
        record = self._id(key)  # a row of which the only cell is emptied is none any more
        welcomed = next((each.record for each in self.town.links() if each.key == key), None)
        if record not in self.files and welcomed in self.known.purged:
            record = str(welcomed)  # its ID was not written in the row yet: the order to delete it wins
        copies = sum(row.get(ID) == record for row in self.there.rows("files").values())
        self._replace(key)
        self.there.edit("files", key, cells)
        self.known.keep(cells["street"], record, perhaps=copies > 1 or record not in self.files)

    def _copy(self, key: str) -> None:
        self.known.doubled.add(self._id(key))
        self.known.copied.add(str(self.there.rows("files")[key].get("street")))
        self.there.copy("files", key)

    def _restore(self) -> None:
        key, kept, row = self.gone.pop()
        if any(row.get(ID) == other.get(ID) for other in self.there.rows("files").values()):
            self.known.doubled.add(str(row.get(ID)))  # the desk had put it there again: it is a copy now
            self.known.copied.add(str(row.get("street")))
        self.there.restore("files", key, kept)

    def _delete(self, key: str) -> None:
        self._replace(key)
        row = self.there.rows("files")[key]
        self.gone.append((key, self.there.delete("files", key), row))

    def _rename_choice(self, cells: bool) -> None:
        self.there.rename_choice("files", "state", State.TAKEN.value, cells=cells)

    def _replace(self, key: str) -> None:
        """The director himself replaces what the cell holds: that value is no longer ours to keep."""
        self.known.forget(self.there.rows("files")[key].get("street"))

    def _street(self, begins: str, asked: str) -> str | None:
        return self.known.new(begins) if asked == "new" else asked or None

    def _file(self, which: int) -> str | None:
        return self.files[which % len(self.files)] if self.files else None

    def _key(self, which: int) -> str | None:
        keys = sorted(self.there.rows("files"))
        return keys[which % len(keys)] if keys else None

    def _id(self, key: str) -> str:
        return str(self.there.rows("files")[key].get(ID) or "")


def erase(store: Store, table: str, record: str) -> None:
    """What the desk does of a record that is purged: no value of it is left, nor in its history."""
    with store.writing() as tx:
        if tx.get(table, record) is not None:
            tx.update(table, record, {"street": None, "sector": None, "planned_on": None}, DESK)
            history.erase(tx, table, record, None, DESK)
