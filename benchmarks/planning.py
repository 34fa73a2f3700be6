"""``python -m benchmarks.planning ROWS FIELDS CHANGED``: what moved among many rows, and what follows.

In a process of its own, whose peak of memory is that of the rows as they are read and of the plan alone.
Prints JSON: the seconds of processor that planning took, the peak in MB, how many rows were found moved.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import town
from sync import gather, links, outside
from sync.airtable import cells as airtable_cells
from sync.compare import compare
from sync.link_tables import Tie
from sync.links import Link
from sync.remote import Cells, Column, Seen, Shape, TableLook

KB = 1024.0  # of a MB


def main() -> int:
    """Plan once, say what it took."""
    rows, fields, changed = (int(word) for word in sys.argv[1:])
    shape = _shape(fields)
    there = {row.key: row for row in _rows(shape, rows)}
    names = links.columns_of(shape)
    known = {key: (f"lien{key}", links.mark_of(names, row), Tie.LINKED, 0) for key, row in there.items()}
    before = {key: dict(there[key].cells) for key in list(there)[:: max(1, rows // changed)][:changed]}
    for key in before:
        there[key] = Seen(key, there[key].id, {**there[key].cells, "next_action": "Changé là-bas."})
    began = time.process_time()
    moved = gather.moved_rows(shape, TableLook(there, whole=True), known)
    taken = sum(_taken(shape, row, before[row.key]) for row in moved)
    told = {
        "seconds": time.process_time() - began,
        "megabytes": _peak(),
        "moved": len(moved),
        "taken": taken,
    }
    print(json.dumps(told))
    return 0


def _shape(fields: int) -> Shape:
    """The files' own columns that hold plain values: as many as asked."""
    whole = next(shape for shape in outside.shapes(True) if shape.table == "files")
    plain = [column for column in whole.columns if not column.ref and column.name != "next_action"]
    typed = whole.column("next_action")
    return Shape(whole.table, whole.label, (typed, *plain[: fields - 1]), whole.title)


def _rows(shape: Shape, count: int) -> Iterator[Seen]:
    """Rows whose every cell is a text of its own, as those of an answer are."""
    for rank in range(count):
        key = f"rec{rank:014}"
        cells: dict[str, Any] = {column.name: f"{column.name} {rank}" for column in shape.columns}
        yield Seen(key, f"{rank:032x}", cells)


def _taken(shape: Shape, row: Seen, agreed: Cells) -> int:
    """How many fields of a moved row are to be judged, when the store says what it last agreed on."""
    at, decode, encode = town.NOW, airtable_cells.decode, airtable_cells.encode
    link = Link("lien", "airtable", shape.table, row.id, row.key, Tie.LINKED, at,
                agreed=dict(agreed), raw=dict(agreed))  # fmt: skip
    today = at.date().isoformat()
    verdict = compare(shape.columns, link, row.cells, agreed, decode, encode, _never, _never, today)
    return len(verdict.taken)


def _never(column: Column) -> bool:
    return False


def _peak() -> float:
    """The most that this process held, in MB; getrusage would tell what the one that began it held."""
    try:
        told = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB
    return int(told.partition("VmHWM:")[2].split()[0]) / KB


if __name__ == "__main__":
    sys.exit(main())
