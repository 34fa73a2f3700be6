"""The private base beside the table, at the end of a term, after a restore, and when the town stops it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from desk import forgetting, forgotten, private_base
from desk.exchanges import Post
from desk.private_base import STAYS, STOPPED
from desk.visits import Visit
from policy.private_words import PrivateKind
from policy.reasons import Refused
from policy.roles import System
from sync import hold
from sync.history import Whence
from sync.link_tables import PRIVATE_BASES, PRIVATE_LINKS, REMOTES
from sync.pace import Pace
from sync.private_shapes import PRIVATELY
from sync.remote import RemoteError
from sync.store import Store
from tests.cast import Cast
from tests.desk.complaining import TEN, complaint
from tests.desk.demands import opened
from tests.desk.filing import BY
from tests.desk.test_private_base import Base, assess, complained
from tests.remotes.memory import InMemory, Service
from tests.remotes.served import AT_ONCE
from tests.sync.backups import back, taken

PATIENCE = 20  # seconds after which one waited for the other


@pytest.fixture
def base(cast: Cast) -> Base:
    """A private base that is prepared and holds one complaint, on Tuesday 17 November."""
    complained(cast)
    assess(cast)
    found = Base(cast)
    found.post.setup()
    found.post.exchange()
    return found


@pytest.fixture
def table(base: Base) -> Post:
    """The town's table beside it, in the hands of a worker of the same name; it holds one file."""
    opened(base.cast)
    made = Post(base.cast.house, InMemory(Service()), Pace(*AT_ONCE), lambda: base.now, "ici")
    made.setup()
    made.exchange(again=True)
    return made


def leases(base: Base) -> tuple[str | None, str | None]:
    """Who speaks to the town's table, and who to the private base."""
    with base.cast.house.store.reading() as tx:
        return tx.scalar(sa.select(REMOTES.c.leased_to)), tx.scalar(sa.select(PRIVATE_BASES.c.leased_to))


def links(base: Base) -> set[str]:
    """The complaints of which something is kept for the private base."""
    query = sa.select(PRIVATE_LINKS.c.record).where(PRIVATE_LINKS.c.table_name == "complaints")
    with base.cast.house.store.reading() as tx:
        return set(tx.connection.scalars(query))


def make_anonymous(base: Base, record: str) -> None:
    """R-81: what the clock does of a complaint at its term."""
    visit = Visit(base.cast.house, base.now, system=System.CLOCK, whence=Whence.CLOCK)
    with visit.writing() as counter:
        forgetting.private(counter, PrivateKind.COMPLAINT, "complaints", record, "au terme")


def test_neither_the_table_nor_the_base_waits_for_the_other_and_each_keeps_its_lease(
    base: Base, table: Post
) -> None:
    ordinary = table.remote
    assert isinstance(ordinary, InMemory)
    held: list[tuple[str | None, str | None]] = []

    def in_flight(act: Callable[[], object]) -> Callable[[], None]:
        def meanwhile() -> None:
            held.append(leases(base))
            with ThreadPoolExecutor(1) as worker:
                worker.submit(act).result(PATIENCE)
            held.append(leases(base))

        return meanwhile

    complained(base.cast)
    opened(base.cast)
    base.service.before_next_write = in_flight(lambda: table.exchange(again=True))
    base.pass_over()
    assert len(ordinary.service.rows("files")) == len(base.service.rows("complaints")) == 2
    complained(base.cast)
    opened(base.cast)
    base.now += timedelta(minutes=6)
    ordinary.service.before_next_write = in_flight(base.post.exchange)
    table.exchange(again=True)
    assert len(ordinary.service.rows("files")) == len(base.service.rows("complaints")) == 3
    assert held == [(None, "ici"), (None, "ici"), ("ici", None), ("ici", None)]
    assert leases(base) == (None, None)


def test_a_complaint_made_anonymous_at_its_term_leaves_and_nothing_of_it_is_kept(base: Base) -> None:
    record = complaint(base.cast, base.row()["number"])["id"]
    (key,), cells = base.service.rows("complaints"), base.row()
    make_anonymous(base, record)
    for _ in range(3):
        base.pass_over()
    assert [base.service.rows(each) for each in PRIVATELY] == [{}, {}, {}]
    assert links(base) == set()
    written = base.service.writes
    base.pass_over()
    assert base.service.writes == written
    base.service.restore("complaints", key, cells)  # a copy taken back there is known all the same
    base.pass_over()
    assert base.service.rows("complaints") == {}


def test_after_a_restore_it_waits_for_a_person_and_what_was_erased_since_still_leaves(
    base: Base, tmp_path: Path
) -> None:
    house = base.cast.house
    record = complaint(base.cast, base.row()["number"])["id"]
    taken(house.store, tmp_path / "copie.zip")
    since = complained(base.cast)
    base.pass_over()
    make_anonymous(base, record)
    base.service.faults = ["away"]
    with pytest.raises(RemoteError):
        base.pass_over()

    def forget(store: Store, table: str, erased: str) -> None:
        visit = Visit(replace(house, store=store), base.now, system=System.SETUP, whence=Whence.COMMAND)
        forgotten.forget_again(visit, table, erased)

    back(house.store, tmp_path / "copie.zip", forget)
    written = base.service.writes
    base.now += timedelta(hours=1)
    assert not base.post.is_due()
    with pytest.raises(Refused, match="python -m sync confirm"):
        base.post.exchange()
    assert base.service.writes == written
    with house.store.writing() as tx:
        hold.end(tx, BY)
    for _ in range(3):
        base.pass_over()
    assert [row["number"] for row in base.service.rows("complaints").values()] == [since]  # left alone
    assert links(base) == set()


def test_a_town_that_stops_it_is_told_what_stays_there_and_nothing_is_erased_silently(base: Base) -> None:
    visit = base.cast.visit("general", base.now)
    assert STAYS not in " ".join(private_base.shown(visit))
    before = base.service.rows("complaints")
    assess(base.cast, "non", TEN.date())
    lines = private_base.shown(visit)
    standing = base.post.standing()
    assert standing is not None and standing.lines == lines
    assert f"{STOPPED} {STAYS}" in lines
    complained(base.cast)
    make_anonymous(base, next(iter(links(base))))
    base.now += timedelta(hours=1)
    assert not base.post.is_due()
    assert base.service.rows("complaints") == before and links(base)


def test_settings_that_name_it_no_more_speak_to_nobody_and_the_screen_says_so_after_a_week(
    base: Base,
) -> None:
    none = SimpleNamespace(
        private_remote="none", private_airtable_token=None, private_airtable_base=None,
        private_airtable_endpoint="https://api.airtable.com", private_sheets_credentials=None,
        private_sheets_id=None, private_sheets_endpoint=None,
    )  # fmt: skip
    assert private_base.post(base.cast.house, none, lambda: base.now, "ici") is None
    later = base.cast.visit("general", base.now + timedelta(days=6))
    assert STAYS not in " ".join(private_base.shown(later))
    later = base.cast.visit("general", base.now + timedelta(days=8))
    assert STAYS in " ".join(private_base.shown(later))
    assert len(base.service.rows("complaints")) == 1 and links(base)
