"""The clock and the town's table: asked when it is due, its troubles told once, ended with the process."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from desk.exchanges import Post
from jobs.exchange import exchanging
from sync import ledger
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.filing import TEN
from tests.remotes.served import SERVICES, Served, served
from tests.remotes.served import kept as kept

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds before a test gives up on a process


@dataclass
class Day:
    """A town, its table, and a clock that the test moves."""

    cast: Cast
    there: Served
    now: datetime = TEN

    @property
    def post(self) -> Post:
        return self.there.post(self.cast.house, lambda: self.now)

    def pass_(self, **time: float) -> None:
        """Time passes, here and there."""
        self.now += timedelta(**time)
        self.there.server.advance(timedelta(**time).total_seconds())


@pytest.fixture(params=SERVICES)
def day(request: pytest.FixtureRequest, cast: Cast, tmp_path: Path) -> Iterator[Day]:
    """A town whose table is prepared and holds everything."""
    with served(request.param, tmp_path) as there:
        found = Day(cast, there)
        found.post.setup()
        found.post.exchange(again=True)
        yield found


def test_the_table_is_asked_when_it_is_due_and_not_each_second(day: Day) -> None:
    exchange = exchanging(day.post)
    calls = day.there.server.calls.total
    for _ in range(29):
        day.pass_(seconds=1)
        assert exchange() == ()
    assert day.there.server.calls.total == calls
    day.pass_(seconds=1)
    assert exchange() == ()
    assert day.there.server.calls.total > calls


def test_a_trouble_lasts_until_an_exchange_goes_to_its_end(day: Day) -> None:
    exchange = exchanging(day.post)
    day.there.server.down()
    opened(day.cast, at=day.now)
    (trouble,) = exchange()
    assert trouble.startswith(f"{day.there.label} : ")
    day.pass_(seconds=1)
    assert exchange() == (trouble,), "it was not asked again, and nothing is mended"
    day.there.mend()
    assert exchange() == (trouble,)
    day.pass_(minutes=1)
    assert exchange() == ()


def test_a_right_taken_back_is_told_with_what_to_do_and_without_any_secret(day: Day) -> None:
    exchange, token = exchanging(day.post), day.there.token
    day.there.revoke()
    opened(day.cast, at=day.now)
    (trouble,) = exchange()
    assert {"airtable": "jeton", "sheets": "partagez"}[day.there.name] in trouble
    assert not any(secret in trouble for secret in (token, *day.there.secrets) if secret)


def test_a_table_that_another_clock_speaks_to_is_no_trouble(day: Day) -> None:
    exchange = exchanging(day.post)
    opened(day.cast, at=day.now)
    assert ledger.take_lease(day.cast.house.store, day.there.name, "ailleurs")
    assert exchange() == ()
    with day.cast.house.store.reading() as tx:
        row = ledger.state(tx, day.there.name)
    assert row is not None and row["failing_since"] is None


def test_the_clock_as_a_process_tells_a_save_and_stops_at_once_when_told(
    day: Day, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    told = threading.Event()
    day.there.server.before_next_write(told.set)
    file = opened(day.cast).id
    environment = {
        **os.environ,
        **day.there.settings,
        "PYTHONPATH": str(ROOT),
        "GUICHET_DATABASE_URL": store_url,
        "GUICHET_DATA_DIR": str(tmp_path),
        "GUICHET_MAIL_DIR": str(tmp_path / "courriels"),
        "GUICHET_MAIL_FROM": "Ville de Prévost <guichet@prevost.test>",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs"], env=environment, cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert told.wait(PATIENCE)
        process.send_signal(signal.SIGTERM)
        said, complained = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert (process.returncode, complained) == (0, "")
    assert file in day.there.ids("Dossiers")
    assert not any(secret in said for secret in day.there.secrets)
