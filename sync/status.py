"""Where the exchange with the town's table stands, in a few figures: for a command, a screen, a monitor."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync import ledger
from sync.link_tables import HELD, LINKS, REMOTE_NOTICES, Held, Tie
from sync.store import Reading


@dataclass(frozen=True)
class Status:
    """Where things stand. Moments are UTC; ``None`` when it never was so, or is not.

    ``agreed_at``: the last exchange that went to its end. ``error`` says in French why it fails since
    ``failing_since``; ``needs_person``: it will not mend by itself. ``restored_at``: the store was restored
    from a backup, and nothing is written there before a person says so. The numbers count records, but
    ``unread`` (notices) and ``calls`` (requests of this month). ``proposed``: rows typed there that wait in
    the desk's inbox; ``withdrawn``: those that disappeared there and of which nobody decided; ``left_out``:
    those that a person leaves out of the table; ``frozen_tables``: the names of those that wait for a
    person's word.
    """

    remote: str
    label: str
    agreed_at: datetime | None
    failing_since: datetime | None
    error: str
    needs_person: bool
    paused_at: datetime | None
    paused_by: str
    paused_why: str
    restored_at: datetime | None
    waiting: int
    linked: int
    disputes: int
    rejections: int
    withdrawn: int
    left_out: int
    proposed: int
    frozen_tables: tuple[str, ...]
    unread: int
    calls: int

    def as_row(self) -> dict[str, Any]:
        """As ``python -m sync status --json`` prints it."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


def status(tx: Reading, remote: str, at: datetime) -> Status | None:
    """Where things stand at this moment; ``None`` before ``setup``."""
    row = ledger.state(tx, remote)
    if row is None:
        return None
    ties = {tie: _count(tx, LINKS, LINKS.c.remote == remote, LINKS.c.tie == tie.value) for tie in Tie}
    gone = (LINKS.c.remote == remote, LINKS.c.tie == Tie.WITHDRAWN.value)
    left_out = _count(tx, LINKS, *gone, LINKS.c.told.is_not(None))
    ours = HELD.c.link.in_(sa.select(LINKS.c.id).where(LINKS.c.remote == remote))
    held = {
        kind: _count(tx, HELD, ours, HELD.c.kind == kind.value, HELD.c.settled_at.is_(None)) for kind in Held
    }
    return Status(
        remote=remote,
        label=row["label"],
        agreed_at=row["agreed_at"],
        failing_since=row["failing_since"],
        error=row["error"] or "",
        needs_person=row["needs_person"],
        paused_at=row["paused_at"],
        paused_by=row["paused_by"] or "",
        paused_why=row["paused_why"] or "",
        restored_at=row["restored_at"],
        waiting=ledger.waiting(tx, remote),
        linked=ties[Tie.LINKED],
        disputes=held[Held.DISPUTED],
        rejections=held[Held.REJECTED],
        withdrawn=ties[Tie.WITHDRAWN] - left_out,
        left_out=left_out,
        proposed=ties[Tie.PROPOSED],
        frozen_tables=tuple(name for name, each in ledger.tables(tx, remote).items() if each["frozen_at"]),
        unread=_count(
            tx, REMOTE_NOTICES, REMOTE_NOTICES.c.remote == remote, REMOTE_NOTICES.c.seen_at.is_(None)
        ),
        calls=ledger.calls_of_month(tx, remote, ledger.day_in_town(at)),
    )


def _count(tx: Reading, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return int(tx.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)))
