"""The history of what is sealed: sealed too, opened with the key, erased and shredded for good."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from sync.history import Did, entries, erase
from sync.store import Store
from sync.vault import Locked
from tests.sync.private_rows import complaint, document, faults, lying
from tests.sync.rows import DESK, NOW


@pytest.fixture
def closed(store: Store, store_url: str) -> Iterator[Store]:
    """The same store, opened without a key."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


def test_without_the_key_nothing_private_opens_and_the_rest_does(store: Store, closed: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
    with closed.writing() as tx:
        with pytest.raises(Locked, match="n'est pas là"):
            tx.get("complaints", made["id"])
        with pytest.raises(Locked, match="n'est pas là"):
            tx.insert("complaints", complaint(2), DESK)
        tx.insert("closings", {"day": NOW.date(), "label": "x", "open": True}, DESK)
        (created,) = entries(tx, "complaints", made["id"])
    assert created.changes["facts"] == (None, None)
    assert created.changes["number"] == (None, "P2026-0001")
    assert faults(closed) == []


def test_the_history_is_sealed_and_opens_with_the_key(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        tx.update("complaints", made["id"], {"facts": "Autre.", "concluded_at": NOW}, DESK)
        created, changed = entries(tx, "complaints", made["id"])
    assert created.changes["facts_on"] == (None, date(2026, 11, 1))
    assert created.changes["danger"] == (None, False)
    assert "sealed_key" not in created.changes
    assert changed.changes == {"facts": (made["facts"], "Autre."), "concluded_at": (None, NOW)}
    assert faults(store) == []


@pytest.mark.parametrize("what", ["facts = name", "facts = NULL", "state = 'Conclue'"])
def test_tampering_shows_without_the_key(store: Store, closed: Store, what: str) -> None:
    with store.writing() as tx:
        tx.insert("complaints", complaint(), DESK)
        tx.connection.execute(sa.text(f"UPDATE complaints SET {what}"))  # noqa: S608
    assert len(faults(closed)) == 1


def test_an_erased_sealed_value_is_gone_from_the_history(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        tx.update("complaints", made["id"], {"facts": "(effacé)"}, DESK)
        erase(tx, "complaints", made["id"], ["facts"], DESK)
        created, changed, _ = entries(tx, "complaints", made["id"])
    assert created.erased == changed.erased == {"facts"}
    assert created.changes["name"] == (None, made["name"])
    assert faults(store) == []


def test_what_is_shredded_leaves_nothing_and_the_chain_holds(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
        kept = tx.insert("complaints", complaint(2), DESK)
        tx.update("complaints", made["id"], {"facts": "Autre."}, DESK)
        lies = tx.hold("complaints", made["id"]) or {}
        content = document(tx, made["id"])
        tx.shred("complaints", made["id"], DESK)
        tx.shred("private_contents", content, DESK)
        tx.shred("complaints", made["id"], DESK)
        told = entries(tx, "complaints", made["id"])
        assert tx.get("complaints", made["id"]) is None
        assert tx.get("complaints", kept["id"]) == kept
        assert tx.find("private_contents") == []
    assert [entry.did for entry in told] == [Did.CREATED, Did.CHANGED, Did.DELETED, Did.ERASED]
    assert all(entry.changes == {} for entry in told[:3])
    assert told[0].erased >= {"number", "facts", "state"}
    left = str(lying(store))
    for name in ("number", "facts", "name", "sealed_key"):
        assert str(lies[name]) not in left
    assert faults(store) == []


def test_without_the_key_one_may_still_shred(store: Store, closed: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
    with closed.writing() as tx:
        tx.shred("complaints", made["id"], DESK)
        assert tx.find("complaints") == []
    assert faults(store) == []
