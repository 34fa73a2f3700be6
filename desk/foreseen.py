"""R-71: what would change, before a closing, a delay or a reading is adopted. Nothing is written.

What was begun is tried by the very functions that save it, in a transaction that is undone; the dates are
then counted from the settings as they would be, without holding anybody up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from desk import dates
from desk.dates import Settings
from desk.scope import visible
from desk.settings_saving import Saved, apply, stamp
from desk.settings_sheet import FORESEEN, Line, read
from desk.visits import Counter, Visit
from policy.calendar import OfficeCalendar
from policy.delays import Pause
from policy.monthly import MonthDays, month_days
from policy.months import Month
from policy.reasons import Refused, refused
from policy.rules import RuleName, rules_on
from policy.towntime import town_day
from sync.schema import SQL
from sync.store import Reading, Row

RECENT = timedelta(days=90)
MONTHS = 12
AT_ONCE = 500
TARGET, PROMISE = "Cible", "Accusé de réception"
# What of the rules the dates of a file, and those of the lists, hang on.
OF_FILES = frozenset({RuleName.OPENING_HOURS.value, RuleName.ACK_READING.value})
OF_LISTS = frozenset({RuleName.RNC_READING.value, RuleName.RNC_MIN_DAYS.value, RuleName.COUNCIL_LISTS.value})


@dataclass(frozen=True)
class Shift:
    """A date of a file that moves, or would have been another."""

    number: str
    what: str
    before: date | datetime | None
    after: date | datetime | None


@dataclass(frozen=True)
class Recent:
    """What the files of the last 90 days would have had: how many sooner, later, the same; the shifts."""

    files: int
    sooner: int
    later: int
    same: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class ListShift:
    """One day of the monthly lists, before and after; the same when nothing moves."""

    month: str
    what: str
    before: date | None
    after: date | None

    @property
    def moves(self) -> bool:
        """Whether the day is another one."""
        return self.before != self.after


@dataclass(frozen=True)
class Effect:
    """What would change. ``refused`` are the rows that would not be taken: the others are counted alone.

    ``recent`` only where the change applies to files opened from its date; ``stamp`` says of what it speaks.
    """

    table: str
    stamp: str
    rows: int
    refused: tuple[Saved, ...] = ()
    open_files: int = 0
    shifts: tuple[Shift, ...] = ()
    recent: Recent | None = None
    lists: tuple[ListShift, ...] = ()

    @property
    def moved(self) -> int:
        """How many open files have a date that moves."""
        return len({shift.number for shift in self.shifts})


@dataclass
class _As:
    """The settings as they are, and as they would be."""

    before: Settings
    after: Settings
    refused: list[Saved] = field(default_factory=list)

    @property
    def first_closing(self) -> date:
        """The first day that closes or opens."""
        return min({*self.before.closings} ^ {*self.after.closings}, default=date.max)


class _Undone(Exception):
    """Leaves a transaction so that nothing of it stays."""


def foresee(visit: Visit, table: str) -> Effect:
    """What adopting all that this person has begun in the table would change. Raises ``Refused``."""
    if table not in FORESEEN:
        raise refused("Rien ne dépend des dates de cette table.")
    with visit.reading() as counter:
        begun = read(counter, table, past=True).begun
    both = _tried(visit, table, begun)
    with visit.reading() as counter:
        found = Effect(table, stamp(begun), len(begun), tuple(both.refused))
        return replace(found, **_counted(counter, table, begun, both))


def _tried(visit: Visit, table: str, begun: Sequence[Line]) -> _As:
    found: list[_As] = []
    try:
        with visit.writing() as counter:
            before, no = Settings.read(counter.tx), []
            for line in begun:
                try:
                    if apply(counter, table, line):
                        no.append(Saved(line.id, line.title))  # to be chosen when it is saved
                except Refused as refusal:
                    no.append(Saved(line.id, line.title, grounds=refusal.grounds))
            found.append(_As(before, Settings.read(counter.tx), no))
            raise _Undone
    except _Undone:
        return found[0]


def _counted(counter: Counter[Reading], table: str, begun: Sequence[Line], both: _As) -> dict[str, Any]:
    if table == "closings":
        total, shifts = _open_files(counter, both, first=both.first_closing)
        lists = tuple(each for each in _lists(counter, both) if each.moves)
        return {"open_files": total, "shifts": shifts, "lists": lists}
    days = {
        date.fromisoformat(str(each["valid_from"])[:10])
        for line in begun
        for each in (line.values, line.shown)
        if _is_day(each.get("valid_from"))
    }
    names = {str(line.shown.get("name")) for line in begun}
    counted: dict[str, Any] = {}
    if days and (table == "delays" or not names.isdisjoint(OF_FILES)):
        # a delay applies from its date; of a rule, the first value also holds before it
        since = min(days) if table == "delays" else date.min
        total, shifts = _open_files(counter, both, since)
        recent = _recent(counter, table, begun, both, max(days))
        counted |= {"open_files": total, "shifts": shifts, "recent": recent}
    if table == "rules" and names & (OF_LISTS | OF_FILES):
        every = bool(names & OF_LISTS)
        counted["lists"] = tuple(each for each in _lists(counter, both) if each.moves or every)
    return counted


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return True


def _open_files(
    counter: Counter[Reading], both: _As, since: date = date.min, first: date | None = None
) -> tuple[int, tuple[Shift, ...]]:
    """R-71: the open files received from ``since`` on whose dates move.

    ``first``: the first day of closing that changes; it moves no date that was due before.
    """
    files = SQL["files"].c
    total, found = 0, list[Shift]()
    for file, pauses in _files(counter, files.open.is_(True)):
        total += 1
        if town_day(file["received_at"]) >= since and (first is None or first <= _last(file, pauses)):
            found += _shifts(file, both.before, both.after, pauses)
    return total, tuple(found)


def _last(file: Row, pauses: Sequence[Pause]) -> date:
    """The last day that its dates, and the pauses that moved them, hang on."""
    promised = town_day(file["ack_due_at"]) if file["ack_due_at"] else None
    days = [file["target_on"], promised, *(pause.ends_on for pause in pauses)]
    return max((day for day in days if day), default=date.min)


def _recent(counter: Counter[Reading], table: str, begun: Sequence[Line], both: _As, day: date) -> Recent:
    """What the files of the last 90 days would have had, as if it had been in force when they came."""
    files = SQL["files"].c
    condition = files.received_at >= counter.at - RECENT
    if table == "delays":
        given = (each.get("category") for line in begun for each in (line.values, line.shown))
        condition &= files.category.in_({str(category) for category in given if category})
    after = Settings(both.after.closings, both.after.rules, both.after.categories, as_of=day)
    shifts: list[Shift] = []
    same = total = 0
    for file, pauses in _files(counter, condition):
        total += 1
        moved = list(_shifts(file, None, after, pauses, promised=table == "rules"))
        shifts += moved
        same += not moved
    sooner = len({shift.number for shift in shifts if _is_sooner(shift)})
    return Recent(total, sooner, total - same - sooner, same, tuple(shifts))


def _is_sooner(shift: Shift) -> bool:
    """A date where there was none is sooner than never."""
    if shift.before is None or shift.after is None:
        return shift.before is None
    return bool(shift.after < shift.before)


def _shifts(
    file: Row, before: Settings | None, after: Settings, pauses: Sequence[Pause], promised: bool = True
) -> Iterable[Shift]:
    """The dates of a file that differ; before: as counted so, or as the file bears them."""
    old = file["target_on"] if before is None else _target(before, file, pauses)
    new = _target(after, file, pauses)
    if old != new:
        yield Shift(file["number"], TARGET, old, new)
    if not promised or (before is not None and file["acknowledged_at"] is not None):
        return
    told = file["ack_due_at"] if before is None else _promise(before, file)
    if told != (now := _promise(after, file)):
        yield Shift(file["number"], PROMISE, told, now)


def _target(settings: Settings, file: Row, pauses: Sequence[Pause]) -> date | None:
    due = dates.target_of(settings, file, pauses)
    return due.due if due else None


def _promise(settings: Settings, file: Row) -> datetime | None:
    due = dates.acknowledgement_of(settings, file)
    return due.due if due and isinstance(due.due, datetime) else None


_FIELDS = ("id", "number", "nature", "category", "first_contact", "anonymous", "received_at", "reopened_at",
           "target_on", "ack_due_at", "acknowledged_at")  # fmt: skip


def _files(
    counter: Counter[Reading], condition: ColumnElement[bool]
) -> Iterable[tuple[Row, Sequence[Pause]]]:
    """The files that this person may see, by number, with their pauses; by batches."""
    files = SQL["files"].c
    query = select(*(files[name] for name in _FIELDS)).where(visible(counter), condition)
    rows = counter.tx.rows(query.order_by(files.number))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        pauses = dates.pauses_of(counter.tx, [row["id"] for row in some])
        for row in some:
            yield row, pauses.get(row["id"], ())


def _lists(counter: Counter[Reading], both: _As) -> Iterable[ListShift]:
    """The days of the lists of the twelve coming months, before and after."""
    month = Month.of(counter.today)
    for _ in range(MONTHS):
        before, after = (_days(settings, month, counter.today) for settings in (both.before, both.after))
        for what, old in before.items():
            yield ListShift(month.words, what, old, after[what])
        month = month.next


def _days(settings: Settings, month: Month, today: date) -> Mapping[str, date | None]:
    office = OfficeCalendar(settings.closings, rules_on(settings.rules, today).opening_hours)
    rules = (rules_on(settings.rules, each.first) for each in (month, month.next))
    found: MonthDays = month_days(month, office, *rules)
    return {
        "Liste RNC": found.rnc.day,
        "Rappel": _day(found.reminder),
        "Réponses": _day(found.answers_due),
        "Listes du conseil": _day(found.council),
    }


def _day(deadline: Any) -> date | None:
    return deadline.due if deadline else None
