"""The order of a queue (R-15), as keys that SQL can sort by."""

from datetime import date

from policy.words import OPEN_STATES, Priority, State

NO_TARGET = date(9999, 12, 31)  # after every target: a file without one comes after those that have one
_PRESSING = {priority: place for place, priority in enumerate(Priority)}
_PAUSED = len(_PRESSING)  # the paused come after every other file of the queue, whatever their priority


def rank(state: State, priority: Priority) -> int:
    """SJ, « Les services municipaux » (niveau d'urgence): ``files.queue_rank``, smallest first.

    SJ, « L'équité »: one order for all. Read: "paused last" means last of the whole queue, since nobody can
    act on them today; among themselves they keep the order of their priorities.
    """
    return _PRESSING[priority] + (_PAUSED if state is State.WAITING else 0)


def day(target_on: date | None) -> date:
    """SJ, « Les services municipaux »: ``files.queue_day``, the target or the end of days.

    Sorting by target puts the overdue before the others of their priority: no key changes at midnight.
    """
    return NO_TARGET if target_on is None else target_on


def is_overdue(state: State, target_on: date | None, today: date, paused_since: date | None = None) -> bool:
    """R-14, R-15: whether the target has passed for a file that still waits on its department.

    The target day itself is not late. What is handed over (À fermer) waits on its closing, not on the
    work. The clock of a paused file has stopped: it is overdue only if it was when the pause began.
    """
    if target_on is None or state not in OPEN_STATES or state is State.TO_CLOSE:
        return False
    if state is State.WAITING:
        return paused_since is not None and target_on < paused_since
    return target_on < today
