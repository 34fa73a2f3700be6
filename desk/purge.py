"""A complaint entered by mistake as a request (R-29, R-81): it becomes one, and its file is forgotten.

One transaction: the private file is made, then nothing of the ordinary one is left in a row, a history, the
search, a draft or a mail. Its number answers « introuvable » and is never given again: an emptied row bears
it, of a nature that nobody sees (R-33), so that no import brings it back either.
"""

import hashlib
from dataclasses import dataclass

from desk import attachments, forgetting, holds, private_documents, purged_mails, purged_words
from desk.acts import held
from desk.attachments import Attachment
from desk.complaints import KIND, columns, examined
from desk.contents import Content
from desk.investigators import assign
from desk.purged_mails import Gone
from desk.visits import Counter, Visit
from policy.complaints import Complaint
from policy.numbering import Series, number
from policy.private_words import ComplaintState, DocumentKind, PrivateKind, StepKind
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from policy.towntime import town_day
from policy.words import Channel
from sync import nights
from sync.states import NightWork
from sync.store import Row, Writing

ACT = "reclasser le dossier en dossier privé"
BY_MOUTH = frozenset({Channel.PHONE, Channel.IN_PERSON, Channel.FIELD})
_OUTSIDE = "Une table en ligne (Airtable ou Google Sheets) l'a contenu : son propre historique le garde."


@dataclass(frozen=True)
class Purged:
    """What is told once: the number of the complaint, and what could not be taken back."""

    number: str
    was: str
    gone: Gone
    unlinked: tuple[str, ...]
    read_by: str  # the department that could read it, or nothing
    outside: bool  # a table outside holds it, or may
    incident: bool

    @property
    def message(self) -> str:
        """The French confirmation."""
        told = [
            f"Le dossier {self.was} est devenu la plainte {self.number} : notez ce numéro, il n'est dit "
            "qu'ici. Le dossier n'est plus nulle part ailleurs."
        ]
        if self.unlinked:
            told.append(f"Doublons déliés, à traiter à part : {', '.join(self.unlinked)}.")
        if self.gone.notices or self.gone.letters:
            told.append("Des courriels étaient déjà partis : ils ne peuvent pas être repris.")
        if self.gone.lists:
            lists = ", ".join(self.gone.lists)
            told.append(f"Il figure, sans aucune identité, sur des listes déjà envoyées : {lists}.")
        if self.outside:
            told.append(f"{_OUTSIDE} Sa ligne y est effacée au prochain échange ; vérifiez qu'elle l'est.")
        if self.incident:
            told.append("Un incident est proposé au registre de la direction générale et du greffe (R-82).")
        return " ".join(told)


def become_complaint(visit: Visit, file_id: str, reason: str) -> Purged:
    """R-3, R-29, R-33: make a complaint of an ordinary file and forget the file everywhere else.

    What is needed to judge whether it is admissible is left to who investigates. Raises ``NotFound`` as for
    any file, ``Refused`` for who may not deposit a complaint, or without a reason.
    """
    with visit.writing() as counter:
        file = held(counter, file_id)
        refuse_unless(counter.person, Deed.DEPOSIT_COMPLAINT)
        if not reason.strip():
            raise refused("Écrivez le motif.", "R-13", "last_reason")
        holds.refuse_held(counter, file)
        row = _complaint(counter, file, reason)
        unlinked = forgetting.unlink_duplicates(counter, file)
        department = counter.tx.get("departments", file["department"])
        outside = forgetting.whole(counter, file, ACT)
        gone = purged_mails.forget(counter, file)
        read_by = department["name"] if department else ""
        incident = bool(read_by or gone.notices or gone.lists or outside)
        if incident:
            _propose_incident(counter, file, read_by, gone, outside)
        nights.ask(counter.tx, NightWork.SWEEP, counter.at)
        purged = Purged(row["number"], file["number"], gone, unlinked, read_by, outside, incident)
    with visit.house.store.writing() as tx:
        forgetting.drafts(tx, file_id)  # what somebody was typing at that very moment
    purged_mails.clear_folder(visit.house, purged.gone)
    visit.house.store.settle_soon()  # what was erased leaves the disk too; of PostgreSQL's, the next night
    return purged


