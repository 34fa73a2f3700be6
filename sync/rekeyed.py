"""Rows that changed handles among themselves: a sort that the service's anchors did not follow.

The ID cells then say which row is which: the ledger follows them, nothing is written there.
"""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from sync.link_tables import LINKS
from sync.remote import Seen
from sync.store import Writing


def follow(tx: Writing, remote: str, table: str, rows: Mapping[str, Seen]) -> int:
    """Give each link the handle of the one row that bears its ID; how many changed.

    Only among rows that are all there: an ID that is missing, or there twice, was not moved by a sort.
    """
    columns = LINKS.c
    query = sa.select(columns.id, columns.record, columns.key).where(
        columns.remote == remote, columns.table_name == table, columns.key.is_not(None)
    )
    links = {row.record or row.id: row for row in tx.connection.execute(query)}
    times = Counter(row.id for row in rows.values() if row.id)
    once = {row.id: key for key, row in rows.items() if times.get(row.id) == 1}
    moved = {
        shown: once[shown]
        for shown, link in links.items()
        if shown in once and once[shown] != link.key and link.key in rows
    }
    handles = {links[shown].key for shown in moved}
    moved = {
        shown: key for shown, key in moved.items() if key in handles and links[shown].key in moved.values()
    }
    if not moved:
        return 0
    ids = [links[shown].id for shown in moved]
    tx.connection.execute(sa.update(LINKS).where(columns.id.in_(ids)).values(key=None))
    for shown, key in moved.items():
        tx.connection.execute(
            sa.update(LINKS).where(columns.id == links[shown].id).values(key=key, open=True)
        )
    return len(moved)
