"""Town time (America/Toronto): the wall clock of the hôtel de ville, and moments in UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from policy.reasons import refused

TOWN = ZoneInfo("America/Toronto")


def from_town(wall: datetime) -> datetime:
    """The moment (aware, UTC) a town clock showed ``wall`` (naive).

    R-70: in the hour lived twice (autumn) the first is meant; a time in the hour that does not exist (spring)
    is refused.
    """
    if wall.tzinfo is not None:
        raise ValueError("from_town takes a naive wall time")
    moment = wall.replace(tzinfo=TOWN, fold=0).astimezone(UTC)
    if moment.astimezone(TOWN).replace(tzinfo=None) != wall.replace(fold=0):
        raise refused(
            f"{wall:%H:%M} n'existe pas le {wall:%Y-%m-%d} : les horloges avancent d'une heure.",
            "R-70",
        )
    return moment


def to_town(moment: datetime) -> datetime:
    """The same moment on the town's clock (aware, America/Toronto)."""
    if moment.tzinfo is None:
        raise ValueError("to_town takes an aware moment")
    return moment.astimezone(TOWN)


def town_day(moment: datetime) -> date:
    """The day it is in town at that moment."""
    return to_town(moment).date()


def elapsed(earlier: datetime, later: datetime) -> timedelta:
    """Real time between two aware moments: an hour lived twice counts twice."""
    return later.astimezone(UTC) - earlier.astimezone(UTC)
