"""``python -m jobs``: as a process of its own, killed for good, run by two at once, and its calendar."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk import letters
from jobs.__main__ import main
from policy.towntime import to_town
from sync.states import MailState
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.filing import kept
from tests.jobs.servers import Inbox, serving

ROOT = Path(__file__).parents[2]
RECIPIENTS = ["denis@prevost.test", "guy@prevost.test", "helene@prevost.test"]
FIRST = ("tick", "--now", "2026-11-02T08:05")
Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def surroundings(cast: Cast, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a process beside the test: the same database, mails in a folder; that folder."""
    folder = tmp_path / "courriels"
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUICHET_DATABASE_URL", store_url)
    monkeypatch.setenv("GUICHET_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUICHET_MAIL_DIR", str(folder))
    monkeypatch.setenv("GUICHET_MAIL_FROM", "Ville de Prévost <guichet@prevost.test>")
    monkeypatch.chdir(tmp_path)
    return folder


def spawn(*arguments: str, **more: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    return subprocess.Popen(
        [sys.executable, "-m", "jobs", *arguments],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def sent_to(folder: Path) -> list[str]:
    found = []
    for path in folder.glob("*.eml"):
        headers, _ = letters.read(path.read_bytes())
        found.append(headers["To"].partition("<")[2].rstrip(">"))
    return sorted(found)


def test_three_processes_at_once_write_to_each_recipient_once(cast: Cast, surroundings: Path) -> None:
    together = [spawn(*FIRST) for _ in range(3)]
    for each in together:
        _, errors = each.communicate(timeout=120)
        assert each.returncode == 0, errors
    assert sent_to(surroundings) == RECIPIENTS
    rows = kept(cast, "mails")
    assert [row["attempts"] for row in rows] == [1, 1, 1] and not any(row["doubtful"] for row in rows)


@pytest.mark.parametrize("killed_at", [1, 2, 3])
def test_a_process_killed_after_the_server_said_yes_leaves_a_mail_that_is_sent_again_and_marked(
    cast: Cast, surroundings: Path, killed_at: int
) -> None:
    process: list[subprocess.Popen[str]] = []

    def kill() -> None:
        if len(inbox.mails) == killed_at and len(process) == 1:
            os.kill(process[0].pid, signal.SIGKILL)

    inbox = Inbox(on_taken=kill)
    with serving(inbox) as port:
        server = {
            "GUICHET_SMTP_HOST": "127.0.0.1",
            "GUICHET_SMTP_PORT": str(port),
            "GUICHET_SMTP_SECURITY": "none",
        }
        process.append(spawn(*FIRST, **server))
        process[0].communicate()
        assert process[0].returncode == -signal.SIGKILL
        process.append(spawn(*FIRST, **server))
        _, errors = process[1].communicate(timeout=120)
        assert process[1].returncode == 0, errors
    counted = Counter(to[0] for _, to, _ in inbox.mails)
    assert sorted(counted) == RECIPIENTS and sum(counted.values()) == len(RECIPIENTS) + 1
    rows = {row["to_address"]: row for row in kept(cast, "mails")}
    assert all(row["state"] is MailState.SENT for row in rows.values())
    (twice,) = [address for address, count in counted.items() if count == 2]
    assert [address for address, row in rows.items() if row["doubtful"]] == [twice]
    assert len({message for _, to, message in inbox.mails if to == [twice]}) == 1


def test_a_look_twice_writes_no_second_file(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(FIRST) == 0
    assert "3 courriels envoyés" in capsys.readouterr().out
    before = {path: path.stat().st_mtime_ns for path in surroundings.iterdir()}
    assert main(FIRST) == 0
    assert "0 courriel envoyé" in capsys.readouterr().out
    assert before == {path: path.stat().st_mtime_ns for path in surroundings.iterdir()}
    assert {path.stat().st_mode & 0o777 for path in surroundings.iterdir()} == {0o600}


def test_a_moment_to_come_is_played_with_the_folder_only(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to_come = f"{to_town(datetime.now(UTC) + timedelta(days=400)):%Y-%m-%dT%H:%M}"
    monkeypatch.setenv("GUICHET_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("GUICHET_SMTP_SECURITY", "none")
    assert main(("tick", "--now", to_come)) == 2
    assert "dossier de courriels" in capsys.readouterr().err
    assert not surroundings.exists()
    monkeypatch.delenv("GUICHET_SMTP_HOST")
    assert main(("tick", "--now", to_come)) == 0
    assert surroundings.exists()


def test_a_clock_that_runs_behind_is_said_and_ends_with_1(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("tick", "--now", "2026-11-23T08:05")) == 0
    assert main(("tick", "--now", "2026-11-20T08:05")) == 1
    assert "vérifiez l'horloge" in capsys.readouterr().err


def test_after_a_moment_to_come_was_played_today_s_mails_still_go_to_the_folder(
    cast: Cast, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = to_town(datetime.now(UTC)).date() + timedelta(days=40)
    assert main(("tick", "--now", f"{ahead}T12:00")) == 0
    before = set(surroundings.iterdir())
    opened(cast, at=datetime.now(UTC))
    assert main(("tick",)) == 0
    assert any("accuse-de-reception" in mail.name for mail in set(surroundings.iterdir()) - before)
    monkeypatch.setenv("GUICHET_SMTP_HOST", "courriel.invalid")
    assert main(("tick",)) == 1  # with a real server, a clock behind the ledger sends nothing


@pytest.mark.parametrize(
    "typed",
    [
        "demain",
        "2026-11-23",
        "2026-03-08T02:30",
        "2026-11-23T08:05+00:00",
        "9999-12-31T23:59",
        "0001-01-01T00:00",
    ],
)
def test_a_moment_that_does_not_read_is_refused(
    surroundings: Path, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(("tick", "--now", typed))
    assert end.value.code == 2 and "Commande à corriger" in capsys.readouterr().err


@pytest.mark.parametrize("month", ["2026-13", "9999-11", "0001-01", "novembre"])
def test_a_month_that_does_not_read_or_is_too_far_is_refused(
    surroundings: Path, month: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(("calendar", "--from", month, "--months", "24"))
    said = capsys.readouterr().err
    assert end.value.code == 2 and f"--from : « {month} »" in said and ".." not in said


def calendar(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(("calendar", *arguments, "--json")) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_the_calendar_gives_the_dates_of_the_policy(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    months = {row["month"]: row for row in calendar(capsys, "--from", "2026-11", "--months", "24")}
    assert list(months) == sorted(months) and len(months) == 24
    november, december = months["2026-11"], months["2026-12"]
    assert (november["rnc"], november["rnc_other_reading"]) == ("2026-11-23", "2026-11-30")
    assert (november["answers_due"], november["council"]) == ("2026-11-30", "2026-12-01")
    assert (december["rnc"], december["council"]) == ("2026-12-21", "2027-01-04")
    assert december["closed"] == ["2026-12-24", "2026-12-25", "2026-12-31"]
    assert (months["2027-05"]["rnc"], months["2027-12"]["rnc"]) == ("2027-05-25", "2027-12-27")
    assert months["2027-12"]["council"] == "2028-01-03"
    assert set(november) == {
        "month",
        "rnc",
        "rnc_other_reading",
        "answers_due",
        "council",
        "closed",
        "articles",
    }
    assert "P §4.2.3" in november["articles"]


def test_the_calendar_says_for_which_years_no_closing_is_written_down(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("calendar", "--from", "2099-12", "--months", "1", "--json")) == 0
    assert "2099" in capsys.readouterr().err


def test_the_calendar_reads_as_a_table_too(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("calendar", "--from", "2026-11", "--months", "2")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:2] == ["2026-11", "2026-11-23"]
