"""The computed dates of a file: the one recompute behind every act that moves them (architecture 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from desk import mails, town
from desk.visits import Counter
from policy.acknowledgement import acknowledgement_due, is_acknowledged
from policy.calendar import OfficeCalendar
from policy.classification import FOLLOWED
from policy.delays import Pause, taken_as_received, target
from policy.queue_order import day as queue_day
from policy.queue_order import rank as queue_rank
from policy.reasons import Deadline, Skipped
from policy.rules import RuleName, Rules, rules_on
from policy.towntime import town_day
from policy.words import OPEN_STATES
from sync.schema import SQL
from sync.store import Reading, Row, Writing

_PAUSES = (
    select(SQL["pauses"])
    .where(SQL["pauses"].c.file.in_(bindparam("of_files", expanding=True)))
    .order_by(SQL["pauses"].c.starts_on, SQL["pauses"].c.id)
)
TOLD = frozenset({"department", "target_on", "ack_due_at"})  # what an acknowledgement says, and for when


@dataclass(frozen=True)
class Moved:
    """A file whose target moves, or would."""

    id: str
    number: str
    before: date | None
    after: date | None


@dataclass
class Settings:
    """The settings the dates need, read once however many files are counted: as they are, or as they may be.

    ``as_of``: count as if the rules, hours and delays of that day had been in force when each file came.
    """

    closings: Mapping[date, str]
    rules: Sequence[Row]
    categories: Mapping[str, town.Category]
    as_of: date = date.min
    _on: dict[date, tuple[Rules, OfficeCalendar]] = field(default_factory=dict)

    @classmethod
    def read(cls, tx: Reading) -> "Settings":
        """Those of the store."""
        return cls(town.closings(tx), town.rules(tx), town.categories(tx))

    def in_force(self, day: date) -> tuple[Rules, OfficeCalendar]:
        """R-71: the rules and hours of the day a file was received, with the closings as known."""
        day = max(day, self.as_of)
        if day not in self._on:
            rules = rules_on(self.rules, day)
            self._on[day] = (rules, OfficeCalendar(self.closings, rules.opening_hours))
        return self._on[day]


def refresh(counter: Counter[Reading] | Counter[Writing], file: Row) -> dict[str, Any]:
    """R-5, R-10, R-14, R-15: the computed fields of a file as its other fields now stand.

    ``file`` is the row with the changes of the act already laid over it; its pauses are read from the store
    (a new file may have no ``id`` yet). Returns only what differs from the row, among target_on, target_why,
    ack_due_at, ack_why, open, queue_rank, queue_day: the caller writes them in the same update.
    """
    pauses = pauses_of(counter.tx, [file["id"]]).get(file["id"], ()) if file.get("id") else ()
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
    return target(taken_on, category.delays, pauses, calendar, max(opened_on, settings.as_of))


def acknowledgement_of(settings: Settings, file: Row) -> Deadline | None:
    """R-5: when the citizen must have been told; None for an anonymous demand, a first contact, an import."""
    anonymous, first_contact = bool(file.get("anonymous")), bool(file.get("first_contact"))
    brought_in = bool(file.get("brought_in"))
    if not is_acknowledged(
        file["nature"], anonymous=anonymous, first_contact=first_contact, brought_in=brought_in
    ):
        return None
    rules, calendar = settings.in_force(town_day(file["received_at"]))
    source = rules.source(RuleName.ACK_READING)
    return acknowledgement_due(file["received_at"], calendar, rules.ack_reading, source)


def recompute(counter: Counter[Writing], ids: Sequence[str]) -> tuple[Moved, ...]:
    """R-71: the open ones among these files get their dates anew; those whose target moved."""
    moved, by = [], counter.by("recalculer les dates")
    settings, rows = Settings.read(counter.tx), counter.tx.rows(_rows(ids).with_for_update())
    pauses = pauses_of(counter.tx, ids)
    for file in rows:
        if not file["open"]:
            continue
        fields = computed(settings, file, pauses.get(file["id"], ()))
        changes = _differing(file, fields)
        if changes:
            after = counter.tx.update("files", file["id"], changes, by)
            if not TOLD.isdisjoint(changes):
                mails.correct_call(counter, after)
        if "target_on" in changes:
            moved.append(Moved(file["id"], file["number"], file["target_on"], changes["target_on"]))
    return tuple(moved)


def pauses_of(tx: Reading, files: Sequence[str]) -> dict[str, list[Pause]]:
    """R-14: the pauses of these files, in order."""
    by_file: dict[str, list[Pause]] = {}
    for row in tx.rows(_PAUSES, {"of_files": list(files)}):
        by_file.setdefault(row["file"], []).append(Pause(row["starts_on"], row["ends_on"]))
    return by_file


def as_json(deadline: Deadline | None) -> dict[str, Any] | None:
    """A deadline with its reasons, as a JSON field keeps it (target_why, ack_why, list_runs.why)."""
    if deadline is None:
        return None
    kept = {name: value for name, value in vars(deadline).items() if value not in ("", (), None)}
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


def _rows(ids: Sequence[str]) -> Select[Any]:
    files = SQL["files"]
    return select(files).where(files.c.id.in_(ids)).order_by(files.c.number)


def _differing(file: Row, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in file or file[name] != value}
