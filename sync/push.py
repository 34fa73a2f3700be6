"""What moved here goes there, in the service's own batches; what is sent is first written down."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sync import gather, ledger, links, orders, vanished
from sync.compare import ID_COLUMN, NOTE_COLUMN, compare
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.links import Link
from sync.outside import CARRIED
from sync.reading import UNKNOWN, Reader
from sync.remote import (
    ID,
    NOTE,
    Batch,
    Cells,
    Deed,
    Failure,
    Memory,
    RefersBy,
    RemoteError,
    Seen,
    Shape,
    Write,
    misplaced,
    reread,
)
from sync.store import Reading, Writing
from sync.tables import TABLES

AT_ONCE = 1_000  # links of which the writes are prepared together
KEPT_AT_ONCE = 50  # links saved in one transaction: whoever saves at a screen waits for no more
TRIES = 3  # of one link in one exchange
SENT = 4  # unconfirmed values kept of one cell
OPEN = (Tie.LINKED, Tie.PROPOSED, Tie.DECLINED, Tie.LEAVING, Tie.PURGED)


Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Parcel:
    """One row on its way: what it writes, and the values of ours that its cells say."""

    link: str
    write: Write
    values: Mapping[str, Any]
    points_nowhere: bool  # it points to a row that is not there yet


def all_open(crossing: Crossing) -> None:
    """Carry everything that is to go. Raises ``RemoteError``: what was not answered stays written as sent.

    Where rows point to others by the service's own handles, one table after the other.
    """
    with crossing.store.reading() as tx:
        frozen = {name for name, row in ledger.tables(tx, crossing.name).items() if row["frozen_at"]}
        tables = links.open_tables(tx, crossing.name) - frozen
    names = [shape.table for shape in crossing.shapes if shape.table in tables]
    by_title = crossing.remote.refers_by is RefersBy.TITLE
    for group in [names] if by_title else [[name] for name in names]:
        _tables(crossing, group)


def _tables(crossing: Crossing, tables: Sequence[str]) -> None:
    tries: dict[str, int] = {}
    patient = True  # first what points to rows that are there
    while tables:
        parcels, later = _parcels(crossing, tables, tries, patient)
        if not parcels:
            if not (later and patient):
                return
            patient = False
            continue
        patient = True
        tries |= dict.fromkeys(carry(crossing, parcels), TRIES)


def confirm_purged(crossing: Crossing) -> None:
    """Invariant 8: one more read for each row deleted by a purge order."""
    with crossing.store.reading() as tx:
        deleted = [link for link in links.of_tie(tx, crossing.name, Tie.PURGED) if link.key and not link.open]
        memory = _memory(tx, crossing)
    for shape in crossing.shapes:
        known = {link.key or "": link.id for link in deleted if link.table == shape.table}
        if not known:
            continue
        found = crossing.remote.read(crossing.line, shape, memory, list(known))
        with crossing.writing() as tx:
            for key, id in known.items():
                link = links.held_fast(tx, id)
                if link is None:
                    continue
                if key in found:
                    link.open, link.absences = True, 0
                    links.save(tx, link)
                else:
                    vanished.gone(tx, crossing, link)


def _parcels(
    crossing: Crossing, tables: Sequence[str], tries: dict[str, int], patient: bool
) -> tuple[list[Parcel], bool]:
    """The next writes, in the order of the tables; whether others wait for rows they point to."""
    parcels: list[Parcel] = []
    later, after = False, ""
    today = ledger.day_in_town(crossing.clock()).isoformat()
    with crossing.store.reading() as tx:
        reader = Reader(tx, crossing)
        while len(parcels) < AT_ONCE:
            found = links.open_ones(tx, crossing.name, tables, after, AT_ONCE, OPEN)
            reader.expect(found)
            for link in found:
                if tries.get(link.id, 0) >= TRIES:
                    continue
                parcel = _parcel(tx, crossing, reader, link, today)
                if parcel is None:
                    continue
                if parcel.points_nowhere and patient:
                    later = True
                    continue
                tries[link.id] = tries.get(link.id, 0) + 1
                parcels.append(parcel)
            if len(found) < AT_ONCE:
                break
            after = found[-1].id
    order = {table: rank for rank, table in enumerate(CARRIED)}
    parcels.sort(key=lambda parcel: (order[parcel.write.table], parcel.write.record))
    return parcels, later


def _parcel(tx: Reading, crossing: Crossing, reader: Reader, link: Link, today: str) -> Parcel | None:
    if link.tie in (Tie.LEAVING, Tie.PURGED):
        if link.key is None:
            return None
        write = Write(Deed.DELETE, link.table, link.shown_id, link.key, {})
        return Parcel(link.id, write, {}, points_nowhere=False)
    shape = crossing.shape(link.table)
    if link.tie is Tie.LINKED:
        row = tx.get(link.table, link.record)
        if row is None:
            return None
        here, compared = reader.view(shape, link, row), reader.columns(shape)
    else:
        here = {ID: link.shown_id, NOTE: reader.note(shape, link)}
        compared = (ID_COLUMN, NOTE_COLUMN)
    if _is_new(link):
        names = [column.name for column in compared if here[column.name] is not None]
    else:
        stale, lost = reader.stale(shape, link, here), reader.lost(link)
        verdict = compare(compared, link, link.there, here, reader.decode, reader.encode, stale, lost, today)
        names = [name for name in verdict.pushed if not _is_nothing(reader, shape, link, here, name)]
    if not names:
        return None
    cells = {column.name: reader.encode(column, here[column.name]) for column in compared
             if column.name in names}  # fmt: skip
    nowhere = any(cell is UNKNOWN for cell in cells.values())
    cells = {name: None if cell is UNKNOWN else cell for name, cell in cells.items()}
    deed = Deed.CREATE if _is_new(link) else Deed.CHANGE
    write = Write(deed, link.table, link.shown_id, link.key or "", cells)
    told = [column.name for column in compared] if deed is Deed.CREATE else names
    return Parcel(link.id, write, {name: here[name] for name in told}, nowhere)


def _is_nothing(reader: Reader, shape: Shape, link: Link, here: Mapping[str, Any], name: str) -> bool:
    """Whether an empty cell would be written empty: what ours leads to has no row there yet."""
    column = next((each for each in shape.columns if each.name == name), None)
    return (
        column is not None
        and column.ref is not None
        and link.there.get(name) is None
        and reader.encode(column, here[name]) is UNKNOWN
    )


def _is_new(link: Link) -> bool:
    """Whether its row was never seen there: not created yet, or without an answer under a handle of ours."""
    return link.key is None or not link.mark


def carry(crossing: Crossing, parcels: Sequence[Parcel]) -> list[str]:
    """Carry these writes, each looked at again as it leaves; the links refused. Raises ``RemoteError``."""
    refused: list[str] = []
    if not parcels:
        return refused
    with crossing.writing() as tx:
        memory = reread(_memory(tx, crossing))
        ledger.remember(tx, crossing.name, memory)
    of = {(parcel.write.table, parcel.write.record): parcel for parcel in parcels}
    writes = [parcel.write for parcel in parcels]
    for prepared in crossing.remote.batches(crossing.line, memory, writes):
        batch = _sending(crossing, of, prepared)
        if not batch:
            continue
        try:
            answer = crossing.remote.send(crossing.line, crossing.shapes, memory, batch)
        except RemoteError as error:
            if not error.applied:
                _not_sent(crossing, of, batch)
            raise
        _answered(crossing, of, batch, answer.rows)
        refused += [
            of[write.table, write.record].link
            for write, row in zip(batch, answer.rows, strict=True)
            if isinstance(row, Failure) and not row.missing
        ]
    return refused


def _sending(crossing: Crossing, of: Mapping[tuple[str, str], Parcel], prepared: Batch) -> Batch:
    """Write down exactly what is about to leave; what was purged or settled meanwhile stays here."""
    leaving: list[Write] = []
    for some in _by(KEPT_AT_ONCE, prepared):
        with crossing.writing() as tx:
            held, kept = _held(tx, of, some), []
            for write in some:
                parcel = of[write.table, write.record]
                link = held.get(parcel.link)
                if link is None or not _still(link, write):
                    continue
                for name, cell in write.cells.items():
                    link.sent[name] = [*link.sent.get(name, []), [parcel.values[name], cell]][-SENT:]
                if write.deed is Deed.CREATE and write.key:
                    link.key = write.key
                kept.append(link)
                leaving.append(write)
            links.save_all(tx, kept)
    return tuple(leaving)


def _held(tx: Writing, of: Mapping[tuple[str, str], Parcel], some: Sequence[Write]) -> dict[str, Link]:
    return links.all_held_fast(tx, [of[write.table, write.record].link for write in some])


def _still(link: Link, write: Write) -> bool:
    if write.deed is Deed.DELETE:
        return link.tie in (Tie.LEAVING, Tie.PURGED)
    return link.tie not in (Tie.LEAVING, Tie.PURGED, Tie.WITHDRAWN) and link.shown_id == write.record


def _not_sent(crossing: Crossing, of: Mapping[tuple[str, str], Parcel], batch: Batch) -> None:
    """The remote surely did nothing: nothing was sent."""
    with crossing.writing() as tx:
        for write in batch:
            parcel = of[write.table, write.record]
            link = links.held_fast(tx, parcel.link)
            if link is None:
                continue
            for name in write.cells:
                link.sent[name] = link.sent.get(name, [])[:-1]
                if not link.sent[name]:
                    del link.sent[name]
            if write.deed is Deed.CREATE:
                link.key = None
            links.save(tx, link)


def _answered(
    crossing: Crossing,
    of: Mapping[tuple[str, str], Parcel],
    batch: Batch,
    rows: Sequence[Seen | Failure | None],
) -> None:
    lost: dict[str, list[str]] = {}
    astray = False
    for some in _by(KEPT_AT_ONCE, list(zip(batch, rows, strict=True))):
        with crossing.writing() as tx:
            held = _held(tx, of, [write for write, _ in some])
            owners = _owners(tx, crossing, [(write, row) for write, row in some if isinstance(row, Seen)])
            strange = any(  # one row of an answer that is another's, and none of it is believed
                isinstance(row, Seen) and link is not None and not _is_of(write, link, row, owners)
                for write, row in some
                for link in [held.get(of[write.table, write.record].link)]
                if write.deed is not Deed.DELETE
            )
            for write, row in some:
                parcel = of[write.table, write.record]
                link = held.get(parcel.link)
                if link is None:
                    continue
                if isinstance(row, Failure) and not row.missing:
                    _refused(tx, crossing, link, row)
                elif write.deed is Deed.DELETE:
                    _deleted(tx, crossing, link)
                elif isinstance(row, Seen) and strange:
                    astray = True  # it stays written as sent: the next look says what became of it
                elif isinstance(row, Seen):
                    _written(tx, crossing, link, parcel, row)
                    crossing.tally.created_there += write.deed is Deed.CREATE
                    crossing.tally.pushed += write.deed is Deed.CHANGE
                else:
                    lost.setdefault(write.table, []).append(write.key)
    for table, keys in lost.items():
        vanished.note(crossing, crossing.shape(table), keys)
    if astray:
        raise misplaced(crossing.remote.label)


def _owners(
    tx: Writing, crossing: Crossing, rows: Sequence[tuple[Write, Seen]]
) -> dict[tuple[str, str], str]:
    """The links that these handles are known to be of, by table; of two answers under one, it is nobody's."""
    owners: dict[tuple[str, str], str] = {}
    for table in {write.table for write, _ in rows}:
        keys = [row.key for write, row in rows if write.table == table]
        known = links.of_keys(tx, crossing.name, table, keys)
        owners |= {(table, key): link.id for key, link in known.items()}
        owners |= {(table, key): "" for key, times in Counter(keys).items() if times > 1}
    return owners


