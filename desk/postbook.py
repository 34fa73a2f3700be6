"""The book of mails: what left, what waits, what was refused; and the deliberate second sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk import letters
from desk.ledger import REFUSED, post
from desk.letters import Letter, Recipient
from desk.mails import is_owed
from desk.visits import Counter, Visit
from policy.months import Month
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from sync.ids import new_id
from sync.schema import SQL
from sync.states import MailKind, MailState, TaskKind
from sync.store import Reading, Row, Writing

PAGE = 50
_AGAIN = "renvoi"  # what the key of a second sending begins with
_COLUMNS = (
    "id",
    "created_at",
    "kind",
    "file",
    "run",
    "to_name",
    "to_address",
    "subject",
    "state",
    "attempts",
    "next_try_at",
    "sent_at",
    "doubtful",
    "late",
    "error",
    "again_of",
    "again_why",
)


@dataclass(frozen=True)
class Sent:
    """One line of the book: who was written to, when, how it went. ``month`` when it is of a list.

    ``again_of`` the mail of which this is a second sending, with who asked for it and why.
    """

    mail: str  # id
    kind: MailKind
    month: Month | None
    file: str | None
    to_name: str
    to_address: str
    subject: str
    state: MailState
    drawn_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    attempts: int
    late: bool
    doubtful: bool
    error: str
    again_of: str = ""
    again_by: str = ""
    again_why: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the book should know of it, in French."""
        told = []
        if self.again_of:
            why = f" : {self.again_why.rstrip('. ')}" if self.again_why else ""
            told.append(f"Renvoi{f' demandé par {self.again_by}' if self.again_by else ''}{why}")
        if self.late:
            told.append("Envoi tardif")
        if self.doubtful:
            told.append("Peut-être reçu deux fois")
        if self.error:
            told.append(self.error)
        return tuple(told)


@dataclass(frozen=True)
class Opened:
    """One mail, opened: its line, its headers and what is read."""

    sent: Sent
    headers: Mapping[str, str]
    letter: Letter


@dataclass(frozen=True)
class Health:
    """How the mail goes: for the home page and the administrator, without anybody's name."""

    waiting: int
    refused: int
    oldest_waiting: datetime | None
    last_sent: datetime | None
    trouble: str  # the last error of a mail still to be tried, empty when there is none
    folder: str  # where mails are kept when no server sends them, empty when one does


def page(
    visit: Visit, kind: MailKind | None = None, state: MailState | None = None, number: int = 0
) -> tuple[Sent, ...]:
    """The mails, newest first, ``PAGE`` at a time from page ``number`` (0 is the first)."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_MAILS)
        mails = SQL["mails"].c
        query = lines().order_by(mails.id.desc()).offset(number * PAGE).limit(PAGE)
        if kind is not None:
            query = query.where(mails.kind == kind)
        if state is not None:
            query = query.where(mails.state == state)
        return tuple(sent(row) for row in counter.tx.rows(query))


def read(visit: Visit, mail: str) -> Opened:
    """One mail as it leaves, to be shown on a screen. Raises ``Refused`` when there is none."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_MAILS)
        row = counter.tx.row(lines().where(SQL["mails"].c.id == mail))
        if row is None:
            raise refused("Ce courriel est introuvable.")
        message = counter.tx.scalar(sa.select(SQL["mails"].c.message).where(SQL["mails"].c.id == mail))
    headers, letter = letters.read(message)
    return Opened(sent(row), headers, letter)


