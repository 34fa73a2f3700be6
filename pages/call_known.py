"""What is known of a demand before it is typed, however it came, as the form of the call holds it."""

from typing import Any

from desk.intake import Demand
from policy.towntime import to_town


def nature_and_moment(demand: Demand) -> dict[str, Any]:
    """Its nature, and when it came: the clock starts then (R-5); what is not known is left out."""
    said: dict[str, Any] = {}
    if demand.nature is not None:
        said["nature"] = demand.nature.value
    if demand.received_at is not None:
        wall = to_town(demand.received_at)
        said |= {"earlier": True, "day": wall.date(), "hour": wall.time().replace(second=0, microsecond=0)}
    return said
