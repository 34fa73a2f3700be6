"""The desk's closing, in one pass, of what was answered « complétée » and handed over (P §4.1, R-22)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from desk import timeline
from desk.acts import Outcome, closing_items, held
from desk.closing import close_file
from desk.scope import visible
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.classification import FOLLOWED
from policy.closing import check_closing
from policy.reasons import Ground, Refused, refused
from policy.roles import Deed, refuse_unless
from policy.towntime import town_day
from policy.words import Answer, State
from sync.schema import SQL
from sync.store import Row, Writing

MOST = 200  # files of one pass, the longest handed over first


@dataclass(frozen=True)
class Ready:
    """One file that waits to be closed: annexe A's items as it bears them, and what is missing of them.

    ``assumed``: no code was given, it closes as done (annexe A, point 1). ``version`` is what a click closes.
    """

    id: str
    number: str
    department: str
    code: str
    assumed: bool
    done_on: date | None
    extension: str
    note: str
    citizen_text: str
    version: int
    missing: tuple[Ground, ...]


def ready(visit: Visit) -> tuple[Ready, ...]:
    """P §4.1, « afin que celui-ci puisse effectuer le processus de clôture »: what the desk has to close."""
    files, replies = SQL["files"].c, SQL["answers"].c
    completed = exists().where(replies.file == files.id, replies.answer == Answer.COMPLETED)
    query = (
        select(SQL["files"])
        .where(
            files.state == State.TO_CLOSE,
            files.nature.in_(FOLLOWED),
            files.duplicate_of.is_(None),  # it is closed with its original
            completed,
        )
        .order_by(files.completed_at, files.number)
        .limit(MOST)
    )
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        settings = town(counter.tx, counter.today)
        return tuple(_ready(counter, settings, row) for row in counter.tx.rows(query.where(visible(counter))))


def close(visit: Visit, chosen: Mapping[str, int]) -> tuple[Outcome, ...]:
    """Close these files (id → the version shown), each in its own transaction; the outcomes in their order.

    One that lacks an item, or that somebody changed since it was shown, is left as it is and says so; one
    that is closed already is well so. Raises ``Refused`` when this visit does not close for the town.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
    if len(chosen) > MOST:
        raise refused(f"Fermez au plus {MOST} dossiers à la fois.")
    return tuple(_closed(visit, id, version) for id, version in chosen.items())


def _closed(visit: Visit, id: str, version: int) -> Outcome:
    try:
        with visit.writing() as counter:
            file = held(counter, id)
            if file["state"] is State.DONE:
                return Outcome(id, f"Dossier {file['number']} : c'était déjà fait.", file["version"])
            if file["version"] != version:
                raise refused(f"Dossier {file['number']} : il a changé depuis l'affichage, relisez-le.")
            after, told = close_file(counter, file, _code(counter, file))
            return Outcome(id, f"Dossier {file['number']} fermé. {told}".strip(), after["version"])
    except Refused as no:
        return Outcome(id, grounds=no.grounds)


def _code(counter: Counter[Writing], file: Row) -> dict[str, Any]:
    settings = town(counter.tx, counter.today)
    return {} if file["code"] else {"code": _done(settings)}


def _done(settings: Town) -> str | None:
    found = settings.code(settings.rules.done_code)
    return found.id if found else None


def _ready(counter: Counter[Any], settings: Town, file: Row) -> Ready:
    code = file["code"] or _done(settings)
    items = closing_items(counter, {**file, "code": code})
    department = settings.departments.get(file["department"] or "")
    return Ready(
        id=file["id"],
        number=file["number"],
        department=department.name if department else "",
        code=timeline.called(counter.tx, "codes", code) if code else "",
        assumed=not file["code"],
        done_on=file["done_on"],
        extension=file["done_extension"] or "",
        note=file["note"] or "",
        citizen_text=file["citizen_text"] or "",
        version=file["version"],
        missing=check_closing(items, counter.today, town_day(file["received_at"])),
    )
