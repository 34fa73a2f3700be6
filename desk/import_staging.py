"""An import carried out: its files prepared out of sight, then all there in one transaction (R-1, R-80)."""

import hashlib
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from desk import citizens, dates, search
from desk.citizens import Caller
from desk.import_fields import Profile
from desk.import_rows import Fit, Judge, Known
from desk.import_turn import Turn
from desk.importing import BLANK
from policy.delays import Pause
from policy.numbering import Series, number, series_of
from policy.roles import System
from policy.towntime import town_day
from policy.words import OPEN_STATES, Sight, State
from sync import ids, staging, words
from sync.history import Author, Whence
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Reading, Row

ACT = "importer la demande"
AT_ONCE = 100  # files of one transaction
FORGOTTEN = 1_000  # lines of what was prepared, taken away in one
CHANGED = (
    "Entre la vérification et l'import, quelque chose a changé dans la ville ou dans ses dossiers : rien "
    "n'est importé. Voici ce qui ne convient plus."
)

Part = list[tuple[int, list[str]]]
Parts = Callable[[Turn], Iterator[Part]]


@dataclass(frozen=True)
class _Place:
    """Where a row stands among those that fit: its line, its series and year, when it was received."""

    line: int
    series: str
    year: int
    received_at: datetime


@dataclass
class _Numbers:
    """R-1: the number of each line, in the order of arrival, in the series of its year of reception."""

    by_line: Mapping[int, str]

    @classmethod
    def of(cls, places: Iterable[_Place], first: Mapping[str, int]) -> "_Numbers":
        """``first``: of each series and year, the first of those reserved."""
        found: dict[int, str] = {}
        gone: Tally[str] = Tally()
        for place in sorted(places, key=lambda each: (each.received_at, each.line)):
            key = f"{place.series}{place.year}"
            found[place.line] = number(Series(place.series), place.year, first[key] + gone[key])
            gone[key] += 1
        return cls(found)


@dataclass
class _People:
    """Who asked, among those who are known and those this import brings: nobody twice."""

    known: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def see(self, row: Row) -> None:
        """Somebody who is there."""
        for key in _keys(row):
            self.known.setdefault(key, row["id"])

    def find(self, row: Row) -> str | None:
        """Whoever bears the same name and the same telephone, e-mail or address."""
        return next((self.known[key] for key in _keys(row) if key in self.known), None)


def carry_out(turn: Turn, row: Row, parts: Parts) -> None:
    """Judge every row again, prepare what fits, then publish it; or go back to the check when it changed."""
    places, wrong, known = _judged(turn, row, parts)
    if wrong > row["wrong"] or not places:
        with turn.writing() as tx:
            staging.forget(tx, turn.lot)
            turn.become(tx, ImportState.CHECKING, trouble=CHANGED, numbers=None)
        return
    numbers = _reserved(turn, places)
    _prepare(turn, row, parts, numbers, len(places))
    try:
        with turn.writing() as tx:
            added = staging.publish(tx, turn.lot)
            turn.become(
                tx, ImportState.PUBLISHED, added=added, known=known, left_aside=row["wrong"],
                finished_at=turn.clock(),
            )  # fmt: skip
    except IntegrityError:  # a number of origin was borne meanwhile, or somebody known is gone: judged anew
        with turn.writing() as tx:
            staging.forget(tx, turn.lot)
            turn.become(tx, ImportState.CHECKING, trouble=CHANGED, numbers=None)


def index(turn: Turn) -> None:
    """The words of what was published, for the search; then nothing of the import waits any more."""
    total = done = 0
    while True:
        with turn.writing() as tx:
            files = staging.rows(tx, turn.lot, "files", AT_ONCE)
            people = [] if files else staging.rows(tx, turn.lot, "citizens", AT_ONCE)
            if not files and not people:
                if staging.forget_some(tx, turn.lot, FORGOTTEN):
                    continue
                for table in ("import_parts", "import_contents"):
                    tx.connection.execute(SQL[table].delete().where(SQL[table].c.lot == turn.lot))
                turn.become(tx, ImportState.DONE)
                return
            if files:
                there = {row["id"]: row for row in tx.find("files", id=[row["id"] for row in files])}
                callers = {row["citizen"] for row in there.values() if row["citizen"]}
                known = {row["id"]: row for row in tx.find("citizens", id=callers)} if callers else {}
                texts = {id: search.texts(row, known.get(row["citizen"])) for id, row in there.items()}
                words.index_many(
                    tx, "files", {row["id"]: texts[row["id"]] for row in files if row["id"] in texts}
                )
                staging.forget(tx, turn.lot, "files", [row["id"] for row in files])
            else:
                found = tx.find("citizens", id=[row["id"] for row in people])
                words.index_many(
                    tx, "citizens", {row["id"]: {Sight.IDENTITY: search.identity(row)} for row in found}
                )
                staging.forget(tx, turn.lot, "citizens", [row["id"] for row in people])
            done += len(files)
            total = total or int(_added(tx, turn.lot))
            turn.tell(tx, done, max(total, done))


def judge_of(tx: Reading, row: Row, now: datetime) -> Judge:
    """What the rows of an import are judged by, at that moment."""
    contents = SQL["import_contents"].c
    held = tx.row(select(contents.profile).where(contents.lot == row["id"])) or {}
    profiles = {header: Profile(**told) for header, told in (held.get("profile") or {}).items()}
    return Judge.of(tx, row["headers"], profiles, row["matching"] or {}, now)


def by_the_import(at: datetime) -> Author:
    """The signature of the import itself."""
    return Author(System.IMPORT, System.IMPORT, Whence.IMPORT, at, "importer")


