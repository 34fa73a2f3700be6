"""The desk's inbox of rows typed in a table outside: judged by a person before they are demands (P §1)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from desk import drafts, forgetting, french
from desk.demand import Demand
from desk.intake import Opened, open_file
from desk.timeline import called
from desk.town import town
from desk.visits import Counter, Visit
from policy.reasons import Refused, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Channel, Priority, State
from sync import links, orders, welcome
from sync.fields import Kind
from sync.file_tables import FILES
from sync.link_tables import LINKS, Tie
from sync.links import Link
from sync.remote import ID, NOTE
from sync.store import Reading, Writing
from sync.values import read_back

TABLE = "files"
# What the form of a demand decides; a file that begins is neither new nor routed because a cell says so.
DECIDED = frozenset(
    {"channel", "category", "priority", "civic", "street", "sector", "place_note", "facts", "forwarded_by"}
)
_FIELDS = {field.name: field for field in FILES.fields}
_BEGINNINGS = (State.NEW, State.ROUTED)
_FORM = "table-"  # how the token of a form in which a row is accepted begins
TOGETHER = timedelta(minutes=1)  # rows that came closer than this to one another were pasted together…
MANY = 5  # …when there are more than these


@dataclass(frozen=True)
class Said:
    """One cell: its column, and what it says in French."""

    label: str
    text: str


@dataclass(frozen=True)
class Arrival:
    """A row that waits. ``said`` are our columns, ``extras`` those the table has besides.

    ``told`` is what there is to know of it (« copie de… »), ``wrong`` what of it does not read and why,
    ``since`` the moment it came to the inbox.
    """

    link: str
    remote: str
    since: datetime
    said: tuple[Said, ...]
    extras: tuple[Said, ...]
    told: str
    wrong: str


def waiting(visit: Visit) -> list[Arrival]:
    """P §4.3: the rows that wait to be demands, the oldest first; for whoever enters demands, else none."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return []
        names = welcome.labels(counter.tx)
        return [_arrival(counter.tx, link, names) for link in welcome.waiting(counter.tx, TABLE)]


def one(visit: Visit, link: str) -> Arrival | None:
    """The row of that link while it waits; ``None`` once it does not, or for who enters no demand."""
    with visit.reading() as counter:
        found = links.get(counter.tx, link) if may(counter.person, Deed.ENTER_DEMAND) else None
        if found is None or found.table != TABLE or found.tie is not Tie.PROPOSED:
            return None
        return _arrival(counter.tx, found, welcome.labels(counter.tx))


def count(visit: Visit) -> int:
    """How many rows wait; 0 for who enters no demand."""
    with visit.reading() as counter:
        return counted(counter)


def counted(counter: Counter[Reading]) -> int:
    """The same in an act under way."""
    if not may(counter.person, Deed.ENTER_DEMAND):
        return 0
    waits = (LINKS.c.table_name == TABLE, LINKS.c.tie == Tie.PROPOSED.value)
    return int(counter.tx.scalar(select(func.count()).select_from(LINKS).where(*waits)))


def groups(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """The rows in their order, those that came together (a paste, an import) in one list, else each alone."""
    runs: list[list[Arrival]] = []
    for arrival in arrivals:
        last = runs[-1][-1] if runs else None
        if last is not None and last.remote == arrival.remote and arrival.since - last.since <= TOGETHER:
            runs[-1].append(arrival)
        else:
            runs.append([arrival])
    return [group for run in runs for group in ([run] if len(run) > MANY else [[one] for one in run])]


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


def erase(visit: Visit, link: str) -> str:
    """R-29, R-81: the row should not be there, a complaint say: it is deleted there, and kept nowhere here.

    What is said. Twice, it changes nothing. Raises ``Refused`` when it was accepted or declined meanwhile.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        found = links.held_fast(counter.tx, link)
        if found is None or found.tie is Tie.PURGED:
            return "La ligne s’efface déjà."
        label = welcome.labels(counter.tx).get(found.remote, found.remote)
        orders.erase(counter.tx, link, counter.at)
        forgetting.drafts(counter.tx, drafts.of_call(token_of(link)))
        orders.wake(counter.tx, counter.at)
        return (
            f"La ligne s’efface de {label} au prochain échange ; l’historique des versions de {label} la "
            "garde. Si c’est une plainte, déposez-la par l’écran des plaintes."
        )


def decline(visit: Visit, link: str, reason: str) -> None:
    """P §4.1: the row is not a demand; its « Synchronisation » cell says why, and who said so.

    Declining twice changes nothing. Raises ``Refused`` without a reason, or when it was accepted meanwhile.
    """
    with visit.writing() as counter:
        _refuse_unexplained(counter, reason)
        _decline(counter, link, reason)
        orders.wake(counter.tx, counter.at)


def decline_all(visit: Visit, rows: Sequence[str], reason: str) -> int:
    """The same for rows that came together, in one transaction; how many were declined now.

    Those that somebody accepted or declined meanwhile are left as they are. Raises ``Refused``.
    """
    done = 0
    with visit.writing() as counter:
        _refuse_unexplained(counter, reason)
        for link in rows:
            with suppress(Refused):
                done += _decline(counter, link, reason)
        orders.wake(counter.tx, counter.at)
    return done


def token_of(link: str) -> str:
    """The token of the form in which that row is accepted."""
    return f"{_FORM}{link}"


def link_of(token: str) -> str:
    """The row that is accepted in the form of that token; empty when it is the form of a call."""
    return token.removeprefix(_FORM) if token.startswith(_FORM) else ""


def _refuse_unexplained(counter: Counter[Writing], reason: str) -> None:
    refuse_unless(counter.person, Deed.ENTER_DEMAND)
    if not reason.strip():
        raise refused("Écrivez le motif.", "R-13", "reason")


def _decline(counter: Counter[Writing], link: str, reason: str) -> bool:
    """Whether it was declined now."""
    found = links.held_fast(counter.tx, link)
    if found is not None and found.table == TABLE and found.tie is Tie.DECLINED:
        return False
    words = f"refusée par {counter.person.name} le {french.day(counter.today)} : {reason.strip()}"
    orders.decline(counter.tx, link, words, counter.at)
    return True


def _arrival(tx: Reading, link: Link, names: Mapping[str, str]) -> Arrival:
    copy, _, wrong = (link.told or "").partition(welcome.UNREAD)
    return Arrival(
        link.id,
        names.get(link.remote, link.remote),
        link.since,
        tuple(_said(tx, link)),
        tuple(Said(header, _raw(raw)) for header, raw in link.extras.items()),
        copy.rstrip(". "),
        wrong,
    )


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
