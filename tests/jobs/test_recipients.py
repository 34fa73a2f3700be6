"""Lists of a town in which something is missing or changes: none is left behind, each day is said (R-24)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desk import lists, queue
from desk.list_letters import NOBODY
from desk.queue import Query
from policy.months import Month
from policy.words import ListKind
from sync.states import RunOutcome
from tests.cast import WORKS, Cast, day, moment
from tests.desk.filing import BY, filed, kept
from tests.jobs.post import COUNCIL_DAY, RNC_DAY, Tray, begun, look


def change(cast: Cast, table: str, record: str, **changes: Any) -> None:
    with cast.house.store.writing() as tx:
        tx.update(table, record, changes, BY)


def left_by_all(cast: Cast) -> None:
    """Nobody is designated any more, no account is open, no council sits."""
    for designation in kept(cast, "designations"):
        change(cast, "designations", designation["id"], ends_on=day("Tue 2026-11-03"))
    for member in kept(cast, "council"):
        change(cast, "council", member["id"], ends_on=day("Tue 2026-11-03"))
    for account in kept(cast, "accounts"):
        change(cast, "accounts", account["id"], active=False)


def test_the_files_of_a_department_no_longer_in_service_are_still_listed(cast: Cast) -> None:
    begun(cast)
    filed(cast, "2026-00007")
    change(cast, "departments", cast.departments[WORKS], active=False)
    change(cast, "departments", cast.departments["Ingénierie"], active=False)
    tray = Tray()
    look(cast, RNC_DAY, tray)
    assert "2026-00007" in tray.letters("rnc")["travaux@prevost.test"].text
    assert "ingenierie@prevost.test" not in tray.recipients  # nothing waits there


@pytest.mark.parametrize(("kind", "at"), [(ListKind.RNC, RNC_DAY), (ListKind.COUNCIL, COUNCIL_DAY)])
def test_a_list_that_nobody_could_receive_waits_and_leaves_late(
    cast: Cast, kind: ListKind, at: datetime
) -> None:
    begun(cast)
    left_by_all(cast)
    drawn = {run.list: run for run in look(cast, at).drawn}
    assert drawn[kind].note == NOBODY
    assert kept(cast, "list_runs", kind=kind, outcome=RunOutcome.DRAWN, month="2026-11") == []
    change(cast, "accounts", cast.accounts["director"], active=True)
    tray = Tray()
    look(cast, at + timedelta(days=1), tray)
    look(cast, at + timedelta(days=1, hours=1), tray)
    assert tray.recipients == ["denis@prevost.test"]
    assert tray.letters()["denis@prevost.test"].subject.startswith("Envoi tardif : ")


def test_a_reading_changed_within_the_month_counts_from_the_next_one(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        new = {"name": "rnc_reading", "value": "derniere_semaine", "article": "P §4.1"}
        tx.insert("rules", {**new, "valid_from": day("Fri 2026-11-20")}, BY)
    november, december = lists.calendar(cast.visit("technician", RNC_DAY))[:2]
    assert november.rnc is not None and november.rnc.due == day("Mon 2026-11-23")
    assert december.rnc is not None and december.rnc.due == day("Mon 2026-12-28")
    asked = queue.page(cast.visit("secretary", moment("Wed 2026-11-25 09:00")), Query()).window
    assert asked is not None and asked.opens_on == day("Mon 2026-11-23")


@pytest.mark.parametrize(
    ("value", "why"),
    [("aucune", "La ville n'envoie pas de liste RNC."), ("semaine_complete", "Aucun jour ouvré en décembre")],
)
def test_a_month_without_rnc_says_why(cast: Cast, value: str, why: str) -> None:
    with cast.house.store.writing() as tx:
        reading = tx.first("rules", name="rnc_reading")
        assert reading is not None
        tx.update("rules", reading["id"], {"value": value}, BY)
        for date in range(1, 32):
            closed = {"day": day("Tue 2026-12-01").replace(day=date)}
            tx.put("closings", closed, {"label": "Inondation", "open": False}, BY)
    (december,) = lists.calendar(cast.visit("technician", RNC_DAY), Month(2026, 12), 1)
    assert december.rnc is None and december.no_rnc.startswith(why)
