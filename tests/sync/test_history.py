"""Architecture 11: the history tells every change, shows tampering, and can still forget."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from policy.words import State
from sync import audit, seals
from sync.history import Did, Whence, entries, erase
from sync.store import Store, Writing
from tests.disk import all_lying
from tests.sync.rows import DESK, NOW, at, department, file

KEY = b"a key that the database never sees"
OLD_KEY = b"the key before it"


def town(tx: Writing) -> str:
    """A department and a file with a life; the file's id."""
    tx.insert("departments", department(), DESK)
    made = tx.insert("files", file(1, street="rue Shaw"), at(NOW, "a ouvert le dossier"))
    later = at(NOW + timedelta(hours=2), "a planifié")
    tx.update("files", made["id"], {"state": State.PLANNED, "planned_on": date(2026, 12, 1)}, later)
    tx.update("files", made["id"], {"facts": "Deux nids-de-poule."}, later)
    tx.insert("files", file(2), DESK)
    return str(made["id"])


def faults(store: Store, key: bytes | list[bytes] | None = KEY, witness: str = "") -> list[str]:
    with store.reading() as tx:
        return audit.verify(tx, key, witness)


def test_the_history_tells_who_when_whence_before_and_after(store: Store) -> None:
    with store.writing() as tx:
        record = town(tx)
    with store.reading() as reader:
        first, second, third = entries(reader, "files", record)
    assert (first.did, first.act, first.at) == (Did.CREATED, "a ouvert le dossier", NOW)
    assert first.changes["street"] == (None, "rue Shaw")
    assert "planned_on" not in first.changes
    assert (second.who, second.name, second.whence) == ("tech", "Théa Technicienne", Whence.SCREEN)
    assert second.at == NOW + timedelta(hours=2)
    assert second.changes == {
        "state": (State.NEW, State.PLANNED),
        "planned_on": (None, date(2026, 12, 1)),
    }
    assert third.changes == {"facts": ("Un nid-de-poule.", "Deux nids-de-poule.")}
    assert first.seq < second.seq < third.seq


