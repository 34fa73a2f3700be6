"""« Faire relire » (annexe A, point 5): a text for the citizen read by the desk before it leaves (R-16).

The file is closed; only its text waits. The desk approves it as it is or corrected, and it is mailed then; or
sends it back with a reason, and whoever works on the file proposes it anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from desk import closing_notices
from desk.acts import Outcome, held, standing, write
from desk.scope import NotFound, in_sight, visible
from desk.visits import Counter, Visit
from policy.answer_templates import check_filled
from policy.counter_words import ProofState
from policy.moves import parties
from policy.reasons import Refused, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from sync.schema import SQL
from sync.states import TaskKind
from sync.store import Row, Writing

ARTICLE = "annexe A, point 5"
ACT = "faire relire le texte"
LONGEST = 20_000


@dataclass(frozen=True)
class Proof:
    """A text that waits; ``reason`` why the desk sent it back."""

    id: str
    file: str  # id
    number: str
    text: str
    state: ProofState
    asked_by: str
    asked_at: datetime
    reason: str


def ask(counter: Counter[Writing], file: Row) -> None:
    """Have the text of a file just closed read, inside the caller's transaction."""
    by = counter.by(ACT)
    counter.tx.insert(
        "proofs",
        {
            "file": file["id"],
            "state": ProofState.TO_READ,
            "asked_by": _account(counter),
            "asked_at": counter.at,
        },
        by,
    )


def waiting(visit: Visit) -> tuple[Proof, ...]:
    """The texts that did not leave, the oldest first: for the desk all of them, else those that came back."""
    with visit.reading() as counter:
        proofs, files = SQL["proofs"], SQL["files"]
        query = (
            select(proofs, files.c.number, files.c.citizen_text)
            .join_from(proofs, files, files.c.id == proofs.c.file)
            .where(proofs.c.state.in_(_shown(counter)), visible(counter))
            .order_by(proofs.c.asked_at, proofs.c.id)
        )
        return tuple(_proof(counter, row) for row in counter.tx.rows(query))


def counted(counter: Counter[Any]) -> int:
    """How many wait for an act of this person.

    What came back waits for who works on the file; for the desk, when it wrote it, or when nobody else is
    left who did.
    """
    proofs, files = SQL["proofs"], SQL["files"]
    query = select(func.count()).select_from(proofs.join(files, files.c.id == proofs.c.file))
    return int(counter.tx.scalar(query.where(_waits(counter), visible(counter))))


def approve(visit: Visit, proof: str, text: str, seen: str) -> Outcome:
    """The desk approves the text, as it is or corrected: it is mailed to everyone linked, once.

    ``seen`` is the text as it was shown. A second click sends nothing twice. Raises ``NotFound``,
    ``Refused``: an empty text, one too long or not filled, one taken back or written anew meanwhile, or
    already gone in other words.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row, file = _held(counter, proof)
        if row["state"] is ProofState.APPROVED:
            if text.strip() not in (file["citizen_text"], seen.strip()):
                raise _gone(counter, row, text)
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _still(row, ProofState.TO_READ)
        _unchanged(file, seen)
        words = _checked(text)
        after = write(counter, file, {"citizen_text": words}, "relire le texte") if (
            words != file["citizen_text"]) else file  # fmt: skip
        _settle(counter, row, ProofState.APPROVED)
        told = closing_notices.tell(counter, after).sentence
        return Outcome(file["id"], f"Texte du dossier {file['number']} approuvé. {told}", after["version"])


def send_back(visit: Visit, proof: str, reason: str) -> Outcome:
    """The desk sends the text back to who wrote it, with what to change. Raises ``Refused``, ``NotFound``."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row, file = _held(counter, proof)
        if row["state"] is ProofState.SENT_BACK:
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _still(row, ProofState.TO_READ)
        if not reason.strip():
            raise refused("Écrivez ce qu'il faut reprendre.", ARTICLE, "reason")
        _settle(counter, row, ProofState.SENT_BACK, reason.strip())
        return Outcome(file["id"], f"Texte du dossier {file['number']} retourné.", file["version"])


def propose_again(visit: Visit, proof: str, text: str, seen: str) -> Outcome:
    """Whoever works on the file proposes its text anew; ``seen`` is the text as it was shown.

    Raises ``Refused``, ``NotFound``.
    """
    with visit.writing() as counter:
        row, file = _held(counter, proof)
        if not parties(counter.person, standing(counter, file)):
            raise refused("Ce texte revient au service du dossier ou au service aux citoyens.", ARTICLE)
        if row["state"] is ProofState.TO_READ and text.strip() == file["citizen_text"]:
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _unchanged(file, seen)
        _still(row, ProofState.SENT_BACK)
        after = write(counter, file, {"citizen_text": _checked(text)}, "proposer de nouveau le texte")
        _settle(counter, row, ProofState.TO_READ)
        return Outcome(
            file["id"], f"Texte du dossier {file['number']} envoyé à la relecture.", after["version"]
        )


