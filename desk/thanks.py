"""Thanks received (R-63): marked on a comment, put right by the desk, read by whom they are for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from desk.acts import Outcome, standing
from desk.scope import file_in_sight, in_sight
from desk.visits import Counter, Visit
from policy.circuits import Party
from policy.classification import shown, tidy
from policy.confidentiality import may_see_file
from policy.moves import parties
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, may
from policy.thanks import ARTICLE, READERS, Giver, Thanked, check_thanks
from policy.towntime import town_day
from policy.words import Nature, Role
from sync.schema import SQL
from sync.store import Reading, Row, Writing

ACT = "inscrire le remerciement"
CORRECTED = "corriger le remerciement"
PAGE = 50
SHORT = 140  # signs of a word told in passing

THANKS, FILES = SQL["thanks"].c, SQL["files"].c


@dataclass(frozen=True)
class Received:
    """One thanks: the day it came, whom it is for, its words; ``number`` only for who may see the file."""

    on: date
    department: str
    employee: str
    words: str
    number: str


@dataclass(frozen=True)
class Heard:
    """The thanks that a visit may read, the latest first, and how many there are in all."""

    latest: tuple[Received, ...]
    total: int
    everyone: bool  # all those of the town; else only what concerns who asks


def people(visit: Visit) -> Mapping[str, str]:
    """Who works here and may be thanked, by id; for whoever enters demands, else nobody."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.ENTER_DEMAND):
            return {}
        rows = counter.tx.find("accounts", ("name",), active=True)
        return {row["id"]: row["name"] for row in rows if set(row["roles"]) != {Role.COUNCIL.value}}


def heard(visit: Visit) -> Heard:
    """P §4.8: the thanks this visit may read; nothing of who gave them."""
    with visit.reading() as counter:
        mine = theirs(counter)
        total = int(counter.tx.scalar(_marked(func.count()).where(mine)))
        rows = counter.tx.rows(
            _marked(THANKS.employee, THANKS.employee_name, THANKS.words, FILES.received_at, FILES.number,
                    FILES.department, FILES.nature)
            .where(mine).order_by(FILES.received_at.desc(), FILES.id).limit(PAGE)
        )  # fmt: skip
        names = _names(counter.tx, rows)
        return Heard(
            tuple(
                Received(
                    on=town_day(row["received_at"]),
                    department=names.get(row["department"], ""),
                    employee=names.get(row["employee"], "") or row["employee_name"] or "",
                    words=row["words"] or "",
                    number=row["number"] if may_see_file(counter.person, row) else "",
                )
                for row in rows
            ),
            total,
            counter.person.is_one_of(*READERS),
        )


def theirs(counter: Counter[Any]) -> ColumnElement[bool]:
    """``policy.thanks.may_read`` as a condition, beside ``marked``."""
    person = counter.person
    if person.system:
        return false()
    return true() if person.is_one_of(*READERS) else _own(counter)


@dataclass(frozen=True)
class Lately:
    """How many thanks came for this person lately, and the words of the last one that has any."""

    total: int
    words: str


def since(counter: Counter[Reading], start: datetime) -> Lately:
    """R-63: those received since ``start`` that are this person's own or his or her departments'.

    Expérience citoyen is told of all of them; who only may read them is told of none.
    """
    person = counter.person
    mine = theirs(counter) if person.is_one_of(Role.EXPERIENCE) else _own(counter)
    recent = (mine, FILES.received_at > start)
    total = int(counter.tx.scalar(_marked(func.count()).where(*recent)))
    said = _marked(THANKS.words).where(*recent, THANKS.words.is_not(None)) if total else None
    last = counter.tx.scalar(said.order_by(FILES.received_at.desc()).limit(1)) if said is not None else None
    return Lately(total, shown(last or "", SHORT))


def concerns(counter: Counter[Any]) -> bool:
    """Whether there is a thanks for this person to read, of whatever role."""
    return counter.tx.scalar(_marked(THANKS.id).where(theirs(counter)).limit(1)) is not None


def of_file(counter: Counter[Reading], file: Row) -> str:
    """Whom a comment thanks, in words; empty when it is no thanks. The caller has judged who asks."""
    row = counter.tx.first("thanks", file=file["id"])
    if row is None or file["nature"] is not Nature.COMMENT:
        return ""
    names = _names(counter.tx, [{**row, "department": file["department"]}])
    who = names.get(row["employee"], "") or row["employee_name"] or ""
    return ", ".join(each for each in (names.get(file["department"], ""), who) if each)


@dataclass(frozen=True)
class Mark:
    """What the desk may put right of a comment: whom it thanks as it stands, None when it thanks nobody."""

    stands: Thanked | None

    @property
    def fields(self) -> Mapping[str, str]:
        """As the form of the desk names them."""
        of = self.stands or Thanked()
        return {"thanked": of.employee, "thanked_name": of.name, "thanks_words": of.words}


