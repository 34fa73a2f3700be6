"""What waits of private files, for their own people: counted, never read (« Aujourd'hui », R-33).

Every count passes the wall: by role for access, claims and incidents, by bond for complaints. Of what is
sealed nothing is opened but whether a complaint is anonymous, by who investigates it.
"""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from desk import investigators, private
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from policy.confidentiality import PrivateAct, may_private
from policy.investigation import ANSWERED
from policy.private_words import ComplaintState, Decision, PrivateKind
from policy.wording import day_words
from sync.schema import SQL
from sync.store import Reading

SOON = timedelta(days=5)  # calendar days: the clock of the Law never stops

COMPLAINTS, ACCESS, CLAIMS, INCIDENTS = (
    SQL[name] for name in ("complaints", "access_requests", "claims", "incidents")
)


def complaints(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-31: to who investigates, what waits for his or her word."""
    mine = COMPLAINTS.c.investigator == counter.person.id
    kind, state = PrivateKind.COMPLAINT, COMPLAINTS.c.state
    yield Waiting(
        _count(counter, kind, mine, state == ComplaintState.RECEIVED), "plainte à examiner",
        "plaintes à examiner", "/plaintes", pressure=Pressure.NOW,
    )  # fmt: skip
    under_way = state.in_([ComplaintState.ADMISSIBLE, ComplaintState.INVESTIGATED])
    yield Waiting(_count(counter, kind, mine, under_way), "enquête à mener", "enquêtes à mener", "/plaintes")
    yield Waiting(
        _unanswered(counter, mine), "réponse à transmettre à qui s’est plaint",
        "réponses à transmettre à qui s’est plaint", "/plaintes", pressure=Pressure.NOW,
    )  # fmt: skip


def to_designate(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-31: the complaints nobody can investigate before the direction générale designates."""
    yield Waiting(
        investigators.waiting(counter), "plainte attend que vous désigniez qui enquête",
        "plaintes attendent que vous désigniez qui enquête", "/plaintes", pressure=Pressure.NOW,
    )  # fmt: skip


def access(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-51, R-52: past their last day, near it, and all that wait."""
    open_ = (
        ACCESS.c.answered_on.is_(None),
        (ACCESS.c.decision.is_(None)) | (ACCESS.c.decision != Decision.WITHDRAWN),
    )
    today, soon = counter.today, counter.today + SOON
    kind = PrivateKind.ACCESS
    yield Waiting(
        _count(counter, kind, *open_, ACCESS.c.legal_on < today),
        "demande d’accès hors délai : le silence vaut refus",
        "demandes d’accès hors délai : le silence vaut refus", "/acces", pressure=Pressure.LATE,
    )  # fmt: skip
    near = _count(counter, kind, *open_, ACCESS.c.legal_on >= today, ACCESS.c.target_on <= soon)
    yield Waiting(
        near, "demande d’accès à répondre d’ici cinq jours", "demandes d’accès à répondre d’ici cinq jours",
        "/acces", pressure=Pressure.NOW, detail=_first_access(counter, open_) if near else "",
    )  # fmt: skip
    yield Waiting(
        _count(counter, kind, *open_), "demande d’accès en cours", "demandes d’accès en cours", "/acces",
        pressure=Pressure.KNOWN,
    )  # fmt: skip


def claims(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-40: the claims of which the clerk has not decided."""
    yield Waiting(
        _count(counter, PrivateKind.CLAIM, CLAIMS.c.decision.is_(None)), "réclamation à décider",
        "réclamations à décider", "/reclamations", pressure=Pressure.NEXT,
    )  # fmt: skip


def incidents(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-82: the confidentiality incidents that are not closed."""
    yield Waiting(
        _count(counter, PrivateKind.INCIDENT, INCIDENTS.c.closed_on.is_(None)),
        "incident de confidentialité ouvert", "incidents de confidentialité ouverts", "/incidents",
        pressure=Pressure.NOW,
    )  # fmt: skip


def _unanswered(counter: Counter[Reading], mine: ColumnElement[bool]) -> int:
    """R-32: those concluded whose person was not answered; whether there is a person to answer is sealed."""
    asked = select(COMPLAINTS.c.id, COMPLAINTS.c.sealed_key, COMPLAINTS.c.anonymous).where(
        private.visible(counter, PrivateKind.COMPLAINT), mine,
        COMPLAINTS.c.state.in_(sorted(ANSWERED)), COMPLAINTS.c.answered_on.is_(None),
    )  # fmt: skip
    return sum(not row["anonymous"] for row in counter.tx.unsealed("complaints", counter.tx.rows(asked)))


def _count(counter: Counter[Reading], kind: PrivateKind, *conditions: ColumnElement[bool]) -> int:
    """How many of that kind this visit may read and meet the conditions."""
    table = SQL[private.TABLES[kind]]
    query = select(func.count()).select_from(table).where(private.visible(counter, kind), *conditions)
    return int(counter.tx.scalar(query))


def _first_access(counter: Counter[Reading], open_: tuple[ColumnElement[bool], ...]) -> str:
    if not may_private(counter.person, PrivateAct.READ, PrivateKind.ACCESS):
        return ""
    first = select(func.min(ACCESS.c.target_on)).where(*open_, ACCESS.c.legal_on >= counter.today)
    return f"la première, le {day_words(counter.tx.scalar(first))}"
