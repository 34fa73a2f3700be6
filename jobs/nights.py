"""The work of the night: seal, review, erase from the disk, copy; each once, and made up for when missed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from desk import keeping_work
from desk.contents import size_words
from desk.house import House
from desk.letters import many
from policy.reasons import Refused
from policy.towntime import to_town
from sync import copies, nights, seals
from sync.states import NightWork
from sync.store import Writing

NIGHTLY = range(nights.HOUR, nights.HOUR + 3)  # the hours in which whoever works may be kept waiting


@dataclass(frozen=True)
class Watchman:
    """Who does it: the house, the seals' key, the folder of copies if any, the name of this process."""

    house: House
    seal_key: bytes | None
    folder: copies.Folder | None
    copy_hour: int
    data: Path
    clock: Callable[[], datetime]
    me: str
    is_gone: Callable[[str], bool]

    def work(self) -> tuple[str, ...]:
        """Do what is due; the troubles, as French sentences, as long as they last."""
        return tuple(
            trouble for act in (self._seal, self._keep, self._sweep, self._copy) if (trouble := act())
        )

    def _seal(self) -> str:
        if self.seal_key is None:
            return ""
        key = self.seal_key

        def act(tx: Writing, at: datetime) -> str:
            made = seals.seal(tx, key, at)
            return f"Sceau no {made.number}, témoin {made.witness}"

        return self._at_once(NightWork.SEAL, act)

    def _at_once(self, work: NightWork, act: Callable[[Writing, datetime], str]) -> str:
        """A short work, in the very transaction that says it is done."""
        at = self.clock()
        day = nights.night_of(at)
        try:
            with self.house.store.reading() as tx:
                if not nights.is_due(tx, work, day, at, self.is_gone):
                    return ""
            with self.house.store.writing() as tx:
                if nights.claim(tx, work, day, self.me, at, self.is_gone):
                    nights.finish(tx, work, day, self.me, at, act(tx, at))
        except Refused as refusal:  # others write too long: the next look does it
            return f"{work} : {refusal}"
        return ""

    def _keep(self) -> str:
        """The review of the night; then what a person agreed to, at any hour, a little at a time."""
        at, work = self.clock(), NightWork.KEEPING
        day = nights.night_of(at)
        try:
            with self.house.store.reading() as tx:
                due = nights.is_due(tx, work, day, at, self.is_gone)
            if due:
                with self.house.store.writing() as tx:
                    due = nights.claim(tx, work, day, self.me, at, self.is_gone)
            if due:
                found = keeping_work.review(self.house, at)
                words = f"Au terme : {found.found} ; plus au terme : {found.gone}"
                with self.house.store.writing() as tx:
                    nights.finish(tx, work, day, self.me, self.clock(), words)
            keeping_work.carry_out(self.house, self.clock)
        except Refused as refusal:
            return f"{work} : {refusal}"
        return ""

    def _sweep(self) -> str:
        """What was erased leaves the disk: at once on SQLite, which costs nothing; at night on PostgreSQL."""
        at, store = self.clock(), self.house.store
        with store.reading() as tx:
            days = [row["day"] for row in nights.asked(tx, NightWork.SWEEP)]
        if store.dialect == "postgresql":
            wall = to_town(at)
            days = [day for day in days if wall.hour in NIGHTLY or (wall.date() - day).days > 1]
        return next((trouble for day in days if (trouble := self._swept(day))), "")

    def _swept(self, day: date) -> str:
        at = self.clock()
        with self.house.store.writing() as tx:
            if not nights.claim(tx, NightWork.SWEEP, day, self.me, at, self.is_gone):
                return ""
        try:
            self.house.store.settle()
        except Refused as refusal:
            with self.house.store.writing() as tx:
                nights.fail(tx, NightWork.SWEEP, day, self.me, at, str(refusal))
            return f"{NightWork.SWEEP} : {refusal}"
        with self.house.store.writing() as tx:
            nights.finish(tx, NightWork.SWEEP, day, self.me, self.clock(), "")
        return ""

    def _copy(self) -> str:
        if self.folder is None:
            return ""
        at, work = self.clock(), NightWork.COPY
        day = nights.night_of(at, self.copy_hour)
        with self.house.store.reading() as tx:
            row = tx.first("nights", work=work, day=day)
            if not nights.is_due(tx, work, day, at, self.is_gone):
                return f"{work} : {row['words']}" if row and row["next_try_at"] else ""
        with self.house.store.writing() as tx:
            if not nights.claim(tx, work, day, self.me, at, self.is_gone):
                return ""
        try:
            made = copies.make(self.house.store, self.folder, at, self.seal_key, lambda line: None)
        except Refused as refusal:
            with self.house.store.writing() as tx:
                nights.fail(tx, work, day, self.me, self.clock(), str(refusal))
            return f"{work} : {refusal}"
        with self.house.store.writing() as tx:
            nights.finish(tx, work, day, self.me, self.clock(), self._told(made))
        return ""

    def _told(self, made: copies.Made) -> str:
        files = many(made.manifest.count("files"), "dossier", "dossiers")
        beside = (
            ", sur le même disque que les données : une panne de ce disque emporterait les deux"
            if copies.on_same_disk(made.path.parent, self.data)
            else ""
        )
        return f"{made.path.name}, {files}, {size_words(made.size)}, relue{beside}"
