"""What the journeys ask for: a browser, and someone who sits at it."""

from tests.door.serving import browser, person

__all__ = ["browser", "person"]
