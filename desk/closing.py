"""Closing a file by annexe A (R-16, R-17), alone or as the end of a first contact."""

from collections.abc import Mapping
from typing import Any

from desk import closing_notices, drafts, proofs, typed
from desk.acts import Outcome, closing_items, held, merged, standing, write
from desk.moves import ACTS, already, apply
from desk.town import town
from desk.visits import Counter, Visit
from policy import moves
from policy.closing import check_closing
from policy.reasons import refuse_all, refused
from policy.towntime import town_day
from policy.words import OPEN_STATES, Move
from sync.store import Row, Writing


def close(
    visit: Visit,
    file_id: str,
    items: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    proof_read: bool = False,
) -> Outcome:
    """P annexe A: close with its items; the citizen is told once a text is written.

    ``items``: code (id), done_on, done_extension, note, planned_on, citizen_text. With ``proof_read``
    (« faire relire », annexe A point 5) the file is closed all the same, and its text waits for the desk to
    approve it (``desk.proofs``). Raises ``Refused`` naming each missing item by its point.
    """
    given = typed.items(items)
    with visit.writing() as counter:
        file = held(counter, file_id)
        merge = merged(counter, file, seen, given, Move.CLOSE)
        if merge.differences:
            return Outcome(file_id, differences=merge.differences)
        if already(file, seen, merge.changes):
            return Outcome(file_id, f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        changes = {name: value for name, value in merge.changes.items() if name != "state"}
        drafts.drop_in(counter, file_id, {*given, "state"})
        after, told = close_file(counter, file, changes, proof_read)
        return Outcome(
            file_id, f"{ACTS[Move.CLOSE][1].format(number=file['number'])} {told}", after["version"]
        )


def close_file(
    counter: Counter[Writing], file: Row, changes: Mapping[str, Any], proof_read: bool = False
) -> tuple[Row, str]:
    """P annexe A: close inside the caller's transaction, judged; the file afterwards, and who is told.

    Its open duplicates are closed with it (R-18). A text to be read waits, whoever it is for.
    """
    refuse_unknown_code(counter, changes)
    if proof_read and not ({**file, **changes}["citizen_text"] or "").strip():
        raise refused("Écrivez le texte à relire.", "annexe A, point 5", "citizen_text")
    after = apply(counter, file, Move.CLOSE, {**changes, **_closer(counter)})
    for twin in counter.tx.find("files", duplicate_of=file["id"]):
        if twin["state"] in OPEN_STATES:
            _close_twin(counter, twin, after)
    if proof_read:
        proofs.ask(counter, after)
        return after, "Le service aux citoyens relit le texte : il part une fois approuvé."
    return after, closing_notices.tell(counter, after).sentence


def close_in(counter: Counter[Writing], file: Row, items: Mapping[str, Any], act: str = "") -> Row:
    """SJ « Une prise en charge hors pair » (R-4): the same at a first contact, inside the intake's act.

    Annexe A's items are asked for; who may close is not: the desk answered on the spot.
    """
    given = typed.items(items)
    refuse_unknown_code(counter, given)
    closed = {**file, **given}
    refuse_all(check_closing(closing_items(counter, closed), counter.today, town_day(file["received_at"])))
    stamps = moves.stamps(Move.CLOSE, standing(counter, file), file, counter.at)
    return write(
        counter, file, {**given, **stamps, **_closer(counter)}, act or "régler la demande au premier contact"
    )


def propose(counter: Counter[Any], file: Row) -> dict[str, Any]:
    """P annexe A: its items as first shown: code 238, today, one's own extension, what is there."""
    settings = town(counter.tx, counter.today)
    done = settings.code(settings.rules.done_code)
    return {
        "code": file["code"] or (done.id if done else None),
        "done_on": file["done_on"] or counter.today,
        "done_extension": file["done_extension"] or counter.person.extension,
        "note": file["note"] or "",
        "planned_on": file["planned_on"],
        "citizen_text": file["citizen_text"] or "",
    }


def _close_twin(counter: Counter[Writing], twin: Row, original: Row) -> None:
    """R-18: the work is done on the original; the duplicate is closed with it, its citizen told with it."""
    stamps = moves.stamps(Move.CLOSE, standing(counter, twin), twin, counter.at)
    shared = {name: original[name] for name in ("code", "done_on", "done_extension", "closed_by")}
    note = f"Fermé avec le dossier {original['number']}, dont celui-ci est le doublon."
    counter.tx.lock("files", twin["id"])
    write(
        counter,
        twin,
        {**stamps, **shared, "note": twin["note"] or note},
        "fermer avec son original le dossier",
    )


def _closer(counter: Counter[Any]) -> dict[str, Any]:
    return {"closed_by": _account(counter)}


def _account(counter: Counter[Any]) -> str | None:
    return None if counter.person.system else counter.person.id


def refuse_unknown_code(counter: Counter[Any], changes: Mapping[str, Any]) -> None:
    """P annexe A, point 1: raise ``Refused`` when the code among these changes is not one in use."""
    if not changes.get("code"):
        return
    code = counter.tx.get("codes", changes["code"])
    if code is None or not code["active"]:
        raise refused("Choisissez un code d'intervention en usage.", "annexe A, point 1", "code")
