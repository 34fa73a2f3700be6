"""``python -m benchmarks``: measure the software on a large town and say what is aimed at and reached."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import acts, crowd, databases, people, screens, stored
from benchmarks.figures import Line, machine, table
from benchmarks.processes import served

SMALL = 1_000  # files: below, what is measured is whether it runs


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are: a machine at work is no judge."""
    asked = _asked(arguments)
    before = machine()
    with stored.copied(asked.files, asked.database, asked.folder) as copy:
        lines = measure(copy, asked)
    print(f"\n{asked.files:,} files on {asked.database}; {_said(before)}\n")
    print(table(lines))
    print(
        "\nTimes are in milliseconds (median, 95th percentile, mean processor time) over n measures."
        "\n« times » says how many times more the way it is compared with takes, by the medians."
        f"\nLoad average {before['load']} before, {machine()['load']} after, on {before['cores']} cores."
    )
    if asked.json:
        told = {"files": asked.files, "database": asked.database, "machine": before, "lines": [_json(each) for each in lines]}
        asked.json.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def measure(copy: stored.Stored, asked: argparse.Namespace) -> list[Line]:
    """Every line of the table, each part after the other on the same copy."""
    sitters = people.workers(copy.house)
    technician = people.technician(sitters)
    secretary = people.secretary(sitters, _busiest(copy))
    both = [technician, secretary]
    lines: list[Line] = []
    with served("plain", copy.url) as plain, served("door", copy.url) as door:
        lines += screens.queue(door, plain, both, asked.rounds, max(3, asked.rounds))
    lines += acts.searching(copy, both, asked.rounds)
    lines += acts.saving(copy, technician, secretary, asked.rounds * 5)
    lines += acts.drawing_lists(copy, min(asked.rounds, 5))
    with served("door", copy.url) as door:
        lines += crowd.crowd(door, [sitters[rank % len(sitters)] for rank in range(asked.sessions)], asked.seconds)
    return lines


def _busiest(copy: stored.Stored) -> str:
    """The department whose queue is the longest."""
    with copy.house.store.reading() as tx:
        found = {row["id"]: 0 for row in tx.find("departments")}
        for row in tx.find("files", open=True):
            if row["department"]:
                found[row["department"]] += 1
    return max(found, key=lambda department: found[department])


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000, help="how many files are generated")
    parser.add_argument("--database", choices=databases.DIALECTS, default="sqlite")
    parser.add_argument("--rounds", type=int, default=8, help="how often each thing is done over")
    parser.add_argument("--sessions", type=int, default=30, help="how many people at once")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long they stay")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    parser.add_argument("--folder", type=Path, default=stored.FOLDER, help="where the generated town is kept")
    return parser.parse_args(arguments)


def _said(about: dict[str, object]) -> str:
    return f"{about['processor']}, {about['cores']} cores, Python {about['python']}"


def _json(each: Line) -> dict[str, object]:
    return {**asdict(each), "met": each.met}


if __name__ == "__main__":
    sys.exit(main())
