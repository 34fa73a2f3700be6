"""The work of the night: once whichever clock comes first, made up for when missed, a trouble told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from desk import nights as told
from desk.today import today
from jobs.nights import Watchman
from policy.reasons import Refused
from sync import audit, copies, hold, nights
from sync.history import Author, Whence
from sync.schema import HISTORY, SEALS
from sync.states import NightState, NightWork
from tests.cast import Cast, moment
from tests.desk.filing import BY, filed, kept

KEY = b"0123456789abcdef0123456789abcdef"
EVENING = moment("Mon 2026-11-23 20:00")
NIGHT = moment("Tue 2026-11-24 03:00")


@pytest.fixture
def watch(cast: Cast, tmp_path: Path) -> Callable[..., Watchman]:
    """A clock at that moment, with a folder of copies; nobody else is alive unless told."""

    def at(moment: datetime, name: str = "horloge 1", gone: bool = True) -> Watchman:
        folder = copies.Folder(tmp_path / "copies", 14, 8, 12)
        house = replace(cast.house, copies_folder=folder.path)
        return Watchman(house, KEY, folder, 3, tmp_path, lambda: moment, name, lambda other: gone)

    return at


def done(cast: Cast) -> list[tuple[str, str]]:
    return sorted((f"{row['day']}", row["work"].name) for row in kept(cast, "nights", state=NightState.DONE))


def made(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "copies").glob("*"))


def test_each_night_seals_and_copies_once(cast: Cast, watch: Callable[..., Watchman], tmp_path: Path) -> None:
    for at in (EVENING, EVENING + timedelta(hours=1), NIGHT - timedelta(minutes=1)):
        assert watch(at).work() == ()
    works = ("COPY", "KEEPING", "SEAL")
    assert done(cast) == [("2026-11-23", work) for work in works], "the night missed is made up for"
    for at in (NIGHT, NIGHT + timedelta(minutes=1)):
        watch(at).work()
    assert done(cast)[3:] == [("2026-11-24", work) for work in works]
    assert len(made(tmp_path)) == 2
    with cast.house.store.reading() as tx:
        assert audit.verify(tx, KEY) == []
        (copy,) = tx.find("nights", work=NightWork.COPY, day=NIGHT.date())
    assert "relue, sur le même disque" in copy["words"]


def test_days_off_are_made_up_for_by_one_copy(
    cast: Cast, watch: Callable[..., Watchman], tmp_path: Path
) -> None:
    watch(EVENING).work()
    watch(NIGHT + timedelta(days=9, hours=6)).work()
    assert [each[0] for each in done(cast)[3:]] == ["2026-12-03"] * 3
    assert len(made(tmp_path)) == 2


def test_two_clocks_at_once_make_one_copy(cast: Cast, watch: Callable[..., Watchman], tmp_path: Path) -> None:
    both = [watch(NIGHT, name, gone=False) for name in ("horloge 1", "horloge 2")]
    threads = [Thread(target=each.work) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made(tmp_path)) == 1 and len(kept(cast, "nights")) == 3
    with cast.house.store.reading() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(SEALS)) == 1


def test_a_copy_cut_off_by_a_death_is_done_by_who_comes_next(
    cast: Cast, watch: Callable[..., Watchman], tmp_path: Path
) -> None:
    with cast.house.store.writing() as tx:
        nights.claim(tx, NightWork.COPY, NIGHT.date(), "morte", NIGHT, lambda _: False)
    watch(NIGHT, gone=False).work()
    assert made(tmp_path) == [], "its claim holds as long as it may be alive"
    watch(NIGHT).work()
    assert len(made(tmp_path)) == 1


def test_a_failure_is_told_tried_again_in_an_hour_then_over(
    cast: Cast, watch: Callable[..., Watchman], tmp_path: Path
) -> None:
    watch(EVENING).work()
    hidden = (tmp_path / "copies").rename(tmp_path / "ailleurs")
    (tmp_path / "copies").write_text("a file where the folder was")
    (trouble,) = watch(NIGHT).work()
    assert "ne peut pas être créé" in trouble
    assert watch(NIGHT + timedelta(minutes=1)).work() == (trouble,), "as long as it lasts"
    seen = replace(cast, house=watch(NIGHT).house)
    health = told.health(seen.visit("admin", NIGHT))
    assert "a échoué" in health.trouble and "lundi 23 novembre" in health.trouble and health.last is not None
    for who, count in (("admin", 1), ("director", 1), ("technician", 0)):
        found = [each for each in today(seen.visit(who, NIGHT)).waiting if each.address == "/comptes"]
        assert len(found) == count, who
    (tmp_path / "copies").unlink()
    hidden.rename(tmp_path / "copies")
    assert watch(NIGHT + timedelta(minutes=61)).work() == ()
    assert told.health(seen.visit("admin", NIGHT)).trouble == "" and len(made(tmp_path)) == 2


def test_a_clock_that_stands_still_shows_by_the_age_of_the_last_copy(
    cast: Cast, watch: Callable[..., Watchman]
) -> None:
    watch(EVENING).work()
    seen = replace(cast, house=watch(EVENING).house)
    assert told.health(seen.visit("admin", NIGHT)).trouble == ""
    assert "l'horloge marche" in told.health(seen.visit("admin", NIGHT + timedelta(days=2))).trouble
    assert told.health(cast.visit("admin", NIGHT)).trouble == "", "without a folder, nothing is expected"
    for who in ("technician", "secretary", "clerk", "general", "council"):
        with pytest.raises(Refused, match="copies de sauvegarde"):
            told.health(cast.visit(who, NIGHT))


def test_what_was_erased_leaves_the_disk_when_it_disturbs_nobody(
    cast: Cast, watch: Callable[..., Watchman]
) -> None:
    noon = moment("Mon 2026-11-23 12:00")
    with cast.house.store.writing() as tx:
        nights.ask(tx, NightWork.SWEEP, noon)
    watch(noon).work()
    (swept,) = kept(cast, "nights", work=NightWork.SWEEP)
    at_night = cast.house.store.dialect == "postgresql"
    assert swept["state"] is (NightState.ASKED if at_night else NightState.DONE)
    watch(NIGHT).work()
    (swept,) = kept(cast, "nights", work=NightWork.SWEEP)
    assert swept["state"] is NightState.DONE
    with cast.house.store.writing() as tx:
        nights.ask(tx, NightWork.SWEEP, noon)
    watch(noon + timedelta(days=2)).work()
    (swept,) = kept(cast, "nights", work=NightWork.SWEEP)
    assert swept["state"] is NightState.DONE, "the nights in between were missed"


def test_what_was_changed_behind_our_back_shows_with_where(
    cast: Cast, watch: Callable[..., Watchman]
) -> None:
    file = filed(cast)
    watch(NIGHT).work()
    history = HISTORY.c
    with cast.house.store.writing() as tx:
        changed = sa.update(HISTORY).where(history.record == file["id"]).values(name="Quelqu'un d'autre")
        tx.connection.execute(changed)
    with cast.house.store.reading() as tx:
        faults = audit.verify(tx, KEY)
    assert any(file["id"] in fault and "a été modifiée" in fault for fault in faults)


def test_a_copy_is_made_also_while_a_restore_is_to_be_confirmed(
    cast: Cast, watch: Callable[..., Watchman], tmp_path: Path
) -> None:
    by = Author(BY.who, BY.name, Whence.COMMAND, EVENING, "reprendre")
    with cast.house.store.writing() as tx:
        hold.begin(tx, "x", by)
    watch(NIGHT).work()
    assert len(made(tmp_path)) == 1
