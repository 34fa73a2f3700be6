"""The one recompute of a file's dates: target, acknowledgement, order of the queue."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from desk import dates, recounting
from desk.visits import Visit
from policy.reasons import Deadline, Skipped
from policy.roles import System
from policy.words import Channel, Nature, Priority, State, WaitReason
from sync.history import Author, Whence
from sync.store import Row
from tests.cast import Cast, day, moment

NINE = moment("Mon 2026-11-16 09:00")
BY = Author(System.IMPORT, "Essai", Whence.IMPORT, NINE, "inscrire la demande")


def file(cast: Cast, number: str = "2026-00001", **more: Any) -> dict[str, Any]:
    """A request about a street light (10 working days), received on Monday 16 November at 9:00."""
    return {
        "number": number,
        "nature": Nature.REQUEST,
        "channel": Channel.PHONE,
        "received_at": NINE,
        "category": cast.categories["Éclairage de rue"],
        "department": None,
        "priority": Priority.NORMAL,
        "facts": "Le lampadaire est éteint.",
        "anonymous": False,
        "first_contact": False,
        "state": State.NEW,
        "complex": False,
        **more,
    }


def fresh(cast: Cast, **more: Any) -> Mapping[str, Any]:
    with Visit(cast.house, NINE, system=System.CLOCK).reading() as counter:
        return dates.refresh(counter, file(cast, **more))


def stored(cast: Cast, number: str, **more: Any) -> Row:
    with cast.house.store.writing() as tx:
        made = file(cast, number, **more)
        made |= dates.computed(dates.Settings.read(tx), made)
        return tx.insert("files", made, BY)


def test_a_new_file_gets_its_target_its_acknowledgement_and_its_place_with_their_reasons(cast: Cast) -> None:
    found = fresh(cast)
    assert found["target_on"] == day("Mon 2026-11-30")
    target = dates.from_json(found["target_why"])
    assert target is not None
    assert target.articles == ("P §4.1",)
    assert target.due == day("Mon 2026-11-30")
    assert found["ack_due_at"] == moment("Tue 2026-11-17 09:00")
    assert found["open"] is True
    assert (found["queue_rank"], found["queue_day"]) == (2, day("Mon 2026-11-30"))


def test_a_season_gives_its_own_delay(cast: Cast) -> None:
    pothole = {"category": cast.categories["Nid-de-poule"]}
    assert fresh(cast, **pothole)["target_on"] == day("Mon 2026-11-23")
    thaw = moment("Mon 2026-04-20 09:00")
    assert fresh(cast, **pothole, received_at=thaw)["target_on"] == day("Mon 2026-05-04")


def test_a_demand_of_the_evening_is_counted_from_the_next_opening(cast: Cast) -> None:
    friday = fresh(cast, received_at=moment("Fri 2026-11-20 12:00"))
    assert friday["target_on"] == day("Mon 2026-12-07")
    assert friday["ack_due_at"] == moment("Tue 2026-11-24 08:00")


@pytest.mark.parametrize("told", [{"anonymous": True}, {"first_contact": True}, {"nature": Nature.COMMENT}])
def test_who_need_not_be_told_has_no_acknowledgement_due(cast: Cast, told: dict[str, Any]) -> None:
    assert fresh(cast, **told)["ack_due_at"] is None


@pytest.mark.parametrize("category", [None, "Suggestion ou remerciement"])
def test_a_category_without_delay_has_no_target_and_comes_after_those_with_one(
    cast: Cast, category: str | None
) -> None:
    found = fresh(cast, category=cast.categories[category] if category else None)
    assert (found["target_on"], found["target_why"]) == (None, None)
    assert found["queue_day"] == date(9999, 12, 31)


def test_a_pause_moves_the_target_once_it_is_over(cast: Cast) -> None:
    row = stored(cast, "2026-00001", state=State.WAITING, wait_reason=WaitReason.PARTS)
    with cast.house.store.writing() as tx:
        pause = tx.insert("pauses", {"file": row["id"], "starts_on": day("Tue 2026-11-17")}, BY)
    visit = Visit(cast.house, NINE, system=System.CLOCK)
    with visit.reading() as counter:
        assert dates.refresh(counter, row) == {}, "the clock waits, and nothing else has changed"
    with cast.house.store.writing() as tx:
        tx.update("pauses", pause["id"], {"ends_on": day("Thu 2026-11-19")}, BY)
    with visit.reading() as counter:
        resumed = dates.refresh(counter, {**row, "state": State.TAKEN})
    assert resumed["target_on"] == day("Wed 2026-12-02"), "Tuesday and Wednesday do not count"
    assert resumed["queue_rank"] == 2


def test_a_reopened_file_is_counted_anew_from_its_reopening(cast: Cast) -> None:
    row = stored(cast, "2026-00001")
    again = {**row, "state": State.TAKEN, "reopened_at": moment("Tue 2026-12-01 10:00")}
    with Visit(cast.house, NINE, system=System.CLOCK).reading() as counter:
        assert dates.refresh(counter, again)["target_on"] == day("Tue 2026-12-15")


def test_the_dates_of_a_closed_file_stay_what_they_were(cast: Cast) -> None:
    row = stored(cast, "2026-00001")
    closed = {**row, "state": State.DONE, "category": cast.categories["Nid-de-poule"]}
    with Visit(cast.house, NINE, system=System.CLOCK).reading() as counter:
        assert set(dates.refresh(counter, closed)) == {"open"}


def test_a_delay_changed_later_leaves_the_files_opened_before_it(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        tx.insert(
            "delays",
            {
                "category": cast.categories["Éclairage de rue"],
                "valid_from": day("Wed 2026-11-18"),
                "working_days": 2,
            },
            BY,
        )
    assert fresh(cast)["target_on"] == day("Mon 2026-11-30")
    assert fresh(cast, received_at=moment("Wed 2026-11-18 09:00"))["target_on"] == day("Fri 2026-11-20")


def test_opening_hours_changed_later_leave_the_files_opened_before_them(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        tx.insert(
            "rules",
            {
                "name": "opening_hours",
                "value": "lundi-vendredi 10:00-15:00",
                "valid_from": day("Wed 2026-11-18"),
                "article": "choisi par la ville",
            },
            BY,
        )
    assert fresh(cast)["ack_due_at"] == moment("Tue 2026-11-17 09:00")
    wednesday = fresh(cast, received_at=moment("Wed 2026-11-18 09:00"))
    assert wednesday["ack_due_at"] == moment("Thu 2026-11-19 10:00")


def test_a_changed_closing_moves_every_open_file_and_no_closed_one(cast: Cast) -> None:
    moving = stored(cast, "2026-00001")
    paused = stored(cast, "2026-00002", state=State.WAITING)
    still = stored(cast, "2026-00003", category=None)
    closed = stored(cast, "2026-00004")
    storm = day("Thu 2026-11-19")
    with cast.house.store.writing() as tx:
        tx.update("files", closed["id"], {"state": State.DONE, "open": False}, BY)
    visit = Visit(cast.house, NINE, system=System.CLOCK)
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": storm, "label": "Tempête", "open": False}, BY)
    assert recounting.recount(visit)
    assert not recounting.recount(visit)
    with cast.house.store.reading() as tx:
        moved, kept = tx.get("files", moving["id"]), tx.get("files", closed["id"])
        assert tx.get("files", still["id"]) == still
    assert moved is not None
    assert kept is not None
    assert (moved["queue_day"], moved["version"]) == (day("Tue 2026-12-01"), moving["version"])
    why = dates.from_json(moved["target_why"])
    assert why is not None
    assert Skipped(storm, "Tempête") in why.skipped
    assert kept["target_on"] == day("Mon 2026-11-30")
    with cast.house.store.reading() as tx:
        waiting = tx.get("files", paused["id"])
    assert waiting is not None
    assert waiting["target_on"] == day("Tue 2026-12-01")


@pytest.mark.parametrize(
    "deadline",
    [
        Deadline(due=day("Mon 2026-11-30"), articles=("P §4.1",)),
        Deadline(
            due=moment("Mon 2026-11-30 08:30"),
            articles=("SJ", "choisi par la ville"),
            reading="24 heures ouvrables",
            steps=("Reçue vendredi.", "Réputée reçue lundi."),
            skipped=(Skipped(day("Sat 2026-11-28"), "samedi"), Skipped(day("Sun 2026-11-29"), "dimanche")),
            legal=day("Tue 2026-12-01"),
        ),
        None,
    ],
)
def test_a_deadline_is_kept_and_read_back_whole(deadline: Deadline | None) -> None:
    assert dates.from_json(dates.as_json(deadline)) == deadline


def test_reading_a_moment_back_keeps_the_instant_whatever_the_zone(cast: Cast) -> None:
    row = stored(cast, "2026-00001")
    assert row["ack_due_at"].utcoffset() == timedelta(0)
    why = dates.from_json(row["ack_why"])
    assert why is not None
    assert why.due == row["ack_due_at"]
