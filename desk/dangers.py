"""R-34: an urgent request made of what a complaint tells of a danger; nothing in it leads back to one."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from desk import private
from desk.demand import Demand
from desk.intake import Opened, open_in, said
from desk.town import town
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.private_words import PrivateKind
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Channel, Nature, Priority, Role
from sync.schema import SQL
from sync.store import Writing

SAFETY = "Sécurité communautaire"


@dataclass(frozen=True)
class Danger:
    """The danger as typed for those who act on it: the facts and the place, and nobody's name.

    ``token`` is made once a form; ``department`` is an id, empty for Sécurité communautaire.
    """

    token: str
    facts: str
    street: str = ""
    civic: str = ""
    sector: str = ""
    place_note: str = ""
    department: str = ""


def danger(visit: Visit, given: Danger) -> Opened:
    """R-34: open an urgent request in Sécurité communautaire, without complainant; what is told to the desk.

    Whoever deposits complaints, or investigates or reads one, may. Nothing of a complaint is asked, so
    nothing of it is kept: not its number, not its channel, not its token. The same token again opens nothing
    more. Raises ``Refused``.
    """
    if not given.token:
        raise ValueError("a danger needs the token of its form")
    with visit.writing() as counter:
        _judge(counter)
        counter.tx.alone(f"intake {given.token}")
        demand = _demand(counter, given)
        there = counter.tx.first("files", intake_token=given.token)
        if there is None:
            return open_in(_as_the_desk(counter), demand)
        if there["facts"] != tidy(given.facts):
            raise refused("Cette saisie a déjà été inscrite avec un autre texte.", "R-34", "token")
        return replace(said(counter, there, "Cette demande était déjà inscrite."), again=True)


def _as_the_desk(counter: Counter[Writing]) -> Counter[Writing]:
    """Who investigates may hold no role of the desk; this one request is theirs to open and to send."""
    roles = counter.person.roles | {Role.TECHNICIAN}
    return replace(counter, person=replace(counter.person, roles=roles))


def _demand(counter: Counter[Writing], given: Danger) -> Demand:
    now = town(counter.tx, counter.today)
    department = given.department or next(
        (each.id for each in now.departments.values() if each.name == SAFETY and each.active), ""
    )
    if not department:
        raise refused(f"Choisissez le service qui intervient : il n'y a pas de « {SAFETY} ».", "R-34",
                      "department")  # fmt: skip
    return Demand(
        token=given.token,
        channel=Channel.FIELD,  # the way the complaint came would tell of it
        nature=Nature.REQUEST,
        facts=given.facts,
        anonymous=True,
        department=department,
        priority=Priority.URGENT,
        civic=given.civic,
        street=given.street,
        sector=given.sector,
        place_note=given.place_note,
    )


def _judge(counter: Counter[Writing]) -> None:
    if may(counter.person, Deed.DEPOSIT_COMPLAINT):
        return
    seen = private.visible(counter, PrivateKind.COMPLAINT)
    if counter.tx.scalar(select(SQL["complaints"].c.id).where(seen).limit(1)) is None:
        refuse_unless(counter.person, Deed.DEPOSIT_COMPLAINT)
