"""P annexe B (R-61): each says whether a call can be passed on; the desk sees it beside the names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import french
from desk.visits import Counter, Visit
from policy.presence import check, in_force
from policy.towntime import town_day
from policy.words import Presence
from sync.store import Reading


@dataclass(frozen=True)
class Said:
    """Where somebody is now; ``words`` as it is read beside a name, empty for whoever is available."""

    presence: Presence
    until: datetime | None
    words: str


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

    A designation names a person, not an account: they are matched by name, whatever its case.
    """
    wanted = {name.strip().casefold(): name for name in names}
    there: dict[str, str] = {}
    if not wanted:
        return there
    told = {row["account"]: row for row in counter.tx.find("presences")}
    for account in counter.tx.find("accounts", id=list(told), active=True) if told else ():
        name = wanted.get(str(account["name"]).strip().casefold())
        words = _said(told[account["id"]], counter.at).words
        if name is not None and words:
            there[name] = words
    return there


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


def _until(until: datetime | None, at: datetime) -> str:
    if until is None:
        return ""
    same_day = town_day(until) == town_day(at)
    when = french.hour(until) if same_day else f"le {french.moment(until)}"
    return f", de retour {'à ' if same_day else ''}{when}"