def resend(visit: Visit, mail: str, address: str = "", why: str = "") -> str:
    """A deliberate act of the desk: the same letter once more, to the same person or a corrected address.

    The first line of the ledger stays as it was, a refusal apart: its task is done; the second sending is a
    line of its own, with who asked for it and ``why``, without which no list leaves twice (R-24). Returns the
    id of the new mail. Raises ``Refused`` while the mail, or another sending of it, has not left yet.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.RESEND_LIST)
        row = counter.tx.lock("mails", mail)
        if row is None:
            raise refused("Ce courriel est introuvable.")
        if not row["message"]:
            raise refused("Ce courriel a été effacé : il ne peut plus être renvoyé.", "R-33")
        if row["kind"] is MailKind.RESET:
            raise refused("Ce lien n'est que pour la personne : elle en demande un autre à la connexion.")
        to = Recipient(row["to_name"] or "", (address or row["to_address"]).strip())
        if not letters.is_address(to.address):
            raise refused("Inscrivez une adresse de courriel.", field="address")
        if row["run"] and not why.strip():
            raise refused("Écrivez pourquoi cette liste repart : chacune ne part qu'une fois.", "R-24", "why")
        refuse_waiting(chain(counter.tx, row))
        return again_in(counter, row, to, why)


def again_in(counter: Counter[Writing], mail: Row, to: Recipient, why: str = "", message: bytes = b"") -> str:
    """Draw up the second sending in the caller's transaction, who has judged it; the id of the new mail.

    ``message`` when its words are no longer those of the first. The task of each refusal before it is done.
    """
    id = new_id(counter.at)
    message_id = letters.message_id(counter.house, id)
    again = {
        **{name: mail[name] for name in ("kind", "file", "run", "subject", "late")},
        "id": id,
        "key": f"{_AGAIN}:{_first(mail)}:{id}",
        "to_name": letters.one_line(to.name)[:200] or None,
        "to_address": to.address,
        "message_id": message_id,
        "message": letters.readdressed(message or mail["message"], to, message_id, counter.at),
        "state": MailState.READY,
        "attempts": 0,
        "doubtful": False,
        "again_of": _first(mail),
        "again_by": counter.person.id,
        "again_why": letters.one_line(why)[:500] or None,
    }
    before = [row["id"] for row in chain(counter.tx, mail)]
    post(counter.tx, again, counter.by("renvoyer"))
    for each in before:
        _done(counter, f"{REFUSED}:{each}")
    return id


def chain(tx: Reading, mail: Row) -> list[Row]:
    """A mail and its second sendings, from the first to the last, without their messages."""
    mails, first = SQL["mails"].c, _first(mail)
    columns = (mails.id, mails.state, mails.to_address, mails.sent_at, mails.created_at, mails.key)
    own = sa.or_(mails.id == first, mails.key.startswith(f"{_AGAIN}:{first}:", autoescape=True))
    return tx.rows(sa.select(*columns).where(own).order_by(mails.id))


def refuse_waiting(chain: Sequence[Row]) -> None:
    """Raise ``Refused`` while one of these has not left yet."""
    if any(each["state"] not in (MailState.SENT, MailState.REFUSED) for each in chain):
        raise refused("Ce courriel est encore à envoyer : il partira de lui-même.")


def _first(mail: Row) -> str:
    return str(mail["again_of"] or mail["id"])


def tasks(visit: Visit) -> tuple[Row, ...]:
    """What the desk has to do because a mail could not: to call back, refused, without Responsable.

    The most pressing first, ``PAGE`` at most, each with the ``number`` of the file it is about, the id of the
    ``mail`` that was refused, whether that is ``of_a_list``, and whether a ``letter`` of acknowledgement can
    be printed in its place.
    """
    waiting, files = SQL["tasks"], SQL["files"]
    query = (
        sa.select(waiting, files.c.number)
        .select_from(waiting.outerjoin(files, files.c.id == waiting.c.file))
        .where(waiting.c.done_at.is_(None))
        .order_by(waiting.c.due_at.is_(None), waiting.c.due_at, waiting.c.id)
        .limit(PAGE)
    )
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_MAILS)
        found = counter.tx.rows(query)
        refusals = {each["id"]: each for each in counter.tx.rows(_refused(found))}
        return tuple(_with_mail(counter.tx, each, refusals) for each in found)


def _refused(tasks: Sequence[Row]) -> sa.Select[Any]:
    """The mails that these tasks are the refusals of."""
    columns = SQL["mails"].c
    ids = [_mail_of(each) for each in tasks if each["kind"] is TaskKind.MAIL_REFUSED]
    return sa.select(columns.id, columns.kind, columns.run).where(columns.id.in_(ids))


def _with_mail(tx: Reading, task: Row, refusals: Mapping[str, Row]) -> Row:
    mail = refusals.get(_mail_of(task))
    acknowledges = mail is not None and mail["kind"] is MailKind.ACKNOWLEDGEMENT
    owed = acknowledges or task["key"] == f"accuse:{task['file']}"
    file = tx.get("files", task["file"]) if owed else None
    letter = file is not None and file["acknowledged_at"] is None and is_owed(file)
    of_a_list = mail is not None and mail["run"] is not None
    return {**task, "mail": mail["id"] if mail else "", "of_a_list": of_a_list, "letter": letter}


def _mail_of(task: Row) -> str:
    return str(task["key"]).removeprefix(f"{REFUSED}:")


def settle(visit: Visit, task: str) -> None:
    """The task is done. A call back, or one after a refused acknowledgement, acknowledges the file (R-5)."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SEE_MAILS)
        row = counter.tx.lock("tasks", task)
        if row is None or row["done_at"] is not None:
            return
        counter.tx.update(
            "tasks", task, {"done_at": counter.at, "done_by": counter.person.id}, counter.by("faire")
        )
        file = counter.tx.lock("files", row["file"]) if row["file"] else None
        called = row["kind"] in (TaskKind.CALL_BACK, TaskKind.MAIL_REFUSED)
        if file is not None and called and file["ack_due_at"] and file["acknowledged_at"] is None:
            counter.tx.update(
                "files", file["id"], {"acknowledged_at": counter.at}, counter.by("accuser réception")
            )


