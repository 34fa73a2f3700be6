"""Rows typed there (by the director, a form, a copy): judged once stable, proposed or taken at once."""

from typing import Any

from policy.reasons import Refused
from sync import ids, links
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.links import Link
from sync.reading import Reader
from sync.remote import Shape, Unreadable
from sync.store import Writing
from sync.tables import TABLES
from sync.values import read_back


def judge(tx: Writing, crossing: Crossing, link: Link) -> bool:
    """Judge a row that is no record of ours yet; whether it waits for a second look."""
    if crossing.number <= link.first_look:
        return True
    shape = crossing.shape(link.table)
    values, wrong = _values(tx, crossing, shape, link)
    if crossing.rebuilding and _is_lost_record(tx, link):
        _rebuild(tx, crossing, shape, link, values)
        return False
    typed = {column.name: values[column.name] for column in shape.columns
             if column.typed_there and values.get(column.name) is not None}  # fmt: skip
    if link.tie is Tie.PROPOSED and not wrong and typed == _typed_before(link, shape):
        links.save(tx, link)
        return False
    _propose(tx, crossing, shape, link, typed, wrong)
    links.save(tx, link)
    return False


def _propose(
    tx: Writing, crossing: Crossing, shape: Shape, link: Link, typed: dict[str, Any], wrong: list[str]
) -> None:
    if wrong:
        _decline(crossing, link, " ".join(wrong))
        return
    try:
        with tx.connection.begin_nested():
            record = crossing.inbound.born(tx, link.table, _as_kept(shape, typed))
    except Refused as refusal:
        _decline(crossing, link, str(refusal).replace("\n", " "))
        return
    was_proposed = link.tie is Tie.PROPOSED
    link.agreed, link.raw = typed, {name: link.there.get(name) for name in typed}
    link.record, link.since, link.open = record, crossing.clock(), True
    link.tie = Tie.LINKED if record else Tie.PROPOSED
    if record:
        link.told = None
    crossing.tally.created_here += not was_proposed


def _rebuild(tx: Writing, crossing: Crossing, shape: Shape, link: Link, values: dict[str, Any]) -> None:
    """The store lost the record whose ID this row bears: all that lives there comes back."""
    record = str(link.there["id"])
    held = {name: value for name, value in values.items() if value is not None}
    try:
        with tx.connection.begin_nested():
            crossing.inbound.rebuilt(tx, link.table, record, _as_kept(shape, held))
    except Refused as refusal:
        _decline(crossing, link, str(refusal).replace("\n", " "))
    else:
        link.record, link.tie, link.since, link.open = record, Tie.LINKED, crossing.clock(), True
        link.agreed, link.raw = held, {name: link.there.get(name) for name in held}
        crossing.tally.created_here += 1
    links.save(tx, link)


def _typed_before(link: Link, shape: Shape) -> dict[str, Any]:
    names = {column.name for column in shape.columns}
    return {name: value for name, value in link.agreed.items() if name in names}


def _is_lost_record(tx: Writing, link: Link) -> bool:
    id = str(link.there.get("id") or "")
    return link.record is None and ids.is_id(id) and id != link.id and tx.get(link.table, id) is None


def _values(tx: Writing, crossing: Crossing, shape: Shape, link: Link) -> tuple[dict[str, Any], list[str]]:
    """What the row says, as JSON keeps it, and what does not read."""
    reader, values, wrong = Reader(tx, crossing), {}, []
    for column in shape.columns:
        raw = link.there.get(column.name)
        if raw is None:
            continue
        try:
            values[column.name] = reader.decode(column, raw)
        except Unreadable as why:
            if column.typed_there:
                wrong.append(str(why))
    return values, wrong


def _as_kept(shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
    definition = TABLES[shape.table]
    return {name: read_back(definition.field(name), value) for name, value in values.items()}


def _decline(crossing: Crossing, link: Link, words: str) -> None:
    link.tie, link.since, link.told, link.open = Tie.DECLINED, crossing.clock(), f"refusée : {words}", True
    crossing.tally.rejected += 1
