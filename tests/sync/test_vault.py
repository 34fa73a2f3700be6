"""R-33: what is sealed lies encrypted wherever it is written and opens with the key."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from policy.private_words import (
    AccessState,
    ComplaintState,
    Finding,
    PrivateKind,
)
from policy.reasons import Refused
from policy.words import Channel, Sight
from sync import words
from sync.history import entries
from sync.schema import SQL
from sync.store import Store
from sync.vault import Keyring, Locked
from tests.disk import all_lying
from tests.keys import KEYS
from tests.sync.private_rows import SENTINEL, complaint, document, lying, person
from tests.sync.rows import DESK, NOW

OTHERS = Keyring((b"o" * 32,))


def test_plain_values_go_in_and_come_back(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        many = tx.insert_many("complaints", [complaint(n) for n in range(2, 5)], DESK)
        content = document(tx, made["id"])
        assert tx.lock("complaints", made["id"]) == made
    with store.reading() as tx:
        assert tx.get("complaints", made["id"]) == made
        assert tx.first("complaints", number="P2026-0001") == made
        assert [row["id"] for row in tx.find("complaints", order_by=("-number",))] == [
            *reversed(many),
            made["id"],
        ]
        held = tx.get("private_contents", content)
    assert made["facts_on"] == date(2026, 11, 1)
    assert made["grounds"] == [{"article": "P §4.4", "message": SENTINEL, "given": None}]
    assert (made["danger"], made["answer"], made["state"]) == (False, None, ComplaintState.RECEIVED)
    assert "sealed_key" not in made
    assert held is not None
    assert held["content"] == SENTINEL.encode() * 1_000


def test_what_is_required_is_required_of_the_plain_value(store: Store) -> None:
    with store.writing() as tx, pytest.raises(Refused) as refusal:
        tx.insert("complaints", complaint(facts="", danger=None), DESK)
    assert {ground.field for ground in refusal.value.grounds} == {"facts", "danger"}


def test_a_change_seals_what_changed_and_nothing_else(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        before = tx.hold("complaints", made["id"]) or {}
        same = tx.update("complaints", made["id"], {"facts": made["facts"], "danger": False}, DESK)
        assert same == made
        assert tx.hold("complaints", made["id"]) == before
        now = tx.update("complaints", made["id"], {"facts": "Autre.", "state": "Recevable"}, DESK)
        after = tx.hold("complaints", made["id"]) or {}
        assert tx.get("complaints", made["id"]) == now
        assert len(entries(tx, "complaints", made["id"])) == 2
    assert (now["version"], now["facts"], now["name"]) == (2, "Autre.", made["name"])
    rewritten = {name for name in before if before[name] != after[name]}
    assert rewritten == {"facts", "state", "version"}


def test_a_row_is_put_by_its_key(store: Store) -> None:
    with store.writing() as tx:
        first = tx.put("complaints", {"number": "P2026-0001"}, complaint(), DESK)
        second = tx.put("complaints", {"number": "P2026-0001"}, {"facts": "Autre."}, DESK)
        assert (second["id"], second["facts"]) == (first["id"], "Autre.")
        assert tx.insert_once("complaints", complaint(), DESK) is None
        with pytest.raises(Refused, match="Numéro"):
            tx.insert("complaints", complaint(), DESK)


def test_nothing_is_looked_for_or_ordered_by_what_is_sealed(store: Store) -> None:
    with store.reading() as tx:
        with pytest.raises(TypeError, match="name"):
            tx.find("complaints", name=SENTINEL)
        with pytest.raises(TypeError, match="facts"):
            tx.first("complaints", facts=None)
        with pytest.raises(TypeError, match="name"):
            tx.find("complaints", order_by=("-name",))


def test_rows_of_a_query_lie_sealed_and_open_together(store: Store) -> None:
    columns = SQL["complaints"].c
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        query = sa.select(columns.id, columns.number, columns.sealed_key, columns.name, columns.answer)
        (row,) = tx.rows(query)
        assert row["name"].startswith("s1:")
        assert tx.unsealed("complaints", [row]) == [
            {"id": made["id"], "number": made["number"], "name": made["name"], "answer": None}
        ]


def test_nothing_that_lies_in_the_database_says_what_is_sealed(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        target = tx.insert("complaint_people", person(made["id"], finding=Finding.FOUNDED), DESK)
        tx.update("complaint_people", target["id"], {"finding": Finding.UNFOUNDED}, DESK)
        tx.update("complaints", made["id"], {"answer": SENTINEL, "facts": f"{SENTINEL} 2"}, DESK)
        document(tx, made["id"])
        tx.delete("complaint_people", target["id"], DESK)
    rows = lying(store)
    assert any(row.get("number") == "P2026-0001" for row in rows)
    for sign in (SENTINEL, SENTINEL.encode().hex(), "SENTINELLE", "Fondée", "ondée", "2026-11-01"):
        assert sign not in str(rows)


def test_the_file_and_its_journal_hold_no_private_word(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'guichet.db'}", KEYS)
    store.migrate()
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(department="OUVERT"), DESK)
        tx.update("complaints", made["id"], {"answer": SENTINEL}, DESK)
        tx.insert("readings", {"kind_of_file": PrivateKind.COMPLAINT, "record": made["id"],
                               "who": "VISIBLE", "what": "la plainte", "read_at": NOW}, DESK)  # fmt: skip
        document(tx, made["id"])
    for _ in ("in the journal", "in the file"):
        bytes_ = all_lying(sorted(tmp_path.iterdir()))
        assert b"VISIBLE" in bytes_
        assert b"SENTINELLE" not in bytes_
        assert b"OUVERT" not in bytes_
        store.settle()
    store.close()


def test_the_same_words_never_lie_the_same(store: Store) -> None:
    with store.writing() as tx:
        tx.insert_many("complaints", [complaint(1), complaint(2)], DESK)
        kept = tx.rows(sa.select(SQL["complaints"].c.name, SQL["complaints"].c.facts))
    assert len({value for row in kept for value in row.values()}) == 4


def test_the_search_never_learns_the_words_of_what_is_sealed(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        with pytest.raises(TypeError, match="complaints"):
            words.index(tx, "complaints", made["id"], {Sight.WORK: [made["facts"]]})


MOVES = {
    "to another row": "UPDATE complaints SET facts = "
    "(SELECT facts FROM complaints WHERE number = 'P2026-0002')",
    "to another field": "UPDATE complaints SET facts = name",
    "with its key": "UPDATE complaints SET (facts, sealed_key) = "
    "(SELECT facts, sealed_key FROM complaints WHERE number = 'P2026-0002')",
    "cut short": "UPDATE complaints SET facts = substr(facts, 1, 23)",
    "plain": "UPDATE complaints SET facts = 'en clair'",
    "a key cut short": "UPDATE complaints SET sealed_key = substr(sealed_key, 1, 23)",
}


@pytest.mark.parametrize("how", MOVES)
def test_what_was_moved_or_altered_does_not_open(store: Store, how: str) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(1), DESK)
        tx.insert("complaints", complaint(2), DESK)
        tx.connection.execute(sa.text(MOVES[how]))
        with pytest.raises(Locked, match="altéré"):
            tx.get("complaints", made["id"])


def test_with_another_key_nothing_private_opens(store: Store, store_url: str) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
    other = Store.open(store_url, OTHERS)
    with other.reading() as tx, pytest.raises(Locked, match=KEYS.newest):
        tx.get("complaints", made["id"])
    other.close()


SAMPLES: dict[str, dict[str, Any]] = {
    "access_requests": {"number": "A2026-0001", "state": AccessState.RECEIVED, "received_at": NOW,
                        "channel": Channel.EMAIL, "words": SENTINEL, "noticed_on": None},
    "incidents": {"found_on": NOW.date(), "what": SENTINEL, "information": SENTINEL, "people": 2**62,
                  "serious": True, "commission_on": date(1, 1, 1)},
}  # fmt: skip


@pytest.mark.parametrize("table", SAMPLES)
def test_every_kind_of_value_comes_back(store: Store, table: str) -> None:
    with store.writing() as tx:
        made = tx.insert(table, SAMPLES[table], DESK)
        assert tx.get(table, made["id"]) == made
    assert SAMPLES[table].items() <= made.items()
