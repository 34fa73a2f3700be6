"""What a citizen is told while the file is open (annexe A, point 5): once, by mail or by a call to make."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desk import closing_notices
from desk.closing_notices import INFORMED, Notice
from desk.mails import How, Told
from desk.visits import Counter
from policy.answer_templates import check_filled
from policy.confidentiality import may_see
from policy.counter_words import ProofState
from policy.reasons import Ground, refuse_all, refused
from policy.words import Sight, State
from sync.states import MailKind
from sync.store import Reading, Row, Writing

ARTICLE, FIELD = "annexe A, point 5", "telling"
LONGEST = 20_000
READING = [ProofState.TO_READ, ProofState.SENT_BACK]  # of a text that waits for the desk, or came back
ACT = "écrire au demandeur"


@dataclass(frozen=True)
class Telling:
    """One text, as the file shows it: about which state, by whom.

    ``sent_at``: none when nobody was told; ``waits``: since it is being read.
    """

    at: datetime
    state: State
    text: str
    who: str
    sent_at: datetime | None
    waits: bool


def check(text: str, field: str = FIELD) -> str:
    """The text without the blanks around it. Raises ``Refused``: too long, or not filled."""
    words = text.strip()
    grounds = [replace(each, field=field) for each in check_filled(words)]
    if len(words) > LONGEST:
        said = f"Ce texte compte {len(words)} caractères; le maximum est {LONGEST}."
        grounds.append(Ground(said, ARTICLE, field))
    refuse_all(grounds)
    return words


def keep(counter: Counter[Writing], file: Row, text: str) -> Row | None:
    """Keep a checked text for the people of a file as it now stands, not told yet.

    ``None`` for words that the people of the file were told already that day.
    """
    once = f"{file['id']}:{counter.today}:{hashlib.sha256(text.encode()).hexdigest()}"
    row = {
        "state": file["state"],
        "text": text,
        "written_by": None if counter.person.system else counter.person.id,
        "written_at": counter.at,
    }
    there: Row | None = counter.tx.first("tellings", once=once)
    if there is None:
        return counter.tx.insert("tellings", {**row, "file": file["id"], "once": once}, counter.by(ACT))
    if there["sent_at"] is not None:
        return None
    return counter.tx.update("tellings", there["id"], row, counter.by(ACT))


def send(counter: Counter[Writing], file: Row, telling: Row) -> Told:
    """Tell everyone linked to the file (R-18): a mail, or a call to make where no address is known."""
    counter.tx.update("tellings", telling["id"], {"sent_at": counter.at}, counter.by(ACT))
    notice = Notice(
        MailKind.INFORMATION, "information", INFORMED, telling["id"],
        f"« {telling['state']} » : transmettre l'information écrite pour la personne.",
    )  # fmt: skip
    told = closing_notices.tell_each(counter, file, telling["text"], notice)
    if told.how is How.CALL:
        return replace(told, sentence="Aucun courriel connu : la personne est à rappeler.")
    return told


def reaches(tx: Reading, file: Row) -> bool:
    """Whether anybody is there to be told: nobody of an anonymous demand, unless others called."""
    return bool(closing_notices.linked(tx, file))


def refuse_past(tx: Reading, file: Row, mail: Row) -> None:
    """R-16: raise ``Refused`` when what that mail told of its file is not so any more."""
    telling = tx.get("tellings", mail["key"].rpartition(":")[2])
    stands = tx.get("files", telling["file"] if telling else None) or file
    last = tx.find("tellings", ("-written_at",), file=stands["id"])[:1]
    if telling not in last or (telling and telling["state"] is not stands["state"]):
        raise refused(f"Le dossier {stands['number']} a avancé depuis : ce texte n'est plus à jour.", ARTICLE)


def listed(counter: Counter[Any], file: Row) -> Sequence[Telling]:
    """What was written to the people of a file, for whom it is theirs to see, the oldest first."""
    if not may_see(counter.person, Sight.WORK, file):
        return ()
    rows = counter.tx.find("tellings", ("written_at",), file=file["id"])
    read = {row["telling"] for row in counter.tx.find("proofs", file=file["id"], state=READING)}
    authors = [row["written_by"] for row in rows if row["written_by"]]
    names = {row["id"]: row["name"] for row in counter.tx.find("accounts", id=authors)} if authors else {}
    return tuple(
        Telling(
            row["written_at"], row["state"], row["text"] or "", names.get(row["written_by"], "Le service"),
            row["sent_at"], row["id"] in read,
        )
        for row in rows
    )  # fmt: skip
