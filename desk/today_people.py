"""What concerns those who work in no queue: accounts, field notes, council (« Aujourd'hui »)."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from desk import comments, council_mails, identities, thanks
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from policy.counter_words import ReportState
from policy.towntime import to_town
from policy.wording import day_words
from policy.words import Role
from sync.schema import SQL
from sync.store import Reading

MONTH = timedelta(days=30)


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


def council_lists(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-23: the lists this member of council was sent, to read again."""
    sent, last = council_mails.counted(counter)
    when = f"la dernière envoyée le {day_words(to_town(last))}" if last is not None else ""
    yield Waiting(
        min(sent, council_mails.LATEST), "liste du conseil à relire", "listes du conseil à relire",
        "/conseil", sent > council_mails.LATEST, Pressure.KNOWN, when,
    )  # fmt: skip


def comments_received(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.1: the comments of the week, for who listens to citizens; thanks are counted apart."""
    yield Waiting(
        comments.lately(counter), "commentaire depuis sept jours", "commentaires depuis sept jours",
        "/ecoute?vue=commentaires", pressure=Pressure.KNOWN,
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
