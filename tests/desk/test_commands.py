"""The commands as others script them: what they do, what they say, and their exit codes."""

import base64
import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import demonstration
from config.settings import PREFIX
from desk import __main__ as desk_command
from jobs import __main__ as jobs_command
from sync import __main__ as sync_command
from sync.store import Store
from sync.vault import SEALED, Keyring
from tests.desk import registers
from tests.sync.rows import DESK, NOW

KEY = "0123456789abcdef0123456789abcdef"
OTHER = base64.b64encode(b"o" * 32).decode()  # a private key, not the one that the set-up makes


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """The first forty lines of the calls, with one row that does not fit."""
    lines = demonstration.calls().decode().splitlines()[:40]
    path = tmp_path / "appels.csv"
    path.write_text("\n".join([*lines, lines[1].replace("Requete", "Plainte").replace("16-", "99-"), ""]))
    return path


def store(keys: str = "") -> Store:
    ring = Keyring.parsed(keys) if keys else None
    return Store.open(f"sqlite:///{Path('data', 'guichet.db').resolve()}", ring)


def desk(*arguments: str) -> int:
    return desk_command.main(list(arguments))


def sync(*arguments: str) -> int:
    return sync_command.main(list(arguments))


def test_a_town_is_put_in_place_without_a_screen_and_only_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert desk("setup", "--preset", "prevost") == 0
    assert "Services : 8" in capsys.readouterr().out
    assert desk("setup", "--preset", "prevost") == 0
    assert "rien n'a changé" in capsys.readouterr().out


