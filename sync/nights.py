"""The ledger of the nights: each work is done once a night, whichever clock comes first (architecture 6)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from policy.towntime import to_town, town_day
from sync.history import Author, Whence
from sync.schema import SQL
from sync.states import NightState, NightWork
from sync.store import Reading, Row, Writing

HOUR = 3  # in town; nothing begins between 1:00 and 3:00, when clocks change
CLAIM = timedelta(hours=4)  # longer than the longest copy
AGAIN = timedelta(hours=1)  # after a failure
_NIGHTS = SQL["nights"].c


def night_of(at: datetime, hour: int = HOUR) -> date:
    """The day of the latest night whose hour has come: one that was missed is due still, until the next."""
    wall = to_town(at)
    return wall.date() if wall.hour >= hour else wall.date() - timedelta(days=1)


def is_due(tx: Reading, work: NightWork, day: date, at: datetime, is_gone: Callable[[str], bool]) -> bool:
    """Whether that work of that night is still to be done at this moment, and by nobody else."""
    return _open(tx.first("nights", work=work, day=day), at, is_gone)


def claim(
    tx: Writing, work: NightWork, day: date, me: str, at: datetime, is_gone: Callable[[str], bool]
) -> bool:
    """Take that work of that night; ``False`` when it is done, or another process is at it."""
    tx.alone(f"{work}")
    row = tx.first("nights", work=work, day=day)
    if not _open(row, at, is_gone):
        return False
    taken = {"state": NightState.CLAIMED, "claimed_by": me, "claimed_until": at + CLAIM, "next_try_at": None}
    tx.put("nights", {"work": work, "day": day}, taken, signed(at))
    return True


def finish(tx: Writing, work: NightWork, day: date, me: str, at: datetime, words: str) -> None:
    """That work is done; nothing is said when another process took it over meanwhile."""
    _leave(tx, work, day, me, at, {"state": NightState.DONE, "done_at": at, "words": words[:1_000]})


def fail(tx: Writing, work: NightWork, day: date, me: str, at: datetime, words: str) -> None:
    """That work failed, and is tried again in an hour; ``words`` say why, in French."""
    again = {"state": NightState.FAILED, "next_try_at": at + AGAIN, "words": words[:1_000]}
    _leave(tx, work, day, me, at, again)


def ask(tx: Writing, work: NightWork, at: datetime) -> None:
    """Ask for a work that is not done every night."""
    tx.alone(f"{work}")
    asked = {"state": NightState.ASKED, "claimed_by": None, "claimed_until": None, "next_try_at": None}
    tx.put("nights", {"work": work, "day": town_day(at)}, asked, signed(at))


def asked(tx: Reading, work: NightWork) -> list[Row]:
    """The nights for which that work was asked and not done yet, the oldest first."""
    query = sa.select(SQL["nights"]).where(_NIGHTS.work == work, _NIGHTS.state != NightState.DONE)
    return tx.rows(query.order_by(_NIGHTS.day))


def latest(tx: Reading, work: NightWork, *states: NightState) -> Row | None:
    """The last night of that work, in one of those states."""
    query = sa.select(SQL["nights"]).where(_NIGHTS.work == work)
    if states:
        query = query.where(_NIGHTS.state.in_(states))
    return tx.row(query.order_by(_NIGHTS.day.desc()).limit(1))


def signed(at: datetime) -> Author:
    """The signature of what a night does."""
    return Author("horloge", "Horloge", Whence.CLOCK, at, "faire le travail de nuit")


def _open(row: Row | None, at: datetime, is_gone: Callable[[str], bool]) -> bool:
    if row is None or row["state"] is NightState.ASKED:
        return True
    if row["state"] is NightState.CLAIMED:
        return bool(row["claimed_until"] <= at or is_gone(row["claimed_by"]))
    return row["state"] is NightState.FAILED and row["next_try_at"] <= at


def _leave(tx: Writing, work: NightWork, day: date, me: str, at: datetime, values: Row) -> None:
    row = tx.first("nights", work=work, day=day)
    if row is not None and row["claimed_by"] == me:
        tx.update("nights", row["id"], {**values, "claimed_by": None, "claimed_until": None}, signed(at))
