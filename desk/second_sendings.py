"""A mail once more (« Renvoyer »), by a deliberate act of the desk: to whom, when, or why not."""

from dataclasses import dataclass

import sqlalchemy as sa

from desk import closing_notices, letters, mails, postbook, tellings
from desk import town as towns
from desk.letters import Recipient, read
from desk.postbook import Sent
from desk.purged_mails import ERASED
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from policy.wording import moment_words
from policy.words import State
from sync import hold
from sync.schema import SQL
from sync.states import MailKind, MailState
from sync.store import Reading, Row, Writing

TO_CITIZENS = (MailKind.ACKNOWLEDGEMENT, MailKind.CLOSING, MailKind.INFORMATION)
_LEFT = (MailState.SENT, MailState.REFUSED)


@dataclass(frozen=True)
class Plan:
    """To whom it would leave now; ``typed`` whether another address may be typed (a colleague's)."""

    to: Recipient
    typed: bool
    held: bool  # a restore is to be confirmed first

    @property
    def when(self) -> str:
        """When it would leave, in French."""
        return "dès que la reprise sera confirmée" if self.held else "au prochain passage de l'horloge"


def is_offered(mail: Sent) -> bool:
    """Whether this line of the book may have something to send again; ``plan`` says it for sure."""
    lasting = mail.subject != ERASED and mail.kind is not MailKind.RESET and not mail.month
    return lasting and mail.state in _LEFT


def plan(visit: Visit, mail: str) -> Plan:
    """To whom the mail would leave once more. Raises ``Refused``: nothing to send again, nobody to tell."""
    with visit.reading() as counter:
        return _plan(counter, mail)[0]


def send(visit: Visit, mail: str, address: str = "") -> str:
    """R-5, R-12b, R-16: the mail once more, to where its citizen is reached now; the French confirmation.

    ``address`` is heeded for a colleague only. An acknowledgement says the service and the delay that stand
    now. A second click sends nothing more. Raises ``Refused`` as ``plan`` does.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.RESEND_MAIL)
        row = _found(counter.tx, mail)
        counter.tx.lock("mails", row["again_of"] or row["id"])  # one at a time
        last = postbook.chain(counter.tx, row)[-1]
        if last["state"] not in _LEFT and last["id"] != (row["again_of"] or row["id"]):
            return f"C'est déjà demandé : ce courriel repart à {last['to_address']}."
        asked, words = _plan(counter, mail)
        to = Recipient(asked.to.name, address.strip()) if asked.typed and address.strip() else asked.to
        if not letters.is_address(to.address):
            raise refused("Inscrivez une adresse de courriel.", field="address")
        whole = counter.tx.get("mails", row["id"]) or row
        message = letters.reworded(whole["message"], words) if words is not None else b""
        postbook.again_in(counter, whole, to, message=message)
        return f"Le courriel repart à {to.address}, {asked.when}."


def _plan(counter: Counter[Reading] | Counter[Writing], mail: str) -> tuple[Plan, letters.Letter | None]:
    """The plan, and the words where they are no longer those of the first."""
    refuse_unless(counter.person, Deed.RESEND_MAIL)
    row = _found(counter.tx, mail)
    if row["subject"] == ERASED:
        raise refused("Ce courriel a été effacé : il ne peut plus être renvoyé.", "R-33")
    if row["run"]:
        raise refused("Une liste se renvoie depuis « Listes mensuelles », avec sa raison.", "R-24")
    if row["kind"] is MailKind.RESET:
        raise refused("Ce lien n'est que pour la personne : elle en demande un autre à la connexion.")
    sendings = postbook.chain(counter.tx, row)
    postbook.refuse_waiting(sendings)
    first, last = sendings[0], sendings[-1]
    words = None
    to = Recipient(row["to_name"] or "", last["to_address"])
    file = counter.tx.get("files", row["file"]) or {}
    if row["kind"] in TO_CITIZENS:
        if not file:
            raise refused("Le dossier de ce courriel n'est plus là : il n'y a plus personne à qui l'envoyer.")
        to = _citizen(counter.tx, file, first)
    for each in reversed(sendings):
        if each["state"] is MailState.SENT and each["to_address"].casefold() == to.address.casefold():
            raise refused(f"Il est parti à cette même adresse le {moment_words(each['sent_at'])}.")
    match row["kind"]:
        case MailKind.ACKNOWLEDGEMENT:
            _refuse_acknowledged(file, last)
            words = mails.acknowledgement(counter, towns.rules_in_force(counter.tx, counter.today), file)
        case MailKind.CLOSING:
            _refuse_reopened(counter.tx, file, first)
        case MailKind.INFORMATION:
            tellings.refuse_past(counter.tx, file, first)
        case MailKind.ROUTING:
            _refuse_announced(counter.tx, row["message"], first)
    held = hold.since(counter.tx) is not None
    return Plan(to, row["kind"] is MailKind.ROUTING, held), words


def _found(tx: Reading, mail: str) -> Row:
    row = tx.get("mails", mail)
    if row is None:
        raise refused("Ce courriel est introuvable.")
    return row


def _citizen(tx: Reading, file: Row, first: Row) -> Recipient:
    """Whom the first sending was for, where he or she is reached now."""
    citizen = tx.get("citizens", closing_notices.caller_of(first["key"]) or file["citizen"])
    to = mails.recipient(citizen)
    if to is None:
        raise refused(
            "Aucun courriel n'est connu pour cette personne : corrigez ses coordonnées au dossier "
            f"{file['number']}, ou appelez-la.",
            "SJ, « accuser réception »",
        )
    return to


def _refuse_acknowledged(file: Row, last: Row) -> None:
    """R-5: it is owed while the demand is open and nobody was told; one that went astray leaves again."""
    if not mails.is_owed(file):
        raise refused("Aucun accusé de réception n'est dû pour ce dossier.", "SJ, « accuser réception »")
    if not file["open"]:
        raise refused(f"Le dossier {file['number']} n'est plus ouvert : il n'y a plus rien à accuser.")
    if file["acknowledged_at"] is not None and last["state"] is not MailState.SENT:
        raise refused(f"L'accusé de réception a été donné le {moment_words(file['acknowledged_at'])}.")


def _refuse_reopened(tx: Reading, file: Row, first: Row) -> None:
    """R-16: a text told of a closing; reopened, or closed again since, the file has another to tell."""
    closed = tx.get("files", file["duplicate_of"]) or file
    if closed["state"] is not State.DONE:
        raise refused(
            f"Le dossier {closed['number']} n'est plus fermé : son texte partira quand il le sera.", "R-16"
        )
    if closed["closed_at"] is not None and closed["closed_at"] > first["created_at"]:
        raise refused(f"Le dossier {closed['number']} a été fermé de nouveau : ce texte n'est plus le sien.")


def _refuse_announced(tx: Reading, message: bytes, first: Row) -> None:
    """R-12b: a notice tells of files that came to a department; none of them may wait there any more."""
    said = read(message)[1].text
    notices, files = SQL["notices"].c, SQL["files"].c
    query = sa.select(files.number).join(SQL["notices"], notices.file == files.id).where(
        notices.mailed_at == first["created_at"], notices.department == files.department, files.open.is_(True)
    )  # fmt: skip
    if not any(row["number"] in said for row in tx.rows(query)):
        raise refused("Ce que cet avis annonçait n'attend plus ce service : rien n'est à renvoyer.", "R-12b")
