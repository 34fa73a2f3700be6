"""What a person, or an act of the desk, orders of reconciliation; the worker does it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from policy.reasons import refused
from sync import links, moved
from sync.link_tables import (
    HELD,
    LINKS,
    REMOTE_NOTICES,
    REMOTE_TABLES,
    REMOTES,
    TOMBSTONES,
    Held,
    Tie,
)
from sync.store import Reading, Row, Writing

_ACTIVE = (
    sa.select(HELD)
    .where(HELD.c.link.in_(sa.bindparam("asked", expanding=True)), HELD.c.settled_at.is_(None))
    .order_by(HELD.c.id)
)


class Thaw(StrEnum):
    """What becomes of the rows whose disappearance froze a table."""

    PUT_BACK = "remettre les lignes"
    LET_GO = "laisser les lignes hors de la table"


def purge(tx: Writing, table: str, record: str, at: datetime, *, outline: bool = False) -> bool:
    """Invariant 8: nothing of this record may stay there, nor in the ledger; whether a remote may hold it.

    ``outline`` (R-81): here, what a statistic needs of it stays. Once nothing does, nothing comes back.
    In the transaction that empties the record: from then on the tombstone wins over any undo or restore.
    """
    where = (TOMBSTONES.c.table_name == table, TOMBSTONES.c.record == record)
    there = tx.row(sa.select(TOMBSTONES.c.outline).where(*where))
    if there is None:
        values = {"table_name": table, "record": record, "at": at, "outline": outline or None}
        tx.connection.execute(sa.insert(TOMBSTONES).values(values))
    elif there["outline"] and not outline:
        tx.connection.execute(sa.update(TOMBSTONES).where(*where).values(outline=None, at=at))
    rows = tx.rows(sa.select(LINKS).where(LINKS.c.table_name == table, LINKS.c.record == record))
    for link in map(links.of, rows):
        tx.connection.execute(sa.delete(HELD).where(HELD.c.link == link.id))
        said = sa.delete(REMOTE_NOTICES).where(REMOTE_NOTICES.c.key.contains(f":{link.id}:"))
        tx.connection.execute(said)  # it names the row
        emptied = links.Link(
            link.id, link.remote, table, record, link.key, Tie.PURGED, at, first_look=link.first_look
        )
        links.save(tx, emptied)
    moved.note(tx, table, [record])
    return bool(rows)


def outlined(tx: Reading, table: str, record: str) -> datetime | None:
    """R-81: when this record was made anonymous; ``None`` for one that was not."""
    where = (TOMBSTONES.c.table_name == table, TOMBSTONES.c.record == record, TOMBSTONES.c.outline)
    at: datetime | None = tx.scalar(sa.select(TOMBSTONES.c.at).where(*where))
    return at


def adopt(tx: Writing, link: str, record: str, at: datetime) -> None:
    """A row born there is this record from now on. Raises ``Refused`` when it waits no more."""
    found = _waiting(tx, link)
    found.record, found.tie, found.since, found.told, found.open = record, Tie.LINKED, at, None, True
    links.save(tx, found)


def decline(tx: Writing, link: str, words: str, at: datetime) -> None:
    """A row born there is not taken; its « Synchronisation » cell says why. Raises ``Refused``."""
    found = _waiting(tx, link)
    found.tie, found.since, found.told, found.open = Tie.DECLINED, at, words, True
    links.save(tx, found)


def erase(tx: Writing, link: str, at: datetime) -> None:
    """A row born there is not taken, and nothing of it may stay: it is deleted there as by ``purge``.

    Raises ``Refused`` when it waits no more.
    """
    found = _waiting(tx, link)
    tx.connection.execute(sa.delete(HELD).where(HELD.c.link == link))
    tx.connection.execute(sa.delete(REMOTE_NOTICES).where(REMOTE_NOTICES.c.key.contains(f":{link}:")))
    emptied = links.Link(
        found.id, found.remote, found.table, None, found.key, Tie.PURGED, at, first_look=found.first_look
    )
    links.save(tx, emptied)


def keep_ours(tx: Writing, held: str, who: str, at: datetime) -> None:
    """A dispute or a rejection ends with our value, which goes there. Raises ``Refused`` when it is over."""
    row = _active(tx, held)
    link = _link(tx, row["link"])
    field = row["field"]
    if field in link.held:
        link.raw[field] = link.held.pop(field)[1]
    link.agreed.pop(field, None)  # whatever ours is, it is news there
    link.open = True
    links.save(tx, link)
    close(tx, held, "notre valeur est gardée", who, at)


def keep_theirs(tx: Writing, held: str, value: object, who: str, at: datetime) -> None:
    """A dispute ends with what was typed there, which the desk has just accepted as ``value`` (written)."""
    row = _active(tx, held)
    link = _link(tx, row["link"])
    field = row["field"]
    if field in link.held:
        link.raw[field] = link.held.pop(field)[1]
        link.agreed[field] = value
    link.open = True
    links.save(tx, link)
    close(tx, held, "la valeur de la table est prise", who, at)


def close(tx: Writing, held: str, outcome: str, who: str, at: datetime) -> None:
    """Settle a held value: what was typed stays told."""
    values = {"settled_at": at, "settled_by": who, "outcome": outcome}
    tx.connection.execute(sa.update(HELD).where(HELD.c.id == held).values(values))


def put_there_again(tx: Writing, link: str, at: datetime) -> None:
    """A withdrawn record goes back to the table, as a new row. Raises ``Refused``."""
    found = _link(tx, link)
    if found.tie is not Tie.WITHDRAWN:
        raise refused("Cette fiche n'est plus retirée de la table.")
    anew(tx, found, at)


def leave_out(tx: Writing, link: str, who: str, at: datetime) -> None:
    """A withdrawn record stays out of the table: a person said so. Raises ``Refused``."""
    found = _link(tx, link)
    if found.tie is not Tie.WITHDRAWN:
        raise refused("Cette fiche n'est plus retirée de la table.")
    found.told, found.since = f"laissée hors de la table par {who}", at
    links.save(tx, found)


def anew(tx: Writing, link: links.Link, at: datetime) -> None:
    """The record is created there as if it had never been; what was agreed is for a row that comes back.

    What was refused in the row that is no more stays told, and waits for nobody: our value goes there.
    """
    for row in active(tx, link.id):
        if is_rejection(row):
            close(tx, row["id"], "la ligne a été remise dans la table", link.remote, at)
    links.save(tx, links.unseen(link, Tie.LINKED, at))
    if link.record:
        moved.note(tx, link.table, [link.record])  # it may have left the window since: then it stays out


def pause(tx: Writing, remote: str, who: str, why: str, at: datetime) -> None:
    """Stop speaking to the remote until ``resume``."""
    _change(tx, remote, paused_at=at, paused_by=who, paused_why=why)


def resume(tx: Writing, remote: str) -> None:
    """Speak again, at once, whatever the remote last answered."""
    _change(
        tx, remote, paused_at=None, paused_by=None, paused_why=None, silent_until=None, asked_until=None,
        needs_person=False,
    )  # fmt: skip


def confirm(tx: Writing, remote: str) -> None:
    """After a restore: a person says that this store may write there again."""
    _change(tx, remote, restored_at=None)


def wake(tx: Writing, at: datetime) -> None:
    """Look at once."""
    tx.connection.execute(sa.update(REMOTES).values(woken_at=at))


def thaw(tx: Writing, remote: str, table: str, how: Thaw, at: datetime, who: str = "") -> int:
    """A person says what a frozen table's missing rows become, and how many; it is exchanged again."""
    where = (REMOTE_TABLES.c.remote == remote, REMOTE_TABLES.c.table_name == table)
    row = tx.row(sa.select(REMOTE_TABLES).where(*where))
    if row is None or row["frozen_at"] is None:
        raise refused("Cette table n'est plus gelée.")
    query = sa.select(LINKS).where(LINKS.c.remote == remote, LINKS.c.table_name == table)
    query = query.where(LINKS.c.absences > 0, LINKS.c.tie == Tie.LINKED.value)
    missing = [links.of(each) for each in tx.rows(query)]
    for link in missing:
        if how is Thaw.PUT_BACK:
            anew(tx, link, at)
        else:
            link.tie, link.since, link.open = Tie.WITHDRAWN, at, False
            link.told = f"laissée hors de la table par {who}" if who else None
            links.save(tx, link)
    tx.connection.execute(
        sa.update(REMOTE_TABLES).where(*where).values(frozen_at=None, frozen_why=None, thawed_at=at)
    )
    wake(tx, at)
    return len(missing)


