"""The single way in (P §1, §4; R-1 to R-5): a demand typed by the desk becomes a numbered file at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from desk import citizens, closing, dates, drafts, mails, presences, registry, routing, search, thanks
from desk.citizens import Caller
from desk.demand import Demand, closing_items, department_of, grounds, original
from desk.scope import file_in_sight
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.confidentiality import may_see_file
from policy.numbering import number, series_of
from policy.reasons import Deadline, Ground, refuse_all, refused
from policy.roles import Deed, refuse_unless
from policy.towntime import town_day
from policy.words import Circuit, Nature, Priority, State
from sync.store import Reading, Row, Writing

__all__ = ["Demand", "Opened", "Proposal", "check", "open_file", "open_in", "preview", "said", "told"]


@dataclass(frozen=True)
class Proposal:
    """What the category proposes while the demand is typed (R-10), and who will receive it today (R-60)."""

    department: str  # id, empty when the category has none
    department_name: str
    circuit: Circuit | None
    priority: Priority
    nature: Nature | None
    target: Deadline | None
    acknowledgement: Deadline | None
    responsables: tuple[str, ...]  # their names; empty: the department has none


@dataclass(frozen=True)
class Opened:
    """What is said to the citizen, and to the desk, once the demand is kept.

    ``again`` is True when the demand had been kept already (second click, second tab).
    ``told`` says in French how the citizen is acknowledged: by mail, to be called back, not at all and why.
    """

    id: str
    number: str
    department_name: str
    responsables: tuple[str, ...]
    target: Deadline | None
    acknowledgement: Deadline | None
    told: str
    closed: bool = False
    again: bool = False
    citizen: str = ""  # id, so that the next demand of the same person does not double him or her


def preview(visit: Visit, demand: Demand) -> Proposal:
    """What would be proposed and promised for the demand as typed so far; refuses nothing of it."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        now = town(counter.tx, counter.today)
        category = now.categories.get(demand.category)
        department = department_of(now, demand)
        proposed = category.nature if category else None
        file = _file(counter, demand, now) | {"nature": demand.nature or proposed or Nature.REQUEST}
        settings = dates.Settings.read(counter.tx)
        return Proposal(
            department=department,
            department_name=now.departments[department].name if department else "",
            circuit=now.departments[department].circuit if department else None,
            priority=file["priority"],
            nature=proposed,
            target=dates.target_of(settings, file),
            acknowledgement=dates.acknowledgement_of(settings, file),
            responsables=_responsables(counter, department),
        )


def check(visit: Visit, demand: Demand) -> tuple[Ground, ...]:
    """Everything that stands in the way, at once, each with its field; empty when it can be opened."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.ENTER_DEMAND)
        return grounds(counter, demand, town(counter.tx, counter.today))


Also = Callable[[Counter[Writing], Opened], None]  # what an act does besides, in the same transaction


def open_file(visit: Visit, demand: Demand, also: Also | None = None) -> Opened:
    """R-1: keep the demand, number it, send it to the Responsable in force, promise its dates.

    One transaction: everything or nothing, with what is done ``also``. Raises ``Refused`` with every ground
    of ``check``; the same token again returns the file already opened, or refuses when what is typed is no
    longer the same.
    """
    if not demand.token:
        raise ValueError("a demand needs the token of its form")
    try:
        with visit.writing() as counter:
            refuse_unless(counter.person, Deed.ENTER_DEMAND)
            opened = _again(counter, demand) or open_in(counter, demand)
            if also is not None:
                also(counter, opened)
            return opened
    except _AtTheSameTime:
        with visit.reading() as counter:
            again = _again(counter, demand)
            if again is None:
                raise
            return again


def told(visit: Visit, number: str) -> Opened:
    """What was said of a file when it was opened, once more. Raises ``NotFound``."""
    with visit.reading() as counter:
        return said(counter, file_in_sight(counter, number), "")


def open_in(counter: Counter[Writing], demand: Demand) -> Opened:
    """R-1: the same inside the caller's transaction; the caller has judged who asks, and the token is new."""
    now = town(counter.tx, counter.today)
    refuse_all(grounds(counter, demand, now))
    file = _keep(counter, demand, now)
    if demand.thanks is not None:
        thanks.keep_in(counter, file, demand.thanks)
    if demand.first_contact:
        file = closing.close_in(counter, file, closing_items(counter, demand, now))
        told = "Réglée au premier contact : il n'y a pas d'accusé de réception à envoyer."
    elif department := department_of(now, demand):
        file = routing.route_in(counter, file, department)
        told = mails.acknowledge(counter, file).sentence
    else:
        told = "L'accusé de réception partira quand la demande sera acheminée à un service."
    search.index(counter, file["id"])
    drafts.drop_in(counter, drafts.of_call(demand.token))
    return said(counter, file, told)


