"""A restore is whole or not at all, on either database; what happened since the backup is not forgotten."""

import itertools
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from desk import ledger
from policy.numbering import Number, Series
from policy.reasons import Refused
from sync import cells, engine, epoch, hold, restore, seals
from sync.audit import verify
from sync.link_tables import LINKS, REMOTES, TOMBSTONES, Tie
from sync.restore import Order
from sync.schema import HISTORY, SQL
from sync.states import MailKind, MailState, TaskKind
from sync.store import Store, Writing
from tests.keys import KEYS
from tests.sync.backups import BY, LATER, back, contents, nothing, read, silent, taken
from tests.sync.private_rows import SENTINEL, complaint
from tests.sync.rows import DESK, NOW, at, file

SINCE = NOW + timedelta(hours=1)  # after the backup, before the restore
OWN = ("tasks", "history", "sessions")  # what a restore itself writes in


def mail(key: str, **values: Any) -> dict[str, Any]:
    return {
        "kind": MailKind.RNC,
        "key": key,
        "to_address": "julie@prevost.test",
        "subject": f"Liste {key}",
        "message_id": f"<{key}@prevost.test>",
        "message": b"From: x\n\nBonjour",
        "state": MailState.READY,
        "attempts": 0,
        "doubtful": False,
        "late": False,
        **values,
    }


@pytest.fixture
def busy(store: Store) -> Store:
    """A store with a file, a private one, a number given, a mail that waits, somebody signed in."""
    with store.writing() as tx:
        account = tx.insert("accounts", account_of("Luc"), DESK)["id"]
        session = {"token_hash": "x", "account": account, "expires_at": LATER + timedelta(days=1)}
        tx.insert("sessions", session, DESK)
        tx.insert("files", file(tx.next_number("", 2026)), DESK)
        tx.insert("complaints", complaint(tx.next_number("P", 2026)), DESK)
        tx.insert("mails", mail("rnc"), DESK)
    return store


def account_of(name: str) -> dict[str, Any]:
    return {"name": name, "email": f"{name}@prevost.test", "roles": [], "departments": [], "active": True}


@pytest.fixture
def copy(busy: Store, tmp_path: Path) -> Path:
    """Its backup."""
    path = tmp_path / "copie.zip"
    taken(busy, path)
    return path


def address_of(store: Store) -> str:
    with store.reading() as tx:
        return tx.connection.engine.url.render_as_string(hide_password=False)


def one(store: Store, table: str, **equals: Any) -> Any:
    with store.reading() as tx:
        found = tx.first(table, **equals)
    assert found is not None
    return found


def test_a_backup_is_restored_into_an_empty_store_of_either_database(
    busy: Store, copy: Path, empty_url: str
) -> None:
    before = contents(busy, *OWN)
    other = Store.open(empty_url, KEYS)
    other.migrate()
    back(other, copy)
    assert contents(other, *OWN) == before
    with other.reading() as tx:
        assert verify(tx) == []
        assert SENTINEL in (tx.first("complaints") or {})["facts"]
    with other.writing() as tx:  # and it goes on: history, search and numbers find their places
        assert tx.next_number("", 2026) == 2
        tx.insert("files", file(2), at(LATER))
        tx.update("files", (tx.first("files", number="2026-00001") or {})["id"], {"civic": "12"}, at(LATER))
    with other.reading() as tx:
        assert verify(tx) == []
    other.close()


def test_a_store_that_holds_rows_is_replaced_and_what_it_held_is_kept_beside(busy: Store, copy: Path) -> None:
    before = contents(busy, *OWN)
    with busy.writing() as tx:
        tx.insert("files", file(7, facts="Inscrite depuis."), at(SINCE))
    back(busy, copy)
    assert contents(busy, *OWN) | {"series": ()} == before | {"series": ()}
    with busy.reading() as tx:
        assert verify(tx) == []
    with read(copy.with_name("avant.zip")) as kept, kept.store.reading() as tx:
        assert (tx.first("files", number="2026-00007") or {})["facts"] == "Inscrite depuis."


