"""The town's table and the private base of complaints, as both are spoken to, answered and logged.

No word of a private file is in the table, nor in what is kept, told or logged of either; the base says what
complaints say, and no other kind of file.
"""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from desk.exchanges import Post
from desk.private_base import PrivatePost
from jobs.exchange import exchanging
from policy.private_words import PrivateKind
from sync.link_tables import HELD, LINKS, PRIVATE_BASES, PRIVATE_LINKS, REMOTE_NOTICES, REMOTES
from sync.pace import Pace
from tests.cast import Cast
from tests.desk.test_private_base import assess
from tests.remotes.memory import InMemory, Service
from tests.remotes.served import AT_ONCE
from tests.remotes.served import kept as kept
from tests.wall.planted import NOON, plant
from tests.wall.test_outside import met

LEDGERS = (REMOTES, LINKS, HELD, REMOTE_NOTICES, PRIVATE_BASES, PRIVATE_LINKS)
IN_A_COMPLAINT = {PrivateKind.COMPLAINT, PrivateKind.PERSONNEL}  # what its conclusion entered is said in it


def test_the_table_hears_nothing_private_and_the_base_complaints_alone(
    cast: Cast, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    plant(cast, store_url)
    assess(cast)
    there, apart, now = Service(), Service(), [NOON]
    table = Post(cast.house, InMemory(there), Pace(*AT_ONCE), lambda: now[0], "ici")
    base = PrivatePost(cast.house, InMemory(apart), Pace(*AT_ONCE), lambda: now[0], "ici")
    for post in (table, base):
        post.setup()
    looks, said = [exchanging(table), exchanging(base)], []
    for fault in ("fine", "before", "other", "lost", "fine"):
        now[0] += timedelta(hours=1)
        for service in (there, apart):
            service.faults = ["fine", fault]
            for rows in service.tables.values():
                for row in rows.values():
                    row["note_of_sync"] = "tapé là-bas"
            service.version += 1
        said += [trouble for look in looks for trouble in look()]
    assert there.rows("files") and not met(str(there.tables))
    assert met(str(apart.tables)) == IN_A_COMPLAINT
    assert len(said) > 2 and not met(" ".join(said)) and not met(caplog.text)
    standing = base.standing()
    assert standing is not None and not met(" ".join(standing.lines))
    with cast.house.store.reading() as tx:
        kept_of_them = [str(row) for ledger in LEDGERS for row in tx.rows(sa.select(ledger))]
    assert kept_of_them and not met(" ".join(kept_of_them))
