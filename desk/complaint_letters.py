"""The written answer to a complaint (R-32): looked at before it leaves, kept once it left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from desk import private
from desk.complaints import KIND, found, held
from desk.printing import address_block, letter
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.private_words import ComplaintState, DocumentKind
from policy.reasons import refused
from policy.towntime import town_day
from policy.words import Role
from sync.store import Row, Writing

DIRECTOR = "Directeur du service aux citoyens"
DESIGNATED = "Responsable du traitement de votre dossier"


@dataclass(frozen=True)
class Letter:
    """A letter kept with a complaint."""

    id: str
    name: str
    sent_on: date


def preview(visit: Visit, number: str) -> bytes:
    """The answer as it would leave today, for who investigates. Raises ``NotFound``, ``Refused``."""
    with visit.writing() as counter:
        row = held(counter, number)
        private.record(counter, KIND, row["id"], "Réponse à transmettre")
        return printed(counter, row, counter.today)


def sent(visit: Visit, number: str) -> Sequence[Letter]:
    """The answers that left, the latest first. Raises ``NotFound``."""
    with visit.reading() as counter:
        kept = _kept(found(counter, number)) | {"kind": DocumentKind.LETTER}
        rows = counter.tx.find("private_documents", ("-sent_on",), **kept)
        return tuple(Letter(row["id"], row["name"], row["sent_on"]) for row in rows)


def read(visit: Visit, number: str, document: str) -> tuple[str, bytes]:
    """The name and the bytes of an answer that left; reading it is recorded. Raises ``NotFound``."""
    with visit.writing() as counter:
        record = found(counter, number)
        row = counter.tx.first("private_documents", id=document, kind=DocumentKind.LETTER, **_kept(record))
        content = counter.tx.first("private_contents", document=document)
        if row is None or content is None:
            raise NotFound
        private.record(counter, KIND, record, "Réponse transmise")
        return row["name"], content["content"]


def keep(counter: Counter[Writing], row: Row, on: date) -> None:
    """Keep the answer that left on that day with its complaint."""
    content = printed(counter, row, on)
    by = counter.by("garder la réponse")
    document = counter.tx.insert(
        "private_documents",
        {
            **_kept(row["id"]),
            "kind": DocumentKind.LETTER,
            "size": len(content),
            "added_by": counter.person.id,
            "added_at": counter.at,
            "sent_on": on,
            "name": f"Réponse {row['number']}.pdf",
            "media_type": "application/pdf",
            "digest": sha256(content).hexdigest(),
        },
        by,
    )
    counter.tx.insert("private_contents", {"document": document["id"], "content": content}, by)


def printed(counter: Counter[Any], row: Row, on: date) -> bytes:
    """R-30, R-32: the letter: every ground when it is inadmissible, else what who investigates wrote."""
    inadmissible = row["state"] is ComplaintState.INADMISSIBLE
    answer = tidy(row["answer"] or "")
    if not (answer or inadmissible):
        raise refused("Écrivez d'abord la réponse au citoyen.", "R-32", "answer")
    values: Mapping[str, Any] = {
        "date": on,
        "to": address_block(row),
        "reference": row["number"],
        "number": row["number"],
        "received_on": town_day(row["received_at"]),
        "answer": answer,
        "signatory": {
            "name": counter.person.name,
            "title": DIRECTOR if counter.person.is_one_of(Role.DIRECTOR) else DESIGNATED,
        },
        **({"grounds": row["grounds"] or []} if inadmissible else {}),
    }
    return letter(counter, "plainte_irrecevable" if inadmissible else "plainte_reponse", values)


def _kept(record: str) -> dict[str, Any]:
    return {"kind_of_file": KIND, "record": record}
