"""The people of the tests: one cast for all, in a town put in place with the Prévost preset.

A technician, two secretaries of Travaux publics and one of Urbanisme, the person of Expérience citoyen, a
director, the director general, a clerk, a member of council, an administrator, and an outsider (an employee)
who must see nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from argon2 import PasswordHasher

from desk import sessions
from desk.house import House
from desk.visits import Visit
from policy.roles import System
from policy.towntime import from_town
from policy.words import Duty, Role
from sync.history import Author, Whence
from sync.store import Writing

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a test signs in more often than a person
PASSWORD = "quatre mots faciles à retenir"
WORKS, PLANNING, TAXES = "Travaux publics", "Urbanisme", "Trésorerie / Taxation"
SINCE = date(2026, 1, 1)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Player:
    """One member of the cast."""

    name: str
    email: str
    role: Role
    departments: tuple[str, ...] = ()
    extension: str = ""


CAST: Mapping[str, Player] = {
    "technician": Player("Luc Tremblay", "luc@prevost.test", Role.TECHNICIAN, (), "2201"),
    "secretary": Player("Julie Gagnon", "julie@prevost.test", Role.RESPONSABLE, (WORKS,), "2310"),
    "other_secretary": Player("Anne Côté", "anne@prevost.test", Role.RESPONSABLE, (WORKS,), "2311"),
    "planner": Player("Nadia Roy", "nadia@prevost.test", Role.RESPONSABLE, (PLANNING,), "2410"),
    "experience": Player("Marc Dubé", "marc@prevost.test", Role.EXPERIENCE, (), "2205"),
    "director": Player("Denis Bélanger", "denis@prevost.test", Role.DIRECTOR, (), "2200"),
    "general": Player("Sylvie Morin", "sylvie@prevost.test", Role.GENERAL, (), "2100"),
    "clerk": Player("Paul Lavoie", "paul@prevost.test", Role.CLERK, (), "2110"),
    "council": Player("Hélène Fortin", "helene@prevost.test", Role.COUNCIL),
    "admin": Player("Ida Nguyen", "ida@prevost.test", Role.ADMIN, (), "2999"),
    "outsider": Player("Omar Haddad", "omar@prevost.test", Role.EMPLOYEE, (), "2500"),
}

# Who is Responsable of what since 1 January 2026. Trésorerie / Taxation has nobody: an orphan.
RESPONSABLES = (
    (WORKS, Duty.RECEPTION, "Julie Gagnon", "travaux@prevost.test"),
    (WORKS, Duty.EXECUTION, "Réal Savard", "surintendant@prevost.test"),
    ("Ingénierie", Duty.RECEPTION, "Lise Paré", "ingenierie@prevost.test"),
    (PLANNING, Duty.RECEPTION, "Nadia Roy", "urbanisme@prevost.test"),
    ("Environnement", Duty.RECEPTION, "Éric Leduc", "environnement@prevost.test"),
    ("Sécurité communautaire", Duty.RECEPTION, "Yan Proulx", "securite@prevost.test"),
    ("Loisirs, culture et vie communautaire", Duty.RECEPTION, "Ève Simard", "loisirs@prevost.test"),
    ("Expérience citoyen", Duty.RECEPTION, "Marc Dubé", "experience@prevost.test"),
)
COUNCIL = (("Hélène Fortin", "helene@prevost.test"), ("Guy Ouellet", "guy@prevost.test"))


@dataclass
class Cast:
    """The cast, settled in a house."""

    house: House
    accounts: Mapping[str, str]  # ids by key of ``CAST``
    departments: Mapping[str, str]  # ids by name
    categories: Mapping[str, str]
    codes: Mapping[str, str]
    council: Mapping[str, str]
    _sessions: dict[tuple[str, datetime], str] = field(default_factory=dict)

    def visit(self, who: str, at: datetime) -> Visit:
        """A visit of that member of the cast at that moment, in a session just opened."""
        key = (who, at)
        if key not in self._sessions:
            with self.house.store.writing() as tx:
                token = sessions.open_session(tx, self.accounts[who], at)
            self._sessions[key] = sessions.hash_token(token)
        return Visit(self.house, at, session=self._sessions[key])


def settle(house: House, at: datetime) -> Cast:
    """Give the town its people: accounts (all with ``PASSWORD``), designations, members of council."""
    with house.store.writing() as tx:
        by = Author(System.SETUP, "Mise en place", Whence.COMMAND, at, "mettre en place")
        departments = _by_name(tx, "departments", "name")
        rows = [
            {
                "name": player.name,
                "email": player.email,
                "extension": player.extension,
                "roles": [player.role.value],
                "departments": [departments[name] for name in player.departments],
                "password": _hash(),
                "active": True,
            }
            for player in CAST.values()
        ]
        accounts = dict(zip(CAST, tx.insert_many("accounts", rows, by), strict=True))
        tx.insert_many(
            "designations",
            [
                {
                    "department": departments[department],
                    "duty": duty,
                    "person": person,
                    "email": email,
                    "starts_on": SINCE,
                    "employee_signed": True,
                    "director_signed": True,
                }
                for department, duty, person, email in RESPONSABLES
            ],
            by,
        )
        tx.insert_many("council", [{"name": name, "email": email} for name, email in COUNCIL], by)
        return Cast(
            house=house,
            accounts=accounts,
            departments=departments,
            categories=_by_name(tx, "categories", "name"),
            codes=_by_name(tx, "codes", "code"),
            council=_by_name(tx, "council", "name"),
        )


def moment(text: str) -> datetime:
    """A moment of town time, its weekday spelled: « Fri 2026-11-20 10:00 »."""
    return from_town(datetime.combine(day(text[:14]), datetime.fromisoformat(text[4:]).time()))


def day(text: str) -> date:
    """A day, its weekday spelled: « Fri 2026-11-20 »."""
    weekday, _, iso = text.partition(" ")
    found = date.fromisoformat(iso)
    if DAYS[found.weekday()] != weekday:
        raise ValueError(f"{iso} is a {DAYS[found.weekday()]}")
    return found


@cache
def _hash() -> str:
    return CHEAP.hash(PASSWORD)


def _by_name(tx: Writing, table: str, field: str) -> dict[str, str]:
    return {row[field]: row["id"] for row in tx.find(table)}
