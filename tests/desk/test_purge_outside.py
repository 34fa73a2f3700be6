"""A complaint entered by mistake that a table outside holds: the order to erase it goes with the rest."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from desk.purge import become_complaint
from policy.words import Answer
from sync.link_tables import HELD, LINKS, TOMBSTONES, Held, Tie
from sync.store import Row
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.filing import BY, NINE, TEN, kept
from tests.desk.outside import ledger, remote, row_there

LATER = TEN + timedelta(hours=1)
WORD = "sentinelle"


@pytest.fixture
def file(cast: Cast) -> Row:
    """A file with its citizen and an answer to the list."""
    id = opened(cast).id
    (found,) = kept(cast, "files", id=id)
    answer = {"file": id, "month": "2026-10", "department": found["department"], "answer": Answer.ACTION}
    with cast.house.store.writing() as tx:
        tx.insert("answers", {**answer, "answered_at": NINE}, BY)
    return found


def test_all_that_the_table_holds_of_it_is_ordered_away(cast: Cast, file: Row) -> None:
    remote(cast)
    (answer,) = kept(cast, "answers")
    rows = {"files": file["id"], "citizens": file["citizen"], "answers": answer["id"]}
    for table, record in rows.items():
        said = {"street": WORD}
        row_there(cast, f"rec-{table}", Tie.LINKED, table, record=record, there=said, agreed=said, raw=said)
    link = next(each["id"] for each in ledger(cast) if each["table_name"] == "files")
    held = {"id": "h", "link": link, "field": "street", "kind": Held.DISPUTED.value, "raw": f'"{WORD}"'}
    with cast.house.store.writing() as tx:
        tx.connection.execute(sa.insert(HELD).values(**held, words="", article="", at=NINE))
    told = become_complaint(cast.visit("technician", LATER), file["id"], "C'est une plainte.")
    assert told.outside and "propre historique" in told.message and "R-82" in told.message
    (incident,) = kept(cast, "incidents")
    assert "Airtable ou Google Sheets" in incident["what"]
    assert {(each["table_name"], each["record"]) for each in ledger(cast, TOMBSTONES)} == set(rows.items())
    assert [each["tie"] for each in ledger(cast)] == [Tie.PURGED] * 3
    assert WORD not in str(ledger(cast, LINKS)) + str(ledger(cast, HELD))


def test_a_town_without_a_table_is_told_nothing_of_one(cast: Cast, file: Row) -> None:
    told = become_complaint(cast.visit("technician", LATER), file["id"], "C'est une plainte.")
    assert not told.outside and "propre historique" not in told.message
    (incident,) = kept(cast, "incidents")
    assert "Airtable" not in incident["what"]
