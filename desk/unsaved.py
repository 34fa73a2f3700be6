"""What a person has typed in the grid of the queue and not saved yet, on whatever page its rows are now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select

from desk import answers, french, queue
from desk.acts import Outcome
from desk.drafts import Draft
from desk.grid import ANSWERED, CLOSED_WITH, HANDLED, Edit
from desk.scope import visible
from desk.visits import Counter, Visit
from policy.reasons import Ground
from policy.roles import Deed, refuse_unless
from sync.history import Entry, entries
from sync.schema import SQL
from sync.versions import Difference

ANSWERS = frozenset(ANSWERED)


@dataclass(frozen=True)
class Typed:
    """One row begun. ``number`` is empty when its file is no longer this person's to see."""

    id: str
    number: str
    cells: Mapping[str, Draft]


@dataclass(frozen=True)
class Unsaved:
    """Every row begun, oldest number first, and what this person may do at this moment.

    Another set of ``rights`` is another queue: rows shown under the old one are not to be shown again.
    """

    rows: tuple[Typed, ...]
    rights: frozenset[str]

    def of(self, file: str) -> Mapping[str, Draft]:
        """The cells begun of one file."""
        return next((row.cells for row in self.rows if row.id == file), {})


@dataclass(frozen=True)
class Clash:
    """One cell that someone else changed meanwhile, and who: « Anne Côté, 23 novembre 2026 à 9 h 05 »."""

    difference: Difference
    by: str


@dataclass(frozen=True)
class Saved:
    """What became of one row: done, with its confirmation; or refused; or to be chosen, cell by cell."""

    id: str
    number: str
    message: str = ""
    grounds: tuple[Ground, ...] = ()
    clashes: tuple[Clash, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the row was saved."""
        return not self.grounds and not self.clashes


def unsaved(visit: Visit, answering: bool) -> Unsaved:
    """The cells of the grid this person has begun; annexe A's are the grid's only while one is ``answering``.

    Raises ``Refused`` when this visit has no queue.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        rights = {*counter.person.departments, *(role.value for role in counter.person.roles)}
        return Unsaved(_rows(counter, answering), frozenset(rights))


def save(visit: Visit, only: Collection[str] = ()) -> tuple[Saved, ...]:
    """Save every row begun (or ``only`` those files), each alone, also those that are on another page now.

    What is refused or differs stays begun. A second click finds nothing left to save.
    """
    with visit.reading() as counter:
        begun = _rows(counter, answers.window(counter) is not None)
    wanted = [row for row in begun if not only or row.id in only]
    outcomes: list[Outcome] = []
    for start in range(0, len(wanted), queue.MOST):
        outcomes += queue.save(visit, [_edit(row) for row in wanted[start : start + queue.MOST]])
    with visit.reading() as counter:
        return tuple(_saved(counter, row, outcome) for row, outcome in zip(wanted, outcomes, strict=True))


def _rows(counter: Counter[Any], answering: bool) -> tuple[Typed, ...]:
    drafts, files = SQL["drafts"].c, SQL["files"].c
    names = (*HANDLED, *ANSWERED, *(CLOSED_WITH if answering else ()))
    number = case((visible(counter), files.number), else_="").label("number")
    query = (
        select(drafts.record, drafts.field, drafts.value, drafts.based_on, drafts.typed_at, number)
        .join_from(SQL["drafts"], SQL["files"], files.id == drafts.record)
        .where(drafts.account == counter.person.id, drafts.field.in_(names))
        .order_by(files.number, drafts.record, drafts.field)
    )
    numbers: dict[str, str] = {}
    cells: dict[str, dict[str, Draft]] = {}
    for row in counter.tx.rows(query):
        numbers[row["record"]] = row["number"]
        draft = Draft(row["value"], row["based_on"], row["typed_at"])
        cells.setdefault(row["record"], {})[row["field"]] = draft
    return tuple(Typed(record, numbers[record], kept) for record, kept in cells.items())


def _edit(row: Typed) -> Edit:
    return Edit(
        row.id,
        {name: draft.based_on for name, draft in row.cells.items()},
        {name: draft.value for name, draft in row.cells.items()},
    )


def _saved(counter: Counter[Any], row: Typed, outcome: Outcome) -> Saved:
    clashes = _clashes(counter, row.id, outcome.differences)
    return Saved(row.id, row.number, outcome.message, outcome.grounds, clashes)


def _clashes(counter: Counter[Any], file: str, differences: Sequence[Difference]) -> tuple[Clash, ...]:
    if not differences:
        return ()
    told = entries(counter.tx, "files", file)
    answer = counter.tx.first("answers", file=file, month=_month(counter))
    replied = entries(counter.tx, "answers", answer["id"]) if answer else []
    return tuple(
        Clash(each, _by(replied if each.field in ANSWERS else told, each.field)) for each in differences
    )


def _by(told: Sequence[Entry], field: str) -> str:
    """Who last changed the field."""
    for entry in reversed(told):
        if field in entry.changes:
            return f"{entry.name}, {french.moment(entry.at)}"
    return ""


def _month(counter: Counter[Any]) -> str:
    window = answers.window(counter)
    return str(window.month) if window else ""
