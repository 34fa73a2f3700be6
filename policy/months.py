"""A calendar month: what the monthly lists are about."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

from policy.reasons import refused
from policy.wording import MONTHS


@dataclass(frozen=True, order=True)
class Month:
    """One month of one year; ordered in time; written « 2026-11 »."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and date.min.year <= self.year <= date.max.year):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written « 2026-11 ». Raises ``Refused`` on anything else."""
        found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text.strip(), re.ASCII)
        if found is None or found[1] == "0000":
            raise refused(f"« {text} » n'est pas un mois : écrivez-le comme 2026-11.")
        return cls(int(found[1]), int(found[2]))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    @property
    def words(self) -> str:
        """« novembre 2026 »."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def of_words(self) -> str:
        """« de novembre 2026 », « d'octobre 2026 »."""
        return f"d'{self.words}" if self.words[0] in "ao" else f"de {self.words}"

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)
