"""The queue (R-15): its order, its pages, its filters and counts, and what each visit finds in it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import CursorResult, text

from desk import answers, queue, queue_sql
from desk.queue import Query
from desk.search import texts
from policy.reasons import Refused
from policy.words import Nature, Priority, State, WaitReason
from sync import words
from sync.store import Row
from tests.cast import PLANNING, TAXES, WORKS, Cast, day, moment
from tests.desk.filing import BY, NINE, filed

TODAY = moment("Mon 2026-11-23 09:00")


def numbers(cast: Cast, who: str = "technician", **asked: Any) -> list[str]:
    page = queue.page(cast.visit(who, TODAY), Query(**asked))
    return [line.number for line in page.rows]


def test_the_order_is_priority_then_target_then_without_target_and_the_paused_last(cast: Cast) -> None:
    late = moment("Mon 2026-10-05 09:00")
    no_delay = {"category": None}
    filed(cast, "2026-00001", priority=Priority.LOW, received_at=late)
    filed(cast, "2026-00002", priority=Priority.NORMAL)
    filed(cast, "2026-00003", priority=Priority.NORMAL, received_at=late)
    filed(cast, "2026-00004", priority=Priority.NORMAL, **no_delay)
    filed(cast, "2026-00005", priority=Priority.URGENT, **no_delay)
    filed(cast, "2026-00006", priority=Priority.URGENT, state=State.WAITING)
    filed(cast, "2026-00007", priority=Priority.NORMAL, received_at=moment("Mon 2026-11-16 09:01"))
    assert numbers(cast) == [
        "2026-00005",
        "2026-00003",
        "2026-00002",
        "2026-00007",
        "2026-00004",
        "2026-00001",
        "2026-00006",
    ]


def test_each_page_follows_the_one_before_and_none_is_past_the_last(cast: Cast) -> None:
    for n in range(1, 8):
        filed(cast, f"2026-0000{n}", department=WORKS if n % 2 else PLANNING)
    visit = cast.visit("technician", TODAY)
    pages = [queue.page(visit, Query(page=n, size=3)) for n in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    seen = [line.number for page in pages for line in page.rows]
    assert len(set(seen)) == 7
    assert queue.page(visit, Query(page=99, size=3)).page == 3
    assert queue.page(visit, Query(page=-4, size=0)).rows[0].number == seen[0]
    assert (pages[0].total, pages[0].pages) == (7, 3)


def test_several_departments_make_one_queue_in_one_order(cast: Cast) -> None:
    for n, department in enumerate([WORKS, PLANNING, TAXES, WORKS, PLANNING, None], start=1):
        filed(cast, f"2026-0000{n}", department=department, priority=list(Priority)[-n % 4])
    both = (cast.departments[WORKS], cast.departments[PLANNING])
    together = numbers(cast, departments=both)
    assert set(together) == {"2026-00001", "2026-00002", "2026-00004", "2026-00005"}
    everything = numbers(cast)
    assert together == [each for each in everything if each in together]
    assert numbers(cast, departments=both, page=2, size=3) == together[3:]
    assert numbers(cast, unrouted=True) == ["2026-00006"]


FILTERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "all": ({}, {"2026-00001", "2026-00002", "2026-00003", "2026-00004", "2026-00005"}),
    "by state": ({"states": (State.PLANNED, State.TO_CLOSE)}, {"2026-00003", "2026-00004"}),
    "overdue": ({"overdue": True}, {"2026-00002"}),
    "paused": ({"paused": True}, {"2026-00005"}),
    "unchanged": ({"unchanged": True}, {"2026-00002", "2026-00004"}),
    "complex": ({"complex": True}, {"2026-00003"}),
    "text": ({"text": "PRINCIPALE lampa"}, {"2026-00001", "2026-00002", "2026-00004", "2026-00005"}),
    "closed": ({"closed": True}, {"2026-00006"}),
    "nothing": ({"text": "licorne"}, set()),
    "overdue and by state": ({"overdue": True, "states": (State.PLANNED,)}, set()),
}


@pytest.fixture
def town_with_files(cast: Cast) -> Cast:
    october = moment("Mon 2026-10-05 09:00")
    filed(cast, "2026-00001")
    filed(cast, "2026-00002", received_at=october)
    filed(cast, "2026-00003", street="rue Maple", state=State.PLANNED, complex=True)
    filed(cast, "2026-00004", received_at=october, state=State.TO_CLOSE)
    filed(cast, "2026-00005", state=State.WAITING, wait_reason=WaitReason.WEATHER)
    filed(cast, "2026-00006", state=State.DONE, closed_at=NINE)
    with cast.house.store.writing() as tx:
        for file in tx.find("files"):
            words.index(tx, "files", file["id"], texts(file, None))
    return cast


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_finds_its_own(town_with_files: Cast, name: str) -> None:
    asked, expected = FILTERS[name]
    assert set(numbers(town_with_files, **asked)) == expected


def test_words_that_many_closed_files_hold_find_every_open_one(
    town_with_files: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "FOUND", 1)
    monkeypatch.setattr(words, "_RARE", 1)
    assert set(numbers(town_with_files, text="lampa")) == FILTERS["all"][1]
    assert numbers(town_with_files, text="lampa", closed=True) == ["2026-00006"]


def test_each_count_opens_as_many_files_as_it_says(town_with_files: Cast) -> None:
    page = queue.page(town_with_files.visit("technician", TODAY), Query())
    counts = page.counts
    assert counts.open == page.total == 5
    assert counts.overdue == len(numbers(town_with_files, overdue=True)) == 1
    assert counts.paused == len(numbers(town_with_files, paused=True)) == 1
    assert counts.unchanged == len(numbers(town_with_files, unchanged=True)) == 2
    for state, count in counts.states.items():
        assert len(numbers(town_with_files, states=(state,))) == count


def test_a_line_says_what_needs_no_reading(town_with_files: Cast) -> None:
    page = queue.page(town_with_files.visit("secretary", TODAY), Query())
    by_number = {line.number: line for line in page.rows}
    late, paused = by_number["2026-00002"], by_number["2026-00005"]
    assert late.overdue and late.unchanged and late.days_late == 24  # due Tue 20 October
    assert paused.paused and not paused.overdue
    assert by_number["2026-00003"].place == "1234, rue Maple"
    assert late.department == WORKS and late.category == "Éclairage de rue"


def test_a_paused_file_is_overdue_only_if_it_was_when_the_pause_began(cast: Cast) -> None:
    october = moment("Mon 2026-10-05 09:00")
    before, after = (
        filed(cast, number, received_at=october, state=State.WAITING, wait_reason=WaitReason.PARTS)
        for number in ("2026-00001", "2026-00002")
    )
    with cast.house.store.writing() as tx:
        for file, starts_on in ((before, "Tue 2026-10-13"), (after, "Mon 2026-10-26")):
            tx.insert("pauses", {"file": file["id"], "starts_on": day(starts_on)}, BY)
    assert numbers(cast, overdue=True) == ["2026-00002"]


# Who finds which file in the queue: the matrix of roles.
SEES = {
    "technician": {"works", "planning", "unrouted", "claim", "comment"},
    "director": {"works", "planning", "unrouted", "claim", "comment"},
    "secretary": {"works", "claim", "comment"},
    "other_secretary": {"works", "claim", "comment"},
    "planner": {"planning"},
}
REFUSED = ("experience", "general", "clerk", "council", "admin", "outsider")


@pytest.fixture
def one_of_each(cast: Cast) -> dict[str, Row]:
    return {
        "works": filed(cast, "2026-00001"),
        "planning": filed(cast, "2026-00002", department=PLANNING),
        "unrouted": filed(cast, "2026-00003", department=None),
        "claim": filed(cast, "2026-00004", nature=Nature.CLAIM),
        "comment": filed(cast, "2026-00005", nature=Nature.COMMENT),
        "complaint": filed(cast, "P2026-0001", nature=Nature.COMPLAINT),
        "access": filed(cast, "A2026-0001", nature=Nature.ACCESS),
    }


@pytest.mark.parametrize("who", SEES)
def test_each_person_finds_in_the_queue_what_is_theirs_and_nothing_else(
    cast: Cast, one_of_each: dict[str, Row], who: str
) -> None:
    expected = {one_of_each[name]["number"] for name in SEES[who]}
    page = queue.page(cast.visit(who, TODAY), Query())
    assert {line.number for line in page.rows} == expected
    assert (page.total, page.counts.open) == (len(expected), len(expected))
    others = tuple(cast.departments.values())  # asking for a department is not being of it
    assert set(numbers(cast, who, departments=others)) <= expected
    for number in ("P2026-0001", "A2026-0001"):
        assert number not in numbers(cast, who, text=number)


@pytest.mark.parametrize("who", REFUSED)
def test_who_has_no_queue_is_told_so(cast: Cast, one_of_each: dict[str, Row], who: str) -> None:
    with pytest.raises(Refused, match="réservé"):
        queue.page(cast.visit(who, TODAY), Query())


def test_a_secretary_of_two_departments_has_both_queues_in_one(cast: Cast) -> None:
    filed(cast, "2026-00001", priority=Priority.LOW)
    filed(cast, "2026-00002", department=PLANNING)
    filed(cast, "2026-00003", department=TAXES)
    with cast.house.store.writing() as tx:
        both = [cast.departments[WORKS], cast.departments[PLANNING]]
        tx.update("accounts", cast.accounts["secretary"], {"departments": both}, BY)
    assert numbers(cast, "secretary") == ["2026-00002", "2026-00001"]
    assert numbers(cast, "secretary", departments=(cast.departments[PLANNING],)) == ["2026-00002"]
    page = queue.page(cast.visit("secretary", TODAY), Query())
    assert set(page.departments.values()) == {WORKS, PLANNING}


ASKED = {
    "one department": Query(),
    "overdue": Query(overdue=True),
    "by state": Query(states=(State.PLANNED,)),
    "by category": Query(category="x"),
    "unchanged": Query(unchanged=True),
    "to answer": Query(unanswered=True),
    "closed": Query(closed=True),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_page_is_one_walk_down_an_index_without_any_sort(cast: Cast, name: str) -> None:
    with cast.visit("secretary", TODAY).reading() as counter:
        asked = queue._asked(counter, ASKED[name], {cast.departments[WORKS]: WORKS})
        narrower = queue._filters(ASKED[name], counter.today, TODAY, answers.window(counter))
        query = queue_sql.page_query(replace(asked, filters=(*asked.filters, *narrower)), 0, 50)
        connection = counter.tx.connection
        sql = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
        if cast.house.store.dialect == "sqlite":
            plan = lines(connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
            assert "SCAN files" not in plan
            assert "TEMP B-TREE" not in plan
        else:  # few rows: a walk down the index is what the server can do, not what it prefers
            connection.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"))
            plan = lines(connection.execute(text(f"EXPLAIN {sql}")))
            assert "Sort" not in plan
    assert "ix_files_" in plan and "open" in plan


def lines(plan: CursorResult[Any]) -> str:
    return "\n".join(str(row[-1]) for row in plan)


def test_rows_asked_for_by_name_come_in_that_order_wherever_they_stand_now(cast: Cast) -> None:
    files = [filed(cast, f"2026-0000{n}") for n in range(1, 4)]
    closed = filed(cast, "2026-00004", state=State.DONE, closed_at=NINE)
    elsewhere = filed(cast, "2026-00005", department=PLANNING)
    wanted = (closed["id"], files[2]["id"], elsewhere["id"], files[0]["id"], "inconnu")
    page = queue.page(cast.visit("secretary", TODAY), Query(only=wanted))
    assert [line.number for line in page.rows] == ["2026-00004", "2026-00003", "2026-00001"]
    assert page.rows[0].closed_at == NINE
    assert (page.total, page.counts.open) == (3, 3)
    assert queue.page(cast.visit("planner", TODAY), Query(only=(files[0]["id"],))).rows == ()


def test_what_the_rnc_asks_and_nobody_answered_is_a_view_counted_while_answers_are_expected(
    cast: Cast,
) -> None:
    asked = filed(cast, "2026-00001", state=State.TAKEN)
    filed(cast, "2026-00002", state=State.TAKEN)
    filed(cast, "2026-00003", state=State.TO_CLOSE)
    filed(cast, "2026-00004", nature=Nature.COMMENT)
    filed(cast, "2026-00005", duplicate_of=asked["id"])
    secretary = cast.visit("secretary", TODAY)
    assert set(numbers(cast, "secretary", unanswered=True)) == {"2026-00001", "2026-00002"}
    assert queue.page(secretary, Query()).counts.unanswered == 2
    typed = {"answer": "Action à venir", "next_action": "Passer"}
    assert queue.save(secretary, [queue.Edit(asked["id"], {}, typed)])[0].done
    assert numbers(cast, "secretary", unanswered=True) == ["2026-00002"]
    assert queue.page(secretary, Query()).counts.unanswered == 1
    before = cast.visit("secretary", moment("Fri 2026-11-20 09:00"))
    assert queue.page(before, Query()).counts.unanswered == 0


def test_the_counts_stay_the_same_in_every_view(town_with_files: Cast) -> None:
    filed(town_with_files, "2026-00008", department=None)
    visit = town_with_files.visit("technician", TODAY)
    views = [Query(), Query(overdue=True), Query(unrouted=True), Query(closed=True), Query(paused=True)]
    counts = [queue.page(visit, query).counts for query in views]
    assert all(each == counts[0] for each in counts)
    assert counts[0].states[State.NEW] == 1
