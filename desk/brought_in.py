"""What a row of another register does not say of a demand, and what is taken for it (decision 26)."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from desk.town import Category
from policy.towntime import from_town
from policy.words import OPEN_STATES, Channel, Nature, Priority, State, WaitReason

UNTOLD = "(rien n'est dit de la demande dans la table d'origine)"
FROM_THE_TABLE = "Reprise de la table de la ville."


def circumstances(given: Mapping[str, Any], category: Category | None, at: datetime) -> dict[str, Any]:
    """What the row does not say: what its category says, else what is most common; when it was closed.

    ``given`` holds what it says, typed; ``at`` is now. An open demand without a department is for the desk to
    route, whatever its state was there.
    """
    found: dict[str, Any] = {
        "nature": given.get("nature", Nature.REQUEST),
        "channel": given.get("channel", Channel.PHONE),
        "priority": given.get("priority") or (category.priority if category else Priority.NORMAL),
        "department": given.get("department") or (category.department if category else None),
        "facts": given.get("facts", UNTOLD),
        "anonymous": given.get("citizen") is None,
        "moved_at": given.get("moved_at", at),
    }
    state = given.get("state", State.NEW)
    if state not in OPEN_STATES:
        closed = given.get("closed_at") or midnight(given.get("done_on")) or given["received_at"]
        found |= {"closed_at": closed, "first_closed_at": closed}
        found |= {"completed_at": closed} if state is State.DONE else {}
    elif found["department"] is None:
        state = State.NEW
    elif state is State.NEW:
        state = State.ROUTED
    elif state is State.PLANNED and given.get("planned_on") is None:
        state = State.TAKEN
    elif state is State.WAITING and given.get("wait_reason") is None:
        found |= {"wait_reason": WaitReason.OTHER, "wait_words": FROM_THE_TABLE}
    return {**found, "state": state}


def midnight(day: Any) -> datetime | None:
    """A day without an hour is midnight in town."""
    return None if day is None else from_town(datetime.combine(day, time()))
