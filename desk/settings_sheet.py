"""Tableaux: a table of settings as a grid, with what this person has begun to type in it laid beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from desk import drafts, french
from desk.drafts import Draft
from desk.inbound_settings import DEFAULTS
from desk.timeline import called
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from policy.spelling import bare
from policy.towntime import town_day
from sync.fields import Field, Kind, Table
from sync.history import entries
from sync.ids import new_ids
from sync.schema import SQL
from sync.store import Reading, Row
from sync.tables import TABLES
from sync.values import written

NEW = "reglage"  # the kind of record of a row not yet saved: « reglage:<table>:<its token> »
ADDED, REMOVED = "+", "-"  # the drafts that say that a row is new, or is to be taken away
FORESEEN = frozenset({"closings", "delays", "rules"})  # adopted once what would change was read
FAR = 1_000  # the rank of what has none


@dataclass(frozen=True)
class Column:
    """One column; ``choices`` gives the words of each value of a closed list or of a row pointed to."""

    name: str
    label: str
    kind: Kind
    choices: Mapping[str, str]
    required: bool
    longest: int


@dataclass(frozen=True)
class Line:
    """One row. ``values`` are plain (what JSON can hold); ``typed`` is what was begun over them."""

    id: str
    title: str
    version: int
    values: Mapping[str, Any]
    typed: Mapping[str, Draft]
    new: bool = False
    removed: int = 0  # the version that was to be taken away; 0 when it is not

    @property
    def is_begun(self) -> bool:
        """Whether something of it waits to be saved."""
        return self.new or bool(self.removed or self.typed)

    @property
    def shown(self) -> dict[str, Any]:
        """The row as it would be."""
        return {**self.values, **{name: draft.value for name, draft in self.typed.items()}}


@dataclass(frozen=True)
class Sheet:
    """A table as this person sees it; ``hidden`` rows are past days, left out."""

    table: str
    label: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    hidden: int = 0

    @property
    def begun(self) -> tuple[Line, ...]:
        """The rows that wait to be saved."""
        return tuple(line for line in self.lines if line.is_begun)


@dataclass(frozen=True)
class Told:
    """One change of a row: when (French), who and whence, what."""

    when: str
    who: str
    what: tuple[str, ...]


def tables(visit: Visit) -> Mapping[str, str]:
    """The tables of settings there are: name and label, in the order of their definition."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
    return {name: table.label for name, table in TABLES.items() if table.setting}


def sheet(visit: Visit, table: str, past: bool = False) -> Sheet:
    """The rows of a table of settings, in the order people look for them; ``past``: also days gone by.

    Raises ``Refused``.
    """
    with visit.reading() as counter:
        return read(counter, table, past)


def read(counter: Counter[Any], table: str, past: bool = False) -> Sheet:
    """The same within a transaction. A row begun is there whatever its day."""
    refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
    definition = setting(table)
    columns = tuple(_column(counter.tx, field) for field in definition.fields if is_column(field))
    begun = _begun(counter, table)
    lines = [
        _line(definition, columns, row, begun.get(row["id"], {}))
        for row in sorted(counter.tx.find(table), key=_order(definition, columns))
    ]
    since = "" if past else _since(definition, counter.today)
    kept = [line for line in lines if line.is_begun or str(line.values[definition.fields[0].name]) >= since]
    fresh = [
        _fresh(definition, columns, record, typed)
        for record, typed in begun.items()
        if record.startswith(f"{NEW}:")
    ]
    return Sheet(table, definition.label, columns, (*kept, *fresh), hidden=len(lines) - len(kept))


def begin(visit: Visit, table: str, values: Mapping[str, Any] | None = None) -> str:
    """A new row, begun with these plain values and not saved; its record."""
    return begin_all(visit, table, [values or {}])[0]