def mark(counter: Counter[Any], file: Row) -> Mark | None:
    """Of a file in sight; None when it is no comment, or not this person's to put right."""
    if file["nature"] is not Nature.COMMENT or Party.DESK not in parties(
        counter.person, standing(counter, file)
    ):
        return None
    row = counter.tx.first("thanks", file=file["id"])
    return Mark(None if row is None else _thanked(row))


def put_right(visit: Visit, number: str, seen: Thanked | None, thanked: Thanked | None) -> Outcome:
    """P §4.8: mark a comment as a thanks after its intake, correct whom it thanks, or with None unmark it.

    By the desk, whatever the state of the file (number or id): a comment is often closed as it is taken.
    ``seen`` is what stood there when typing began. Raises ``NotFound``, or ``Refused`` with every ground,
    among them that another person has changed it meanwhile. A second click changes nothing.
    """
    with visit.writing() as counter:
        file = in_sight(counter, counter.tx.lock("files", file_in_sight(counter, number)["id"]))
        found = mark(counter, file)
        if found is None:
            raise refused("Seul le service aux citoyens marque un commentaire comme remerciement.", ARTICLE)
        wanted = None if thanked is None else _thanked(_kept(thanked))
        if found.stands != wanted:
            if found.stands != seen:
                raise _changed(of_file(counter, file), found.stands)
            _lay(counter, file, wanted)
        said = "n'est plus un remerciement" if wanted is None else "le remerciement est inscrit"
        return Outcome(file["id"], f"Dossier {file['number']} : {said}.", file["version"])


def _lay(counter: Counter[Writing], file: Row, wanted: Thanked | None) -> None:
    row = counter.tx.first("thanks", file=file["id"])
    if wanted is None:
        if row is not None:
            counter.tx.shred("thanks", row["id"], counter.by("retirer le remerciement"))
        return
    citizen = counter.tx.get("citizens", file["citizen"]) or {}
    giver = Giver(*(citizen.get(name) or "" for name in ("name", "phone", "email")))
    department = counter.tx.get("departments", file["department"])
    refuse_all(judged(counter, file["nature"], wanted, department["name"] if department else "", giver))
    if row is None:
        keep_in(counter, file, wanted)
    else:
        counter.tx.update("thanks", row["id"], _kept(wanted), counter.by(CORRECTED))


def _changed(whom: str, stands: Thanked | None) -> Refused:
    said = f" et le mot « {shown(stands.words, SHORT)} »" if stands and stands.words else ""
    now = "ce n'est plus un remerciement" if stands is None else f"il y a maintenant « {whom} »{said}"
    words = f"Quelqu'un d'autre l'a changé entre-temps : {now}. Enregistrez de nouveau pour le remplacer."
    return refused(words, ARTICLE, "thanks")


def judged(
    counter: Counter[Any], nature: Nature | None, thanked: Thanked, department: str, giver: Giver
) -> Iterator[Ground]:
    """``policy.thanks.check_thanks``, and whether the employee chosen is one."""
    yield from check_thanks(nature, thanked, department, giver)
    if thanked.employee and counter.tx.get("accounts", thanked.employee) is None:
        yield Ground("Cette personne n'a plus de compte : écrivez son nom.", ARTICLE, "thanked")


def keep_in(counter: Counter[Writing], file: Row, thanked: Thanked) -> None:
    """Mark the comment in the caller's transaction."""
    if file["nature"] is not Nature.COMMENT:
        raise refused("Un remerciement est un commentaire.", ARTICLE, "nature")
    counter.tx.insert("thanks", {"file": file["id"], **_kept(thanked)}, counter.by(ACT))


def _kept(thanked: Thanked) -> dict[str, str | None]:
    return {
        "employee": thanked.employee or None,
        "employee_name": None if thanked.employee else tidy(thanked.name) or None,
        "words": tidy(thanked.words) or None,
    }


def _thanked(row: Mapping[str, Any]) -> Thanked:
    return Thanked(row["employee"] or "", row["employee_name"] or "", row["words"] or "")


def _own(counter: Counter[Any]) -> ColumnElement[bool]:
    """Those that name this person, and those of his or her departments."""
    return or_(THANKS.employee == counter.person.id, FILES.department.in_(sorted(counter.person.departments)))


def _marked(*what: Any) -> Select[Any]:
    """Of the comments that are thanks; one reclassified since is none any more."""
    joined = SQL["thanks"].join(SQL["files"], THANKS.file == FILES.id)
    return select(*what).select_from(joined).where(FILES.nature == Nature.COMMENT)


def _names(tx: Reading, rows: list[Row]) -> dict[str | None, str]:
    """The departments and accounts these rows point to, by id."""
    found: dict[str | None, str] = {}
    for table, column in (("departments", "department"), ("accounts", "employee")):
        wanted = sorted({row[column] for row in rows if row[column]})
        found |= {row["id"]: row["name"] for row in tx.find(table, id=wanted)} if wanted else {}
    return found