def _judged(turn: Turn, row: Row, parts: Parts) -> tuple[list[_Place], int, int]:
    """Where each row that fits stands; how many do not, how many are there already."""
    places: list[_Place] = []
    wrong = known = 0
    with turn.house.store.reading() as tx:
        judge = judge_of(tx, row, turn.clock())
    for part in parts(turn):
        with turn.house.store.reading() as tx:
            judge.tx = tx
            for line, cells in part:
                judged = judge.judge(line, cells)
                if isinstance(judged, Fit):
                    received = judged.file["received_at"]
                    series = series_of(judged.file["nature"]).value
                    places.append(_Place(line, series, town_day(received).year, received))
                elif isinstance(judged, Known):
                    known += 1
                else:
                    wrong += 1
        with turn.writing() as writing:
            turn.tell(writing, 0, row["rows"])
    return places, wrong, known


def _reserved(turn: Turn, places: list[_Place]) -> _Numbers:
    """The numbers reserved for these very rows; reserved once, also when the process is cut off after it."""
    told = "\n".join(f"{place.line} {place.received_at.isoformat()} {place.series}" for place in places)
    digest = hashlib.sha256(told.encode()).hexdigest()
    with turn.writing() as tx:
        kept = (tx.get("imports", turn.lot) or {}).get("numbers") or {}
        if kept.get("of") != digest:
            staging.forget(tx, turn.lot)
            counts = Tally((place.series, place.year) for place in places)
            kept = {
                "of": digest,
                "first": {
                    f"{series}{year}": tx.next_numbers(series, year, count)[0]
                    for (series, year), count in sorted(counts.items())
                },
            }
            tx.update("imports", turn.lot, {"numbers": kept}, turn.by("réserver les numéros"))
    return _Numbers.of(places, kept["first"])


def _prepare(turn: Turn, row: Row, parts: Parts, numbers: _Numbers, total: int) -> None:
    """Lay the rows out of sight, part by part; those that are laid already are left."""
    by = Author(row["asked_by"], row["asked_name"], Whence.IMPORT, row["asked_at"], ACT)
    with turn.house.store.reading() as tx:
        judge, laid = judge_of(tx, row, turn.clock()), staging.lines(tx, turn.lot)
        people = _people(tx, turn.lot)
    done = 0
    for part in parts(turn):
        with turn.house.store.reading() as tx:  # all that can be is made ready before anybody waits for us
            judge.tx = tx
            settings = dates.Settings.read(tx)
            fits = [judged for line, cells in part if isinstance(judged := judge.judge(line, cells), Fit)]
            new: list[tuple[int, dict[str, Any]]] = []
            files = [
                (fit.line, _file(settings, turn.lot, fit, numbers, _who(people, turn.lot, fit, new, by)))
                for fit in fits
                if fit.line not in laid and fit.line in numbers.by_line
            ]
        for some in _batches(files):
            lines = {line for line, _ in some}
            with turn.writing() as writing:
                staging.lay(writing, turn.lot, "citizens", [each for each in new if each[0] in lines], by)
                staging.lay(writing, turn.lot, "files", some, by)
                staging.lay(writing, turn.lot, "pauses", _pauses(some), by)
                turn.tell(writing, min(total, done + len(some)), total)
            done += len(some)
        done += len(fits) - len(files)


def _batches(rows: list[tuple[int, dict[str, Any]]]) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def _file(
    settings: dates.Settings, lot: str, fit: Fit, numbers: _Numbers, citizen: str | None
) -> dict[str, Any]:
    """The row of a file, with its dates: those of one that is closed are those it would have had."""
    file = {
        **dict.fromkeys(BLANK),
        **fit.file,
        "id": ids.new_id(fit.file["received_at"]),
        "number": numbers.by_line[fit.line],
        "source_id": fit.source,
        "citizen": citizen,
        "brought_in": lot,
    }
    pauses = [Pause(town_day(file["moved_at"]))] if file["state"] is State.WAITING else []
    if file["state"] not in OPEN_STATES:
        due = dates.target_of(settings, file)
        file |= {"target_on": due.due if due else None, "target_why": dates.as_json(due)}
    return file | dates.computed(settings, file, pauses)


def _pauses(files: list[tuple[int, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    return [
        (
            line,
            {"id": ids.new_id(file["moved_at"]), "file": file["id"], "starts_on": town_day(file["moved_at"])},
        )
        for line, file in files
        if file["state"] is State.WAITING
    ]


def _who(
    people: _People, lot: str, fit: Fit, new: list[tuple[int, dict[str, Any]]], by: Author
) -> str | None:
    """The id of who asked; somebody new is added to ``new``."""
    if fit.who == Caller():
        return None
    typed = citizens.typed(fit.who)
    found = people.find(typed)
    if found is None:
        found = ids.new_id(by.at)
        new.append((fit.line, {**typed, "id": found, "brought_in": lot}))
        people.see({**typed, "id": found})
    return found


def _people(tx: Reading, lot: str) -> _People:
    there = SQL["citizens"].c
    columns = [there[name] for name in ("id", "name", "phone_digits", "email", "civic", "street")]
    found = _People()
    for row in tx.rows(select(*columns)):
        found.see(row)
    for row in staging.rows(tx, lot, "citizens"):
        found.see(row)
    return found


def _keys(row: Row) -> list[tuple[str, str, str]]:
    """By what a person is known again; a name alone is too little."""
    name = " ".join(sorted(words.normalise(row["name"] or "")))
    home = " ".join(words.normalise(f"{row['civic'] or ''} {row['street'] or ''}"))
    said = (("tél", row["phone_digits"]), ("courriel", (row["email"] or "").casefold()), ("adresse", home))
    return [(kind, name, value) for kind, value in said if value and (name or kind != "adresse")]


def _added(tx: Reading, lot: str) -> int:
    row = tx.get("imports", lot)
    return row["added"] if row else 0
