"""The monthly lists (R-20 to R-25): when they are due, what they hold, drawn up once for each recipient."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from policy.months import Month
from policy.reasons import Deadline
from policy.words import ListKind
from sync.states import MailState, RunOutcome

from desk.letters import Letter, Recipient
from desk.visits import Visit


@dataclass(frozen=True)
class MonthDates:
    """The dates of one month, each with its reasons; ``None`` where the list is not sent."""

    month: Month
    rnc: Deadline | None
    rnc_other_reading: Deadline | None
    reminder: Deadline | None
    answers_due: Deadline | None
    council: Deadline
    closed: tuple[date, ...]  # weekdays closed that month
    done: Mapping[ListKind, RunOutcome]

    @property
    def readings_differ(self) -> bool:
        """Whether the two readings give two days (R-20)."""
        return (self.rnc and self.rnc.due) != (self.rnc_other_reading and self.rnc_other_reading.due)


@dataclass(frozen=True)
class Draft:
    """One mail of a list, exactly as it would leave."""

    to: Recipient
    letter: Letter


@dataclass(frozen=True)
class Sent:
    """One line of the ledger: who was sent what, when, and how it went."""

    mail: str  # id
    list: ListKind
    month: Month
    to_name: str
    to_address: str
    subject: str
    state: MailState
    drawn_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    attempts: int
    late: bool
    doubtful: bool
    error: str


@dataclass(frozen=True)
class Run:
    """One list of one month: drawn up, or skipped and why."""

    list: ListKind
    month: Month
    due_on: date
    outcome: RunOutcome
    drawn_at: datetime
    note: str
    mails: tuple[Sent, ...]


def calendar(visit: Visit, first: Month | None = None, months: int = 12) -> tuple[MonthDates, ...]:
    """R-20: the next months under the reading of the town and the other one, with their articles."""
    raise NotImplementedError


def preview(visit: Visit, kind: ListKind, month: Month) -> tuple[Draft, ...]:
    """The mails of a list as they would leave now, one a recipient; nothing is kept."""
    raise NotImplementedError


def runs(visit: Visit, months: int = 12) -> tuple[Run, ...]:
    """What was sent to whom, newest list first."""
    raise NotImplementedError


def waiting(visit: Visit) -> tuple[Sent, ...]:
    """The mails of the lists that have not left yet, or were refused."""
    raise NotImplementedError


def resend(visit: Visit, mail: str, address: str = "") -> str:
    """A deliberate act of the desk: the same letter once more, to the same person or a corrected address.

    Returns the id of the new mail; the first line of the ledger stays as it was.
    """
    raise NotImplementedError


def draw_due(visit: Visit) -> tuple[Run, ...]:
    """R-24: draw up (or record as skipped) every list due at the moment of the visit; for the clock."""
    raise NotImplementedError
