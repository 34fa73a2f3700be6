"""What the journeys ask for: a browser, someone who sits at it, a town with files behind a door."""

from tests.browser.served import clock, served, served_cast, town_template
from tests.door.serving import browser, person

__all__ = ["browser", "clock", "person", "served", "served_cast", "town_template"]
