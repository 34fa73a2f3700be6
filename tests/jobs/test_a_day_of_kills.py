"""Killed (−9) at any moment of its work, again and again: nothing that a person was told is missing after."""

import json
import os
import queue
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.clock import tick
from jobs.folder import Folder
from policy.towntime import to_town
from sync import audit, copies, process
from sync.schema import HISTORY, SQL
from sync.states import MailKind, MailState
from tests.cast import Cast, moment
from tests.jobs.mortals import ROLES, SEAL_KEY
from tests.jobs.servers import Inbox, serving

ROOT = Path(__file__).parents[2]
FIRST = moment("Fri 2026-11-20 08:05")
NAMED = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
LISTS = {MailKind.RNC, MailKind.REMINDER, MailKind.MISSING, MailKind.COUNCIL}
LONGEST, WHOLE = 0.45, 4.0  # seconds a worker lives; long enough to draw up lists, on a busy machine


class Nursery:
    """The process that forks the workers, and every line that they wrote before they died."""

    def __init__(self, url: str, folder: Path) -> None:
        self.lines: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.mortals", url, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True, bufsize=1,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        self.told: list[dict[str, Any]] = []
        self.wait("ready")

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.put(json.loads(line))

    def born(self, role: str, at: datetime, seed: int, port: int) -> int:
        """A new worker; its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{role} {at.isoformat()} {seed} {port}\n")
        return int(self.wait("born")["pid"])

    def wait(self, act: str) -> dict[str, Any]:
        """The next line of that kind; the others are kept."""
        while (line := self.lines.get(timeout=120))["act"] != act:
            self.told.append(line)
        return line

    def warm(self) -> None:
        """Until somebody was told something, or five seconds: on a busy machine to begin takes long."""
        end = time.monotonic() + 5
        while not any(line["act"] != "born" for line in self.told) and time.monotonic() < end:
            try:
                self.told.append(self.lines.get(timeout=0.1))
            except queue.Empty:
                continue

    def hear(self) -> list[dict[str, Any]]:
        """All that was told since the last time."""
        while not self.lines.empty():
            self.told.append(self.lines.get())
        heard, self.told = self.told, []
        return heard

    def close(self) -> None:
        """End it; whoever still works is dead already."""
        self._process.kill()
        self._process.wait()


@contextmanager
def nursery(url: str, folder: Path) -> Iterator[Nursery]:
    made = Nursery(url, folder)
    try:
        yield made
    finally:
        made.close()


def killed(pids: list[int], chance: random.Random, longest: float) -> None:
    """Kill them one after the other, each at a moment that nobody chose."""
    left = sorted((chance.uniform(0, longest), pid) for pid in pids)
    began = time.monotonic()
    for after, pid in left:
        time.sleep(max(0.0, began + after - time.monotonic()))
        os.kill(pid, signal.SIGKILL)
    for _, pid in left:
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.002)


def next_round(at: datetime) -> datetime:
    """The next moment of the working days that are played: 40 minutes later, or the next day at 8:05."""
    later = at + timedelta(minutes=40)
    if to_town(later).hour < 17:
        return later
    later += timedelta(hours=15, minutes=20)
    while to_town(later).weekday() > 4:
        later += timedelta(days=1)
    return later


class Witness:
    """What was told so far, held against what the store says."""

    def __init__(self, cast: Cast, folder: Path) -> None:
        self._cast, self._folder = cast, folder
        self._heard = 0  # the last entry of the history that was read
        self._said: set[str] = set()  # what the history has of the grid
        self.numbers: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self._copy: dict[str, Any] = {}

    def check(self, told: list[dict[str, Any]]) -> None:
        """Everything told since the last check is there; every history holds."""
        self.counts.update(line["act"] for line in told)
        with self._cast.house.store.reading() as tx:
            history = HISTORY.c
            rows = tx.rows(sa.select(history.seq, history.changes).where(history.seq > self._heard))
            self._heard = max([self._heard, *(row["seq"] for row in rows)])
            changes = [json.loads(row["changes"]) for row in rows if '"next_action"' in row["changes"]]
            self._said.update(each["next_action"][1] for each in changes)
            files = SQL["files"].c
            facts = {row["number"]: row["facts"] for row in tx.rows(sa.select(files.number, files.facts))}
            typed = {row["record"]: row["value"] for row in tx.find("drafts")}
            pieces = {row["once"].rpartition(":")[2] for row in tx.find("attachments")}
            for line in told:
                self._check(line, facts, typed, pieces)
            assert audit.verify(tx, SEAL_KEY) == []

    def _check(
        self, line: dict[str, Any], facts: dict[str, str], typed: dict[str, Any], pieces: set[str]
    ) -> None:
        match line["act"]:
            case "file":
                assert self.numbers.setdefault(line["number"], line["token"]) == line["token"], "told twice"
                assert facts[line["number"]] == f"Trou {line['token']}"
            case "draft":
                assert typed[line["record"]] == line["value"]
            case "document":
                assert line["digest"] in pieces
            case "row":
                assert line["words"] in self._said
            case "copy":
                self._copy = max(self._copy, line, key=lambda each: each.get("name", ""))

    def end(self, at: datetime) -> None:
        """The clock goes on by itself: every mail left, no list twice but where the ledger says so."""
        carrier = Folder(self._folder / "courriels")
        report = tick(self._cast.house, carrier, lambda: at, process.name_of_this_one(), process.is_gone)
        assert report.troubles == ()
        remis = self._folder / "remis"
        left = Counter(remis.read_text().split()) if remis.exists() else Counter()
        with self._cast.house.store.reading() as tx:
            mails = tx.find("mails")
            runs = tx.find("list_runs")
        assert {mail["state"] for mail in mails} <= {MailState.SENT}
        assert len({(run["kind"], run["month"]) for run in runs}) == len(runs)
        lists = [(mail["run"], mail["to_address"]) for mail in mails if mail["kind"] in LISTS]
        assert len(set(lists)) == len(lists)
        doubtful = {mail["id"]: mail["doubtful"] for mail in mails}
        for name, times in left.items():
            assert times == 1 or doubtful[name.rpartition("_")[2]], f"{name} left {times} times, unsaid"
        self.counts["mails"], self.counts["lists"] = len(mails), len(lists)
        self.counts["doubtful"] = sum(doubtful.values())
        found = sorted((self._folder / "copies").glob("guichet-*.zip"))
        for path in found:
            copies.read_through(path, SEAL_KEY)
        if self._copy:
            assert found and found[-1].name >= self._copy["name"]


def play(cast: Cast, url: str, folder: Path, kills: int, every: int, port: int = 0) -> Counter[str]:
    """Play working days in which everybody is killed; how many of each act were told."""
    chance = random.Random(2026)
    witness, at, dead = Witness(cast, folder), FIRST, 0
    heard: list[dict[str, Any]] = []
    with nursery(url, folder) as workers:
        while dead < kills:
            pids = [workers.born(role, at, chance.getrandbits(60), port) for role in ROLES]
            heard += workers.hear()
            if chance.random() < 0.9:  # else some die before they have begun
                workers.warm()
            killed(pids, chance, WHOLE if dead % 20 == 0 else LONGEST)
            dead += len(pids)
            at = next_round(at)
            if dead % every < len(ROLES):
                witness.check(heard)
                heard = []
        time.sleep(0.1)
        witness.check([*heard, *workers.hear()])
    witness.end(at)
    witness.counts["kills"] = dead
    return witness.counts


def test_a_day_of_kills_loses_nothing_that_was_told(cast: Cast, store_url: str, tmp_path: Path) -> None:
    counts = play(cast, store_url, tmp_path, kills=12, every=12)
    assert counts["kills"] == 12 and counts["file"]


@pytest.mark.long
def test_a_thousand_kills_lose_nothing_that_was_told(cast: Cast, store_url: str, tmp_path: Path) -> None:
    with serving(inbox := Inbox()) as port:
        counts = play(cast, store_url, tmp_path, kills=1_000, every=100, port=port)
    sys.stdout.write(f"\n{dict(counts)}\n")
    assert counts["lists"] > 9 and counts["copy"] and counts["look"]
    taken = Counter(NAMED.search(content)[1].decode() for _, _, content in inbox.mails)  # type: ignore[index]
    with cast.house.store.reading() as tx:
        doubtful = {row["message_id"] for row in tx.find("mails", doubtful=True)}
    twice = {name for name, times in taken.items() if times > 1}
    assert twice <= doubtful, "what the server took twice, the ledger says"
