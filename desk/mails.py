"""The mails to a citizen about one file: its acknowledgement (R-5), and how anybody is written to.

Each is drawn up inside the transaction of the act that calls for it and leaves with the clock; nothing here
speaks to a mail server. Routing notices are in ``desk.notices``, closing texts in ``desk.closing_notices``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desk import notices, printing
from desk import town as towns
from desk.ledger import frozen, post
from desk.letters import Letter, Recipient, is_address, one_line, plain_day, render
from desk.scope import file_in_sight
from desk.visits import Counter, Visit
from policy.acknowledgement import is_acknowledged
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from policy.rules import AckReading, Rules
from policy.towntime import town_day
from sync.states import MailKind, TaskKind
from sync.store import Reading, Row, Writing

NO_DEPARTMENT = "Service aux citoyens"


class How(StrEnum):
    """How a person is told."""

    MAILED = "Courriel"
    CALL = "À rappeler"
    LATER = "Avis regroupé"
    NOBODY = "Personne"


@dataclass(frozen=True)
class Told:
    """How, and the French sentence for the screen."""

    how: How
    sentence: str


def acknowledge(counter: Counter[Writing], file: Row) -> Told:
    """SJ « accuser réception » (R-5): number, department, expected delay; once a file, at its first routing.

    Nothing for a complaint, an access request, an anonymous demand or a first contact. Without an address a
    task « À rappeler » bears the clock. ``acknowledged_at`` is written when the mail has left or the call is
    made.
    """
    rules = towns.rules_in_force(counter.tx, counter.today)
    owed = is_owed(file)
    if not owed or rules.ack_reading is AckReading.NONE:
        return Told(How.NOBODY, "Aucun accusé de réception n'est dû.")
    if file["acknowledged_at"] is not None or _begun(counter.tx, file):
        return Told(How.NOBODY, "L'accusé de réception a déjà été donné.")
    to = recipient(counter.tx.get("citizens", file["citizen"]))
    if to is None:
        call_back(counter, file, f"accuse:{file['id']}", _to_say(counter.tx, file))
        return Told(How.CALL, "Aucun courriel connu : la personne est à rappeler pour l'accusé de réception.")
    mail = frozen(
        counter.house,
        rules,
        acknowledgement(counter, rules, file),
        to,
        MailKind.ACKNOWLEDGEMENT,
        f"accuse:{file['id']}",
        counter.at,
        file=file["id"],
    )
    post(counter.tx, mail, counter.by("accuser réception"))
    return Told(How.MAILED, f"Un accusé de réception part à {to.address}.")


def correct_call(counter: Counter[Writing], file: Row) -> None:
    """R-5, R-71: a call still to be made says the service and the delay that stand now, and for when."""
    task = counter.tx.first("tasks", key=f"accuse:{file['id']}", done_at=None)
    if task is not None:
        now = {"words": _to_say(counter.tx, file), "due_at": file["ack_due_at"]}
        counter.tx.update("tasks", task["id"], now, counter.by("à rappeler"))


def printable(visit: Visit, number: str) -> bytes:
    """SJ « accuser réception » (R-5): the same letter on paper (PDF), where no e-mail is known.

    Raises ``Refused`` when no acknowledgement is owed, ``NotFound`` when the file is not theirs to see.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        file = file_in_sight(counter, number)
        if not is_owed(file):
            raise refused("Aucun accusé de réception n'est dû pour ce dossier.", "SJ, « accuser réception »")
        citizen = counter.tx.get("citizens", file["citizen"]) or {}
        values = {
            "to": printing.address_block(citizen),
            "number": file["number"],
            "received_on": town_day(file["received_at"]),
            "rows": _facts(counter.tx, file),
        }
        return printing.letter(counter, "accuse", values)


def is_printable(counter: Counter[Reading], file: Row) -> bool:
    """Whether ``printable`` serves this visit: somebody is to be told, or the demand is still open."""
    useful = file["open"] or file["acknowledged_at"] is None
    return bool(may(counter.person, Deed.ENTER_DEMAND) and file["citizen"] and useful and is_owed(file))


def is_owed(file: Row) -> bool:
    """R-5: whether an acknowledgement is owed for such a file at all, given already or not."""
    return is_acknowledged(
        file["nature"],
        anonymous=file["anonymous"],
        first_contact=file["first_contact"],
        brought_in=file["brought_in"] is not None,
    )


def notify_routing(counter: Counter[Writing], file: Row) -> Told:
    """P §2.3 « sans délai » (R-12b): urgent files are told at once, the others by the quarter hour."""
    names, at_once = notices.notify(counter, file)
    if not names:
        return Told(How.NOBODY, "Ce service n'a aucun Responsable aujourd'hui : la direction est avisée.")
    if at_once:
        return Told(How.MAILED, f"Un avis urgent part à {', '.join(names)}.")
    return Told(How.LATER, f"Un avis part au prochain quart d'heure à {', '.join(names)}.")


def acknowledgement(counter: Counter[Any], rules: Rules, file: Row) -> Letter:
    """SJ « accuser réception » (R-5): its words as they stand now."""
    return render(
        counter.house,
        rules,
        "acknowledgement",
        f"Votre demande {file['number']}",
        number=file["number"],
        received_on=town_day(file["received_at"]),
        rows=_facts(counter.tx, file),
    )


def _facts(tx: Reading, file: Row) -> list[tuple[str, str]]:
    return [("Service", department_name(tx, file)), ("Délai prévu", _expected(file))]


def _begun(tx: Reading, file: Row) -> bool:
    key = f"accuse:{file['id']}"
    return tx.first("tasks", key=key) is not None or tx.first("mails", key=key) is not None


def recipient(citizen: Row | None) -> Recipient | None:
    """How to write to a citizen; ``None`` when no address is known that a mail could be sent to."""
    address = one_line((citizen or {}).get("email") or "")
    if citizen is None or not is_address(address):
        return None
    return Recipient(citizen["name"] or "", address)


def department_name(tx: Reading, file: Row) -> str:
    """The department of a file, as a citizen reads it."""
    row = tx.get("departments", file["department"])
    return row["name"] if row else NO_DEPARTMENT


def _expected(file: Row) -> str:
    """SJ « lorsque des délais précis sont établis »: the target, where the category has one."""
    if file["target_on"] is None:
        return "aucun délai n'est fixé pour ce genre de demande"
    return f"au plus tard le {plain_day(file['target_on'])}"


def _to_say(tx: Reading, file: Row) -> str:
    (_, department), (_, expected) = _facts(tx, file)
    return (
        f"Accuser réception du dossier {file['number']} : donner le numéro, le service ({department}) "
        f"et le délai ({expected})."
    )


def call_back(counter: Counter[Writing], file: Row, key: str, words: str) -> None:
    """A task of the desk, once a key: somebody who cannot be written to is called."""
    counter.tx.insert_once(
        "tasks",
        {
            "kind": TaskKind.CALL_BACK,
            "key": key,
            "file": file["id"],
            "words": words,
            "due_at": file["ack_due_at"] if key.startswith("accuse:") else counter.at,
        },
        counter.by("à rappeler"),
    )
