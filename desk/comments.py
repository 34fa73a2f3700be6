"""What citizens comment on (P §4.1): the comments a visit may read, the latest first; thanks stand apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from desk.scope import visible
from desk.visits import Counter, Visit
from policy.confidentiality import may_see
from policy.roles import Deed, may, refuse_unless
from policy.towntime import town_day
from policy.words import Nature, Sight
from sync.schema import SQL
from sync.store import Reading, Row

WEEK = timedelta(days=7)
PAGE = 50

FILES = SQL["files"].c


@dataclass(frozen=True)
class Comment:
    """One comment, without who made it: the file of that number says the rest."""

    number: str
    on: date
    department: str
    category: str
    words: str
    lately: bool  # received these seven days


@dataclass(frozen=True)
class Heard:
    """A page of them, whether older ones follow, and how many came these seven days."""

    comments: tuple[Comment, ...]
    more: bool
    lately: int


def is_theirs(visit: Visit) -> bool:
    """Whether this person listens to what citizens say of the town."""
    with visit.reading() as counter:
        return may(counter.person, Deed.READ_COMMENTS)


def heard(visit: Visit, page: int = 0) -> Heard:
    """R-62: the comments this visit may read, from ``page`` (0 is the first). Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.READ_COMMENTS)
        since = counter.at - WEEK
        query = (
            select(*(FILES[name] for name in ("number", "nature", "received_at", "department", "category")),
                   FILES.facts)
            .where(*_theirs(counter)).order_by(FILES.received_at.desc(), FILES.id)
            .offset(max(page, 0) * PAGE).limit(PAGE + 1)
        )  # fmt: skip
        rows = counter.tx.rows(query)
        names = _names(counter.tx, rows)
        comments = tuple(
            Comment(
                row["number"],
                town_day(row["received_at"]),
                names.get(row["department"], ""),
                names.get(row["category"], ""),
                row["facts"] if may_see(counter.person, Sight.WORK, row) else "",
                row["received_at"] > since,
            )
            for row in rows[:PAGE]
        )
        return Heard(comments, len(rows) > PAGE, lately(counter))


def lately(counter: Counter[Reading]) -> int:
    """How many came these seven days that this visit may see."""
    recent = FILES.received_at > counter.at - WEEK
    return int(counter.tx.scalar(select(func.count()).where(recent, *_theirs(counter))))


def _theirs(counter: Counter[Any]) -> tuple[ColumnElement[bool], ...]:
    thanks = select(SQL["thanks"].c.file)
    return (FILES.nature == Nature.COMMENT, FILES.id.not_in(thanks), visible(counter))


def _names(tx: Reading, rows: Sequence[Row]) -> dict[str | None, str]:
    """The departments and categories these comments point to, by id."""
    found: dict[str | None, str] = {}
    for table, column in (("departments", "department"), ("categories", "category")):
        wanted = sorted({row[column] for row in rows if row[column]})
        found |= {row["id"]: row["name"] for row in tx.find(table, id=wanted)} if wanted else {}
    return found
