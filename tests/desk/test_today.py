"""What waits for each person, counted with the address of what is behind it; what changed since a screen."""

import pytest

from desk import files, moves, queue, views
from desk.today import today
from desk.views import View
from desk.waiting import Pressure, Waiting
from policy.words import State
from sync.link_tables import REMOTE_TABLES, Tie
from tests.cast import CAST, PLANNING, Cast, moment
from tests.desk.complaining import NAMES_THE_DIRECTOR, deposited
from tests.desk.filing import NINE, TEN, filed
from tests.desk.outside import hold, insert, remote, row_there


@pytest.fixture
def busy(cast: Cast) -> None:
    """A file to route, one taken that is disputed, a row that waits, a frozen table."""
    filed(cast, "2026-00001", department=None)
    taken = filed(cast, "2026-00002", state=State.TAKEN)
    remote(cast)
    row_there(cast, "rec1", agreed={"street": "rue du Lac"})
    hold(cast, row_there(cast, "rec2", Tie.LINKED, record=taken["id"]), "next_action", raw="x", theirs="x")
    insert(cast, REMOTE_TABLES, remote="airtable", table_name="codes", frozen_at=NINE, frozen_why="x")


def addresses(cast: Cast, who: str) -> dict[str, int]:
    return {each.address: each.count for each in today(cast.visit(who, TEN)).waiting}


ORPHAN = {"/responsables": 1}  # Trésorerie / Taxation has nobody in the cast


def test_each_person_gets_what_is_theirs_and_nothing_of_the_others(cast: Cast, busy: None) -> None:
    desk = {"/file?voir=nouvelles": 1, "/file": 2, "/a-accueillir": 1, "/file?voir=accuser": 2} | ORPHAN
    assert addresses(cast, "technician") == desk
    assert addresses(cast, "secretary") == {"/file": 1}
    assert addresses(cast, "admin") == {"/synchronisation": 1}
    assert addresses(cast, "director").keys() == {*desk, "/synchronisation"}
    for who in ("experience", "clerk", "general", "council", "outsider", "planner"):
        assert addresses(cast, who) == {}, who


def test_the_time_left_to_acknowledge_is_counted_while_the_desk_is_open(cast: Cast) -> None:
    filed(cast, received_at=moment("Fri 2026-11-13 11:00"))  # due on Mon 16 at 11:00
    (owed,) = (each for each in today(cast.visit("technician", TEN)).waiting if "accuser" in each.address)
    assert (owed.count, owed.pressure) == (1, Pressure.NOW)
    assert owed.detail.endswith("il reste 1 h d’ouverture")
    late = moment("Mon 2026-11-16 11:01")
    (owed,) = (each for each in today(cast.visit("technician", late)).waiting if "accuser" in each.address)
    assert (owed.words, owed.pressure) == ("1 accusé de réception en retard", Pressure.LATE)


def test_what_is_late_is_told_first(cast: Cast) -> None:
    filed(cast, received_at=moment("Mon 2026-09-14 09:00"))
    told = [each.pressure for each in today(cast.visit("technician", TEN)).waiting]
    assert told == sorted(told) and told[0] is Pressure.LATE


@pytest.mark.parametrize("view", [each for each in View if each is not View.CLOSED])
def test_every_count_of_the_queue_opens_as_many_files(cast: Cast, view: View) -> None:
    old = moment("Mon 2026-09-14 09:00")
    filed(cast, "2026-00001", department=None)
    filed(cast, "2026-00002", state=State.TAKEN, received_at=old, complex=True)
    filed(cast, "2026-00003", state=State.TO_CLOSE)
    filed(cast, "2026-00004", department=PLANNING, acknowledged_at=NINE)
    at = moment("Mon 2026-11-23 10:00")  # answers to the RNC are expected
    for who in ("technician", "director", "secretary"):
        visit = cast.visit(who, at)
        told = [each for each in today(visit).waiting if each.address == f"/file?voir={view.value}"]
        if told:
            found = queue.page(visit, views.query({"voir": view.value})).total
            assert sum(each.count for each in told) == found, (who, view)


def test_a_complaint_waits_at_who_investigates_it_and_at_nobody_else(cast: Cast) -> None:
    deposited(cast)  # the director's
    seen = {who: addresses(cast, who).get("/plaintes", 0) for who in CAST}
    assert {who for who, count in seen.items() if count} == {"director"}


def test_a_complaint_nobody_can_investigate_waits_at_the_direction_generale_alone(cast: Cast) -> None:
    deposited(cast, NAMES_THE_DIRECTOR)
    seen = {who: addresses(cast, who).get("/plaintes", 0) for who in CAST}
    assert {who for who, count in seen.items() if count} == {"general"}


def test_the_tables_health_is_for_those_who_may_see_it(cast: Cast, busy: None) -> None:
    seen = {who: today(cast.visit(who, TEN)).table is not None for who in ("director", "admin", "technician")}
    assert seen == {"director": True, "admin": True, "technician": False}


def test_a_count_reads_as_a_sentence() -> None:
    assert Waiting(1, "litige", "litiges", "/").words == "1 litige"
    assert Waiting(12_345, "litige", "litiges", "/").words == "12\u202f345 litiges"
    assert Waiting(50, "suite", "suites", "/", at_least=True).words == "au moins 50 suites"


def test_the_versions_of_files_tell_a_change_and_only_to_those_who_see_them(cast: Cast) -> None:
    mine, other = filed(cast), filed(cast, "2026-00002", department=PLANNING)
    ids = [mine["id"], other["id"]]
    before = files.versions(cast.visit("secretary", TEN), ids)
    assert before == {mine["id"]: mine["version"]}
    moves.take(cast.visit("secretary", TEN), mine["id"])
    assert files.versions(cast.visit("secretary", TEN), ids) == {mine["id"]: mine["version"] + 1}
    assert files.versions(cast.visit("outsider", TEN), ids) == {}
