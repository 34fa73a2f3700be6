"""The ledger of mails (architecture 6): a mail is frozen, then written once under its key, or refused."""

from datetime import datetime
from typing import Any

from desk import letters
from desk.house import House
from desk.letters import Letter, Recipient
from policy.roles import System
from policy.rules import Rules
from sync import hold
from sync.history import Author, Whence
from sync.ids import new_id
from sync.states import MailKind, MailState, TaskKind
from sync.store import Row, Writing

_LONGEST_KEY = 200
REFUSED = "refus"  # what the key of the task of a refused mail begins with
GIVEN_UP = "retenu après une reprise des données."
BAD_ADDRESS = "ce n'est pas une adresse à laquelle un courriel peut être envoyé."


def frozen(
    house: House,
    rules: Rules,
    letter: Letter,
    to: Recipient,
    kind: MailKind,
    key: str,
    at: datetime,
    *,
    file: str | None = None,
    run: str | None = None,
    late: bool = False,
    body: bytes = b"",
) -> dict[str, Any]:
    """The row of a mail to be posted: its recipient and its bytes as they will leave, whatever changes later.

    ``key`` says what may exist once only, without the address where that is an identity; ``body`` is the
    encoded letter, when others receive the same.
    """
    id = new_id(at)
    message_id = letters.message_id(house, id)
    return {
        "id": id,
        "kind": kind,
        "key": key[:_LONGEST_KEY],
        "file": file,
        "run": run,
        "to_name": letters.one_line(to.name)[:200],
        "to_address": letters.one_line(to.address)[:254],
        "subject": letter.subject[:300],
        "message_id": message_id,
        "message": letters.freeze(house, rules, letter, to, message_id, at, body),
        "state": MailState.READY,
        "attempts": 0,
        "doubtful": False,
        "late": late,
    }


def post(tx: Writing, mail: Row, by: Author) -> Row | None:
    """Write a frozen mail into the ledger; ``None`` when one with its key is there already.

    A mail to what is not an address is kept as refused, and the desk has it among its tasks.
    """
    row = tx.insert_once("mails", mail, by)
    if row is not None and not letters.is_address(row["to_address"]):
        refuse(tx, row, BAD_ADDRESS, by)
    return row


def refuse(tx: Writing, mail: Row, words: str, by: Author) -> None:
    """A mail that will not leave: the ledger says why, and the desk has it among its tasks."""
    tx.update(
        "mails",
        mail["id"],
        {
            "state": MailState.REFUSED,
            "error": words[:1_000],
            "next_try_at": None,
            "claimed_by": None,
            "claimed_until": None,
        },
        by,
    )
    file = tx.get("files", mail["file"])
    acknowledges = file is not None and mail["kind"] is MailKind.ACKNOWLEDGEMENT
    tx.insert_once(
        "tasks",
        {
            "kind": TaskKind.MAIL_REFUSED,
            "key": f"{REFUSED}:{mail['id']}",
            "file": mail["file"],
            "words": f"{mail['kind']} : {words}"[:2_000],
            "due_at": file["ack_due_at"] if file is not None and acknowledges else by.at,
        },
        by,
    )


def give_up(tx: Writing, by: Author) -> int:
    """The mails that wait will not leave, for who knows that they left after the backup; how many.

    Each is refused like any other: the desk has it among its tasks, and may send it again.
    """
    waiting = tx.find("mails", state=hold.WAITING)
    for mail in waiting:
        refuse(tx, mail, GIVEN_UP, by)
    return len(waiting)


def by_the_clock(at: datetime, act: str) -> Author:
    """The signature of what the clock does on its own."""
    return Author(who=System.CLOCK, name="Horloge", whence=Whence.CLOCK, at=at, act=act)
