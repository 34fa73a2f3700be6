"""After a restore nothing leaves by itself: a task says so on the desk's page until a person has done it."""

from datetime import datetime

import sqlalchemy as sa

from sync.history import Author
from sync.schema import SQL
from sync.states import MailState, TaskKind
from sync.store import Reading, Writing

WAITING = (MailState.READY, MailState.CLAIMED, MailState.RETRY)
_TASKS = SQL["tasks"].c


def begin(tx: Writing, words: str, by: Author) -> None:
    """No list is drawn up and no mail leaves any more, until the task is done or ``end``."""
    task = {"kind": TaskKind.RESTORED, "key": f"reprise:{by.at.isoformat()}", "words": words, "due_at": by.at}
    tx.insert_once("tasks", task, by)


def is_on() -> sa.ColumnElement[bool]:
    """The condition, for a query: something is held."""
    return sa.exists().where(_TASKS.kind == TaskKind.RESTORED, _TASKS.done_at.is_(None))


def since(tx: Reading) -> datetime | None:
    """Since when mails are held; ``None`` when they leave."""
    query = sa.select(sa.func.min(_TASKS.created_at))
    held: datetime | None = tx.scalar(query.where(_TASKS.kind == TaskKind.RESTORED, _TASKS.done_at.is_(None)))
    return held


def end(tx: Writing, by: Author) -> int:
    """Let mails leave again; how many holds were on."""
    held = tx.find("tasks", kind=TaskKind.RESTORED, done_at=None)
    for task in held:
        tx.update("tasks", task["id"], {"done_at": by.at}, by)
    return len(held)