def test_a_town_gets_a_key_for_its_private_files_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("setup", "--preset", "prevost") == 0
    said = capsys.readouterr().out
    key = (tmp_path / "data-cles" / "privees.key").read_text().strip()
    assert f"Clé no {Keyring.parsed(key).newest} : {key}" in said
    assert "sur papier" in said
    assert desk("setup", "--preset", "prevost") == 0
    assert key not in capsys.readouterr().out
    held = [path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert held and key.encode() not in b"".join(held)


def test_a_town_put_in_place_before_there_were_keys_gets_one_and_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk("setup", "--preset", "sainte-julie")
    path = tmp_path / "data-cles" / "privees.key"
    path.unlink()
    with store().reading() as tx:
        before = tx.find("categories")
    capsys.readouterr()
    assert desk("key") == 0
    key = path.read_text().strip()
    assert key in capsys.readouterr().out
    assert desk("key") == 0
    said = capsys.readouterr().out
    assert key not in said and Keyring.parsed(key).newest in said
    with store().reading() as tx:
        assert tx.find("categories") == before


def test_no_key_is_made_where_one_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUICHET_PRIVATE_KEYS", OTHER)
    assert desk("setup", "--preset", "prevost") == 0
    assert not (tmp_path / "data-cles").exists()


def test_a_town_whose_key_is_gone_does_not_open_and_gets_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = private_file(tmp_path)
    key = path.read_text()
    path.unlink()
    for keys in ("", OTHER):
        monkeypatch.setenv("GUICHET_PRIVATE_KEYS", keys)
        assert desk("setup", "--preset", "prevost") == 1
        assert jobs_command.main(["tick"]) == 1
        said = capsys.readouterr().err
        assert f"scellés avec la clé {Keyring.parsed(key).newest}" in said and "papier" in said
        assert not path.exists()
        assert sync("verify") == 0, "needs no key"
    monkeypatch.setenv("GUICHET_PRIVATE_KEYS", key)
    assert desk("setup", "--preset", "prevost") == 0


def test_keys_are_turned_and_the_old_one_is_retired(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = private_file(tmp_path).read_text()
    capsys.readouterr()
    monkeypatch.setenv("GUICHET_PRIVATE_KEYS", f"{OTHER}\n{old}")
    assert sync("rotate") == 0
    said = capsys.readouterr().out
    assert "Clés emballées de nouveau" in said and " : 1." in said
    assert f"Plus rien ne demande {Keyring.parsed(old).newest}" in said
    monkeypatch.setenv("GUICHET_PRIVATE_KEYS", OTHER)
    assert sync("rotate") == 0
    assert "Tout est déjà emballé" in capsys.readouterr().out
    with store(OTHER).reading() as tx:
        assert [row["what"] for row in tx.find("incidents")] == ["SENTINELLE"]


def test_without_any_key_there_is_nothing_to_turn(capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("rotate") == 1
    assert "GUICHET_PRIVATE_KEYS" in capsys.readouterr().err


def test_nothing_private_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    private_file(tmp_path)
    for table in (*SEALED, "readings", "Plaintes"):
        assert sync("export", table, str(tmp_path / "x.csv")) == 1
        assert "ne s'exporte pas" in capsys.readouterr().err
        assert not (tmp_path / "x.csv").exists()


def private_file(folder: Path) -> Path:
    """A town with one private file; where its key is."""
    desk("setup", "--preset", "prevost")
    path = folder / "data-cles" / "privees.key"
    incident = {"found_on": NOW.date(), "what": "SENTINELLE", "information": "SENTINELLE"}
    with store(path.read_text()).writing() as tx:
        tx.insert("incidents", incident, DESK)
    return path


def test_an_import_says_each_row_it_leaves_and_adds_nothing_the_second_time(
    calls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk("setup", "--preset", "prevost")
    capsys.readouterr()
    assert desk("import", str(calls), "--preset", "montreal-311") == 0
    said = capsys.readouterr().out
    assert "ligne 41 (99-269) : une plainte" in said
    assert "39 demandes ajoutées" in said
    assert desk("import", str(calls), "--preset", "montreal-311") == 0
    assert "0 demandes ajoutées, 39 déjà là" in capsys.readouterr().out


def test_a_register_is_brought_in_by_its_own_columns_whole_or_with_what_is_left_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk("setup", "--preset", "prevost")
    path = tmp_path / "registre.csv"
    rows = (registers.row("1"), registers.row("2", day="hier"), registers.row("3", state="Nouveau"))
    path.write_bytes(registers.csv(*rows))
    capsys.readouterr()
    assert desk("import", str(path)) == 1
    told = capsys.readouterr()
    assert "ligne 3 « Date de réception »" in told.out
    assert "2 lignes conviennent, 1 non" in told.err
    assert desk("import", str(path), "--leave-aside") == 0
    assert "2 demandes ajoutées, 0 déjà là, 1 laissées de côté" in capsys.readouterr().out
    assert desk("import", str(path), "--leave-aside") == 0
    assert "0 demandes ajoutées, 2 déjà là" in capsys.readouterr().out
    with store().reading() as tx:
        assert [each["number"] for each in tx.find("files", order_by=("number",))] == [
            "2024-00001",
            "2024-00002",
        ]


def test_an_import_before_the_town_is_in_place_is_refused_in_words(
    calls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert desk("import", str(calls), "--preset", "montreal-311") == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "why"), [(None, "il n'existe pas"), (b"\xff\xfe", "UTF-8"), (b'a,"b', "brisé"), (b"", "vide")]
)
def test_a_file_that_is_missing_or_broken_is_said_and_brings_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, why: str
) -> None:
    desk("setup", "--preset", "prevost")
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)
    assert desk("import", str(path), "--preset", "montreal-311") == 1
    assert why in capsys.readouterr().err
    with store().reading() as tx:
        assert tx.find("files") == []


def test_an_account_is_added_with_its_password_from_a_file_or_made_and_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk("setup", "--preset", "prevost")
    (tmp_path / "mot").write_text("quatre mots bien choisis\n")
    assert desk("accounts", "add", "--name", "Julie Gagnon", "--email", "julie@ville.test", "--role",
                "Secrétaire ou Responsable", "--department", "Travaux publics", "--extension", "2310",
                "--password-file", str(tmp_path / "mot")) == 0  # fmt: skip
    assert "quatre mots" not in capsys.readouterr().out
    assert desk("accounts", "add", "--name", "Ida", "--email", "ida@ville.test", "--role", "Administrateur",
                "--generate") == 0  # fmt: skip
    assert "cette seule fois" in capsys.readouterr().out
    with store().reading() as tx:
        works = tx.first("departments", name="Travaux publics")
        julie = tx.first("accounts", email="julie@ville.test")
    assert works
    assert julie
    assert julie["departments"] == [works["id"]]


def test_an_empty_password_file_opens_no_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk("setup", "--preset", "prevost")
    (tmp_path / "mot").write_text("\n")
    assert desk("accounts", "add", "--name", "X", "--email", "x@ville.test", "--role", "Employé",
                "--password-file", str(tmp_path / "mot")) == 1  # fmt: skip
    assert "est vide" in capsys.readouterr().err
    with store().reading() as tx:
        assert tx.first("accounts") is None


def test_a_password_is_asked_of_a_person_and_never_of_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    desk("setup", "--preset", "prevost")
    assert desk("accounts", "add", "--name", "X", "--email", "x@ville.test", "--role", "Employé") == 1
    assert "--password-file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--role", "Secrétaire ou Responsable", "--department", "Voirie"), "« Voirie » n'existe pas"),
        (("--role", "Secrétaire ou Responsable"), "service"),
    ],
)
def test_an_account_that_does_not_stand_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    desk("setup", "--preset", "prevost")
    asked = ("accounts", "add", "--name", "X", "--email", "x@ville.test", "--generate", *arguments)
    assert desk(*asked) == 1
    said = capsys.readouterr()
    assert why in said.err
    assert "Mot de passe" not in said.out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "il manque : ACTE"),
        (("setup",), "il manque : --preset"),
        (("setup", "--preset", "laval"), "« laval » n'existe pas"),
        (("setup", "--preset", "prevost", "--vite"), "arguments inconnus : --vite"),
        (("accounts", "add", "--name"), "il manque sa valeur"),
    ],
)
def test_a_wrong_command_is_told_in_french_with_code_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        desk(*arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert why in said
    assert said.startswith("usage :")


def test_the_demonstration_goes_with_the_preset_whose_departments_it_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert desk("setup", "--preset", "sainte-julie", "--demo") == 1
    assert "prevost" in capsys.readouterr().err


def test_a_table_is_written_in_a_file_that_others_on_the_machine_cannot_read(tmp_path: Path) -> None:
    desk("setup", "--preset", "prevost")
    path = tmp_path / "services.csv"
    assert sync("export", "departments", str(path)) == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [row["Service"] for row in rows][:2] == ["Expérience citoyen", "Travaux publics"]
    assert path.stat().st_mode & 0o077 == 0
    assert sync("export", "departments", str(tmp_path / "services.xlsx")) == 0


def test_an_export_that_fails_leaves_the_file_there_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk("setup", "--preset", "prevost")
    path = tmp_path / "x.csv"
    path.write_text("avant")
    assert sync("export", "citizens", str(path)) == 1
    assert path.read_text() == "avant"
    assert sync("export", "files", str(tmp_path / "absent" / "x.csv")) == 1
    assert "ne s'écrit pas" in capsys.readouterr().err


def test_verify_finds_what_somebody_changed_in_the_database(
    calls: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk("setup", "--preset", "prevost")
    desk("import", str(calls), "--preset", "montreal-311")
    monkeypatch.setenv("GUICHET_SEAL_KEY", KEY)
    assert sync("verify") == 0
    with store().writing() as tx:
        tx.connection.exec_driver_sql("UPDATE files SET note = 'autre chose' WHERE number LIKE '%-00003'")
    assert sync("verify") == 1
    assert "Note interne" in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_said_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_DATABASE_URL", "postgresql://u:cachette@127.0.0.1:1/x")
    assert sync("verify") == 2
    assert desk("setup", "--preset", "prevost") == 2
    said = capsys.readouterr()
    assert "La base ne répond pas" in said.err
    assert "cachette" not in said.err + said.out


@pytest.mark.parametrize("way_in", ["door", "jobs", "desk", "sync"])
def test_a_file_that_is_no_database_is_said_without_a_traceback_and_left_as_it_was(
    way_in: str, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.db"
    notes.write_text("Ceci n'est pas une base de données. " * 10)
    asked = {"desk": ["setup", "--preset", "prevost"], "sync": ["verify"], "jobs": ["tick"], "door": []}
    done = subprocess.run(
        [sys.executable, "-m", way_in, *asked[way_in]],
        cwd=Path(desk_command.__file__).parent.parent,
        env={**os.environ, "GUICHET_DATABASE_URL": f"sqlite:///{notes}", "GUICHET_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "La base ne répond pas" in done.stderr and "Traceback" not in done.stderr
    assert notes.read_text().startswith("Ceci n'est pas")
