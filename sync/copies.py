"""The folder of nightly copies: each is read through once written, and the old ones give way."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from policy.reasons import Refused, refused
from policy.towntime import town_day
from sync import archive, backup
from sync.archive import Manifest, Told
from sync.store import Store

_NAME = re.compile(r"guichet-nuit-(\d{4}-\d{2}-\d{2}-\d{6})\.zip")  # a copy made by hand has another name
_MOMENT = "%Y-%m-%d-%H%M%S"  # UTC


@dataclass(frozen=True)
class Folder:
    """Where copies go, and how many stay: the last one of so many days, weeks and months."""

    path: Path
    daily: int
    weekly: int
    monthly: int


@dataclass(frozen=True)
class Made:
    """A copy that was written and read through; ``gone`` are the old ones that gave way."""

    path: Path
    manifest: Manifest
    size: int  # bytes
    gone: tuple[Path, ...]


def make(store: Store, folder: Folder, at: datetime, key: bytes | None, told: Told) -> Made:
    """Write tonight's copy, read it through, then let old ones go. Raises ``Refused``.

    Nothing is let go unless tonight's is there and whole: the last good copy always stays.
    """
    path = folder.path / f"guichet-nuit-{at.astimezone(UTC):{_MOMENT}}.zip"
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise refused(f"{folder.path} ne peut pas être créé : vérifiez le disque et les droits.") from None
    _clear_halves(folder.path)
    manifest = backup.back_up(store, path, at, key, told, replace=True)
    try:
        read_through(path, key)
    except Refused:
        path.unlink(missing_ok=True)
        raise refused(
            f"{path} : la copie écrite ne se relit pas telle qu'elle a été écrite. Elle est effacée, les "
            "précédentes restent ; vérifiez ce disque."
        ) from None
    return Made(path, manifest, path.stat().st_size, tuple(_let_go(folder, path, manifest, key)))


def read_through(path: Path, key: bytes | None) -> Manifest:
    """Read a copy to its end; its manifest. Raises ``Refused`` when a byte is not as it was written."""
    with archive.opened(path, key) as held:
        for part in held.manifest.parts:
            for _ in held.rows(part):
                pass
        return held.manifest


def staying(moments: Iterable[datetime], folder: Folder) -> set[datetime]:
    """Those that stay: of each of the last days, weeks (Monday to Sunday) and months in town that have one,
    the last one."""
    newest_first = sorted(moments, reverse=True)
    kept: set[datetime] = set()
    for count, named in ((folder.daily, _day), (folder.weekly, _week), (folder.monthly, _month)):
        last: dict[object, datetime] = {}
        for moment in newest_first:
            last.setdefault(named(town_day(moment)), moment)
        kept.update(list(last.values())[:count])
    return kept


def on_same_disk(folder: Path, data: Path) -> bool:
    """Whether what befalls the disk of the data befalls the copies too."""
    try:
        return folder.stat().st_dev == data.stat().st_dev
    except OSError:
        return False


def _let_go(folder: Folder, tonight: Path, manifest: Manifest, key: bytes | None) -> Iterable[Path]:
    found = {moment: path for path in folder.path.iterdir() if (moment := _moment_of(path)) is not None}
    stay = staying(found, folder)
    for moment, path in sorted(found.items()):
        if moment in stay or path == tonight or not _is_ours(path, manifest, key):
            continue
        path.unlink(missing_ok=True)
        yield path


def _is_ours(path: Path, manifest: Manifest, key: bytes | None) -> bool:
    """Whether an old copy is of this town: another town's, in the same folder, is not ours to let go.

    One that does not open any more is no copy.
    """
    try:
        with archive.opened(path, key) as held:
            return held.manifest.head.lineage == manifest.head.lineage
    except Refused:
        return True


def _moment_of(path: Path) -> datetime | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _clear_halves(folder: Path) -> None:
    """What a copy that was cut off left under its temporary name."""
    for left in folder.glob(".guichet-nuit-*.zip.*"):
        writer = left.name.rpartition(".")[2]
        if not (writer.isdigit() and _lives(int(writer))):
            left.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _day(day: date) -> object:
    return day


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month
