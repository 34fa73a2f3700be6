"""R-40: the damage of a claim, kept beside its file: what waits, until when the notice, what was decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from desk import french, private, private_forms
from desk.acts import Outcome
from desk.scope import NotFound, file_in_sight, visible
from desk.town import town
from desk.visits import Counter, Visit
from policy import claims as rules
from policy.claims import Wait
from policy.confidentiality import PrivateAct, may_private, may_see_file
from policy.numbering import parse
from policy.private_words import ClaimDecision, Damage, PrivateKind
from policy.reasons import Deadline, Ground, Refused, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.rules import RuleName
from policy.towntime import town_day
from policy.words import Nature, State
from sync import versions
from sync.private_tables import CLAIMS
from sync.schema import SQL
from sync.store import Reading, Row, Writing

SIZE = 25  # claims of one page
AMOUNTS = frozenset({"amount_cents", "paid_cents"})
FACTS = (
    *("damage", "damage_words", "event_on", "event_place", "amount_cents", "notice_on", "clerk_on"),
    *("insurer_on", "insurer", "insurer_number", "repairs"),
)
DECISION = ("decision", "decided_on", "decision_words", "paid_cents")


@dataclass(frozen=True)
class Line:
    """One claim of the list; ``amount`` is in words (« 1 234,56 $ »), or empty."""

    number: str
    received_at: datetime
    citizen: str
    place: str
    damage: Damage | None
    amount: str
    notice_on: date | None
    notice_due: Deadline | None
    decision: ClaimDecision | None
    waits: tuple[Wait, ...]


@dataclass(frozen=True)
class Page:
    """One page of the list, the newest first; ``total`` counts every page."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class View:
    """One claim. ``seen`` are its fields as kept (``repairs`` by number); it goes back with each act."""

    number: str
    state: State
    received_at: datetime
    citizen: str
    place: str
    facts: str
    seen: Mapping[str, Any]
    notice_due: Deadline | None
    waits: tuple[Wait, ...]
    may_decide: bool
    repairs_opens: bool  # the request that repairs the cause is theirs to open


def page(visit: Visit, done: bool = False, number: int = 1) -> Page:
    """The claims that wait for something; ``done``: those that wait for nothing any more.

    Raises ``Refused`` for whoever keeps no claims.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.KEEP_CLAIMS)
        wanted = [file for file, is_done in _all(counter) if is_done is done]
        pages = max(1, -(-len(wanted) // SIZE))
        at = min(max(number, 1), pages)
        return Page(tuple(_lines(counter, wanted[(at - 1) * SIZE : at * SIZE])), at, pages, len(wanted))


def has_claim(visit: Visit, number: str) -> bool:
    """Whether the file of that number is a claim whose damage this person may open."""
    with visit.reading() as counter:
        try:
            _file(counter, number)
        except NotFound:
            return False
        return True


def open(visit: Visit, number: str) -> View:
    """The claim of the file of that number; reading it is recorded. Raises ``NotFound``."""
    with visit.writing() as counter:
        file = _file(counter, number)
        row = counter.tx.first("claims", file=file["id"])
        if row is not None:
            private.record(counter, PrivateKind.CLAIM, row["id"], "Réclamation")
        kept = _kept(counter.tx, row)
        citizen = counter.tx.get("citizens", file["citizen"])
        repairs = counter.tx.get("files", row["repairs"]) if row else None
        return View(
            number=file["number"],
            state=file["state"],
            received_at=file["received_at"],
            citizen=(citizen["name"] or "") if citizen else "",
            place=_place(file),
            facts=file["facts"],
            seen=kept,
            notice_due=_notice_due(counter, file, kept),
            waits=_waits(file, kept),
            may_decide=may(counter.person, Deed.DECIDE_CLAIM),
            repairs_opens=repairs is not None and may_see_file(counter.person, repairs),
        )


def save(
    visit: Visit, number: str, typed: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> Outcome:
    """Keep what was typed of the claim; its record is made the first time.

    Amounts are words (« 1 234,56 »), ``repairs`` the number of the request that repairs the cause; the
    decision and what was paid are the clerk's. A decision without a date is of today. Raises ``Refused``
    with every ground, ``NotFound``.
    """
    with visit.writing() as counter:
        counter.tx.lock("files", _file(counter, number)["id"])  # two first edits at once make one record
        file = _file(counter, number)  # judged again once held: it may have become a private file meanwhile
        if not typed.keys().isdisjoint(DECISION):
            refuse_unless(counter.person, Deed.DECIDE_CLAIM)
        given = _read(typed)
        row = counter.tx.first("claims", file=file["id"])
        kept = _kept(counter.tx, row)
        merged = versions.merge(kept, {**kept, **(seen or {})}, given)
        if merged.differences:
            return Outcome(file["id"], differences=merged.differences)
        changes = dict(merged.changes)
        if changes.get("decision") and not {**kept, **changes}["decided_on"]:
            changes["decided_on"] = counter.today
        received_on = town_day(file["received_at"])
        refuse_all(rules.check_claim({**kept, **changes}, counter.today, received_on))
        if "repairs" in changes:
            changes["repairs"] = _repairing(counter, file, changes["repairs"])
        after = _write(counter, file, row, changes)
        return Outcome(file["id"], "La réclamation est enregistrée.", after["version"])


def shown(name: str, value: Any) -> str:
    """A value of a claim as people read it."""
    return french.words(rules.dollars(value) if name in AMOUNTS else value)


def label(name: str) -> str:
    """What people call a field of a claim."""
    return private_forms.label(CLAIMS, name).removesuffix(" (cents)")


def _file(counter: Counter[Any], number: str) -> Row:
    """The claim's file. Raises ``NotFound``, alike for what is no claim and what is not theirs."""
    file = file_in_sight(counter, number)
    if file["nature"] is not Nature.CLAIM:
        raise NotFound
    if not may_private(counter.person, PrivateAct.READ, PrivateKind.CLAIM):
        raise NotFound
    return file


