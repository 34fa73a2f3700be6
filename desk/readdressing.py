"""What waits to be told to a citizen follows the coordinates as they are corrected, from wherever."""

from collections.abc import Sequence

import sqlalchemy as sa

from desk import closing_notices, ledger, letters, mails
from desk.letters import Recipient
from desk.visits import Counter
from sync.schema import SQL
from sync.states import MailKind, MailState, TaskKind
from sync.store import Reading, Row, Writing

ACT = "suivre la nouvelle adresse"
TOLD = (MailKind.ACKNOWLEDGEMENT, MailKind.CLOSING, MailKind.INFORMATION)
WAITING = (MailState.READY, MailState.RETRY)
GONE = "la personne n'a plus de courriel : à joindre autrement."


def follow(counter: Counter[Writing], before: Row, after: Row) -> None:
    """R-5, R-16: a mail that has not left goes to the address of now; a call says the number of now.

    One that is leaving at this very moment is left alone, and so is one that was refused: whether it leaves
    again is a person's to say (``desk.second_sendings``). Without any address left, it is refused.
    """
    if before["email"] != after["email"]:
        for mail in _mails(counter.tx, before, WAITING):
            _readdress(counter, mail["id"], after)
    about = _called_about(counter.tx, after)
    calls = counter.tx.find("tasks", kind=TaskKind.CALL_BACK, done_at=None, file=about) if about else []
    for task in calls:
        if closing_notices.caller_of(task["key"]) == after["id"]:
            words = closing_notices.joined(task["words"], after)
            counter.tx.update("tasks", task["id"], {"words": words}, counter.by(ACT))


def waits(tx: Reading, citizen: Row) -> bool:
    """Whether a mail to this citizen, at the address that stands, has not left."""
    return bool(_mails(tx, citizen, WAITING))


def was_refused(tx: Reading, citizen: Row) -> bool:
    """Whether one was refused, and is still among the tasks of the desk."""
    keys = [f"{ledger.REFUSED}:{mail['id']}" for mail in _mails(tx, citizen, (MailState.REFUSED,))]
    return bool(keys and tx.find("tasks", key=keys, done_at=None))


def _readdress(counter: Counter[Writing], id: str, citizen: Row) -> None:
    mail = counter.tx.lock("mails", id)
    if mail is None or mail["state"] not in WAITING:
        return  # it is leaving
    to = mails.recipient(citizen)
    if to is None:
        ledger.refuse(counter.tx, mail, GONE, counter.by(ACT))
        return
    to = Recipient(letters.one_line(to.name), to.address)
    again = {
        "to_name": to.name[:200] or None,
        "to_address": to.address,
        "message": letters.readdressed(mail["message"], to, mail["message_id"], counter.at),
        "state": MailState.READY,
        "next_try_at": None,
        "error": None,
    }
    counter.tx.update("mails", id, again, counter.by(ACT))


def _mails(tx: Reading, citizen: Row, states: Sequence[MailState]) -> list[Row]:
    """Those to this citizen at that address, about his or her own files or those he or she called about."""
    address = letters.one_line(citizen["email"] or "").casefold()
    about = _own(tx, citizen) + _called_about(tx, citizen)
    if not address or not about:
        return []
    columns = SQL["mails"].c
    query = sa.select(columns.id, columns.to_address).where(
        columns.file.in_(about), columns.kind.in_(TOLD), columns.state.in_(states)
    )
    found = tx.rows(query.order_by(columns.id))
    return [row for row in found if row["to_address"].casefold() == address[:254]]


def _own(tx: Reading, citizen: Row) -> list[str]:
    files = SQL["files"].c
    return [row["id"] for row in tx.rows(sa.select(files.id).where(files.citizen == citizen["id"]))]


def _called_about(tx: Reading, citizen: Row) -> list[str]:
    """R-9: the files of others that this person called about."""
    calls = SQL["contacts"].c
    query = sa.select(calls.file).where(calls.citizen == citizen["id"]).distinct()
    return [row["file"] for row in tx.rows(query)]
