"""The settings name another base, spreadsheet or service: said plainly, then told of everything."""

from pathlib import Path

import pytest

from desk import synchronisation
from sync.remote import RemoteError
from tests.cast import Cast
from tests.desk.test_exchanges import Day
from tests.desk.test_exchanges import day as day
from tests.remotes.airtable_server import AirtableServer
from tests.remotes.served import Served, served
from tests.remotes.served import kept as kept


def test_another_base_is_said_to_want_a_set_up_and_then_holds_everything(day: Day, tmp_path: Path) -> None:
    known = day.open()
    day.settled()
    (tmp_path / "autre").mkdir()
    with served(day.there.name, tmp_path / "autre") as other:
        rename(other)
        before = day.there.server.rows("Dossiers")
        day.there = other
        day.post = day.worker()
        assert not day.post.is_due()
        table = synchronisation.summary(day.cast.visit("director", day.now))
        assert table is not None and "python -m sync setup" in table.paused_why
        with pytest.raises(RemoteError, match="python -m sync setup"):
            day.post.exchange()
        day.post.setup()
        day.settled()
        assert known in other.ids("Dossiers") and len(other.server.rows("Dossiers")) == len(before)
        assert not day.status.frozen_tables and day.status.paused_at is None and day.status.disputes == 0


def test_a_table_left_for_another_service_and_taken_again_is_told_of_all_by_itself(
    cast: Cast, tmp_path: Path
) -> None:
    (tmp_path / "sheets").mkdir()
    with served("airtable", tmp_path) as first, served("sheets", tmp_path / "sheets") as second:
        day = Day(cast, first)
        day.post.setup()
        assert day.work() is None
        day.pass_(minutes=1)
        day.there, day.post = second, second.post(cast.house, lambda: day.now)
        assert not day.post.is_due()
        table = synchronisation.summary(cast.visit("director", day.now))
        assert table is not None and (table.label, table.paused_at is None) == ("Google Sheets", False)
        day.post.setup()
        file = day.open()
        assert day.work() is None and file in second.ids("Dossiers")
        day.there, day.post = first, first.post(cast.house, lambda: day.now)
        day.pass_(minutes=1)
        assert day.work() is None
        assert file in first.ids("Dossiers")
        told = synchronisation.summary(cast.visit("director", day.now))
        assert told is not None and told.label == "Airtable"


def rename(there: Served) -> None:
    """What tells this base or spreadsheet from the one of another server of the tests."""
    if isinstance(there.server, AirtableServer):
        there.server.base.id = "appAutre000000000"
    else:
        there.server.book.id = "autre-classeur"
