"""The numbers told to citizens: three series, counted anew each year, never reused (R-1)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from policy.words import Nature


class Series(StrEnum):
    """SJ, « Une prise en charge hors pair » (R-1): a number's first letter; claims keep the requests'."""

    REQUEST = ""
    COMPLAINT = "P"
    ACCESS = "A"


_WIDTH = {Series.REQUEST: 5, Series.COMPLAINT: 4, Series.ACCESS: 4}
_SHAPE = re.compile(r"([PA]?)\s*(2\d{3})\s*[-–— ]\s*(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A number taken apart."""

    series: Series
    year: int
    n: int

    def __str__(self) -> str:
        return number(self.series, self.year, self.n)


def number(series: Series, year: int, n: int) -> str:
    """SJ, R-1: ``2026-00042``, ``P2026-0007``, ``A2026-0003``; ``year`` is that of the reception, in town."""
    if n < 1:
        raise ValueError(f"a series counts from 1, not {n}")
    return f"{series.value}{year}-{n:0{_WIDTH[series]}d}"


def parse(text: str) -> Number | None:
    """The number a person typed or read aloud (« 2026-42 », « p2026-7 », « no 2026-00042 »), or none."""
    found = _SHAPE.fullmatch(re.sub(r"^\s*(?:n[o°º]\.?|#)\s*", "", text, flags=re.IGNORECASE).strip())
    if found is None or int(found[3]) < 1:
        return None
    return Number(Series(found[1].upper()), int(found[2]), int(found[3]))


def series_of(nature: Nature) -> Series:
    """R-1: the series a file of this nature is numbered in."""
    return {Nature.COMPLAINT: Series.COMPLAINT, Nature.ACCESS: Series.ACCESS}.get(nature, Series.REQUEST)
