"""What the screens of complaints offer a visit: to deposit, to designate, to read its own (R-29, R-31)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from desk import private
from desk.town import town
from desk.visits import Counter, Visit
from policy.private_words import PrivateKind
from policy.roles import Deed, may
from sync.schema import SQL


@dataclass(frozen=True)
class Ways:
    """``read``: at least one complaint is theirs; ``entries``: they may see employees' files."""

    deposit: bool
    designate: bool
    read: bool
    entries: bool
    departments: tuple[str, ...]  # names, in use today


def ways(visit: Visit) -> Ways:
    """What this visit may do about complaints, whatever their number."""
    with visit.reading() as counter:
        now = town(counter.tx, counter.today)
        return Ways(
            deposit=may(counter.person, Deed.DEPOSIT_COMPLAINT),
            designate=may(counter.person, Deed.DESIGNATE_INVESTIGATOR),
            read=reads(counter),
            entries=_some(counter, PrivateKind.PERSONNEL) or may(counter.person, Deed.DESIGNATE_INVESTIGATOR),
            departments=tuple(each.name for each in now.departments.values() if each.active),
        )


def reads(counter: Counter[Any]) -> bool:
    """R-33: whether at least one complaint is theirs to read, without saying anything of it."""
    return _some(counter, PrivateKind.COMPLAINT)


def _some(counter: Counter[Any], kind: PrivateKind) -> bool:
    table = SQL[private.TABLES[kind]]
    return counter.tx.scalar(select(table.c.id).where(private.visible(counter, kind)).limit(1)) is not None
