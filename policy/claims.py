"""R-40: claims for damages: until when a written notice is expected, what still waits, what may be kept."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from policy.calendar import OfficeCalendar
from policy.private_words import ClaimDecision, Damage
from policy.reasons import Deadline, Ground, refused
from policy.rules import ClaimNotice, cited
from policy.wording import day_words

ARTICLE = "P §4.1"
MOST_CENTS = 100_000_000_00  # past this it is a slip of the pen
DAYS: Mapping[ClaimNotice, int] = {ClaimNotice.CITIES: 15, ClaimNotice.MUNICIPAL_CODE: 60}
LAWS: Mapping[ClaimNotice, str] = {
    ClaimNotice.CITIES: "Loi sur les cités et villes, art. 585",
    ClaimNotice.MUNICIPAL_CODE: "Code municipal, art. 1112.1",
}
CLERK_DECIDES = "La date est donnée pour information : c'est le greffier qui décide de la réclamation."

PAID = frozenset({ClaimDecision.ACCEPTED, ClaimDecision.PARTIAL})
EXPLAINED = frozenset({ClaimDecision.PARTIAL, ClaimDecision.REFUSED})
_DAYS_OF = ("event_on", "notice_on", "clerk_on", "insurer_on", "decided_on")
_NAMES = {
    "event_on": "L'événement",
    "notice_on": "L'avis écrit",
    "clerk_on": "La transmission au greffier",
    "insurer_on": "La transmission à l'assureur",
    "decided_on": "La décision",
}


class Wait(StrEnum):
    """What a claim waits for, in the order it comes."""

    EVENT = "Date de l'événement à inscrire"
    NOTICE = "Avis écrit à recevoir"
    CLERK = "À transmettre au greffier"
    INSURER = "Numéro de l'assureur à inscrire"
    DECISION = "Décision du greffier"
    PAYMENT = "Montant payé à inscrire"


def notice_due(
    event_on: date,
    calendar: OfficeCalendar,
    notice: ClaimNotice,
    damage: Damage | None = None,
    source: str = "",
) -> Deadline:
    """R-40: the day until which the written notice of a damage is expected (docs/readings.md, no. 31).

    Calendar days after the event, whose day does not count; a last day that is not a working day moves to the
    next one. ``source`` is the article of the town's value. Nothing is refused by this date: the clerk
    decides, and bodily injury has a longer time in the Civil Code (art. 2930), which is said.
    """
    days = DAYS[notice]
    last = event_on + timedelta(days=days)
    due = calendar.on_or_after(last)
    steps = [f"Événement du {day_words(event_on)} ; {days} jours de calendrier, le jour même non compté."]
    if due != last:
        steps.append(f"Le {day_words(last)} n'est pas un jour ouvré : reporté au {day_words(due)}.")
    if damage is Damage.BODILY:
        steps.append(
            "Dommages corporels : le Code civil (art. 2930) écarte ce délai au profit de celui de trois ans."
        )
    return Deadline(
        due=due,
        articles=cited((ARTICLE, LAWS[notice]), source),
        reading=CLERK_DECIDES,
        steps=tuple(steps),
        skipped=calendar.skipped(last, due) if due != last else (),
    )


def waits(claim: Mapping[str, Any]) -> tuple[Wait, ...]:
    """R-40: what the claim waits for, from its fields; nothing once it is decided and paid, or withdrawn."""
    return tuple(_waits(claim))


def _waits(claim: Mapping[str, Any]) -> Iterator[Wait]:
    decision = claim.get("decision")
    if decision is None:
        if claim.get("event_on") is None:
            yield Wait.EVENT
        if claim.get("notice_on") is None:
            yield Wait.NOTICE
        if claim.get("clerk_on") is None:
            yield Wait.CLERK
        if claim.get("insurer_on") is not None and not claim.get("insurer_number"):
            yield Wait.INSURER
        yield Wait.DECISION
    elif decision in PAID and claim.get("paid_cents") is None:
        yield Wait.PAYMENT


def check_claim(claim: Mapping[str, Any], today: date, received_on: date | None = None) -> tuple[Ground, ...]:
    """P §4.1 (R-40): all that cannot be so in a claim; what is not known yet is no fault.

    ``received_on`` is the day the town heard of it: the event is not after.
    """
    return (
        *_event(claim, received_on),
        *_days(claim, today, received_on),
        *_amounts(claim),
        *_decision(claim),
    )


def _event(claim: Mapping[str, Any], received_on: date | None) -> Iterator[Ground]:
    event_on = claim.get("event_on")
    if event_on is not None and received_on is not None and event_on > received_on:
        words = f"L'événement ne suit pas la réception de la demande, le {day_words(received_on)}."
        yield Ground(words, ARTICLE, "event_on")


def _days(claim: Mapping[str, Any], today: date, received_on: date | None) -> Iterator[Ground]:
    event_on = claim.get("event_on")
    for name in _DAYS_OF:
        day = claim.get(name)
        if day is None:
            continue
        if day > today and (name != "event_on" or received_on is None):
            yield Ground(f"{_NAMES[name]} : le {day_words(day)} n'est pas encore venu.", ARTICLE, name)
        elif event_on is not None and day < event_on:
            yield Ground(f"{_NAMES[name]} précède l'événement du {day_words(event_on)}.", ARTICLE, name)


def _amounts(claim: Mapping[str, Any]) -> Iterator[Ground]:
    for name in ("amount_cents", "paid_cents"):
        cents = claim.get(name)
        if cents is not None and not 0 <= cents <= MOST_CENTS:
            yield Ground("Un montant va de 0 $ à cent millions de dollars.", ARTICLE, name)


def _decision(claim: Mapping[str, Any]) -> Iterator[Ground]:
    decision = claim.get("decision")
    if decision in EXPLAINED and not (claim.get("decision_words") or "").strip():
        yield Ground("Un refus, même en partie, dit ses motifs.", "R-17", "decision_words")
    if decision is not None and claim.get("decided_on") is None:
        yield Ground("Inscrivez la date de la décision.", ARTICLE, "decided_on")
    if decision is None and claim.get("decided_on") is not None:
        yield Ground("Une date de décision demande une décision.", ARTICLE, "decision")
    if decision not in PAID and claim.get("paid_cents"):
        yield Ground(
            "Rien ne se paie d'une réclamation qui n'est pas acceptée, même en partie.", ARTICLE, "paid_cents"
        )


_AMOUNT = re.compile(r"(\d+)(?:[.,](\d{1,2}))?", re.ASCII)
_THOUSANDS = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))")


def cents(text: str, field: str = "") -> int | None:
    """The cents of an amount as people type it (« 1 234,56 $ », « 1234.5 »); ``None`` when empty.

    Raises ``Refused`` for what is no amount, such as « 1,234 » or « 1,234.56 », which could be two.
    """
    plain = _THOUSANDS.sub("", text.replace("$", "").strip())
    if not plain:
        return None
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise refused(
            f"« {text.strip()[:40]} » n'est pas un montant : écrivez-le comme 1234,56.", ARTICLE, field
        )
    amount = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if len(found[1]) < 13 else -1
    if not 0 <= amount <= MOST_CENTS:
        raise refused("Un montant va de 0 $ à cent millions de dollars.", ARTICLE, field)
    return amount


def dollars(amount: int | None) -> str:
    """« 1 234,56 $ », with spaces that do not break; empty for none."""
    if amount is None:
        return ""
    whole, part = divmod(amount, 100)
    return f"{whole:,}".replace(",", "\u00a0") + f",{part:02}\u00a0$"
