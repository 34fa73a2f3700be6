"""A restore in the middle of a month: no number twice, no list twice, a person asked first."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from desk import complaint_file, files, forgotten, holds, postbook, purge
from desk.scope import NotFound
from desk.today import today
from desk.visits import Visit
from jobs.nights import Watchman
from policy.roles import System
from sync import audit, copies, hold
from sync.epoch import Epoch
from sync.history import Author, Whence
from sync.restore import Order, restore
from sync.states import MailKind, TaskKind
from sync.store import Store
from tests.cast import Cast, moment
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.jobs.post import Tray, look
from tests.sync.backups import read, silent

KEY = b"0123456789abcdef0123456789abcdef"
NIGHT = moment("Fri 2026-11-20 03:00")
RNC = moment("Mon 2026-11-23 08:05")
AFTER = moment("Tue 2026-11-24 10:00")
RESTORED = moment("Wed 2026-11-25 10:00")
FIRST = moment("Mon 2026-11-02 08:05")
DECEMBER = moment("Tue 2026-12-01 08:05")


def restored(cast: Cast, copy: Path, at: datetime) -> Epoch:
    """As ``python -m sync restore`` does it."""

    def forget(store: Store, table: str, record: str) -> None:
        visit = Visit(replace(cast.house, store=store), at, system=System.SETUP, whence=Whence.COMMAND)
        forgotten.forget_again(visit, table, record)

    by = Author(System.SETUP, "Reprise", Whence.COMMAND, at, "reprendre une copie de sauvegarde")
    order = Order(by, copy.with_name("remplace.zip"), seal_key=KEY)
    with read(copy, key=KEY) as ready:
        return restore(cast.house.store, ready, order, forget, silent)


def test_the_whole_story(cast: Cast, tmp_path: Path) -> None:
    tray = Tray()
    look(cast, FIRST, tray)
    early = opened(cast, facts="Une plainte contre un employé, sentinelle")
    held = opened(cast, at=moment("Thu 2026-11-19 09:00"))

    folder = copies.Folder(tmp_path / "copies", 14, 8, 12)
    night = Watchman(cast.house, KEY, folder, 3, tmp_path, lambda: NIGHT, "horloge", lambda name: True)
    assert night.work() == ()
    (copy,) = folder.path.iterdir()

    # after the copy: the RNC leaves, numbers are told, a file becomes a complaint, another is held
    look(cast, RNC, tray)
    told = [opened(cast, at=AFTER + timedelta(minutes=each)).number for each in range(3)]
    purged = purge.become_complaint(cast.visit("technician", AFTER), early.id, "C'est une plainte")
    holds.place(cast.visit("general", AFTER), held.number, "Litige")
    look(cast, AFTER + timedelta(hours=1), tray)
    rnc = [row["to_address"] for row in kept(cast, "mails", kind=MailKind.RNC)]
    assert rnc

    begun = restored(cast, copy, RESTORED)
    assert (begun.complaints, begun.holds, len(begun.forgotten) > 0) == (1, 1, True)
    cast = replace(cast, _sessions={})  # everybody signs in again

    # a person is asked first: nothing is drawn up, nothing leaves, and the desk sees why
    quiet = Tray()
    for at in (RESTORED, RESTORED + timedelta(hours=2)):
        report = look(cast, at, quiet)
        assert report.drawn == () and "confirmé" in report.troubles[0]
    assert quiet.parcels == []
    technician = cast.visit("technician", RESTORED)
    (task,) = [each for each in postbook.tasks(technician) if each["kind"] is TaskKind.RESTORED]
    assert "Aucun courriel ne part" in task["words"]
    assert [each for each in today(technician).waiting if each.address == "/courriels"]

    # what was erased stays erased, what it became is there, the hold still holds
    try:
        files.open(technician, early.number)
        raise AssertionError("the file that became a complaint is back")
    except NotFound:
        pass
    found = complaint_file.opened(cast.visit("director", RESTORED), purged.number)
    assert "sentinelle" in found.complaint.facts and found.steps
    assert [each.number for each in holds.holds(cast.visit("clerk", RESTORED))] == [held.number]

    # no number twice
    again = opened(cast, at=RESTORED)
    assert again.number not in {early.number, held.number, *told}
    assert int(again.number[5:]) == int(max(told)[5:]) + 1

    # once confirmed, what is due goes on, and no list a second time
    postbook.settle(technician, task["id"])
    with cast.house.store.reading() as tx:
        assert hold.since(tx) is None
    for at in (RESTORED + timedelta(minutes=30), moment("Fri 2026-11-27 08:05"), DECEMBER):
        look(cast, at, tray)
    lists = Counter(
        (parcel.name.split("_")[2], parcel.name[:7], parcel.recipient)
        for parcel in tray.parcels
        if "liste" in parcel.name
    )
    assert set(lists.values()) == {1}
    assert {kind for kind, _, _ in lists} == {"liste-rnc", "listes-du-conseil"}
    assert sorted(who for kind, _, who in lists if kind == "liste-rnc") == sorted(rnc)
    with cast.house.store.reading() as tx:
        assert audit.verify(tx, KEY) == []
