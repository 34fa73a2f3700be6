"""The table's health, its pause and its thaw, for the director and who keeps the machine."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from desk import synchronisation
from desk.synchronisation import Health, Thaw
from policy.reasons import Refused
from sync.link_tables import LINKS, REMOTE_CALLS, REMOTE_NOTICES, REMOTE_TABLES, REMOTES, Tie
from tests.cast import Cast
from tests.desk.filing import NINE, TEN, filed
from tests.desk.outside import Table, insert, ledger, link, remote, row_there

LATER = TEN + timedelta(minutes=5)


def change(cast: Cast, **values: Any) -> None:
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.update(REMOTES).values(values))


def health(cast: Cast, who: str = "director") -> Health:
    found = synchronisation.summary(cast.visit(who, LATER))
    assert found is not None
    return found


def freeze(cast: Cast, table: str = "files") -> None:
    values = {"frozen_at": TEN, "frozen_why": "12 lignes en ont disparu en moins de 24 heures."}
    insert(cast, REMOTE_TABLES, remote="airtable", table_name=table, **values)


def test_a_town_without_a_table_elsewhere_has_no_health_to_tell(cast: Cast) -> None:
    assert synchronisation.summary(cast.visit("director", TEN)) is None


@pytest.mark.parametrize("who", ["technician", "secretary", "general", "clerk", "outsider", "council"])
def test_nobody_else_sees_it_nor_touches_it(cast: Cast, who: str) -> None:
    remote(cast)
    freeze(cast)
    visit = cast.visit(who, TEN)
    for act in (
        lambda: synchronisation.summary(visit),
        lambda: synchronisation.pause(visit, "airtable", "non"),
        lambda: synchronisation.resume(visit, "airtable"),
        lambda: synchronisation.wake(visit),
        lambda: synchronisation.confirm(visit, "airtable"),
        lambda: synchronisation.thaw(visit, "airtable", "files", Thaw.LET_GO),
        lambda: synchronisation.heard(visit, "airtable", "gel:files"),
    ):
        with pytest.raises(Refused, match="réservé"):
            act()
    assert ledger(cast, REMOTES)[0]["woken_at"] is None


def test_after_an_exchange_that_went_to_its_end_all_is_well(cast: Cast) -> None:
    filed(cast)
    table = Table(cast)
    table.run()
    table.run()
    found = health(cast)
    assert found.is_well and found.agreed_at == table.now
    assert (found.waiting, found.disputes, found.rejections) == (0, 0, 0)
    (files,) = [each for each in found.tables if each.table == "files"]
    assert (files.label, files.rows, files.exchanged_at) == ("Dossiers", 1, table.now)


def test_what_waits_is_counted_before_and_after_the_ledger_knows_it(cast: Cast) -> None:
    filed(cast)
    Table(cast)
    before = health(cast)
    assert before.waiting >= 1 and not before.is_well
    files = [each.waiting for each in before.tables if each.table == "files"]
    assert files in ([], [1])


def test_a_failure_says_since_when_and_why(cast: Cast) -> None:
    remote(cast)
    change(cast, error="Le jeton n'est plus accepté.", failing_since=TEN, needs_person=True, agreed_at=NINE)
    found = health(cast, "admin")
    assert (found.error, found.failing_since, found.needs_person) == (
        "Le jeton n'est plus accepté.", TEN, True,
    )  # fmt: skip
    assert not found.is_well


def test_the_calls_of_the_month_are_told_beside_what_is_allowed(cast: Cast) -> None:
    remote(cast)
    for day, calls in (("2026-10-31", 900), ("2026-11-01", 30), ("2026-11-16", 12)):
        insert(cast, REMOTE_CALLS, remote="airtable", day=NINE.date().fromisoformat(day), calls=calls)
    assert (health(cast).calls, health(cast).quota) == (42, 0)


def test_a_pause_wants_a_reason_and_says_whose_it_is(cast: Cast) -> None:
    remote(cast)
    with pytest.raises(Refused, match="motif"):
        synchronisation.pause(cast.visit("admin", TEN), "airtable", "  ")
    synchronisation.pause(cast.visit("admin", TEN), "airtable", " On déplace la base. ")
    found = health(cast)
    assert (found.paused_at, found.paused_by, found.paused_why) == (
        TEN, "Ida Nguyen", "On déplace la base.",
    )  # fmt: skip
    said = synchronisation.pause(cast.visit("director", LATER), "airtable", "Autre motif")
    assert said == "Déjà en pause, par Ida Nguyen." and health(cast).paused_at == TEN


def test_to_resume_wakes_the_worker_whatever_the_remote_last_answered(cast: Cast) -> None:
    remote(cast)
    change(cast, silent_until=LATER, needs_person=True, paused_at=NINE, paused_by="x", paused_why="y")
    for _ in range(2):
        assert synchronisation.resume(cast.visit("admin", TEN), "airtable").endswith("reprennent.")
    row = ledger(cast, REMOTES)[0]
    assert (row["paused_at"], row["silent_until"], row["needs_person"]) == (None, None, False)
    assert row["woken_at"] == TEN


def test_only_the_director_lets_a_restored_store_write_there_again(cast: Cast) -> None:
    remote(cast)
    change(cast, restored_at=NINE)
    assert health(cast, "admin").restored_at == NINE
    with pytest.raises(Refused, match="Directeur"):
        synchronisation.confirm(cast.visit("admin", TEN), "airtable")
    synchronisation.confirm(cast.visit("director", TEN), "airtable")
    assert health(cast).restored_at is None


@pytest.mark.parametrize("how", Thaw)
def test_a_frozen_table_is_thawed_in_one_of_two_ways_and_only_once(cast: Cast, how: Thaw) -> None:
    remote(cast)
    gone = row_there(cast, "rec1", Tie.LINKED, record=filed(cast)["id"], absences=1)
    freeze(cast)
    (files,) = health(cast).frozen
    assert (files.missing, files.frozen_why) == (1, "12 lignes en ont disparu en moins de 24 heures.")
    with pytest.raises(Refused, match="Directeur"):
        synchronisation.thaw(cast.visit("admin", TEN), "airtable", "files", how)
    assert "est dégelée" in synchronisation.thaw(cast.visit("director", TEN), "airtable", "files", how)
    left = link(cast, gone)
    put_back = (left.tie, left.key) == (Tie.LINKED, None)
    assert put_back if how is Thaw.PUT_BACK else left.tie is Tie.WITHDRAWN
    assert "déjà" in synchronisation.thaw(cast.visit("director", LATER), "airtable", "files", how)


def test_a_column_left_alone_is_told_by_its_label(cast: Cast) -> None:
    remote(cast)
    paused = json.dumps({"planned_on": "La colonne n'est plus là."})
    insert(cast, REMOTE_TABLES, remote="airtable", table_name="files", paused=paused)
    (files,) = health(cast).tables
    assert files.paused == {"Date prévue": "La colonne n'est plus là."}
    assert not health(cast).is_well


def test_notices_are_read_once_and_those_that_name_a_row_are_the_directors(cast: Cast) -> None:
    remote(cast)
    for key, words in (("gel:files:1", "« Dossiers » est gelée."), ("remise:1", "« Citoyens » : Marie Roy")):
        insert(cast, REMOTE_NOTICES, remote="airtable", key=key, words=words, at=NINE)
    assert [notice.key for notice in health(cast, "admin").notices] == ["gel:files:1"]
    assert len(health(cast).notices) == 2
    with pytest.raises(Refused):
        synchronisation.heard(cast.visit("admin", TEN), "airtable", "remise:1")
    synchronisation.heard(cast.visit("director", TEN), "airtable", "remise:1")
    synchronisation.heard(cast.visit("director", LATER), "airtable", "remise:1")
    seen = {row["key"]: (row["seen_at"], row["seen_by"]) for row in ledger(cast, REMOTE_NOTICES)}
    assert seen == {"gel:files:1": (None, None), "remise:1": (TEN, "Denis Bélanger")}


def test_nothing_the_administrator_gets_holds_a_value_of_a_record(cast: Cast) -> None:
    remote(cast)
    row_there(cast, there={"facts": "secretxyz"}, extras={"Vu": "secretxyz"}, told="secretxyz")
    insert(cast, REMOTE_NOTICES, remote="airtable", key="remises:1", words="secretxyz", at=NINE)
    assert "secretxyz" not in repr(health(cast, "admin"))
    assert len(ledger(cast, LINKS)) == 1
