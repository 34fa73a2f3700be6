"""An import cut off anywhere is taken up again: all of it is there once, or nothing is; undone likewise."""

from collections.abc import Iterator

import pytest

from desk import import_fields, import_staging, import_views, import_work, imports
from desk.house import House
from desk.import_turn import CLAIM, LostTurn, Turn
from policy.reasons import Refused, refused
from sync.audit import verify
from sync.states import ImportState
from tests.cast import Cast
from tests.desk.registers import NOW, checked, csv, files, numbers, row
from tests.sync.mortal import Killed, Mortal

ROWS = [row(str(n), day=f"2024-03-{n:02}", phone="450 224-8888") for n in range(1, 8)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two rows: a few rows then make many transactions."""
    monkeypatch.setattr(import_work, "PART", 2)
    monkeypatch.setattr(import_staging, "AT_ONCE", 2)


def mortal(cast: Cast) -> Mortal:
    """The store of a process that may end at any transaction."""
    return Mortal(cast.house.store)


def process(cast: Cast, store: Mortal, name: str) -> None:
    """One process that works until nothing is left for it, or until it is killed."""
    house = House(store, cast.house.letters, cast.house.base_url, cast.house.mail_from)
    while import_work.work(house, lambda: NOW, name, lambda other: other != name):
        pass


def deaths(cast: Cast, after: bool) -> Iterator[int]:
    """Each transaction in turn ends the process, just before it or just after it was kept."""
    for count in range(200):
        store = mortal(cast)
        store.left, store.after = count + 1, after  # further each time
        try:
            process(cast, store, f"process {count}")
        except Killed:
            yield count
        else:
            return


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_again_and_again_an_import_is_seen_whole_or_not_at_all(
    cast: Cast, small_parts: None, after: bool
) -> None:
    view = checked(cast, csv(*ROWS))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)
    seen = set()
    killed = 0
    for _ in deaths(cast, after):
        killed += 1
        seen.add(len(files(cast)))
    assert killed > 5
    assert seen == {0, len(ROWS)}
    found = files(cast)
    assert numbers(found) == [f"2024-{n:05}" for n in range(1, 8)]
    assert [each["source_id"] for each in found] == [str(n) for n in range(1, 8)]
    with cast.house.store.reading() as tx:
        assert not verify(tx)
        assert not tx.find("import_parts") and not tx.find("import_contents")
    assert import_views.opened(cast.visit("director", NOW), view.id).state is ImportState.DONE


def test_killed_again_and_again_an_import_is_undone_to_the_last_file(cast: Cast, small_parts: None) -> None:
    view = checked(cast, csv(*ROWS))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)
    process(cast, mortal(cast), "whole")
    imports.undo(cast.visit("director", NOW), view.id)
    killed = list(deaths(cast, after=True))
    assert killed
    assert not files(cast)
    after = import_views.opened(cast.visit("director", NOW), view.id)
    assert (after.state, after.row["withdrawn"]) == (ImportState.UNDONE, len(ROWS))
    with cast.house.store.reading() as tx:
        assert not tx.find("citizens")
        assert not verify(tx)


def test_what_another_process_holds_is_left_to_it(cast: Cast) -> None:
    view = checked(cast, csv(*ROWS))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)
    store = mortal(cast)
    store.left, store.after = 1, True
    with pytest.raises(Killed):
        process(cast, store, "one")
    alive = import_work.work(cast.house, lambda: NOW, "two", lambda name: False)
    assert not alive
    assert import_work.work(cast.house, lambda: NOW + CLAIM, "two", lambda name: False)


def test_a_process_that_lost_its_turn_writes_nothing_more(cast: Cast) -> None:
    view = checked(cast, csv(*ROWS))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)
    turn = Turn(cast.house, lambda: NOW, "one", view.id)
    with cast.house.store.writing() as tx:
        tx.update("imports", view.id, {"claimed_by": "two"}, turn.by("prendre"))
    with pytest.raises(LostTurn), turn.writing():
        raise AssertionError("it wrote")


def test_what_fails_again_and_again_is_stopped_and_nothing_of_it_is_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = checked(cast, csv(*ROWS))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(import_staging, "carry_out", broken)
    for _ in range(import_work.TRIES):
        with pytest.raises(RuntimeError, match="a bug"):
            process(cast, mortal(cast), "one")
    process(cast, mortal(cast), "one")
    after = import_views.opened(cast.visit("director", NOW), view.id)
    assert after.state is ImportState.FAILED
    assert "Rien n'a été importé" in after.row["trouble"]
    assert not files(cast)


def test_a_busy_base_is_no_fault_of_the_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = imports.receive(cast.visit("director", NOW), "registre.csv", csv(*ROWS))

    def busy(*_: object) -> None:
        raise refused("La base de données est occupée.")

    with monkeypatch.context() as patched:
        patched.setattr(import_fields, "Profiler", busy)
        with pytest.raises(Refused, match="occupée"):
            process(cast, mortal(cast), "one")
    process(cast, mortal(cast), "one")
    assert import_views.opened(cast.visit("director", NOW), lot).state is ImportState.READ


def test_a_town_that_changed_since_the_check_is_checked_again(cast: Cast) -> None:
    view = checked(cast, csv(*ROWS, row("8", department="Urbanisme")))
    imports.carry_out(cast.visit("director", NOW), view.id, 0)
    with cast.house.store.writing() as tx:
        by = Turn(cast.house, lambda: NOW, "", "").by("renommer")
        tx.update("departments", cast.departments["Urbanisme"], {"name": "Aménagement"}, by)
    process(cast, mortal(cast), "one")
    after = import_views.opened(cast.visit("director", NOW), view.id)
    assert (after.state, after.row["wrong"]) == (ImportState.CHECKED, 1)
    assert not files(cast)