class _AtTheSameTime(Exception):
    """Another transaction has just kept a demand with this token."""


def _keep(counter: Counter[Writing], demand: Demand, now: Town) -> Row:
    """The file as it came in, with its number and its dates."""
    fresh = _file(counter, demand, now)
    year, series = town_day(fresh["received_at"]).year, series_of(fresh["nature"])
    fresh |= {
        "number": number(series, year, counter.tx.next_number(series.value, year)),
        "citizen": _citizen(counter, demand),
        "duplicate_of": original(counter, demand)["id"] if demand.duplicate_of.strip() else None,
        "intake_token": demand.token,
        "moved_at": counter.at,
    }
    fresh |= dates.computed(dates.Settings.read(counter.tx), fresh)
    file = counter.tx.insert_once("files", fresh, counter.by("inscrire la demande"))
    if file is None:
        raise _AtTheSameTime
    return file


def _file(counter: Counter[Any], demand: Demand, now: Town) -> dict[str, Any]:
    """The columns that say what came in."""
    category = now.categories.get(demand.category)
    return {
        "nature": demand.nature,
        "channel": demand.channel,
        "forwarded_by": demand.forwarded_by or None,
        "received_at": demand.received_at or counter.at,
        "category": category.id if category else None,
        # routing sends it to its department; what was settled on the spot is only counted there
        "department": (department_of(now, demand) or None) if demand.first_contact else None,
        "priority": demand.priority or (category.priority if category else Priority.NORMAL),
        "civic": tidy(demand.civic),
        "street": tidy(demand.street),
        "sector": tidy(demand.sector),
        "place_note": tidy(demand.place_note),
        "facts": tidy(demand.facts),
        "anonymous": demand.anonymous,
        "first_contact": demand.first_contact,
        "state": State.NEW,
        "complex": False,
    }


def _citizen(counter: Counter[Writing], demand: Demand) -> str | None:
    """The citizen's id; none for an anonymous demand, or for somebody answered on the spot without a name."""
    if demand.anonymous or demand.caller == Caller():
        return None
    return citizens.put(counter, demand.caller)


def _again(counter: Counter[Any], demand: Demand) -> Opened | None:
    """The file this form opened already; refused when the form says something else by now."""
    file = counter.tx.first("files", intake_token=demand.token)
    if file is None:
        return None
    if not may_see_file(counter.person, file) or _told(demand) != _kept(counter.tx, file):
        raise refused(
            f"Cette saisie a déjà le numéro {file['number']}, et ce qui est écrit ici est différent : "
            "complétez ce dossier, ou recommencez une nouvelle demande pour une autre affaire.",
            field="token",
        )
    return replace(said(counter, file, "Cette demande était déjà inscrite."), again=True)


def _told(demand: Demand) -> tuple[str, ...]:
    name = "" if demand.anonymous else demand.caller.name
    return tuple(map(tidy, (demand.facts, demand.civic, demand.street, name)))


def _kept(tx: Reading, file: Row) -> tuple[str, ...]:
    citizen = tx.get("citizens", file["citizen"])
    name = citizen["name"] if citizen is not None else ""
    return tuple(text or "" for text in (file["facts"], file["civic"], file["street"], name))


def said(counter: Counter[Any], file: Row, told: str) -> Opened:
    """What is said of a file just opened; the caller has judged who asks."""
    department = counter.tx.get("departments", file["department"])
    return Opened(
        id=file["id"],
        number=file["number"],
        department_name=department["name"] if department is not None else "",
        responsables=_responsables(counter, file["department"]),
        target=dates.from_json(file["target_why"]),
        acknowledgement=dates.from_json(file["ack_why"]),
        told=told,
        closed=not file["open"],
        citizen=file["citizen"] or "",
    )


def _responsables(counter: Counter[Any], department: str | None) -> tuple[str, ...]:
    names = registry.responsables(counter.tx, department, counter.today) if department else ()
    return presences.named(counter, names)
