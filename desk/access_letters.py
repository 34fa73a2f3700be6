"""The letters of a request for access: what each says, looked at before it leaves, kept once it left."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from desk import access, private, private_documents
from desk.contents import Content
from desk.printing import address_block
from desk.printing import letter as printed
from desk.town import rules_in_force
from desk.visits import Counter, Visit
from policy import access as rules
from policy.access_moves import GIVING
from policy.private_words import Decision, DocumentKind, PrivateKind
from policy.reasons import refused
from policy.rules import GENERAL_DIRECTION
from policy.words import Role
from sync.store import Row, Writing

IN_CHARGE = "responsable de l'accès aux documents"


class Paper(StrEnum):
    """The letters; the value is the word of an address."""

    NOTICE = "avis"
    EXTENSION = "prolongation"
    ANSWER = "reponse"


TEMPLATES: Mapping[Paper, str] = {
    Paper.NOTICE: "acces_avis",
    Paper.EXTENSION: "acces_prolongation",
    Paper.ANSWER: "acces_reponse",
}
NAMES: Mapping[Paper, str] = {
    Paper.NOTICE: "Avis de réception",
    Paper.EXTENSION: "Avis de prolongation",
    Paper.ANSWER: "Réponse",
}


def preview(visit: Visit, number: str, paper: Paper) -> bytes:
    """The letter as it would leave today; looking at it is a reading. Raises ``NotFound``, ``Refused``."""
    with visit.writing() as counter:
        row = access.in_sight(counter, number)
        private.record(counter, PrivateKind.ACCESS, row["id"], NAMES[paper])
        return _printed(counter, row, paper, counter.today)


def keep(counter: Counter[Writing], row: Row, paper: Paper) -> None:
    """Keep the letter that left with its request; its day is that of its sending."""
    sent_on = row[_SENT[paper]]
    content = _printed(counter, row, paper, sent_on)
    name = f"{NAMES[paper]} {row['number']}.pdf"
    letter = Content(name, "application/pdf", content, sha256(content).hexdigest())
    kept = private_documents.keep(counter, PrivateKind.ACCESS, row["id"], letter, DocumentKind.LETTER)
    counter.tx.update(
        "private_documents", kept["id"], {"sent_on": sent_on}, counter.by("transmettre une lettre")
    )


def values(counter: Counter[Any], row: Row, paper: Paper) -> dict[str, Any]:
    """P §4.6, LAI 46, LAI 47, LAI 50, LAI 135: what the template of a letter says; the recourse in each."""
    if row["written_on"] is None and paper is not Paper.ANSWER:
        raise refused("La demande n'est que verbale : il n'y a pas d'avis à donner.", "LAI 46")
    who = {**row, "name": row["name"] or row["organisation"]}
    return {
        "to": address_block(who),
        "reference": row["number"],
        "number": row["number"],
        "received_on": row["written_on"] or access.standing_of(row).received_on,
        "organisation": (row["organisation"] or "") if row["name"] else "",
        "words": row["words"],
        "signatory": _in_charge(counter),
        "recourse": list(rules.recourse()) if row["written_on"] else [],
        **_OF[paper](counter, row),
    }


def _printed(counter: Counter[Any], row: Row, paper: Paper, on: date) -> bytes:
    return printed(counter, TEMPLATES[paper], {"date": on, **values(counter, row, paper)})


def _notice(counter: Counter[Any], row: Row) -> dict[str, Any]:
    last = rules.twentieth_day(row["written_on"])
    return {"legal_on": last, "days": rules.DELAY.days, "silence": rules.silence(last)}


def _extension(counter: Counter[Any], row: Row) -> dict[str, Any]:
    if not row["extension_days"] or not row["extension_ground"]:
        raise refused("Préparez d'abord la prolongation : ses jours et son motif.", "LAI 47")
    first = rules.twentieth_day(row["written_on"])
    last = first + timedelta(days=row["extension_days"])
    clerk = counter.tx.get("accounts", row["extended_by"])
    signs = counter.person.name if counter.person.is_one_of(Role.CLERK) else ""
    return {
        "first_on": first,
        "legal_on": last,
        "days": row["extension_days"],
        "ground": row["extension_ground"],
        "silence": rules.silence(last),
        "signatory": {"name": clerk["name"] if clerk else signs, "title": Role.CLERK.value},
    }


def _answer(counter: Counter[Any], row: Row) -> dict[str, Any]:
    decision = row["decision"]
    if decision is None or decision is Decision.WITHDRAWN:
        raise refused("Inscrivez d'abord la décision.", "LAI 47")
    told = row["third_party_told_on"] is not None and decision in GIVING
    return {
        "decision": decision.value,
        "decided_on": row["decided_on"],
        "reason": row["reason"] or "",
        "provisions": row["provisions"] or "",
        "other_body": row["other_body"] or "",
        "enforceable": rules.ENFORCEABLE.days if told else 0,
    }


def _in_charge(counter: Counter[Any]) -> dict[str, str]:
    """P §4.6 (R-54; docs/readings.md, no. 39): who signs: the dated rule, else the direction générale."""
    named = rules_in_force(counter.tx, counter.today).access_officer
    if named.casefold() != GENERAL_DIRECTION:
        return {"name": named, "title": IN_CHARGE.capitalize()}
    general = [
        account["name"]
        for account in counter.tx.find("accounts", order_by=("created_at",), active=True)
        if Role.GENERAL in account["roles"]
    ]
    return {"name": general[0] if general else "", "title": f"{Role.GENERAL}, {IN_CHARGE}"}


_SENT: Mapping[Paper, str] = {
    Paper.NOTICE: "noticed_on",
    Paper.EXTENSION: "extended_on",
    Paper.ANSWER: "answered_on",
}
_OF = {Paper.NOTICE: _notice, Paper.EXTENSION: _extension, Paper.ANSWER: _answer}
