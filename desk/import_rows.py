"""One row of a file judged: the demand it tells and who asked, or everything that does not fit and why."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from desk import import_fields, town
from desk.brought_in import circumstances
from desk.citizens import COORDINATES, Caller
from desk.import_fields import WHO, Profile
from policy.classification import SETTLED_AT_ONCE, Stated, check_brought_in, shown, tidy
from policy.reasons import Ground, Refused
from policy.towntime import town_day
from policy.words import OPEN_STATES, Channel, State
from sync.adopt import lists
from sync.adopt_plan import Match
from sync.adopt_values import value_of
from sync.fields import Kind
from sync.remote import Unreadable
from sync.schema import SQL
from sync.store import Reading
from sync.table_files import UNREADABLE
from sync.tables import TABLES
from sync.values import cleaned

# « 123, rue des Érables », « 12-A chemin du Lac », never « 12e Avenue ».
_CIVIC = re.compile(
    r"(\d{1,6}(?:\s?[A-Za-z](?![A-Za-z]))?(?:\s?[-–]\s?\d{1,5}[A-Za-z]?)?)\s*,?\s+(.+)", re.DOTALL
)
_ORDINAL = re.compile(r"\d+\s?(?:e|er|re|ère|ième)\b")
LABELS = {f"home_{name}": WHO + name for name in COORDINATES} | {
    name: WHO + name for name in ("name", "phone", "email")
}


@dataclass(frozen=True)
class Wrong:
    """One reason why a row does not fit: its line, its number there, the column to blame if one is, why."""

    line: int
    number: str
    header: str
    value: str
    why: str


@dataclass(frozen=True)
class Fit:
    """A row that fits: what tells it from every other, the columns of its file, who asked (empty: nobody)."""

    line: int
    source: str
    file: Mapping[str, Any]
    who: Caller


@dataclass(frozen=True)
class Known:
    """A row whose file is there already."""

    line: int
    number: str  # ours


Judged = Fit | Known | tuple[Wrong, ...]


@dataclass
class Judge:
    """What rows are judged by, read once: the columns chosen, the town's words, what is there already."""

    tx: Reading
    headers: Sequence[str]
    matches: Sequence[Match]
    register: str
    now: datetime
    there: Mapping[str, tuple[datetime, str]]
    _lists: Mapping[str, Mapping[str, Any]] = field(init=False)
    _seen: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lists = lists(self.tx, [match.column for match in self.matches])
        self._places = {header: at for at, header in enumerate(self.headers)}
        self._header_of = {match.column.name: match.header for match in self.matches}

    @classmethod
    def of(
        cls, tx: Reading, headers: Sequence[str], found: Mapping[str, Profile], matching: Mapping[str, Any],
        now: datetime,
    ) -> "Judge":  # fmt: skip
        """By these choices, at that moment."""
        chosen = import_fields.matches(tx, headers, found, matching)
        return cls(tx, headers, chosen, tidy(matching.get("register", "")), now, sources(tx))

    def judge(self, line: int, cells: Sequence[str]) -> Judged:
        """What a row is. A second row of the same number in the same file does not fit."""
        values, wrong = self._read(line, cells)
        number = str(values.get("source_id") or "")
        digest = hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:20]
        source = f"{self.register}:{number}" if number and self.register else number or f"ligne:{digest}"
        if wrong:
            return tuple(wrong)
        before = self._seen.setdefault(source, (line, digest))
        if before != (line, digest):
            return (
                Wrong(line, number, self._header_of.get("source_id", ""), number, _repeated(before, digest)),
            )
        there = self.there.get(source)
        received = values.get("received_at")
        if there is not None and received is not None:
            if town_day(there[0]) == town_day(received):
                return Known(line, there[1])
            return (self._wrong(line, number, cells, Ground(_borne(number, there[1]), "R-1", "source_id")),)
        return self._fit(line, number, source, cells, values)

    def _fit(
        self, line: int, number: str, source: str, cells: Sequence[str], values: dict[str, Any]
    ) -> Judged:
        file, who = _parted(values)
        grounds: list[Ground] = []
        if file.get("received_at") is None:
            grounds.append(Ground("La date de réception manque.", "R-1", "received_at"))
        else:
            file |= self._told(file, who)
            grounds += check_brought_in(_stated(file, who), file.get("closed_at"), self.now)
            grounds += _too_long(file | {"source_id": source})
        if grounds:
            return tuple(self._wrong(line, number, cells, ground) for ground in grounds)
        return Fit(line, source, file, who)

    def _told(self, file: dict[str, Any], who: Caller) -> dict[str, Any]:
        """What it does not say. What is settled at first contact was, when nothing says that it is open."""
        nature, state = file.get("nature"), file.get("state")
        settled = nature in SETTLED_AT_ONCE and (state is None or state not in OPEN_STATES)
        if state is None and (settled or file.get("closed_at") is not None):
            file = file | {"state": State.DONE}
        told = circumstances(file, town.category(self.tx, file.get("category")), self.now)
        return {**told, "anonymous": who == Caller(), "first_contact": settled, "complex": False}

    def _read(self, line: int, cells: Sequence[str]) -> tuple[dict[str, Any], list[Wrong]]:
        values: dict[str, Any] = {}
        wrong: list[Wrong] = []
        number = self._cell("source_id", cells)
        if len(cells) > len(self.headers):
            extra = cells[len(self.headers)]
            wrong.append(
                Wrong(line, number, "", shown(extra), "Elle a plus de cellules qu'il n'y a d'en-têtes.")
            )
        for match in self.matches:
            place = self._places[match.header]
            raw = cells[place] if place < len(cells) else ""
            if UNREADABLE in raw:
                wrong.append(Wrong(line, number, match.header, shown(raw), "Un caractère y est illisible."))
                continue
            try:
                values[match.column.name] = self._value(match, raw)
            except Unreadable as why:
                wrong.append(Wrong(line, number, match.header, shown(raw), _sentence(str(why))))
        return values, wrong

    def _value(self, match: Match, raw: str) -> Any:
        name = match.column.name
        value = value_of(match, raw, import_fields.decode)
        if value is None or name not in self._lists:
            return value
        if value not in self._lists[name]:
            raise Unreadable(f"« {value} » n'est pas, ou plus, dans la liste.")
        found = self._lists[name][value]
        if match.column.kind is Kind.CHOICE:
            return TABLES["files"].field(name).choices(found)  # type: ignore[misc]  # a choice has a list
        return found

    def _cell(self, name: str, cells: Sequence[str]) -> str:
        place = self._places.get(self._header_of.get(name, ""), len(cells))
        return cells[place][:120] if place < len(cells) else ""

    def _wrong(self, line: int, number: str, cells: Sequence[str], ground: Ground) -> Wrong:
        name = LABELS.get(ground.field, ground.field)
        header = self._header_of.get(name, "")
        article = f" ({ground.article})" if ground.article else ""
        return Wrong(line, number[:120], header, shown(self._cell(name, cells)), f"{ground.message}{article}")


