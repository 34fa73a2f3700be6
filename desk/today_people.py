"""What concerns those who work in no queue: accounts, field notes, council (« Aujourd'hui »)."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from desk import identities, thanks
from desk.scope import visible
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from policy.counter_words import ReportState
from policy.towntime import to_town
from policy.wording import day_words
from policy.words import Nature, Role
from sync.schema import SQL
from sync.states import MailKind, MailState
from sync.store import Reading

WEEK, MONTH = timedelta(days=7), timedelta(days=30)


def account_requests(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-62: who asked for an account."""
    yield Waiting(
        identities.counted(counter), "personne demande un compte", "personnes demandent un compte",
        "/comptes", pressure=Pressure.NOW,
    )  # fmt: skip


def own_reports(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.3: what became of what this person noted in the field, these thirty days."""
    reports = SQL["field_reports"].c
    query = (
        select(reports.state, func.count().label("count"))
        .where(reports.author == counter.person.id, reports.sent_at > counter.at - MONTH)
        .group_by(reports.state)
    )
    found = {row["state"]: int(row["count"]) for row in counter.tx.rows(query)}
    became = found.get(ReportState.OPENED, 0) + found.get(ReportState.JOINED, 0)
    for count, one, many in (
        (found.get(ReportState.WAITING, 0), "de vos signalements attend le service aux citoyens",
         "de vos signalements attendent le service aux citoyens"),
        (became, "de vos signalements est devenu un dossier",
         "de vos signalements sont devenus des dossiers"),
        (found.get(ReportState.DECLINED, 0), "de vos signalements a été refusé, avec son motif",
         "de vos signalements ont été refusés, avec leur motif"),
    ):  # fmt: skip
        yield Waiting(count, one, many, "/signalement", pressure=Pressure.KNOWN)


def council_list(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-23: the last lists this member of council was sent."""
    mails = SQL["mails"].c
    sent = select(func.max(mails.sent_at)).where(
        mails.kind == MailKind.COUNCIL,
        mails.state == MailState.SENT,
        mails.to_address == counter.person.email,
    )
    at = counter.tx.scalar(sent)
    if at is not None:
        words = f"envoi de la liste du conseil, le {day_words(to_town(at))}, à votre courriel"
        yield Waiting(1, words, words, "", pressure=Pressure.KNOWN)


def comments(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.1: the comments of the week, for who listens to citizens; thanks are counted apart."""
    files = SQL["files"]
    count = select(func.count()).where(
        files.c.received_at > counter.at - WEEK,
        files.c.nature == Nature.COMMENT,
        files.c.id.not_in(select(SQL["thanks"].c.file)),
        visible(counter),
    )
    yield Waiting(
        int(counter.tx.scalar(count)), "commentaire depuis sept jours", "commentaires depuis sept jours", "",
        pressure=Pressure.KNOWN,
    )  # fmt: skip


def thanks_received(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-63: the thanks of the month for this person or his or her departments, without who gave them."""
    told = thanks.since(counter, counter.at - MONTH)
    ours = counter.person.is_one_of(Role.EXPERIENCE)
    whose = "" if ours else " pour vous ou votre service"
    yield Waiting(
        told.total, f"remerciement reçu{whose} depuis trente jours",
        f"remerciements reçus{whose} depuis trente jours", "/ecoute", pressure=Pressure.KNOWN,
        detail=f"« {told.words} »" if told.words else "",
    )  # fmt: skip
