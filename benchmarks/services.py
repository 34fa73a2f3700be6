"""``python -m benchmarks.services airtable|sheets``: a service of the tests, in a process of its own.

What it costs must not count as ours. It is told what its people do by lines of JSON, and answers each.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stored import ROOT
from tests.remotes.airtable_base import Row
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.sheets_server import SheetsServer

Rows = Sequence[Mapping[str, Any]]  # cells by header
Edits = Sequence[tuple[str, Mapping[str, Any]]]  # the key or the ID of a row, and its new cells by header


@dataclass(frozen=True)
class Service:
    """A service that listens at ``url``; ``base`` is the id of its base or spreadsheet."""

    url: str
    base: str
    token: str
    _process: "subprocess.Popen[str]"

    def edit(self, table: str, edits: Edits) -> None:
        """People change cells, one row after the other. ``table`` is called by its title."""
        _told(self._process, "edit", table, edits)

    def fill(self, table: str, rows: Rows) -> None:
        """Many rows come at once."""
        _told(self._process, "fill", table, rows)

    def calls(self) -> int:
        """How many requests came since this was last asked."""
        return int(_told(self._process, "calls"))

    def credentials(self, path: Path) -> Path:
        """Write the file of the account that speaks to it (sheets); the same path."""
        _told(self._process, "credentials", str(path))
        return path


@contextmanager
def serviced(kind: str) -> Iterator[Service]:
    """That service (« airtable », « sheets ») while the block lasts."""
    command = [sys.executable, "-m", "benchmarks.services", kind]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        url, base, token = _told(process, "where")
        yield Service(url, base, token, process)
    finally:
        process.communicate()  # the end of its orders is its end


def main() -> int:
    """Do what is told, until there is nothing more."""
    acts = (_Airtable if sys.argv[1] == "airtable" else _Sheets)()
    for order in sys.stdin:
        act, *given = json.loads(order)
        print(json.dumps(getattr(acts, act)(*given)), flush=True)
    acts.server.close()
    return 0


def _told(process: "subprocess.Popen[str]", act: str, *given: Any) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([act, *given]) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("the service of the measures stopped")
    return json.loads(answer)


class _Airtable:
    def __init__(self) -> None:
        self.server = AirtableServer()

    def where(self) -> tuple[str, str, str]:
        return self.server.url, self.server.base_id, self.server.token

    def edit(self, table: str, edits: Edits) -> None:
        for row, cells in edits:
            self.server.edit(table, row, cells)

    def fill(self, table: str, rows: Rows) -> None:
        there = self.server._table(table)
        for cells in rows:  # without the other ends of links, which cost the emulator more at each row
            made = Row(self.server.base.new_id("rec"), self.server.now)
            made.cells = self.server._cells(there, cells)
            there.rows[made.id] = made

    def calls(self) -> int:
        count = self.server.calls.total
        self.server.calls.clear()
        return count


class _Sheets:
    def __init__(self) -> None:
        self.server = SheetsServer()
        self._counted = 0

    def where(self) -> tuple[str, str, str]:
        return self.server.url, self.server.spreadsheet_id, ""

    def edit(self, table: str, edits: Edits) -> None:
        for row, cells in edits:
            self.server.edit(table, row, cells)

    def calls(self) -> int:
        counted, self._counted = self._counted, self.server.calls.total
        return self._counted - counted

    def credentials(self, path: str) -> None:
        self.server.credentials(Path(path))


if __name__ == "__main__":
    sys.exit(main())
