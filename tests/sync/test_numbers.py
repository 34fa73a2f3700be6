"""R-1: a number is never given twice, whatever writes at the same time."""

import subprocess
import sys

from sync import audit
from sync.history import entries
from sync.store import Store
from tests.sync.rows import DESK, department

WRITERS, TIMES, KEPT = 4, 15, 12  # one turn in five is undone


def test_writers_in_several_processes_never_share_a_number_nor_lose_a_change(
    store: Store, store_url: str
) -> None:
    with store.writing() as tx:
        shared = tx.insert("departments", department(rank=0), DESK)["id"]
    command = [sys.executable, "-m", "tests.sync.writers", store_url, str(TIMES), shared]
    started = [subprocess.Popen(command) for _ in range(WRITERS)]
    assert [process.wait(timeout=120) for process in started] == [0] * WRITERS

    with store.reading() as reader:
        numbers = [row["number"] for row in reader.find("files", ("number",))]
        assert numbers == [f"2026-{n:05d}" for n in range(1, WRITERS * KEPT + 1)]
        changed = reader.get("departments", shared)
        assert changed is not None
        assert (changed["rank"], changed["version"]) == (WRITERS * KEPT, WRITERS * KEPT + 1)
        assert len(entries(reader, "departments", shared)) == WRITERS * KEPT + 1
        assert len(reader.find("closings")) == 1
        assert audit.verify(reader) == []


def test_each_series_and_year_counts_apart(store: Store) -> None:
    with store.writing() as tx:
        assert [tx.next_number("", 2026) for _ in range(3)] == [1, 2, 3]
        assert tx.next_number("P", 2026) == 1
        assert tx.next_number("", 2027) == 1
        assert tx.next_numbers("", 2026, 4) == range(4, 8)
        assert tx.next_number("", 2026) == 8


def test_a_number_known_from_elsewhere_is_jumped_past(store: Store) -> None:
    with store.writing() as tx:
        tx.jump_past("", 2026, 41)
        assert tx.next_number("", 2026) == 42
        tx.jump_past("", 2026, 7)
        assert tx.next_number("", 2026) == 43
