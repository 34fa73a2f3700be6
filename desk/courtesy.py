"""R-8: service refused for abuse, by the director alone; the desk sees only that it is so, and until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import private
from desk.scope import NotFound, file_in_sight
from desk.visits import Counter, Visit
from policy.confidentiality import PrivateAct, may_private
from policy.private_words import PrivateKind
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.wording import day_words
from sync.schema import SQL
from sync.store import Reading, Row

ARTICLE = "SJ, « Le respect et la courtoisie »"


@dataclass(frozen=True)
class Refusal:
    """One refusal of service, as the director sees it; ``ends_on`` is its last day."""

    id: str
    citizen: str  # id
    name: str
    phone: str
    starts_on: date
    ends_on: date
    reason: str
    lifted_at: datetime | None
    in_force: bool


@dataclass(frozen=True)
class Someone:
    """The person of a file, as the director marks him or her."""

    citizen: str  # id
    name: str
    refused_until: date | None


def refused_until(visit: Visit, citizens: Collection[str]) -> Mapping[str, date]:
    """Those of these citizens to whom service is refused today, and the last day of it; nothing else.

    For whoever enters demands; for the others, nobody.
    """
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return {}
        return _in_force(counter, citizens)


def of_file(visit: Visit, number: str) -> date | None:
    """Until when service is refused to the citizen of a file, for whoever enters demands; else nothing."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return None
        citizen = file_in_sight(counter, number)["citizen"]
        return _in_force(counter, [citizen]).get(citizen) if citizen else None


def may_refuse(visit: Visit) -> bool:
    """Whether this person may refuse the service to somebody."""
    with visit.reading() as counter:
        return may(counter.person, Deed.REFUSE_SERVICE)


def someone(visit: Visit, number: str) -> Someone:
    """The citizen of the file of that number, for the director. Raises ``NotFound``, ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.REFUSE_SERVICE)
        citizen = counter.tx.get("citizens", file_in_sight(counter, number)["citizen"])
        if citizen is None:
            raise refused("La personne de ce dossier est anonyme : rien ne peut être marqué.", ARTICLE)
        until = _in_force(counter, [citizen["id"]]).get(citizen["id"])
        return Someone(citizen["id"], citizen["name"] or "sans nom", until)


def refusals(visit: Visit) -> tuple[Refusal, ...]:
    """Every refusal of service, those in force first, for the director; reading them is recorded."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.REFUSE_SERVICE)
        rows = counter.tx.find("service_refusals", order_by=("-ends_on",))
        for row in rows:
            private.record(counter, PrivateKind.SERVICE_REFUSAL, row["id"], "Refus de service")
        found = [_refusal(counter, row) for row in rows]
    return tuple(sorted(found, key=lambda each: not each.in_force))


def refuse(visit: Visit, citizen: str, reason: str, ends_on: date | None) -> Refusal:
    """SJ: the director refuses the service to a citizen from today to ``ends_on`` (included).

    Raises ``Refused`` with every ground: no reason, no end or one gone by, already refused.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.REFUSE_SERVICE)
        row = counter.tx.lock("citizens", citizen)
        if row is None:
            raise refused("La personne choisie n'est plus là : choisissez-la de nouveau.", ARTICLE, "citizen")
        refuse_all(_grounds(counter, citizen, reason, ends_on))
        made = counter.tx.insert(
            "service_refusals",
            {
                "citizen": citizen,
                "starts_on": counter.today,
                "ends_on": ends_on,
                "reason": reason.strip(),
            },
            counter.by("refuser le service"),
        )
        return _refusal(counter, made)


def lift(visit: Visit, refusal: str) -> Refusal:
    """The director gives the service back before the end. Raises ``NotFound``."""
    with visit.writing() as counter:
        if not may_private(counter.person, PrivateAct.HANDLE, PrivateKind.SERVICE_REFUSAL):
            raise NotFound
        row = counter.tx.lock("service_refusals", refusal)
        if row is None:
            raise NotFound
        if row["lifted_at"] is None:
            row = counter.tx.update(
                "service_refusals",
                refusal,
                {"lifted_at": counter.at},
                counter.by("lever le refus de service"),
            )
        return _refusal(counter, row)


def _grounds(counter: Counter[Any], citizen: str, reason: str, ends_on: date | None) -> list[Ground]:
    grounds = []
    if not reason.strip():
        grounds.append(Ground("Inscrivez le motif : ce qui s'est passé, et quand.", ARTICLE, "reason"))
    if ends_on is None:
        grounds.append(
            Ground("Un refus de service a une fin : choisissez le dernier jour.", ARTICLE, "ends_on")
        )
    elif ends_on < counter.today:
        grounds.append(Ground("Le dernier jour est déjà passé.", ARTICLE, "ends_on"))
    already = _in_force(counter, [citizen]).get(citizen)
    if already is not None:
        words = f"Le service est déjà refusé jusqu'au {day_words(already)} : levez d'abord ce refus."
        grounds.append(Ground(words, ARTICLE, "citizen"))
    return grounds


def _in_force(counter: Counter[Any], citizens: Collection[str]) -> dict[str, date]:
    """Those refused today, by citizen; the reason stays sealed."""
    rows = SQL["service_refusals"].c
    query = select(rows.citizen, rows.ends_on).where(
        rows.citizen.in_(list(citizens)),
        rows.lifted_at.is_(None),
        rows.starts_on <= counter.today,
        rows.ends_on >= counter.today,
    )
    return {row["citizen"]: row["ends_on"] for row in counter.tx.rows(query.order_by(rows.ends_on))}


def _refusal(counter: Counter[Reading], row: Row) -> Refusal:
    citizen = counter.tx.get("citizens", row["citizen"])
    return Refusal(
        id=row["id"],
        citizen=row["citizen"],
        name=(citizen["name"] or "sans nom") if citizen else "fiche retirée",
        phone=(citizen["phone"] or "") if citizen else "",
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        reason=row["reason"],
        lifted_at=row["lifted_at"],
        in_force=row["lifted_at"] is None and row["starts_on"] <= counter.today <= row["ends_on"],
    )
