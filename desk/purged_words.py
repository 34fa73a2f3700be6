"""All that an ordinary file says, in words: for the private file it becomes, before it is erased."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from desk import french
from desk.timeline import called
from policy.towntime import town_day
from sync.fields import Field, Kind, Table
from sync.file_tables import CITIZENS, FILES
from sync.schema import SQL
from sync.store import Reading, Row
from sync.tables import TABLES

FREE = ("facts", "place_note", "wait_words", "next_action", "last_reason", "note", "citizen_text")
_COUNTED = {"open", "queue_rank", "queue_day", "intake_token", "phone_digits", "moved_at"}  # bookkeeping
_LONGEST = 19_000  # of one note on the private file


def notes(tx: Reading, file: Row, reason: str) -> list[str]:
    """The texts of the notes that keep what the file held: as many as their length asks for."""
    told = "\n".join(_lines(tx, file, reason))
    return [told[start : start + _LONGEST] for start in range(0, len(told), _LONGEST)]


def _lines(tx: Reading, file: Row, reason: str) -> Iterator[str]:
    yield f"Cette plainte était inscrite comme demande ordinaire sous le numéro {file['number']}."
    yield f"Motif du reclassement : {reason.strip()}"
    yield from _fields(tx, FILES, file, besides={"facts"})
    citizen = tx.get("citizens", file["citizen"])
    if citizen is not None:
        yield "Qui demandait :"
        yield from _fields(tx, CITIZENS, citizen)
    for answer in tx.find("answers", file=file["id"]):
        words = f" — {answer['words']}" if answer["words"] else ""
        yield f"Réponse à la liste RNC de {answer['month']} : {answer['answer']}{words}"
    for call in tx.find("contacts", ("at",), file=file["id"]):
        who = tx.get("citizens", call["citizen"]) or {}
        from_whom = " ".join(part for part in (who.get("name"), who.get("phone"), who.get("email")) if part)
        yield f"Nouvel appel {from_whom} le {french.words(call['at'])} ({call['channel']}) : {call['words']}"
    for telling in tx.find("tellings", ("written_at",), file=file["id"]):
        yield f"Écrit au demandeur le {french.words(telling['written_at'])} : {telling['text']}"
    for report in tx.find("field_reports", file=file["id"]):
        yield "Signalement terrain :"
        yield from _fields(tx, TABLES["field_reports"], report, besides={"file", "token"})
    for thanks in tx.find("thanks", file=file["id"]):
        yield "Inscrite comme remerciement :"
        yield from _fields(tx, TABLES["thanks"], thanks, besides={"file"})
    for answer in tx.find("survey_answers", file=file["id"]):
        yield "Réponse au sondage :"
        yield from _fields(tx, TABLES["survey_answers"], answer, besides={"file"})
    for seen in tx.find("watch", file=file["id"]):
        yield "Vu sur un réseau social :"
        yield from _fields(tx, TABLES["watch"], seen, besides={"file", "token"})
    for task in tx.find("tasks", file=file["id"]):
        yield f"{task['kind']} : {task['words'] or ''}"
    mails = SQL["mails"].c
    about = select(mails.kind, mails.to_name, mails.to_address, mails.state, mails.sent_at)
    for mail in tx.rows(about.where(mails.file == file["id"]).order_by(mails.id)):
        when = f" le {french.day(town_day(mail['sent_at']))}" if mail["sent_at"] else ""
        yield f"{mail['kind']} à {mail['to_name'] or ''} <{mail['to_address']}> : {mail['state']}{when}"
    for claim in tx.find("claims", file=file["id"]):
        yield "Réclamation :"
        yield from _fields(tx, TABLES["claims"], claim, besides={"file"})


def _fields(tx: Reading, table: Table, row: Row, besides: Iterable[str] = ()) -> Iterator[str]:
    left_out = {*besides, *_COUNTED}
    for field in table.fields:
        if field.name not in left_out and field.kind is not Kind.JSON and row[field.name] not in (None, ""):
            yield f"{field.label} : {_value(tx, field, row[field.name])}"


def _value(tx: Reading, field: Field, value: Any) -> str:
    if field.kind is Kind.REF and field.ref and field.ref != "citizens":
        return called(tx, field.ref, value)
    return french.words(value)
