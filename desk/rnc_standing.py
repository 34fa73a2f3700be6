"""How far a list RNC is answered: received and missing, by department and by person (P §4.2.3, R-22)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, true

from desk import answers, registry
from desk.scope import visible
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.monthly import answers_close_at
from policy.months import Month
from policy.roles import Deed, refuse_unless
from policy.wording import moment_words
from policy.words import Answer, ListKind
from sync.schema import SQL
from sync.states import RunOutcome
from sync.store import Reading, Row


@dataclass(frozen=True)
class Reply:
    """One answer received: who typed it, in whose name when it was brought to the desk, when."""

    number: str
    answer: Answer
    words: str
    by: str
    in_name_of: str
    at: datetime


@dataclass(frozen=True)
class Answered:
    """One department: who is asked, what came, the numbers of the files nobody has answered of."""

    id: str
    name: str
    people: tuple[str, ...]
    received: tuple[Reply, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """What part is answered, from 0 to 1."""
        asked = len(self.received) + len(self.missing)
        return len(self.received) / asked if asked else 1.0


@dataclass(frozen=True)
class Standing:
    """The answers of one list; ``expected`` while its window is open."""

    month: Month
    sentence: str
    expected: bool
    departments: tuple[Answered, ...]

    @property
    def missing(self) -> int:
        """How many answers are missing in all."""
        return sum(len(each.missing) for each in self.departments)


def standing(visit: Visit) -> Standing | None:
    """The answers of the list being answered, else of the last one that left; None before the first."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        settings = town(counter.tx, counter.today)
        window = answers.window(counter, settings)
        run = _run(counter.tx, window.month if window else None)
        month = window.month if window else Month.parse(run["month"]) if run else None
        if month is None:
            return None
        received = _received(counter, month)
        missing = _missing(counter, month, run)
        departments = tuple(
            Answered(
                each.id,
                each.name,
                registry.responsables(counter.tx, each.id, counter.today),
                tuple(received.get(each.id, ())),
                tuple(missing.get(each.id, ())),
            )
            for each in settings.departments.values()
            if each.id in received or each.id in missing
        )
        sentence = window.sentence if window else _closed(month, settings)
    return Standing(month, sentence, window is not None, departments)


def _run(tx: Reading, month: Month | None) -> Row | None:
    of_month = {} if month is None else {"month": str(month)}
    runs = tx.find("list_runs", ("month",), kind=ListKind.RNC, outcome=RunOutcome.DRAWN, **of_month)
    return runs[-1] if runs else None


def _received(counter: Counter[Any], month: Month) -> dict[str, list[Reply]]:
    replies, files, accounts = SQL["answers"], SQL["files"], SQL["accounts"]
    query = (
        select(
            replies.c.department,
            replies.c.answer,
            replies.c.words,
            replies.c.in_name_of,
            replies.c.answered_at,
            files.c.number,
            accounts.c.name,
        )
        .select_from(
            replies.join(files, files.c.id == replies.c.file).outerjoin(
                accounts, accounts.c.id == replies.c.answered_by
            )
        )
        .where(replies.c.month == str(month), visible(counter))
        .order_by(files.c.number)
    )
    found: dict[str, list[Reply]] = {}
    for row in counter.tx.rows(query):
        reply = Reply(
            row["number"],
            Answer(row["answer"]),
            row["words"] or "",
            row["name"] or "",
            row["in_name_of"] or "",
            row["answered_at"],
        )
        found.setdefault(row["department"], []).append(reply)
    return found


def _missing(counter: Counter[Any], month: Month, run: Row | None) -> dict[str, list[str]]:
    """What the list asked and nobody answered; what came in after it left was not asked by it."""
    files = SQL["files"].c
    conditions = (files.open == true(), files.department.is_not(None), visible(counter))
    listed = run["drawn_at"] if run else None
    query = select(files.department, files.number).where(answers.unanswered(month, listed), *conditions)
    return _by_department(counter.tx.rows(query.order_by(files.number)))


def _by_department(rows: Iterable[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["department"], []).append(row["number"])
    return found


def _closed(month: Month, settings: Town) -> str:
    closed_at = answers_close_at(month, settings.calendar)
    until = f" le {moment_words(closed_at)}" if closed_at else ""
    return f"Liste RNC {month.of_words} : le délai de réponse est passé{until} ({answers.ARTICLE})."
