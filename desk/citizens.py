"""The citizens who called: found again as one types, kept up to date, never doubled when chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from desk import readdressing, search
from desk.scope import visible
from desk.visits import Counter, Visit
from policy.classification import Stated, check_particulars, format_phone, normalise_phone, tidy
from policy.reasons import refuse_all, refused
from policy.roles import Deed, may
from policy.words import Sight, State
from sync import words
from sync.history import Author
from sync.schema import SQL
from sync.store import Reading, Row, Writing

SHORTEST = 3  # characters before anybody is suggested
LATEST = 3
COORDINATES = ("name", "phone", "email", "civic", "street", "city", "postal_code")
# What kind of street it is does not tell two streets apart as people type them.
_KINDS = frozenset(
    words.normalise("rue avenue av boulevard boul chemin ch montée rang place croissant route")
)
_SMALL = frozenset(words.normalise("de du des la le les au aux"))

_POSTE = re.compile(r"(?:poste|p\.|ext\.?|x|#)\s*(\d{1,6})\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Caller:
    """Who asks, as typed: ``citizen`` is the id of the person chosen among those already known, or empty."""

    citizen: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    civic: str = ""
    street: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Earlier:
    """A file that may matter to the demand being typed."""

    id: str
    number: str
    state: State
    category: str
    place: str
    received_at: datetime
    open: bool


@dataclass(frozen=True)
class Known:
    """A citizen already known, with his or her latest files (newest first) and how many there are."""

    id: str
    caller: Caller
    files: int
    latest: tuple[Earlier, ...]


def suggest(visit: Visit, text: str, limit: int = 5) -> list[Known]:
    """P §4.1: the known citizens whose name, telephone or address begins as typed; nobody under 3 characters.

    For whoever enters demands; for the others, nobody.
    """
    with visit.reading() as counter:
        if len(text.strip()) < SHORTEST or not may(counter.person, Deed.ENTER_DEMAND):
            return []
        found = words.find(counter.tx, "citizens", text, {Sight.IDENTITY}, None, limit)
        rows = {row["id"]: row for row in counter.tx.find("citizens", id=found)} if found else {}
        return [_known(counter, rows[citizen]) for citizen in found if citizen in rows]


def known(visit: Visit, citizen: str) -> Known | None:
    """The citizen of that id with his or her files, for whoever enters demands."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return None
        row = counter.tx.get("citizens", citizen)
        return _known(counter, row) if row is not None else None


def nearby(
    visit: Visit, street: str = "", civic: str = "", category: str = "", citizen: str = "", limit: int = 8
) -> list[Earlier]:
    """R-18: the open files the demand may repeat, most alike first.

    Those at the same place; then of the same category and citizen; then on the same street for the same
    category. Streets are compared by their words, without accents nor kind (rue, chemin…).
    """
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return []
        files = SQL["files"]
        ways: list[list[Row]] = []
        if street and civic:
            ways.append(_on_street(counter, street, files.c.civic == civic.strip()))
        if citizen and category:
            ways.append(_open(counter, and_(files.c.citizen == citizen, files.c.category == category)))
        if street and category:
            ways.append(_on_street(counter, street, files.c.category == category))
        alike = {row["id"]: row for rows in ways for row in rows}
        return _earlier(counter, list(alike.values())[:limit])


def put(counter: Counter[Writing], caller: Caller) -> str:
    """The id of the citizen: the one chosen, with what was corrected, or a new one.

    Raises ``Refused`` when the chosen one is not there. Blanks around what was typed are dropped and the
    telephone is written as people here write it.
    """
    values = typed(caller)
    by = counter.by("mettre à jour les coordonnées" if caller.citizen else "inscrire un citoyen")
    if not caller.citizen:
        row = counter.tx.insert("citizens", values, by)
    else:
        before = counter.tx.lock("citizens", caller.citizen)
        if before is None:
            raise refused("La personne choisie n'est plus là : choisissez-la de nouveau.", "", "citizen")
        return _update(counter, before, values, by)
    index(counter, row)
    return str(row["id"])


def correct_in(counter: Counter[Writing], citizen: str, values: Mapping[str, Any]) -> str:
    """P §4.3: correct what is known of a citizen inside the caller's transaction; only these columns.

    Raises ``Refused``: nobody of that id, a name emptied, a telephone or an e-mail that is none.
    """
    before = counter.tx.lock("citizens", citizen)
    if before is None:
        raise refused("Cette personne n'est plus là.", "", "citizen")
    after = {name: values.get(name, before[name]) or "" for name in COORDINATES}
    news = {name: after[name] for name in COORDINATES if after[name] != (before[name] or "")}
    told = Stated(name=after["name"], phone=news.get("phone", ""), email=news.get("email", ""))
    refuse_all(check_particulars(told))
    if "name" in news and not tidy(news["name"]):
        raise refused("Une personne a un nom.", "P §4.3", "name")
    written = typed(Caller(**news))
    kept = {name: written[name] for name in news} | (
        {"phone_digits": written["phone_digits"]} if "phone" in news else {}
    )
    return _update(counter, before, kept, counter.by("mettre à jour les coordonnées"))


