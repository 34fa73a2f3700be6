"""``python -m sync setup``, ``check``, ``run``, ``status``, ``rebuild``, ``probe``: what they say and do."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sync import __main__ as sync_command
from sync import ledger
from sync.outside import shapes
from sync.sheets.cells import ORIGIN
from sync.store import Store
from tests.cast import Cast
from tests.desk.demands import opened
from tests.desk.filing import BY, stands
from tests.desk.filing import kept as rows_kept
from tests.houses import settled
from tests.remotes.served import SERVICES
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import desk as desk
from tests.sync.commanded import surroundings as surroundings
from tests.sync.test_run_once import its_time_has_come

ROOT = Path(__file__).parents[2]
NOTHING = {
    "pulled", "pushed", "created_here", "created_there", "disputed", "rejected", "withdrawn", "frozen"
}  # fmt: skip


def test_setup_says_what_it_made_and_the_second_time_that_nothing_was_touched(desk: Desk) -> None:
    assert desk.sync("setup", desk.there.name) == 0
    for shape in shapes(False):
        assert f"« {shape.label} »" in desk.said
    assert desk.sync("setup") == 0
    assert desk.said == "Tout y était déjà : rien n'a été touché.\n"
    assert desk.sync("check") == 0
    assert desk.said == "Tout est comme « setup » le ferait.\n"


def test_check_says_what_differs_and_setup_makes_it_again(desk: Desk) -> None:
    desk.ready().there.server.delete_column("Dossiers", "Secteur")
    assert desk.sync("check") == 1
    assert "« Secteur »" in desk.complained and desk.said == ""
    assert desk.sync("setup") == 0
    assert "Colonne « Secteur »" in desk.said
    assert desk.sync("check") == 0


def test_another_service_than_the_one_of_the_settings_is_refused_by_name(desk: Desk) -> None:
    (other,) = {*SERVICES} - {desk.there.name}
    assert desk.sync("setup", other) == 1
    assert f"« {desk.there.name} »" in desk.complained and f"« {other} »" in desk.complained
    assert desk.there.server.calls.total == 0


@pytest.mark.parametrize("act", ["setup", "check", "probe", "run", "status", "rebuild"])
def test_without_a_table_each_command_says_so(
    act: str, cast: Cast, surroundings: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync_command.main([act]) == 1
    assert "GUICHET_REMOTE" in capsys.readouterr().err


@pytest.mark.parametrize("act", [["check"], ["probe"], ["run", "--once"], ["status"], ["rebuild", "--yes"]])
def test_before_setup_each_command_says_where_to_begin(desk: Desk, act: Sequence[str]) -> None:
    assert desk.sync(*act) != 0
    assert "python -m sync setup" in desk.complained
    assert desk.there.server.calls.total == 0


def test_run_tells_everything_once_then_costs_one_request(desk: Desk) -> None:
    file = opened(desk.cast).id
    assert desk.sync("setup") == 0
    told = desk.tally()
    assert told["created_there"] == sum(len(rows_kept(desk.cast, shape.table)) for shape in shapes(False))
    assert desk.there.ids("Dossiers") == {file}
    told = desk.tally()
    assert {name for name in NOTHING if told[name]} == set() and told["calls"] == 1


def test_run_carries_what_each_side_typed_and_says_how_much(desk: Desk) -> None:
    file, other = opened(desk.cast).id, opened(desk.cast).id
    desk.ready().there.server.edit("Dossiers", file, {"Rue ou lieu": "rue de la Station"})
    desk.there.server.edit("Dossiers", other, {"État": "Complétée"})  # of which nothing says what was done
    assert desk.sync("run", "--once") == 0
    assert "venus de la table : 1" in desk.said and "valeurs refusées : 0" in desk.said
    assert stands(desk.cast, {"id": file})["street"] == "rue de la Station"
    assert desk.sync("run", "--once") == 0
    assert "valeurs refusées : 1" in desk.said
    assert "Synchronisation" in desk.there.row("Dossiers", other)
    assert desk.figures()["rejections"] == 1


def test_a_row_half_typed_waits_for_the_next_command_and_is_then_judged_whole(desk: Desk) -> None:
    """Invariant 7: people fill cells one by one."""
    file, day = opened(desk.cast).id, date(2027, 6, 16)
    planned = (day - ORIGIN.date()).days if desk.there.name == "sheets" else day.isoformat()
    desk.ready().there.server.edit("Dossiers", file, {"État": "Planifiée"})
    key = desk.there.server.add_row("Dossiers", {"Rue ou lieu": "rue Sh"})
    told = desk.tally()
    assert (told["pulled"], told["created_here"], told["rejected"]) == (0, 0, 0)
    assert not desk.there.row("Dossiers", file).get("Synchronisation")
    desk.there.server.edit("Dossiers", file, {"Date prévue": planned})
    desk.there.server.edit("Dossiers", key, {"Rue ou lieu": "rue Shaw"})
    told = desk.tally()
    assert (told["pulled"], told["created_here"], told["rejected"]) == (1, 0, 0)
    assert stands(desk.cast, {"id": file})["state"].value == "Planifiée"
    assert desk.tally()["created_here"] == 1 and desk.figures()["proposed"] == 1
    assert desk.figures()["rejections"] == 0


def test_status_says_since_when_a_service_is_away_and_that_it_is_back(desk: Desk) -> None:
    file = opened(desk.cast).id
    desk.ready()
    other = opened(desk.cast).id
    desk.there.server.down()
    assert desk.sync("run", "--once") == 1
    words = {"airtable": "injoignable", "sheets": "ne répond pas"}[desk.there.name]
    assert words in desk.complained and desk.said == ""
    assert desk.sync("status") == 0
    assert "En panne depuis le " in desk.said and words in desk.said
    since = desk.figures()["failing_since"]
    assert desk.sync("run", "--once") == 1
    assert desk.figures()["failing_since"] == since
    desk.there.mend()
    assert desk.tally()["created_there"] >= 1
    assert desk.figures()["failing_since"] is None and desk.there.ids("Dossiers") == {file, other}
    assert desk.sync("status") == 0
    assert "En panne" not in desk.said and f"{desk.there.label} : dernier échange complet " in desk.said


def test_rebuild_asks_first_then_puts_back_all_that_disappeared(desk: Desk) -> None:
    files = {opened(desk.cast).id for _ in range(7)}
    desk.ready()
    for file in files:
        desk.there.server.delete_row("Dossiers", file)
    desk.tally()
    desk.tally()
    assert desk.figures()["frozen_tables"] == ["files"]
    assert desk.sync("rebuild") == 1
    assert "Rien n'a été fait." in desk.complained and desk.there.ids("Dossiers") == set()
    assert desk.sync("rebuild", "--yes") == 0
    assert desk.there.ids("Dossiers") == files
    assert "Ne vivait pas dans la table" in desk.said and "l'historique" in desk.said
    assert (desk.figures()["frozen_tables"], len(rows_kept(desk.cast, "files"))) == ([], 7)


def test_rebuild_gives_an_empty_store_all_that_the_table_holds(
    desk: Desk, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = opened(desk.cast).id
    desk.ready()
    street = stands(desk.cast, {"id": file})["street"]
    path = tmp_path / "vide.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{path}")
    assert desk.sync("setup") == 2, "the stamp is that of the store that is lost"
    assert "--take-over" in desk.complained
    assert desk.sync("setup", "--take-over") == 0
    before = {shape.label: desk.there.server.rows(shape.label) for shape in shapes(False)}
    assert desk.sync("rebuild", "--yes", "--json") == 0
    store = Store.open(f"sqlite:///{path}")
    with store.reading() as tx:
        (given,) = tx.find("files")
        counted = {shape.label: len(tx.find(shape.table)) for shape in shapes(False)}
        sent = tx.find("mails")
    store.close()
    assert (given["id"], given["street"], sent) == (file, street, [])
    assert counted == {label: len(rows) for label, rows in before.items()}
    desk.tally()
    assert {shape.label: desk.there.server.rows(shape.label) for shape in shapes(False)} == before


def test_rebuild_gives_back_what_goes_out_since_the_assessment_was_dated(
    desk: Desk, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-83: the store that is lost held the date; the table does too."""
    file = opened(desk.cast).id
    desk.ready()
    with desk.cast.house.store.writing() as tx:
        tx.insert("rules", {"name": "privacy_assessment", "value": "2026-01-15", "article": "LAI 63.5",
                            "valid_from": date(2026, 1, 15)}, BY)  # fmt: skip
    assert desk.sync("setup") == 0
    for _ in range(3):
        desk.tally()
    path = tmp_path / "vide.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{path}")
    assert desk.sync("setup", "--take-over") == 0
    before = {shape.label: desk.there.server.rows(shape.label) for shape in shapes(True)}
    assert len(before["Citoyens"]) == 1
    assert desk.sync("rebuild", "--yes", "--json") == 0
    store = Store.open(f"sqlite:///{path}")
    with store.reading() as tx:
        (given,) = tx.find("files")
        (citizen,) = tx.find("citizens")
    store.close()
    kept = stands(desk.cast, {"id": file})
    assert (given["citizen"], given["facts"]) == (citizen["id"], kept["facts"])
    assert citizen["id"] == kept["citizen"] and citizen["name"]
    for _ in range(2):
        desk.tally()
    assert {shape.label: desk.there.server.rows(shape.label) for shape in shapes(True)} == before


