"""What a visit may see, in SQL, is what the policy says of each file (P §4.5, R-62)."""

import pytest
from sqlalchemy import select

from desk import moves, queue
from desk.scope import NotFound, file_in_sight, visible
from desk.visits import Visit
from policy.confidentiality import may_see_file
from policy.roles import System
from policy.words import Nature
from sync.schema import SQL
from tests.cast import CAST, PLANNING, WORKS, Cast
from tests.desk.filing import BY, TEN, filed

SYSTEMS = tuple(System)


@pytest.fixture
def every_kind(cast: Cast) -> Cast:
    number = 0
    for nature in Nature:
        for department in (WORKS, PLANNING, None):
            number += 1
            filed(cast, f"2026-{number:05}", department=department, nature=nature)
    return cast


def found(visit: Visit) -> tuple[set[str], set[str]]:
    """What SQL gives this visit, and what the policy entitles it to."""
    files = SQL["files"]
    with visit.reading() as counter:
        given = {row["number"] for row in counter.tx.rows(select(files).where(visible(counter)))}
        entitled = {row["number"] for row in counter.tx.find("files") if may_see_file(counter.person, row)}
    return given, entitled


@pytest.mark.parametrize("who", CAST)
def test_sql_gives_each_person_exactly_what_the_policy_says(every_kind: Cast, who: str) -> None:
    given, entitled = found(every_kind.visit(who, TEN))
    assert given == entitled


@pytest.mark.parametrize("system", [*SYSTEMS, "un système inconnu"])
def test_sql_gives_each_system_exactly_what_the_policy_says(every_kind: Cast, system: str) -> None:
    given, entitled = found(Visit(every_kind.house, TEN, system=system))
    assert given == entitled


def test_somebody_with_two_roles_sees_what_either_sees(every_kind: Cast) -> None:
    with every_kind.house.store.writing() as tx:
        roles = ["Secrétaire ou Responsable", "Expérience citoyen"]
        tx.update("accounts", every_kind.accounts["secretary"], {"roles": roles}, BY)
    given, entitled = found(every_kind.visit("secretary", TEN))
    assert given == entitled
    assert len(given) == 8  # four natures of the works, comments and information of the others and of nobody


def test_a_responsable_without_department_sees_nothing(every_kind: Cast) -> None:
    with every_kind.house.store.writing() as tx:
        tx.update("accounts", every_kind.accounts["secretary"], {"departments": []}, BY)
    assert found(every_kind.visit("secretary", TEN)) == (set(), set())


@pytest.mark.parametrize("asked", ["\x00", "2026-00001\x00", "\ud800", "'; --"])
def test_signs_that_no_database_holds_find_nothing(cast: Cast, asked: str) -> None:
    desk = cast.visit("technician", TEN)
    with desk.reading() as counter, pytest.raises(NotFound):
        file_in_sight(counter, asked)
    with pytest.raises(NotFound):
        moves.take(desk, asked)
    assert queue.page(desk, queue.Query(category=asked, departments=(asked,), text=asked)).total == 0


def test_a_number_an_id_and_nothing_at_all_are_looked_up_alike(cast: Cast) -> None:
    file = filed(cast)
    with cast.visit("secretary", TEN).reading() as counter:
        assert file_in_sight(counter, " 2026-00001 ")["id"] == file["id"]
        assert file_in_sight(counter, file["id"])["number"] == "2026-00001"
        for absent in ("", "2026-00002", "' or 1=1 --", "é" * 10_000):
            with pytest.raises(NotFound):
                file_in_sight(counter, absent)
