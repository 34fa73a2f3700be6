"""The clock that never stops: APScheduler only says when to look; the ledger says what is due."""

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from desk import traces
from policy.towntime import TOWN, to_town

QUIET = range(1, 3)  # the hours in which clocks change: nothing is started between 1:00 and 3:00
LOOKS = CronTrigger(hour="0,3-23", second="*/20", timezone=TOWN)
EXCHANGES = IntervalTrigger(seconds=1, timezone=TOWN)
ERRANDS = IntervalTrigger(seconds=2, timezone=TOWN)
NIGHTS = CronTrigger(hour="0,3-23", second=40, timezone=TOWN)
IMPORTS = IntervalTrigger(seconds=1, timezone=TOWN)

TALKATIVE = ("apscheduler.executors.default", "apscheduler.scheduler")

_log = logging.getLogger("guichet.horloge")


def run(
    look: Callable[[], tuple[str, ...]],
    night: Callable[[], tuple[str, ...]],
    exchange: Callable[[], tuple[str, ...]] | None = None,
    errands: Callable[[], tuple[str, ...]] | None = None,
    importing: Callable[[], tuple[str, ...]] | None = None,
    privately: Callable[[], tuple[str, ...]] | None = None,
) -> None:
    """Look every twenty seconds, until told to stop.

    ``night`` is asked every minute whether a work of the night is due; ``exchange``, every second, whether
    the town's table is; ``errands``, every two seconds, what a person has just asked for; ``importing``,
    every second, whether a file that somebody brought in waits; ``privately``, every second too, whether the
    private base is due: neither it nor the table waits for the other. All of them are done beside the looks.

    ``look`` returns what went wrong, in French; the same trouble is logged once. A look that was missed or
    that is still under way is not made up for: the next one does what is due.
    """
    scheduler = BlockingScheduler(timezone=TOWN)
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(Watch(look), LOOKS, id="regarder", next_run_time=_first(), **options)
    if exchange is not None:
        scheduler.add_job(Watch(exchange), EXCHANGES, id="échanger", **options)
    if errands is not None:
        scheduler.add_job(Watch(errands), ERRANDS, id="demandes", **options)
    scheduler.add_job(Watch(night), NIGHTS, id="veiller", next_run_time=_first(), **options)
    if importing is not None:
        scheduler.add_job(Watch(importing), IMPORTS, id="importer", **options)
    if privately is not None:
        scheduler.add_job(Watch(privately), EXCHANGES, id="échanger à part", **options)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.shutdown(wait=False))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    traces.hush(TALKATIVE)
    scheduler.start()


class Watch:
    """A look that logs a trouble when it appears and when it is over."""

    def __init__(self, look: Callable[[], tuple[str, ...]]) -> None:
        self._look = look
        self._known: tuple[str, ...] = ()

    def __call__(self) -> None:
        troubles = self._look()
        if troubles != self._known:
            for trouble in troubles or ("Tout est rentré dans l'ordre.",):
                _log.warning(trouble)
        self._known = troubles


def _first() -> datetime:
    """At once, since something may have been missed; in the hours of the change of clocks, later."""
    now = datetime.now(UTC)
    return now if to_town(now).hour not in QUIET else LOOKS.get_next_fire_time(None, now)
