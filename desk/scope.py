"""Which files a visit may see: ``policy.confidentiality`` turned into SQL, in this one place."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from desk.visits import Counter
from policy import confidentiality
from policy.reasons import Ground, Refused
from sync.schema import SQL
from sync.store import Reading, Row


class NotFound(Refused):
    """The same words for a file that is not there and for one that is not theirs to see (R-1, R-33)."""

    def __init__(self) -> None:
        super().__init__((Ground("Dossier introuvable."),))


def visible(counter: Counter[Any]) -> ColumnElement[bool]:
    """The condition on ``files`` every list query carries: only what this visit may see."""
    return condition(confidentiality.scope(counter.person))


def condition(scope: confidentiality.Scope) -> ColumnElement[bool]:
    """A scope as a condition on ``files``."""
    files = SQL["files"]
    ways: list[ColumnElement[bool]] = []
    if scope.natures:
        ways.append(files.c.nature.in_(sorted(scope.natures)))
    if scope.departments and scope.own_natures:
        ways.append(
            and_(
                files.c.department.in_(sorted(scope.departments)),
                files.c.nature.in_(sorted(scope.own_natures)),
            )
        )
    return or_(*ways) if ways else false()


def file_in_sight(counter: Counter[Reading], number_or_id: str) -> Row:
    """The file of that id or number. Raises ``NotFound`` when there is none or it is not theirs."""
    file = counter.tx.first("files", number=number_or_id.strip()) or counter.tx.get("files", number_or_id)
    return in_sight(counter, file)


def in_sight(counter: Counter[Any], file: Row | None) -> Row:
    """The file just read, when this visit may know it exists. Raises ``NotFound``."""
    if file is None or not confidentiality.may_see_file(counter.person, file):
        raise NotFound
    return file
