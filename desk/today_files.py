"""What waits in the queues, for who works in them (« Aujourd'hui »)."""

from collections.abc import Iterator

from desk import queue
from desk.town import town
from desk.views import View
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from policy.words import State
from sync.store import Reading


def of_the_queue(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-15, R-22: what is late, to answer, to route, unchanged; then all that is open."""
    counts = queue.counts(counter, town(counter.tx, counter.today))
    seen: tuple[tuple[int, str, str, View, Pressure], ...] = (
        (counts.overdue, "dossier en retard", "dossiers en retard", View.OVERDUE, Pressure.LATE),
        (counts.unanswered, "réponse à donner à la liste RNC", "réponses à donner à la liste RNC",
         View.TO_ANSWER, Pressure.NOW),
        (counts.states.get(State.NEW, 0), "dossier à acheminer", "dossiers à acheminer", View.UNROUTED,
         Pressure.NOW),
        (counts.unchanged, "dossier inchangé depuis le mois dernier",
         "dossiers inchangés depuis le mois dernier", View.UNCHANGED, Pressure.NEXT),
        (counts.open, "dossier ouvert", "dossiers ouverts", View.OPEN, Pressure.KNOWN),
    )  # fmt: skip
    for count, one, many, view, pressure in seen:
        address = "/file" if view is View.OPEN else f"/file?voir={view.value}"
        yield Waiting(count, one, many, address, counts.at_least, pressure)
