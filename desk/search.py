"""Finding a file again: by name, telephone, address, number, words of the facts; accents ignored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from desk.scope import visible
from desk.visits import Counter, Visit
from policy.confidentiality import may_see, may_see_file, searchable
from policy.numbering import parse
from policy.words import Sight, State
from sync import words
from sync.schema import SQL
from sync.store import Reading, Row, Writing

# The fields of a file that the index holds: an act that changes one of them calls ``index``.
INDEXED = frozenset({"number", "facts", "civic", "street", "sector", "place_note", "citizen"})
BEGINNING = 160  # characters of the facts shown


@dataclass(frozen=True)
class Hit:
    """One file found. ``citizen`` is empty when identities are not theirs to see, or nobody gave a name."""

    id: str
    number: str
    state: State
    category: str
    department: str
    place: str
    received_at: datetime
    citizen: str
    facts: str  # its beginning


def search(visit: Visit, text: str, limit: int = 20) -> list[Hit]:
    """The files this visit may see in which every word of ``text`` begins a word, the newest first.

    A whole number finds that file alone. Names, telephones, e-mails and home addresses count only
    for whom identities are theirs to see.
    """
    with visit.reading() as counter:
        return hits(counter, _found(counter, text, limit))


def hits(counter: Counter[Reading], ids: Sequence[str]) -> list[Hit]:
    """These files as hits, in that order; those the visit may not see are left out."""
    files, citizens = SQL["files"], SQL["citizens"]
    categories, departments = SQL["categories"], SQL["departments"]
    query = (
        select(
            files,
            citizens.c.name.label("citizen_name"),
            categories.c.name.label("category_name"),
            departments.c.name.label("department_name"),
        )
        .select_from(files)
        .outerjoin(citizens, citizens.c.id == files.c.citizen)
        .outerjoin(categories, categories.c.id == files.c.category)
        .outerjoin(departments, departments.c.id == files.c.department)
        .where(files.c.id.in_(ids))
    )
    # judged here: with the departments in the query, SQLite would go through all of their files
    rows = {row["id"]: row for row in counter.tx.rows(query) if may_see_file(counter.person, row)}
    return [_hit(counter, rows[file_id]) for file_id in ids if file_id in rows]


def index(counter: Counter[Writing], file_id: str) -> None:
    """Put a file's words in the index, or put them right: after one of ``INDEXED`` changed."""
    file = counter.tx.get("files", file_id)
    if file is not None:
        words.index(counter.tx, "files", file_id, texts(file, counter.tx.get("citizens", file["citizen"])))


def texts(file: Row, citizen: Row | None) -> Mapping[Sight, list[str]]:
    """What is sought in a file, by how far it may be seen."""
    place = f"{file.get('civic') or ''} {file.get('street') or ''}"
    told = [file["number"], file["facts"], place, file.get("sector") or "", file.get("place_note") or ""]
    return {Sight.WORK: told, Sight.IDENTITY: identity(citizen) if citizen is not None else []}


def identity(citizen: Row) -> list[str]:
    """What is sought of a citizen: name, telephone, e-mail, address."""
    fields = ("name", "phone", "phone_digits", "email", "city", "postal_code")
    address = f"{citizen.get('civic') or ''} {citizen.get('street') or ''}"
    return [address, *(citizen.get(field) or "" for field in fields)]


def _found(counter: Counter[Reading], text: str, limit: int) -> list[str]:
    number = parse(text)
    file = counter.tx.first("files", number=str(number)) if number is not None else None
    if file is not None and may_see_file(counter.person, file):
        return [file["id"]]
    return words.find(counter.tx, "files", text, searchable(counter.person), visible(counter), limit)


def _hit(counter: Counter[Reading], row: Row) -> Hit:
    named = may_see(counter.person, Sight.IDENTITY, row)
    facts = " ".join(row["facts"].split())
    return Hit(
        id=row["id"],
        number=row["number"],
        state=row["state"],
        category=row["category_name"] or "",
        department=row["department_name"] or "",
        place=" ".join(part for part in (row["civic"], row["street"]) if part),
        received_at=row["received_at"],
        citizen=(row["citizen_name"] or "") if named else "",
        facts=facts if len(facts) <= BEGINNING else facts[: BEGINNING - 1] + "…",
    )