def test_probe_says_what_the_service_does_leaves_nothing_and_is_remembered(desk: Desk) -> None:
    desk.ready()
    before = {shape.label: desk.there.server.rows(shape.label) for shape in shapes(False)}
    assert desk.sync("probe") == 0
    assert len(desk.said.splitlines()) >= 3 and all(" : " in line for line in desk.said.splitlines())
    assert {shape.label: desk.there.server.rows(shape.label) for shape in shapes(False)} == before
    with desk.cast.house.store.reading() as tx:
        row = ledger.state(tx, desk.there.name)
    assert row is not None and len(ledger.memory(row)["probe"]) == len(desk.said.splitlines())


def test_a_revoked_right_ends_each_command_with_what_to_do(desk: Desk) -> None:
    desk.ready()
    opened(desk.cast)
    token = desk.there.token
    desk.there.revoke()
    asked = {"airtable": "jeton", "sheets": "partagez le classeur"}[desk.there.name]
    for act in (["run", "--once"], ["check"], ["setup"], ["probe"], ["rebuild", "--yes"]):
        assert desk.sync(*act) == 2, act
        assert asked in desk.complained and not (token and token in desk.complained)
    assert desk.figures()["needs_person"] is True


@pytest.mark.parametrize(
    "kind", ["503", "cut", *(pytest.param(kind, marks=pytest.mark.long) for kind in ("429", "500"))]
)
def test_each_failure_of_the_service_is_a_sentence_and_an_exit_code(desk: Desk, kind: str) -> None:
    desk.ready()
    opened(desk.cast)
    for act in (["run", "--once"], ["check"], ["setup"]):
        desk.there.break_next(kind)
        assert desk.sync(*act) == 1, act
        assert desk.complained.endswith(".\n") and len(desk.complained.splitlines()) == 1
        assert {"airtable": "Airtable", "sheets": "Google"}[desk.there.name] in desk.complained
        desk.there.mend()
        its_time_has_come(desk)
    assert desk.tally()["created_there"] == 1


