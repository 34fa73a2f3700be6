"""New calls about an open file (R-9): noted on it, counted; who called is told of its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from desk import citizens, drafts
from desk.acts import standing
from desk.citizens import Caller
from desk.scope import file_in_sight, in_sight
from desk.visits import Counter, Visit
from policy.circuits import Party
from policy.classification import Stated, check_particulars, normalise_phone, tidy
from policy.confidentiality import may_see
from policy.contacts import check_contact
from policy.moves import parties
from policy.reasons import Refused, refuse_all, refused
from policy.words import Channel, Sight
from sync.schema import SQL
from sync.store import Reading, Row, Writing

ACT = "noter un nouvel appel"


@dataclass(frozen=True)
class Again:
    """A new call as typed. ``token`` is made once a form; ``number`` is the file it is about.

    ``at`` is an aware moment, None for now; ``caller`` empty when it is the person of the file.
    """

    token: str
    number: str
    channel: Channel | None = None
    words: str = ""
    caller: Caller = field(default_factory=Caller)
    at: datetime | None = None


@dataclass(frozen=True)
class Logged:
    """What is said once it is noted: the file, how many calls it has now, whether somebody is linked."""

    file: str  # id
    number: str
    count: int
    linked: bool

    @property
    def sentence(self) -> str:
        """The French confirmation."""
        rank = "premier" if self.count == 1 else f"{self.count}e"
        told = " La personne sera avisée de la fermeture." if self.linked else ""
        return f"Noté au dossier {self.number} : c'est le {rank} nouvel appel.{told}"


@dataclass(frozen=True)
class Contact:
    """One new call, as far as this visit may see it; ``who`` noted it, ``citizen`` is another person."""

    at: datetime
    channel: Channel
    words: str
    who: str
    citizen: str


def note(visit: Visit, again: Again) -> Logged:
    """R-9: note a new call on its open file, by the desk or the file's department.

    The same token again changes nothing. On a duplicate it is noted on the original, where the work is done.
    Raises ``NotFound``, or ``Refused`` with every ground; only the desk links another citizen.
    """
    with visit.writing() as counter:
        noted = note_in(counter, again)
        drafts.drop_in(counter, drafts.of_call(again.token))
        return noted


def note_in(counter: Counter[Writing], again: Again) -> Logged:
    """The same inside the caller's transaction."""
    if not again.token:
        raise ValueError("a call needs the token of its form")
    file = in_sight(counter, counter.tx.lock("files", file_in_sight(counter, again.number)["id"]))
    if file["duplicate_of"]:
        file = in_sight(counter, counter.tx.lock("files", file["duplicate_of"]))
    mine = parties(counter.person, standing(counter, file))
    if not mine:
        raise refused("Vous pouvez lire ce dossier ; l'appel se note au service aux citoyens ou au service "
                      "du dossier.", "R-9")  # fmt: skip
    there = counter.tx.first("contacts", token=again.token)
    if there is None:
        refuse_all(check_contact(file["number"], file["state"], again.channel, again.words))
        there = counter.tx.insert_once(
            "contacts",
            {
                "file": file["id"],
                "at": again.at or counter.at,
                "channel": again.channel,
                "words": tidy(again.words),
                "citizen": _another(counter, file, again.caller) if Party.DESK in mine else None,
                "noted_by": None if counter.person.system else counter.person.id,
                "token": again.token,
            },
            counter.by(ACT),
        ) or counter.tx.first("contacts", token=again.token)
    if there is None or there["file"] != file["id"]:
        raise refused("Cet appel est déjà noté à un autre dossier.", "R-9", "token")
    count = counts(counter.tx, [file["id"]]).get(file["id"], 0)
    return Logged(file["id"], file["number"], count, there["citizen"] is not None)


def listed(counter: Counter[Reading], file: Row) -> tuple[Contact, ...]:
    """The new calls of a file that this visit may see, the oldest first."""
    if not may_see(counter.person, Sight.WORK, file):
        return ()
    named = may_see(counter.person, Sight.IDENTITY, file)
    rows = counter.tx.find("contacts", ("at",), file=file["id"])
    who = _names(counter.tx, "accounts", [row["noted_by"] for row in rows])
    others = _names(counter.tx, "citizens", [row["citizen"] for row in rows]) if named else {}
    return tuple(
        Contact(
            row["at"], row["channel"], row["words"], who.get(row["noted_by"], "Le service"),
            others.get(row["citizen"], ""),
        )
        for row in rows
    )  # fmt: skip


def counts(tx: Reading, files: Sequence[str]) -> Mapping[str, int]:
    """How many new calls each of these files has had; those without any are left out."""
    calls = SQL["contacts"]
    query = select(calls.c.file, func.count().label("calls")).where(calls.c.file.in_(list(files)))
    return {row["file"]: int(row["calls"]) for row in tx.rows(query.group_by(calls.c.file))}


def _another(counter: Counter[Writing], file: Row, caller: Caller) -> str | None:
    """R-18: the citizen who called, when it is not the one of the file."""
    if caller == Caller():
        return None
    mine = counter.tx.get("citizens", file["citizen"])
    if mine is not None and (caller.citizen == mine["id"] or _same(caller, mine)):
        return None
    refuse_all(check_particulars(Stated(name=caller.name, phone=caller.phone, email=caller.email)))
    return citizens.put(counter, caller)


def _same(caller: Caller, citizen: Row) -> bool:
    """Whether what was typed is the citizen of the file, not chosen among those known."""
    if caller.citizen:
        return False
    name = tidy(caller.name).casefold() in ("", (citizen["name"] or "").casefold())
    try:
        digits = normalise_phone(caller.phone) if caller.phone.strip() else ""
    except Refused:
        return False
    return name and digits in ("", citizen["phone_digits"] or "") and bool(digits or tidy(caller.name))


def _names(tx: Reading, table: str, ids: Iterable[str | None]) -> dict[str | None, str]:
    wanted = sorted({each for each in ids if each})
    rows = tx.find(table, id=wanted) if wanted else []
    return {row["id"]: row["name"] or "sans nom" for row in rows}
