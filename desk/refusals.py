"""What was refused to whom: the act, the articles, the moment; never what was asked for or typed."""

from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from desk import attempts
from desk.house import House
from policy.reasons import Refused
from sync.schema import SQL

KEPT = timedelta(days=90)
ENDED = "session terminée"  # the act of whoever comes with a session that is over
_ROOMS = ("desk", "pages", "door")
_NOT_ACTS = ("desk.visits", "desk.refusals")


def note(house: House, session: str, at: datetime, refusal: Exception) -> None:
    """Keep that whoever holds this session was refused. Called once the transaction of the act is undone.

    A session nobody knows leaves nothing: it names no one. That a refusal cannot be written (the base is
    busy) changes nothing to it.
    """
    with suppress(Refused, SQLAlchemyError), house.store.writing() as tx:
        known = tx.first("sessions", token_hash=session) if session else None
        account = tx.get("accounts", known["account"]) if known is not None else None
        if account is None:
            return
        grounds = refusal.grounds if isinstance(refusal, Refused) else ()
        articles = dict.fromkeys(ground.article for ground in grounds if ground.article)
        refusals = SQL["refusals"]
        tx.connection.execute(delete(refusals).where(refusals.c.refused_at < at - KEPT))
        tx.insert(
            "refusals",
            {
                "account": account["id"],
                "who": account["name"],
                "act": _act(refusal.__traceback__),
                "articles": ", ".join(articles)[:500] or None,
                "refused_at": at,
            },
            attempts.at_the_door(at),
        )


def _act(trace: TracebackType | None) -> str:
    """The function of the desk (or of a screen) that opened the visit: « accounts.close »."""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.split(".")[0] in _ROOMS and module not in _NOT_ACTS:
            name = trace.tb_frame.f_code.co_qualname.replace(".<locals>", "").replace(".<lambda>", "")
            return f"{module.removeprefix('desk.')}.{name}"[:200]
        trace = trace.tb_next
    return ENDED
