"""Identity that may not be there any more is emptied there (sync invariant 8, R-83)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sync import gather, held, ledger, links, orders, outside, push, take
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.links import Link
from sync.push import Parcel
from sync.remote import Deed, Look, Shape, Write
from sync.store import Writing

AT_ONCE = 500  # rows whose cells are emptied before the next are looked for

Fields = Mapping[str, frozenset[str]]  # by table, the columns that may not go any more


def fields(shapes: Sequence[Shape]) -> Fields:
    """What would go out if citizens' identity might, and does not: by table, a whole one column by column."""
    out = {shape.table: {column.name for column in shape.columns} for shape in shapes}
    all_of_it = {shape.table: {column.name for column in shape.columns} for shape in outside.shapes(True)}
    kept = {table: frozenset(names - out.get(table, set())) for table, names in all_of_it.items()}
    return {table: names for table, names in kept.items() if names}


def begun(crossing: Crossing) -> Crossing:
    """The same exchange, to which those columns are still known."""
    return replace(crossing, shapes=outside.shapes(True))


def empty(crossing: Crossing, look: Look, kept: Fields) -> None:
    """Empty those cells there, and delete the rows of the tables that are identity alone.

    ``crossing`` is one that ``begun``, and ``look`` brought everything: what was typed there until now is
    taken first, and nothing of ours is pushed. Cut short, it goes on from what is still there. A table that
    is frozen is left for the day a person thaws it.
    """
    gather.note(crossing, look, whole=True)
    take.all_open(crossing)
    with crossing.store.reading() as tx:
        frozen = {name for name, row in ledger.tables(tx, crossing.name).items() if row["frozen_at"]}
    out = {shape.table for shape in crossing.shapes} & kept.keys()
    whole = {table for table in out if kept[table] == {each.name for each in crossing.shape(table).columns}}
    # what points to a row is emptied before the row goes
    for table in sorted(out - frozen, key=outside.CARRIED.index, reverse=True):
        for some in _rows(crossing, table):
            if table in whole:
                _delete(crossing, some)
            else:
                _blank(crossing, some, kept[table])
    if out & frozen:
        return
    at = crossing.clock()
    label = crossing.remote.label
    words = (
        "L’évaluation des facteurs n’est plus en vigueur (R-83) : ce qui identifie des citoyens a été effacé "
        f"dans {label}. L’historique des versions de {label} le garde : vérifiez-le, et les copies que des "
        "personnes en auraient faites."
    )
    with crossing.writing() as tx:
        orders.tell(tx, crossing.name, f"identité:{at.isoformat()}", words, at)
        ledger.change(tx, crossing.name, identity=False)


def _rows(crossing: Crossing, table: str) -> Iterator[list[Link]]:
    after: str | None = ""
    while after is not None:
        with crossing.store.reading() as tx:
            found = links.of_table(tx, crossing.name, table, after, AT_ONCE)
        yield [link for link in found if link.key and link.tie is not Tie.PURGED]
        after = found[-1].id if len(found) == AT_ONCE else None


def _delete(crossing: Crossing, some: Sequence[Link]) -> None:
    at = crossing.clock()
    with crossing.writing() as tx:
        for link in some:
            link.tie, link.since, link.open = Tie.LEAVING, at, True
        links.save_all(tx, some)
    writes = [Write(Deed.DELETE, link.table, link.shown_id, link.key or "", {}) for link in some]
    push.carry(
        crossing, [Parcel(link.id, write, {}, False) for link, write in zip(some, writes, strict=True)]
    )
    with crossing.writing() as tx:
        for link in [each for each in some if each.record is None]:  # typed there, and never ours
            links.remove(tx, link.id)


def _blank(crossing: Crossing, some: Sequence[Link], names: frozenset[str]) -> None:
    parcels = []
    for link in some:
        told = {name: None for name in sorted(names) if link.there.get(name) is not None}
        if told and link.tie is not Tie.LEAVING:
            write = Write(Deed.CHANGE, link.table, link.shown_id, link.key or "", told)
            parcels.append(Parcel(link.id, write, told, False))
    push.carry(crossing, parcels)
    with crossing.writing() as tx:
        for link in links.all_held_fast(tx, [link.id for link in some]).values():
            _forget(tx, crossing, link, names)


def _forget(tx: Writing, crossing: Crossing, link: Link, names: frozenset[str]) -> None:
    """Nothing is held any more of a cell that was emptied, and its column is none of ours for now."""
    for name in names:
        held.release(tx, crossing, link, name, "la colonne ne va plus dans la table")
        for kept in (link.agreed, link.raw, link.sent, link.over, link.there):
            kept.pop(name, None)
    links.save(tx, link)