def index(counter: Counter[Writing], citizen: Row) -> None:
    """Put the words of a citizen in the search, or put them right."""
    words.index(counter.tx, "citizens", citizen["id"], {Sight.IDENTITY: search.identity(citizen)})


def typed(caller: Caller) -> dict[str, Any]:
    """The columns of a citizen as typed. Raises ``Refused`` when the telephone is not one."""
    digits = normalise_phone(caller.phone) if caller.phone.strip() else ""
    extension = _extension(caller.phone)
    return {
        "name": tidy(caller.name),
        "phone": format_phone(digits) + (f" poste {extension}" if extension else ""),
        "phone_digits": digits,
        "email": tidy(caller.email),
        "civic": tidy(caller.civic),
        "street": tidy(caller.street),
        "city": tidy(caller.city),
        "postal_code": tidy(caller.postal_code).upper(),
    }


def _update(counter: Counter[Writing], before: Row, values: Mapping[str, Any], by: Author) -> str:
    row = counter.tx.update("citizens", before["id"], values, by)
    if row["version"] != before["version"]:
        for file in counter.tx.find("files", citizen=before["id"]):
            search.index(counter, file["id"])
    if row["updated_at"] != before["updated_at"] or row["version"] != before["version"]:
        index(counter, row)
    readdressing.follow(counter, before, row)
    return str(row["id"])


def _known(counter: Counter[Reading], row: Row) -> Known:
    files = SQL["files"]
    theirs = and_(files.c.citizen == row["id"], visible(counter))
    newest = select(files).where(theirs).order_by(files.c.received_at.desc(), files.c.id.desc()).limit(LATEST)
    return Known(
        id=row["id"],
        caller=Caller(
            citizen=row["id"],
            **{field: row[field] or "" for field in COORDINATES},
        ),
        files=int(counter.tx.scalar(select(func.count()).select_from(files).where(theirs))),
        latest=tuple(_earlier(counter, counter.tx.rows(newest))),
    )


def _earlier(counter: Counter[Reading], rows: Sequence[Row]) -> list[Earlier]:
    categories = {row["category"] for row in rows if row["category"]}
    found = counter.tx.find("categories", id=categories) if categories else []
    names = {row["id"]: row["name"] for row in found}
    return [
        Earlier(
            id=row["id"],
            number=row["number"],
            state=row["state"],
            category=names.get(row["category"], ""),
            place=" ".join(part for part in (row["civic"], row["street"]) if part),
            received_at=row["received_at"],
            open=row["open"],
        )
        for row in rows
    ]


def _on_street(counter: Counter[Reading], street: str, also: ColumnElement[bool]) -> list[Row]:
    """The open files on that street, by its words, newest first."""
    wanted = _street(street)
    condition = and_(_may_be_repeated(counter), also)
    few = select(SQL["files"].c.id).where(condition)  # what is open is little beside what was
    found = words.find(counter.tx, "files", " ".join(sorted(wanted)), {Sight.WORK}, condition, 50, few)
    rows = {row["id"]: row for row in counter.tx.find("files", id=found)} if found else {}
    return [rows[file] for file in found if file in rows and _street(rows[file]["street"] or "") == wanted]


def _open(counter: Counter[Reading], condition: ColumnElement[bool]) -> list[Row]:
    files = SQL["files"]
    query = select(files).where(condition, _may_be_repeated(counter))
    return counter.tx.rows(query.order_by(files.c.received_at.desc(), files.c.id.desc()).limit(50))


def _may_be_repeated(counter: Counter[Reading]) -> ColumnElement[bool]:
    """R-18: the open files that are not themselves duplicates."""
    files = SQL["files"]
    return and_(files.c.open.is_(True), files.c.duplicate_of.is_(None), visible(counter))


def _extension(phone: str) -> str:
    found = _POSTE.search(phone)
    return found[1] if found else ""


def _street(street: str) -> frozenset[str]:
    """What tells a street from another; all its words when nothing else is left (« Rue du Rang »)."""
    found = frozenset(words.normalise(street))
    return (found - _KINDS - _SMALL) or found
