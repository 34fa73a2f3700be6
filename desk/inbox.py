"""The desk's inbox of rows typed in a table outside: judged by a person before they are demands (P §1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import french
from desk.demand import Demand
from desk.intake import Opened, open_file
from desk.timeline import called
from desk.town import town
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Channel, Priority, State
from sync import links, orders, welcome
from sync.fields import Kind
from sync.link_tables import Tie
from sync.links import Link
from sync.remote import ID, NOTE
from sync.store import Reading, Writing
from sync.tables import FILES
from sync.values import read_back

TABLE = "files"
# What the form of a demand decides; a file that begins is neither new nor routed because a cell says so.
DECIDED = frozenset(
    {"channel", "category", "priority", "civic", "street", "sector", "place_note", "facts", "forwarded_by"}
)
_FIELDS = {field.name: field for field in FILES.fields}
_BEGINNINGS = (State.NEW, State.ROUTED)


@dataclass(frozen=True)
class Said:
    """One cell: its column, and what it says in French."""

    label: str
    text: str


@dataclass(frozen=True)
class Arrival:
    """A row that waits. ``said`` are our columns, ``extras`` those the table has besides.

    ``told`` is what there is to know of it (« copie de… »), ``since`` the moment it came to the inbox.
    """

    link: str
    remote: str
    since: datetime
    said: tuple[Said, ...]
    extras: tuple[Said, ...]
    told: str


def waiting(visit: Visit) -> list[Arrival]:
    """P §4.3: the rows that wait to be demands, the oldest first; for whoever enters demands, else none."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return []
        names = welcome.labels(counter.tx)
        return [
            Arrival(
                link.id,
                names.get(link.remote, link.remote),
                link.since,
                tuple(_said(counter.tx, link)),
                tuple(Said(header, _raw(raw)) for header, raw in link.extras.items()),
                link.told or "",
            )
            for link in welcome.waiting(counter.tx, TABLE)
        ]


def prefill(visit: Visit, link: str) -> Demand:
    """The form of a demand, filled with what the row says; its clock starts when it came to the inbox (R-5).

    The token is that of the row: accepting it twice opens one file. Raises ``Refused``.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        found = links.get(counter.tx, link)
        if found is None or found.table != TABLE or found.tie is not Tie.PROPOSED:
            raise refused("Cette ligne a déjà été accueillie ou refusée.")
        typed = _typed(found)
        category = town(counter.tx, counter.today).categories.get(typed.get("category") or "")
        channel, priority = typed.get("channel"), typed.get("priority")

        def text(name: str) -> str:
            return str(typed.get(name) or "")

        return Demand(
            token=token_of(link),
            channel=channel if isinstance(channel, Channel) else None,
            nature=category.nature if category else None,
            category=category.id if category and category.active else "",
            priority=priority if isinstance(priority, Priority) else None,
            received_at=found.since,
            forwarded_by=typed.get("forwarded_by") or "",
            facts=text("facts"),
            civic=text("civic"),
            street=text("street"),
            sector=text("sector"),
            place_note=text("place_note"),
        )


def accept(visit: Visit, link: str, demand: Demand) -> Opened:
    """P §1, R-1: open the file, and tie the row to it, in one transaction.

    A second click returns the file already opened. Raises ``Refused`` as ``desk.intake.open_file`` does, or
    when the row was declined meanwhile.
    """
    if demand.token != token_of(link):
        raise ValueError("the demand is not the one of this row")

    def tie(counter: Counter[Writing], opened: Opened) -> None:
        found = links.held_fast(counter.tx, link)
        file = counter.tx.get(TABLE, opened.id)
        if file is None or (found is not None and found.record == opened.id):
            return
        state = _typed(found).get("state") if found else None
        settled = DECIDED | ({"state"} if state in _BEGINNINGS else frozenset())
        welcome.welcome(counter.tx, link, file, settled, counter.person.id, counter.at)

    return open_file(visit, demand, tie)


def decline(visit: Visit, link: str, reason: str) -> None:
    """P §4.1: the row is not a demand; its « Synchronisation » cell says why, and who said so.

    Declining twice changes nothing. Raises ``Refused`` without a reason, or when it was accepted meanwhile.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        if not reason.strip():
            raise refused("Écrivez le motif.", "R-13", "reason")
        found = links.held_fast(counter.tx, link)
        if found is not None and found.table == TABLE and found.tie is Tie.DECLINED:
            return
        words = f"refusée par {counter.person.name} le {french.day(counter.today)} : {reason.strip()}"
        orders.decline(counter.tx, link, words, counter.at)
        orders.wake(counter.tx, counter.at)


def token_of(link: str) -> str:
    """The token of the form in which that row is accepted."""
    return f"table-{link}"


def _typed(link: Link) -> dict[str, Any]:
    """What was typed, by field, as the store would keep it."""
    return {name: read_back(_FIELDS[name], value) for name, value in link.agreed.items() if name in _FIELDS}


def _said(tx: Reading, link: Link) -> Iterator[Said]:
    typed = _typed(link)
    for name, field in _FIELDS.items():
        if name in typed:
            value = typed[name]
            known = field.kind is Kind.REF and field.ref and value
            yield Said(field.label, called(tx, str(field.ref), value) if known else french.words(value))
        elif link.there.get(name) is not None:  # a column that is the desk's: told as it was typed
            yield Said(field.label, _raw(link.there[name]))
    for name, raw in link.there.items():
        if name not in _FIELDS and name not in (ID, NOTE) and raw is not None:
            yield Said(name, _raw(raw))


def _raw(raw: Any) -> str:
    return ", ".join(map(str, raw)) if isinstance(raw, list) else french.words(raw)
