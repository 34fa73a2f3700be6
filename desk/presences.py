"""P annexe B (R-61): each says whether a call can be passed on; the desk sees it beside the names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import french
from desk.town import departments
from desk.visits import Counter, Visit
from policy.identity import name_words
from policy.presence import check, in_force
from policy.registry import bearers
from policy.roles import Deed, may, refuse_unless
from policy.spelling import bare
from policy.towntime import town_day
from policy.words import Presence, Role
from sync.store import Reading


@dataclass(frozen=True)
class Said:
    """Where somebody is now; ``words`` as it is read beside a name, empty for whoever is available."""

    presence: Presence
    until: datetime | None
    words: str


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, with the extension; ``where`` is empty when nothing holds of what was said."""

    name: str
    extension: str
    departments: str
    where: str


NOTHING = Said(Presence.AVAILABLE, None, "")


def mine(visit: Visit) -> Said:
    """What this person last said, as it stands now."""
    with visit.reading() as counter:
        row = counter.tx.first("presences", account=counter.person.id)
        return _said(row, counter.at) if row else NOTHING


def say(visit: Visit, presence: Presence, until: datetime | None = None) -> Said:
    """Say where one is, until an aware moment if it is known. Raises ``Refused``, see ``policy.presence``."""
    with visit.writing() as counter:
        back = None if presence is Presence.AVAILABLE else until
        check(presence, back, counter.at)
        told = {"presence": presence, "until": back, "said_at": counter.at}
        row = counter.tx.put("presences", {"account": counter.person.id}, told, counter.by("dire où on est"))
        return _said(row, counter.at)


def beside(counter: Counter[Reading], names: Iterable[str]) -> Mapping[str, str]:
    """Beside each of these names of the registry, where that person is; only those who are not available.

    A designation names a person, not an account: they are matched by ``policy.registry.bearers``.
    """
    away = {row["account"]: _said(row, counter.at).words for row in counter.tx.find("presences")}
    if not any(away.values()):
        return {}
    whose = bearers(counter.tx.find("accounts", active=True))
    found = {name: whose.get(name_words(name)) for name in names}
    told = {name: away.get(account["id"], "") for name, account in found.items() if account is not None}
    return {name: words for name, words in told.items() if words}


def may_see_all(visit: Visit) -> bool:
    """P annexe B: whether this person passes calls on, so sees where everybody is."""
    with visit.reading() as counter:
        return may(counter.person, Deed.ENTER_DEMAND)


def everyone(visit: Visit, sought: str = "") -> tuple[Colleague, ...]:
    """P annexe B: who works here, by name, with what each tapped as it stands now; for the desk.

    ``sought``: only those whose name or departments hold these letters, whatever accents and capitals.
    « Disponible » holds for the day on which it was said. Raises ``Refused`` for anybody else.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        told = {row["account"]: row for row in counter.tx.find("presences")}
        services = departments(counter.tx)
        found = (
            Colleague(
                account["name"],
                account["extension"] or "",
                ", ".join(services[each].name for each in account["departments"] or () if each in services),
                _where(told.get(account["id"]), counter.at),
            )
            for account in counter.tx.find("accounts", order_by=("name",), active=True)
            if set(account["roles"]) != {Role.COUNCIL.value}
        )
        letters = bare(sought.strip())
        return tuple(each for each in found if letters in bare(f"{each.name} {each.departments}"))


def named(counter: Counter[Reading], names: Iterable[str]) -> tuple[str, ...]:
    """These names, each with where the person is when not available: « Julie Gagnon (en réunion) »."""
    listed = tuple(names)
    told = beside(counter, listed)
    return tuple(f"{name} ({told[name]})" if name in told else name for name in listed)


def _said(row: Mapping[str, Any], at: datetime) -> Said:
    presence = in_force(row["presence"], row["until"], row["said_at"], at)
    if presence is Presence.AVAILABLE:
        return NOTHING
    words = {Presence.MEETING: "en réunion", Presence.AWAY: "absent du bureau"}[presence]
    return Said(presence, row["until"], f"{words}{_until(row['until'], at)}")


def _where(row: Mapping[str, Any] | None, at: datetime) -> str:
    if row is None:
        return ""
    today = town_day(row["said_at"]) == town_day(at)
    available = row["presence"] is Presence.AVAILABLE and today
    return f"disponible, dit à {french.hour(row['said_at'])}" if available else _said(row, at).words


def _until(until: datetime | None, at: datetime) -> str:
    if until is None:
        return ""
    same_day = town_day(until) == town_day(at)
    when = french.hour(until) if same_day else f"le {french.moment(until)}"
    return f", de retour {'à ' if same_day else ''}{when}"
