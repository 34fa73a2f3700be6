"""R-71: open files counted anew once what their dates hang on has changed, whoever changed it.

Nothing asks for it: the history of the settings says that it is owed. It goes by small transactions, each of
which says how far it came; killed anywhere, it goes on from there.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from desk import dates
from desk.visits import Visit
from policy.roles import Deed, refuse_unless
from sync.history import Author
from sync.schema import HISTORY, SQL
from sync.store import Reading, Row, Writing

# what the dates of open files are counted from.
DATED_BY = ("closings", "rules", "delays", "categories")
AT_ONCE = 50  # files of one transaction: whoever saves meanwhile waits a few milliseconds

_STAMP = select(func.count(), func.max(HISTORY.c.seq)).where(HISTORY.c.table_name.in_(DATED_BY))


@dataclass(frozen=True)
class Progress:
    """Where the recount of open files stands: ``done`` of ``total`` counted, ``moved`` have another target.

    ``waiting``: settings have changed and nobody has begun to count yet.
    """

    done: int
    total: int
    moved: int
    waiting: bool
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether every open file is counted with the settings as they are."""
        return self.ended_at is not None


def recount(visit: Visit) -> bool:
    """Count the open files anew when it is owed; whether it was. For the clock and for what exchanges.

    Of two that do it at once, each counts its share.
    """
    with visit.reading() as counter:
        if not is_owed(counter.tx):
            return False
    while _step(visit):
        pass
    return True


def is_owed(tx: Reading) -> bool:
    """Whether the settings have changed since all open files were counted with them."""
    row = tx.first("recounts", stamp=_stamp(tx))
    return row is None or row["ended_at"] is None


def progress(visit: Visit) -> Progress:
    """Where it stands, for who changes the settings. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
        row = counter.tx.first("recounts", stamp=_stamp(counter.tx))
        if row is None:
            return Progress(0, _count(counter.tx), 0, waiting=True)
    names = ("done", "total", "moved", "started_at", "ended_at")
    return Progress(waiting=False, **{name: row[name] for name in names})


def _step(visit: Visit) -> bool:
    """Count one batch of files, in one transaction; whether there is more to do."""
    with visit.writing() as counter:
        counter.tx.alone("recalculer les dates")
        by = counter.by("recalculer les dates")
        row = _begun(counter.tx, by)
        if row["ended_at"] is not None:
            return False
        ids, reached = _after(counter.tx, row["reached"])
        if not ids:
            counter.tx.update("recounts", row["id"], {"ended_at": counter.at}, by)
            return False
        moved = dates.recompute(counter, ids)
        done = {"reached": reached, "done": row["done"] + len(ids), "moved": row["moved"] + len(moved)}
        counter.tx.update("recounts", row["id"], done, by)
        return True


def _begun(tx: Writing, by: Author) -> Row:
    """The recount under these settings; begun at the first file when they changed again meanwhile."""
    stamp = _stamp(tx)
    row = tx.first("recounts", stamp=stamp)
    if row is not None:
        return row
    start = {"stamp": stamp, "total": _count(tx), "done": 0, "moved": 0, "started_at": by.at}
    return tx.insert("recounts", start, by)


def _stamp(tx: Reading) -> str:
    """How many changes the settings have had, and the last of them."""
    count, last = tx.connection.execute(_STAMP).one()
    return f"{count}:{last or 0}"


def _count(tx: Reading) -> int:
    files = SQL["files"]
    return int(tx.scalar(select(func.count()).select_from(files).where(files.c.open.is_(True))))


def _after(tx: Reading, reached: str | None) -> tuple[list[str], str]:
    """The next open files by number, and the number reached with them."""
    files = SQL["files"].c
    query = select(files.id, files.number).where(files.open.is_(True), files.number > (reached or ""))
    rows = tx.rows(query.order_by(files.number).limit(AT_ONCE))
    return [row["id"] for row in rows], rows[-1]["number"] if rows else ""