def test_a_store_that_holds_rows_is_not_replaced_without_a_place_to_keep_them(
    busy: Store, copy: Path
) -> None:
    before = contents(busy)
    with pytest.raises(Refused, match="n'est pas vide"):
        back(busy, copy, before=None)
    assert contents(busy) == before


def test_the_backup_of_another_town_replaces_nothing(busy: Store, copy: Path, tmp_path: Path) -> None:
    other = Store.open(f"sqlite:///{tmp_path / 'ailleurs.db'}", KEYS)
    other.migrate()
    with other.writing() as tx:
        tx.insert("files", file(3), DESK)
    before = contents(other)
    with pytest.raises(Refused, match="autre ville"):
        back(other, copy)
    assert contents(other) == before
    other.close()


class Broken(Exception):
    """What a crash is, for a transaction."""


def boundaries(monkeypatch: pytest.MonkeyPatch, fatal: int) -> Callable[[], int]:
    """Every call that a restore makes of its own steps is counted; the one of that rank breaks."""
    count = itertools.count()
    seen = [0]

    def breaking(place: Any, name: str) -> None:
        real = getattr(place, name)

        def step(*given: Any, **named: Any) -> Any:
            seen[0] = next(count)
            if seen[0] == fatal:
                raise Broken
            return real(*given, **named)

        monkeypatch.setattr(place, name, step)

    breaking(cells, "lay")
    for name in ("begin", "held", "_take_mails", "_take_accounts", "_hush"):
        breaking(epoch, name)
    for name in ("_alone", "_lay_down", "_go_on_counting"):
        breaking(restore, name)
    return lambda: seen[0]


def test_cut_short_anywhere_a_restore_leaves_the_store_as_it_was(
    busy: Store, copy: Path, tmp_path: Path
) -> None:
    with busy.writing() as tx:
        tx.insert("files", file(7), at(SINCE))
        tx.insert("mails", mail("depuis", state=MailState.SENT), at(SINCE))
    before = contents(busy)
    fatal = 0
    while True:
        with pytest.MonkeyPatch.context() as patch:
            boundaries(patch, fatal)
            try:
                back(busy, copy)
                break
            except Broken:
                assert contents(busy) == before, fatal
        fatal += 7 if fatal < 40 else 11
    assert fatal > len(cells.KEPT), "the steps of the laying down were counted"
    with busy.reading() as tx:
        assert verify(tx) == []


def test_whoever_was_signed_in_signs_in_again(busy: Store, copy: Path) -> None:
    back(busy, copy)
    with busy.reading() as tx:
        assert [row["ended_at"] for row in tx.find("sessions")] == [LATER]


