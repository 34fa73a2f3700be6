"""Bringing a file of demands into the town: read whole, judged row by row, written in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from desk import citizens, dates, montreal, moves, search
from desk.montreal import Aside
from desk.stage import Stage
from desk.stories import Life, life
from desk.storyline import Step
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy import moves as judged
from policy.closing import Closing
from policy.delays import Pause
from policy.moves import Given, Standing
from policy.numbering import number, series_of
from policy.towntime import to_town, town_day
from policy.words import OPEN_STATES, Move, Role, Sight, State
from sync import ids, words
from sync.history import Author, Whence
from sync.store import Reading, Row, Writing

PRESETS = (montreal.PRESET,)
RECENT = timedelta(days=45)  # whose history is told gesture by gesture; the rest came in as it stood


@dataclass(frozen=True)
class Report:
    """What became of the rows: read, added, already there; and each row left aside, with why."""

    read: int
    added: int
    known: int
    asides: tuple[Aside, ...]


@dataclass
class _Person:
    """Who signs in the history: an account of the town, or the import itself."""

    id: str
    name: str
    account: str | None = None


@dataclass(frozen=True)
class _Change:
    """One gesture: who, what changed, and the pauses as they then were."""

    by: Author
    changes: Mapping[str, Any]
    pauses: tuple[Pause, ...]


@dataclass
class _File:
    """A file as it was opened, each change since, and the row as it ends up; dates are laid over later."""

    born: dict[str, Any]
    row: dict[str, Any]
    changes: list[_Change]

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """Its pauses, at the end."""
        return self.changes[-1].pauses if self.changes else ()


def import_calls(visit: Visit, content: bytes, tale: Mapping[str, Any]) -> Report:
    """Bring in Montréal's calls, moved in time to end today: everything that fits, or nothing at all.

    ``content`` is the .csv, ``tale`` what is said in the demonstration town. A call already there is left as
    it is, so running again adds nothing. Raises ``Refused`` for a file that cannot be read, or a town that is
    not yet set up.
    """
    calls, asides = montreal.read(content, to_town(visit.at).replace(tzinfo=None))
    with visit.writing() as counter:
        counter.tx.alone("import")
        here = town(counter.tx, counter.today)
        there = _there(counter.tx)
        fresh = [call for call in calls if call.source not in there]
        if fresh:
            last = max(call.at for call in calls).date()
            stage = Stage(here, tale, counter.today - last, counter.at, _extensions(counter.tx))
            lives = sorted((life(call, stage) for call in fresh), key=_arrival)
            _Import(counter, here).write(lives)
    return Report(len(calls) + len(asides), len(fresh), len(calls) - len(fresh), tuple(asides))


def _arrival(told: Life) -> tuple[datetime, str]:
    return told.born["received_at"], told.born["source_id"]


def _there(tx: Reading) -> set[str]:
    return {row["source_id"] for row in tx.find("files") if row["source_id"]}


def _extensions(tx: Reading) -> dict[str, str]:
    """The extension of each department's people, by its id; that of the desk under ``""``."""
    found: dict[str, str] = {}
    for row in tx.find("accounts", order_by=("email",), active=True):
        for department in row["departments"] if row["extension"] else ():
            found.setdefault(department, row["extension"])
        if Role.TECHNICIAN in row["roles"]:
            found.setdefault("", row["extension"] or "")
    return {"": "100"} | {department: extension for department, extension in found.items() if extension}


