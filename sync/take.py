"""What moved there is judged, record by record, each in its own short transaction (invariants 7 and 9).

The counter accepts or refuses; a row that does not hold together waits for a second look before it is told
so, since people fill cells one by one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from policy.reasons import Ground, Refused
from sync import held, ledger, links, moved, newcomers, orders, together, window
from sync.compare import Verdict, columns, compare, learn
from sync.crossing import Crossing
from sync.link_tables import LINKS, Held, Tie
from sync.links import Link
from sync.outside import SETTINGS
from sync.reading import Reader
from sync.remote import RefersBy, Shape
from sync.schema import SQL
from sync.store import Row, Writing
from sync.tables import TABLES
from sync.values import read_back, written

AT_ONCE = 100  # moved records entered in one transaction
OPEN = (Tie.LINKED, Tie.BORN, Tie.PROPOSED)


def enter_moved(crossing: Crossing) -> None:
    """The records that changed here open their links; those new in the window get one."""
    while True:
        with crossing.writing() as tx:
            told = moved.waiting(tx, AT_ONCE)
            for table in {table for table, _, _ in told}:
                records = [record for name, record, _ in told if name == table]
                if table in {shape.table for shape in crossing.shapes}:
                    _enter(tx, crossing, table, records)
            moved.forget(tx, told)
        if len(told) < AT_ONCE:
            return


def open_those_that_leave(crossing: Crossing) -> None:
    """Files that were closed so long ago that they leave the window, with what hangs from them."""
    files = SQL["files"].c
    old = sa.select(files.id).where(files.open.is_(False), files.closed_at < crossing.limit)
    answers = SQL["answers"].c
    leaving = {"files": old, "answers": sa.select(answers.id).where(answers.file.in_(old))}
    with crossing.writing() as tx:
        for table, records in leaving.items():
            tx.connection.execute(
                sa.update(LINKS)
                .where(LINKS.c.remote == crossing.name, LINKS.c.table_name == table)
                .where(LINKS.c.tie == Tie.LINKED.value, LINKS.c.record.in_(records))
                .values(open=True)
            )


def open_those_that_enter(crossing: Crossing, before: datetime) -> None:
    """Files closed since the limit and before that moment are in the window now, with what hangs from them.

    They wait like all that changes here: a few at a time, and a crash loses none.
    """
    for table in window.DATED:
        with crossing.store.reading() as tx:
            records = window.entered(tx, table, crossing.limit, before)
        for start in range(0, len(records), AT_ONCE):
            with crossing.writing() as tx:
                moved.note(tx, table, records[start : start + AT_ONCE])


def all_open(crossing: Crossing) -> int:
    """Judge every open row; how many wait for a second look."""
    with crossing.store.reading() as tx:
        frozen = {name for name, row in ledger.tables(tx, crossing.name).items() if row["frozen_at"]}
        tables = links.open_tables(tx, crossing.name) - frozen
    return sum(_table(crossing, shape.table) for shape in crossing.shapes if shape.table in tables)


def _table(crossing: Crossing, table: str) -> int:
    waiting, after = 0, ""
    while True:
        with crossing.store.reading() as tx:
            found = links.open_ones(tx, crossing.name, [table], after, AT_ONCE, OPEN, there=True)
        left, waits = (found, 0) if crossing.rebuilding else together.judged(crossing, found)
        waiting += waits
        for link in left:
            waiting += _one(crossing, link)
        if len(found) < AT_ONCE:
            return waiting
        after = found[-1].id


def _enter(tx: Writing, crossing: Crossing, table: str, records: list[str]) -> None:
    known = links.of_records(tx, crossing.name, table, records)
    inside = window.inside(tx, table, records, crossing.limit)
    at, fresh, kept = crossing.clock(), [], []
    for record in records:
        link = known.get(record)
        if link is None:
            if record in inside:
                fresh.append(links.born(crossing.name, table, at, record=record, tie=Tie.LINKED))
            continue
        if link.tie is Tie.WITHDRAWN or (link.tie is Tie.OUT and record not in inside):
            continue
        if link.tie is Tie.OUT:
            orders.anew(tx, link, at)
            continue
        if link.tie is Tie.LEAVING and record in inside:
            link.tie, link.since = Tie.LINKED, at
        elif link.tie is Tie.LINKED and link.key is None and record not in inside:
            link.tie, link.since = Tie.OUT, at
        link.open = link.tie is not Tie.OUT
        kept.append(link)
    links.save_all(tx, kept)
    links.add(tx, fresh)
    if table in SETTINGS:
        Reader(tx, crossing).open_those_that_name(table)


def _one(crossing: Crossing, known: Link) -> bool:
    """Judge one row; whether it waits for a second look."""
    with crossing.writing() as tx:
        row = tx.lock(known.table, known.record) if known.record else None
        link = links.held_fast(tx, known.id)
        if link is None or link.tie not in OPEN or link.record != known.record:
            return False
        if link.tie is not Tie.LINKED:
            return newcomers.judge(tx, crossing, link)
        was_seen = bool(link.mark)  # of a row on its way without an answer there is nothing to judge
        waits = row is not None and was_seen and _linked(tx, crossing, link, row)
        if waits or (row is not None and window.inside(tx, link.table, [row["id"]], crossing.limit)):
            return waits
        link.tie, link.since, link.open = Tie.LEAVING, crossing.clock(), True  # now that it was judged
        links.save(tx, link)
        return False


def _linked(tx: Writing, crossing: Crossing, link: Link, row: Row) -> bool:
    shape, reader = crossing.shape(link.table), Reader(tx, crossing)
    compared = reader.columns(shape)
    today = ledger.day_in_town(crossing.clock()).isoformat()

    def verdict_now(here: Mapping[str, Any]) -> Verdict:
        return compare(
            compared,
            link,
            link.there,
            here,
            reader.decode,
            reader.encode,
            reader.stale(shape, link, here),
            reader.lost(link),
            today,
        )

    here = reader.view(shape, link, row)
    verdict = verdict_now(here)
    for name in learn(link, verdict):
        held.release(tx, crossing, link, name, "les deux côtés disent la même chose")
    _keep_ours(tx, crossing, link, verdict, today)
    waits = False
    if verdict.brings:
        stable = crossing.number > link.first_look
        if (verdict.unreadable or _unties(crossing, shape, verdict)) and not stable:
            waits = True
        else:
            waits = _take(tx, crossing, shape, link, verdict, stable)
            _dispute(tx, crossing, shape, link, verdict, here)
            if not waits:
                _reject_unreadable(tx, crossing, link, verdict, here)
    for name in verdict.paused:
        _say_paused(tx, crossing, shape, link, name, today)
    now = tx.get(link.table, link.record)
    left = verdict_now(reader.view(shape, link, now)) if now is not None else verdict
    link.open = waits or bool(left.pushed or left.brings or left.paused) or now is None
    links.save(tx, link)
    return waits


def _unties(crossing: Crossing, shape: Shape, verdict: Verdict) -> bool:
    """Whether a reference was emptied: the next look may tell that it was its row that went away."""
    by_key = crossing.remote.refers_by is RefersBy.KEY
    return by_key and any(value is None and shape.column(name).ref for name, value in verdict.taken.items())


def _keep_ours(tx: Writing, crossing: Crossing, link: Link, verdict: Verdict, today: str) -> None:
    """Cells in which our value is about to replace another: it was seen, and stays told."""
    for name in verdict.overruled:
        raw = link.there.get(name)
        words = "remplacé par une valeur saisie au guichet"
        if not orders.active(tx, link.id, name):
            held.hold(tx, crossing, link, name, Held.REJECTED, None, raw, words)
        held.release(tx, crossing, link, name, words)
        link.raw[name] = raw
        link.agreed.pop(name, None)
    for name in verdict.put_back:
        day, times = link.put_back.get(name, [today, 0])
        link.put_back[name] = [today, times + 1 if day == today else 1]
        link.raw[name] = link.there.get(name)
        link.agreed.pop(name, None)  # whatever ours is, it is news there


def _take(tx: Writing, crossing: Crossing, shape: Shape, link: Link, verdict: Verdict, stable: bool) -> bool:
    """Offer to the counter what was typed there; whether the row waits for a second look instead."""
    if not verdict.taken:
        return False
    definition = TABLES[link.table]
    values = {name: read_back(definition.field(name), value) for name, value in verdict.taken.items()}
    record = link.record or ""
    try:
        with tx.connection.begin_nested():
            crossing.inbound.change(tx, link.table, record, values)
    except Refused as refusal:
        if not stable:
            return True
        _reject(tx, crossing, link, verdict, refusal)
        return False
    for name, value in verdict.taken.items():
        link.agreed[name], link.raw[name] = value, link.there.get(name)
        link.sent.pop(name, None)
        held.release(tx, crossing, link, name, "la valeur de la table a été acceptée")
    link.agreed_at = crossing.clock()
    crossing.tally.pulled += 1
    return False


def _reject(tx: Writing, crossing: Crossing, link: Link, verdict: Verdict, refusal: Refused) -> None:
    """The row was judged whole: each of its new values stays where it was typed, with the reason."""
    row = tx.get(link.table, link.record) or {}
    general = [ground for ground in refusal.grounds if ground.field not in verdict.taken]
    for name in verdict.taken:
        own = [ground for ground in refusal.grounds if ground.field == name]
        words, article = _said(own or general or list(refusal.grounds))
        _hold(tx, crossing, link, name, row.get(name), words, article, verdict.taken[name])


def _reject_unreadable(
    tx: Writing, crossing: Crossing, link: Link, verdict: Verdict, here: Mapping[str, Any]
) -> None:
    for name, why in verdict.unreadable.items():
        _hold(tx, crossing, link, name, here[name], why, "")


def _hold(
    tx: Writing,
    crossing: Crossing,
    link: Link,
    name: str,
    ours: Any,
    words: str,
    article: str,
    theirs: Any = None,
) -> None:
    raw = link.there.get(name)
    held.hold(tx, crossing, link, name, Held.REJECTED, written(ours), raw, words, article, theirs)
    link.held[name] = [Held.REJECTED.value, raw, written(ours)]
    link.sent.pop(name, None)
    crossing.tally.rejected += 1


def _dispute(
    tx: Writing, crossing: Crossing, shape: Shape, link: Link, verdict: Verdict, here: Mapping[str, Any]
) -> None:
    for name in verdict.disputed:
        raw = link.there.get(name)
        words = "changé ici et dans la table, en deux valeurs différentes"
        theirs = verdict.disputed[name]
        held.hold(tx, crossing, link, name, Held.DISPUTED, here[name], raw, words, theirs=theirs)
        link.held[name] = [Held.DISPUTED.value, raw]
        link.sent.pop(name, None)
        crossing.tally.disputed += 1


def _say_paused(tx: Writing, crossing: Crossing, shape: Shape, link: Link, name: str, today: str) -> None:
    label = next(column.label for column in columns(shape) if column.name == name)
    row = link.there.get(shape.title) or link.shown_id
    words = (
        f"« {shape.label} », {row} : « {label} » est tenu par le guichet et a été changé dans la table plus "
        "de trois fois aujourd'hui. La valeur du guichet y sera remise demain."
    )
    orders.tell(tx, crossing.name, f"remises:{link.id}:{name}:{today}", words, crossing.clock())


def _said(grounds: list[Ground]) -> tuple[str, str]:
    words = " ".join(ground.message for ground in grounds)
    return words, ", ".join(dict.fromkeys(ground.article for ground in grounds if ground.article))
