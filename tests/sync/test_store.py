"""What goes into the store comes back the same, on both databases; what does not fit is refused in words."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from policy.reasons import Refused
from policy.words import Circuit, Closer, State, WaitReason
from sync.engine import opened
from sync.history import entries
from sync.ids import is_id
from sync.schema import SQL
from sync.store import Store
from tests.sync.rows import DESK, NOW, at, department, file

TOWN = timezone(timedelta(hours=-5))


def test_a_row_comes_back_as_it_was_returned(store: Store) -> None:
    with store.writing() as tx:
        department_id = tx.insert("departments", department(), DESK)["id"]
        written = tx.insert(
            "files",
            file(
                42,
                department=department_id,
                facts="Déjà vu : « ça déborde » 🌊👩‍🚒\r\n\tdeuxième ligne",
                wait_reason=WaitReason.WEATHER,
                planned_on=date(2026, 12, 1),
                received_at=datetime(2026, 11, 23, 8, 5, 7, 123_456, tzinfo=TOWN),
                target_why={"due": "2026-12-01", "articles": ["P §4.1"], "skipped": [], "legal": None},
            ),
            DESK,
        )
    with store.reading() as tx:
        read = tx.get("files", written["id"])
    assert read == written
    assert read is not None
    assert is_id(read["id"])
    assert read["version"] == 1
    assert read["created_at"] == read["updated_at"] == NOW
    assert read["received_at"] == datetime(2026, 11, 23, 13, 5, 7, 123_456, tzinfo=UTC)
    assert read["received_at"].tzinfo is UTC
    assert read["state"] is State.NEW
    assert read["wait_reason"] is WaitReason.WEATHER
    assert read["anonymous"] is False
    assert read["closed_at"] is None


def test_a_text_of_20_000_signs_is_kept_whole(store: Store) -> None:
    facts = "é🚒x\n" * 5_000
    with store.writing() as tx:
        made = tx.insert("files", file(1, facts=facts), DESK)
        tx.update("files", made["id"], {"note": facts}, DESK)
    with store.reading() as tx:
        read = tx.get("files", made["id"])
        assert read is not None
        assert read["facts"] == read["note"] == facts
        assert entries(tx, "files", made["id"])[-1].changes["note"] == (None, facts)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"facts": "x" * 20_001}, "facts", "20001 caractères"),
        ({"facts": "avant\x00après"}, "facts", "illisible"),
        ({"facts": "moitié \ud83d"}, "facts", "illisible"),
        ({"target_why": {"steps": ["a\x00b"]}}, "target_why", "illisible"),
        ({"facts": ""}, "facts", "obligatoire"),
        ({"queue_rank": 2**64}, "queue_rank", "trop grand"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(
    store: Store, values: dict[str, Any], field: str, words: str
) -> None:
    with store.writing() as tx, pytest.raises(Refused) as refusal:
        tx.insert("files", file(1, **values), DESK)
    (ground,) = refusal.value.grounds
    assert ground.field == field
    assert words in ground.message
    with store.reading() as tx:
        assert tx.find("files") == []


def test_every_ground_is_told_at_once(store: Store) -> None:
    with store.writing() as tx, pytest.raises(Refused) as refusal:
        tx.insert("departments", {"email": "x" * 300}, DESK)
    assert {ground.field for ground in refusal.value.grounds} == {
        "name", "circuit", "closer", "active", "email",
    }  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {"queue_rank": "3"},
        {"queue_rank": True},
        {"queue_rank": 3.5},
        {"open": 1},
        {"received_at": datetime(2026, 11, 23, 8, 5)},  # noqa: DTZ001
        {"received_at": date(2026, 11, 23)},
        {"queue_day": NOW},
        {"street": 12},
        {"state": "Perdue"},
        {"target_why": object()},
        {"colour": "red"},
    ],
)
def test_a_value_of_another_type_is_a_bug_and_not_a_row(store: Store, values: dict[str, Any]) -> None:
    with store.writing() as tx, pytest.raises((TypeError, ValueError, KeyError)):
        tx.insert("files", file(1, **values), DESK)
    with store.reading() as tx:
        assert tx.find("files") == []


def test_numbers_of_numpy_and_pandas_become_plain_ones(store: Store) -> None:
    moment = pd.Timestamp("2026-11-23 08:05:07.123456", tz="America/Toronto")
    with store.writing() as tx:
        made = tx.insert(
            "files",
            file(
                1,
                queue_rank=np.int64(7),
                open=np.bool_(True),
                received_at=moment,
                closed_at=pd.NaT,
                street=float("nan"),
                sector=np.str_("Nord"),
            ),
            DESK,
        )
        tx.update("files", made["id"], {"queue_rank": np.int32(8)}, DESK)
    with store.reading() as tx:
        read = tx.first("files", queue_rank=np.int64(8))
        assert read is not None
        kind = "typeof(queue_rank)" if store.dialect == "sqlite" else "pg_typeof(queue_rank)::text"
        assert tx.connection.scalar(sa.text(f"SELECT {kind} FROM files")) in {"integer", "bigint"}  # noqa: S608
    assert (read["queue_rank"], read["open"], read["street"], read["closed_at"]) == (8, True, None, None)
    assert type(read["sector"]) is str
    assert read["received_at"] == datetime(2026, 11, 23, 13, 5, 7, 123_456, tzinfo=UTC)
    assert type(made["received_at"]) is datetime


def test_empty_text_of_an_optional_field_is_no_value(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("departments", department(email=""), DESK)
        assert made["email"] is None
        assert tx.update("departments", made["id"], {"email": ""}, DESK)["version"] == 1


def test_the_version_grows_only_with_what_people_edit(store: Store) -> None:
    later = at(NOW + timedelta(hours=1))
    with store.writing() as tx:
        made = tx.insert("files", file(1), DESK)
        counted = tx.update("files", made["id"], {"queue_rank": 9, "acknowledged_at": NOW}, later)
        assert (counted["version"], counted["updated_at"]) == (1, later.at)
        assert tx.update("files", made["id"], {"facts": "Un nid-de-poule.", "open": True}, later) == counted
        edited = tx.update("files", made["id"], {"facts": "Deux nids-de-poule."}, later)
        assert edited["version"] == 2
        assert tx.get("files", made["id"]) == edited


def test_changing_a_row_that_is_not_there_is_a_bug(store: Store) -> None:
    with store.writing() as tx, pytest.raises(LookupError):
        tx.update("files", "01M7ZKQNQ1APKVQKDTVVR1W599", {"facts": "x"}, DESK)


def test_a_key_already_borne_is_refused_and_the_transaction_goes_on(store: Store) -> None:
    with store.writing() as tx:
        tx.insert("departments", department(), DESK)
        other = tx.insert("departments", department(name="Urbanisme"), DESK)
        with pytest.raises(Refused, match="porte déjà") as refusal:
            tx.insert("departments", department(), DESK)
        assert refusal.value.grounds[0].field == "name"
        with pytest.raises(Refused, match="porte déjà"):
            tx.update("departments", other["id"], {"name": "Travaux publics"}, DESK)
        assert tx.insert_once("departments", department(), DESK) is None
        tx.insert("departments", department(name="Environnement"), DESK)
    with store.reading() as reader:
        names = [row["name"] for row in reader.find("departments", ("name",))]
        assert names == ["Environnement", "Travaux publics", "Urbanisme"]
        assert len(entries(reader, "departments", other["id"])) == 1


def test_put_makes_a_row_once_and_changes_it_after(store: Store) -> None:
    key = {"name": "rnc_reading", "valid_from": date(2026, 1, 1)}
    with store.writing() as tx:
        made = tx.put("rules", key, {"value": "semaine_complete", "article": "P §4.2.3"}, DESK)
        again = tx.put("rules", key, {"value": "derniere_semaine", "article": "P §4.1"}, DESK)
        assert again["id"] == made["id"]
        assert again["version"] == 2
        assert tx.put("rules", key, {"value": "derniere_semaine"}, DESK) == again
        assert len(tx.find("rules")) == 1


def test_find_asks_for_a_value_for_none_or_for_any_of_several(store: Store) -> None:
    with store.writing() as tx:
        for number, state in enumerate((State.NEW, State.TAKEN, State.WAITING), start=1):
            street = "rue Shaw" if number == 2 else None
            tx.insert("files", file(number, state=state, street=street, queue_rank=number), DESK)
    with store.reading() as reader:

        def numbers(*order: str, **equals: Any) -> list[int]:
            return [int(row["number"][-1]) for row in reader.find("files", order, **equals)]

        assert numbers("-queue_rank") == [3, 2, 1]
        assert numbers("number", street=None) == [1, 3]
        assert numbers("number", street="rue Shaw") == [2]
        assert numbers("number", state={State.NEW, State.WAITING}) == [1, 3]
        assert numbers(state=[]) == []


def test_names_sort_alike_on_both_databases(store: Store) -> None:
    names = ["Zoo", "arbre", "Eau", "été", "eau-forte", "Éclairage", "2026-00010", "2026-00009"]
    with store.writing() as tx:
        tx.insert_many("departments", [department(name=name) for name in names], DESK)
    with store.reading() as tx:
        assert [row["name"] for row in tx.find("departments", ("name",))] == sorted(names)


def test_many_rows_get_increasing_ids_and_a_history_each(store: Store) -> None:
    with store.writing() as tx:
        born = tx.insert_many("files", [file(number) for number in range(1, 2_502)], DESK)
        assert tx.insert_many("files", [], DESK) == []
    assert born == sorted(set(born))
    with store.reading() as reader:
        assert [row["number"] for row in reader.find("files")] == [f"2026-{n:05d}" for n in range(1, 2_502)]
        (entry,) = entries(reader, "files", born[-1])
        assert entry.changes["number"] == (None, "2026-02501")


def test_an_exception_undoes_the_whole_transaction(store: Store) -> None:
    def write_and_fail() -> None:
        with store.writing() as tx:
            tx.insert("departments", department(), DESK)
            assert tx.next_number("", 2026) == 1
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_and_fail()
    with store.writing() as tx:
        assert tx.find("departments") == []
        assert tx.next_number("", 2026) == 1
        assert tx.connection.scalar(sa.text("SELECT count(*) FROM history")) == 0


def test_a_reading_sees_one_unmoving_picture_and_writes_nothing(store: Store) -> None:
    with store.reading() as before:
        assert before.find("departments") == []
        with store.writing() as tx:
            tx.insert("departments", department(), DESK)
        assert before.find("departments") == []
        with pytest.raises(sa.exc.DBAPIError):
            before.connection.execute(sa.delete(SQL["departments"]))
    with store.reading() as after:
        assert len(after.find("departments")) == 1
    with store.writing() as writer:  # the connection that refused to write is no reading for ever
        writer.insert("departments", department(name="Urbanisme"), DESK)


def test_threads_share_a_store(store: Store) -> None:
    def work(worker: int) -> int:
        for turn in range(5):
            with store.writing() as tx:
                tx.insert("files", file(100 * worker + turn, street=str(tx.next_number("", 2026))), DESK)
            with store.reading() as reader:
                assert reader.first("files", number=f"2026-{100 * worker + turn:05d}") is not None
        return worker

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == list(range(8))
    with store.reading() as reader:
        assert {row["street"] for row in reader.find("files")} == {str(n) for n in range(1, 41)}


def test_whoever_is_kept_waiting_too_long_is_told_so_and_nothing_is_written(
    store: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as tx:
        made = tx.insert("departments", department(), DESK)
    monkeypatch.setattr("sync.engine._PATIENCE_MS", 20)
    hurried = Store.open(store_url)

    def change() -> None:
        with hurried.writing() as other:
            other.update("departments", made["id"], {"rank": 2}, DESK)

    with store.writing() as tx:
        tx.update("departments", made["id"], {"rank": 1}, DESK)
        with pytest.raises(Refused, match="occupée"):
            change()
    change()
    with store.reading() as reader:
        assert (reader.get("departments", made["id"]) or {})["rank"] == 2
    hurried.close()


def test_a_row_that_others_point_at_cannot_go(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("departments", department(), DESK)
        tx.insert("files", file(1, department=made["id"]), DESK)

    def delete() -> None:
        with store.writing() as tx:
            tx.delete("departments", made["id"], DESK)

    with pytest.raises(sa.exc.IntegrityError):
        delete()
    with store.reading() as reader:
        assert len(reader.find("departments")) == 1


def test_a_deleted_row_leaves_its_history(store: Store) -> None:
    with store.writing() as tx:
        made = tx.insert("departments", department(rank=2), DESK)
        with pytest.raises(TypeError):
            tx.delete("departments", made["id"])
        tx.delete("departments", made["id"], DESK)
        tx.delete("departments", made["id"], DESK)
        assert tx.get("departments", made["id"]) is None
        last = entries(tx, "departments", made["id"])[-1]
    assert last.changes["circuit"] == (Circuit.B, None)
    assert last.changes["closer"] == (Closer.DEPARTMENT, None)
    assert last.changes["rank"] == (2, None)


def test_no_error_quotes_what_was_written(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError) as failure, store.writing() as tx:
        tx.connection.execute(
            sa.insert(SQL["citizens"]).values(id="x", name="SENTINELLE", phone_digits="5145550101")
        )
    causes = [str(failure.value), repr(failure.value), str(failure.value.orig), repr(failure.value.orig)]
    assert not any("SENTINELLE" in said or "5145550101" in said for said in causes)


def test_the_file_of_sqlite_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "town" / "guichet.db"
    store = Store.open(f"sqlite:///{path}")
    store.migrate()
    with store.writing() as tx:
        tx.insert("departments", department(), DESK)
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["guichet.db", "guichet.db-shm", "guichet.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.close()


def test_sqlite_survives_a_power_cut_and_overwrites_what_it_deletes(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'guichet.db'}")
    with store.writing() as tx:
        settings = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout")
        }
    store.close()
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://town/guichet"])
def test_only_a_file_or_postgresql_is_a_store(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite|postgresql"):
        Store.open(url)


def test_postgresql_is_spoken_by_psycopg_3_whatever_the_url_says() -> None:
    for scheme in ("postgresql", "postgresql+psycopg", "postgresql+psycopg2", "postgres"):
        engine = opened(f"{scheme}://clerk:secret@db/guichet")
        assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
        assert engine.url.password == "secret"
