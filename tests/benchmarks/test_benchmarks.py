"""The measures run, on a town too small for their figures to mean anything."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from benchmarks import stored
from benchmarks.__main__ import main
from benchmarks.figures import Line, Series, line, table
from benchmarks.synchronisation import Waiting
from sync.pace import Pace

TINY = ["--files", "300", "--rounds", "1", "--sessions", "2", "--seconds", "1"]
ASKED = {
    "queue: our own time in a click",
    "search",
    "a demand entered",
    "a row of the grid saved",
    "all lists of a month",
    "2 sessions: a click",
    "memory of a session",
    "a click beside an exchange",
    "rows saved beside an exchange",
    "1,000 rows pushed to Airtable",
    "1,000 edits taken in from Airtable",
    "150 rows read and noted",
    "150 rows read again",
    "1,000 rows pushed to Google Sheets",
    "100 changes found in 300 rows",
    "100 changes found in 300 rows: memory",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench")
    assert main([*TINY, "--folder", str(folder), "--json", str(folder / "figures.json")]) == 0
    kept: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    return kept


@pytest.mark.long
def test_everything_asked_for_is_measured(told: dict[str, Any]) -> None:
    assert {each["name"] for each in told["lines"]} >= ASKED
    assert all(each["median"] >= 0 for each in told["lines"] if each["unit"] == "ms")


@pytest.mark.long
def test_what_has_a_reference_says_how_many_times_less_or_more(told: dict[str, Any]) -> None:
    compared = [each for each in told["lines"] if each["against"] and each["against_median"]]
    assert {"search", "a demand entered", "all lists of a month"} <= {each["name"] for each in compared}
    assert all(each["ratio"] > 0 for each in compared if each["unit"] == "ms")  # memory can seem to shrink


@pytest.mark.long
def test_a_whole_listing_is_held_against_what_the_remote_allows(told: dict[str, Any]) -> None:
    least = {each["name"]: each["against_median"] for each in told["lines"] if each["unit"] == "s"}
    calls = {each["name"]: each["count"] for each in told["lines"] if each["unit"] == "s"}
    assert least == {name: count / 4 for name, count in calls.items()}
    assert all(each["median"] > 0 for each in told["lines"] if each["unit"] == "s")


@pytest.mark.long
def test_a_look_at_rest_is_measured_on_all_that_was_pushed(told: dict[str, Any]) -> None:
    pushed = next(each["count"] for each in told["lines"] if each["name"].endswith("to Google Sheets"))
    at_rest = [each["name"] for each in told["lines"] if each["name"].startswith("a look at")]
    assert at_rest == [f"a look at {pushed:,} rows at rest in Google Sheets"]


def test_waiting_for_ones_turn_takes_no_time_but_is_counted() -> None:
    waiting = Waiting()
    paced = Pace(4, 1.0, waiting.seconds, waiting.sleep)
    began = waiting.seconds()
    for _ in range(41):
        paced.turn()
    assert waiting.seconds() - began > 9.9
    assert waiting.slept > 9


def test_a_generated_town_is_used_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        main([*TINY, "--only", "search", "--folder", str(tmp_path)])
    assert capsys.readouterr().out.count("Generating") == 1


def test_a_generated_town_is_made_anew_when_any_table_is_another(tmp_path: Path) -> None:
    kept = {path.relative_to(stored.ROOT) for path in stored.sources()}
    defining = {
        path.relative_to(stored.ROOT)
        for path in (stored.ROOT / "sync").rglob("*.py")
        if re.search(r"^[A-Z_]+ = (sa\.)?Table\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(defining) > 10 and defining <= kept
    for path in kept:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stored.ROOT / path, tmp_path / path)
    before = stored.definition(tmp_path)
    assert before == stored.definition()
    with (tmp_path / "sync" / "file_tables.py").open("a") as definitions:
        definitions.write("# one more field")
    assert stored.definition(tmp_path) != before


def test_an_aim_is_held_against_the_slowest_twentieth_and_the_ratio() -> None:
    quick, slow = Series("ours", [0.01] * 90 + [0.09] * 10), Series("theirs", [1.0])
    assert line(quick, slow, aim=100).met
    assert line(quick, slow, aim=50).met is False
    assert line(quick, slow, aim=100, aim_ratio=200).met is False
    assert line(quick).met is None
    shown = table([line(quick, slow, aim=50)])
    assert "× 100 less" in shown and "p95 < 50 ms" in shown and "MISSED" in shown


def test_an_aim_may_say_how_much_more_is_borne() -> None:
    alone, beside = Series("alone", [0.010]), Series("beside", [0.014])
    assert line(beside, alone, aim_ratio=1 / 1.5).met
    assert line(beside, alone, aim_ratio=1 / 1.3).met is False
    assert "under × 1.5 more" in table([line(beside, alone, aim_ratio=1 / 1.5)])
    assert "< 400 MB" in table([Line("memory", 305.0, unit="MB", aim=400.0)])
