"""How one exchange reads both sides of a record: our values as JSON, cells as values, references as ids."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from sync import compare, held, ledger, orders
from sync.crossing import Crossing
from sync.fields import Kind
from sync.link_tables import LINKS
from sync.links import Link
from sync.outside import TITLES
from sync.references import References, view
from sync.remote import ID, NOTE, Column, Raw, RefersBy, Shape, Unreadable
from sync.store import Reading, Row, Writing
from sync.values import written

UNKNOWN = object()  # a reference to a row that is not there


class Reader:
    """Both sides of records, within one transaction."""

    def __init__(self, tx: Reading, crossing: Crossing) -> None:
        self._tx = tx
        self._crossing = crossing
        self._references = References(tx, crossing.name, crossing.remote.refers_by)
        self._names: dict[str, str] = {}
        self._columns: dict[str, tuple[Column, ...]] = {}
        self._held: dict[str, list[Row]] = {}

    def expect(self, some: Sequence[Link]) -> None:
        """What is held of these links is read at once; in this transaction only they change it."""
        self._held = {link.id: [] for link in some} | orders.all_active(self._tx, [link.id for link in some])

    def columns(self, shape: Shape) -> tuple[Column, ...]:
        """The columns exchanged now: those that are paused there are left alone."""
        if shape.table not in self._columns:
            row = ledger.tables(self._tx, self._crossing.name).get(shape.table)
            paused = ledger.paused(row) if row else {}
            compared = compare.columns(shape)
            self._columns[shape.table] = tuple(each for each in compared if each.name not in paused)
        return self._columns[shape.table]

    def view(self, shape: Shape, link: Link, row: Row) -> dict[str, Any]:
        """Our side of a record, the engine's two columns with it."""
        return {
            ID: link.shown_id,
            **view(self._tx, shape, row, self._names),
            NOTE: self.note(shape, link),
        }

    def note(self, shape: Shape, link: Link) -> str | None:
        """What the row's « Synchronisation » cell is to say."""
        active = self._held.get(link.id)
        return held.note(shape, link, orders.active(self._tx, link.id) if active is None else active)

    def decode(self, column: Column, raw: Raw) -> Any:
        """A cell as our value, as JSON keeps it. Raises ``Unreadable``."""
        value = self._crossing.remote.decode(column, raw)
        if value is None:
            if column.required and column.kind is not Kind.BOOL:
                raise Unreadable(f"« {column.label} » est obligatoire.")
            return None
        if column.ref:
            return self._references.record(column, value)
        value = written(value)
        if column.choices and value not in column.choices:
            raise Unreadable(
                f"« {value} » n'est pas un choix de « {column.label} » : {', '.join(column.choices)}."
            )
        return value

    def encode(self, column: Column, value: Any) -> Raw:
        """The cell for our value; ``UNKNOWN`` when it points to a row that is not there (yet)."""
        if value is not None and column.ref:
            value = self._references.handle(column.ref, value)
            if value is None:
                return UNKNOWN
        return self._crossing.remote.encode(column, _typed(column, value))

    def stale(self, shape: Shape, link: Link, here: Mapping[str, Any]) -> Callable[[Column], bool]:
        """Whether a reference is told there by a name (or a key) that is no longer its row's, or by nothing
        until its row is there.
        """

        def is_stale(column: Column) -> bool:
            if not column.ref or here[column.name] is None:
                return False
            cell = self.encode(column, here[column.name])
            if cell is UNKNOWN:
                return link.there.get(column.name) is None and self._references.awaits(
                    column.ref, here[column.name]
                )
            return bool(cell != link.raw.get(column.name))

        return is_stale

    def lost(self, link: Link) -> Callable[[Column], bool]:
        """Whether a reference is empty there because its row went away: where rows are told by their key, a
        service empties every cell that led to a row that is deleted.
        """

        def is_lost(column: Column) -> bool:
            agreed = link.agreed.get(column.name)
            if not column.ref or agreed is None or link.there.get(column.name) is not None:
                return False
            cell = self.encode(column, agreed)
            return self._crossing.remote.refers_by is RefersBy.KEY and cell != link.raw.get(column.name)

        return is_lost

    def open_those_that_name(self, table: str) -> None:
        """A name of this table may have changed: where rows are told by name, what points to it is opened."""
        if self._crossing.remote.refers_by is not RefersBy.TITLE or table not in TITLES:
            return
        pointing = [
            shape.table
            for shape in self._crossing.shapes
            if any(column.ref == table for column in shape.columns)
        ]
        if pointing and isinstance(self._tx, Writing):
            self._tx.connection.execute(
                sa.update(LINKS)
                .where(LINKS.c.remote == self._crossing.name, LINKS.c.table_name.in_(pointing))
                .values(open=True)
            )


def _typed(column: Column, value: Any) -> Any:
    """What JSON made of a value, as the store has it."""
    if value is None:
        return None
    if column.kind is Kind.DATE:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if column.kind is Kind.MOMENT else value
