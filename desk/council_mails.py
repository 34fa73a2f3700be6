"""The council's lists read again by whoever was sent them, exactly as they were mailed (R-23, R-62)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk import letters, postbook
from desk.postbook import Opened, Sent
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from sync.schema import SQL
from sync.states import MailKind, MailState
from sync.store import Reading

LATEST = 24  # lists: two years of them


def mine(visit: Visit) -> tuple[Sent, ...]:
    """Those that left to this person's own address, the latest first, ``LATEST`` at most."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.READ_COUNCIL_LISTS)
        mails, runs = SQL["mails"].c, SQL["list_runs"].c
        latest = (runs.month.desc(), mails.sent_at.desc(), mails.id.desc())  # two late ones leave together
        query = postbook.lines().where(*_own(counter)).order_by(*latest)
        return tuple(postbook.sent(row) for row in counter.tx.rows(query.limit(LATEST)))


def read(visit: Visit, mail: str) -> Opened:
    """One of them as it left. Raises ``Refused``, alike for what is not there and what is another's."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.READ_COUNCIL_LISTS)
        asked = (SQL["mails"].c.id == mail, *_own(counter))
        row = counter.tx.row(postbook.lines().where(*asked))
        if row is None:
            raise refused("Cette liste est introuvable.")
        message = counter.tx.scalar(sa.select(SQL["mails"].c.message).where(*asked))
    headers, letter = letters.read(message)
    return Opened(postbook.sent(row), headers, letter)


def counted(counter: Counter[Reading]) -> tuple[int, datetime | None]:
    """How many there are, no further than ``LATEST`` and one, and when the last one left."""
    mails = SQL["mails"].c
    some = sa.select(mails.sent_at).where(*_own(counter)).order_by(mails.sent_at.desc()).limit(LATEST + 1)
    sent = [row["sent_at"] for row in counter.tx.rows(some)]
    return len(sent), sent[0] if sent else None


def _own(counter: Counter[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    """The lists of council that left to the address of whoever asks, and were not emptied since."""
    mails = SQL["mails"].c
    return (
        mails.kind == MailKind.COUNCIL,
        mails.state == MailState.SENT,
        sa.func.lower(mails.to_address) == counter.person.email.strip().lower(),
        mails.message != b"",
    )
