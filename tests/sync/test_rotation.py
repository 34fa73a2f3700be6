"""A rotation wraps the keys of the rows again: cut short it goes on, and the old key may then be retired."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from sync import audit, rotation
from sync.history import entries
from sync.rotation import rotate
from sync.schema import SQL
from sync.store import Store
from sync.vault import SEALED, Keyring, Locked
from tests.keys import KEYS
from tests.sync.private_rows import complaint, document
from tests.sync.rows import DESK

NEW = b"n" * 32
BOTH, NEWER = Keyring((NEW, *KEYS.masters)), Keyring((NEW,))
Opening = Callable[[Keyring | None], Store]


@pytest.fixture
def with_keys(store_url: str) -> Iterator[Opening]:
    """The store opened with other keys."""
    opened: list[Store] = []

    def opening(keys: Keyring | None) -> Store:
        opened.append(Store.open(store_url, keys))
        return opened[-1]

    yield opening
    for store in opened:
        store.close()


def used(store: Store) -> frozenset[str]:
    with store.reading() as tx:
        return rotation.in_use(tx)


def test_after_a_rotation_the_new_key_alone_opens_everything(store: Store, with_keys: Opening) -> None:
    with store.writing() as tx:
        ids = tx.insert_many("complaints", [complaint(n) for n in range(1, 4)], DESK)
        tx.update("complaints", ids[0], {"facts": "Autre."}, DESK)
        content = document(tx, ids[0])
        before = tx.find("complaints")
        lies = tx.rows(sa.select(SQL["complaints"].c.facts).order_by(SQL["complaints"].c.id))
    assert used(store) == {KEYS.newest}
    assert rotate(with_keys(BOTH), BOTH) == 5
    newer = with_keys(NEWER)
    assert used(newer) == {NEWER.newest}
    with newer.writing() as tx:
        assert tx.find("complaints") == before
        assert tx.get("private_contents", content)
        assert entries(tx, "complaints", ids[0])[1].changes["facts"][1] == "Autre."
        assert tx.rows(sa.select(SQL["complaints"].c.facts).order_by(SQL["complaints"].c.id)) == lies
        assert audit.verify(tx) == []
    assert rotate(with_keys(BOTH), BOTH) == 0
    with store.reading() as tx, pytest.raises(Locked, match=NEWER.newest):
        tx.get("complaints", ids[0])


def test_a_rotation_cut_short_goes_on(
    store: Store, with_keys: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "_AT_ONCE", 2)
    with store.writing() as tx:
        tx.insert_many("complaints", [complaint(n) for n in range(1, 8)], DESK)
    both, whole = with_keys(BOTH), rotation._batch
    batches: list[list[str]] = []

    def dying(*given: object) -> list[str]:
        if len(batches) == 2:
            raise ConnectionAbortedError
        batches.append(whole(*given))  # type: ignore[arg-type]
        return batches[-1]

    monkeypatch.setattr(rotation, "_batch", dying)
    with pytest.raises(ConnectionAbortedError):
        rotate(both, BOTH)
    assert used(both) == {KEYS.newest, NEWER.newest}
    monkeypatch.setattr(rotation, "_batch", whole)
    assert rotate(both, BOTH) == 3
    assert used(both) == {NEWER.newest}


def test_a_row_written_meanwhile_with_the_old_key_is_not_missed(
    store: Store, with_keys: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as tx:
        first = tx.insert("complaints", complaint(1), DESK)
    whole = rotation._batch
    late: list[bool] = []

    def writing_before(*given: object) -> list[str]:
        batch = whole(*given)  # type: ignore[arg-type]
        if batch and not late:
            late.append(True)
            with monkeypatch.context() as patched:
                patched.setattr(given[0], "keys", KEYS)  # as a process that still has the old keyring does
                given[0].insert("complaints", complaint(2, id="0" * 26), DESK)  # type: ignore[attr-defined]
        return batch

    monkeypatch.setattr(rotation, "_batch", writing_before)
    assert rotate(with_keys(BOTH), BOTH) == 2
    newer = with_keys(NEWER)
    with newer.reading() as reader:
        assert {row["id"] for row in reader.find("complaints")} == {first["id"], "0" * 26}


def test_people_go_on_writing_while_the_keys_are_turned(store: Store, with_keys: Opening) -> None:
    with store.writing() as tx:
        first = tx.insert_many("complaints", [complaint(n) for n in range(1, 31)], DESK)
    both = with_keys(BOTH)

    def write() -> None:
        """As a desk that was not restarted yet: its new rows are wrapped with the old key."""
        for n in range(31, 61):
            with store.writing() as tx:
                tx.insert("complaints", complaint(n), DESK)
            with both.writing() as tx:
                tx.update("complaints", first[n - 31], {"facts": f"no {n}"}, DESK)

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        turned = rotate(both, BOTH)
        writing.result()
    assert turned + rotate(both, BOTH) == 60
    with with_keys(NEWER).reading() as reader:
        found = reader.find("complaints", order_by=("number",))
        assert [row["facts"] for row in found[:30]] == [f"no {n}" for n in range(31, 61)]
        assert len(found) == 60
        assert audit.verify(reader) == []


@pytest.mark.parametrize("keys", [None, NEWER])
def test_a_store_whose_rows_want_another_key_says_so_at_once(
    store: Store, with_keys: Opening, keys: Keyring | None
) -> None:
    other = with_keys(keys)
    with other.reading() as reader:
        rotation.check(reader)  # nothing is sealed yet
    with store.writing() as tx:
        tx.insert("complaints", complaint(), DESK)
        rotation.check(tx)
    with other.reading() as reader, pytest.raises(Locked, match=f"clé {KEYS.newest}.*papier"):
        rotation.check(reader)
    with pytest.raises(Locked, match=KEYS.newest):
        rotate(other, NEWER)


def test_every_table_with_a_sealed_field_is_wrapped_again() -> None:
    assert {name for name, table in SQL.items() if "sealed_key" in table.c} == set(SEALED)