def test_that_a_password_changed_is_kept_and_never_to_what(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert(
            "accounts",
            {
                "name": "Théa",
                "email": "thea@ville.example",
                "roles": ["Technicien"],
                "departments": [],
                "password": "SENTINELLE-1",
                "active": True,
            },
            DESK,
        )
        tx.update("accounts", made["id"], {"password": "SENTINELLE-2"}, DESK)
        created, changed = entries(tx, "accounts", made["id"])
        written = tx.connection.execute(sa.text("SELECT changes, remains FROM history")).all()
    assert created.changes["roles"] == (None, ["Technicien"])
    assert changed.changes == {"password": (None, None)}
    assert "SENTINELLE" not in str(written)
    assert faults(store) == []


def test_an_erased_value_is_gone_and_the_chain_holds(store: Store) -> None:
    with store.writing() as tx:
        record = town(tx)
        seals.seal(tx, KEY, NOW)
        tx.update("files", record, {"facts": "(effacé)"}, DESK)
        gone = erase(tx, "files", record, ["facts", "street"], at(NOW, "a effacé (R-81)"))
    assert gone == 3
    with store.reading() as reader:
        first, second, third, fourth, last = entries(reader, "files", record)
        kept = reader.connection.execute(sa.text("SELECT changes, salt, remains FROM history")).all()
    assert first.erased == {"facts", "street"}
    assert first.changes["number"] == (None, "2026-00001")
    assert second.erased == frozenset()
    assert (third.erased, third.changes) == (frozenset({"facts"}), {})
    assert fourth.erased == {"facts"}
    assert (last.did, last.act) == (Did.ERASED, "a effacé (R-81)")
    assert "Deux nids" not in str(kept)
    assert "Shaw" not in str(kept)
    assert faults(store) == []


def test_erasing_twice_erases_once_and_field_after_field(store: Store) -> None:
    with store.writing() as tx:
        record = town(tx)
        assert erase(tx, "files", record, ["street"], DESK) == 1
        assert erase(tx, "files", record, ["street"], DESK) == 0
        assert erase(tx, "files", record, ["number"], DESK) == 1
        assert entries(tx, "files", record)[0].erased == {"street", "number"}
        assert len(entries(tx, "files", record)) == 5
    assert faults(store) == []


def test_a_deleted_record_can_be_forgotten(store: Store) -> None:
    with store.writing() as tx:
        record = town(tx)
        tx.delete("files", record, DESK)
        assert erase(tx, "files", record, ["facts"], DESK) == 3
    assert faults(store) == []


def test_what_is_erased_leaves_the_file_on_disk(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'guichet.db'}")
    store.migrate()
    with store.writing() as tx:
        made = tx.insert("files", file(1, facts="SENTINELLE"), DESK)
    store.settle()
    assert b"SENTINELLE" in on_disk(tmp_path)
    with store.writing() as tx:
        tx.update("files", made["id"], {"facts": "(effacé)"}, DESK)
        erase(tx, "files", made["id"], ["facts"], DESK)
    store.settle()
    assert b"SENTINELLE" not in on_disk(tmp_path)
    store.close()


def on_disk(folder: Path) -> bytes:
    return all_lying(sorted(folder.iterdir()))


def test_settling_changes_nothing_that_is_read(store: Store) -> None:
    with store.writing() as tx:
        town(tx)
        before = tx.find("files")
    store.settle()
    with store.reading() as reader:
        assert reader.find("files") == before
    assert faults(store) == []


def test_a_quiet_store_is_sealed_night_after_night(store: Store) -> None:
    with store.writing() as tx:
        assert seals.seal(tx, KEY, NOW).entries == 0
        town(tx)
        first = seals.seal(tx, KEY, NOW + timedelta(days=1))
        second = seals.seal(tx, KEY, NOW + timedelta(days=2))
        assert seals.latest(tx) == second
    assert (first.entries, second.entries) == (5, 0)
    assert faults(store, witness=first.witness) == []


TAMPERINGS: dict[str, tuple[str, bool]] = {
    # what is done to the tables, and whether it shows without the key
    "a value of the history": ("UPDATE history SET changes = replace(changes, 'Shaw', 'Main')", True),
    "a date of the history": ("UPDATE history SET act = 'autre' WHERE rank = 2", True),
    "who did it": ("UPDATE history SET who = 'x' WHERE rank = 3", True),
    "a digest": ("UPDATE history SET digest = salt WHERE rank = 2", True),
    "an entry in the middle gone": ("DELETE FROM history WHERE rank = 2", True),
    "a salt gone": ("UPDATE history SET salt = NULL WHERE rank = 2", True),
    "a record changed behind our back": ("UPDATE files SET street = 'rue Main'", True),
    "an empty field filled behind our back": ("UPDATE files SET sector = 'Nord'", True),
    "a record gone": ("DELETE FROM files WHERE number = '2026-00002'", True),
    "a record without history": ("DELETE FROM history WHERE table_name = 'departments'", True),
    "the last entry gone with its change": (
        "DELETE FROM history WHERE rank = 3; UPDATE files SET facts = 'Un nid-de-poule.'",
        False,
    ),
    "a record and its history gone": (
        "DELETE FROM history WHERE table_name = 'departments'; DELETE FROM departments",
        False,
    ),
    "two entries exchanged": ("UPDATE history SET seq = seq + 100 WHERE rank = 1", False),
    "a seal's reach": ("UPDATE seals SET up_to = up_to - 1", False),
    "a seal's moment": ("UPDATE seals SET at = (SELECT max(at) FROM history)", False),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_shows(store: Store, what: str) -> None:
    statements, without_key = TAMPERINGS[what]
    with store.writing() as tx:
        town(tx)
        seals.seal(tx, KEY, NOW)
    assert faults(store) == []
    with store.writing() as tx:
        for statement in statements.split("; "):
            assert tx.connection.execute(sa.text(statement)).rowcount > 0
    assert faults(store) != []
    assert bool(faults(store, None)) is without_key


def test_whoever_rewrites_a_whole_chain_lacks_the_key_of_the_seal(store: Store) -> None:
    with store.writing() as tx:
        town(tx)
        seals.seal(tx, KEY, NOW)
        tx.connection.execute(sa.text("DELETE FROM history"))
        for table in ("files", "departments"):
            tx.connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
        town(tx)  # a fresh history, whose chains hold
        tx.connection.execute(sa.text("UPDATE history SET seq = seq - 5"))
    assert faults(store, None) == []
    (fault,) = faults(store)
    assert "a été modifié après sa pose" in fault


def test_an_erasure_that_nobody_signed_shows(store: Store) -> None:
    with store.writing() as tx:
        record = town(tx)
        erase(tx, "files", record, ["street"], DESK)
        tx.connection.execute(sa.text("DELETE FROM history WHERE kind = 'effacement'"))
    assert any("sans qu'une inscription le dise" in fault for fault in faults(store, None))


def test_a_truncation_with_its_seals_shows_to_whoever_kept_the_last_one(store: Store) -> None:
    with store.writing() as tx:
        town(tx)
        first = seals.seal(tx, KEY, NOW)
        tx.insert("files", file(3), DESK)
        second = seals.seal(tx, KEY, NOW + timedelta(days=1))
        tx.connection.execute(sa.text("DELETE FROM seals WHERE number = 2"))
        tx.connection.execute(sa.text("DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)"))
        tx.connection.execute(sa.text("DELETE FROM files WHERE number = '2026-00003'"))
    assert faults(store) == []
    assert faults(store, witness=first.witness) == []
    assert "tronqué" in faults(store, witness=second.witness)[0]


def test_older_seals_hold_after_the_key_is_changed(store: Store) -> None:
    with store.writing() as tx:
        town(tx)
        seals.seal(tx, OLD_KEY, NOW)
        tx.insert("files", file(3), DESK)
        seals.seal(tx, KEY, NOW + timedelta(days=1))
    assert faults(store, [KEY, OLD_KEY]) == []
    (fault,) = faults(store, KEY)
    assert "la clé" in fault
