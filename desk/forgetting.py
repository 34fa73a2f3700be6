"""How a record is forgotten: whole (R-29, R-33), or all but what a statistic needs of it (R-81).

In the caller's transaction: row, history, search, drafts, documents, mails, the order to erase it outside.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from desk import attachments, field_traces, purged_mails, search
from desk.acts import write
from desk.visits import Counter
from policy.private_words import PrivateKind
from policy.words import Channel, Nature, Priority, State
from sync import history, orders, words
from sync.fields import Field, Kind
from sync.file_tables import FILES
from sync.forget import forget
from sync.outside import CARRIED
from sync.schema import SEARCH_DOCS, SQL
from sync.store import Row, Writing
from sync.tables import TABLES
from sync.vault import SEALED

NOTHING = "—"
# what stays of a file is what was counted: which kind, where it went, when, how it ended.
COUNTED = frozenset(
    {"number", "nature", "channel", "forwarded_by", "received_at", "category", "department", "priority",
     "sector", "anonymous", "first_contact", "intake_token", "source_id", "brought_in", "duplicate_of",
     "state", "planned_on", "wait_reason", "complex", "code", "done_on", "completed_at", "closed_at",
     "first_closed_at", "closed_by", "reopened_at", "target_on", "target_why", "ack_due_at", "ack_why",
     "acknowledged_at", "open", "queue_rank", "queue_day", "moved_at"}
)  # fmt: skip
APART = frozenset({"files", "attachments", "mails", "claims"})  # each forgotten in its own way
_TEXTS = frozenset({Kind.TEXT, Kind.LONG, Kind.JSON, Kind.BYTES})


def whole(counter: Counter[Writing], file: Row, act: str) -> bool:
    """Nothing is left of it but a row that bears its number; its history tells that and no value.

    Whether a table outside holds it, or may: the order to erase it there is given with the rest.
    """
    tx, id, by = counter.tx, file["id"], counter.by(act)
    drafts(tx, id)
    callers = _callers(counter, id)
    outside = [_shredded(counter, table, row, act) for table, row in _hanging(counter, id)]
    blank: dict[str, Any] = dict.fromkeys(field.name for field in FILES.fields)
    kept = {name: file[name] for name in ("number", "source_id", "intake_token")}  # never borne again
    required = {
        "nature": Nature.COMPLAINT,
        "channel": Channel.PHONE,
        "received_at": counter.at,
        "priority": Priority.NORMAL,
        "facts": NOTHING,
        "anonymous": True,
        "first_contact": False,
        "state": State.CANCELLED,
        "complex": False,
        "open": False,
        "queue_rank": 0,
        "queue_day": counter.today,
    }
    tx.update("files", id, {**blank, **kept, **required}, by)
    history.erase(tx, "files", id, None, by)
    out_of_search(tx, "files", id)
    outside.append(orders.purge(tx, "files", id, counter.at))
    outside += [citizen(counter, each, act) for each in (file["citizen"], *callers)]
    orders.wake(tx, counter.at)
    return any(outside)


def outline(counter: Counter[Writing], file: Row, act: str) -> None:
    """R-81: the identity and every free text of an ordinary file go; what statistics count stays."""
    tx, id, by = counter.tx, file["id"], counter.by(act)
    drafts(tx, id)
    attachments.take_away(counter, id, by)
    callers = _callers(counter, id)
    for caller in callers:
        for call in tx.find("contacts", file=id, citizen=caller):
            forget(tx, "contacts", call["id"], {"citizen"}, by)
    for table, row in _hanging(counter, id):
        forget(tx, table, row["id"], _texts_of(table), by)
        if table in CARRIED:
            orders.purge(tx, table, row["id"], counter.at, outline=True)
    for claim in tx.find("claims", file=id):
        private(counter, PrivateKind.CLAIM, "claims", claim["id"], act)
    purged_mails.clear_folder(counter.house, purged_mails.forget_own(counter, file))
    forget(tx, "files", id, {field.name for field in FILES.fields} - COUNTED, by)
    search.index(counter, id)
    orders.purge(tx, "files", id, counter.at, outline=True)
    for each in (file["citizen"], *callers):
        citizen(counter, each, act)
    orders.wake(tx, counter.at)


def private(counter: Counter[Writing], kind: PrivateKind, table: str, record: str, act: str) -> None:
    """R-81: of a private file, all that is sealed goes with its key, and what hangs on it; dates stay.

    An employee's file keeps what was entered in it (R-32): it has a term of its own.
    """
    tx, by = counter.tx, counter.by(act)
    drafts(tx, record)
    documents(counter, record, act)
    for other, name in _pointing_at(table):
        for row in tx.rows(sa.select(SQL[other].c.id).where(SQL[other].c[name] == record)):
            _let_go(counter, other, name, row["id"], act)
    readings = SQL["readings"]
    read = sa.delete(readings).where(readings.c.kind_of_file == kind, readings.c.record == record)
    tx.connection.execute(read)
    forget(tx, table, record, SEALED[table].keys(), by)
    orders.purge(tx, table, record, counter.at, outline=True)


def documents(counter: Counter[Writing], record: str, act: str) -> None:
    """The documents of a private file, and their contents."""
    rows = SQL["private_documents"].c
    for document in counter.tx.rows(sa.select(rows.id).where(rows.record == record)):
        contents = SQL["private_contents"].c
        for held in counter.tx.rows(sa.select(contents.id).where(contents.document == document["id"])):
            counter.tx.delete("private_contents", held["id"])
        counter.tx.shred("private_documents", document["id"], counter.by(act))


def unlink_duplicates(counter: Counter[Writing], file: Row) -> tuple[str, ...]:
    """R-18: what repeats it stands on its own feet again; the numbers of those files."""
    twins = counter.tx.find("files", ("number",), duplicate_of=file["id"])
    for twin in twins:
        write(counter, twin, {"duplicate_of": None}, "délier le doublon")
    for claim in counter.tx.find("claims", repairs=file["id"]):
        counter.tx.update("claims", claim["id"], {"repairs": None}, counter.by("délier la requête"))
    return tuple(twin["number"] for twin in twins)


def drafts(tx: Writing, record: str) -> None:
    """Of every account."""
    tx.connection.execute(sa.delete(SQL["drafts"]).where(SQL["drafts"].c.record == record))


def citizen(counter: Counter[Writing], id: str | None, act: str) -> bool:
    """Who is known by this file alone is not known any more; whether a table outside holds the row."""
    if id is None or counter.tx.hold("citizens", id) is None:
        return False
    for table, name in _pointing_at("citizens"):
        columns = SQL[table].c
        if counter.tx.scalar(sa.select(columns.id).where(columns[name] == id).limit(1)):
            return False
    out_of_search(counter.tx, "citizens", id)
    counter.tx.shred("citizens", id, counter.by(act))
    return orders.purge(counter.tx, "citizens", id, counter.at)


def out_of_search(tx: Writing, table: str, record: str) -> None:
    """Nothing of this record is found by its words any more."""
    words.index(tx, table, record, {})
    docs = SEARCH_DOCS.c
    tx.connection.execute(sa.delete(SEARCH_DOCS).where(docs.table_name == table, docs.record == record))


def _callers(counter: Counter[Writing], file: str) -> tuple[str, ...]:
    """R-9: the other citizens who called about a file."""
    found = (row["citizen"] for row in counter.tx.find("contacts", file=file))
    return tuple(dict.fromkeys(each for each in found if each))


def _hanging(counter: Counter[Writing], file: str) -> Iterator[tuple[str, Row]]:
    """Whatever else hangs from a file, in whichever table: (table, row as it lies). What lies beside goes."""
    for table, name in _pointing_at("files"):
        if table not in APART:
            for row in counter.tx.rows(sa.select(SQL[table]).where(SQL[table].c[name] == file)):
                if table == "field_reports":
                    field_traces.drop(counter, row)
                yield table, row


def _pointing_at(table: str) -> list[tuple[str, str]]:
    """Every (table, field) that refers to rows of that table."""
    return [
        (each.name, field.name) for each in TABLES.values() for field in each.fields if field.ref == table
    ]


def _texts_of(table: str) -> set[str]:
    return {
        field.name for field in TABLES[table].fields
        if field.kind in _TEXTS and not field.unique and not _keyed(table, field)
    }  # fmt: skip


def _keyed(table: str, field: Field) -> bool:
    return any(field.name in key for key in TABLES[table].unique)


def _shredded(counter: Counter[Writing], table: str, row: Mapping[str, Any], act: str) -> bool:
    counter.tx.shred(table, row["id"], counter.by(act))
    return table in CARRIED and orders.purge(counter.tx, table, row["id"], counter.at)


def _let_go(counter: Counter[Writing], table: str, name: str, record: str, act: str) -> None:
    """A row that points to a private file goes with it; an employee's file only lets go of it."""
    by = counter.by(act)
    if table == "personnel":
        counter.tx.update(table, record, {name: None}, by)
        return
    for other, field in _pointing_at(table):
        for row in counter.tx.rows(sa.select(SQL[other].c.id).where(SQL[other].c[field] == record)):
            counter.tx.update(other, row["id"], {field: None}, by)
    counter.tx.shred(table, record, by)
