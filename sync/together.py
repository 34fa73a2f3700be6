"""Rows that moved there and ask nothing of the desk, judged many at a time.

Most rows of a listing say what we say, or are demands that only go to the inbox: one transaction does for
fifty of them. Whatever asks for an act of the desk, or for a person's attention, is left to ``sync.take``.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from sync import ledger, links, newcomers, window
from sync.compare import Verdict, compare, learn
from sync.crossing import Crossing
from sync.link_tables import Tie
from sync.links import Link
from sync.reading import Reader
from sync.remote import Shape
from sync.schema import SQL
from sync.store import Row, Writing

AT_ONCE = 50  # rows judged in one transaction


def judged(crossing: Crossing, found: Sequence[Link]) -> tuple[list[Link], int]:
    """Judge what can be judged together among these links; those that are left, how many wait for a look."""
    left: list[Link] = []
    waiting = 0
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        with crossing.writing() as tx:
            waits = _proposed(tx, crossing, some)
            done = _agreed(tx, crossing, some) | waits.keys()
        left += [link for link in some if link.id not in done]
        waiting += sum(waits.values())
    return left, waiting


def agreed(crossing: Crossing, some: Sequence[Link]) -> None:
    """Of these links just noted, those whose two sides say the same are agreed on."""
    with crossing.writing() as tx:
        _agreed(tx, crossing, some)


def _agreed(tx: Writing, crossing: Crossing, some: Sequence[Link]) -> set[str]:
    known = [link for link in some if link.tie is Tie.LINKED and link.record and link.mark and not link.held]
    if not known:
        return set()
    table = known[0].table
    shape = crossing.shape(table)
    rows = _held_fast(tx, table, [link.record for link in known if link.record])
    held = links.those_free(tx, [link.id for link in known if link.record in rows])
    inside = window.inside(tx, table, list(rows), crossing.limit)
    reader = Reader(tx, crossing)
    reader.expect(list(held.values()))
    today = ledger.day_in_town(crossing.clock()).isoformat()
    kept = []
    for before in known:
        link = held.get(before.id)
        if link is None or link.tie is not Tie.LINKED or link.record not in inside or link.held:
            continue
        if link.record == before.record and _agrees(reader, shape, link, rows[link.record], today):
            kept.append(link)
    links.save_all(tx, kept)
    return {link.id for link in kept}


def _agrees(reader: Reader, shape: Shape, link: Link, row: Row, today: str) -> bool:
    """Whether the desk has nothing to judge in this row; what both sides say is then agreed."""
    here = reader.view(shape, link, row)
    stale = reader.stale(shape, link, here)
    verdict = compare(
        reader.columns(shape), link, link.there, here, reader.decode, reader.encode, stale,
        reader.lost(link), today,
    )  # fmt: skip
    if _asks(verdict):
        return False
    learn(link, verdict)
    renamed = any(stale(column) for column in shape.columns if column.ref and column.name in verdict.learned)
    link.open = bool(verdict.pushed) or renamed
    return True


def _asks(verdict: Verdict) -> bool:
    return bool(verdict.brings or verdict.overruled or verdict.put_back or verdict.paused)


def _held_fast(tx: Writing, table: str, records: Sequence[str]) -> dict[str, Row]:
    """These records, which nobody changes before the end of this transaction.

    One that somebody holds is left out: nobody waits for us while we wait for another.
    """
    rows = SQL[table]
    query = (
        sa.select(rows).where(rows.c.id.in_(records)).order_by(rows.c.id).with_for_update(skip_locked=True)
    )
    return {row["id"]: row for row in tx.rows(query)}


def _proposed(tx: Writing, crossing: Crossing, some: Sequence[Link]) -> dict[str, bool]:
    """The demands typed there that were judged; whether each waits for a second look."""
    born = [link.id for link in some if link.tie in newcomers.TIES and link.table == newcomers.PROPOSED]
    if not born:
        return {}
    reader = Reader(tx, crossing)
    return {
        link.id: newcomers.judge(tx, crossing, link, reader)
        for link in links.those_free(tx, born).values()
        if link.tie in newcomers.TIES and link.record is None
    }
