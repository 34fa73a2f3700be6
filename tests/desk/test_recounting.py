"""R-71: open files are counted anew when settings changed, whoever changed them, and wherever it stopped."""

from datetime import timedelta

import pytest

from desk import dates, recounting
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from sync.store import Row, Writing
from tests.cast import PLANNING, Cast, day, moment
from tests.desk.filing import NINE, filed, kept, stands
from tests.desk.test_dates import BY

STORM = day("Thu 2026-11-19")


class Killed(BaseException):
    """The process dies here."""


def clock(cast: Cast) -> Visit:
    return Visit(cast.house, NINE, system=System.CLOCK)


def close(cast: Cast, when: object = STORM) -> None:
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": when, "label": "Tempête", "open": False}, BY)


@pytest.fixture
def three(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Three open files, counted; two of them to a transaction."""
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    files = [filed(cast, number=f"2026-0000{one}", department=PLANNING) for one in (1, 2, 3)]
    recounting.recount(clock(cast))
    return files


def test_a_closing_moves_the_open_files_and_says_how_many(cast: Cast, three: list[Row]) -> None:
    close(cast)
    director = cast.visit("director", NINE)
    before = recounting.progress(director)
    assert before.waiting and (before.done, before.total) == (0, 3)
    assert recounting.recount(clock(cast))
    after = recounting.progress(director)
    assert after.is_over and (after.done, after.total, after.moved) == (3, 3, 3)
    assert all(stands(cast, file)["target_on"] > file["target_on"] for file in three)


def test_killed_in_the_middle_it_goes_on_from_there(
    cast: Cast, three: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    close(cast)
    real, batches = dates.recompute, []

    def dies(counter: object, ids: list[str]) -> tuple[dates.Moved, ...]:
        batches.append(ids)
        done = real(counter, ids)  # type: ignore[arg-type]
        if len(batches) == 2:
            raise Killed
        return done

    monkeypatch.setattr(dates, "recompute", dies)
    with pytest.raises(Killed):
        recounting.recount(clock(cast))
    half = recounting.progress(cast.visit("director", NINE))
    assert (half.done, half.moved, half.is_over) == (2, 2, False)
    assert stands(cast, three[2])["target_on"] == three[2]["target_on"], "undone with its transaction"
    assert recounting.recount(clock(cast))
    assert batches[2] == [three[2]["id"]], "what was counted is not counted again"
    done = recounting.progress(cast.visit("director", NINE))
    assert (done.done, done.moved, done.is_over) == (3, 3, True)


def test_settings_that_change_meanwhile_are_counted_from_the_first_file(
    cast: Cast, three: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    close(cast)
    real = dates.recompute
    seen: list[str] = []

    def changed(counter: object, ids: list[str]) -> tuple[dates.Moved, ...]:
        done = real(counter, ids)  # type: ignore[arg-type]
        if not seen:
            tx: Writing = counter.tx  # type: ignore[attr-defined]
            tx.insert("closings", {"day": day("Fri 2026-11-20"), "label": "Panne", "open": False}, BY)
        seen.extend(ids)
        return done

    monkeypatch.setattr(dates, "recompute", changed)
    recounting.recount(clock(cast))
    assert seen == [three[at]["id"] for at in (0, 1, 0, 1, 2)]
    assert {stands(cast, file)["target_on"] for file in three} == {three[0]["target_on"] + timedelta(days=2)}


def test_nothing_is_counted_when_nothing_changed(cast: Cast, three: list[Row]) -> None:
    assert not recounting.recount(clock(cast))
    assert len(kept(cast, "recounts")) == 1


def test_a_file_already_right_is_not_written(cast: Cast, three: list[Row]) -> None:
    close(cast, day("Thu 2027-11-18"))
    assert recounting.recount(clock(cast))
    assert [stands(cast, file)["updated_at"] for file in three] == [file["updated_at"] for file in three]


@pytest.mark.parametrize("who", ["technician", "secretary", "admin", "outsider"])
def test_only_who_changes_the_settings_sees_how_far_it_is(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="modifier les tables"):
        recounting.progress(cast.visit(who, moment("Mon 2026-11-16 09:00")))