def counted(counter: Counter[Reading]) -> int:
    """How many ``tasks`` there are, ``PAGE`` at most."""
    waiting = SQL["tasks"].c
    some = sa.select(waiting.id).where(waiting.done_at.is_(None)).limit(PAGE).subquery()
    return int(counter.tx.scalar(sa.select(sa.func.count()).select_from(some)))


def health(visit: Visit) -> Health:
    """How the mail goes. Whoever is signed in may ask: no name, no address is in it."""
    with visit.reading() as counter:
        return health_in(counter)


def health_in(counter: Counter[Reading]) -> Health:
    """The same in an act under way."""
    mails = SQL["mails"].c
    unsent = mails.state.in_([MailState.READY, MailState.CLAIMED, MailState.RETRY])
    waits = counter.tx.row(
        sa.select(sa.func.count().label("count"), sa.func.min(mails.created_at).label("oldest")).where(unsent)
    )
    refusals = sa.select(sa.func.count()).where(mails.state == MailState.REFUSED)
    error = sa.select(mails.error).where(mails.state == MailState.RETRY).order_by(mails.id.desc()).limit(1)
    return Health(
        waiting=waits["count"] if waits else 0,
        refused=counter.tx.scalar(refusals) or 0,
        oldest_waiting=waits["oldest"] if waits else None,
        last_sent=counter.tx.scalar(sa.select(sa.func.max(mails.sent_at))),
        trouble=counter.tx.scalar(error) or "",
        folder=str(counter.house.mail_folder or ""),
    )


def lines() -> sa.Select[Any]:
    """The lines of the book, without the messages, each with the month of its list."""
    mails, runs, accounts = SQL["mails"], SQL["list_runs"], SQL["accounts"]
    columns = (*(mails.c[name] for name in _COLUMNS), runs.c.month, accounts.c.name.label("again_name"))
    return sa.select(*columns).select_from(
        mails.outerjoin(runs, runs.c.id == mails.c.run).outerjoin(accounts, accounts.c.id == mails.c.again_by)
    )


def sent(row: Row) -> Sent:
    """One row of ``lines`` as a line of the book."""
    return Sent(
        mail=row["id"],
        kind=row["kind"],
        month=Month.parse(row["month"]) if row["month"] else None,
        file=row["file"],
        to_name=row["to_name"] or "",
        to_address=row["to_address"],
        subject=row["subject"],
        state=row["state"],
        drawn_at=row["created_at"],
        sent_at=row["sent_at"],
        next_try_at=row["next_try_at"],
        attempts=row["attempts"],
        late=row["late"],
        doubtful=row["doubtful"],
        error=row["error"] or "",
        again_of=row["again_of"] or "",
        again_by=row["again_name"] or "",
        again_why=row["again_why"] or "",
    )


def _done(counter: Counter[Writing], key: str) -> None:
    task = counter.tx.first("tasks", key=key, done_at=None)
    if task is not None:
        counter.tx.update(
            "tasks", task["id"], {"done_at": counter.at, "done_by": counter.person.id}, counter.by("faire")
        )
