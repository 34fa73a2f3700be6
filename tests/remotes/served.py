"""A service of the tests as the settings name it: what the commands, the clock and the desk speak to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from desk.exchanges import Post
from desk.house import House
from sync.airtable.remote import Airtable
from sync.pace import Pace
from sync.remote import Remote
from sync.sheets.cells import ORIGIN
from sync.sheets.remote import Sheets
from tests.conftest import SERVICES as SERVICES
from tests.conftest import Sqlite
from tests.remotes.airtable_api import Asked
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.sheets_server import SheetsServer, key_pair

LABELS = {"airtable": "Airtable", "sheets": "Google Sheets"}
AT_ONCE = (10**9, 1.0)  # nobody waits for a turn


@dataclass
class Served:
    """A base or a spreadsheet behind a real socket; ``folder`` holds the key of the service account."""

    name: str
    server: AirtableServer | SheetsServer
    folder: Path

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def settings(self) -> Mapping[str, str]:
        """The environment in which a process of ours speaks to it."""
        if isinstance(self.server, AirtableServer):
            return {
                "GUICHET_REMOTE": "airtable",
                "GUICHET_AIRTABLE_TOKEN": self.server.token,
                "GUICHET_AIRTABLE_BASE": self.server.base_id,
                "GUICHET_AIRTABLE_ENDPOINT": self.server.url,
            }
        return {
            "GUICHET_REMOTE": "sheets",
            "GUICHET_SHEETS_CREDENTIALS": str(self._credentials),
            "GUICHET_SHEETS_ID": self.server.spreadsheet_id,
            "GUICHET_SHEETS_ENDPOINT": self.server.url,
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may ever read: the token; the lines of the private key, and each token it was given."""
        if isinstance(self.server, AirtableServer):
            return (self.server.token,)
        return (*key_pair()[0].splitlines()[1:-1], *self.server._tokens)

    def remote(self, timeout: tuple[float, float] = (5, 30)) -> Remote:
        """The remote that speaks to it, in a process that remembers nothing."""
        if isinstance(self.server, AirtableServer):
            return Airtable(self.server.token, self.server.base_id, self.server.url, timeout=timeout)
        return Sheets(self._credentials, self.server.spreadsheet_id, self.server.url, time_out=timeout)

    def post(
        self, house: House, clock: Callable[[], Any], me: str = "ici", timeout: tuple[float, float] = (5, 30)
    ) -> Post:
        """Where a process of that house speaks to it, without waiting for its turn."""
        return Post(house, self.remote(timeout), Pace(*AT_ONCE), clock, me)

    def revoke(self) -> None:
        """The town takes back what it gave us."""
        if isinstance(self.server, AirtableServer):
            self.server.token = "patAutre000000000.un-autre-jeton"
        else:
            self.server.shared = False

    def forgive(self, token: str = "") -> None:
        """The town gives it again."""
        if isinstance(self.server, AirtableServer):
            self.server.token = token
        else:
            self.server.shared = True

    @property
    def token(self) -> str:
        """The token that opens it now, where there is one."""
        return self.server.token if isinstance(self.server, AirtableServer) else ""

    def break_next(self, kind: str) -> None:
        """The next request goes wrong: « refuse » closes the door until ``mend``."""
        if kind == "refuse":
            self.server.down()
        else:
            self.server.fail_next(kind)

    def mend(self) -> None:
        """Whatever was to go wrong will not."""
        self.server.up()
        self.server._faults.clear()

    def made_by_the_town(self, title: str, columns: Mapping[str, str], *rows: Mapping[str, Any]) -> list[str]:
        """A table that was there before us: headers, with their type in Airtable; the keys of its rows."""
        if isinstance(self.server, AirtableServer):
            lists = {
                header: [
                    {"name": word} for word in dict.fromkeys(row[header] for row in rows if header in row)
                ]
                for header in columns
            }
            options: dict[str, Callable[[str], Any]] = {
                "singleSelect": lambda header: {"choices": lists[header]},
                "date": lambda header: {"dateFormat": {"name": "iso"}},
                "number": lambda header: {"precision": 0},
            }
            fields = [
                {"name": header, "type": kind}
                | ({"options": options[kind](header)} if kind in options else {})
                for header, kind in columns.items()
            ]
            self.server.api.make_table(Asked({}, {"name": title, "fields": fields}, self.server.now))
            return [self.server.add_row(title, row) for row in rows]
        sheet = self.server.book.sheet_of(77, title, 200, len(columns))
        self.server.book.sheets.append(sheet)
        for place, header in enumerate(columns):
            sheet.rows[0].put(place, header)
        typed = [
            {
                header: (cell - ORIGIN.date()).days if isinstance(cell, date) else cell
                for header, cell in row.items()
            }
            for row in rows
        ]
        return [self.server.add_row(title, row) for row in typed]

    def row(self, table: str, record: str) -> dict[str, Any]:
        """The one row that bears that ID, by header."""
        (found,) = [row for row in self.server.rows(table) if row.get("ID") == record]
        return found

    def ids(self, table: str) -> set[str]:
        """What the ID cells of a table say."""
        return {row["ID"] for row in self.server.rows(table) if row.get("ID")}

    @property
    def _credentials(self) -> Path:
        path = self.folder / "compte.json"
        if isinstance(self.server, SheetsServer) and not path.exists():
            self.server.credentials(path)
        return path


@contextmanager
def served(name: str, folder: Path) -> Iterator[Served]:
    """A service of that name, empty, until the end."""
    server = AirtableServer() if name == "airtable" else SheetsServer()
    try:
        yield Served(name, server, folder)
    finally:
        server.close()


@pytest.fixture
def kept(sqlite: Sqlite) -> Sqlite:
    """What is tried with a service is the way to it: the ledger itself is tried on both databases."""
    return sqlite