def drop(counter: Counter[Writing], file: Row) -> None:
    """The file is reopened, or closed anew: nobody has its text to read any more."""
    for row in counter.tx.find("proofs", file=file["id"], state=[ProofState.TO_READ, ProofState.SENT_BACK]):
        _settle(counter, row, ProofState.MOOT)
    for task in counter.tx.find("tasks", file=file["id"], kind=TaskKind.PROOF_READ, done_at=None):
        done = {
            "done_at": counter.at,
            "done_by": _account(counter),
        }  # as it was asked before there were proofs
        counter.tx.update("tasks", task["id"], done, counter.by("relire le texte"))


def is_waiting(counter: Counter[Any], file: Row) -> bool:
    """Whether the text of a file is not told yet: it is being read, or came back."""
    open_ones = [ProofState.TO_READ, ProofState.SENT_BACK]
    return bool(counter.tx.find("proofs", file=file["id"], state=open_ones))


def _held(counter: Counter[Writing], proof: str) -> tuple[Row, Row]:
    known = counter.tx.get("proofs", proof)
    if known is None:
        raise NotFound
    file = in_sight(counter, held(counter, known["file"]))
    row = counter.tx.lock("proofs", proof)
    if row is None:
        raise NotFound
    return row, file


def _still(row: Row, state: ProofState) -> None:
    if row["state"] is not state:
        raise refused("Ce texte n'est plus à relire : le dossier a été repris entre-temps.", ARTICLE)


def _unchanged(file: Row, seen: str) -> None:
    if seen != (file["citizen_text"] or ""):
        raise refused("Quelqu'un d'autre a récrit ce texte entre-temps : lisez le sien, montré ici.", ARTICLE,
                      "citizen_text")  # fmt: skip


def _gone(counter: Counter[Any], row: Row, text: str) -> Refused:
    """What was typed is said again: its form is not there any more."""
    who = (counter.tx.get("accounts", row["read_by"]) or {}).get("name", "Quelqu'un d'autre")
    return refused(f"{who} a déjà approuvé ce texte, et il est parti. Votre version n'a pas été envoyée : "
                   f"« {text.strip()} »", ARTICLE, "citizen_text")  # fmt: skip


def _checked(text: str) -> str:
    words = text.strip()
    if not words:
        raise refused("Écrivez le texte pour le citoyen.", ARTICLE, "citizen_text")
    if len(words) > LONGEST:
        raise refused(f"Ce texte compte {len(words)} caractères; le maximum est {LONGEST}.", ARTICLE,
                      "citizen_text")  # fmt: skip
    refuse_all(check_filled(words))
    return words


def _settle(counter: Counter[Writing], row: Row, state: ProofState, reason: str | None = None) -> None:
    changes = {"state": state, "read_by": _account(counter), "read_at": counter.at, "reason": reason}
    counter.tx.update("proofs", row["id"], changes, counter.by("relire le texte"))


def _account(counter: Counter[Any]) -> str | None:
    return None if counter.person.system else counter.person.id


def _shown(counter: Counter[Any]) -> list[ProofState]:
    if may(counter.person, Deed.ENTER_DEMAND):
        return [ProofState.TO_READ, ProofState.SENT_BACK]
    return [ProofState.SENT_BACK] if may(counter.person, Deed.WORK_QUEUE) else []


def _waits(counter: Counter[Any]) -> ColumnElement[bool]:
    proofs, accounts = SQL["proofs"].c, SQL["accounts"].c
    back = proofs.state == ProofState.SENT_BACK
    if not may(counter.person, Deed.ENTER_DEMAND):
        return back
    works = select(accounts.id).where(accounts.active.is_(True), accounts.id != counter.person.id)
    nobody = or_(proofs.asked_by.is_(None), proofs.asked_by.not_in(works))
    return or_(proofs.state == ProofState.TO_READ, and_(back, nobody))


def _proof(counter: Counter[Any], row: Row) -> Proof:
    author = counter.tx.get("accounts", row["asked_by"])
    return Proof(
        id=row["id"],
        file=row["file"],
        number=row["number"],
        text=row["citizen_text"] or "",
        state=row["state"],
        asked_by=author["name"] if author else "",
        asked_at=row["asked_at"],
        reason=row["reason"] or "",
    )
