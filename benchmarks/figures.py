"""Figures: series of timings, the table people read, the JSON that programs read."""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("streamlit", "sqlalchemy", "pandas", "uvicorn", "psycopg")
MS = 1_000.0


@dataclass
class Series:
    """Timings in seconds; ``cpu`` what the process at work spent over all of them, when it was measured."""

    name: str
    timings: list[float] = field(default_factory=list)
    cpu: float | None = None

    @property
    def median(self) -> float:
        """In milliseconds."""
        return statistics.median(self.timings) * MS

    @property
    def p95(self) -> float:
        """In milliseconds; the greatest when there are few."""
        ordered = sorted(self.timings)
        return ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))] * MS

    @property
    def cpu_each(self) -> float | None:
        """Milliseconds of processor for one, on average."""
        return None if self.cpu is None else self.cpu / len(self.timings) * MS

    def less(self, seconds: float) -> "Series":
        """The same timings, each shorter by so much (never below nothing)."""
        return Series(self.name, [max(0.0, timing - seconds) for timing in self.timings])


def timed(name: str, acts: Iterable[Callable[[], Any]]) -> Series:
    """Each act once, timed, in this process."""
    series = Series(name, cpu=0.0)
    for act in acts:
        began, spent = time.perf_counter(), time.process_time()
        act()
        series.timings.append(time.perf_counter() - began)
        series.cpu = (series.cpu or 0.0) + time.process_time() - spent
    return series


@dataclass(frozen=True)
class Line:
    """One line of the table: what was measured, beside what it is compared with, and what was aimed at.

    ``ratio`` says how many times more the other way costs, by the medians (under 1: this one costs more);
    ``aim`` is in their unit and held against the 95th percentile, or the one figure there is; ``aim_ratio``
    against the ratio: under 1, it says how much more is borne.
    """

    name: str
    median: float
    p95: float | None = None
    unit: str = "ms"
    cpu: float | None = None
    against: str = ""
    against_median: float | None = None
    ratio: float | None = None
    aim: float | None = None
    aim_ratio: float | None = None
    count: int = 0

    @property
    def met(self) -> bool | None:
        """Whether the aim was reached; None where there is none."""
        told: list[bool] = []
        if self.aim is not None:
            told.append((self.median if self.p95 is None else self.p95) <= self.aim)
        if self.aim_ratio is not None and self.ratio is not None:
            told.append(self.ratio >= self.aim_ratio)
        return all(told) if told else None


def line(
    series: Series,
    against: Series | None = None,
    aim: float | None = None,
    aim_ratio: float | None = None,
) -> Line:
    """A line from a series, in milliseconds."""
    ratio = against.median / max(series.median, 0.001) if against is not None else None
    return Line(
        name=series.name,
        median=series.median,
        p95=series.p95,
        cpu=series.cpu_each,
        against=against.name if against else "",
        against_median=against.median if against else None,
        ratio=ratio,
        aim=aim,
        aim_ratio=aim_ratio,
        count=len(series.timings),
    )


def table(lines: Sequence[Line]) -> str:
    """The lines as a plain table."""
    heads = ("", "median", "p95", "CPU", "n", "compared with", "median", "ratio", "aim", "")
    rows = [heads, *(_cells(each) for each in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    left = (0, 5, 9)
    shown = []
    for row in rows:
        cells = [
            cell.ljust(width) if at in left else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        shown.append("  ".join(cells).rstrip())
    shown.insert(1, "-" * max(map(len, shown)))
    return "\n".join(shown)


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def stalled() -> float | None:
    """Seconds since the machine began during which somebody waited for a processor (Linux tells)."""
    try:
        told = Path("/proc/pressure/cpu").read_text(encoding="ascii")
    except OSError:
        return None
    return int(told.splitlines()[0].rpartition("total=")[2]) / 1_000_000


def _cells(each: Line) -> tuple[str, ...]:
    aims = []
    if each.aim is not None:
        aims.append(f"{'' if each.p95 is None else 'p95 '}< {each.aim:,.0f} {each.unit}")
    if each.aim_ratio is not None:
        aims.append(_aimed(each.aim_ratio))
    told = {True: "ok", False: "MISSED", None: ""}[each.met]
    return (
        each.name,
        _figure(each.median, each.unit),
        _figure(each.p95, each.unit),
        _figure(each.cpu, "ms"),
        str(each.count) if each.count else "",
        each.against,
        _figure(each.against_median, each.unit),
        _ratio(each.ratio),
        ", ".join(aims),
        told,
    )


def _ratio(ratio: float | None) -> str:
    if not ratio:
        return ""
    times, which = (ratio, "less") if ratio >= 1 else (1 / ratio, "more")
    return f"× {times:,.0f} {which}" if times >= 10 else f"× {times:.1f} {which}"


def _aimed(ratio: float) -> str:
    """So many times less, or no more than so many times more."""
    return f"× {ratio:,.0f} less" if ratio >= 1 else f"under × {1 / ratio:.1f} more"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.1f} {unit}" if value < 100 else f"{value:,.0f} {unit}"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in told if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