class _Import:
    """One import under way, in the caller's transaction."""

    def __init__(self, counter: Counter[Writing], here: Town) -> None:
        self.counter, self.tx, self.town = counter, counter.tx, here
        self.settings = dates.Settings.read(counter.tx)
        self.desk, self.departments = _people(counter)

    def write(self, lives: Sequence[Life]) -> None:
        """Citizens, files, pauses, history, search words."""
        numbers = self._numbers(lives)
        callers = self._citizens([told.caller for told in lives if told.caller])
        files = [
            self._file(told, given, callers.get(told.caller.phone if told.caller else ""))
            for told, given in zip(lives, numbers, strict=True)
        ]
        since = self.counter.at - RECENT
        others = []
        for file in files:
            if file.row["state"] in OPEN_STATES or file.row["received_at"] >= since:
                self._write_told(file)
            else:
                others.append(self._dated(file))
        self.tx.insert_many("files", others, self._by(self.desk, self.counter.at))
        pauses = [
            {"file": file.row["id"], "starts_on": pause.starts_on, "ends_on": pause.ends_on}
            for file in files
            for pause in file.pauses
        ]
        self.tx.insert_many("pauses", pauses, self._by(self.desk, self.counter.at))
        known = {row["id"]: row for row in self.tx.find("citizens", id=set(callers.values()))}
        texts = {file.row["id"]: search.texts(file.row, known.get(file.row["citizen"])) for file in files}
        words.index_many(self.tx, "files", texts)

    def _write_told(self, file: _File) -> None:
        """A file with its history, gesture by gesture, each with the dates it moved."""
        row = file.born | dates.computed(self.settings, file.born)
        self.tx.insert("files", row, self._by(self.desk, row["received_at"], "inscrire la demande"))
        for change in file.changes:
            row |= change.changes
            moved = dates.computed(self.settings, row, change.pauses)
            row |= moved
            self.tx.update("files", row["id"], {**change.changes, **moved}, change.by)

    def _dated(self, file: _File) -> Row:
        """A file as it stands; the dates of one that is closed are those it had when it was."""
        target = dates.target_of(self.settings, file.row, file.pauses)
        told = dates.acknowledgement_of(self.settings, file.row)
        due = {
            "target_on": target.due if target else None,
            "target_why": dates.as_json(target),
            "ack_due_at": told.due if told else None,
            "ack_why": dates.as_json(told),
        }
        return file.row | due | dates.computed(self.settings, file.row | due, file.pauses)

    def _numbers(self, lives: Sequence[Life]) -> list[str]:
        """R-1: in the order of arrival, in the series of the year of reception."""
        keys = [(series_of(told.born["nature"]), town_day(told.born["received_at"]).year) for told in lives]
        given = {
            key: iter(self.tx.next_numbers(key[0].value, key[1], keys.count(key)))
            for key in dict.fromkeys(keys)
        }
        return [number(series, year, next(given[series, year])) for series, year in keys]

    def _citizens(self, callers: Iterable[citizens.Caller]) -> dict[str, str]:
        """The ids of the callers by telephone; who is already known is not added again."""
        by_phone = {caller.phone: citizens.typed(caller) for caller in callers}
        there = {
            row["phone_digits"]: row["id"]
            for row in self.tx.find(
                "citizens", phone_digits={row["phone_digits"] for row in by_phone.values()}
            )
        }
        new = [row for row in by_phone.values() if row["phone_digits"] not in there]
        added = self.tx.insert_many("citizens", new, self._by(self.desk, self.counter.at))
        there |= {row["phone_digits"]: id for row, id in zip(new, added, strict=True)}
        texts = {there[row["phone_digits"]]: {Sight.IDENTITY: search.identity(row)} for row in new}
        words.index_many(self.tx, "citizens", texts)
        return {phone: there[row["phone_digits"]] for phone, row in by_phone.items()}

    def _file(self, told: Life, given: str, citizen: str | None) -> _File:
        """Make each move as the policy has it; one that it refuses is a mistake of the story."""
        received = told.born["received_at"]
        born = {
            **dict.fromkeys(BLANK),
            **told.born,
            "id": ids.new_id(received),
            "number": given,
            "citizen": citizen,
            "moved_at": received,
        }
        file = _File(born, dict(born), [])
        for step in told.steps:
            self._make(step, file)
        return file

    def _make(self, step: Step, file: _File) -> None:
        row, standing = file.row, self._standing(file.row)
        given = self._given({**row, **step.changes}, step)
        judged.judge(step.move, standing, self.counter.person, given, town_day(step.at))
        changes = {**judged.stamps(step.move, standing, row, step.at), **step.changes, "moved_at": step.at}
        if step.reason:
            changes["last_reason"] = step.reason
        who = self.desk if step.by_desk else self.departments.get(row["department"] or "", self.desk)
        if step.move is Move.CLOSE:
            changes["closed_by"] = who.account
        pauses = _paused(file.pauses, step, row["state"], changes["state"])
        file.changes.append(_Change(self._by(who, step.at, moves.ACTS[step.move][0]), changes, pauses))
        row |= changes

    def _standing(self, row: Row) -> Standing:
        department = self.town.departments.get(row["department"] or "")
        return Standing(
            state=row["state"],
            nature=row["nature"],
            department=row["department"],
            circuit=department.circuit if department else None,
            closer=department.closer if department else None,
            complex=row["complex"],
            received_on=town_day(row["received_at"]),
        )

    def _given(self, row: Row, step: Step) -> Given:
        code = self.town.codes.get(row["code"] or "")
        return Given(
            department=step.changes.get("department"),
            reason=step.reason,
            planned_on=row["planned_on"],
            wait_reason=row["wait_reason"],
            wait_words=row["wait_words"] or "",
            closing=Closing(
                code=code.code if code else "",
                met=code.met if code else True,
                done_on=row["done_on"],
                extension=row["done_extension"] or "",
                note=row["note"] or "",
                planned_on=row["planned_on"],
                citizen_text=row["citizen_text"] or "",
            ),
        )

    def _by(self, who: _Person, at: datetime, act: str = "importer la demande") -> Author:
        return Author(who.id, who.name, Whence.IMPORT, at, act)


# What a file that was just opened has not yet.
BLANK = (
    "department", "civic", "street", "sector", "place_note", "planned_on", "wait_reason", "wait_words",
    "next_action", "last_reason", "code", "done_on", "done_extension", "note", "citizen_text", "completed_at",
    "closed_at", "first_closed_at", "closed_by", "reopened_at", "acknowledged_at", "duplicate_of",
)  # fmt: skip


def _people(counter: Counter[Writing]) -> tuple[_Person, dict[str, _Person]]:
    """Who acts at the desk, and in each department: its accounts, or the import when there is none."""
    found: dict[str, _Person] = {}
    for row in counter.tx.find("accounts", order_by=("email",), active=True):
        person = _Person(row["id"], row["name"], row["id"])
        if Role.TECHNICIAN in row["roles"]:
            found.setdefault("", person)
        if Role.RESPONSABLE in row["roles"]:
            for department in row["departments"]:
                found.setdefault(department, person)
    desk = found.pop("", _Person(counter.person.id, counter.person.name))
    return desk, found


def _paused(pauses: tuple[Pause, ...], step: Step, before: State, after: State) -> tuple[Pause, ...]:
    """R-14: a pause begins with the wait and ends with what follows it."""
    day = town_day(step.at)
    if after is State.WAITING and before is not State.WAITING:
        return (*pauses, Pause(day))
    if before is State.WAITING and after is not State.WAITING:
        return (*pauses[:-1], replace(pauses[-1], ends_on=day))
    return pauses
