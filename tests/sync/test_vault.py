"""R-33: what is sealed lies encrypted wherever it is written, opens with the key, is shredded for good."""

import base64
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.private_words import (
    AccessState,
    ComplaintState,
    DocumentKind,
    Finding,
    Measure,
    Part,
    PrivateKind,
)
from policy.reasons import Refused
from policy.words import Channel
from sync import audit
from sync.fields import Field, Kind
from sync.history import Did, entries, erase
from sync.schema import METADATA, SQL
from sync.store import Store, Writing
from sync.vault import SEALED, Keyring, Locked, RowKey
from tests.keys import KEYS
from tests.sync.rows import DESK, NOW

SENTINEL = "SENTINELLE-Île"
OTHERS = Keyring((b"o" * 32,))


def complaint(number: int = 1, **values: Any) -> dict[str, Any]:
    """A complaint full of sentinels."""
    return {
        "number": f"P2026-{number:04d}",
        "state": ComplaintState.RECEIVED,
        "received_at": NOW,
        "channel": Channel.PHONE,
        "name": f"{SENTINEL} Tremblay",
        "anonymous": False,
        "written": True,
        "signed": True,
        "facts_on": date(2026, 11, 1),
        "facts": f"Exposé « {SENTINEL} »\n🌊",
        "municipal": True,
        "private_dispute": False,
        "danger": False,
        "grounds": [{"article": "P §4.4", "message": SENTINEL, "given": None}],
        **values,
    }


def person(complaint: str, **values: Any) -> dict[str, Any]:
    """A person targeted."""
    return {"complaint": complaint, "part": Part.TARGETED, "name": f"{SENTINEL} Roy", **values}


def document(tx: Writing, record: str) -> str:
    """A document with its content; the id of the content's row."""
    made = tx.insert(
        "private_documents",
        {
            "kind_of_file": PrivateKind.COMPLAINT,
            "record": record,
            "kind": DocumentKind.RECEIVED,
            "size": 3,
            "added_at": NOW,
            "name": f"{SENTINEL}.pdf",
            "media_type": "application/pdf",
            "digest": "0" * 64,
        },
        DESK,
    )
    content = {"document": made["id"], "content": SENTINEL.encode() * 1_000}
    return str(tx.insert("private_contents", content, DESK)["id"])


def lying(store: Store) -> list[dict[str, Any]]:
    """Every row of every table as it lies, the history too."""
    with store.reading() as tx:
        return [
            dict(row)
            for table in METADATA.sorted_tables
            for row in tx.connection.execute(
                sa.select(*(sa.type_coerce(column, sa.Text()) for column in table.c))
                if store.dialect == "sqlite"
                else sa.select(*(sa.cast(column, sa.Text()).label(column.name) for column in table.c))
            ).mappings()
        ]


def faults(store: Store) -> list[str]:
    with store.reading() as tx:
        return audit.verify(tx)


@pytest.fixture
def closed(store: Store, store_url: str) -> Iterator[Store]:
    """The same store, opened without a key."""
    opened = Store.open(store_url)
    yield opened
    opened.close()


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
    for words in (SENTINEL, SENTINEL.encode().hex(), "SENTINELLE", "Fondée", "ondée", "2026-11-01"):
        assert words not in str(rows)


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
        bytes_ = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
        assert b"VISIBLE" in bytes_
        assert b"SENTINELLE" not in bytes_
        assert b"OUVERT" not in bytes_
        store.settle()
    store.close()


def test_the_length_of_a_word_does_not_tell_which_it_is() -> None:
    key = RowKey("complaint_people", "x", b"k" * 32)
    of = SEALED["complaint_people"]["finding"]
    assert len({len(str(key.sealed(of, finding))) for finding in Finding}) == 1
    measure = SEALED["complaint_people"]["measure"]
    assert len({len(str(key.sealed(measure, each))) for each in Measure}) == 1
    danger = SEALED["complaints"]["danger"]
    assert len({len(str(key.sealed(danger, each))) for each in (True, False)}) == 1


def test_the_same_words_never_lie_the_same(store: Store) -> None:
    with store.writing() as tx:
        tx.insert_many("complaints", [complaint(1), complaint(2)], DESK)
        kept = tx.rows(sa.select(SQL["complaints"].c.name, SQL["complaints"].c.facts))
    assert len({value for row in kept for value in row.values()}) == 4


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


def test_with_another_key_nothing_private_opens(store: Store, store_url: str) -> None:
    with store.writing() as tx:
        made = tx.insert("complaints", complaint(), DESK)
    other = Store.open(store_url, OTHERS)
    with other.reading() as tx, pytest.raises(Locked, match=KEYS.newest):
        tx.get("complaints", made["id"])
    other.close()


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


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


PLAIN = {
    Kind.LONG: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    Kind.INTEGER: st.integers(-(2**63) + 1, 2**63 - 1),
    Kind.BOOL: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.MOMENT: st.datetimes(timezones=st.just(UTC)),
    Kind.CHOICE: st.sampled_from(Measure),
    Kind.JSON: st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).filter(lambda value: value is not None),
    Kind.BYTES: st.binary(),
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(list(PLAIN)), st.binary(min_size=32, max_size=32))
def test_whatever_is_sealed_opens_again(data: st.DataObject, kind: Kind, secret: bytes) -> None:
    of = Field("field", "Champ", kind, Measure if kind is Kind.CHOICE else None, sealed=True)
    key = RowKey("table", "record", secret)
    value = data.draw(PLAIN[kind])
    lies = key.sealed(of, value)
    assert key.opened(of, lies) == value
    assert isinstance(lies, bytes if kind is Kind.BYTES else str)
    for other in (RowKey("table", "other", secret), RowKey("other", "record", secret)):
        with pytest.raises(Locked):
            other.opened(of, lies)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "vide"),
        ("# une remarque\n\n", "vide"),
        ("ceci n'est pas une clé", "no 1 ne se lit pas"),
        (f"{new_key()}\nYWJj", "no 2 n'a pas 32 octets"),
        ("{0}\n{0}".format(new_key()), "deux fois"),
    ],
)
def test_a_keyring_that_does_not_read_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(Locked, match=why):
        Keyring.parsed(text)


def test_a_keyring_is_read_with_its_remarks_the_newest_first() -> None:
    first, second = new_key(), new_key()
    ring = Keyring.parsed(f"\n# celle de 2027\n{first}  # en usage\n  {second}\n")
    assert ring.ids == (Keyring.parsed(first).newest, Keyring.parsed(second).newest)
    assert ring.newest == ring.ids[0]
    assert first not in repr(ring)
    assert repr(ring) == "Keyring()"


def test_a_sealed_moment_comes_back_in_utc() -> None:
    of = Field("at", "Moment", Kind.MOMENT, sealed=True)
    key = RowKey("table", "record", b"k" * 32)
    assert key.opened(of, key.sealed(of, datetime(2026, 1, 2, tzinfo=UTC))).tzinfo is UTC
