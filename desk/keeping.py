"""R-81: what is at the end of its term, found each night, agreed to by a person, then made anonymous."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from desk import french, holds, left_forms, private
from desk.scope import file_in_sight
from desk.timeline import called
from desk.visits import Counter, Visit
from policy.confidentiality import PrivateAct
from policy.keeping import ARTICLE, Term, check_term, may_agree, terms_on
from policy.keeping import KeptKind as KeptKind
from policy.private_words import PrivateKind
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Sight
from sync import orders
from sync.fields import Kind
from sync.file_tables import FILES
from sync.schema import SQL
from sync.states import KeepingState
from sync.store import Reading, Row, Writing

PAGE = 50
TO_CHECK = "à vérifier"  # the schedule number of a term that the preset proposed and nobody has confirmed
_AT_ONCE = 200
_LINES = SQL["keepings"].c
_SHOWN = (Sight.LISTED, Sight.WORK)


@dataclass(frozen=True)
class Count:
    """One kind, for whoever may agree to it: its term, how many lines stand where."""

    kind: KeptKind
    term: Term | None
    due: int
    agreed: int
    done: int

    @property
    def confirmed(self) -> bool:
        """Whether a person has confirmed the term that the preset proposed."""
        return self.term is not None and self.term.schedule != TO_CHECK


@dataclass(frozen=True)
class Line:
    """One record at the end of its term."""

    id: str
    kind: KeptKind
    number: str
    closed_on: date
    rule: str
    state: KeepingState
    agreed_at: datetime | None
    agreed_by: str
    done_at: datetime | None
    why_not: str


def counts(visit: Visit) -> tuple[Count, ...]:
    """The kinds this person may agree to, each with what waits; complaints, to who investigates (R-33)."""
    with visit.reading() as counter:
        return tuple(_counts(counter))


def waiting(counter: Counter[Reading]) -> int:
    """How many lines wait for this person's agreement."""
    return sum(each.due for each in _counts(counter) if each.confirmed)


def _counts(counter: Counter[Reading]) -> Iterator[Count]:
    terms = terms_on(counter.tx.find("keeping_terms"), counter.today)
    for kind in KeptKind:
        where = _theirs(counter, kind)
        if where is None:
            continue
        query = sa.select(_LINES.state, sa.func.count()).where(where).group_by(_LINES.state)
        of = {state: int(count) for state, count in counter.tx.connection.execute(query)}
        stands = (of.get(each, 0) for each in (KeepingState.DUE, KeepingState.AGREED, KeepingState.DONE))
        found = Count(kind, terms.get(kind), *stands)
        if kind is not KeptKind.COMPLAINT or found.due + found.agreed:
            yield found


def lines(visit: Visit, kind: KeptKind, state: KeepingState, page: int = 0) -> tuple[Line, ...]:
    """A page of the lines of that kind, the oldest closed first. Raises ``Refused`` for whose it is not."""
    with visit.reading() as counter:
        query = sa.select(SQL["keepings"]).where(_asked(counter, kind), _LINES.state == state)
        query = query.order_by(_LINES.closed_on, _LINES.id).limit(PAGE).offset(page * PAGE)
        return tuple(_line(counter.tx, row) for row in counter.tx.rows(query))


def agree(visit: Visit, kind: KeptKind, ids: Sequence[str]) -> int:
    """Agree that these lines be made anonymous; how many were. What is held, or agreed already, is left.

    Raises ``Refused`` for whose it is not, while the term is only a proposal, or when nothing is chosen.
    """
    with visit.writing() as counter:
        where = _asked(counter, kind)
        _refuse_unconfirmed(counter, kind)
        if not ids:
            raise refused("Choisissez au moins un dossier.", ARTICLE, "ids")
        query = sa.select(_LINES.id).where(where, _LINES.state == KeepingState.DUE, _LINES.id.in_(list(ids)))
        return sum(_agreed(counter, row["id"]) for row in counter.tx.rows(query))