def test_numbers_go_on_past_all_that_anybody_was_told(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        assert list(tx.next_numbers("", 2026, 40))[-1] == 41
        tx.insert("complaints", complaint(5), at(SINCE))
        tx.insert("mails", mail("accuse", subject="Votre demande 2026-00077 est reçue"), at(SINCE))
    begun = back(busy, copy, numbers=[Number(Series.ACCESS, 2026, 12)])
    assert begun.last == {"2026": 77, "A2026": 12, "P2026": 5}
    with busy.writing() as tx:
        assert tx.next_number("", 2026) == 78
        assert tx.next_number("P", 2026) == 6
        assert tx.next_number("A", 2026) == 13


def test_a_list_that_left_after_the_backup_does_not_leave_again(busy: Store, copy: Path) -> None:
    run = {"kind": "RNC", "month": "2026-11", "due_on": NOW.date(), "outcome": "Dressée", "drawn_at": SINCE}
    with busy.writing() as tx:
        waiting = tx.first("mails", key="rnc") or {}
        sent = {"state": MailState.SENT, "sent_at": SINCE, "attempts": 1}
        tx.update("mails", waiting["id"], sent, at(SINCE))
        drawn = tx.insert("list_runs", run, at(SINCE))["id"]
        new = tx.insert("files", file(7), at(SINCE))["id"]
        tx.insert("mails", mail("depuis", run=drawn, state=MailState.SENT, sent_at=SINCE), at(SINCE))
        tx.insert("mails", mail("d'un dossier perdu", file=new, state=MailState.SENT), at(SINCE))
    begun = back(busy, copy)
    assert (begun.mails, begun.waiting) == (3, 0)
    assert one(busy, "mails", key="rnc")["state"] is MailState.SENT
    assert one(busy, "mails", key="depuis")["run"] == drawn
    assert one(busy, "list_runs", month="2026-11")["id"] == drawn
    assert one(busy, "mails", key="d'un dossier perdu")["file"] is None
    with busy.reading() as tx:
        assert verify(tx) == []


def test_a_letter_drawn_up_twice_between_restores_is_one_letter_that_left(
    busy: Store, tmp_path: Path
) -> None:
    with busy.writing() as tx:
        tx.insert("mails", mail("k"), DESK)
    taken(busy, tmp_path / "b.zip")
    with busy.writing() as tx:
        tx.connection.execute(sa.delete(SQL["mails"]).where(SQL["mails"].c.key == "k"))
        again = mail("k", message_id="<k2@prevost.test>", state=MailState.SENT, sent_at=SINCE)
        tx.insert("mails", again, at(SINCE))
    back(busy, tmp_path / "b.zip")
    assert one(busy, "mails", key="k")["state"] is MailState.SENT


def test_whoever_was_acknowledged_after_the_backup_stays_acknowledged(busy: Store, tmp_path: Path) -> None:
    with busy.writing() as tx:
        id = (tx.first("files") or {})["id"]
        acknowledgement = mail("accuse", kind=MailKind.ACKNOWLEDGEMENT, file=id)
        tx.insert("mails", acknowledgement, DESK)
    taken(busy, tmp_path / "b.zip")
    with busy.writing() as tx:
        posted = (tx.first("mails", key="accuse") or {})["id"]
        tx.update("mails", posted, {"state": MailState.SENT, "sent_at": SINCE}, at(SINCE))
        tx.update("files", id, {"acknowledged_at": SINCE}, at(SINCE))
    back(busy, tmp_path / "b.zip")
    assert one(busy, "files", id=id)["acknowledged_at"] == SINCE


def test_nothing_leaves_before_a_person_says_so(busy: Store, copy: Path) -> None:
    begun = back(busy, copy)
    assert begun.waiting == 1
    with busy.writing() as tx:
        assert hold.since(tx) == LATER
        assert ledger.give_up(tx, BY) == 1
        assert hold.end(tx, BY) == 1
        assert hold.since(tx) is None
    given_up = one(busy, "mails", key="rnc")
    assert given_up["state"] is MailState.REFUSED
    task = one(busy, "tasks", key=f"refus:{given_up['id']}")
    assert (task["kind"], task["done_at"]) == (TaskKind.MAIL_REFUSED, None), "the desk has it to do"


def test_an_account_closed_since_stays_closed_and_its_new_password_stays(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        luc = (tx.first("accounts", name="Luc") or {})["id"]
        tx.update("accounts", luc, {"active": False, "password": "nouveau"}, at(SINCE))
        tx.insert("accounts", account_of("Zoé"), at(SINCE))
    begun = back(busy, copy)
    assert (begun.closed, begun.lost) == (("Luc",), ("Zoé",))
    account = one(busy, "accounts", id=luc)
    assert (account["active"], account["password"]) == (False, "nouveau")
    with busy.reading() as tx:
        assert verify(tx) == []


def test_what_was_being_typed_is_kept(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        luc = (tx.first("accounts", name="Luc") or {})["id"]
        draft = {"account": luc, "record": "nouvelle", "field": "facts", "value": "Un arb", "typed_at": SINCE}
        tx.insert("drafts", draft, at(SINCE))
    assert back(busy, copy).drafts == 1
    assert one(busy, "drafts", account=luc)["value"] == "Un arb"


def remote(tx: Writing, **values: Any) -> None:
    row = {"name": "airtable", "label": "Airtable", "stamp": "d'ici", "memory": "{}", "reserved": 3}
    tx.connection.execute(sa.insert(REMOTES).values({**row, **values}))


def remotes(store: Store) -> list[Any]:
    with store.reading() as tx:
        return tx.rows(sa.select(REMOTES))


def test_nothing_is_written_to_a_remote_before_a_person_says_so(busy: Store, tmp_path: Path) -> None:
    with busy.writing() as tx:
        remote(tx, listed_at=NOW, leased_to="un autre", leased_until=LATER)
    taken(busy, tmp_path / "b.zip")
    with busy.writing() as tx:
        tx.connection.execute(sa.update(REMOTES).values(stamp="d'ici encore", reserved=9))
    assert back(busy, tmp_path / "b.zip").remotes == ("Airtable",)
    (row,) = remotes(busy)
    assert (row["restored_at"], row["stamp"], row["reserved"]) == (LATER, "d'ici encore", 9)
    assert (row["listed_at"], row["leased_to"], row["leased_until"]) == (None, None, None)


def test_a_remote_that_began_after_the_backup_is_still_known(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        remote(tx, listed_at=NOW)
    back(busy, copy)
    (row,) = remotes(busy)
    assert (row["stamp"], row["restored_at"], row["listed_at"]) == ("d'ici", LATER, None)


def test_what_was_erased_since_is_erased_again_here_and_there(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        remote(tx)
        id = (tx.first("files") or {})["id"]
        link = {"id": "L", "remote": "airtable", "table_name": "files", "record": id, "key": "rec1",
                "tie": Tie.PURGED.value, "since": SINCE}  # fmt: skip
        tx.connection.execute(sa.insert(LINKS).values(**link))
        tx.connection.execute(sa.insert(TOMBSTONES).values(table_name="files", record=id, at=SINCE))
        tx.shred("files", id, at(SINCE))
    again = []

    def forget(store: Store, table: str, record: str) -> None:
        with store.writing() as writing:
            writing.shred(table, record, BY)
        again.append((table, record))

    assert back(busy, copy, forget).forgotten == (("files", id),)
    assert again == [("files", id)]
    with busy.reading() as seen:
        assert seen.get("files", id) is None
        assert verify(seen) == []
        said = [row["changes"] for row in seen.rows(sa.select(HISTORY).where(HISTORY.c.record == id))]
        assert "nid-de-poule" not in "".join(said)
        assert [row["record"] for row in seen.rows(sa.select(TOMBSTONES))] == [id]
        (kept,) = seen.rows(sa.select(LINKS))
        assert (kept["tie"], kept["key"]) == (Tie.PURGED.value, "rec1")


def test_counters_of_the_database_never_go_back(busy: Store, copy: Path) -> None:
    with busy.writing() as tx:
        for number in range(10, 30):
            tx.insert("files", file(number), at(SINCE))
        highest = tx.scalar(sa.select(sa.func.max(HISTORY.c.seq)))
    back(busy, copy)
    with busy.writing() as tx:
        tx.insert("files", file(50), at(LATER))
        assert tx.scalar(sa.select(sa.func.max(HISTORY.c.seq))) > highest


def test_what_was_sealed_before_the_backup_still_holds(busy: Store, tmp_path: Path) -> None:
    key = b"0123456789abcdef0123456789abcdef"
    with busy.writing() as tx:
        witness = seals.seal(tx, key, NOW).witness
    taken(busy, tmp_path / "b.zip")
    with busy.writing() as tx:
        later = seals.seal(tx, key, SINCE).witness
    back(busy, tmp_path / "b.zip")
    with busy.reading() as tx:
        assert verify(tx, key, witness) == []
        assert verify(tx, key, later) != [], "a seal set since is not there any more, and it shows"


def test_without_room_for_the_backup_beside_nothing_is_touched(
    busy: Store, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(busy)

    def full(*given: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(cells, "lay", full)
    with pytest.raises(Refused, match="la place manque"):
        back(busy, copy)
    assert contents(busy) == before


def test_a_store_that_others_keep_busy_is_left_as_it_was(
    busy: Store, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(busy)
    monkeypatch.setattr(engine, "_PATIENCE_MS", 1)
    impatient = Store.open(address_of(busy), KEYS)
    with busy.writing() as tx:
        tx.connection.execute(sa.update(SQL["files"]).values(civic="9"))
        with read(copy) as ready, pytest.raises(Refused, match="occupée"):
            restore.restore(impatient, ready, Order(BY, copy.with_name("avant.zip")), nothing, silent)
        tx.connection.execute(sa.update(SQL["files"]).values(civic=None))
    assert contents(busy) == before
    impatient.close()
