"""The long parts of an import, beside the screens: claimed, in small batches, taken up again where cut off.

A claim names the process and lapses; each batch renews it, and refuses to write once another holds it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import select

from desk import import_fields, import_staging, import_undo
from desk.house import House
from desk.import_rows import Fit, Known
from desk.import_turn import CLAIM, LostTurn, Turn
from desk.imports import NOBODY, OVER, WORKING, clear, headers_digest
from policy.reasons import Refused
from sync import table_files
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Row, Writing

PART = 500  # rows of one part, and of one batch
TRIES = 5
KEPT = timedelta(days=30)  # a file that nothing came of, and the report of one that was brought in

__all__ = ["LostTurn", "work", "work_on"]


def work(house: House, clock: Callable[[], datetime], me: str, is_gone: Callable[[str], bool]) -> bool:
    """Do one step of the oldest import that waits for it; whether there was one.

    ``me`` and ``is_gone`` are as for the outbox. What was cut off is taken up again; after five failures it
    is stopped, and nothing of it is there.
    """
    row = _claimed(house, clock, me, is_gone)
    if row is None:
        _sweep(house, clock())
        return False
    _step(Turn(house, clock, me, str(row["id"])), row)
    return True


def work_on(house: House, clock: Callable[[], datetime], me: str, lot: str) -> None:
    """The same for one import, until nothing is left to do (the command does it in its own process)."""
    while True:
        with house.store.writing() as tx:
            row = tx.lock("imports", lot)
            if row is None or row["state"] not in WORKING:
                return
            _claim(tx, row, clock(), me)
        _step(Turn(house, clock, me, lot), row)


def _step(turn: Turn, row: Row) -> None:
    try:
        match row["state"]:
            case ImportState.RECEIVED:
                _read(turn, row)
            case ImportState.CHECKING:
                _check(turn, row)
            case ImportState.ASKED:
                import_staging.carry_out(turn, row, _parts)
            case ImportState.PUBLISHED:
                import_staging.index(turn)
            case ImportState.UNDOING:
                import_undo.withdraw(turn)
    except LostTurn:
        return
    except Refused as refusal:  # the file cannot be read, or the base is busy: the next look tries again
        if row["state"] is ImportState.RECEIVED and any(ground.field for ground in refusal.grounds):
            _stop(turn, str(refusal))
        else:
            raise


def _claimed(
    house: House, clock: Callable[[], datetime], me: str, is_gone: Callable[[str], bool]
) -> Row | None:
    imports, now = SQL["imports"], clock()
    query = select(imports.c.id, imports.c.claimed_by, imports.c.claimed_until)
    query = query.where(imports.c.state.in_(sorted(WORKING))).order_by(imports.c.id)
    with house.store.reading() as tx:
        waiting = [seen for seen in tx.rows(query) if _is_free(seen, now, me, is_gone)]
    for seen in waiting:
        with house.store.writing() as tx:
            row = tx.lock("imports", seen["id"])
            if row is None or row["state"] not in WORKING or not _is_free(row, now, me, is_gone):
                continue
            if row["attempts"] >= TRIES:
                _given_up(tx, row, now)
                continue
            _claim(tx, row, now, me)
            return row
    return None


def _is_free(row: Row, now: datetime, me: str, is_gone: Callable[[str], bool]) -> bool:
    return (
        row["claimed_by"] in (None, me)
        or row["claimed_until"] is None
        or row["claimed_until"] <= now
        or is_gone(row["claimed_by"])
    )


def _claim(tx: Writing, row: Row, now: datetime, me: str) -> None:
    claim = {"claimed_by": me, "claimed_until": now + CLAIM, "attempts": row["attempts"] + 1}
    tx.update("imports", row["id"], claim, import_staging.by_the_import(now))


def _given_up(tx: Writing, row: Row, now: datetime) -> None:
    """What fails again and again is stopped. A published import is there: only its words are missing."""
    words = "Une erreur inattendue s'est répétée ; le journal du logiciel la dit."
    if row["state"] in (ImportState.PUBLISHED, ImportState.UNDOING):
        state = ImportState.DONE
        clear(tx, row["id"], asides=False)
        words = f"{words} L'import est là ; recommencez l'annulation s'il le faut."
    else:
        state = ImportState.FAILED
        words += " Rien n'a été importé."
        clear(tx, row["id"], asides=True)
    changes = {**NOBODY, "state": state, "trouble": words, "cleared": True}
    tx.update("imports", row["id"], changes, import_staging.by_the_import(now))


def _stop(turn: Turn, words: str) -> None:
    with turn.writing() as tx:
        turn.become(tx, ImportState.FAILED, trouble=words[:2_000])


def _read(turn: Turn, row: Row) -> None:
    """The file, part by part: its headers, its rows, what each column holds and seems to be."""
    with turn.house.store.reading() as tx:
        held = tx.first("import_contents", lot=turn.lot)
    if held is None:
        _stop(turn, "Le contenu de ce fichier n'est plus là.")
        return
    found = table_files.opened(row["name"], held["content"], row["sheet"] or "", row["header_line"])
    profiler = import_fields.Profiler(found.headers)
    with turn.writing() as tx:
        tx.connection.execute(SQL["import_parts"].delete().where(SQL["import_parts"].c.lot == turn.lot))
        turn.tell(tx, 0, 0)
    rank = count = 0
    while part := list(islice(found.rows, PART)):
        for _, cells in part:
            profiler.see(cells)
        count += len(part)
        with turn.writing() as tx:
            tx.insert("import_parts", {"lot": turn.lot, "rank": rank, "rows": part}, turn.by("lire"))
            turn.tell(tx, count, 0)
        rank += 1
    if not count:
        _stop(turn, "Sous ses en-têtes, ce fichier n'a aucune ligne.")
        return
    profiles = profiler.told()
    with turn.writing() as tx:
        remembered = tx.first("import_matchings", headers=headers_digest(found.headers))
        matching = remembered["matching"] if remembered else None
        told = {header: asdict(profile) for header, profile in profiles.items()}
        tx.update("import_contents", held["id"], {"profile": told}, turn.by("lire"))
        turn.become(
            tx, ImportState.READ,
            headers=list(found.headers), header_line=found.header_line, rows=count,
            matching=matching or import_fields.proposal(tx, found.headers, profiles),
            remembered=remembered is not None,
        )  # fmt: skip


def _check(turn: Turn, row: Row) -> None:
    """Every row judged, and every reason kept."""
    asides = SQL["import_asides"]
    with turn.house.store.reading() as tx:
        judge = import_staging.judge_of(tx, row, turn.clock())
    with turn.writing() as tx:
        tx.connection.execute(asides.delete().where(asides.c.lot == turn.lot))
        turn.tell(tx, 0, row["rows"])
    fits = known = wrong = 0
    for part in _parts(turn):
        told: list[Mapping[str, Any]] = []
        with turn.house.store.reading() as tx:
            judge.tx = tx
            for line, cells in part:
                judged = judge.judge(line, cells)
                if isinstance(judged, Fit):
                    fits += 1
                elif isinstance(judged, Known):
                    known += 1
                else:
                    wrong += 1
                    told += [{**asdict(each), "lot": turn.lot, "why": each.why[:2_000]} for each in judged]
        with turn.writing() as tx:
            tx.insert_many("import_asides", told, turn.by("vérifier"))
            turn.tell(tx, fits + known + wrong, row["rows"])
    with turn.writing() as tx:
        turn.become(tx, ImportState.CHECKED, fits=fits, known=known, wrong=wrong)


def _parts(turn: Turn) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows of the file, part by part."""
    rank = 0
    while True:
        with turn.house.store.reading() as tx:
            part = tx.first("import_parts", lot=turn.lot, rank=rank)
        if part is None:
            return
        yield [(line, cells) for line, cells in part["rows"]]
        rank += 1


def _sweep(house: House, now: datetime) -> None:
    """Erase what nobody came back to: files begun, and reports of what was brought in, after thirty days."""
    imports = SQL["imports"].c
    query = select(imports.id, imports.state).where(imports.received_at <= now - KEPT)
    resting = sorted(set(ImportState) - WORKING)
    with house.store.reading() as tx:
        old = tx.rows(query.where(imports.cleared.is_(False), imports.state.in_(resting)))
    for row in old:
        with house.store.writing() as tx:
            held = tx.lock("imports", row["id"])
            if held is None or held["state"] in WORKING:
                continue
            clear(tx, row["id"], asides=True)
            state = held["state"] if held["state"] in OVER else ImportState.DROPPED
            changes = {"cleared": True, "state": state}
            tx.update("imports", row["id"], changes, import_staging.by_the_import(now))
