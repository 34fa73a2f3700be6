"""R-24: each list once, never forgotten, nothing from before the start, nothing too late."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.calendar import OfficeCalendar
from policy.monthly import council_day, last_working_day, rnc_day
from policy.months import Month
from policy.rules import CHOSEN, RncReading, RuleName, Rules
from policy.sending import DueList, Run, lists_due
from policy.towntime import from_town, town_day
from policy.words import ListKind
from tests.policy.office import HOURS_H, any_office, at, closed_between, day, office, spelled

OFFICE = office()
START = date(2026, 11, 2)
PREVOST = Rules("Ville de Prévost", HOURS_H, START)
LAST_WEEK = replace(PREVOST, rnc_reading=RncReading.LAST_WEEK)
NO_LISTS = replace(PREVOST, rnc_reading=RncReading.NONE, council_lists=False)
RNC, REMINDER, MISSING, COUNCIL = ListKind.RNC, ListKind.REMINDER, ListKind.MISSING, ListKind.COUNCIL


def drawn(kind: ListKind, month: str, moment: str) -> Run:
    return Run(kind, Month.parse(month), at(moment))


OCTOBER = (drawn(COUNCIL, "2026-10", "Mon 2026-11-02 08:00"),)
NOVEMBER = (*OCTOBER, drawn(RNC, "2026-11", "Mon 2026-11-23 08:00"))
REMINDED = (*NOVEMBER, drawn(REMINDER, "2026-11", "Fri 2026-11-27 08:00"))
ANSWERED = (*REMINDED, drawn(MISSING, "2026-11", "Mon 2026-11-30 16:30"))
DECEMBER = (
    *ANSWERED,
    drawn(COUNCIL, "2026-11", "Tue 2026-12-01 08:00"),
    drawn(RNC, "2026-12", "Mon 2026-12-21 08:00"),
)


def due(
    now: str,
    done: tuple[Run, ...],
    rules: Rules = PREVOST,
    start: date = START,
    calendar: OfficeCalendar = OFFICE,
) -> list[str]:
    """What is due, a line each: « RNC 2026-11 », « RNC 2026-11 tardif », « RNC 2026-11 sautée »."""
    return [line(each) for each in lists_due(at(now), start, calendar, lambda month: rules, done)]


def line(each: DueList) -> str:
    return f"{each.kind.name} {each.month}" + (" sautée" if each.skipped else " tardif" if each.late else "")


@pytest.mark.parametrize(
    ("now", "done", "lists"),
    [
        # the RNC, at the sending hour of its day
        ("Fri 2026-11-20 16:00", OCTOBER, []),
        ("Mon 2026-11-23 07:59", OCTOBER, []),
        ("Mon 2026-11-23 08:00", OCTOBER, ["RNC 2026-11"]),
        ("Mon 2026-11-23 08:05", OCTOBER, ["RNC 2026-11"]),
        ("Mon 2026-11-23 23:59", OCTOBER, ["RNC 2026-11"]),  # on its day: not late
        ("Mon 2026-11-23 08:05", NOVEMBER, []),  # once
        ("Tue 2026-11-24 00:00", OCTOBER, ["RNC 2026-11 tardif"]),
        # late, until the month's last working day and not after
        ("Mon 2026-11-30 23:59", OCTOBER, ["RNC 2026-11 tardif"]),
        ("Tue 2026-12-01 07:59", OCTOBER, ["RNC 2026-11 sautée"]),
        ("Tue 2026-12-01 08:00", OCTOBER, ["RNC 2026-11 sautée", "COUNCIL 2026-11"]),
        # the reminder, the working day before the last; not after the answers are due
        ("Fri 2026-11-27 07:59", NOVEMBER, []),
        ("Fri 2026-11-27 08:00", NOVEMBER, ["REMINDER 2026-11"]),
        ("Fri 2026-11-27 08:00", REMINDED, []),
        ("Mon 2026-11-30 16:29", NOVEMBER, ["REMINDER 2026-11 tardif"]),
        ("Mon 2026-11-30 16:30", NOVEMBER, ["REMINDER 2026-11 sautée", "MISSING 2026-11"]),
        # what is missing, at closing time on the last working day
        ("Mon 2026-11-30 16:29", REMINDED, []),
        ("Mon 2026-11-30 16:30", REMINDED, ["MISSING 2026-11"]),
        ("Tue 2026-12-01 07:00", REMINDED, ["MISSING 2026-11 tardif"]),
        ("Sun 2026-12-20 12:00", REMINDED, ["MISSING 2026-11 tardif", "COUNCIL 2026-11 tardif"]),
        ("Mon 2026-12-21 08:00", REMINDED,
         ["MISSING 2026-11 sautée", "COUNCIL 2026-11 tardif", "RNC 2026-12"]),
        # council, on the first working day of the month
        ("Tue 2026-12-01 07:59", ANSWERED, []),
        ("Tue 2026-12-01 08:00", ANSWERED, ["COUNCIL 2026-11"]),
        ("Wed 2026-12-02 08:00", ANSWERED, ["COUNCIL 2026-11 tardif"]),
        ("Mon 2027-01-04 07:59", DECEMBER, ["REMINDER 2026-12 sautée", "MISSING 2026-12 tardif"]),
        ("Mon 2027-01-04 08:00", DECEMBER,
         ["REMINDER 2026-12 sautée", "MISSING 2026-12 tardif", "COUNCIL 2026-12"]),
    ],
)  # fmt: skip
def test_what_is_due(now: str, done: tuple[Run, ...], lists: list[str]) -> None:
    assert due(now, done) == lists


def test_after_months_off_only_the_latest_rnc_leaves_and_every_council_list() -> None:
    assert due("Wed 2027-02-24 10:00", ()) == [
        "COUNCIL 2026-10 tardif",
        "RNC 2026-11 sautée",
        "COUNCIL 2026-11 tardif",
        "RNC 2026-12 sautée",
        "COUNCIL 2026-12 tardif",
        "RNC 2027-01 sautée",
        "COUNCIL 2027-01 tardif",
        "RNC 2027-02 tardif",
    ]


@pytest.mark.parametrize(
    ("start", "lists"),
    [
        ("Mon 2026-11-02", ["COUNCIL 2026-10 tardif", "RNC 2026-11 tardif"]),
        ("Tue 2026-11-03", ["RNC 2026-11 tardif"]),
        ("Mon 2026-11-23", ["RNC 2026-11 tardif"]),  # due on the start date itself
        ("Tue 2026-11-24", []),  # the day before: never
        ("Wed 2026-11-25", []),
        ("Tue 2026-12-01", []),
    ],
)
def test_nothing_that_was_due_before_the_start_is_sent(start: str, lists: list[str]) -> None:
    assert due("Tue 2026-11-24 09:00", (), start=day(start)) == lists


def test_a_town_that_starts_after_the_rnc_has_no_reminder_of_it_but_council_has_its_list() -> None:
    assert due("Tue 2026-12-01 09:00", (), start=day("Tue 2026-11-24")) == ["COUNCIL 2026-11"]


def test_a_list_of_the_last_working_day_leaves_that_day() -> None:
    assert due("Mon 2026-08-31 08:00", (), LAST_WEEK, day("Mon 2026-08-10")) == ["RNC 2026-08"]
    rnc = (drawn(RNC, "2026-08", "Mon 2026-08-31 08:00"),)
    assert due("Mon 2026-08-31 16:30", rnc, LAST_WEEK, day("Mon 2026-08-10")) == ["MISSING 2026-08"]


@pytest.mark.parametrize(
    ("drawn_at", "now", "lists"),
    [
        ("Thu 2026-11-26 15:00", "Fri 2026-11-27 08:00", ["REMINDER 2026-11"]),
        ("Fri 2026-11-27 15:00", "Fri 2026-11-27 15:01", []),  # the list has only just left
        ("Fri 2026-11-27 15:00", "Mon 2026-11-30 08:00", ["REMINDER 2026-11 tardif"]),
        ("Mon 2026-11-30 09:00", "Mon 2026-11-30 10:00", []),
    ],
)
def test_a_reminder_never_leaves_the_day_the_list_did(drawn_at: str, now: str, lists: list[str]) -> None:
    assert due(now, (*OCTOBER, drawn(RNC, "2026-11", drawn_at))) == lists


def test_a_skipped_rnc_has_neither_reminder_nor_answers() -> None:
    skipped = replace(drawn(RNC, "2026-11", "Tue 2026-12-01 07:00"), skipped=True)
    assert due("Tue 2026-12-01 07:30", (*OCTOBER, skipped)) == []


def test_a_town_without_lists_sends_none() -> None:
    assert due("Tue 2026-12-01 09:00", (), NO_LISTS) == []


def test_a_month_fully_closed_has_no_rnc_and_its_council_list_waits() -> None:
    closed = office(closed_between(date(2026, 12, 1), date(2026, 12, 31)))
    assert due("Thu 2026-12-31 23:59", ANSWERED, calendar=closed) == []
    assert due("Mon 2027-01-04 08:00", ANSWERED, calendar=closed) == ["COUNCIL 2026-11", "COUNCIL 2026-12"]


def test_a_closing_entered_after_the_list_left_sends_nothing_again() -> None:
    moved = office({day("Mon 2026-11-23"): "Tempête"})
    assert due("Tue 2026-11-24 08:00", NOVEMBER, calendar=moved) == []
    assert due("Tue 2026-11-24 08:00", OCTOBER, calendar=moved) == ["RNC 2026-11"]


def test_the_sending_hour_is_that_of_the_town() -> None:
    early = replace(PREVOST, sending_hour=time(6, 30))
    assert due("Mon 2026-11-23 06:29", OCTOBER, early) == []
    assert due("Mon 2026-11-23 06:30", OCTOBER, early) == ["RNC 2026-11"]


def test_each_month_is_under_its_own_rules() -> None:
    def rules_in(month: Month) -> Rules:
        return LAST_WEEK if month >= Month(2026, 12) else PREVOST

    found = lists_due(at("Mon 2026-12-28 08:00"), START, OFFICE, rules_in, ANSWERED)
    assert [line(each) for each in found] == ["COUNCIL 2026-11 tardif", "RNC 2026-12"]


def test_a_list_says_why_it_is_due_and_why_it_is_not_sent() -> None:
    chosen = replace(PREVOST, sources={RuleName.RNC_READING: CHOSEN})
    (rnc,) = lists_due(at("Tue 2026-12-01 07:00"), START, OFFICE, lambda month: chosen, OCTOBER)
    assert (spelled(rnc.due_on), rnc.due_at) == ("Mon 2026-11-23", at("Mon 2026-11-23 08:00"))
    assert rnc.why.articles == ("P §4.2.3", "P §4.1", CHOSEN)
    assert rnc.skipped == "Sautée : le dernier jour ouvré du mois, le lundi 30 novembre 2026, est passé."


FIRST = datetime.fromisoformat("2026-01-01")
ticks = st.lists(
    st.datetimes(FIRST, FIRST + timedelta(days=150)).filter(lambda wall: wall.hour != 2),
    min_size=1,
    max_size=25,
).map(sorted)


@given(
    calendar=any_office(),
    walls=ticks,
    start=st.dates(date(2025, 12, 15), date(2026, 2, 15)),
    reading=st.sampled_from((RncReading.FULL_WEEK, RncReading.LAST_WEEK)),
    min_days=st.integers(0, 3),
)
@settings(max_examples=80)
def test_whenever_the_machine_is_on_each_list_leaves_once_in_time_or_is_recorded(
    calendar: OfficeCalendar, walls: list[datetime], start: date, reading: RncReading, min_days: int
) -> None:
    rules = Rules("Prévost", calendar.hours, start, rnc_reading=reading, rnc_min_days=min_days)
    ledger: dict[tuple[ListKind, Month], tuple[DueList, datetime]] = {}
    for now in [from_town(wall) for wall in walls for _ in range(3)]:  # twice more: nothing is left
        runs = [Run(*key, drawn_at, bool(each.skipped)) for key, (each, drawn_at) in ledger.items()]
        for each in lists_due(now, start, calendar, lambda month: rules, runs):
            assert (each.kind, each.month) not in ledger
            assert each.due_at <= now
            assert each.due_on >= start
            assert each.late is (not each.skipped and town_day(now) > each.due_on)
            ledger[each.kind, each.month] = (each, now)

    for (kind, month), (each, drawn_at) in ledger.items():
        last = last_working_day(month, calendar)
        if kind is RNC:
            assert last is not None
            assert bool(each.skipped) is (town_day(drawn_at) > last)
        elif kind is COUNCIL:
            assert not each.skipped
        else:
            rnc, rnc_drawn_at = ledger[RNC, month]
            assert not rnc.skipped
            assert kind is MISSING or each.skipped or town_day(rnc_drawn_at) < town_day(drawn_at)
    assert {key for key in ledger if key[0] in (RNC, COUNCIL)} == expected(
        from_town(walls[-1]), start, calendar, rules
    )


def expected(
    now: datetime, start: date, calendar: OfficeCalendar, rules: Rules
) -> set[tuple[ListKind, Month]]:
    """The lists whose moment came between the start and now."""
    months = [Month(2025, 11), Month(2025, 12), *(Month(2026, n) for n in range(1, 7))]
    days = {(COUNCIL, month): council_day(month, calendar).due for month in months}
    for month in months:
        rnc = rnc_day(month, calendar, rules.rnc_reading, rules.rnc_min_days).day
        if rnc:
            days[RNC, month] = rnc
    return {
        key
        for key, each in days.items()
        if each >= start and from_town(datetime.combine(each, rules.sending_hour)) <= now
    }
