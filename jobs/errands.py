"""What a person has just asked of the clock, looked for every two seconds: files counted anew, trials."""

from collections.abc import Callable
from datetime import datetime

from desk import recounting, trials
from desk.exchanges import Post
from desk.house import House
from desk.outbox import Carrier
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from sync.history import Whence


def errands(
    house: House, carrier: Carrier, post: Post | None, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Do what was asked, if anything was; the troubles, in French.

    ``carrier`` and ``post`` are for trials alone.
    """
    asked: tuple[Callable[[], object], ...] = (
        lambda: trials.carry_out(house, carrier, post, clock),
        lambda: recount(house, clock()),
    )
    troubles = []
    for errand in asked:
        try:
            errand()
        except Refused as refusal:  # a busy base, a rule that does not read: the next look tries again
            troubles.append(str(refusal))
    return tuple(troubles)


def recount(house: House, at: datetime) -> bool:
    """R-71: count the open files anew, when settings have changed; whether they had."""
    return recounting.recount(Visit(house, at, system=System.CLOCK, whence=Whence.CLOCK))
