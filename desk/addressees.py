"""Who receives the monthly lists (R-21 to R-24): each person once, with his or her departments."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from desk import registry
from desk.letters import Recipient
from desk.town import Department, Town
from policy import registry as rules
from policy.words import Duty, Role
from sync.store import Reading, Row

_ORPHANED = "Aucun Responsable n'est désigné : cette liste vous est adressée."


@dataclass
class Addressee:
    """A person and the departments of his or her mail, each with the words that say in what capacity.

    ``answers`` when it is from this person that answers are expected, and not a copy.
    """

    to: Recipient
    shares: list[tuple[Department, str]] = field(default_factory=list)
    answers: bool = False


def of_the_rnc(
    tx: Reading, town: Town, waiting: Collection[str | None]
) -> tuple[list[Addressee], tuple[str, ...]]:
    """R-21: those who receive the RNC, and the ids of the departments without Responsable.

    A department no longer in service is among them as long as files wait there (``waiting``).

    A copy is a mail of its own with its own line in the ledger: a refused one stops no other, and nobody
    reads another department's section because a colleague has two (docs/decisions/14-mails.md).
    """
    rows = tx.find("designations")
    found: dict[str, Addressee] = {}
    orphans = []
    for department in town.departments.values():
        if not department.active and department.id not in waiting:
            continue
        told = rules.list_recipients(rows, department.id, department.circuit, town.day)
        copied = ", ".join(f"{row['person']} ({_capacity(row)})" for row in told.copies)
        for row in told.to:
            _share(found, _recipient(row), department, f"Copie : {copied}." if copied else "", answers=True)
        for row in told.copies:
            _share(found, _recipient(row), department, f"Copie, à titre de {_capacity(row)}.")
        if told.orphan:
            orphans.append(department.id)
            for to in directors(tx, town):
                _share(found, to, department, _ORPHANED)
    return list(found.values()), tuple(orphans)


def of_the_reminder(
    tx: Reading, town: Town, departments: Iterable[str]
) -> tuple[list[Addressee], tuple[str, ...]]:
    """R-22: who has not answered: the Responsable of these departments, or the substitute while away."""
    rows = tx.find("designations")
    found: dict[str, Addressee] = {}
    orphans = []
    for department in (town.departments[each] for each in town.departments if each in set(departments)):
        told = rules.routing_recipients(rows, department.id, department.circuit, town.day)
        for row in told.to:
            _share(found, _recipient(row), department, "", answers=True)
        if told.orphan:
            orphans.append(department.id)
            for to in directors(tx, town):
                _share(found, to, department, _ORPHANED)
    return list(found.values()), tuple(orphans)


def of_council(tx: Reading, town: Town) -> tuple[list[Recipient], list[Recipient]]:
    """P §4.1 (R-23): the members of council in office that day; the director, by copy."""
    rows = tx.find("council", order_by=("name",))
    members = once(Recipient(row["name"], row["email"]) for row in rows if _in_office(row, town))
    known = {each.address.casefold() for each in members}
    return members, [each for each in once(directors(tx, town)) if each.address.casefold() not in known]


def directors(tx: Reading, town: Town) -> list[Recipient]:
    """R-23, R-24: the director of citizen service; the desk when no account has that role."""
    return [Recipient(row["name"], row["email"]) for row in registry.directors(tx)] or desk(tx, town)


def desk(tx: Reading, town: Town) -> list[Recipient]:
    """The Technicien: the address of the desk, or of each who holds the role."""
    if town.rules.desk_email:
        return [Recipient(town.rules.desk_name, town.rules.desk_email)]
    accounts = tx.find("accounts", order_by=("name",), active=True)
    return [Recipient(row["name"], row["email"]) for row in accounts if Role.TECHNICIAN in row["roles"]]


def once(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Each address once, the first name given to it kept."""
    found: dict[str, Recipient] = {}
    for each in recipients:
        found.setdefault(each.address.casefold(), each)
    return list(found.values())


def orphans_noted(town: Town, orphans: Sequence[str]) -> str:
    """The sentence for the ledger; empty when every department has somebody."""
    names = ", ".join(town.departments[each].name for each in orphans)
    return f"Sans Responsable, adressé à la direction : {names}." if names else ""


def _share(
    found: dict[str, Addressee], to: Recipient, department: Department, note: str, answers: bool = False
) -> None:
    each = found.setdefault(to.address.casefold(), Addressee(to))
    each.answers = each.answers or answers
    if all(department.id != shared.id for shared, _ in each.shares):
        each.shares.append((department, note))


def _recipient(row: Row) -> Recipient:
    return Recipient(row["person"], row["email"])


def _capacity(row: Row) -> str:
    return "substitut" if row["duty"] is Duty.SUBSTITUTE else str(row["duty"].value)


def _in_office(row: Row, town: Town) -> bool:
    starts_on, ends_on = row["starts_on"], row["ends_on"]
    return (starts_on is None or starts_on <= town.day) and (ends_on is None or town.day <= ends_on)