def agree_to_all(visit: Visit, kind: KeptKind) -> int:
    """The same for every line of that kind that waits, batch by batch; again, it goes on where it stopped."""
    total, last = 0, ""
    while True:
        with visit.writing() as counter:
            where = _asked(counter, kind)
            _refuse_unconfirmed(counter, kind)
            query = sa.select(_LINES.id).where(where, _LINES.state == KeepingState.DUE, _LINES.id > last)
            batch = [row["id"] for row in counter.tx.rows(query.order_by(_LINES.id).limit(_AT_ONCE))]
            total += sum(_agreed(counter, each) for each in batch)
        if len(batch) < _AT_ONCE:
            return total
        last = batch[-1]


def take_back(visit: Visit, kind: KeptKind) -> int:
    """Take the agreement back from what is not done yet; how many lines wait again."""
    with visit.writing() as counter:
        query = sa.select(_LINES.id).where(_asked(counter, kind), _LINES.state == KeepingState.AGREED)
        rows = counter.tx.rows(query)
        back = {"state": KeepingState.DUE, "agreed_at": None, "agreed_by": None}
        for row in rows:
            counter.tx.update("keepings", row["id"], back, counter.by("reprendre son accord"))
        return len(rows)


def set_term(
    visit: Visit, kind: KeptKind, months: int | None, schedule: str, valid_from: date | None
) -> Term:
    """R-71, R-81: the term of a kind from a day on. Raises ``Refused`` with every ground."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.KEEP_RECORDS)
        check_term(months, schedule, valid_from, counter.today)
        if schedule.strip() == TO_CHECK:
            raise refused("Inscrivez le numéro de la règle, une fois vérifié.", ARTICLE, "schedule")
        values = {"months": months, "schedule": schedule.strip(), "article": "choisi par la ville"}
        row = counter.tx.put(
            "keeping_terms", {"kind": kind, "valid_from": valid_from}, values, counter.by("fixer la durée")
        )
        return Term(kind, row["months"], row["schedule"], row["article"], row["valid_from"])


def may_keep(visit: Visit) -> bool:
    """Whether this person keeps the calendar."""
    with visit.reading() as counter:
        return may(counter.person, Deed.KEEP_RECORDS)


def today(visit: Visit) -> date:
    """The day in town."""
    with visit.reading() as counter:
        return counter.today


def concerns(counter: Counter[Any]) -> bool:
    """Whether the screen has something for whoever asks: a complaint of theirs at the end of its term."""
    where = _theirs(counter, KeptKind.COMPLAINT)
    if where is None:
        return False
    open_ones = _LINES.state.in_([KeepingState.DUE, KeepingState.AGREED])
    return counter.tx.scalar(sa.select(_LINES.id).where(where, open_ones).limit(1)) is not None


def look(visit: Visit, line: str) -> tuple[tuple[str, str], ...]:
    """What an ordinary file at the end of its term says (label, value), without the identity of anybody.

    The act entitles to it: nobody agrees to erase what they cannot read. Raises ``Refused``.
    """
    with visit.reading() as counter:
        row = counter.tx.get("keepings", line)
        if row is None:
            raise refused("Cette ligne n'est plus là.", ARTICLE)
        _asked(counter, row["kind"])
        file = counter.tx.get("files", row["record"])
        if file is None:
            return ()
        return tuple(_told(counter.tx, file))


@dataclass(frozen=True)
class Kept:
    """What the screen of a file says of its conservation, to all who see it."""

    anonymous_since: datetime | None
    hold: holds.Told | None


def of_file(visit: Visit, number: str) -> Kept:
    """Whether that file was made anonymous, or is held. Raises ``NotFound``."""
    with visit.reading() as counter:
        file = file_in_sight(counter, number)
        return Kept(orders.outlined(counter.tx, "files", file["id"]), holds.told(counter, file))


def _told(tx: Reading, file: Row) -> Iterator[tuple[str, str]]:
    for field in FILES.fields:
        value = file[field.name]
        if field.sight not in _SHOWN or field.kind is Kind.JSON or not field.edited or value in (None, False):
            continue
        known = field.kind is Kind.REF and field.ref and value
        yield field.label, called(tx, str(field.ref), value) if known else french.words(value)


def _agreed(counter: Counter[Writing], id: str) -> bool:
    row = counter.tx.lock("keepings", id)
    if row is None or row["state"] is not KeepingState.DUE or holds.on(counter.tx, _held_by(counter.tx, row)):
        return False
    changes = {"state": KeepingState.AGREED, "agreed_at": counter.at, "agreed_by": counter.person.id,
               "why_not": None}  # fmt: skip
    counter.tx.update("keepings", id, changes, counter.by("accepter que le dossier soit rendu anonyme"))
    return True


def _held_by(tx: Reading, line: Row) -> list[str | None]:
    """The records of which a hold would keep this line."""
    file = tx.get("files", line["record"])
    if file is not None:
        return [file["id"], file["citizen"]]
    if line["kind"] is KeptKind.SERVICE_REFUSAL:
        refusals = SQL["service_refusals"].c
        citizen = tx.scalar(sa.select(refusals.citizen).where(refusals.id == line["record"]))
        return [line["record"], citizen]
    if line["kind"] is KeptKind.FORM:
        return [line["record"], *left_forms.concerned(tx, line["record"])]
    return [line["record"]]


def held(tx: Reading, line: Row) -> list[Row]:
    """The holds that are on for what this line names."""
    return holds.on(tx, _held_by(tx, line))


def _refuse_unconfirmed(counter: Counter[Any], kind: KeptKind) -> None:
    term = terms_on(counter.tx.find("keeping_terms"), counter.today).get(kind)
    grounds = []
    if term is None or term.schedule == TO_CHECK:
        grounds.append(
            Ground(
                f"La durée de « {kind} » n'est encore qu'une proposition : le greffe inscrit d'abord celle "
                "du calendrier de conservation de la ville, avec son numéro.",
                ARTICLE,
            )
        )
    refuse_all(grounds)


def _asked(counter: Counter[Any], kind: KeptKind) -> sa.ColumnElement[bool]:
    where = _theirs(counter, kind)
    if where is None:
        raise refused(f"« {kind} » : ce n'est pas à vous de l'accepter.", ARTICLE)
    return where


def _theirs(counter: Counter[Any], kind: KeptKind) -> sa.ColumnElement[bool] | None:
    """The lines of that kind this visit may see and agree to; ``None`` when none ever is."""
    of_kind = _LINES.kind == kind
    if kind is not KeptKind.COMPLAINT:
        return of_kind if may_agree(counter.person, kind) else None
    if counter.person.system:
        return None
    seen = sa.select(SQL["complaints"].c.id).where(private.visible(counter, PrivateKind.COMPLAINT))
    ids = [
        row["id"]
        for row in counter.tx.rows(
            seen.where(SQL["complaints"].c.id.in_(sa.select(_LINES.record).where(of_kind)))
        )
        if private.may(counter, PrivateAct.HANDLE, PrivateKind.COMPLAINT, row["id"])
    ]
    return sa.and_(of_kind, _LINES.record.in_(ids)) if ids else None


def _line(tx: Reading, row: Row) -> Line:
    named: Mapping[str, Any] = row
    blocked = held(tx, row) if row["state"] is KeepingState.DUE else []
    why = f"Conservation suspendue depuis le {french.day_of(blocked[0]['placed_at'])}." if blocked else ""
    return Line(
        id=named["id"],
        kind=named["kind"],
        number=named["number"],
        closed_on=named["closed_on"],
        rule=named["rule"],
        state=named["state"],
        agreed_at=named["agreed_at"],
        agreed_by=called(tx, "accounts", named["agreed_by"]) if named["agreed_by"] else "",
        done_at=named["done_at"],
        why_not=why or named["why_not"] or "",
    )
