"""What of a demand a file may say: the fields offered, what each column seems to be, what its words mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policy.classification import is_email
from sync.adopt import lists
from sync.adopt_plan import Match, folded, planned, proposed
from sync.adopt_values import read_day
from sync.fields import Kind, Owner
from sync.outside import SETTINGS
from sync.remote import Column, ColumnThere, Raw, TableThere
from sync.sheets import cells
from sync.store import Reading
from sync.tables import TABLES

# In the order in which they are offered.
OF_A_FILE = (
    "source_id", "received_at", "nature", "channel", "forwarded_by", "category", "department", "priority",
    "state", "facts", "civic", "street", "sector", "place_note",
)  # fmt: skip
OF_ITS_HANDLING = (
    "planned_on", "wait_reason", "next_action", "closed_at", "done_on", "code", "done_extension", "note",
    "citizen_text",
)  # fmt: skip
WHO = "who_"
OF_A_CITIZEN = ("name", "first", "phone", "email", "civic", "street", "city", "postal_code")
REQUIRED = "received_at"
MOST_WORDS = 150  # of one column: past them it is no closed list
SAMPLES = 4
MOSTLY = 0.8  # of the values of a column that has no known header

_SERIAL = re.compile(r"[2-6]\d{4}(?:[.,]\d+)?")  # a day as spreadsheets count them, left without its form
_PHONE = re.compile(r"\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}")
_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")


@dataclass
class Profile:
    """What a column holds: how many cells say something, its different words (the most said first), a few."""

    filled: int = 0
    words: list[str] = field(default_factory=list)
    many: bool = False  # more words than are kept
    first_past_12: bool = False  # of days written 14/03/2025: which part can be no month
    second_past_12: bool = False

    @property
    def samples(self) -> tuple[str, ...]:
        """A few of its values."""
        return tuple(self.words[:SAMPLES])


def columns() -> tuple[Column, ...]:
    """The fields that a column may be."""
    files = [_column("files", name, name) for name in (*OF_A_FILE, *OF_ITS_HANDLING)]
    who = [_column("citizens", name, WHO + name) for name in OF_A_CITIZEN if name != "first"]
    first = Column(WHO + "first", "Citoyen : prénom", Kind.TEXT, Owner.DESK)
    return (*files[: len(OF_A_FILE)], who[0], first, *who[1:], *files[len(OF_A_FILE) :])


class Profiler:
    """Sees the rows of a table one by one, then says what each column holds."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._found = {header: Profile() for header in headers}
        self._counts: dict[str, dict[str, int]] = {header: {} for header in headers}

    def see(self, row: Sequence[str]) -> None:
        """One row more."""
        for (header, profile), cell in zip(self._found.items(), row, strict=False):
            if not cell:
                continue
            words = self._counts[header]
            profile.filled += 1
            if cell in words or len(words) <= MOST_WORDS:
                words[cell] = words.get(cell, 0) + 1
            if slashed := _SLASHED.match(cell):
                profile.first_past_12 |= int(slashed[1]) > 12
                profile.second_past_12 |= int(slashed[2]) > 12

    def told(self) -> dict[str, Profile]:
        """By header."""
        for header, profile in self._found.items():
            words = self._counts[header]
            profile.many = len(words) > MOST_WORDS
            profile.words = sorted(words, key=words.__getitem__, reverse=True)[:MOST_WORDS]
        return self._found


def proposal(tx: Reading, headers: Sequence[str], found: Mapping[str, Profile]) -> dict[str, Any]:
    """What each column seems to be, by its header, else by what it holds; its words come later."""
    offered = columns()
    chosen = proposed(_there(headers), offered)
    for header in headers:
        if header not in chosen:
            guess = _by_contents(tx, found[header], [c for c in offered if c.name not in chosen.values()])
            if guess:
                chosen[header] = guess
    return {"columns": {header: chosen[header] for header in headers if header in chosen}}


def matches(
    tx: Reading, headers: Sequence[str], found: Mapping[str, Profile], matching: Mapping[str, Any]
) -> tuple[Match, ...]:
    """What was chosen, each column with the meaning of its words and the order of its days."""
    offered = columns()
    known = {column.name for column in offered}
    chosen = {
        header: name
        for header, name in matching.get("columns", {}).items()
        if header in found and name in known
    }
    rows = [{header: word} for header, profile in found.items() if header in chosen for word in profile.words]
    listed = {name: list(words) for name, words in lists(tx, offered).items()}
    plan = planned(
        "files", _there(headers), offered, (), rows, chosen, matching.get("meanings", {}), listed, decode, {}
    )
    orders = matching.get("orders", {})
    return tuple(
        replace(match, day_first=orders.get(match.header, day_first(found[match.header])))
        if match.column.kind in (Kind.DATE, Kind.MOMENT)
        else match
        for match in plan.matches
    )


def is_ambiguous(profile: Profile) -> bool:
    """Whether its days are written so that a person must say which part is the day."""
    return any(_SLASHED.match(word) and read_day(word.split()[0]) is None for word in profile.words)


def day_first(profile: Profile) -> bool:
    """Which part of « 03/04/2025 » is the day, as the other days of the column tell; else the day."""
    return profile.first_past_12 or not profile.second_past_12


def decode(column: Column, raw: Raw) -> Any:
    """A cell of a file as a cell of a spreadsheet: a day may have been left as its number."""
    if column.kind in (Kind.DATE, Kind.MOMENT) and isinstance(raw, str) and _SERIAL.fullmatch(raw):
        return cells.decode(column, float(raw.replace(",", ".")))
    return cells.decode(column, raw)


def _there(headers: Sequence[str]) -> TableThere:
    return TableThere("", "", tuple(ColumnThere(header, header, frozenset()) for header in headers))


def _column(table: str, name: str, called: str) -> Column:
    told = TABLES[table].field(name)
    label = f"Citoyen : {told.label[0].lower()}{told.label[1:]}" if table == "citizens" else told.label
    choices = tuple(member.value for member in told.choices) if told.choices else ()
    ref = told.ref if told.ref in SETTINGS else None
    return Column(called, label, told.kind, told.owner, choices, ref, told.required)


def _by_contents(tx: Reading, profile: Profile, free: Sequence[Column]) -> str:
    """The field that most of its values would be, when its header says nothing."""
    if not profile.words:
        return ""
    names = {column.name for column in free}
    signs = {
        WHO + "email": is_email,
        WHO + "phone": lambda word: _PHONE.fullmatch(word) is not None,
        REQUIRED: lambda word: _is_day(word),
    }
    for name, is_it in signs.items():
        if name in names and _share(profile, is_it) >= MOSTLY:
            return name
    for name, words in lists(tx, [column for column in free if column.name in names]).items():
        known = {folded(word) for word in words}
        if known and not profile.many and _share(profile, lambda word, k=known: folded(word) in k) >= MOSTLY:
            return name
    return ""


def _share(profile: Profile, is_it: Any) -> float:
    return sum(1 for word in profile.words if is_it(word)) / len(profile.words)


def _is_day(word: str) -> bool:
    return read_day(word.split()[0], True) is not None
