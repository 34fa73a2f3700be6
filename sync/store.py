"""The local store: one database, SQLite or PostgreSQL, read and written in short transactions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC
from functools import cached_property
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from policy.reasons import Ground, Refused, refused
from sync import history, ids, migrations, moved, vault
from sync.engine import home, is_busy, only_reading, opened, settled
from sync.history import Author, Did
from sync.queries import alteration, asked, holding, insertion
from sync.schema import SERIES, SQL, unique_keys
from sync.tables import TABLES
from sync.values import cleaned
from sync.vault import SEALED, Keyring

Row = Mapping[str, Any]

_AT_ONCE = 1_000  # rows of one batch of insertions


class Reading:
    """A transaction that reads one unmoving picture of the store."""

    def __init__(self, connection: Connection, keys: Keyring | None = None) -> None:
        self.connection = connection
        self.keys = keys

    def get(self, table: str, record: str | None) -> Row | None:
        """The row of that id."""
        return self.first(table, id=record) if record else None

    def first(self, table: str, **equals: Any) -> Row | None:
        """One row whose fields have these values (the oldest id when several)."""
        return self._plain(table, self.row(*asked(table, (), equals, one=True)))

    def find(self, table: str, order_by: Sequence[str] = (), **equals: Any) -> list[Row]:
        """The rows whose fields have these values.

        ``None`` asks for rows without one; a list or a set for any of its members. ``order_by`` names
        fields, each downwards with a ``-`` before; the id comes last. Sealed fields are neither looked
        for nor ordered by (``TypeError``).
        """
        rows = self.rows(*asked(table, tuple(order_by), equals))
        return self.unsealed(table, rows) if table in SEALED else rows

    def unsealed(self, table: str, rows: Iterable[Row]) -> list[Row]:
        """Rows that a query gave as they lie, opened: it asked for ``id``, ``sealed_key`` and sealed fields.

        Raises ``Locked`` when there is something to open and no key for it.
        """
        return [vault.opened(self.keys, table, row) for row in rows]

    def rows(self, query: sa.Select[Any], given: Row | None = None) -> list[Row]:
        """The rows of a query, by column name; ``given`` are the values of its bound parameters.

        What is sealed is given as it lies (``unsealed``).
        """
        found = self.connection.execute(query, given)
        names = tuple(found.keys())
        return [dict(zip(names, row, strict=True)) for row in found]

    def row(self, query: sa.Select[Any], given: Row | None = None) -> Row | None:
        """The first row of a query."""
        found = self.connection.execute(query, given).mappings().first()
        return None if found is None else dict(found)

    def scalar(self, query: sa.Select[Any]) -> Any:
        """The first column of the first row of a query."""
        return self.connection.execute(query).scalar()

    def _plain(self, table: str, row: Row | None) -> Row | None:
        return row if row is None or table not in SEALED else vault.opened(self.keys, table, row)


class Writing(Reading):
    """A transaction that writes; whoever else writes the same rows waits for its end."""

    def lock(self, table: str, record: str) -> Row | None:
        """The row of that id, which nobody else changes before the end of this transaction."""
        return self._plain(table, self.hold(table, record))

    def hold(self, table: str, record: str) -> Row | None:
        """As ``lock``, the row as it lies: what is sealed stays so, and no key is needed."""
        return self.row(holding(table), {"record": record})

    def alone(self, act: str) -> None:
        """Whoever else is about to do this act waits for the end of this transaction, and sees what it wrote.

        On SQLite who writes is alone already.
        """
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(act))))

    def insert(self, table: str, values: Row, by: Author) -> Row:
        """A new row (``id`` may be given). Raises ``Refused``: value missing, too long, or already borne."""
        row = self.insert_once(table, values, by)
        if row is None:
            raise Refused(self._borne(table, values))
        return row

    def insert_once(self, table: str, values: Row, by: Author) -> Row | None:
        """A new row, or ``None`` when another bears one of its unique keys: for ledgers."""
        row = self._born(table, values, by, ids.new_id(by.at))
        kept = self._kept(table, row)
        # what came back says whether it was inserted: psycopg does not count such a row
        if self.connection.execute(insertion(table, tuple(kept)), kept).first() is None:
            return None
        moved.note(self, table, [row["id"]])
        if TABLES[table].logged:
            history.begin(self, table, [kept], by)
        return row

    def insert_many(self, table: str, rows: Iterable[Row], by: Author) -> list[str]:
        """New rows, in that order; their ids, increasing. An ``IntegrityError`` when a key is borne."""
        given = list(rows)
        fresh = ids.new_ids(by.at, len(given))
        born = [self._born(table, values, by, fresh[at]) for at, values in enumerate(given)]
        for start in range(0, len(born), _AT_ONCE):
            batch = [self._kept(table, row) for row in born[start : start + _AT_ONCE]]
            self.connection.execute(sa.insert(SQL[table]), batch)
            if TABLES[table].logged:
                history.begin(self, table, batch, by)
        moved.note(self, table, [row["id"] for row in born])
        return [row["id"] for row in born]

    def update(self, table: str, record: str, changes: Row, by: Author) -> Row:
        """Change fields of a row; the row as it is now.

        What is equal already is no change. The version people edit against grows only when a field
        that people edit really changed (architecture 10). Raises ``LookupError`` when there is no such
        row, ``Refused`` for a value that does not fit.
        """
        definition = TABLES[table]
        kept = self.hold(table, record)
        row = self._plain(table, kept)
        if kept is None or row is None:
            raise LookupError(f"{table} {record}")
        asked = cleaned(definition, changes, whole=False)
        changed = {name: value for name, value in asked.items() if value != row[name]}
        if not changed:
            return row
        edited = any(definition.field(name).edited for name in changed)
        written = {**changed, "version": row["version"] + int(edited), "updated_at": by.at.astimezone(UTC)}
        to_keep = vault.sealed(self.keys, table, kept, written) if table in SEALED else written
        self._alter(table, record, to_keep)
        moved.note(self, table, [record])
        if definition.logged:
            pairs = {name: (kept[name], to_keep[name]) for name in changed}
            history.append(self, table, record, Did.CHANGED, pairs, by)
        return {**row, **written}

    def delete(self, table: str, record: str, by: Author | None = None) -> None:
        """Delete a row; a logged table wants an author. Deleting what is not there does nothing."""
        definition = TABLES[table]
        if definition.logged and by is None:
            raise TypeError(f"deleting from {table} needs an author")
        row = self.hold(table, record)
        if row is None:
            return
        self.connection.execute(sa.delete(SQL[table]).where(SQL[table].c.id == record))
        moved.note(self, table, [record])
        if definition.logged and by is not None:
            held = [field.name for field in definition.fields if row[field.name] is not None]
            history.append(self, table, record, Did.DELETED, {name: (row[name], None) for name in held}, by)

    def shred(self, table: str, record: str, by: Author) -> None:
        """Delete a row, its key, and every value that its history holds; that it was there stays told."""
        self.delete(table, record, by)
        if TABLES[table].logged:
            history.erase(self, table, record, None, by)

    def put(self, table: str, key: Row, values: Row, by: Author) -> Row:
        """The row of that unique key with these values: inserted, or changed when it is there."""
        there = self.first(table, **key)
        if there is None:
            made = self.insert_once(table, {**key, **values}, by)
            if made is not None:
                return made
            there = self.first(table, **key)
            if there is None:  # another of its keys is borne by another row
                raise Refused(self._borne(table, {**key, **values}))
        return self.update(table, there["id"], values, by)

    def next_number(self, series: str, year: int) -> int:
        """R-1: the next number of a series and year, never given twice; other writers wait for the end."""
        return self.next_numbers(series, year, 1)[0]

    def next_numbers(self, series: str, year: int, count: int) -> range:
        """The next ``count`` numbers of a series and year, in one go."""
        query = self._insertion_into(SERIES).values(series=series, year=year, last=count)
        query = query.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": SERIES.c.last + count}
        )
        last: int = self.connection.execute(query.returning(SERIES.c.last)).scalar_one()
        return range(last - count + 1, last + 1)

    def jump_past(self, series: str, year: int, number: int) -> None:
        """Never give this number or a lower one again (an import, a restored backup)."""
        query = self._insertion_into(SERIES).values(series=series, year=year, last=number)
        self.connection.execute(
            query.on_conflict_do_update(
                index_elements=["series", "year"],
                set_={"last": sa.case((SERIES.c.last < number, number), else_=SERIES.c.last)},
            )
        )

    def _born(self, table: str, values: Row, by: Author, fresh: str) -> dict[str, Any]:
        given = {name: value for name, value in values.items() if name != "id"}
        return {
            "id": values.get("id") or fresh,
            "version": 1,
            "created_at": by.at.astimezone(UTC),
            "updated_at": by.at.astimezone(UTC),
            **cleaned(TABLES[table], given, whole=True),
        }

    def _kept(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        return vault.born(self.keys, table, row) if table in SEALED else row

    def _alter(self, table: str, record: str, written: Row) -> None:
        update = alteration(table, tuple(written))
        given = {"this_row": record, **{f"new_{name}": value for name, value in written.items()}}
        if not any(name in written for key in unique_keys(TABLES[table]) for name in key):
            self.connection.execute(update, given)
            return
        try:
            with self.connection.begin_nested():
                self.connection.execute(update, given)
        except IntegrityError as error:
            grounds = self._borne(table, {**(self.get(table, record) or {}), **written}, record)
            if not grounds:
                raise
            raise Refused(grounds) from error

    def _borne(self, table: str, values: Row, besides: str = "") -> tuple[Ground, ...]:
        grounds = []
        definition = TABLES[table]
        for key in unique_keys(definition):
            if any(values.get(name) is None for name in key):
                continue
            other = self.first(table, **{name: values[name] for name in key})
            if other is not None and other["id"] != besides:
                labels = " et ".join(f"« {definition.field(name).label} »" for name in key)
                grounds.append(
                    Ground(f"{definition.label} : une autre ligne porte déjà la même valeur de {labels}.",
                           field=key[0])
                )  # fmt: skip
        return tuple(grounds)

    def _insertion_into(self, table: sa.Table) -> Any:
        return (postgresql if self.connection.dialect.name == "postgresql" else sqlite).insert(table)


class Store:
    """One town's database. Safe to share between threads."""

    def __init__(self, engine: Engine, keys: Keyring | None = None) -> None:
        self._engine = engine
        self._keys = keys

    @classmethod
    def open(cls, url: str, keys: Keyring | None = None) -> Self:
        """The store at ``sqlite:///…`` or ``postgresql://…``; nothing is created but the SQLite file.

        ``keys`` open what is sealed (``sync.vault``); without them everything else works.
        """
        return cls(opened(url), keys)

    def take_keys(self, keys: Keyring) -> None:
        """The keys just made for a town that had none: the transactions to come open and seal with them."""
        self._keys = keys

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @cached_property
    def home(self) -> str:
        """Where this database lives: a copy of it lives elsewhere."""
        return home(self._engine)

    def migrate(self) -> None:
        """Bring the tables to this version of the software; safe when two processes do it at once."""
        migrations.migrate(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A transaction that only reads."""
        with self._engine.connect() as connection:
            reader = only_reading(connection)
            with reader.begin():
                yield Reading(reader, self._keys)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction that writes: all of it at its end, or nothing when an exception leaves it.

        Raises ``Refused`` when others kept it waiting too long: doing it again is harmless.
        """
        try:
            with self._engine.begin() as connection:
                yield Writing(connection, self._keys)
        except OperationalError as error:
            if not is_busy(error):
                raise
            raise refused(
                "La base de données est occupée : rien n'a été enregistré. Recommencez dans un instant."
            ) from error

    def settle(self) -> None:
        """Let what was erased leave the disk too: for the clock, after an erasure.

        SQLite overwrites what it deletes (``secure_delete``) but its journal keeps the old pages until
        they are moved; PostgreSQL keeps old rows in its tables until they are written anew, which makes
        whoever works them wait. Raises ``Refused`` when others kept it from being done: to be tried again.
        """
        if not settled(self._engine):
            raise refused("la base est occupée ; c'est repris plus tard.")

    def settle_soon(self) -> None:
        """As far as nobody has to wait for it (SQLite); the clock does the rest."""
        if self.dialect == "sqlite":
            settled(self._engine)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
