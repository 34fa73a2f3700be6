"""A value typed in the table that is not ours: both sides told, one gesture to keep one or the other."""

import json
from datetime import date, timedelta
from functools import partial

import pytest

from desk import disputes, synchronisation
from desk.acts import Outcome
from desk.disputes import Disagreement
from desk.visits import Visit
from policy.reasons import Refused
from policy.words import State
from sync import orders
from sync.link_tables import HELD, Held, Tie
from sync.store import Row
from tests.cast import Cast
from tests.desk.filing import BY, NINE, TEN, filed, stands
from tests.desk.outside import Table, hold, ledger, link, remote, row_there
from tests.desk.test_together import at_once

LATER = TEN + timedelta(minutes=5)


@pytest.fixture
def file(cast: Cast) -> Row:
    remote(cast)
    return filed(cast, state=State.PLANNED, planned_on=date(2026, 11, 25))


@pytest.fixture
def row(cast: Cast, file: Row) -> str:
    """The row of that file, in which another date was typed while one was typed here."""
    return row_there(
        cast, "rec1", Tie.LINKED, record=file["id"], there={"planned_on": "2026-11-30"},
        agreed={"planned_on": None}, held={"planned_on": [Held.DISPUTED.value, "2026-11-30"]}, open=False,
    )  # fmt: skip


@pytest.fixture
def dispute(cast: Cast, row: str) -> str:
    return hold(cast, row, "planned_on", raw="2026-11-30", theirs="2026-11-30")


def listed(cast: Cast, who: str = "director") -> tuple[Disagreement, ...]:
    return disputes.disagreements(cast.visit(who, LATER))


def test_both_sides_are_told_in_words_with_who_and_when(cast: Cast, dispute: str) -> None:
    (found,) = listed(cast)
    assert (found.number, found.field, found.rejected, found.takes) == (
        "2026-00001", "Date prévue", False, True,
    )  # fmt: skip
    assert (found.ours.text, found.ours.who, found.ours.at) == ("mercredi 25 novembre 2026", "L'import", NINE)
    assert (found.theirs.text, found.theirs.who) == ("lundi 30 novembre 2026", "Airtable")


@pytest.mark.parametrize("who", ["admin", "technician", "secretary", "outsider"])
def test_nobody_else_reads_or_settles_them(cast: Cast, row: str, dispute: str, who: str) -> None:
    visit = cast.visit(who, TEN)
    assert disputes.disagreements(visit) == () and disputes.withdrawn(visit) == ()
    acts = ((disputes.keep_ours, dispute), (disputes.keep_theirs, dispute), (disputes.put_there_again, row))
    for act, what in acts:
        with pytest.raises(Refused, match="réservé"):
            act(visit, what)
    assert ledger(cast, HELD)[0]["settled_at"] is None


def test_our_value_is_kept_and_becomes_news_there(cast: Cast, row: str, dispute: str) -> None:
    said = disputes.keep_ours(cast.visit("director", TEN), dispute)
    assert said.startswith("2026-00001, « Date prévue »") and listed(cast) == ()
    settled = link(cast, row)
    assert settled.open and settled.held == {} and "planned_on" not in settled.agreed
    assert ledger(cast, HELD)[0]["settled_by"] == "Denis Bélanger"


def test_their_value_is_taken_as_a_change_of_the_director(
    cast: Cast, file: Row, row: str, dispute: str
) -> None:
    disputes.keep_theirs(cast.visit("director", TEN), dispute)
    now = stands(cast, file)
    assert now["planned_on"] == date(2026, 11, 30) and now["version"] > file["version"]
    assert link(cast, row).agreed["planned_on"] == "2026-11-30"
    assert listed(cast) == ()


def test_a_value_that_the_policy_refuses_changes_nothing_on_either_side(
    cast: Cast, file: Row, row: str
) -> None:
    refused = hold(cast, row, "state", raw="Acheminée", theirs="Acheminée")
    with pytest.raises(Refused, match="ne se choisit pas"):
        disputes.keep_theirs(cast.visit("director", TEN), refused)
    assert stands(cast, file) == file
    assert ledger(cast, HELD)[0]["settled_at"] is None


def test_a_second_click_says_what_was_done_and_by_whom(cast: Cast, file: Row, dispute: str) -> None:
    disputes.keep_theirs(cast.visit("director", TEN), dispute)
    after = stands(cast, file)
    for act in (disputes.keep_theirs, disputes.keep_ours):
        said = act(cast.visit("director", LATER), dispute)
        assert "déjà réglé par Denis Bélanger — la valeur de la table est prise" in said
    assert stands(cast, file) == after


def test_of_two_people_at_once_one_settles_and_the_other_is_told(cast: Cast, file: Row, dispute: str) -> None:
    def click(visit: Visit, theirs: bool) -> Outcome:
        return Outcome((disputes.keep_theirs if theirs else disputes.keep_ours)(visit, dispute))

    said = [
        outcome.id if isinstance(outcome, Outcome) else str(outcome)
        for outcome in at_once([partial(click, cast.visit("director", TEN), each) for each in (True, False)])
    ]
    assert sorted("déjà réglé" in words for words in said) == [False, True]
    (settled,) = ledger(cast, HELD)
    taken = settled["outcome"] == "la valeur de la table est prise"
    assert (stands(cast, file)["planned_on"] == date(2026, 11, 30)) is taken