def _kept(tx: Reading, row: Row | None) -> dict[str, Any]:
    """The fields as kept, the request that repairs by its number; all empty while nothing was typed."""
    kept = {name: row[name] if row else None for name in (*FACTS, *DECISION)}
    repairs = tx.get("files", kept["repairs"])
    return {**kept, "repairs": repairs["number"] if repairs else None}


def _read(typed: Mapping[str, Any]) -> dict[str, Any]:
    grounds: list[Ground] = []
    given: dict[str, Any] = {}
    for name, value in typed.items():
        try:
            if name in AMOUNTS and isinstance(value, str):
                value = rules.cents(value, name)
            given |= private_forms.read(CLAIMS, {name: value}, (*FACTS, *DECISION))
        except Refused as no:
            grounds += no.grounds
    refuse_all(grounds)
    return given


def _repairing(counter: Counter[Any], file: Row, number: str | None) -> str | None:
    """The id of the request that repairs the cause. Raises ``Refused`` when it is none, or not theirs."""
    if not number:
        return None
    typed = parse(number)
    found = counter.tx.first("files", number=str(typed)) if typed else None
    if found is None or not may_see_file(counter.person, found):
        raise refused("La requête qui répare la cause est introuvable.", "P §4.1", "repairs")
    if found["id"] == file["id"] or found["nature"] is not Nature.REQUEST:
        raise refused(f"Le dossier {found['number']} n'est pas une requête.", "P §4.1", "repairs")
    return str(found["id"])


def _write(counter: Counter[Writing], file: Row, row: Row | None, changes: Mapping[str, Any]) -> Row:
    act = "tenir la réclamation" if changes.keys().isdisjoint(DECISION) else "décider de la réclamation"
    if row is None:
        return counter.tx.insert("claims", {"file": file["id"], **changes}, counter.by(act))
    return counter.tx.update("claims", row["id"], changes, counter.by(act))


def _notice_due(counter: Counter[Any], file: Row, kept: Mapping[str, Any]) -> Deadline | None:
    """Until when the notice is expected, by the town's value of the day the file was opened (R-71)."""
    if kept["event_on"] is None:
        return None
    now = town(counter.tx, town_day(file["received_at"]))
    source = now.rules.source(RuleName.CLAIM_NOTICE)
    return rules.notice_due(kept["event_on"], now.calendar, now.rules.claim_notice, kept["damage"], source)


def _waits(file: Row, kept: Mapping[str, Any]) -> tuple[Wait, ...]:
    return () if file["state"] is State.CANCELLED else rules.waits(kept)


def _all(counter: Counter[Reading]) -> Iterator[tuple[str, bool]]:
    """The ids of every file with a claim, the newest first, and whether nothing waits any more.

    Of the sealed fields only what was paid is opened, and only where it decides.
    """
    files, claims = SQL["files"], SQL["claims"]
    query = (
        select(
            files.c.id.label("file"), files.c.state,
            claims.c.id, claims.c.decision, claims.c.sealed_key, claims.c.paid_cents,
        )
        .outerjoin(claims, claims.c.file == files.c.id)
        .where(files.c.nature == Nature.CLAIM, visible(counter))
        .order_by(files.c.received_at.desc(), files.c.id.desc())
    )  # fmt: skip
    for row in counter.tx.rows(query):
        done = row["state"] is State.CANCELLED or row["decision"] is not None
        if done and row["decision"] in rules.PAID:
            done = counter.tx.unsealed("claims", [row])[0]["paid_cents"] is not None
        yield row["file"], done


def _lines(counter: Counter[Reading], ids: Sequence[str]) -> Iterator[Line]:
    files = {row["id"]: row for row in counter.tx.find("files", id=ids)} if ids else {}
    claims = {row["file"]: row for row in counter.tx.find("claims", file=ids)} if ids else {}
    people = {row["citizen"] for row in files.values() if row["citizen"]}
    named = {row["id"]: row["name"] for row in counter.tx.find("citizens", id=people)} if people else {}
    for file in (files[each] for each in ids):
        kept = _kept(counter.tx, claims.get(file["id"]))
        yield Line(
            number=file["number"],
            received_at=file["received_at"],
            citizen=named.get(file["citizen"]) or "",
            place=_place(file),
            damage=kept["damage"],
            amount=rules.dollars(kept["amount_cents"]),
            notice_on=kept["notice_on"],
            notice_due=_notice_due(counter, file, kept),
            decision=kept["decision"],
            waits=_waits(file, kept),
        )


def _place(file: Row) -> str:
    return " ".join(part for part in (file["civic"], file["street"]) if part)
