"""Everyone linked to a file is told of its closing (R-16, R-18): once each, with their own numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from desk import mails
from desk import town as towns
from desk.ledger import frozen, post
from desk.letters import Recipient, render
from desk.mails import How, Told
from desk.visits import Counter
from policy.rules import Rules
from policy.surveys import INVITED, invitation
from policy.towntime import town_day
from policy.words import State
from sync.states import MailKind
from sync.store import Reading, Row, Writing

CLOSED, INFORMED = "fermeture", "information"  # what the keys of these mails and calls begin with
_REACHED = " À joindre : "


@dataclass(frozen=True)
class Notice:
    """What is written to a citizen, or said by telephone: once a ``prefix`` and a ``key``."""

    kind: MailKind
    template: str
    prefix: str
    key: str
    to_say: str  # of a call to make, after the numbers


@dataclass
class Linked:
    """One person to tell: by whom, under which numbers, of what he or she asked first."""

    citizen: Row | None
    to: Recipient | None
    file: Row  # whose mail or task it is
    asked_at: datetime
    numbers: list[str] = field(default_factory=list)
    called: bool = False  # by a new call, without a number of their own

    @property
    def said(self) -> str:
        """« 2026-00001 et 2026-00004 »."""
        *first, last = self.numbers
        return f"{', '.join(first)} et {last}" if first else last


def tell(counter: Counter[Writing], file: Row) -> Told:
    """P annexe A, point 5 (R-16, R-18): the text for the citizen, once written, to everyone linked.

    The person of the file, those of its duplicates, those who called again: one mail or one call each,
    whatever they have asked. A file closed again after a reopening tells again.
    """
    text = (file["citizen_text"] or "").strip()
    if not text:
        return Told(How.NOBODY, "Aucun texte pour le citoyen : rien n'est envoyé.")
    notice = Notice(MailKind.CLOSING, "closing", CLOSED, f"{counter.at:%Y%m%dT%H%M%S%f}",
                    "fermé : transmettre le texte écrit pour la personne.")  # fmt: skip
    return tell_each(counter, file, text, notice)


def tell_each(counter: Counter[Writing], file: Row, text: str, notice: Notice) -> Told:
    """R-18: that text to everyone linked, each once, by mail or by a call to make."""
    told = [_tell(counter, file, each, text, notice) for each in linked(counter.tx, file)]
    mailed, calls = told.count(How.MAILED), told.count(How.CALL)
    if not told:
        return Told(How.NOBODY, "Demande anonyme : rien n'est envoyé.")
    if mailed == 0:
        return Told(How.CALL, "Aucun courriel connu : la personne est à rappeler pour la fermeture.")
    rest = f" {calls} à rappeler." if calls else ""
    return Told(How.MAILED, f"Le texte part à {mailed} adresse{'s' if mailed > 1 else ''}.{rest}")


def linked(tx: Reading, file: Row) -> list[Linked]:
    """Everyone to be told of the closing of a file, each once."""
    people: dict[str, Linked] = {}
    for each in _all(tx, file):
        known = people.setdefault(_key(each), each)
        known.numbers += [number for number in each.numbers if number not in known.numbers]
    return list(people.values())


def _key(person: Linked) -> str:
    """Who it is, were he or she entered twice: by the address, else by the telephone and the name."""
    if person.to is not None:
        return person.to.address.casefold()
    if person.citizen is None:
        return str(person.file["id"])
    digits, name = person.citizen["phone_digits"], person.citizen["name"] or ""
    return f"{digits} {name.casefold()}" if digits else str(person.citizen["id"])


def _all(tx: Reading, file: Row) -> Iterator[Linked]:
    twins = tx.find("files", ("number",), duplicate_of=file["id"])
    for each in (file, *(twin for twin in twins if twin["state"] is not State.CANCELLED)):
        if not each["anonymous"]:
            citizen = tx.get("citizens", each["citizen"])
            to = mails.recipient(citizen)
            yield Linked(citizen, to, each, each["received_at"], [each["number"]])
    for call in tx.find("contacts", ("at",), file=file["id"]):
        if citizen := tx.get("citizens", call["citizen"]):
            to = mails.recipient(citizen)
            yield Linked(citizen, to, file, call["at"], [file["number"]], called=True)


def _tell(counter: Counter[Writing], file: Row, person: Linked, text: str, notice: Notice) -> How:
    own = f":{person.citizen['id']}" if person.called and person.citizen else ""
    key = f"{notice.prefix}:{person.file['id']}{own}:{notice.key}"
    if person.to is None:
        words = f"Dossier {person.said} {notice.to_say}"
        if person.called and person.citizen:
            words = joined(words, person.citizen)
        mails.call_back(counter, person.file, key, words)
        return How.CALL
    rules = towns.rules_in_force(counter.tx, counter.today)
    letter = render(
        counter.house,
        rules,
        notice.template,
        f"Votre demande {person.said}",
        number=person.said,
        department=mails.department_name(counter.tx, file),
        received_on=town_day(person.asked_at),
        lines=[line.strip() for line in text.splitlines() if line.strip()],
        survey=_survey(rules, file, person.file) if notice.kind is MailKind.CLOSING else "",
    )
    mail = frozen(
        counter.house, rules, letter, person.to, notice.kind, key, counter.at, file=person.file["id"]
    )
    post(counter.tx, mail, counter.by("aviser le demandeur"))
    return How.MAILED


def joined(words: str, citizen: Row) -> str:
    """The words of a call to make to who has no number of his or her own, with how he or she is reached."""
    who = " ".join(part for part in (citizen["name"], citizen["phone"]) if part)
    return f"{words.partition(_REACHED)[0]}{_REACHED}{who}."


def caller_of(key: str) -> str | None:
    """The id of the citizen a mail or a call of that key is for, when not the person of its file."""
    parts = key.split(":")
    return parts[2] if parts[0] in (CLOSED, INFORMED) and len(parts) == 4 else None


def _survey(rules: Rules, closed: Row, file: Row) -> str:
    """R-19: the town's own form, the number of this person's file in it; empty when nobody is invited."""
    if closed["nature"] not in INVITED:
        return ""
    return invitation(rules.survey_url, file["number"], file["nature"], file["anonymous"])
