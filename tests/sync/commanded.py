"""A machine of the town whose settings name a table, and whoever keeps it at the keyboard."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sync import __main__ as sync_command
from sync import pace
from tests.cast import Cast
from tests.remotes.served import AT_ONCE, SERVICES, Served, served


@dataclass
class Desk:
    """A machine of the town, whoever keeps it at the keyboard, and the town's table."""

    cast: Cast
    there: Served
    capsys: pytest.CaptureFixture[str]
    said: str = ""
    complained: str = ""

    def sync(self, *arguments: str) -> int:
        """Run a command in this process; its exit code."""
        code = sync_command.main(list(arguments))
        self.said, self.complained = self.capsys.readouterr()
        heard = self.said + self.complained
        assert not any(secret in heard for secret in self.there.secrets)
        return code

    def tally(self, *arguments: str) -> dict[str, int]:
        """What an exchange that went well did."""
        assert self.sync("run", "--once", "--json", *arguments) == 0, self.complained
        told: dict[str, int] = json.loads(self.said)
        return told

    def figures(self) -> dict[str, Any]:
        """What ``status --json`` says."""
        assert self.sync("status", "--json") == 0
        told: dict[str, Any] = json.loads(self.said)
        return told

    def ready(self) -> "Desk":
        """A table prepared, that holds everything."""
        assert self.sync("setup") == 0
        self.tally()
        return self


@pytest.fixture
def surroundings(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of a machine without a table, nobody at its keyboard, and no turn to wait for."""
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUICHET_DATABASE_URL", store_url)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUICHET_MAIL_DIR", str(tmp_path / "courriels"))
    monkeypatch.setenv("GUICHET_MAIL_FROM", "Ville de Prévost <guichet@prevost.test>")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123
    for service in ("AIRTABLE", "SHEETS"):
        monkeypatch.setattr(pace, service, AT_ONCE)


@pytest.fixture(params=SERVICES)
def desk(
    request: pytest.FixtureRequest,
    cast: Cast,
    surroundings: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Desk]:
    """A machine whose settings name a service, where nothing is prepared yet."""
    with served(request.param, tmp_path) as there:
        for name, value in there.settings.items():
            monkeypatch.setenv(name, value)
        yield Desk(cast, there, capsys)
