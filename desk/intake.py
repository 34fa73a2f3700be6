"""The single way in (P §1, §4; R-1 to R-5): a demand typed by the desk becomes a numbered file at once."""

from dataclasses import dataclass, field
from datetime import datetime

from desk.citizens import Caller
from desk.visits import Visit
from policy.reasons import Deadline, Ground
from policy.words import Channel, Circuit, Nature, Priority


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


def preview(visit: Visit, demand: Demand) -> Proposal:
    """What would be proposed and promised for the demand as typed so far; refuses nothing."""
    raise NotImplementedError


def check(visit: Visit, demand: Demand) -> tuple[Ground, ...]:
    """Everything that stands in the way, at once, each with its field; empty when it can be opened."""
    raise NotImplementedError


def open_file(visit: Visit, demand: Demand) -> Opened:
    """R-1: keep the demand, number it, send it to the Responsable in force, promise its dates.

    One transaction: everything or nothing. Raises ``Refused`` with every ground of ``check``; the same token
    again returns the file already opened, or refuses when what is typed is no longer the same.
    """
    raise NotImplementedError
