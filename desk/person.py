"""A person's file on request (LAI 83): found again, all that is held about him or her, as .xlsx and .pdf."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from desk import french, printing, private
from desk.person_parts import COORDINATES, Part, Person, parts, visible
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.identity import known_by
from policy.private_words import PrivateKind
from policy.roles import Deed, refuse_unless
from policy.words import Sight
from sync import words
from sync.schema import SQL
from sync.store import Row
from sync.workbook import Sheet, workbook

SHORTEST = 3  # characters before anybody is suggested
MOST = 20  # records put together in one file
TEMPLATE = "dossier_personne"
KINDS = (PrivateKind.ACCESS, PrivateKind.COMPLAINT)  # those that name a person who may be no citizen yet
WIDEST = 6  # columns that a page of paper holds; past them a row becomes a part of its own
INTRO = (
    "Ce document réunit ce que le logiciel du service aux citoyens détient au sujet de la personne, dans la "
    "mesure où qui l'a réuni peut le voir. Les notes internes n'y sont pas, ni ce qui concerne d'autres "
    "personnes : la personne responsable de l'accès juge de ce qui se communique. Ce qui est rapproché par "
    "le nom seul peut être d'une autre personne du même nom."
)


@dataclass(frozen=True)
class Found:
    """A record that may be of the person sought. ``seed`` names it in an address, without any name."""

    seed: str
    kind: str
    name: str
    phone: str
    address: str
    files: int


@dataclass(frozen=True)
class Gathered:
    """A person's file: the name it is under, and its parts."""

    name: str
    parts: tuple[Part, ...]


def find(visit: Visit, text: str, limit: int = 10) -> tuple[Found, ...]:
    """The records whose name, telephone or address begins as typed; nobody under 3 characters.

    Citizens, then of the private files this visit may read those that bear such a name. Raises ``Refused``.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.GATHER_PERSON)
        if len(text.strip()) < SHORTEST:
            return ()
        ids = words.find(counter.tx, "citizens", text, {Sight.IDENTITY}, None, limit)
        rows = {row["id"]: row for row in counter.tx.find("citizens", id=ids)} if ids else {}
        citizens = [_citizen(counter, rows[each]) for each in ids if each in rows]
        others = (each for kind in KINDS for each in _others(counter, kind, text))
        return (*citizens, *list(others)[:limit])


def gather(visit: Visit, seeds: Iterable[str], how: str = "à l'écran") -> Gathered:
    """LAI 83: everything held about the person of these records, as far as this visit may see it.

    The act is recorded, and the reading of each private file in it. Raises ``Refused`` for whoever may not,
    ``NotFound`` when none of the records is there or theirs.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.GATHER_PERSON)
        rows = list(_rows(counter, seeds))
        if not rows:
            raise NotFound
        citizens = [row for kind, row in rows if kind is None]
        known = known_by(*((row["name"], row["phone"], row["email"]) for _, row in rows))
        person = Person(citizens, known)
        made = parts(counter, person)
        for _, row in rows:
            private.record(counter, PrivateKind.PERSON, row["id"], f"Dossier réuni, {how}")
        for kind, record in person.read:
            private.record(counter, kind, record, f"Dossier d'une personne, {how}")
        return Gathered(next((row["name"] for _, row in rows if row["name"]), "sans nom"), made)


def as_workbook(visit: Visit, seeds: Iterable[str]) -> bytes:
    """That file as .xlsx, a sheet for each part."""
    found = gather(visit, seeds, ".xlsx")
    return workbook([Sheet(part.title, part.columns, part.rows) for part in found.parts])


def as_pdf(visit: Visit, seeds: Iterable[str]) -> bytes:
    """That file as a tagged PDF."""
    found = gather(visit, seeds, ".pdf")
    with visit.reading() as counter:  # nobody waits to write while paper is made
        return printing.letter(counter, TEMPLATE, _values(found))


def _values(found: Gathered) -> Mapping[str, Any]:
    return {
        "person": found.name,
        "intro": INTRO,
        "sections": [section for part in found.parts for section in _on_paper(part)],
    }


def _on_paper(part: Part) -> Iterator[Mapping[str, Any]]:
    """A part as the template draws it; a wide one row by row, without what is empty."""
    rows = [_in_words(row) for row in part.rows]
    if len(part.columns) <= WIDEST or not rows:
        yield {"title": part.title, "columns": part.columns, "rows": rows}
        return
    for at, row in enumerate(rows, start=1):
        told = [pair for pair in zip(part.columns, row, strict=True) if pair[1] is not None]
        title = part.title if len(rows) == 1 else f"{part.title} ({at} de {len(rows)})"
        yield {"title": title, "columns": ("Champ", "Ce qui est inscrit"), "rows": told}


def _in_words(row: Sequence[Any]) -> list[str | None]:
    return [None if value in (None, "") else french.words(value) for value in row]


def _rows(counter: Counter[Any], seeds: Iterable[str]) -> Iterator[tuple[PrivateKind | None, Row]]:
    """The records of these seeds that are there and theirs; ``None`` is a citizen's."""
    for seed in list(dict.fromkeys(seeds))[:MOST]:
        table, _, record = seed.partition(".")
        if table == "citizens":
            row = counter.tx.get("citizens", record)
            if row is not None:
                yield None, row
        for kind in KINDS:
            if table == private.TABLES[kind]:
                yield from ((kind, row) for row in visible(counter, kind) if row["id"] == record)


def _citizen(counter: Counter[Any], row: Row) -> Found:
    files = SQL["files"]
    count = counter.tx.scalar(select(func.count()).select_from(files).where(files.c.citizen == row["id"]))
    return _found("citizens", "Citoyen", row, int(count))


def _others(counter: Counter[Any], kind: PrivateKind, text: str) -> Iterator[Found]:
    """The private files that bear what was typed: sealed, they are looked at one by one."""
    sought = words.normalise(text)
    for row in visible(counter, kind):
        borne = words.normalise(" ".join(str(row[name] or "") for name in COORDINATES))
        if sought and all(any(word.startswith(each) for word in borne) for each in sought):
            yield _found(private.TABLES[kind], f"{kind.value} {row['number']}", row, 0)


def _found(table: str, kind: str, row: Row, files: int) -> Found:
    return Found(
        seed=f"{table}.{row['id']}",
        kind=kind,
        name=row["name"] or "sans nom",
        phone=row["phone"] or "",
        address=" ".join(part for part in (row["civic"], row["street"]) if part),
        files=files,
    )
