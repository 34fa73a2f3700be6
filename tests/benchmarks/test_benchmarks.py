"""The measures run, on a town too small for their figures to mean anything."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.figures import Series, line, table

TINY = ["--files", "300", "--rounds", "1", "--sessions", "2", "--seconds", "1"]
ASKED = {
    "queue: our own time in a click",
    "search",
    "a demand entered",
    "a row of the grid saved",
    "all lists of a month",
    "2 sessions: a click",
    "memory of a session",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench")
    assert main([*TINY, "--folder", str(folder), "--json", str(folder / "figures.json")]) == 0
    kept: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    return kept


def test_everything_asked_for_is_measured(told: dict[str, Any]) -> None:
    assert {each["name"] for each in told["lines"]} >= ASKED
    assert all(each["median"] >= 0 for each in told["lines"] if each["unit"] == "ms")


def test_what_has_a_reference_says_how_many_times_less_or_more(told: dict[str, Any]) -> None:
    compared = [each for each in told["lines"] if each["against"] and each["against_median"]]
    assert {"search", "a demand entered", "all lists of a month"} <= {each["name"] for each in compared}
    assert all(each["ratio"] > 0 for each in compared if each["unit"] == "ms")  # memory can seem to shrink


def test_a_generated_town_is_used_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        main([*TINY, "--only", "search", "--folder", str(tmp_path)])
    assert capsys.readouterr().out.count("Generating") == 1


def test_an_aim_is_held_against_the_slowest_twentieth_and_the_ratio() -> None:
    quick, slow = Series("ours", [0.01] * 90 + [0.09] * 10), Series("theirs", [1.0])
    assert line(quick, slow, aim=100).met
    assert line(quick, slow, aim=50).met is False
    assert line(quick, slow, aim=100, aim_ratio=200).met is False
    assert line(quick).met is None
    shown = table([line(quick, slow, aim=50)])
    assert "× 100 less" in shown and "p95 < 50 ms" in shown and "MISSED" in shown
