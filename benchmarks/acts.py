"""What the desk does without a screen: searching, saving, drawing up the monthly lists."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

import pandas as pd
import sqlalchemy as sa

from benchmarks import town
from benchmarks.figures import Line, Series, line, timed
from benchmarks.people import Worker
from benchmarks.stored import Stored
from desk import intake, lists, queue
from desk.citizens import Caller
from desk.intake import Demand
from desk.queue import Edit, Query
from desk.search import search
from desk.visits import Visit
from policy.roles import System
from policy.towntime import from_town
from policy.words import Channel, Nature
from sync.history import Author, Whence
from sync.schema import SQL
from sync.store import Reading

SEARCH = 50.0  # ms, p95
ALL_LISTS = 2_000.0  # ms
RNC_DAY = from_town(datetime.fromisoformat("2026-11-23 08:05"))
COUNCIL_DAY = from_town(datetime.fromisoformat("2026-12-01 08:05"))
WORDS = (
    "tremblay", "ginette gagne", "trou rue des pins", "1234 chemin du lac", "450 200-1234", "2002345",
    "2025-00042", "nid de poule", "eclairage lampadaire", "ru", "gagné-roy", "citoyen17", "photo 48210",
    "zzyzx", "ponceau bouche", "chien", "montee de la gare", "autobus scolaire 12345", "J0R 1T8",
    "mercier plante neige",
)  # fmt: skip


def searching(stored: Stored, sitters: list[Worker], rounds: int) -> list[Line]:
    """The search box, against looking for the same words in every row."""
    acts: list[Callable[[], Any]] = [
        partial(search, sitter.visit(stored.house), text)
        for _ in range(rounds)
        for sitter in sitters
        for text in WORDS
    ]
    for act in acts[: len(WORDS)]:
        act()
    found = timed("search", acts)
    scans = timed("LIKE over every row", [partial(_scanned, stored, text) for text in WORDS[:6]])
    return [line(found, scans, aim=SEARCH)]


def _scanned(stored: Stored, text: str) -> int:
    """How one searches without an index of words."""
    files, citizens = SQL["files"], SQL["citizens"]
    query = sa.select(files.c.id).select_from(files.outerjoin(citizens, citizens.c.id == files.c.citizen))
    for word in text.split():
        places = (
            files.c.facts,
            files.c.number,
            files.c.street,
            files.c.civic,
            citizens.c.name,
            citizens.c.phone,
        )
        query = query.where(sa.or_(*(sa.func.lower(place).like(f"%{word}%") for place in places)))
    with stored.house.store.reading() as tx:
        return len(tx.rows(query.order_by(files.c.received_at.desc()).limit(20)))


def saving(stored: Stored, technician: Worker, secretary: Worker, rounds: int) -> list[Line]:
    """A demand entered and a row of the grid saved, against one bare row written in a transaction."""
    bare = timed("one row written", [partial(_written, stored, rank) for rank in range(rounds)])
    with stored.house.store.reading() as tx:
        categories = [row["id"] for row in tx.find("categories", active=True) if row["department"]]
    chance = Random("demands")
    demands = [_demand(rank, chance.choice(categories)) for rank in range(rounds)]
    visit = technician.visit(stored.house)
    opened = timed("a demand entered", [partial(intake.open_file, visit, demand) for demand in demands])
    edits = _edits(secretary.visit(stored.house), rounds)
    saved = timed(
        "a row of the grid saved", [partial(_saved, secretary.visit(stored.house), e) for e in edits]
    )
    return [line(bare), line(opened, bare), line(saved, bare)]


def _written(stored: Stored, rank: int) -> None:
    by = Author("mesure", "Mesure", Whence.IMPORT, town.NOW, "écrire")
    with stored.house.store.writing() as tx:
        tx.insert("tasks", {"kind": "À rappeler", "key": f"mesure:{rank}"}, by)


def _demand(rank: int, category: str) -> Demand:
    caller = Caller(
        name=f"Rosalie Mesure {rank}",
        phone=f"579 555-{rank:04}",
        email=f"mesure{rank}@example.org",
        civic=str(10 + rank),
        street="rue des Pins",
        city="Prévost",
    )
    return Demand(
        token=f"mesure-{rank}",
        channel=Channel.PHONE,
        nature=Nature.REQUEST,
        caller=caller,
        category=category,
        civic=caller.civic,
        street=caller.street,
        facts="Un trou devant l'entrée, deux autos y ont cassé un pneu.",
    )


def _edits(visit: Visit, count: int) -> list[Edit]:
    """As many edits of rows on the first pages: a next action typed over what stands."""
    pages = [queue.page(visit, Query(size=200, page=number)) for number in range(1, 2 + count // 200)]
    rows = [row for page in pages for row in page.rows][:count]
    return [Edit(row.id, row.seen, {"next_action": f"Mesure {rank}"}) for rank, row in enumerate(rows)]


def _saved(visit: Visit, edit: Edit) -> None:
    outcome = queue.save(visit, [edit])[0]
    assert outcome.done, outcome


def drawing_lists(stored: Stored, rounds: int) -> list[Line]:
    """Every list of a month: composed, rendered, frozen and written, against reading the table in pandas."""
    rnc, council = Series("the RNC to every Responsable"), Series("the council's lists, reminders")
    every = Series("all lists of a month", cpu=0.0)
    for _ in range(rounds):
        _forget_lists(stored)
        drawn = timed("", [partial(_drawn, stored, RNC_DAY), partial(_drawn, stored, COUNCIL_DAY)])
        rnc.timings.append(drawn.timings[0])
        council.timings.append(drawn.timings[1])
        every.timings.append(sum(drawn.timings))
        every.cpu = (every.cpu or 0.0) + (drawn.cpu or 0.0)
    read = timed("the table read in pandas", [partial(_in_pandas, stored)] * 3)
    _forget_lists(stored)
    return [line(every, read, aim=ALL_LISTS), line(rnc), line(council)]


def _drawn(stored: Stored, at: datetime) -> None:
    runs = lists.draw_due(Visit(stored.house, at, system=System.CLOCK, whence=Whence.CLOCK))
    assert any(run.outcome.value == "Dressée" for run in runs), runs


def _forget_lists(stored: Stored) -> None:
    with stored.house.store.writing() as tx:
        mails, runs = SQL["mails"], SQL["list_runs"]
        tx.connection.execute(sa.delete(mails).where(mails.c.run.is_not(None)))
        tx.connection.execute(sa.delete(runs))


def _in_pandas(stored: Stored) -> int:
    with stored.house.store.reading() as tx:
        return len(_frame(tx))


def _frame(tx: Reading) -> pd.DataFrame:
    return pd.read_sql(sa.text("SELECT * FROM files"), tx.connection)
