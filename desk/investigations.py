"""What who investigates does with a complaint (R-30 to R-32): decide, admit readers, answer, conclude."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from desk import complaint_letters, investigators
from desk.acts import Outcome
from desk.complaint_file import heard, people_of
from desk.complaints import columns, complaint_of, examined, handled, held
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.complaints import Complaint, check_deposit
from policy.investigation import ANSWERED, COURSE, Turn, check_named, turn
from policy.private_words import ComplaintState, StepKind
from policy.reasons import Ground, refuse_all, refused
from policy.towntime import town_day
from sync import versions
from sync.store import Row, Writing

_EXAMINED = frozenset({ComplaintState.RECEIVED, ComplaintState.ADMISSIBLE, ComplaintState.INADMISSIBLE})
_ACTS: Mapping[Turn, str] = {
    Turn.ADMIT: "déclarer la plainte recevable",
    Turn.REJECT: "déclarer la plainte irrecevable",
    Turn.DEROGATE: "accorder une dérogation",
    Turn.INVESTIGATE: "ouvrir l'enquête",
    Turn.CONCLUDE: "conclure la plainte",
    Turn.REVISE: "rouvrir l'enquête",
    Turn.WITHDRAW: "consigner le retrait de la plainte",
}


def decide(
    visit: Visit,
    number: str,
    corrections: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """R-30: examine a complaint (again), with what was corrected in it: admissible, or all its grounds.

    ``corrections`` are fields of ``policy.complaints.Complaint`` (a signature that arrived, an address);
    ``seen`` their values when typing began. The actual arrival is corrected by nobody here. What two people
    changed differently is returned and nothing is written.
    """
    with visit.writing() as counter:
        row = held(counter, number)
        merge = _merged(row, dict(corrections or {}), seen)
        if merge.differences:
            return Outcome(row["id"], version=row["version"], differences=merge.differences)
        if row["state"] not in _EXAMINED:
            turn(Turn.ADMIT, row["state"])  # says why not
        complaint = replace(complaint_of(row), **merge.changes)
        refuse_all(check_deposit(complaint, counter.at))
        answer = examined(counter, complaint)
        what = Turn.ADMIT if answer.admissible or _derogated(row) else Turn.REJECT
        stays = row["state"] is COURSE[what].to
        state = row["state"] if stays else turn(what, row["state"], heard(people_of(counter, row["id"])))
        changes = {**columns(counter, complaint, answer), "state": state}
        after = counter.tx.update("complaints", row["id"], changes, counter.by(_ACTS[what]))
        moved = investigators.strip_named(counter, after)
        told = f"Plainte {row['number']} : {state}."
        return Outcome(row["id"], f"{told} {_MOVED}" if moved else told, after["version"])


def derogate(visit: Visit, number: str, reason: str) -> Outcome:
    """R-30: admit an inadmissible complaint all the same: a derogation, named as such, with its reason."""
    return take(visit, number, Turn.DEROGATE, reason)


def withdraw(visit: Visit, number: str, reason: str) -> Outcome:
    """R-31: the citizen withdraws the complaint; why, in the file."""
    return take(visit, number, Turn.WITHDRAW, reason)


def take(visit: Visit, number: str, what: Turn, reason: str = "") -> Outcome:
    """R-31: open the investigation, conclude, reopen, derogate, withdraw. ``Refused`` with all its grounds.

    Declaring it admissible or not is ``decide``.
    """
    if what in (Turn.ADMIT, Turn.REJECT):
        raise ValueError("a complaint is admitted or rejected by its grounds: decide")
    with visit.writing() as counter:
        row = held(counter, number)
        people = heard(people_of(counter, row["id"]))
        state = turn(what, row["state"], people, reason, row["answer"] or "", row["anonymous"])
        changes: dict[str, Any] = {"state": state}
        match what:
            case Turn.DEROGATE:
                changes["derogation"] = tidy(reason)
            case Turn.WITHDRAW:
                changes["withdrawal"] = tidy(reason)
            case Turn.CONCLUDE:
                changes["concluded_at"] = counter.at
            case Turn.REVISE:
                changes |= {"concluded_at": None, "answered_on": None}
                _note(counter, row, f"Enquête rouverte : {tidy(reason)}")
        after = counter.tx.update("complaints", row["id"], changes, counter.by(_ACTS[what]))
        return Outcome(row["id"], f"Plainte {row['number']} : {state}.", after["version"])


def write_answer(visit: Visit, number: str, words: str, seen: str | None = None) -> Outcome:
    """R-32: the text of the written answer to the citizen; ``seen`` is the text when typing began."""
    with visit.writing() as counter:
        row = held(counter, number)
        if row["answered_on"] is not None:
            raise refused("La réponse est déjà transmise.", "R-32", "answer")
        shown = {"answer": row["answer"] if seen is None else seen}
        merge = versions.merge(row, shown, {"answer": tidy(words)})
        if merge.differences:
            return Outcome(row["id"], version=row["version"], differences=merge.differences)
        by = counter.by("écrire la réponse")
        after = counter.tx.update("complaints", row["id"], merge.changes, by)
        return Outcome(row["id"], "Réponse enregistrée.", after["version"])


def mark_answered(visit: Visit, number: str, on: date) -> Outcome:
    """R-32: the day the written answer left; its letter is kept with the complaint in the same act.

    An inadmissible complaint is answered by its grounds, with or without a text of one's own.
    """
    with visit.writing() as counter:
        row = held(counter, number)
        grounds = []
        if row["state"] not in ANSWERED:
            grounds.append(Ground("La réponse part une fois la plainte réglée.", "R-32", "answered_on"))
        if not tidy(row["answer"] or "") and row["state"] is not ComplaintState.INADMISSIBLE:
            grounds.append(Ground("Écrivez d'abord la réponse au citoyen.", "R-32", "answer"))
        if row["answered_on"] is not None:
            grounds.append(Ground("La réponse est déjà transmise.", "R-32", "answered_on"))
        if on < town_day(row["received_at"]):
            grounds.append(Ground("La réponse précéderait la plainte.", "R-32", "answered_on"))
        if on > counter.today:
            grounds.append(Ground("La date de la réponse est dans le futur.", "R-32", "answered_on"))
        refuse_all(grounds)
        by = counter.by("transmettre la réponse")
        after = counter.tx.update("complaints", row["id"], {"answered_on": on}, by)
        complaint_letters.keep(counter, after, on)
        return Outcome(row["id"], "Réponse transmise.", after["version"])


def name_reader(visit: Visit, number: str, account: str, reason: str) -> str:
    """P §4.5 (R-33): let somebody read this complaint, and why that is needed; never a person it names."""
    with visit.writing() as counter:
        row = held(counter, number)
        chosen = investigators.active(counter, account)
        grounds = list(check_named(account, investigators.named(counter, row)))
        if not tidy(reason):
            grounds.append(Ground("Écrivez pourquoi cette personne doit la lire.", "P §4.5", "reason"))
        if account == row["investigator"]:
            grounds.append(Ground("Cette personne mène déjà l'enquête.", "R-33", "account"))
        refuse_all(grounds)
        if not any(map(_reads_still, counter.tx.find(
            "complaint_readers", complaint=row["id"], account=account
        ))):  # fmt: skip
            counter.tx.insert(
                "complaint_readers",
                {
                    "complaint": row["id"],
                    "account": account,
                    "named_by": counter.person.id,
                    "since": counter.at,
                    "reason": tidy(reason),
                },
                counter.by("admettre une personne à la lecture"),
            )
        return f"{chosen['name']} peut lire cette plainte."


def withdraw_reader(visit: Visit, number: str, reader: str) -> str:
    """R-33: somebody admitted reads no more, from now on. Raises ``NotFound``."""
    with visit.writing() as counter:
        complaint = handled(counter, number)
        row = counter.tx.lock("complaint_readers", reader)
        if row is None or row["complaint"] != complaint:
            raise NotFound
        if _reads_still(row):
            by = counter.by("retirer la lecture à une personne")
            counter.tx.update("complaint_readers", reader, {"until": counter.at}, by)
        return "Cette personne ne peut plus lire cette plainte."


def recuse(visit: Visit, number: str, reason: str) -> str:
    """R-31: who investigates cannot any more: the direction générale has to designate somebody else."""
    with visit.writing() as counter:
        row = held(counter, number)
        if not tidy(reason):
            raise refused("Écrivez le motif.", "R-31", "reason")
        _note(counter, row, f"Récusation : {tidy(reason)}")
        investigators.leave(counter, row)
        return "La direction générale désignera une autre personne. Cette plainte ne vous est plus visible."


_MOVED = "La plainte vous nomme : la direction générale désignera qui enquête."
_CORRECTED = frozenset(field.name for field in fields(Complaint)) - {"received_at"}


def _merged(row: Row, typed: dict[str, Any], seen: Mapping[str, Any] | None) -> versions.Merge:
    unknown = typed.keys() - _CORRECTED
    if unknown:
        raise refused("La date d'arrivée d'une plainte ne se corrige pas.", "P §4.4", min(unknown))
    now = {name: getattr(complaint_of(row), name) for name in _CORRECTED}
    return versions.merge(now, {**now, **(seen or {})}, typed)


def _derogated(row: Row) -> bool:
    return row["state"] is ComplaintState.ADMISSIBLE and bool(row["derogation"])


def _note(counter: Counter[Writing], row: Row, words: str) -> None:
    counter.tx.insert(
        "complaint_steps",
        {
            "complaint": row["id"],
            "kind": StepKind.NOTE,
            "noted_by": counter.person.id,
            "noted_at": counter.at,
            "held_on": counter.today,
            "words": words,
        },
        counter.by("noter"),
    )


def _reads_still(row: Row) -> bool:
    return row["until"] is None
