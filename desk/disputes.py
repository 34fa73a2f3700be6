"""Values typed in the town's table that are not ours: both sides side by side, one gesture to settle each."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk import inbound
from desk.table_words import name_of, table_said, words_of
from desk.timeline import SYSTEMS
from desk.visits import Counter, Visit
from policy.confidentiality import may_see_file
from policy.reasons import refused
from policy.roles import Deed, System, may, refuse_unless
from sync import links, orders, welcome
from sync.history import entries
from sync.link_tables import HELD, LINKS, Held, Tie
from sync.store import Reading, Row, Writing
from sync.tables import TABLES
from sync.values import read_back

MOST = 50  # shown at once, the oldest first: the others come as these are settled


@dataclass(frozen=True)
class Side:
    """What one side says, in French; who wrote it and when (UTC), where that is known."""

    text: str
    who: str
    at: datetime | None


@dataclass(frozen=True)
class Disagreement:
    """A value typed there that is not ours. ``number`` is the file's, empty when it is no file.

    ``rejected``: the desk refused it, ``why`` says so with its ``article``; else both sides changed it.
    ``takes``: theirs reads, and may be taken as it is.
    """

    held: str
    rejected: bool
    table: str
    name: str
    number: str
    field: str
    ours: Side
    theirs: Side
    why: str
    article: str
    takes: bool


@dataclass(frozen=True)
class Gone:
    """A row that was removed there and whose record stands here (invariant 6)."""

    link: str
    table: str
    name: str
    number: str
    since: datetime


def disagreements(visit: Visit) -> tuple[Disagreement, ...]:
    """Disputes, then refused values, the oldest first, ``MOST`` of each; for who settles them, else none."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.SETTLE_REMOTE):
            return ()
        return tuple(
            told
            for kind in (Held.DISPUTED, Held.REJECTED)
            for row in _waiting(counter.tx, kind)
            if (told := _told(counter, row)) is not None
        )


def withdrawn(visit: Visit) -> tuple[Gone, ...]:
    """The rows removed there of which nobody decided, the last first, ``MOST`` of them; see ``left_out``."""
    return _gone(visit, LINKS.c.told.is_(None))


def left_out(visit: Visit) -> tuple[Gone, ...]:
    """The rows that a person leaves out of the table; for who settles disputes, else none."""
    return _gone(visit, LINKS.c.told.is_not(None))


def _gone(visit: Visit, which: sa.ColumnElement[bool]) -> tuple[Gone, ...]:
    with visit.reading() as counter:
        if not may(counter.person, Deed.SETTLE_REMOTE):
            return ()
        query = sa.select(LINKS).where(LINKS.c.tie == Tie.WITHDRAWN.value, LINKS.c.record.is_not(None), which)
        rows = counter.tx.rows(query.order_by(LINKS.c.since.desc(), LINKS.c.id).limit(MOST))
        return tuple(
            Gone(
                row["id"],
                TABLES[row["table_name"]].label,
                name_of(counter.tx, row["table_name"], record),
                record["number"] if row["table_name"] == "files" else "",
                row["since"],
            )
            for row in rows
            if (record := counter.tx.get(row["table_name"], row["record"])) is not None
            and _in_sight(counter, row["table_name"], record)
        )


def keep_ours(visit: Visit, held: str) -> str:
    """Our value stays, and goes back to the table; what is said. Twice, or too late, changes nothing."""
    with visit.writing() as counter:
        found = _asked(counter, held)
        if found["settled_at"] is not None:
            return _already(counter.tx, found)
        orders.keep_ours(counter.tx, held, counter.person.name, counter.at)
        orders.wake(counter.tx, counter.at)
        return f"{_called(counter.tx, found)} : la valeur du guichet est gardée, elle retourne dans la table."


def keep_theirs(visit: Visit, held: str) -> str:
    """What was typed there becomes ours, judged as any change of the director; what is said.

    Twice, or too late, changes nothing. Raises ``Refused`` for a value that does not fit, or never read.
    """
    with visit.writing() as counter:
        found = _asked(counter, held)
        if found["settled_at"] is not None:
            return _already(counter.tx, found)
        if not _reads(found):
            raise refused("Cette valeur ne se lit pas : corrigez-la dans la table.")
        table, name, value = found["table_name"], found["field"], json.loads(found["theirs"] or "null")
        desk = inbound.Desk(
            counter.house, lambda: visit.at, f"{found['label']} (au choix de {counter.person.name})"
        )
        desk.change(counter.tx, table, found["record"], {name: read_back(TABLES[table].field(name), value)})
        orders.keep_theirs(counter.tx, held, value, counter.person.name, counter.at)
        orders.wake(counter.tx, counter.at)
        # where dates hang on it, the clock counts the files anew
        return f"{_called(counter.tx, found)} : la valeur de la table est prise."


