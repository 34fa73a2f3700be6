"""The demonstration town: a preset, invented people, and three years of calls that end today."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from desk import demo_listening, demo_private, importing, setup
from desk.house import House
from desk.importing import Report
from desk.sessions import hash_password
from desk.visits import Visit
from policy.reasons import refused
from policy.roles import System
from policy.rules import CHOSEN, RuleName
from policy.towntime import town_day
from policy.words import Duty
from sync.history import Author, Whence
from sync.schema import SQL
from sync.store import Reading, Row, Writing


class DemoAccount(Protocol):
    """An account of the demonstration (``config.demonstration.Account``)."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def roles(self) -> Sequence[str]: ...
    @property
    def departments(self) -> Sequence[str]: ...
    @property
    def extension(self) -> str: ...


@dataclass(frozen=True)
class Scenery:
    """What the demonstration is made of, as ``config`` gives it: see ``config.demonstration``."""

    preset: Mapping[str, Sequence[Mapping[str, Any]]]
    people: Mapping[str, Any]
    accounts: Sequence[DemoAccount]
    calls: bytes
    tale: Mapping[str, Any]
    private: Mapping[str, Sequence[Mapping[str, Any]]]
    listening: Mapping[str, Sequence[Mapping[str, Any]]]


def put_in_place(house: House, scenery: Scenery, at: datetime) -> Report:
    """Put the demonstration in place; what is there already is left as it is, so calling again adds nothing.

    Raises ``Refused`` where somebody has a real account: the password of these is shown to whoever comes.
    """
    emails = {account.email for account in scenery.accounts}
    rules = [
        {"name": name, "value": value, "article": CHOSEN} for name, value in scenery.people["rules"].items()
    ]
    preset = {**scenery.preset, "rules": [*scenery.preset["rules"], *rules]}
    by = Author(System.SETUP, "Mise en place", Whence.COMMAND, at, "mettre en place la démonstration")
    with house.store.writing() as tx:
        tx.alone("premier compte")
        _refuse_a_real_town(tx, emails, town_day(at))
        setup.write(tx, preset, setup.Start(town_day(at)), by)
        if tx.first("accounts") is None:
            _people(tx, scenery, town_day(at), by)
    visit = Visit(house, at, system=System.IMPORT, whence=Whence.IMPORT)
    report = importing.import_calls(visit, scenery.calls, scenery.tale)
    demo_private.put_in_place(house, scenery.private, at)
    demo_listening.put_in_place(house, scenery.listening, at)
    return report


def is_one(house: House, emails: Set[str]) -> bool:
    """Whether the demonstration is in place here: its people have accounts, and nobody else."""
    with house.store.reading() as tx:
        found = tx.rows(select(SQL["accounts"].c.email).limit(len(emails) + 1))
    return bool(found) and all(row["email"] in emails for row in found)


def _refuse_a_real_town(tx: Reading, emails: Set[str], today: date) -> None:
    accounts = tx.find("accounts")
    if any(row["email"] not in emails for row in accounts):
        raise refused("Cette ville a déjà de vrais comptes : la démonstration ne s'y ajoute pas.")
    if not accounts and (setup.is_in_place(tx, today) or tx.first("files") is not None):
        raise refused("Une ville est déjà en place ici : la démonstration ne s'y ajoute pas.")


def _people(tx: Writing, scenery: Scenery, today: date, by: Author) -> None:
    departments = {row["name"]: row["id"] for row in tx.find("departments")}
    tx.insert_many("accounts", _accounts(scenery.accounts, departments), by)
    tx.insert_many("designations", _designations(scenery.people["designations"], departments, today), by)
    tx.insert_many("council", _council(scenery.people["council"], today), by)
    # The lists of this month that were due before the demonstration began go out late, so that there are some
    # to look at; nothing older does.
    start = tx.first("rules", name=RuleName.START_DATE.value)
    if start is not None:
        tx.update("rules", start["id"], {"value": today.replace(day=1).isoformat()}, by)


def _accounts(accounts: Iterable[DemoAccount], departments: Mapping[str, str]) -> list[Row]:
    hashed: dict[str, str] = {}  # all of them have the same password, and hashing is slow on purpose
    for account in accounts:
        if account.password not in hashed:
            hashed[account.password] = hash_password(account.password)
    return [
        {
            "name": account.name,
            "email": account.email,
            "extension": account.extension,
            "roles": list(account.roles),
            "departments": [departments[name] for name in account.departments],
            "password": hashed[account.password],
            "active": True,
        }
        for account in accounts
    ]


def _designations(rows: Iterable[Row], departments: Mapping[str, str], today: date) -> list[Row]:
    return [
        {
            "department": departments[row["department"]],
            "duty": Duty(row["duty"]),
            "director": row["director"],
            "person": row["person"],
            "email": row["email"],
            "extension": row["extension"],
            "starts_on": today - timedelta(days=row["days_ago"]),
            "ends_on": today + timedelta(days=row["days_ahead"]) if "days_ahead" in row else None,
            "signed_on": today - timedelta(days=row["days_ago"]) if row.get("signed", True) else None,
            "employee_signed": row.get("signed", True),
            "director_signed": row.get("signed", True),
        }
        for row in rows
    ]


def _council(rows: Iterable[Row], today: date) -> list[Row]:
    return [
        {
            "name": row["name"],
            "email": row["email"],
            "district": row["district"],
            "starts_on": today - timedelta(days=row["days_ago"]),
            "ends_on": today - timedelta(days=row["ended_days_ago"]) if "ended_days_ago" in row else None,
        }
        for row in rows
    ]
