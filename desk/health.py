"""Whether the machine does its work, as a monitor is told: no name, no number, no count of anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from desk import nights
from desk.house import House
from policy.towntime import to_town
from policy.wording import moment_words
from sync import hold
from sync.link_tables import REMOTES
from sync.schema import PULSES, SQL
from sync.store import Reading

CLOCK = "horloge"
SILENCE = timedelta(minutes=5)  # the clock looks every twenty seconds…
ASLEEP, SLEEP = range(1, 4), timedelta(hours=3)  # … but not from 1:00 to 3:00, an hour more in November
HELD_UP = timedelta(minutes=30)  # a mail leaves within the minute
AWAY = timedelta(hours=1)  # the table is asked every half minute


@dataclass(frozen=True)
class Sign:
    """One thing that must work, whether it does, and since when or why not, in French."""

    subject: str
    well: bool
    words: str

    @property
    def line(self) -> str:
        """« horloge : bien »."""
        return f"{self.subject} : {self.words}"


def beat(house: House, at: datetime, troubles: Sequence[str]) -> None:
    """The clock has looked at this moment (UTC), with these troubles."""
    with house.store.writing() as tx:
        now = {"beat_at": at, "troubled": bool(troubles)}
        done = tx.connection.execute(sa.update(PULSES).where(PULSES.c.what == CLOCK).values(now))
        if not done.rowcount:
            tx.connection.execute(sa.insert(PULSES).values(what=CLOCK, **now))


def signs(house: House, at: datetime) -> tuple[Sign, ...]:
    """All that must work, as it stands at ``at`` (UTC). A base that cannot be read raises, as any reading."""
    with house.store.reading() as tx:
        return (Sign("base", True, "bien"), *_signs(tx, house, at))


def _signs(tx: Reading, house: House, at: datetime) -> Iterator[Sign]:
    yield _clock(tx, at)
    yield _mails(tx, at)
    table = _table(tx, at)
    if table is not None:
        yield table
    if house.copies_folder is not None:
        late = nights.of(tx, house.copies_folder, at).trouble
        yield Sign("copies", not late, "en retard (page Comptes)" if late else "bien")


def _clock(tx: Reading, at: datetime) -> Sign:
    pulse = tx.row(sa.select(PULSES).where(PULSES.c.what == CLOCK))
    if pulse is None:
        return Sign(CLOCK, False, "n'a encore jamais regardé (python -m jobs)")
    if at - pulse["beat_at"] > SILENCE + (SLEEP if to_town(at).hour in ASLEEP else timedelta()):
        return Sign(CLOCK, False, f"arrêtée depuis le {moment_words(pulse['beat_at'])}")
    if pulse["troubled"]:
        return Sign(CLOCK, False, "signale un problème (son journal le dit)")
    return Sign(CLOCK, True, "bien")


def _mails(tx: Reading, at: datetime) -> Sign:
    held = hold.since(tx)
    if held is not None:
        return Sign("courriels", False, f"retenus depuis la reprise du {moment_words(held)}")
    mails = SQL["mails"].c
    oldest = tx.scalar(sa.select(sa.func.min(mails.created_at)).where(mails.state.in_(hold.WAITING)))
    if oldest is not None and at - oldest > HELD_UP:
        return Sign("courriels", False, f"ne partent plus depuis le {moment_words(oldest)}")
    return Sign("courriels", True, "bien")


def _table(tx: Reading, at: datetime) -> Sign | None:
    query = sa.select(sa.func.min(REMOTES.c.failing_since))
    since = tx.scalar(query)
    if since is not None and at - since > AWAY:
        return Sign("table", False, f"ne répond plus depuis le {moment_words(since)}")
    asked = tx.scalar(sa.select(sa.func.count()).select_from(REMOTES))
    return Sign("table", True, "bien") if asked else None
