"""``python -m benchmarks``: measure the software on a large town and say what is aimed at and reached."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import func, select

from benchmarks import acts, crowd, databases, foreseeing, people, screens, stored, synchronisation
from benchmarks.figures import Line, machine, stalled, table
from benchmarks.processes import served
from sync.schema import SQL

PARTS = ("queue", "search", "saving", "lists", "crowd", "settings", "exchange")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are: a machine that does other things is no judge."""
    asked = _asked(arguments)
    with stored.copied(asked.files, asked.database, asked.folder) as copy:
        about, began, waited = machine(), time.monotonic(), stalled()
        lines = measure(copy, asked)
    about["waits"] = None if waited is None else ((stalled() or 0) - waited) / (time.monotonic() - began)
    print(f"\n{asked.files:,} files on {asked.database}; {about['processor']}, {about['cores']} cores\n")
    print(table(lines))
    print(
        "\nMedian and 95th percentile of n measures; CPU is the mean processor time of the process at work."
        "\n« less »: this takes so many times less than what it is compared with, by the medians."
    )
    if about["waits"] is not None:
        print(f"During {about['waits']:.0%} of the run somebody here waited for a processor.")
    if asked.json:
        told = {"files": asked.files, "database": asked.database, "machine": about}
        told["lines"] = [{**asdict(each), "met": each.met} for each in lines]
        asked.json.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def measure(copy: stored.Stored, asked: argparse.Namespace) -> list[Line]:
    """Every line of the table, each part after the other on the same copy."""
    everybody = people.workers(copy.house)
    technician = people.technician(everybody)
    secretary = people.secretary(everybody, _busiest(copy))
    both = [technician, secretary]
    lines: list[Line] = []
    if "queue" in asked.only:
        with served("plain", copy.url) as plain, served("door", copy.url) as door:
            lines += screens.queue(door, plain, both, asked.rounds, max(3, asked.rounds // 2))
    alone = lines[1] if lines else None
    if "search" in asked.only:
        lines += acts.searching(copy, both, asked.rounds)
    if "saving" in asked.only:
        lines += acts.saving(copy, technician, secretary, asked.rounds * 5)
    if "lists" in asked.only:
        lines += acts.drawing_lists(copy, asked.rounds)
    if "crowd" in asked.only:
        seats = [everybody[rank % len(everybody)] for rank in range(asked.sessions)]
        with served("plain", copy.url) as plain, served("door", copy.url) as door:
            lines += crowd.crowd(door, plain, seats, asked.seconds, alone)
    if "settings" in asked.only:
        lines += foreseeing.foreseeing(copy, people.director(everybody), asked.rounds)
    if "exchange" in asked.only:  # the last: it leaves its own marks in the copy
        with served("door", copy.url) as door:
            lines += screens.beside(door, technician, asked.rounds, copy.url)
        lines += synchronisation.exchanging(copy, asked.folder)
    return lines


def _busiest(copy: stored.Stored) -> str:
    """The department whose queue is the longest."""
    files = SQL["files"].c
    query = select(files.department).where(files.open, files.department.is_not(None))
    with copy.house.store.reading() as tx:
        return str(tx.scalar(query.group_by(files.department).order_by(func.count().desc()).limit(1)))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="how many files are generated")
    parser.add_argument("--database", choices=databases.DIALECTS, default="sqlite")
    parser.add_argument("--rounds", type=int, default=8, help="how often each thing is done over")
    parser.add_argument("--sessions", type=int, default=30, help="how many people at once")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long they stay")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="only these parts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--folder", type=Path, default=stored.FOLDER, help="where the generated town is kept")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