def begin_all(visit: Visit, table: str, rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The same for several rows, in that order."""
    setting(table)
    records = tuple(f"{NEW}:{table}:{token}" for token in new_ids(visit.at, len(rows)))
    typed = {record: {ADDED: True, **values} for record, values in zip(records, rows, strict=True)}
    drafts.keep_rows(visit, typed, {})
    return records


def today(visit: Visit) -> date:
    """The day in town, from which a new dated value holds unless another is chosen."""
    return town_day(visit.at)


def forget(visit: Visit, record: str, fields: tuple[str, ...] | None = None) -> None:
    """What was begun on a row is forgotten, or only some of its cells; a new row goes with all of it."""
    drafts.drop(visit, record, fields)


def history(visit: Visit, table: str, record: str) -> tuple[Told, ...]:
    """Who changed what of a row, newest first. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
        definition = setting(table)
        fields = {field.name: field for field in definition.fields if is_column(field)}
        found = []
        for entry in reversed(entries(counter.tx, table, record)):
            changed = tuple(
                f"{fields[name].label} : {_said(counter.tx, fields[name], before)} → "
                f"{_said(counter.tx, fields[name], after)}"
                for name, (before, after) in entry.changes.items()
                if name in fields
            )
            found.append(Told(french.moment(entry.at), f"{entry.name} ({entry.whence.value})", changed))
    return tuple(found)


def setting(table: str) -> Table:
    """The definition of a table of settings. Raises ``Refused`` for any other name: an address is typed."""
    definition = TABLES.get(table)
    if definition is None or not definition.setting:
        raise refused("Cette table n'est pas une table de réglages.")
    return definition


def is_column(field: Field) -> bool:
    """Whether a field is edited in a grid."""
    return field.kind not in (Kind.JSON, Kind.BYTES, Kind.MOMENT) and not field.sealed


def plain(value: Any) -> Any:
    """A value of the store as JSON can hold it, a member of a closed list by its word."""
    return value.value if isinstance(value, StrEnum) else written(value)


def words(column: Column, value: Any) -> str:
    """A plain value as people read it: a row pointed to by its name, a day as a day."""
    if column.kind is Kind.DATE and isinstance(value, str):
        try:
            return french.day(date.fromisoformat(value))
        except ValueError:
            return value
    if isinstance(value, str) and value in column.choices:
        return column.choices[value]
    return french.words(value)


def _column(tx: Reading, field: Field) -> Column:
    choices: dict[str, str] = {}
    if field.choices is not None:
        choices = {member.value: member.value for member in field.choices}
    elif field.ref:
        names = {row["id"]: called(tx, field.ref, row["id"]) for row in tx.find(field.ref)}
        choices = dict(sorted(names.items(), key=lambda each: bare(each[1])))
    return Column(field.name, field.label, field.kind, choices, field.required, field.longest)


def _begun(counter: Counter[Any], table: str) -> dict[str, dict[str, Draft]]:
    """What this person has begun in the table, by record; new rows in the order they were begun."""
    begun, rows = SQL["drafts"].c, SQL[table].c
    query = (
        select(SQL["drafts"])
        .where(begun.account == counter.person.id)
        .where(
            begun.record.startswith(f"{NEW}:{table}:", autoescape=True) | begun.record.in_(select(rows.id))
        )
    )
    found: dict[str, dict[str, Draft]] = {}
    for row in counter.tx.rows(query.order_by(begun.record, begun.field)):
        draft = Draft(row["value"], row["based_on"], row["typed_at"])
        found.setdefault(row["record"], {})[row["field"]] = draft
    return found


def _line(definition: Table, columns: tuple[Column, ...], row: Row, begun: Mapping[str, Draft]) -> Line:
    values = {column.name: plain(row[column.name]) for column in columns}
    typed = {name: draft for name, draft in begun.items() if name in values}
    title = _title(definition, columns, values)
    return Line(row["id"], title, row["version"], values, typed, removed=_marked(begun))


def _marked(begun: Mapping[str, Draft]) -> int:
    return int(begun[REMOVED].value) if REMOVED in begun else 0


def _fresh(definition: Table, columns: tuple[Column, ...], record: str, begun: Mapping[str, Draft]) -> Line:
    blank = dict.fromkeys((column.name for column in columns), None)
    values = {**blank, **{name: plain(value) for name, value in DEFAULTS.get(definition.name, {}).items()}}
    typed = {name: draft for name, draft in begun.items() if name in values}
    shown = {**values, **{name: draft.value for name, draft in typed.items()}}
    title = _title(definition, columns, shown)
    return Line(
        record, f"Nouvelle ligne ({title})" if title else "Nouvelle ligne", 0, values, typed, new=True
    )


def _title(definition: Table, columns: tuple[Column, ...], values: Mapping[str, Any]) -> str:
    """What people call a row: its first column, and what tells apart rows that share it."""
    first = columns[0].name
    apart = [name for name in ("season_start", "season_end", "valid_from") if name in values]
    told = [words(column, values[column.name]) for column in columns if column.name in (first, *apart)
            and values[column.name] not in (None, "")]  # fmt: skip
    if definition.name == "closings":
        told.append(str(values.get("label") or ""))
    return " · ".join(part for part in told if part)


def _order(definition: Table, columns: tuple[Column, ...]) -> Any:
    first = columns[0]

    def key(row: Row) -> tuple[int, str, str]:
        rank = row.get("rank")
        named = plain(row[first.name]) or ""
        shown = first.choices.get(named, named) if isinstance(named, str) else f"{named:020}"
        return (FAR if rank is None else rank, shown.casefold(), str(row.get("valid_from") or ""))

    return key


def _since(definition: Table, today: date) -> str:
    """Of a table of days, those of past years are left out."""
    return f"{today.year}-01-01" if definition.fields[0].kind is Kind.DATE else ""


def _said(tx: Reading, field: Field, value: Any) -> str:
    if field.ref and value:
        return called(tx, field.ref, value)
    if isinstance(value, date) and not isinstance(value, StrEnum):
        return french.day(value)
    return french.words(value)
