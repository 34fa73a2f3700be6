"""The private base of complaints (R-33): a copy to read, never by default, and nothing of it in clear."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desk import health, investigations, private_base, synchronisation
from desk.private_base import PrivatePost
from policy.reasons import Refused
from sync import epoch, hold, ledger
from sync.link_tables import PRIVATE_BASES, PRIVATE_LINKS
from sync.pace import Pace
from sync.private_shapes import NOTICE, PRIVATELY
from sync.remote import LostTurn, RefersBy, RemoteError
from sync.schema import METADATA
from tests.cast import CAST, Cast
from tests.desk.complaining import TEN, complaint, deposited
from tests.desk.filing import BY
from tests.disk import lying
from tests.remotes.memory import InMemory, Service
from tests.remotes.served import AT_ONCE

SECRET = "zsecretx"
TYPED = "ztapex"


def assess(cast: Cast, value: str = "2026-11-01", valid_from: date = date(2026, 11, 1)) -> None:
    """The town dates its assessment of the private base."""
    with cast.house.store.writing() as tx:
        row = {"name": "private_base_assessment", "value": value, "valid_from": valid_from, "article": "R-33"}
        tx.insert("rules", row, BY)


def complained(cast: Cast) -> str:
    """A complaint full of a word found nowhere else; its number."""
    return deposited(cast, facts=f"{SECRET} : il a crié.", place=SECRET, name=f"{SECRET} Roy").number


@dataclass
class Base:
    """A town with a private base in memory, on a clock that the test moves."""

    cast: Cast
    service: Service = field(default_factory=Service)
    refers_by: RefersBy = RefersBy.KEY
    now: datetime = TEN

    def __post_init__(self) -> None:
        self.post = self.worker()

    def worker(self, me: str = "ici") -> PrivatePost:
        remote = InMemory(self.service, self.refers_by)
        return PrivatePost(self.cast.house, remote, Pace(*AT_ONCE), lambda: self.now, me)

    def pass_over(self, **time: float) -> None:
        self.now += timedelta(**(time or {"minutes": 6}))
        self.post.exchange()

    def row(self, table: str = "complaints") -> dict[str, Any]:
        (found,) = self.service.rows(table).values()
        return found

    def edit(self, **cells: Any) -> None:
        (key,) = self.service.rows("complaints")
        self.service.edit("complaints", key, cells)


@pytest.fixture(params=list(RefersBy), ids=["keys given", "keys of ours"])
def base(request: pytest.FixtureRequest, cast: Cast) -> Base:
    """A private base that is prepared and holds one complaint, on Tuesday 17 November."""
    complained(cast)
    assess(cast)
    found = Base(cast, refers_by=request.param)
    found.post.setup()
    found.post.exchange()
    return found


def everywhere(cast: Cast, *words: str) -> list[str]:
    """Every column of every table that holds one of these words."""
    with cast.house.store.reading() as tx:
        return [
            f"{table.name}.{name}"
            for table in METADATA.sorted_tables
            for row in tx.connection.execute(sa.select(table)).mappings()
            for name, value in row.items()
            if any(
                word in (value.decode("latin-1") if isinstance(value, bytes) else str(value))
                for word in words
            )
        ]


def test_without_the_town_s_dated_word_nothing_is_prepared_nor_sent(cast: Cast) -> None:
    complained(cast)
    found = Base(cast)
    for valid_from, value in ((TEN.date(), "non"), (TEN.date() + timedelta(1), "2026-11-01")):
        assess(cast, value, valid_from)
        with pytest.raises(Refused, match="private_base_assessment"):
            found.post.setup()
    with pytest.raises(Refused, match="private_base_assessment"):
        found.post.exchange()
    assert not found.post.is_due() and found.service.tables == {} and found.service.stamp is None


def test_a_town_that_says_no_again_sends_nothing_more(base: Base) -> None:
    assess(base.cast, "non", TEN.date())
    complained(base.cast)
    base.now += timedelta(hours=1)
    assert not base.post.is_due()
    with pytest.raises(Refused):
        base.post.exchange()
    assert len(base.service.rows("complaints")) == 1


def test_it_holds_the_complaint_its_people_and_its_steps_and_nothing_else(base: Base) -> None:
    row = base.row()
    number = row["number"]
    assert row["facts"] == f"{SECRET} : il a crié." and row["note_of_sync"] == NOTICE
    assert "intake_token" not in row and "grounds" not in row
    person = base.row("complaint_people")
    assert (person["complaint"], person["name"], "account" in person) == (number, "Paul Charbonneau", False)
    assert set(base.service.tables) <= set(PRIVATELY)


def test_at_rest_a_passage_writes_nothing_there(base: Base) -> None:
    base.pass_over()
    written = base.service.writes
    for _ in range(3):
        base.pass_over()
    assert base.service.writes == written


def test_what_changes_at_the_desk_changes_there(base: Base) -> None:
    number = complaint(base.cast, base.row()["number"])["number"]
    investigations.decide(base.cast.visit("director", TEN), number, {"place": f"{SECRET} corrigé"})
    base.pass_over()
    assert base.row()["place"] == f"{SECRET} corrigé"


def test_what_is_typed_there_is_put_back_three_times_a_day_and_changes_no_complaint(base: Base) -> None:
    before = complaint(base.cast, base.row()["number"])
    for _ in range(3):
        base.edit(place=TYPED)
        base.pass_over()
        assert base.row()["place"] == SECRET
    base.edit(place=TYPED)
    base.pass_over()
    base.pass_over()
    assert base.row()["place"] == TYPED
    base.pass_over(days=1)
    assert base.row()["place"] == SECRET
    assert complaint(base.cast, base.row()["number"]) == before
    assert everywhere(base.cast, TYPED, SECRET) == []


def test_a_put_back_that_was_interrupted_is_done_by_the_next_passage(base: Base) -> None:
    base.edit(place=TYPED)
    base.service.faults = ["fine", "before"]
    with pytest.raises(RemoteError):
        base.pass_over()
    base.service.faults = []
    base.pass_over()
    assert base.row()["place"] == SECRET


def test_a_creation_whose_answer_was_lost_makes_no_second_row(base: Base) -> None:
    complained(base.cast)
    base.service.faults = ["fine", "lost"]
    with pytest.raises(RemoteError):
        base.pass_over()
    base.service.faults = []
    base.pass_over()
    ids = [row["id"] for row in base.service.rows("complaints").values()]
    assert len(ids) == len(set(ids)) == 2


def test_a_deleted_row_is_written_again_and_the_complaint_stays(base: Base) -> None:
    number = base.row()["number"]
    (key,) = base.service.rows("complaints")
    base.service.delete("complaints", key)
    base.pass_over()
    base.pass_over()
    assert base.row()["number"] == number
    assert complaint(base.cast, number)["place"] == SECRET


def test_a_row_typed_there_is_left_alone_and_proposed_to_nobody(base: Base) -> None:
    key = base.service.add("complaints", {"number": "P2026-0099", "facts": TYPED})
    copy = base.service.copy("complaints", next(iter(base.service.rows("complaints"))))
    base.pass_over()
    base.pass_over()
    rows = base.service.rows("complaints")
    assert rows[key] == {"number": "P2026-0099", "facts": TYPED} and copy in rows
    with base.cast.house.store.reading() as tx:
        assert len(tx.find("complaints")) == 1
    assert everywhere(base.cast, TYPED) == []


def test_a_withdrawn_complaint_leaves_with_its_people_and_every_copy_of_it(base: Base) -> None:
    number = base.row()["number"]
    (key,) = base.service.rows("complaints")
    base.service.copy("complaints", key)
    investigations.withdraw(base.cast.visit("director", TEN), number, "La citoyenne y renonce.")
    for _ in range(2):
        base.pass_over()
    assert [base.service.rows(table) for table in PRIVATELY] == [{}, {}, {}]
    base.service.restore("complaints", key, {"id": complaint(base.cast, number)["id"], "facts": SECRET})
    for _ in range(4):
        base.pass_over(days=31)
    assert base.service.rows("complaints") == {}


def test_an_erased_complaint_leaves(base: Base) -> None:
    record = complaint(base.cast, base.row()["number"])["id"]
    with base.cast.house.store.writing() as tx:
        for person in tx.find("complaint_people", complaint=record):
            tx.shred("complaint_people", person["id"], BY)
        tx.shred("complaints", record, BY)
    base.pass_over()
    assert [base.service.rows(table) for table in PRIVATELY] == [{}, {}, {}]


def test_a_complaint_over_for_longer_than_the_window_leaves(base: Base) -> None:
    record = complaint(base.cast, base.row()["number"])["id"]
    with base.cast.house.store.writing() as tx:
        tx.update(
            "complaints", record, {"state": "Conclue", "concluded_at": TEN, "answered_on": TEN.date()}, BY
        )
    base.pass_over(days=300)
    assert base.row()["state"] == "Conclue"
    base.pass_over(days=100)
    assert base.service.rows("complaints") == {}


def test_no_column_of_the_store_says_what_the_complaint_says(base: Base) -> None:
    base.edit(place=TYPED)
    base.pass_over()
    assert everywhere(base.cast, SECRET, TYPED) == []
    with base.cast.house.store.reading() as tx:
        links = tx.rows(sa.select(PRIVATE_LINKS))
        numbers = [row["number"] for row in tx.find("complaints")]
        rows = [*links, *tx.rows(sa.select(PRIVATE_BASES))]
    assert links and not [row for row in rows if any(number in str(row) for number in numbers)]


def test_nobody_sees_it_on_the_screens_of_the_table_nor_in_the_signs_of_health(base: Base) -> None:
    base.service.faults = ["away"]
    with pytest.raises(RemoteError):
        base.pass_over()
    with base.cast.house.store.reading() as tx:
        assert ledger.state(tx, "memory") is None
    with base.cast.visit("director", base.now).reading() as counter:
        assert synchronisation.health(counter) is None
    assert all(sign.subject != "table" for sign in health.signs(base.cast.house, base.now))
    for who in CAST:
        lines = private_base.shown(base.cast.visit(who, base.now))
        assert bool(lines) is (who == "general")
        assert not any(sign in "".join(lines) for sign in (SECRET, "P2026"))
    standing = base.post.standing()
    assert standing is not None and standing.failing_since == base.now
    assert not any(sign in "".join(standing.lines) for sign in (SECRET, "P2026"))


def test_a_fault_of_ours_is_kept_as_a_failure_without_a_value(
    base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(base.post.remote, "look", stumbles)
    with pytest.raises(RemoteError, match="erreur imprévue"):
        base.post.exchange()
    standing = base.post.standing()
    assert standing is not None and standing.failing_since == base.now and SECRET not in standing.error
    assert not base.post.is_due()


def test_two_workers_never_speak_at_once_and_after_a_restore_nothing_is_written(base: Base) -> None:
    with base.post._turn(), pytest.raises(LostTurn):
        base.worker("ailleurs").exchange()
    with base.cast.house.store.writing() as tx:
        hold.begin(tx, "Reprise.", BY)
    base.now += timedelta(hours=1)
    assert not base.post.is_due()
    with pytest.raises(Refused, match="python -m sync confirm"):
        base.post.exchange()


def test_it_is_due_every_five_minutes_and_while_it_is_away_less_often(base: Base) -> None:
    base.now += timedelta(minutes=4, seconds=59)
    assert not base.post.is_due()
    base.now += timedelta(seconds=1)
    assert base.post.is_due()
    base.service.faults = ["away"]
    with pytest.raises(RemoteError):
        base.post.exchange()
    assert not base.post.is_due()
    base.now += timedelta(seconds=6)
    assert base.post.is_due()


def test_no_byte_of_the_database_nor_of_its_journal_says_it(base: Base, store_url: str) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("PostgreSQL is looked into column by column")
    base.edit(place=TYPED)
    base.pass_over()
    path = Path(store_url.removeprefix("sqlite:///"))
    looked = sorted(path.parent.glob(f"{path.name}*"))
    assert looked and not [each for each in looked if any(w in lying(each) for w in (b"zsecretx", b"ztapex"))]


def test_a_restore_keeps_the_order_to_leave_and_reads_everything_again(base: Base) -> None:
    number = base.row()["number"]
    with base.cast.house.store.reading() as tx:
        copied = {table: tx.rows(sa.select(table)) for table in (PRIVATE_BASES, PRIVATE_LINKS)}
    investigations.withdraw(base.cast.visit("director", TEN), number, "La citoyenne y renonce.")
    base.service.faults = ["fine", "away"]
    with pytest.raises(RemoteError):
        base.pass_over()
    store = base.cast.house.store
    with store.reading() as old:
        left = old.rows(sa.select(PRIVATE_LINKS).where(PRIVATE_LINKS.c.leaving.is_(True)))
        replaced = _Replaced(old.rows(sa.select(PRIVATE_BASES)), left)
    with store.writing() as new:
        for table, rows in copied.items():
            new.connection.execute(sa.delete(table))
            new.connection.execute(sa.insert(table), rows)
        epoch._keep_private_base(new, replaced)  # type: ignore[arg-type]  # it only reads these two
        assert len(left) == 2
        assert new.rows(sa.select(PRIVATE_LINKS).where(PRIVATE_LINKS.c.leaving.is_(True))) == left
        assert new.rows(sa.select(PRIVATE_BASES))[0]["listed_at"] is None


@dataclass
class _Replaced:
    """What a restore replaces, as far as the private base goes."""

    bases: list[Any]
    leaving: list[Any]

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        return self.bases if PRIVATE_BASES in query.get_final_froms() else self.leaving
