"""What a look brought, noted in the ledger: rows that moved, appeared, disappeared (invariants 5 and 6).

Nothing is judged here: a row that moved is opened for ``sync.take``. Noting the same look again is harmless;
its memory is kept last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from policy import numbering
from sync import held, ids, ledger, links, moved, rekeyed, vanished, window
from sync.crossing import Crossing
from sync.link_tables import LINKS, TOMBSTONES, Held, Tie
from sync.links import Link
from sync.reading import Reader
from sync.remote import ID, Cells, Look, Raw, Seen, Shape, TableLook, Unreadable
from sync.schema import SQL
from sync.store import Reading, Writing

AT_ONCE = 50  # rows noted in one transaction
REMEMBERED = 5  # raws that our own writes replaced, kept to know their echo

Known = Mapping[str, tuple[str, str, Tie, int]]  # key → link, mark, tie, absences


def note(crossing: Crossing, look: Look, *, whole: bool) -> None:
    """Keep what a look brought, table by table, then the remote's memory.

    A table that was never there is none that disappeared: ``setup`` is to make it, with the columns that came
    with it. Until then it is left out of the exchange.
    """
    with crossing.store.reading() as tx:
        known = ledger.tables(tx, crossing.name).keys()
    unready = [
        shape
        for shape in crossing.shapes
        if shape.table not in known and (found := look.tables.get(shape.table)) and found.trouble
    ]
    for shape in crossing.shapes:
        seen = look.tables.get(shape.table)
        if seen is not None and shape not in unready:
            _table(crossing, shape, seen, to_come=bool(unready))
    with crossing.writing() as tx:
        vanished.note_unready(tx, crossing, unready)
        placed = ledger.tables(tx, crossing.name).keys()
        crossing.shapes = tuple(shape for shape in crossing.shapes if shape.table in placed)
    with crossing.writing() as tx:
        at = crossing.clock()
        listed = {"listed_at": at} if whole else {}
        ledger.remember(
            tx, crossing.name, look.memory, looks=crossing.number, looked_at=at, woken_at=None, **listed
        )


def note_unknown(crossing: Crossing, shape: Shape, rows: Sequence[Seen]) -> list[Link]:
    """Keep, of a part of a listing, the rows that the ledger does not know; their links.

    A row that bears the ID of a record that has a link already is left for the whole look, which says whether
    it is a copy, or the same row under another handle.
    """
    with crossing.writing() as tx:
        known = links.of_keys(tx, crossing.name, shape.table, [row.key for row in rows])
        strangers = [row.id for row in rows if row.id]
        left = {
            *links.of_records(tx, crossing.name, shape.table, strangers),
            *_purged(tx, shape.table, strangers),
        }
        left |= links.all_held_fast(tx, [id for id in strangers if ids.is_id(id)]).keys()
        some = [row for row in rows if row.key not in known and row.id not in left and not row.before]
        return _rows(tx, crossing, shape, some, (), ()) if some else []


def jump_past_numbers(crossing: Crossing, look: Look) -> None:
    """After a restore: no number that the table shows is ever given again."""
    found = look.tables.get("files")
    numbers = (
        [numbering.parse(str(row.cells.get("number", ""))) for row in found.rows.values()] if found else []
    )
    with crossing.writing() as tx:
        for number in numbers:
            if number is not None:
                tx.jump_past(number.series.value, number.year, number.n)


def moved_rows(shape: Shape, look: TableLook, known: Known) -> list[Seen]:
    """The rows that are not as the ledger last saw them, or that it did not see, or had lost."""
    names = links.columns_of(shape)
    return [
        row
        for key, row in look.rows.items()
        if (was := known.get(key)) is None
        or was[1] != links.mark_of(names, row)
        or was[2] is Tie.WITHDRAWN
        or was[3]
        or row.before
    ]


def cells_of(row: Seen) -> dict[str, object]:
    """Our columns of a row, its ID cell among them."""
    return {**row.cells, ID: row.id} if row.id else dict(row.cells)


def _table(crossing: Crossing, shape: Shape, look: TableLook, *, to_come: bool) -> None:
    """``to_come``: ``setup`` has tables to make, and columns with them."""
    with crossing.store.reading() as tx:
        was = ledger.tables(tx, crossing.name).get(shape.table)
        handles = rekeyed.moved(tx, crossing.name, shape.table, look.rows) if look.whole else {}
        known = _known(tx, crossing, shape.table, None if look.whole else [*look.rows, *look.gone])
    if look.trouble:
        if was is None or was["frozen_at"] is None:
            with crossing.writing() as tx:
                vanished.freeze(tx, crossing, shape.table, look.trouble)
        return
    paused = ledger.paused(was) if was else {}
    if was is None or paused != look.paused:
        vanished.forget_columns(crossing, shape, paused.keys() - look.paused.keys(), look.rows)
        with crossing.writing() as tx:
            vanished.note_paused(tx, crossing, shape, look.paused, to_come=to_come)
            if was is None:  # what it was to be told before it was there
                moved.note(tx, shape.table, window.everything(tx, shape.table, crossing.limit))
    if handles:
        with crossing.writing() as tx:
            rekeyed.follow(tx, handles)
            known = _known(tx, crossing, shape.table, None)
    changed = moved_rows(shape, look, known)
    absent = [
        key
        for key, (_, mark, _, _) in known.items()
        if mark and (key not in look.rows if look.whole else key in look.gone)
    ]  # a row never read is one whose creation was not answered
    lost = frozenset(absent)
    for start in range(0, len(changed), AT_ONCE):
        with crossing.writing() as tx:
            _rows(tx, crossing, shape, changed[start : start + AT_ONCE], lost, look.rows.keys())
    if absent:
        vanished.note(crossing, shape, absent)
    if look.whole:
        vanished.note_never_seen(crossing, shape.table)


def _known(tx: Reading, crossing: Crossing, table: str, keys: Sequence[str] | None) -> Known:
    columns = LINKS.c
    query = sa.select(columns.key, columns.id, columns.mark, columns.tie, columns.absences).where(
        columns.remote == crossing.name, columns.table_name == table, columns.key.is_not(None)
    )
    found: dict[str, tuple[str, str, Tie, int]] = {}
    for start in range(0, len(keys), links.AT_ONCE) if keys is not None else (0,):
        asked = query if keys is None else query.where(columns.key.in_(keys[start : start + links.AT_ONCE]))
        for key, link, mark, tie, absences in tx.connection.execute(asked):
            found[key] = (link, mark, Tie(tie), absences)
    return found


def _rows(
    tx: Writing,
    crossing: Crossing,
    shape: Shape,
    rows: Sequence[Seen],
    lost: Collection[str],
    present: Collection[str],
) -> list[Link]:
    """The links of those that the ledger did not know."""
    by_key = links.of_keys(tx, crossing.name, shape.table, [row.key for row in rows])
    strangers = [row.id for row in rows if row.key not in by_key and row.id]
    by_record = links.of_records(tx, crossing.name, shape.table, strangers)
    purged = _purged(tx, shape.table, strangers)
    here = _ours(tx, shape.table, [id for id in strangers if ids.is_id(id)])
    by_id = links.all_held_fast(tx, [id for id in strangers if ids.is_id(id) and id not in by_record])
    fresh, changed = [], {}
    for row in rows:
        link = by_key.get(row.key)
        if link is None:
            link = _of_id(crossing, row, by_record, by_id, lost, present)
        if link is None:
            link = _newcomer(tx, crossing, shape, row, by_record, purged, here)
            fresh.append(link)
            _lay(crossing, shape, link, row)
            if link.record:
                by_record[link.record] = link
            continue
        _note_overwritten(tx, link, row, crossing)
        _lay(crossing, shape, link, row)
        changed[link.id] = link
    links.save_all(tx, changed.values())
    links.add(tx, fresh)
    return fresh


def _of_id(
    crossing: Crossing,
    row: Seen,
    by_record: Mapping[str, Link],
    by_id: Mapping[str, Link],
    lost: Collection[str],
    present: Collection[str],
) -> Link | None:
    """The link whose row came back under another handle: restored, cut and pasted, created unanswered.

    ``lost`` are the handles this look says gone, ``present`` those it brings.
    """
    link = by_record.get(row.id) or by_id.get(row.id)
    if link is None or link.remote != crossing.name:
        return None
    was_gone = link.key is None or link.key in lost or link.tie is Tie.WITHDRAWN or link.absences > 0
    if link.key in present or not was_gone:
        return None  # its row is still there, or back: this one is a copy
    link.key = row.key
    return link


def _newcomer(
    tx: Writing,
    crossing: Crossing,
    shape: Shape,
    row: Seen,
    by_record: Mapping[str, Link],
    purged: Iterable[str],
    here: Iterable[str],
) -> Link:
    at = crossing.clock()
    if row.id in purged:
        return links.born(crossing.name, shape.table, at, key=row.key, tie=Tie.PURGED)
    if row.id in here and row.id not in by_record:  # ours, that the ledger did not know there
        return links.born(crossing.name, shape.table, at, key=row.key, record=row.id, tie=Tie.LINKED)
    link = links.born(crossing.name, shape.table, at, key=row.key, tie=Tie.BORN)
    if row.id in by_record or (ids.is_id(row.id) and tx.get(shape.table, row.id)):
        name = row.cells.get(shape.title) or row.id
        link.told = f"copie de {name}"
    return link


def _lay(crossing: Crossing, shape: Shape, link: Link, row: Seen) -> None:
    """The row as it is now, to be judged."""
    if link.tie is Tie.WITHDRAWN:
        link.tie, link.since, link.told = Tie.LINKED, crossing.clock(), None
    cells = cells_of(row)
    if _typed(shape, cells) != _typed(shape, link.there):  # somebody goes on typing: it is judged again
        link.tie = {Tie.DECLINED: Tie.BORN, Tie.LEAVING: Tie.LINKED}.get(link.tie, link.tie)
    if link.tie is Tie.OUT:  # a row that we deleted came back: what it says is judged before it leaves again
        link.tie = Tie.LINKED
    link.there, link.extras = cells, dict(row.extras)
    link.mark = links.mark_of(links.columns_of(shape), row)
    link.first_look, link.absences, link.open = crossing.number, 0, True


def _typed(shape: Shape, cells: Cells) -> list[object]:
    return [cells.get(column.name) for column in shape.columns]


def _note_overwritten(tx: Writing, link: Link, row: Seen, crossing: Crossing) -> None:
    """Invariant 1: what a cell held just before our own write, and that we had not seen, is a dispute."""
    for name, before in row.before.items():
        ours = row.cells.get(name) == link.raw.get(name)
        known = [link.raw.get(name), *link.over.get(name, []), *(raw for _, raw in link.sent.get(name, []))]
        if ours and name in link.agreed and before is not None and before not in known:
            held.hold(
                tx, crossing, link, name, Held.DISPUTED, link.agreed[name], before,
                "tapé dans la table au moment même où le guichet y écrivait",
                theirs=_read(tx, crossing, link, name, before),
            )  # fmt: skip
            crossing.tally.disputed += 1


def _read(tx: Writing, crossing: Crossing, link: Link, name: str, raw: Raw) -> Any:
    column = next((each for each in crossing.shape(link.table).columns if each.name == name), None)
    try:
        return Reader(tx, crossing).decode(column, raw) if column else None
    except Unreadable:
        return None


def _ours(tx: Reading, table: str, records: Sequence[str]) -> set[str]:
    """Those that the store has, in the window or not: their row is judged before it leaves the table."""
    rows = SQL[table].c
    return set(tx.connection.scalars(sa.select(rows.id).where(rows.id.in_(records)))) if records else set()


def _purged(tx: Writing, table: str, records: Sequence[str]) -> set[str]:
    query = sa.select(TOMBSTONES.c.record).where(
        TOMBSTONES.c.table_name == table, TOMBSTONES.c.record.in_(records)
    )
    return set(tx.connection.scalars(query)) if records else set()
