"""Who investigates a complaint (R-31): the director, or whom the direction générale designates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, not_, select

from desk import private
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.investigation import ANSWERED, Designated, check_named, investigator, is_named
from policy.numbering import parse
from policy.private_words import PrivateKind
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Role
from sync.schema import SQL
from sync.store import Row, Writing

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Colleague:
    """Somebody with an account, to be chosen."""

    id: str
    name: str


@dataclass(frozen=True)
class Needing:
    """All that the direction générale sees of a complaint: it came, and nobody can investigate it."""

    number: str
    received_at: datetime


@dataclass(frozen=True)
class Absence:
    """Who investigates what comes in while the director is away."""

    id: str
    account: str
    name: str
    starts_on: date
    ends_on: date | None
    reason: str


def colleagues(visit: Visit) -> Sequence[Colleague]:
    """Who can be chosen: as named by a complaint, as investigator, as reader. Raises ``Refused``."""
    with visit.reading() as counter:
        person = counter.person
        if not (may(person, Deed.DEPOSIT_COMPLAINT) or may(person, Deed.DESIGNATE_INVESTIGATOR)):
            seen = private.visible(counter, PrivateKind.COMPLAINT)
            if counter.tx.scalar(select(SQL["complaints"].c.id).where(seen).limit(1)) is None:
                refuse_unless(person, Deed.DEPOSIT_COMPLAINT)
        rows = counter.tx.find("accounts", ("name",), active=True)
        return tuple(Colleague(row["id"], row["name"]) for row in rows)


def needing(visit: Visit) -> Sequence[Needing]:
    """R-31: the complaints for which somebody has to be designated: their number and date only."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE_INVESTIGATOR)
        return tuple(Needing(row["number"], row["received_at"]) for row in _needing(counter))


def waiting(counter: Counter[Any]) -> int:
    """How many ``needing`` there are; 0 for who designates nobody."""
    return sum(1 for _ in _needing(counter)) if may(counter.person, Deed.DESIGNATE_INVESTIGATOR) else 0


def designate(visit: Visit, number: str, account: str, reason: str = "") -> str:
    """R-31: the direction générale gives a complaint that needs it to somebody; the French confirmation.

    Raises ``NotFound`` for any other number, ``Refused`` for a person who cannot be chosen.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE_INVESTIGATOR)
        asked = str(parse(number) or "")
        waiting = next((row for row in _needing(counter) if row["number"] == asked), None)
        row = counter.tx.lock("complaints", waiting["id"]) if waiting else None
        if row is None or waiting is None or row["investigator"] != waiting["investigator"]:
            raise NotFound  # somebody else has just designated
        chosen = _account(counter, account)
        refuse_all(check_named(account, named(counter, row)))
        _give(counter, row, account, reason)
        return f"Plainte {row['number']} confiée à {chosen['name']}."


def absences(visit: Visit) -> Sequence[Absence]:
    """R-31: the designations for the director's absences, the latest first."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE_INVESTIGATOR)
        names = {row["id"]: row["name"] for row in counter.tx.find("accounts")}
        return tuple(
            Absence(
                id=row["id"],
                account=row["account"],
                name=names.get(row["account"], ""),
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                reason=row["reason"] or "",
            )
            for row in counter.tx.find("investigators", ("-starts_on",), complaint=None)
        )


def replace_director(
    visit: Visit, account: str, starts_on: date, ends_on: date | None = None, reason: str = ""
) -> str:
    """R-31: from a day on, somebody investigates every complaint that comes in while the director is away."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE_INVESTIGATOR)
        chosen = _account(counter, account)
        grounds = []
        if starts_on < counter.today:
            grounds.append(Ground("Une désignation ne commence pas dans le passé.", "R-31", "starts_on"))
        if ends_on is not None and ends_on < starts_on:
            grounds.append(Ground("La fin précède le début.", "R-31", "ends_on"))
        refuse_all(grounds)
        counter.tx.insert(
            "investigators",
            {
                "account": account,
                "named_by": counter.person.id,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "reason": tidy(reason),
            },
            counter.by("désigner pendant une absence"),
        )
        return f"{chosen['name']} enquête sur les plaintes reçues pendant l'absence."


def end_absence(visit: Visit, absence: str) -> str:
    """R-31: the director is back: what comes in from today on is the director's. Raises ``NotFound``."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE_INVESTIGATOR)
        row = counter.tx.lock("investigators", absence)
        if row is None or row["complaint"] is not None:
            raise NotFound
        if row["ends_on"] is None or row["ends_on"] >= counter.today:
            by = counter.by("mettre fin à une absence")
            counter.tx.update("investigators", absence, {"ends_on": counter.today - DAY}, by)
        return "L'absence est terminée."


