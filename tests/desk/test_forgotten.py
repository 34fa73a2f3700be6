"""A restored store that holds again what became a complaint since forgets it again, and says it nowhere."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from desk import attachments, forgotten, postbook, purge
from desk.house import House
from desk.outbox import Parcel
from desk.visits import Visit
from jobs.clock import tick
from policy.roles import System
from policy.words import Nature
from sync import audit, hold
from sync.history import Whence
from sync.link_tables import TOMBSTONES
from sync.restore import Order, restore
from sync.schema import METADATA
from sync.states import MailState, TaskKind
from sync.store import Store
from tests.cast import WORKS, Cast, moment
from tests.desk.documents import PDF
from tests.desk.filing import TEN, filed, kept, stands
from tests.jobs.post import RNC_DAY, Tray, look
from tests.sync.backups import BY, read, silent, taken

WORD = "sentinelle"


def everywhere(store: Store) -> str:
    """All that the store says, one way or another."""
    with store.reading() as tx:
        return "\n".join(
            repr(row) for table in METADATA.sorted_tables for row in tx.connection.execute(sa.select(table))
        )


def restored(cast: Cast, path: Path) -> None:
    """The town restored from that file, as the command does it."""

    def forget(store: Store, table: str, record: str) -> None:
        there = replace(cast.house, store=store)
        visit = Visit(there, BY.at, system=System.SETUP, whence=Whence.COMMAND)
        forgotten.forget_again(visit, table, record)

    with read(path) as ready:
        restore(cast.house.store, ready, Order(BY, path.with_name("avant.zip")), forget, silent)


def test_a_file_that_became_a_complaint_after_the_backup_is_forgotten_again(
    cast: Cast, tmp_path: Path
) -> None:
    with cast.house.store.writing() as tx:
        citizen = tx.insert("citizens", {"name": f"{WORD} Roy"}, BY)["id"]
    file = filed(cast, "2026-00007", WORKS, facts=f"Un employé… {WORD}", note=WORD, citizen=citizen)
    twin = filed(cast, "2026-00008", WORKS, duplicate_of=file["id"])
    attachments.add(cast.visit("technician", TEN), file["number"], [(f"{WORD}.pdf", PDF)])
    taken(cast.house.store, tmp_path / "copie.zip")
    purge.become_complaint(cast.visit("technician", TEN), file["id"], "C'est une plainte")
    restored(cast, tmp_path / "copie.zip")
    assert WORD not in everywhere(cast.house.store).casefold()
    emptied = stands(cast, file)
    assert (emptied["number"], emptied["nature"]) == ("2026-00007", Nature.COMPLAINT)
    assert stands(cast, twin)["duplicate_of"] is None
    assert kept(cast, "citizens", id=citizen) == []
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []
        assert file["id"] in {row["record"] for row in tx.rows(sa.select(TOMBSTONES))}


def test_what_is_not_there_is_left_alone(cast: Cast) -> None:
    visit = Visit(cast.house, TEN, system=System.SETUP, whence=Whence.COMMAND)
    before = everywhere(cast.house.store)
    forgotten.forget_again(visit, "files", "jamais vu")
    assert everywhere(cast.house.store) == before


def test_after_a_restore_no_list_is_drawn_up_and_no_mail_leaves_until_a_person_says_so(
    cast: Cast, tmp_path: Path
) -> None:
    filed(cast)
    taken(cast.house.store, tmp_path / "copie.zip")
    restored(cast, tmp_path / "copie.zip")
    tray = Tray()
    report = look(cast, RNC_DAY, tray)
    assert (report.drawn, tray.parcels) == ((), [])
    assert "tant que personne ne l'a confirmé" in report.troubles[0]
    with cast.house.store.writing() as tx:
        hold.end(tx, BY)
    report = tick(cast.house, tray, lambda: RNC_DAY, "essai", lambda name: True)
    assert report.drawn and tray.parcels and not report.troubles


def test_the_desk_sees_that_a_restore_is_to_be_confirmed_and_confirms_it(cast: Cast, tmp_path: Path) -> None:
    taken(cast.house.store, tmp_path / "copie.zip")
    restored(cast, tmp_path / "copie.zip")
    technician = cast.visit("technician", TEN)  # who signs in again
    (task,) = postbook.tasks(technician)
    assert task["kind"] is TaskKind.RESTORED and "Aucun courriel ne part" in task["words"]
    postbook.settle(technician, task["id"])
    with cast.house.store.reading() as tx:
        assert hold.since(tx) is None


class Interrupted(Tray):
    """A carrier during whose first mail the store is restored."""

    house: House

    def carry(self, parcel: Parcel) -> None:
        super().carry(parcel)
        if len(self.parcels) == 1:
            with self.house.store.writing() as tx:
                hold.begin(tx, "Repris.", BY)


def test_a_round_of_mails_stops_where_the_store_was_restored(cast: Cast) -> None:
    tray = Interrupted()
    tray.house = cast.house
    look(cast, moment("Mon 2026-11-02 08:05"), tray)
    assert len(tray.parcels) == 1
    assert len(kept(cast, "mails", state=MailState.READY)) == 2
