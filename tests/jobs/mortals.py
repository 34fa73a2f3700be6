"""Processes that do a day's work until they are killed: ``python -m tests.jobs.mortals URL FOLDER``.

One process imports everything once, then forks a worker for each line it reads; a worker writes a line of its
own on the shared output after each act that returned: what a person was told then.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from config.letters import environment
from desk import attachments, drafts, sessions
from desk.citizens import Caller
from desk.grid import Edit, save_row
from desk.house import House
from desk.intake import Demand, open_file
from desk.outbox import Carrier
from desk.visits import Visit
from jobs.clock import tick
from jobs.folder import Folder
from jobs.nights import Watchman
from jobs.smtp import Server
from policy.reasons import Refused
from policy.words import Channel, Nature
from sync import copies, process
from sync.store import Store
from tests.desk.documents import PDF
from tests.keys import KEYS

SEAL_KEY = b"0123456789abcdef0123456789abcdef"
ROLES = ("intake", "grid", "clock", "night")


@dataclass(frozen=True)
class Day:
    """Where a worker works, and when its day stands."""

    house: House
    folder: Path
    start: datetime
    chance: random.Random
    port: int

    def moments(self) -> Iterator[datetime]:
        """Later and later, one second an act."""
        return (self.start + timedelta(seconds=each) for each in count())

    def person(self, email: str) -> Callable[[datetime], Visit]:
        """The visits of that person, in one session."""
        with self.house.store.writing() as tx:
            account = tx.first("accounts", email=email)
            assert account is not None
            token = sessions.hash_token(sessions.open_session(tx, account["id"], self.start))
        return lambda at: Visit(self.house, at, session=token)


def told(act: str, **what: Any) -> None:
    """Say that an act returned, in one write."""
    os.write(1, (json.dumps({"act": act, **what}) + "\n").encode())


def intake(day: Day) -> None:
    """Demands by telephone, drafts of the next one, a document now and then."""
    visit = day.person("luc@prevost.test")
    with day.house.store.reading() as tx:
        category = tx.find("categories", name="Nid-de-poule")[0]["id"]
    for at in day.moments():
        token = f"{day.chance.getrandbits(64):x}"
        caller = Caller(name=f"Citoyen {token}", email=f"c{token}@exemple.test")
        made = open_file(
            visit(at),
            Demand(token, Channel.PHONE, Nature.REQUEST, f"Trou {token}", caller=caller, category=category,
                   civic="12", street="rue Principale"),
        )  # fmt: skip
        told("file", number=made.number, token=token)
        drafts.keep(visit(at), drafts.of_call(token), "facts", f"suite {token}")
        told("draft", record=drafts.of_call(token), value=f"suite {token}")
        if day.chance.random() < 0.2:
            content = PDF + token.encode()
            attachments.add(visit(at), made.number, [(f"{token}.pdf", content)])
            told("document", digest=sha256(content).hexdigest())


def grid(day: Day) -> None:
    """The queue of Travaux publics, row by row."""
    visit = day.person("julie@prevost.test")
    for at in day.moments():
        with day.house.store.reading() as tx:
            rows = tx.find("files", ("-received_at",), open=True)[:20]
        if not rows:
            continue
        row = day.chance.choice(rows)
        words = f"geste {day.chance.getrandbits(64):x}"
        try:
            done = save_row(
                visit(at), Edit(row["id"], {"next_action": row["next_action"]}, {"next_action": words})
            )
        except Refused:
            continue
        if not done.differences:
            told("row", file=row["id"], words=words)


def clock(day: Day) -> None:
    """The lists and the mails."""
    carrier: Carrier = Folder(day.folder / "courriels")
    if day.port:
        carrier = Server(host="127.0.0.1", port=day.port, security="none", user="", password="")
    me = process.name_of_this_one()
    for at in day.moments():
        report = tick(day.house, Tray(carrier, day.folder), lambda at=at: at, me, process.is_gone)  # type: ignore[misc]
        if report.round.sent or report.drawn:
            told("look", sent=report.round.sent, drawn=len(report.drawn))


@dataclass(frozen=True)
class Tray:
    """A carrier that keeps a line of what was accepted, as the server's own log would."""

    carrier: Carrier
    folder: Path

    def carry(self, parcel: Any) -> None:
        """Carry it, then keep the line: killed in between, the mail was accepted and the log says less."""
        held = os.open(self.folder / "remis", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self.carrier.carry(parcel)
            os.write(held, f"{parcel.name}\n".encode())
        finally:
            os.close(held)

    def close(self) -> None:
        """End the connection, if one is open."""
        self.carrier.close()


def night(day: Day) -> None:
    """What the night does, then copies as many as one can."""
    folder = copies.Folder(day.folder / "copies", 2, 0, 0)
    me = process.name_of_this_one()
    for at in day.moments():
        Watchman(
            day.house, SEAL_KEY, folder, 3, day.folder, lambda at=at: at, me, process.is_gone,  # type: ignore[misc]
        ).work()  # fmt: skip
        made = copies.make(day.house.store, folder, at, SEAL_KEY, lambda line: None)
        told("copy", name=made.path.name, files=made.manifest.count("files"))


ACTS: dict[str, Callable[[Day], None]] = {"intake": intake, "grid": grid, "clock": clock, "night": night}


def main(url: str, folder: str) -> None:
    """Fork a worker for each line read: its role, its moment, its chance, the port of the mail server."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    letters = environment()
    for name in letters.list_templates():
        letters.get_template(name)  # compiled once, before anybody is born
    told("ready")
    for line in sys.stdin:
        role, start, seed, port = line.split()
        pid = os.fork()
        if pid:
            told("born", pid=pid, role=role)
            continue
        sys.stdin.close()
        store = Store.open(url, KEYS)
        house = House(store, letters, "https://guichet.prevost.test", "guichet@prevost.test")
        day = Day(house, Path(folder), datetime.fromisoformat(start), random.Random(int(seed)), int(port))
        while True:
            try:
                ACTS[role](day)
            except Refused as busy:  # the others wrote too long: a person would try again
                told("refused", words=str(busy))


if __name__ == "__main__":
    main(*sys.argv[1:])
