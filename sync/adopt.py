"""The rows of a table that the town had made become records of ours; nothing is sent to anybody.

Each row that fits is tied to its record as if both had always been; one that does not is left as it is there,
with the reason, and is tried again by the next adoption.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from policy.numbering import parse
from policy.reasons import Refused, refused
from sync import links, window
from sync.adopt_plan import Plan, shown
from sync.adopt_values import value_of
from sync.crossing import Crossing
from sync.fields import Kind
from sync.link_tables import LINKS, Tie
from sync.links import Link
from sync.outside import SETTINGS, TITLES
from sync.reading import Reader
from sync.remote import Column, Unreadable
from sync.store import Reading, Writing
from sync.tables import TABLES
from sync.values import read_back, written

# Citizens and answers come from nobody's table; rules and delays are ours by their very shape.
ADOPTABLE = ("files", "departments", "categories", "codes", "council", "closings", "designations")
LEFT = "n'est pas reprise : "
TOO_OLD = (
    "elle est fermée depuis plus longtemps que la table ne garde de dossiers (« Table du directeur : mois "
    "qu'y restent les dossiers fermés », dans les règles de la ville) : elle y reste, telle quelle."
)

Lists = Mapping[str, Mapping[str, Any]]  # by field: each word it takes, and its value


@dataclass(frozen=True)
class Made:
    """What the counter made of a row: the record; whether it was there already."""

    record: str
    known: bool = False


Accept = Callable[[Writing, Mapping[str, Any]], Made]  # the counter's; raises ``Refused``


@dataclass(frozen=True)
class Aside:
    """A row that is left as it is: what it is called, the column to blame if one is, why (French)."""

    link: str
    row: str
    header: str
    why: str


@dataclass(frozen=True)
class Report:
    """What became of the rows: read, made records, tied to records that were there, left aside and why."""

    read: int
    made: int
    known: int
    asides: tuple[Aside, ...]


def lists(tx: Reading, columns: Sequence[Column]) -> Lists:
    """The words that fields of a closed list take, and the names of the settings that others point to."""
    found: dict[str, Mapping[str, Any]] = {}
    for column in columns:
        if column.kind is Kind.CHOICE:
            found[column.name] = {word: word for word in column.choices}
        elif column.ref in SETTINGS:
            rows = tx.find(column.ref)
            found[column.name] = {str(row[TITLES[column.ref]]): row["id"] for row in rows}
    return found


def carry(crossing: Crossing, plan: Plan, accept: Accept, only: Collection[str] | None) -> Report:
    """Make records of the rows that a look just brought, each in its own transaction.

    ``only``: the links that the adoption before left aside; ``None``: every row, for nobody judged one yet.
    """
    with crossing.store.reading() as tx:
        waiting = [(link, *_read(tx, crossing, plan, link)) for link in _waiting(tx, crossing, plan, only)]
    waiting.sort(key=lambda each: _turn(each[1]))
    made: list[Made] = []
    asides: list[Aside] = []
    for link, values, wrong in waiting:
        outcome = wrong or _made(crossing, plan, link, values, accept)
        if isinstance(outcome, Made):
            made.append(outcome)
        else:
            asides += outcome
            _leave(crossing, link, outcome)
    known = sum(each.known for each in made)
    return Report(len(waiting), len(made) - known, known, tuple(asides))


def _turn(values: Mapping[str, Any]) -> tuple[bool, str]:
    """First the rows whose number is one of ours, lest it be given to another; then by arrival (R-1)."""
    return parse(str(values.get("number") or "")) is None, str(values.get("received_at") or "")


def _waiting(tx: Reading, crossing: Crossing, plan: Plan, only: Collection[str] | None) -> list[Link]:
    ties = (Tie.BORN,) if only is None else (Tie.BORN, Tie.PROPOSED, Tie.DECLINED)
    query = sa.select(LINKS).where(
        LINKS.c.remote == crossing.name,
        LINKS.c.table_name == plan.table,
        LINKS.c.record.is_(None),
        LINKS.c.tie.in_([tie.value for tie in ties]),
    )
    found = [links.of(row) for row in tx.rows(query.order_by(LINKS.c.id))]
    return [link for link in found if only is None or link.id in only]


def _read(tx: Reading, crossing: Crossing, plan: Plan, link: Link) -> tuple[dict[str, Any], list[Aside]]:
    """The values that a row gives our fields, typed; and what does not read."""
    reader, listed = Reader(tx, crossing), lists(tx, [match.column for match in plan.matches])
    values: dict[str, Any] = {}
    wrong: list[Aside] = []
    for match in plan.matches:
        name = match.column.name
        try:
            if match.shared:
                raw = link.there.get(name)
                value = None if raw is None else reader.decode(match.column, raw)
                values[name] = read_back(TABLES[plan.table].field(name), value)
                continue
            value = value_of(match, link.extras.get(match.header), crossing.remote.decode)
            if value is not None and name in listed:
                value = listed[name].get(value, value)
            values[name] = read_back(TABLES[plan.table].field(name), written(value))
        except Unreadable as why:
            wrong.append(Aside(link.id, _called(plan, link), match.header, str(why)))
    return values, wrong


def _made(
    crossing: Crossing, plan: Plan, link: Link, values: Mapping[str, Any], accept: Accept
) -> Made | list[Aside]:
    with crossing.store.writing() as tx:
        held = links.held_fast(tx, link.id)
        if held is None or held.record is not None:
            return []
        try:
            with tx.connection.begin_nested():
                made = accept(tx, values)
                _refuse_homeless(tx, crossing, plan, made)
        except Refused as refusal:
            headers = {match.column.name: match.header for match in plan.matches}
            return [
                Aside(link.id, _called(plan, link), headers.get(ground.field, ""), ground.message)
                for ground in refusal.grounds
            ]
        held.record, held.tie, held.since = made.record, Tie.LINKED, crossing.clock()
        held.told, held.open = None, True
        held.agreed, held.raw = {}, {}
        for match in plan.matches if not made.known else ():
            name = match.column.name
            if match.shared and values[name] is not None:
                held.agreed[name], held.raw[name] = written(values[name]), held.there.get(name)
        links.save(tx, held)
        return made


def _refuse_homeless(tx: Writing, crossing: Crossing, plan: Plan, made: Made) -> None:
    """A record that the table does not hold, or that has its row already, is tied to no other row."""
    if not window.inside(tx, plan.table, [made.record], crossing.limit):
        raise refused(TOO_OLD)
    if made.known and links.of_record(tx, crossing.name, plan.table, made.record) is not None:
        raise refused("une autre ligne de la table est déjà celle de cette fiche.")


def _leave(crossing: Crossing, link: Link, asides: Sequence[Aside]) -> None:
    with crossing.store.writing() as tx:
        held = links.held_fast(tx, link.id)
        if held is not None and held.record is None and asides:
            told = (f"« {each.header} » : {each.why}" if each.header else each.why for each in asides)
            held.tie, held.since, held.open = Tie.DECLINED, crossing.clock(), True
            held.told = LEFT + " ".join(told)
            links.save(tx, held)


def _called(plan: Plan, link: Link) -> str:
    """What a person calls the row: its number or name there, else the first thing it says."""
    title = TITLES[plan.table]
    headers = [match.header for match in plan.matches if match.column.name == title and not match.shared]
    raw = next((link.extras[header] for header in headers if header in link.extras), link.there.get(title))
    said = [raw, *link.extras.values(), *link.there.values()]
    return next((shown(each) for each in said if each not in (None, "")), "(vide)")