def tell(tx: Writing, remote: str, key: str, words: str, at: datetime) -> bool:
    """Tell a person once, whatever is told again under the same key; whether it was news."""
    there = tx.row(
        sa.select(REMOTE_NOTICES).where(REMOTE_NOTICES.c.remote == remote, REMOTE_NOTICES.c.key == key)
    )
    if there is None:
        values = {"remote": remote, "key": key, "words": words, "at": at}
        tx.connection.execute(sa.insert(REMOTE_NOTICES).values(values))
    return there is None


def heard(tx: Writing, remote: str, key: str, who: str, at: datetime) -> None:
    """A person has read a notice."""
    where = (REMOTE_NOTICES.c.remote == remote, REMOTE_NOTICES.c.key == key)
    tx.connection.execute(sa.update(REMOTE_NOTICES).where(*where).values(seen_at=at, seen_by=who))


def active(tx: Reading, link: str, field: str | None = None) -> list[Row]:
    """The disputes and rejections of a link that are not settled."""
    found = all_active(tx, [link]).get(link, [])
    return found if field is None else [row for row in found if row["field"] == field]


def all_active(tx: Reading, asked: Sequence[str]) -> dict[str, list[Row]]:
    """The disputes and rejections of these links that are not settled, by link."""
    found: dict[str, list[Row]] = {}
    for start in range(0, len(asked), links.AT_ONCE):
        for row in tx.rows(_ACTIVE, {"asked": list(asked[start : start + links.AT_ONCE])}):
            found.setdefault(row["link"], []).append(row)
    return found


def is_rejection(held: Row) -> bool:
    """Whether a held value is a rejection, not a dispute."""
    return bool(held["kind"] == Held.REJECTED.value)


def _active(tx: Writing, held: str) -> Row:
    row = tx.row(sa.select(HELD).where(HELD.c.id == held, HELD.c.settled_at.is_(None)).with_for_update())
    if row is None:
        raise refused("C'est déjà réglé : la page montre un état plus ancien.")
    return row


def _link(tx: Writing, link: str) -> links.Link:
    row = tx.row(sa.select(LINKS).where(LINKS.c.id == link).with_for_update())
    if row is None:
        raise refused("Cette ligne n'est plus suivie : la page montre un état plus ancien.")
    return links.of(row)


def _waiting(tx: Writing, link: str) -> links.Link:
    found = _link(tx, link)
    if found.tie not in (Tie.BORN, Tie.PROPOSED):
        raise refused("Cette ligne a déjà été accueillie ou refusée.")
    return found


def _change(tx: Writing, remote: str, **values: object) -> None:
    tx.connection.execute(sa.update(REMOTES).where(REMOTES.c.name == remote).values(values))
