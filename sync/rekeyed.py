"""Rows that changed handles among themselves: a sort that the service's anchors did not follow.

The ID cells then say which row is which: the ledger follows them, nothing is written there.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from sync.link_tables import LINKS
from sync.remote import Seen
from sync.store import Reading, Writing


def moved(tx: Reading, remote: str, table: str, rows: Mapping[str, Seen]) -> dict[str, str]:
    """Link → handle of the row that bears its ID, for those that a sort moved.

    An ID that is still where it was, or nowhere, was not moved by a sort; of one that is there twice, the row
    that took a known handle is taken for the one that was copied. A link whose ID is nowhere, while another
    took its handle, has no row any more: it is given a handle that none bears.
    """
    columns = LINKS.c
    query = sa.select(columns.id, columns.record, columns.key).where(
        columns.remote == remote, columns.table_name == table, columns.key.is_not(None)
    )
    links = {row.record or row.id: (row.id, row.key) for row in tx.connection.execute(query)}
    holders = {key: shown for shown, (_, key) in links.items()}
    bearing: dict[str, list[str]] = {}
    for key, row in rows.items():
        if row.id in links:
            bearing.setdefault(row.id, []).append(key)
    changed = {
        shown: min(keys, key=lambda key: (key not in holders, key))
        for shown, keys in bearing.items()
        if links[shown][1] in rows and links[shown][1] not in keys
    }
    while True:  # a handle is not taken from whoever stays there
        left = {links[shown][1] for shown in changed}
        taken = {key: holders[key] for key in changed.values() if key in holders and key not in left}
        stay = [shown for shown, key in changed.items() if taken.get(key) in bearing]
        if not stay:
            break
        for shown in stay:
            del changed[shown]
    return {links[shown][0]: key for shown, key in (changed | _nowhere(taken, holders)).items()}


def _nowhere(taken: Mapping[str, str], holders: Mapping[str, str]) -> dict[str, str]:
    """A handle that no row bears, nor any link, for each whose own was taken."""
    found = {}
    for key, shown in taken.items():
        none = f"-{key}"
        while none in holders:
            none += "0"
        found[shown] = none
    return found


def follow(tx: Writing, handles: Mapping[str, str]) -> None:
    """Give these links their new handles."""
    tx.connection.execute(sa.update(LINKS).where(LINKS.c.id.in_(list(handles))).values(key=None))
    for link, key in handles.items():
        tx.connection.execute(sa.update(LINKS).where(LINKS.c.id == link).values(key=key, open=True))
