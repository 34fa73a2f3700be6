"""The sendings of the monthly lists: who received which, when, how it went; each one as it left (R-24)."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from desk import postbook
from desk.lists import MAILS
from desk.postbook import Sent
from desk.visits import Visit
from policy.months import Month
from policy.roles import Deed, refuse_unless
from policy.words import ListKind
from sync.schema import SQL
from sync.states import MailState

PAGE = 50


class Went(StrEnum):
    """How a sending went; the words of the filter."""

    SENT = "Envoyés"
    WAITING = "À envoyer ou à réessayer"
    REFUSED = "Refusés"
    LATE = "Envois tardifs"
    DOUBTFUL = "Peut-être reçus deux fois"
    AGAIN = "Renvois"


@dataclass(frozen=True)
class Asked:
    """Which sendings: of a list, of a month, to whom (a piece of a name or an address), how it went."""

    kind: ListKind | None = None
    month: Month | None = None
    who: str = ""
    went: Went | None = None
    page: int = 0


@dataclass(frozen=True)
class Found:
    """A page of them, newest first, and how many there are in all."""

    sent: tuple[Sent, ...]
    total: int


def find(visit: Visit, asked: Asked) -> Found:
    """The lines of the ledger that are asked for."""
    mails, runs = SQL["mails"].c, SQL["list_runs"].c
    conditions: list[sa.ColumnElement[bool]] = [mails.run.is_not(None)]
    if asked.kind is not None:
        conditions.append(mails.kind == MAILS[asked.kind])
    if asked.month is not None:
        conditions.append(runs.month == str(asked.month))
    if asked.who.strip():
        words = asked.who.strip()[:100]
        conditions.append(
            sa.or_(
                mails.to_name.icontains(words, autoescape=True),
                mails.to_address.icontains(words, autoescape=True),
            )
        )
    if asked.went is not None:
        conditions.append(_went(asked.went))
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        counted = sa.select(sa.func.count()).select_from(
            SQL["mails"].join(SQL["list_runs"], runs.id == mails.run)
        )
        total = int(counter.tx.scalar(counted.where(*conditions)) or 0)
        query = postbook.lines().where(*conditions).order_by(mails.id.desc())
        rows = counter.tx.rows(query.offset(asked.page * PAGE).limit(PAGE))
        return Found(tuple(postbook.sent(row) for row in rows), total)


def of_run(visit: Visit, kind: ListKind, month: Month) -> tuple[Sent, ...]:
    """The mails of a list as it was drawn up, one a recipient, without what was sent again."""
    mails, runs = SQL["mails"].c, SQL["list_runs"].c
    query = postbook.lines().where(runs.kind == kind, runs.month == str(month), mails.again_of.is_(None))
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        return tuple(postbook.sent(row) for row in counter.tx.rows(query.order_by(mails.to_name, mails.id)))


def _went(went: Went) -> sa.ColumnElement[bool]:
    mails = SQL["mails"].c
    match went:
        case Went.SENT:
            return mails.state == MailState.SENT
        case Went.WAITING:
            return mails.state.not_in([MailState.SENT, MailState.REFUSED])
        case Went.REFUSED:
            return mails.state == MailState.REFUSED
        case Went.LATE:
            return mails.late == sa.true()
        case Went.DOUBTFUL:
            return mails.doubtful == sa.true()
        case Went.AGAIN:
            return mails.again_of.is_not(None)
