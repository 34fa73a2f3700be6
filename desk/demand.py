"""A demand as the desk types it, and everything that keeps it from being entered (R-1 to R-5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from desk import thanks
from desk.citizens import Caller
from desk.town import Town
from desk.visits import Counter
from policy.classification import Stated, check_demand, check_duplicate, tidy
from policy.closing import Closing, check_closing
from policy.confidentiality import may_see_file
from policy.numbering import parse
from policy.reasons import Ground, Refused, refused
from policy.thanks import Giver, Thanked
from policy.words import Channel, Nature, Priority
from sync.store import Row


@dataclass(frozen=True)
class Demand:
    """A demand as typed. ``token`` is made once a form: saving twice opens one file.

    ``category``, ``department``, ``forwarded_by`` and ``code`` are ids, ``duplicate_of`` a number; empty when
    not chosen. ``received_at`` is an aware moment, None for now. ``answer`` is what was said at a first
    contact (R-4), ``extension`` and ``code`` the annexe A items when they are not one's own and 238.
    """

    token: str
    channel: Channel | None = None
    nature: Nature | None = None
    facts: str = ""
    caller: Caller = field(default_factory=Caller)
    anonymous: bool = False
    category: str = ""
    department: str = ""
    priority: Priority | None = None
    civic: str = ""
    street: str = ""
    sector: str = ""
    place_note: str = ""
    received_at: datetime | None = None
    forwarded_by: str = ""
    first_contact: bool = False
    answer: str = ""
    extension: str = ""
    code: str = ""
    citizen_text: str = ""
    duplicate_of: str = ""
    thanks: Thanked | None = None  # a comment that thanks somebody


def grounds(counter: Counter[Any], demand: Demand, now: Town) -> tuple[Ground, ...]:
    """P §4.1, P §4.3: everything that stands in the way, at once, each with its field of the form."""
    caller = demand.caller
    stated = Stated(
        nature=demand.nature,
        channel=demand.channel,
        received_at=demand.received_at or counter.at,
        facts=demand.facts,
        street=demand.street,
        civic=demand.civic,
        sector=demand.sector,
        place_note=demand.place_note,
        anonymous=demand.anonymous,
        name=caller.name,
        phone=caller.phone,
        email=caller.email,
        home_civic=caller.civic,
        home_street=caller.street,
        home_city=caller.city,
        home_postal_code=caller.postal_code,
        forwarded_by=demand.forwarded_by or None,
        first_contact=demand.first_contact,
        answer=demand.answer,
    )
    return (
        *check_demand(stated, counter.at),
        *_chosen(counter, demand, now),
        *(_of_annexe_a(counter, demand, now) if demand.first_contact else ()),
        *_of_the_original(counter, demand),
        *(_of_thanks(counter, demand, demand.thanks, now) if demand.thanks else ()),
    )


def closing_items(counter: Counter[Any], demand: Demand, now: Town) -> dict[str, Any]:
    """SJ « Une prise en charge hors pair » (R-4): annexe A's items of an answer given on the spot."""
    done = now.code(now.rules.done_code)
    return {
        "code": demand.code or (done.id if done else None),
        "done_on": counter.today,
        "done_extension": tidy(demand.extension) or counter.person.extension,
        "note": tidy(demand.answer),
        "citizen_text": tidy(demand.citizen_text),
    }


def department_of(now: Town, demand: Demand) -> str:
    """The department chosen, or the category's."""
    if demand.department in now.departments:
        return demand.department
    category = now.categories.get(demand.category)
    return (category.department or "") if category else ""


def _chosen(counter: Counter[Any], demand: Demand, now: Town) -> Iterator[Ground]:
    """What was chosen is still there to be chosen."""
    category, department = now.categories.get(demand.category), now.departments.get(demand.department)
    if demand.category and (category is None or not category.active):
        yield Ground("Cette catégorie n'est plus en usage : choisissez-en une autre.", "P §4.1", "category")
    if demand.department and (department is None or not department.active):
        yield Ground("Ce service n'est plus en fonction : choisissez-en un autre.", "P §4.1", "department")
    if demand.forwarded_by and counter.tx.get("council", demand.forwarded_by) is None:
        yield Ground("Ce membre du conseil n'est pas dans la liste.", "R-2", "forwarded_by")
    citizen = demand.caller.citizen
    if citizen and not demand.anonymous and counter.tx.get("citizens", citizen) is None:
        yield Ground("La personne choisie n'est plus là : choisissez-la de nouveau.", "P §4.1", "citizen")


def _of_annexe_a(counter: Counter[Any], demand: Demand, now: Town) -> Iterator[Ground]:
    """P annexe A: what an answer on the spot lacks to be closed, under the fields of this form."""
    items = closing_items(counter, demand, now)
    code = now.codes.get(items["code"] or "")
    given = Closing(
        code=code.code if code else "",
        met=code.met if code else True,
        done_on=items["done_on"],
        extension=items["done_extension"],
        note=items["note"],
        citizen_text=items["citizen_text"],
    )
    fields = {"done_extension": "extension", "note": "answer"}
    for ground in check_closing(given, counter.today):
        if ground.field != "note":  # said already, in the words of the form
            yield replace(ground, field=fields.get(ground.field, ground.field))


def _of_the_original(counter: Counter[Any], demand: Demand) -> tuple[Ground, ...]:
    """R-18: what keeps the demand from being linked to the file it repeats."""
    if not demand.duplicate_of.strip():
        return ()
    try:
        file = original(counter, demand)
    except Refused as no:
        return no.grounds
    if not file["open"]:
        words = f"Le dossier {file['number']} est fermé : une demande ne se lie qu'à un dossier ouvert."
        return (Ground(words, "R-18", "duplicate_of"),)
    return check_duplicate({"id": "", "duplicate_of": None}, file)


def _of_thanks(counter: Counter[Any], demand: Demand, thanked: Thanked, now: Town) -> Iterator[Ground]:
    """R-63: what keeps the demand from being marked as a thanks, under the fields of this form."""
    giver = Giver(demand.caller.name, demand.caller.phone, demand.caller.email)
    return thanks.judged(counter, demand.nature, thanked, department_of(now, demand), giver)


def original(counter: Counter[Any], demand: Demand) -> Row:
    """R-18: the file the demand repeats. Raises ``Refused`` when it is not there, or not theirs."""
    typed = parse(demand.duplicate_of)
    file: Row | None = counter.tx.first("files", number=str(typed)) if typed else None
    if file is None or not may_see_file(counter.person, file):
        raise refused("Dossier d'origine introuvable.", "R-18", "duplicate_of")
    return file
