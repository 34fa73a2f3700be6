"""Lists of a town in which someone is missing: no department and no list is left behind (R-24)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from desk.list_letters import NOBODY
from policy.words import ListKind
from sync.states import RunOutcome
from tests.cast import WORKS, Cast, day
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