def sources(tx: Reading) -> dict[str, tuple[datetime, str]]:
    """What is there already: by identifier of origin, when it was received and our number."""
    files = SQL["files"].c
    query = select(files.source_id, files.received_at, files.number).where(files.source_id.is_not(None))
    return {row["source_id"]: (row["received_at"], row["number"]) for row in tx.rows(query)}


def split(street: str) -> tuple[str, str]:
    """The civic number that begins an address, and the rest of it; « 12e Avenue » has none."""
    found = _CIVIC.fullmatch(street.strip())
    if found is None or _ORDINAL.match(street.strip()):
        return "", street.strip()
    return found[1].strip(), found[2].strip()


def _parted(values: Mapping[str, Any]) -> tuple[dict[str, Any], Caller]:
    """The columns of the file, and who asked; a civic number typed with the street goes to its own place."""
    file = {name: value for name, value in values.items() if value is not None and not name.startswith(WHO)}
    file = {name: tidy(value) if type(value) is str else value for name, value in file.items()}
    file = {name: value for name, value in file.items() if value != "" and name != "source_id"}
    if not file.get("civic") and (street := file.get("street")):
        civic, rest = split(street)
        file |= {"civic": civic, "street": rest} if civic else {}
    who = {name: tidy(str(values.get(WHO + name) or "")) for name in (*COORDINATES, "first")}
    first = who.pop("first")
    who["name"] = " ".join(part for part in (first, who["name"]) if part)
    if not who["civic"]:
        who["civic"], who["street"] = split(who["street"])
    asked = any(who[name] for name in ("name", "phone", "email", "street"))
    return file, Caller(**who) if asked else Caller()


def _stated(file: Mapping[str, Any], who: Caller) -> Stated:
    return Stated(
        nature=file["nature"],
        channel=file.get("channel", Channel.PHONE),
        received_at=file["received_at"],
        facts=file["facts"],
        street=file.get("street", ""),
        civic=file.get("civic", ""),
        sector=file.get("sector", ""),
        place_note=file.get("place_note", ""),
        anonymous=file["anonymous"],
        name=who.name,
        phone=who.phone,
        email=who.email,
        home_civic=who.civic,
        home_street=who.street,
        home_city=who.city,
        home_postal_code=who.postal_code,
        first_contact=file["first_contact"],
    )


def _too_long(file: Mapping[str, Any]) -> tuple[Ground, ...]:
    """What the tables do not hold; the lengths that intake knows are told already."""
    known = {"facts", "place_note", "civic", "street", "sector"}
    try:
        cleaned(TABLES["files"], {name: file[name] for name in file if name not in known}, whole=False)
    except Refused as no:
        return no.grounds
    return ()


def _repeated(before: tuple[int, str], digest: str) -> str:
    if before[1] == digest:
        return f"Elle répète la ligne {before[0]}."
    return f"Son numéro est déjà celui de la ligne {before[0]}, qui dit autre chose."


def _borne(number: str, ours: str) -> str:
    return (
        f"« {number} » est déjà le numéro d'origine du dossier {ours}, reçu un autre jour : donnez un nom à "
        "ce registre, pour que ses numéros ne se confondent pas avec ceux d'un autre."
    )


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}"