def _is_of(write: Write, link: Link, row: Seen, owners: Mapping[tuple[str, str], str]) -> bool:
    """Whether an answer is that of this row: its handle is nobody else's, its ID what we know there."""
    ids = (write.record, str(link.there.get(ID) or "")) if write.deed is Deed.CHANGE else (write.record,)
    is_mine = owners.get((write.table, row.key), link.id) == link.id
    return write.is_answered_by(row) and row.id in ids and is_mine


def _by(count: int, things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[start : start + count] for start in range(0, len(things), count))


def _written(tx: Writing, crossing: Crossing, link: Link, parcel: Parcel, row: Seen) -> None:
    link.key = row.key
    if link.tie in (Tie.LEAVING, Tie.PURGED):  # ordered while the answer was on its way
        link.sent, link.open = {}, True
        links.save(tx, link)
        return
    cells = gather.cells_of(row)
    for name, value in parcel.values.items():
        before = link.raw.get(name)
        if before is not None:
            link.over[name] = [*link.over.get(name, []), before][-gather.REMEMBERED :]
        link.agreed[name], link.raw[name] = value, cells.get(name)
        link.sent.pop(name, None)
    shape = crossing.shape(link.table)
    others = {column.name for column in shape.columns} - parcel.values.keys()
    changed = any(cells.get(name) != link.there.get(name) for name in others)
    moved = changed and bool(parcel.write.key)
    link.there, link.extras = cells, dict(row.extras) or link.extras
    link.mark = links.mark_of(links.columns_of(shape), row)
    undecided = any(_is_undecided(link, column.name, cells) for column in shape.columns)
    waits = undecided if link.tie is Tie.LINKED else moved and link.tie is not Tie.DECLINED
    link.open, link.agreed_at, link.absences = waits or parcel.points_nowhere, crossing.clock(), 0
    if moved:
        link.first_look = crossing.number
    links.save(tx, link)