def test_a_refused_value_is_shown_as_typed_and_only_ours_may_be_kept(cast: Cast, row: str) -> None:
    wrong = hold(cast, row, "planned_on", Held.REJECTED, raw="bientôt", words="Ce n'est pas une date.")
    (found,) = listed(cast)
    assert (found.rejected, found.theirs.text, found.why, found.takes) == (
        True, "bientôt", "Ce n'est pas une date.", False,
    )  # fmt: skip
    with pytest.raises(Refused, match="corrigez-la dans la table"):
        disputes.keep_theirs(cast.visit("director", TEN), wrong)
    disputes.keep_ours(cast.visit("director", TEN), wrong)
    assert listed(cast) == ()


@pytest.mark.parametrize(
    ("field", "raw", "text"),
    [
        ("planned_on", 46351, "mercredi 25 novembre 2026"),
        ("planned_on", "2026-11-25", "mercredi 25 novembre 2026"),
        ("complex", True, "oui"),
        ("category", ["recNid"], "Nid-de-poule"),
        ("category", ["recInconnu"], "recInconnu"),
        ("planned_on", None, "—"),
    ],
)
def test_a_cell_reads_as_people_say_it(cast: Cast, row: str, field: str, raw: object, text: str) -> None:
    row_there(cast, "recNid", Tie.LINKED, "categories", record=cast.categories["Nid-de-poule"])
    hold(cast, row, field, Held.REJECTED, raw=raw)
    (found,) = listed(cast)
    assert found.theirs.text == text


def test_a_reference_taken_from_the_table_is_told_by_its_name(cast: Cast, row: str) -> None:
    hold(cast, row, "category", raw=["recNid"], theirs=cast.categories["Nid-de-poule"])
    (found,) = listed(cast)
    assert (found.ours.text, found.theirs.text) == ("Éclairage de rue", "Nid-de-poule")


def test_an_emptied_cell_may_be_taken(cast: Cast, file: Row, row: str) -> None:
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], {"next_action": "Appeler"}, BY)
    emptied = hold(cast, row, "next_action", raw=None)
    (found,) = listed(cast)
    assert (found.theirs.text, found.takes) == ("—", True)
    disputes.keep_theirs(cast.visit("director", TEN), emptied)
    assert stands(cast, file)["next_action"] is None


def test_a_purged_file_leaves_nothing_to_settle(cast: Cast, file: Row, dispute: str) -> None:
    with cast.house.store.writing() as tx:
        orders.purge(tx, "files", file["id"], TEN)
    assert listed(cast) == ()
    with pytest.raises(Refused, match="plus suivie"):
        disputes.keep_ours(cast.visit("director", LATER), dispute)


def test_a_row_removed_there_is_told_and_put_back_once(cast: Cast, file: Row) -> None:
    gone = row_there(cast, "rec9", Tie.WITHDRAWN, record=file["id"], open=False)
    (found,) = disputes.withdrawn(cast.visit("director", TEN))
    assert (found.table, found.number, found.since) == ("Dossiers", "2026-00001", NINE)
    assert "sera remise" in disputes.put_there_again(cast.visit("director", TEN), gone)
    assert (link(cast, gone).tie, link(cast, gone).key) == (Tie.LINKED, None)
    assert "n'est plus retirée" in disputes.put_there_again(cast.visit("director", LATER), gone)


def test_a_row_left_out_of_the_table_waits_for_nobody_any_more(cast: Cast) -> None:
    file = filed(cast, "2026-00001")
    table = Table(cast)
    table.run()
    key = table.key("files", file["id"])
    cells = table.service.delete("files", key)
    table.run()
    (gone,) = disputes.withdrawn(cast.visit("director", table.now))
    for who in ("technician", "secretary", "admin"):
        with pytest.raises(Refused):
            disputes.leave_out(cast.visit(who, table.now), gone.link)
    for _ in range(2):
        assert "hors de la table" in disputes.leave_out(cast.visit("director", table.now), gone.link)
    health = synchronisation.summary(cast.visit("director", table.now))
    assert health is not None and (health.withdrawn, health.left_out) == (0, 1)
    assert disputes.withdrawn(cast.visit("director", table.now)) == ()
    assert [each.link for each in disputes.left_out(cast.visit("director", table.now))] == [gone.link]
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], {"next_action": "Rappeler"}, BY)
    table.run()
    assert table.service.by_id("files", file["id"]) == [], "a change here does not bring it back"
    table.service.restore("files", key, cells)
    table.run()
    assert (link(cast, gone.link).tie, link(cast, gone.link).told) == (Tie.LINKED, None)
    assert table.row("files", file["id"])["next_action"] == "Rappeler"


def test_with_a_real_exchange_a_dispute_settled_either_way_leaves_both_sides_equal(cast: Cast) -> None:
    for theirs in (False, True):
        file = filed(cast, f"2026-0000{1 + theirs}", state=State.TAKEN)
        table = Table(cast)
        table.run()
        with cast.house.store.writing() as tx:
            tx.update("files", file["id"], {"next_action": "Ici"}, BY)
        table.type("files", file["id"], next_action="Là-bas")
        (found,) = disputes.disagreements(cast.visit("director", table.now))
        assert (found.ours.text, found.theirs.text) == ("Ici", "Là-bas")
        act = disputes.keep_theirs if theirs else disputes.keep_ours
        act(cast.visit("director", table.now), found.held)
        table.run()
        table.run()
        kept = "Là-bas" if theirs else "Ici"
        assert (stands(cast, file)["next_action"], table.row("files", file["id"])["next_action"]) == (
            kept, kept,
        )  # fmt: skip
        assert disputes.disagreements(cast.visit("director", table.now)) == ()
        assert json.loads(ledger(cast, HELD)[-1]["raw"]) == "Là-bas"
