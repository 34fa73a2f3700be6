"""R-83: from the day the assessment is dated until ``setup`` is run again, what is to come is no loss."""

from policy.rules import RuleName
from sync.outside import shapes
from tests.cast import SINCE
from tests.desk.demands import opened
from tests.desk.filing import BY
from tests.desk.filing import kept as rows_kept
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings


def dated(desk: Desk) -> None:
    """The town dates its assessment."""
    rule = {"name": RuleName.PRIVACY_ASSESSMENT.value, "value": SINCE.isoformat(), "article": "R-83"}
    with desk.cast.house.store.writing() as tx:
        tx.insert("rules", {**rule, "valid_from": SINCE}, BY)


def test_citizens_wait_for_setup_and_then_go_by_themselves(desk: Desk) -> None:
    file = opened(desk.cast)
    desk.ready()
    dated(desk)
    before = desk.figures()
    for _ in range(3):
        told = desk.tally()
        assert (told["frozen"], desk.figures()["frozen_tables"]) == (0, [])
    other = opened(desk.cast).id
    assert desk.tally()["created_there"] == 1
    assert other in desk.there.ids("Dossiers"), "the rest is exchanged meanwhile"
    assert desk.figures()["unread"] == before["unread"] + 1, "one notice: what to do"
    assert desk.sync("setup") == 0
    assert "« Citoyens »" in desk.said
    assert desk.tally()["frozen"] == 0
    desk.tally()
    assert desk.there.ids("Citoyens") == {row["id"] for row in rows_kept(desk.cast, "citizens")}
    row = desk.there.row("Dossiers", file.id)
    assert row["Citoyen"] and row["Exposé des faits"]
    assert desk.figures()["frozen_tables"] == [] and desk.figures()["unread"] == before["unread"] + 1
    writes = desk.there.server.calls.writes
    assert desk.tally()["calls"] == 1 and desk.there.server.calls.writes == writes


def test_a_table_that_was_there_and_is_not_any_more_is_still_frozen(desk: Desk) -> None:
    opened(desk.cast)
    desk.ready()
    dated(desk)
    assert desk.sync("setup") == 0
    desk.tally()
    desk.there.server.delete_table("Citoyens")
    desk.tally("--whole")
    assert desk.figures()["frozen_tables"] == ["citizens"]
    assert {shape.table for shape in shapes(True)} - {shape.table for shape in shapes(False)} == {"citizens"}
