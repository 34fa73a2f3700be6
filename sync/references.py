"""How a row that points to another says so there: by the service's key, or by a name unique in its table."""

from collections import Counter
from enum import StrEnum
from functools import cache
from typing import Any

import sqlalchemy as sa

from sync.link_tables import LINKS, Tie
from sync.outside import SETTINGS, TITLES
from sync.remote import Column, RefersBy, Shape, Unreadable
from sync.schema import SQL
from sync.store import Reading
from sync.tables import TABLES
from sync.values import written

TAIL = 6  # signs of an id that tell two rows of one name apart


_OF_TABLE = (LINKS.c.remote == sa.bindparam("of_remote"), LINKS.c.table_name == sa.bindparam("of_table"))
_KEY = sa.select(LINKS.c.key).where(
    *_OF_TABLE,
    LINKS.c.record == sa.bindparam("asked"),
    LINKS.c.tie == Tie.LINKED.value,
    LINKS.c.absences == 0,  # missing from a frozen table: nothing can point to it
)
_AWAITED = sa.select(LINKS.c.id).where(
    *_OF_TABLE,
    LINKS.c.record == sa.bindparam("asked"),
    LINKS.c.tie == Tie.LINKED.value,
    sa.or_(LINKS.c.key.is_(None), LINKS.c.absences > 0),
)
_TIED = sa.select(LINKS.c.record, LINKS.c.key, LINKS.c.tie, LINKS.c.absences).where(
    *_OF_TABLE, LINKS.c.key.is_not(None)
)
_RECORD = sa.select(LINKS.c.record).where(*_OF_TABLE, LINKS.c.key == sa.bindparam("asked"))


class References:
    """The handles of the rows that others point to, each asked once."""

    def __init__(self, tx: Reading, remote: str, refers_by: RefersBy) -> None:
        self._tx = tx
        self._remote = remote
        self._by = refers_by
        self._handles: dict[tuple[str, str], str | None] = {}
        self._records: dict[tuple[str, str], str | None] = {}
        self._titles: dict[str, dict[str, str]] = {}
        self._settings: dict[str, tuple[dict[str, str], dict[str, str | None]]] = {}

    def handle(self, table: str, record: str) -> str | None:
        """What points to that record there; ``None`` when it has no row there (yet)."""
        known = (table, record)
        if known not in self._handles:
            self._handles[known] = (
                self._key(table, record) if self._by is RefersBy.KEY else self._title(table, record)
            )
        return self._handles[known]

    def awaits(self, table: str, record: str) -> bool:
        """Whether a row of that record is to come there, or to come back."""
        asked = {"of_remote": self._remote, "of_table": table, "asked": record}
        return self._tx.row(_AWAITED, asked) is not None

    def record(self, column: Column, handle: str) -> str:
        """The id of the record that a cell points to. Raises ``Unreadable``."""
        table = column.ref or ""
        found = self._of_key(table, handle) if self._by is RefersBy.KEY else self._of_title(table, handle)
        if found is None:
            shown = "cette ligne" if self._by is RefersBy.KEY else f"« {handle} »"
            raise Unreadable(f"« {column.label} » : {shown} n'est pas dans « {TABLES[table].label} ».")
        return found

    def _key(self, table: str, record: str) -> str | None:
        if table in SETTINGS:
            return self._tied(table)[0].get(record)
        row = self._tx.row(_KEY, {"of_remote": self._remote, "of_table": table, "asked": record})
        return row["key"] if row else None

    def _of_key(self, table: str, key: str) -> str | None:
        if table in SETTINGS:
            return self._tied(table)[1].get(key)
        known = (table, key)
        if known not in self._records:
            row = self._tx.row(_RECORD, {"of_remote": self._remote, "of_table": table, "asked": key})
            self._records[known] = row["record"] if row else None
        return self._records[known]

    def _tied(self, table: str) -> tuple[dict[str, str], dict[str, str | None]]:
        """Of a table of settings, the key of each record that has a row there, the record of each key."""
        if table not in self._settings:
            rows = self._tx.rows(_TIED, {"of_remote": self._remote, "of_table": table})
            self._settings[table] = (
                {
                    row["record"]: row["key"]
                    for row in rows
                    if row["tie"] == Tie.LINKED.value and not row["absences"]
                },
                {row["key"]: row["record"] for row in rows},
            )
        return self._settings[table]

    def _title(self, table: str, record: str) -> str | None:
        if table in SETTINGS:
            return self._all(table).get(record)
        row = self._tx.get(table, record)
        if row is None:
            return None
        name = str(row[TITLES[table]] or "")
        return name if TABLES[table].field(TITLES[table]).unique else _told_apart(name, record)

    def _of_title(self, table: str, title: str) -> str | None:
        wanted = title.strip()
        if table in SETTINGS:
            return next((id for id, name in self._all(table).items() if name == wanted), None)
        field = TABLES[table].field(TITLES[table])
        if field.unique:
            row = self._tx.first(table, **{field.name: wanted})
            return None if row is None else str(row["id"])
        ids = SQL[table].c.id
        ends = self._tx.connection.scalars(sa.select(ids).where(ids.endswith(wanted[-TAIL:]))).all()
        return next((id for id in ends if self._title(table, id) == wanted), None)

    def _all(self, table: str) -> dict[str, str]:
        """Every name of a table of settings, by id; two of the same name are told apart."""
        if table not in self._titles:
            rows = {row["id"]: str(written(row[TITLES[table]]) or "") for row in self._tx.find(table)}
            times = Counter(rows.values())
            self._titles[table] = {
                id: name if times[name] == 1 else _told_apart(name, id) for id, name in rows.items()
            }
        return self._titles[table]


def view(tx: Reading, shape: Shape, row: Any, names: dict[str, str]) -> dict[str, Any]:
    """A record as the remote is to tell it: by column, our value as JSON keeps it.

    A reference stays our id; one to a table that stays in the house (an account) is its name, looked up once
    in ``names``.
    """
    shown = {}
    for name, kept_in_the_house in _viewed(shape):
        value = row[name]
        if kept_in_the_house and value:
            if value not in names:
                pointed = tx.get(kept_in_the_house, value)
                names[value] = str(pointed["name"]) if pointed else ""
            value = names[value]
        shown[name] = value.value if isinstance(value, StrEnum) else written(value)
    return shown


@cache
def _viewed(shape: Shape) -> tuple[tuple[str, str], ...]:
    """Each column, and the table in the house that it points to."""
    fields = {field.name: field for field in TABLES[shape.table].fields}
    return tuple(
        (column.name, (fields[column.name].ref or "") if not column.ref else "") for column in shape.columns
    )


def _told_apart(name: str, record: str) -> str:
    return f"{name} · {record[-TAIL:]}".strip()
