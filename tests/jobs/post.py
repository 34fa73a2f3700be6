"""Carriers and looks of the tests: what left is kept in memory, and the clock is what the test says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from desk import letters
from desk.house import House
from desk.letters import Letter
from desk.outbox import Parcel, RemoteError
from jobs.clock import Report, tick
from sync.store import Reading, Row, Store, Writing
from tests.cast import Cast, moment

RNC_DAY = moment("Mon 2026-11-23 08:05")
COUNCIL_DAY = moment("Tue 2026-12-01 08:05")
RESPONSABLES = [
    "denis@prevost.test",  # the director, for Trésorerie / Taxation, which has nobody
    "environnement@prevost.test",
    "experience@prevost.test",
    "ingenierie@prevost.test",
    "loisirs@prevost.test",
    "securite@prevost.test",
    "surintendant@prevost.test",
    "travaux@prevost.test",
    "urbanisme@prevost.test",
]


@dataclass
class Tray:
    """A carrier that keeps what it is given; ``refuse`` may raise for a recipient."""

    parcels: list[Parcel] = field(default_factory=list)
    refuse: Callable[[Parcel], RemoteError | None] = lambda parcel: None

    def carry(self, parcel: Parcel) -> None:
        error = self.refuse(parcel)
        if error is not None:
            raise error
        self.parcels.append(parcel)

    def close(self) -> None:
        """Nothing is open."""

    @property
    def recipients(self) -> list[str]:
        return sorted(parcel.recipient for parcel in self.parcels)

    def letters(self, kind: str = "") -> dict[str, Letter]:
        """What each recipient reads, of the mails whose name holds ``kind``."""
        return {
            parcel.recipient: letters.read(parcel.message)[1]
            for parcel in self.parcels
            if kind in parcel.name
        }


def look(cast: Cast, at: datetime, tray: Any = None, gone: bool = True) -> Report:
    """One look of the clock at that moment; whoever else held a claim is dead when ``gone``."""
    return tick(cast.house, tray or Tray(), lambda: at, f"essai {at}", lambda name: gone)


def begun(cast: Cast) -> None:
    """The town's first council list is out, so that what follows is what the test asks for."""
    look(cast, moment("Mon 2026-11-02 08:05"))


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Fate:
    """Dies at step ``at``; every way in and out of a transaction and of the server is a step."""

    at: int
    step: int = -1

    def pass_by(self) -> None:
        self.step += 1
        if self.step == self.at:
            raise Killed


@dataclass
class MortalStore:
    """A store whose process may die before, at the end of, and after each transaction."""

    store: Store
    fate: Fate

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with self.store.reading() as tx:
            yield tx
        self.fate.pass_by()

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        self.fate.pass_by()
        with self.store.writing() as tx:
            yield tx
            self.fate.pass_by()
        self.fate.pass_by()


@dataclass
class MortalTray(Tray):
    """A carrier whose process may die before the server accepts, and after."""

    fate: Fate = field(default_factory=lambda: Fate(-1))

    def carry(self, parcel: Parcel) -> None:
        self.fate.pass_by()
        super().carry(parcel)
        self.fate.pass_by()


def mortal(house: House, fate: Fate) -> House:
    """The same house, in which a process may die."""
    store: Any = MortalStore(house.store, fate)
    return House(store, house.letters, house.base_url, house.mail_from)


def ledger(cast: Cast) -> list[Row]:
    """Every mail of the ledger."""
    with cast.house.store.reading() as tx:
        return tx.find("mails")


def cells(letter: Letter, sheet: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a sheet of the workbook joined to a letter."""
    book = load_workbook(BytesIO(letter.attachments[0].content))
    return list(book.worksheets[sheet].iter_rows(min_row=2, values_only=True))