def put_there_again(visit: Visit, link: str) -> str:
    """A row removed there is made anew; what is said. Twice, or too late, changes nothing."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_REMOTE)
        found = links.held_fast(counter.tx, link)
        if found is None or found.tie is not Tie.WITHDRAWN:
            return "Cette ligne n'est plus retirée : elle est revenue, ou quelqu'un l'a déjà remise."
        orders.put_there_again(counter.tx, link, counter.at)
        orders.wake(counter.tx, counter.at)
        return "La ligne sera remise dans la table au prochain échange."


def leave_out(visit: Visit, link: str) -> str:
    """A row removed there stays out of the table; what is said. Twice, or too late, changes nothing."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_REMOTE)
        found = links.held_fast(counter.tx, link)
        if found is None or found.tie is not Tie.WITHDRAWN:
            return "Cette ligne n'est plus retirée : elle est revenue, ou quelqu'un l'a déjà remise."
        orders.leave_out(counter.tx, link, counter.person.name, counter.at)
        return "La ligne reste hors de la table. Sa fiche reste au guichet, et se remet quand on veut."


_OF_LINK = (LINKS.c.remote, LINKS.c.table_name, LINKS.c.record, LINKS.c.there)


def _question() -> sa.Select[Any]:
    from_links = HELD.join(LINKS, LINKS.c.id == HELD.c.link)
    return sa.select(HELD, *_OF_LINK).select_from(from_links)


def _waiting(tx: Reading, kind: Held) -> list[Row]:
    query = _question().where(HELD.c.settled_at.is_(None), HELD.c.kind == kind.value)
    return tx.rows(query.order_by(HELD.c.at, HELD.c.id).limit(MOST))


def _asked(counter: Counter[Writing], held: str) -> Row:
    """The held value, its record locked: two people who settle it wait for one another."""
    refuse_unless(counter.person, Deed.SETTLE_REMOTE)
    row = counter.tx.row(_question().where(HELD.c.id == held))
    if row is None or not row["record"]:
        raise refused("Cette ligne n'est plus suivie : la page montre un état plus ancien.")
    record = counter.tx.lock(row["table_name"], row["record"])
    again = counter.tx.row(_question().where(HELD.c.id == held))
    if record is None or again is None or not _in_sight(counter, row["table_name"], record):
        raise refused("Cette ligne n'est plus suivie : la page montre un état plus ancien.")
    return {**again, "label": _label(counter.tx, row["remote"])}


def _told(counter: Counter[Reading], row: Row) -> Disagreement | None:
    table, record = row["table_name"], counter.tx.get(row["table_name"], row["record"] or "")
    field = next((each for each in TABLES[table].fields if each.name == row["field"]), None)
    if field is None or record is None or not _in_sight(counter, table, record):
        return None
    who, at = _last(counter.tx, table, record["id"], field.name)
    reads = _reads(row)
    theirs = (
        words_of(counter.tx, field, read_back(field, json.loads(row["theirs"] or "null")))
        if reads
        else table_said(counter.tx, row["remote"], field, json.loads(row["raw"] or "null"))
    )
    return Disagreement(
        held=row["id"],
        rejected=row["kind"] == Held.REJECTED.value,
        table=TABLES[table].label,
        name=name_of(counter.tx, table, record),
        number=record["number"] if table == "files" else "",
        field=field.label,
        ours=Side(words_of(counter.tx, field, record[field.name]), who, at),
        theirs=Side(theirs, _label(counter.tx, row["remote"]), row["at"]),
        why=row["words"],
        article=row["article"],
        takes=reads and row["kind"] == Held.DISPUTED.value,
    )


def _in_sight(counter: Counter[Any], table: str, record: Row) -> bool:
    return table != "files" or may_see_file(counter.person, record)


def _reads(row: Row) -> bool:
    """An emptied cell reads as no value; what is there and has no value of ours does not read."""
    return row["theirs"] is not None or json.loads(row["raw"] or "null") in (None, "", [])


def _last(tx: Reading, table: str, record: str, field: str) -> tuple[str, datetime | None]:
    """Who last changed the field here, and when."""
    told = [entry for entry in entries(tx, table, record) if field in entry.changes]
    if not told:
        return "", None
    name = told[-1].name
    return (SYSTEMS[System(name)] if name in set(System) else name), told[-1].at


def _already(tx: Reading, row: Row) -> str:
    by = f" par {row['settled_by']}" if row["settled_by"] else ""
    return f"{_called(tx, row)} : c'était déjà réglé{by} — {row['outcome']}."


def _called(tx: Reading, row: Row) -> str:
    table, record = row["table_name"], tx.get(row["table_name"], row["record"])
    name = name_of(tx, table, record) if record else TABLES[table].label
    return f"{name}, « {TABLES[table].field(row['field']).label} »"


def _label(tx: Reading, remote: str) -> str:
    return welcome.labels(tx).get(remote, remote)
