"""« Faire relire » (annexe A, point 5): a text for the citizen read by the desk before it leaves (R-16).

The gesture is done, closing or not; only its text waits. The desk approves it as it is or corrected, and it
is mailed then; or sends it back with a reason, and whoever works on the file proposes it anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from desk import closing_notices, tellings
from desk.acts import Outcome, held, standing, write
from desk.scope import NotFound, in_sight, visible
from desk.visits import Counter, Visit
from policy.counter_words import ProofState
from policy.moves import parties
from policy.reasons import Refused, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import State
from sync.schema import SQL
from sync.states import TaskKind
from sync.store import Row, Writing

ARTICLE = tellings.ARTICLE
ACT = "faire relire le texte"


@dataclass(frozen=True)
class Proof:
    """A text that waits; ``reason`` why the desk sent it back, ``about`` the state that it tells of."""

    id: str
    file: str  # id
    number: str
    about: State
    text: str
    state: ProofState
    asked_by: str
    asked_at: datetime
    reason: str


def ask(counter: Counter[Writing], file: Row, telling: Row | None = None) -> None:
    """Have the text of a file just closed read, or that telling, inside the caller's transaction."""
    by = counter.by(ACT)
    counter.tx.insert(
        "proofs",
        {
            "file": file["id"],
            "telling": telling["id"] if telling else None,
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
            if text.strip() not in (_stands(counter, row, file), seen.strip()):
                raise _gone(counter, row, text)
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _still(row, ProofState.TO_READ)
        _unchanged(counter, row, file, seen)
        after, telling = _written(counter, row, file, _checked(text), "relire le texte")
        _settle(counter, row, ProofState.APPROVED)
        told = tellings.send(counter, after, telling) if telling else closing_notices.tell(counter, after)
        said = f"Texte du dossier {file['number']} approuvé. {told.sentence}"
        return Outcome(file["id"], said, after["version"])


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
        if row["state"] is ProofState.TO_READ and text.strip() == _stands(counter, row, file):
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _unchanged(counter, row, file, seen)
        _still(row, ProofState.SENT_BACK)
        after, _ = _written(counter, row, file, _checked(text), "proposer de nouveau le texte")
        _settle(counter, row, ProofState.TO_READ)
        return Outcome(
            file["id"], f"Texte du dossier {file['number']} envoyé à la relecture.", after["version"]
        )


def drop(counter: Counter[Writing], file: Row) -> None:
    """The file moved on: nobody has its text to read any more, it would tell of what is no longer so."""
    for row in counter.tx.find("proofs", file=file["id"], state=tellings.READING):
        _settle(counter, row, ProofState.MOOT)
    for task in counter.tx.find("tasks", file=file["id"], kind=TaskKind.PROOF_READ, done_at=None):
        done = {
            "done_at": counter.at,
            "done_by": _account(counter),
        }  # as it was asked before there were proofs
        counter.tx.update("tasks", task["id"], done, counter.by("relire le texte"))


def is_waiting(counter: Counter[Any], file: Row) -> bool:
    """Whether the text of a closed file is not told yet: it is being read, or came back."""
    return bool(counter.tx.find("proofs", file=file["id"], telling=None, state=tellings.READING))


def _written(counter: Counter[Writing], row: Row, file: Row, words: str, act: str) -> tuple[Row, Row | None]:
    """The text as it now reads, where it is kept; the file, and the telling when it is one."""
    if row["telling"] is not None:
        return file, counter.tx.update("tellings", row["telling"], {"text": words}, counter.by(act))
    same = words == file["citizen_text"]
    return (file if same else write(counter, file, {"citizen_text": words}, act)), None


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


def _stands(counter: Counter[Any], row: Row, file: Row) -> str:
    """The text as it now reads, of the closing or of a telling."""
    telling = counter.tx.get("tellings", row["telling"])
    return str((telling["text"] if telling else file["citizen_text"]) or "")


def _unchanged(counter: Counter[Any], row: Row, file: Row, seen: str) -> None:
    if seen != _stands(counter, row, file):
        raise refused("Quelqu'un d'autre a récrit ce texte entre-temps : lisez le sien, montré ici.", ARTICLE,
                      "citizen_text")  # fmt: skip


def _gone(counter: Counter[Any], row: Row, text: str) -> Refused:
    """What was typed is said again: its form is not there any more."""
    who = (counter.tx.get("accounts", row["read_by"]) or {}).get("name", "Quelqu'un d'autre")
    return refused(f"{who} a déjà approuvé ce texte, et il est parti. Votre version n'a pas été envoyée : "
                   f"« {text.strip()} »", ARTICLE, "citizen_text")  # fmt: skip


def _checked(text: str) -> str:
    words = tellings.check(text, "citizen_text")
    if not words:
        raise refused("Écrivez le texte pour le citoyen.", ARTICLE, "citizen_text")
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
    telling = counter.tx.get("tellings", row["telling"])
    return Proof(
        id=row["id"],
        file=row["file"],
        number=row["number"],
        about=telling["state"] if telling else State.DONE,
        text=_stands(counter, row, row),
        state=row["state"],
        asked_by=author["name"] if author else "",
        asked_at=row["asked_at"],
        reason=row["reason"] or "",
    )
