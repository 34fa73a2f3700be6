"""Rows that changed handles among themselves: a sort that the service's anchors did not follow.

The ID cells then say which row is which: the ledger follows them, nothing is written there.
"""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from sync.link_tables import LINKS
from sync.remote import Seen
from sync.store import Reading, Writing


def moved(tx: Reading, remote: str, table: str, rows: Mapping[str, Seen]) -> dict[str, str]:
    """Link → handle of the one row that bears its ID, for those that a sort moved.

    Only among rows that are all there: an ID that is missing, or there twice, was not moved by a sort.
    """
    columns = LINKS.c
    query = sa.select(columns.id, columns.record, columns.key).where(
        columns.remote == remote, columns.table_name == table, columns.key.is_not(None)
    )
    links = {row.record or row.id: (row.id, row.key) for row in tx.connection.execute(query)}
    times = Counter(row.id for row in rows.values() if row.id)
    changed = {
        row.id: key
        for key, row in rows.items()
        if row.id in links and links[row.id][1] != key and links[row.id][1] in rows and times[row.id] == 1
    }
    while changed:  # a handle is taken only when whoever bears it takes another one
        left = {links[shown][1] for shown in changed}
        stay = [shown for shown, key in changed.items() if key not in left]
        if not stay:
            break
        for shown in stay:
            del changed[shown]
    return {links[shown][0]: key for shown, key in changed.items()}


def follow(tx: Writing, handles: Mapping[str, str]) -> None:
    """Give these links their new handles."""
    tx.connection.execute(sa.update(LINKS).where(LINKS.c.id.in_(list(handles))).values(key=None))
    for link, key in handles.items():
        tx.connection.execute(sa.update(LINKS).where(LINKS.c.id == link).values(key=key, open=True))
