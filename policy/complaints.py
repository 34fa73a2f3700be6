"""A complaint as it is deposited: its fifteen days, and every ground that makes it inadmissible (P §4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from policy.calendar import OfficeCalendar
from policy.classification import EARLIEST, Stated, check_particulars, shown, tidy
from policy.reasons import Deadline, Ground
from policy.rules import SignatureReading
from policy.towntime import town_day
from policy.wording import day_words
from policy.words import Channel

DAYS = 15  # P §4.4
READING = (
    "Jours de calendrier ; le jour des faits ne compte pas ; un dernier jour non ouvré passe au suivant."
)

LONGEST = {
    "facts": 20_000, "danger_words": 2_000, "name": 200, "phone": 40, "email": 254, "civic": 20,
    "street": 200, "city": 200, "postal_code": 10, "place": 200, "department": 200,
}  # fmt: skip


class Signature(StrEnum):
    """What stands for a signature at the bottom of a complaint (P §4.1)."""

    HAND = "Signée à la main (sur papier, ou son image)"
    TYPED = "Nom écrit au bas du courriel ou du formulaire"
    NONE = "Aucune signature"


@dataclass(frozen=True)
class Complaint:
    """A complaint as it arrived. ``received_at`` is its actual arrival, an aware moment.

    ``written`` is False for what was told by mouth; ``municipal`` says that a department of the town is
    involved; ``facts_on`` is the day of the facts, or the last one when they lasted.
    """

    channel: Channel | None = None
    received_at: datetime | None = None
    facts_on: date | None = None
    facts: str = ""
    place: str = ""
    department: str = ""
    written: bool = True
    signature: Signature = Signature.NONE
    anonymous: bool = False
    name: str = ""
    phone: str = ""
    email: str = ""
    civic: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""
    municipal: bool = True
    private_dispute: bool = False
    danger: bool = False
    danger_words: str = ""


@dataclass(frozen=True)
class Admissibility:
    """The answer of R-30: yes, or every ground at once. ``by_danger`` are the grounds the danger lifted."""

    grounds: tuple[Ground, ...]
    deadline: Deadline | None = None
    by_danger: tuple[Ground, ...] = ()

    @property
    def admissible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.grounds


def deadline(facts_on: date, office: OfficeCalendar) -> Deadline:
    """P §4.4, « dans un délai de 15 jours après les faits » (docs/readings.md, no. 23): the last day.

    Calendar days, the day of the facts not counted; a last day that is not a working day moves to the next.
    """
    last = facts_on + timedelta(days=DAYS)
    due = office.on_or_after(last)
    steps = [
        f"Faits du {day_words(facts_on)} : ce jour ne compte pas.",
        f"{DAYS} jours de calendrier après : le {day_words(last)}.",
    ]
    if due != last:
        steps.append(f"Ce jour n'est pas ouvré : le dernier jour est le {day_words(due)}.")
    return Deadline(
        due=due,
        articles=("P §4.4",),
        reading=READING,
        steps=tuple(steps),
        skipped=office.skipped(last, due - timedelta(days=1)),
    )


def admissibility(complaint: Complaint, office: OfficeCalendar, reading: SignatureReading) -> Admissibility:
    """P §4.1, P §4.4 (R-30): whether the complaint is admissible; otherwise all that stands in the way.

    A danger for goods or people, once it is said in what, lifts the want of writing and of signature and
    nothing else (docs/readings.md, no. 30). ``reading`` is what the town takes for a signature without paper.
    """
    of_form = (*_writing(complaint), *_signature(complaint, reading))
    lifted = of_form if complaint.danger and tidy(complaint.danger_words) else ()
    due = deadline(complaint.facts_on, office) if complaint.facts_on else None
    return Admissibility(
        grounds=(
            *(() if lifted else of_form),
            *_person(complaint),
            *_object(complaint),
            *_time(complaint, due),
        ),
        deadline=due,
        by_danger=lifted,
    )


def grounds(complaint: Complaint, office: OfficeCalendar, reading: SignatureReading) -> tuple[Ground, ...]:
    """P §4.1, P §4.4 (R-30): every ground of inadmissibility at once; empty when it is admissible."""
    return admissibility(complaint, office, reading).grounds


def is_signed(complaint: Complaint, reading: SignatureReading) -> bool:
    """P §4.1, « être signées » (docs/readings.md, no. 25): whether what stands at the bottom is a signature.

    By hand, on paper or as an image of it, always. A name typed under an e-mail or a Web form is one when the
    town says so; under a private message, never.
    """
    if complaint.signature is Signature.TYPED:
        return reading is SignatureReading.TYPED_NAME and complaint.channel in (
            Channel.EMAIL,
            Channel.WEB_FORM,
        )
    return complaint.signature is Signature.HAND


def check_deposit(complaint: Complaint, now: datetime) -> tuple[Ground, ...]:
    """P §4.4 (R-29): what keeps a complaint from being deposited at all: a form that contradicts itself.

    What makes it inadmissible does not: such a complaint is kept, and its grounds are told.
    """
    return (
        *_reception(complaint, now),
        *_account_of(complaint),
        *_contradictions(complaint),
        *_lengths(complaint),
    )


def _writing(complaint: Complaint) -> Iterable[Ground]:
    if not complaint.written:
        yield Ground(
            "La plainte n'est pas faite par écrit : les plaintes verbales ne sont pas traitées.",
            "P §4.1",
            "written",
        )


def _signature(complaint: Complaint, reading: SignatureReading) -> Iterable[Ground]:
    if is_signed(complaint, reading):
        return
    if complaint.signature is Signature.TYPED:
        message = (
            "La plainte n'est pas signée : la Ville n'accepte pour signature que celle faite à la main."
            if complaint.channel in (Channel.EMAIL, Channel.WEB_FORM)
            else "La plainte n'est pas signée : un nom tapé ne vaut qu'au bas d'un courriel ou formulaire."
        )
        yield Ground(message, "P §4.1", "signature")
    else:
        yield Ground("La plainte n'est pas signée.", "P §4.1", "signature")


def _person(complaint: Complaint) -> Iterable[Ground]:
    """P §4.1, P §4.4 (docs/readings.md, no. 26): nobody unknown, and somebody who can be answered."""
    if complaint.anonymous:
        yield Ground(
            "La plainte est anonyme : les plaintes anonymes ne sont pas traitées.", "P §4.1", "anonymous"
        )
    wanting = [
        words
        for words, found in (
            ("le nom", complaint.name),
            ("le numéro civique", complaint.civic),
            ("la rue", complaint.street),
            ("la municipalité", complaint.city),
            ("le code postal", complaint.postal_code),
            ("un téléphone ou un courriel", complaint.phone + complaint.email),
        )
        if not tidy(found)
    ]
    if wanting:
        yield Ground(
            f"Les coordonnées du citoyen ne sont pas complètes. Il manque : {', '.join(wanting)}.",
            "P §4.4",
            "name" if not tidy(complaint.name) else "street",
        )


def _object(complaint: Complaint) -> Iterable[Ground]:
    if not complaint.municipal:
        yield Ground("La plainte ne vise aucun service de la Ville.", "P §4.1", "municipal")
    if complaint.private_dispute:
        yield Ground(
            "La plainte relève d'un litige privé : la Ville n'en traite pas.", "P §4.1", "private_dispute"
        )


def _time(complaint: Complaint, due: Deadline | None) -> Iterable[Ground]:
    """P §4.4 (docs/readings.md, no. 27): what has no date cannot be shown to be late."""
    if due is None or complaint.received_at is None:
        return
    arrived = town_day(complaint.received_at)
    if arrived > due.due:
        yield Ground(
            f"La plainte est arrivée le {day_words(arrived)}, après les {DAYS} jours : le dernier était le "
            f"{day_words(due.due)}.",
            "P §4.4",
            "facts_on",
        )


def _reception(complaint: Complaint, now: datetime) -> Iterable[Ground]:
    if complaint.channel is None:
        yield Ground("Indiquez par où la plainte est arrivée.", "R-2", "channel")
    if complaint.received_at is None:
        yield Ground("Inscrivez la date et l'heure d'arrivée.", "P §4.4", "received_at")
    elif complaint.received_at > now:
        yield Ground("La date d'arrivée est dans le futur.", "P §4.4", "received_at")
    elif complaint.received_at.year < EARLIEST:
        yield Ground(f"Arrivée en {complaint.received_at.year} ? Vérifiez l'année.", "P §4.4", "received_at")


def _account_of(complaint: Complaint) -> Iterable[Ground]:
    if not tidy(complaint.facts):
        yield Ground("Écrivez l'exposé des faits.", "P §4.4", "facts")
    arrived = town_day(complaint.received_at) if complaint.received_at else None
    if complaint.facts_on and arrived and complaint.facts_on > arrived:
        yield Ground("Les faits seraient postérieurs à la plainte : vérifiez la date.", "P §4.4", "facts_on")
    if complaint.facts_on and complaint.facts_on.year < EARLIEST:
        yield Ground(f"Des faits de {complaint.facts_on.year} ? Vérifiez l'année.", "P §4.4", "facts_on")
    if complaint.danger and not tidy(complaint.danger_words):
        yield Ground("Dites en quoi des biens ou des personnes sont en danger.", "P §4.1", "danger_words")


def _contradictions(complaint: Complaint) -> Iterable[Ground]:
    who = (complaint.name, complaint.phone, complaint.email, complaint.civic, complaint.street)
    if complaint.anonymous and any(map(tidy, who)):
        yield Ground(
            "« Anonyme » est coché mais des coordonnées sont inscrites : effacez-les ou décochez.",
            "P §4.1",
            "anonymous",
        )
    if not complaint.written and complaint.signature is not Signature.NONE:
        yield Ground(
            "Une plainte verbale n'a pas de signature : corrigez l'un ou l'autre.", "P §4.1", "signature"
        )
    yield from check_particulars(Stated(phone=complaint.phone, email=complaint.email))


def _lengths(complaint: Complaint) -> Iterable[Ground]:
    for field, longest in LONGEST.items():
        text = getattr(complaint, field)
        if len(text) > longest:
            yield Ground(
                f"Ce texte compte {len(text)} caractères ; le maximum est {longest} : « {shown(text)} ». "
                "Rien n'est perdu : raccourcissez-le.",
                "P §4.4",
                field,
            )
