"""Where the row of a file stands in the town's table, told to whoever may see the file."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from desk.row_state import RowState, Stands, lasting, row_state
from desk.scope import NotFound
from policy.words import Nature, State
from sync.link_tables import MOVED, REMOTES, Held, Tie
from sync.store import Row
from tests.cast import Cast, moment
from tests.desk.filing import NINE, TEN, filed
from tests.desk.outside import hold, insert, remote, row_there

AGREED = TEN - timedelta(minutes=3)


@pytest.fixture
def file(cast: Cast) -> Row:
    filed_before = filed(cast)
    remote(cast)
    return filed_before


def tied(cast: Cast, file: Row, tie: Tie = Tie.LINKED, **more: Any) -> str:
    given = {"record": file["id"], "open": False, "agreed_at": AGREED, **more}
    return row_there(cast, "rec1", tie, **given)


def state(cast: Cast, file: Row, who: str = "secretary") -> RowState:
    found = row_state(cast.visit(who, TEN), file["number"])
    assert found is not None
    return found


def test_a_town_without_a_table_elsewhere_says_nothing_of_it(cast: Cast) -> None:
    assert row_state(cast.visit("secretary", TEN), filed(cast)["number"]) is None


def test_a_row_that_agrees_says_since_when(cast: Cast, file: Row) -> None:
    tied(cast, file)
    found = state(cast, file)
    assert (found.remote, found.stands, found.words) == (
        "Airtable", Stands.AGREED, "dans la table depuis 3 min",
    )  # fmt: skip
    assert (found.held, found.settles) == ((), False)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("Mon 2026-11-16 09:59", "1 min"),
        ("Mon 2026-11-16 09:01", "59 min"),
        ("Mon 2026-11-16 08:10", "8 h 10"),
        ("Thu 2026-11-12 16:00", "le 12 novembre"),
        ("Mon 2025-12-01 16:00", "le 1er décembre 2025"),
    ],
)
def test_how_long_it_lasts_reads_shorter_the_longer_it_is(since: str, words: str) -> None:
    assert lasting(moment(since), TEN) == words


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (12, "12 s"), (59, "59 s"), (-5, "0 s")])
def test_the_first_minute_counts_seconds_even_when_clocks_differ(seconds: int, words: str) -> None:
    assert lasting(TEN - timedelta(seconds=seconds), TEN) == words


@pytest.mark.parametrize(
    ("key", "values"), [("rec1", {"open": True}), (None, {}), ("rec1", {"tie": Tie.LEAVING})]
)
def test_a_row_with_something_left_to_do_waits(
    cast: Cast, file: Row, key: str | None, values: dict[str, Any]
) -> None:
    row_there(cast, key, **{"record": file["id"], "open": False, "tie": Tie.LINKED, **values})
    assert state(cast, file).words == "en attente du prochain échange"


def test_a_change_the_ledger_has_not_seen_yet_waits(cast: Cast, file: Row) -> None:
    tied(cast, file)
    insert(cast, MOVED, table_name="files", record=file["id"], mark="x")
    assert state(cast, file).stands is Stands.WAITING


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"paused_at": NINE}, "en pause"),
        ({"restored_at": NINE}, "confirmation"),
        ({"error": "Le jeton n'est plus accepté."}, "ne répond pas"),
    ],
)
def test_a_long_wait_says_why(cast: Cast, file: Row, values: dict[str, Any], why: str) -> None:
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.update(REMOTES).values(values))
    found = state(cast, file)
    assert found.stands is Stands.WAITING and why in found.words


def test_a_file_closed_long_ago_is_not_in_the_table(cast: Cast) -> None:
    closed: datetime = moment("Mon 2025-06-02 09:00")
    file = filed(cast, state=State.DONE, closed_at=closed, open=False)
    remote(cast)
    assert state(cast, file).words == "pas dans la table (fermé depuis longtemps)"


def test_a_row_removed_there_says_that_the_file_stays(cast: Cast, file: Row) -> None:
    tied(cast, file, Tie.WITHDRAWN)
    found = state(cast, file)
    assert found.stands is Stands.WITHDRAWN and "reste" in found.words


def test_a_dispute_comes_before_a_refused_value_and_both_are_told(cast: Cast, file: Row) -> None:
    row = tied(cast, file)
    hold(cast, row, "planned_on", Held.REJECTED, raw="bientôt", words="Ce n'est pas une date.")
    assert state(cast, file).stands is Stands.REJECTED
    hold(cast, row, "next_action", raw="Rappeler", theirs="Rappeler")
    found = state(cast, file)
    assert found.stands is Stands.DISPUTED
    assert found.held == (
        "Litige, Prochaine action : « Rappeler » dans la table",
        "Refusé, Date prévue « bientôt » : Ce n'est pas une date.",
    )
    assert not found.settles and state(cast, file, "director").settles


def test_columns_of_the_directors_own_are_shown_with_the_file(cast: Cast, file: Row) -> None:
    tied(cast, file, extras={"Vu par": "Denis", "Étiquettes": ["a", "b"]})
    assert state(cast, file).extras == (("Vu par", "Denis"), ("Étiquettes", "a, b"))


@pytest.mark.parametrize("who", ["planner", "council", "admin", "outsider", "experience"])
def test_whoever_may_not_see_the_file_learns_nothing_of_its_row(cast: Cast, file: Row, who: str) -> None:
    tied(cast, file)
    for number in (file["number"], "2026-09999"):
        with pytest.raises(NotFound, match="introuvable"):
            row_state(cast.visit(who, TEN), number)


def test_a_complaint_has_no_row_for_anybody(cast: Cast) -> None:
    file = filed(cast, nature=Nature.COMPLAINT)
    remote(cast)
    with pytest.raises(NotFound):
        row_state(cast.visit("director", TEN), file["number"])
