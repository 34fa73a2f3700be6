"""The registry of Responsables (annexe C): who is in force on a day, who is told, who follows whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from policy.classification import is_email
from policy.identity import name_words
from policy.reasons import Ground
from policy.wording import day_words
from policy.words import Circuit, Duty

Designation = Mapping[str, Any]  # a row of the table ``designations``
_ANNEX_C = "P annexe C"


@dataclass(frozen=True)
class Recipients:
    """Who is told, as rows of the registry; each e-mail address once, ``to`` before ``copies``."""

    to: tuple[Designation, ...] = field(default=())
    copies: tuple[Designation, ...] = field(default=())

    @property
    def orphan(self) -> bool:
        """R-24: nobody receives for this department; its list goes to the director."""
        return not self.to


@dataclass(frozen=True)
class Tenure:
    """One designation with the days it really was in force; ``ends_on`` none while it lasts."""

    designation: Designation
    starts_on: date
    ends_on: date | None


def in_force(rows: Iterable[Designation], department: str, day: date, duty: Duty) -> Designation | None:
    """P annexe C, R-60: the designation that held on that day, signed or not; none when there was none.

    The latest to have begun replaces those before it. One that was given an end holds until that day,
    included, and does not bring back the one it replaced. Substitutes have their own function below.
    """
    begun = [row for row in _of(rows, department, duty) if row["starts_on"] <= day]
    if not begun:
        return None
    latest = begun[-1]
    return latest if _lasts(latest, day) else None


def substitutes(rows: Iterable[Designation], department: str, day: date) -> tuple[Designation, ...]:
    """R-60: the substitutes whose dates include that day, in the order they began."""
    begun = (row for row in _of(rows, department, Duty.SUBSTITUTE) if row["starts_on"] <= day)
    return tuple(row for row in begun if _lasts(row, day))


def entrusted(rows: Iterable[Designation], account: str, day: date) -> frozenset[str]:
    """R-60: the departments whose files this account works on that day because it was designated there.

    ``rows``: every designation of these departments.
    """
    rows = list(rows)
    return frozenset(
        row["department"] for row in rows if row["account"] == account and _holds(rows, row, day)
    )


def _holds(rows: Sequence[Designation], row: Designation, day: date) -> bool:
    if row["duty"] is Duty.SUBSTITUTE:
        return bool(row["starts_on"] <= day and _lasts(row, day))
    found = in_force(rows, row["department"], day, row["duty"])
    return found is not None and found["id"] == row["id"]


def routing_recipients(
    rows: Iterable[Designation], department: str, circuit: Circuit, day: date
) -> Recipients:
    """P §2.3 "sans délai", P §4.2.2 (R-12b): who is told that a file has come.

    The substitute stands in for the Responsable de la réception while his dates run; in circuit B the
    Responsable de l'exécution is told as well, by copy.
    """
    rows = list(rows)
    standing_in = substitutes(rows, department, day)
    reception = in_force(rows, department, day, Duty.RECEPTION)
    return _once(standing_in or _some(reception), _execution(rows, department, circuit, day))


def list_recipients(rows: Iterable[Designation], department: str, circuit: Circuit, day: date) -> Recipients:
    """P §4.1, P §4.2.2 (R-21): who receives the department's RNC.

    The Responsable de la réception; by copy the Responsable de l'exécution (circuit B) and the substitute in
    force, who receives it in the Responsable's place when there is none.
    """
    rows = list(rows)
    reception = _some(in_force(rows, department, day, Duty.RECEPTION))
    standing_in = substitutes(rows, department, day)
    copies = (*_execution(rows, department, circuit, day), *standing_in)
    return _once(reception or standing_in, copies)


def orphans(rows: Iterable[Designation], departments: Iterable[str], day: date) -> tuple[str, ...]:
    """R-60: the departments for which nobody receives on that day: neither Responsable nor substitute."""
    rows = list(rows)
    return tuple(
        department
        for department in departments
        if in_force(rows, department, day, Duty.RECEPTION) is None and not substitutes(rows, department, day)
    )


def tenures(rows: Iterable[Designation], department: str, duty: Duty) -> tuple[Tenure, ...]:
    """R-60: who held the duty and from when to when, oldest first."""
    found = _of(rows, department, duty)
    held = []
    for place, row in enumerate(found):
        ends_on = row["ends_on"]
        if duty is not Duty.SUBSTITUTE and place + 1 < len(found):
            eve = found[place + 1]["starts_on"] - timedelta(days=1)
            ends_on = eve if ends_on is None else min(ends_on, eve)
        if ends_on is None or ends_on >= row["starts_on"]:
            held.append(Tenure(row, row["starts_on"], ends_on))
    return tuple(held)


def is_signed(row: Designation) -> bool:
    """P annexe C: both signatures are there. Without them a designation is in force all the same (R-60)."""
    return bool(row["employee_signed"] and row["director_signed"])


def overlapping(rows: Iterable[Designation], department: str, first: date, last: date) -> list[Designation]:
    """R-60: the substitutes of the department on a day at least from ``first`` to ``last``, included."""
    mine = _of(rows, department, Duty.SUBSTITUTE)
    return [row for row in mine if row["starts_on"] <= last and _lasts(row, max(first, row["starts_on"]))]


def bearers(accounts: Iterable[Mapping[str, Any]]) -> Mapping[frozenset[str], Mapping[str, Any]]:
    """R-61: whose account each name is, by the words of ``policy.identity.name_words``.

    A designation names a person, not an account, and annexe C may be filled « Gagnon, Julie ». Of a name that
    two accounts bear nothing is said: it would be of the wrong one.
    """
    found: dict[frozenset[str], list[Mapping[str, Any]]] = {}
    for account in accounts:
        found.setdefault(name_words(account["name"]), []).append(account)
    return {words: whose[0] for words, whose in found.items() if words and len(whose) == 1}


def check_designation(
    new: Designation, existing: Iterable[Designation], circuit: Circuit
) -> tuple[Ground, ...]:
    """P annexe C, R-60: what is missing or wrong in a designation to be added to the registry.

    It may begin in the past (the form comes by hand, days later) but not before the one it replaces: who was
    Responsable on any day can be asked, so the past is never rewritten. On its very day it corrects it.
    """
    grounds = list(check_particulars(new))
    if new.get("duty") is Duty.EXECUTION and circuit is not Circuit.B:
        grounds.append(
            Ground("Seuls les services du circuit B ont un Responsable de l'exécution.", "P §4.2.2", "duty")
        )
    grounds.extend(_dates(new, existing))
    return tuple(grounds)


def check_particulars(row: Designation) -> tuple[Ground, ...]:
    """P annexe C: what is missing or wrong in a designation by itself, whatever the others say."""
    grounds = []
    if not str(row.get("person") or "").strip():
        grounds.append(Ground("Inscrivez le nom et le prénom de l'employé.", _ANNEX_C, "person"))
    if not is_email(str(row.get("email") or "")):
        grounds.append(
            Ground(
                "Inscrivez l'adresse courriel du poste (par exemple voirie@ville.qc.ca).", _ANNEX_C, "email"
            )
        )
    return (*grounds, *_own_dates(row))


def _dates(new: Designation, existing: Iterable[Designation]) -> Iterable[Ground]:
    starts_on, duty = new.get("starts_on"), new.get("duty")
    if starts_on is None or duty is Duty.SUBSTITUTE:
        return
    before = _of(existing, str(new.get("department")), Duty(str(duty))) if duty else []
    if before and starts_on < before[-1]["starts_on"]:
        yield Ground(
            f"{before[-1]['person']} est déjà désigné(e) depuis le {day_words(before[-1]['starts_on'])} : "
            "une désignation en remplace une autre, elle ne commence pas avant elle.",
            "R-60",
            "starts_on",
        )


def _own_dates(row: Designation) -> Iterable[Ground]:
    starts_on, ends_on = row.get("starts_on"), row.get("ends_on")
    if starts_on is None:
        yield Ground("Inscrivez la date à partir de laquelle la désignation vaut.", _ANNEX_C, "starts_on")
        return
    if ends_on is not None and ends_on < starts_on:
        yield Ground("La désignation finit avant d'avoir commencé.", _ANNEX_C, "ends_on")
    if row.get("duty") is Duty.SUBSTITUTE and ends_on is None:
        yield Ground("Un substitut est nommé pour un temps : inscrivez son dernier jour.", "R-60", "ends_on")


def _of(rows: Iterable[Designation], department: str, duty: Duty) -> list[Designation]:
    mine = [row for row in rows if row["department"] == department and row["duty"] == duty]
    return sorted(mine, key=lambda row: (row["starts_on"], str(row.get("id", ""))))


def _lasts(row: Designation, day: date) -> bool:
    return row["ends_on"] is None or row["ends_on"] >= day


def _execution(
    rows: Sequence[Designation], department: str, circuit: Circuit, day: date
) -> tuple[Designation, ...]:
    if circuit is not Circuit.B:
        return ()
    return _some(in_force(rows, department, day, Duty.EXECUTION))


def _some(row: Designation | None) -> tuple[Designation, ...]:
    return () if row is None else (row,)


def _once(to: Iterable[Designation], copies: Iterable[Designation]) -> Recipients:
    seen: set[str] = set()
    first = tuple(row for row in to if _new(row, seen))
    return Recipients(first, tuple(row for row in copies if _new(row, seen)))


def _new(row: Designation, seen: set[str]) -> bool:
    address = str(row["email"]).casefold()
    if address in seen:
        return False
    seen.add(address)
    return True
