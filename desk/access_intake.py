"""A request for access to documents comes in (R-50): its number, its clock, no more of it for the desk."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from desk import access, private, private_forms
from desk.access import TABLE, WHO
from desk.visits import Counter, Visit
from policy import access as rules
from policy.access_moves import state_after
from policy.classification import EARLIEST, tidy
from policy.confidentiality import PrivateAct, may_private
from policy.numbering import Series, number
from policy.private_words import PrivateKind
from policy.reasons import Deadline, Ground, Refused, refuse_all, refused
from policy.towntime import town_day
from policy.words import Channel, Role
from sync.private_tables import ACCESS_REQUESTS
from sync.store import Reading, Row, Writing

ORALLY = frozenset({Channel.PHONE, Channel.IN_PERSON})  # what comes so is oral unless a writing came with it
TYPED = (*WHO, "words")


@dataclass(frozen=True)
class Asked:
    """A request as it is typed; ``received_at`` is now when not given, ``token`` that of its form."""

    token: str
    channel: Channel | None = None
    received_at: datetime | None = None
    written: bool = True
    words: str = ""
    name: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    civic: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Received:
    """What is told once a request is kept: its number, its dates. ``opens``: they may open it themselves.

    ``due`` is none for an oral request, ``to_say`` what the person is told of it (LAI 45); ``again`` is True
    when it had been kept already (second click).
    """

    number: str
    due: Deadline | None
    opens: bool
    to_say: str
    again: bool = False


def may_receive(visit: Visit) -> bool:
    """Whether this visit may enter a request."""
    with visit.reading() as counter:
        return may_private(counter.person, PrivateAct.ENTER, PrivateKind.ACCESS)


def check(visit: Visit, asked: Asked) -> tuple[Ground, ...]:
    """R-50: everything that keeps a request from being entered, at once; empty when it can be."""
    with visit.reading() as counter:
        _refuse_unless_receiving(counter)
        return _grounds(counter, asked)


def receive(visit: Visit, asked: Asked) -> Received:
    """P §4.6, LAI 45, LAI 47 (R-50): keep the request under its number; the clock of a writing starts.

    Raises ``Refused`` with every ground of ``check``. The same token again returns the number already given,
    or refuses when what is typed is no longer the same.
    """
    if not asked.token:
        raise ValueError("a request needs the token of its form")
    with visit.writing() as counter:
        _refuse_unless_receiving(counter)
        counter.tx.alone("inscrire une demande d'accès")  # the second click waits for the first
        there = counter.tx.first(TABLE, intake_token=asked.token)
        if there is not None:
            _refuse_another(there, asked)
            return replace(_received(counter, there), again=True)
        refuse_all(_grounds(counter, asked))
        return _received(counter, _keep(counter, asked))


def _refuse_unless_receiving(counter: Counter[Any]) -> None:
    if not may_private(counter.person, PrivateAct.ENTER, PrivateKind.ACCESS):
        names = ", ".join((Role.TECHNICIAN, Role.DIRECTOR, Role.GENERAL, Role.CLERK))
        raise refused(
            f"Vous ne pouvez pas inscrire une demande d'accès : ce geste est réservé ({names}).", "P §4.6"
        )


def _grounds(counter: Counter[Reading], asked: Asked) -> tuple[Ground, ...]:
    grounds: list[Ground] = []
    if asked.channel is None:
        grounds.append(Ground("Indiquez par où la demande est arrivée.", "P §4.6", "channel"))
    received_at = asked.received_at or counter.at
    if received_at > counter.at:
        grounds.append(Ground("La date de réception est dans le futur.", "LAI 47", "received_at"))
    elif received_at.year < EARLIEST:
        grounds.append(
            Ground(f"Reçue en {received_at.year} ? Vérifiez l'année de réception.", "LAI 47", "received_at")
        )
    kept = _typed(asked)
    grounds += access.missing(kept, asked.written)
    try:
        private_forms.read(ACCESS_REQUESTS, kept, TYPED)
    except Refused as no:
        grounds += [ground for ground in no.grounds if ground.field != "words" or kept["words"]]
    return tuple(grounds)


def _typed(asked: Asked) -> dict[str, str]:
    return {name: tidy(getattr(asked, name)) for name in TYPED}


def _keep(counter: Counter[Writing], asked: Asked) -> Row:
    received_at = asked.received_at or counter.at
    year = town_day(received_at).year
    fresh: dict[str, Any] = {
        **private_forms.read(ACCESS_REQUESTS, _typed(asked), TYPED),
        "number": number(Series.ACCESS, year, counter.tx.next_number(Series.ACCESS.value, year)),
        "received_at": received_at,
        "channel": asked.channel,
        "intake_token": asked.token,
        "received_by": counter.person.id,
        "written_on": town_day(received_at) if asked.written else None,
    }
    whole = {**dict.fromkeys(field.name for field in ACCESS_REQUESTS.fields), **fresh}
    fresh |= access.dated(rules.due_of(access.standing_of(whole), access.office(counter)))
    fresh["state"] = state_after(access.standing_of(whole))
    return counter.tx.insert(TABLE, fresh, counter.by("inscrire la demande d'accès"))


def _received(counter: Counter[Any], row: Row) -> Received:
    opens = private.may(counter, PrivateAct.READ, PrivateKind.ACCESS, row["id"])
    to_say = "" if row["written_on"] else rules.to_write()
    return Received(row["number"], access.due_of(counter, row), opens, to_say)


def _refuse_another(row: Row, asked: Asked) -> None:
    """The form was sent already: once more the same is harmless, something else must not vanish."""
    typed = _typed(asked)
    if any((typed[name] or None) != row[name] for name in ("words", "name")):
        raise refused(
            f"Cette saisie a déjà le numéro {row['number']}, et ce qui est écrit ici est différent : "
            "recommencez une nouvelle saisie pour une autre demande.",
            field="token",
        )
