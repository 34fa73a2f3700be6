"""P annexe B (R-61): who is available, in a meeting or away, and until when."""

from datetime import datetime

from policy.reasons import refused
from policy.towntime import town_day
from policy.words import Presence

_ARTICLE = "P annexe B"


def check(presence: Presence, until: datetime | None, at: datetime) -> None:
    """Raise ``Refused`` unless what is said can be read later: away has an hour of return, in time to come.

    ``until`` and ``at`` are aware moments.
    """
    if presence is Presence.AWAY and until is None:
        raise refused("Dites quand vous serez de retour.", _ARTICLE, "until")
    if until is not None and until <= at:
        raise refused("L'heure du retour est déjà passée.", _ARTICLE, "until")


def in_force(presence: Presence, until: datetime | None, said_at: datetime, at: datetime) -> Presence:
    """P annexe B asks for rigour: what is past its hour says nothing any more.

    Without an hour of return, it holds until the end of the day on which it was said.
    """
    over = at >= until if until is not None else town_day(at) != town_day(said_at)
    return Presence.AVAILABLE if over else presence
