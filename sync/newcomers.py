"""Rows typed there (by the director, a form, a copy): judged once stable, proposed or taken at once."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from policy.reasons import Refused
from sync import ids, links, orders
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.links import Link
from sync.reading import Reader
from sync.remote import ID, NOTE, Shape, Unreadable
from sync.schema import HISTORY
from sync.store import Writing
from sync.tables import TABLES
from sync.values import read_back
from sync.welcome import UNREAD

NEVER_CHANGED = 1  # the version of a row that nobody edited since it was made
TIES = (Tie.BORN, Tie.PROPOSED)
COPY = "copie de "  # what begins the words of a row that bears another's ID
PROPOSED = "files"  # a demand typed there only goes to the inbox: nothing is made of it, nothing locked


def judge(tx: Writing, crossing: Crossing, link: Link, reader: Reader | None = None) -> bool:
    """Judge a row that is no record of ours yet; whether it waits for a second look.

    ``reader``: of this transaction, when several are judged in it.
    """
    shape, reader = crossing.shape(link.table), reader or Reader(tx, crossing)
    if crossing.rebuilding and _is_lost_record(tx, link):
        return _rebuild(tx, crossing, shape, link, reader)
    if crossing.number <= link.first_look:
        return True
    values, unreadable = _values(reader, shape, link)
    wrong = [why for name, why in unreadable.items() if shape.column(name).typed_there]
    typed = {column.name: values[column.name] for column in shape.columns
             if column.typed_there and values.get(column.name) is not None}  # fmt: skip
    same = typed == _typed_before(link, shape) and link.told == _told(link, wrong)
    if link.tie is Tie.PROPOSED and same:
        links.save(tx, link)
        return False
    _propose(tx, crossing, shape, link, typed, wrong)
    links.save(tx, link)
    return False


def _propose(
    tx: Writing, crossing: Crossing, shape: Shape, link: Link, typed: dict[str, Any], wrong: list[str]
) -> None:
    if wrong and link.table != PROPOSED:
        _decline(tx, crossing, link, " ".join(wrong))
        return
    try:
        with tx.connection.begin_nested():
            record = crossing.inbound.born(tx, link.table, _as_kept(shape, typed))
    except Refused as refusal:
        _decline(tx, crossing, link, str(refusal).replace("\n", " "))
        return
    crossing.tally.rejected += len(wrong)
    link.told = _told(link, wrong)
    was_proposed = link.tie is Tie.PROPOSED
    link.agreed, link.raw = typed, {name: link.there.get(name) for name in typed}
    link.record, link.since, link.open = record, crossing.clock(), True
    link.tie = Tie.LINKED if record else Tie.PROPOSED
    if record:
        link.told = None
    crossing.tally.created_here += not was_proposed


def _rebuild(tx: Writing, crossing: Crossing, shape: Shape, link: Link, reader: Reader) -> bool:
    """The store lost the record whose ID this row bears: all that lives there comes back.

    Whether it waits: for the rows it points to, at the first look.
    """
    values, unreadable = _values(reader, shape, link)
    if unreadable and crossing.patient:
        return True
    ours = _namesake(tx, crossing, shape, link, values)
    if ours is not None:
        _tie(tx, crossing, shape, link, reader, ours, values, unreadable)
        return False
    record = str(link.there[ID])
    held = {name: value for name, value in values.items() if value is not None}
    try:
        with tx.connection.begin_nested():
            crossing.inbound.rebuilt(tx, link.table, record, _as_kept(shape, held))
    except Refused as refusal:
        _decline(tx, crossing, link, str(refusal).replace("\n", " "))
    else:
        link.record, link.tie, link.since, link.open = record, Tie.LINKED, crossing.clock(), True
        link.agreed, link.raw = held, {name: link.there.get(name) for name in held}
        crossing.tally.created_here += 1
    links.save(tx, link)
    return False


def _namesake(
    tx: Writing, crossing: Crossing, shape: Shape, link: Link, values: dict[str, Any]
) -> str | None:
    """Our row that is called as this one, and that has no row there: the town was put in place again."""
    found = crossing.inbound.namesakes(tx, link.table, _as_kept(shape, values))
    tied = links.of_records(tx, crossing.name, link.table, found)
    return next((record for record in found if record not in tied or tied[record].key is None), None)


def _tie(
    tx: Writing,
    crossing: Crossing,
    shape: Shape,
    link: Link,
    reader: Reader,
    ours: str,
    values: dict[str, Any],
    unreadable: Collection[str],
) -> None:
    """The row is that of ours from now on; what it says is given back to it, what it leaves empty too.

    One of ours that somebody has changed since keeps what is empty there. What the counter refuses is judged
    by the exchange, as ever.
    """
    without = links.of_record(tx, crossing.name, link.table, ours)
    if without is not None:
        links.remove(tx, without.id)
    before = tx.get(link.table, ours) or {}
    asked = {column.name for column in reader.columns(shape)} - {ID, NOTE, *unreadable}
    given = {column.name: values.get(column.name) for column in shape.columns if column.name in asked}
    told = {name: value for name, value in given.items() if value is not None}
    link.record, link.tie, link.since, link.open, link.told = ours, Tie.LINKED, crossing.clock(), True, None
    link.agreed, link.raw = {ID: link.there[ID]}, {ID: link.there[ID]}
    untouched = before.get("version") == NEVER_CHANGED
    if _given(tx, crossing, shape, link, ours, given if untouched else told):
        link.agreed |= told
        link.raw |= {name: link.there.get(name) for name in told}
        crossing.tally.pulled += (tx.get(link.table, ours) or {}).get("version") != before.get("version")
    links.save(tx, link)


def _given(
    tx: Writing, crossing: Crossing, shape: Shape, link: Link, ours: str, given: dict[str, Any]
) -> bool:
    try:
        with tx.connection.begin_nested():
            crossing.inbound.change(tx, link.table, ours, _as_kept(shape, given))
    except Refused:
        return False
    return True


def _typed_before(link: Link, shape: Shape) -> dict[str, Any]:
    names = {column.name for column in shape.columns}
    return {name: value for name, value in link.agreed.items() if name in names}


def _is_lost_record(tx: Writing, link: Link) -> bool:
    """Whether the row bears the ID of a record of which nothing is left here, not even a deletion."""
    id = str(link.there.get(ID) or "")
    if link.record is not None or not ids.is_id(id) or id == link.id or tx.get(link.table, id) is not None:
        return False
    told = sa.select(HISTORY.c.seq).where(HISTORY.c.table_name == link.table, HISTORY.c.record == id)
    return tx.scalar(told.limit(1)) is None


def _values(reader: Reader, shape: Shape, link: Link) -> tuple[dict[str, Any], dict[str, str]]:
    """What the row says, as JSON keeps it, and by column what does not read."""
    values: dict[str, Any] = {}
    unreadable: dict[str, str] = {}
    for column in shape.columns:
        raw = link.there.get(column.name)
        if raw is None:
            continue
        try:
            values[column.name] = reader.decode(column, raw)
        except Unreadable as why:
            unreadable[column.name] = str(why)
    return values, unreadable


def _as_kept(shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
    definition = TABLES[shape.table]
    return {name: read_back(definition.field(name), value) for name, value in values.items()}


def _told(link: Link, wrong: list[str]) -> str | None:
    """What is said of a row besides: whose copy it is, what of it does not read."""
    before = (link.told or "").partition(UNREAD)[0].rstrip(" .")
    copy = before if before.startswith(COPY) else ""  # why it was declined is said no more
    said = [each for each in (copy, UNREAD + " ".join(wrong) if wrong else "") if each]
    return ". ".join(said) or None


def _decline(tx: Writing, crossing: Crossing, link: Link, words: str) -> None:
    """Said in the row, and to who looks at Synchronisation: no inbox shows it."""
    at, shape = crossing.clock(), crossing.shape(link.table)
    link.tie, link.since, link.told, link.open = Tie.DECLINED, at, f"refusée : {words}", True
    crossing.tally.rejected += 1
    name = link.there.get(shape.title)
    called = f"la ligne « {name} »" if isinstance(name, str) and name.strip() else "une ligne sans nom"
    said = f"« {shape.label} » : {called}, tapée dans {crossing.remote.label}, n'est pas prise. {words}"
    orders.tell(tx, crossing.name, f"refus:{link.id}:{at.isoformat()}", said, at)
