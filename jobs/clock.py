"""One look at the clock: what is due is drawn up, gathered and sent; looking again changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from desk import lists, notices, outbox
from desk.house import House
from desk.lists import Run
from desk.outbox import Carrier, Round
from desk.visits import Visit
from jobs.errands import recount
from policy.reasons import Refused
from policy.roles import System
from policy.wording import moment_words
from sync import hold
from sync.history import Whence

SLACK = timedelta(minutes=2)  # clocks of two machines that share a database are never quite alike


@dataclass(frozen=True)
class Report:
    """What one look did; ``troubles`` are French sentences, empty when all went well."""

    drawn: tuple[Run, ...] = ()
    gathered: int = 0
    round: Round = field(default_factory=Round)
    troubles: tuple[str, ...] = ()


def tick(
    house: House,
    carrier: Carrier,
    clock: Callable[[], datetime],
    me: str,
    is_gone: Callable[[str], bool],
    played_ahead: bool = False,
) -> Report:
    """Do once what is due. ``clock`` gives the moment (UTC); ``me`` and ``is_gone`` are as for the outbox.

    Nothing is drawn up or sent when the clock runs behind what the ledger already holds (architecture 9): a
    machine that woke up in the wrong year would send the wrong lists; nor while a restore is to be confirmed
    (``sync.hold``). ``played_ahead``: mails only go to a folder, where a moment to come may have been played;
    then the ledger is ahead and the clock is right.
    """
    at = clock()
    if not played_ahead and (late := _behind(house, at)):
        return Report(troubles=(late,))
    if held := _held(house):
        return Report(troubles=(held,))
    visit = Visit(house, at, system=System.CLOCK, whence=Whence.CLOCK)
    drawn: tuple[Run, ...] = ()
    gathered = 0
    troubles = []
    try:
        try:
            recount(house, at)  # before the lists: they say how late each file is
            drawn = lists.draw_due(visit)
            lists.lapse(visit, is_gone)
            gathered = notices.gather(visit)
        except (
            Refused
        ) as refusal:  # a rule of the town that does not read: the mails drawn up leave all the same
            troubles.append(str(refusal))
    finally:
        done = outbox.deliver(house, carrier, clock, me, is_gone)
    if done.trouble:
        troubles.append(done.trouble)
    return Report(drawn, gathered, done, tuple(troubles))


def _held(house: House) -> str:
    """The sentence that says a restore waits for a person; empty when none does."""
    with house.store.reading() as tx:
        since = hold.since(tx)
    if since is None:
        return ""
    return (
        f"Les données ont été reprises d'une copie le {moment_words(since)} : aucune liste n'est dressée et "
        "aucun courriel ne part tant que personne ne l'a confirmé (page Courriels, « Reprise à confirmer », "
        "ou python -m sync confirm)."
    )


def _behind(house: House, at: datetime) -> str:
    """The sentence that says the clock cannot be right; empty when it can."""
    with house.store.reading() as tx:
        latest = lists.latest_moment(tx)
    if latest is None or at >= latest - SLACK:
        return ""
    return (
        f"Il serait le {moment_words(at)}, mais le registre des envois va déjà jusqu'au "
        f"{moment_words(latest)} : vérifiez l'horloge de la machine. Rien n'est envoyé."
    )
