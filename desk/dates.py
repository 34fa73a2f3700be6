"""The computed dates of a file: the one recompute behind every act that moves them (architecture 9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import town
from desk.visits import Counter, Visit
from policy.acknowledgement import acknowledgement_due
from policy.calendar import OfficeCalendar
from policy.classification import FOLLOWED, is_acknowledged
from policy.delays import Pause, taken_as_received, target
from policy.queue_order import day as queue_day
from policy.queue_order import rank as queue_rank
from policy.reasons import Deadline, Skipped
from policy.rules import RuleName, Rules
from policy.towntime import town_day
from policy.words import OPEN_STATES
from sync.schema import SQL
from sync.store import Reading, Row, Writing


@dataclass(frozen=True)
class Moved:
    """A file whose target moves, or would."""

    id: str
    number: str
    before: date | None
    after: date | None


@dataclass
class Settings:
    """The settings the dates need, read once however many files are counted."""

    closings: Mapping[date, str]
    categories: Mapping[str, town.Category]
    tx: Reading
    on: dict[date, tuple[Rules, OfficeCalendar]] = field(default_factory=dict)

    @classmethod
    def read(cls, tx: Reading, closings: Mapping[date, str] | None = None) -> "Settings":
        """Those of the store, or with other closings."""
        return cls(town.closings(tx) if closings is None else closings, town.categories(tx), tx)

    def in_force(self, day: date) -> tuple[Rules, OfficeCalendar]:
        """R-71: the rules and hours of the day a file was received, with the closings as known."""
        if day not in self.on:
            rules = town.rules_in_force(self.tx, day)
            self.on[day] = (rules, OfficeCalendar(self.closings, rules.opening_hours))
        return self.on[day]


def refresh(counter: Counter[Reading] | Counter[Writing], file: Row) -> dict[str, Any]:
    """R-5, R-10, R-14, R-15: the computed fields of a file as its other fields now stand.

    ``file`` is the row with the changes of the act already laid over it; its pauses are read from the store
    (a new file may have no ``id`` yet). Returns only what differs from the row, among target_on, target_why,
    ack_due_at, ack_why, open, queue_rank, queue_day: the caller writes them in the same update.
    """
    pauses = _pauses(counter.tx, [file["id"]]).get(file["id"], ()) if file.get("id") else ()
    return _differing(file, computed(Settings.read(counter.tx), file, pauses))


def computed(settings: Settings, file: Row, pauses: Sequence[Pause] = ()) -> dict[str, Any]:
    """All the computed fields of a file. Those of a closed file stay what they were when it was closed."""
    is_open = file["state"] in OPEN_STATES
    fields: dict[str, Any] = {"open": is_open}
    if is_open:
        due = target_of(settings, file, pauses)
        fields |= {"target_on": due.due if due else None, "target_why": as_json(due)}
        acknowledged = acknowledgement_of(settings, file)
        fields |= {
            "ack_due_at": acknowledged.due if acknowledged else None,
            "ack_why": as_json(acknowledged),
        }
    target_on = fields.get("target_on", file.get("target_on"))
    return fields | {
        "queue_rank": queue_rank(file["state"], file["priority"]),
        "queue_day": queue_day(target_on),
    }


def target_of(settings: Settings, file: Row, pauses: Sequence[Pause] = ()) -> Deadline | None:
    """R-10: the target of a file, counted anew from its reopening (R-13); None when nothing sets a delay."""
    category = settings.categories.get(file.get("category") or "")
    if category is None or file["nature"] not in FOLLOWED or file.get("first_contact"):
        return None
    _, calendar = settings.in_force(town_day(file["received_at"]))
    opened_on = town_day(taken_as_received(file["received_at"], calendar))
    taken_on = town_day(file["reopened_at"]) if file.get("reopened_at") else opened_on
    return target(taken_on, category.delays, pauses, calendar, opened_on)


def acknowledgement_of(settings: Settings, file: Row) -> Deadline | None:
    """R-5: when the citizen must have been told; None for an anonymous demand or a first contact."""
    if not is_acknowledged(file["nature"], bool(file.get("anonymous")), bool(file.get("first_contact"))):
        return None
    rules, calendar = settings.in_force(town_day(file["received_at"]))
    source = rules.source(RuleName.ACK_READING)
    return acknowledgement_due(file["received_at"], calendar, rules.ack_reading, source)


def recompute_all(visit: Visit) -> tuple[Moved, ...]:
    """R-71: closings have changed: every open file gets its dates anew. Returns those whose target moved."""
    with visit.writing() as counter:
        settings = Settings.read(counter.tx)
        by = counter.by("recalculer les dates")
        moved = []
        for file, fields in _recomputed(counter, settings):
            changes = _differing(file, fields)
            if changes:
                counter.tx.update("files", file["id"], changes, by)
            if "target_on" in changes:
                moved.append(Moved(file["id"], file["number"], file["target_on"], changes["target_on"]))
        return tuple(moved)


def what_would_move(visit: Visit, closings: Mapping[date, str]) -> tuple[Moved, ...]:
    """R-71: the open files whose target would move under these closings. Nothing is written."""
    with visit.reading() as counter:
        settings = Settings.read(counter.tx, closings)
        return tuple(
            Moved(file["id"], file["number"], file["target_on"], fields["target_on"])
            for file, fields in _recomputed(counter, settings)
            if fields["target_on"] != file["target_on"]
        )


def as_json(deadline: Deadline | None) -> dict[str, Any] | None:
    """A deadline with its reasons, as a JSON field keeps it (target_why, ack_why, list_runs.why)."""
    if deadline is None:
        return None
    kept = {name: value for name, value in asdict(deadline).items() if value not in ("", (), None)}
    kept["due"] = deadline.due.isoformat()
    kept["articles"] = list(deadline.articles)
    if deadline.steps:
        kept["steps"] = list(deadline.steps)
    if deadline.skipped:
        kept["skipped"] = [[skipped.day.isoformat(), skipped.why] for skipped in deadline.skipped]
    if deadline.legal:
        kept["legal"] = deadline.legal.isoformat()
    return kept


def from_json(kept: Mapping[str, Any] | None) -> Deadline | None:
    """The deadline a JSON field keeps."""
    if not kept:
        return None
    due = kept["due"]
    return Deadline(
        due=datetime.fromisoformat(due) if "T" in due else date.fromisoformat(due),
        articles=tuple(kept["articles"]),
        reading=kept.get("reading", ""),
        steps=tuple(kept.get("steps", ())),
        skipped=tuple(Skipped(date.fromisoformat(day), why) for day, why in kept.get("skipped", ())),
        legal=date.fromisoformat(kept["legal"]) if "legal" in kept else None,
    )


def _recomputed(
    counter: Counter[Reading] | Counter[Writing], settings: Settings
) -> Iterable[tuple[Row, dict[str, Any]]]:
    """Every open file with its computed fields as they would be."""
    files = SQL["files"]
    rows = counter.tx.rows(select(files).where(files.c.open.is_(True)).order_by(files.c.id))
    pauses = _pauses(counter.tx)
    for file in rows:
        yield file, computed(settings, file, pauses.get(file["id"], ()))


def _pauses(tx: Reading, files: Sequence[str] | None = None) -> dict[str, list[Pause]]:
    """The pauses of these files, or of all, in order."""
    pauses = SQL["pauses"]
    query = select(pauses).order_by(pauses.c.file, pauses.c.starts_on, pauses.c.id)
    by_file: dict[str, list[Pause]] = {}
    for row in tx.rows(query if files is None else query.where(pauses.c.file.in_(files))):
        by_file.setdefault(row["file"], []).append(Pause(row["starts_on"], row["ends_on"]))
    return by_file


def _differing(file: Row, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in file or file[name] != value}
