"""What waits for a person now: each count with the address of what is behind it (« Aujourd'hui »)."""

from collections.abc import Iterator
from dataclasses import dataclass

from desk import field_inbox, inbox, nights, postbook, queue, synchronisation
from desk.queue import Query
from desk.synchronisation import Health
from desk.views import View
from desk.visits import Visit
from policy.roles import Deed, may
from policy.words import State


@dataclass(frozen=True)
class Waiting:
    """So many of something; ``address`` opens them. ``at_least``: there may be more."""

    count: int
    one: str
    many: str
    address: str
    at_least: bool = False

    @property
    def words(self) -> str:
        """« 3 dossiers en retard »."""
        number = f"{self.count:,}".replace(",", "\u202f")
        least = "au moins " if self.at_least else ""
        return f"{least}{number} {self.many if self.count > 1 else self.one}"


@dataclass(frozen=True)
class Today:
    """What waits, the most pressing first; how the table goes, for who may see it; the mail's trouble."""

    waiting: tuple[Waiting, ...]
    table: Health | None
    mail_trouble: str  # French, without anybody's name; empty when mails leave, or are not theirs to see


def today(visit: Visit) -> Today:
    """All that this person has to do, as far as it is known here."""
    with visit.reading() as counter:
        person = counter.person
    table = synchronisation.summary(visit) if may(person, Deed.SEE_REMOTE) else None
    found = [
        *(_of_the_queue(visit) if may(person, Deed.WORK_QUEUE) else ()),
        *(_of_the_desk(visit) if may(person, Deed.ENTER_DEMAND) else ()),
        *(_of_the_table(table) if table else ()),
        *(_of_the_nights(visit) if may(person, Deed.SEE_COPIES) else ()),
    ]
    trouble = postbook.health(visit).trouble if may(person, Deed.SEE_MAILS) else ""
    return Today(tuple(each for each in found if each.count), table, trouble)


def _of_the_queue(visit: Visit) -> Iterator[Waiting]:
    counts = queue.page(visit, Query(size=1)).counts
    seen: tuple[tuple[int, str, str, View], ...] = (
        (counts.overdue, "dossier en retard", "dossiers en retard", View.OVERDUE),
        (counts.unanswered, "réponse à donner à la liste RNC", "réponses à donner à la liste RNC",
         View.TO_ANSWER),
        (counts.states.get(State.NEW, 0), "dossier à acheminer", "dossiers à acheminer", View.UNROUTED),
        (counts.unchanged, "dossier inchangé depuis le mois dernier",
         "dossiers inchangés depuis le mois dernier", View.UNCHANGED),
        (counts.open, "dossier ouvert", "dossiers ouverts", View.OPEN),
    )  # fmt: skip
    for count, one, many, view in seen:
        address = "/file" if view is View.OPEN else f"/file?voir={view.value}"
        yield Waiting(count, one, many, address, counts.at_least)


def _of_the_desk(visit: Visit) -> Iterator[Waiting]:
    rows = inbox.count(visit)
    yield Waiting(rows, "ligne de la table à accueillir", "lignes de la table à accueillir", "/a-accueillir")
    yield _of_the_field(visit)
    tasks = len(postbook.tasks(visit))
    yield Waiting(
        tasks, "suite à donner à un courriel", "suites à donner à des courriels", "/courriels",
        tasks == postbook.PAGE,
    )  # fmt: skip


def _of_the_field(visit: Visit) -> Waiting:
    """P §4.3: what employees noted in the field and the desk has not judged yet."""
    reports = field_inbox.count(visit)
    return Waiting(
        reports, "signalement terrain à accueillir", "signalements terrain à accueillir", "/a-accueillir"
    )


def _of_the_table(table: Health) -> Iterator[Waiting]:
    there = "/synchronisation"
    yield Waiting(len(table.frozen), "table gelée", "tables gelées", there)
    if table.settles:
        yield Waiting(table.disputes, "litige avec la table", "litiges avec la table", there)
        yield Waiting(
            table.rejections, "valeur refusée dans la table", "valeurs refusées dans la table", there
        )
    yield Waiting(len(table.notices), "avis à lire sur la table", "avis à lire sur la table", there)


def _of_the_nights(visit: Visit) -> Iterator[Waiting]:
    trouble = nights.health(visit).trouble
    yield Waiting(int(bool(trouble)), "trouble des copies de sauvegarde", "", "/comptes")
