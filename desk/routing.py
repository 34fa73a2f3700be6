"""Where a file goes: to a department, to another one, under another nature; duplicates linked together."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk import drafts, mails, purge, typed
from desk.acts import Outcome, held, judge, merged, standing, write
from desk.moves import ACTS, already, apply
from desk.scope import in_sight
from desk.visits import Counter, Visit
from policy.circuits import Party
from policy.classification import check_duplicate
from policy.moves import parties, possible
from policy.reasons import Refused, refuse_all, refused
from policy.words import OPEN_STATES, Move, Nature, Priority, State
from sync.store import Row, Writing

LINKED, UNLINKED = "lier le dossier comme doublon", "délier le doublon"
MOST = 500  # files of one gesture


def route_in(counter: Counter[Writing], file: Row, department: str, reason: str = "") -> Row:
    """P §2.3 « sans délai », R-12b: send the file to a department inside the caller's transaction.

    The Responsable in force is told by ``desk.mails``. A duplicate is sent nowhere: it stands in the
    department of its original (R-18). Returns the file afterwards; raises ``Refused``.
    """
    _refuse_unknown_department(counter, department)
    original = counter.tx.get("files", file["duplicate_of"])
    if original is not None and file["state"] is State.NEW:
        return write(counter, file, {"department": original["department"]}, "suivre le dossier d'origine")
    elsewhere = {} if file["department"] is None else {"planned_on": None}  # another service plans anew
    after = apply(counter, file, Move.ROUTE, {"department": department, **elsewhere}, reason)
    mails.notify_routing(counter, after)
    return after


def route(
    visit: Visit,
    file_id: str,
    department: str,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """P §4.1, R-13: the desk sends a file to a department, or to another; who asked is told once (R-5)."""
    with visit.writing() as counter:
        file = held(counter, file_id)
        merge = merged(counter, file, seen, {"department": department}, Move.ROUTE)
        if merge.differences:
            return Outcome(file_id, differences=merge.differences)
        if already(file, seen, merge.changes):
            return Outcome(file_id, f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        after = route_in(counter, file, department, reason)
        told = "" if file["acknowledged_at"] else mails.acknowledge(counter, after).sentence
        name = counter.tx.get("departments", department)
        where = name["name"] if name else ""
        message = f"Dossier {file['number']} acheminé : {where}. {told}".strip()
        return Outcome(file_id, message, after["version"])


def reroute(visit: Visit, file_ids: Sequence[str], department: str, reason: str) -> tuple[Outcome, ...]:
    """Several files to another department, each in its own transaction, each with its own outcome."""
    if len(file_ids) > MOST:
        raise refused(f"Acheminez au plus {MOST} dossiers à la fois.")
    outcomes = []
    for file_id in file_ids:
        try:
            outcomes.append(route(visit, file_id, department, reason))
        except Refused as no:
            outcomes.append(Outcome(file_id, grounds=no.grounds))
    return tuple(outcomes)


def reclassify(
    visit: Visit,
    file_id: str,
    nature: Nature,
    category: str | None = None,
    reason: str = "",
    seen: Mapping[str, Any] | None = None,
) -> Outcome:
    """P §4.1, R-3: change the nature or the category; the history stays and the dates are counted anew.

    The priority becomes that of the new category. Towards a complaint the file is forgotten here and a
    private one made (``desk.purge``); towards an access request it is refused: it has a screen of its own.
    """
    nature = typed.chosen(nature, Nature, "nature")
    if nature is Nature.COMPLAINT:
        purged = purge.become_complaint(visit, file_id, reason)
        return Outcome(file_id, purged.message)
    with visit.writing() as counter:
        file = held(counter, file_id)
        merge = merged(counter, file, seen, {"nature": nature, **_category(counter, category)})
        if merge.differences:
            return Outcome(file_id, differences=merge.differences)
        if not merge.changes:
            return Outcome(file_id, f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _judge_reclassifying(counter, file, merge.changes)
        reasoned = {"last_reason": reason.strip()} if reason.strip() else {}
        after = write(counter, file, {**merge.changes, **reasoned}, ACTS[Move.RECLASSIFY][0])
        drafts.drop_in(counter, file_id, ("nature", "category"))
        return Outcome(file_id, ACTS[Move.RECLASSIFY][1].format(number=file["number"]), after["version"])


def recategorise(
    counter: Counter[Writing], file: Row, category: str, priority: Priority | None = None
) -> Row:
    """P §4.1, R-10: another row of the grid, inside the caller's transaction; the dates are counted anew.

    The priority becomes that of the category unless one is given; the department stays. Raises ``Refused``.
    """
    changes = _category(counter, category) | ({"priority": priority} if priority else {})
    _judge_reclassifying(counter, file, changes)
    return write(counter, file, changes, ACTS[Move.RECLASSIFY][0])


def link_duplicate(visit: Visit, file_id: str, number: str) -> Outcome:
    """R-18: the file repeats another one: linked to it, counted apart, out of the RNC."""
    with visit.writing() as counter:
        found = in_sight(counter, counter.tx.first("files", number=number.strip()))
        # both are held, always in the same order: neither is closed or linked elsewhere meanwhile
        locked = {each: held(counter, each) for each in sorted({file_id, found["id"]})}
        file, original = locked[file_id], locked[found["id"]]
        _refuse_linking(counter, file)
        refuse_all(check_duplicate(file, original))
        if original["state"] not in OPEN_STATES:
            closed = f"Le dossier {original['number']} est fermé : rouvrez-le, ou traitez celui-ci."
            raise refused(closed, "R-18", "duplicate_of")
        if counter.tx.first("files", duplicate_of=file["id"]) is not None:
            raise refused("D'autres dossiers sont déjà liés à celui-ci comme doublons.", "R-18")
        after = write(counter, file, {"duplicate_of": original["id"]}, LINKED)
        message = f"Dossier {file['number']} lié au dossier {original['number']} comme doublon."
        return Outcome(file_id, message, after["version"])


def unlink_duplicate(visit: Visit, file_id: str) -> Outcome:
    """R-18: the file was no duplicate after all."""
    with visit.writing() as counter:
        file = held(counter, file_id)
        _refuse_linking(counter, file)
        after = write(counter, file, {"duplicate_of": None}, UNLINKED) if file["duplicate_of"] else file
        return Outcome(file_id, f"Dossier {file['number']} : ce n'est plus un doublon.", after["version"])


def _refuse_linking(counter: Counter[Writing], file: Row) -> None:
    if Party.DESK not in parties(counter.person, standing(counter, file)):
        raise refused("Seul le service aux citoyens lie ou délie un doublon.", "R-18")
    if file["state"] not in OPEN_STATES:
        raise refused("Ce dossier est fermé : rouvrez-le d'abord, avec un motif.", "R-13")


def _judge_reclassifying(counter: Counter[Writing], file: Row, changes: Mapping[str, Any]) -> None:
    if "nature" in changes:
        judge(counter, file, Move.RECLASSIFY, changes)
        return
    mine = {each.move: each for each in possible(standing(counter, file), counter.person)}
    no = mine[Move.RECLASSIFY].refusal
    if no is not None:
        raise no


def _category(counter: Counter[Writing], category: str | None) -> dict[str, Any]:
    if category is None:
        return {}
    row = counter.tx.get("categories", category)
    if row is None or not row["active"]:
        raise refused("Choisissez une catégorie de la grille d'intervention.", "P §4.1", "category")
    return {"category": row["id"], "priority": row["priority"]}


def _refuse_unknown_department(counter: Counter[Writing], department: str) -> None:
    row = counter.tx.get("departments", department)
    if row is None or not row["active"]:
        raise refused("Choisissez un service en activité.", "P §4.1", "department")