def test_a_second_installation_is_refused_until_a_person_lets_it_take_over(
    desk: Desk, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str
) -> None:
    opened(desk.cast)
    desk.ready()
    copy = tmp_path / "autre.db"
    copy.write_bytes(sqlite_template.read_bytes())
    other = Store.open(f"sqlite:///{copy}")
    settled(replace(desk.cast.house, store=other))
    other.close()
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{copy}")
    writes = desk.there.server.calls.writes
    assert desk.sync("setup") == 2
    assert "Une autre installation" in desk.complained
    assert desk.there.server.calls.writes == writes
    assert desk.sync("setup", "--take-over") == 0
    monkeypatch.setenv("GUICHET_DATABASE_URL", store_url)
    opened(desk.cast)
    writes = desk.there.server.calls.writes
    assert desk.sync("run", "--once") == 2, "it is the first one that is a stranger now"
    assert "--take-over" in desk.complained
    assert desk.there.server.calls.writes == writes
    assert desk.figures()["needs_person"] is True


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a backup is kept: not beside the data."""
    return tmp_path_factory.mktemp("copies") / "copie.zip"


def test_a_copy_restored_elsewhere_at_once_passes_the_numbers_of_the_table_and_waits_to_be_confirmed(
    desk: Desk, sqlite_template: Path, tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(desk.cast)
    desk.ready()
    assert desk.sync("backup", str(copy)) == 0
    last = opened(desk.cast).number
    desk.tally()
    path = tmp_path / "ailleurs.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("GUICHET_DATABASE_URL", f"sqlite:///{path}")
    writes = desk.there.server.calls.writes
    assert desk.sync("restore", str(copy)) == 0, desk.complained
    assert "ne seront pas redonnés" in desk.said
    store = Store.open(f"sqlite:///{path}")
    with store.writing() as tx:
        assert tx.next_number("", 2026) == int(last.removeprefix("2026-")) + 1
    store.close()
    desk.tally()
    assert desk.there.server.calls.writes == writes
    assert desk.sync("confirm") == 0
    assert desk.tally()["created_here"] == 0  # a row that it does not know waits for the next look
    assert desk.tally()["created_here"] == 1, "what the copy had lost comes back"


def test_a_restore_says_when_the_numbers_of_the_table_could_not_be_read(desk: Desk, copy: Path) -> None:
    desk.ready()
    assert desk.sync("backup", str(copy)) == 0
    desk.there.break_next("503")
    assert desk.sync("restore", str(copy), "--replace") == 0, desk.complained
    assert "pourrait être redonné" in desk.said and "confirm" in desk.said


def test_while_another_process_speaks_a_command_leaves_the_table_to_it(desk: Desk) -> None:
    desk.ready()
    opened(desk.cast)
    with desk.cast.house.store.reading() as tx:
        before = ledger.state(tx, desk.there.name)
    assert ledger.take_lease(desk.cast.house.store, desk.there.name, "ailleurs")
    calls = desk.there.server.calls.total
    for act in (["run", "--once"], ["check"], ["setup"], ["rebuild", "--yes"]):
        assert desk.sync(*act) == 1
        assert "Une autre horloge parle déjà" in desk.complained
    assert desk.there.server.calls.total == calls and before is not None
    assert desk.figures()["failing_since"] is None
    ledger.let_go(desk.cast.house.store, desk.there.name, "ailleurs")
    assert desk.tally()["created_there"] == 1


def spawn(*arguments: str) -> "subprocess.Popen[str]":
    """A process of its own, in the surroundings of the test."""
    return subprocess.Popen(
        [sys.executable, "-m", "sync", *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: "subprocess.Popen[str]", desk: Desk) -> tuple[int, str, str]:
    """How it ended, and what it said, without any secret."""
    said, complained = process.communicate(timeout=120)
    assert not any(secret in said + complained for secret in desk.there.secrets)
    return process.returncode, said, complained


def test_three_processes_at_once_create_each_row_once(desk: Desk) -> None:
    desk.ready()
    files = {opened(desk.cast).id for _ in range(12)}
    found = [ended(each, desk) for each in [spawn("run", "--once") for _ in range(3)]]
    assert {code for code, _, _ in found} <= {0, 1} and 0 in {code for code, _, _ in found}
    for code, _, complained in found:
        assert complained == "" if code == 0 else "Une autre horloge" in complained
    ids = [row["ID"] for row in desk.there.server.rows("Dossiers")]
    assert sorted(ids) == sorted(files)


def test_run_without_end_stops_at_once_when_told(desk: Desk) -> None:
    desk.ready()
    process = spawn("run")
    assert process.stdout is not None
    assert process.stdout.readline() == f"L'échange avec {desk.there.label} marche.\n"
    process.send_signal(signal.SIGTERM)
    assert ended(process, desk) == (0, "", "")
    assert leased_to(desk) is None


def test_run_told_to_stop_in_the_middle_of_an_exchange_carries_it_to_its_end(desk: Desk) -> None:
    desk.ready()
    file = opened(desk.cast).id
    process: list[subprocess.Popen[str]] = []
    desk.there.server.before_next_write(lambda: process[0].send_signal(signal.SIGTERM))
    process.append(spawn("run"))
    code, said, complained = ended(process[0], desk)
    assert (code, complained) == (0, "")
    assert "ajoutés à la table : 1" in said
    assert file in desk.there.ids("Dossiers") and leased_to(desk) is None
    assert desk.figures()["waiting"] == 0


def leased_to(desk: Desk) -> str | None:
    """The worker whose turn it is."""
    with desk.cast.house.store.reading() as tx:
        row = ledger.state(tx, desk.there.name)
    assert row is not None
    found: str | None = row["leased_to"]
    return found