def _is_undecided(link: Link, name: str, cells: Cells) -> bool:
    """Whether a cell holds what is neither agreed nor held: it was not judged yet."""
    cell, held = cells.get(name), link.held.get(name)
    return cell != link.raw.get(name) and (held is None or held[1] != cell)


def _deleted(tx: Writing, crossing: Crossing, link: Link) -> None:
    if link.tie is Tie.PURGED:
        link.open = False  # two reads must confirm it
        links.save(tx, link)
    elif link.tie is Tie.LEAVING:
        vanished.out(tx, crossing, link)
    elif link.tie is not Tie.OUT:  # it came back into the window while the answer was on its way
        orders.anew(tx, link, crossing.clock())


def _refused(tx: Writing, crossing: Crossing, link: Link, failure: Failure) -> None:
    """The service itself refuses a row: said once, tried again when the row changes here.

    And once more by the next exchange: it may be a choice that somebody renamed just before our write, which
    nothing but another look tells.
    """
    label = TABLES[link.table].label
    words = f"« {label} » : {crossing.remote.label} refuse une ligne. {failure.words}"
    link.open = orders.tell(tx, crossing.name, f"refus:{link.id}:{link.mark}", words, crossing.clock())
    links.save(tx, link)


def _memory(tx: Reading, crossing: Crossing) -> Memory:
    row = ledger.state(tx, crossing.name)
    return ledger.memory(row) if row else {}
