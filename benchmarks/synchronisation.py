"""What the exchange with the town's table costs us: pushing, taking in, looking, planning.

The services are those of the tests, each in a process of its own: only our own processor time counts.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import town
from benchmarks.figures import MS, Line, Series, line
from benchmarks.services import Service, serviced
from benchmarks.stored import ROOT, Stored
from desk.exchanges import Post
from policy.rules import CHOSEN, RuleName
from policy.towntime import town_day
from sync import gather, ledger, pace
from sync.airtable.remote import Airtable
from sync.crossing import Crossing, Tally
from sync.exchange import looked
from sync.file_tables import FILES
from sync.history import Author, Whence
from sync.link_tables import LINKS, Tie
from sync.links import Link
from sync.pace import Pace
from sync.reading import UNKNOWN, Reader
from sync.remote import ID_HEADER, Column, Remote
from sync.schema import SQL
from sync.sheets.remote import Sheets

THOUSAND = 1_000
WHOLE_TOWN = 100_000  # files: of a smaller town, there is proportionally less to exchange
LISTED, PLANNED, FIELDS, CHANGED = 50_000, 100_000, 20, 100
EVERY, A_FEW = 120, 5  # months: all that was ever closed; what makes some 11,000 rows of the whole town
LOOKS = 5
TYPED = "next_action"

PUSHED = 5_000.0  # ms of ours for a thousand rows: a fifth of what Airtable's limit makes them last
TAKEN = 10_000.0  # ms of ours for a thousand edits, each an act of the desk
IDLE = 500.0  # ms of ours for a look at rest
SLOWER = 1.10  # at most, than what the remote's own limit allows
A_CALL = 0.10  # of the time between two calls: what the rows of one may take us
PLANNING, MEMORY = 1_000.0, 400.0  # ms, MB


def exchanging(stored: Stored, folder: Path) -> list[Line]:
    """The lines about the exchange. It changes the copy: whatever else is measured on it comes before."""
    share = stored.files / WHOLE_TOWN
    return [
        *_airtable(stored, round(THOUSAND * max(share, 0.02)), round(LISTED * share)),
        *_sheets(stored, folder),
        *planned(round(PLANNED * share)),
    ]


def planned(rows: int) -> list[Line]:
    """What moved among that many rows of twenty fields, a hundred of them changed; in a process apart."""
    asked = [sys.executable, "-m", "benchmarks.planning", *map(str, (rows, FIELDS, CHANGED))]
    told = json.loads(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    assert told["moved"] == told["taken"] == min(CHANGED, rows), told
    name = f"{CHANGED} changes found in {rows:,} rows"
    return [
        Line(name, told["seconds"] * MS, aim=PLANNING),
        Line(f"{name}: memory", told["megabytes"], unit="MB", aim=MEMORY),
    ]


@dataclass
class Waiting:
    """A clock for which nobody waits: our own processor time, and all that we would have slept."""

    slept: float = 0.0

    def seconds(self) -> float:
        """Since this process began."""
        return time.process_time() + self.slept

    def sleep(self, seconds: float) -> None:
        """Go on by that much."""
        self.slept += seconds


class Measured(Post):
    """A post on the day of the town, that keeps the remote's pace and its own rests on a clock of its own."""

    def __init__(self, stored: Stored, remote: Remote, most: int, seconds: float) -> None:
        shift = town.NOW - datetime.now(UTC)
        self.waiting = Waiting()
        kept = Pace(most, seconds, self.waiting.seconds, self.waiting.sleep)
        super().__init__(stored.house, remote, kept, lambda: datetime.now(UTC) + shift, "mesure")

    def crossing(self, *, identity: bool = False) -> Crossing:
        """See ``Post``."""
        given = super().crossing(identity=identity)
        given.rest = self.waiting.sleep
        return given


@dataclass(frozen=True)
class Spent:
    """What an exchange took: seconds of our processor, seconds on the clock of ``Waiting``, requests."""

    cpu: float
    seconds: float
    calls: int
    tally: Tally

    def line(self, name: str, rows: int, aim: float) -> Line:
        """The processor's time for a thousand rows."""
        return Line(name, self.cpu / rows * THOUSAND * MS, aim=aim, count=rows)

    def against_the_limit(self, name: str) -> tuple[Line, Line]:
        """What it all lasts beside the least that Airtable's limit lets it last, and what a call takes us."""
        most, seconds = pace.AIRTABLE
        least = self.calls * seconds / most
        each = self.cpu / self.calls * MS
        return (
            Line(name, self.seconds, unit="s", against="what Airtable's limit allows", against_median=least,
                 ratio=least / self.seconds, aim_ratio=1 / SLOWER, count=self.calls),
            Line("  our own time for each call", each, aim=A_CALL * seconds / most * MS, count=self.calls),
        )  # fmt: skip


def _airtable(stored: Stored, edited: int, listed: int) -> list[Line]:
    with serviced("airtable") as service:
        remote = Airtable(service.token, service.base, service.url)
        post = Measured(stored, remote, *pace.AIRTABLE)
        _hold(stored, months=0)  # the open files alone: closed ones take no edit
        post.setup()
        pushed = _spent(post, service)
        keys = _keys(post, edited)
        service.edit(FILES.label, [(key, {_label(TYPED): f"Mesure {rank}"}) for rank, key in enumerate(keys)])
        taken = _spent(post, service)
        lines = [
            pushed.line("1,000 rows pushed to Airtable", pushed.tally.created_there, PUSHED),
            taken.line("1,000 edits taken in from Airtable", taken.tally.pulled, TAKEN),
        ]
        _hold(stored, months=EVERY)
        service.fill(FILES.label, _as_told(post, listed))
        return [*lines, *_listed(stored, post, service, listed)]


