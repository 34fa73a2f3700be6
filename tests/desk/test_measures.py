"""The measures (R-64): who sees which, what is never counted, and the files behind each number."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest

from desk import measured, measures, measures_words
from desk.measures import MINE, NONE, Asked, Board
from policy.measures import Count, Grain
from policy.months import Month
from policy.reasons import Refused
from policy.words import Answer, ListKind, Nature, State
from sync.states import RunOutcome
from tests.cast import CAST, PLANNING, WORKS, Cast, moment
from tests.desk.filing import BY, filed

NOW = moment("Tue 2026-12-01 09:00")
NOVEMBER = Asked(Month(2026, 11))
SEES = {"director", "experience", "council"}


def seen(cast: Cast, who: str = "director", **more: Any) -> Board:
    return measures.board(cast.visit(who, NOW), Asked(Month(2026, 11), **more))


def done(cast: Cast, number: str, received: str, completed: str, **more: Any) -> None:
    at = moment(completed)
    filed(cast, number, received_at=moment(received), state=State.DONE, completed_at=at, closed_at=at, **more)


@pytest.fixture
def autumn(cast: Cast) -> Cast:
    done(cast, "2026-00001", "Mon 2026-11-02 09:00", "Tue 2026-11-03 09:00", sector="Lac-Écho")
    done(cast, "2026-00002", "Mon 2026-11-02 09:00", "Thu 2026-11-12 09:00")
    done(cast, "2026-00003", "Mon 2026-10-05 09:00", "Fri 2026-10-30 23:30", department=PLANNING)
    filed(cast, "2026-00004", received_at=moment("Fri 2026-10-30 09:00"), department=PLANNING)
    filed(cast, "2026-00005", nature=Nature.CLAIM)
    filed(cast, "2026-00006", nature=Nature.COMPLAINT)
    filed(cast, "2026-00007", nature=Nature.ACCESS)
    done(cast, "2026-00008", "Mon 2026-11-16 09:00", "Mon 2026-11-16 09:00", nature=Nature.INFORMATION,
         first_contact=True, department=None)  # fmt: skip
    return cast


def test_a_month_stands_beside_the_one_before(autumn: Cast) -> None:
    found = seen(autumn)
    assert [period.words for period in found.periods[-2:]] == ["octobre 2026", "novembre 2026"]
    now, before = found.now.counts, found.before.counts
    assert (now[Count.RECEIVED], now[Count.COMPLETED], now[Count.CLOSED], now[Count.OPEN]) == (3, 3, 3, 1)
    assert (before[Count.RECEIVED], before[Count.COMPLETED], before[Count.OPEN]) == (2, 1, 1)
    assert found.now.median == 1  # 0 at the counter, 1 and 8 working days
    assert found.now.at_first_contact.value == pytest.approx(1 / 3)


def test_another_filter_reads_no_file_again_until_something_is_written(
    autumn: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Mock(side_effect=measured._read)
    monkeypatch.setattr(measured, "_read", read)
    seen(autumn)
    assert seen(autumn, department=autumn.departments[PLANNING]).now.counts[Count.OPEN] == 1
    assert read.call_count == 1
    filed(autumn, "2026-00009", received_at=moment("Mon 2026-11-30 09:00"), department=PLANNING)
    assert seen(autumn, department=autumn.departments[PLANNING]).now.counts[Count.OPEN] == 2
    assert read.call_count == 2


def test_complaints_access_requests_and_claims_are_counted_for_nobody(autumn: Cast) -> None:
    for who in SEES:
        found = seen(autumn, who)
        assert found.now.counts[Count.RECEIVED] == 3
        assert sum(line.now.counts[Count.RECEIVED] for line in found.categories) == 3


@pytest.mark.parametrize("who", sorted(CAST))
def test_statistics_are_for_the_director_experience_and_council(autumn: Cast, who: str) -> None:
    if who in SEES:
        assert seen(autumn, who).now.counts[Count.RECEIVED] == 3
        return
    with pytest.raises(Refused, match="consulter les mesures"):
        seen(autumn, who)
    with pytest.raises(Refused):
        measures.behind(autumn.visit(who, NOW), NOVEMBER, Count.RECEIVED)


def test_only_who_may_open_every_file_is_shown_those_behind_a_number(autumn: Cast) -> None:
    visit = autumn.visit("director", NOW)
    assert measures.behind(visit, NOVEMBER, Count.OPEN).numbers == ("2026-00004",)
    assert measures.behind(visit, NOVEMBER, Count.COMPLETED, before=True).numbers == ("2026-00003",)
    for who in ("experience", "council"):
        assert not seen(autumn, who).opens
        with pytest.raises(Refused, match="derrière"):
            measures.behind(autumn.visit(who, NOW), NOVEMBER, Count.OPEN)


def test_each_number_opens_as_many_files_as_it_says(autumn: Cast) -> None:
    found = seen(autumn)
    for count in measures_words.BEHIND:
        for before, one in ((False, found.now), (True, found.before)):
            behind = measures.behind(autumn.visit("director", NOW), NOVEMBER, count, before)
            assert behind.total == len(behind.numbers) == one.counts[count]


def test_the_filters_narrow_the_figures_and_what_is_not_there_finds_nothing(autumn: Cast) -> None:
    assert seen(autumn, department=autumn.departments[PLANNING]).now.counts[Count.OPEN] == 1
    assert seen(autumn, sector="Lac-Écho").now.counts[Count.COMPLETED] == 1
    assert seen(autumn, category=autumn.categories["Nid-de-poule"]).now.counts[Count.RECEIVED] == 0
    assert seen(autumn, department=NONE).now.counts[Count.FIRST_CONTACT] == 1
    assert seen(autumn).departments[-1].id == NONE and seen(autumn).services[NONE] == "Pas encore acheminée"
    nothing = seen(autumn, department="jamais-vu")
    assert not any(one.counts for one in nothing.whole)
    assert measures_words.share_words(nothing.now.within_target) == "sans objet"


def test_a_member_of_council_sees_what_he_or_she_forwarded_and_not_another_ones(cast: Cast) -> None:
    mine, other = cast.council["Hélène Fortin"], cast.council["Guy Ouellet"]
    with cast.house.store.writing() as tx:  # typed otherwise in the town's table
        tx.update("council", mine, {"email": "Helene@Prevost.test"}, BY)
    filed(cast, "2026-00001", forwarded_by=mine)
    filed(cast, "2026-00002", forwarded_by=other)
    filed(cast, "2026-00003")
    found = seen(cast, "council")
    assert found.now.counts[Count.RECEIVED] == 3
    assert found.mine[-1].counts[Count.RECEIVED] == 1
    assert seen(cast, "council", member=MINE).now.counts[Count.RECEIVED] == 1
    assert found.members == () and found.council == {}
    with pytest.raises(Refused, match="autre élu"):
        seen(cast, "council", member=other)
    director = seen(cast)
    assert director.mine == ()
    assert {line.name: line.now.counts[Count.RECEIVED] for line in director.members} == {
        "Hélène Fortin": 1, "Guy Ouellet": 1,
    }  # fmt: skip


def test_acknowledgements_count_once_they_are_given_or_due(cast: Cast) -> None:
    received = moment("Mon 2026-11-16 09:00")
    filed(cast, "2026-00001", acknowledged_at=received + timedelta(hours=2))
    filed(cast, "2026-00002", acknowledged_at=received + timedelta(days=4))
    filed(cast, "2026-00003")
    filed(cast, "2026-00004", received_at=NOW - timedelta(minutes=30))
    share = seen(cast).now.acknowledged
    assert (share.part, share.whole) == (1, 3)


def test_the_list_counts_the_files_it_asked_about_and_the_answers_in_time(cast: Cast) -> None:
    drawn, closes = moment("Mon 2026-11-23 08:00"), moment("Mon 2026-11-30 16:30")
    answered = filed(cast, "2026-00001")
    late = filed(cast, "2026-00002")
    filed(cast, "2026-00003")  # nobody answered
    done(cast, "2026-00004", "Mon 2026-11-16 09:00", "Wed 2026-11-25 09:00")  # no longer asked
    filed(cast, "2026-00005", received_at=moment("Tue 2026-11-24 09:00"))  # came in after the list
    with cast.house.store.writing() as tx:
        tx.insert("list_runs", {"kind": ListKind.RNC, "month": "2026-11", "outcome": RunOutcome.DRAWN,
                                "due_on": drawn.date(), "drawn_at": drawn}, BY)  # fmt: skip
        for file, at in ((answered, drawn + timedelta(days=1)), (late, closes + timedelta(hours=3))):
            tx.insert("answers", {"file": file["id"], "month": "2026-11", "department": file["department"],
                                  "answer": Answer.WAITING, "answered_at": at}, BY)  # fmt: skip
    share = seen(cast).now.answered
    assert (share.part, share.whole) == (1, 3)
    works = next(line for line in seen(cast).departments if line.name == WORKS)
    assert works.now.answered == share


def test_an_address_typed_by_hand_asks_for_the_present_month() -> None:
    today = NOW.date()
    for wrong in ("", "2026-13", "novembre", "9999-01", "0001-01", "2027-01"):
        assert measures.asked({"mois": wrong, "par": "siècle"}, today) == Asked(Month(2026, 12))
    asked = measures.asked({"mois": "2026-07", "par": "saison", "elu": MINE}, today)
    assert asked == Asked(Month(2026, 7), Grain.SEASON, member=MINE)


def test_the_measures_print_and_leave_as_a_workbook(autumn: Cast) -> None:
    visit = autumn.visit("council", NOW)
    assert measures_words.as_pdf(visit, NOVEMBER).startswith(b"%PDF")
    assert measures_words.as_workbook(visit, NOVEMBER).startswith(b"PK")


@pytest.mark.parametrize(
    ("part", "words"), [(0, "0 %"), (0.001, "1 %"), (0.5, "50 %"), (0.999, "99 %"), (1, "100 %")]
)
def test_all_is_said_of_all_only(part: float, words: str) -> None:
    assert measures_words.percent(part).replace("\u00a0", " ") == words
