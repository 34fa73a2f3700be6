"""The exchange as the ways in begin it: when it is due, a service away for a day, two workers."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desk import moves, today
from desk.exchanges import Post
from sync import ledger, orders, patience
from sync.crossing import Tally
from sync.link_tables import MOVED
from sync.remote import LostTurn, RemoteError
from sync.status import Status, status
from tests.cast import Cast, moment
from tests.desk.demands import opened
from tests.desk.filing import BY, TEN, stands
from tests.remotes.served import SERVICES, Served, served
from tests.remotes.served import kept as kept

AWAY_FOR_A_DAY = ["429", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("refuse", "hang", "503"))]
AWAY_FOR_AN_HOUR = [
    "hang",
    *(pytest.param(kind, marks=pytest.mark.long) for kind in ("refuse", "503", "429")),
]
SHORT = 0.05  # seconds that a worker gives a service that hangs


@dataclass
class Day:
    """A town, its service, and the worker between them, on a clock that the test moves."""

    cast: Cast
    there: Served
    now: datetime = TEN

    def __post_init__(self) -> None:
        self.post = self.worker()

    def worker(self, me: str = "ici", timeout: tuple[float, float] = (5, 30)) -> Post:
        """A process of ours that has just begun."""
        return self.there.post(self.cast.house, lambda: self.now, me, timeout)

    def pass_(self, **time: float) -> None:
        """Time passes, here and there."""
        self.now += timedelta(**time)
        self.there.server.advance(timedelta(**time).total_seconds())

    def work(self) -> RemoteError | None:
        """What the clock does each second: the exchange when it is due; what went wrong."""
        try:
            if self.post.is_due():
                self.post.exchange()
        except RemoteError as error:
            return error
        return None

    def settled(self) -> Tally:
        """Exchanges until nothing is left to say; what the last one did."""
        for _ in range(4):
            self.pass_(minutes=2)
            done = self.post.exchange(again=True)
            if not any(count for name, count in done.as_row().items() if name != "calls"):
                return done
        raise AssertionError("the two sides never come to rest")

    def open(self) -> str:
        """A technician opens a file on the screen, now; its id."""
        return opened(self.cast, at=self.now).id

    @property
    def status(self) -> Status:
        with self.cast.house.store.reading() as tx:
            found = status(tx, self.there.name, self.now)
        assert found is not None
        return found

    @property
    def state(self) -> dict[str, Any]:
        with self.cast.house.store.reading() as tx:
            return dict(ledger.state(tx, self.there.name) or {})

    @property
    def untold(self) -> set[str]:
        """The files that the worker has still to tell."""
        with self.cast.house.store.reading() as tx:
            rows = tx.rows(sa.select(MOVED.c.record).where(MOVED.c.table_name == "files"))
        return {row["record"] for row in rows}

    def decide(self, **rules: str) -> None:
        """The town writes these values in its rules."""
        with self.cast.house.store.writing() as tx:
            for name, value in rules.items():
                row = {"name": name, "value": value, "valid_from": date(2026, 1, 1), "article": "choix"}
                tx.insert("rules", row, BY)


@pytest.fixture(params=SERVICES)
def day(request: pytest.FixtureRequest, cast: Cast, tmp_path: Path) -> Iterator[Day]:
    """A town whose table is prepared and holds everything, on Monday 16 November at ten past ten."""
    with served(request.param, tmp_path) as there:
        found = Day(cast, there)
        found.post.setup()
        found.post.exchange(again=True)
        yield found


def test_a_save_on_a_screen_wakes_the_worker_and_is_told_at_once(day: Day) -> None:
    assert not day.post.is_due()
    file = day.open()
    assert day.untold == {file} and day.post.is_due()
    assert day.work() is None
    assert file in day.there.ids("Dossiers")
    assert day.untold == set() and not day.post.is_due()


def test_nothing_is_due_before_the_rhythm_of_the_town(day: Day) -> None:
    day.pass_(seconds=29)
    assert not day.post.is_due()
    day.pass_(seconds=1)
    assert day.post.is_due()
    day.decide(remote_rhythm="300")
    assert day.work() is None  # the rules are there too: they are told
    day.pass_(seconds=299)
    assert not day.post.is_due()
    day.pass_(seconds=1)
    assert day.post.is_due()


def test_at_night_only_a_save_wakes_the_worker(day: Day) -> None:
    day.decide(remote_hours="07:00-19:00")
    day.now = moment("Mon 2026-11-16 18:59")
    day.settled()
    day.now = moment("Mon 2026-11-16 23:00")
    assert not day.post.is_due()
    file = day.open()
    assert day.post.is_due() and day.work() is None
    assert file in day.there.ids("Dossiers") and not day.post.is_due()
    day.now = moment("Tue 2026-11-17 07:00")
    assert day.post.is_due()


def test_a_table_is_never_due_before_it_is_prepared_nor_while_it_is_paused(day: Day, cast: Cast) -> None:
    file = day.open()
    with cast.house.store.writing() as tx:
        orders.pause(tx, day.there.name, "dir", "La base est en travaux.", day.now)
    day.pass_(hours=2)
    assert not day.post.is_due()
    assert day.post.exchange().calls == 0
    with cast.house.store.writing() as tx:
        orders.resume(tx, day.there.name)
    assert day.post.is_due() and day.work() is None
    assert file in day.there.ids("Dossiers")


def test_an_answer_that_is_none_is_a_failure_that_is_told_and_asked_less_often(day: Day) -> None:
    file = day.open()
    day.there.break_next("odd")
    calls = day.there.server.calls.total
    error = day.work()
    assert error is not None and "autre chose que ce qui était attendu" in error.words
    assert day.status.failing_since == day.now and not day.status.frozen_tables
    for _ in range(4):
        day.pass_(seconds=1)
        assert not day.post.is_due()
    assert day.there.server.calls.total == calls + 1
    day.pass_(minutes=10)
    assert day.work() is None and day.status.failing_since is None
    assert file in day.there.ids("Dossiers")


def test_a_fault_of_ours_is_told_without_a_value_and_asked_less_often(
    day: Day, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbles(*_: object) -> None:
        raise RuntimeError("sentinelle")

    monkeypatch.setattr(day.post._inbound, "settle", stumbles)
    day.open()
    error = day.work()
    assert error is not None and "erreur imprévue (RuntimeError, stumbles" in error.words
    assert day.status.failing_since == day.now and not day.post.is_due()
    assert "RuntimeError" in caplog.text and "sentinelle" not in caplog.text + error.words


def test_without_a_table_nothing_is_due_and_an_exchange_says_what_to_do(cast: Cast, tmp_path: Path) -> None:
    with served("airtable", tmp_path) as there:
        post = there.post(cast.house, lambda: TEN)
        assert not post.is_due()
        with pytest.raises(RemoteError, match=r"python -m sync setup"):
            post.exchange()
        assert there.server.calls.total == 0


@pytest.mark.parametrize("name", SERVICES)
def test_a_set_up_that_failed_is_no_table_that_somebody_deleted(
    cast: Cast, tmp_path: Path, name: str
) -> None:
    with served(name, tmp_path) as there:
        day = Day(cast, there)
        day.there.break_next("503")
        with pytest.raises(RemoteError):
            day.post.setup()
        day.open()
        day.pass_(minutes=10)
        assert not day.post.is_due() and day.status.paused_at is not None
        day.post.setup()
        assert day.post.is_due() and day.work() is None
        assert not day.status.frozen_tables and day.status.paused_at is None and not day.untold


def test_after_a_restore_nothing_is_written_there_until_a_person_confirms(day: Day, cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        ledger.change(tx, day.there.name, restored_at=day.now, listed_at=None)
    file = day.open()
    day.pass_(minutes=1)
    writes = day.there.server.calls.writes
    assert day.work() is None
    assert (day.there.server.calls.writes, day.untold) == (writes, {file})
    with cast.house.store.writing() as tx:
        orders.confirm(tx, day.there.name)
    assert day.post.is_due() and day.work() is None
    assert file in day.there.ids("Dossiers")


@pytest.mark.parametrize("kind", AWAY_FOR_A_DAY)
def test_a_service_away_for_a_day_stops_nobody_and_is_caught_up_by_itself(day: Day, kind: str) -> None:
    known, edited = day.open(), day.open()
    day.settled()
    day.post = day.worker(timeout=(5, SHORT) if kind == "hang" else (5, 30))
    saved, began = [], day.now + timedelta(hours=1)
    for _ in range(24):
        day.pass_(hours=1)
        day.there.break_next(kind)
        saved.append(day.open())
        error = day.work()
        assert error is not None and error.again and not error.person
    moves.amend(day.cast.visit("technician", day.now), edited, {"street": "rue de la Gare"})
    day.there.server.edit("Dossiers", known, {"Rue ou lieu": "rue de la Station"})
    told = day.status
    assert (told.failing_since, told.error != "", told.needs_person) == (began, True, False)
    assert {*saved, edited} <= day.untold
    assert not day.there.ids("Dossiers") & {*saved}

    day.there.mend()
    day.post = day.worker()
    day.pass_(minutes=6)
    assert day.work() is None
    assert (day.status.failing_since, day.status.error) == (None, "")
    day.settled()
    assert {*saved} <= day.there.ids("Dossiers")
    assert len(day.there.ids("Dossiers")) == len(day.there.server.rows("Dossiers")) == 26
    assert stands(day.cast, {"id": known})["street"] == "rue de la Station"
    assert day.there.row("Dossiers", edited)["Rue ou lieu"] == "rue de la Gare"
    assert day.untold == set() and day.status.disputes == day.status.rejections == 0


@pytest.mark.parametrize("kind", [pytest.param("refuse", marks=pytest.mark.long), "429"])
def test_a_service_that_fails_is_asked_less_and_less_whatever_is_saved(day: Day, kind: str) -> None:
    tries: list[datetime] = []
    for _ in range(12 * 60):
        day.pass_(seconds=5)
        if day.post.is_due():
            day.there.break_next(kind)
            day.open()
            assert day.work() is not None
            tries.append(day.now)
    gaps = [after - before for before, after in pairwise(tries)]
    assert gaps == sorted(gaps) and patience.LATEST / (1 + patience.SPREAD) <= gaps[-1] <= timedelta(
        minutes=5
    )
    assert len(tries) < 40
    if kind == "429":
        assert gaps[0] >= timedelta(seconds=31), "a service that asks for silence is left alone"
    assert day.status.failing_since == tries[0]
    day.there.mend()
    day.pass_(minutes=5)
    assert day.work() is None and day.untold == set()


def test_a_right_taken_back_is_said_to_a_person_and_given_again_is_enough(day: Day) -> None:
    token = day.there.token
    day.there.revoke()
    file = day.open()
    error = day.work()
    assert error is not None and error.person and not error.again
    asked = {"airtable": "jeton", "sheets": "partagez le classeur avec guichet@"}[day.there.name]
    assert asked in error.words and day.status.needs_person
    assert not any(secret in error.words for secret in (*day.there.secrets, token) if secret)
    day.pass_(seconds=4)
    day.open()
    assert not day.post.is_due(), "nobody hammers a closed door"
    day.there.forgive(token)
    day.pass_(minutes=1)
    assert day.work() is None
    assert file in day.there.ids("Dossiers")
    assert (day.status.needs_person, day.status.failing_since) == (False, None)


def test_a_month_whose_calls_are_all_made_waits_for_the_next_one(day: Day) -> None:
    day.decide(remote_quota=str(day.status.calls + 2))
    file = day.open()
    error = None
    while error is None:
        day.pass_(hours=2)
        error = day.work()
    assert error.person and "appels" in error.words
    calls = day.there.server.calls.total
    day.pass_(hours=2)
    assert day.work() is not None and day.there.server.calls.total == calls
    assert day.status.waiting and file not in day.there.ids("Dossiers")
    day.now = moment("Tue 2026-12-01 09:00")
    assert day.work() is None
    assert file in day.there.ids("Dossiers") and day.status.failing_since is None


def test_two_workers_never_speak_at_once_and_the_second_is_no_failure(day: Day) -> None:
    other = day.worker("ailleurs")
    file = day.open()
    met: list[Exception] = []

    def meanwhile() -> None:
        try:
            other.exchange()
        except RemoteError as error:
            met.append(error)

    day.there.server.before_next_write(meanwhile)
    assert day.work() is None
    (lost,) = met
    assert isinstance(lost, LostTurn)
    assert (day.status.failing_since, day.state["leased_to"]) == (None, None)
    assert [row["ID"] for row in day.there.server.rows("Dossiers")].count(file) == 1
    day.pass_(minutes=1)
    assert other.exchange().as_row() | {"calls": 0} == Tally().as_row()


def test_a_save_beside_a_worker_that_hangs_waits_for_nobody(day: Day) -> None:
    """The screens' acts never wait for the exchange: one is done while the service has not answered."""
    day.post = day.worker(timeout=(5, 2))
    file = day.open()
    day.there.break_next("hang")
    worker = threading.Thread(target=day.work)
    calls = day.there.server.calls.total
    worker.start()
    while day.there.server.calls.total == calls:
        worker.join(0.01)
        assert worker.is_alive()
    saved = [day.open(), day.open()]
    moves.amend(day.cast.visit("technician", day.now), file, {"street": "rue de la Gare"})
    assert worker.is_alive(), "the service still hangs"
    worker.join()
    day.there.mend()
    day.pass_(minutes=5)
    assert day.work() is None
    assert {file, *saved} <= day.there.ids("Dossiers")


@pytest.mark.parametrize("kind", AWAY_FOR_AN_HOUR)
def test_an_hour_of_failures_is_told_on_the_home_page_since_it_began(day: Day, kind: str) -> None:
    day.post = day.worker(timeout=(5, SHORT) if kind == "hang" else (5, 30))
    day.pass_(minutes=1)
    began, saved = day.now, [day.open()]
    for _ in range(60):
        day.pass_(minutes=1)
        if day.post.is_due():
            day.there.break_next(kind)
            if len(saved) < 5:
                saved.append(day.open())
            assert day.work() is not None
    table = today.today(day.cast.visit("director", day.now)).table
    assert table is not None and table.failing_since is not None and table.error
    assert table.failing_since - began <= timedelta(minutes=1)
    day.there.mend()
    day.post = day.worker()
    day.pass_(minutes=5)
    assert day.work() is None
    after = today.today(day.cast.visit("director", day.now)).table
    assert after is not None and (after.failing_since, after.error) == (None, "")
    assert {*saved} <= day.there.ids("Dossiers") and not day.untold
    assert len(day.there.ids("Dossiers")) == len(day.there.server.rows("Dossiers"))