def _listed(stored: Stored, post: Measured, service: Service, rows: int) -> list[Line]:
    """A whole listing of a base: of rows new to the ledger, then of the same ones; then rows typed there."""
    noted = _spent(post, service, _noted)
    with stored.house.store.writing() as tx:  # a ledger that is lost: every row is new to it once more
        tx.connection.execute(sa.delete(LINKS).where(*_of_files(post)))
        # the rows that are not there were never in the window: a longer one would send them
        ledger.change(tx, post.remote.name, held_since=post.crossing().limit)
    taken = _spent(post, service, lambda each: each.exchange(whole=True))
    again = _spent(post, service, lambda each: each.exchange(whole=True))
    typed = max(20, rows // 50)
    service.fill(FILES.label, [{_label(TYPED): f"Un trou, mesure {rank}"} for rank in range(typed)])
    post.exchange(whole=True)  # a row is proposed once a second look finds it as it was
    born = _spent(post, service)
    assert born.tally.created_here == typed, born
    return [
        noted.against_the_limit(f"{rows:,} rows read and noted")[0],
        taken.against_the_limit(f"{rows:,} rows read, noted and judged")[0],
        *again.against_the_limit(f"{rows:,} rows read again"),
        born.against_the_limit(f"{typed:,} rows typed there, proposed and told so")[0],
    ]


def _sheets(stored: Stored, folder: Path) -> list[Line]:
    with serviced("sheets") as service:
        account = service.credentials(folder / "compte-de-service.json")
        post = Measured(stored, Sheets(account, service.base, service.url), *pace.SHEETS)
        _hold(stored, months=A_FEW)
        post.setup()
        pushed = _spent(post, service)
        post.exchange()  # the first look after it takes what our own writes left
        rows = pushed.tally.created_there
        idle = Series(f"a look at {rows:,} rows at rest in Google Sheets")
        for _ in range(LOOKS):
            spent = _spent(post, service)
            assert spent.calls == 1, spent
            idle.timings.append(spent.cpu)
        return [pushed.line("1,000 rows pushed to Google Sheets", rows, PUSHED), line(idle, aim=IDLE)]


def _spent(post: Measured, service: Service, act: Callable[[Measured], Tally] | None = None) -> Spent:
    service.calls()
    cpu, seconds = time.process_time(), post.waiting.seconds()
    tally = (act or Measured.exchange)(post)
    cpu, seconds = time.process_time() - cpu, post.waiting.seconds() - seconds
    return Spent(cpu, seconds, service.calls(), tally)


def _noted(post: Measured) -> Tally:
    """A look at everything, kept in the ledger: what is to be judged stays so."""
    given = post.crossing()
    look = looked(given, True, early=True)
    gather.note(given, look, whole=True)
    return given.tally


def _hold(stored: Stored, months: int) -> None:
    """How long closed files stay there: it decides how many rows there are."""
    by = Author("mesure", "Mesure", Whence.IMPORT, town.NOW, "écrire la règle")
    name = RuleName.REMOTE_MONTHS.value
    with stored.house.store.writing() as tx:
        rule = {"value": str(months), "article": CHOSEN}
        tx.put("rules", {"name": name, "valid_from": town_day(town.NOW)}, rule, by)


def _keys(post: Measured, count: int) -> list[str]:
    """The handles of that many files there."""
    query = sa.select(LINKS.c.key).where(*_of_files(post), LINKS.c.key.is_not(None))
    with post.house.store.reading() as tx:
        return [str(key) for key in tx.connection.scalars(query.order_by(LINKS.c.id).limit(count))]


def _as_told(post: Measured, count: int) -> list[dict[str, Any]]:
    """Files that are not there yet, by header, each cell as we would write it."""
    given = post.crossing()
    shape, files = given.shape(FILES.name), SQL[FILES.name]
    told = sa.select(LINKS.c.record).where(*_of_files(post), LINKS.c.record.is_not(None))
    query = sa.select(files).where(files.c.id.not_in(told)).order_by(files.c.id).limit(count)
    rows = []
    with post.house.store.reading() as tx:
        reader = Reader(tx, given)
        for row in tx.rows(query):
            link = Link("", given.name, FILES.name, row["id"], None, Tie.LINKED, town.NOW)
            here = reader.view(shape, link, row)
            cells = {each.label: _cell(each, reader.encode(each, here[each.name])) for each in shape.columns}
            filled = {name: cell for name, cell in cells.items() if cell is not None}
            rows.append({ID_HEADER: row["id"], **filled})
    return rows


def _of_files(post: Measured) -> tuple[sa.ColumnElement[bool], ...]:
    return LINKS.c.remote == post.remote.name, LINKS.c.table_name == FILES.name


def _cell(column: Column, raw: Any) -> Any:
    """As a person types it: a link is the one row it leads to."""
    if raw is UNKNOWN or raw is None:
        return None
    return raw[0] if column.ref else raw


def _label(name: str) -> str:
    return FILES.field(name).label
