"""How a table of the town's becomes one of ours: which column is which field, what its words mean. Pure.

A column is *shared* when it can hold the field as it is: it becomes the field's, on both sides from then on.
Else it is *read* once, through the meanings of its words, and stays the town's own; the field gets a column
beside it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from policy.numbering import parse
from policy.spelling import bare
from sync.adopt_words import HEADERS, MEANINGS
from sync.fields import Kind
from sync.remote import (
    ID,
    ID_HEADER,
    NOTE,
    NOTE_HEADER,
    Cells,
    Column,
    ColumnThere,
    Raw,
    TableThere,
    Unreadable,
)

NEAR = 0.85  # how alike two headers are before one is proposed for the other
OURS = " (Guichet)"

Decode = Callable[[Column, Raw], Any]  # of the remote; raises Unreadable
Meanings = Mapping[str, Mapping[str, str | None]]  # by header: our word for each of theirs
Words = Mapping[str, Sequence[str]]  # by field: the words it takes, of a closed list or a table of settings


@dataclass(frozen=True)
class Match:
    """One column of theirs and our field.

    ``meanings``: our word for each of theirs, none where it is not known; empty for a field of any text.
    ``day_first``: how days that could be read in two ways are written there.
    """

    header: str
    column: Column
    shared: bool
    meanings: Mapping[str, str | None]
    day_first: bool | None = None  # of « 03/04/2025 »: None when nobody said

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words there that mean nothing to us yet."""
        return tuple(word for word, ours in self.meanings.items() if ours is None)


@dataclass(frozen=True)
class Plan:
    """What a person confirms. ``made``: columns that an adoption cut short had added, by our names."""

    table: str
    source: TableThere
    matches: tuple[Match, ...]
    made: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        """The columns that become ours: their keys, by our names."""
        keys = {column.header: column.key for column in self.source.columns}
        shared = {match.column.name: keys[match.header] for match in self.matches if match.shared}
        return {**self.made, **shared}

    @property
    def chosen(self) -> dict[str, Any]:
        """The plan as the memory keeps it. ``there``: the columns that the town had made."""
        made = self.made.values()
        return {
            "there": [column.key for column in self.source.columns if column.key not in made],
            "columns": {match.header: match.column.name for match in self.matches},
            "shared": [match.header for match in self.matches if match.shared],
            "meanings": {match.header: dict(match.meanings) for match in self.matches if match.meanings},
        }


def proposed(source: TableThere, columns: Sequence[Column]) -> dict[str, str]:
    """By header, the name of the field that it seems to be: the same words first, then near ones."""
    found: dict[str, str] = {}
    for is_it in (_same, _known_as, _near):
        for there in source.columns:
            names = [column.name for column in columns if is_it(there.header, column)]
            free = [name for name in names if name not in found.values()]
            if there.header not in found and free:
                found[there.header] = free[0]
    return {column.header: found[column.header] for column in source.columns if column.header in found}


def planned(
    table: str,
    source: TableThere,
    columns: Sequence[Column],
    goes_out: Sequence[str],
    rows: Sequence[Cells],
    chosen: Mapping[str, str],
    meanings: Meanings,
    words: Words,
    decode: Decode,
    before: Mapping[str, Any],
) -> Plan:
    """The plan of these choices: by header the name of our field, and what each word means, where it is said.

    ``goes_out``: the fields that have a column there; the others can only be read. ``before``: the plan of an
    adoption begun, in which what is shared is settled once it is done. ``KeyError`` for a header that is not
    there, or a field that is not among ``columns``.
    """
    there = {column.header: column for column in source.columns}
    ours = {column.name: column for column in columns}
    matches = []
    for header, name in chosen.items():
        raws = [row[header] for row in rows if row.get(header) not in (None, "")]
        column, place = ours[name], there[header]
        meant = _meanings(column, raws, meanings.get(header, {}), words)
        holds = name in goes_out and _holds(place, column, raws, meant, decode)
        is_shared = header in before["shared"] if before.get("done") else holds
        matches.append(Match(header, column, is_shared, {} if is_shared else meant))
    return Plan(table, source, tuple(matches), _made(source, columns, before))


def folded(text: str) -> str:
    """A header or a word without case, accents, nor anything but letters and digits."""
    return " ".join(re.findall(r"[a-z0-9#]+", bare(text)))


def _same(header: str, column: Column) -> bool:
    return folded(header) == folded(column.label)


def _known_as(header: str, column: Column) -> bool:
    return folded(header) in HEADERS.get(column.name, ())


def _near(header: str, column: Column) -> bool:
    return SequenceMatcher(None, folded(header), folded(column.label)).ratio() >= NEAR


def _meanings(
    column: Column, raws: Sequence[Raw], said: Mapping[str, str | None], words: Words
) -> dict[str, str | None]:
    """Each word there and ours: as it was said, else the same, else a usual one."""
    if column.name not in words:
        return {}
    listed = {folded(word): word for word in words[column.name]}
    found: dict[str, str | None] = {}
    for word in dict.fromkeys(shown(raw) for raw in raws):
        usual = next((ours for ours, known in MEANINGS.items() if folded(word) in known), None)
        guess = listed.get(folded(word)) or (usual if usual in listed.values() else None)
        found[word] = said.get(word, guess)
    return found


def shown(raw: Raw) -> str:
    """A cell as a person reads it."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, list):
        return ", ".join(map(str, raw))
    return str(raw).strip()


def _holds(
    place: ColumnThere,
    column: Column,
    raws: Sequence[Raw],
    meant: Mapping[str, str | None],
    decode: Decode,
) -> bool:
    """Whether the column there can be the field's: its type, its list, and every cell as it stands."""
    if column.kind not in place.kinds:
        return False
    if column.kind is Kind.CHOICE and place.choices is not None and not {*column.choices} <= {*place.choices}:
        return False
    if any(word != ours for word, ours in meant.items()):
        return False
    return all(_reads(column, raw, decode) for raw in raws)


def _reads(column: Column, raw: Raw, decode: Decode) -> bool:
    try:
        value = decode(column, raw)
    except Unreadable:
        return False
    return column.name != "number" or _is_ours(value)


def _is_ours(value: Any) -> bool:
    """Whether a number has the very form of ours."""
    number = parse(str(value))
    return number is not None and str(number) == value


def _made(source: TableThere, columns: Sequence[Column], before: Mapping[str, Any]) -> dict[str, str]:
    """The columns that an adoption begun has added since: their header is of our making."""
    labels = {ID_HEADER: ID, NOTE_HEADER: NOTE} | {column.label: column.name for column in columns}
    added = [column for column in source.columns if before and column.key not in before["there"]]
    headers = {column.header.removesuffix(OURS): column.key for column in added}
    return {labels[header]: key for header, key in headers.items() if header in labels}