def assign(counter: Counter[Writing], row: Row) -> Row:
    """P §4.4 (R-31): give a complaint just deposited to who investigates it today; or to nobody yet."""
    directors = [
        each["id"]
        for each in counter.tx.find("accounts", active=True)
        if Role.DIRECTOR.value in each["roles"]
    ]
    able = {each["id"] for each in counter.tx.find("accounts", active=True)}
    designations = [each for each in _designations(counter) if each.account in able]
    found = investigator(row["id"], named(counter, row), directors, designations, counter.today)
    if found.account is None:
        return _leave(counter, row)
    if found.designated is not None and found.designated.complaint is None:
        return _give(counter, row, found.account, "Désignation pendant une absence", by_hand=False)
    return counter.tx.update(
        "complaints", row["id"], {"investigator": found.account}, counter.by("confier la plainte")
    )


def strip_named(counter: Counter[Writing], row: Row) -> bool:
    """R-31: whoever is named by now reads and investigates no more; whether somebody must be designated."""
    gone = named(counter, row)
    by = counter.by("retirer l'accès d'une personne nommée")
    for reader in counter.tx.find("complaint_readers", complaint=row["id"]):
        if reader["account"] in gone and (reader["until"] is None or reader["until"] > counter.at):
            counter.tx.update("complaint_readers", reader["id"], {"until": counter.at}, by)
    if row["investigator"] in gone:
        _leave(counter, row)
        return True
    return False


def leave(counter: Counter[Writing], row: Row) -> None:
    """R-31: who investigates withdraws; the direction générale has to designate."""
    _leave(counter, row)


def named(counter: Counter[Any], row: Row) -> frozenset[str]:
    """R-31: the accounts of everyone the complaint names, chosen or told by name, in its text too."""
    people = counter.tx.find("complaint_people", complaint=row["id"])
    texts = [row["facts"] or "", *(person["name"] for person in people)]
    return frozenset(
        {person["account"] for person in people if person["account"]}
        | {
            account["id"]
            for account in counter.tx.find("accounts")
            if any(is_named(text, account["name"]) for text in texts)
        }
    )


def account_of(counter: Counter[Any], name: str) -> str:
    """The account of the only person who bears that name; empty when there is none, or several."""
    rows = counter.tx.find("accounts")
    found = [row["id"] for row in rows if is_named(name, row["name"]) and is_named(row["name"], name)]
    return found[0] if len(found) == 1 else ""


def active(counter: Counter[Any], account: str) -> Row:
    """The active account of that id. Raises ``Refused``."""
    return _account(counter, account)


def _needing(counter: Counter[Any]) -> Iterable[Row]:
    """Those not finished whose investigator is nobody, or can no longer (away, gone, without the role)."""
    complaints = SQL["complaints"]
    rows = counter.tx.rows(
        select(complaints.c.id, complaints.c.number, complaints.c.received_at, complaints.c.investigator)
        .where(not_(and_(complaints.c.state.in_(sorted(ANSWERED)), complaints.c.answered_on.is_not(None))))
        .order_by(complaints.c.received_at, complaints.c.id)
    )
    accounts = {row["id"]: row for row in counter.tx.find("accounts", active=True)}
    designations = list(_designations(counter))
    away = any(
        each.complaint is None and each.account in accounts and each.holds_on(counter.today)
        for each in designations
    )
    for row in rows:
        account = accounts.get(row["investigator"] or "")
        by_designation = account is not None and any(
            each.complaint == row["id"] and each.account == account["id"] and each.holds_on(counter.today)
            for each in designations
        )
        is_director = account is not None and Role.DIRECTOR.value in account["roles"]
        if not by_designation and (not is_director or away):
            yield row


def _designations(counter: Counter[Any]) -> Iterable[Designated]:
    table = SQL["investigators"]
    rows = counter.tx.rows(
        select(table.c.account, table.c.starts_on, table.c.ends_on, table.c.complaint).order_by(table.c.id)
    )
    return (Designated(row["account"], row["starts_on"], row["ends_on"], row["complaint"]) for row in rows)


def _give(counter: Counter[Writing], row: Row, account: str, reason: str, by_hand: bool = True) -> Row:
    by = counter.by("désigner qui enquête")
    _end(counter, row)
    counter.tx.insert(
        "investigators",
        {
            "complaint": row["id"],
            "account": account,
            "named_by": counter.person.id if by_hand else None,
            "starts_on": counter.today,
            "reason": tidy(reason),
        },
        by,
    )
    return counter.tx.update("complaints", row["id"], {"investigator": account}, by)


def _leave(counter: Counter[Writing], row: Row) -> Row:
    _end(counter, row)
    by = counter.by("retirer la charge de l'enquête")
    return counter.tx.update("complaints", row["id"], {"investigator": None}, by)


def _end(counter: Counter[Writing], row: Row) -> None:
    for earlier in counter.tx.find("investigators", complaint=row["id"], ends_on=None):
        by = counter.by("mettre fin à une désignation")
        counter.tx.update("investigators", earlier["id"], {"ends_on": counter.today}, by)


def _account(counter: Counter[Any], account: str) -> Row:
    row: Row | None = counter.tx.get("accounts", account)
    if row is None or not row["active"]:
        raise refused("Choisissez une personne qui a un compte actif.", "R-31", "account")
    return row
