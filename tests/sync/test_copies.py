"""The folder of nightly copies: read through, old ones give way, the last good one never does."""

import errno
import os
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policy.reasons import Refused
from sync import archive, backup, copies
from sync.copies import Folder
from sync.store import Store
from tests.cast import moment
from tests.sync.backups import read, silent
from tests.sync.rows import DESK, file

NIGHT = moment("Tue 2026-11-24 03:00")


@pytest.fixture
def town(store: Store) -> Store:
    with store.writing() as tx:
        tx.insert("files", file(1), DESK)
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "copies", 3, 2, 2)


def make(town: Store, folder: Folder, at: datetime = NIGHT) -> copies.Made:
    return copies.make(town, folder, at, None, silent)


def names(folder: Folder) -> list[str]:
    return sorted(path.name for path in folder.path.iterdir())


def test_a_copy_made_at_night_is_restored_as_any_other(town: Store, folder: Folder) -> None:
    made = make(town, folder)
    assert made.path.name == "guichet-nuit-2026-11-24-080000.zip" and made.manifest.count("files") == 1
    assert made.path.stat().st_mode & 0o777 == 0o600
    with read(made.path) as ready, ready.store.reading() as tx:
        assert [row["number"] for row in tx.find("files")] == ["2026-00001"]


def test_the_last_of_each_day_week_and_month_stays() -> None:
    kept = Folder(Path(), 2, 3, 3)
    nights = [moment("Mon 2026-08-31 03:00") + timedelta(days=each) for each in range(92)]  # to 30 November
    days = sorted(f"{each:%m-%d}" for each in copies.staying(nights, kept))
    assert days == ["09-30", "10-31", "11-22", "11-29", "11-30"]
    assert copies.staying(nights[-1:], kept) == {nights[-1]}


def test_old_copies_give_way_and_a_second_one_of_the_day_to_the_last(town: Store, folder: Folder) -> None:
    for back in (9, 8, 7, 2, 1):
        make(town, folder, NIGHT - timedelta(days=back))
    first = make(town, folder)
    again = make(town, folder, NIGHT + timedelta(hours=5))
    assert first.path in again.gone
    assert names(folder) == [
        f"guichet-nuit-{each}.zip" for each in ("2026-11-22-080000", "2026-11-23-080000", "2026-11-24-130000")
    ]


def test_copies_made_by_hand_and_those_of_another_town_stay(
    town: Store, folder: Folder, tmp_path: Path
) -> None:
    folder.path.mkdir()
    by_hand = folder.path / "guichet-2020-01-01-030000.zip"
    backup.back_up(town, by_hand, NIGHT, None, silent)
    other = Store.open(f"sqlite:///{tmp_path / 'autre.db'}")
    other.migrate()
    with other.writing() as tx:
        tx.insert("files", file(7), DESK)
    theirs = make(other, folder, NIGHT - timedelta(days=400)).path
    (folder.path / "notes.txt").write_text("x")
    for back in range(8, -1, -1):
        make(town, folder, NIGHT - timedelta(days=back))
    other.close()
    assert by_hand.exists() and theirs.exists() and (folder.path / "notes.txt").exists()
    assert [name[13:23] for name in names(folder) if name.startswith("guichet-nuit")] == [
        "2025-10-20", "2026-11-22", "2026-11-23", "2026-11-24",
    ]  # fmt: skip


def test_a_copy_that_does_not_read_back_is_said_and_lets_nothing_go(
    town: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for back in (5, 4, 3, 2):
        make(town, folder, NIGHT - timedelta(days=back))
    before = names(folder)
    write = archive.write

    def damaged(tx: Any, out: Any, *rest: Any) -> Any:
        made = write(tx, out, *rest)
        with zipfile.ZipFile(out) as zipped:
            member = max(zipped.infolist(), key=lambda each: each.compress_size)
        place = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
        out.seek(place)
        byte = out.read(1)
        out.seek(place)
        out.write(bytes([byte[0] ^ 0xFF]))
        return made

    monkeypatch.setattr(archive, "write", damaged)
    with pytest.raises(Refused, match="ne se relit pas"):
        make(town, folder)
    assert names(folder) == before


def test_a_full_disk_is_said_and_leaves_what_was_there(
    town: Store, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(town, folder, NIGHT - timedelta(days=1))
    before = names(folder)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "open", full)
    with pytest.raises(Refused, match="le disque est plein"):
        make(town, folder)
    assert names(folder) == before


def test_what_a_copy_cut_off_left_is_cleared_and_one_under_way_is_not(town: Store, folder: Folder) -> None:
    folder.path.mkdir()
    gone = folder.path / ".guichet-nuit-2026-11-23-080000.zip.999999999"
    mine = folder.path / f".guichet-nuit-2026-11-23-080000.zip.{os.getpid()}"
    gone.write_bytes(b"half")
    mine.write_bytes(b"half")
    make(town, folder)
    assert not gone.exists() and mine.exists()


def test_a_folder_that_cannot_be_made_is_said(town: Store, folder: Folder) -> None:
    folder.path.parent.joinpath("copies").write_text("a file")
    with pytest.raises(Refused, match="ne peut pas être créé"):
        make(town, folder)
