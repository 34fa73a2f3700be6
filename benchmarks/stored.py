"""The large town put in a database, once for each definition of it; each run works on a copy."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import databases, town
from config import demonstration, presets
from config.letters import environment
from desk import dates, search, setup
from desk.house import House
from policy.acknowledgement import is_acknowledged
from policy.delays import Pause
from policy.numbering import parse
from policy.rules import RuleName
from policy.towntime import town_day
from policy.words import OPEN_STATES, Sight
from sync import words
from sync.history import Author, Whence
from sync.ids import new_id
from sync.states import MailKind, MailState
from sync.store import Row, Store, Writing

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".bench"
# Whatever changes what the generated database holds: patterns, from the root.
SOURCES = (
    *("benchmarks/town.py", "benchmarks/stored.py", "config/presets/prevost.toml", "config/demo/tale.toml"),
    *("sync/tables.py", "sync/*_tables.py", "sync/schema.py", "sync/fields.py", "sync/states.py"),
    *("sync/migrations/*", "sync/words.py", "desk/search.py", "desk/dates.py", "desk/setup.py"),
)
SETTLED = town.NOW - timedelta(days=4 * 365)
START = "2026-11-10"  # the lists of November are the first
BATCH = 5_000
MAILED = timedelta(days=365)  # whose acknowledgement is kept in the ledger, to make it a large one
BODY = b"Nous avons bien re\xc3\xa7u votre demande et l'avons transmise au service concern\xc3\xa9.\r\n" * 30


@dataclass(frozen=True)
class Stored:
    """A copy of the large town, to be used up."""

    url: str
    house: House
    files: int


@contextmanager
def copied(files: int, dialect: str, folder: Path = FOLDER) -> Iterator[Stored]:
    """A copy of the town of that many files, in SQLite or PostgreSQL; the copy goes away afterwards."""
    with databases.opened(dialect, folder) as databank:
        of = definition()
        name = f"town_{files}_{of}"
        if not databank.has(name):
            databank.forget(but=of)
            print(f"Generating {files:,} files (once for each definition of them)…", flush=True)
            with databank.made(name) as url:
                generate(url, files)
        with databank.copy(name) as url:
            store = Store.open(url)
            try:
                yield Stored(url, house_of(store), files)
            finally:
                store.close()


def house_of(store: Store) -> House:
    """The house over that store, as every measure opens it."""
    return House(store, environment(), "http://localhost", "Service aux citoyens <guichet@ville.example>")


def sources(root: Path = ROOT) -> list[Path]:
    """The files that say what the generated database holds."""
    return [path for pattern in SOURCES for path in sorted(root.glob(pattern)) if path.is_file()]


def definition(root: Path = ROOT) -> str:
    """A digest of them: a town generated under another one is not used again."""
    digest = hashlib.sha256()
    for path in sources(root):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def generate(url: str, count: int) -> None:
    """Put the town in that empty database."""
    store = Store.open(url)
    try:
        store.migrate()
        setup.put_in_place(house_of(store), presets.preset("prevost"), SETTLED)
        _Generation(store, count).run()
        store.settle()
        _analysed(store)
    finally:
        store.close()


def _analysed(store: Store) -> None:
    if store.dialect == "postgresql":  # autovacuum does it in a town that lives; here all came at once
        with store.writing() as tx:
            tx.connection.execute(sa.text("ANALYZE"))


class _Generation:
    """One generation under way, by short transactions."""

    def __init__(self, store: Store, count: int) -> None:
        self.store, self.count = store, count
        self.by = _by(town.NOW, "importer la demande")
        self.targets: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.citizens: dict[str, Row] = {}

    def run(self) -> None:
        """People, citizens, files; then the gestures on the open ones, and the mails."""
        here = self._people()
        self._citizens(here.tale)
        last: dict[tuple[str, int], int] = {}
        for made in town.files(self.count, here, list(self.citizens), BATCH):
            with self.store.writing() as tx:
                self._write(tx, made)
            for row in made.files:
                number = parse(row["number"])
                if number is not None:
                    last[number.series.value, number.year] = number.n
        with self.store.writing() as tx:
            for (series, year), rank in last.items():
                tx.jump_past(series, year, rank)

    def _people(self) -> town.Settings:
        with self.store.writing() as tx:
            departments = tx.find("departments", order_by=("rank",))
            tx.insert_many("accounts", town.accounts(departments), self.by)
            tx.insert_many("designations", town.designations(departments), self.by)
            tx.insert_many("council", town.council(), self.by)
            start = tx.first("rules", name=RuleName.START_DATE.value)
            if start is not None:
                tx.update("rules", start["id"], {"value": START}, self.by)
            codes = {row["code"]: row["id"] for row in tx.find("codes")}
            return town.Settings(departments, tx.find("categories"), codes, demonstration.tale())

    def _citizens(self, tale: Mapping[str, Any]) -> None:
        rows = list(town.citizens(max(50, self.count // 5), tale))
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            with self.store.writing() as tx:
                ids = tx.insert_many("citizens", batch, self.by)
                added = dict(zip(ids, batch, strict=True))
                texts = {id: {Sight.IDENTITY: search.identity(row)} for id, row in added.items()}
                words.index_many(tx, "citizens", texts)
            self.citizens |= added

    def _write(self, tx: Writing, made: town.Made) -> None:
        settings = dates.Settings.read(tx)
        pauses = {row["file"]: [Pause(row["starts_on"])] for row in made.pauses}
        rows = [row | self._dates(settings, row, pauses.get(row["id"], [])) for row in made.files]
        tx.insert_many("files", rows, self.by)
        tx.insert_many("pauses", made.pauses, self.by)
        texts = {row["id"]: search.texts(row, self.citizens.get(row["citizen"] or "")) for row in made.files}
        words.index_many(tx, "files", texts)
        for row in rows:
            if row["open"]:
                self._handled(tx, row)
        tx.insert_many("mails", [mail for row in rows for mail in self._mail(row)], self.by)

    def _dates(self, settings: dates.Settings, row: Row, pauses: Sequence[Pause]) -> dict[str, Any]:
        """The computed fields; what a closed file had while open depends on its category and its day."""
        if row["state"] in OPEN_STATES:
            return dates.computed(settings, row, pauses)
        key = (row["category"], row["nature"], row["first_contact"], town_day(row["received_at"]))
        if key not in self.targets:
            due = dates.target_of(settings, row)
            self.targets[key] = {"target_on": due.due if due else None, "target_why": dates.as_json(due)}
        told = dates.acknowledgement_of(settings, row)
        fields = {
            **self.targets[key],
            "ack_due_at": told.due if told else None,
            "ack_why": dates.as_json(told),
        }
        return fields | dates.computed(settings, {**row, **fields})

    def _handled(self, tx: Writing, row: Row) -> None:
        """Two gestures in the history of an open file."""
        for words_said, part in (("Message laissé.", 0.3), ("À revoir avec l'équipe.", 0.6)):
            at = row["received_at"] + (town.NOW - row["received_at"]) * part
            tx.update("files", row["id"], {"next_action": words_said}, _by(at, "noter"))

    def _mail(self, row: Row) -> list[Row]:
        citizen = self.citizens.get(row["citizen"] or "")
        told = is_acknowledged(row["nature"], anonymous=row["anonymous"], first_contact=row["first_contact"])
        if not (citizen and citizen["email"] and told and town.NOW - row["received_at"] < MAILED):
            return []
        id = new_id(row["received_at"])
        return [
            {
                "id": id,
                "kind": MailKind.ACKNOWLEDGEMENT,
                "key": f"accuse:{row['id']}",
                "file": row["id"],
                "to_name": citizen["name"],
                "to_address": citizen["email"],
                "subject": f"Votre demande {row['number']}",
                "message_id": f"<{id}@ville.example>",
                "message": BODY,
                "state": MailState.SENT,
                "attempts": 1,
                "sent_at": row["received_at"] + timedelta(minutes=2),
                "doubtful": False,
                "late": False,
            }
        ]


def _by(at: datetime, act: str) -> Author:
    return Author("mesure", "Mesure", Whence.IMPORT, at, act)
