"""R-81: a legal hold on a file, a private file or a person: nothing of it is forgotten until it is lifted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk import private
from desk.scope import NotFound
from desk.timeline import called
from desk.visits import Counter, Visit
from policy.confidentiality import FILES, PrivateAct
from policy.keeping import ARTICLE
from policy.private_words import PrivateKind
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from sync.schema import SQL
from sync.store import Reading, Row, Writing

_OPEN = frozenset(nature for nature, readers in FILES.items() if readers)
_NUMBERED = (PrivateKind.COMPLAINT, PrivateKind.ACCESS)


@dataclass(frozen=True)
class Hold:
    """One hold, as who keeps them sees it. ``whole``: every file of the person, not this one alone."""

    id: str
    number: str
    whole: bool
    reason: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


@dataclass(frozen=True)
class Told:
    """What the screen of a file says: since when it is held; why, for who keeps the holds."""

    since: datetime
    whole: bool
    reason: str


def place(visit: Visit, number: str, reason: str, *, whole: bool = False) -> Hold:
    """Hold the file of that number, or with ``whole`` its person and all that person's files.

    Raises ``Refused`` with every ground, ``NotFound`` for a file that is not theirs to know of. Once more on
    what is held already, it says so.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.HOLD_RECORDS)
        table, row = _named(counter, number)
        if whole:
            table, row = _person_of(counter, table, row)
        grounds = []
        if not reason.strip():
            grounds.append(Ground("Inscrivez le motif de la suspension.", ARTICLE, "reason"))
        if on(counter.tx, [row["id"]]):
            grounds.append(Ground("Sa conservation est déjà suspendue.", ARTICLE, "number"))
        refuse_all(grounds)
        made = counter.tx.insert(
            "legal_holds",
            {
                "of": table,
                "record": row["id"],
                "number": number.strip(),
                "placed_at": counter.at,
                "placed_by": counter.person.id,
                "reason": reason.strip(),
            },
            counter.by("suspendre la conservation"),
        )
        return _hold(counter.tx, made)


def lift(visit: Visit, hold: str, why: str) -> Hold:
    """Deliberately: with a reason. A second click changes nothing. Raises ``Refused``, ``NotFound``."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.HOLD_RECORDS)
        row = counter.tx.lock("legal_holds", hold)
        if row is None or not _known(counter, row):
            raise NotFound
        if row["lifted_at"] is None:
            if not why.strip():
                raise refused("Inscrivez pourquoi la suspension est levée.", ARTICLE, "why")
            lifted = {"lifted_at": counter.at, "lifted_by": counter.person.id, "lifted_why": why.strip()}
            row = counter.tx.update("legal_holds", hold, lifted, counter.by("lever la suspension"))
        return _hold(counter.tx, row)


def holds(visit: Visit) -> tuple[Hold, ...]:
    """Every hold this person may know of, those that are on first, the latest first."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.HOLD_RECORDS)
        rows = counter.tx.find("legal_holds", ("-placed_at",))
        found = [_hold(counter.tx, row) for row in rows if _known(counter, row)]
    return tuple(sorted(found, key=lambda each: each.lifted_at is not None))


def may_hold(visit: Visit) -> bool:
    """Whether this person may place and lift holds."""
    with visit.reading() as counter:
        return may(counter.person, Deed.HOLD_RECORDS)


def told(counter: Counter[Reading], file: Row) -> Told | None:
    """What is said of a file in sight: to all who see it that it is held; why, to who keeps the holds."""
    rows = on(counter.tx, [file["id"], file["citizen"]])
    if not rows:
        return None
    keeps = may(counter.person, Deed.HOLD_RECORDS)
    row = counter.tx.get("legal_holds", rows[0]["id"]) if keeps else None
    return Told(rows[0]["placed_at"], rows[0]["of"] == "citizens", row["reason"] if row else "")


def refuse_held(counter: Counter[Any], file: Row) -> None:
    """R-81: raise ``Refused`` when nothing of this file may be erased."""
    rows = on(counter.tx, [file["id"], file["citizen"]])
    if rows:
        raise refused(
            f"La conservation de ce dossier est suspendue depuis le {rows[0]['placed_at']:%Y-%m-%d} : rien "
            "n'en est effacé avant que le greffe ou la direction générale lève la suspension.",
            ARTICLE,
        )


def on(tx: Reading, records: Collection[str | None]) -> list[Row]:
    """The holds that are on for any of these records, the oldest first; why stays sealed."""
    holds = SQL["legal_holds"].c
    query = sa.select(holds.id, holds.of, holds.record, holds.placed_at)
    wanted = [each for each in records if each]
    return tx.rows(
        query.where(holds.record.in_(wanted), holds.lifted_at.is_(None)).order_by(holds.placed_at, holds.id)
    )


def _named(counter: Counter[Writing], number: str) -> tuple[str, Row]:
    """The file of that number: any ordinary one (the deed entitles to it), a private one that is theirs."""
    file = counter.tx.first("files", number=number.strip())
    if file is not None and file["nature"] in _OPEN:
        return "files", counter.tx.lock("files", file["id"]) or file
    for kind in _NUMBERED:
        row = counter.tx.first(private.TABLES[kind], number=number.strip())
        if row is not None and private.may(counter, PrivateAct.READ, kind, row["id"]):
            return private.TABLES[kind], row
    raise NotFound


def _person_of(counter: Counter[Writing], table: str, row: Row) -> tuple[str, Row]:
    citizen = counter.tx.get("citizens", row["citizen"]) if table == "files" else None
    if citizen is None:
        raise refused(
            "Aucune personne n'est inscrite à ce dossier : suspendez le dossier.", ARTICLE, "number"
        )
    return "citizens", citizen


def _known(counter: Counter[Any], row: Row) -> bool:
    """Whether this visit may know of the file that is held (R-33)."""
    kind = next((kind for kind, table in private.TABLES.items() if table == row["of"]), None)
    return kind is None or private.may(counter, PrivateAct.READ, kind, row["record"])


def _hold(tx: Reading, row: Row) -> Hold:
    return Hold(
        id=row["id"],
        number=row["number"] or "",
        whole=row["of"] == "citizens",
        reason=row["reason"],
        placed_at=row["placed_at"],
        placed_by=called(tx, "accounts", row["placed_by"]) if row["placed_by"] else "",
        lifted_at=row["lifted_at"],
        lifted_by=called(tx, "accounts", row["lifted_by"]) if row["lifted_by"] else "",
        lifted_why=row["lifted_why"] or "",
    )
