"""What waits in the queues, for who works in them (« Aujourd'hui »)."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select, true

from desk import answers, queue, registry
from desk.queue_sql import COUNTED, unacknowledged
from desk.scope import visible
from desk.town import town
from desk.views import View
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from policy.acknowledgement import open_time_left
from policy.calendar import OfficeCalendar
from policy.roles import Deed, may
from policy.wording import moment_words, open_time_words
from policy.words import State
from sync.schema import SQL
from sync.store import Reading

FILES = SQL["files"]


def of_the_queue(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-13, R-15, R-22: what is late, to answer, to route or to take, to close; then all that is open."""
    settings = town(counter.tx, counter.today)
    counts, window = queue.counts(counter, settings), answers.window(counter, settings)
    at_desk = may(counter.person, Deed.ENTER_DEMAND)
    states = counts.states
    until = f"jusqu’au {moment_words(window.closes_at)}" if window is not None else ""

    def seen(count: int, one: str, many: str, view: View, pressure: Pressure, detail: str = "") -> Waiting:
        address = "/file" if view is View.OPEN else f"/file?voir={view.value}"
        return Waiting(count, one, many, address, counts.at_least, pressure, detail)

    yield seen(counts.overdue, "dossier en retard", "dossiers en retard", View.OVERDUE, Pressure.LATE)
    yield seen(
        counts.unanswered, "réponse à donner à la liste RNC", "réponses à donner à la liste RNC",
        View.TO_ANSWER, Pressure.NOW, until,
    )  # fmt: skip
    if at_desk:
        yield seen(
            states.get(State.NEW, 0),
            "dossier à acheminer",
            "dossiers à acheminer",
            View.UNROUTED,
            Pressure.NOW,
        )
    else:
        yield seen(
            states.get(State.ROUTED, 0), "nouveau dossier à prendre en charge",
            "nouveaux dossiers à prendre en charge", View.TO_TAKE, Pressure.NOW,
        )  # fmt: skip
    yield seen(states.get(State.TO_CLOSE, 0), "dossier à fermer", "dossiers à fermer", View.TO_CLOSE,
               Pressure.NEXT)  # fmt: skip
    yield seen(
        counts.unchanged, "dossier inchangé depuis le mois dernier",
        "dossiers inchangés depuis le mois dernier", View.UNCHANGED, Pressure.NEXT,
    )  # fmt: skip
    yield seen(counts.open, "dossier ouvert", "dossiers ouverts", View.OPEN, Pressure.KNOWN)


def to_acknowledge(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-5: whom nobody has told anything yet, with the time left until the first promise falls due."""
    office = town(counter.tx, counter.today).calendar
    owed = (unacknowledged(), FILES.c.open == true(), visible(counter))
    late = _few(counter, *owed, FILES.c.ack_due_at < counter.at)
    coming = _few(counter, *owed, FILES.c.ack_due_at >= counter.at)
    address = f"/file?voir={View.TO_ACKNOWLEDGE.value}"
    yield Waiting(
        min(late, COUNTED), "accusé de réception en retard", "accusés de réception en retard", address,
        late > COUNTED, Pressure.LATE,
    )  # fmt: skip
    yield Waiting(
        min(coming, COUNTED), "accusé de réception à donner", "accusés de réception à donner", address,
        coming > COUNTED, Pressure.NOW, _first(counter, office, owed) if coming else "",
    )  # fmt: skip


def complex_cases(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-13: what was escalated to the director."""
    count = _few(counter, FILES.c.complex == true(), FILES.c.open == true(), visible(counter))
    yield Waiting(
        min(count, COUNTED), "cas complexe porté à votre attention", "cas complexes portés à votre attention",
        f"/file?voir={View.COMPLEX.value}", count > COUNTED, Pressure.NOW,
    )  # fmt: skip


def silent_departments(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.2.3: while answers to the RNC are expected, the departments of which some are missing."""
    settings = town(counter.tx, counter.today)
    window = answers.window(counter, settings)
    if window is None:
        return
    missing = select(FILES.c.department).where(
        FILES.c.open == true(),
        FILES.c.department.is_not(None),
        answers.unanswered(window.month, window.drawn_at),
        visible(counter),
    )
    lacking = {row["department"] for row in counter.tx.rows(missing.distinct())}
    names = [each.name for each in settings.departments.values() if each.id in lacking]
    yield Waiting(
        len(names), "service qui n’a pas fini de répondre à la liste RNC",
        "services qui n’ont pas fini de répondre à la liste RNC", "/listes", pressure=Pressure.NEXT,
        detail=", ".join(names),
    )  # fmt: skip


def orphans(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-24, R-60: the departments nobody receives for."""
    services = town(counter.tx, counter.today).departments
    names = [services[each].name for each in registry.orphans(counter.tx, counter.today)]
    yield Waiting(
        len(names), "service sans Responsable", "services sans Responsable", "/responsables",
        pressure=Pressure.NOW, detail=", ".join(names),
    )  # fmt: skip


def _few(counter: Counter[Reading], *conditions: ColumnElement[bool]) -> int:
    """How many, no further than ``COUNTED`` and one."""
    some = select(FILES.c.id).where(*conditions).limit(COUNTED + 1).subquery()
    return int(counter.tx.scalar(select(func.count()).select_from(some)))


def _first(counter: Counter[Reading], office: OfficeCalendar, owed: tuple[ColumnElement[bool], ...]) -> str:
    due = counter.tx.scalar(
        select(FILES.c.ack_due_at).where(*owed, FILES.c.ack_due_at >= counter.at)
        .order_by(FILES.c.ack_due_at).limit(1)
    )  # fmt: skip
    left = open_time_words(open_time_left(counter.at, due, office))
    return f"le premier d’ici le {moment_words(due)} : il reste {left} d’ouverture"
