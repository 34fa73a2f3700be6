"""What each Responsable says of the files of the RNC, until the month's last working day (R-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists

from desk.town import Town, rules_in_force, town
from desk.visits import Counter
from policy.circuits import OUTSTANDING
from policy.classification import FOLLOWED
from policy.monthly import answers_close_at, month_days
from policy.months import Month
from policy.reasons import refused
from policy.towntime import town_day
from policy.wording import day_words, moment_words
from policy.words import Answer, ListKind, State
from sync.schema import SQL
from sync.states import RunOutcome
from sync.store import Reading, Row, Writing

ARTICLE = "P §4.2.3"
ASKED = OUTSTANDING - {State.NEW}  # what no department has received is in nobody's list


@dataclass(frozen=True)
class Window:
    """From the day of the RNC to the closing time of the month's last working day."""

    month: Month
    opens_on: date
    closes_at: datetime  # UTC
    sentence: str
    drawn_at: datetime | None = None  # when its list was drawn up; None until then


def window(counter: Counter[Any], settings: Town | None = None, at: datetime | None = None) -> Window | None:
    """P §4.2.3: « jusqu'au dernier jour ouvré du mois »: the window open at this moment; None outside it.

    ``at``: another moment than now, that at which the desk received an answer.
    """
    at = at or counter.at
    today = town_day(at)
    settings = settings or town(counter.tx, today)
    month = Month.of(today)
    rules = rules_in_force(counter.tx, month.first)  # those the list of the month leaves by (desk.lists)
    opens_on = month_days(month, settings.calendar, rules).rnc.day
    closes_at = answers_close_at(month, settings.calendar)
    if opens_on is None or closes_at is None or opens_on < settings.rules.start_date:
        return None
    if today < opens_on or at >= closes_at:
        return None
    sentence = (
        f"Liste RNC {month.of_words} : répondez d'ici le {moment_words(closes_at)} "
        f"(liste du {day_words(opens_on)} ; {ARTICLE})."
    )
    return Window(month, opens_on, closes_at, sentence, drawn_at(counter.tx, month))


def drawn_at(tx: Reading, month: Month) -> datetime | None:
    """When the RNC of the month was drawn up (UTC); None before, and when it was skipped."""
    run = tx.first("list_runs", kind=ListKind.RNC, month=str(month), outcome=RunOutcome.DRAWN)
    return run["drawn_at"] if run else None


def is_asked(file: Row, listed: datetime | None) -> bool:
    """R-21: whether the RNC drawn up at ``listed`` asks about the file: open, followed, not handed over, no
    duplicate, in a department, and there before the list. Until it is drawn up it will hold all of these.
    """
    return (
        file["state"] in ASKED
        and file["nature"] in FOLLOWED
        and file["duplicate_of"] is None
        and (listed is None or file["received_at"] < listed)
    )


def unanswered(month: Month, listed: datetime | None) -> ColumnElement[bool]:
    """The condition on ``files`` of what the RNC of the month, drawn up at ``listed``, asks and nobody has
    answered yet. Every column of it but the answer's is in the indexes of the queue.
    """
    replies = SQL["answers"].c
    answered = exists().where(replies.file == SQL["files"].c.id, replies.month == str(month))
    return and_(_is_asked(listed), ~answered)


def _is_asked(listed: datetime | None) -> ColumnElement[bool]:
    """``is_asked``, over ``files``."""
    files = SQL["files"].c
    there = () if listed is None else (files.received_at < listed,)
    return and_(
        files.state.in_(sorted(ASKED)), files.nature.in_(FOLLOWED), files.duplicate_of.is_(None), *there
    )


def given(counter: Counter[Any], month: Month, files: Sequence[str]) -> dict[str, Row]:
    """The answers of the month about these files, by file."""
    tx: Reading = counter.tx
    return {row["file"]: row for row in tx.find("answers", month=str(month), file=list(files))}


@dataclass(frozen=True)
class Brought:
    """An answer that the desk brings in for somebody: whose it is, and when the desk received it."""

    name: str
    received_at: datetime


def give(
    counter: Counter[Writing],
    file: Row,
    answer: Answer | None,
    words: str,
    month: Month,
    brought: Brought | None = None,
) -> None:
    """P §4.2.3: write (or take back, with None) the answer about one file, in the caller's transaction.

    Raises ``Refused`` when the answer lacks what it says: the reason of a wait, the action to come.
    """
    key = {"file": file["id"], "month": str(month)}
    if answer is None:
        kept = counter.tx.first("answers", **key)
        if kept is not None:
            counter.tx.delete("answers", kept["id"], counter.by("retirer la réponse"))
        return
    if answer is Answer.WAITING and file["wait_reason"] is None:
        raise refused("« En attente » : choisissez le motif d'attente.", ARTICLE, "wait_reason")
    if answer is Answer.ACTION and not (words or file["next_action"] or file["planned_on"]):
        raise refused("« Action à venir » : écrivez laquelle, ou sa date prévue.", ARTICLE, "next_action")
    values = {
        "department": file["department"],
        "answer": answer,
        "words": words or None,
        "answered_at": brought.received_at if brought else counter.at,
        "answered_by": None if counter.person.system else counter.person.id,
        "in_name_of": brought.name if brought else None,
    }
    whose = f" au nom de {brought.name}" if brought else ""
    counter.tx.put("answers", key, values, counter.by(f"répondre à la liste RNC{whose}"))