def _complaint(counter: Counter[Writing], file: Row, reason: str) -> Row:
    """The private file: the complaint, all that the ordinary one held as notes, its documents sealed."""
    citizen = counter.tx.get("citizens", file["citizen"]) or {}
    department = counter.tx.get("departments", file["department"])
    place = " ".join(part for part in (file["civic"], file["street"], file["sector"]) if part)
    complaint = Complaint(
        channel=file["channel"],
        received_at=file["received_at"],
        facts=file["facts"],
        place=place[:200],
        department=department["name"] if department else "",
        written=file["channel"] not in BY_MOUTH,
        anonymous=file["anonymous"],
        phone=citizen.get("phone_digits") or "",
        name=citizen.get("name") or "",
        email=citizen.get("email") or "",
        civic=citizen.get("civic") or "",
        street=citizen.get("street") or "",
        city=citizen.get("city") or "",
        postal_code=citizen.get("postal_code") or "",
    )
    year = town_day(file["received_at"]).year
    by = counter.by("déposer la plainte")
    row = counter.tx.insert(
        "complaints",
        {
            **columns(counter, complaint, examined(counter, complaint)),
            "grounds": [],  # nobody has examined it yet
            "number": number(Series.COMPLAINT, year, counter.tx.next_number(Series.COMPLAINT.value, year)),
            "state": ComplaintState.RECEIVED,
            "deposited_by": counter.person.id,
        },
        by,
    )
    for told in purged_words.notes(counter.tx, file, reason):
        counter.tx.insert(
            "complaint_steps",
            {"complaint": row["id"], "kind": StepKind.NOTE, "noted_at": counter.at, "words": told},
            by,
        )
    _move_documents(counter, file, row["id"])
    typed = "\n".join(file[name] or "" for name in purged_words.FREE)
    assign(counter, {**row, "facts": typed})  # whoever any of its texts names does not investigate
    return row


def _move_documents(counter: Counter[Writing], file: Row, complaint: str) -> None:
    for brought in attachments.take_away(counter, file["id"], counter.by(ACT)):
        _keep(counter, complaint, brought.attachment, brought.content)
    for claim in counter.tx.find("claims", file=file["id"]):
        there = counter.tx.find("private_documents", kind_of_file=PrivateKind.CLAIM, record=claim["id"])
        for document in there:
            held = counter.tx.first("private_contents", document=document["id"])
            if held is not None:
                _keep(counter, complaint, document, held["content"])
                counter.tx.delete("private_contents", held["id"])
            counter.tx.shred("private_documents", document["id"], counter.by(ACT))
        counter.tx.shred("claims", claim["id"], counter.by(ACT))


def _keep(counter: Counter[Writing], complaint: str, document: Attachment | Row, content: bytes) -> None:
    named = document if not isinstance(document, Attachment) else vars(document)
    brought = Content(named["name"], named["media_type"], content, hashlib.sha256(content).hexdigest())
    private_documents.keep(counter, KIND, complaint, brought, DocumentKind.RECEIVED)


def _propose_incident(counter: Counter[Writing], file: Row, read_by: str, gone: Gone, outside: bool) -> None:
    """R-82: what had been seen or sent cannot be taken back; who keeps the register judges it."""
    told = ["Un dossier privé a été traité comme une demande ordinaire avant d'être reclassé."]
    if read_by:
        told.append(f"Service qui pouvait le lire : {read_by}.")
    if gone.notices:
        told.append("Un avis d'acheminement (numéro, catégorie, lieu) était parti.")
    if gone.lists:
        told.append(f"Listes envoyées où il figure : {', '.join(gone.lists)}.")
    if outside:
        told.append(_OUTSIDE)
    counter.tx.insert(
        "incidents",
        {
            "found_on": counter.today,
            "what": " ".join(told),
            "information": "Le contenu d'une demande ; à préciser avec qui l'a reclassée.",
        },
        counter.by("proposer un incident"),
    )
