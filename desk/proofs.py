"""« Faire relire » (annexe A, point 5): a text for the citizen read by the desk before it leaves (R-16).

The gesture is done, closing or not; only its text waits. The desk approves it as it is or corrected, and it
is mailed then; or sends it back with a reason, and who wrote it proposes it anew.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from desk import closing_notices, tellings
from desk.acts import Outcome, held, standing, write
from desk.scope import NotFound, in_sight, visible
from desk.visits import Counter, Visit
from policy.counter_words import ProofState
from policy.moves import parties
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from policy.words import State
from sync.schema import SQL
from sync.states import TaskKind
from sync.store import Row, Writing

ARTICLE = tellings.ARTICLE
ACT = "faire relire le texte"


@dataclass(frozen=True)
class Proof:
    """A text that waits. ``mine``: this visit wrote it; ``reason`` why the desk sent it back.

    ``about``: the state that it tells of, closed or not.
    """

    id: str
    number: str
    about: State
    text: str
    state: ProofState
    asked_by: str
    asked_at: datetime
    reason: str
    mine: bool


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
    """What waits for this visit, the oldest first: texts to read for the desk, its own that came back."""
    with visit.reading() as counter:
        proofs, files = SQL["proofs"], SQL["files"]
        query = (
            select(proofs, files.c.number, files.c.citizen_text)
            .join_from(proofs, files, files.c.id == proofs.c.file)
            .where(_theirs(counter), visible(counter))
            .order_by(proofs.c.asked_at, proofs.c.id)
        )
        return tuple(_proof(counter, row) for row in counter.tx.rows(query))


def counted(counter: Counter[Any]) -> int:
    """How many wait for this visit."""
    proofs, files = SQL["proofs"], SQL["files"]
    query = select(func.count()).select_from(proofs.join(files, files.c.id == proofs.c.file))
    return int(counter.tx.scalar(query.where(_theirs(counter), visible(counter))))


def approve(visit: Visit, proof: str, text: str) -> Outcome:
    """The desk approves the text, as it is or corrected: it is mailed to everyone linked, once.

    A second click sends nothing twice. Raises ``NotFound``, ``Refused``: an empty text, one too long or not
    filled, one taken back meanwhile.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        row, file = _held(counter, proof)
        if row["state"] is ProofState.APPROVED:
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        _still(row, ProofState.TO_READ)
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


def propose_again(visit: Visit, proof: str, text: str) -> Outcome:
    """Whoever works on the file proposes its text anew. Raises ``Refused``, ``NotFound``."""
    with visit.writing() as counter:
        row, file = _held(counter, proof)
        if not parties(counter.person, standing(counter, file)):
            raise refused("Ce texte revient au service du dossier ou au service aux citoyens.", ARTICLE)
        if row["state"] is ProofState.TO_READ:
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
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


def _theirs(counter: Counter[Any]) -> Any:
    proofs = SQL["proofs"].c
    mine = (proofs.state == ProofState.SENT_BACK) & (proofs.asked_by == counter.person.id)
    if may(counter.person, Deed.ENTER_DEMAND):
        return or_(proofs.state == ProofState.TO_READ, mine)
    return mine


def _proof(counter: Counter[Any], row: Row) -> Proof:
    author = counter.tx.get("accounts", row["asked_by"])
    telling = counter.tx.get("tellings", row["telling"])
    return Proof(
        id=row["id"],
        number=row["number"],
        about=telling["state"] if telling else State.DONE,
        text=(telling["text"] if telling else row["citizen_text"]) or "",
        state=row["state"],
        asked_by=author["name"] if author else "",
        asked_at=row["asked_at"],
        reason=row["reason"] or "",
        mine=row["asked_by"] == counter.person.id,
    )
