"""The time line of a file: every change as a French sentence (R-80)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk import contacts, french, tellings
from desk.citizens import COORDINATES
from desk.visits import Counter
from policy.confidentiality import may_see, visible_fields
from policy.roles import System
from policy.words import Sight
from sync.fields import Field, Kind
from sync.file_tables import ANSWERS, CITIZENS, FILES
from sync.history import Did, Entry, entries
from sync.schema import SQL
from sync.states import MailState
from sync.store import Reading, Row

# What only serves the machine: true, kept in the history, told to nobody.
UNTOLD = frozenset(
    {"open", "queue_rank", "queue_day", "moved_at", "target_why", "ack_why", "intake_token", "source_id",
     "brought_in"}
)  # fmt: skip
PAST = {
    "être": "été",
    "faire": "fait",
    "inscrire": "inscrit",
    "mettre": "mis",
    "ouvrir": "ouvert",
    "prendre": "pris",
    "recevoir": "reçu",
    "relire": "relu",
    "rendre": "rendu",
    "remettre": "remis",
    "reprendre": "repris",
    "rouvrir": "rouvert",
    "suivre": "suivi",
    "répondre": "répondu",
    "tenir": "tenu",
}
SYSTEMS = {
    System.CLOCK: "L'horloge",
    System.IMPORT: "L'import",
    System.SYNC: "La synchronisation",
    System.EXPORT: "L'exportation",
    System.SETUP: "La mise en place",
}


@dataclass(frozen=True)
class Moment:
    """One sentence: who did what, and the changes beneath it, one sentence each."""

    at: datetime
    who: str
    sentence: str
    changes: tuple[str, ...]
    whence: str


def timeline(counter: Counter[Reading], file: Row) -> tuple[Moment, ...]:
    """The sentences about this file, oldest first; fields this visit may not see are left out."""
    told = [
        *_acts(counter, file),
        *_answers(counter, file),
        *_mails(counter, file),
        *_attachments(counter, file),
        *_in_the_field(counter, file),
        *_holds(counter, file),
        *_calls(counter, file),
        *_tellings(counter, file),
        *_coordinates(counter, file),
    ]
    return tuple(sorted(told, key=lambda moment: moment.at))


def changed_since(
    counter: Counter[Reading], file: Row, after: datetime, names: frozenset[str]
) -> tuple[str, ...]:
    """What changed in these fields after a moment: one sentence an act, oldest first."""
    kept = [entry for entry in entries(counter.tx, "files", file["id"]) if entry.at > after]
    seen = {
        field.name: field
        for field in visible_fields(counter.person, "files", FILES.fields, file)
        if field.name in names
    }
    called_by = _names(counter.tx, seen.values(), kept)
    told = ((entry, tuple(_changes(entry, seen, called_by))) for entry in kept)
    return tuple(
        f"{french.moment(entry.at)}, {entry.name} — {' ; '.join(changes)}"
        for entry, changes in told
        if changes
    )


def _acts(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    kept = entries(counter.tx, "files", file["id"])
    shown = {field.name: field for field in visible_fields(counter.person, "files", FILES.fields, file)}
    names = _names(counter.tx, shown.values(), kept)
    for entry in kept:
        changes = tuple(_changes(entry, shown, names))
        if changes or entry.did is not Did.CHANGED:
            yield Moment(entry.at, entry.name, sentence(entry.name, entry.act), changes, entry.whence.value)


def sentence(name: str, act: str) -> str:
    """« Luc Tremblay a pris en charge », from the infinitive the act was signed with."""
    verb, _, rest = act.partition(" ")
    past = PAST.get(verb) or (f"{verb[:-2]}é" if verb.endswith("er") else verb)
    who = SYSTEMS[System(name)] if name in SYSTEMS else name
    return f"{who} a {past}{f' {rest}' if rest else ''}."


def _changes(entry: Entry, shown: Mapping[str, Field], names: Mapping[tuple[str, str], str]) -> Iterator[str]:
    for name, field in shown.items():
        if name in UNTOLD or entry.did is Did.ERASED:
            continue
        if name in entry.erased:
            yield f"{field.label} : valeur effacée selon la règle."
        if name not in entry.changes:
            continue
        before, after = entry.changes[name]
        if before == after or (before is None and after in (None, False, "")):
            continue
        now, then = _read(field, after, names), _read(field, before, names)
        yield f"{field.label} : {now}" + ("" if then == french.NOTHING else f" (avant : {then})")


def _read(field: Field, value: Any, names: Mapping[tuple[str, str], str]) -> str:
    if field.kind is Kind.REF and value:
        return names.get((field.ref or "", value), "fiche retirée")
    return french.words(value)


def _names(tx: Reading, fields: Iterable[Field], kept: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """What people call the rows the changes point to."""
    wanted = {
        (field.ref, value)
        for field in fields
        if field.kind is Kind.REF and field.ref
        for entry in kept
        for value in entry.changes.get(field.name, ())
        if value
    }
    return {(table, row): called(tx, table, row) for table, row in wanted}


def called(tx: Reading, table: str, row_id: str) -> str:
    """What people call a row another one points to: its name, its number, its code and label."""
    row = tx.get(table, row_id)
    if row is None:
        return "fiche retirée"
    if table == "codes":
        return f"{row['code']} {row['label']}"
    if table == "list_runs":
        return f"{row['kind']} {row['month']}"
    return str(row["number"] if table == "files" else row["name"] or "sans nom")


def _answers(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    shown = {field.name for field in visible_fields(counter.person, "answers", ANSWERS.fields, file)}
    if "answer" not in shown:
        return
    for answer in counter.tx.find("answers", file=file["id"]):
        who = called(counter.tx, "accounts", answer["answered_by"]) if answer["answered_by"] else "Le service"
        words = f" — {answer['words']}" if answer["words"] else ""
        whose = f" au nom de {answer['in_name_of']}" if answer["in_name_of"] else ""
        told = (
            f"{who} a répondu{whose} à la liste RNC de {answer['month']} : {answer['answer'].value}{words}."
        )
        yield Moment(answer["answered_at"], who, told, (), "")


def _mails(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    mails = SQL["mails"].c
    # not narrowed by state in the query: SQLite would go through every mail ever sent
    query = select(mails.kind, mails.to_name, mails.sent_at, mails.state).where(mails.file == file["id"])
    named = may_see(counter.person, Sight.IDENTITY, file)
    for mail in counter.tx.rows(query.order_by(mails.id)):
        if mail["state"] is not MailState.SENT or mail["sent_at"] is None:
            continue
        to = f" à {mail['to_name']}" if named and mail["to_name"] else ""
        yield Moment(mail["sent_at"], "", f"{mail['kind'].value} : courriel envoyé{to}.", (), "")


def _in_the_field(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """P §4.3: the reports this file came from, or that joined it."""
    for report in counter.tx.find("field_reports", ("sent_at",), file=file["id"]):
        who = called(counter.tx, "accounts", report["author"])
        said = (
            f", dite par la personne le {french.day(report['received_on'])}" if report["received_on"] else ""
        )
        yield Moment(report["sent_at"], who, f"{who} a signalé la demande sur le terrain{said}.", (), "")


def _calls(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """R-9: the new calls, with their words."""
    for call in contacts.listed(counter, file):
        other = f" de {call.citizen}" if call.citizen else ""
        said = f"Nouvel appel{other} ({call.channel.value}), noté par {call.who}."
        yield Moment(call.at, call.who, said, (call.words,), "")


def _tellings(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """P annexe A, point 5: what was written to the citizen while it was open."""
    for each in tellings.listed(counter, file):
        said = f"{each.who} a écrit au demandeur (« {each.state.value} »)."
        yield Moment(each.at, each.who, said, (each.text,) if each.text else (), "")


def _coordinates(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """P §4.3: who put right how the person is reached, and from what, since the file was entered."""
    fields = visible_fields(counter.person, "citizens", CITIZENS.fields, file)
    shown = {each.name: each for each in fields if each.name in COORDINATES}
    if not shown or not file["citizen"]:
        return
    for entry in entries(counter.tx, "citizens", file["citizen"]):
        changes = tuple(_changes(entry, shown, {}))
        if changes and entry.did is Did.CHANGED and entry.at > file["created_at"]:
            told = sentence(entry.name, entry.act)
            yield Moment(entry.at, entry.name, told, changes, entry.whence.value)


def _attachments(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """What was joined and what was taken off; a document's name may name a person."""
    named = may_see(counter.person, Sight.IDENTITY, file)
    for row in counter.tx.find("attachments", order_by=("added_at", "name"), file=file["id"]):
        name = f" « {row['name']} »" if named else ""
        who = called(counter.tx, "accounts", row["added_by"]) if row["added_by"] else "Le service"
        yield Moment(row["added_at"], who, f"{who} a joint la pièce{name}.", (), "")
        if row["removed_at"] is not None:
            who = called(counter.tx, "accounts", row["removed_by"]) if row["removed_by"] else "Le service"
            why = f" — {row['removed_why'].rstrip('. ')}" if named and row["removed_why"] else ""
            yield Moment(row["removed_at"], who, f"{who} a retiré la pièce{name}{why}.", (), "")


def _holds(counter: Counter[Reading], file: Row) -> Iterator[Moment]:
    """R-81: when nothing of it could be forgotten any more, and again; why is for who keeps the holds."""
    holds = SQL["legal_holds"].c
    query = select(holds.placed_at, holds.placed_by, holds.lifted_at, holds.lifted_by)
    for row in counter.tx.rows(query.where(holds.record.in_([file["id"], file["citizen"] or ""]))):
        who = called(counter.tx, "accounts", row["placed_by"])
        yield Moment(row["placed_at"], who, f"{who} a suspendu la conservation.", (), "")
        if row["lifted_at"] is not None:
            who = called(counter.tx, "accounts", row["lifted_by"])
            yield Moment(row["lifted_at"], who, f"{who} a levé la suspension de la conservation.", (), "")
