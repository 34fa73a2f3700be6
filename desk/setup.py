"""Putting a town in place: the tables of a preset, the days of closing for the years ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.house import House


@dataclass(frozen=True)
class PutInPlace:
    """How many rows were added, by table; a second call adds none."""

    added: Mapping[str, int]


def put_in_place(house: House, preset: Mapping[str, Sequence[Mapping[str, Any]]], at: datetime) -> PutInPlace:
    """Write what the preset has and the store has not; nothing already there is touched.

    ``preset`` gives the rows of departments, categories (department by name), delays (category by name),
    codes, rules, council, designations (department by name) by table name, and ``closings`` as the yearly
    ones: ``{"label", "month_day": "12-24"}`` or ``{"label", "easter": 1}`` (days from Easter Sunday).
    R-24: the start date, when the preset has none, is the day of set-up.
    """
    raise NotImplementedError


def proposed_closings(years: Sequence[int], yearly: Sequence[Mapping[str, Any]]) -> dict[date, str]:
    """R-70: the public holidays of Québec for these years, and the town's own yearly closings."""
    raise NotImplementedError
