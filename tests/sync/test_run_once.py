"""``python -m sync run --once`` when nothing may be exchanged: it says why, and asks the service nothing."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from sync import ledger, orders
from tests.desk.demands import opened
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings


def zeros(said: str) -> bool:
    told = json.loads(said)
    return "pushed" in told and not any(told.values())


def its_time_has_come(desk: Desk) -> None:
    with desk.cast.house.store.writing() as tx:
        ledger.change(tx, desk.there.name, asked_until=datetime.now(UTC) - timedelta(seconds=1))
    desk.there.server.advance(120)


def test_a_service_that_asked_to_wait_is_asked_nothing_before_its_time(desk: Desk) -> None:
    file = opened(desk.cast).id
    desk.ready()
    opened(desk.cast)
    desk.there.server.retry_after = "40"
    desk.there.break_next("429")
    assert desk.sync("run", "--once") == 1
    desk.there.mend()
    calls = desk.there.server.calls.total
    for arguments in (["--json"], ["--json", "--whole"]):
        assert desk.sync("run", "--once", *arguments) == 1
        assert "attendre, encore" in desk.complained and desk.there.label in desk.complained
        assert zeros(desk.said)
    assert desk.there.server.calls.total == calls
    assert desk.figures()["failing_since"] and file in desk.there.ids("Dossiers")
    its_time_has_come(desk)
    assert desk.tally()["created_there"] == 1


def test_a_service_that_was_only_away_is_asked_again_at_once(desk: Desk) -> None:
    desk.ready()
    file = opened(desk.cast).id
    desk.there.break_next("cut")
    assert desk.sync("run", "--once") == 1
    desk.there.mend()
    assert desk.tally()["created_there"] == 1 and file in desk.there.ids("Dossiers")


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_an_exchange_that_a_person_paused_is_said_to_be_so(desk: Desk, arguments: list[str]) -> None:
    desk.ready()
    with desk.cast.house.store.writing() as tx:
        orders.pause(tx, desk.there.name, "dir", "La base est en travaux.", datetime.now(UTC))
    calls = desk.there.server.calls.total
    assert desk.sync("run", "--once", *arguments) == 1
    assert "en pause" in desk.complained and "La base est en travaux." in desk.complained
    assert desk.there.server.calls.total == calls
    assert zeros(desk.said) if arguments else "écrits dans la table : 0" in desk.said
