"""An empty store is given back all that a table outside still holds, and sends nothing to anybody."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from desk import search
from desk.inbound import Desk
from desk.rebuilding import LOST
from policy.reasons import Refused
from policy.rules import RuleName
from policy.words import Answer, Nature, State, WaitReason
from sync.history import Did, entries
from sync.outside import CARRIED, shapes
from sync.schema import HISTORY, METADATA, SQL
from sync.store import Row
from tests.cast import WORKS, Cast, day
from tests.desk.demands import opened
from tests.desk.filing import BY, NINE, TEN, filed, items, kept, stands

LATER = TEN + timedelta(days=30)


def outside(table: str, row: Row, identity: bool = True) -> dict[str, Any]:
    """What the table outside holds of a row."""
    shape = next(each for each in shapes(identity) if each.table == table)
    return {column.name: row[column.name] for column in shape.columns if row[column.name] is not None}


def rebuild(cast: Cast, table: str, record: str, values: Mapping[str, Any]) -> Row:
    with cast.house.store.writing() as tx:
        Desk(cast.house, lambda: LATER, "Airtable").rebuilt(tx, table, record, values)
    (row,) = kept(cast, table, id=record)
    return row


def lose(cast: Cast, table: str, record: str) -> None:
    """The row and its history are no longer there."""
    with cast.house.store.writing() as tx:
        for each in ("mails", "tasks", "notices", "pauses", "answers"):
            tx.connection.execute(sa.delete(METADATA.tables[each]))
        tx.connection.execute(sa.delete(HISTORY).where(HISTORY.c.record == record))
        tx.connection.execute(sa.delete(SQL[table]).where(SQL[table].c.id == record))


def test_a_whole_town_comes_back_from_its_table(cast: Cast) -> None:
    """Every table that goes out, in its order, into a store that has lost them all."""
    opened(cast)
    answered = {"month": "2026-10", "answer": Answer.ACTION, "answered_at": NINE}
    file = filed(cast, "2026-00007", state=State.DONE, closed_at=NINE, **items(cast))
    with cast.house.store.writing() as tx:
        tx.insert("answers", {**answered, "file": file["id"], "department": file["department"]}, BY)
    before = {table: kept(cast, table) for table in CARRIED}
    with cast.house.store.writing() as tx:
        for table in ("mails", "tasks", "notices", "pauses", "drafts", "history", *reversed(CARRIED)):
            tx.connection.execute(sa.delete(METADATA.tables[table]))
    counter = Desk(cast.house, lambda: LATER, "Airtable")
    with cast.house.store.writing() as tx:
        for table in CARRIED:
            for row in before[table]:
                counter.rebuilt(tx, table, row["id"], outside(table, row))
    counter.settle()
    for table in CARRIED:
        now = {row["id"]: row for row in kept(cast, table)}
        assert now.keys() == {row["id"] for row in before[table]}
        for row in before[table]:
            assert outside(table, now[row["id"]]) == outside(table, row)
    assert kept(cast, "mails") == kept(cast, "tasks") == kept(cast, "notices") == []
    found = search.search(cast.visit("technician", LATER), "lefrancois")
    assert [hit.number for hit in found] == ["2026-00001"]


def test_the_number_of_a_file_given_back_is_never_given_again(cast: Cast) -> None:
    file = filed(cast, "2026-00041")
    lose(cast, "files", file["id"])
    rebuild(cast, "files", file["id"], outside("files", file))
    assert opened(cast, at=LATER).number == "2026-00042"


def test_a_file_given_back_says_what_it_lost(cast: Cast) -> None:
    file = filed(cast, "2026-00041", note="Sonner deux fois.")
    lose(cast, "files", file["id"])
    row = rebuild(cast, "files", file["id"], outside("files", file, identity=False))
    assert (row["facts"], row["note"], row["civic"]) == (LOST, None, None)
    assert (row["target_on"], row["open"]) == (file["target_on"], True)
    with cast.house.store.reading() as tx:
        (entry,) = entries(tx, "files", file["id"])
    assert (entry.did, entry.name, entry.act) == (
        Did.CREATED,
        "Airtable",
        "reconstituer la fiche depuis la table",
    )


def test_a_wait_begins_again_on_the_day_of_the_last_gesture(cast: Cast) -> None:
    file = filed(cast, state=State.WAITING, wait_reason=WaitReason.PARTS)
    lose(cast, "files", file["id"])
    rebuild(cast, "files", file["id"], outside("files", file))
    assert [pause["starts_on"] for pause in kept(cast, "pauses")] == [day("Mon 2026-11-16")]


def test_what_is_still_there_is_left_as_it_is(cast: Cast) -> None:
    file = filed(cast)
    rebuild(cast, "files", file["id"], outside("files", file) | {"street": "rue du Lac"})
    assert stands(cast, file) == file


def test_a_reference_to_what_is_not_there_is_left_empty(cast: Cast) -> None:
    file = filed(cast)
    lose(cast, "files", file["id"])
    values = outside("files", file) | {"citizen": "personne", "duplicate_of": "aucun", "closed_by": "Luc T."}
    row = rebuild(cast, "files", file["id"], values)
    assert (row["citizen"], row["duplicate_of"], row["closed_by"]) == (None, None, None)
    assert row["department"] == cast.departments[WORKS]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"number": None}, "number"),
        ({"number": "hier"}, "number"),
        ({"nature": Nature.COMPLAINT}, "nature"),
        ({"received_at": None}, "received_at"),
        ({"channel": None}, "channel"),
        ({"state": None}, "state"),
    ],
)
def test_a_row_that_no_longer_says_what_it_is_is_refused(
    cast: Cast, more: dict[str, Any], field: str
) -> None:
    file = filed(cast)
    lose(cast, "files", file["id"])
    with pytest.raises(Refused) as no:
        rebuild(cast, "files", file["id"], outside("files", file) | more)
    assert [ground.field for ground in no.value.grounds] == [field]
    assert kept(cast, "files") == []


def test_a_number_that_another_file_bears_is_not_given_twice(cast: Cast) -> None:
    file = filed(cast, "2026-00041")
    lose(cast, "files", file["id"])
    filed(cast, "2026-00041")
    with pytest.raises(Refused, match="Numéro"):
        rebuild(cast, "files", file["id"], outside("files", file))


def test_a_telephone_that_is_none_comes_back_as_it_was_written(cast: Cast) -> None:
    row = rebuild(cast, "citizens", "0" * 26, {"name": "Marie Roy", "phone": "chez sa sœur"})
    assert (row["phone"], row["phone_digits"]) == ("chez sa sœur", None)


def test_a_box_that_the_table_says_nothing_of_was_not_ticked(cast: Cast) -> None:
    row = rebuild(cast, "codes", "0" * 26, {"code": "999", "label": "Refusée"})
    assert (row["met"], row["active"]) == (False, False)


def test_a_setting_given_back_still_has_to_read(cast: Cast) -> None:
    values = {
        "name": RuleName.SENDING_HOUR.value,
        "value": "8 h",
        "valid_from": NINE.date(),
        "article": "R-24",
    }
    with pytest.raises(Refused, match="Heure d'envoi"):
        rebuild(cast, "rules", "0" * 26, values)
