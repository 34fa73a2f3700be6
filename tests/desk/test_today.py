"""What waits for each person, counted with the address of what is behind it; what changed since a screen."""

import pytest

from desk import files, moves
from desk.today import today
from desk.waiting import Waiting
from policy.words import State
from sync.link_tables import REMOTE_TABLES, Tie
from tests.cast import PLANNING, Cast
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


def test_each_person_gets_what_is_theirs_and_nothing_of_the_others(cast: Cast, busy: None) -> None:
    assert addresses(cast, "technician") == {"/file?voir=nouvelles": 1, "/file": 2, "/a-accueillir": 1}
    assert addresses(cast, "secretary") == {"/file": 1}
    assert addresses(cast, "admin") == {"/synchronisation": 1}
    assert addresses(cast, "director").keys() == {
        "/file?voir=nouvelles", "/file", "/a-accueillir", "/synchronisation",
    }  # fmt: skip
    for who in ("experience", "clerk", "general", "council", "outsider", "planner"):
        assert addresses(cast, who) == {}, who


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
