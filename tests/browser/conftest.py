"""What the journeys ask for: a town with files behind a door."""

from tests.browser.served import clock, served, served_cast, town_template

__all__ = ["clock", "served", "served_cast", "town_template"]
