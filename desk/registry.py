"""The registry of Responsables (P annexe C, R-60): who receives what, today and on any day."""

from dataclasses import dataclass
from datetime import date

from sync.store import Reading, Row

from desk.visits import Visit
from policy.words import Duty


@dataclass(frozen=True)
class Holder:
    """One designation: who holds which duty, for which department, from which day."""

    id: str
    department: str
    duty: Duty
    person: str
    email: str
    extension: str
    director: str
    starts_on: date
    ends_on: date | None
    signed: bool


@dataclass(frozen=True)
class Desk:
    """One department on a day: its Responsables in force, and the files waiting without anyone."""

    department: str  # id
    name: str
    reception: Holder | None
    execution: Holder | None
    substitute: Holder | None
    open_files: int
    orphan: bool  # nobody receives for it that day


@dataclass(frozen=True)
class Designation:
    """What annexe C is filled with. ``ends_on`` only for a substitute."""

    department: str
    duty: Duty
    person: str
    email: str
    starts_on: date
    director: str = ""
    extension: str = ""
    ends_on: date | None = None
    signed_on: date | None = None
    employee_signed: bool = False
    director_signed: bool = False


def on(visit: Visit, day: date) -> tuple[Desk, ...]:
    """R-60: who is Responsable of each department in service on ``day``."""
    raise NotImplementedError


def history(visit: Visit, department: str) -> tuple[Holder, ...]:
    """Every designation of the department, newest first; nothing is ever overwritten."""
    raise NotImplementedError


def designate(visit: Visit, designation: Designation) -> Holder:
    """P annexe C: a designation starts on a day and replaces the one before it. Raises ``Refused``."""
    raise NotImplementedError


def sign(visit: Visit, designation: str, employee: bool, director: bool) -> Holder:
    """P annexe C: the signatures came in afterwards."""
    raise NotImplementedError


def end_substitution(visit: Visit, designation: str, last_day: date) -> Holder:
    """The Responsable is back earlier, or later, than was said."""
    raise NotImplementedError


def responsables(tx: Reading, department: str, day: date) -> tuple[Holder, ...]:
    """R-12b: who receives for the department that day: reception (or the substitute), execution in circuit B."""
    raise NotImplementedError


def orphans(tx: Reading, day: date) -> tuple[Row, ...]:
    """R-24, R-60: the departments in service that have no Responsable that day."""
    raise NotImplementedError
